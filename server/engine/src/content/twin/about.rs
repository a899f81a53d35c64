//! Which twins a module says that it has, and what the `module.toml` of a twin says.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::catalogue::{Language, TwinName};
use crate::content::{
    fields::{FromField, Placed, Table, Value, filled},
    problems::{Code, Report},
};

/// What `module.toml` says about languages.
pub(crate) struct Languages {
    /// What the module itself is written in.
    pub(crate) own: Placed<Language>,
    /// The twins that there should be.
    twins: Vec<Placed<TwinName>>,
}

/// What the `module.toml` of a twin says; what has an error is none.
#[derive(Default)]
pub(super) struct TwinAbout {
    pub(crate) reviewed: Option<NaiveDate>,
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) outcomes: Option<Vec<String>>,
}

impl FromField for TwinName {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let at = value.at;
        let text = String::read(value, report)?;
        let name = Self::new(&text);
        if name.is_none() {
            let help = "Write a code of two or three letters, such as `en` or `cy`, or `easy-read`.";
            report.error(at, Code::BadLanguage, format!("`{text}` is not the code of a language."), help);
        }
        name
    }
}

/// Reads `languages`: the module's own, then its twins.
pub(crate) fn read_languages(table: &mut Table, report: &mut Report<'_>) -> Option<Languages> {
    let mut names = filled::<Placed<TwinName>>(table, "languages", report)?.into_iter();
    let Placed { at, value } = names.next()?;
    let TwinName::In(own) = value else {
        let help = "Begin with the language of the module itself, like this: `[\"en\", \"easy-read\"]`.";
        report.error(at, Code::BadLanguage, "Easy Read is no language.", help);
        return None;
    };
    let mut languages = Languages { own: Placed { at, value: own }, twins: Vec::new() };
    for Placed { at, value } in names {
        if value == TwinName::In(own) || languages.twins.iter().any(|twin| twin.value == value) {
            let help = "Take one of the two out.";
            report.error(at, Code::DuplicateEntry, "This list names the same thing twice.", help);
        } else {
            languages.twins.push(Placed { at, value });
        }
    }
    Some(languages)
}

impl Languages {
    /// What a module has that says nothing that can be read.
    pub(crate) fn english() -> Self {
        Self { own: Placed { at: 0, value: Language::ENGLISH }, twins: Vec::new() }
    }

    /// Holds the twins that there should be against the folders that there are.
    pub(crate) fn check(&self, folders: &BTreeSet<TwinName>, report: &mut Report<'_>) {
        for Placed { at, value } in self.twins.iter().filter(|twin| !folders.contains(&twin.value)) {
            let help = format!(
                "Put the module's files, translated, into a folder `{value}/` beside this file, or take it out."
            );
            report.error(*at, Code::LanguagesDiffer, format!("There is no folder `{value}`."), help);
        }
        for name in folders.iter().filter(|name| self.twins.iter().all(|twin| twin.value != **name)) {
            let message = format!("The folder `{name}` is not named here.");
            let help = if *name == TwinName::In(self.own.value) {
                format!(
                    "The module itself is in `{name}`: move its files out of that folder, or write another code first."
                )
            } else {
                format!("Add `\"{name}\"` at the end of `languages`, or rename the folder.")
            };
            report.error(self.own.at, Code::LanguagesDiffer, message, help);
        }
    }
}

/// Reads the `module.toml` of a twin.
pub(super) fn read_twin_about(mut table: Table, report: &mut Report<'_>) -> TwinAbout {
    const OF_THE_MODULE: [&str; 9] =
        ["audience", "minutes", "edition", "valid_for", "languages", "owner", "review_by", "tags", "sources"];
    let about = TwinAbout {
        reviewed: table.optional("reviewed", report),
        title: table.required("title", report),
        summary: table.required("summary", report),
        outcomes: filled(&mut table, "outcomes", report),
    };
    table.entries.retain(|(key, _)| {
        let elsewhere = OF_THE_MODULE.contains(&key.value.as_str());
        if elsewhere {
            let message = format!("`{}` is the same in every language and cannot stand here.", key.value);
            let help = "Take it out; it stands in the `module.toml` one folder up.";
            report.error(key.at, Code::KeyNotInTwin, message, help);
        }
        !elsewhere
    });
    table.close(report);
    about
}
