use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use model::{Asks, Choice, Letter, ModuleSlug, Paper, Question, QuestionId};
use sqlx::types::Json;

use crate::{
    AttemptId, AttemptResult, Engine, Looked, Person, PersonId, Refused, StoreError,
    catalogue::{Form, Module, Sha256Digest},
    draw::{Drawn, draw},
    mark::Answers,
    store::{Linked, on},
};

/// One sitting of a quiz.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub id: AttemptId,
    pub module: ModuleSlug,
    pub version: Sha256Digest,
    pub edition: u32,
    pub seed: Vec<u8>,
    pub outcome: Option<Outcome>,
}

/// What came of an attempt that was handed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub submitted_at: DateTime<Utc>,
    pub earned: u32,
    pub possible: u32,
    pub passed: bool,
}

/// An attempt as its owner finds it.
#[derive(Clone, Debug)]
pub enum AttemptState {
    /// It can be answered.
    Open(Sitting),
    /// It has been handed in and marked.
    HandedIn(Box<AttemptResult>),
    /// The module was replaced by an edition that must be taken anew; its answers are kept but not marked.
    Superseded(Sitting),
}

/// An attempt that is being answered.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// Which attempt.
    pub id: AttemptId,
    /// The module that it belongs to.
    pub module: ModuleSlug,
    /// That module's title.
    pub title: String,
    /// Its questions, without keys, with what has been answered so far.
    pub paper: Paper,
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: AttemptId,
    module: String,
    version_sha256: String,
    edition: i64,
    seed: Vec<u8>,
    submitted_at: Option<DateTime<Utc>>,
    earned: Option<i64>,
    possible: Option<i64>,
    passed: Option<bool>,
}

impl TryFrom<AttemptRow> for Attempt {
    type Error = StoreError;

    fn try_from(row: AttemptRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::unreadable("attempt");
        let count = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).ok_or_else(unreadable);
        let outcome = match row.submitted_at {
            None => None,
            Some(submitted_at) => Some(Outcome {
                submitted_at,
                earned: count(row.earned)?,
                possible: count(row.possible)?,
                passed: row.passed.ok_or_else(unreadable)?,
            }),
        };
        Ok(Self {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| unreadable())?,
            version: Sha256Digest::parse(&row.version_sha256).ok_or_else(unreadable)?,
            edition: count(Some(row.edition))?,
            seed: row.seed,
            outcome,
        })
    }
}

const FIND_ATTEMPT: &str = "SELECT id, module, version_sha256, edition, seed, submitted_at, earned, possible, passed \
     FROM attempt WHERE id = $1 AND person_id = $2";

const FIND_ANSWERS: &str = "SELECT question, chosen FROM answer WHERE attempt_id = $1";

/// This person's attempt of that id; somebody else's is as good as none.
pub(crate) async fn find_attempt(
    on_what: &mut impl Linked,
    id: AttemptId,
    person: PersonId,
) -> Result<Option<Attempt>, StoreError> {
    let row: Option<AttemptRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_ATTEMPT)
        .bind(id).bind(person).fetch_optional(conn).await)?;
    row.map(Attempt::try_from).transpose()
}

pub(crate) async fn find_answers(on_what: &mut impl Linked, attempt: AttemptId) -> Result<Answers, StoreError> {
    let rows: Vec<(String, Json<BTreeSet<usize>>)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_ANSWERS).bind(attempt).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(question, Json(chosen))| {
            Ok((QuestionId::new(question).map_err(|_| StoreError::unreadable("answer"))?, chosen))
        })
        .collect()
}

impl Engine {
    /// An attempt as its owner finds it: to answer, or with its result.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none of that id or it is somebody else's.
    pub async fn attempt(&self, person: &Person, id: AttemptId) -> Looked<AttemptState> {
        let mut conn = self.store.read().await?;
        let attempt = find_attempt(&mut conn, id, person.id).await?.ok_or(Refused::NotFound)?;
        let answers = find_answers(&mut conn, id).await?;
        drop(conn);
        let module = self.module_version(&attempt.module, attempt.version).await?;
        if let Some(outcome) = attempt.outcome {
            let result = self.attempt_result(person, &attempt, outcome, &module, &answers).await?;
            return Ok(AttemptState::HandedIn(Box::new(result)));
        }
        let sitting = Sitting {
            id,
            module: attempt.module.clone(),
            title: module.title.clone(),
            paper: paper(&attempt, &module, &answers),
        };
        Ok(if self.is_superseded(&attempt) { AttemptState::Superseded(sitting) } else { AttemptState::Open(sitting) })
    }

    /// The module as it is now, unless it has gone on to an edition that must be taken anew, or is no longer there.
    pub(crate) fn current_of(&self, attempt: &Attempt) -> Option<Arc<Module>> {
        let current = self.catalogue().modules.get(&attempt.module).cloned();
        current.filter(|current| current.edition == attempt.edition)
    }

    /// Whether the module has gone on to an edition that must be taken anew, or is no longer there at all.
    pub(crate) fn is_superseded(&self, attempt: &Attempt) -> bool {
        self.current_of(attempt).is_none()
    }
}

fn paper(attempt: &Attempt, module: &Module, answers: &Answers) -> Paper {
    Paper {
        address: format!("/attempts/{}", attempt.id),
        questions: draw(&module.quiz, &attempt.seed).iter().map(|drawn| put(drawn, answers)).collect(),
    }
}

/// A question as it is put to a person: what is right, and the feedback, stay behind.
fn put(drawn: &Drawn<'_>, answers: &Answers) -> Question {
    let question = drawn.question;
    let choices = question.form.choices();
    let chosen = answers.get(&question.id);
    Question {
        id: question.id.clone(),
        asks: match question.form {
            Form::One(_) | Form::TrueFalse(_) => Asks::One,
            Form::Several(_) => Asks::Several,
        },
        stem: question.stem.clone(),
        body: question.body.clone(),
        choices: drawn.shown().map(|(letter, place)| Choice { letter, html: choices[place].html.clone() }).collect(),
        chosen: drawn
            .shown()
            .filter(|(_, place)| chosen.is_some_and(|chosen| chosen.contains(place)))
            .map(|(letter, _)| letter)
            .collect::<Vec<Letter>>(),
    }
}
