//! The signed log as people meet it: a receipt to keep, and what is said when the log takes nothing.

use std::fs;

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::site::Site;
use world::{World, agreement, keys_of, on_both};

on_both![
    a_receipt_is_kept_as_a_file,
    what_proves_a_signature_stands_on_one_page,
    a_proof_that_does_not_hold_is_said,
    a_node_without_the_key_serves_pages_and_says_so,
];

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
    assert_eq!((report.verdict, report.signatures.shown), (audit::Verdict::NotAnchored, 1));
    // Another program, which was written from the format's description alone, says the same.
    let file = keys_of(world.url()).with_extension("json");
    fs::write(&file, reply.text()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/verify_log.py");
    let checked = std::process::Command::new("python3").arg(script).arg(&file).output().unwrap();
    assert_eq!(checked.status.code(), Some(10), "{}", String::from_utf8_lossy(&checked.stdout));
    fs::remove_file(file).unwrap();
    let reply = site.browser_of(&world.learner("ben").await).await.get(&address).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

async fn what_proves_a_signature_stands_on_one_page(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let form = amy.form("learner-aup");
    world.clock.advance(TimeDelta::minutes(3));
    let id = amy.sends("learner-aup", &form).await.unwrap();
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let page = browser.get(&format!("/signatures/{id}")).await.text();
    let text = world.engine.catalogue().agreements[&agreement("learner-aup")].clone();
    let digest = text.canonical.sha256.to_string();
    for part in [
        "Signed, and it still counts",
        &text.statement,
        // When the text was shown, and when it was signed.
        "23 November 2026 at 09:00",
        "23 November 2026 at 09:03 (London)",
        "The 4 Cs",
        &format!("{} {}", &digest[..16], &digest[16..32]),
        &world.engine.log_key().await.unwrap().unwrap(),
        &format!("induct audit verify receipt-{id}.json"),
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let receipt = browser.get(&format!("/receipts/{id}")).await.text();
    assert!(receipt.contains("This proves that you signed this text"), "{receipt}");
    // A year later it has run out, and is evidence as before.
    world.clock.advance(TimeDelta::days(366));
    let page = Site::over(&world).browser_of(&amy).await.get(&format!("/signatures/{id}")).await.text();
    assert!(page.contains("Signed, and it has run out"), "{page}");
}

async fn a_proof_that_does_not_hold_is_said(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let id = amy.signs("laptop-loan").await.unwrap();
    // What only who looks after the database could do.
    if world.raw.is_sqlite() {
        world.raw.run("DROP TRIGGER log_envelope_never_changes").await.unwrap();
    } else {
        world.raw.run("ALTER TABLE log_envelope DISABLE TRIGGER USER").await.unwrap();
    }
    let altered = "UPDATE log_envelope SET envelope = REPLACE(envelope, 'laptop-loan', 'laptop-loam') WHERE envelope LIKE '%\"signed\"%'";
    assert_eq!(world.raw.run(altered).await.unwrap(), 1);
    let page = Site::over(&world).browser_of(&amy).await.get(&format!("/signatures/{id}")).await.text();
    assert!(page.contains("This proof does not hold") && !page.contains("it still counts"), "{page}");
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
