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
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) start_date: NaiveDate,
    pub(crate) role: Option<String>,
    pub(crate) group_name: Option<String>,
}

/// Common table expressions that give `people`, the [`PersonRow`]s of those whose ids an expression `who` before them gives.
macro_rules! people_of_who {
    () => {
        "up (person_id, id, parent_id, name) AS ( \
         SELECT m.person_id, g.id, g.parent_id, g.name FROM people_group g \
         JOIN group_member m ON m.group_id = g.id JOIN who ON who.id = m.person_id \
         UNION SELECT up.person_id, g.id, g.parent_id, g.name FROM people_group g JOIN up ON up.parent_id = g.id), \
         people AS ( \
         SELECT p.id, p.name, p.start_date, r.role AS role, NULL AS group_name FROM who \
         JOIN person p ON p.id = who.id JOIN person_role r ON r.person_id = p.id \
         UNION ALL SELECT p.id, p.name, p.start_date, NULL, up.name FROM up JOIN person p ON p.id = up.person_id)"
    };
}
pub(crate) use people_of_who;

const FIND_PERSON: &str =
    concat!("WITH RECURSIVE who AS (SELECT id FROM person WHERE id = $1), ", people_of_who!(), " SELECT * FROM people");

pub(crate) async fn find_person(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    let rows: Vec<PersonRow> = on!(conn.link(), conn => sqlx::query_as(FIND_PERSON).bind(id).fetch_all(conn).await)?;
    join_person(rows)
}

/// The person whose rows these are; none when there are none, or none with a role.
pub(crate) fn join_person(rows: impl IntoIterator<Item = PersonRow>) -> Result<Option<Person>, StoreError> {
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
