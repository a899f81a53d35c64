//! Links from a module or an agreement to a module that some of its readers may not open.

use model::ModuleSlug;

use super::{
    fields::listed,
    problems::{Code, Problem, Report},
    sort_files::{File, Sorted},
};
use crate::catalogue::{Audience, Catalogue};

/// Refuses links that would turn a reader away: whoever is sent somewhere by a page about threats has to arrive. Those whom `roles_are` names
/// may read what is for others.
pub(super) fn refuse_closed_links(sorted: &Sorted<'_>, catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (slug, (files, _)) in &sorted.modules {
        let Some(module) = catalogue.modules.get(slug) else { continue };
        for (name, text) in files {
            let path = format!("modules/{slug}/{name}");
            problems.extend(in_file(&path, text, &module.audience, catalogue));
        }
    }
    for (slug, File { path, text }) in &sorted.agreements {
        let Some(agreement) = catalogue.agreements.get(slug) else { continue };
        problems.extend(in_file(path, text, &agreement.audience, catalogue));
        for File { path, text } in sorted.agreement_twins.get(slug).into_iter().flat_map(|twins| twins.values()) {
            problems.extend(in_file(path, text, &agreement.audience, catalogue));
        }
    }
    problems
}

fn in_file(path: &str, text: &str, readers: &[Audience], catalogue: &Catalogue) -> Vec<Problem> {
    let mut report = Report::new(path, text);
    for (at, _) in text.match_indices("](../") {
        let at = at + "](".len();
        let link = text[at..].split([')', ' ', '\n', '#', '?']).next().unwrap_or_default();
        let mut parts = link.split('/').filter(|part| *part != ".." && *part != "modules");
        let slug = parts.next().and_then(|name| ModuleSlug::new(name).ok());
        let Some((slug, module)) = slug.and_then(|slug| catalogue.modules.get_key_value(&slug)) else {
            continue;
        };
        let open = |reader: &&Audience| {
            module.audience.contains(reader) || catalogue.organisation.roles_are.as_ref() == Some(*reader)
        };
        let closed: Vec<&str> = readers.iter().filter(|reader| !open(reader)).map(Audience::as_str).collect();
        if !closed.is_empty() {
            let message = format!("This leads to `{slug}`, which is not for {}.", listed(&closed));
            let help =
                "Link to a module that all readers of this one may open, or to `/help`; or say here what they need.";
            report.error(at, Code::ClosedLink, message, help);
        }
    }
    report.into_problems()
}
