//! Workshops, as a browser meets them.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![
    who_leads_a_workshop_plans_it_shows_the_code_and_says_who_was_there,
    what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept,
];

/// What stands between two texts on a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{before} in {page}"));
    rest.split_once(after).unwrap().0
}

async fn who_leads_a_workshop_plans_it_shows_the_code_and_says_who_was_there(world: World) {
    let site = Site::over(&world);
    let mut mina = site.browser_of(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let amy = world.learner("amy").of("North").await;
    let mut hers = site.browser_of(&amy).await;
    let page = hers.get("/workshops").await.text();
    assert!(page.contains("No workshop for you is planned.") && !page.contains("Plan a workshop"), "{page}");
    assert_eq!(hers.get("/workshops/new").await.status, StatusCode::FORBIDDEN);

    let form = mina.get("/workshops/new").await.text();
    assert!(form.contains("The 4 Cs") && form.contains(">North</option>") && !form.contains("Everybody"), "{form}");
    let north = between(&form, "name=\"group\"", "North</option>");
    let north = north.rsplit_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let sent =
        [("module", "four-cs"), ("group", &*north), ("day", "2026-11-23"), ("time", "09:00"), ("place", "Room 12")];
    let reply = mina.post("/workshops/new", &sent).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let address = reply.location().split_once('?').unwrap().0.to_owned();
    let page = mina.get(reply.location()).await.text();
    assert!(page.contains("The workshop is planned.") && page.contains("Room 12"), "{page}");
    let code = between(&page, "<p class=\"wall-code\"><strong>", "</strong>").to_owned();
    assert!(mina.get("/workshops").await.text().contains(&address));

    let own = hers.get("/").await.text();
    assert!(own.contains("Workshops to come") && own.contains("Room 12"), "{own}");
    let page = hers.post("/workshops", &[("code", &code)]).await.text();
    assert!(page.contains("You have signed in to the workshop “The 4 Cs”."), "{page}");
    assert!(page.contains("You have signed in."), "{page}");
    assert_eq!(hers.get(&address).await.status, StatusCode::FORBIDDEN);

    let page = mina.get(&address).await.text();
    assert!(page.contains("1 person has signed in.") && page.contains("Not yet confirmed"), "{page}");
    let person = between(&page, "name=\"person\" value=\"", "\"").to_owned();
    let reply = mina.post(&address, &[("do", "confirm"), ("person", &person)]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*format!("{address}?done=confirm")));
    let page = mina.get(reply.location()).await.text();
    assert!(page.contains("Was there, and has their pass") && !page.contains("Call the workshop off"), "{page}");

    let cpd = hers.get("/cpd").await.text();
    assert!(cpd.contains("23 November 2026, in a workshop, version 1"), "{cpd}");
    let table = hers.get("/cpd/file").await.text();
    assert!(table.contains("Workshop; whoever led it said who was there,,,"), "{table}");
    let certificate = format!("/certificates/{}", between(&cpd, "href=\"/certificates/", "\""));
    assert_eq!(hers.get(&certificate).await.status, StatusCode::OK);
    assert!(!cpd.contains("What was given there"), "{cpd}");
    let given = format!("{address}/resources");
    assert!(mina.get(&address).await.text().contains(&given));
    let reply = mina.post(&given, &[("link", "http://example.org")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for words in ["Error: From the workshop", "Say what it is", "Type an address that begins with https://"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let sent = [("title", "Where to get help"), ("words", "All of it"), ("link", "https://www.example.org/help")];
    let reply = mina.post(&given, &sent).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*format!("{given}?done=given")));
    assert!(hers.get("/cpd").await.text().contains(&given));
    let page = hers.get(&given).await.text();
    assert!(page.contains("https://www.example.org/help") && page.contains("All of it"), "{page}");
    assert!(!page.contains("Give something") && !page.contains("Take it back"), "{page}");
    assert_eq!(hers.post(&given, &sent).await.status, StatusCode::FORBIDDEN);
    assert!(hers.get("/modules/four-cs").await.text().contains("Passed, in a workshop, on 23 November 2026"));
    amy.signs("laptop-loan").await.unwrap();
    let agreements = hers.get("/agreements").await.text();
    let receipt = format!("/receipts/{}", between(&agreements, "href=\"/receipts/", "\""));
    assert!(hers.get(&receipt).await.text().contains("passed 23 November 2026, in a workshop"));
    let record = mina.get(&format!("/people/{}", amy.person.id)).await.text();
    assert!(record.contains("Was at a workshop, which counts: The 4 Cs"), "{record}");
}

async fn what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept(world: World) {
    let site = Site::over(&world);
    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    let reply = dan.post("/workshops/new", &[("place", "Room <12>")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for words in
        ["Error: Plan a workshop", "Choose a module", "Choose for whom", "Choose a day", "Choose a time", "Room &lt;12"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let sent =
        [("module", "four-cs"), ("group", "everybody"), ("day", "2026-11-20"), ("time", "09:00"), ("place", "Room")];
    let page = dan.post("/workshops/new", &sent).await.text();
    assert!(page.contains("Choose a day from today on"), "{page}");
    let sent =
        [("module", "four-cs"), ("group", "everybody"), ("day", "2026-11-30"), ("time", "14:00"), ("place", "Room")];
    let reply = dan.post("/workshops/new", &sent).await;
    let address = reply.location().split_once('?').unwrap().0.to_owned();
    let page = dan.post(&address, &[("do", "confirm")]).await.text();
    assert!(page.contains("Error: Workshop") && page.contains("Choose at least one person"), "{page}");
    assert_eq!(dan.post(&address, &[("do", "confirm"), ("person", "amy")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(dan.post(&address, &[("do", "call-off")]).await.status, StatusCode::SEE_OTHER);
    assert!(dan.get(&address).await.text().contains("It was called off on"));

    let mut amy = site.browser_of(&world.learner("amy").await).await;
    let reply = amy.post("/workshops", &[("code", "<ABCD>")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    assert!(page.contains("No workshop of today has this code") && page.contains("value=\"&lt;ABCD"), "{page}");
}
