//! Any quiz survives being written as Markdown and compiled again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use chrono::{NaiveDate, TimeDelta};
use engine::{
    catalogue::{Choice, Pair, Question, QuestionForm, Quiz, Wording},
    content::{Level, NewChoice, NewForm, NewQuestion, NewQuiz, NewWording, Sources, compile, escaped_markdown},
};
use model::{ModuleSlug, PageSlug, QuestionId};
use world::Random;

#[test]
fn any_quiz_survives_being_written_and_read() {
    for seed in 1..=500 {
        let (quiz, written) = Generator(Random(seed)).quiz();
        let markdown = written.markdown();
        let files = [
            ("modules/a/module.toml", ABOUT),
            ("modules/a/10-one.md", "# One\n\nOne.\n"),
            ("modules/a/20-two.md", "# Two\n\nTwo.\n"),
            ("modules/a/quiz.md", &markdown),
        ];
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        let compiled = compile(&Sources::from_files(files), today);
        let errors: Vec<_> = compiled.problems.iter().filter(|problem| problem.level == Level::Error).collect();
        assert!(errors.is_empty(), "seed {seed}: {errors:#?}\n{markdown}");
        let read = &compiled.catalogue.modules[&ModuleSlug::new("a").expect("a name")].quiz;
        for (read, question) in read.questions.iter().zip(&quiz.questions) {
            assert_eq!(typed(read), typed(question), "seed {seed}:\n{markdown}");
        }
        assert_eq!(typed(read), typed(&quiz), "seed {seed}:\n{markdown}");
    }
}

/// What is read, with the quotation marks as they were typed. They are printed as others.
fn typed(read: &impl Debug) -> String {
    format!("{read:?}").replace(['“', '”'], "\\\"").replace(['‘', '’'], "'")
}

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

/// A quiz as it is to be read, and as it is to be written.
struct Generator(Random);

impl Generator {
    fn quiz(&mut self) -> (Quiz, NewQuiz) {
        let count = self.0.between(1, 8);
        let pool_names = ["law", "first-steps", "2026"];
        let mut ids = BTreeSet::new();
        let (questions, written): (Vec<_>, Vec<_>) = (0..count)
            .map(|number| {
                let id = QuestionId::new(format!("q-{number}")).expect("a name");
                ids.insert(id.clone());
                let pool = self.0.one_in(3).then(|| pool_names[self.0.below(3)].to_owned());
                self.question(id, pool)
            })
            .unzip();
        let mut pools: BTreeMap<String, u32> = BTreeMap::new();
        for pool in questions.iter().filter_map(|question: &Question| question.pool.clone()) {
            pools.insert(pool, 1);
        }
        let draw = self.0.between(pools.len().max(1), count);
        let [pass, attempts, cooldown_minutes, draw] =
            [self.0.between(1, 100), self.0.between(1, 20), self.0.below(60), draw].map(whole);
        let cooldown = TimeDelta::minutes(i64::from(cooldown_minutes));
        (
            Quiz { pass, draw, pools: pools.clone(), attempts, cooldown, questions, on_pages: Vec::new() },
            NewQuiz { pass, draw, pools, attempts, cooldown_minutes, questions: written },
        )
    }

    fn question(&mut self, id: QuestionId, pool: Option<String>) -> (Question, NewQuestion) {
        let form = self.0.below(6);
        let (wordings, mut written): (Vec<_>, Vec<_>) = (0..self.0.between(1, 4)).map(|_| self.wording(form)).unzip();
        let page = PageSlug::new(["one", "two"][self.0.below(2)]).expect("a name");
        let weight = whole(self.0.between(1, 10));
        let partial = matches!(form, 1 | 3 | 4) && self.0.one_in(2);
        let fixed_order = form < 3 && self.0.one_in(3);
        let wording = written.remove(0);
        let notes = (0..self.0.below(3)).map(|_| self.text()).collect();
        (
            Question { id: id.clone(), page: page.clone(), weight, pool: pool.clone(), partial, fixed_order, wordings },
            NewQuestion { notes, id, page: Some(page), weight, pool, partial, fixed_order, wording, variants: written },
        )
    }

    fn wording(&mut self, form: usize) -> (Wording, NewWording) {
        let stem = self.text();
        let body: Vec<String> = (0..self.0.below(3)).map(|_| self.text()).collect();
        // Without a reason of its own a variant would have that of its question.
        let why = self.text();
        let (form, new_form) = self.form(form);
        (
            Wording {
                stem: html(&stem),
                body: body.iter().map(|text| format!("<p>{}</p>\n", html(text))).collect(),
                form,
                why: format!("<p><strong>Why:</strong> {}</p>\n", html(&why)),
            },
            NewWording {
                stem: escaped_markdown(&stem),
                body: body.iter().map(|text| escaped_markdown(text)).collect(),
                form: new_form,
                why: Some(escaped_markdown(&why)),
            },
        )
    }

    fn form(&mut self, form: usize) -> (QuestionForm, NewForm) {
        match form {
            0 => {
                let texts = self.texts(2, 12);
                let right = self.0.below(texts.len());
                let (choices, written) = self.choices(texts, |place| place == right);
                (QuestionForm::One(choices), NewForm::One(written))
            }
            1 => {
                let texts = self.texts(2, 12);
                let right = self.0.between(1, texts.len());
                let (choices, written) = self.choices(texts, |place| place < right);
                (QuestionForm::Several(choices), NewForm::Several(written))
            }
            2 => {
                let right = self.0.below(2);
                let texts = vec!["True".to_owned(), "False".to_owned()];
                let (choices, written) = self.choices(texts, |place| place == right);
                (QuestionForm::TrueFalse(choices), NewForm::One(written))
            }
            3 => {
                let texts = self.texts(3, 10);
                let written = texts.iter().map(|text| escaped_markdown(text)).collect();
                (QuestionForm::Order(texts.iter().map(|text| html(text)).collect()), NewForm::Order(written))
            }
            4 => {
                let lefts = self.texts(2, 10);
                let rights: Vec<String> = lefts.iter().map(|left| format!("{} {left}", self.text())).collect();
                let pairs = || lefts.iter().zip(&rights);
                let written = pairs().map(|(left, right)| (escaped_markdown(left), escaped_markdown(right))).collect();
                let pairs = pairs().map(|(left, right)| Pair { left: html(left), right: html(right) }).collect();
                (QuestionForm::Match(pairs), NewForm::Match(written))
            }
            _ => {
                let words =
                    |text: String| text.split_whitespace().filter(|word| *word != "/").collect::<Vec<_>>().join(" ");
                let mut texts: Vec<String> = self.texts(1, 20).into_iter().map(words).collect();
                texts.iter_mut().for_each(|text| *text = text.chars().take(100).collect::<String>().trim().to_owned());
                let written = texts.iter().map(|text| escaped_markdown(text)).collect();
                (QuestionForm::Text(texts), NewForm::Text(written))
            }
        }
    }

    fn choices(&mut self, texts: Vec<String>, is_right: impl Fn(usize) -> bool) -> (Vec<Choice>, Vec<NewChoice>) {
        let mut choice = |(place, text): (usize, String)| {
            let right = is_right(place);
            let feedback: Vec<String> = (0..self.0.below(3)).map(|_| self.text()).collect();
            let misconception = (!right && self.0.one_in(3)).then(|| "a-mistake".to_owned());
            (
                Choice {
                    html: html(&text),
                    right,
                    feedback: feedback.iter().map(|text| format!("<p>{}</p>\n", html(text))).collect(),
                    misconception: misconception.clone(),
                },
                NewChoice {
                    text: escaped_markdown(&text),
                    right,
                    feedback: feedback.iter().map(|text| escaped_markdown(text)).collect(),
                    misconception,
                },
            )
        };
        texts.into_iter().enumerate().map(&mut choice).unzip()
    }

    /// So many texts, all of which differ.
    fn texts(&mut self, fewest: usize, most: usize) -> Vec<String> {
        let count = self.0.between(fewest, most);
        (0..count)
            .map(|number| {
                format!("{} {}", self.text(), ["one", "two", "three", "ten"][number % 4].repeat(number / 4 + 1))
            })
            .collect()
    }

    /// A line made of words and of everything that means something in Markdown, YAML or HTML.
    fn text(&mut self) -> String {
        const PIECES: [&str; 60] = [
            "word",
            "Tell",
            "é",
            "日本",
            "😀",
            "don't",
            "\"quoted\"",
            "#",
            "##",
            "*",
            "**",
            "_",
            "__",
            "`",
            "```",
            "~~",
            "~",
            "-",
            "---",
            "+",
            "=",
            "===",
            ">",
            "<",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "&",
            "&amp;",
            "&#65;",
            "&copy",
            "[",
            "]",
            "[x]",
            "[ ]",
            "(a)",
            "![",
            "](b)",
            "[!NOTE]",
            "|",
            "\\",
            "\\|",
            "|\\",
            "1.",
            "2)",
            "10.",
            ":",
            ";",
            "{",
            "}",
            "/",
            "%",
            "!",
            "?",
            "Answer:",
            "Why:",
            "https://a.example/?b=c&d",
            "a@b.example",
            "12",
        ];
        let count = self.0.between(1, 8);
        let mut text = String::new();
        for _ in 0..count {
            text.push_str(PIECES[self.0.below(PIECES.len())]);
            if self.0.one_in(2) {
                text.push(' ');
            }
        }
        // Two opening braces would mean a fact, and nothing prevents that.
        text.trim().replace("{{", "{ {").replace("{{", "{ {")
    }
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn whole(number: usize) -> u32 {
    u32::try_from(number).expect("a small number")
}
