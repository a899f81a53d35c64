use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{Audience, Site},
    engine::Engine,
    ground::PersonId,
    store::{Conn, Linked, StoreError, on},
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

/// A person with their roles and groups.
#[derive(sqlx::FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) start_date: NaiveDate,
    pub(crate) roles: Option<String>,
    pub(crate) group_names: Option<String>,
}

/// The columns of a [`PersonRow`] from `person p`. Names of groups hold no slash, because their paths are written with it.
macro_rules! person_columns {
    () => {
        "p.id, p.name, p.start_date, \
         (SELECT string_agg(r.role, '/') FROM person_role r WHERE r.person_id = p.id) AS roles, \
         (WITH RECURSIVE up (id, parent_id, name) AS ( \
         SELECT g.id, g.parent_id, g.name FROM people_group g \
         JOIN group_member m ON m.group_id = g.id WHERE m.person_id = p.id \
         UNION SELECT g.id, g.parent_id, g.name FROM people_group g JOIN up ON up.parent_id = g.id) \
         SELECT string_agg(up.name, '/') FROM up) AS group_names"
    };
}
pub(crate) use person_columns;

const FIND_PERSON: &str = concat!("SELECT ", person_columns!(), " FROM person p WHERE p.id = $1");

pub(crate) async fn find_person(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row: Option<PersonRow> =
        on!(conn.link(), conn => sqlx::query_as(FIND_PERSON).bind(id).fetch_optional(conn).await)?;
    Ok(row.map(PersonRow::into_person).transpose()?.flatten())
}

impl PersonRow {
    /// The person, or none when they have no role.
    pub(crate) fn into_person(self) -> Result<Option<Person>, StoreError> {
        let Self { id, name, start_date, roles, group_names } = self;
        let Some(roles) = roles else { return Ok(None) };
        let mut roles = roles
            .split('/')
            .map(|role| Role::parse(role).ok_or(StoreError::unreadable("role")))
            .collect::<Result<Vec<_>, _>>()?;
        roles.sort_unstable();
        let groups = group_names.iter().flat_map(|names| names.split('/')).map(str::to_owned).collect();
        Ok(Some(Person { id, name, start_date, roles, groups }))
    }
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

/// Whether something written for `audience` is for this person.
pub(crate) fn is_for(audience: &[Audience], person: &Person) -> bool {
    person.audiences().any(|of_person| audience.contains(&of_person))
}
