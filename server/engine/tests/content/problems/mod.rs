//! What the content compiler says about content that has something wrong with it.
//!
//! Every case changes one thing in `content_good`, which has no problems, and the snapshots show what an author reads.

mod modules;
mod pages;
mod provider;
mod quizzes;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use chrono::NaiveDate;
use engine::content::{Code, Sources, compile};

use modules::{cases_of_modules, cases_of_twins};
use pages::{cases_of_drawings, cases_of_pages, cases_of_scenarios};
use provider::{cases_of_agreements, cases_of_the_rest};
use quizzes::{cases_of_forms, cases_of_quizzes};

const QUIZ: &str = "modules/passwords/quiz.md";
const PAGE: &str = "modules/passwords/10-why.md";
const SCENARIO: &str = "modules/passwords/20-what-to-do.md";
const MODULE: &str = "modules/passwords/module.toml";
const FORMS: &str = "modules/phones/quiz.md";
const LOST: &str = "modules/phones/10-lost.md";
const DRAWING: &str = "modules/phones/two-locks.svg";
const WELSH: &str = "modules/links/cy/quiz.md";
const WELSH_PAGE: &str = "modules/links/cy/20-ask.md";
const WELSH_ABOUT: &str = "modules/links/cy/module.toml";
const EASY: &str = "modules/links/easy-read/quiz.md";
const EASY_PAGE: &str = "modules/links/easy-read/20-ask.md";
const LINKS: &str = "modules/links/module.toml";
const AGREEMENT: &str = "agreements/house-rules.md";
const WELSH_AGREEMENT: &str = "agreements/house-rules.cy.md";
const PROGRAMME: &str = "programmes/welcome.toml";
const FACTS: &str = "facts.toml";
const ORGANISATION: &str = "organisation.toml";

#[test]
fn good_content_has_no_problems() {
    assert_eq!(problems(good()), "");
}

#[test]
fn files_whose_names_end_otherwise_are_named() {
    let others = [
        "modules/passwords/30-more.md.txt",
        "modules/passwords/40-more.MD",
        "modules/passwords/cy/50-more.markdown",
        "modules/passwords/Thumbs.db",
        "organisation.toml.txt",
        "LICENSE",
    ];
    let problems = compile(&Sources::from_files(good()).with_others(others), today()).problems;
    let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn every_problem_is_found_in_one_run() {
    let mut files = good();
    for (path, from, to) in [
        (QUIZ, "2. [x] {{fact", "2. [ ] {{fact"),
        (QUIZ, "page: what-to-do", "page: what-to-dont"),
        (PAGE, "(../devices/)", "(../device/)"),
        (MODULE, "minutes = 15", "minutes = 0"),
        (PROGRAMME, "due_days = 14\n", ""),
    ] {
        change(&mut files, path, from, to);
    }
    insta::assert_snapshot!(problems(files), @"
    modules/passwords/10-why.md:17:3: error[unknown-module]: There is no module `device`.
      help: Did you mean `devices`?
    modules/passwords/module.toml:4:11: error[out-of-range]: `minutes` is 0, which is out of range.
      help: Write a number from 1 to 600.
    modules/passwords/quiz.md:13:1: error[no-right-answer]: This question has no right answer.
      help: Put an x into the box of the right option: `[x]`.
    modules/passwords/quiz.md:26:28: error[unknown-page]: There is no page `what-to-dont` in this module.
      help: Did you mean `what-to-do`?
    programmes/welcome.toml:1:1: error[missing-key]: `due_days` is missing.
      help: Add a line for `due_days`.
    ");
}

#[test]
fn every_code_has_a_case() {
    let cases = [
        cases_of_pages(),
        cases_of_drawings(),
        cases_of_scenarios(),
        cases_of_quizzes(),
        cases_of_forms(),
        cases_of_modules(),
        cases_of_twins(),
        cases_of_agreements(),
        cases_of_the_rest(),
    ];
    let tried: BTreeSet<&str> = cases.iter().flatten().map(|case| case.code).collect();
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !tried.contains(code.name())).collect();
    // What comes of GIFT, pictures, video and sound, and what is known only beside a database, have cases of their own; bytes that are
    // not text do not come this far, and there is no known way to the other.
    let elsewhere = ["gift-", "published-", "caption", "media", "transcript", "logo-not-on-paper"];
    let missing: Vec<_> =
        missing.into_iter().filter(|code| !elsewhere.iter().any(|word| code.name().contains(word))).collect();
    assert_eq!(missing, [&Code::NoCanonicalForm, &Code::NotUtf8]);
}

/// One thing that is wrong, and what the compiler calls it.
struct Case {
    code: &'static str,
    level: &'static str,
    path: &'static str,
    what: String,
    files: BTreeMap<String, String>,
}

fn case(code: &'static str, path: &'static str, from: &str, to: &str) -> Case {
    let mut files = good();
    change(&mut files, path, from, to);
    let what = format!("{path}: {from:?} -> {:?}", shortened(to));
    Case { code, level: "error", path, what, files }
}

fn renamed(code: &'static str, from: &'static str, to: &str) -> Case {
    let mut files = good();
    let text = files.remove(from).expect("the file is there");
    files.insert(to.to_owned(), text);
    Case { code, level: "error", path: from, what: format!("{from} renamed to {to}"), files }
}

impl Case {
    /// The same with one more file.
    fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    fn a_warning(self) -> Self {
        Self { level: "warning", ..self }
    }

    /// Changes one more thing, wherever it stands in the same module, agreement or programme.
    fn removing(mut self, from: &str, to: &str) -> Self {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (path, text) in &mut self.files {
            if path.starts_with(folder) {
                *text = text.replace(from, to);
            }
        }
        self
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the compiler says about each case, after checking that it says what was expected.
fn said(cases: &[Case]) -> String {
    let mut said = String::new();
    let mut missing = Vec::new();
    for Case { code, level, what, files, .. } in cases {
        let problems = problems(files.clone());
        if !problems.contains(&format!("{level}[{code}]")) {
            missing.push(format!("{code}: {what}\n{problems}"));
        }
        writeln!(said, "{what}\n{problems}\n").expect("a string can be written to");
    }
    assert!(missing.is_empty(), "expected but not said:\n{}", missing.join("\n\n"));
    said
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

fn problems(files: BTreeMap<String, String>) -> String {
    let shown: Vec<_> =
        compile(&Sources::from_files(files), today()).problems.iter().map(ToString::to_string).collect();
    shown.join("\n")
}

fn change(files: &mut BTreeMap<String, String>, path: &str, from: &str, to: &str) {
    let text = files.get_mut(path).expect("the file is there");
    assert!(text.contains(from), "{path} does not contain {from:?}");
    *text = text.replacen(from, to, 1);
}

fn good() -> BTreeMap<String, String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content_good");
    let (sources, problems) = Sources::read(&dir).expect("the good content is there");
    assert_eq!(problems, []);
    sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}
