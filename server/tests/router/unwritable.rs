//! While nothing can be written: reading goes on, people are told, and help is there.

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::site::{Reply, Site};
use world::{Kind, World, on_both, run};

on_both![
    whoever_is_signed_in_reads_on,
    whoever_sends_something_is_told_that_it_was_not_saved,
    whoever_cannot_be_signed_in_is_told_so,
    a_session_that_is_over_is_over,
    it_is_not_ready,
];

/// Takes writing away from the database, and what would take it notice of it.
async fn cannot_write(world: &World) {
    if world.raw.is_sqlite() {
        let file = file(world);
        std::fs::rename(&file, format!("{file}.away")).unwrap();
    } else {
        world.raw.may_only_be_read().await;
    }
}

/// Puts back what is to be cleared up.
async fn can_write(world: &World) {
    if world.raw.is_sqlite() {
        let file = file(world);
        std::fs::rename(format!("{file}.away"), &file).unwrap();
    }
}

fn file(world: &World) -> String {
    world.url().strip_prefix("sqlite://").unwrap().to_owned()
}

fn is_told(world: &World, reply: &Reply) {
    let text = reply.text();
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{text}");
    let said = if world.raw.is_sqlite() { "may not have been saved" } else { "Nothing was saved just now" };
    assert!(text.contains(said) && text.contains("class=\"number\">"), "{text}");
}

async fn whoever_is_signed_in_reads_on(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    // So long that the session would be touched.
    world.waits(TimeDelta::minutes(6));
    cannot_write(&world).await;
    for address in ["/", "/help", "/modules", "/modules/four-cs"] {
        let reply = browser.get(address).await;
        assert_eq!(reply.status, StatusCode::OK, "{address}");
        assert!(reply.text().contains("amy"), "{address}");
    }
    can_write(&world).await;
}

async fn whoever_sends_something_is_told_that_it_was_not_saved(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    cannot_write(&world).await;
    is_told(&world, &browser.post("/modules/four-cs/quiz", &[]).await);
    can_write(&world).await;
    assert_eq!(world.raw.count("attempt").await, 0);
}

async fn whoever_cannot_be_signed_in_is_told_so(world: World) {
    world.learner("amy").await;
    let mut browser = Site::over(&world).browser();
    cannot_write(&world).await;
    is_told(&world, &browser.signs_in("amy").await);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    can_write(&world).await;
}

async fn a_session_that_is_over_is_over(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    for _ in 0..13 {
        world.waits(TimeDelta::minutes(55));
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    world.waits(TimeDelta::minutes(50));
    cannot_write(&world).await;
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    can_write(&world).await;
}

async fn it_is_not_ready(world: World) {
    let mut browser = Site::over(&world).browser();
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
    cannot_write(&world).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let reply = browser.get("/readyz").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let said = if world.raw.is_sqlite() { "no longer where it was" } else { "may only be read" };
    assert!(reply.text().contains(said), "{}", reply.text());
    can_write(&world).await;
}

#[test]
fn help_is_there_without_a_database_too() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        run(kind, async |world: World| {
            let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
            world.waits(TimeDelta::minutes(6));
            world.engine.close().await;
            let before = browser.cookies.clone();
            for address in ["/help", "/sign-in"] {
                let reply = browser.get(address).await;
                assert_eq!(reply.status, StatusCode::OK, "{address}");
            }
            // Whoever was signed in is so again when it is back.
            assert_eq!(browser.cookies, before);
        });
    }
}
