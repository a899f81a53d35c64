//! Who is signed in, as those see it who look after people, and signing somebody out.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![administrators_find_who_is_signed_in_and_sign_them_out, group_administrators_find_their_own_alone];

async fn administrators_find_who_is_signed_in_and_sign_them_out(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let mut hers = site.browser_of(&amy).await;
    let _second = site.browser_of(&amy).await;
    let mut his = site.browser_of(&ben).await;
    let mut root = site.browser_of(&world.person("root", &[Role::Administrator]).await).await;
    assert!(root.get("/admin").await.text().contains("href=\"/admin/sessions\""));
    let page = root.get("/admin/sessions").await.text();
    assert!(page.contains("2 people are signed in, in 3 browsers."), "{page}");
    let only = root.get("/admin/sessions?name=AMY").await.text();
    assert!(only.contains("1 person is signed in, in 2 browsers.") && !only.contains(">ben<"), "{only}");
    assert!(root.get("/admin/sessions?name=zoe").await.text().contains("Nobody who is signed in fits this."));
    // Who it is is named before it is done, and looking does nothing.
    let address = format!("/admin/sessions/{}", amy.person.id);
    assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
    let asked = root.get(&address).await.text();
    assert!(asked.contains("Sign out <span dir=\"auto\">amy</span>"), "{asked}");
    assert_eq!(hers.get("/account").await.status, StatusCode::OK);
    let done = root.post(&address, &[]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/admin/sessions?done=ended"));
    let page = root.get("/admin/sessions?done=ended").await.text();
    assert!(page.contains("They are signed out in every browser.") && !page.contains(">amy<"), "{page}");
    assert_ne!(hers.get("/account").await.status, StatusCode::OK);
    // It stands among what was done for others, once: of who is signed in nowhere any more, nothing was done.
    assert_eq!(root.post(&address, &[]).await.status, StatusCode::SEE_OTHER);
    let done = root.get("/admin/log?kind=ways-in").await.text();
    assert_eq!(done.matches("Signed them out in every browser").count(), 1, "{done}");
    assert!(done.contains(&format!("href=\"/people/{}\"", amy.person.id)), "{done}");
    assert_eq!(his.get("/account").await.status, StatusCode::OK);
    assert_eq!(his.get("/admin/sessions").await.status, StatusCode::FORBIDDEN);
}

async fn group_administrators_find_their_own_alone(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let (_hers, mut his) = (site.browser_of(&amy).await, site.browser_of(&ben).await);
    let group = world.engine.group_at("Cohort A", engine::Actor::CommandLine).await.unwrap();
    let gina = world.learner("gina").await;
    let duty = engine::Duty { role: Role::Administrator, over: Some(group) };
    let today = engine::local_date(world.engine.now());
    world.engine.give_duty(gina.person.id, duty, today, engine::Actor::CommandLine).await.unwrap();
    let mut browser = site.browser_of(&gina).await;
    let page = browser.get("/admin/sessions").await.text();
    assert!(page.contains(">amy<") && !page.contains(">ben<"), "{page}");
    let bens = format!("/admin/sessions/{}", ben.person.id);
    assert_eq!(browser.get(&bens).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&bens, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(his.get("/account").await.status, StatusCode::OK);
}
