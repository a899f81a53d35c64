use chrono::NaiveDate;

use crate::{
    engine::Engine,
    ground::PersonId,
    record::{Actor, Duty, Since},
    store::{Linked as _, StoreError, change, change_one},
};

/// Why a duty was neither given nor ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// Nobody changes their own duties.
    #[error("nobody changes their own duties: ask another administrator")]
    Oneself,
    /// They have no such duty.
    #[error("there is no such duty")]
    NoSuchDuty,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_DUTY: &str = "INSERT INTO duty (id, person_id, role, group_id, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const END_DUTY: &str = "UPDATE duty SET ends_before = $4, end_recorded_at = $5, end_recorded_by = $6 \
     WHERE person_id = $1 AND role = $2 AND (group_id = $3 OR (group_id IS NULL AND $3 IS NULL)) AND ends_before IS NULL";

impl Engine {
    /// Gives somebody a duty from a day on.
    ///
    /// # Errors
    /// [`DutyError::Oneself`] when it is for whoever gives it.
    pub async fn give_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let id = self.new_id(since.recorded_at);
        change_one!(
            tx,
            sqlx::query(INSERT_DUTY)
                .bind(id)
                .bind(person)
                .bind(duty.role.code())
                .bind(duty.over)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, role = duty.role.code(), %by, "a duty was given");
        Ok(())
    }

    /// Ends a duty: `on` is the first day on which they no longer have it.
    ///
    /// # Errors
    /// [`DutyError::NoSuchDuty`] when they do not have it, [`DutyError::Oneself`] when it is one's own.
    pub async fn end_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let ended = change!(
            tx,
            sqlx::query(END_DUTY)
                .bind(person)
                .bind(duty.role.code())
                .bind(duty.over)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        if ended == 0 {
            return Err(DutyError::NoSuchDuty);
        }
        tx.commit().await?;
        tracing::warn!(target: "security", %person, role = duty.role.code(), %by, "a duty ended");
        Ok(())
    }
}
