use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{
    attempt::{Attempt, Outcome, option_of, questions_of, row_of},
    draw::Drawn,
    mark::{Answer, Answers, judge_drawn},
    quiz_entry::{QuizState, quiz_state},
};
use crate::{
    catalogue::{Language, Module, QuestionForm, TwinName},
    ground::AttemptId,
    record::{Completion, Marks},
    standing::Situation,
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
    /// The language of its words.
    pub language: Language,
    /// The twin in whose words it was handed in. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// When it was handed in.
    pub submitted_at: DateTime<Utc>,
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// The fewest marks that pass.
    pub needed: Marks,
    /// The share of the marks that passes, in per cent.
    pub pass: u32,
    /// Whether it passed.
    pub passed: bool,
    /// Whether it asked what a refresher asks, and not the whole quiz.
    pub refreshes: bool,
    /// What passing it earned.
    pub completion: Option<Completion>,
    /// Each question, in the attempt's order. Empty: what was answered has been let go of.
    pub questions: Vec<MarkedQuestion>,
    /// What can be done next. `None`: nothing, because the module has been withdrawn.
    pub next: Option<NextTry>,
}

/// What can be done with the quiz after this attempt.
pub type NextTry = QuizState;

/// A question with what was given and what there is to say about it. Until the attempt has passed, a wrong answer is told to be
/// wrong and no more: which part of it was wrong is said only where the author lets parts of an answer count. Otherwise an
/// answer that ticks everything would be a way to read the key.
#[derive(Clone, Debug)]
pub struct MarkedQuestion {
    /// The heading, as inline HTML.
    pub stem: String,
    /// Whether it was answered rightly.
    pub right: bool,
    /// The options in the order in which they were shown; empty unless it asked to choose.
    pub choices: Vec<MarkedChoice>,
    /// The rows in the order in which they were shown; empty unless it asked to order or to match.
    pub pairs: Vec<MarkedPair>,
    /// What was written; none unless it asked for a text.
    pub text: Option<MarkedText>,
    /// Feedback for everybody, as HTML.
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
    /// Whether it is right, where that may be said.
    pub right: Option<bool>,
    /// Feedback for who chose it, as HTML; empty when there is none, or where it may not be said.
    pub feedback: String,
}

/// A row with what was put to it.
#[derive(Clone, Debug)]
pub struct MarkedPair {
    /// The row, as inline HTML.
    pub row: String,
    /// What was put to it, as inline HTML.
    pub given: Option<String>,
    /// Whether that is right, where that may be said.
    pub right: Option<bool>,
    /// What belongs there, as inline HTML, where that may be said.
    pub answer: Option<String>,
}

/// A text with what was made of it.
#[derive(Clone, Debug)]
pub struct MarkedText {
    /// What was written; plain text of the person's own.
    pub given: String,
    /// A text that is right, where that may be said.
    pub answer: Option<String>,
}

pub(crate) fn attempt_result(
    situation: &Situation,
    attempt: &Attempt,
    outcome: Outcome,
    (module, worded): (&Module, &Module),
    answers: &Answers,
) -> AttemptResult {
    let next = situation.catalogue().modules.get(&attempt.module).map(|current| quiz_state(situation, current));
    let completion = situation.dossier.completions.iter().find(|earned| earned.attempt == Some(attempt.id)).cloned();
    let drawn = questions_of(attempt, module);
    let needed = outcome.possible.at_percent(module.quiz.pass);
    // Where only whole marks can be earned, nobody needs to reach 6.4 of 8.
    let in_parts = drawn.iter().any(|drawn| drawn.question.partial);
    let needed = if in_parts { needed } else { needed.rounded_up() };
    // Marked as the author wrote it, told in the words in which it was handed in.
    let told = questions_of(attempt, worded);
    let questions = drawn
        .iter()
        .zip(&told)
        .map(|(marked, told)| {
            let answer = answers.get(&marked.question.id);
            let right = judge_drawn(marked, answer).is_whole();
            marked_question(worded, told, answer, right, outcome.passed)
        })
        .collect();
    AttemptResult {
        id: attempt.id,
        module: attempt.module.clone(),
        title: worded.title.clone(),
        language: worded.language,
        twin: attempt.twin.filter(|twin| module.twins.contains_key(twin)),
        submitted_at: outcome.submitted_at,
        earned: outcome.earned,
        possible: outcome.possible,
        needed,
        pass: module.quiz.pass,
        passed: outcome.passed,
        refreshes: attempt.refresher.is_some(),
        completion,
        questions,
        next,
    }
}

/// What may be said about a question besides whether it was answered rightly.
#[derive(Clone, Copy, Debug)]
struct Tells {
    /// Of each part of the answer, whether it is right, with its feedback.
    parts: bool,
    /// What would have been right.
    answers: bool,
}

pub(super) fn marked_question(
    module: &Module,
    drawn: &Drawn<'_>,
    answer: Option<&Answer>,
    right: bool,
    passed: bool,
) -> MarkedQuestion {
    let question = drawn.question;
    let wording = drawn.wording;
    let tells = Tells { parts: right || passed || question.partial, answers: passed };
    let title = module.page(&question.page).map_or_else(|| module.title.clone(), |(_, page)| page.title.clone());
    MarkedQuestion {
        stem: wording.stem.clone(),
        right,
        choices: marked_choices(drawn, answer, tells),
        pairs: marked_pairs(drawn, answer, tells),
        text: marked_text(&wording.form, answer, tells),
        why: ((right || passed) && !wording.why.is_empty()).then(|| wording.why.clone()),
        page: (format!("/modules/{}/{}", module.slug, question.page), title),
    }
}

fn marked_choices(drawn: &Drawn<'_>, answer: Option<&Answer>, tells: Tells) -> Vec<MarkedChoice> {
    let options = drawn.wording.form.choices();
    let was_chosen = |place: usize| matches!(answer, Some(Answer::Chosen(chosen)) if chosen.contains(&place));
    drawn
        .options()
        .filter_map(|(_, place)| Some((place, options.get(place)?)))
        .map(|(place, option)| {
            let chosen = was_chosen(place);
            MarkedChoice {
                html: option.html.clone(),
                chosen,
                right: (tells.answers || (chosen && tells.parts)).then_some(option.right),
                feedback: if chosen && tells.parts { option.feedback.clone() } else { String::new() },
            }
        })
        .collect()
}

fn marked_pairs(drawn: &Drawn<'_>, answer: Option<&Answer>, tells: Tells) -> Vec<MarkedPair> {
    let form = &drawn.wording.form;
    drawn
        .rows()
        .map(|(_, place)| {
            let given = match answer {
                Some(Answer::Paired(paired)) => paired.get(&place).copied(),
                _ => None,
            };
            MarkedPair {
                row: row_of(form, place),
                given: given.map(|given| option_of(form, given)),
                right: tells.parts.then_some(given == Some(place)),
                answer: tells.answers.then(|| option_of(form, place)),
            }
        })
        .collect()
}

fn marked_text(form: &QuestionForm, answer: Option<&Answer>, tells: Tells) -> Option<MarkedText> {
    let QuestionForm::Text(right) = form else { return None };
    let given = match answer {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    };
    Some(MarkedText { given, answer: tells.answers.then(|| right.first().cloned()).flatten() })
}
