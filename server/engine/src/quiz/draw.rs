//! Which questions an attempt asks, in which wording, and in which order everything stands: all of it follows from the
//! attempt's seed and its number.
//!
//! Each question, option and row gets a rank, the SHA-256 of the seed and its name, and the ranks are sorted. That can be
//! replayed in any language and with any version of any library, for as long as attempts are kept.

use model::{Letter, QuestionId};
use sha2::{Digest as _, Sha256};

use crate::catalogue::{Question, QuestionForm, Quiz, Wording};

/// A question as one attempt asks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn<'q> {
    pub question: &'q Question,
    /// The wording that this attempt uses.
    pub wording: &'q Wording,
    /// The author's places of the options, in the order in which they are shown.
    options: Vec<usize>,
    /// The author's places of what is to be ordered or matched, in the order in which it is shown.
    rows: Vec<usize>,
    /// The texts that are right in the module's other languages.
    pub right_elsewhere: Vec<&'q [String]>,
}

/// The questions that an attempt asks, in its order. `number` counts the person's attempts at the module from 0: each
/// further attempt takes the next wording of a question that has several.
pub(crate) fn draw<'q>(quiz: &'q Quiz, seed: &[u8], number: u32) -> Vec<Drawn<'q>> {
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let ranked = ranked(&quiz.questions, seed);
    let mut taken: Vec<&Question> = Vec::new();
    for (pool, wanted) in &quiz.pools {
        let of_pool = ranked.iter().copied().filter(|question| question.pool.as_ref() == Some(pool));
        taken.extend(of_pool.take(count(*wanted)));
    }
    // What a pool did not have to give may still be drawn.
    let further = count(quiz.draw).saturating_sub(taken.len());
    let others = ranked.iter().copied().filter(|question| !contains(&taken, question));
    let others: Vec<&Question> = others.take(further).collect();
    taken.extend(others);
    ranked
        .into_iter()
        .filter(|question| contains(&taken, question))
        .map(|question| ask(question, seed, number))
        .collect()
}

/// The same of chosen questions alone, each once, in the attempt's order.
pub(crate) fn draw_these<'q>(quiz: &'q Quiz, these: &[QuestionId], seed: &[u8], number: u32) -> Vec<Drawn<'q>> {
    ranked(&quiz.questions, seed)
        .into_iter()
        .filter(|question| these.contains(&question.id))
        .map(|question| ask(question, seed, number))
        .collect()
}

/// Questions in the order of an attempt.
pub(super) fn ranked<'q>(questions: &'q [Question], seed: &[u8]) -> Vec<&'q Question> {
    let mut ranked: Vec<&Question> = questions.iter().collect();
    ranked.sort_by_cached_key(|question| rank(seed, question.id.as_str(), b"", 0));
    ranked
}

fn contains(questions: &[&Question], wanted: &Question) -> bool {
    questions.iter().any(|question| question.id == wanted.id)
}

fn ask<'q>(question: &'q Question, seed: &[u8], number: u32) -> Drawn<'q> {
    let wording = &question.wordings[number as usize % question.wordings.len()];
    let shuffled = |kind: &[u8], count: usize| {
        let mut places: Vec<usize> = (0..count).collect();
        places.sort_by_cached_key(|place| rank(seed, question.id.as_str(), kind, *place));
        places
    };
    let in_order = |count: usize| (0..count).collect::<Vec<usize>>();
    let (options, rows) = match &wording.form {
        QuestionForm::TrueFalse(choices) => (in_order(choices.len()), Vec::new()),
        QuestionForm::One(choices) | QuestionForm::Several(choices) if question.fixed_order => {
            (in_order(choices.len()), Vec::new())
        }
        QuestionForm::One(choices) | QuestionForm::Several(choices) => (shuffled(b"option", choices.len()), Vec::new()),
        QuestionForm::Order(items) => (in_order(items.len()), shuffled(b"row", items.len())),
        QuestionForm::Match(pairs) => (shuffled(b"option", pairs.len()), shuffled(b"row", pairs.len())),
        QuestionForm::Text(_) => (Vec::new(), Vec::new()),
    };
    Drawn { question, wording, options, rows, right_elsewhere: Vec::new() }
}

fn rank(seed: &[u8], question: &str, kind: &[u8], place: usize) -> [u8; 32] {
    let mut digest = Sha256::new().chain_update(seed).chain_update(question);
    if !kind.is_empty() {
        digest = digest.chain_update([0]).chain_update(kind).chain_update((place as u64).to_be_bytes());
    }
    digest.finalize().into()
}

fn letters(places: &[usize]) -> impl Iterator<Item = (Letter, usize)> + '_ {
    (0..=u8::MAX).map(Letter).zip(places.iter().copied())
}

fn letter_of(places: &[usize], wanted: usize) -> Option<Letter> {
    letters(places).find(|(_, place)| *place == wanted).map(|(letter, _)| letter)
}

impl Drawn<'_> {
    /// The options as they are shown, each with its author's place.
    pub fn options(&self) -> impl Iterator<Item = (Letter, usize)> + '_ {
        letters(&self.options)
    }

    /// The rows as they are shown, each with its author's place.
    pub fn rows(&self) -> impl Iterator<Item = (Letter, usize)> + '_ {
        letters(&self.rows)
    }

    /// The author's place of the option that is shown at `letter`.
    pub fn option_at(&self, letter: Letter) -> Option<usize> {
        self.options.get(usize::from(letter.0)).copied()
    }

    /// The author's place of the row that is shown at `letter`.
    pub fn row_at(&self, letter: Letter) -> Option<usize> {
        self.rows.get(usize::from(letter.0)).copied()
    }

    /// Where the option at the author's `place` is shown.
    pub fn option_letter(&self, place: usize) -> Option<Letter> {
        letter_of(&self.options, place)
    }

    /// Where the row at the author's `place` is shown.
    pub fn row_letter(&self, place: usize) -> Option<Letter> {
        letter_of(&self.rows, place)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use model::PageSlug;

    use super::*;
    use crate::catalogue::Choice;

    fn wording(stem: &str) -> Wording {
        let choice = |right| Choice { html: String::new(), right, feedback: String::new(), misconception: None };
        Wording {
            stem: stem.to_owned(),
            body: String::new(),
            form: QuestionForm::One(vec![choice(true), choice(false), choice(false), choice(false)]),
            why: String::new(),
        }
    }

    fn quiz(questions: usize) -> Quiz {
        Quiz {
            pass: 80,
            draw: 4,
            pools: BTreeMap::new(),
            attempts: 3,
            cooldown: chrono::TimeDelta::zero(),
            on_pages: Vec::new(),
            questions: (0..questions)
                .map(|n| Question {
                    id: QuestionId::new(format!("q{n}")).unwrap(),
                    page: PageSlug::new("a").unwrap(),
                    weight: 1,
                    pool: (n % 3 == 0).then(|| "law".to_owned()),
                    partial: false,
                    fixed_order: n == 0,
                    wordings: vec![wording("first"), wording("second")],
                })
                .collect(),
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let quiz = quiz(9);
        assert_eq!(draw(&quiz, b"seed", 0), draw(&quiz, b"seed", 0));
    }

    #[test]
    fn another_seed_draws_otherwise() {
        let quiz = quiz(9);
        let orders: HashSet<Vec<String>> = (0..50u8)
            .map(|seed| draw(&quiz, &[seed], 0).iter().map(|drawn| drawn.question.id.to_string()).collect())
            .collect();
        assert!(orders.len() > 40, "{} of 50 seeds drew different questions", orders.len());
    }

    #[test]
    fn a_retake_takes_the_next_wording() {
        let quiz = quiz(4);
        let stems = |number| draw(&quiz, b"seed", number).iter().map(|drawn| drawn.wording.stem.clone()).next();
        assert_eq!(stems(0).as_deref(), Some("first"));
        assert_eq!(stems(1).as_deref(), Some("second"));
        assert_eq!(stems(2).as_deref(), Some("first"));
    }

    #[test]
    fn pools_give_what_they_are_asked_for_and_no_question_comes_twice() {
        let mut quiz = quiz(9);
        quiz.pools.insert("law".to_owned(), 2);
        for seed in 0..50u8 {
            let drawn = draw(&quiz, &[seed], 0);
            let ids: HashSet<_> = drawn.iter().map(|drawn| drawn.question.id.clone()).collect();
            assert_eq!((drawn.len(), ids.len()), (4, 4));
            let law = drawn.iter().filter(|drawn| drawn.question.pool.is_some()).count();
            assert!(law >= 2, "{law} from the pool");
        }
    }

    #[test]
    fn a_fixed_order_stays_and_every_option_is_shown_once() {
        let quiz = quiz(4);
        for seed in 0..50u8 {
            for drawn in draw(&quiz, &[seed], 0) {
                let mut places: Vec<usize> = drawn.options().map(|(_, place)| place).collect();
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
            for drawn in draw(&quiz, &seed.to_be_bytes(), 0) {
                if !drawn.question.fixed_order {
                    let right = drawn.options().find(|(_, place)| *place == 0).unwrap().0;
                    first[usize::from(right.0)] += 1;
                }
            }
        }
        assert!(first.iter().all(|count| (600..900).contains(count)), "{first:?}");
    }
}
