use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    keep_groups::is_open,
    may_organise::{Over, may_organise_all},
    person::is_there,
};
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, local_date, said_day},
    log::{Act, Row, Said},
    record::{Actor, DayFault, Since},
    store::{Linked as _, StoreError, Tx, change_one, on},
};

/// Why nobody was put into a group or taken out of it. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// Nobody puts themselves into a group or takes themselves out of one: it decides what is asked of them, and who looks after them.
    #[error("nobody changes their own groups")]
    Oneself,
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// There is no such group, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// They are in it already, or from a later day on; that has to be ended first.
    #[error("they are in that group already, from {} on", said_day(*.begins_on))]
    AlreadyIn {
        /// The first day.
        begins_on: NaiveDate,
    },
    /// They are not in it.
    #[error("they are not in that group")]
    NotIn,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_MEMBERSHIP: &str = "INSERT INTO membership (id, group_id, person_id, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const END_MEMBERSHIP: &str = "UPDATE membership SET ends_before = $3, end_recorded_at = $4, end_recorded_by = $5 \
     WHERE group_id = $1 AND person_id = $2 AND ends_before IS NULL RETURNING id";

const FIND_OPEN: &str =
    "SELECT begins_on FROM membership WHERE group_id = $1 AND person_id = $2 AND ends_before IS NULL";

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
    /// Puts somebody into a group from a day on. Who comes in by themselves has a code ([`Engine::join_by_code`]).
    ///
    /// # Errors
    /// [`MembershipError`]; nothing has been written.
    pub async fn join_group(
        &self,
        person: PersonId,
        group: GroupId,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), MembershipError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.keep_groups_still().await?;
        tx.lock_person(person).await?;
        let act = self.join_group_on(&mut tx, person, group, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that keeps the groups still, has locked the person, and seals the act.
    pub(crate) async fn join_group_on(
        &self,
        tx: &mut Tx,
        person: PersonId,
        group: GroupId,
        since: Since,
    ) -> Result<Act, MembershipError> {
        if since.by == Actor::Person(person) {
            return Err(MembershipError::Oneself);
        }
        if !is_there(tx, person).await? {
            return Err(MembershipError::NoSuchPerson);
        }
        if !may_change(tx, person, group, since).await? {
            return Err(MembershipError::NotTheirs);
        }
        if !is_open(tx, group).await? {
            return Err(MembershipError::NoSuchGroup);
        }
        if let Some(begins_on) = find_open(tx, group, person).await? {
            return Err(MembershipError::AlreadyIn { begins_on });
        }
        let id = self.new_id(since.recorded_at);
        insert_membership(tx, id, group, person, since).await?;
        Ok(self.act_since(person, since).saying(Said::MembershipBegun(group), Row::of("membership", id)))
    }

    /// Takes somebody out of a group: `on` is the first day on which they are no longer in it. That they were stays on record.
    ///
    /// # Errors
    /// [`MembershipError`]; nothing has been written.
    pub async fn leave_group(
        &self,
        person: PersonId,
        group: GroupId,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), MembershipError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let act = self.leave_group_on(&mut tx, person, group, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the person and that seals the act.
    pub(crate) async fn leave_group_on(
        &self,
        tx: &mut Tx,
        person: PersonId,
        group: GroupId,
        since: Since,
    ) -> Result<Act, MembershipError> {
        if since.by == Actor::Person(person) {
            return Err(MembershipError::Oneself);
        }
        if !may_change(tx, person, group, since).await? {
            return Err(MembershipError::NotTheirs);
        }
        let begins_on = find_open(tx, group, person).await?.ok_or(MembershipError::NotIn)?;
        DayFault::unless_begun(begins_on, since)?;
        let id = end_membership(tx, group, person, since).await?;
        Ok(self.act_since(person, since).saying(Said::MembershipEnded(group), Row::of("membership/end", id)))
    }
}

/// Whether whoever writes looks after the person and the group.
async fn may_change(tx: &mut Tx, person: PersonId, group: GroupId, since: Since) -> Result<bool, StoreError> {
    may_organise_all(tx, since.by, [Over::Person(person), Over::Group(group)], local_date(since.recorded_at)).await
}

pub(super) async fn find_open(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(FIND_OPEN).bind(group).bind(person).fetch_optional(conn).await)
}

/// Ends the membership of somebody who is in a group, and gives its id.
pub(crate) async fn end_membership(
    tx: &mut Tx,
    group: GroupId,
    person: PersonId,
    since: Since,
) -> Result<Uuid, StoreError> {
    let ended: Vec<Uuid> = on!(tx.link(), conn => sqlx::query_scalar(END_MEMBERSHIP)
        .bind(group)
        .bind(person)
        .bind(since.begins_on)
        .bind(since.recorded_at)
        .bind(since.by.to_string())
        .fetch_all(conn)
        .await)?;
    StoreError::unless_one(ended.len() as u64)?;
    Ok(ended[0])
}
