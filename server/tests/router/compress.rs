//! Pages are compressed on their way, and nothing is that repeats what came with its request.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use engine::Role;
use server::RIGHTS;

use crate::{
    site::{Browser, Reply, Site, form},
    visitor::Visitor,
};
use world::{World, on_both};

on_both![pages_are_compressed, what_repeats_what_came_with_it_is_not];

/// What a stranger would put into a page to guess at what stands beside it.
const GUESS: &str = "a-guess-of-a-stranger";

async fn pages_are_compressed(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    for address in
        ["/", "/help", "/modules", "/modules/four-cs", "/modules/four-cs/four-words", "/agreements/learner-aup"]
    {
        let plain = browser.get(address).await;
        assert_eq!(plain.header("content-encoding"), "", "{address}");
        let brotli = asks(&mut browser, address, "gzip, deflate, br, zstd").await;
        assert_eq!((brotli.header("content-encoding"), brotli.header("vary")), ("br", "accept-encoding"), "{address}");
        assert!(brotli.body.len() * 2 < plain.body.len(), "{address}: {} of {}", brotli.body.len(), plain.body.len());
        assert_eq!(
            length_without_nonce(&read(&brotli), &brotli),
            length_without_nonce(&plain.text(), &plain),
            "{address}"
        );
        let gzip = asks(&mut browser, address, "gzip").await;
        assert_eq!(gzip.header("content-encoding"), "gzip", "{address}");
        assert!(gzip.body.starts_with(&[0x1f, 0x8b]) && gzip.body.len() * 2 < plain.body.len(), "{address}");
        assert_eq!(asks(&mut browser, address, "br;q=0, identity").await.header("content-encoding"), "", "{address}");
    }
}

async fn what_repeats_what_came_with_it_is_not(world: World) {
    let site = Site::over(&world);
    let everybody = Visitor::arrives(&world, "everybody", &Role::ALL).await;
    let mut browsers = [site.browser_of(&everybody.someone).await, site.browser()];
    let query = ["next", "question", "with", "compare", "from", "to", "email", "name"]
        .map(|name| format!("{name}=%2F{GUESS}"))
        .join("&");
    let (mut compressed, mut not) = (0, 0);
    // What changes something comes last: signing out is among it.
    let (looks, changes): (Vec<_>, Vec<_>) = RIGHTS.iter().partition(|right| right.method == Method::GET);
    for right in looks.into_iter().chain(changes) {
        for browser in &mut browsers {
            let address = everybody.address(right.path);
            let replies = if right.method == Method::GET {
                let of_nothing = format!("{address}-{GUESS}");
                vec![asks(browser, &format!("{address}?{query}"), "br").await, asks(browser, &of_nothing, "br").await]
            } else {
                let mut request = form(&address, &[("email", GUESS), ("next", GUESS), ("name", GUESS), ("key", GUESS)]);
                request.headers_mut().insert("accept-encoding", "br".parse().unwrap());
                vec![browser.send(request).await]
            };
            for reply in replies {
                if reply.header("content-encoding") == "br" && !right.path.starts_with("/assets/") {
                    assert_eq!((&right.method, reply.status), (&Method::GET, StatusCode::OK), "{}", right.path);
                    assert!(!read(&reply).contains(GUESS), "{} repeats what came with it", right.path);
                    compressed += 1;
                } else {
                    not += 1;
                }
            }
        }
    }
    assert!(compressed > 10 && not > 20, "{compressed} {not}");
    let sign_in = asks(&mut site.browser(), &format!("/sign-in?next=/{GUESS}"), "br").await;
    assert!(sign_in.header("content-encoding").is_empty() && sign_in.text().contains(GUESS));
}

async fn asks(browser: &mut Browser, address: &str, codings: &str) -> Reply {
    browser.send(Request::get(address).header("accept-encoding", codings).body(Body::empty()).unwrap()).await
}

fn read(reply: &Reply) -> String {
    let mut html = Vec::new();
    brotli::BrotliDecompress(&mut reply.body.as_slice(), &mut html).unwrap();
    String::from_utf8(html).unwrap()
}

/// Nonces are drawn anew for each page, and may be shorter or longer.
fn length_without_nonce(html: &str, reply: &Reply) -> usize {
    html.replace(reply.nonce(), "").len()
}
