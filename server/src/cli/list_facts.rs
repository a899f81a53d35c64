//! What an editor has to confirm before release: facts that nobody has held against their source, or not for long.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use engine::{
    catalogue::{Catalogue, Fact},
    content::Sources,
};

/// The facts to be confirmed, grouped by source, so that each source need be opened once: what to look for in it, why, and which files
/// say so. Ends with how many there are.
pub(super) fn facts_to_confirm(catalogue: &Catalogue, sources: &Sources, today: NaiveDate) -> String {
    let mut by_source: BTreeMap<(&str, &str), Vec<(&Fact, String)>> = BTreeMap::new();
    for fact in catalogue.facts.values() {
        if let Some(why) = why(fact, today) {
            by_source.entry((&fact.source, &fact.edition)).or_default().push((fact, why));
        }
    }
    let count: usize = by_source.values().map(Vec::len).sum();
    let mut list = String::new();
    for ((source, edition), facts) in &by_source {
        list.push_str(&format!("{source} ({edition})\n"));
        for (fact, why) in facts {
            list.push_str(&format!("  {}: {why}\n    {}\n", fact.id, fact.text));
            if let Some(note) = &fact.why {
                list.push_str(&format!("    note: {note}\n"));
            }
            if let Some(line) = &fact.helpline {
                let told =
                    [Some(line.name.as_str()), line.phone.as_deref(), line.url.as_deref(), line.hours.as_deref()];
                list.push_str(&format!(
                    "    on the help page: {}\n",
                    told.into_iter().flatten().collect::<Vec<_>>().join(", ")
                ));
            }
            let used = used_in(fact, sources);
            if !used.is_empty() {
                list.push_str(&format!("    in {}\n", used.into_iter().collect::<Vec<_>>().join(", ")));
            }
        }
        list.push('\n');
    }
    format!("{list}{count} facts to confirm in {} sources\n", by_source.len())
}

/// Why a fact has to be confirmed. `None` when it need not be.
fn why(fact: &Fact, today: NaiveDate) -> Option<String> {
    match fact.checked {
        None => Some("nobody has held it against its source".to_owned()),
        Some(checked) if checked.checked_add_months(Months::new(12)).is_some_and(|next| next < today) => {
            Some(format!("last held against its source on {checked}"))
        }
        Some(_) if fact.review_by < today => Some(format!("to be reviewed by {}", fact.review_by)),
        Some(_) => None,
    }
}

/// The modules and agreements that put a fact in place.
fn used_in(fact: &Fact, sources: &Sources) -> BTreeSet<String> {
    let citation = format!("{{{{fact:{}}}}}", fact.id);
    let used = sources.files().filter(|(_, text)| text.contains(&citation));
    used.map(|(path, _)| {
        path.rsplit_once('/').filter(|(folder, _)| folder.starts_with("modules/")).map_or(path, |(folder, _)| folder)
    })
    .map(str::to_owned)
    .collect()
}

#[cfg(test)]
mod tests {
    use engine::content::compile;

    use super::*;

    #[test]
    fn what_is_to_be_confirmed_is_listed_by_source() {
        let fact = |id: &str, source: &str, checked: &str, review: &str| {
            format!(
                "[[fact]]\nid = \"{id}\"\ntext = \"text of {id}\"\nsource = \"{source}\"\nedition = \"2026\"\n{checked}review_by = {review}\n"
            )
        };
        let mut facts = [
            fact("new", "A law", "", "2027-09-01"),
            fact("old", "A law", "checked = 2025-01-01\n", "2027-09-01"),
            fact("due", "A charity", "checked = 2026-11-01\n", "2026-11-02"),
            fact("fine", "A charity", "checked = 2026-11-01\n", "2027-09-01"),
        ]
        .concat();
        facts.push_str("\n[[fact]]\nid = \"line\"\ntext = \"0800 1\"\nsource = \"A charity\"\nedition = \"2026\"\nreview_by = 2027-09-01\nwhy = \"Seen on a copy.\"\n[fact.helpline]\nname = \"A line\"\nphone = \"0800 1\"\nfor = \"all\"\naudience = \"everyone\"\nabout = \"Talk.\"\n");
        let files = [("facts.toml", facts.as_str()), ("modules/a/10-b.md", "# B\n\n{{fact:new}}\n")];
        let sources = Sources::from_files(files);
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        insta::assert_snapshot!(facts_to_confirm(&compile(&sources, today).catalogue, &sources, today), @r"
        A charity (2026)
          due: to be reviewed by 2026-11-02
            text of due
          line: nobody has held it against its source
            0800 1
            note: Seen on a copy.
            on the help page: A line, 0800 1

        A law (2026)
          new: nobody has held it against its source
            text of new
            in modules/a
          old: last held against its source on 2025-01-01
            text of old

        4 facts to confirm in 2 sources
        ");
    }
}
