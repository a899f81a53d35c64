//! Somebody's account, as they see it in a browser.

use axum::http::StatusCode;

use crate::site::Site;
use world::{PASSWORD, World, email, on_both};

on_both![
    a_password_is_changed_and_its_owner_stays_signed_in_here_alone,
    what_is_wrong_with_a_password_is_said_at_its_field,
    sessions_are_ended_from_another,
    early_letters_are_stopped_and_had_again,
];

const NEW: &str = "purple kettle sings";

async fn a_password_is_changed_and_its_owner_stays_signed_in_here_alone(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let mut here = site.browser_of(&amy).await;
    let mut there = site.browser_of(&amy).await;
    let form = here.get("/account/password").await.text();
    assert!(
        form.contains("autocomplete=\"current-password\"") && form.contains("autocomplete=\"new-password\""),
        "{form}"
    );
    let changed = here.post("/account/password", &[("current", PASSWORD), ("password", NEW)]).await;
    assert_eq!((changed.status, changed.location()), (StatusCode::SEE_OTHER, "/account?done=password"));
    let page = here.get(changed.location()).await.text();
    assert!(page.contains("Your password is changed") && page.contains("signed in nowhere else"), "{page}");
    assert_eq!(there.get("/account").await.location(), "/sign-in?next=%2Faccount");
    let fields = [("email", &*email("amy")), ("password", PASSWORD)];
    assert_eq!(site.browser().post("/sign-in", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("email", &*email("amy")), ("password", NEW)];
    assert_eq!(site.browser().post("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
}

async fn what_is_wrong_with_a_password_is_said_at_its_field(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let cases = [
        ("", NEW, "Type the password that you have now"),
        ("not my password at all", NEW, "This is not your password now"),
        (PASSWORD, "short", "at least 15 characters"),
        (PASSWORD, "passwordpassword1", "one of the passwords that are tried first"),
        (PASSWORD, PASSWORD, "This is the password that you have"),
    ];
    for (current, password, said) in cases {
        let again = browser.post("/account/password", &[("current", current), ("password", password)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let page = again.text();
        assert!(page.contains(said) && page.contains("aria-invalid"), "{said} in {page}");
        assert!(!page.contains(NEW), "{page}");
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

async fn early_letters_are_stopped_and_had_again(mut world: World) {
    let amy = world.learner("amy").await;
    let without = Site::over(&world).browser_of(&amy).await.get("/account").await.text();
    assert!(!without.contains("Letters to you"), "{without}");
    world.engine = world.engine.with_letters();
    let mut browser = Site::over(&world).browser_of(&amy).await;
    assert!(browser.get("/account").await.text().contains("Stop these letters"));
    for (code, location, verb, stopped) in [
        ("stop", "/account?done=stop-letters", "Have them again", true),
        ("go-on", "/account?done=go-on-letters", "Stop these letters", false),
        ("neither", "/account", "Stop these letters", false),
    ] {
        assert_eq!(browser.post("/account/letters", &[("do", code)]).await.location(), location);
        assert!(browser.get(location).await.text().contains(verb), "{code}");
        assert_eq!(world.engine.has_stopped_own_reminders(&amy.person).await.unwrap(), stopped, "{code}");
    }
}

async fn sessions_are_ended_from_another(world: World) {
    let amy = world.learner("amy").await;
    let site = Site::over(&world);
    let (mut here, mut phone, mut desk) =
        (site.browser_of(&amy).await, site.browser_of(&amy).await, site.browser_of(&amy).await);
    let page = here.get("/account").await;
    assert_eq!(page.text().matches("<h3>A browser that does not say its name").count(), 3, "{}", page.text());
    let key = page.field("which");
    let ended = here.post("/account/sessions/end", &[("which", &key)]).await;
    assert_eq!(ended.location(), "/account?done=ended");
    let left = [phone.get("/account").await.status, desk.get("/account").await.status];
    assert_eq!(left.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{left:?}");
    let ended = here.post("/account/sessions/end", &[("which", "others")]).await;
    assert_eq!(ended.location(), "/account?done=ended-all");
    assert_eq!(phone.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.get("/account").await.status, StatusCode::SEE_OTHER);
    assert!(here.get("/account").await.text().contains("signed in nowhere else"));
}
