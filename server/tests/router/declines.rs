//! Declining to sign, as a browser meets it.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, agreement, on_both};

on_both![who_declines_says_why_and_can_sign_after_all, what_is_missing_is_said_and_what_was_typed_is_kept];

const DECLINE: &str = "/agreements/learner-aup/decline";

fn version(world: &World) -> String {
    world.engine.catalogue().agreements[&agreement("learner-aup")].canonical.sha256.to_string()
}

async fn who_declines_says_why_and_can_sign_after_all(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let site = Site::over(&world);
    let mut hers = site.browser_of(&amy).await;
    assert!(hers.get("/agreements/learner-aup").await.text().contains(&format!("href=\"{DECLINE}\"")));
    assert_eq!(hers.get(DECLINE).await.status, StatusCode::OK);
    let reply = hers.post(DECLINE, &[("version", &version(&world)), ("reason", "No <b>cameras</b>, please")]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/agreements/learner-aup"));
    let page = hers.get("/agreements/learner-aup").await.text();
    assert!(page.contains("You declined to sign this") && page.contains("No &lt;b&gt;cameras"), "{page}");
    assert!(page.contains("We ask you again from 7 December 2026"), "{page}");
    assert!(page.contains("Sign the ") && !page.contains(DECLINE), "it can still be signed: {page}");
    // The form leads back while there is nothing to say.
    assert_eq!(hers.get(DECLINE).await.header("location"), "/agreements/learner-aup");
    let own = hers.get("/").await.text();
    assert!(own.contains("You declined to sign the learner acceptable use agreement: we ask you again from"), "{own}");
    assert!(own.contains("Declined on 23 November 2026"), "{own}");
    assert!(hers.get("/agreements").await.text().contains("Declined on 23 November 2026"));

    let mut ada = site.browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let list = ada.get("/audit/declined").await.text();
    let (_, rest) = list.split_once("href=\"/declines/").unwrap();
    let address = format!("/declines/{}", rest.split_once('"').unwrap().0);
    assert!(!list.contains("cameras"), "the list has no reasons: {list}");
    assert!(ada.get("/audit/unsigned?agreement=learner-aup").await.text().contains(&address));
    let shown = ada.get(&address).await.text();
    assert!(shown.contains("No &lt;b&gt;cameras&lt;/b&gt;, please") && shown.contains("amy"), "{shown}");
    assert!(ada.get("/audit/looks").await.text().contains("Why they declined to sign something"));
    // A safeguarding lead comes by the letter, or by the person's record; a manager sees that, and not why.
    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    assert_eq!(dan.get("/audit/declined").await.status, StatusCode::FORBIDDEN);
    // What was declined is taken away in two forms, without the reasons, and that it was is noted.
    assert!(list.contains("action=\"/audit/declined/xlsx\""), "{list}");
    let before = world.raw.count("log_leaf").await;
    let table = ada.post("/audit/declined/csv", &[]).await;
    assert!(table.header("content-disposition").contains("declined-2026-"), "{}", table.header("content-disposition"));
    let text = table.text();
    assert!(
        text.contains("Name,Groups,Agreement,Version,Declined,") && text.contains("Learner acceptable use"),
        "{text}"
    );
    assert!(!text.contains("cameras"), "{text}");
    let book = ada.post("/audit/declined/xlsx", &[]).await;
    assert!(book.body.starts_with(b"PK\x03\x04") && book.body.len() > 4000, "{}", book.body.len());
    assert_eq!(world.raw.count("log_leaf").await, before + 2);
    let record = format!("/people/{}", amy.person.id);
    assert!(dan.get(&record).await.text().contains(&address));
    assert_eq!(dan.get(&address).await.status, StatusCode::OK);
    let mut ben = site.browser_of(&world.learner("ben").await).await;
    assert_eq!(ben.get(&address).await.status, StatusCode::NOT_FOUND);

    amy.signs("learner-aup").await.unwrap();
    let page = hers.get("/agreements/learner-aup").await.text();
    assert!(page.contains("You have signed this") && !page.contains("You declined"), "{page}");
    assert!(!ada.get("/audit/declined").await.text().contains(">No</td>"));
    let reply = hers.post(DECLINE, &[("version", &version(&world)), ("reason", "Now no")]).await;
    assert_eq!(reply.header("location"), "/agreements/learner-aup", "what is signed is not declined");
    assert_eq!(world.raw.count("decline").await, 1);
}

async fn what_is_missing_is_said_and_what_was_typed_is_kept(world: World) {
    let mut hers = Site::over(&world).browser_of(&world.learner("amy").await).await;
    let reply = hers.post(DECLINE, &[("version", &version(&world)), ("reason", " ")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    assert!(page.contains("Error: Decline to sign") && page.contains("href=\"#reason\""), "{page}");
    let long = "n".repeat(1_001);
    let page = hers.post(DECLINE, &[("version", &version(&world)), ("reason", &long)]).await.text();
    assert!(page.contains("it has 1 character too many. There is room for 1000") && page.contains(&long), "{page}");
    let other = "0".repeat(64);
    let reply = hers.post(DECLINE, &[("version", &other), ("reason", "Because")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("The text has changed") && reply.text().contains("Because"), "{}", reply.text());
    assert_eq!(hers.post(DECLINE, &[("version", "x"), ("reason", "Because")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.raw.count("decline").await, 0);
}
