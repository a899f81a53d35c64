//! The quizzes that ship, taken by a program that reads no page and learns from what results say: how often it passes alone,
//! with the attempts that a tutor gives, and with the notes of others.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    attempt_result::{MarkedQuestion, marked_question},
    draw::{Drawn, draw},
    guessing::shipped,
    mark::{Answer, Answers, judge_drawn, mark},
};
use crate::{
    catalogue::{Module, QuestionForm},
    ground::Dice,
};

/// What is known of one wording, by the author's places: whoever looks at the texts can tell options apart.
#[derive(Clone, Debug, Default)]
struct Note {
    right: Option<Answer>,
    tried: Vec<Answer>,
    right_options: BTreeSet<usize>,
    wrong_options: BTreeSet<usize>,
    right_rows: BTreeMap<usize, usize>,
}

/// What results have told so far, by wording.
#[derive(Clone, Debug, Default)]
struct Notes(BTreeMap<String, Note>);

impl Notes {
    fn learn(&mut self, drawn: &Drawn<'_>, answer: &Answer, told: &MarkedQuestion) {
        let known = self.0.entry(drawn.wording.stem.clone()).or_default();
        if told.right {
            known.right = Some(answer.clone());
            return;
        }
        known.tried.push(answer.clone());
        for ((_, place), choice) in drawn.options().zip(&told.choices) {
            match choice.right {
                Some(true) => known.right_options.insert(place),
                Some(false) => known.wrong_options.insert(place),
                None => false,
            };
        }
        for ((_, row), pair) in drawn.rows().zip(&told.pairs) {
            if pair.right == Some(true) {
                known.right_rows.insert(row, row);
            }
        }
    }

    /// What is known of another wording of a statement that was already judged: authors like to turn it round.
    fn turned_round(&self, drawn: &Drawn<'_>) -> Option<usize> {
        let others = drawn.question.wordings.iter().filter(|wording| wording.stem != drawn.wording.stem);
        let known = others.filter_map(|wording| self.0.get(&wording.stem));
        known
            .filter_map(|known| match (&known.right, known.tried.first()) {
                (Some(Answer::Chosen(right)), _) => right.first().map(|place| 1 - place),
                (None, Some(Answer::Chosen(wrong))) => wrong.first().copied(),
                _ => None,
            })
            .next()
    }

    fn answer(&self, drawn: &Drawn<'_>, dice: &mut Dice) -> Answer {
        let none = Note::default();
        let known = self.0.get(&drawn.wording.stem).unwrap_or(&none);
        if let Some(right) = &known.right {
            return right.clone();
        }
        let guesses = (0..60).map(|_| guess(self, drawn, known, dice));
        let mut guesses: Vec<Answer> = guesses.collect();
        let fresh = guesses.iter().position(|guess| !known.tried.contains(guess)).unwrap_or(0);
        guesses.swap_remove(fresh)
    }
}

fn guess(notes: &Notes, drawn: &Drawn<'_>, known: &Note, dice: &mut Dice) -> Answer {
    let left: Vec<usize> =
        drawn.options().map(|(_, place)| place).filter(|place| !known.wrong_options.contains(place)).collect();
    match &drawn.wording.form {
        QuestionForm::TrueFalse(_) => {
            let place = notes.turned_round(drawn).filter(|_| known.tried.is_empty());
            Answer::Chosen([place.unwrap_or_else(|| left[any_of(dice, left.len())])].into())
        }
        QuestionForm::One(_) => Answer::Chosen([left[any_of(dice, left.len())]].into()),
        QuestionForm::Several(_) => Answer::Chosen(
            left.into_iter().filter(|place| known.right_options.contains(place) || any_of(dice, 2) == 0).collect(),
        ),
        QuestionForm::Order(_) | QuestionForm::Match(_) => {
            let mut paired = known.right_rows.clone();
            let rows: Vec<usize> =
                drawn.rows().map(|(_, row)| row).filter(|row| !known.right_rows.contains_key(row)).collect();
            let mut left = rows.clone();
            for row in rows {
                paired.insert(row, left.swap_remove(any_of(dice, left.len())));
            }
            Answer::Paired(paired)
        }
        QuestionForm::Text(_) => Answer::Text(String::new()),
    }
}

/// One of so many places.
fn any_of(dice: &mut Dice, end: usize) -> usize {
    dice.below(u32::try_from(end).unwrap()) as usize
}

/// Whether one of so many attempts passes; what each result says goes into the notes.
fn passes(module: &Module, notes: &mut Notes, attempts: u32, dice: &mut Dice) -> bool {
    for number in 0..attempts {
        let seed = [0, 1].map(|_| u64::from(dice.below(1 << 30)).to_be_bytes()).concat();
        let drawn = draw(&module.quiz, &seed, number);
        let answers: Answers =
            drawn.iter().map(|drawn| (drawn.question.id.clone(), notes.answer(drawn, dice))).collect();
        let passed = mark(&drawn, &answers, module.quiz.pass).passed;
        for drawn in &drawn {
            let answer = &answers[&drawn.question.id];
            notes.learn(
                drawn,
                answer,
                &marked_question(module, drawn, Some(answer), judge_drawn(drawn, Some(answer)).is_whole(), passed),
            );
        }
        if passed {
            return true;
        }
    }
    false
}

/// The share of so many bots that pass, in per cent.
fn share(module: &Module, bots: u32, attempts: u32, classmates: u32) -> f64 {
    let passed = (0..bots).filter(|bot| {
        let mut dice = Dice::new(u64::from(*bot) << 20);
        let mut notes = Notes::default();
        for _ in 0..classmates {
            passes(module, &mut notes, attempts, &mut dice);
        }
        passes(module, &mut notes, attempts, &mut dice)
    });
    100.0 * passed.count() as f64 / f64::from(bots)
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures that ARCHITECTURE.md records")]
fn nobody_learns_the_answers_from_results() {
    let modules = shipped().modules;
    let mut told = format!("{:24} {:>8} {:>8} {:>8}\n", "share that passes", "alone", "given", "notes");
    let mut sums = [0.0; 3];
    for module in modules.values() {
        let own = module.quiz.attempts;
        let shares = [share(module, 100, own, 0), share(module, 100, 2 * own, 0), share(module, 20, own, 9)];
        let [alone, given, notes] = shares;
        told.push_str(&format!("{:24} {alone:7.1}% {given:7.1}% {notes:7.1}%\n", module.slug.as_str()));
        for (sum, share) in sums.iter_mut().zip(shares) {
            *sum += share / modules.len() as f64;
        }
    }
    let [alone, given, notes] = sums;
    told.push_str(&format!("{:24} {alone:7.1}% {given:7.1}% {notes:7.1}%\n", "on average"));
    println!("{told}");
    assert!(alone < 2.0 && given < 10.0, "{told}");
}

/// Whoever knows one wording of a statement must not know the others by it.
#[test]
fn a_statement_in_other_words_is_true_as_often_as_not() {
    let (mut turned, mut kept) = (0, 0);
    for module in shipped().modules.into_values() {
        for question in &module.quiz.questions {
            let truths = question.wordings.iter().filter_map(|wording| match &wording.form {
                QuestionForm::TrueFalse(choices) => Some(choices[0].right),
                _ => None,
            });
            let truths: Vec<bool> = truths.collect();
            for pair in truths.windows(2) {
                *(if pair[0] == pair[1] { &mut kept } else { &mut turned }) += 1;
            }
        }
    }
    assert!(turned + kept > 20 && turned.min(kept) * 5 >= (turned + kept) * 2, "{turned} turned round, {kept} not");
}
