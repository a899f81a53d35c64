//! Which questions an attempt asks, and in which order their options stand: all of it follows from the attempt's seed.
//!
//! Each question and each option gets a rank, the SHA-256 of the seed and its name, and the ranks are sorted. That can be
//! replayed in any language and with any version of any library, for as long as attempts are kept.

use model::Letter;
use sha2::{Digest as _, Sha256};

use crate::catalogue::{Form, Question, Quiz};

/// A question as one attempt asks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn<'q> {
    pub question: &'q Question,
    /// The author's places of the options, in the order in which they are shown.
    order: Vec<usize>,
}

/// The questions that the attempt with this seed asks, in its order.
pub(crate) fn draw<'q>(quiz: &'q Quiz, seed: &[u8]) -> Vec<Drawn<'q>> {
    let mut questions: Vec<&Question> = quiz.questions.iter().collect();
    questions.sort_by_cached_key(|question| rank(seed, question.id.as_str(), None));
    questions.truncate(usize::try_from(quiz.draw).unwrap_or(usize::MAX));
    questions
        .into_iter()
        .map(|question| {
            let mut order: Vec<usize> = (0..question.form.choices().len()).collect();
            if !question.fixed_order && !matches!(question.form, Form::TrueFalse(_)) {
                order.sort_by_cached_key(|place| rank(seed, question.id.as_str(), Some(*place)));
            }
            Drawn { question, order }
        })
        .collect()
}

fn rank(seed: &[u8], question: &str, option: Option<usize>) -> [u8; 32] {
    let mut digest = Sha256::new().chain_update(seed).chain_update(question);
    if let Some(place) = option {
        digest = digest.chain_update([0]).chain_update((place as u64).to_be_bytes());
    }
    digest.finalize().into()
}

impl Drawn<'_> {
    /// The author's places in the order in which they are shown.
    pub fn shown(&self) -> impl Iterator<Item = (Letter, usize)> + '_ {
        (0..=u8::MAX).map(Letter).zip(self.order.iter().copied())
    }

    /// The author's place of what is shown at `letter`.
    pub fn place_of(&self, letter: Letter) -> Option<usize> {
        self.order.get(usize::from(letter.0)).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use model::{PageSlug, QuestionId};

    use super::*;
    use crate::catalogue::Choice;

    fn quiz(questions: usize) -> Quiz {
        let choice = |right| Choice { html: String::new(), right, feedback: String::new(), misconception: None };
        Quiz {
            pass: 80,
            draw: 4,
            attempts: 3,
            cooldown: chrono::TimeDelta::zero(),
            questions: (0..questions)
                .map(|n| Question {
                    id: QuestionId::new(format!("q{n}")).unwrap(),
                    page: PageSlug::new("a").unwrap(),
                    weight: 1,
                    fixed_order: n == 0,
                    stem: String::new(),
                    body: String::new(),
                    form: Form::One(vec![choice(true), choice(false), choice(false), choice(false)]),
                    why: String::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let quiz = quiz(9);
        assert_eq!(draw(&quiz, b"seed"), draw(&quiz, b"seed"));
    }

    #[test]
    fn another_seed_draws_otherwise() {
        let quiz = quiz(9);
        let orders: HashSet<Vec<String>> = (0..50u8)
            .map(|seed| draw(&quiz, &[seed]).iter().map(|drawn| drawn.question.id.to_string()).collect())
            .collect();
        assert!(orders.len() > 40, "{} of 50 seeds drew different questions", orders.len());
    }

    #[test]
    fn a_fixed_order_stays_and_every_option_is_shown_once() {
        let quiz = quiz(4);
        for seed in 0..50u8 {
            for drawn in draw(&quiz, &[seed]) {
                let mut places: Vec<usize> = drawn.shown().map(|(_, place)| place).collect();
                if drawn.question.fixed_order {
                    assert_eq!(places, [0, 1, 2, 3]);
                }
                places.sort_unstable();
                assert_eq!(places, [0, 1, 2, 3]);
            }
        }
    }

    #[test]
    fn the_right_option_stands_in_every_place_about_as_often() {
        let quiz = quiz(4);
        let mut first = [0u32; 4];
        for seed in 0..1000u32 {
            for drawn in draw(&quiz, &seed.to_be_bytes()) {
                if !drawn.question.fixed_order {
                    let right = drawn.shown().find(|(_, place)| *place == 0).unwrap().0;
                    first[usize::from(right.0)] += 1;
                }
            }
        }
        assert!(first.iter().all(|count| (600..900).contains(count)), "{first:?}");
    }
}
