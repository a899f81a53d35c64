use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use crate::{
    AttemptId, Completion, Engine, Person, QuizState, StoreError,
    attempt::{Attempt, Outcome},
    catalogue::Module,
    completion::find_completions,
    draw::{Drawn, draw},
    mark::{Answers, is_right},
    quiz_entry::find_quiz_state,
};

/// What came of an attempt, with feedback on every question that it asked.
#[derive(Clone, Debug)]
pub struct AttemptResult {
    /// Which attempt.
    pub id: AttemptId,
    /// Which module.
    pub module: ModuleSlug,
    /// That module's title.
    pub title: String,
    /// When it was handed in.
    pub submitted_at: DateTime<Utc>,
    /// Marks earned.
    pub earned: u32,
    /// Marks that could be earned.
    pub possible: u32,
    /// The share of the marks that passes, in per cent.
    pub pass: u32,
    /// Whether it passed.
    pub passed: bool,
    /// What passing it earned.
    pub completion: Option<Completion>,
    /// Each question, in the attempt's order.
    pub questions: Vec<MarkedQuestion>,
    /// What can be done next.
    pub next: NextTry,
}

/// What can be done with the quiz after this attempt.
pub type NextTry = QuizState;

/// A question with what was chosen and what there is to say about it.
#[derive(Clone, Debug)]
pub struct MarkedQuestion {
    /// The heading, as inline HTML.
    pub stem: String,
    /// Whether exactly the right options were chosen.
    pub right: bool,
    /// The options in the order in which they were shown.
    pub choices: Vec<MarkedChoice>,
    /// Feedback for everybody, as HTML; kept back until the question is right or the module is passed, since it may give
    /// the answer away.
    pub why: Option<String>,
    /// The page that teaches it: its address and its title.
    pub page: (String, String),
}

/// An option with what was made of it.
#[derive(Clone, Debug)]
pub struct MarkedChoice {
    /// Its text as inline HTML.
    pub html: String,
    /// Whether it was chosen.
    pub chosen: bool,
    /// Whether it is right; only said of options that were chosen, so that the next attempt still asks something.
    pub right: Option<bool>,
    /// Feedback for who chose it, as HTML; empty when there is none.
    pub feedback: String,
}

impl Engine {
    pub(crate) async fn attempt_result(
        &self,
        person: &Person,
        attempt: &Attempt,
        outcome: Outcome,
        module: &Module,
        answers: &Answers,
    ) -> Result<AttemptResult, StoreError> {
        let mut conn = self.store.read().await?;
        let current = self.catalogue().modules.get(&attempt.module).cloned();
        let quiz_of = current.as_deref().unwrap_or(module);
        let next = find_quiz_state(&mut conn, person.id, quiz_of, self.clock.now()).await?;
        let completion = if outcome.passed {
            find_completions(&mut conn, person.id).await?.into_iter().find(|earned| earned.attempt == attempt.id)
        } else {
            None
        };
        let none = BTreeSet::new();
        let questions = draw(&module.quiz, &attempt.seed)
            .iter()
            .map(|drawn| {
                let chosen = answers.get(&drawn.question.id).unwrap_or(&none);
                marked_question(module, drawn, chosen, outcome.passed)
            })
            .collect();
        Ok(AttemptResult {
            id: attempt.id,
            module: attempt.module.clone(),
            title: module.title.clone(),
            submitted_at: outcome.submitted_at,
            earned: outcome.earned,
            possible: outcome.possible,
            pass: module.quiz.pass,
            passed: outcome.passed,
            completion,
            questions,
            next,
        })
    }
}

fn marked_question(module: &Module, drawn: &Drawn<'_>, chosen: &BTreeSet<usize>, passed: bool) -> MarkedQuestion {
    let question = drawn.question;
    let options = question.form.choices();
    let right = is_right(question, chosen);
    let title = module.page(&question.page).map_or_else(|| module.title.clone(), |(_, page)| page.title.clone());
    MarkedQuestion {
        stem: question.stem.clone(),
        right,
        choices: drawn
            .shown()
            .map(|(_, place)| {
                let option = &options[place];
                let was_chosen = chosen.contains(&place);
                MarkedChoice {
                    html: option.html.clone(),
                    chosen: was_chosen,
                    right: (was_chosen || passed).then_some(option.right),
                    feedback: if was_chosen { option.feedback.clone() } else { String::new() },
                }
            })
            .collect(),
        why: ((right || passed) && !question.why.is_empty()).then(|| question.why.clone()),
        page: (format!("/modules/{}/{}", module.slug, question.page), title),
    }
}
