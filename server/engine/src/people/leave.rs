use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::PersonId,
    record::{Actor, Since},
    store::{Linked as _, StoreError, Tx, change, change_one},
};

const END_STAY: &str = "UPDATE stay SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE person_id = $1 AND ends_before IS NULL";

const INSERT_STAY: &str =
    "INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)";

const END_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1";

impl Engine {
    /// Records that somebody leaves: `on` is the first day on which they are no longer here. Their sessions end at once if that day
    /// has come. Nothing of what they did is lost. Says whether they were here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn leave(&self, person: PersonId, on: NaiveDate, by: Actor) -> Result<bool, StoreError> {
        let today = self.since_today(by);
        let since = Since { begins_on: on, ..today };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let ended = end_stay(&mut tx, person, since).await?;
        if on <= today.begins_on {
            change!(tx, sqlx::query(END_SESSIONS).bind(person))?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Records that somebody who left is here again from a day on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails, or they have not left.
    pub async fn come_back(&self, person: PersonId, on: NaiveDate, by: Actor) -> Result<(), StoreError> {
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        insert_stay(&mut tx, self.new_id(since.recorded_at), person, since).await?;
        tx.commit().await
    }
}

const END_DUTIES: &str = "UPDATE duty SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE person_id = $1 AND ends_before IS NULL AND begins_on <= $2";

/// Ends somebody's stay, if there is one that has not ended, and their duties with it: who comes back is given them anew. Says whether
/// there was one.
pub(crate) async fn end_stay(tx: &mut Tx, person: PersonId, since: Since) -> Result<bool, StoreError> {
    change!(
        tx,
        sqlx::query(END_DUTIES).bind(person).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
    )?;
    let ended = change!(
        tx,
        sqlx::query(END_STAY).bind(person).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
    )?;
    Ok(ended > 0)
}

pub(crate) async fn insert_stay(tx: &mut Tx, id: Uuid, person: PersonId, since: Since) -> Result<(), StoreError> {
    change_one!(
        tx,
        sqlx::query(INSERT_STAY)
            .bind(id)
            .bind(person)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
    )
}
