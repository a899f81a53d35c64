use std::{collections::BTreeSet, fmt};

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

impl NeutralName {
    /// The name of a thing for somebody whose programmes these are.
    pub(crate) fn among<'p>(programmes: impl IntoIterator<Item = &'p Programme>, thing: &Thing) -> Self {
        let mut programmes: Vec<&Programme> = programmes.into_iter().collect();
        programmes.sort_unstable_by_key(|programme| &programme.slug);
        let place = match thing {
            Thing::Module(module) => place(programmes.iter().flat_map(|programme| &programme.modules), module),
            Thing::Agreement(agreement) => {
                place(programmes.iter().flat_map(|programme| &programme.agreements), agreement)
            }
        };
        match (place, thing) {
            (None, _) => Self::Other,
            (Some(place), Thing::Module(_)) => Self::Part(place),
            (Some(place), Thing::Agreement(_)) => Self::Agreement(place),
        }
    }
}

/// The place of one among others of which each counts once.
fn place<'s, S: Ord + 's>(all: impl Iterator<Item = &'s S>, one: &S) -> Option<usize> {
    let mut seen = BTreeSet::new();
    all.filter(|other| seen.insert(*other)).position(|other| other == one).map(|place| place + 1)
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
    use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

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
            |kind: &str, slug: &str| NeutralName::among([&b, &a], &Thing::parse(kind, slug).unwrap()).to_string();
        assert_eq!(called("module", "z"), "Online safety, part 1");
        assert_eq!(called("module", "x"), "Online safety, part 2");
        assert_eq!(called("module", "y"), "Online safety, part 3");
        assert_eq!(called("agreement", "rules"), "Online safety, agreement");
        assert_eq!(called("module", "elsewhere"), "Online safety");
    }
}
