//! Before an attempt is handed in, no reply to the browser holds an answer key or feedback.

use std::sync::mpsc;

use axum::http::StatusCode;

use crate::site::{Browser, Reply, Site};
use world::{KEPT_BACK, Kind, World, on_both, run};

on_both![
    nothing_is_given_away_before_handing_in,
    a_failed_attempt_gives_nothing_away_to_the_next,
    a_refresher_gives_nothing_away,
];

async fn nothing_is_given_away_before_handing_in(world: World) {
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    let mut replies = Vec::new();
    for address in ["/", "/modules", "/modules/four-cs", "/modules/four-cs/four-words", "/modules/four-cs/get-help"] {
        replies.push(browser.get(address).await);
    }
    replies.push(browser.post("/modules/four-cs/four-words/read", &[]).await);
    let (attempt, on_the_way) = through_the_quiz(&mut browser, "four-cs").await;
    replies.extend(on_the_way);
    for reply in &replies {
        assert!(reply.status.is_success() || reply.status.is_redirection(), "{}", reply.whole());
        assert!(!reply.whole().to_lowercase().contains(KEPT_BACK), "{}", reply.whole());
    }
    assert!(replies.len() > 20);

    for refused in [
        browser.post(&format!("{attempt}/answers"), &[("question", "1"), ("option", "z")]).await,
        browser.post(&format!("{attempt}/answers"), &[("question", "99"), ("option", "a")]).await,
        browser.post(&format!("{attempt}/answers"), &[("question", "stranger"), ("option", "a")]).await,
        browser.post_for_json(&format!("{attempt}/answers"), &[("question", "99"), ("option", "a")]).await,
        browser.get(&format!("{attempt}/key")).await,
    ] {
        assert!(refused.status.is_client_error(), "{}", refused.whole());
        assert!(!refused.whole().contains(KEPT_BACK), "{}", refused.whole());
    }

    // The very words that were looked for are there afterwards.
    browser.post(&format!("{attempt}/submit"), &[]).await;
    assert!(browser.get(&attempt).await.text().contains(KEPT_BACK));
}

async fn a_failed_attempt_gives_nothing_away_to_the_next(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").fails("four-cs").await;
    world.waits(chrono::TimeDelta::minutes(10));
    let mut browser = site.browser_of(&amy).await;
    let (_, replies) = through_the_quiz(&mut browser, "four-cs").await;
    for reply in &replies {
        assert!(!reply.whole().contains(KEPT_BACK), "{}", reply.whole());
    }
}

async fn a_refresher_gives_nothing_away(world: World) {
    world.edits("modules/four-cs/module.toml", "workshop = true", "workshop = true\nrefresher = true");
    world.publishes().await.unwrap();
    let site = Site::over(&world);
    let amy = world.learner("amy").passes("four-cs").await;
    let mut browser = site.browser_of(&amy).await;
    let early = browser.get("/modules/four-cs/quiz/refresher").await;
    assert_eq!(early.location(), "/modules/four-cs/quiz");
    world.waits(chrono::TimeDelta::days(300));
    world.edits("modules/four-cs/10-four-words.md", "who reaches you.", "who reaches you, and how.");
    world.publishes().await.unwrap();
    let mut browser = site.browser_of(&amy).await;
    let offer = browser.get("/modules/four-cs/quiz/refresher").await;
    assert!(offer.text().contains("3 questions about what has changed"), "{}", offer.text());
    let mut replies = vec![offer, browser.get("/modules/four-cs/quiz").await, browser.get("/modules/four-cs").await];
    let started = browser.post("/modules/four-cs/quiz/refresher", &[]).await;
    let attempt = started.location().to_owned();
    assert!(attempt.starts_with("/attempts/"), "{}", started.whole());
    for question in 1..=3 {
        replies.push(browser.get(&format!("{attempt}?question={question}")).await);
    }
    replies.push(browser.get("/modules/four-cs/quiz").await);
    replies.push(browser.post(&format!("{attempt}/whole"), &[]).await);
    replies.push(browser.get(&format!("{attempt}?question=1")).await);
    replies.push(browser.get(&format!("{attempt}/review")).await);
    for reply in &replies {
        assert!(reply.status.is_success() || reply.status.is_redirection(), "{}", reply.whole());
        assert!(!reply.whole().contains(KEPT_BACK), "{}", reply.whole());
    }
}

/// Two modules that differ only in which options are right give the same bytes.
#[test]
fn right_and_wrong_look_the_same() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (sender, receiver) = mpsc::channel();
        for key in [KEY, OTHER_KEY] {
            let sender = sender.clone();
            run(kind, move |world| async move { sender.send(replies_with_key(world, &key).await).unwrap() });
        }
        let (one, other) = (receiver.recv().unwrap(), receiver.recv().unwrap());
        assert!(one.len() > 15 && one.len() == other.len());
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other);
        }
    }
}

/// What stands in front of the options, for each question.
const KEY: [(&str, &str); 4] = [
    ("1. [ ] Content\n", "1. [ ] Content\n"),
    ("2. [x] Contact\n", "2. [x] Contact\n"),
    ("- [x] A job", "- [x] A job"),
    ("- [ ] A cruel", "- [ ] A cruel"),
];
const OTHER_KEY: [(&str, &str); 4] = [
    ("1. [ ] Content\n", "1. [x] Content\n"),
    ("2. [x] Contact\n", "2. [ ] Contact\n"),
    ("- [x] A job", "- [ ] A job"),
    ("- [ ] A cruel", "- [x] A cruel"),
];

async fn replies_with_key(world: World, key: &[(&str, &str)]) -> Vec<String> {
    let quiz = "modules/four-cs/quiz.md";
    world.edits(quiz, "draw: 3", "draw: 4");
    world.edits(quiz, " <!-- misconception: keptback-content -->", "");
    world.edits(quiz, " <!-- misconception: keptback-joke -->", "");
    for (from, to) in key {
        world.edits(quiz, from, to);
    }
    world.publishes().await.unwrap();
    let site = Site::over(&world);
    let mut browser = site.browser_of(&world.learner("amy").await).await;
    let (_, replies) = through_the_quiz(&mut browser, "four-cs").await;
    let nonceless = |reply: &Reply| match reply.nonce() {
        "" => reply.whole(),
        nonce => reply.whole().replace(nonce, "nonce"),
    };
    replies.iter().map(nonceless).collect()
}

/// Goes through a quiz up to the moment before handing it in, as a plain form and as the island does, and gives the address
/// of the attempt with every reply on the way.
async fn through_the_quiz(browser: &mut Browser, module: &str) -> (String, Vec<Reply>) {
    let mut replies = vec![browser.get(&format!("/modules/{module}/quiz")).await];
    let started = browser.post(&format!("/modules/{module}/quiz"), &[]).await;
    let attempt = started.location().to_owned();
    assert!(attempt.starts_with("/attempts/"), "{}", started.whole());
    replies.push(started);
    replies.push(browser.get(&attempt).await);
    for number in 1.. {
        let page = browser.get(&format!("{attempt}?question={number}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let question = page.field("question");
        replies.push(page);
        let answer = [("question", &*question), ("option", "a")];
        let saved = browser.post(&format!("{attempt}/answers"), &answer).await;
        let is_last = saved.location().ends_with("/review");
        replies.push(saved);
        replies.push(browser.post_for_json(&format!("{attempt}/answers"), &answer).await);
        // A page with an answer on it says no more than one without.
        replies.push(browser.get(&format!("{attempt}?question={number}")).await);
        if is_last {
            break;
        }
    }
    for address in
        [format!("{attempt}/review"), "/".to_owned(), format!("/modules/{module}"), format!("/modules/{module}/quiz")]
    {
        replies.push(browser.get(&address).await);
    }
    (attempt, replies)
}
