use std::{collections::BTreeMap, fmt};

use model::{AgreementSlug, ModuleSlug};
use serde::{Deserialize, Serialize};

use super::Thing;
use crate::catalogue::Programme;

/// What something that is asked of somebody is called where others may read along, as in letters and calendars: what a module is about can say
/// more of somebody than they want said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeutralName {
    /// A module, by its place among those that are asked of them, counted from 1.
    Part(usize),
    /// An agreement, likewise.
    Agreement(usize),
    /// What no programme of theirs asks for.
    #[default]
    Other,
}

/// What all that is asked of somebody is called.
pub(crate) struct NeutralNames<'p> {
    modules: BTreeMap<&'p ModuleSlug, usize>,
    agreements: BTreeMap<&'p AgreementSlug, usize>,
}

impl<'p> NeutralNames<'p> {
    /// For somebody whose programmes these are.
    pub(crate) fn among(programmes: impl IntoIterator<Item = &'p Programme>) -> Self {
        let mut programmes: Vec<&Programme> = programmes.into_iter().collect();
        programmes.sort_unstable_by_key(|programme| &programme.slug);
        Self {
            modules: places(programmes.iter().copied().flat_map(|programme| &programme.modules)),
            agreements: places(programmes.iter().copied().flat_map(|programme| &programme.agreements)),
        }
    }

    /// The name of one of their things.
    pub(crate) fn of(&self, thing: &Thing) -> NeutralName {
        let name = match thing {
            Thing::Module(module) => self.modules.get(module).map(|place| NeutralName::Part(*place)),
            Thing::Agreement(agreement) => self.agreements.get(agreement).map(|place| NeutralName::Agreement(*place)),
        };
        name.unwrap_or_default()
    }
}

/// The place of each, counted from 1; whoever stands there several times counts once.
fn places<'s, S: Ord>(all: impl Iterator<Item = &'s S>) -> BTreeMap<&'s S, usize> {
    let mut places = BTreeMap::new();
    for one in all {
        let next = places.len() + 1;
        places.entry(one).or_insert(next);
    }
    places
}

impl fmt::Display for NeutralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(number) => write!(f, "Online safety, part {number}"),
            Self::Agreement(1) => f.write_str("Online safety, agreement"),
            Self::Agreement(number) => write!(f, "Online safety, agreement {number}"),
            Self::Other => f.write_str("Online safety"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Schedule;
    use model::ProgrammeSlug;

    fn programme(slug: &str, modules: &[&str], agreements: &[&str]) -> Programme {
        Programme {
            slug: ProgrammeSlug::new(slug).unwrap(),
            title: String::new(),
            summary: String::new(),
            audience: Vec::new(),
            by_hand: false,
            schedule: Schedule::Once { days: 1, on: None },
            modules: modules.iter().map(|slug| ModuleSlug::new(*slug).unwrap()).collect(),
            agreements: agreements.iter().map(|slug| AgreementSlug::new(*slug).unwrap()).collect(),
        }
    }

    #[test]
    fn parts_are_numbered_through_all_programmes_and_counted_once() {
        let (b, a) = (programme("b", &["x", "y"], &["rules"]), programme("a", &["z", "x"], &[]));
        let called =
            |kind: &str, slug: &str| NeutralNames::among([&b, &a]).of(&Thing::parse(kind, slug).unwrap()).to_string();
        assert_eq!(called("module", "z"), "Online safety, part 1");
        assert_eq!(called("module", "x"), "Online safety, part 2");
        assert_eq!(called("module", "y"), "Online safety, part 3");
        assert_eq!(called("agreement", "rules"), "Online safety, agreement");
        assert_eq!(called("module", "elsewhere"), "Online safety");
    }
}
