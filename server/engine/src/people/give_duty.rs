use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    keep_groups::is_open,
    may_organise::{Over, may_organise_all},
    person::is_there,
};
use crate::{
    engine::Engine,
    ground::{PersonId, local_date, said_day},
    log::{Row, Said},
    record::{Actor, DayFault, Duty, Since},
    store::{Linked as _, StoreError, Tx, change_one, on},
};

/// Why a duty was neither given nor ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// Nobody changes their own duties.
    #[error("nobody changes their own duties: ask another administrator")]
    Oneself,
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// There is no such group to look after, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// They have it already, or from a later day on; that has to be ended first.
    #[error("they have that duty already, from {} on", said_day(*.begins_on))]
    AlreadyGiven {
        /// The first day.
        begins_on: NaiveDate,
    },
    /// They have no such duty.
    #[error("there is no such duty")]
    NoSuchDuty,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_DUTY: &str = "INSERT INTO duty (id, person_id, role, group_id, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const FIND_OPEN: &str = "SELECT id, begins_on FROM duty \
     WHERE person_id = $1 AND role = $2 AND (group_id = $3 OR (group_id IS NULL AND $3 IS NULL)) AND ends_before IS NULL";

const END_DUTY: &str = "UPDATE duty SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

impl Engine {
    /// Gives somebody a duty from a day on.
    ///
    /// # Errors
    /// [`DutyError`]; nothing has been written.
    pub async fn give_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.keep_groups_still().await?;
        tx.lock_person(person).await?;
        if !is_there(&mut tx, person).await? {
            return Err(DutyError::NoSuchPerson);
        }
        if !may_change(&mut tx, person, duty, since).await? {
            return Err(DutyError::NotTheirs);
        }
        if let Some(group) = duty.over
            && !is_open(&mut tx, group).await?
        {
            return Err(DutyError::NoSuchGroup);
        }
        if let Some((_, begins_on)) = find_open(&mut tx, person, duty).await? {
            return Err(DutyError::AlreadyGiven { begins_on });
        }
        let id = self.new_id(since.recorded_at);
        insert_duty(&mut tx, id, person, duty, since).await?;
        let act = self.act_since(person, since).saying(Said::DutyGiven(duty), Row::of("duty", id));
        self.seal(tx, [act]).await?;
        tracing::warn!(target: "security", %person, role = duty.role.code(), %by, "a duty was given");
        Ok(())
    }

    /// Ends a duty: `on` is the first day on which they no longer have it.
    ///
    /// # Errors
    /// [`DutyError::NoSuchDuty`] when they do not have it, [`DutyError::Oneself`] when it is one's own, [`DutyError::Day`].
    pub async fn end_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        if !may_change(&mut tx, person, duty, since).await? {
            return Err(DutyError::NotTheirs);
        }
        let (id, begins_on) = find_open(&mut tx, person, duty).await?.ok_or(DutyError::NoSuchDuty)?;
        DayFault::unless_begun(begins_on, since)?;
        change_one!(
            tx,
            sqlx::query(END_DUTY).bind(id).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
        )?;
        let act = self.act_since(person, since).saying(Said::DutyEnded(duty), Row::of("duty/end", id));
        self.seal(tx, [act]).await?;
        tracing::warn!(target: "security", %person, role = duty.role.code(), %by, "a duty ended");
        Ok(())
    }
}

/// Whether whoever writes looks after the person, and after those over whom the duty is.
async fn may_change(tx: &mut Tx, person: PersonId, duty: Duty, since: Since) -> Result<bool, StoreError> {
    let over = duty.over.map_or(Over::Everything, Over::Group);
    may_organise_all(tx, since.by, [Over::Person(person), over], local_date(since.recorded_at)).await
}

async fn find_open(tx: &mut Tx, person: PersonId, duty: Duty) -> Result<Option<(Uuid, NaiveDate)>, StoreError> {
    on!(tx.link(), conn => sqlx::query_as(FIND_OPEN)
        .bind(person).bind(duty.role.code()).bind(duty.over).fetch_optional(conn).await)
}

pub(crate) async fn insert_duty(
    tx: &mut Tx,
    id: Uuid,
    person: PersonId,
    duty: Duty,
    since: Since,
) -> Result<(), StoreError> {
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
    )
}
