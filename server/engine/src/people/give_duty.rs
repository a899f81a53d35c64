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
    record::{Actor, DayFault, Duty, Role, Since},
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
    /// They have it already on some of these days, until a day that is recorded.
    #[error("they have that duty already, and it ends on {}: give it again from that day on, or end it sooner first", said_day(*.ends_on))]
    AlreadyUntil {
        /// The first day on which they are no longer to have it.
        ends_on: NaiveDate,
    },
    /// They have no such duty.
    #[error("there is no such duty")]
    NoSuchDuty,
    /// An auditor looks at a provider for a time: nobody who signs in gives that duty without its end.
    #[error("an auditor’s duty has an end: say on which day they no longer have it")]
    NoEnd,
    /// It would hold on no day.
    #[error("it would end before it holds: it begins on {}", said_day(*.begins_on))]
    EndsAtOnce {
        /// The first day.
        begins_on: NaiveDate,
    },
    /// Its end is recorded, and can only be brought forward.
    #[error("it is recorded that this duty ends on {}: choose an earlier day, or give it again from then on", said_day(*.ends_on))]
    EndsSooner {
        /// The first day on which they are no longer to have it.
        ends_on: NaiveDate,
    },
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

/// What is not over on the day $4, and began on $5, if that says anything: what nobody has ended, or else what ends last.
const FIND_TO_END: &str = "SELECT id, begins_on, ends_before FROM duty \
     WHERE person_id = $1 AND role = $2 AND (group_id = $3 OR (group_id IS NULL AND $3 IS NULL)) \
       AND (ends_before IS NULL OR (ends_before > $4 AND ends_before > begins_on)) AND (begins_on = $5 OR $5 IS NULL) \
     ORDER BY CASE WHEN ends_before IS NULL THEN 0 ELSE 1 END, ends_before DESC, id DESC LIMIT 1";

/// The last end, behind the day $4, of what holds on a day before $5, if that says anything.
const FIND_END_BEHIND: &str = "SELECT MAX(ends_before) FROM duty \
     WHERE person_id = $1 AND role = $2 AND (group_id = $3 OR (group_id IS NULL AND $3 IS NULL)) \
       AND ends_before > $4 AND ends_before > begins_on AND (begins_on < $5 OR $5 IS NULL)";

const END_DUTY: &str = "UPDATE duty SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

impl Engine {
    /// Gives somebody a duty from a day on, until somebody ends it.
    ///
    /// # Errors
    /// As [`Engine::give_duty_until`].
    pub async fn give_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        self.give_duty_until(person, duty, on, None, by).await
    }

    /// Gives somebody a duty from a day on. `until`: the first day on which they no longer have it. Whoever is to go on is given it again from that
    /// day on, and not from before it: of two that hold at once one would go on when the other is ended.
    ///
    /// # Errors
    /// [`DutyError`]; nothing has been written.
    pub async fn give_duty_until(
        &self,
        person: PersonId,
        duty: Duty,
        on: NaiveDate,
        until: Option<NaiveDate>,
        by: Actor,
    ) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = self.since(on, by)?;
        let end = until.map(|until| self.since(until, by)).transpose()?;
        let end = end.map(|end| Since { begins_on: end.begins_on, ..since });
        if end.is_some_and(|end| end.begins_on <= since.begins_on) {
            return Err(DutyError::EndsAtOnce { begins_on: since.begins_on });
        }
        if end.is_none() && duty.role == Role::Auditor && matches!(by, Actor::Person(_)) {
            return Err(DutyError::NoEnd);
        }
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
        if let Some(ends_on) = find_end_behind(&mut tx, person, duty, since, end).await? {
            return Err(DutyError::AlreadyUntil { ends_on });
        }
        let id = self.new_id(since.recorded_at);
        insert_duty(&mut tx, id, person, duty, since).await?;
        let mut acts = vec![self.act_since(person, since).saying(Said::DutyGiven(duty), Row::of("duty", id))];
        if let Some(end) = end {
            write_end(&mut tx, id, end).await?;
            acts.push(self.act_since(person, end).saying(Said::DutyEnded(duty), Row::of("duty/end", id)));
        }
        self.seal(tx, acts).await?;
        log_given(person, duty, (since.begins_on, until), by);
        Ok(())
    }

    /// Ends a duty: `on` is the first day on which they no longer have it. Where it has an end that has not come, that is brought forward. Of several
    /// that follow on each other it is the last.
    ///
    /// # Errors
    /// As [`Engine::end_duty_begun`].
    pub async fn end_duty(&self, person: PersonId, duty: Duty, on: NaiveDate, by: Actor) -> Result<(), DutyError> {
        self.end_duty_begun(person, duty, None, on, by).await
    }

    /// Ends a duty, of several that follow on each other the one that began, or begins, on the day `begun`: no two of one kind that are not over do so on
    /// one day. `None`: the last. The others stay as they are.
    ///
    /// # Errors
    /// [`DutyError::NoSuchDuty`] when they do not have it, [`DutyError::Oneself`] when it is one's own, [`DutyError::EndsSooner`] when its end is no
    /// later than that, [`DutyError::Day`].
    pub async fn end_duty_begun(
        &self,
        person: PersonId,
        duty: Duty,
        begun: Option<NaiveDate>,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), DutyError> {
        if by == Actor::Person(person) {
            return Err(DutyError::Oneself);
        }
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        if !may_change(&mut tx, person, duty, since).await? {
            return Err(DutyError::NotTheirs);
        }
        let found = find_to_end(&mut tx, person, duty, local_date(since.recorded_at), begun).await?;
        let (id, begins_on, ends_on) = found.ok_or(DutyError::NoSuchDuty)?;
        DayFault::unless_begun(begins_on, since)?;
        let row = match ends_on {
            None => {
                write_end(&mut tx, id, since).await?;
                Row::of("duty/end", id)
            }
            Some(ends_on) if since.begins_on >= ends_on => return Err(DutyError::EndsSooner { ends_on }),
            Some(_) => Row::of("brought_forward", self.end_duty_sooner(&mut tx, id, since).await?),
        };
        let act = self.act_since(person, since).saying(Said::DutyEnded(duty), row);
        self.seal(tx, [act]).await?;
        tracing::warn!(target: "security", %person, role = duty.role.code(), %on, %by, "a duty ended");
        Ok(())
    }
}

/// Says in the log that somebody has a duty from a day on, and, where that is said, from which day on they no longer have it.
pub(crate) fn log_given(person: PersonId, duty: Duty, (on, until): (NaiveDate, Option<NaiveDate>), by: Actor) {
    let until = until.map(tracing::field::display);
    tracing::warn!(target: "security", %person, role = duty.role.code(), %on, until, %by, "a duty was given");
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

/// When a duty ends that they have already on some of the days from one on and until `end`, as far as these are not over. `None`: they have none.
async fn find_end_behind(
    tx: &mut Tx,
    person: PersonId,
    duty: Duty,
    since: Since,
    end: Option<Since>,
) -> Result<Option<NaiveDate>, StoreError> {
    let first = since.begins_on.max(local_date(since.recorded_at));
    let end = end.map(|end| end.begins_on);
    on!(tx.link(), conn => sqlx::query_scalar(FIND_END_BEHIND)
        .bind(person).bind(duty.role.code()).bind(duty.over).bind(first).bind(end).fetch_one(conn).await)
}

/// A duty that is not over on a day: its row, its first day, and the first on which it no longer holds, if it has one.
async fn find_to_end(
    tx: &mut Tx,
    person: PersonId,
    duty: Duty,
    day: NaiveDate,
    begun: Option<NaiveDate>,
) -> Result<Option<(Uuid, NaiveDate, Option<NaiveDate>)>, StoreError> {
    on!(tx.link(), conn => sqlx::query_as(FIND_TO_END)
        .bind(person).bind(duty.role.code()).bind(duty.over).bind(day).bind(begun).fetch_optional(conn).await)
}

pub(super) async fn write_end(tx: &mut Tx, id: Uuid, end: Since) -> Result<(), StoreError> {
    change_one!(tx, sqlx::query(END_DUTY).bind(id).bind(end.begins_on).bind(end.recorded_at).bind(end.by.to_string()))
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
