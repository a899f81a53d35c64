//! What GIFT says, carried into questions of ours.

use std::{collections::BTreeSet, iter};

use super::{
    choices::carry_choices,
    pairs::carry_pairs,
    plain::{line, paragraphs},
    pools::Pools,
    short_text::carry_short_text,
    syntax::{Answers, GiftQuestion, Item},
    true_false::carry_true_false,
};
use crate::content::{
    Code, NewForm, NewQuestion, NewQuiz, NewWording, QuestionIds, Report, Shown, escaped_markdown, leans,
    warn_of_given_away, words_of,
};

/// The quiz that came of a file, and how much of it did not.
pub(super) struct Carried {
    /// None without any question.
    pub(super) quiz: Option<NewQuiz>,
    /// How many blocks were left out.
    pub(super) left_out: usize,
}

/// Carries what can be carried, and reports the rest.
pub(super) fn carry(items: &[Item], report: &mut Report<'_>) -> Carried {
    let mut ids = QuestionIds::default();
    let mut pools = Pools::default();
    let mut pool: Option<String> = None;
    let mut questions = Vec::new();
    let mut shown = Vec::new();
    let mut left_out = 0;
    for item in items {
        let at = match item {
            Item::Question(question) => question.at,
            Item::Category(_) | Item::Broken => 0,
        };
        let carried = match item {
            Item::Category(category) => {
                pool = pools.pool_of(category, report);
                continue;
            }
            Item::Question(question) => carry_question(question, pool.clone(), &mut ids, report),
            Item::Broken => None,
        };
        match carried {
            Some(question) => {
                question.pool.iter().for_each(|pool| pools.count(pool));
                shown.push(shown_by(at, &question));
                questions.push(question);
            }
            None => left_out += 1,
        }
    }
    if questions.is_empty() {
        return Carried { quiz: None, left_out };
    }
    let (draw, pools) = pools.draw(u32::try_from(questions.len()).unwrap_or(u32::MAX));
    let once: BTreeSet<&str> =
        pools.iter().filter(|(_, wanted)| **wanted == 1).map(|(name, _)| name.as_str()).collect();
    warn_of_given_away(&shown, &once, report);
    // What the modules that ship have; GIFT says nothing of it.
    let quiz = NewQuiz { pass: 80, draw, pools, attempts: 3, cooldown_minutes: 10, questions };
    Carried { quiz: Some(quiz), left_out }
}

/// What a question shows before it is answered. The backslashes of its Markdown are no part of its words.
fn shown_by(at: usize, question: &NewQuestion) -> Shown {
    let NewWording { stem, body, form, .. } = &question.wording;
    let own = iter::once(stem.as_str()).chain(body.iter().map(String::as_str));
    let (parts, answers): (Vec<&str>, Vec<String>) = match form {
        NewForm::One(choices) | NewForm::Several(choices) => {
            (choices.iter().map(|choice| choice.text.as_str()).collect(), Vec::new())
        }
        NewForm::Order(items) => (items.iter().map(String::as_str).collect(), Vec::new()),
        NewForm::Match(pairs) => {
            (pairs.iter().flat_map(|(one, other)| [one.as_str(), other.as_str()]).collect(), Vec::new())
        }
        NewForm::Text(texts) => (Vec::new(), texts.clone()),
    };
    let texts = own.chain(parts).map(|text| words_of(&text.replace('\\', ""))).collect();
    Shown { at, id: question.id.to_string(), pool: question.pool.clone(), texts, answers }
}

fn carry_question(
    question: &GiftQuestion,
    pool: Option<String>,
    ids: &mut QuestionIds,
    report: &mut Report<'_>,
) -> Option<NewQuestion> {
    let GiftQuestion { at, notes, title, stem, answers, feedback, .. } = question;
    if let Some((message, help)) = why_not(answers) {
        report.error(*at, Code::GiftNotCarried, message, help);
        return None;
    }
    let stem = stem.as_ref().map(|stem| paragraphs(stem, report)).unwrap_or_default();
    let (form, partial) = carry_form(*at, &stem, answers, report)?;
    let why = line(feedback.as_ref(), report);
    let Some((first, rest)) = stem.split_first() else {
        let help = "Write the question before its `{`.";
        report.error(*at, Code::QuestionWithoutStem, "This question asks nothing, so it is left out.", help);
        return None;
    };
    let named = title.as_deref().filter(|title| title.chars().any(char::is_alphanumeric)).unwrap_or(first);
    let id = ids.give(named)?;
    // Options that lean on the place of others keep theirs, as their author meant it.
    let fixed_order = match &form {
        NewForm::One(choices) | NewForm::Several(choices) => choices.iter().any(|choice| leans(&choice.text)),
        NewForm::Order(_) | NewForm::Match(_) | NewForm::Text(_) => false,
    };
    let wording = NewWording {
        stem: escaped_markdown(first),
        body: rest.iter().map(|paragraph| escaped_markdown(paragraph)).collect(),
        form,
        why: (!why.is_empty()).then(|| escaped_markdown(&why)),
    };
    Some(NewQuestion {
        notes: notes.clone(),
        id,
        page: None,
        weight: 1,
        pool,
        partial,
        fixed_order,
        wording,
        variants: Vec::new(),
    })
}

/// What is answered, and whether an answer that is right in part earns a part.
fn carry_form(at: usize, stem: &[String], answers: &Answers, report: &mut Report<'_>) -> Option<(NewForm, bool)> {
    match answers {
        Answers::Choices(answers) => carry_choices(at, answers, report),
        Answers::TrueFalse { right, feedback } => Some((carry_true_false(*right, feedback, report), false)),
        Answers::ShortText(answers) => carry_short_text(at, stem, answers, report).map(|form| (form, false)),
        // Moodle, too, marks pair by pair.
        Answers::Match(pairs) => carry_pairs(at, pairs, report).map(|form| (form, true)),
        Answers::Description | Answers::Essay | Answers::Numerical => None,
    }
}

/// Why there is no form of ours for what is asked, and what to do.
fn why_not(answers: &Answers) -> Option<(&'static str, &'static str)> {
    match answers {
        Answers::Description => Some((
            "This text asks nothing, so it is left out.",
            "Put it into a page of the module, or write the answers after it, in `{` and `}`.",
        )),
        Answers::Essay => Some((
            "Induct marks every answer itself, so this essay is left out.",
            "Write the answers between `{` and `}`, or ask it elsewhere.",
        )),
        Answers::Numerical => Some((
            "Induct does not ask for numbers, so this question is left out.",
            "Ask for it as a short text, as in `{=18 =eighteen}`, or offer options.",
        )),
        _ => None,
    }
}
