//! What came in for a named role, as a browser meets it.

use axum::http::StatusCode;
use engine::Role;
use server::Post;

use crate::{
    mail_server::MailServer,
    site::{Reply, Site},
};
use world::{World, on_both};

on_both![
    who_holds_the_role_is_told_and_ticks_off,
    what_the_one_holder_signed_waits_for_somebody_else,
    what_was_not_chosen_is_said,
    the_letter_says_what_the_receipt_says,
];

const CHOSEN: &str = "name=\"signature\" value=\"";

/// The numbers of the receipts that can be chosen on a page.
fn choices(page: &str) -> Vec<String> {
    page.split(CHOSEN).skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

async fn who_holds_the_role_is_told_and_ticks_off(world: World) {
    let site = Site::over(&world);
    let head = world.staff("digital").await;
    let mut theirs = site.browser_of(&head).await;
    assert!(theirs.get("/").await.text().contains("No agreement waits for you as Head of Digital and ICT."));
    for name in ["amy", "ben", "cora"] {
        world.learner(name).passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    }
    let own = theirs.get("/").await.text();
    assert!(own.contains("3 agreements have come in for you as Head of Digital and ICT."), "{own}");
    assert!(own.contains("href=\"/submitted?role=head-of-digital-and-ict\""), "{own}");
    assert!(theirs.get("/agreements").await.text().contains("href=\"/submitted\""));
    let page = theirs.get("/submitted").await.text();
    assert!(page.contains("3 agreements, newest first.") && page.contains("To look at (3)"), "{page}");
    assert!(!page.contains("/signatures/"), "holding the role is no right to evidence: {page}");
    let [newest, ..] = &choices(&page)[..] else { panic!("{page}") };
    let tick = [("role", "head-of-digital-and-ict"), ("state", "open"), ("do", "tick"), ("signature", newest)];
    let reply = theirs.post("/submitted", &tick).await;
    assert_eq!(
        (reply.status, reply.location()),
        (StatusCode::SEE_OTHER, "/submitted?role=head-of-digital-and-ict&state=open&done=tick")
    );
    let page = theirs.get(reply.location()).await.text();
    assert!(page.contains("Ticked off. You find it under") && page.contains("To look at (2)"), "{page}");
    assert!(!page.contains(newest), "{page}");
    // All that a page shows at once.
    let shown = choices(&page);
    let all = [("do", "tick-all"), ("shown", &*shown[0]), ("shown", &*shown[1])];
    assert_eq!(theirs.post("/submitted", &all).await.status, StatusCode::SEE_OTHER);
    let page = theirs.get("/submitted?state=ticked").await.text();
    assert_eq!(choices(&page).len(), 3, "{page}");
    assert!(page.contains("On 23 November 2026, by") && page.contains("Take the ticks back"), "{page}");
    let back = [("state", "ticked"), ("do", "take-back"), ("signature", newest)];
    let reply = theirs.post("/submitted", &back).await;
    assert_eq!(reply.location(), "/submitted?state=ticked&done=take-back");
    assert!(theirs.get("/").await.text().contains("1 agreement has come in for you as"));

    let reply = theirs.post("/submitted/csv", &[("state", "all")]).await;
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"submitted-2026-11-23.csv\"");
    let table = reply.text();
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.contains("amy,Learner acceptable use agreement,1.0,2026-11-23,"), "{table}");
    assert!(table.contains(",2026-11-23,digital,"), "{table}");

    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    let page = dan.get("/submitted?state=all").await.text();
    assert!(page.contains("href=\"/signatures/") && choices(&page).is_empty(), "{page}");
    assert!(!dan.get("/").await.text().contains("for you as Head of Digital"), "it is not for him");
    let mut amy = site.browser_of(&world.learner("dilys").await).await;
    assert_eq!(amy.get("/submitted").await.status, StatusCode::FORBIDDEN);
    assert!(!amy.get("/agreements").await.text().contains("href=\"/submitted\""));
}

async fn what_the_one_holder_signed_waits_for_somebody_else(world: World) {
    let site = Site::over(&world);
    let head = world.learner("digital").passes("four-cs").passes("sharing-nudes").await;
    let own = head.signs("learner-aup").await.unwrap();
    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    let mut theirs = site.browser_of(&head).await;
    assert!(theirs.get("/").await.text().contains("No agreement waits for you as Head of Digital and ICT."));
    let page = theirs.get("/submitted").await.text();
    for words in
        ["Nothing waits.", "To look at (0)", "nobody ticks off their own. For that there is dan. It stands under"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = theirs.get("/submitted?state=all").await.text();
    assert!(page.contains("Yours: somebody else looks at it") && choices(&page).is_empty(), "{page}");
    let page = dan.get("/").await.text();
    assert!(page.contains("digital signed 1 agreement for you to look at"), "{page}");
    let page = dan.get("/submitted").await.text();
    assert_eq!(choices(&page), [own.to_string()]);
    let reply = dan.post("/submitted", &[("do", "tick"), ("signature", &own.to_string())]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(!theirs.get("/submitted").await.text().contains("nobody ticks off their own"));
}

async fn what_was_not_chosen_is_said(world: World) {
    let site = Site::over(&world);
    let mut theirs = site.browser_of(&world.staff("digital").await).await;
    world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let faulty = |reply: Reply, words: &str| {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = reply.text();
        assert!(page.contains("Error: What came in") && page.contains(words), "{page}");
    };
    faulty(theirs.post("/submitted", &[("do", "tick")]).await, "Choose at least one");
    let unknown = "018f0000-0000-7000-8000-000000000000";
    let reply = theirs.post("/submitted", &[("do", "tick"), ("signature", unknown)]).await;
    faulty(reply, "One of these is not yours to tick off");
    let reply = theirs.post("/submitted", &[("do", "tick"), ("signature", "amy")]).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(theirs.get("/submitted?role=nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.raw.count("submission_tick").await, 0);
}

async fn the_letter_says_what_the_receipt_says(mut world: World) {
    world.engine = world.engine.with_letters();
    let mail = MailServer::begin().await;
    world.staff("digital").await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    let post = Post::of(&mail.settings()).unwrap().unwrap();
    assert_eq!(post.send_due(&world.engine).await.unwrap(), 1);
    let letter = mail.letters().remove(0);
    let (head, body) = letter.split_once("\n\n").unwrap();
    // Lines are broken on the way.
    let body = body.replace("=\n", "");
    let receipt = world.engine.receipt(&amy.person, id).await.unwrap();
    let text = receipt.agreement.canonical.sha256.to_string();
    assert!(head.contains("To: ") && head.contains("digital@northfield.example"), "{head}");
    assert!(head.contains("an agreement has come in") && !head.contains("amy"), "{head}");
    for words in ["amy signed", "Head of Digital and ICT", "/submitted", &format!("#{id}"), "version 1.0", &text] {
        assert!(body.contains(words), "{words}: {body}");
    }
}
