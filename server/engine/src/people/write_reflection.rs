use super::Person;
use crate::{
    engine::Engine,
    ground::{CompletionId, TextFault, typed_text},
    store::{Linked as _, StoreError, change, change_one, on},
};

/// How many characters a reflection has at most.
pub const LONGEST_REFLECTION: usize = 4_000;

/// Why a reflection was not kept. What was kept before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReflectionError {
    /// It cannot be kept.
    #[error("it cannot be kept: {0}")]
    Text(TextFault),
    /// They have no such pass.
    #[error("there is no such pass")]
    NoSuchPass,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const COUNT_PASSES: &str = "SELECT COUNT(*) FROM completion WHERE id = $1 AND person_id = $2";

const KEEP_REFLECTION: &str = "INSERT INTO reflection (completion_id, text, written_at) VALUES ($1, $2, $3) \
     ON CONFLICT (completion_id) DO UPDATE SET text = excluded.text, written_at = excluded.written_at";

const DELETE_REFLECTION: &str = "DELETE FROM reflection WHERE completion_id = $1";

impl Engine {
    /// Keeps what somebody took from a module that they passed, in their own words, in place of what they had written of it before. It is no
    /// fact: it decides nothing, is in no log, and is for them alone. Nothing written: what they had written goes.
    ///
    /// # Errors
    /// [`ReflectionError`]; nothing has been written.
    pub async fn write_reflection(
        &self,
        person: &Person,
        pass: CompletionId,
        text: &str,
    ) -> Result<(), ReflectionError> {
        let text = typed_text(text, LONGEST_REFLECTION).map_err(ReflectionError::Text)?;
        let now = self.clock.now();
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let theirs: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_PASSES)
            .bind(pass).bind(person.id).fetch_one(conn).await)?;
        if theirs == 0 {
            return Err(ReflectionError::NoSuchPass);
        }
        if text.is_empty() {
            change!(tx, sqlx::query(DELETE_REFLECTION).bind(pass))?;
        } else {
            change_one!(tx, sqlx::query(KEEP_REFLECTION).bind(pass).bind(&text).bind(now))?;
        }
        tx.commit().await?;
        Ok(())
    }
}
