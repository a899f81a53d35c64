use model::ModuleSlug;

use super::quiz_entry::asked_for_first;
use crate::{
    engine::{Engine, Refused},
    ground::AttemptId,
    people::Person,
    store::{Linked as _, StoreError, change_one},
};

/// Why a refresher does not go on as an attempt at the whole quiz. What was answered is kept.
#[derive(Debug, thiserror::Error)]
pub enum TakeWholeError {
    /// There is no such attempt, or it is somebody else's.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The provider asks for pages to be opened first.
    #[error("there are pages to open first")]
    PagesFirst {
        /// Of which module.
        module: ModuleSlug,
    },
}

impl From<StoreError> for TakeWholeError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const TAKE_WHOLE: &str = "UPDATE attempt SET refresher = NULL WHERE id = $1 AND submitted_at IS NULL";

impl Engine {
    /// Makes of an open refresher an attempt at the whole quiz, in the version that it was begun on: whoever began one may always take the whole
    /// module instead. What was answered stays, where the whole quiz asks it too. Of an attempt that is whole already, or was handed in, nothing
    /// changes.
    ///
    /// # Errors
    /// [`TakeWholeError`]; the attempt is as it was.
    pub async fn take_whole(&self, person: &Person, id: AttemptId) -> Result<(), TakeWholeError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let (attempt, _) = self.find_attempt(&mut tx, id, person.id).await?;
        if attempt.outcome.is_some() || attempt.refresher.is_none() {
            return Ok(());
        }
        let situation = self.situation_on(&mut tx, person.id).await?;
        let module = self.module_version(&mut tx, &attempt.module, attempt.version).await?;
        if !asked_for_first(&situation, &module, |_| true).is_empty() {
            return Err(TakeWholeError::PagesFirst { module: attempt.module });
        }
        change_one!(tx, sqlx::query(TAKE_WHOLE).bind(id))?;
        tx.commit().await?;
        Ok(())
    }
}
