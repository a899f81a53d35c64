//! What a preview is made of: content with errors in it, as far as it could be read.

use chrono::NaiveDate;
use engine::{
    catalogue::Block,
    content::{Compiled, Sources, compile, draft},
};
use model::{ModuleSlug, PageSlug};

const ABOUT: &str = "\
title = \"Locks\"
summary = \"What locks are for.\"
audience = [\"learner\"]
minutes = 5
edition = 1
valid_for = \"12 months\"
languages = [\"en\"]
owner = \"Somebody\"
reviewed = 2026-11-01
review_by = 2027-11-01
outcomes = [\"Lock a phone\"]
";

const PAGE: &str = "\
# Locks

Use a lock.

It costs {{fact:nothing}} at all,
and takes a second.

> [!HELP]

## Why

- One
- Two
";

const QUIZ: &str = "\
---
pass: 80%
draw: 1
attempts: 3
cooldown: 10m
---

## Locked?
<!-- id: locked; page: locks -->

1. [x] Yes
2. [ ] No

## Open?
<!-- id: open; page: locks -->

1. [ ] Yes
2. [ ] No
";

fn sources(about: &str, quiz: &str) -> Sources {
    Sources::from_files([
        ("modules/locks/module.toml", about),
        ("modules/locks/10-locks.md", PAGE),
        ("modules/locks/quiz.md", quiz),
    ])
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn drafted(about: &str, quiz: &str) -> Compiled {
    draft(&sources(about, quiz), today())
}

#[test]
fn a_draft_keeps_what_has_errors_and_says_the_same_about_it() {
    let compiled = compile(&sources(ABOUT, QUIZ), today());
    let drafted = drafted(ABOUT, QUIZ);
    let slug = ModuleSlug::new("locks").unwrap();
    assert!(!compiled.catalogue.modules.contains_key(&slug));
    assert_eq!(drafted.problems, compiled.problems);
    let module = &drafted.catalogue.modules[&slug];
    let questions: Vec<_> = module.quiz.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(questions, ["locked"]);
}

#[test]
fn blocks_of_a_draft_know_their_lines() {
    let drafted = drafted(ABOUT, QUIZ);
    let module = &drafted.catalogue.modules[&ModuleSlug::new("locks").unwrap()];
    let (_, page) = module.page(&PageSlug::new("locks").unwrap()).unwrap();
    let shown: Vec<_> = page
        .prose
        .lines
        .iter()
        .zip(&page.prose.blocks)
        .map(|(line, block)| match block {
            Block::Html(html) => format!("{line}: {}", html.trim().replace('\n', " ")),
            Block::Help => format!("{line}: help"),
        })
        .collect();
    assert_eq!(page.prose.lines.len(), page.prose.blocks.len());
    insta::assert_snapshot!(shown.join("\n"), @r#"
    3: <p>Use a lock.</p>
    5: <p>It costs  at all, and takes a second.</p>
    8: help
    10: <h2 id="why">Why</h2>
    12: <ul> <li>One</li> <li>Two</li> </ul>
    "#);
}

#[test]
fn a_draft_stands_in_for_files_that_cannot_be_read() {
    let drafted = drafted("title =", "no front matter");
    let module = &drafted.catalogue.modules[&ModuleSlug::new("locks").unwrap()];
    assert_eq!((module.title.as_str(), module.pages.len(), module.quiz.questions.len()), ("locks", 1, 0));
}
