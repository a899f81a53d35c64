use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use model::ProgrammeSlug;

use super::{
    begin_audience::UnknownAudience,
    keep_groups::is_open,
    person::{Person, is_there},
    scope::{Right, Scope, is_in_scope},
};
use crate::{
    catalogue::{Audience, Programme},
    engine::Engine,
    ground::{AssignmentId, GroupId, PersonId, local_date, said_day},
    log::{Act, Row, Said},
    record::{Actor, AssignedTo, DayFault, Since},
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
    /// The provider does not list such an audience.
    #[error(transparent)]
    UnknownAudience(#[from] UnknownAudience),
    /// There is no such group, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They have been given it already, or it is to begin.
    #[error("they have been given it already, from {} on", said_day(*.begins_on))]
    Already {
        /// From which day on.
        begins_on: NaiveDate,
    },
    /// Whom it is for is not theirs to look after.
    #[error("this is for somebody else to give")]
    NotTheirs,
    /// Nobody gives themselves a programme or takes it back from themselves.
    #[error("nobody changes what they are asked for themselves")]
    Oneself,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_ASSIGNMENT: &str = "INSERT INTO assignment (id, programme, audience, group_id, person_id, begins_on, recorded_at, \
     recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const FIND_OPEN: &str =
    "SELECT audience, group_id, person_id, begins_on FROM assignment WHERE id = $1 AND ends_before IS NULL";

type OpenRow = (Option<String>, Option<GroupId>, Option<PersonId>, NaiveDate);

const FIND_SAME: &str = "SELECT begins_on FROM assignment WHERE programme = $1 AND ends_before IS NULL \
     AND (audience = $2 OR group_id = $3 OR person_id = $4)";

const END_ASSIGNMENT: &str = "UPDATE assignment SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

const FIND_AUDIENCES: &str =
    "SELECT audience FROM assignment WHERE programme = $1 AND audience IS NOT NULL AND ends_before IS NULL";

const END_AUDIENCE: &str = "UPDATE assignment SET ends_before = $3, end_recorded_at = $4, end_recorded_by = $5 \
     WHERE programme = $1 AND audience = $2 AND ends_before IS NULL AND begins_on <= $3 RETURNING id";

impl Engine {
    /// Gives a programme to an audience, a group with those below it, or a person, from a day on.
    ///
    /// # Errors
    /// [`AssignError`]; nothing has been written.
    pub async fn assign(
        &self,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        begins_on: NaiveDate,
        by: Actor,
    ) -> Result<AssignmentId, AssignError> {
        self.assign_within(None, programme, to, begins_on, by).await
    }

    /// The same by somebody who is signed in: an administrator, a safeguarding lead or a manager, whose duty is over all whom it
    /// reaches.
    ///
    /// # Errors
    /// [`AssignError`]; [`AssignError::NotTheirs`] where their duty does not reach.
    pub async fn assign_as(
        &self,
        by: &Person,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        begins_on: NaiveDate,
    ) -> Result<AssignmentId, AssignError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(AssignError::NotTheirs)?;
        self.assign_within(Some(&scope), programme, to, begins_on, Actor::Person(by.id)).await
    }

    async fn assign_within(
        &self,
        scope: Option<&Scope>,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        begins_on: NaiveDate,
        by: Actor,
    ) -> Result<AssignmentId, AssignError> {
        if !self.catalogue().programmes.iter().any(|published| published.slug == *programme) {
            return Err(AssignError::NoSuchProgramme);
        }
        let since = self.since(begins_on, by)?;
        let mut tx = self.store.write().await?;
        match &to {
            AssignedTo::Audience(audience) => UnknownAudience::unless_known(audience, &self.catalogue().organisation)?,
            AssignedTo::Group(group) => {
                tx.keep_groups_still().await?;
                if !is_open(&mut tx, *group).await? {
                    return Err(AssignError::NoSuchGroup);
                }
            }
            AssignedTo::Person(person) => {
                if by == Actor::Person(*person) {
                    return Err(AssignError::Oneself);
                }
                tx.lock_person(*person).await?;
                if !is_there(&mut tx, *person).await? {
                    return Err(AssignError::NoSuchPerson);
                }
            }
        }
        unless_theirs(&mut tx, scope, &to).await?;
        let (audience, group, person) = columns(&to);
        let same: Option<NaiveDate> = on!(tx.link(), conn => sqlx::query_scalar(FIND_SAME)
            .bind(programme.as_str()).bind(audience).bind(group).bind(person).fetch_optional(conn).await)?;
        if let Some(begins_on) = same {
            return Err(AssignError::Already { begins_on });
        }
        let (id, act) = self.insert_assignment(&mut tx, programme, to, since).await?;
        self.seal(tx, [act]).await?;
        Ok(id)
    }

    /// Ends an assignment: `on` is the first day on which it asks for nothing more. That it asked stays on record.
    ///
    /// # Errors
    /// [`AssignError::NoSuchAssignment`], [`AssignError::Oneself`], [`AssignError::Day`].
    pub async fn end_assignment(&self, id: AssignmentId, on: NaiveDate, by: Actor) -> Result<(), AssignError> {
        self.end_assignment_within(None, id, on, by, &[]).await
    }

    /// The same by somebody who is signed in, and whose duty is over all whom it reaches. Where it reaches themselves, as one of a group,
    /// somebody does it who looks after everybody.
    ///
    /// # Errors
    /// As [`Engine::end_assignment`]; [`AssignError::NoSuchAssignment`] also where their duty does not reach.
    pub async fn end_assignment_as(&self, by: &Person, id: AssignmentId, on: NaiveDate) -> Result<(), AssignError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(AssignError::NoSuchAssignment)?;
        let own: Vec<GroupId> = by.groups.iter().map(|(group, _)| *group).collect();
        match self.end_assignment_within(Some(&scope), id, on, Actor::Person(by.id), &own).await {
            Err(AssignError::NotTheirs) => Err(AssignError::NoSuchAssignment),
            ended => ended,
        }
    }

    async fn end_assignment_within(
        &self,
        scope: Option<&Scope>,
        id: AssignmentId,
        on: NaiveDate,
        by: Actor,
        own_groups: &[GroupId],
    ) -> Result<(), AssignError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        let found: Option<OpenRow> =
            on!(tx.link(), conn => sqlx::query_as(FIND_OPEN).bind(id).fetch_optional(conn).await)?;
        let (audience, group, person, begins_on) = found.ok_or(AssignError::NoSuchAssignment)?;
        let to = assigned_to(audience, group, person).ok_or(StoreError::unreadable("assignment"))?;
        unless_theirs(&mut tx, scope, &to).await?;
        let is_ones_own = person.is_some_and(|person| by == Actor::Person(person))
            || group.is_some_and(|group| own_groups.contains(&group))
                && scope.is_none_or(|scope| !scope.is_everywhere());
        if is_ones_own {
            return Err(AssignError::Oneself);
        }
        DayFault::unless_begun(begins_on, since)?;
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
        let act = self.assignment_ended(person, id, since);
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// Gives a programme that was published to the audiences that have it by it and had not by its last version (`before`), and takes it back from
    /// those that had it by its last version and have not by this one.
    pub(crate) async fn assign_to_audiences(
        &self,
        tx: &mut Tx,
        programme: &Programme,
        before: &BTreeSet<Audience>,
        now: DateTime<Utc>,
        by: Actor,
    ) -> Result<Vec<Act>, StoreError> {
        let mut acts = Vec::new();
        let since = Since { begins_on: local_date(now), recorded_at: now, by };
        let has: Vec<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_AUDIENCES)
            .bind(programme.slug.as_str()).fetch_all(conn).await)?;
        for audience in programme.given_to() {
            if !before.contains(audience) && !has.iter().any(|has| has == audience.as_str()) {
                let to = AssignedTo::Audience(audience.clone());
                acts.push(self.insert_assignment(tx, &programme.slug, to, since).await?.1);
            }
        }
        for audience in before.iter().filter(|audience| !programme.given_to().contains(audience)) {
            let ended: Vec<AssignmentId> = on!(tx.link(), conn => sqlx::query_scalar(END_AUDIENCE)
                .bind(programme.slug.as_str())
                .bind(audience.as_str())
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
                .fetch_all(conn)
                .await)?;
            acts.extend(ended.into_iter().map(|id| self.assignment_ended(None, id, since)));
        }
        Ok(acts)
    }

    async fn insert_assignment(
        &self,
        tx: &mut Tx,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        since: Since,
    ) -> Result<(AssignmentId, Act), StoreError> {
        let (audience, group, person) = columns(&to);
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
        let programme = programme.as_str().to_owned();
        let act = self.about(person, since).saying(Said::Assigned { programme, to }, Row::of("assignment", id));
        Ok((id, act))
    }

    fn assignment_ended(&self, person: Option<PersonId>, id: AssignmentId, since: Since) -> Act {
        self.about(person, since).saying(Said::AssignmentEnded(id), Row::of("assignment/end", id))
    }

    /// An act about the person to whom something is given, or about nobody in particular.
    fn about(&self, person: Option<PersonId>, since: Since) -> Act {
        match person {
            Some(person) => self.act_since(person, since),
            None => self.act_of_all(since.recorded_at, since.by).since(since),
        }
    }
}

/// Whom something is given to, as the table has it.
fn columns(to: &AssignedTo) -> (Option<&str>, Option<GroupId>, Option<PersonId>) {
    match to {
        AssignedTo::Audience(audience) => (Some(audience.as_str()), None, None),
        AssignedTo::Group(group) => (None, Some(*group), None),
        AssignedTo::Person(person) => (None, None, Some(*person)),
    }
}

/// Reads what [`columns`] gave.
pub(crate) fn assigned_to(
    audience: Option<String>,
    group: Option<GroupId>,
    person: Option<PersonId>,
) -> Option<AssignedTo> {
    match (audience, group, person) {
        (Some(audience), None, None) => Audience::new(&audience).ok().map(AssignedTo::Audience),
        (None, Some(group), None) => Some(AssignedTo::Group(group)),
        (None, None, Some(person)) => Some(AssignedTo::Person(person)),
        _ => None,
    }
}

/// Refuses what reaches people whom a scope does not. No scope: whoever it is may reach everybody.
async fn unless_theirs(tx: &mut Tx, scope: Option<&Scope>, to: &AssignedTo) -> Result<(), AssignError> {
    let Some(scope) = scope else { return Ok(()) };
    let theirs = match to {
        AssignedTo::Audience(_) => scope.reached(tx).await?.is_everywhere(),
        AssignedTo::Group(group) => scope.reached(tx).await?.has(*group),
        AssignedTo::Person(person) => is_in_scope(tx, scope, *person).await?,
    };
    if theirs { Ok(()) } else { Err(AssignError::NotTheirs) }
}
