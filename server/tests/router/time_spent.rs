//! How long people spend on modules: said before it is counted, counted on pages of modules alone, and shown to nobody else.

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::Role;

use crate::site::{Browser, Site};
use world::{World, on_both};

on_both![
    who_does_not_turn_it_on_finds_nothing_of_it,
    pages_of_modules_count_and_say_so_and_no_other_does,
    it_stands_in_ones_own_record_and_nowhere_else,
    what_cannot_be_counted_is_refused_or_nothing,
];

const COUNTED: &str = "the minutes are counted for your CPD record";

async fn counts(world: &World) {
    world.edits("organisation.toml", "[[role]]", "[cpd]\ntime_spent = true\n\n[[role]]");
    world.publishes().await.unwrap();
}

/// Whether an address brings the script, and for which module.
async fn counts_for(browser: &mut Browser, address: &str) -> Option<String> {
    let page = browser.get(address).await.text();
    let (_, rest) = page.split_once("/assets/time-spent-")?;
    let (tag, _) = rest.split_once('>').unwrap();
    Some(tag.split_once("data-time=\"").unwrap().1.split('"').next().unwrap().to_owned())
}

async fn who_does_not_turn_it_on_finds_nothing_of_it(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let attempt = amy.starts("four-cs").await.unwrap();
    let attempt = format!("/attempts/{attempt}");
    let review = format!("{attempt}/review");
    for address in [
        "/modules/four-cs",
        "/modules/four-cs/four-words",
        "/modules/four-cs/quiz",
        &format!("{attempt}?question=1"),
        &review,
        "/cpd",
        "/privacy",
    ] {
        let page = browser.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        let text = page.text();
        for words in ["time-spent", "minutes are counted", "name=\"seconds\"", "ime that you spen"] {
            assert!(!text.contains(words), "{words} in {address}: {text}");
        }
    }
    assert!(!browser.get("/cpd/file").await.text().contains("spent"));
    let reply = browser.post("/time/four-cs", &[("seconds", "60")]).await;
    assert_eq!((reply.status, world.raw.count("time_on").await), (StatusCode::NO_CONTENT, 0));
}

async fn pages_of_modules_count_and_say_so_and_no_other_does(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let attempt = amy.starts("four-cs").await.unwrap();
    let (question, review) = (format!("/attempts/{attempt}?question=1"), format!("/attempts/{attempt}/review"));
    // A page of the module that names who can help is read as any other.
    for address in ["/modules/four-cs/four-words", "/modules/four-cs/get-help", &question, &review] {
        assert_eq!(counts_for(&mut browser, address).await.as_deref(), Some("/time/four-cs"), "{address}");
    }
    for address in ["/", "/help", "/modules", "/modules/four-cs", "/modules/four-cs/quiz", "/cpd"] {
        assert_eq!(counts_for(&mut browser, address).await, None, "{address}");
    }
    for address in ["/modules/four-cs", "/modules/four-cs/quiz"] {
        let page = browser.get(address).await.text();
        assert!(page.contains(COUNTED) && page.contains("do not see the minutes"), "{address}: {page}");
    }
    let shown = browser.get("/modules/four-cs/get-help").await.text();
    assert!(shown.contains("and not those for which you have “Get help” open."), "{shown}");
    assert!(browser.get(&review).await.text().contains("name=\"seconds\""));
    let privacy = browser.get("/privacy").await.text();
    for words in
        ["Time that you spend on modules", "If you did not, they stand nowhere", "The help page is never counted"]
    {
        assert!(privacy.contains(words), "{words}: {privacy}");
    }
    assert!(!browser.get("/accessibility").await.text().contains("Time that you spend"));
    // What is passed is read again as often as somebody likes.
    amy.answers_rightly(attempt).await;
    amy.hands_in(attempt).await.unwrap();
    assert_eq!(counts_for(&mut browser, "/modules/four-cs/four-words").await, None);
    assert!(!browser.get("/modules/four-cs").await.text().contains(COUNTED));
}

async fn it_stands_in_ones_own_record_and_nowhere_else(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    // What nobody can have spent yet is not believed.
    for seconds in ["400", "0"] {
        assert_eq!(browser.post("/time/four-cs", &[("seconds", seconds)]).await.status, StatusCode::NO_CONTENT);
    }
    world.waits(TimeDelta::seconds(400));
    assert_eq!(browser.post("/time/four-cs", &[("seconds", "400")]).await.status, StatusCode::NO_CONTENT);
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    world.waits(TimeDelta::seconds(20));
    let reply = browser.post(&format!("/attempts/{attempt}/submit"), &[("seconds", "20")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let page = browser.get("/cpd").await.text();
    assert!(page.contains("Time that you spent: 7 minutes") && page.contains("20 minutes"), "{page}");
    let table = browser.get("/cpd/file").await.text();
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(rows.headers().unwrap().iter().next_back(), Some("Minutes spent"));
    assert_eq!(rows.records().next().unwrap().unwrap().iter().next_back(), Some("7"));
    let mut hers = site.browser_of(&mina).await;
    let record = hers.get(&format!("/people/{}", amy.person.id)).await.text();
    assert!(record.contains("four-cs") && !record.contains("spent"), "{record}");
}

async fn what_cannot_be_counted_is_refused_or_nothing(world: World) {
    counts(&world).await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    for (module, status) in [("boundaries", StatusCode::FORBIDDEN), ("no-such-module", StatusCode::NOT_FOUND)] {
        assert_eq!(browser.post(&format!("/time/{module}"), &[("seconds", "60")]).await.status, status, "{module}");
    }
    for seconds in ["", "-1", "1e9", "99999999999", "0"] {
        let reply = browser.post("/time/four-cs", &[("seconds", seconds)]).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{seconds}");
    }
    assert_eq!(world.raw.count("time_on").await, 0);
    let reply = site.browser().post("/time/four-cs", &[("seconds", "60")]).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
