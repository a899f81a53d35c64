//! What every reply tells the browser it may do.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use engine::Role;
use server::RIGHTS;

use crate::{
    site::{Browser, Reply, Site, bare},
    visitor::Visitor,
};
use world::{World, on_both};

on_both![
    every_page_runs_our_own_scripts_only,
    every_reply_has_the_security_headers,
    each_page_has_a_nonce_of_its_own,
    over_tls_everything_is_upgraded,
    a_page_without_an_island_loads_no_script_but_the_quick_exit,
    files_with_a_hash_in_their_name_are_kept_for_ever_and_pages_are_not,
];

async fn every_page_runs_our_own_scripts_only(world: World) {
    for page in pages(&world).await {
        let policy = page.header("content-security-policy");
        assert!(!page.nonce().is_empty() && !policy.contains("unsafe-inline"), "{policy}");
        assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        let text = page.text();
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{}\"", page.nonce())), "<script{tag}>");
        }
        assert!(!text.contains(" style=\"") && !text.contains("<style"), "{text}");
        for handler in [" onclick=", " onload=", " onsubmit=", "javascript:"] {
            assert!(!text.contains(handler), "{handler} in {text}");
        }
    }
}

async fn every_reply_has_the_security_headers(world: World) {
    let mut replies = pages(&world).await;
    let site = Site::over(&world);
    let mut browser = site.browser();
    replies.push(browser.get("/").await);
    replies.push(browser.post("/modules/four-cs/quiz", &[]).await);
    replies.push(browser.post_for_json("/modules/four-cs/quiz", &[]).await);
    replies.push(browser.get("/nowhere").await);
    replies.push(browser.get("/healthz").await);
    replies.push(browser.get("/assets/nothing").await);
    replies.push(browser.send(bare(Method::PUT, "/help")).await);
    replies.push(browser.post("/sign-in", &[("email", &"a".repeat(70_000))]).await);
    replies.push(browser.send(Request::post("/sign-in").header("origin", "null").body(Body::empty()).unwrap()).await);
    let mut signed_in = site.browser_of(&world.learner("zoe").await).await;
    world.engine.close().await;
    replies.push(signed_in.get("/").await);
    // That it was ready counts for half a second.
    tokio::time::sleep(Duration::from_millis(600)).await;
    replies.push(browser.get("/readyz").await);
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 303, 401, 403, 404, 405, 413, 422, 500, 503]);
    for reply in &replies {
        let headers = ["x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"];
        let found = headers.map(|name| reply.header(name));
        assert_eq!(found, ["nosniff", "DENY", "same-origin", "same-origin"], "{}", reply.whole());
        assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{}", reply.whole());
        assert!(reply.header("permissions-policy").contains("camera=()"), "{}", reply.whole());
    }
}

async fn each_page_has_a_nonce_of_its_own(world: World) {
    let mut browser = Site::over(&world).browser();
    let (one, other) = (browser.get("/help").await, browser.get("/help").await);
    assert!(one.nonce().len() >= 16 && one.nonce() != other.nonce(), "{} {}", one.nonce(), other.nonce());
}

async fn over_tls_everything_is_upgraded(world: World) {
    let secure = Site::secure(&world).browser().get("/help").await;
    assert!(secure.header("content-security-policy").contains("upgrade-insecure-requests"));
    let plain = Site::over(&world).browser().get("/help").await;
    assert!(!plain.header("content-security-policy").contains("upgrade-insecure-requests"));
    assert_eq!(secure.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(plain.header("strict-transport-security"), "");
}

async fn a_page_without_an_island_loads_no_script_but_the_quick_exit(world: World) {
    for page in pages(&world).await {
        let text = page.text();
        let scripts: Vec<&str> = text.split("<script").skip(1).collect();
        if !text.contains("<leptos-island") {
            // The page on which files are checked has a script and WebAssembly of its own, and the matrix a script.
            let checks = text.contains("data-verify=");
            let own = match (checks, text.contains("<h1>Matrix</h1>")) {
                (true, _) => &["/assets/quick-exit-", "/assets/verify-"][..],
                (false, true) => &["/assets/quick-exit-", "/assets/matrix-"][..],
                (false, false) => &["/assets/quick-exit-"][..],
            };
            let fits = scripts.len() == own.len() && scripts.iter().zip(own).all(|(script, own)| script.contains(own));
            assert!(fits, "{scripts:?}");
            assert!(checks || !text.contains(".wasm"));
        }
    }
}

async fn files_with_a_hash_in_their_name_are_kept_for_ever_and_pages_are_not(world: World) {
    let mut browser = Site::over(&world).browser();
    let page = browser.get("/help").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let (_, rest) = text.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let address = rest.split_once('"').unwrap().0;
    let plain = browser.get(address).await;
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("content-encoding"), "");
    let accepting = Request::get(address).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
    let compressed = browser.send(accepting).await;
    assert_eq!((compressed.header("content-encoding"), compressed.header("vary")), ("br", "accept-encoding"));
    assert!(compressed.body.len() < plain.body.len());
}

/// Every page that there is, for somebody who may see all of them, and some that say why there is none.
async fn pages(world: &World) -> Vec<Reply> {
    let site = Site::over(world);
    let everybody = Visitor::arrives(world, "everybody", &Role::ALL).await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let (mut browser, mut hers) = (site.browser_of(&everybody.someone).await, site.browser_of(&amy).await);
    let mut replies = Vec::new();
    for right in RIGHTS.iter().filter(|right| right.method == Method::GET) {
        replies.push(followed(&mut browser, &everybody.address(right.path)).await);
    }
    replies.push(hers.get("/agreements/learner-aup").await);
    replies.push(hers.get("/nowhere").await);
    replies.push(hers.get("/modules/boundaries").await);
    replies.push(site.browser().get("/sign-in").await);
    replies.push(site.browser().post("/modules/four-cs/quiz", &[]).await);
    replies
        .push(site.browser().post("/sign-in", &[("email", "nobody@northfield.example"), ("password", "wrong")]).await);
    let attempt = everybody.address("/attempts/{attempt}");
    browser.post(&format!("{attempt}/submit"), &[]).await;
    replies.push(browser.get(&attempt).await);
    // Rows of the matrix are HTML, and no page.
    let is_page =
        |reply: &Reply| reply.header("content-type").starts_with("text/html") && reply.text().starts_with("<!DOCTYPE");
    replies.retain(is_page);
    assert!(replies.len() > 18, "{}", replies.len());
    replies
}

async fn followed(browser: &mut Browser, address: &str) -> Reply {
    let reply = browser.get(address).await;
    if reply.status == StatusCode::SEE_OTHER { browser.get(reply.location()).await } else { reply }
}
