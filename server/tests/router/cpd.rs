//! What people have done, as a page and as a table.

use axum::http::StatusCode;

use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![
    a_record_is_a_page_and_a_table_and_ones_own,
    what_somebody_wrote_is_for_them_alone,
    what_is_looked_for_is_found_and_is_the_same_in_the_table
];

async fn a_record_is_a_page_and_a_table_and_ones_own(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let page = browser.get("/cpd").await.text();
    assert!(page.contains("1 September 2026 to 31 August 2027") && page.contains("20 minutes"), "{page}");
    let reply = browser.get("/cpd/file").await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"cpd-record.csv\"");
    let table = reply.text();
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let columns = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[columns.iter().position(|column| column == name).unwrap()];
    assert_eq!((cell("Date"), cell("Minutes"), cell("Counts now")), ("2026-11-23", "20", "yes"));
    assert!(rows.records().next().is_none());
    let ben = world.learner("ben").await;
    let table = site.browser_of(&ben).await.get("/cpd/file").await.text();
    assert_eq!(table.lines().count(), 1, "{table}");
}

async fn what_somebody_wrote_is_for_them_alone(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let page = browser.get("/cpd").await.text();
    let (_, rest) = page.split_once("/cpd/reflections/").unwrap();
    let address = format!("/cpd/reflections/{}", rest.split('"').next().unwrap());
    let form = browser.get(&address).await.text();
    assert!(form.contains("Nobody else sees it in Induct"), "{form}");
    let kept = browser.post(&address, &[("text", "I ask first, <always>.\r\nZebras")]).await;
    assert_eq!((kept.status, kept.location()), (StatusCode::SEE_OTHER, "/cpd?done=written"));
    let page = browser.get("/cpd").await.text();
    assert!(page.contains("I ask first, &lt;always&gt;.\nZebras") && page.contains("Change what you wrote"), "{page}");
    assert!(browser.get(&address).await.text().contains("\nI ask first, &lt;always>.\nZebras</textarea>"));
    assert!(browser.get("/cpd/file").await.text().contains("Zebras"));
    let long = browser.post(&address, &[("text", &"long ".repeat(801))]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        long.text().contains("Make it shorter") && long.text().contains("long long </textarea>"),
        "{}",
        long.text()
    );
    let mut hers = site.browser_of(&mina).await;
    assert!(!hers.get(&format!("/people/{}", amy.person.id)).await.text().contains("Zebras"));
    assert_eq!(hers.get(&address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hers.post(&address, &[("text", "Lions")]).await.status, StatusCode::NOT_FOUND);
    assert!(browser.get("/cpd").await.text().contains("Zebras"));
}

async fn what_is_looked_for_is_found_and_is_the_same_in_the_table(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let all = browser.get("/cpd").await.text();
    assert!(all.contains("35 minutes") && all.contains("href=\"/cpd/file\""), "{all}");
    let page = browser.get("/cpd?find=%26four&order=title&year=2026").await.text();
    assert!(
        page.contains("Nothing that you passed or added fits this") && page.contains("value=\"&amp;four\""),
        "{page}"
    );
    let found = browser.get("/cpd?find=4+CS&order=title&year=2026").await.text();
    assert!(found.contains("/modules/four-cs/") && !found.contains("/modules/sharing-nudes/"), "{found}");
    // The sum is that of the whole year.
    assert!(
        found.contains("35 minutes") && found.contains("/cpd/file?find=4+CS&amp;order=title&amp;year=2026"),
        "{found}"
    );
    let table = browser.get("/cpd/file?find=4+CS&order=title&year=2026").await.text();
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(browser.get("/cpd?find=4+CS&order=nothing&year=x").await.text().contains("/modules/four-cs/"));
    assert!(!browser.get("/cpd?year=2025").await.text().contains("/modules/four-cs/"));
}
