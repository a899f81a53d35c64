use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{
    attempt::{Attempt, questions_of},
    mark::{Mark, mark},
    quiz_entry::uses_up_attempts,
};
use crate::{
    catalogue::{Block, Module, Page},
    engine::{Engine, Refused},
    ground::{AttemptId, CompletionId, PersonId},
    people::Person,
    record::{Completion, insert_completions},
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
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const SUBMIT_ATTEMPT: &str = "UPDATE attempt SET submitted_at = $2, earned = $3, possible = $4, passed = $5 \
     WHERE id = $1 AND submitted_at IS NULL";

const FORGET_READ: &str = "DELETE FROM page_read WHERE person_id = $1 AND module = $2";

const INSERT_TASK: &str = "INSERT INTO tutor_task (id, person_id, module, edition, attempt_id, opened_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

impl Engine {
    /// Hands in an attempt: marks what was saved, and writes the completion when it passes, or the tutor's task when the
    /// last attempt did not. Handing in twice marks once.
    ///
    /// # Errors
    /// [`SubmitError`]; the answers are kept.
    pub async fn submit_quiz(&self, person: &Person, id: AttemptId) -> Result<(), SubmitError> {
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
        let module = self.module_version(&mut tx, &attempt.module, attempt.version).await?;
        let marked = mark(&questions_of(&attempt, &module), &answers, module.quiz.pass);
        let pages_opened = taught(&module).filter(|page| situation.has_opened(&module, &page.slug));
        let asks_tutor = !marked.passed && uses_up_attempts(&situation, &current);
        let outcome = HandedIn { at: situation.now, marked, pages_opened: pages_opened.count(), asks_tutor };
        self.write_outcome(&mut tx, person.id, &attempt, &module, outcome).await?;
        if marked.passed {
            // The completion says how many; which, and when, was for them alone.
            change!(tx, sqlx::query(FORGET_READ).bind(person.id).bind(attempt.module.as_str()))?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Writes what came of an attempt: its marks, and the completion or the tutor's task.
    pub(crate) async fn write_outcome(
        &self,
        tx: &mut Tx,
        person: PersonId,
        attempt: &Attempt,
        module: &Module,
        outcome: HandedIn,
    ) -> Result<(), StoreError> {
        let HandedIn { at, marked, .. } = outcome;
        change_one!(
            tx,
            sqlx::query(SUBMIT_ATTEMPT)
                .bind(attempt.id)
                .bind(at)
                .bind(i64::from(marked.earned.in_hundredths()))
                .bind(i64::from(marked.possible.in_hundredths()))
                .bind(marked.passed)
        )?;
        if marked.passed {
            insert_completions(tx, person, &[self.completion_of(attempt, module, outcome)]).await?;
        } else if outcome.asks_tutor {
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
        Ok(())
    }

    /// The pass that an attempt earned, with an id of its own.
    pub(crate) fn completion_of(&self, attempt: &Attempt, module: &Module, outcome: HandedIn) -> Completion {
        let HandedIn { at, marked, pages_opened, .. } = outcome;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Completion {
            id: CompletionId(self.new_id(at)),
            module: attempt.module.clone(),
            version: attempt.version,
            edition: attempt.edition,
            attempt: attempt.id,
            earned: marked.earned,
            possible: marked.possible,
            minutes: module.minutes,
            pages_opened: count(pages_opened),
            pages: count(taught(module).count()),
            started_at: attempt.started_at,
            completed_at: at,
            expires_at: at.checked_add_months(module.valid_for).unwrap_or(at),
        }
    }
}

/// An attempt as it is handed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandedIn {
    pub at: DateTime<Utc>,
    pub marked: Mark,
    /// How many of the pages that count had been opened.
    pub pages_opened: usize,
    /// Whether it was the last attempt, and did not pass.
    pub asks_tutor: bool,
}

/// The pages that count as opened or not: that somebody looked for help is nobody's business.
pub(crate) fn taught(module: &Module) -> impl Iterator<Item = &Page> {
    module.pages.iter().filter(|page| !page.prose.blocks.contains(&Block::Help))
}
