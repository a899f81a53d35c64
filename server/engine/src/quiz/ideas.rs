use std::collections::BTreeSet;

use model::QuestionId;

use super::{
    attempt::questions_by,
    mark::{Answer, Answers, judge_drawn},
};
use crate::catalogue::Module;

/// A question that an attempt asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempted {
    pub question: QuestionId,
    /// The heading as the author wrote it first, whichever wording was asked.
    pub stem: String,
    pub is_right: bool,
    /// The mistaken ideas of the options that were chosen.
    pub ideas: BTreeSet<String>,
}

/// What came of each question that an attempt asked and that was answered.
pub(crate) fn ideas_of(module: &Module, seed: &[u8], number: u32, given: &Answers) -> Vec<Attempted> {
    let drawn = questions_by(seed, number, module).into_iter();
    let answered = drawn.filter_map(|drawn| given.get(&drawn.question.id).map(|answer| (drawn, answer)));
    let attempted = answered.map(|(drawn, answer)| {
        let choices = drawn.wording.form.choices();
        let ideas = match answer {
            Answer::Chosen(chosen) => {
                chosen.iter().filter_map(|place| choices.get(*place)?.misconception.clone()).collect()
            }
            Answer::Paired(_) | Answer::Text(_) => BTreeSet::new(),
        };
        let first = drawn.question.wordings.first().unwrap_or(drawn.wording);
        Attempted {
            question: drawn.question.id.clone(),
            stem: first.stem.clone(),
            is_right: judge_drawn(&drawn, Some(answer)).is_whole(),
            ideas,
        }
    });
    attempted.collect()
}
