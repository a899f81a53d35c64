//! People, groups, codes and links as those get them who use a browser.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use engine::{Actor, Duty, NewJoinCode, Role};

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, Someone, World, audience, email, group, on_both, today};

on_both![
    somebody_is_added_gets_a_link_and_signs_in_with_their_own_password,
    groups_and_duties_are_given_and_ended_on_a_page,
    a_manager_finds_their_people_and_changes_nothing,
    who_looks_after_a_group_is_offered_what_they_may_do,
    what_is_wrong_is_said_at_its_field_and_nothing_is_lost,
    all_that_is_wrong_is_said_at_once_in_the_form_that_was_sent,
    a_new_learner_begins_with_a_code,
    who_has_an_account_joins_with_one_press,
    a_file_is_brought_in_and_undone_in_a_browser,
    what_is_searched_for_is_not_compressed,
];

/// What stands behind a text on a page, up to a quote or a blank.
fn behind(reply: &Reply, text: &str) -> String {
    let page = reply.text();
    let (_, rest) = page.split_once(text).unwrap_or_else(|| panic!("no {text:?} in {page}"));
    rest.split(['"', ' ', '<', '?']).next().unwrap().to_owned()
}

async fn somebody_is_added_gets_a_link_and_signs_in_with_their_own_password(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let cohort = group(&world, "Northfield/Cohort A").await.to_string();
    let site = Site::over(&world);
    let mut browser = site.browser_of(&root).await;
    let form = browser.get("/people/new").await;
    assert!(form.text().contains("Northfield / Cohort A"));
    let fields = [
        ("name", "Eve <Adams>"),
        ("email", "eve@northfield.example"),
        ("audience", "learner"),
        ("group", &cohort),
        ("start", "2026-11-23"),
    ];
    let added = browser.post("/people/new", &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let page = browser.get(added.location()).await;
    assert!(page.text().contains("They have no password yet") && page.text().contains("Eve &lt;Adams&gt;"));
    let address = added.location().split("/change").next().unwrap().to_owned();
    let slip = browser.post(&format!("{address}/way-in"), &[]).await;
    assert_eq!(slip.status, StatusCode::OK);
    let link = format!("/welcome/{}", behind(&slip, "/welcome/"));
    let mut hers = site.browser();
    let page = hers.get(&link).await;
    assert!(page.text().contains("Eve &lt;Adams&gt;") && page.text().contains("eve@northfield.example"));
    let short = hers.post(&link, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = hers.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(hers.get("/").await.text().contains("Hello, Eve"));
    let again = hers.get(&link).await;
    assert!(again.text().contains("does not hold any more"));
}

async fn groups_and_duties_are_given_and_ended_on_a_page(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mina = world.staff("mina").await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let made = browser.post("/groups", &[("group-name", "Cohort Z"), ("below", ""), ("from", "2026-11-23")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let cohort = behind_path(made.location());
    let change = format!("/people/{}/change", mina.person.id);
    let given = [("do", "duty"), ("role", "manager"), ("over", &*cohort), ("duty-on", "2026-11-23")];
    assert_eq!(browser.post(&change, &given).await.status, StatusCode::SEE_OTHER);
    let joined = [("do", "group"), ("group", &*cohort), ("group-on", "2026-11-23")];
    assert_eq!(browser.post(&change, &joined).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&change).await.text();
    assert!(page.contains("Manager of Cohort Z") && page.contains("Take mina out of Cohort Z"), "{page}");
    let group_page = browser.get(&format!("/groups/{cohort}")).await.text();
    assert!(group_page.contains(">mina</a>"), "{group_page}");
    let full = [("do", "end"), ("end-on", "2026-11-23")];
    let refused = browser.post(&format!("/groups/{cohort}"), &full).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("are still in it"));
    let ended = [("do", "end-duty"), ("role", "manager"), ("over", &*cohort), ("on", "2026-11-23")];
    assert_eq!(browser.post(&change, &ended).await.status, StatusCode::SEE_OTHER);
    let left = [("do", "end-group"), ("group", &*cohort), ("on", "2026-11-23")];
    assert_eq!(browser.post(&change, &left).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&change).await.text();
    assert!(page.contains("They are in no group") && page.contains("They do nothing for others here"), "{page}");
    let renamed = [("do", "move"), ("name", "Cohort Y"), ("below", ""), ("move-on", "2026-11-23")];
    assert_eq!(browser.post(&format!("/groups/{cohort}"), &renamed).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/groups").await.text().contains("Cohort Y"));
    assert_eq!(browser.post(&format!("/groups/{cohort}"), &full).await.status, StatusCode::SEE_OTHER);
    // An auditor's duty has an end: whoever forgets it finds the usual one in the form, with what was chosen.
    let forgot = [("do", "duty"), ("role", "auditor"), ("over", "everybody"), ("duty-on", "2026-11-23")];
    let refused = browser.post(&change, &forgot).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("href=\"#duty-until\"") && page.contains("value=\"2026-12-23\""), "{page}");
    assert!(page.contains("value=\"auditor\" selected") && page.contains("value=\"everybody\" selected"), "{page}");
    let at_once = [forgot.as_slice(), &[("duty-until", "2026-11-23")]].concat();
    let page = browser.post(&change, &at_once).await.text();
    assert!(page.contains("It would end before it holds: it begins on 23 November 2026"), "{page}");
    let given = [forgot.as_slice(), &[("duty-until", "2026-12-23")]].concat();
    assert_eq!(browser.post(&change, &given).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&change).await.text();
    assert!(page.contains("Auditor of everybody") && page.contains("until 22 December 2026"), "{page}");
    // Each form ends the one beside which it stands.
    let sooner = [("do", "end-duty"), ("role", "auditor"), ("over", "everybody"), ("on", "2026-11-23")];
    let another = [sooner.as_slice(), &[("since", "2026-11-22")]].concat();
    assert_eq!(browser.post(&change, &another).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("name=\"since\"") && page.contains("value=\"2026-11-23\""), "{page}");
    let sooner = [sooner.as_slice(), &[("since", "2026-11-23")]].concat();
    assert_eq!(browser.post(&change, &sooner).await.status, StatusCode::SEE_OTHER);
    // Nobody changes their own.
    let own = format!("/people/{}/change", root.person.id);
    assert!(browser.get(&own).await.text().contains("ask another administrator"));
    let refused = browser.post(&own, &given).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

fn behind_path(location: &str) -> String {
    location.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned()
}

async fn a_manager_finds_their_people_and_changes_nothing(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let ben = world.learner("ben").of("Northfield/Cohort B").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/people").await.text();
    assert!(page.contains(">amy</a>") && !page.contains("ben") && !page.contains(&email("amy")), "{page}");
    assert!(!page.contains("Add somebody"));
    let groups = browser.get("/groups").await.text();
    assert!(groups.contains("Cohort A") && !groups.contains("Cohort B") && !groups.contains("Make a group"));
    let cohort_b = group(&world, "Northfield/Cohort B").await;
    assert_eq!(browser.get(&format!("/groups/{cohort_b}")).await.status, StatusCode::NOT_FOUND);
    for person in [&amy, &ben] {
        let change = format!("/people/{}/change", person.person.id);
        assert_eq!(browser.get(&change).await.status, StatusCode::FORBIDDEN);
    }
}

async fn who_looks_after_a_group_is_offered_what_they_may_do(world: World) {
    let (a, b) = (group(&world, "Northfield/Cohort A").await, group(&world, "Northfield/Cohort B").await);
    let ada = world.staff("ada").await;
    let duty = Duty { role: Role::Administrator, over: Some(a) };
    world.engine.give_duty(ada.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").of("Northfield/Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&ada).await;
    assert!(browser.get("/people").await.text().contains("Add somebody"));
    let new = browser.get("/people/new").await.text();
    assert!(new.contains("Choose one") && !new.contains("None yet") && !new.contains("Bring people in"), "{new}");
    let groups = browser.get("/groups").await.text();
    assert!(groups.contains("Make a group") && !groups.contains("None: at the top"), "{groups}");
    // What they see is not the whole path; a group that is only renamed stays where it is.
    let page = browser.get(&format!("/groups/{a}")).await;
    assert!(page.text().contains("Where it is now") && !page.text().contains("None: at the top"));
    let below = behind(&page, "name=\"below\"><option value=\"");
    let on = today(&world).to_string();
    let renamed = [("do", "move"), ("name", "Cohort Alpha"), ("below", &*below), ("move-on", &*on)];
    let renamed = browser.post(&format!("/groups/{a}"), &renamed).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text());
    assert_eq!(group(&world, "Northfield/Cohort Alpha").await, a);
    let later = [("do", "move"), ("name", "Cohort Omega"), ("below", &*below), ("move-on", "2026-12-20")];
    assert_eq!(browser.post(&format!("/groups/{a}"), &later).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&format!("/groups/{a}")).await.text();
    assert!(page.contains("From <b>20 December 2026</b>") && !page.contains("Since <b>20 December"), "{page}");
    assert_eq!(browser.post(&format!("/groups/{b}/ways-in"), &[]).await.status, StatusCode::NOT_FOUND);
    let change = |someone: &Someone| format!("/people/{}/change", someone.person.id);
    let page = browser.get(&change(&amy)).await.text();
    assert!(page.contains("Make a link") && !page.contains("Everybody at the provider"), "{page}");
    // Her account is worth more than a learner's, and nobody signs in who has left.
    let page = browser.get(&change(&mina)).await.text();
    assert!(page.contains("for an administrator of everybody to change") && !page.contains("Make a link"), "{page}");
    world.engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    let page = browser.get(&change(&amy)).await.text();
    assert!(page.contains("They are not here") && !page.contains("Make a link"), "{page}");
}

async fn what_is_wrong_is_said_at_its_field_and_nothing_is_lost(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let fields =
        [("name", "Eve Adams"), ("email", "root@northfield.example"), ("audience", "learner"), ("start", "2026-11-23")];
    let refused = browser.post("/people/new", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Somebody has that email address already"));
    assert_eq!((&*refused.field("name"), &*refused.field("email")), ("Eve Adams", "root@northfield.example"));
    let refused = browser.post("/groups", &[("group-name", "A/B"), ("from", "2026-11-23")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.field("group-name"), "A/B");
    // A day that cannot be used is said at the field of the form that was sent, which stays open, with the day.
    let mina = world.staff("mina").of("Northfield").await;
    let change = format!("/people/{}/change", mina.person.id);
    let refused = browser.post(&change, &[("do", "leave"), ("leave-on", "2026-11-20")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "Choose 23 November 2026 or a later day: it begins then";
    assert!(refused.text().contains(&format!("<a href=\"#leave-on\">{said}</a>")), "{}", refused.text());
    assert_eq!((&*refused.field("leave-on"), refused.text().matches("<details open").count()), ("2026-11-20", 1));
    let northfield = group(&world, "Northfield").await.to_string();
    let refused = browser.post(&change, &[("do", "end-group"), ("group", &northfield), ("on", "2026-11-20")]).await;
    let page = refused.text();
    assert!(page.contains(&format!("<a href=\"#on\">{said}</a>")) && page.matches("id=\"on\"").count() == 1, "{page}");
    let field = page.split("id=\"on\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    assert!(field.contains("value=\"2026-11-20\"") && page.matches("<details open").count() == 1, "{page}");
    let taken_back = [("do", "leave"), ("leave-on", "2026-11-23")];
    assert_eq!(browser.post(&change, &taken_back).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&change).await.text();
    assert!(page.contains("Was to begin on 23 November 2026; that was taken back"), "{page}");
}

/// The fold of a page that has this in it, from its tag on.
fn fold<'p>(page: &'p str, what: &str) -> &'p str {
    let (before, _) = page.split_once(what).unwrap_or_else(|| panic!("no {what:?} in {page}"));
    &page[before.rfind("<details").unwrap()..]
}

async fn all_that_is_wrong_is_said_at_once_in_the_form_that_was_sent(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let change = format!("/people/{}/change", amy.person.id);
    let cohort = group(&world, "Northfield/Cohort A").await.to_string();
    let told = |reply: &Reply, places: &[&str]| {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        for place in places {
            let page = reply.text();
            let is_told =
                page.contains(&format!("href=\"#{place}\"")) && page.contains(&format!("id=\"{place}-error\""));
            assert!(is_told, "{place}: {page}");
        }
    };
    // Somebody who is added, a group that is made.
    let long = "n".repeat(203);
    let fields = [("name", &*long), ("email", "eve"), ("external_id", "\u{200b}"), ("audience", ""), ("start", "foo")];
    let refused = browser.post("/people/new", &fields).await;
    told(&refused, &["name", "email", "external_id", "audience", "start"]);
    assert!(refused.text().contains("it has 3 characters too many. There is room for 200"), "{}", refused.text());
    assert_eq!((refused.field("name"), refused.field("start")), (long.clone(), "foo".to_owned()));
    let refused = browser.post("/groups", &[("group-name", "Northfield"), ("below", ""), ("from", "foo")]).await;
    told(&refused, &["group-name", "from"]);
    assert!(refused.text().contains("From: “foo” is no day."), "{}", refused.text());
    // What is changed of somebody: the fold of that form is open, with what was chosen in it, and no other.
    let refused = browser.post(&change, &[("do", "duty"), ("role", "auditor"), ("over", ""), ("duty-on", "")]).await;
    told(&refused, &["over", "duty-on"]);
    let page = refused.text();
    assert!(fold(&page, "Give a duty").starts_with("<details open"), "{page}");
    assert!(
        page.contains("<option value=\"auditor\" selected") && page.matches("<details open").count() == 1,
        "{page}"
    );
    let end = [("do", "end-group"), ("group", &*cohort), ("on", "2020-01-01")];
    let refused = browser.post(&change, &end).await;
    told(&refused, &["on"]);
    assert!(refused.text().contains("value=\"2020-01-01\""), "{}", refused.text());
    assert!(fold(&refused.text(), "id=\"on\"").starts_with("<details open"), "{}", refused.text());
    let refused =
        browser.post(&change, &[("do", "details"), ("name", ""), ("email", "x"), ("external_id", "77")]).await;
    told(&refused, &["name", "email"]);
    assert_eq!((refused.field("email"), refused.field("external_id")), ("x".to_owned(), "77".to_owned()));
    // What is changed of a group.
    let of_group = format!("/groups/{cohort}");
    let refused =
        browser.post(&of_group, &[("do", "code"), ("audience", "learner"), ("most", "0"), ("until", "foo")]).await;
    told(&refused, &["most", "until"]);
    let page = refused.text();
    assert!(fold(&page, "Make a code").starts_with("<details open"), "{page}");
    assert!(page.contains("<option value=\"learner\" selected"), "{page}");
    let past = [("do", "code"), ("audience", "learner"), ("most", "5"), ("until", "2020-01-01")];
    let refused = browser.post(&of_group, &past).await;
    assert!(refused.text().contains("Choose a day from today on"), "{}", refused.text());
    let refused = browser.post(&of_group, &[("do", "move"), ("name", "A/B"), ("below", ""), ("move-on", "foo")]).await;
    told(&refused, &["name", "move-on"]);
    assert_eq!((refused.field("name"), refused.field("move-on")), ("A/B".to_owned(), "foo".to_owned()));
    // A day may be written as people write days.
    let left = [("do", "end-group"), ("group", &*cohort), ("on", "23 November 2026")];
    assert_eq!(browser.post(&change, &left).await.status, StatusCode::SEE_OTHER);
}

async fn code(world: &World) -> String {
    let group = group(world, "Northfield/Induction").await;
    let expires_at = world.engine.now() + TimeDelta::hours(8);
    let new = NewJoinCode { group, audience: Some(audience("learner")), most: 5, expires_at };
    world.engine.create_join_code(&new, Actor::CommandLine).await.unwrap().code
}

async fn a_new_learner_begins_with_a_code(world: World) {
    let code = code(&world).await;
    let mut browser = Site::over(&world).browser();
    let typed = format!("/join?code={}-{}", &code[..4].to_lowercase(), &code[4..]);
    assert_eq!(browser.get(&typed).await.location(), format!("/join/{code}"));
    assert_eq!(browser.get("/join?code=AAAA-AAAA").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.get(&format!("/join/{code}")).await;
    assert!(page.text().contains("New here as a learner?"), "{}", page.text());
    let fields = [("name", "Eve Adams"), ("email", "eve@northfield.example"), ("password", "short")];
    let refused = browser.post(&format!("/join/{code}"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.field("name"), "Eve Adams");
    assert!(!refused.text().contains("value=\"short\""));
    let fields = [("name", "Eve Adams"), ("email", "eve@northfield.example"), ("password", PASSWORD)];
    let begun = browser.post(&format!("/join/{code}"), &fields).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(browser.get("/").await.text().contains("Hello, Eve"));
}

async fn who_has_an_account_joins_with_one_press(world: World) {
    let code = code(&world).await;
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let page = browser.get(&format!("/join/{code}")).await;
    assert!(page.text().contains("Join Induction"));
    browser.post(&format!("/join/{code}"), &[]).await;
    assert!(browser.get(&format!("/join/{code}")).await.text().contains("You are in this group"));
}

/// A file as a browser sends it.
async fn hands_over(browser: &mut Browser, name: &str, file: &str) -> Reply {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--edge--\r\n"
    );
    let request = Request::post("/people/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

async fn a_file_is_brought_in_and_undone_in_a_browser(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let refused = hands_over(&mut browser, "x.pdf", "%PDF-1.7").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hands_over(&mut browser, "people.csv", "").await.text().contains("This file is empty."));
    assert!(hands_over(&mut browser, "", "").await.text().contains("Choose a file"));
    let file = |lines: usize| -> String {
        let lines = (0..lines).map(|line| format!("Person {line},p{line}@x.example,Northfield/Cohort A,learner\n"));
        "name,email,group,role\n".to_owned() + &lines.collect::<String>()
    };
    let large = file(60_000);
    assert!(large.len() > 3_000_000);
    let taken = hands_over(&mut browser, "large.csv", &large).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "a file is larger than a form: {}", taken.text());
    let taken = hands_over(&mut browser, "people.csv", &file(600)).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let address = taken.location().to_owned();
    let page = browser.get(&address).await.text();
    assert!(page.contains("600 new") && page.contains("Bring in 600 people") && page.contains("Person 49"), "{page}");
    // On a phone each line is a card, in which nothing is cut off.
    assert!(
        page.contains("<td data-label=\"Line\">2</td>") && page.contains("<td data-label=\"What it does\">"),
        "{page}"
    );
    let both = "name,email,role,start_date\nA,a@x.example,learner,25/09/2026\nB,b@x.example,learner,09/26/2026\n";
    let taken = hands_over(&mut browser, "dates.csv", both).await;
    let page = browser.get(taken.location()).await.text();
    assert!(page.contains("the one in line 2 has the day first, the one in line 3 the month"), "{page}");
    assert!(page.contains("<details open") && page.contains("2 lines are wrong"), "{page}");
    // What is asked about is chosen on the page, which speaks of no command line.
    let either = "name,email,role,start_date\nA,a@x.example,learner,03/04/2026\n";
    let taken = hands_over(&mut browser, "dates.csv", either).await;
    let asked = browser.get(taken.location()).await.text();
    assert!(
        asked.contains("<details open") && asked.contains("does not tell whether a date such as 3/4/2026"),
        "{asked}"
    );
    for page in [page, asked] {
        assert!(page.contains("choose above what dates in numbers mean") && !page.contains("--dates"), "{page}");
    }
    let taken = hands_over(&mut browser, "nobody.csv", "name,email,role\n").await;
    let page = browser.get(taken.location()).await.text();
    assert!(page.contains("There is nobody in this file") && !page.contains("There is no such line"), "{page}");
    assert!(browser.get(&format!("{address}?lines=new&page=12")).await.text().contains("Person 599"));
    let begun = browser.post(&address, &[("do", "apply")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let mut page = browser.get(&address).await;
    while page.headers.contains_key("refresh") {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        page = browser.get(&address).await;
    }
    assert!(page.text().contains("Everything in this file was brought in"), "{}", page.text());
    assert!(browser.get("/people?name=person+599").await.text().contains("p599@x.example"));
    browser.post("/people/import/undo", &[("do", "undo")]).await;
    let mut page = browser.get("/people/import").await;
    while page.headers.contains_key("refresh") {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        page = browser.get("/people/import").await;
    }
    assert!(page.text().contains("It was undone on"), "{}", page.text());
    assert!(!browser.get("/people?name=person+599").await.text().contains("p599@x.example"));
}

async fn what_is_searched_for_is_not_compressed(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    for (address, is_compressed) in [("/people", true), ("/people?name=root", false), ("/groups?name=x", false)] {
        let request = Request::get(address).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
        let reply = browser.send(request).await;
        assert_eq!(reply.header("content-encoding") == "gzip", is_compressed, "{address}");
    }
}
