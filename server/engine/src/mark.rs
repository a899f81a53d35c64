use std::collections::{BTreeMap, BTreeSet};

use model::QuestionId;

use crate::{catalogue::Question, draw::Drawn};

/// The author's places of the options that were chosen, by question.
pub(crate) type Answers = BTreeMap<QuestionId, BTreeSet<usize>>;

/// What an attempt is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub earned: u32,
    pub possible: u32,
    pub passed: bool,
}

/// Whether exactly the right options were chosen.
pub(crate) fn is_right(question: &Question, chosen: &BTreeSet<usize>) -> bool {
    question.form.choices().iter().enumerate().all(|(place, choice)| choice.right == chosen.contains(&place))
}

/// Marks an attempt: each question all or nothing, by its weight; what was not answered earns nothing. `pass` is the
/// share that passes, in per cent.
pub(crate) fn mark(drawn: &[Drawn<'_>], answers: &Answers, pass: u32) -> Mark {
    let possible = drawn.iter().map(|drawn| drawn.question.weight).sum();
    let earned = drawn
        .iter()
        .map(|drawn| drawn.question)
        .filter(|question| answers.get(&question.id).is_some_and(|chosen| is_right(question, chosen)))
        .map(|question| question.weight)
        .sum();
    Mark { earned, possible, passed: u64::from(earned) * 100 >= u64::from(pass) * u64::from(possible) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use model::PageSlug;

    use super::*;
    use crate::{
        catalogue::{Choice, Form, Quiz},
        draw::draw,
    };

    fn question(id: &str, weight: u32, rights: &[bool]) -> Question {
        let choices = rights
            .iter()
            .map(|right| Choice { html: String::new(), right: *right, feedback: String::new(), misconception: None })
            .collect();
        Question {
            id: QuestionId::new(id).unwrap(),
            page: PageSlug::new("page").unwrap(),
            weight,
            fixed_order: false,
            stem: String::new(),
            body: String::new(),
            form: Form::Several(choices),
            why: String::new(),
        }
    }

    fn marked(answers: &[(&str, &[usize])]) -> Mark {
        let quiz = Quiz {
            pass: 75,
            draw: 3,
            attempts: 1,
            cooldown: TimeDelta::zero(),
            questions: vec![
                question("one", 1, &[true, false]),
                question("both", 2, &[true, true, false]),
                question("last", 1, &[false, true]),
            ],
        };
        let answers = answers
            .iter()
            .map(|(id, chosen)| (QuestionId::new(*id).unwrap(), chosen.iter().copied().collect()))
            .collect();
        mark(&draw(&quiz, b"any"), &answers, quiz.pass)
    }

    #[test]
    fn every_right_answer_earns_its_weight() {
        assert_eq!(
            marked(&[("one", &[0]), ("both", &[0, 1]), ("last", &[1])]),
            Mark { earned: 4, possible: 4, passed: true }
        );
    }

    #[test]
    fn exactly_the_pass_mark_passes() {
        assert_eq!(marked(&[("one", &[0]), ("both", &[0, 1])]), Mark { earned: 3, possible: 4, passed: true });
    }

    #[test]
    fn half_of_several_right_answers_earns_nothing() {
        assert_eq!(
            marked(&[("one", &[0]), ("both", &[0]), ("last", &[1])]),
            Mark { earned: 2, possible: 4, passed: false }
        );
    }

    #[test]
    fn choosing_everything_earns_nothing() {
        assert_eq!(
            marked(&[("one", &[0, 1]), ("both", &[0, 1, 2]), ("last", &[0, 1])]),
            Mark { earned: 0, possible: 4, passed: false }
        );
    }

    #[test]
    fn no_answer_earns_nothing() {
        assert_eq!(marked(&[]), Mark { earned: 0, possible: 4, passed: false });
    }
}
