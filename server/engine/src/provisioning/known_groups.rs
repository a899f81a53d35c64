use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::known_people::Known;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, composed, local_date},
    people::{Over, may_organise},
    record::Actor,
    roster::group_paths,
    store::{Linked, StoreError, on},
};

/// Which groups are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichGroups {
    /// Those after so many, in the order of their paths, and so many of them at most.
    Page {
        /// How many stand before it.
        skip: u32,
        /// At most [`Known::MOST`] are given.
        most: u32,
    },
    /// The one of that id.
    Group(GroupId),
    /// The one at that path; case does not count.
    Path(String),
    /// The one that that system knows by that.
    ExternalId(String),
}

/// A group that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownGroup {
    /// Which.
    pub id: GroupId,
    /// Where it stands, from the top: `Northfield/Cohort A`.
    pub path: String,
    /// What that system knows it by.
    pub external_id: Option<String>,
    /// Who belongs to it itself; empty where they were not asked for.
    pub members: Vec<PersonId>,
    /// When it was made.
    pub recorded_at: DateTime<Utc>,
}

const LIST_OPEN: &str = "SELECT g.group_id, g.parent_id, g.name FROM group_place g WHERE g.ends_before IS NULL";

const LIST_MADE: &str =
    "SELECT g.id, g.recorded_at, k.external_id FROM people_group g LEFT JOIN group_known_as k ON k.group_id = g.id";

const LIST_MEMBERS: &str = "SELECT d.person_id FROM membership m JOIN person_detail d ON d.person_id = m.person_id \
     WHERE m.group_id = $1 AND m.ends_before IS NULL \
       AND NOT EXISTS (SELECT 1 FROM unprovisioned u WHERE u.person_id = m.person_id) ORDER BY d.person_id";

impl Engine {
    /// Groups, wherever they stand, and if wanted who belongs to each. For a system of the provider's that keeps them in step with its own.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless whoever asks may change everything.
    pub async fn known_groups(&self, which: &WhichGroups, with_members: bool, by: Actor) -> Looked<Known<KnownGroup>> {
        let mut conn = self.store.read().await?;
        if !may_organise(&mut conn, by, Over::Everything, local_date(self.clock.now())).await? {
            return Err(Refused::NotForYou);
        }
        Ok(find_groups(&mut conn, which, with_members).await?)
    }
}

/// The same for whoever may change everything, also in the transaction that changes them.
pub(super) async fn find_groups(
    on_what: &mut impl Linked,
    which: &WhichGroups,
    with_members: bool,
) -> Result<Known<KnownGroup>, StoreError> {
    let places: Vec<(GroupId, Option<GroupId>, String)> =
        on!(on_what.link(), conn => sqlx::query_as(LIST_OPEN).fetch_all(conn).await)?;
    let mut paths = group_paths(&places);
    paths.sort_by(|(_, one), (_, other)| one.cmp(other));
    let made: Vec<(GroupId, DateTime<Utc>, Option<String>)> =
        on!(on_what.link(), conn => sqlx::query_as(LIST_MADE).fetch_all(conn).await)?;
    let made: BTreeMap<GroupId, (DateTime<Utc>, Option<String>)> =
        made.into_iter().map(|(id, recorded_at, external_id)| (id, (recorded_at, external_id))).collect();
    match which {
        WhichGroups::Page { .. } => {}
        WhichGroups::Group(group) => paths.retain(|(id, _)| id == group),
        WhichGroups::Path(wanted) => {
            let wanted = composed(wanted).to_lowercase();
            paths.retain(|(_, path)| path.to_lowercase() == wanted);
        }
        WhichGroups::ExternalId(wanted) => {
            let wanted = &composed(wanted);
            paths.retain(|(id, _)| made.get(id).is_some_and(|(_, known_as)| known_as.as_ref() == Some(wanted)));
        }
    }
    let total = paths.len();
    if let WhichGroups::Page { skip, most } = which {
        let most = (*most).min(Known::<KnownGroup>::MOST);
        paths = paths.into_iter().skip(*skip as usize).take(most as usize).collect();
    }
    let mut found = Vec::with_capacity(paths.len());
    for (id, path) in paths {
        let members = if with_members {
            on!(on_what.link(), conn => sqlx::query_scalar(LIST_MEMBERS).bind(id).fetch_all(conn).await)?
        } else {
            Vec::new()
        };
        // Each place in the tree is that of a group.
        let (recorded_at, external_id) = made.get(&id).cloned().unwrap_or_default();
        found.push(KnownGroup { id, path, external_id, members, recorded_at });
    }
    Ok(Known { total: total as u64, found })
}
