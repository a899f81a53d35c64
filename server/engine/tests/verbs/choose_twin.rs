//! Reading, answering and signing in other words: in Welsh, or in Easy Read.

use audit::{Extract, Verdict, verify, verify_extract};
use chrono::TimeDelta;
use engine::{Language, Mismatch, Refused, SignError, SignForm, TwinName, Words};
use model::{Given, PageSlug};

use crate::signed_log::exported;
use world::{Someone, World, agreement, on_both, slug};

on_both![
    what_nobody_has_reviewed_is_shown_to_nobody,
    a_provider_may_show_it_before_and_then_it_says_so,
    what_was_reviewed_is_read_in_the_words_that_were_chosen,
    what_was_chosen_is_remembered_on_another_node_until_something_else_is,
    only_words_that_there_are_can_be_chosen,
    a_short_answer_is_right_in_either_language,
    answers_stay_when_the_words_change_in_between,
    a_pass_says_in_which_words_it_was_earned,
    a_signature_is_given_to_the_words_that_were_read,
    the_signed_log_says_in_which_words_it_was,
    words_that_were_altered_are_found,
    what_is_not_shown_cannot_be_signed,
    a_demonstration_shows_all_that_there_is,
];

const TEXT: &str = "\
---
pass: 100%
draw: 1
attempts: 3
cooldown: 10m
---

## What is a message called that only looks real?
<!-- id: first; page: the-law -->

**Answer:** phishing
";

fn welsh() -> TwinName {
    TwinName::new("cy").unwrap()
}

/// The module about nudes asks for a word, and has a twin in Welsh; the agreement is there in Easy Read.
async fn with_twins(world: &World, reviewed: &str) {
    let module = "modules/sharing-nudes";
    world.edits(&format!("{module}/module.toml"), "languages = [\"en\"]", "languages = [\"en\", \"cy\"]");
    world.writes(&format!("{module}/quiz.md"), TEXT);
    world.writes(
        &format!("{module}/cy/module.toml"),
        &format!(
            "title = \"Rhannu lluniau noeth\"\nsummary = \"Beth i\u{2019}w wneud.\"\noutcomes = [\"Dweud\"]\n{reviewed}"
        ),
    );
    world.writes(&format!("{module}/cy/10-the-law.md"), "# Y gyfraith\n\nPeidiwch \u{e2}\u{2019}i anfon ymlaen.\n");
    world.writes(
        &format!("{module}/cy/quiz.md"),
        "## Beth yw neges sy\u{2019}n edrych yn real yn unig?\n<!-- id: first -->\n\n**Answer:** gwe-rwydo\n",
    );
    let front = reviewed.replace(" = ", ": ");
    world.writes(
        "agreements/learner-aup.easy-read.md",
        &format!(
            "---\ntitle: Learner agreement (Easy Read)\nstatement: I have read this. I agree.\nsummary:\n  - How to use our \
             accounts\n{front}---\n\n## My account\n\n1. I use my own account.\n"
        ),
    );
    world.edits("agreements/learner-aup.md", "version: \"1.0\"", "version: \"1.0b\"");
    world.publishes().await.unwrap();
}

const REVIEWED: &str = "reviewed = 2026-11-20\n";

async fn chooses(someone: &Someone, twin: Option<TwinName>) -> Result<(), Refused> {
    someone.world.engine.choose_twin(&someone.person, twin).await
}

/// The title of the page that they read, and in which words it is shown.
async fn page(someone: &Someone) -> (String, Words) {
    let page = PageSlug::new("the-law").unwrap();
    let view = someone.world.engine.page(&someone.person, &slug("sharing-nudes"), &page).await.unwrap();
    (view.module.pages[view.place].title.clone(), view.words)
}

async fn what_nobody_has_reviewed_is_shown_to_nobody(world: World) {
    with_twins(&world, "").await;
    let amy = world.learner("amy").await;
    chooses(&amy, Some(welsh())).await.unwrap();
    let (title, words) = page(&amy).await;
    assert_eq!((title.as_str(), words), ("The law", Words::first(Language::ENGLISH)));
    chooses(&amy, Some(TwinName::EasyRead)).await.unwrap();
    let text = world.engine.agreement_page(&amy.person, &agreement("learner-aup")).await.unwrap();
    assert_eq!(text.words, Words::first(Language::ENGLISH));
}

async fn a_provider_may_show_it_before_and_then_it_says_so(world: World) {
    world.edits("organisation.toml", "roles_are = \"staff\"", "roles_are = \"staff\"\nunreviewed_twins = true");
    with_twins(&world, "").await;
    let amy = world.learner("amy").await;
    assert_eq!(page(&amy).await.1.offered, [welsh()]);
    chooses(&amy, Some(welsh())).await.unwrap();
    let (title, words) = page(&amy).await;
    let (note, language) = words.unreviewed.unwrap();
    assert_eq!((title.as_str(), words.shown, language.code()), ("Y gyfraith", Some(welsh()), "cy"));
    assert!(note.contains("Cyfieithiad peiriant"), "{note}");
}

async fn what_was_reviewed_is_read_in_the_words_that_were_chosen(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    chooses(&amy, Some(welsh())).await.unwrap();
    let (title, words) = page(&amy).await;
    assert_eq!((title.as_str(), words.shown, words.unreviewed), ("Y gyfraith", Some(welsh()), None));
    let overview = world.engine.module_overview(&amy.person, &slug("sharing-nudes")).await.unwrap();
    assert_eq!(
        (overview.module.title.as_str(), overview.pages[0].title.as_str()),
        ("Rhannu lluniau noeth", "Y gyfraith")
    );
    // What has no such words is read as it was written.
    let other = world.engine.module_overview(&amy.person, &slug("four-cs")).await.unwrap();
    assert_eq!((other.module.title.as_str(), other.words.offered.len()), ("The 4 Cs", 0));
}

async fn what_was_chosen_is_remembered_on_another_node_until_something_else_is(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    let there = amy.at(&world.another_node().await);
    assert_eq!(page(&there).await.0, "The law");
    chooses(&amy, Some(welsh())).await.unwrap();
    assert_eq!(page(&there).await.0, "Y gyfraith");
    chooses(&there, None).await.unwrap();
    assert_eq!(page(&amy).await.0, "The law");
    assert_eq!(world.raw.count("chosen_twin").await, 0);
}

async fn only_words_that_there_are_can_be_chosen(world: World) {
    let amy = world.learner("amy").await;
    assert!(matches!(chooses(&amy, Some(welsh())).await, Err(Refused::NotFound)));
    assert_eq!(world.raw.count("chosen_twin").await, 0);
}

async fn writes(someone: &Someone, attempt: engine::AttemptId, text: &str) {
    let given = Given { text: text.to_owned(), ..Given::default() };
    someone.world.engine.save_answer(&someone.person, attempt, 1, &given, TimeDelta::zero()).await.unwrap();
}

async fn a_short_answer_is_right_in_either_language(world: World) {
    with_twins(&world, REVIEWED).await;
    for (name, chosen, text, passes) in [
        ("amy", Some(welsh()), "Gwe-rwydo", true),
        ("ben", Some(welsh()), "phishing", true),
        ("cora", None, "gwe-rwydo", true),
        ("dai", Some(welsh()), "pysgota", false),
    ] {
        let someone = world.learner(name).await;
        chooses(&someone, chosen).await.unwrap();
        let attempt = someone.starts("sharing-nudes").await.unwrap();
        writes(&someone, attempt, text).await;
        someone.hands_in(attempt).await.unwrap();
        let result = someone.result(attempt).await;
        assert_eq!((result.passed, result.questions[0].right, result.twin), (passes, passes, chosen), "{name}");
    }
}

async fn answers_stay_when_the_words_change_in_between(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    writes(&amy, attempt, "phishing").await;
    chooses(&amy, Some(welsh())).await.unwrap();
    let sitting = amy.sits(attempt).await;
    let asked = &sitting.paper.questions[0];
    assert!(asked.stem.starts_with("Beth yw neges"), "{}", asked.stem);
    assert_eq!(
        (asked.given.text.as_str(), sitting.words.shown, sitting.language.code()),
        ("phishing", Some(welsh()), "cy")
    );
    amy.hands_in(attempt).await.unwrap();
    let result = amy.result(attempt).await;
    assert!(result.passed && result.questions[0].stem.starts_with("Beth yw neges"));
    // It was handed in so, and is told so whatever they read now.
    chooses(&amy, None).await.unwrap();
    assert_eq!(amy.result(attempt).await.title, "Rhannu lluniau noeth");
}

async fn a_pass_says_in_which_words_it_was_earned(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").await;
    chooses(&amy, Some(welsh())).await.unwrap();
    let attempt = amy.passes("sharing-nudes").await;
    let completion = amy.result(attempt).await.completion.unwrap();
    assert_eq!(completion.twin, Some(welsh()));
    let other = amy.passes("four-cs").await;
    assert_eq!(amy.result(other).await.completion.unwrap().twin, None);
    let kept =
        "SELECT COUNT(*) FROM attempt a JOIN completion c ON c.attempt_id = a.id WHERE a.twin = 'cy' AND c.twin = 'cy'";
    assert_eq!(world.raw.number(kept).await, 1);
}

async fn a_signature_is_given_to_the_words_that_were_read(world: World) {
    with_twins(&world, REVIEWED).await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    chooses(&amy, Some(TwinName::EasyRead)).await.unwrap();
    let page = world.engine.agreement_page(&amy.person, &agreement("learner-aup")).await.unwrap();
    assert_eq!(
        (page.agreement.title.as_str(), page.words.shown),
        ("Learner agreement (Easy Read)", Some(TwinName::EasyRead))
    );
    let form = SignForm { twin: page.words.shown, ..amy.form("learner-aup") };
    let id = amy.sends("learner-aup", &form).await.unwrap();
    let receipt = world.engine.receipt(&amy.person, id).await.unwrap();
    assert_eq!(receipt.signature.twin, Some(TwinName::EasyRead));
    assert_eq!(receipt.signature.statement, "I have read this. I agree.");
    assert_eq!(receipt.agreement.title, "Learner agreement (Easy Read)");
    assert_eq!(receipt.agreement.canonical.sha256, page.agreement.canonical.sha256);
    let ben = world.learner("ben").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let signed = world.engine.agreements(&ben.person).await.unwrap().signed;
    assert_eq!(world.engine.receipt(&ben.person, signed[0].id).await.unwrap().signature.twin, None);
}

/// How something was done, as the signed log says it.
async fn acts(world: &World, of: &str) -> Vec<String> {
    let acts = format!(
        "SELECT p.part FROM log_part p JOIN log_row r ON r.number = p.number WHERE p.kind = 'act' AND r.kind = '{of}' ORDER BY p.number"
    );
    world.raw.texts(&acts).await.into_iter().flatten().flatten().collect()
}

/// Somebody who passed one module in Welsh and the other as it was written, and signed in Easy Read.
async fn signs_in_easy_read(world: &World) -> (Someone, engine::SignatureId) {
    with_twins(world, REVIEWED).await;
    let amy = world.learner("amy").passes("four-cs").await;
    chooses(&amy, Some(welsh())).await.unwrap();
    amy.passes("sharing-nudes").await;
    let form = SignForm { twin: Some(TwinName::EasyRead), ..amy.form("learner-aup") };
    let id = amy.sends("learner-aup", &form).await.unwrap();
    (amy, id)
}

async fn the_signed_log_says_in_which_words_it_was(world: World) {
    let (amy, id) = signs_in_easy_read(&world).await;
    let [original, in_welsh] = &acts(&world, "completion").await[..] else { panic!("two passes") };
    assert!(!original.contains("twin"), "{original}");
    assert!(in_welsh.contains("\"twin\":\"cy\""), "{in_welsh}");
    let signed = acts(&world, "signature").await;
    assert!(signed[0].contains("\"twin\":\"easy-read\",\"typed_name\""), "{signed:?}");
    // The rows say the same, and whoever has a copy finds it whole, with the statement as it was read.
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    let (bundle, trusted) = exported(&world.engine).await;
    let report = verify(&bundle, &trusted);
    assert_eq!((report.verdict, report.signatures.shown), (Verdict::Valid, 1), "{report:?}");
    let receipt = Extract::parse(&world.engine.receipt_file(&amy.person, id).await.unwrap()).unwrap();
    let report = verify_extract(&receipt, &trusted);
    assert_eq!((report.verdict, report.signatures.shown), (Verdict::Valid, 1), "{report:?}");
    assert!(receipt.texts.values().any(|text| text == "I have read this. I agree."));
}

async fn words_that_were_altered_are_found(world: World) {
    signs_in_easy_read(&world).await;
    for (table, was) in [("completion", "twin = 'cy'"), ("signature", "twin = 'easy-read'")] {
        let of = if world.raw.is_sqlite() { String::new() } else { format!(" ON {table}") };
        world.raw.run(&format!("DROP TRIGGER {table}_never_changes{of}")).await.unwrap();
        assert_eq!(world.raw.run(&format!("UPDATE {table} SET twin = NULL WHERE {was}")).await.unwrap(), 1);
    }
    let found = world.engine.compare_rows().await.unwrap();
    let kinds = found.iter().map(|one| match one {
        Mismatch::Differs { kind, .. } => kind.as_str(),
        _ => "another",
    });
    let mut kinds: Vec<&str> = kinds.collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["completion", "signature"], "{found:?}");
}

async fn what_is_not_shown_cannot_be_signed(world: World) {
    with_twins(&world, "").await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    for twin in [TwinName::EasyRead, welsh()] {
        let form = SignForm { twin: Some(twin), ..amy.form("learner-aup") };
        assert!(matches!(amy.sends("learner-aup", &form).await, Err(SignError::TextChanged)));
    }
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_demonstration_shows_all_that_there_is(world: World) {
    with_twins(&world, "").await;
    world.raw.run("INSERT INTO installation (name, value) VALUES ('demonstration', 'yes')").await.unwrap();
    let amy = world.learner("amy").await;
    assert_eq!(page(&amy).await.1.offered, []);
    world.engine.refresh().await.unwrap();
    assert_eq!(page(&amy).await.1.offered, [welsh()]);
}
