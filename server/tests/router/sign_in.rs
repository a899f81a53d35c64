//! Signing in through the form, and what was being sent when a session had ended.

use std::net::SocketAddr;

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, World, email, on_both};

on_both![
    signing_in_leads_where_one_was_going,
    nobody_is_led_to_another_site,
    a_wrong_password_says_nothing_about_the_account,
    too_many_tries_say_nothing_about_the_account,
    a_forwarded_address_is_believed_from_no_stranger,
    the_password_is_never_sent_back,
    an_answer_outlives_an_expired_session,
    an_answer_outlives_a_mistyped_password_too,
    who_turns_a_page_too_late_is_on_the_next_one,
    a_signature_is_never_carried_on,
    somebody_elses_form_is_dropped_and_it_is_said,
    a_form_that_has_waited_for_a_day_is_dropped,
    what_is_kept_says_nothing_to_whoever_finds_it,
    nothing_is_kept_where_nobody_was_signed_in,
    a_classmate_locks_nobody_out_of_their_own_device,
    an_address_with_what_nobody_can_see_is_told,
    the_island_is_told_that_the_session_has_ended,
    an_expired_session_leads_back_to_the_page,
];

async fn signing_in_leads_where_one_was_going(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    let mut browser = site.browser();
    let asked = browser.get("/modules/four-cs/four-words?a=1&b=%C3%A9").await;
    let page = browser.get(asked.location()).await;
    let next = page.field("next");
    let signed_in =
        browser.post("/sign-in", &[("email", &email("amy")), ("password", PASSWORD), ("next", &next)]).await;
    assert_eq!(signed_in.location(), "/modules/four-cs/four-words?a=1&b=%C3%A9");
}

async fn nobody_is_led_to_another_site(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let mut signed_in = site.browser_of(&amy).await;
    for elsewhere in [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "https:evil.example",
        "http:/\u{5c}evil.example",
        "/\u{5c}evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ] {
        let query = serde_html_form::to_string([("next", elsewhere)]).unwrap();
        let page = site.browser().get(&format!("/sign-in?{query}")).await;
        assert_eq!(page.field("next"), "/", "{elsewhere:?}");
        assert_eq!(signed_in.get(&format!("/sign-in?{query}")).await.location(), "/", "{elsewhere:?}");
    }
    let form = |kept: Option<&'static str>| {
        let mut fields =
            vec![("email", email("amy")), ("password", PASSWORD.to_owned()), ("next", "//evil.example".to_owned())];
        fields.extend(kept.map(|kept| ("kept", kept.to_owned())));
        fields
    };
    assert_eq!(posted(&mut site.browser(), "/sign-in", &form(None)).await.location(), "/");
    let carry_on = posted(&mut site.browser(), "/sign-in", &form(Some("option=a"))).await;
    assert!(!carry_on.text().contains("evil.example"), "{}", carry_on.text());
}

async fn a_wrong_password_says_nothing_about_the_account(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    let known = tried(&mut site.browser(), "amy").await;
    let unknown = tried(&mut site.browser(), "bob").await;
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(anonymous(&known, "amy"), anonymous(&unknown, "bob"));
}

async fn too_many_tries_say_nothing_about_the_account(world: World) {
    let site = Site::over(&world);
    world.learner("amy").await;
    let mut replies = Vec::new();
    for name in ["amy", "bob"] {
        let mut browser = site.browser();
        for _ in 0..8 {
            assert_eq!(tried(&mut browser, name).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let reply = tried(&mut browser, name).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        replies.push(anonymous(&reply, name));
        // Even the right password waits.
        assert_eq!(browser.signs_in(name).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(replies[0], replies[1]);
    let mut elsewhere = site.browser();
    elsewhere.from = SocketAddr::from(([192, 0, 2, 8], 40_000));
    assert_eq!(elsewhere.signs_in("amy").await.status, StatusCode::SEE_OTHER);
}

async fn a_forwarded_address_is_believed_from_no_stranger(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser();
    for number in 0..9 {
        let mut request = crate::site::form("/sign-in", &[("email", "amy@northfield.example"), ("password", "wrong")]);
        request.headers_mut().insert("x-forwarded-for", format!("198.51.100.{number}").parse().unwrap());
        let reply = browser.send(request).await;
        assert_eq!(reply.status == StatusCode::TOO_MANY_REQUESTS, number == 8);
    }
}

async fn the_password_is_never_sent_back(world: World) {
    let site = Site::over(&world);
    let fields = [("email", "amy@northfield.example"), ("password", "do not show this"), ("next", "/")];
    let reply = site.browser().post("/sign-in", &fields).await;
    assert!(reply.text().contains("amy@northfield.example") && !reply.text().contains("do not show this"));
}

async fn an_answer_outlives_an_expired_session(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let mut browser = site.browser_of(&amy).await;
    world.waits(TimeDelta::hours(2));
    let page = browser.post(&format!("/attempts/{attempt}/answers"), &[("question", "1"), ("option", "b")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(amy.saved(attempt, "first").await, "");
    let welcome = signed_in_from(&mut browser, &page, PASSWORD).await;
    sent_on(&mut browser, &welcome, &format!("/attempts/{attempt}/answers")).await;
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn an_answer_outlives_a_mistyped_password_too(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let mut browser = site.browser_of(&amy).await;
    world.waits(TimeDelta::hours(2));
    let page = browser.post(&format!("/attempts/{attempt}/answers"), &[("question", "1"), ("option", "b")]).await;
    let again = signed_in_from(&mut browser, &page, "wrong").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let welcome = signed_in_from(&mut browser, &again, PASSWORD).await;
    sent_on(&mut browser, &welcome, &format!("/attempts/{attempt}/answers")).await;
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn who_turns_a_page_too_late_is_on_the_next_one(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let mut browser = site.browser_of(&amy).await;
    let pages =
        world.engine.catalogue().modules.values().find(|it| it.slug.as_str() == "four-cs").unwrap().pages.clone();
    let page = format!("/modules/four-cs/{}", pages[0].slug);
    world.waits(TimeDelta::hours(2));
    let asked = browser.post(&format!("{page}/read"), &[]).await;
    assert_eq!((asked.status, world.raw.count("page_read").await), (StatusCode::UNAUTHORIZED, 0));
    let next = signed_in_from(&mut browser, &asked, PASSWORD).await;
    let on = pages.get(1).map_or_else(|| "quiz".to_owned(), |next| next.slug.to_string());
    assert_eq!(next.location(), format!("/modules/four-cs/{on}"));
    assert_eq!(world.raw.count("page_read").await, 1);
}

async fn a_signature_is_never_carried_on(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = site.browser_of(&amy).await;
    let page = sends_too_late(&world, &mut browser).await;
    let reply = signed_in_from(&mut browser, &page, PASSWORD).await;
    assert_eq!((reply.status, world.raw.count("signature").await), (StatusCode::OK, 0));
    let text = reply.text();
    assert!(text.contains("so nothing was signed") && text.contains("The text of the agreement"), "{text}");
    assert_eq!(reply.field("typed_name"), "Amy Archer");
    assert!(!text.contains(" checked"), "{text}");
    let (version, key) = (reply.field("version"), reply.field("key"));
    let fields = [("version", &*version), ("key", &key), ("typed_name", "Amy Archer"), ("agree", "yes")];
    assert!(browser.post("/agreements/learner-aup/sign", &fields).await.location().starts_with("/receipts/"));
}

async fn somebody_elses_form_is_dropped_and_it_is_said(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = site.browser_of(&amy).await;
    let page = sends_too_late(&world, &mut browser).await;
    let fields = [
        ("email", email("ben")),
        ("password", PASSWORD.to_owned()),
        ("next", "/".to_owned()),
        ("kept", page.field("kept")),
    ];
    let reply = posted(&mut browser, "/sign-in", &fields).await;
    assert_eq!(reply.status, StatusCode::OK);
    let text = reply.text();
    assert!(text.contains("It was somebody else’s") && !text.contains("Amy") && !text.contains("/sign\""), "{text}");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    // Nor is it kept for Ben's next time, and Amy's own page still opens it for her.
    assert!(signed_in_from(&mut browser, &page, PASSWORD).await.text().contains("so nothing was signed"));
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_form_that_has_waited_for_a_day_is_dropped(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let mut browser = site.browser_of(&amy).await;
    world.waits(TimeDelta::hours(2));
    let page = browser.post("/modules/sharing-nudes/quiz", &[]).await;
    world.waits(TimeDelta::days(1));
    let reply = signed_in_from(&mut browser, &page, PASSWORD).await;
    assert!(reply.text().contains("more than a day old"), "{}", reply.text());
    assert_eq!(world.raw.count("attempt").await, 0);
}

async fn what_is_kept_says_nothing_to_whoever_finds_it(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = site.browser_of(&amy).await;
    let page = sends_too_late(&world, &mut browser).await;
    let whole = page.whole();
    for said in ["Amy", "learner-aup", "do not show this", "do+not+show+this", &amy.person.id.to_string()] {
        assert!(!whole.contains(said), "{said} in {whole}");
    }
    // Not even to her does it show a password.
    let reply = signed_in_from(&mut browser, &page, PASSWORD).await;
    assert!(!reply.whole().contains("do not show this"), "{}", reply.whole());
}

async fn nothing_is_kept_where_nobody_was_signed_in(world: World) {
    let site = Site::over(&world);
    let fields = [("typed_name", "Amy Archer"), ("agree", "yes")];
    let mut after_a_day = site.browser_of(&world.learner("amy").await).await;
    after_a_day.cookies.clear();
    for browser in [&mut site.browser(), &mut after_a_day] {
        let page = browser.post("/agreements/learner-aup/sign", &fields).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        let text = page.text();
        assert!(
            text.contains("did not reach us") && !text.contains("name=\"kept\"") && !text.contains("Amy"),
            "{text}"
        );
    }
}

async fn a_classmate_locks_nobody_out_of_their_own_device(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let mut hers = site.browser_of(&amy).await;
    hers.post("/sign-out", &[]).await;
    let mut his = site.browser();
    for _ in 0..10 {
        tried(&mut his, "amy").await;
    }
    assert_eq!(his.signs_in("amy").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(hers.signs_in("amy").await.status, StatusCode::SEE_OTHER);
}

async fn an_address_with_what_nobody_can_see_is_told(world: World) {
    let mut browser = Site::over(&world).browser();
    for address in ["amy\0@northfield.example", "amy\u{200b}@northfield.example", "\u{7}"] {
        let reply = browser.post("/sign-in", &[("email", address), ("password", PASSWORD)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{address:?}");
        assert!(reply.text().contains("Your email has a character in it that nobody can see"), "{}", reply.text());
    }
}

/// Sends a signature after the session has ended, and gives the page that comes back.
async fn sends_too_late(world: &World, browser: &mut Browser) -> Reply {
    let form = browser.get("/agreements/learner-aup").await;
    let (version, key) = (form.field("version"), form.field("key"));
    world.waits(TimeDelta::hours(2));
    let fields = [
        ("version", &*version),
        ("key", &key),
        ("typed_name", "Amy Archer"),
        ("agree", "yes"),
        ("password", "do not show this"),
    ];
    let page = browser.post("/agreements/learner-aup/sign", &fields).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page
}

async fn the_island_is_told_that_the_session_has_ended(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let answers = format!("/attempts/{attempt}/answers");
    let reply = Site::over(&world).browser().post_for_json(&answers, &[("question", "1"), ("option", "b")]).await;
    assert_eq!((reply.status, reply.body.len()), (StatusCode::UNAUTHORIZED, 0));
}

async fn an_expired_session_leads_back_to_the_page(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.learner("amy").await).await;
    world.waits(TimeDelta::hours(2));
    let reply = browser.get("/modules/four-cs").await;
    assert_eq!(reply.location(), "/sign-in?next=%2Fmodules%2Ffour-cs");
}

/// Signs Amy in through the form on a page, with everything that the page keeps.
async fn signed_in_from(browser: &mut Browser, page: &Reply, password: &str) -> Reply {
    let fields = [
        ("email", email("amy")),
        ("password", password.to_owned()),
        ("next", page.field("next")),
        ("kept", page.field("kept")),
    ];
    posted(browser, "/sign-in", &fields).await
}

/// Presses the button that sends on what was kept.
async fn sent_on(browser: &mut Browser, welcome: &Reply, address: &str) {
    assert_eq!(welcome.status, StatusCode::OK, "{}", welcome.text());
    assert!(welcome.text().contains(&format!("action=\"{address}\"")), "{}", welcome.text());
    let fields = [("question", welcome.field("question")), ("option", welcome.field("option"))];
    assert_eq!(posted(browser, address, &fields).await.status, StatusCode::SEE_OTHER);
}

async fn posted(browser: &mut Browser, address: &str, fields: &[(&str, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(address, &fields).await
}

async fn tried(browser: &mut Browser, name: &str) -> Reply {
    browser.post("/sign-in", &[("email", &email(name)), ("password", "wrong")]).await
}

/// A reply without what differs from one to the next anyway.
fn anonymous(reply: &Reply, name: &str) -> String {
    reply.whole().replace(reply.nonce(), "nonce").replace(&email(name), "somebody")
}
