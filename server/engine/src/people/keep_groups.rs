use chrono::NaiveDate;

use super::add_person::LONGEST_NAME;
use crate::{
    engine::Engine,
    ground::{GroupId, TextFault, local_date, typed_line},
    record::{Actor, Since},
    store::{Linked, StoreError, Tx, change, change_one, on},
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
    /// It would stand below itself.
    #[error("a group cannot stand below itself")]
    BelowItself,
    /// There is one of that name there already.
    #[error("there is a group of that name there already")]
    NameTaken,
    /// People or groups are still in it.
    #[error("people or groups are still in it: move them first")]
    NotEmpty,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_GROUP: &str = "SELECT group_id FROM group_place WHERE name = $1 \
     AND (parent_id = $2 OR (parent_id IS NULL AND $2 IS NULL)) AND ends_before IS NULL";

const FIND_PARENT: &str = "SELECT parent_id, name FROM group_place WHERE group_id = $1 AND ends_before IS NULL";

const INSERT_GROUP: &str = "INSERT INTO people_group (id, number, recorded_at, recorded_by) \
     SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3 FROM people_group";

const INSERT_PLACE: &str = "INSERT INTO group_place (id, group_id, parent_id, name, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const END_PLACE: &str = "UPDATE group_place SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE group_id = $1 AND ends_before IS NULL";

const COUNT_INSIDE: &str = "SELECT (SELECT COUNT(*) FROM membership WHERE group_id = $1 AND ends_before IS NULL) \
     + (SELECT COUNT(*) FROM group_place WHERE parent_id = $1 AND ends_before IS NULL)";

impl Engine {
    /// The group at a path such as `Northfield/Cohort A`; what is missing of it is made, from today on.
    ///
    /// # Errors
    /// [`GroupError::Name`] when a part of the path cannot be a name.
    pub async fn group_at(&self, path: &str, by: Actor) -> Result<GroupId, GroupError> {
        let names: Vec<&str> = path.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
        let since = self.since_today(by);
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let mut at = None;
        for name in names {
            let name = checked_name(name)?;
            at = Some(match find_group(&mut tx, &name, at).await? {
                Some(group) => group,
                None => self.insert_group(&mut tx, &name, at, since).await?,
            });
        }
        let group = at.ok_or(GroupError::Name(TextFault::Empty))?;
        tx.commit().await?;
        Ok(group)
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
        let since = Since { begins_on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if find_group(&mut tx, &name, parent).await?.is_some() {
            return Err(GroupError::NameTaken);
        }
        let group = self.insert_group(&mut tx, &name, parent, since).await?;
        tx.commit().await?;
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
        let name = checked_name(name)?;
        let since = Since { begins_on: on, ..self.since_today(by) };
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if find_group(&mut tx, &name, parent).await?.is_some_and(|other| other != group) {
            return Err(GroupError::NameTaken);
        }
        let mut above = parent;
        while let Some(next) = above {
            if next == group {
                return Err(GroupError::BelowItself);
            }
            above = find_place(&mut tx, next).await?.ok_or(GroupError::NoSuchGroup)?.0;
        }
        end_place(&mut tx, group, since).await?;
        self.insert_place(&mut tx, group, &name, parent, since).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends a group in which nobody and no other group is any more. It stays on record.
    ///
    /// # Errors
    /// [`GroupError::NotEmpty`] while somebody is in it.
    pub async fn end_group(&self, group: GroupId, on: NaiveDate, by: Actor) -> Result<(), GroupError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let inside: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_INSIDE).bind(group).fetch_one(conn).await)?;
        if inside > 0 {
            return Err(GroupError::NotEmpty);
        }
        end_place(&mut tx, group, Since { begins_on: on, ..self.since_today(by) }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// From today on, recorded now.
    pub(crate) fn since_today(&self, by: Actor) -> Since {
        let recorded_at = self.clock.now();
        Since { begins_on: local_date(recorded_at), recorded_at, by }
    }

    async fn insert_group(
        &self,
        tx: &mut Tx,
        name: &str,
        parent: Option<GroupId>,
        since: Since,
    ) -> Result<GroupId, StoreError> {
        let group = GroupId(self.new_id(since.recorded_at));
        change_one!(tx, sqlx::query(INSERT_GROUP).bind(group).bind(since.recorded_at).bind(since.by.to_string()))?;
        self.insert_place(tx, group, name, parent, since).await?;
        Ok(group)
    }

    async fn insert_place(
        &self,
        tx: &mut Tx,
        group: GroupId,
        name: &str,
        parent: Option<GroupId>,
        since: Since,
    ) -> Result<(), StoreError> {
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
        )
    }
}

fn checked_name(name: &str) -> Result<String, GroupError> {
    let name = typed_line(name, LONGEST_NAME).map_err(GroupError::Name)?;
    if name.contains('/') { Err(GroupError::Slash) } else { Ok(name) }
}

async fn find_group(tx: &mut Tx, name: &str, parent: Option<GroupId>) -> Result<Option<GroupId>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(FIND_GROUP).bind(name).bind(parent).fetch_optional(conn).await)
}

async fn find_place(tx: &mut Tx, group: GroupId) -> Result<Option<(Option<GroupId>, String)>, StoreError> {
    on!(tx.link(), conn => sqlx::query_as(FIND_PARENT).bind(group).fetch_optional(conn).await)
}

async fn end_place(tx: &mut Tx, group: GroupId, since: Since) -> Result<(), GroupError> {
    match change!(
        tx,
        sqlx::query(END_PLACE).bind(group).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
    )? {
        0 => Err(GroupError::NoSuchGroup),
        _ => Ok(()),
    }
}
