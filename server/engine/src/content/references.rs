//! The modules and agreements that agreements and programmes name.

use std::fmt::Display;

use model::{AgreementSlug, ModuleSlug};

use super::{
    fields::{Placed, without_duplicates},
    problems::{Code, Report},
    prose::Known,
    text::did_you_mean,
};

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
