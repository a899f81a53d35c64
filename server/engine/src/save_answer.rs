use std::collections::BTreeSet;

use model::{AnswerSaved, Letter, QuestionId};
use sqlx::types::Json;

use crate::{
    AttemptId, Engine, Person, Refused, StoreError,
    attempt::{find_answers, find_attempt},
    catalogue::Form,
    draw::draw,
    store::{Linked, on},
};

/// Why an answer was not kept. What was kept before still is.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is no such attempt, or it is somebody else's.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The attempt has been handed in, perhaps in another tab.
    #[error("the attempt has been handed in")]
    HandedIn,
    /// The module was replaced by an edition that must be taken anew.
    #[error("the module has been replaced by a new edition")]
    Superseded,
    /// The attempt does not ask that question, or the question has no such option, or takes only one.
    #[error("this is no answer to a question of this attempt")]
    NoSuchAnswer,
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const SAVE_ANSWER: &str = "INSERT INTO answer (attempt_id, question, chosen, saved_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (attempt_id, question) DO UPDATE SET chosen = excluded.chosen, saved_at = excluded.saved_at";

const CLEAR_ANSWER: &str = "DELETE FROM answer WHERE attempt_id = $1 AND question = $2";

impl Engine {
    /// Keeps the answer to one question of an open attempt, in place of what was chosen before; choosing nothing clears it.
    /// Says how many questions have an answer now.
    ///
    /// # Errors
    /// [`SaveError`]; none of them loses what was kept before.
    pub async fn save_answer(
        &self,
        person: &Person,
        id: AttemptId,
        question: &QuestionId,
        chosen: &[Letter],
    ) -> Result<AnswerSaved, SaveError> {
        let mut tx = self.store.write().await?;
        tx.lock_person(person.id).await?;
        let attempt = find_attempt(&mut tx, id, person.id).await?.ok_or(Refused::NotFound)?;
        if attempt.outcome.is_some() {
            return Err(SaveError::HandedIn);
        }
        if self.is_superseded(&attempt) {
            return Err(SaveError::Superseded);
        }
        let module = self.module_version(&attempt.module, attempt.version).await?;
        let paper = draw(&module.quiz, &attempt.seed);
        let drawn = paper.iter().find(|drawn| drawn.question.id == *question).ok_or(SaveError::NoSuchAnswer)?;
        let places: BTreeSet<usize> = chosen
            .iter()
            .map(|letter| drawn.place_of(*letter))
            .collect::<Option<_>>()
            .ok_or(SaveError::NoSuchAnswer)?;
        if places.len() > 1 && !matches!(drawn.question.form, Form::Several(_)) {
            return Err(SaveError::NoSuchAnswer);
        }
        if places.is_empty() {
            on!(tx.link(), conn => sqlx::query(CLEAR_ANSWER)
                .bind(id).bind(question.as_str()).execute(conn).await.map(drop))
            .map_err(StoreError::from)?;
        } else {
            on!(tx.link(), conn => sqlx::query(SAVE_ANSWER)
                .bind(id).bind(question.as_str()).bind(Json(&places)).bind(self.clock.now())
                .execute(conn).await.map(drop))
            .map_err(StoreError::from)?;
        }
        let answered = find_answers(&mut tx, id).await?.len();
        tx.commit().await?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(AnswerSaved { answered: count(answered), of: count(paper.len()) })
    }
}
