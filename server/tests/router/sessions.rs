//! Sessions, as the browser and the clock see them.

use app::pages::NEUTRAL;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;

use crate::{
    site::{Browser, Site, bare},
    world::{World, email, on_both},
};

on_both![
    nobody_gets_a_cookie_before_signing_in,
    signing_in_gives_a_new_id,
    an_id_from_before_signing_in_is_worth_nothing,
    signing_in_again_ends_the_session_before,
    the_cookie_is_for_us_alone,
    over_tls_the_cookie_is_secure_and_bound_to_the_host,
    an_hour_without_a_request_ends_it,
    whoever_goes_on_stays_signed_in,
    after_twelve_hours_it_ends_whatever_is_done,
    reading_on_writes_nothing_for_five_minutes,
    signing_out_ends_it_on_the_server,
    leaving_ends_it_on_the_server_and_goes_elsewhere,
    leaving_leads_away_whether_or_not_the_database_answers,
    no_other_site_makes_anybody_leave,
    a_password_reset_ends_it,
    a_cookie_that_is_no_id_is_no_session,
];

async fn nobody_gets_a_cookie_before_signing_in(world: World) {
    let mut browser = Site::over(&world).browser();
    for address in ["/", "/sign-in", "/help", "/nowhere"] {
        assert!(browser.get(address).await.cookies().is_empty(), "{address}");
    }
    assert_eq!(world.raw.count("session").await, 0);
}

async fn signing_in_gives_a_new_id(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let (one, other) = (site.browser_of(&amy).await, site.browser_of(&amy).await);
    assert_ne!(one.cookies["induct"], other.cookies["induct"]);
}

async fn an_id_from_before_signing_in_is_worth_nothing(world: World) {
    let site = Site::over(&world);
    let mallory = world.learner("mallory").await;
    world.learner("amy").await;
    let planted = site.browser_of(&mallory).await;
    let mut browser = planted.clone();
    browser.signs_in("amy").await;
    assert_ne!(browser.cookies["induct"], planted.cookies["induct"]);
    assert!(is_signed_in(&mut browser).await);
    assert!(!is_signed_in(&mut planted.clone()).await);

    let mut invented = site.browser();
    invented.cookies.insert("induct".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    invented.signs_in("amy").await;
    assert_ne!(invented.cookies["induct"], "AAAAAAAAAAAAAAAAAAAAAA");
}

async fn signing_in_again_ends_the_session_before(world: World) {
    let site = Site::over(&world);
    let before = site.browser_of(&world.learner("amy").await).await;
    before.clone().signs_in("amy").await;
    assert!(!is_signed_in(&mut before.clone()).await);
    assert_eq!(world.raw.count("session").await, 1);
}

async fn the_cookie_is_for_us_alone(world: World) {
    world.learner("amy").await;
    let reply = Site::over(&world).browser().signs_in("amy").await;
    let [cookie] = reply.cookies()[..] else { panic!("one cookie: {:?}", reply.cookies()) };
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert!(cookie.starts_with("induct="), "{cookie}");
}

async fn over_tls_the_cookie_is_secure_and_bound_to_the_host(world: World) {
    world.learner("amy").await;
    let reply = Site::secure(&world).browser().signs_in("amy").await;
    let [cookie] = reply.cookies()[..] else { panic!("one cookie: {:?}", reply.cookies()) };
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    assert!(cookie.starts_with("__Host-induct="), "{cookie}");
}

async fn an_hour_without_a_request_ends_it(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    world.waits(TimeDelta::hours(1) - TimeDelta::seconds(1));
    assert!(is_signed_in(&mut browser).await);
    world.waits(TimeDelta::hours(1));
    assert!(!is_signed_in(&mut browser).await);
}

async fn whoever_goes_on_stays_signed_in(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    for _ in 0..14 {
        world.waits(TimeDelta::minutes(50));
        assert!(is_signed_in(&mut browser).await);
    }
}

async fn after_twelve_hours_it_ends_whatever_is_done(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    for _ in 0..23 {
        world.waits(TimeDelta::minutes(30));
        assert!(is_signed_in(&mut browser).await);
    }
    world.waits(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    assert!(is_signed_in(&mut browser).await);
    world.waits(TimeDelta::seconds(1));
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(world.raw.count("session").await, 0);
}

async fn reading_on_writes_nothing_for_five_minutes(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    let before = world.raw.contents("session").await;
    world.waits(TimeDelta::minutes(5) - TimeDelta::seconds(1));
    assert!(is_signed_in(&mut browser).await);
    assert_eq!(world.raw.contents("session").await, before);
    world.waits(TimeDelta::seconds(1));
    assert!(is_signed_in(&mut browser).await);
    assert_ne!(world.raw.contents("session").await, before);
}

async fn signing_out_ends_it_on_the_server(world: World) {
    let site = Site::over(&world);
    let browser = site.browser_of(&world.learner("amy").await).await;
    let mut leaving = browser.clone();
    assert_eq!(leaving.post("/sign-out", &[]).await.location(), "/sign-in");
    assert!(leaving.cookies.is_empty());
    assert!(!is_signed_in(&mut browser.clone()).await);
    assert_eq!(world.raw.count("session").await, 0);
}

async fn leaving_ends_it_on_the_server_and_goes_elsewhere(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    let mut copy = browser.clone();
    let reply = browser.post("/leave", &[]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, NEUTRAL));
    assert!(!is_signed_in(&mut copy).await);
    // Browsers count where a form leads in the end.
    let policy = browser.get("/help").await.header("content-security-policy").to_owned();
    assert!(policy.contains(&format!("form-action 'self' {NEUTRAL};")), "{policy}");
}

async fn leaving_leads_away_whether_or_not_the_database_answers(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    world.engine.close().await;
    assert_eq!(browser.post("/leave", &[]).await.location(), NEUTRAL);
    assert_eq!(Site::over(&world).browser().post("/leave", &[]).await.location(), NEUTRAL);
}

async fn no_other_site_makes_anybody_leave(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    let mut request = bare(Method::POST, "/leave");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN);
    assert!(is_signed_in(&mut browser).await);
}

async fn a_password_reset_ends_it(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    world.engine.reset_password(&email("amy"), "another horse battery").await.unwrap();
    assert!(!is_signed_in(&mut browser).await);
}

async fn a_cookie_that_is_no_id_is_no_session(world: World) {
    let mut browser = Site::over(&world).browser();
    for value in ["", "x", "'; DROP TABLE session; --", "AAAAAAAAAAAAAAAAAAAAAA"] {
        browser.cookies.insert("induct".to_owned(), value.to_owned());
        assert!(!is_signed_in(&mut browser).await, "{value}");
    }
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    match browser.get("/").await.status {
        StatusCode::OK => true,
        StatusCode::SEE_OTHER => false,
        other => panic!("{other}"),
    }
}
