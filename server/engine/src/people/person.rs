use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::news::Found;
use crate::{
    catalogue::{Audience, Organisation},
    engine::Engine,
    ground::{GroupId, PersonId, local_date},
    record::{Dossier, Duty, PersonFacts, Role, find_dossier, find_revisions},
    store::{Linked as _, StoreError, Tx, on},
};

/// Somebody who can sign in, with what they may do today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub id: PersonId,
    /// Their name, as they are greeted.
    pub name: String,
    /// When they began; due dates are counted from here.
    pub start_date: NaiveDate,
    /// What they may do, and for whom.
    pub duties: Vec<Duty>,
    /// As whom they are here: what is written for these is for them.
    pub audiences: Vec<Audience>,
    /// Their groups and the groups above those, each with its name.
    pub groups: Vec<(GroupId, String)>,
    /// What was read with the session with which they ask, a moment ago. `None`: they were not found by a session.
    pub(crate) found_in: Option<Found>,
}

impl Person {
    /// Who somebody is at a moment, by their facts. `None`: they are not here any more.
    pub(crate) fn at(facts: &PersonFacts, now: DateTime<Utc>) -> Option<Self> {
        // Whatever is recorded is known, whichever node's clock recorded it.
        let known = DateTime::<Utc>::MAX_UTC;
        let today = local_date(now);
        let day = facts.first_day(today, known)?;
        let start_date = facts.start_date(day, known)?;
        let duties = facts.duties.iter().filter(|duty| duty.holds(today, known));
        let groups = facts.groups_on(day, known).into_iter();
        Some(Self {
            id: facts.id,
            name: facts.name.clone(),
            start_date,
            duties: duties.map(|duty| duty.what).collect(),
            audiences: facts.audiences_on(day, known).map(|fact| fact.what.clone()).collect(),
            groups: groups.map(|(place, _)| (place.group, place.name.clone())).collect(),
            found_in: None,
        })
    }

    /// Whether they have this role, over whomever.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.duties.iter().any(|duty| duty.role == role)
    }

    /// Whether they look after this installation: an administrator over everybody.
    #[must_use]
    pub fn looks_after_all(&self) -> bool {
        self.duties.iter().any(|duty| duty.role == Role::Administrator && duty.over.is_none())
    }

    /// Whether they check, or look after, everybody: what was done by others is theirs to see.
    #[must_use]
    pub fn checks_all(&self) -> bool {
        let checks = |role: Role| matches!(role, Role::Auditor | Role::Administrator);
        self.duties.iter().any(|duty| duty.over.is_none() && checks(duty.role))
    }
}

const COUNT_PERSON: &str = "SELECT COUNT(*) FROM person p WHERE p.id = $1 \
     AND NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = p.id)";

/// Whether there is such a person, here or not. Of whom everything was erased nothing is recorded any more.
pub(crate) async fn is_there(tx: &mut Tx, person: PersonId) -> Result<bool, StoreError> {
    let count: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_PERSON).bind(person).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Whether something written for `audience` is for this person.
pub(crate) fn is_for(audience: &[Audience], person: &Person) -> bool {
    person.audiences.iter().any(|of_person| audience.contains(of_person))
}

impl Engine {
    /// The person of that id. `None`: there is none, or they have left.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let now = self.clock.now();
        let dossier = self.dossier(id).await?;
        Ok(dossier.and_then(|dossier| Person::at(&dossier.facts, now)))
    }

    /// What is recorded about somebody. `None`: there is no such person.
    async fn dossier(&self, id: PersonId) -> Result<Option<Arc<Dossier>>, StoreError> {
        let mut conn = self.store.read().await?;
        let Some(revisions) = find_revisions(&mut conn, id).await? else { return Ok(None) };
        find_dossier(&mut conn, &self.dossiers, id, revisions).await.map(Some)
    }
}

/// Whether this person may read something written for `audience`: it is for them, or they help, check or run what it is for, or they work
/// for the `provider`, whoever that says it is. Nothing that they read is counted unless it is for them.
pub(crate) fn may_read(audience: &[Audience], person: &Person, provider: &Organisation) -> bool {
    let works_here = || provider.roles_are.as_ref().is_some_and(|staff| is_for(std::slice::from_ref(staff), person));
    is_for(audience, person) || Role::READERS.iter().any(|role| person.is(*role)) || works_here()
}
