use std::collections::{BTreeMap, BTreeSet};

use model::QuestionId;
use serde::{Deserialize, Serialize};

use super::draw::Drawn;
use crate::{
    catalogue::{Choice, QuestionForm},
    content::what_counts,
    record::Marks,
};

/// An answer as it is kept: by the author's places, whatever order it was shown in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// The options that were chosen.
    Chosen(BTreeSet<usize>),
    /// What was put to each row: a place in the order, or the right-hand side of a pair.
    Paired(BTreeMap<usize, usize>),
    /// What was written.
    Text(String),
}

/// Answers by question.
pub(crate) type Answers = BTreeMap<QuestionId, Answer>;

/// What an attempt is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub earned: Marks,
    pub possible: Marks,
    pub passed: bool,
}

/// How much of an answer is right: so many parts out of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rightness {
    right: usize,
    all: usize,
}

impl Rightness {
    pub fn is_whole(self) -> bool {
        self.right == self.all
    }
}

/// Marks an attempt: each question by its weight, all or nothing unless its author allows parts; what was not answered
/// earns nothing. `pass` is the share that passes, in per cent.
pub(crate) fn mark(drawn: &[Drawn<'_>], answers: &Answers, pass: u32) -> Mark {
    let possible = drawn.iter().map(|drawn| Marks::whole(drawn.question.weight)).sum();
    let earned = drawn.iter().map(|drawn| earned(drawn, answers.get(&drawn.question.id))).sum();
    Mark { earned, possible, passed: earned >= possible.at_percent(pass) }
}

/// The marks that an answer to a question earns.
pub(super) fn earned(drawn: &Drawn<'_>, answer: Option<&Answer>) -> Marks {
    let weight = Marks::whole(drawn.question.weight);
    let rightness = judge_drawn(drawn, answer);
    if rightness.is_whole() {
        weight
    } else if drawn.question.partial {
        weight.share(rightness.right, rightness.all)
    } else {
        Marks::default()
    }
}

/// How much of an answer to a question of an attempt is right. A text may be right in any of the module's languages.
pub(crate) fn judge_drawn(drawn: &Drawn<'_>, answer: Option<&Answer>) -> Rightness {
    let rightness = judge(&drawn.wording.form, answer);
    match answer {
        Some(Answer::Text(written)) if !rightness.is_whole() => {
            let written = what_counts(written);
            let mut elsewhere = drawn.right_elsewhere.iter().copied().flatten();
            let is_right = elsewhere.any(|right| what_counts(right) == written);
            Rightness { right: usize::from(is_right), all: 1 }
        }
        _ => rightness,
    }
}

/// How much of an answer is right. Among several right options a wrong one takes away what a right one gives, so that ticking
/// everything earns nothing.
pub(crate) fn judge(form: &QuestionForm, answer: Option<&Answer>) -> Rightness {
    match (form, answer) {
        (
            QuestionForm::One(choices) | QuestionForm::Several(choices) | QuestionForm::TrueFalse(choices),
            Some(Answer::Chosen(chosen)),
        ) => judge_chosen(choices, chosen),
        (QuestionForm::Order(items), Some(Answer::Paired(paired))) => judge_paired(items.len(), paired),
        (QuestionForm::Match(pairs), Some(Answer::Paired(paired))) => judge_paired(pairs.len(), paired),
        (QuestionForm::Text(right), Some(Answer::Text(written))) => {
            let written = what_counts(written);
            let is_right = right.iter().any(|right| what_counts(right) == written);
            Rightness { right: usize::from(is_right), all: 1 }
        }
        _ => Rightness { right: 0, all: 1 },
    }
}

fn judge_chosen(choices: &[Choice], chosen: &BTreeSet<usize>) -> Rightness {
    let all = choices.iter().filter(|choice| choice.right).count();
    let (right, wrong): (Vec<usize>, Vec<usize>) =
        chosen.iter().partition(|place| choices.get(**place).is_some_and(|choice| choice.right));
    Rightness { right: right.len().saturating_sub(wrong.len()), all }
}

fn judge_paired(rows: usize, paired: &BTreeMap<usize, usize>) -> Rightness {
    Rightness { right: (0..rows).filter(|row| paired.get(row) == Some(row)).count(), all: rows }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use model::PageSlug;

    use super::*;
    use crate::{
        catalogue::{Pair, Question, Quiz, Wording},
        quiz::draw::draw,
    };

    fn choices(rights: &[bool]) -> Vec<Choice> {
        rights
            .iter()
            .map(|right| Choice { html: String::new(), right: *right, feedback: String::new(), misconception: None })
            .collect()
    }

    fn question(id: &str, weight: u32, partial: bool, form: QuestionForm) -> Question {
        Question {
            id: QuestionId::new(id).unwrap(),
            page: PageSlug::new("page").unwrap(),
            weight,
            pool: None,
            partial,
            fixed_order: false,
            wordings: vec![Wording { stem: String::new(), body: String::new(), form, why: String::new() }],
        }
    }

    fn marked_of(questions: Vec<Question>, answers: Vec<(&str, Answer)>) -> Mark {
        let quiz = Quiz {
            pass: 75,
            draw: 10,
            pools: BTreeMap::new(),
            attempts: 1,
            cooldown: TimeDelta::zero(),
            questions,
            on_pages: Vec::new(),
        };
        let answers = answers.into_iter().map(|(id, answer)| (QuestionId::new(id).unwrap(), answer)).collect();
        mark(&draw(&quiz, b"any", 0), &answers, quiz.pass)
    }

    fn marked(answers: &[(&str, &[usize])]) -> (u32, bool) {
        let questions = vec![
            question("one", 1, false, QuestionForm::One(choices(&[true, false]))),
            question("both", 2, false, QuestionForm::Several(choices(&[true, true, false]))),
            question("last", 1, false, QuestionForm::Several(choices(&[false, true]))),
        ];
        let answers =
            answers.iter().map(|(id, chosen)| (*id, Answer::Chosen(chosen.iter().copied().collect()))).collect();
        let mark = marked_of(questions, answers);
        assert_eq!(mark.possible, Marks::whole(4));
        (mark.earned.in_hundredths(), mark.passed)
    }

    #[test]
    fn every_right_answer_earns_its_weight() {
        assert_eq!(marked(&[("one", &[0]), ("both", &[0, 1]), ("last", &[1])]), (400, true));
    }

    #[test]
    fn exactly_the_pass_mark_passes() {
        assert_eq!(marked(&[("one", &[0]), ("both", &[0, 1])]), (300, true));
    }

    #[test]
    fn half_of_several_right_answers_earns_nothing() {
        assert_eq!(marked(&[("one", &[0]), ("both", &[0]), ("last", &[1])]), (200, false));
    }

    #[test]
    fn choosing_everything_earns_nothing() {
        assert_eq!(marked(&[("one", &[0, 1]), ("both", &[0, 1, 2]), ("last", &[0, 1])]), (0, false));
    }

    #[test]
    fn no_answer_earns_nothing() {
        assert_eq!(marked(&[]), (0, false));
    }

    #[test]
    fn in_part_a_wrong_option_takes_away_what_a_right_one_gives() {
        let earned = |chosen: &[usize]| {
            let form = QuestionForm::Several(choices(&[true, true, true, true, false, false]));
            let answer = Answer::Chosen(chosen.iter().copied().collect());
            marked_of(vec![question("q", 1, true, form)], vec![("q", answer)]).earned.in_hundredths()
        };
        assert_eq!(
            [earned(&[0, 1, 2]), earned(&[0, 1, 4]), earned(&[0, 4, 5]), earned(&[0, 1, 2, 3, 4, 5])],
            [75, 25, 0, 50]
        );
    }

    #[test]
    fn order_and_match_are_right_row_by_row() {
        let earned = |partial: bool, paired: &[(usize, usize)]| {
            let form = QuestionForm::Order(vec![String::new(); 4]);
            let answer = Answer::Paired(paired.iter().copied().collect());
            marked_of(vec![question("q", 1, partial, form)], vec![("q", answer)]).earned.in_hundredths()
        };
        let half = [(0, 0), (1, 1), (2, 3), (3, 2)];
        assert_eq!(earned(false, &half), 0);
        assert_eq!(earned(true, &half), 50);
        assert_eq!(earned(false, &[(0, 0), (1, 1), (2, 2), (3, 3)]), 100);
        let pair = |side: &str| Pair { left: side.to_owned(), right: side.to_owned() };
        let matched = Answer::Paired([(0, 0), (1, 1)].into_iter().collect());
        assert!(judge(&QuestionForm::Match(vec![pair("a"), pair("b")]), Some(&matched)).is_whole());
    }

    #[test]
    fn what_does_not_count_in_a_text_counts_neither_in_the_key_nor_in_what_is_typed() {
        let keys = ["Upskirting.", "up\u{2011}skirting", "cyber flashing", "don't"];
        let form = QuestionForm::Text(keys.map(str::to_owned).into());
        let is_right = |text: &str| judge(&form, Some(&Answer::Text(text.to_owned()))).is_whole();
        assert!(is_right(" upskirting "));
        assert!(is_right("ÚPSKIRTING"));
        assert!(is_right("Cyber   Flashing"));
        assert!(is_right("don’t"));
        assert!(is_right("up-skirting."));
        assert!(is_right("“Up–skirting”"));
        assert!(is_right("up\u{ad}skirting!"));
        assert!(!is_right("upskirt"));
        assert!(!is_right("up skirting"));
        assert!(!is_right("."));
        assert!(!is_right(""));
    }

    #[test]
    fn an_answer_of_another_form_earns_nothing() {
        assert!(!judge(&QuestionForm::Text(vec!["x".to_owned()]), Some(&Answer::Chosen(BTreeSet::new()))).is_whole());
        assert!(!judge(&QuestionForm::Order(vec![String::new(); 2]), None).is_whole());
    }
}
