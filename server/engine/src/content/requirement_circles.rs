//! Modules that require each other, so that nobody could begin any of them.

use std::collections::BTreeSet;

use model::ModuleSlug;

use super::{
    problems::{Code, Problem, Report},
    sort_files::Sorted,
};
use crate::catalogue::Catalogue;

/// The file that says what a module requires.
const ABOUT: &str = "module.toml";

/// Refuses modules that are required by what they require themselves, however far round that goes.
pub(super) fn refuse_circles(sorted: &Sorted<'_>, catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (slug, module) in &catalogue.modules {
        let Some(way) = module.requires.iter().find_map(|first| way_back(catalogue, slug, first)) else { continue };
        let Some(text) = sorted.modules.get(slug).and_then(|(files, _)| files.get(ABOUT).copied()) else { continue };
        let path = format!("modules/{slug}/{ABOUT}");
        let mut report = Report::new(&path, text);
        let named: Vec<String> = way.iter().map(|slug| format!("`{slug}`")).collect();
        let message = format!("`{slug}` requires itself, by way of {}.", named.join(", "));
        let help = "Take one of them out of `requires`: as it is, nobody could begin any of them.";
        report.error(text.find("requires").unwrap_or_default(), Code::CircularRequirement, message, help);
        problems.extend(report.into_problems());
    }
    problems
}

/// The modules from `from` back to `to`, each required by the one before it. `None`: there is no way.
fn way_back<'c>(catalogue: &'c Catalogue, to: &ModuleSlug, from: &'c ModuleSlug) -> Option<Vec<&'c ModuleSlug>> {
    let mut seen = BTreeSet::from([from]);
    let mut ways = vec![vec![from]];
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        if *last == to {
            return Some(way);
        }
        let next = catalogue.modules.get(*last).into_iter().flat_map(|module| &module.requires);
        for slug in next.filter(|slug| seen.insert(*slug)) {
            ways.push(way.iter().copied().chain([slug]).collect());
        }
    }
    None
}
