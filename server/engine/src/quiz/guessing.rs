//! The quizzes that ship, taken by somebody who has read nothing and goes by how the options look.

use std::{cmp::Reverse, collections::BTreeSet, path::Path};

use chrono::NaiveDate;

use super::{
    draw::{Drawn, draw},
    mark::{Answer, Answers, mark},
};
use crate::{
    catalogue::{Catalogue, Choice, QuestionForm, Quiz},
    content::{Sources, compile},
};

/// How somebody picks from options when they know nothing.
#[derive(Clone, Copy, Debug)]
enum Guess {
    Longest,
    Shortest,
    First,
    /// Every option where several may be right.
    All,
}

impl Guess {
    const EVERY: [Self; 4] = [Self::Longest, Self::Shortest, Self::First, Self::All];

    fn answers(self, drawn: &[Drawn<'_>]) -> Answers {
        drawn.iter().map(|drawn| (drawn.question.id.clone(), self.answer(drawn))).collect()
    }

    fn answer(self, drawn: &Drawn<'_>) -> Answer {
        let shown: Vec<usize> = drawn.options().map(|(_, place)| place).collect();
        match &drawn.wording.form {
            QuestionForm::One(choices) | QuestionForm::TrueFalse(choices) => {
                Answer::Chosen(self.one(&shown, choices).into_iter().collect())
            }
            QuestionForm::Several(choices) => Answer::Chosen(self.several(&shown, choices)),
            // As it stands on the screen.
            QuestionForm::Order(_) | QuestionForm::Match(_) => {
                Answer::Paired(drawn.rows().map(|(_, row)| row).zip(shown).collect())
            }
            QuestionForm::Text(_) => Answer::Text(String::new()),
        }
    }

    fn one(self, shown: &[usize], choices: &[Choice]) -> Option<usize> {
        let shown = shown.iter().copied();
        match self {
            Self::Longest => shown.min_by_key(|place| Reverse(length(&choices[*place]))),
            Self::Shortest => shown.min_by_key(|place| length(&choices[*place])),
            Self::First | Self::All => shown.into_iter().next(),
        }
    }

    /// Half of the options, or all of them.
    fn several(self, shown: &[usize], choices: &[Choice]) -> BTreeSet<usize> {
        let mut places = shown.to_vec();
        match self {
            Self::Longest => places.sort_by_key(|place| Reverse(length(&choices[*place]))),
            Self::Shortest => places.sort_by_key(|place| length(&choices[*place])),
            Self::First => {}
            Self::All => return places.into_iter().collect(),
        }
        places.into_iter().take(shown.len().div_ceil(2)).collect()
    }
}

fn length(choice: &Choice) -> usize {
    choice.html.chars().count()
}

/// How many of the attempts pass, and what share of the marks they earn on average, in per cent.
fn tried(quiz: &Quiz, guess: Guess) -> (u32, f64) {
    let (mut passed, mut share) = (0, 0.0);
    for seed in 0..ATTEMPTS {
        let drawn = draw(quiz, &seed.to_be_bytes(), seed % quiz.attempts.max(1));
        let mark = mark(&drawn, &guess.answers(&drawn), quiz.pass);
        passed += u32::from(mark.passed);
        share += f64::from(mark.earned.in_hundredths()) / f64::from(mark.possible.in_hundredths().max(1));
    }
    (passed, 100.0 * share / f64::from(ATTEMPTS))
}

const ATTEMPTS: u32 = 400;

/// The content that ships.
pub(super) fn shipped() -> Catalogue {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let (sources, _) = Sources::read(&content).unwrap();
    compile(&sources, today).catalogue
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures that content/README.md records")]
fn nobody_passes_by_how_the_options_look() {
    let catalogue = shipped();
    assert!(!catalogue.modules.is_empty());
    let mut told = String::new();
    let mut most = 0;
    for module in catalogue.modules.values() {
        told.push_str(&format!("{:24}", module.slug.as_str()));
        for guess in Guess::EVERY {
            let (passed, share) = tried(&module.quiz, guess);
            most = most.max(passed);
            told.push_str(&format!(" {guess:?} {passed:4} ({share:4.1}%)"));
        }
        told.push('\n');
    }
    assert!(most * 100 <= ATTEMPTS, "of {ATTEMPTS} attempts at each quiz so many passed (share of the marks):\n{told}");
    println!("{told}");
}
