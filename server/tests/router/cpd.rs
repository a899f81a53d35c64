//! What people have done, as a page and as a table.

use axum::http::StatusCode;

use crate::site::Site;
use world::{World, on_both};

on_both![a_record_is_a_page_and_a_table_and_ones_own];

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
