use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use model::ProgrammeSlug;

use crate::{
    catalogue::{Audience, Programme},
    engine::Engine,
    ground::{AssignmentId, GroupId, PersonId, local_date},
    record::{Actor, AssignedTo, Since},
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

/// Why a programme was neither given nor taken back. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// No such programme is published.
    #[error("no programme of that name is published")]
    NoSuchProgramme,
    /// There is no such assignment, or it has ended.
    #[error("there is no such assignment")]
    NoSuchAssignment,
    /// Nobody gives themselves a programme or takes it back from themselves.
    #[error("nobody changes what they are asked for themselves")]
    Oneself,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_ASSIGNMENT: &str = "INSERT INTO assignment (id, programme, audience, group_id, person_id, begins_on, recorded_at, \
     recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const FIND_PERSON: &str = "SELECT person_id FROM assignment WHERE id = $1 AND ends_before IS NULL";

const END_ASSIGNMENT: &str = "UPDATE assignment SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

const FIND_AUDIENCES: &str =
    "SELECT audience FROM assignment WHERE programme = $1 AND audience IS NOT NULL AND ends_before IS NULL";

const END_AUDIENCE: &str = "UPDATE assignment SET ends_before = $3, end_recorded_at = $4, end_recorded_by = $5 \
     WHERE programme = $1 AND audience = $2 AND ends_before IS NULL AND begins_on <= $3";

impl Engine {
    /// Gives a programme to an audience, a group with those below it, or a person, from a day on.
    ///
    /// # Errors
    /// [`AssignError::NoSuchProgramme`], [`AssignError::Oneself`].
    pub async fn assign(
        &self,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        begins_on: NaiveDate,
        by: Actor,
    ) -> Result<AssignmentId, AssignError> {
        if !self.catalogue().programmes.iter().any(|published| published.slug == *programme) {
            return Err(AssignError::NoSuchProgramme);
        }
        if matches!((to, by), (AssignedTo::Person(person), Actor::Person(actor)) if person == actor) {
            return Err(AssignError::Oneself);
        }
        let since = Since { begins_on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        if let AssignedTo::Person(person) = to {
            tx.lock_person(person).await?;
        }
        let id = self.insert_assignment(&mut tx, programme, to, since).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends an assignment: `on` is the first day on which it asks for nothing more. That it asked stays on record.
    ///
    /// # Errors
    /// [`AssignError::NoSuchAssignment`], [`AssignError::Oneself`].
    pub async fn end_assignment(&self, id: AssignmentId, on: NaiveDate, by: Actor) -> Result<(), AssignError> {
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        let found: Option<Option<PersonId>> =
            on!(tx.link(), conn => sqlx::query_scalar(FIND_PERSON).bind(id).fetch_optional(conn).await)?;
        let person = found.ok_or(AssignError::NoSuchAssignment)?;
        if person.is_some_and(|person| by == Actor::Person(person)) {
            return Err(AssignError::Oneself);
        }
        let ended = change!(
            tx,
            sqlx::query(END_ASSIGNMENT)
                .bind(id)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        if ended == 0 {
            return Err(AssignError::NoSuchAssignment);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives a programme that was published to the audiences that it names and its last version (`before`) did not, and takes it back from
    /// those that its last version named and this one does not.
    pub(crate) async fn assign_to_audiences(
        &self,
        tx: &mut Tx,
        programme: &Programme,
        before: &BTreeSet<Audience>,
        now: DateTime<Utc>,
        by: Actor,
    ) -> Result<(), StoreError> {
        let since = Since { begins_on: local_date(now), recorded_at: now, by };
        let has: Vec<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_AUDIENCES)
            .bind(programme.slug.as_str()).fetch_all(conn).await)?;
        for audience in &programme.audience {
            if !before.contains(audience) && !has.iter().any(|has| has == audience.code()) {
                self.insert_assignment(tx, &programme.slug, AssignedTo::Audience(*audience), since).await?;
            }
        }
        for audience in before.iter().filter(|audience| !programme.audience.contains(audience)) {
            change!(
                tx,
                sqlx::query(END_AUDIENCE)
                    .bind(programme.slug.as_str())
                    .bind(audience.code())
                    .bind(since.begins_on)
                    .bind(since.recorded_at)
                    .bind(since.by.to_string())
            )?;
        }
        Ok(())
    }

    async fn insert_assignment(
        &self,
        tx: &mut Tx,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        since: Since,
    ) -> Result<AssignmentId, StoreError> {
        let (audience, group, person): (Option<&str>, Option<GroupId>, Option<PersonId>) = match to {
            AssignedTo::Audience(audience) => (Some(audience.code()), None, None),
            AssignedTo::Group(group) => (None, Some(group), None),
            AssignedTo::Person(person) => (None, None, Some(person)),
        };
        let id = AssignmentId(self.new_id(since.recorded_at));
        change_one!(
            tx,
            sqlx::query(INSERT_ASSIGNMENT)
                .bind(id)
                .bind(programme.as_str())
                .bind(audience)
                .bind(group)
                .bind(person)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        Ok(id)
    }
}
