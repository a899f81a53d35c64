//! Any bytes as a GIFT file: it is read as far as it can be, and what comes out compiles.
#![no_main]

use chrono::NaiveDate;
use engine::{
    content::{Code, Level, Problem, Sources, compile},
    gift::import_gift,
};
use libfuzzer_sys::fuzz_target;
use model::PageSlug;

const ABOUT: &str = r#"
title = "A"
summary = "A."
audience = ["staff"]
minutes = 5
edition = 1
valid_for = "1 year"
languages = ["en"]
owner = "A"
reviewed = 2026-11-22
review_by = 2027-09-01
outcomes = ["A"]
"#;

fuzz_target!(|bytes: &[u8]| {
    let import = import_gift("any.gift", bytes);
    let errors = import.problems.iter().filter(|problem| problem.level == Level::Error).count();
    assert!(errors >= import.left_out, "whatever is left out is said");
    let Some(mut quiz) = import.quiz else { return };
    for question in &mut quiz.questions {
        question.page = Some(PageSlug::new("one").expect("a name"));
    }
    let markdown = quiz.markdown();
    let files = [
        ("modules/a/module.toml", ABOUT),
        ("modules/a/10-one.md", "# One\n\nOne.\n"),
        ("modules/a/quiz.md", markdown.as_str()),
    ];
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let problems = compile(&Sources::from_files(files), today).problems;
    // A text may name a help service that the provider of these three files has not.
    let is_wrong = |problem: &&Problem| problem.level == Level::Error && problem.code != Code::UnknownHelpline;
    let errors: Vec<_> = problems.iter().filter(is_wrong).collect();
    assert!(errors.is_empty(), "{errors:?}\n{markdown}");
});
