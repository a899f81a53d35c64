//! Reminders as pages: who sees them, what the next would tell, and people in the matrix who are reminded; and as letters.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use engine::{Actor, Role};
use server::Post;

use crate::{mail_server::MailServer, site::Site};
use world::{World, on_both};

on_both![
    administrators_see_what_the_next_letters_tell_and_hold_them_back,
    people_who_are_ticked_are_reminded,
    a_letter_says_what_is_wanted_and_nothing_outside,
];

/// A world with a mail server, in which reminders are on.
async fn on(mut world: World) -> World {
    let from = "roles_are = \"staff\"";
    world.edits("organisation.toml", from, &format!("{from}\n\n[reminders]\non = true\ndays_before = [14, 7, 3]\n"));
    world.publishes().await.unwrap();
    world.engine = world.engine.with_letters();
    world
}

async fn administrators_see_what_the_next_letters_tell_and_hold_them_back(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let page = browser.get("/admin/reminders").await.text();
    for said in
        ["Reminders are not switched on.", "1 person would get a letter", "Nobody was reminded of anything yet."]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("Hold reminders back"), "{page}");
    let world = on(world).await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&root).await;
    assert!(browser.get("/admin/letters").await.text().contains("href=\"/admin/reminders\""));
    let page = browser.get("/admin/reminders").await.text();
    for said in [
        "The next letters are written on 23 November 2026, from 9:00.",
        "14 days, 7 days and 3 days before",
        "Not on Saturdays and Sundays",
        "Due soon: 3",
        "Cohort A",
        ">amy</a>",
        "due soon, by 7 December 2026",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let reply = browser.post("/admin/reminders", &[("do", "pause")]).await;
    assert_eq!(reply.location(), "/admin/reminders?done=pause");
    let page = browser.get(reply.location()).await.text();
    assert!(page.contains("Reminders have been held back since 23 November 2026 at 09:00."), "{page}");
    world.engine.run_due_jobs().await.unwrap();
    assert_eq!(world.raw.count("letter").await, 0);
    browser.post("/admin/reminders", &[("do", "go-on")]).await;
    let reply = browser.post("/admin/reminders", &[("do", "something")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.engine.remind_everybody(Actor::CommandLine).await.unwrap().letters, 1);
    let page = browser.get("/admin/reminders?why=due-soon&result=waiting").await.text();
    assert!(page.contains("3 things were planned") && page.contains(">Due soon</td>"), "{page}");
    assert!(browser.get("/admin/reminders?result=sent").await.text().contains("There is nothing of that kind."));
    let mut other = site.browser_of(&mina).await;
    assert_eq!(other.get("/admin/reminders").await.status, StatusCode::FORBIDDEN);
    assert_eq!(other.post("/admin/reminders", &[("do", "pause")]).await.status, StatusCode::FORBIDDEN);
}

async fn people_who_are_ticked_are_reminded(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await.person.id.to_string();
    let ben = world.learner("ben").of("Cohort A").await.person.id.to_string();
    let dev = world.learner("dev").of("Cohort B").await.person.id.to_string();
    world.raw.run("UPDATE person_detail SET email = NULL WHERE name = 'ben'").await.unwrap();
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get(&format!("/matrix/selected?do=remind&person={amy}&person={ben}")).await.text();
    for said in [
        "Remind 2 people",
        "1 person will get a letter",
        "1 person has something to do and no e-mail address",
        "There is no mail server yet",
        "Write to 1 person",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let people = [("person", &*amy), ("person", &*ben), ("person", &*dev)];
    let reply = browser.post("/matrix/remind", &people).await;
    let page = browser.get(reply.location()).await.text();
    assert!(
        page.contains("A reminder for 1 person") && page.contains("The 4 Cs") && !page.contains("Take it back"),
        "{page}"
    );
    assert_eq!(world.raw.count("letter").await, 1);
    let again = browser.post("/matrix/remind", &people).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("2 people were reminded today already"), "{}", again.text());
}

async fn a_letter_says_what_is_wanted_and_nothing_outside(world: World) {
    let (world, mail) = (on(world).await, MailServer::begin().await);
    let amy = world.learner("amy").await;
    world.engine.remind_everybody(Actor::Server).await.unwrap();
    amy.passes("four-cs").await;
    let post = Post::of(&mail.settings()).unwrap().unwrap();
    assert_eq!(post.send_due(&world.engine).await.unwrap(), 1);
    let letter = mail.letters().remove(0).replace("=\n", "");
    // Long lines of the head go on in the next.
    let letter = letter.replace("\n ", " ");
    let head = letter.split_once("\n\n").unwrap().0;
    assert!(head.contains("something for your online-safety induction is due"), "{head}");
    assert!(!head.to_lowercase().contains("nudes"), "{head}");
    let (_, link) = head.split_once("List-Unsubscribe: <").unwrap();
    let address = format!("/letters/stop/{}", link.split_once("/letters/stop/").unwrap().1.split_once('>').unwrap().0);
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
    assert!(letter.contains(&address) && letter.contains("Stop letters about what is due soon"), "{letter}");
    // Looking changes nothing; a mail program stops them with one press, and nobody signs in.
    let mut browser = Site::over(&world).browser();
    assert!(browser.get(&address).await.text().contains("Stop these letters"));
    let reply = browser.post(&address, &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("Early letters are stopped"), "{}", reply.text());
    let reply = browser.post(&address, &[("do", "go-on")]).await;
    assert_eq!(reply.location(), address);
    assert!(browser.get(&address).await.text().contains("Stop these letters"));
    // Most mail programs send it as a form with files is sent.
    let body = "--edge\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--edge--\r\n";
    let request = Request::post(&address).header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    let reply = browser.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(browser.get(&address).await.text().contains("Early letters are stopped"));
    browser.post(&address, &[("do", "go-on")]).await;
    assert_eq!(browser.get("/letters/stop/feed").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(letter.contains("Online safety, part 2: due by 7 December 2026."), "{letter}");
    assert!(!letter.contains("part 1") && !letter.contains("nudes") && !letter.contains("The 4 Cs"), "{letter}");
    // What is all done before it goes is not sent.
    let ben = world.learner("ben").await;
    world.engine.remind_everybody(Actor::Server).await.unwrap();
    ben.passes("four-cs").await;
    ben.passes("sharing-nudes").await;
    ben.signs("learner-aup").await.unwrap();
    assert_eq!(post.send_due(&world.engine).await.unwrap(), 0);
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM letter WHERE given_up_at IS NOT NULL").await, 1);
}
