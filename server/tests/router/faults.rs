//! When something goes wrong: a page that says what to do, and nothing of what is inside.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::site::{Browser, Site, form};
use world::{World, on_both};

on_both![
    what_is_not_there_gets_a_page,
    an_id_that_cannot_be_one_gets_a_page,
    what_cannot_be_read_gets_a_page,
    what_is_no_form_gets_a_page,
    what_is_too_large_gets_a_page,
    what_is_too_large_and_does_not_say_so_gets_a_page,
    a_failing_database_gets_a_page_with_a_number_and_no_internals,
    signing_in_with_a_failing_database_gets_a_page_too,
    health_says_whether_the_process_and_the_database_answer,
];

async fn what_is_not_there_gets_a_page(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    for address in ["/nowhere", "/modules/five-cs", "/modules/four-cs/five-words", "/agreements/learner-rules"] {
        let reply = browser.get(address).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{address}");
        assert!(reply.text().contains("We can’t find that page"), "{}", reply.text());
    }
}

async fn an_id_that_cannot_be_one_gets_a_page(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    for address in ["/attempts/1", "/receipts/x", "/signatures/%00", "/modules/A%20B", "/modules/..%2F..%2Fetc"] {
        let reply = browser.get(address).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(browser.post("/tutor-tasks/1/allow", &[]).await.status, StatusCode::FORBIDDEN);
}

async fn what_cannot_be_read_gets_a_page(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let mut browser = site.browser_of(&amy).await;
    let answers = format!("/attempts/{}/answers", amy.starts("sharing-nudes").await.unwrap());
    for fields in [
        &[][..],
        &[("question", "1"), ("option", "A")],
        &[("question", "1"), ("option", "ab")],
        &[("question", "1"), ("option", "")],
        &[("question", "../first"), ("option", "a")],
        &[("question", "2"), ("option", "a")],
    ] {
        let reply = browser.post(&answers, fields).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{fields:?}");
        assert!(reply.text().contains("We could not read what was sent"), "{}", reply.text());
    }
}

async fn what_is_no_form_gets_a_page(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let answers = format!("/attempts/{}/answers", amy.starts("sharing-nudes").await.unwrap());
    for mut browser in [site.browser(), site.browser_of(&amy).await] {
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            for address in ["/sign-in", &answers] {
                let mut request = form(address, &[("question", "1"), ("option", "b")]);
                request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
                let reply = browser.send(request).await;
                assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind} to {address}");
                assert!(reply.text().contains("We do not take that kind of thing"), "{}", reply.text());
            }
        }
    }
    let mut request = form(&answers, &[("question", "1"), ("option", "b")]);
    let spelt = "Application/X-WWW-Form-URLencoded;charset=UTF-8";
    request.headers_mut().insert(header::CONTENT_TYPE, spelt.parse().unwrap());
    assert_eq!(site.browser_of(&amy).await.send(request).await.status, StatusCode::SEE_OTHER);
}

async fn what_is_too_large_gets_a_page(world: World) {
    let site = Site::over(&world);
    let large = "a".repeat(70_000);
    for mut browser in [site.browser(), site.browser_of(&world.learner("amy").await).await] {
        for address in ["/sign-in", "/modules/four-cs/quiz", "/attempts/x/answers"] {
            too_large(&mut browser, form(address, &[("question", &large)])).await;
        }
    }
}

async fn what_is_too_large_and_does_not_say_so_gets_a_page(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let answers = format!("/attempts/{}/answers", amy.starts("sharing-nudes").await.unwrap());
    for mut browser in [site.browser(), site.browser_of(&amy).await] {
        let mut request = form(&answers, &[("question", &"a".repeat(70_000))]);
        // A stream, whose length nobody knows.
        let whole = std::mem::take(request.body_mut());
        *request.body_mut() = Body::from_stream(whole.into_data_stream());
        request.headers_mut().remove(header::CONTENT_LENGTH);
        too_large(&mut browser, request).await;
    }
}

async fn a_failing_database_gets_a_page_with_a_number_and_no_internals(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    world.engine.close().await;
    for _ in 0..2 {
        let reply = browser.get("/").await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        let text = reply.text();
        assert!(text.contains("Something went wrong on our side"), "{text}");
        let (_, rest) = text.split_once("class=\"number\">").unwrap();
        let number = rest.split('<').next().unwrap();
        assert!(number.len() == 8 && number.bytes().all(|digit| digit.is_ascii_hexdigit()), "{number}");
        for internal in ["database", "sqlx", "pool", "closed", "panicked", "engine"] {
            assert!(!text.to_lowercase().contains(internal), "{internal} in {text}");
        }
    }
}

async fn signing_in_with_a_failing_database_gets_a_page_too(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    world.engine.close().await;
    let reply = site.browser().signs_in("amy").await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.text().contains("class=\"number\">"), "{}", reply.text());
}

async fn health_says_whether_the_process_and_the_database_answer(world: World) {
    let mut browser = Site::over(&world).browser();
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
    world.engine.close().await;
    // That it was ready counts for half a second.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.get("/help").await.status, StatusCode::OK);
}

async fn too_large(browser: &mut Browser, request: Request<Body>) {
    let reply = browser.send(request).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("That was too much at once"), "{}", reply.text());
}
