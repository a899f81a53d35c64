use audit::{Fact, PartKind, digest_of_text, to_canonical};
use chrono::{DateTime, NaiveDate, Utc};
use model::ModuleSlug;
use serde::Serialize;

use super::{
    attempt::{Attempt, questions_of},
    mark::{Answers, Mark, mark},
    quiz_entry::uses_up_attempts,
    refresher::is_over,
};
use crate::{
    catalogue::{Module, Page, TwinName},
    engine::{Engine, Refused},
    ground::{AttemptId, CompletionId, DiscussionId, PersonId},
    log::{Act, Row, Said, milliseconds, milliseconds_up},
    people::Person,
    record::{Actor, Completion, Discussion, find_unused_discussion, insert_completions},
    store::{Linked, StoreError, Tx, change, change_one},
};

/// Why an attempt was not marked. Its answers are kept.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// There is no such attempt, or it is somebody else's.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The module was replaced by an edition that must be taken anew.
    #[error("the module {module} has been replaced by a new edition")]
    Superseded {
        /// Which module.
        module: ModuleSlug,
    },
    /// It is a refresher, and what it was to refresh no longer counts.
    #[error("what this refresher was to refresh no longer counts")]
    RefresherOver,
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const SUBMIT_ATTEMPT: &str = "UPDATE attempt SET submitted_at = $2, earned = $3, possible = $4, passed = $5, twin = $6 \
     WHERE id = $1 AND submitted_at IS NULL";

const FORGET_READ: &str = "DELETE FROM page_read WHERE person_id = $1 AND module = $2";

const INSERT_TASK: &str = "INSERT INTO tutor_task (id, person_id, module, edition, attempt_id, opened_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

impl Engine {
    /// Hands in an attempt: marks what was saved, and writes the completion when it passes, or the tutor's task when the
    /// last attempt did not. Handing in twice marks once. `seconds`: what was spent on it since its page last said so, as
    /// [`Engine::spend_time`] takes them. What was counted goes with it; of a pass its minutes stand beside it from then on.
    ///
    /// # Errors
    /// [`SubmitError`]; the answers are kept.
    pub async fn submit_quiz(&self, person: &Person, id: AttemptId, seconds: u32) -> Result<(), SubmitError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let (attempt, answers) = self.find_attempt(&mut tx, id, person.id).await?;
        if attempt.outcome.is_some() {
            return Ok(());
        }
        let situation = self.situation_on(&mut tx, person.id).await?;
        let Some(current) = self.current_of(&attempt) else {
            return Err(SubmitError::Superseded { module: attempt.module });
        };
        if is_over(&situation, &attempt) {
            return Err(SubmitError::RefresherOver);
        }
        let module = self.module_version(&mut tx, &attempt.module, attempt.version).await?;
        let marked = mark(&questions_of(&attempt, &module), &answers, module.quiz.pass);
        let pages_opened = taught(&module).filter(|page| situation.has_opened(&module, &page.slug));
        let asks_tutor = !marked.passed && uses_up_attempts(&situation, &current);
        let (_, words) = self.in_words(&module, attempt.chosen);
        let pages_opened = pages_opened.count();
        let until = situation.pass_until(&module);
        // A refresher asks about a part of what was talked over.
        let discussion = if marked.passed && attempt.refresher.is_none() {
            find_unused_discussion(&mut tx, person.id, &attempt.module, attempt.edition).await?
        } else {
            None
        };
        let discussed = discussion.as_ref().map(|held| held.id);
        let outcome =
            HandedIn { at: situation.now, until, marked, pages_opened, asks_tutor, twin: words.shown, discussed };
        let pass = self.write_outcome(&mut tx, person.id, &attempt, &module, outcome).await?;
        if pass.is_some() {
            // The completion says how many; which, and when, was for them alone.
            change!(tx, sqlx::query(FORGET_READ).bind(person.id).bind(attempt.module.as_str()))?;
        }
        self.end_time(&mut tx, person.id, &attempt.module, seconds, pass.as_ref().map(|pass| pass.id)).await?;
        let act = pass.map(|pass| {
            self.completed(person.id, &pass, &module, discussion.as_ref())
                .with(PartKind::Work, &work(&attempt, &answers))
        });
        self.seal(tx, act).await?;
        Ok(())
    }

    /// Writes what came of an attempt: its marks, and the completion or the tutor's task. Gives the completion.
    async fn write_outcome(
        &self,
        tx: &mut Tx,
        person: PersonId,
        attempt: &Attempt,
        module: &Module,
        outcome: HandedIn,
    ) -> Result<Option<Completion>, StoreError> {
        let HandedIn { at, marked, .. } = outcome;
        change_one!(
            tx,
            sqlx::query(SUBMIT_ATTEMPT)
                .bind(attempt.id)
                .bind(at)
                .bind(i64::from(marked.earned.in_hundredths()))
                .bind(i64::from(marked.possible.in_hundredths()))
                .bind(marked.passed)
                .bind(outcome.twin.map(String::from))
        )?;
        if marked.passed {
            let pass = self.completion_of(attempt, module, outcome);
            insert_completions(tx, &*self.chance, person, std::slice::from_ref(&pass)).await?;
            return Ok(Some(pass));
        }
        if outcome.asks_tutor {
            change_one!(
                tx,
                sqlx::query(INSERT_TASK)
                    .bind(self.new_id(at))
                    .bind(person)
                    .bind(attempt.module.as_str())
                    .bind(i64::from(attempt.edition))
                    .bind(attempt.id)
                    .bind(at)
            )?;
        }
        Ok(None)
    }

    /// That somebody passed, for the signed log.
    pub(crate) fn completed(
        &self,
        person: PersonId,
        pass: &Completion,
        module: &Module,
        discussion: Option<&Discussion>,
    ) -> Act {
        let fact = completed_fact(pass, module);
        let how = HowPassed {
            discussed: discussion.map(|held| WhereDiscussed::at(held.held_on, &held.place)),
            earned: pass.earned.in_hundredths(),
            pages: pass.pages,
            pages_opened: pass.pages_opened,
            possible: pass.possible.in_hundredths(),
            since: pass.refreshes,
            started: milliseconds(pass.started_at),
            twin: pass.twin.map(String::from),
        };
        let act = self.act(person, pass.completed_at, Actor::Person(person));
        act.saying(Said::Plain(fact), Row::of("completion", pass.id)).with(PartKind::Act, &how)
    }

    /// The pass that an attempt earned, with an id of its own.
    pub(crate) fn completion_of(&self, attempt: &Attempt, module: &Module, outcome: HandedIn) -> Completion {
        let HandedIn { at, until, marked, pages_opened, twin, discussed, .. } = outcome;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Completion {
            id: CompletionId(self.new_id(at)),
            module: attempt.module.clone(),
            version: attempt.version,
            edition: attempt.edition,
            attempt: Some(attempt.id),
            workshop: None,
            discussion: discussed,
            refreshes: attempt.refresher.as_ref().map(|asked| asked.since),
            earned: marked.earned,
            possible: marked.possible,
            minutes: attempt.refresher.as_ref().map_or(module.minutes, |asked| asked.minutes(module)),
            pages_opened: count(pages_opened),
            pages: count(taught(module).count()),
            twin,
            started_at: attempt.started_at,
            completed_at: at,
            expires_at: until,
            withdrawn: None,
        }
    }
}

/// What the signed log says of a pass.
pub(crate) fn completed_fact(pass: &Completion, module: &Module) -> Fact {
    Fact::Completed {
        module: pass.module.as_str().to_owned(),
        version: pass.version,
        sha256: audit::Digest(module.canonical.sha256.0),
        edition: pass.edition,
        until: milliseconds_up(pass.expires_at),
        minutes: pass.minutes,
        how: pass.how().logged(),
    }
}

/// How somebody passed, as the signed log has it apart from the rest. Marks are in hundredths.
#[derive(Serialize)]
pub(crate) struct HowPassed<'d> {
    /// Where and when it had been talked over. `None`: it had not, and nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discussed: Option<WhereDiscussed<'d>>,
    pub earned: u32,
    pub pages: u32,
    pub pages_opened: u32,
    pub possible: u32,
    /// Of a refresher, since which version it asked. `None`: it was none, and nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<u32>,
    pub started: u64,
    /// In the words of which twin it was answered. `None`: in those that were written first, and nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twin: Option<String>,
}

/// Where and when a module was talked over before it was passed.
#[derive(Serialize)]
pub(crate) struct WhereDiscussed<'d> {
    day: String,
    place: &'d str,
}

impl<'d> WhereDiscussed<'d> {
    pub(crate) fn at(day: NaiveDate, place: &'d str) -> Self {
        Self { day: day.to_string(), place }
    }
}

/// How somebody passed who was at a workshop, likewise.
#[derive(Serialize)]
pub(crate) struct HowAttended<'w> {
    how: &'static str,
    place: &'w str,
    /// Who signed them in. `None`: they did so themselves, by its code, and nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_by: Option<&'static str>,
    started: u64,
}

impl<'w> HowAttended<'w> {
    /// `by_leader`: whoever led it signed them in.
    pub(crate) fn at(place: &'w str, started_at: DateTime<Utc>, by_leader: bool) -> Self {
        let signed_in_by = by_leader.then_some("leader");
        Self { how: "workshop", place, signed_in_by, started: milliseconds(started_at) }
    }
}

/// What was answered, as the signed log has it: a digest with which whoever has attempt and answers can show that they are the ones.
#[derive(Serialize)]
struct WorkDigest {
    sha256: audit::Digest,
}

/// What marks are worked out from.
#[derive(Serialize)]
struct Work<'a> {
    answers: &'a Answers,
    number: u32,
    seed: String,
}

fn work(attempt: &Attempt, answers: &Answers) -> WorkDigest {
    let work = Work { answers, number: attempt.number, seed: hex::encode(&attempt.seed) };
    // Texts and whole numbers always have a canonical form.
    WorkDigest { sha256: digest_of_text(&to_canonical(&work).unwrap_or_default()) }
}

/// An attempt as it is handed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandedIn {
    pub at: DateTime<Utc>,
    /// Until when a pass counts.
    pub until: DateTime<Utc>,
    pub marked: Mark,
    /// How many of the pages that count had been opened.
    pub pages_opened: usize,
    /// Whether it was the last attempt, and did not pass.
    pub asks_tutor: bool,
    /// The twin that they were reading.
    pub twin: Option<TwinName>,
    /// The discussion in which the module had been worked through before.
    pub discussed: Option<DiscussionId>,
}

/// The pages that count as opened or not.
pub(crate) fn taught(module: &Module) -> impl Iterator<Item = &Page> {
    module.pages.iter().filter(|page| !page.is_help)
}
