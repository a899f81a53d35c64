//! Sessions, as the browser and the clock see them.

use app::pages::NEUTRAL;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;

use crate::site::{Browser, Reply, Site, bare};
use world::{World, on_both};

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
    after_leaving_no_address_says_what_was_read_until_somebody_signs_in,
    no_other_site_makes_anybody_leave,
    signing_out_lets_go_of_it_even_while_nothing_can_be_written,
    a_clock_that_is_set_signs_nobody_out,
    what_waits_on_a_device_is_taken_away_when_another_signs_in,
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
    // It goes with the browser; what the device is known by stays.
    assert_eq!(attributes(&reply, "induct"), ["HttpOnly", "Path=/", "SameSite=Lax"]);
    let half_a_year = "Max-Age=15552000";
    assert_eq!(attributes(&reply, "induct-device"), ["HttpOnly", half_a_year, "Path=/", "SameSite=Lax"]);
    assert_eq!(attributes(&reply, "induct-owner"), ["HttpOnly", "Max-Age=86400", "Path=/", "SameSite=Lax"]);
    assert_eq!(reply.cookies().len(), 3);
}

async fn over_tls_the_cookie_is_secure_and_bound_to_the_host(world: World) {
    world.learner("amy").await;
    let reply = Site::secure(&world).browser().signs_in("amy").await;
    assert_eq!(attributes(&reply, "__Host-induct"), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    for name in ["__Host-induct-device", "__Host-induct-owner"] {
        assert!(attributes(&reply, name).contains(&"Secure"), "{name}");
    }
    assert_eq!(reply.cookies().len(), 3);
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
    // What the device is known by stays, and for whom a form would wait; both say nothing.
    assert_eq!(leaving.cookies.keys().collect::<Vec<_>>(), ["induct-device", "induct-owner"]);
    assert!(!is_signed_in(&mut browser.clone()).await);
    assert_eq!(world.raw.count("session").await, 0);
}

async fn signing_out_lets_go_of_it_even_while_nothing_can_be_written(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    let mut elsewhere = browser.clone();
    if world.raw.is_sqlite() {
        world
            .raw
            .run("CREATE TRIGGER full BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'full'); END")
            .await
            .unwrap();
    } else {
        let refuse = "CREATE TRIGGER full_disk BEFORE DELETE ON session FOR EACH ROW EXECUTE FUNCTION refuse('full')";
        world.raw.run(refuse).await.unwrap();
    }
    let reply = browser.post("/sign-out", &[]).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let text = reply.text();
    assert!(text.contains("You are signed out in this browser") && text.contains("class=\"number\">"), "{text}");
    assert!(!text.contains("Sign out"), "{text}");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["induct-device", "induct-owner"]);
    assert!(!is_signed_in(&mut browser).await);
    // As it says, on our side it is still there.
    assert!(is_signed_in(&mut elsewhere).await);
    world.engine.close().await;
    let reply = elsewhere.post("/sign-out", &[]).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.text().contains("You are signed out in this browser"), "{}", reply.text());
    assert_eq!(elsewhere.cookies.keys().collect::<Vec<_>>(), ["induct-device", "induct-owner"]);
}

async fn a_clock_that_is_set_signs_nobody_out(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    world.sets_clock(TimeDelta::hours(2));
    assert!(is_signed_in(&mut browser).await);
    // Somebody else signs in, which forgets sessions that have ended.
    site.browser_of(&world.learner("ben").await).await;
    world.waits(TimeDelta::minutes(50));
    assert!(is_signed_in(&mut browser).await);
    world.sets_clock(TimeDelta::hours(24));
    assert!(is_signed_in(&mut browser).await);
    world.waits(TimeDelta::hours(1));
    assert!(!is_signed_in(&mut browser).await);
}

async fn what_waits_on_a_device_is_taken_away_when_another_signs_in(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    world.learner("ben").await;
    let mut browser = site.browser();
    let taken_away = "\"storage\"";
    assert_eq!(browser.signs_in("amy").await.header("clear-site-data"), taken_away);
    // Her own answers wait for her, also when she has signed out in between.
    assert_eq!(browser.signs_in("amy").await.header("clear-site-data"), "");
    browser.post("/sign-out", &[]).await;
    assert_eq!(browser.signs_in("amy").await.header("clear-site-data"), "");
    browser.post("/sign-out", &[]).await;
    assert_eq!(browser.signs_in("ben").await.header("clear-site-data"), taken_away);
    // After a day the browser no longer says whose they are.
    browser.cookies.remove("induct-owner");
    assert_eq!(browser.signs_in("ben").await.header("clear-site-data"), taken_away);
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

async fn after_leaving_no_address_says_what_was_read_until_somebody_signs_in(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    assert_eq!(browser.get("/modules/sharing-nudes").await.status, StatusCode::OK);
    let reply = browser.post("/leave", &[]).await;
    assert_eq!(attributes(&reply, "induct-left"), ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax"]);
    for gone_back_to in
        ["/modules/sharing-nudes", "/modules/sharing-nudes/the-law", "/", "/sign-in?next=%2Fmodules%2Fsharing-nudes"]
    {
        assert_eq!(browser.get(gone_back_to).await.location(), "/sign-in", "{gone_back_to}");
    }
    let page = browser.get("/sign-in").await;
    assert!(page.status == StatusCode::OK && !page.text().contains("sharing-nudes"));
    // Once somebody has signed in, an address leads where it says again.
    assert_eq!(browser.signs_in("amy").await.location(), "/");
    assert!(!browser.cookies.contains_key("induct-left"));
    browser.post("/sign-out", &[]).await;
    assert_eq!(browser.get("/modules/sharing-nudes").await.location(), "/sign-in?next=%2Fmodules%2Fsharing-nudes");
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
    world.resets_password("amy", "another horse battery").await;
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

/// What a reply says of a cookie that it sets, besides its value.
fn attributes<'r>(reply: &'r Reply, name: &str) -> Vec<&'r str> {
    let prefix = format!("{name}=");
    let cookies = reply.cookies();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with(&prefix)).unwrap();
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}
