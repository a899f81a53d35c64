use std::{ptr, sync::Arc};

use chrono::{DateTime, Utc};
use model::{Asks, Given, ModuleSlug, Paper, PaperChoice, PaperQuestion, QuestionId};
use sqlx::types::Json;

use super::{
    attempt_result::{AttemptResult, attempt_result},
    draw::{Drawn, draw, draw_these},
    mark::{Answer, Answers},
    refresher::{RefresherDraw, is_over},
};
use crate::{
    catalogue::{Language, Module, QuestionForm, Twin, TwinName},
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, PersonId, Sha256Digest},
    people::Person,
    publishing::Words,
    record::{Marks, kept_twin},
    store::{Linked, StoreError, on},
};

/// One sitting of a quiz.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub id: AttemptId,
    pub module: ModuleSlug,
    /// The number of the version that it was begun on.
    pub version: u32,
    pub edition: u32,
    pub seed: Vec<u8>,
    /// What it asks as a refresher. `None`: the whole quiz.
    pub refresher: Option<RefresherDraw>,
    /// Which of the person's attempts at the module it is, counted from 0.
    pub number: u32,
    pub started_at: DateTime<Utc>,
    /// The twin in whose words it was begun or handed in. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// The twin that the person reads now.
    pub chosen: Option<TwinName>,
    pub outcome: Option<Outcome>,
}

/// What came of an attempt that was handed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub submitted_at: DateTime<Utc>,
    pub earned: Marks,
    pub possible: Marks,
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
    /// The module was withdrawn; its answers are kept but not marked.
    Withdrawn(Sitting),
    /// It is a refresher, and what it was to refresh no longer counts; it can go on as an attempt at the whole quiz.
    RefresherOver(Sitting),
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
    /// The language of its words.
    pub language: Language,
    /// In which words it is shown.
    pub words: Words,
    /// Whether it asks what a refresher asks, and not the whole quiz.
    pub refreshes: bool,
    /// Whether it is counted how long they spend on it.
    pub counts_time: bool,
    /// Its questions, without keys, with what has been answered so far.
    pub paper: Paper,
    /// What seals answers of this attempt while they wait on a device. It is told to the attempt's owner alone, and kept on no device.
    pub device_key: Sha256Digest,
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: AttemptId,
    module: String,
    version: i64,
    started_at: DateTime<Utc>,
    edition: i64,
    seed: Vec<u8>,
    refresher: Option<Json<RefresherDraw>>,
    number: i64,
    twin: Option<String>,
    chosen: Option<String>,
    submitted_at: Option<DateTime<Utc>>,
    earned: Option<i64>,
    possible: Option<i64>,
    passed: Option<bool>,
    published: i64,
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
                earned: Marks::hundredths(count(row.earned)?),
                possible: Marks::hundredths(count(row.possible)?),
                passed: row.passed.ok_or_else(unreadable)?,
            }),
        };
        Ok(Self {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| unreadable())?,
            version: count(Some(row.version))?,
            started_at: row.started_at,
            edition: count(Some(row.edition))?,
            seed: row.seed,
            refresher: row.refresher.map(|Json(asked)| asked),
            number: count(Some(row.number))?,
            twin: kept_twin(row.twin, "attempt")?,
            chosen: kept_twin(row.chosen, "attempt")?,
            outcome,
        })
    }
}

/// An attempt with one of its answers, or with none when nothing has been answered.
#[derive(sqlx::FromRow)]
pub(super) struct AnsweredRow {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    question: Option<String>,
    given: Option<Json<Answer>>,
}

/// An attempt as it was read, with its answers.
#[derive(Clone, Debug)]
pub struct FoundAttempt {
    attempt: Attempt,
    answers: Answers,
    /// The revision of what was published then.
    published: i64,
}

impl FoundAttempt {
    /// From its rows. `None`: there is no row.
    pub(super) fn of(rows: impl IntoIterator<Item = AnsweredRow>) -> Result<Option<Self>, StoreError> {
        let mut found = None;
        let mut answers = Answers::new();
        for row in rows {
            if let (Some(question), Some(Json(given))) = (row.question, row.given) {
                answers.insert(QuestionId::new(question).map_err(|_| StoreError::unreadable("answer"))?, given);
            }
            found = Some(row.attempt);
        }
        let Some(row) = found else { return Ok(None) };
        let published = row.published;
        Ok(Some(Self { attempt: row.try_into()?, answers, published }))
    }
}

/// The columns of [`AnsweredRow`] from `attempt t LEFT JOIN answer w`, for a person, but the revision of what is published.
macro_rules! attempt_columns {
    ($person:literal) => {
        concat!(
            "t.id, t.module, t.version, t.edition, t.seed, t.refresher, t.number, t.started_at, t.submitted_at, t.earned, t.possible, \
             t.passed, t.twin, (SELECT c.twin FROM chosen_twin c WHERE c.person_id = ",
            $person,
            ") AS chosen, w.question, w.given"
        )
    };
}
pub(super) use attempt_columns;

/// With its answers, and with the revision of what is published, which decides what becomes of it: in one trip.
const FIND_ATTEMPT: &str = concat!(
    "SELECT ",
    attempt_columns!("$2"),
    ", (SELECT r.number FROM revision r WHERE r.name = 'published') AS published \
     FROM attempt t LEFT JOIN answer w ON w.attempt_id = t.id AND w.given IS NOT NULL \
     WHERE t.id = $1 AND t.person_id = $2",
);

const COUNT_LET_GO: &str = "SELECT COUNT(*) FROM answers_let_go WHERE attempt_id = $1";

impl Engine {
    /// This person's attempt of that id with its answers, once this server knows what is published.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none of that id or it is somebody else's.
    pub(crate) async fn find_attempt(
        &self,
        on_what: &mut impl Linked,
        id: AttemptId,
        person: PersonId,
    ) -> Looked<(Attempt, Answers)> {
        let rows: Vec<AnsweredRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_ATTEMPT)
            .bind(id).bind(person).fetch_all(conn).await)?;
        let FoundAttempt { attempt, answers, published } = FoundAttempt::of(rows)?.ok_or(Refused::NotFound)?;
        self.catch_up(on_what, published).await?;
        Ok((attempt, answers))
    }

    /// An attempt as its owner finds it: to answer, or with its result.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none of that id or it is somebody else's.
    pub async fn attempt(&self, person: &Person, id: AttemptId) -> Looked<AttemptState> {
        let mut conn = self.store.read().await?;
        let (attempt, answers) = self.find_attempt(&mut conn, id, person.id).await?;
        let module = self.module_version(&mut conn, &attempt.module, attempt.version).await?;
        if let Some(outcome) = attempt.outcome {
            let result = self.result_of(&mut conn, person.id, (&attempt, outcome), &module, &answers).await?;
            return Ok(AttemptState::HandedIn(Box::new(result)));
        }
        let sitting = self.sitting(&attempt, &module, &answers);
        Ok(match self.catalogue().modules.get(&attempt.module) {
            None => AttemptState::Withdrawn(sitting),
            Some(current) if current.edition != attempt.edition => AttemptState::Superseded(sitting),
            Some(_) if attempt.refresher.is_some() => {
                let situation = self.situation_on(&mut conn, person.id).await?;
                if is_over(&situation, &attempt) {
                    AttemptState::RefresherOver(sitting)
                } else {
                    AttemptState::Open(sitting)
                }
            }
            Some(_) => AttemptState::Open(sitting),
        })
    }

    /// The same as [`Engine::attempt`], for its owner who only looks. `found`: what was found with their session, in the same request; an
    /// attempt that is simply open is shown from it, and the database is not asked again.
    ///
    /// # Errors
    /// As [`Engine::attempt`].
    pub async fn attempt_as_found(
        &self,
        person: &Person,
        id: AttemptId,
        found: Option<&FoundAttempt>,
    ) -> Looked<AttemptState> {
        match found.filter(|found| found.attempt.id == id).and_then(|found| self.simply_open(found)) {
            Some(sitting) => Ok(AttemptState::Open(sitting)),
            None => self.attempt(person, id).await,
        }
    }

    /// An attempt at the whole quiz that is open, in the version that is published now. `None`: it is anything else.
    fn simply_open(&self, found: &FoundAttempt) -> Option<Sitting> {
        let FoundAttempt { attempt, answers, published } = found;
        if attempt.outcome.is_some() || attempt.refresher.is_some() || *published > self.shelf().revision {
            return None;
        }
        let catalogue = self.catalogue();
        let module = catalogue.modules.get(&attempt.module).filter(|module| module.number == attempt.version)?;
        Some(self.sitting(attempt, module, answers))
    }

    fn sitting(&self, attempt: &Attempt, module: &Arc<Module>, answers: &Answers) -> Sitting {
        let (worded, words) = self.in_words(module, attempt.chosen);
        Sitting {
            id: attempt.id,
            module: attempt.module.clone(),
            title: worded.title.clone(),
            language: worded.language,
            words,
            refreshes: attempt.refresher.is_some(),
            counts_time: self.catalogue().organisation.cpd.time_spent,
            paper: paper(attempt, &worded, answers),
            device_key: device_key(attempt),
        }
    }

    /// What came of somebody's attempt that was handed in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn result_of(
        &self,
        on_what: &mut impl Linked,
        person: PersonId,
        (attempt, outcome): (&Attempt, Outcome),
        module: &Arc<Module>,
        answers: &Answers,
    ) -> Looked<AttemptResult> {
        let situation = self.situation_on(on_what, person).await?;
        let worded = self.worded(module, attempt.twin);
        let mut result = attempt_result(&situation, attempt, outcome, (&**module, &*worded), answers);
        let let_go: i64 =
            on!(on_what.link(), conn => sqlx::query_scalar(COUNT_LET_GO).bind(attempt.id).fetch_one(conn).await)?;
        if let_go > 0 {
            result.questions.clear();
        }
        Ok(result)
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

/// The questions of an attempt in the version of the module that it was begun on. A short answer is right in whichever of the module's
/// languages somebody gives it, because they may know the word in one and read in another.
pub(crate) fn questions_of<'m>(attempt: &Attempt, module: &'m Module) -> Vec<Drawn<'m>> {
    match &attempt.refresher {
        Some(asked) => in_any_words(draw_these(&module.quiz, &asked.questions, &attempt.seed, attempt.number), module),
        None => questions_by(&attempt.seed, attempt.number, module),
    }
}

/// Those of an attempt at the whole quiz, by what decides which they are.
pub(super) fn questions_by<'m>(seed: &[u8], number: u32, module: &'m Module) -> Vec<Drawn<'m>> {
    in_any_words(draw(&module.quiz, seed, number), module)
}

fn in_any_words<'m>(mut drawn: Vec<Drawn<'m>>, module: &'m Module) -> Vec<Drawn<'m>> {
    for drawn in &mut drawn {
        drawn.right_elsewhere = module.twins.values().filter_map(|twin| right_texts(drawn, twin)).collect();
    }
    drawn
}

/// The texts that are right in the words of a twin. `None`: the question asks for no text.
fn right_texts<'m>(drawn: &Drawn<'_>, twin: &'m Twin) -> Option<&'m [String]> {
    let place = drawn.question.wordings.iter().position(|wording| ptr::eq(wording, drawn.wording))?;
    match &twin.wordings.get(&drawn.question.id)?.get(place)?.form {
        QuestionForm::Text(texts) => Some(texts),
        _ => None,
    }
}

/// Not the seed itself, which leads from what is shown to the author's order.
fn device_key(attempt: &Attempt) -> Sha256Digest {
    Sha256Digest::of(&[b"answers that wait on a device\0", &attempt.seed[..]].concat())
}

fn paper(attempt: &Attempt, module: &Module, answers: &Answers) -> Paper {
    Paper {
        address: format!("/attempts/{}", attempt.id),
        questions: (1..)
            .zip(questions_of(attempt, module))
            .map(|(number, drawn)| put(number, &drawn, answers))
            .collect(),
    }
}

/// A question as it is put to a person: what is right, and the feedback, stay behind.
fn put(number: u32, drawn: &Drawn<'_>, answers: &Answers) -> PaperQuestion {
    let form = &drawn.wording.form;
    let asks = match form {
        QuestionForm::One(_) | QuestionForm::TrueFalse(_) => Asks::One,
        QuestionForm::Several(_) => Asks::Several,
        QuestionForm::Order(_) => Asks::Order,
        QuestionForm::Match(_) => Asks::Match,
        QuestionForm::Text(_) => Asks::Text,
    };
    PaperQuestion {
        number,
        asks,
        stem: drawn.wording.stem.clone(),
        body: drawn.wording.body.clone(),
        rows: drawn.rows().map(|(letter, place)| PaperChoice { letter, html: row_of(form, place) }).collect(),
        choices: drawn.options().map(|(letter, place)| PaperChoice { letter, html: option_of(form, place) }).collect(),
        given: answers.get(&drawn.question.id).map(|answer| given(drawn, answer)).unwrap_or_default(),
    }
}

/// The option at an author's place, as HTML. The places of an order are numbers.
pub(crate) fn option_of(form: &QuestionForm, place: usize) -> String {
    match form {
        QuestionForm::One(choices) | QuestionForm::Several(choices) | QuestionForm::TrueFalse(choices) => {
            choices[place].html.clone()
        }
        QuestionForm::Order(_) => (place + 1).to_string(),
        QuestionForm::Match(pairs) => pairs[place].right.clone(),
        QuestionForm::Text(_) => String::new(),
    }
}

/// The row at an author's place, as HTML.
pub(crate) fn row_of(form: &QuestionForm, place: usize) -> String {
    match form {
        QuestionForm::Order(items) => items[place].clone(),
        QuestionForm::Match(pairs) => pairs[place].left.clone(),
        QuestionForm::One(_) | QuestionForm::Several(_) | QuestionForm::TrueFalse(_) | QuestionForm::Text(_) => {
            String::new()
        }
    }
}

/// An answer as the form would send it.
pub(super) fn given(drawn: &Drawn<'_>, answer: &Answer) -> Given {
    let mut given = Given::default();
    match answer {
        Answer::Chosen(chosen) => {
            given.chosen = chosen.iter().filter_map(|place| drawn.option_letter(*place)).collect();
            given.chosen.sort_unstable();
        }
        Answer::Paired(paired) => {
            for (row, option) in paired {
                if let (Some(row), Some(option)) = (drawn.row_letter(*row), drawn.option_letter(*option)) {
                    given.pair(row, Some(option));
                }
            }
        }
        Answer::Text(text) => given.text.clone_from(text),
    }
    given
}
