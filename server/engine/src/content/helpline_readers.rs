//! Help services that a module or an agreement names, and that are for none of its readers.

use super::{
    fields::listed,
    problems::{Code, Problem, Report},
    prose::FactBook,
    sort_files::{File, Sorted},
};
use crate::catalogue::{Audience, Catalogue, Fact, HelplineAudience};

/// Refuses services that the help page has under a heading such as "For staff" where a text puts them in place and none of its readers is
/// meant by that: they would look for somebody who is not there for them. What is for an age is for readers of any kind.
pub(super) fn refuse_helplines_of_others(sorted: &Sorted<'_>, catalogue: &Catalogue, facts: &FactBook) -> Vec<Problem> {
    let theirs = facts.facts.values().filter_map(|fact| match &fact.helpline.as_ref()?.audience {
        HelplineAudience::Of(audience) => Some((fact, audience)),
        HelplineAudience::Young | HelplineAudience::Adult | HelplineAudience::Everyone => None,
    });
    let theirs: Vec<(&Fact, &Audience)> = theirs.collect();
    let mut problems = Vec::new();
    for (slug, (files, _)) in &sorted.modules {
        let Some(module) = catalogue.modules.get(slug) else { continue };
        for (name, text) in files {
            problems.extend(in_file(&format!("modules/{slug}/{name}"), text, &module.audience, &theirs));
        }
    }
    for (slug, File { path, text }) in &sorted.agreements {
        let Some(agreement) = catalogue.agreements.get(slug) else { continue };
        problems.extend(in_file(path, text, &agreement.audience, &theirs));
        for File { path, text } in sorted.agreement_twins.get(slug).into_iter().flat_map(|twins| twins.values()) {
            problems.extend(in_file(path, text, &agreement.audience, &theirs));
        }
    }
    problems
}

fn in_file(path: &str, text: &str, readers: &[Audience], theirs: &[(&Fact, &Audience)]) -> Vec<Problem> {
    let mut report = Report::new(path, text);
    for (fact, audience) in theirs.iter().filter(|(_, audience)| !readers.contains(audience)) {
        for (at, _) in text.match_indices(&format!("{{{{fact:{}}}}}", fact.id)) {
            let readers: Vec<&str> = readers.iter().map(Audience::as_str).collect();
            let message = format!(
                "`{}` is for `{audience}`, and this is for {}.",
                fact.helpline.as_ref().map_or("", |line| line.name.as_str()),
                listed(&readers)
            );
            let help =
                "Name a service that is there for the readers of this text, or give this one another `audience`.";
            report.error(at, Code::HelplineForOthers, message, help);
        }
    }
    report.into_problems()
}
