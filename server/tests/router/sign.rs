//! Signing through the form.

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, Someone, World, on_both};

on_both![
    signing_leads_to_the_receipt,
    the_versions_of_an_agreement_are_taken_away_as_a_table,
    sending_the_form_twice_signs_once,
    a_straight_post_without_passes_is_refused_and_says_what_is_missing,
    a_form_that_is_not_complete_is_shown_again_with_what_was_typed,
    ten_minutes_after_signing_in_the_password_is_asked_for_again,
    the_password_asked_for_again_is_checked,
    all_that_is_missing_is_said_at_once,
    the_signature_says_when_the_signer_last_showed_who_they_are,
    a_text_that_changed_in_the_meantime_is_shown_and_not_signed,
    a_form_that_was_used_by_somebody_else_is_replaced,
    what_cannot_be_a_version_or_a_key_is_not_understood,
];

async fn signing_leads_to_the_receipt(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    let reply = signed(&mut browser, &[]).await;
    assert!(reply.location().starts_with("/receipts/"), "{}", reply.whole());
    let receipt = browser.get(reply.location()).await;
    assert!(receipt.text().contains("Amy Archer"), "{}", receipt.text());
    assert_eq!(browser.get("/agreements/learner-aup/sign").await.location(), "/agreements/learner-aup");
}

async fn the_versions_of_an_agreement_are_taken_away_as_a_table(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    let address = "/agreements/learner-aup/versions/csv";
    assert!(browser.get("/agreements/learner-aup").await.text().contains(&format!("href=\"{address}\"")));
    let table = browser.get(address).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        table.text(),
        "\u{feff}Version,Date,Change,Lead,Reviewed,Next review\r\n\
         1.0,2026-11-22,First version,Head of Digital and ICT,2026-11-22,2026-11-22\r\n"
    );
    assert!(site.browser().get(address).await.location().starts_with("/sign-in"));
}

async fn sending_the_form_twice_signs_once(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    let page = browser.get("/agreements/learner-aup").await;
    let (mut tab, mut other) = (browser.clone(), browser);
    let (one, two) = tokio::join!(sent(&mut tab, &page, &[]), sent(&mut other, &page, &[]));
    assert_eq!(one.location(), two.location());
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn a_straight_post_without_passes_is_refused_and_says_what_is_missing(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let form = amy.form("learner-aup");
    let (version, key) = (form.version.to_string(), form.key.to_string());
    let fields = [("version", &*version), ("key", &key), ("typed_name", "Amy Archer"), ("agree", "yes")];
    let reply = browser.post("/agreements/learner-aup/sign", &fields).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("Before you can sign") && reply.text().contains("/modules/sharing-nudes"));
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_form_that_is_not_complete_is_shown_again_with_what_was_typed(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    let reply = signed(&mut browser, &[("agree", "")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.field("typed_name"), "Amy Archer");
    assert!(reply.text().contains("Tick the box"), "{}", reply.text());
    let reply = signed(&mut browser, &[("typed_name", " ")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn ten_minutes_after_signing_in_the_password_is_asked_for_again(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    world.waits(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    assert!(!browser.get("/agreements/learner-aup").await.text().contains("name=\"password\""));
    world.waits(TimeDelta::seconds(1));
    assert!(browser.get("/agreements/learner-aup").await.text().contains("name=\"password\""));
    assert!(signed(&mut browser, &[("password", PASSWORD)]).await.location().starts_with("/receipts/"));
}

async fn the_password_asked_for_again_is_checked(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    world.waits(TimeDelta::minutes(10));
    for fields in [&[][..], &[("password", "")], &[("password", "wrong")]] {
        let reply = signed(&mut browser, fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert_eq!(reply.field("typed_name"), "Amy Archer");
    }
    for _ in 3..12 {
        signed(&mut browser, &[("password", "wrong")]).await;
    }
    let reply = signed(&mut browser, &[("password", PASSWORD)]).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(reply.text().contains("too many tries"), "{}", reply.text());
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn all_that_is_missing_is_said_at_once(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    world.waits(TimeDelta::minutes(10));
    let reply = signed(&mut browser, &[("password", "wrong"), ("typed_name", ""), ("agree", "")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for place in ["agree", "typed-name", "password"] {
        assert!(reply.text().contains(&format!("href=\"#{place}\"")), "{place}: {}", reply.text());
    }
    let long = "n".repeat(212);
    let reply = signed(&mut browser, &[("password", PASSWORD), ("typed_name", &long)]).await;
    assert!(reply.text().contains("it has 12 characters too many. There is room for 200"), "{}", reply.text());
    assert_eq!((reply.field("typed_name"), world.raw.count("signature").await), (long, 0));
}

async fn the_signature_says_when_the_signer_last_showed_who_they_are(world: World) {
    let amy = ready(&world).await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    world.waits(TimeDelta::minutes(30));
    let reply = signed(&mut browser, &[("password", PASSWORD)]).await;
    let id = engine::SignatureId::parse(reply.location().strip_prefix("/receipts/").unwrap()).unwrap();
    let receipt = world.engine.receipt(&amy.person, id).await.unwrap();
    assert_eq!(receipt.signature.signed_in_at, world.engine.now());
}

async fn a_text_that_changed_in_the_meantime_is_shown_and_not_signed(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    let page = browser.get("/agreements/learner-aup").await;
    world.publishes_new_version_of("learner-aup").await;
    let reply = sent(&mut browser, &page, &[]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("The text has changed") && reply.text().contains("One more rule."));
    assert!(sent(&mut browser, &reply, &[]).await.location().starts_with("/receipts/"));
}

async fn a_form_that_was_used_by_somebody_else_is_replaced(world: World) {
    let site = Site::over(&world);
    let mut hers = site.browser_of(&ready(&world).await).await;
    let ben = world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let mut his = site.browser_of(&ben).await;
    let page = hers.get("/agreements/learner-aup").await;
    sent(&mut hers, &page, &[]).await;
    let reply = sent(&mut his, &page, &[]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("form had been used before"), "{}", reply.text());
    // It is still her name that is in it.
    let asked = sent(&mut his, &reply, &[]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text().contains("Is this your name?"), "{}", asked.text());
    assert!(sent(&mut his, &asked, &[("typed_name", "Ben")]).await.location().starts_with("/receipts/"));
}

async fn what_cannot_be_a_version_or_a_key_is_not_understood(world: World) {
    let mut browser = Site::over(&world).browser_of(&ready(&world).await).await;
    for field in ["version", "key"] {
        assert_eq!(signed(&mut browser, &[(field, "x")]).await.status, StatusCode::BAD_REQUEST);
    }
}

/// A learner who has passed all that the learner AUP requires.
async fn ready(world: &World) -> Someone {
    world.learner("amy").passes("four-cs").passes("sharing-nudes").await
}

/// Opens the page and sends its form.
async fn signed(browser: &mut Browser, changed: &[(&str, &str)]) -> Reply {
    let page = browser.get("/agreements/learner-aup").await;
    sent(browser, &page, changed).await
}

/// Sends the form of a page, filled in as it should be but for what is changed.
async fn sent(browser: &mut Browser, page: &Reply, changed: &[(&str, &str)]) -> Reply {
    let (version, key) = (page.field("version"), page.field("key"));
    let mut fields = vec![("version", &*version), ("key", &key), ("typed_name", "Amy Archer"), ("agree", "yes")];
    for (name, value) in changed {
        fields.retain(|(other, _)| other != name);
        fields.push((name, value));
    }
    browser.post("/agreements/learner-aup/sign", &fields).await
}
