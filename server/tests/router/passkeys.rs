//! Passkeys in pages; with a browser that makes some stands in the journeys.

use axum::http::StatusCode;
use serde_json::Value;
use server::settings::Settings;

use crate::site::Site;
use world::{PASSWORD, World, on_both};

on_both![
    passkeys_are_offered_where_browsers_make_some,
    what_no_browser_says_lets_nobody_in_and_adds_nothing,
    whoever_takes_away_their_only_way_in_is_warned_before_it_goes,
];

fn named(base_url: &str) -> Settings {
    Settings { base_url: base_url.to_owned(), ..Settings::default() }
}

async fn passkeys_are_offered_where_browsers_make_some(world: World) {
    let amy = world.learner("amy").await;
    for (base_url, offered) in [
        ("https://induct.example", true),
        ("http://localhost:3000", true),
        ("http://127.0.0.1:3000", false),
        ("https://10.0.0.5", false),
        ("http://induct.example", false),
    ] {
        let site = Site::with(&world, named(base_url));
        let page = site.browser().get("/sign-in").await.text();
        assert_eq!(page.contains("Sign in with a passkey"), offered, "{base_url}");
        assert_eq!(page.contains("/assets/passkeys-"), offered, "{base_url}");
        let mut browser = site.browser_of(&amy).await;
        assert_eq!(browser.get("/account").await.text().contains("Add a passkey"), offered, "{base_url}");
        let status = if offered { StatusCode::OK } else { StatusCode::SEE_OTHER };
        for address in ["/sign-in/passkey/ask", "/account/passkeys/ask"] {
            assert_eq!(browser.post(address, &[]).await.status, status, "{base_url} {address}");
        }
        assert_eq!(browser.get("/account/passkeys").await.status, status, "{base_url}");
    }
    let beside = |oidc_only: bool| Settings {
        oidc_issuer: Some("https://login.example".to_owned()),
        oidc_client_id: Some("induct".to_owned()),
        oidc_only,
        ..named("https://induct.example")
    };
    assert!(!Site::with(&world, beside(true)).browser().get("/sign-in").await.text().contains("passkey"));
    // What leads to the form with the password stands right before it, and once.
    let page = Site::with(&world, beside(false)).browser().get("/sign-in").await.text();
    assert!(page.contains("Sign in with a passkey") && page.matches("Or with your email").count() == 1, "{page}");
    assert!(page.find("id=\"sign-on\"") < page.find("Or with your email"), "{page}");
}

async fn what_no_browser_says_lets_nobody_in_and_adds_nothing(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::with(&world, named("http://localhost:3000"));
    let mut browser = site.browser();
    let asked: Value = serde_json::from_str(&browser.post("/sign-in/passkey/ask", &[]).await.text()).unwrap();
    assert_eq!((asked["site"].as_str(), asked["challenge"].as_str().map(str::len)), (Some("localhost"), Some(43)));
    let fields = [("asked", asked["asked"].as_str().unwrap()), ("credential", "AAAA"), ("next", "/modules")];
    for fields in [&fields[..], &[("next", "/modules")]] {
        let refused = browser.post("/sign-in/passkey", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Signing in with a passkey did not work"), "{}", refused.text());
        assert_eq!(refused.field("next"), "/modules");
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    let mut hers = site.browser_of(&amy).await;
    let wanted: Value = serde_json::from_str(&hers.post("/account/passkeys/ask", &[]).await.text()).unwrap();
    assert_eq!((wanted["name"].as_str(), wanted["kinds"][0].as_i64()), (Some("amy"), Some(-7)));
    let fields = [("name", "My phone"), ("password", PASSWORD), ("asked", wanted["asked"].as_str().unwrap())];
    let refused = hers.post("/account/passkeys", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("no passkey was added") && refused.text().contains("value=\"My phone\""));
    assert_eq!(world.raw.count("passkey").await, 0);
    let ended = hers.post("/account/passkeys/end", &[("which", "none")]).await;
    assert_eq!(ended.location(), "/account/passkeys?done=ended");
}

async fn whoever_takes_away_their_only_way_in_is_warned_before_it_goes(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::with(&world, named("http://localhost:3000"));
    let mut hers = site.browser_of(&amy).await;
    let id = world.random_id();
    let passkey = format!(
        "INSERT INTO passkey (id, person_id, credential_id, public_key, name, sign_count, made_at) \
         SELECT {}, id, 'a', 'k', 'My phone', 0, recorded_at FROM person WHERE id = {}",
        world.id_of(id),
        world.id_of(amy.person.id.0)
    );
    assert_eq!(world.raw.run(&passkey).await.unwrap(), 1);
    // As after an administrator has reset the password.
    assert!(world.raw.run("DELETE FROM password").await.unwrap() > 0);
    let id = id.to_string();
    let asked = hers.post("/account/passkeys/end", &[("which", &*id)]).await;
    let text = asked.text();
    assert_eq!(asked.status, StatusCode::CONFLICT, "{text}");
    assert!(text.contains("It is the only way in that you have") && text.contains(">My phone</span>"), "{text}");
    assert_eq!((asked.field("which"), asked.field("sure")), (id.clone(), "yes".to_owned()));
    assert_eq!(world.raw.count("passkey").await, 1);
    let ended = hers.post("/account/passkeys/end", &[("which", &*id), ("sure", "yes")]).await;
    assert_eq!(ended.location(), "/account/passkeys?done=ended");
    assert_eq!(world.raw.count("passkey").await, 0);
}
