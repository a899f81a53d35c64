use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Engine, PersonId, StoreError,
    catalogue::{Audience, Site},
    store::{Conn, Linked, on},
};

/// Somebody who can sign in, with what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub id: PersonId,
    /// Their name, as they are greeted.
    pub name: String,
    /// When they began; due dates are counted from here.
    pub start_date: NaiveDate,
    /// What they are here as; never empty.
    pub roles: Vec<Role>,
    /// The names of their groups and of the groups above those.
    pub groups: Vec<String>,
}

/// What somebody is here as. One person may be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// On a course or an apprenticeship.
    Learner,
    /// Works for the provider.
    Staff,
    /// Looks after the people of some groups.
    Manager,
    /// Designated safeguarding lead.
    Dsl,
    /// Checks evidence and changes nothing.
    Auditor,
    /// Runs this installation.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Learner, Self::Staff, Self::Manager, Self::Dsl, Self::Auditor, Self::Administrator];

    /// How it is written in the database and in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Staff => "staff",
            Self::Manager => "manager",
            Self::Dsl => "dsl",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Reads what [`Role::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

impl Person {
    /// Whether they are here as `role`.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// What is written for them: learners' things, staff's things, or both.
    pub fn audiences(&self) -> impl Iterator<Item = Audience> + '_ {
        let learner = self.is(Role::Learner).then_some(Audience::Learner);
        let staff = self.roles.iter().any(|role| *role != Role::Learner).then_some(Audience::Staff);
        learner.into_iter().chain(staff)
    }
}

/// One of a person's roles, or one of their groups.
#[derive(sqlx::FromRow)]
struct PersonRow {
    id: PersonId,
    name: String,
    start_date: NaiveDate,
    role: Option<String>,
    group_name: Option<String>,
}

/// Every request of somebody who is signed in asks this, so it is one query: going to the database costs more than what
/// it does there.
const FIND_PERSON: &str = "WITH RECURSIVE up (id, parent_id, name) AS ( \
     SELECT g.id, g.parent_id, g.name FROM people_group g \
     JOIN group_member m ON m.group_id = g.id WHERE m.person_id = $1 \
     UNION SELECT g.id, g.parent_id, g.name FROM people_group g JOIN up ON up.parent_id = g.id) \
     SELECT p.id, p.name, p.start_date, r.role AS role, NULL AS group_name FROM person p \
     JOIN person_role r ON r.person_id = p.id WHERE p.id = $1 \
     UNION ALL SELECT p.id, p.name, p.start_date, NULL, up.name FROM person p CROSS JOIN up WHERE p.id = $1";

pub(crate) async fn find_person(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    let rows: Vec<PersonRow> = on!(conn.link(), conn => sqlx::query_as(FIND_PERSON).bind(id).fetch_all(conn).await)?;
    let mut found: Option<Person> = None;
    for row in rows {
        let person = found.get_or_insert_with(|| Person {
            id: row.id,
            name: row.name,
            start_date: row.start_date,
            roles: Vec::new(),
            groups: Vec::new(),
        });
        if let Some(role) = row.role {
            person.roles.push(Role::parse(&role).ok_or(StoreError::unreadable("role"))?);
        }
        person.groups.extend(row.group_name);
    }
    Ok(found.filter(|person| !person.roles.is_empty()).map(|mut person| {
        person.roles.sort_unstable();
        person
    }))
}

impl Engine {
    /// The person of that id, or none when they are gone or have no role any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        find_person(&mut self.store.read().await?, id).await
    }

    /// The sites whose contacts this person is shown: those that bear the name of one of their groups or of a group
    /// above it; all of them for somebody in none, or not signed in.
    #[must_use]
    pub fn sites_for(&self, person: Option<&Person>) -> Vec<Site> {
        let catalogue = self.catalogue();
        let all = &catalogue.organisation.sites;
        let own = |site: &&Site| person.is_some_and(|person| person.groups.contains(&site.name));
        let own: Vec<Site> = all.iter().filter(own).cloned().collect();
        if own.is_empty() { all.clone() } else { own }
    }
}
