use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::local_date,
    people::{Over, may_organise},
    record::Actor,
    store::{Linked, StoreError, change, change_one, on},
};

/// Why nothing was done about reminders. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum ReminderError {
    /// Only an administrator everywhere looks after reminders.
    #[error("only an administrator looks after reminders")]
    NotForYou,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_PAUSE: &str = "SELECT recorded_at FROM reminder_pause WHERE ended_at IS NULL";

const INSERT_PAUSE: &str = "INSERT INTO reminder_pause (id, recorded_at, recorded_by) VALUES ($1, $2, $3)";

const END_PAUSE: &str = "UPDATE reminder_pause SET ended_at = $1, ended_by = $2 WHERE ended_at IS NULL";

/// Since when nobody is reminded. `None`: people are.
pub(super) async fn paused_since(on_what: &mut impl Linked) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_PAUSE).fetch_optional(conn).await)
}

impl Engine {
    /// Has nobody reminded until it is said that reminders go on, or that; where it is so already, nothing changes. Letters that were
    /// written before are sent.
    ///
    /// # Errors
    /// [`ReminderError::NotForYou`] unless whoever writes may change everything.
    pub async fn pause_reminders(&self, paused: bool, by: Actor) -> Result<(), ReminderError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if !may_organise(&mut tx, by, Over::Everything, local_date(now)).await? {
            return Err(ReminderError::NotForYou);
        }
        match (paused, paused_since(&mut tx).await?) {
            (true, None) => {
                let id: Uuid = self.new_id(now);
                change_one!(tx, sqlx::query(INSERT_PAUSE).bind(id).bind(now).bind(by.to_string()))?;
            }
            (false, Some(_)) => drop(change!(tx, sqlx::query(END_PAUSE).bind(now).bind(by.to_string()))?),
            (true, Some(_)) | (false, None) => {}
        }
        tx.commit().await?;
        tracing::warn!(target: "security", paused, %by, "reminders are held back, or go on");
        Ok(())
    }
}
