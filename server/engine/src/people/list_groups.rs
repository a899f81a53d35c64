use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    person::Person,
    scope::{Right, Scope, is_here, is_member, scope_tree},
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, local_date},
    record::Role,
    store::{Conn, Linked as _, StoreError, on},
};

/// A group in the tree, as whoever sees it finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupInTree {
    /// Which.
    pub id: GroupId,
    /// What it is called.
    pub name: String,
    /// How many groups that the reader sees it stands below.
    pub depth: usize,
    /// Since when it has been there under that name; ahead: from when.
    pub since: NaiveDate,
    /// How many people are in it themselves, who are here or are to begin.
    pub people: u64,
}

/// A group that has ended.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EndedGroup {
    /// Which.
    #[sqlx(rename = "group_id")]
    pub id: GroupId,
    /// What it was called last.
    pub name: String,
    /// The first day on which it was no more.
    pub ends_before: NaiveDate,
}

/// The groups that somebody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupTree {
    /// Each after the one that it is in; beside each other by name.
    pub groups: Vec<GroupInTree>,
    /// Those that have ended, the last first. Only who sees everybody sees them.
    pub ended: Vec<EndedGroup>,
    /// How much of all groups the reader may change.
    pub may_change: MayChange,
}

/// How much somebody may change of who is here and in which groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MayChange {
    /// Nothing.
    #[default]
    Nothing,
    /// The groups that their duty is over, with those below them and the people in them.
    Groups,
    /// Everything, also what stands at the top of the tree.
    Everything,
}

impl MayChange {
    fn of(reader: &Person, at: DateTime<Utc>) -> Self {
        match Scope::of(reader, Right::Organise, at) {
            None => Self::Nothing,
            Some(scope) if scope.is_everywhere() => Self::Everything,
            Some(_) => Self::Groups,
        }
    }
}

/// One group, with what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPage {
    /// Which.
    pub id: GroupId,
    /// The names of those above it that the reader sees, then its own.
    pub path: Vec<String>,
    /// The one above it, if the reader sees that.
    pub parent: Option<GroupId>,
    /// The one above it, also where the reader does not see that. `None`: it stands at the top, or has ended.
    pub stands_below: Option<GroupId>,
    /// Each name and place that it had, the newest first: since when, until before when.
    pub places: Vec<GroupWas>,
    /// Who looks after it, or after one above it, with a duty over groups.
    pub looked_after_by: Vec<(PersonId, String, Role)>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether it has not ended.
    pub is_open: bool,
}

/// What a group was called, and in which other it was.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupWas {
    /// Its name.
    pub name: String,
    /// The name of the one above it. `None`: it stood at the top.
    pub parent: Option<String>,
    /// The first day.
    pub begins_on: NaiveDate,
    /// The first day on which it was no longer so. `None`: it is so.
    pub ends_before: Option<NaiveDate>,
}

/// Also those that are to begin: whoever makes a group for next term wants to see it.
const LIST_PLACES: &str = concat!(
    scope_tree!(),
    "SELECT p.group_id, p.parent_id, p.name, p.begins_on FROM group_place p WHERE p.ends_before IS NULL \
       AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR p.group_id IN (SELECT id FROM below)) ORDER BY p.name, p.group_id"
);

const COUNT_MEMBERS: &str = concat!(
    scope_tree!(),
    "SELECT m.group_id, COUNT(*) FROM people_group g CROSS JOIN membership m WHERE m.group_id = g.id \
       AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR g.id IN (SELECT id FROM below)) AND ",
    is_member!("m"),
    " AND ",
    is_here!("m.person_id"),
    " GROUP BY m.group_id"
);

const LIST_ENDED: &str = concat!(
    scope_tree!(),
    "SELECT p.group_id, p.name, p.ends_before FROM group_place p WHERE EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) \
       AND NOT EXISTS (SELECT 1 FROM group_place o WHERE o.group_id = p.group_id AND o.ends_before IS NULL) \
       AND NOT EXISTS (SELECT 1 FROM group_place l WHERE l.group_id = p.group_id \
         AND (l.ends_before, l.id) > (p.ends_before, p.id)) ORDER BY p.ends_before DESC, p.name LIMIT 200"
);

const FIND_PLACES: &str = "SELECT p.name, (SELECT o.name FROM group_place o WHERE o.group_id = p.parent_id \
       ORDER BY o.begins_on DESC, o.id DESC LIMIT 1) AS parent, p.begins_on, p.ends_before \
     FROM group_place p WHERE p.group_id = $1 ORDER BY p.begins_on DESC, p.id DESC";

const FIND_DUTIES: &str = "SELECT u.person_id, d.name, u.role FROM duty u JOIN person_detail d ON d.person_id = u.person_id \
     WHERE u.group_id = $1 AND u.begins_on <= $2 AND (u.ends_before IS NULL OR u.ends_before > $2) ORDER BY d.name_key, u.person_id";

type PlaceRow = (GroupId, Option<GroupId>, String, NaiveDate);

/// No tree of groups is deeper; one that went round in a circle would not end.
const DEEPEST: usize = 50;

impl Engine {
    /// The groups that somebody sees, as a tree.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they see nobody.
    pub async fn group_tree(&self, reader: &Person) -> Looked<GroupTree> {
        let now = self.clock.now();
        let scope = &Scope::of(reader, Right::See, now).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        let places = self.places(&mut conn, scope).await?;
        let counts: Vec<(GroupId, i64)> = on!(conn.link(), conn => sqlx::query_as(COUNT_MEMBERS)
            .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).fetch_all(conn).await)?;
        let counts: BTreeMap<GroupId, i64> = counts.into_iter().collect();
        let ended: Vec<EndedGroup> = on!(conn.link(), conn => sqlx::query_as(LIST_ENDED)
            .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).fetch_all(conn).await)?;
        let groups = tree_of(&places, &counts)?;
        Ok(GroupTree { groups, ended, may_change: MayChange::of(reader, now) })
    }

    /// One of the groups that somebody sees. Who sees everybody sees those, too, that have ended.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none such for them.
    pub async fn group_page(&self, reader: &Person, group: GroupId) -> Looked<GroupPage> {
        let now = self.clock.now();
        let scope = &Scope::of(reader, Right::See, now).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        let places: Vec<GroupWas> =
            on!(conn.link(), conn => sqlx::query_as(FIND_PLACES).bind(group).fetch_all(conn).await)?;
        let seen: BTreeMap<GroupId, (Option<GroupId>, String)> = self
            .places(&mut conn, scope)
            .await?
            .into_iter()
            .map(|(id, parent, name, _)| (id, (parent, name)))
            .collect();
        let reached = scope.reached(&mut conn).await?;
        let newest = places.first().ok_or(Refused::NotFound)?;
        let is_open = newest.ends_before.is_none();
        if !reached.has(group) {
            return Err(Refused::NotFound);
        }
        let mut path = vec![newest.name.clone()];
        let mut above = Vec::new();
        let stands_below = seen.get(&group).and_then(|(parent, _)| *parent);
        let parent = stands_below.filter(|parent| seen.contains_key(parent));
        let mut next = parent;
        while let Some((id, (parent, name))) =
            next.and_then(|id| Some((id, seen.get(&id)?))).filter(|_| above.len() < DEEPEST)
        {
            path.push(name.clone());
            above.push(id);
            next = *parent;
        }
        path.reverse();
        let mut looked_after_by = Vec::new();
        for over in [group].into_iter().chain(above) {
            let rows: Vec<(PersonId, String, String)> = on!(conn.link(), conn => sqlx::query_as(FIND_DUTIES)
                .bind(over).bind(local_date(now)).fetch_all(conn).await)?;
            for (person, name, role) in rows {
                let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
                looked_after_by.push((person, name, role));
            }
        }
        let organises = match Scope::of(reader, Right::Organise, now) {
            Some(scope) => scope.reached(&mut conn).await?.has(group),
            None => false,
        };
        Ok(GroupPage { id: group, path, parent, stands_below, places, looked_after_by, may_change: organises, is_open })
    }

    async fn places(&self, conn: &mut Conn, scope: &Scope) -> Result<Vec<PlaceRow>, StoreError> {
        on!(conn.link(), conn => sqlx::query_as(LIST_PLACES)
            .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).fetch_all(conn).await)
    }
}

/// Groups in the order of the tree: each after the one that it is in.
fn tree_of(places: &[PlaceRow], counts: &BTreeMap<GroupId, i64>) -> Result<Vec<GroupInTree>, StoreError> {
    let seen: BTreeSet<GroupId> = places.iter().map(|place| place.0).collect();
    let mut below: BTreeMap<Option<GroupId>, Vec<&PlaceRow>> = BTreeMap::new();
    for place in places {
        below.entry(place.1.filter(|parent| seen.contains(parent))).or_default().push(place);
    }
    let mut groups = Vec::with_capacity(places.len());
    // The last that is put in is taken out first.
    let inside = |of: Option<GroupId>| below.get(&of).into_iter().flatten().rev();
    let mut waiting: Vec<(&PlaceRow, usize)> = inside(None).map(|place| (*place, 0)).collect();
    while let Some((place, depth)) = waiting.pop() {
        let people = counts.get(&place.0).copied().unwrap_or_default();
        groups.push(GroupInTree {
            id: place.0,
            name: place.2.clone(),
            depth,
            since: place.3,
            people: u64::try_from(people).map_err(|_| StoreError::unreadable("count"))?,
        });
        if depth < DEEPEST {
            waiting.extend(inside(Some(place.0)).map(|place| (*place, depth + 1)));
        }
    }
    Ok(groups)
}
