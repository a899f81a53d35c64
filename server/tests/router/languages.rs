//! A module in another language: wherever its words stand, they say which language they are in, and how it is written (WCAG 3.1.2).

use chrono::TimeDelta;
use engine::AttemptId;

use crate::site::{Reply, Site};
use world::{World, on_both};

on_both![a_modules_words_say_their_language_wherever_they_stand];

/// A word of the module, in Arabic. Nothing of ours is in that language.
const WORD: &str = "مثال";

async fn a_modules_words_say_their_language_wherever_they_stand(world: World) {
    for (path, from, to) in [
        ("modules/four-cs/module.toml", "languages = [\"en\"]", "languages = [\"ar\"]"),
        ("modules/four-cs/module.toml", "title = \"The 4 Cs\"", "title = \"مثال واحد\""),
        ("modules/four-cs/module.toml", "summary = \"Four", "summary = \"مثال Four"),
        ("modules/four-cs/module.toml", "outcomes = [\"Name", "outcomes = [\"مثال Name"),
        ("modules/four-cs/10-four-words.md", "# Four words", "# مثال"),
        ("modules/four-cs/20-get-help.md", "# Get help", "# مثال"),
    ] {
        world.edits(path, from, to);
    }
    for (from, to) in
        [("## ", "## مثال "), ("[ ] ", "[ ] مثال "), ("[x] ", "[x] مثال "), ("> keptback", "> مثال keptback")]
    {
        world.edits_all("modules/four-cs/quiz.md", from, to);
    }
    world.edits("modules/four-cs/10-four-words.md", "Content is", "مثال: Content is");
    world.publishes().await.unwrap();
    world.edits("modules/four-cs/10-four-words.md", "مثال: Content is", "مثال مثال: Content is");
    world.publishes().await.unwrap();
    let site = Site::over(&world);
    let amy = world.learner("amy").fails("four-cs").await;
    let mut browser = site.browser_of(&amy).await;

    world.waits(TimeDelta::minutes(15));
    let failed: AttemptId = amy.starts("four-cs").await.unwrap();
    let mut pages = vec![
        "/".to_owned(),
        "/modules".to_owned(),
        "/modules/four-cs".to_owned(),
        "/modules/four-cs/four-words".to_owned(),
        "/modules/four-cs/quiz".to_owned(),
        "/modules/four-cs/versions".to_owned(),
        "/modules/four-cs/versions/2".to_owned(),
        "/modules/four-cs/versions?from=2&to=3".to_owned(),
        "/agreements/learner-aup".to_owned(),
        format!("/attempts/{failed}?question=1"),
        format!("/attempts/{failed}?question=2"),
        format!("/attempts/{failed}/review"),
    ];
    for address in pages.drain(..) {
        says_its_language(&address, &browser.get(&address).await);
    }
    amy.answers_rightly(failed).await;
    amy.hands_in(failed).await.unwrap();
    amy.passes("sharing-nudes").await;
    let receipt = amy.signs("learner-aup").await.unwrap();
    for address in [
        "/".to_owned(),
        format!("/attempts/{failed}"),
        "/modules/four-cs/quiz".to_owned(),
        format!("/receipts/{receipt}"),
    ] {
        says_its_language(&address, &browser.get(&address).await);
    }
}

/// Follows the tags of a page, and looks at each text in which the module's word stands.
fn says_its_language(address: &str, reply: &Reply) {
    let html = reply.text();
    assert!(reply.status.is_success(), "{address}: {}", reply.whole());
    let body = html.split_once("<body").map_or("", |(_, body)| body);
    assert!(body.contains(WORD), "{address} shows nothing of the module");
    let mut open: Vec<(&str, bool)> = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        let is_void = ["input", "br", "meta", "link", "hr", "track", "path", "circle", "rect", "!"].contains(&name)
            || tag.ends_with('/');
        if tag.starts_with('/') {
            let place = open.iter().rposition(|(opened, _)| *opened == name);
            open.truncate(place.unwrap_or(open.len()));
        } else if !is_void && !tag.starts_with('!') {
            let is_marked = tag.contains("lang=\"ar\"") && tag.contains("dir=\"rtl\"");
            open.push((name, is_marked));
        }
        if text.contains(WORD) {
            let marked = open.iter().any(|(_, marked)| *marked) || open.iter().any(|(name, _)| *name == "script");
            assert!(marked, "{address}: this does not say its language: <{tag}>{text}, in {open:?}");
        }
    }
}
