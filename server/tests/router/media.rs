//! Video and sound as a player asks for them.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

use crate::{
    site::{Browser, Reply, Site, bare},
    visitor::video,
};
use world::{World, asking, on_both};

on_both![
    a_video_comes_whole_with_what_a_player_must_know,
    a_player_gets_the_part_that_it_asks_for,
    a_part_that_is_not_there_is_refused,
    a_player_that_holds_it_is_told_so,
    a_part_of_another_file_is_answered_with_all_of_this_one,
    asking_for_the_head_sends_no_bytes,
    captions_are_text_to_be_read_along,
    who_is_not_signed_in_gets_nothing,
    a_name_that_is_none_leads_nowhere,
    a_page_plays_what_is_served,
    an_old_version_of_a_page_plays_what_it_always_did,
];

async fn a_video_comes_whole_with_what_a_player_must_know(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let reply = amy.get(&address).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.body, asking().to_vec());
    let headers = ["content-type", "accept-ranges", "cache-control", "x-content-type-options"];
    let expected = ["video/webm", "bytes", "private, max-age=31536000, immutable", "nosniff"];
    assert_eq!(headers.map(|name| reply.header(name)), expected);
    assert_eq!(reply.header("content-length"), asking().len().to_string());
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; media-src 'self';"));
}

async fn a_player_gets_the_part_that_it_asks_for(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let all = asking();
    let end = all.len();
    for (range, from, to) in [
        ("bytes=0-", 0, end),
        ("bytes=0-99", 0, 100),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=300000-99999999", 300_000, end),
        ("bytes=-5", end - 5, end),
    ] {
        let reply = part(&mut amy, &address, range).await;
        assert_eq!(reply.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(reply.header("content-range"), format!("bytes {from}-{}/{end}", to - 1));
        assert_eq!(reply.header("content-length"), (to - from).to_string());
        assert!(reply.body == all[from..to], "{range}");
    }
    let several = part(&mut amy, &address, "bytes=0-1,5-6").await;
    assert_eq!((several.status, several.body.len()), (StatusCode::OK, end));
}

async fn a_part_that_is_not_there_is_refused(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    for range in [format!("bytes={}-", asking().len()), "bytes=-0".to_owned()] {
        let reply = part(&mut amy, &address, &range).await;
        assert_eq!(reply.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(reply.header("content-range"), format!("bytes */{}", asking().len()));
        assert_eq!((reply.body.len(), reply.header("cache-control")), (0, "no-store"));
    }
}

async fn a_player_that_holds_it_is_told_so(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let tag = amy.get(&address).await.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", &address["/media/".len()..address.len() - ".webm".len()]));
    for held in [tag.clone(), format!("\"a\", W/{tag}"), "*".to_owned()] {
        let request = Request::get(&address).header("if-none-match", &held).body(Body::empty()).unwrap();
        let reply = amy.send(request).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::NOT_MODIFIED, 0), "{held}");
        assert_eq!(reply.header("etag"), tag);
    }
}

async fn a_part_of_another_file_is_answered_with_all_of_this_one(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let tag = amy.get(&address).await.header("etag").to_owned();
    for (held, status) in [(tag.as_str(), StatusCode::PARTIAL_CONTENT), ("\"another\"", StatusCode::OK)] {
        let request =
            Request::get(&address).header("range", "bytes=5-9").header("if-range", held).body(Body::empty()).unwrap();
        assert_eq!(amy.send(request).await.status, status, "{held}");
    }
}

async fn asking_for_the_head_sends_no_bytes(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let reply = amy.send(bare(Method::HEAD, &address)).await;
    assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
    assert_eq!(reply.header("content-length"), asking().len().to_string());
}

async fn captions_are_text_to_be_read_along(world: World) {
    let mut amy = amy(&world).await;
    let page = amy.get("/modules/four-cs/get-help").await.text();
    let (_, rest) = page.split_once("<track kind=\"captions\" src=\"").unwrap();
    let reply = amy.get(rest.split_once('"').unwrap().0).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/vtt"));
    assert!(reply.text().starts_with("WEBVTT\n"));
}

async fn who_is_not_signed_in_gets_nothing(world: World) {
    let address = address(&world);
    let reply = part(&mut Site::over(&world).browser(), &address, "bytes=0-").await;
    assert_eq!((reply.status, reply.body.len()), (StatusCode::SEE_OTHER, 0));
    assert!(reply.location().starts_with("/sign-in?next=%2Fmedia%2F"));
}

async fn a_name_that_is_none_leads_nowhere(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    let digest = address.trim_end_matches(".webm");
    for other in [
        digest.to_owned(),
        format!("{digest}.mp4"),
        format!("{digest}.exe"),
        format!("{}.webm", digest.to_uppercase().replace("/MEDIA/", "/media/")),
        format!("/media/{}.webm", "0".repeat(64)),
        "/media/..%2Fsecret.webm".to_owned(),
    ] {
        assert_eq!(amy.get(&other).await.status, StatusCode::NOT_FOUND, "{other}");
    }
}

async fn a_page_plays_what_is_served(world: World) {
    let mut amy = amy(&world).await;
    let reply = amy.get("/modules/four-cs/get-help").await;
    assert!(reply.text().contains(&format!("src=\"{}\"", address(&world))));
    assert!(reply.header("content-security-policy").contains("; media-src 'self';"));
    assert!(!reply.text().contains("autoplay"));
}

async fn an_old_version_of_a_page_plays_what_it_always_did(world: World) {
    let (mut amy, address) = (amy(&world).await, address(&world));
    world.edits("modules/four-cs/20-get-help.md", "\n![Sam asks for help](asking.webm)\n", "");
    world.publishes().await.unwrap();
    assert!(!amy.get("/modules/four-cs/get-help").await.text().contains("<video"));
    assert!(amy.get("/modules/four-cs/versions/1").await.text().contains(&format!("src=\"{address}\"")));
    assert_eq!(amy.get(&address).await.body, asking().to_vec());
}

async fn amy(world: &World) -> Browser {
    Site::over(world).browser_of(&world.learner("amy").await).await
}

fn address(world: &World) -> String {
    format!("/media/{}", video(world))
}

async fn part(browser: &mut Browser, address: &str, range: &str) -> Reply {
    browser.send(Request::get(address).header("range", range).body(Body::empty()).unwrap()).await
}
