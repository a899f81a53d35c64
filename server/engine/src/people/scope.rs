//! Whom somebody may see or help.
//!
//! Invariants: other people are listed, and looked for, by a [`Scope`] and in no other way; whoever has no right has no such object; each
//! statement looks itself at the duties that hold when it runs, so that a duty that was ended a moment ago gives nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::person::Person;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, local_date},
    record::{PersonFacts, Role},
    store::{Linked, StoreError, on},
};

/// What somebody wants with other people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To see what they have done. Everybody may see themselves.
    See,
    /// To see what proves what they have signed. Everybody may see their own.
    SeeEvidence,
    /// To give them attempts. Nobody gives any to themselves.
    GiveAttempts,
    /// To change who is here, as whom, in which groups and with which duties. Nobody does so of themselves.
    Organise,
    /// To give them programmes, and to excuse them from what is asked. Nobody does so to themselves.
    Assign,
    /// To see what they answered: for whoever teaches them, and for safeguarding leads.
    SeeAnswers,
}

impl Right {
    /// The roles that give it, over whom the duty is.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::See => &[Role::Manager, Role::Dsl, Role::Auditor, Role::Administrator],
            Self::SeeEvidence => &[Role::Dsl, Role::Auditor, Role::Administrator],
            Self::Organise => &[Role::Administrator],
            Self::GiveAttempts | Self::Assign => &[Role::Manager, Role::Dsl, Role::Administrator],
            Self::SeeAnswers => &[Role::Manager, Role::Dsl],
        }
    }

    /// Whether it is over others alone.
    fn is_over_others(self) -> bool {
        matches!(self, Self::GiveAttempts | Self::Organise | Self::Assign | Self::SeeAnswers)
    }
}

/// Whom somebody may see or help on a day: everybody, the people of some groups and of those below them, or themselves alone. It can be made
/// only of the duties of whoever asks.
#[derive(Clone, Debug)]
pub struct Scope {
    asker: PersonId,
    right: Right,
    day: NaiveDate,
    reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Oneself,
    Groups,
    Everywhere,
}

impl Scope {
    /// Whom somebody may see or help at a moment. `None`: nobody, not even themselves.
    #[must_use]
    pub fn of(asker: &Person, right: Right, at: DateTime<Utc>) -> Option<Self> {
        let mut held = asker.duties.iter().filter(|duty| right.roles().contains(&duty.role)).peekable();
        let reach = match (held.peek().is_some(), held.any(|duty| duty.over.is_none()), right) {
            (_, true, _) => Reach::Everywhere,
            (true, false, _) => Reach::Groups,
            (false, false, right) if right.is_over_others() => return None,
            (false, false, _) => Reach::Oneself,
        };
        Some(Self { asker: asker.id, right, day: local_date(at), reach })
    }

    /// For a statement that finds out by itself whom the asker's duties are over, and asks for nobody else.
    pub(super) fn for_changes(asker: PersonId, right: Right, day: NaiveDate) -> Self {
        Self { asker, right, day, reach: Reach::Groups }
    }

    /// Whether it is of nobody but whoever asks.
    #[must_use]
    pub fn is_oneself(&self) -> bool {
        self.reach == Reach::Oneself
    }

    pub(crate) fn is_everywhere(&self) -> bool {
        self.reach == Reach::Everywhere
    }

    pub(crate) fn asker(&self) -> PersonId {
        self.asker
    }

    pub(crate) fn day(&self) -> NaiveDate {
        self.day
    }

    /// The roles that count, between commas.
    pub(crate) fn roles(&self) -> String {
        let codes: Vec<&str> = self.right.roles().iter().map(|role| role.code()).collect();
        format!(",{},", codes.join(","))
    }

    /// The asker, where they are in their own scope.
    pub(crate) fn oneself(&self) -> Option<PersonId> {
        (!self.right.is_over_others()).then_some(self.asker)
    }
}

/// The beginning of a statement that narrows by a scope: `held` has the groups that $1 has a duty over on $2 by one of the roles $3 (null is
/// everywhere), `below` has these and all below them.
macro_rules! scope_tree {
    () => {
        "WITH RECURSIVE held (group_id) AS ( \
           SELECT group_id FROM duty WHERE person_id = $1 AND $3 LIKE '%,' || role || ',%' AND begins_on <= $2 \
             AND (ends_before IS NULL OR ends_before > $2)), \
         below (id) AS ( \
           SELECT group_id FROM held WHERE group_id IS NOT NULL \
           UNION SELECT p.group_id FROM below CROSS JOIN group_place p \
             WHERE p.parent_id = below.id AND p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2)) "
    };
}
pub(crate) use scope_tree;

/// Whether somebody is here on $2, or is to begin. It counts, here and below, because PostgreSQL would answer an `EXISTS` beside an `OR` by
/// reading the whole table once.
macro_rules! is_here {
    ($person:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM stay h WHERE h.person_id = ",
            $person,
            " AND (h.ends_before IS NULL OR (h.ends_before > $2 AND h.ends_before > h.begins_on))) > 0"
        )
    };
}

/// Whether a membership holds on $2. For somebody who is to begin it does before its first day.
macro_rules! is_member {
    ($membership:literal) => {
        concat!(
            "(",
            $membership,
            ".ends_before IS NULL OR ",
            $membership,
            ".ends_before > $2) AND (",
            $membership,
            ".begins_on <= $2 OR (SELECT MIN(b.begins_on) FROM stay b WHERE (b.ends_before IS NULL OR b.ends_before > b.begins_on) AND b.person_id = ",
            $membership,
            ".person_id) > $2)"
        )
    };
}

/// A condition, in a statement that begins with [`scope_tree!`]: that somebody who is here, or is to begin, is in scope. $4 is the asker
/// where they are in their own scope, otherwise null. The names `own`, `b` and `h` mean something else within it.
macro_rules! in_scope {
    ($person:literal) => {
        concat!(
            "(",
            $person,
            " = $4 OR (",
            $person,
            " <> $1 AND ",
            $crate::people::is_here!($person),
            " AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR (SELECT COUNT(*) FROM membership own \
              WHERE own.person_id = ",
            $person,
            " AND own.group_id IN (SELECT id FROM below) AND ",
            $crate::people::is_member!("own"),
            ") > 0)))"
        )
    };
}
pub(crate) use {in_scope, is_here, is_member};

/// What is added behind [`scope_tree!`] to go from people to what is theirs: `seen` has those in a scope that is not everywhere, and the asker
/// $4 where they are in their own.
macro_rules! scope_people {
    () => {
        concat!(
            ", seen (person_id) AS (SELECT p.id FROM person p WHERE p.id = $4 UNION SELECT m.person_id FROM below i CROSS JOIN membership m \
               WHERE m.group_id = i.id AND m.person_id <> $1 AND ",
            $crate::people::is_member!("m"),
            " AND ",
            $crate::people::is_here!("m.person_id"),
            ") "
        )
    };
}
pub(crate) use scope_people;

/// Binds what [`scope_tree!`] and [`in_scope!`] ask for: $1 to $4.
macro_rules! by_scope {
    ($query:expr, $scope:expr) => {
        $query.bind($scope.asker()).bind($scope.day()).bind($scope.roles()).bind($scope.oneself())
    };
}
pub(crate) use by_scope;

/// Which of the people in scope are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Those who are here or are to begin.
    Here,
    /// Those who have left as well. Only who may see everybody sees these.
    AlsoLeft,
    /// Those who are in this group or one below it, and are here or are to begin.
    In(GroupId),
}

/// Somebody in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// Some of the people in scope, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeoplePage {
    /// At most [`PeoplePage::MOST`].
    pub people: Vec<ListedPerson>,
    /// After whom the next page begins. `None`: this is the last.
    pub next: Option<PersonId>,
}

impl PeoplePage {
    /// How many people stand on a page at most.
    pub const MOST: usize = 100;
}

/// A group in scope.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedGroup {
    /// Which.
    #[sqlx(rename = "group_id")]
    pub id: GroupId,
    /// Below which it stands. `None`: at the top.
    #[sqlx(rename = "parent_id")]
    pub parent: Option<GroupId>,
    /// What it is called.
    pub name: String,
}

/// A page of people, in order: after the key $5 and the person $6. One more than a page has, so that it is known whether another follows.
macro_rules! page_of {
    ($from:expr) => {
        concat!(
            "SELECT l.name_key, l.person_id, l.name FROM ",
            $from,
            " AND (l.name_key, l.person_id) > ($5, $6) ORDER BY l.name_key, l.person_id LIMIT 101"
        )
    };
}

/// The same of the members of groups. Each name is looked up by itself: a join would let a database begin with everybody by name. And SQLite goes from
/// groups to their members because `CROSS JOIN` names them in that order.
macro_rules! page_of_members {
    ($groups:literal, $condition:expr) => {
        page_of!(concat!(
            "(SELECT f.person_id, (SELECT d.name_key FROM person_detail d WHERE d.person_id = f.person_id) AS name_key, \
               (SELECT d.name FROM person_detail d WHERE d.person_id = f.person_id) AS name \
             FROM (SELECT DISTINCT m.person_id FROM ",
            $groups,
            " i CROSS JOIN membership m WHERE m.group_id = i.id AND ",
            is_member!("m"),
            " AND ",
            is_here!("m.person_id"),
            " AND ",
            $condition,
            ") f) l WHERE l.name IS NOT NULL"
        ))
    };
}

const LIST_ONESELF: &str = concat!(scope_tree!(), page_of!("person_detail l WHERE l.person_id = $4"));

const LIST_GROUPS: &str = concat!(scope_tree!(), page_of_members!("below", "(m.person_id = $4 OR m.person_id <> $1)"));

/// $7 is the group.
const LIST_GROUP: &str = concat!(
    scope_tree!(),
    ", inside (id) AS (SELECT g.id FROM people_group g WHERE g.id = $7 UNION SELECT p.group_id FROM inside CROSS JOIN group_place p \
       WHERE p.parent_id = inside.id AND p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2)) ",
    page_of_members!("inside", in_scope!("m.person_id"))
);

/// $7: whether those who have left are wanted.
const LIST_EVERYBODY: &str = concat!(
    scope_tree!(),
    page_of!(concat!(
        "person_detail l WHERE (l.person_id = $4 OR l.person_id <> $1) \
           AND EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) AND ($7 OR ",
        is_here!("l.person_id"),
        ")"
    ))
);

const FIND_KEY: &str = "SELECT name_key FROM person_detail WHERE person_id = $1";

/// Whoever may see everybody sees those who have left as well.
const IS_IN_SCOPE: &str = concat!(
    scope_tree!(),
    "SELECT COUNT(*) FROM person p WHERE p.id = $5 AND (",
    in_scope!("p.id"),
    " OR ($4 = $1 AND EXISTS (SELECT 1 FROM held WHERE group_id IS NULL)))"
);

/// The same of several, whose places follow: what [`are_in_scope`] asks.
const FIND_THOSE_IN_SCOPE: &str = concat!(
    scope_tree!(),
    "SELECT p.id FROM person p WHERE (",
    in_scope!("p.id"),
    " OR ($4 = $1 AND EXISTS (SELECT 1 FROM held WHERE group_id IS NULL))) AND p.id IN "
);

const LIST_GROUPS_IN_SCOPE: &str = concat!(
    scope_tree!(),
    "SELECT p.group_id, p.parent_id, p.name FROM group_place p \
     WHERE p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2) \
       AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR p.group_id IN (SELECT id FROM below)) \
     ORDER BY p.name, p.group_id"
);

/// The groups that a scope reaches at this moment; null is everywhere.
const FIND_REACHED: &str =
    concat!(scope_tree!(), "SELECT group_id FROM held WHERE group_id IS NULL UNION SELECT id FROM below");

/// Whom a scope covers at a moment, by the duties that the database had then: for people whose facts are in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    asker: PersonId,
    day: NaiveDate,
    is_oneself: bool,
    everywhere: bool,
    groups: BTreeSet<GroupId>,
}

impl Reached {
    /// Everybody, for the command line alone.
    pub(crate) fn everybody(day: NaiveDate) -> Self {
        Self { asker: PersonId(Uuid::nil()), day, is_oneself: false, everywhere: true, groups: BTreeSet::new() }
    }

    /// The day on which it is looked at.
    pub(crate) fn day(&self) -> NaiveDate {
        self.day
    }

    /// Whether everybody is seen.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.everywhere
    }

    /// Whether a group is one of those whose people are seen.
    pub(crate) fn has(&self, group: GroupId) -> bool {
        self.everywhere || self.groups.contains(&group)
    }

    /// Whether somebody is seen: what the statements of a scope say of them. `also_left`: who has left is seen by those who saw them until
    /// then, which is asked of a day that is past.
    pub(crate) fn sees(&self, facts: &PersonFacts, also_left: bool) -> bool {
        if self.is_oneself {
            return facts.id == self.asker;
        }
        let day = self.day;
        let stays = || facts.stays.iter().filter(|stay| stay.end.is_none_or(|(end, _)| end > stay.begins_on));
        let is_here = || stays().any(|stay| stay.end.is_none_or(|(end, _)| end > day));
        if !also_left && !is_here() {
            return false;
        }
        let first_day = stays().map(|stay| stay.begins_on).min();
        let is_to_begin = first_day.is_some_and(|first| first > day);
        self.everywhere
            || facts.memberships.iter().any(|membership| {
                membership.end.is_none_or(|(end, _)| end > day)
                    && (membership.begins_on <= day || is_to_begin)
                    && self.groups.contains(&membership.what)
            })
    }
}

impl Scope {
    /// Whom this covers now.
    pub(crate) async fn reached(&self, on_what: &mut impl Linked) -> Result<Reached, StoreError> {
        let groups: Vec<Option<GroupId>> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_REACHED)
            .bind(self.asker).bind(self.day).bind(self.roles()).fetch_all(conn).await)?;
        Ok(Reached {
            asker: self.asker,
            day: self.day,
            is_oneself: self.is_oneself(),
            everywhere: groups.contains(&None),
            groups: groups.into_iter().flatten().collect(),
        })
    }
}

/// What [`find_in_scope`] asks, before the places of those who are looked for.
const FIND_IN_SCOPE: &str = concat!(
    scope_tree!(),
    "SELECT p.id, COALESCE((SELECT d.name FROM person_detail d WHERE d.person_id = p.id), '') FROM person p WHERE ",
    in_scope!("p.id"),
    " AND p.id IN "
);

/// What is asked for people, by name: for tests that look at how a database would answer.
#[doc(hidden)]
pub const SCOPE_STATEMENTS: [(&str, &str); 5] = [
    ("oneself", LIST_ONESELF),
    ("groups", LIST_GROUPS),
    ("group", LIST_GROUP),
    ("everybody", LIST_EVERYBODY),
    ("is in scope", IS_IN_SCOPE),
];

type PersonRow = (String, PersonId, String);

impl Engine {
    /// The people in scope, a page at a time, by name: those after somebody who stood last on the page before.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when `after` is nobody, or is nobody any more.
    pub async fn people_in(&self, scope: &Scope, whom: Whom, after: Option<PersonId>) -> Looked<PeoplePage> {
        let mut conn = self.store.read().await?;
        let after = match after {
            None => (String::new(), PersonId(Uuid::nil())),
            Some(person) => {
                let key: Option<String> =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_KEY).bind(person).fetch_optional(conn).await)?;
                (key.ok_or(Refused::NotFound)?, person)
            }
        };
        macro_rules! list {
            ($statement:expr $(, $more:expr)?) => {
                on!(conn.link(), conn => by_scope!(sqlx::query_as($statement), scope)
                    .bind(&after.0).bind(after.1)$(.bind($more))?.fetch_all(conn).await)?
            };
        }
        let rows: Vec<PersonRow> = match (scope.reach, whom) {
            (_, Whom::In(group)) => list!(LIST_GROUP, group),
            (Reach::Everywhere, _) => list!(LIST_EVERYBODY, whom == Whom::AlsoLeft),
            (Reach::Groups, _) => list!(LIST_GROUPS),
            (Reach::Oneself, _) => list!(LIST_ONESELF),
        };
        let is_last = rows.len() <= PeoplePage::MOST;
        let people: Vec<_> =
            rows.into_iter().take(PeoplePage::MOST).map(|(_, id, name)| ListedPerson { id, name }).collect();
        let next = people.last().filter(|_| !is_last).map(|last| last.id);
        Ok(PeoplePage { people, next })
    }

    /// Whether somebody is in scope.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_in(&self, scope: &Scope, person: PersonId) -> Result<bool, StoreError> {
        is_in_scope(&mut self.store.read().await?, scope, person).await
    }

    /// The groups in scope, by name: all of them, or those that a duty is over and those below them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn groups_in(&self, scope: &Scope) -> Result<Vec<ListedGroup>, StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_as(LIST_GROUPS_IN_SCOPE)
            .bind(scope.asker).bind(scope.day).bind(scope.roles()).fetch_all(conn).await)
    }
}

/// The same as [`Engine::is_in`], on a connection that is there already.
pub(crate) async fn is_in_scope(
    on_what: &mut impl Linked,
    scope: &Scope,
    person: PersonId,
) -> Result<bool, StoreError> {
    let count: i64 = on!(on_what.link(), conn => by_scope!(sqlx::query_scalar(IS_IN_SCOPE), scope)
        .bind(person).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Of which of several people [`is_in_scope`] says yes.
pub(super) async fn are_in_scope(
    on_what: &mut impl Linked,
    scope: &Scope,
    people: &[PersonId],
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut found = BTreeSet::new();
    for some in people.chunks(500) {
        let places: Vec<String> = (5..5 + some.len()).map(|place| format!("${place}")).collect();
        let text = format!("{FIND_THOSE_IN_SCOPE}({})", places.join(", "));
        let rows: Vec<PersonId> = on!(on_what.link(), conn => {
            let mut query = by_scope!(sqlx::query_scalar(sqlx::AssertSqlSafe(text)), scope);
            for person in some {
                query = query.bind(person);
            }
            query.fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Those of several people who are in scope, in the order in which they were named; each once.
pub(crate) async fn find_in_scope(
    on_what: &mut impl Linked,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<ListedPerson>, StoreError> {
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    for some in people.chunks(500) {
        let places: Vec<String> = (5..5 + some.len()).map(|place| format!("${place}")).collect();
        let text = format!("{FIND_IN_SCOPE}({})", places.join(", "));
        let rows: Vec<(PersonId, String)> = on!(on_what.link(), conn => {
            let mut query = by_scope!(sqlx::query_as(sqlx::AssertSqlSafe(text)), scope);
            for person in some {
                query = query.bind(person);
            }
            query.fetch_all(conn).await
        })?;
        names.extend(rows);
    }
    Ok(people.iter().filter_map(|id| Some(ListedPerson { id: *id, name: names.remove(id)? })).collect())
}
