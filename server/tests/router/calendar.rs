//! A calendar at a private address.

use axum::http::StatusCode;

use crate::site::Site;
use world::{World, on_both};

on_both![a_calendar_is_made_read_without_signing_in_and_ended];

async fn a_calendar_is_made_read_without_signing_in_and_ended(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    assert!(browser.get("/cpd").await.text().contains("Make a private address"));
    let made = browser.post("/cpd/calendar", &[("do", "make")]).await;
    assert_eq!(made.status, StatusCode::OK);
    let page = made.text();
    let (_, rest) = page.split_once("/calendar/").unwrap();
    let address = format!("/calendar/{}", rest.split('"').next().unwrap());
    assert!(!browser.get("/cpd").await.text().contains(&address), "it is shown once");
    let mut program = site.browser();
    let feed = program.get(&address).await;
    assert_eq!((feed.status, feed.header("content-type")), (StatusCode::OK, "text/calendar; charset=utf-8"));
    assert_eq!((feed.header("cache-control"), feed.header("content-encoding")), ("private", ""));
    let text = feed.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(text.contains("SUMMARY:Online safety\\, part 1: counts until this day\r\n"), "{text}");
    for named in ["4 Cs", "four-cs", "amy", "nudes", &amy.person.id.to_string()] {
        assert!(!text.contains(named), "{named} in {text}");
    }
    assert!(program.cookies.is_empty());
    let wrong = format!("/calendar/{}.ics", "0".repeat(40));
    for nothing in [wrong.as_str(), address.trim_end_matches(".ics")] {
        assert_eq!(program.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let ended = browser.post("/cpd/calendar", &[("do", "end")]).await;
    assert_eq!(ended.location(), "/cpd?done=calendar-ended");
    assert!(browser.get(ended.location()).await.text().contains("leads nowhere any more"));
    assert_eq!(program.get(&address).await.status, StatusCode::NOT_FOUND);
    for _ in 0..100 {
        program.get(&wrong).await;
    }
    let held_up = program.get(&wrong).await;
    assert_eq!(held_up.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(held_up.text().contains("Wait until "), "{}", held_up.text());
}
