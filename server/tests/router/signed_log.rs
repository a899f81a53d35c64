//! The signed log as people meet it: a receipt to keep, and what is said when the log takes nothing.

use std::fs;

use axum::http::StatusCode;

use crate::{
    site::Site,
    world::{World, keys_of, on_both},
};

on_both![a_receipt_is_kept_as_a_file, a_node_without_the_key_serves_pages_and_says_so];

async fn a_receipt_is_kept_as_a_file(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    let site = Site::over(&world);
    let address = format!("/receipts/{id}/file");
    let reply = site.browser_of(&amy).await.get(&address).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(reply.header("content-disposition"), format!("attachment; filename=\"receipt-{id}.json\""));
    let receipt = audit::Extract::parse(reply.text().as_bytes()).unwrap();
    let report = audit::verify_extract(&receipt, &audit::Trusted::default());
    assert_eq!((report.verdict, report.signatures), (audit::Verdict::NotAnchored, 1));
    // Another program, which was written from the format's description alone, says the same.
    let file = std::env::temp_dir().join(format!("induct-receipt-{}.json", uuid::Uuid::now_v7()));
    fs::write(&file, reply.text()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/verify_log.py");
    let checked = std::process::Command::new("python3").arg(script).arg(&file).output().unwrap();
    assert_eq!(checked.status.code(), Some(10), "{}", String::from_utf8_lossy(&checked.stdout));
    fs::remove_file(file).unwrap();
    let reply = site.browser_of(&world.learner("ben").await).await.get(&address).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

async fn a_node_without_the_key_serves_pages_and_says_so(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    fs::rename(keys_of(world.url()), keys_of(world.url()).with_extension("away")).unwrap();
    let node = world.another_node().await;
    let site = Site::over(&node);
    let mut browser = site.browser_of(&amy).await;
    let reply = browser.get("/").await;
    assert_eq!(reply.status, StatusCode::OK);
    let reply = browser.post(&format!("/attempts/{attempt}/submit"), &[]).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text());
    assert!(reply.text().contains("Nothing was saved just now"), "{}", reply.text());
    let reply = site.browser().get("/readyz").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.text().starts_with("the key of the signed log is not here"), "{}", reply.text());
    fs::rename(keys_of(world.url()).with_extension("away"), keys_of(world.url())).unwrap();
    // Nothing is lost: it is handed in once the key is here.
    assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
    browser.post(&format!("/attempts/{attempt}/submit"), &[]).await;
    assert!(amy.result(attempt).await.passed);
}
