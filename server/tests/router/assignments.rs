//! Giving programmes and excusing people, as pages.

use axum::http::StatusCode;
use chrono::{Days, NaiveDate, TimeDelta};
use engine::{Actor, AssignedTo, Role};
use model::ProgrammeSlug;

use crate::site::Site;
use world::{World, group, on_both, today};

on_both![
    a_programme_is_given_after_one_has_seen_whom_it_reaches,
    who_would_be_late_at_once_is_said_before_it_is_given,
    what_is_asked_of_somebody_opens_for_them_alone,
    what_comes_from_above_and_what_begins_later_are_told_apart,
    somebody_is_excused_with_a_reason_and_until_a_day,
];

async fn who_would_be_late_at_once_is_said_before_it_is_given(world: World) {
    let cohort = "Northfield/Cohort A";
    for name in ["ben", "cora"] {
        world.staff(name).of(cohort).await;
    }
    // Amy is a learner, and so late already.
    world.learner("amy").of(cohort).await;
    let mina = world.person("mina", &[Role::Manager]).manages(cohort).await;
    let to = format!("group:{}", group(&world, cohort).await);
    let begins_on = today(&world);
    world.waits(TimeDelta::days(40));
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let preview = |from: NaiveDate| format!("/assignments/new?programme=learner-induction&to={to}&from={from}");
    let page = browser.get(&preview(begins_on)).await.text();
    assert!(page.contains("It would reach 3 people"), "{page}");
    assert!(page.contains("2 of them would be late at once: it was due by 7 December 2026."), "{page}");
    let page = browser.get(&preview(today(&world))).await.text();
    assert!(!page.contains("late at once"), "{page}");
}

async fn a_programme_is_given_after_one_has_seen_whom_it_reaches(world: World) {
    world.staff("ben").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let ours = format!("group:{}", group(&world, "Northfield/Cohort A").await);
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/assignments").await.text();
    assert!(page.contains("Cohort A") && page.contains("Learner induction") && !page.contains("Everybody who is"));
    // Nothing is asked yet: it is the form, and nothing is wrong with it.
    let bare = browser.get("/assignments/new").await;
    assert_eq!(bare.status, StatusCode::OK);
    assert!(!bare.text().contains("Choose a programme</a>") && !bare.text().contains("Error: "), "{}", bare.text());
    let missing = browser.get("/assignments/new?programme=&to=&from=").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Error: Assignments", "Choose a programme", "Choose who is to do it", "from which day on"] {
        assert!(missing.text().contains(said), "{said}");
    }
    let before = world.raw.count("assignment").await;
    let wanted = format!("programme=learner-induction&to={ours}&from=2026-11-23");
    let preview = browser.get(&format!("/assignments/new?{wanted}")).await.text();
    for said in [
        "It would reach 1 person.",
        "ben",
        "Learner acceptable use agreement",
        "Give “Learner induction” to Cohort A",
        "It is written for learners; 1 of them is a member of staff: they are asked for it all the same",
        "Due 14 days after it is first asked of somebody.",
        "Of those whom it would reach now it is wanted by 7 December 2026.",
    ] {
        assert!(preview.contains(said), "{said}: {preview}");
    }
    assert_eq!(world.raw.count("assignment").await, before);
    let fields = [("programme", "learner-induction"), ("to", &ours), ("from", "2026-11-23")];
    let given = browser.post("/assignments", &fields).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    let page = browser.get(given.location()).await.text();
    let said = "“Learner induction” is asked of Cohort A from 23 November 2026 on. It reaches 1 person.";
    assert!(page.contains(said), "{page}");
    let again = browser.post("/assignments", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = again.text();
    assert!(
        again.contains("They have been given it already, from 23 November 2026 on. There is nothing to do."),
        "{again}"
    );
    // An earlier day cannot be had besides, and it is said how it can.
    let earlier =
        browser.get(&format!("/assignments/new?programme=learner-induction&to={ours}&from=2026-11-02")).await.text();
    for said in [
        "The same is not given twice",
        "If it is to be asked from 2 November 2026 on, first end what is given, on the very day on which it begins (23 November 2026)",
        "href=\"/assignments\">See what is given",
    ] {
        assert!(earlier.contains(said), "{said}: {earlier}");
    }
    assert!(
        !earlier.contains("There is nothing to do")
            && !earlier.contains("<form method=\"post\" action=\"/assignments\">")
    );
    // Ending it names it, too.
    let (_, rest) = page.split_once("href=\"/assignments/").unwrap();
    let address = format!("/assignments/{}", rest.split_once('"').unwrap().0);
    assert!(browser.get(&address).await.text().contains("“Learner induction” for"));
    let early = browser.post(&address, &[("on", "2026-11-01")]).await;
    assert!(early.text().contains("Choose 23 November 2026 or a later day"), "{}", early.text());
    let ended = browser.post(&address, &[("on", "2026-11-23")]).await;
    let anew = browser.get(&format!("/assignments/new?programme=learner-induction&to={ours}&from=2026-11-02")).await;
    assert!(anew.text().contains("Give “Learner induction” to Cohort A"), "what it said can be done");
    let page = browser.get(ended.location()).await.text();
    assert!(page.contains("is asked of Cohort A no more from 23 November 2026 on"), "{page}");
    assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND);
}

/// A programme that is written for staff, and given to nobody but by hand.
async fn publishes_staff_cpd(world: &World) -> ProgrammeSlug {
    let programme = r#"
        title = "Staff CPD"
        summary = "What staff do."
        audience = ["staff"]
        due_days = 14
        modules = ["boundaries"]
    "#;
    world.writes("programmes/staff-cpd.toml", programme);
    world.publishes().await.unwrap();
    ProgrammeSlug::new("staff-cpd").unwrap()
}

async fn what_is_asked_of_somebody_opens_for_them_alone(world: World) {
    let programme = publishes_staff_cpd(&world).await;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let site = Site::over(&world);
    let (mut hers, mut his) = (site.browser_of(&amy).await, site.browser_of(&ben).await);
    let addresses = ["/modules/boundaries", "/modules/boundaries/lines", "/modules/boundaries/quiz"];
    for address in addresses {
        assert_eq!(hers.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    let to = AssignedTo::Person(amy.person.id);
    world.engine.assign(&programme, to, today(&world), Actor::CommandLine).await.unwrap();
    for address in addresses {
        assert_eq!(hers.get(address).await.status, StatusCode::OK, "{address}");
        assert_eq!(his.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    let own = hers.get("/").await.text();
    assert!(own.contains("href=\"/modules/boundaries\""));
    // Its page says by when, in the words of the own page.
    let page = hers.get("/programmes/staff-cpd").await.text();
    for words in ["Due 7 December 2026, in 14 days", "finish by 7 December 2026"] {
        assert!(own.contains(words) && page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("It has been yours since 23 November 2026. Nothing done yet, finish by"), "{page}");
}

async fn what_comes_from_above_and_what_begins_later_are_told_apart(world: World) {
    let programme = publishes_staff_cpd(&world).await;
    world.staff("ben").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let above = AssignedTo::Group(group(&world, "Northfield").await);
    let ours = AssignedTo::Group(group(&world, "Northfield/Cohort A").await);
    world.engine.assign(&programme, above, today(&world), Actor::CommandLine).await.unwrap();
    world.engine.assign(&programme, ours, today(&world) + Days::new(40), Actor::CommandLine).await.unwrap();
    let page = Site::over(&world).browser_of(&mina).await.get("/assignments").await.text();
    let (now, later) = page.split_once("Begins later").unwrap();
    for said in ["a group above yours", "1 person of yours", "Given further up, so it is not yours to end."] {
        assert!(now.contains(said) && !later.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Northfield /") && later.contains("Cohort A"), "{page}");
}

async fn somebody_is_excused_with_a_reason_and_until_a_day(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let person = browser.get(&format!("/people/{}", amy.person.id)).await.text();
    let address = format!("/people/{}/exemptions", amy.person.id);
    assert!(person.contains(&format!("href=\"{address}\"")), "{person}");
    assert!(!browser.get(&address).await.text().contains("something more"));
    let missing = browser.post(&address, &[("from_what", ""), ("reason", " "), ("from", "2026-11-23")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text().contains("Choose what they are excused from") && missing.text().contains("Say why"));
    let mut fields =
        [("from_what", "module/four-cs"), ("reason", "Did it before"), ("from", "2026-11-23"), ("until", "2026-11-22")];
    assert!(browser.post(&address, &fields).await.text().contains("Choose the first day or a later one"));
    fields[3].1 = "2026-12-31";
    assert_eq!(browser.post(&address, &fields).await.location(), address);
    let page = browser.get(&address).await.text();
    for said in ["Excused from 1 thing", "From something more", "Did it before", "until 31 December 2026", "by mina"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (_, rest) = page.split_once("action=\"/people/").unwrap();
    let end = format!("/people/{}", rest.split_once('"').unwrap().0);
    assert_eq!(browser.post(&end, &[]).await.location(), address);
    assert!(!browser.get(&address).await.text().contains("Did it before"));
}
