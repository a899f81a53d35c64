use audit::PartKind;
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{
    add_person::LONGEST_NAME,
    may_organise::{Over, may_organise, may_organise_all},
};
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, TextFault, local_date, typed_line},
    log::{Act, Row, Said},
    record::{Actor, DayFault, Since},
    store::{Linked, StoreError, Tx, change_one, on},
};

/// Why a group was not made, moved, renamed or ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The name cannot be one.
    #[error("the name of the group cannot be used: {0}")]
    Name(TextFault),
    /// A name with a slash: paths are written with it.
    #[error("the name of a group has no slash")]
    Slash,
    /// There is no such group, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// It would stand below itself.
    #[error("a group cannot stand below itself")]
    BelowItself,
    /// There is one of that name there already.
    #[error("there is a group of that name there already")]
    NameTaken,
    /// People who are here, or groups, are still in it.
    #[error("people or groups are still in it: move them first")]
    NotEmpty,
    /// Several groups are called so.
    #[error("several groups are called so ({}): give the whole path", .0.join("; "))]
    Several(Vec<String>),
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_GROUP: &str = "SELECT group_id FROM group_place WHERE name = $1 \
     AND (parent_id = $2 OR (parent_id IS NULL AND $2 IS NULL)) AND ends_before IS NULL";

const FIND_PLACE: &str = "SELECT parent_id, begins_on FROM group_place WHERE group_id = $1 AND ends_before IS NULL";

const INSERT_GROUP: &str = "INSERT INTO people_group (id, number, recorded_at, recorded_by) \
     SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3 FROM people_group";

const INSERT_PLACE: &str = "INSERT INTO group_place (id, group_id, parent_id, name, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const END_PLACE: &str = "UPDATE group_place SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE group_id = $1 AND ends_before IS NULL RETURNING id, name";

/// The groups below it, and the people in it who are here on $2 or later.
const COUNT_INSIDE: &str = "SELECT (SELECT COUNT(*) FROM group_place WHERE parent_id = $1 AND ends_before IS NULL) \
     + (SELECT COUNT(*) FROM membership m WHERE m.group_id = $1 AND m.ends_before IS NULL AND EXISTS (SELECT 1 FROM stay s \
       WHERE s.person_id = m.person_id AND (s.ends_before IS NULL OR (s.ends_before > $2 AND s.ends_before > s.begins_on))))";

const END_MEMBERSHIPS: &str = "UPDATE membership SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE group_id = $1 AND ends_before IS NULL RETURNING id, person_id";

/// What a group is called, as the signed log has it apart from the rest.
#[derive(Serialize)]
struct Title<'n> {
    title: &'n str,
}

impl Engine {
    /// The group at a path from the top, such as `Northfield/Cohort A`; what is missing of it is made, from today on.
    ///
    /// # Errors
    /// [`GroupError::Name`] when a part of the path cannot be a name.
    pub async fn group_at(&self, path: &str, by: Actor) -> Result<GroupId, GroupError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if !may_organise(&mut tx, by, Over::Everything, self.since_today(by).begins_on).await? {
            return Err(GroupError::NotTheirs);
        }
        let mut acts = Vec::new();
        let group = self.group_on(&mut tx, path, by, &mut acts).await?;
        self.seal(tx, acts).await?;
        Ok(group)
    }

    /// The same in a transaction that has locked the people and that seals the acts.
    pub(crate) async fn group_on(
        &self,
        tx: &mut Tx,
        path: &str,
        by: Actor,
        acts: &mut Vec<Act>,
    ) -> Result<GroupId, GroupError> {
        let since = self.since_today(by);
        let mut at = None;
        for name in path.split('/').map(str::trim).filter(|name| !name.is_empty()) {
            let name = checked_name(name)?;
            at = Some(match find_group(tx, &name, at).await? {
                Some(group) => group,
                None => {
                    let (group, act) = self.insert_group(tx, &name, at, since).await?;
                    acts.push(act);
                    group
                }
            });
        }
        at.ok_or(GroupError::Name(TextFault::Empty))
    }

    /// All that is wrong with the name and the place of a group from a day on, so far as it can be seen before it is made, or before `group` moves
    /// there. Whoever fills in a form is told of all of it at once; what groups are called that are not theirs they are not told. `on`: `None` where no
    /// day was filled in, and nothing is said of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn faults_of_place(
        &self,
        group: Option<GroupId>,
        name: &str,
        parent: Option<GroupId>,
        on: Option<NaiveDate>,
        by: Actor,
    ) -> Result<Vec<GroupError>, StoreError> {
        let today = local_date(self.clock.now());
        let mut faults = Vec::new();
        match checked_name(name) {
            Ok(name) => {
                let mut conn = self.store.read().await?;
                let stands = match group {
                    Some(group) => find_place(&mut conn, group).await?.map(|(stands, _)| stands),
                    None => None,
                };
                let over = places(group, stands, parent);
                if may_organise_all(&mut conn, by, over, today).await? {
                    let there = find_group(&mut conn, &name, parent).await?;
                    faults.extend(there.filter(|there| Some(*there) != group).map(|_| GroupError::NameTaken));
                }
            }
            Err(fault) => faults.push(fault),
        }
        faults.extend(on.and_then(|on| DayFault::unless_near(on, today).err()).map(GroupError::Day));
        Ok(faults)
    }

    /// Makes a group below another, or at the top, from a day on.
    ///
    /// # Errors
    /// [`GroupError`]; nothing has been written.
    pub async fn add_group(
        &self,
        name: &str,
        parent: Option<GroupId>,
        begins_on: NaiveDate,
        by: Actor,
    ) -> Result<GroupId, GroupError> {
        let name = checked_name(name)?;
        let since = self.since(begins_on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if let Some(parent) = parent
            && !is_open(&mut tx, parent).await?
        {
            return Err(GroupError::NoSuchGroup);
        }
        if !may_organise(&mut tx, by, below(parent), local_date(since.recorded_at)).await? {
            return Err(GroupError::NotTheirs);
        }
        if find_group(&mut tx, &name, parent).await?.is_some() {
            return Err(GroupError::NameTaken);
        }
        let (group, act) = self.insert_group(&mut tx, &name, parent, since).await?;
        self.seal(tx, [act]).await?;
        Ok(group)
    }

    /// Gives a group another name or another place in the tree from a day on; where it stood before stays on record.
    ///
    /// # Errors
    /// [`GroupError`]; nothing has been written.
    pub async fn move_group(
        &self,
        group: GroupId,
        parent: Option<GroupId>,
        name: &str,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), GroupError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let act = self.move_group_on(&mut tx, group, parent, name, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the people and that seals the act.
    pub(crate) async fn move_group_on(
        &self,
        tx: &mut Tx,
        group: GroupId,
        parent: Option<GroupId>,
        name: &str,
        since: Since,
    ) -> Result<Act, GroupError> {
        let name = checked_name(name)?;
        let (stands, _) = find_place(tx, group).await?.ok_or(GroupError::NoSuchGroup)?;
        let over = places(Some(group), Some(stands), parent);
        if !may_organise_all(tx, since.by, over, local_date(since.recorded_at)).await? {
            return Err(GroupError::NotTheirs);
        }
        if find_group(tx, &name, parent).await?.is_some_and(|other| other != group) {
            return Err(GroupError::NameTaken);
        }
        let mut above = parent;
        while let Some(next) = above {
            if next == group {
                return Err(GroupError::BelowItself);
            }
            above = find_place(tx, next).await?.ok_or(GroupError::NoSuchGroup)?.0;
        }
        let before = end_place(tx, group, since).await?;
        let id = self.insert_place(tx, group, &name, parent, since).await?;
        let mut act =
            self.act_of_all(since.recorded_at, since.by).since(since).with(PartKind::Title, &Title { title: &name });
        act.says(Said::GroupMoved { group, parent }, Row::of("group_place", id));
        if before.name != name {
            act.also_says(Said::GroupRenamed(group));
        }
        Ok(act.also(Row::of("group_place/end", before.id)))
    }

    /// Ends a group in which nobody who is here and no other group is any more: `on` is the first day on which it is no more. It stays on
    /// record. Those who were in it when they left are in it no longer.
    ///
    /// # Errors
    /// [`GroupError::NotEmpty`] while somebody is in it; [`GroupError::Day`], [`GroupError::NoSuchGroup`].
    pub async fn end_group(&self, group: GroupId, on: NaiveDate, by: Actor) -> Result<(), GroupError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let acts = self.end_group_on(&mut tx, group, since).await?;
        self.seal(tx, acts).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the people and that seals the acts.
    pub(crate) async fn end_group_on(&self, tx: &mut Tx, group: GroupId, since: Since) -> Result<Vec<Act>, GroupError> {
        if find_place(tx, group).await?.is_none() {
            return Err(GroupError::NoSuchGroup);
        }
        if !may_organise(tx, since.by, Over::Group(group), local_date(since.recorded_at)).await? {
            return Err(GroupError::NotTheirs);
        }
        let inside: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_INSIDE)
            .bind(group).bind(since.begins_on).fetch_one(conn).await)?;
        if inside > 0 {
            return Err(GroupError::NotEmpty);
        }
        let ended: Vec<(Uuid, PersonId)> = on!(tx.link(), conn => sqlx::query_as(END_MEMBERSHIPS)
            .bind(group)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
            .fetch_all(conn)
            .await)?;
        let place = end_place(tx, group, since).await?;
        let of_group = self.act_of_all(since.recorded_at, since.by).since(since);
        let of_group = of_group.saying(Said::GroupEnded(group), Row::of("group_place/end", place.id));
        let of_people = ended.into_iter().map(|(id, person)| {
            self.act_since(person, since).saying(Said::MembershipEnded(group), Row::of("membership/end", id))
        });
        Ok(of_people.chain([of_group]).collect())
    }

    async fn insert_group(
        &self,
        tx: &mut Tx,
        name: &str,
        parent: Option<GroupId>,
        since: Since,
    ) -> Result<(GroupId, Act), StoreError> {
        let group = GroupId(self.new_id(since.recorded_at));
        change_one!(tx, sqlx::query(INSERT_GROUP).bind(group).bind(since.recorded_at).bind(since.by.to_string()))?;
        let place = self.insert_place(tx, group, name, parent, since).await?;
        let act =
            self.act_of_all(since.recorded_at, since.by).since(since).with(PartKind::Title, &Title { title: name });
        let act = act.saying(Said::GroupMade { group, parent }, Row::of("people_group", group));
        Ok((group, act.also(Row::of("group_place", place))))
    }

    async fn insert_place(
        &self,
        tx: &mut Tx,
        group: GroupId,
        name: &str,
        parent: Option<GroupId>,
        since: Since,
    ) -> Result<Uuid, StoreError> {
        let id = self.new_id(since.recorded_at);
        change_one!(
            tx,
            sqlx::query(INSERT_PLACE)
                .bind(id)
                .bind(group)
                .bind(parent)
                .bind(name)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        Ok(id)
    }
}

/// What is changed by whoever puts a group there.
fn below(parent: Option<GroupId>) -> Over {
    parent.map_or(Over::Everything, Over::Group)
}

/// What is changed by whoever puts a group below another: that group, if it is there already, and where it comes to stand, unless it stands there.
fn places(
    group: Option<GroupId>,
    stands: Option<Option<GroupId>>,
    parent: Option<GroupId>,
) -> impl Iterator<Item = Over> {
    let to = (stands != Some(parent)).then_some(below(parent));
    group.map(Over::Group).into_iter().chain(to)
}

/// A place that a group had.
#[derive(sqlx::FromRow)]
struct Place {
    id: Uuid,
    name: String,
}

/// The name of a group as it is kept, if it can be one.
pub(crate) fn checked_name(name: &str) -> Result<String, GroupError> {
    let name = typed_line(name, LONGEST_NAME).map_err(GroupError::Name)?;
    if name.contains('/') { Err(GroupError::Slash) } else { Ok(name) }
}

async fn find_group(
    on_what: &mut impl Linked,
    name: &str,
    parent: Option<GroupId>,
) -> Result<Option<GroupId>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_GROUP).bind(name).bind(parent).fetch_optional(conn).await)
}

async fn find_place(
    on_what: &mut impl Linked,
    group: GroupId,
) -> Result<Option<(Option<GroupId>, NaiveDate)>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_PLACE).bind(group).fetch_optional(conn).await)
}

/// Whether there is such a group, and it has not been ended. It stays so in a transaction that keeps the groups still.
pub(crate) async fn is_open(tx: &mut Tx, group: GroupId) -> Result<bool, StoreError> {
    Ok(find_place(tx, group).await?.is_some())
}

/// Ends the place of a group, and gives what it was.
async fn end_place(tx: &mut Tx, group: GroupId, since: Since) -> Result<Place, GroupError> {
    let (_, begins_on) = find_place(tx, group).await?.ok_or(GroupError::NoSuchGroup)?;
    DayFault::unless_begun(begins_on, since)?;
    let mut ended: Vec<Place> = on!(tx.link(), conn => sqlx::query_as(END_PLACE)
        .bind(group).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string()).fetch_all(conn).await)?;
    StoreError::unless_one(ended.len() as u64)?;
    Ok(ended.remove(0))
}
