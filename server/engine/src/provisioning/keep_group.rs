use std::collections::BTreeSet;

use super::{
    know_group_as::know_group_as,
    known_groups::{KnownGroup, WhichGroups, find_groups},
};
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, local_date},
    log::Act,
    people::{GroupError, MembershipError, Over, may_organise},
    record::{Actor, Since},
    store::{StoreError, Tx},
};

/// What a group is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedGroup {
    /// Where it stands, from the top: `Northfield/Cohort A`.
    pub path: String,
    /// What the directory knows it by.
    pub external_id: Option<String>,
    /// Who belongs to it. `None`: it is not said.
    pub members: Option<BTreeSet<PersonId>>,
}

/// Why a group was not made what a directory wants it to be. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum KeepGroupError {
    /// It cannot be called so, stand there or end, or is not there, or not theirs to change.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// Somebody cannot be put into it, or taken out of it.
    #[error(transparent)]
    Member(#[from] MembershipError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl Engine {
    /// Makes a group, with what is missing above it, from today on.
    ///
    /// # Errors
    /// [`KeepGroupError`]; nothing has been written. [`GroupError::NameTaken`] when there is one at that path, or another is known by that id.
    pub async fn bring_group(&self, wanted: WantedGroup, by: Actor) -> Result<GroupId, KeepGroupError> {
        let since = self.since_today(by);
        let mut tx = self.store.write().await?;
        self.begin_with_groups(&mut tx, since).await?;
        let there = find_groups(&mut tx, &WhichGroups::Path(wanted.path.clone()), false).await?;
        if !there.found.is_empty() {
            return Err(GroupError::NameTaken.into());
        }
        // Nobody waits for one of these people while others wait for what a new group writes.
        let members: Vec<PersonId> = wanted.members.iter().flatten().copied().collect();
        tx.lock_several(&members).await?;
        let mut acts = Vec::new();
        let id = self.group_on(&mut tx, &wanted.path, by, &mut acts).await?;
        // A path with blanks beside its slashes is that of a group which is there.
        if acts.is_empty() {
            return Err(GroupError::NameTaken.into());
        }
        let made = find_group(&mut tx, id).await?;
        let wanted = WantedGroup { path: made.path.clone(), ..wanted };
        self.change_group_on(&mut tx, &made, &wanted, since, &mut acts).await?;
        self.seal(tx, acts).await?;
        Ok(id)
    }

    /// Makes a group what it is to be. `wanted` says it of how it is known when it is written.
    ///
    /// # Errors
    /// [`KeepGroupError`], and what `wanted` refuses; nothing has been written.
    pub async fn change_group<E: From<KeepGroupError>>(
        &self,
        group: GroupId,
        by: Actor,
        wanted: impl FnOnce(KnownGroup) -> Result<WantedGroup, E>,
    ) -> Result<(), E> {
        let since = self.since_today(by);
        let mut tx = self.store.write().await.map_err(KeepGroupError::from)?;
        self.begin_with_groups(&mut tx, since).await?;
        let known = find_group(&mut tx, group).await?;
        let wanted = wanted(known.clone())?;
        let mut acts = Vec::new();
        self.change_group_on(&mut tx, &known, &wanted, since, &mut acts).await?;
        self.seal(tx, acts).await.map_err(KeepGroupError::from)?;
        Ok(())
    }

    /// Takes everybody out of a group whom the directory knows, and ends it. That they were in it stays on record.
    ///
    /// # Errors
    /// [`KeepGroupError`]; nothing has been written.
    pub async fn drop_group(&self, group: GroupId, by: Actor) -> Result<(), KeepGroupError> {
        let since = self.since_today(by);
        let mut tx = self.store.write().await?;
        self.begin_with_groups(&mut tx, since).await?;
        let known = find_group(&mut tx, group).await?;
        let nobody = WantedGroup { path: known.path.clone(), external_id: None, members: Some(BTreeSet::new()) };
        let mut acts = Vec::new();
        self.change_group_on(&mut tx, &known, &nobody, since, &mut acts).await?;
        acts.extend(self.end_group_on(&mut tx, group, since).await?);
        self.seal(tx, acts).await?;
        Ok(())
    }

    /// Locks the people and the tree of groups, and refuses whoever may not change all of it.
    async fn begin_with_groups(&self, tx: &mut Tx, since: Since) -> Result<(), KeepGroupError> {
        tx.lock_people().await?;
        if may_organise(tx, since.by, Over::Everything, local_date(since.recorded_at)).await? {
            Ok(())
        } else {
            Err(GroupError::NotTheirs.into())
        }
    }

    async fn change_group_on(
        &self,
        tx: &mut Tx,
        group: &KnownGroup,
        wanted: &WantedGroup,
        since: Since,
        acts: &mut Vec<Act>,
    ) -> Result<(), KeepGroupError> {
        let before: BTreeSet<PersonId> = group.members.iter().copied().collect();
        let members = wanted.members.as_ref().unwrap_or(&before);
        let changed: Vec<PersonId> = members.symmetric_difference(&before).copied().collect();
        tx.lock_several(&changed).await?;
        if wanted.path != group.path {
            let (above, name) = match wanted.path.rsplit_once('/') {
                Some((above, name)) => (Some(self.group_on(tx, above, since.by, acts).await?), name),
                None => (None, wanted.path.as_str()),
            };
            acts.push(self.move_group_on(tx, group.id, above, name.trim(), since).await?);
        }
        if wanted.external_id != group.external_id {
            know_group_as(tx, group.id, wanted.external_id.as_deref()).await?;
        }
        for person in changed {
            acts.push(if before.contains(&person) {
                self.leave_group_on(tx, person, group.id, since).await?
            } else {
                self.join_group_on(tx, person, group.id, since).await?
            });
        }
        Ok(())
    }
}

async fn find_group(tx: &mut Tx, group: GroupId) -> Result<KnownGroup, KeepGroupError> {
    let known = find_groups(tx, &WhichGroups::Group(group), true).await?;
    Ok(known.found.into_iter().next().ok_or(GroupError::NoSuchGroup)?)
}
