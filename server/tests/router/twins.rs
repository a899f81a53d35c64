//! The same in other words: switched by a plain form on every page of a module, its quiz and an agreement.

use axum::http::StatusCode;

use crate::site::{Browser, Site};
use world::{World, on_both};

on_both![
    every_page_of_a_module_and_an_agreement_can_be_switched,
    whoever_switches_comes_back_to_where_they_were_and_nowhere_else,
    what_is_read_in_other_words_says_so_and_is_signed_so,
];

/// A twin of the 4 Cs in Welsh, whose words begin with this; and of the loan of a laptop.
const WORD: &str = "Cymraeg-";

async fn with_twins(world: &World, reviewed: &str) {
    world.edits("modules/four-cs/module.toml", "languages = [\"en\"]", "languages = [\"en\", \"cy\"]");
    let twin = "modules/four-cs/cy";
    let about =
        format!("title = \"{WORD}Y 4 C\"\nsummary = \"{WORD}Pedwar gair.\"\noutcomes = [\"{WORD}Enwi\"]\n{reviewed}");
    world.writes(&format!("{twin}/module.toml"), &about);
    world.writes(&format!("{twin}/10-four-words.md"), &format!("# {WORD}Pedwar gair\n\nGeiriau.\n"));
    world.writes(
        &format!("{twin}/20-get-help.md"),
        &format!("# {WORD}Cael help\n\n> [!HELP]\n\nCewch ffonio {{{{fact:childline}}}}.\n\n![Sam](asking.webm)\n"),
    );
    world.writes(&format!("{twin}/asking.vtt"), "WEBVTT\n\n00:00.000 --> 00:01.000\nHelp?\n");
    world.writes(&format!("{twin}/asking.transcript.md"), "**Sam:** Help?\n");
    let quiz = format!(
        "## {WORD}Pa C?\n<!-- id: stranger -->\n\n1. [ ] Content\n   > Na.\n2. [x] Contact\n   > Ie.\n3. [ ] Conduct\n   > Na.\n\n\
         ## {WORD}Pa rai?\n<!-- id: commerce -->\n\n- [x] Swydd\n  > Ie.\n- [ ] J\u{f4}c\n  > Na.\n- [x] Gwobr\n  > Ie.\n\n\
         ## {WORD}Sillafu.\n<!-- id: spelling -->\n\n1. [x] Gwir\n   > Ie.\n2. [ ] Anghywir\n   > Na.\n\n\
         ## {WORD}Wrth bwy?\n<!-- id: whom -->\n\n1. [ ] Neb\n   > Na.\n2. [x] Yr arweinydd\n   > Ie.\n3. [ ] Yr heddlu\n   > Na.\n\n\
         > **Why:** mae rhywun yno.\n"
    );
    world.writes(&format!("{twin}/quiz.md"), &quiz);
    let front = reviewed.replace(" = ", ": ");
    world.writes(
        "agreements/laptop-loan.cy.md",
        &format!(
            "---\ntitle: {WORD}Benthyg\nstatement: {WORD}Rwy'n cytuno.\nsummary:\n  - {WORD}Sut i fenthyg\n{front}---\n\n## \
             {WORD}Y gliniadur\n\n1. Dof ag ef yn \u{f4}l.\n"
        ),
    );
    world.edits("agreements/laptop-loan.md", "version: \"1.0\"", "version: \"1.0b\"");
    world.publishes().await.unwrap();
}

const REVIEWED: &str = "reviewed = 2026-11-20\n";

async fn chooses(browser: &mut Browser, twin: &str, back: &str) -> String {
    let reply = browser.post("/words", &[("twin", twin), ("back", back)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.whole());
    reply.location().to_owned()
}

async fn every_page_of_a_module_and_an_agreement_can_be_switched(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let pages = [
        "/modules/four-cs".to_owned(),
        "/modules/four-cs/four-words".to_owned(),
        "/modules/four-cs/get-help".to_owned(),
        "/modules/four-cs/quiz".to_owned(),
        format!("/attempts/{attempt}?question=2"),
        format!("/attempts/{attempt}/review"),
        "/agreements/laptop-loan".to_owned(),
    ];
    for address in &pages {
        let before = browser.get(address).await;
        assert!(!before.text().contains(WORD), "{address}");
        assert_eq!((before.field("back"), before.field("twin")), (address.clone(), "cy".to_owned()), "{address}");
        assert_eq!(chooses(&mut browser, "cy", address).await, *address);
        let after = browser.get(address).await.text();
        assert!(after.contains(WORD) && after.contains("lang=\"cy\""), "{address}: {after}");
        assert!(after.contains("<li aria-current=\"true\" lang=\"cy\">Cymraeg</li>"), "{address}: {after}");
        assert!(!after.contains("unreviewed"), "{address}");
        assert_eq!(browser.get(address).await.field("twin"), "first", "{address}");
        assert_eq!(chooses(&mut browser, "first", address).await, *address);
    }
    let other = browser.get("/modules/sharing-nudes").await.text();
    assert!(!other.contains("action=\"/words\""), "where there is nothing to choose there is no switch");
}

async fn whoever_switches_comes_back_to_where_they_were_and_nowhere_else(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    for elsewhere in ["https://evil.example", "//evil.example", "", "/\\evil.example"] {
        assert_eq!(chooses(&mut browser, "cy", elsewhere).await, "/");
    }
    for twin in ["", "klingon", "../../etc"] {
        assert_eq!(
            browser.post("/words", &[("twin", twin), ("back", "/")]).await.status,
            StatusCode::BAD_REQUEST,
            "{twin}"
        );
    }
    assert_eq!(browser.post("/words", &[("twin", "pl"), ("back", "/")]).await.status, StatusCode::NOT_FOUND);
}

async fn what_is_read_in_other_words_says_so_and_is_signed_so(world: World) {
    world.edits("organisation.toml", "roles_are = \"staff\"", "roles_are = \"staff\"\nunreviewed_twins = true");
    with_twins(&world, "").await;
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    chooses(&mut browser, "cy", "/").await;
    let attempt = amy.passes("four-cs").await;
    let page = browser.get("/modules/four-cs/four-words").await.text();
    assert!(page.contains("<p lang=\"cy\" class=\"unreviewed\">") && page.contains("Cyfieithiad peiriant"), "{page}");
    assert!(browser.get("/modules/four-cs").await.text().contains(", in Cymraeg."));
    let result = browser.get(&format!("/attempts/{attempt}")).await.text();
    assert!(result.contains("<dt>In</dt>") && result.contains("Cymraeg"), "{result}");

    let form = browser.get("/agreements/laptop-loan").await;
    assert_eq!(form.field("version").len(), 64);
    let hidden = form.text();
    assert!(hidden.contains("<input type=\"hidden\" name=\"twin\" value=\"cy\""), "{hidden}");
    let fields = [("version", form.field("version")), ("key", form.field("key"))];
    let mut sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sent.extend([("twin", "cy"), ("typed_name", "amy"), ("agree", "yes")]);
    let signed = browser.post("/agreements/laptop-loan/sign", &sent).await;
    assert!(signed.location().starts_with("/receipts/"), "{}", signed.whole());
    let receipt = browser.get(signed.location()).await.text();
    assert!(receipt.contains("Read and signed in") && receipt.contains(&format!("{WORD}Rwy")), "{receipt}");
}
