//! Codes at sign-in, as somebody sets them up and uses them in a browser.

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::{Actor, Role};

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, Phone, World, email, on_both};

on_both![
    somebody_sets_codes_up_and_signs_in_with_them,
    what_is_wrong_is_said_at_its_field_and_nothing_is_shown_twice,
    half_a_sign_in_leads_nowhere_and_what_was_sent_goes_on_after_the_other_half,
    a_new_password_does_not_get_around_the_code,
    with_codes_a_password_may_be_shorter_and_codes_stay_on_until_it_is_longer,
    an_administrator_turns_them_off_for_somebody,
    a_signature_says_that_a_code_was_shown,
    who_must_is_led_to_set_it_up_before_anything_else,
    what_was_sent_does_not_get_around_having_to_set_it_up,
    where_no_code_of_a_phone_is_taken_any_more_a_recovery_code_is,
];

/// Sets codes up as people do, and gives what the page with the recovery codes says.
async fn sets_up(world: &World, browser: &mut Browser) -> (Phone, Reply) {
    let begun = browser.post("/account/second-factor", &[("password", PASSWORD)]).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/account/second-factor"));
    let page = browser.get("/account/second-factor").await.text();
    let typed = page.split_once("to-type\">").unwrap().1.split_once('<').unwrap().0.replace(' ', "");
    assert!(
        page.contains(&format!("otpauth://totp/Northfield%20Training:amy%40northfield.example?secret={typed}")),
        "{page}"
    );
    let phone = Phone::that_knows(&typed, world);
    let reply = browser.post("/account/second-factor/confirm", &[("one_time_code", &phone.shows())]).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    (phone, reply)
}

async fn signs_in(browser: &mut Browser, next: &str) -> Reply {
    let fields = [("email", &*email("amy")), ("password", PASSWORD), ("next", next)];
    let asked = browser.post("/sign-in", &fields).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    asked
}

async fn shows(browser: &mut Browser, asked: &Reply, code: &str) -> Reply {
    let fields = [("half", &*asked.field("half")), ("one_time_code", code), ("next", &*asked.field("next"))];
    browser.post("/sign-in/code", &fields).await
}

fn recovery_codes(page: &str) -> Vec<String> {
    let rows = page.split("<li class=\"number\">").skip(1);
    rows.map(|row| row.split_once('<').unwrap().0.to_owned()).collect()
}

async fn somebody_sets_codes_up_and_signs_in_with_them(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let (mut here, mut there) = (site.browser_of(&amy).await, site.browser_of(&amy).await);
    assert!(here.get("/account").await.text().contains("Set up codes"));
    let (phone, codes) = sets_up(&world, &mut here).await;
    let codes = recovery_codes(&codes.text());
    assert_eq!(codes.len(), 10);
    // Here they go on, and elsewhere they sign in anew.
    assert!(here.get("/account").await.text().contains("You have 10 recovery codes left"));
    assert_eq!(there.get("/account").await.location(), "/sign-in?next=%2Faccount");
    let page = here.get("/account/second-factor").await.text();
    assert!(!codes.iter().any(|code| page.contains(code)) && !page.contains("otpauth"), "{page}");

    let asked = signs_in(&mut there, "/modules").await;
    assert!(asked.text().contains("autocomplete=\"one-time-code\"") && asked.cookies().is_empty(), "{}", asked.whole());
    let wrong = shows(&mut there, &asked, "000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("This code is not right") && wrong.text().contains("aria-invalid"));
    let let_in = shows(&mut there, &wrong, &phone.shows_another()).await;
    assert_eq!((let_in.status, let_in.location()), (StatusCode::SEE_OTHER, "/modules"));
    assert_eq!(there.get("/account").await.status, StatusCode::OK);

    // A recovery code lets them in once, and they see how many are left.
    let mut elsewhere = site.browser();
    let asked = signs_in(&mut elsewhere, "").await;
    assert_eq!(shows(&mut elsewhere, &asked, &codes[3]).await.location(), "/");
    assert!(elsewhere.get("/account").await.text().contains("You have 9 recovery codes left"));
    let mut again = site.browser();
    assert_eq!(shows(&mut again, &asked, &codes[3]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // New ones, and then none of it.
    let proof = [("password", PASSWORD), ("one_time_code", &*phone.shows_another())];
    let made = there.post("/account/second-factor/codes", &proof).await;
    assert_eq!(recovery_codes(&made.text()).len(), 10);
    let proof = [("password", PASSWORD), ("one_time_code", &*phone.shows_another())];
    let off = there.post("/account/second-factor/end", &proof).await;
    assert_eq!(off.location(), "/account?done=codes-off");
    assert!(there.get(off.location()).await.text().contains("your password alone lets you in"));
    assert_eq!(site.browser().signs_in("amy").await.status, StatusCode::SEE_OTHER);
}

async fn what_is_wrong_is_said_at_its_field_and_nothing_is_shown_twice(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let refused = browser.post("/account/second-factor", &[("password", "wrong")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Type the password that you sign in with"));
    browser.post("/account/second-factor", &[("password", PASSWORD)]).await;
    let wrong = browser.post("/account/second-factor/confirm", &[("one_time_code", "12 34")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The very same secret stays on the page, so that who mistypes need not scan again.
    assert!(wrong.text().contains("This code is not right") && wrong.text().contains("otpauth"), "{}", wrong.text());
    sets_up(&world, &mut browser).await;
    for (address, field) in [("codes", "codes-code"), ("end", "off-code")] {
        let proof = [("password", PASSWORD), ("one_time_code", "")];
        let refused = browser.post(&format!("/account/second-factor/{address}"), &proof).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(&format!("href=\"#{field}\"")) && refused.text().contains("<details open"));
    }
    // What is done twice, as by sending a form again, leads back to the page.
    let again = browser.post("/account/second-factor/confirm", &[("one_time_code", "000000")]).await;
    assert_eq!(again.location(), "/account/second-factor");
}

async fn half_a_sign_in_leads_nowhere_and_what_was_sent_goes_on_after_the_other_half(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let (phone, _) = sets_up(&world, &mut browser).await;
    world.waits(TimeDelta::hours(2));
    // A form that was sent when the session had ended waits through both halves.
    let asked = browser.post("/words", &[("twin", "first"), ("back", "/")]).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let kept = asked.field("kept");
    let fields = [("email", &*email("amy")), ("password", PASSWORD), ("kept", &*kept)];
    let half = browser.post("/sign-in", &fields).await;
    assert_eq!(half.field("kept"), kept);
    for address in ["/", "/account", "/account/second-factor", "/modules"] {
        assert_eq!(browser.get(address).await.status, StatusCode::SEE_OTHER, "{address}");
    }
    let refused = browser.post("/account/second-factor/end", &[("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let fields = [("half", &*half.field("half")), ("one_time_code", &*phone.shows()), ("kept", &*kept)];
    let carried_on = browser.post("/sign-in/code", &fields).await;
    assert!(carried_on.text().contains("action=\"/words\""), "{}", carried_on.text());

    // Ten minutes later there is nothing to go on with, and it is said.
    let mut late = site.browser();
    let asked = signs_in(&mut late, "/modules").await;
    world.waits(TimeDelta::minutes(10));
    let begins_again = shows(&mut late, &asked, &phone.shows()).await;
    assert_eq!(begins_again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(begins_again.text().contains("It took longer than ten minutes"), "{}", begins_again.text());
    assert_eq!(begins_again.field("next"), "/modules");
    assert!(late.get("/sign-in/code").await.text().contains("action=\"/sign-in\""));
}

async fn a_new_password_does_not_get_around_the_code(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let (phone, _) = sets_up(&world, &mut browser).await;
    let new = "purple kettle sings";
    let changed = browser.post("/account/password", &[("current", PASSWORD), ("password", new)]).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    let let_in = shows(&mut browser, &changed, &phone.shows_another()).await;
    assert_eq!(let_in.location(), "/account?done=password");

    let way = world.engine.make_ways_in(&[amy.person.id], Actor::CommandLine).await.unwrap().remove(0);
    let mut elsewhere = site.browser();
    let chosen = elsewhere.post(&format!("/welcome/{}", way.secret), &[("password", "green ladders dance")]).await;
    assert!(chosen.text().contains("action=\"/sign-in/code\""), "{}", chosen.text());
    assert_eq!(elsewhere.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(shows(&mut elsewhere, &chosen, &phone.shows_another()).await.location(), "/");
}

async fn with_codes_a_password_may_be_shorter_and_codes_stay_on_until_it_is_longer(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    assert!(browser.get("/account/password").await.text().contains("At least 15 characters"));
    let (phone, _) = sets_up(&world, &mut browser).await;
    assert!(browser.get("/account/password").await.text().contains("At least 8 characters"));
    let fields = [("current", PASSWORD), ("password", "kettle9")];
    let refused = browser.post("/account/password", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Choose a password with at least 8 characters"), "{}", refused.text());
    let asked = browser.post("/account/password", &[("current", PASSWORD), ("password", "kettle9x")]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    assert_eq!(shows(&mut browser, &asked, &phone.shows_another()).await.status, StatusCode::SEE_OTHER);
    let proof = [("password", "kettle9x"), ("one_time_code", &*phone.shows_another())];
    let refused = browser.post("/account/second-factor/end", &proof).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("Your password has fewer than 15 characters") && page.contains("<details open"), "{page}");
    assert!(page.contains("href=\"/account/password\""), "{page}");
}

async fn an_administrator_turns_them_off_for_somebody(world: World) {
    let (amy, root) = (world.learner("amy").await, world.person("root", &[Role::Administrator]).await);
    let site = Site::over(&world);
    let (mut hers, mut admins) = (site.browser_of(&amy).await, site.browser_of(&root).await);
    let page = format!("/people/{}/change", amy.person.id);
    assert!(!admins.get(&page).await.text().contains("Ask them for no code"));
    sets_up(&world, &mut hers).await;
    assert!(admins.get(&page).await.text().contains("Ask them for no code"));
    let off = admins.post(&format!("/people/{}/second-factor", amy.person.id), &[]).await;
    assert_eq!(off.location(), format!("{page}?done=codes-removed"));
    assert!(admins.get(off.location()).await.text().contains("that you did this is on record"));
    assert_eq!(hers.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.browser().signs_in("amy").await.status, StatusCode::SEE_OTHER);
    let none = admins.post(&format!("/people/{}/second-factor", amy.person.id), &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own = admins.post(&format!("/people/{}/second-factor", root.person.id), &[]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let not_hers = site.browser_of(&amy).await.post(&format!("/people/{}/second-factor", root.person.id), &[]).await;
    assert_eq!(not_hers.status, StatusCode::FORBIDDEN);
}

async fn a_signature_says_that_a_code_was_shown(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let (phone, _) = sets_up(&world, &mut browser).await;
    let sign = async |browser: &mut Browser, password: &str| {
        let page = browser.get("/agreements/laptop-loan").await;
        let (version, key) = (page.field("version"), page.field("key"));
        let fields = [("version", &*version), ("key", &*key), ("typed_name", "amy"), ("agree", "yes")];
        let fields = [&fields[..], &[("password", password)]].concat();
        browser.post("/agreements/laptop-loan/sign", &fields).await
    };
    let asked = signs_in(&mut browser, "").await;
    shows(&mut browser, &asked, &phone.shows_another()).await;
    world.waits(TimeDelta::minutes(11));
    let signed = sign(&mut browser, PASSWORD).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text());
    let receipt = browser.get(signed.location()).await.text();
    assert!(receipt.contains("Email, password and a code, at "), "{receipt}");
}

async fn who_must_is_led_to_set_it_up_before_anything_else(world: World) {
    let (mina, amy) = (world.person("mina", &[Role::Manager]).manages("Northfield").await, world.learner("amy").await);
    let written = format!("roles_are = \"staff\"\n[second_factor]\nrequired_from = {}", world::today(&world));
    let site = Site::over(&world);
    let mut before = site.browser_of(&mina).await;
    assert_eq!(before.get("/people").await.status, StatusCode::OK);
    world.edits("organisation.toml", "roles_are = \"staff\"", &written);
    world.publishes().await.unwrap();
    world.engine.refresh().await.unwrap();
    // Also with a session that began before.
    let mut browser = site.browser_of(&mina).await;
    for browser in [&mut before, &mut browser] {
        for address in ["/", "/people", "/account", "/account/password", "/people/csv-of-nobody", "/matrix/csv"] {
            let led = browser.get(address).await;
            let gone = led.status == StatusCode::NOT_FOUND;
            assert!(gone || led.location() == "/account/second-factor", "{address}: {}", led.whole());
        }
    }
    let refused = browser.post("/cpd/calendar", &[("do", "make")]).await;
    assert_eq!(refused.location(), "/account/second-factor");
    assert_eq!(world.raw.count("calendar_feed").await, 0);
    assert_eq!(browser.post_for_json("/words", &[]).await.status, StatusCode::FORBIDDEN);
    // Help and the way out are there.
    assert_eq!(browser.get("/help").await.status, StatusCode::OK);
    let page = browser.get("/account/second-factor").await.text();
    assert!(page.contains("You see other people’s records here") && !page.contains("Not now"), "{page}");
    browser.post("/account/second-factor", &[("password", PASSWORD)]).await;
    let page = browser.get("/account/second-factor").await.text();
    let typed = page.split_once("to-type\">").unwrap().1.split_once('<').unwrap().0;
    let phone = Phone::that_knows(&typed.replace(' ', ""), &world);
    browser.post("/account/second-factor/confirm", &[("one_time_code", &phone.shows())]).await;
    assert_eq!(browser.get("/people").await.status, StatusCode::OK);
    // Nobody else is led anywhere, nor are demonstration people.
    assert_eq!(site.browser_of(&amy).await.get("/").await.status, StatusCode::OK);
    let ada = world.person("ada", &[Role::Auditor]).await;
    assert_eq!(Site::of_a_demonstration(&world).browser_of(&ada).await.get("/people").await.status, StatusCode::OK);
    assert_eq!(site.browser_of(&ada).await.get("/people").await.location(), "/account/second-factor");
}

async fn what_was_sent_does_not_get_around_having_to_set_it_up(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&mina).await;
    let written = format!("roles_are = \"staff\"\n[second_factor]\nrequired_from = {}", world::today(&world));
    world.edits("organisation.toml", "roles_are = \"staff\"", &written);
    world.publishes().await.unwrap();
    world.engine.refresh().await.unwrap();
    for address in ["/modules/four-cs/content/read", "/agreements/laptop-loan/sign", "/words"] {
        world.waits(TimeDelta::hours(2));
        let asked = browser.post(address, &[("twin", "first"), ("typed_name", "Mina")]).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{address}");
        let kept = asked.field("kept");
        let fields = [("email", &*email("mina")), ("password", PASSWORD), ("kept", &*kept)];
        let led = browser.post("/sign-in", &fields).await;
        assert_eq!(led.location(), "/account/second-factor?lost=yes", "{address}: {}", led.whole());
        assert!(browser.get(led.location()).await.text().contains("What you were sending has not been saved"));
    }
    assert_eq!(world.raw.count("page_read").await, 0);
}

async fn where_no_code_of_a_phone_is_taken_any_more_a_recovery_code_is(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let (phone, codes) = sets_up(&world, &mut browser).await;
    world.raw.run("UPDATE second_factor SET guesses = 50").await.unwrap();
    let mut elsewhere = site.browser();
    let asked = signs_in(&mut elsewhere, "/modules").await;
    let refused = shows(&mut elsewhere, &asked, &phone.shows_another()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Type one of your recovery codes"), "{}", refused.text());
    let code = recovery_codes(&codes.text()).remove(0);
    assert_eq!(shows(&mut elsewhere, &refused, &code).await.location(), "/modules");
    let asked = signs_in(&mut elsewhere, "/").await;
    assert_eq!(shows(&mut elsewhere, &asked, &phone.shows_another()).await.location(), "/");
}
