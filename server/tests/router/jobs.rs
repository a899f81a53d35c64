//! What a server does by itself, as a page.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![administrators_find_what_the_server_did];

async fn administrators_find_what_the_server_did(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&root).await;
    assert!(browser.get("/").await.text().contains("href=\"/admin/jobs\""));
    assert!(browser.get("/admin/jobs").await.text().contains("Nothing was done yet"));
    world.engine.run_due_jobs().await.unwrap();
    let page = browser.get("/admin/jobs").await.text();
    for said in ["Nothing is waiting to be done.", "answers in 0 attempts; names of 0 people", "<time"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // What is no job is there as well: when the head was last published, how far it goes, and when it is due.
    let published = world.engine.besides(Some(chrono::TimeDelta::hours(1))).await.unwrap().published.unwrap();
    assert_eq!(published.next_at, Some(published.published_at + chrono::TimeDelta::hours(1)));
    assert!(published.published_at <= world.engine.now() && published.size > 0, "{published:?}");
    for said in ["Publishes the head of the signed log.", "None was kept yet."] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let mut auditor = site.browser_of(&ada).await;
    assert!(!auditor.get("/").await.text().contains("/admin/jobs"));
    assert_eq!(auditor.get("/admin/jobs").await.status, StatusCode::FORBIDDEN);
}
