//! Changes that another site's page asks for are refused at every address that changes something.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header},
};
use engine::Role;
use server::{Need, RIGHTS};

use crate::{site::Site, visitor::Visitor};
use world::{World, on_both};

on_both![
    what_another_sites_page_sends_is_refused_and_changes_nothing,
    our_own_pages_and_programs_may_change_things,
    another_sites_link_may_be_followed,
];

/// The headers of requests that come from elsewhere.
const ELSEWHERE: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000")],
    &[("origin", "https://elsewhere.example")],
    &[("origin", "http://127.0.0.1:3000.elsewhere.example")],
    &[("origin", "null")],
];

async fn what_another_sites_page_sends_is_refused_and_changes_nothing(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let mut browser = site.browser_of(&everybody.someone).await;
    let before = world.raw.everything().await;
    // What a directory sends counts by its token alone, which no page of another site has.
    let posts = RIGHTS.iter().filter(|right| right.method == Method::POST && right.need != Need::Directory);
    for right in posts {
        for headers in ELSEWHERE {
            let reply = browser.send(from(everybody.request(right), headers)).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{} {headers:?}", right.path);
            assert!(reply.text().contains("It did not come from a page of this site"), "{}", reply.text());
        }
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn our_own_pages_and_programs_may_change_things(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let browser = site.browser_of(&everybody.someone).await;
    let own: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://127.0.0.1:3000")],
        &[],
    ];
    let read = RIGHTS.iter().find(|right| right.path.ends_with("/read")).unwrap();
    for headers in own {
        let reply = browser.clone().send(from(everybody.request(read), headers)).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

async fn another_sites_link_may_be_followed(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    let request = Request::get("/").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(browser.send(request).await.status, StatusCode::OK);
}

/// The same request with these headers in place of those that say where it comes from.
fn from(mut request: Request<Body>, headers: &[(&'static str, &'static str)]) -> Request<Body> {
    request.headers_mut().remove("sec-fetch-site");
    request.headers_mut().remove(header::ORIGIN);
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    request
}
