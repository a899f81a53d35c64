//! Workshops, as a browser meets them.

use axum::http::StatusCode;
use engine::{Actor, Role, WrongBecause};

use crate::site::{Browser, Site};
use world::{World, group, on_both};

on_both![
    who_leads_a_workshop_plans_it_shows_the_code_and_says_who_was_there,
    what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept,
    a_workshop_that_nobody_could_come_to_is_planned_only_by_who_says_so,
    who_has_no_phone_is_named_once_more_and_signed_in,
    a_pass_that_was_withdrawn_is_said_and_can_be_given_again,
    who_needs_one_is_told_and_so_is_who_may_plan_it,
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
    let mut ben = site.browser_of(&world.learner("ben").of("South").await).await;
    let reply = ben.post("/workshops", &[("code", &code)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("This workshop is for another group"), "{}", reply.text());

    let own = hers.get("/").await.text();
    assert!(own.contains("Workshops to come") && own.contains("Room 12"), "{own}");
    let page = hers.post("/workshops", &[("code", &code)]).await.text();
    assert!(page.contains("You have signed in to the workshop “The 4 Cs”."), "{page}");
    assert!(page.contains("You are signed in."), "{page}");
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
    let how = "\"Workshop led by mina, Room 12, 23 November 2026; whoever led it said who was there\"";
    assert!(table.contains(how), "{table}");
    assert!(cpd.contains("Workshop led by mina, Room 12, 23 November 2026"), "{cpd}");
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
    // The same form with other words, as after going back in a browser, gives these as well; sent once more as it was, nothing.
    let key = mina.get(&given).await.field("key");
    for (words, there) in [("One", 2), ("Other", 3), ("One", 3), ("Other", 3)] {
        let sent = [("key", &*key), ("title", "More"), ("words", words)];
        assert_eq!(mina.post(&given, &sent).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.raw.count("workshop_resource").await, there, "{words}");
    }
    let reply = mina.post(&given, &[("title", "More"), ("words", &*"w".repeat(2_001))]).await;
    assert!(reply.text().contains("it has 1 character too many. There is room for 2000"), "{}", reply.text());
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
    // What is wrong with the place is said with all else.
    let page = dan.post("/workshops/new", &[("place", &*"w".repeat(201))]).await.text();
    assert!(page.contains("Choose a module") && page.contains("it has 1 character too many"), "{page}");
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

async fn a_workshop_that_nobody_could_come_to_is_planned_only_by_who_says_so(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("North").await;
    let mut mina = Site::over(&world).browser_of(&mina).await;
    world.person("vic", &[]).also("volunteer").of("North").await;
    let north = group(&world, "North").await.to_string();
    let sent =
        [("module", "four-cs"), ("group", &*north), ("day", "2026-11-30"), ("time", "14:00"), ("place", "Room 12")];
    let reply = mina.post("/workshops/new", &sent).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for words in ["Nobody in North is asked for this module or may open it", "Plan it all the same", "Room 12"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(world.raw.count("workshop").await, 0);
    let reply = mina.post("/workshops/new", &[&sent[..], &[("anyway", "yes")]].concat()).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    // What is said then is one thing.
    let page = mina.get(reply.location()).await.text();
    assert!(page.contains("The workshop is planned.") && page.contains("nobody may open"), "{page}");
    assert!(!page.contains("Those whom it is for see it"), "{page}");
    assert!(!mina.get("/workshops/new").await.text().contains("all the same"));
}

/// The address of a workshop of today at nine about the 4 Cs, for North, which whoever has this browser leads.
async fn planned(mina: &mut Browser, world: &World) -> String {
    let north = group(world, "North").await.to_string();
    let sent =
        [("module", "four-cs"), ("group", &*north), ("day", "2026-11-23"), ("time", "09:00"), ("place", "Room 12")];
    let reply = mina.post("/workshops/new", &sent).await;
    reply.location().split_once('?').unwrap().0.to_owned()
}

async fn who_has_no_phone_is_named_once_more_and_signed_in(world: World) {
    let site = Site::over(&world);
    let mut mina = site.browser_of(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let amy = world.learner("amy").of("North").await.person.id.to_string();
    let address = planned(&mut mina, &world).await;
    let form = format!("{address}/sign-in");
    let page = mina.get(&address).await.text();
    assert!(page.contains("Is somebody here without a phone?") && page.contains(&amy), "{page}");
    // Nothing is written before they are named once more.
    let page = mina.get(&format!("{form}?person={amy}")).await.text();
    for words in ["Sign in 1 person?", "<bdi>amy</bdi>", "It is kept that you signed them in"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(mina.get(&address).await.text().contains("Nobody has signed in yet."));
    let page = mina.get(&format!("{form}?find=zoe")).await.text();
    assert!(page.contains("Sign in somebody without a phone") && page.contains("There is nobody here"), "{page}");
    assert_eq!(mina.get(&format!("{form}?person=amy")).await.status, StatusCode::BAD_REQUEST);
    let reply = mina.post(&form, &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("Choose at least one person"), "{}", reply.text());
    for _ in 0..2 {
        let reply = mina.post(&form, &[("person", &amy)]).await;
        assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*format!("{address}?done=sign-in")));
    }
    let page = mina.get(&format!("{address}?done=sign-in")).await.text();
    for words in ["They are signed in.", ", by whoever leads it", "Not yet confirmed", "1 person has signed in."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    mina.post(&address, &[("do", "confirm"), ("person", &amy)]).await;
    assert!(mina.get(&address).await.text().contains("Was there, and has their pass"));
    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    assert_eq!(dan.get(&form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(dan.post(&form, &[("person", &amy)]).await.status, StatusCode::NOT_FOUND);
}

async fn a_pass_that_was_withdrawn_is_said_and_can_be_given_again(world: World) {
    let site = Site::over(&world);
    let mut mina = site.browser_of(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let amy = world.learner("amy").of("North").await.person;
    let id = amy.id.to_string();
    let address = planned(&mut mina, &world).await;
    let said = [("do", "confirm"), ("person", &*id)];
    mina.post(&format!("{address}/sign-in"), &said[1..]).await;
    mina.post(&address, &said).await;
    let pass = world.engine.cpd_record(amy.id).await.unwrap().years[0].entries[0].completion;
    world.engine.withdraw_pass(pass, WrongBecause::WrongDate, "Another day", Actor::CommandLine).await.unwrap();
    let page = mina.get(&address).await.text();
    for words in ["withdrawn on 23 November 2026: it was on another day", "You can say again that they were there"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Was there, and has their pass"), "{page}");
    assert_eq!(mina.post(&address, &said).await.status, StatusCode::SEE_OTHER);
    let page = mina.get(&address).await.text();
    assert!(page.contains("Was there, and has their pass") && !page.contains("withdrawn on"), "{page}");
}

async fn who_needs_one_is_told_and_so_is_who_may_plan_it(world: World) {
    world.adds_live_day().await;
    let site = Site::over(&world);
    let mut mina = site.browser_of(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let mut hers = site.browser_of(&world.learner("amy").of("North").await).await;
    let north = group(&world, "North").await.to_string();
    // A link begins planning it with module and group filled in.
    let begins = format!("/workshops/new?module=live-day&amp;group={north}");
    world.engine.fill_board().await.unwrap();
    for place in ["/", "/workshops"] {
        let page = mina.get(place).await.text();
        assert!(page.contains(&begins) && page.contains("and none is planned."), "{place}: {page}");
        assert!(page.contains("<bdi>North</bdi>"), "{place}: {page}");
    }
    let form = mina.get(&begins.replace("&amp;", "&")).await.text();
    assert!(form.contains("<option value=\"live-day\" selected"), "{form}");
    assert!(form.contains(&format!("<option value=\"{north}\" selected")), "{form}");
    let beside = ["/", "/modules/live-day", "/programmes/learner-induction"];
    for place in beside {
        let page = hers.get(place).await.text();
        assert!(
            page.contains("No date is planned yet. Ask your tutor, your manager or the safeguarding team"),
            "{page}"
        );
    }
    let sent =
        [("module", "live-day"), ("group", &*north), ("day", "2026-11-26"), ("time", "09:30"), ("place", "Room 12")];
    assert_eq!(mina.post("/workshops/new", &sent).await.status, StatusCode::SEE_OTHER);
    for place in beside {
        let page = hers.get(place).await.text();
        assert!(page.contains("The next one for you is on") && page.contains("26 November 2026 at 09:30"), "{page}");
        assert!(!page.contains("No date is planned yet"), "{page}");
    }
    assert!(!mina.get("/workshops").await.text().contains("and none is planned."));
    // A calendar has its end, by the minutes of its module.
    let made = hers.post("/cpd/calendar", &[("do", "make")]).await.text();
    let calendar = format!("/calendar/{}", between(&made, "/calendar/", "\""));
    let feed = site.browser().get(&calendar).await.text();
    let event = between(&feed, "DTSTART:20261126T093000Z\r\n", "END:VEVENT");
    assert!(
        event.starts_with("DTEND:20261126T110000Z\r\nSUMMARY:Online safety: workshop\r\nLOCATION:Room 12\r\n"),
        "{feed}"
    );
    assert!(!feed.contains("Live day"), "{feed}");
}
