//! The signed log as whoever follows along sees it: published heads, tiles, and entries for who shows the token.

use audit::{Checkpoint, Leaf, PinnedKey, Tree, leaf_hash};
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use engine::Actor;
use server::settings::{Secret, Settings};

use crate::site::{Reply, Site};
use world::{World, keys_of, on_both};

on_both![
    the_head_and_its_tiles_are_there_for_everybody,
    another_head_is_published_once_an_hour,
    full_tiles_lie_above_one_another,
    entries_are_for_who_shows_the_token,
    all_of_it_is_off_by_one_setting,
    a_pause_that_is_too_long_is_said_with_what_to_do,
];

const TOKEN: &str = "a-token-that-nobody-tries-out";

fn at_once() -> Settings {
    Settings { checkpoint_minutes: 0, log_token: Some(Secret(TOKEN.to_owned())), ..Settings::default() }
}

async fn head(site: &Site, world: &World) -> Checkpoint {
    let reply = site.browser().get("/log/checkpoint").await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
    let key = PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap();
    Checkpoint::open(&reply.text(), &key).unwrap()
}

async fn tile(site: &Site, path: &str) -> Reply {
    site.browser().get(&format!("/log/tile/{path}")).await
}

async fn the_head_and_its_tiles_are_there_for_everybody(world: World) {
    world.learner("amy").passes("four-cs").signs("laptop-loan").await;
    let site = Site::with(&world, at_once());
    let head = head(&site, &world).await;
    assert_eq!(head.size, u64::try_from(world.raw.count("log_leaf").await).unwrap());
    let reply = tile(&site, &format!("0/000.p/{}", head.size)).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/octet-stream"));
    assert!(reply.header("cache-control").contains("immutable"));
    let mut tree = Tree::default();
    for hash in reply.body.chunks(32) {
        tree.append(audit::Hash(hash.try_into().unwrap()));
    }
    assert_eq!((tree.size(), tree.root()), (head.size, head.root));
    let beyond = head.size + 1;
    for missing in [
        &format!("0/000.p/{beyond}"),
        "0/000",
        "0/001.p/1",
        "1/000.p/1",
        "0/0",
        "00/000.p/1",
        "9/000.p/1",
        "x",
        "0/000.p/1/2",
    ] {
        assert_eq!(tile(&site, missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    // Whoever follows sees nothing of anybody.
    assert!(!String::from_utf8_lossy(&reply.body).contains("amy"));
}

async fn another_head_is_published_once_an_hour(world: World) {
    let site = Site::over(&world);
    let first = head(&site, &world).await;
    world.learner("amy").await;
    let whole = u64::try_from(world.raw.count("log_leaf").await).unwrap();
    assert_eq!(head(&site, &world).await, first);
    assert!(first.size < whole);
    world.waits(TimeDelta::hours(1));
    world.learner("ben").await;
    assert_eq!(head(&site, &world).await.size, whole);
    assert_eq!(tile(&site, &format!("0/000.p/{whole}")).await.status, StatusCode::OK);
    assert_eq!(tile(&site, &format!("0/000.p/{}", whole + 1)).await.status, StatusCode::NOT_FOUND);
}

async fn full_tiles_lie_above_one_another(world: World) {
    for number in 0..9 {
        let path: Vec<String> = (0..70).map(|place| format!("{number} {place}")).collect();
        world.engine.group_at(&path.join("/"), Actor::CommandLine).await.unwrap();
    }
    let site = Site::with(&world, at_once());
    let head = head(&site, &world).await;
    assert!(head.size > 512 && head.size < 768);
    let mut tree = Tree::default();
    for path in ["0/000".to_owned(), "0/001".to_owned(), format!("0/002.p/{}", head.size - 512)] {
        for hash in tile(&site, &path).await.body.chunks(32) {
            tree.append(audit::Hash(hash.try_into().unwrap()));
        }
    }
    assert_eq!((tree.size(), tree.root()), (head.size, head.root));
    let above = tile(&site, "1/000.p/2").await.body;
    let whole = tree.root_at(256).unwrap();
    assert_eq!((above.len(), &above[..32]), (64, &whole.0[..]));
    assert_eq!(tile(&site, "1/000.p/3").await.status, StatusCode::NOT_FOUND);
}

async fn entries_are_for_who_shows_the_token(world: World) {
    world.learner("amy").await;
    let site = Site::with(&world, at_once());
    let asked = async |token: Option<&str>| {
        let mut request = Request::get("/log/tile/entries/000.p/3");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        site.browser().send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(asked(None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(asked(Some("another")).await.status, StatusCode::NOT_FOUND);
    let reply = asked(Some(TOKEN)).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.header("cache-control").starts_with("private"));
    let hashes = tile(&site, "0/000.p/3").await.body;
    let mut rest = &reply.body[..];
    for number in 0..3 {
        let (length, after) = rest.split_at(2);
        let (leaf, after) = after.split_at(usize::from(u16::from_be_bytes(length.try_into().unwrap())));
        assert_eq!(Leaf::parse(leaf).unwrap().number, number as u64);
        assert_eq!(leaf_hash(leaf).0, hashes[number * 32..(number + 1) * 32]);
        rest = after;
    }
    assert!(rest.is_empty());
    // Without a token in the settings nobody has one.
    let site = Site::with(&world, Settings { log_token: None, ..at_once() });
    let request = Request::get("/log/tile/entries/000.p/3").header(header::AUTHORIZATION, "Bearer ");
    let reply = site.browser().send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

async fn all_of_it_is_off_by_one_setting(world: World) {
    let site = Site::with(&world, Settings { publish_log: false, ..at_once() });
    for address in ["/log/checkpoint", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1"] {
        assert_eq!(site.browser().get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

async fn a_pause_that_is_too_long_is_said_with_what_to_do(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    // The server was off over the holidays, and another is begun.
    world.clock.step(TimeDelta::days(16));
    let node = world.another_node().await;
    let site = Site::over(&node);
    let mut browser = site.browser_of(&amy).await;
    let reply = browser.post(&format!("/attempts/{attempt}/submit"), &[]).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    for words in
        ["Nothing was saved just now", "It does not pass by itself", "16 days ahead", "induct audit accept-clock"]
    {
        assert!(reply.text().contains(words), "{words} in {}", reply.text());
    }
    let ready = site.browser().get("/readyz").await.text();
    assert!(ready.contains("16 days ahead") && ready.contains("clock_limit_days"), "{ready}");
    // A provider that bears so long a pause goes on.
    let keys = keys_of(world.url());
    let patient = node.engine.with_log_in(keys, "northfield.example").with_clock_limit(TimeDelta::days(30));
    patient.begin_log().await.unwrap();
    let mut patient_node = node.clone();
    patient_node.engine = patient;
    let site = Site::over(&patient_node);
    assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
}
