use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::{GroupId, PersonId},
    record::{Actor, Since},
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

const INSERT_MEMBERSHIP: &str = "INSERT INTO membership (id, group_id, person_id, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const END_MEMBERSHIP: &str = "UPDATE membership SET ends_before = $3, end_recorded_at = $4, end_recorded_by = $5 \
     WHERE group_id = $1 AND person_id = $2 AND ends_before IS NULL";

const COUNT_MEMBERSHIPS: &str =
    "SELECT COUNT(*) FROM membership WHERE group_id = $1 AND person_id = $2 AND ends_before IS NULL";

pub(crate) async fn insert_membership(
    tx: &mut Tx,
    id: Uuid,
    group: GroupId,
    person: PersonId,
    since: Since,
) -> Result<(), StoreError> {
    change_one!(
        tx,
        sqlx::query(INSERT_MEMBERSHIP)
            .bind(id)
            .bind(group)
            .bind(person)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
    )
}

impl Engine {
    /// Puts somebody into a group from a day on. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails, or there is no such person or group.
    pub async fn join_group(
        &self,
        person: PersonId,
        group: GroupId,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), StoreError> {
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let already: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_MEMBERSHIPS)
            .bind(group).bind(person).fetch_one(conn).await)?;
        if already > 0 {
            return Ok(());
        }
        insert_membership(&mut tx, self.new_id(since.recorded_at), group, person, since).await?;
        tx.commit().await
    }

    /// Takes somebody out of a group from a day on; that they were in it stays on record. Says whether they were.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn leave_group(
        &self,
        person: PersonId,
        group: GroupId,
        on: NaiveDate,
        by: Actor,
    ) -> Result<bool, StoreError> {
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let ended = end_membership(&mut tx, group, person, since).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// Ends somebody's membership of a group, if they are in it. Says whether they were.
pub(crate) async fn end_membership(
    tx: &mut Tx,
    group: GroupId,
    person: PersonId,
    since: Since,
) -> Result<bool, StoreError> {
    let ended = change!(
        tx,
        sqlx::query(END_MEMBERSHIP)
            .bind(group)
            .bind(person)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
    )?;
    Ok(ended > 0)
}
