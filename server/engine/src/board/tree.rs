use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    ground::{GroupId, name_key},
    people::Reached,
    record::Places,
};

/// The groups that somebody sees, as they stood in the tree on a day.
pub(super) struct Tree {
    /// The names of each, from the highest that is seen.
    pub paths: BTreeMap<GroupId, Vec<String>>,
    /// The groups above these that are not seen.
    pub above: BTreeSet<GroupId>,
    parents: BTreeMap<GroupId, Option<GroupId>>,
}

impl Tree {
    /// What whoever reaches so much sees of the tree on a day, by what was known then.
    pub(super) fn of(places: &Places, reached: &Reached, day: NaiveDate, known: DateTime<Utc>) -> Self {
        let places: BTreeMap<GroupId, _> = places.on(day, known).map(|place| (place.group, place)).collect();
        let (mut paths, mut above) = (BTreeMap::new(), BTreeSet::new());
        for group in places.keys().filter(|group| reached.has(**group)) {
            let mut names = Vec::new();
            let mut at = Some(*group);
            while let Some(place) = at.filter(|at| reached.has(*at)).and_then(|at| places.get(&at)) {
                names.push(place.name.clone());
                // A circle cannot be recorded, and would be no reason to go round in it.
                if names.len() > places.len() {
                    break;
                }
                at = place.parent;
            }
            while let Some(higher) = at.filter(|at| !reached.has(*at) && above.insert(*at)) {
                at = places.get(&higher).and_then(|place| place.parent);
            }
            names.reverse();
            paths.insert(*group, names);
        }
        Self { paths, above, parents: places.values().map(|place| (place.group, place.parent)).collect() }
    }

    /// The groups that are seen, with their names after those above them, in that order.
    pub(super) fn by_name(&self) -> Vec<(GroupId, Vec<String>)> {
        let mut paths: Vec<(GroupId, Vec<String>)> =
            self.paths.iter().map(|(group, path)| (*group, path.clone())).collect();
        paths.sort_by_cached_key(|(group, path)| (path.iter().map(|name| name_key(name)).collect::<Vec<_>>(), *group));
        paths
    }

    /// A group and those below it.
    pub(super) fn below(&self, top: GroupId) -> BTreeSet<GroupId> {
        let is_below = |group: &GroupId| {
            let mut at = Some(*group);
            for _ in 0..=self.parents.len() {
                match at {
                    Some(at) if at == top => return true,
                    Some(here) => at = self.parents.get(&here).copied().flatten(),
                    None => return false,
                }
            }
            false
        };
        self.parents.keys().copied().filter(is_below).collect()
    }
}
