//! Whoever tries too often is told for how long to wait, by the limit that holds them up, and nothing else by it.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use chrono::TimeDelta;

use crate::site::{Browser, Reply, Site, form};
use world::{World, email, on_both};

on_both![
    every_limit_says_when_it_lets_somebody_through_again,
    a_signature_waits_as_long_as_its_password,
    how_long_to_wait_says_nothing_about_the_account,
    what_is_no_refusal_of_tries_says_nothing_of_waiting,
];

/// Tries until it is too often, and says for how many seconds to wait. The first try is seven seconds before the others.
async fn held_up(world: &World, browser: &mut Browser, request: impl Fn() -> Request<Body>) -> (Reply, i64) {
    for tried in 0..250 {
        let reply = browser.send(request()).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            let seconds = reply.header("retry-after").parse::<i64>().unwrap_or_else(|error| panic!("{error}: {tried}"));
            return (reply, seconds);
        }
        assert_eq!(reply.header("retry-after"), "");
        if tried == 0 {
            world.waits(TimeDelta::seconds(7));
        }
    }
    panic!("nobody was held up");
}

/// Whether whoever tries is signed in, what is tried, and how.
type Try<'t> = (bool, &'t str, &'t dyn Fn() -> Request<Body>);

async fn every_limit_says_when_it_lets_somebody_through_again(mut world: World) {
    world.engine = world.engine.with_letters();
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let get = |address: &str| Request::get(address).body(Body::empty()).unwrap();
    let nowhere = format!("/calendar/{}.ics", "0".repeat(40));
    let wrong = [("email", &*email("amy")), ("password", "wrong")];
    let tries: [Try<'_>; 7] = [
        (false, "a password", &|| form("/sign-in", &wrong)),
        (false, "a certificate", &|| get("/verify/0000000000000000")),
        (false, "a group", &|| get("/join/AAAA-AAAA")),
        (false, "a calendar", &|| get(&nowhere)),
        (false, "a link", &|| form("/sign-in/forgotten", &[("email", "nobody@northfield.example")])),
        (true, "a workshop", &|| form("/workshops", &[("code", "ABCD-EFGH")])),
        (true, "the own password", &|| {
            form("/account/password", &[("current", "wrong"), ("password", "herons wade at seventeen")])
        }),
    ];
    for (signed_in, what, request) in tries {
        let mut browser = if signed_in { site.browser_of(&amy).await } else { site.browser() };
        let (reply, seconds) = held_up(&world, &mut browser, request).await;
        assert_eq!(seconds, 893, "{what}");
        let page = reply.text();
        assert!(page.contains("Wait until "), "{what}: {page}");
        world.waits(TimeDelta::seconds(seconds - 1));
        let reply = browser.send(request()).await;
        assert_eq!((reply.status, reply.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"), "{what}");
        world.waits(TimeDelta::seconds(1));
        let reply = browser.send(request()).await;
        assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{what}");
        // Nothing is left of it for the next.
        world.waits(TimeDelta::minutes(16));
    }
}

async fn a_signature_waits_as_long_as_its_password(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    world.waits(TimeDelta::minutes(11));
    let page = browser.get("/agreements/learner-aup").await;
    let (version, key) = (page.field("version"), page.field("key"));
    let fields =
        [("version", &*version), ("key", &*key), ("typed_name", "amy"), ("agree", "yes"), ("password", "wrong")];
    let (reply, seconds) = held_up(&world, &mut browser, || form("/agreements/learner-aup/sign", &fields)).await;
    assert_eq!(seconds, 893);
    assert!(reply.text().contains("There were too many tries. Wait until"), "{}", reply.text());
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn how_long_to_wait_says_nothing_about_the_account(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    let mut told = Vec::new();
    for name in ["amy", "bob"] {
        let wrong = [("email", &*email(name)), ("password", "wrong")];
        let (reply, seconds) = held_up(&world, &mut site.browser(), || form("/sign-in", &wrong)).await;
        // Somebody else may have tried: what can be done at once is said to both.
        let page = reply.text();
        let is_told = page.contains("You need not wait in a browser where you signed in before");
        told.push((seconds, is_told && page.contains("a link to choose a password")));
    }
    assert_eq!(told, [(893, true), (893, true)]);
}

async fn what_is_no_refusal_of_tries_says_nothing_of_waiting(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    let mut browser = site.browser();
    for address in ["/sign-in", "/verify/0000000000000000", "/nowhere", "/help"] {
        assert_eq!(browser.get(address).await.header("retry-after"), "", "{address}");
    }
    assert_eq!(browser.signs_in("amy").await.header("retry-after"), "");
}
