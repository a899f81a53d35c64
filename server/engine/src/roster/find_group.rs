use std::collections::HashMap;

use super::{find_known::find_groups, plan::InGroup};
use crate::{
    content::nearest,
    engine::Engine,
    ground::{GroupId, composed},
    people::{GroupError, checked_group_name},
    record::Actor,
};

/// The groups that are there, by every way of writing them.
pub(super) struct Groups<'k> {
    paths: HashMap<GroupId, &'k str>,
    /// By path, and by each end of it behind a slash, folded.
    called: HashMap<String, Vec<GroupId>>,
    /// What cells say, as it was found before.
    found: HashMap<String, FoundGroup>,
}

/// The group that a cell means, and its path; or why it means none, and what to do about that.
pub(super) type FoundGroup = Result<(InGroup, String), (String, String)>;

/// Why there is no group of that name: which others there are.
struct Several(Vec<String>);

impl<'k> Groups<'k> {
    /// Those that are known, each with its path.
    pub(super) fn of(known: &'k [(GroupId, String)]) -> Self {
        let mut called: HashMap<String, Vec<GroupId>> = HashMap::new();
        for (id, path) in known {
            let begins = path.match_indices('/').map(|(place, _)| place + 1);
            for begin in std::iter::once(0).chain(begins) {
                called.entry(folded(&path[begin..])).or_default().push(*id);
            }
        }
        let paths = known.iter().map(|(id, path)| (*id, path.as_str())).collect();
        Self { paths, called, found: HashMap::new() }
    }

    /// The path of a group that is known.
    pub(super) fn path_of(&self, group: GroupId) -> Option<&'k str> {
        self.paths.get(&group).copied()
    }

    /// Whether there is a group of exactly this path.
    pub(super) fn is_there(&self, path: &str) -> bool {
        self.called
            .get(&folded(path))
            .is_some_and(|groups| groups.iter().any(|group| self.path_of(*group) == Some(path)))
    }

    /// The group that a cell means.
    pub(super) fn find(&mut self, cell: &str) -> FoundGroup {
        if let Some(found) = self.found.get(cell) {
            return found.clone();
        }
        let found = self.look_for(cell);
        self.found.insert(cell.to_owned(), found.clone());
        found
    }

    fn look_for(&self, cell: &str) -> FoundGroup {
        let names: Vec<&str> = cell.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
        for name in &names {
            checked_group_name(name).map_err(|fault| (fault.to_string(), "write it anew by hand".to_owned()))?;
        }
        match self.place(&names) {
            Ok((InGroup::At(_), path)) if names.len() < 2 => {
                let near = nearest(
                    &path,
                    self.paths.values().flat_map(|path| [*path, path.rsplit('/').next().unwrap_or(path)]),
                );
                let help = near.map_or_else(
                    || "write its whole path, such as Site/Cohort, and it is made".to_owned(),
                    |near| {
                        format!(
                            "did you mean {near}? Otherwise write its whole path, such as Site/Cohort, and it is made"
                        )
                    },
                );
                Err(("there is no group of that name".to_owned(), help))
            }
            Ok(found) => Ok(found),
            Err(Several(paths)) => {
                Err((format!("there are several: {}", paths.join("; ")), "write its whole path".to_owned()))
            }
        }
    }

    /// The group at a path, which may begin anywhere in the tree as long as it is the only one. What is missing would be made.
    fn place(&self, names: &[&str]) -> Result<(InGroup, String), Several> {
        let path = names.join("/");
        let found = self.called.get(&folded(&path)).map(Vec::as_slice).unwrap_or_default();
        let whole: Vec<GroupId> = found
            .iter()
            .copied()
            .filter(|group| self.path_of(*group).is_some_and(|one| folded(one) == folded(&path)))
            .collect();
        let exact = found.iter().find(|group| self.path_of(**group) == Some(path.as_str()));
        match (exact, whole.as_slice(), found) {
            (Some(group), _, _) | (_, [group], _) | (_, [], [group]) => {
                Ok((InGroup::Known(*group), self.path_of(*group).unwrap_or_default().to_owned()))
            }
            (_, _, []) => {
                let [above @ .., last] = names else { return Ok((InGroup::At(path.clone()), path)) };
                let path =
                    if above.is_empty() { (*last).to_owned() } else { format!("{}/{last}", self.place(above)?.1) };
                Ok((InGroup::At(path.clone()), path))
            }
            (_, _, several) => {
                Err(Several(several.iter().filter_map(|group| self.path_of(*group)).map(str::to_owned).collect()))
            }
        }
    }
}

/// A group that somebody meant by a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeantGroup {
    /// Which.
    pub id: GroupId,
    /// Its path from the top, where it was not there and has been made.
    pub made: Option<String>,
}

impl Engine {
    /// The group that somebody means by a path, which may begin anywhere in the tree as long as it is the only one, as in a file of people. What is
    /// missing of it is made, from today on.
    ///
    /// # Errors
    /// [`GroupError::Several`] with the paths of all that are called so, [`GroupError::Name`] when a part of the path cannot be a name.
    pub async fn group_meant(&self, path: &str, by: Actor) -> Result<MeantGroup, GroupError> {
        let groups = find_groups(&mut self.store.read().await?).await?;
        let names: Vec<&str> = path.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
        match Groups::of(&groups).place(&names) {
            Ok((InGroup::Known(id), _)) => Ok(MeantGroup { id, made: None }),
            Ok((InGroup::At(path), _)) => Ok(MeantGroup { id: self.group_at(&path, by).await?, made: Some(path) }),
            Err(Several(paths)) => Err(GroupError::Several(paths)),
        }
    }
}

/// A path as it is looked for: neither case nor how accents are written counts.
fn folded(path: &str) -> String {
    composed(path).split('/').map(|name| name.trim().to_lowercase()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn known() -> Vec<(GroupId, String)> {
        let paths = ["North", "North/Cohort A", "South", "South/Cohort A", "South/Cohort B"];
        (1..).zip(paths).map(|(number, path)| (GroupId(Uuid::from_u128(number)), path.to_owned())).collect()
    }

    #[test]
    fn groups_are_found_by_a_path_or_a_name_that_is_unique() {
        let known = known();
        let found = |cell: &str| Groups::of(&known).look_for(cell);
        for (cell, path) in [
            ("North/Cohort A", "North/Cohort A"),
            (" north / cohort a ", "North/Cohort A"),
            ("Cohort B", "South/Cohort B"),
            ("South", "South"),
        ] {
            let (group, found) = found(cell).unwrap();
            assert!(matches!(group, InGroup::Known(_)) && found == path, "{cell}: {found}");
        }
        for (cell, path) in
            [("North/Cohort C", "North/Cohort C"), ("cohort b/Team 1", "South/Cohort B/Team 1"), ("West/X", "West/X")]
        {
            assert_eq!(found(cell), Ok((InGroup::At(path.to_owned()), path.to_owned())), "{cell}");
        }
        assert!(found("Cohort A").unwrap_err().0.contains("several"));
        assert!(found("Cohort D").unwrap_err().1.contains("did you mean"));
        assert!(found("Nor\u{200b}th/X").is_err());
    }

    #[test]
    fn a_group_is_found_however_its_accents_are_written() {
        let known = [(GroupId(Uuid::from_u128(1)), "Zo\u{eb}".to_owned())];
        let (group, path) = Groups::of(&known).look_for("Zoe\u{308}").unwrap();
        assert!(matches!(group, InGroup::Known(_)) && path == "Zo\u{eb}", "{path}");
    }
}
