use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{
    attempt::{Attempt, find_answers, find_attempt, questions_of},
    mark::{Mark, mark},
    quiz_entry::uses_up_attempts,
};
use crate::{
    catalogue::{Block, Module},
    engine::{Engine, Refused},
    ground::{AttemptId, CompletionId},
    people::Person,
    record::{Completion, insert_completion},
    standing::Situation,
    store::{Linked, StoreError, Tx, change_one},
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

const INSERT_TASK: &str = "INSERT INTO tutor_task (id, person_id, module, edition, attempt_id, opened_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

impl Engine {
    /// Hands in an attempt: marks what was saved, and writes the completion when it passes, or the tutor's task when the
    /// last attempt did not. Handing in twice marks once.
    ///
    /// # Errors
    /// [`SubmitError`]; the answers are kept.
    pub async fn submit_quiz(&self, person: &Person, id: AttemptId) -> Result<(), SubmitError> {
        let mut tx = self.store.write().await?;
        tx.lock_person(person.id).await?;
        let attempt = find_attempt(&mut tx, id, person.id).await?.ok_or(Refused::NotFound)?;
        if attempt.outcome.is_some() {
            return Ok(());
        }
        let situation = self.situation_on(&mut tx, person.id).await?;
        let Some(current) = self.current_of(&attempt) else {
            return Err(SubmitError::Superseded { module: attempt.module });
        };
        let module = self.module_version(&mut tx, &attempt.module, attempt.version).await?;
        let answers = find_answers(&mut tx, id).await?;
        let marked = mark(&questions_of(&attempt, &module), &answers, module.quiz.pass);
        let now = situation.now;
        change_one!(
            tx,
            sqlx::query(SUBMIT_ATTEMPT)
                .bind(id)
                .bind(now)
                .bind(i64::from(marked.earned.in_hundredths()))
                .bind(i64::from(marked.possible.in_hundredths()))
                .bind(marked.passed)
        )?;
        if marked.passed {
            let completion = self.completion_of(&situation, &attempt, &module, marked);
            insert_completion(&mut tx, person.id, &completion).await?;
        } else if uses_up_attempts(&situation, &current) {
            self.ask_tutor(&mut tx, person, &attempt, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    fn completion_of(&self, situation: &Situation, attempt: &Attempt, module: &Module, marked: Mark) -> Completion {
        let now = situation.now;
        let taught = || module.pages.iter().filter(|page| !page.prose.blocks.contains(&Block::Help));
        let opened = situation.dossier.read.get(&(attempt.module.clone(), attempt.edition));
        let opened = taught().filter(|page| opened.is_some_and(|opened| opened.contains(&page.slug)));
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Completion {
            id: CompletionId(self.new_id(now)),
            module: attempt.module.clone(),
            version: attempt.version,
            edition: attempt.edition,
            attempt: attempt.id,
            earned: marked.earned,
            possible: marked.possible,
            minutes: module.minutes,
            pages_opened: count(opened.count()),
            pages: count(taught().count()),
            started_at: attempt.started_at,
            completed_at: now,
            expires_at: now.checked_add_months(module.valid_for).unwrap_or(now),
        }
    }

    async fn ask_tutor(
        &self,
        tx: &mut Tx,
        person: &Person,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        change_one!(
            tx,
            sqlx::query(INSERT_TASK)
                .bind(self.new_id(now))
                .bind(person.id)
                .bind(attempt.module.as_str())
                .bind(i64::from(attempt.edition))
                .bind(attempt.id)
                .bind(now)
        )?;
        Ok(())
    }
}
