//! The audiences, modules and agreements that other things name.

use std::fmt::Display;

use model::{AgreementSlug, ModuleSlug};

use super::{
    fields::{NAME_HELP, Placed, Table, listed, without_duplicates},
    problems::{Code, Report},
    prose::Known,
    text::did_you_mean,
};
use crate::catalogue::{Audience, HelplineAudience, ListedAudience};

/// For whom something is: at least one audience of the provider's list, each once.
pub(super) fn audience(table: &mut Table, known: Known<'_>, report: &mut Report<'_>) -> Option<Vec<Audience>> {
    let Placed { at, value } = table.required::<Placed<Vec<Placed<String>>>>("audience", report)?;
    let listed = known.names.and_then(|names| names.audiences.as_deref());
    if value.is_empty() {
        report.error(at, Code::EmptyAudience, "This is for nobody.", one_of(listed, &[]));
        return None;
    }
    let count = value.len();
    // Every one is looked at before it is decided, so that all their problems are seen.
    let audiences: Vec<_> = value
        .iter()
        .filter_map(|written| Some(Placed { at: written.at, value: read_audience(written, listed, &[], report)? }))
        .collect();
    if audiences.len() == count { without_duplicates(audiences, report) } else { None }
}

/// Under which heading a help service stands.
pub(super) fn helpline_audience(
    written: &Placed<String>,
    listed: Option<&[ListedAudience]>,
    report: &mut Report<'_>,
) -> Option<HelplineAudience> {
    let by_age = HelplineAudience::BY_AGE;
    if let Some((_, by_age)) = by_age.iter().find(|(word, _)| *word == written.value) {
        return Some(by_age.clone());
    }
    let words = by_age.map(|(word, _)| word);
    read_audience(written, listed, &words, report).map(HelplineAudience::Of)
}

/// The audience of that name, if there is one. Without a list every name is one. `others` are words that may stand here as well.
pub(super) fn read_audience(
    written: &Placed<String>,
    listed: Option<&[ListedAudience]>,
    others: &[&str],
    report: &mut Report<'_>,
) -> Option<Audience> {
    let name = Audience::new(written.value.as_str()).ok();
    match (name, listed) {
        (Some(name), None) => Some(name),
        (Some(name), Some(listed)) if listed.iter().any(|listed| listed.id == name) => Some(name),
        (None, None) => {
            report.error(written.at, Code::BadName, format!("`{}` cannot be a name.", written.value), NAME_HELP);
            None
        }
        (_, Some(known)) => {
            let names = known.iter().map(|listed| listed.id.as_str()).chain(others.iter().copied());
            let help = did_you_mean(&written.value, names, one_of(listed, others));
            report.error(written.at, Code::UnknownAudience, format!("There is no audience `{}`.", written.value), help);
            None
        }
    }
}

fn one_of(audiences: Option<&[ListedAudience]>, others: &[&str]) -> String {
    let own = audiences.unwrap_or_default().iter().map(|audience| audience.id.as_str());
    let words: Vec<&str> = own.chain(others.iter().copied()).collect();
    if words.is_empty() {
        return "Write the id of an `[[audience]]` in `organisation.toml`.".to_owned();
    }
    format!("Write one of {}; the audiences stand in `organisation.toml`.", listed(&words))
}

/// The modules, if all of them exist and none stands twice.
pub(super) fn known_modules(
    written: Vec<Placed<ModuleSlug>>,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> Option<Vec<ModuleSlug>> {
    if let Some(names) = known.names {
        let unknown = written.iter().filter(|module| !names.modules.contains_key(&module.value));
        for module in unknown {
            let help =
                did_you_mean(module.value.as_str(), names.modules(), "Write the name of a folder in `modules/`.");
            refuse(module, Code::UnknownModule, "module", help, report);
        }
    }
    without_duplicates(written, report)
}

/// The agreements, if all of them exist and none stands twice.
pub(super) fn known_agreements(
    written: Vec<Placed<AgreementSlug>>,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> Option<Vec<AgreementSlug>> {
    if let Some(names) = known.names {
        let unknown = written.iter().filter(|agreement| !names.agreements.contains(&agreement.value));
        for agreement in unknown {
            let otherwise = "Write the name of a file in `agreements/`.";
            let help = did_you_mean(agreement.value.as_str(), names.agreements(), otherwise);
            refuse(agreement, Code::UnknownAgreement, "agreement", help, report);
        }
    }
    without_duplicates(written, report)
}

fn refuse(named: &Placed<impl Display>, code: Code, kind: &str, help: String, report: &mut Report<'_>) {
    report.error(named.at, code, format!("There is no {kind} `{}`.", named.value), help);
}
