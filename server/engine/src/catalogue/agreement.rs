use chrono::{Months, NaiveDate};
use model::{AgreementSlug, ModuleSlug};

use super::{Audience, Canonical, Prose};

/// An agreement, compiled from its file.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Its name and address.
    pub slug: AgreementSlug,
    /// Its title.
    pub title: String,
    /// What it is, in about three lines.
    pub summary: Vec<String>,
    /// For whom it is.
    pub audience: Vec<Audience>,
    /// The modules in which it needs a current pass.
    pub requires: Vec<ModuleSlug>,
    /// How long a signature counts.
    pub recurs: Option<Months>,
    /// The named role that gets the receipt.
    pub submit_to: Option<String>,
    /// What the signer declares.
    pub statement: String,
    /// The text to sign.
    pub text: Prose,
    /// Its versions, newest last; never empty.
    pub versions: Vec<AgreementVersion>,
    /// What the newest version is known by.
    pub canonical: Canonical,
    /// Its number among the published versions, counted from 1; 0 while it is not published.
    pub number: u32,
}

impl Agreement {
    /// The version that people sign today.
    #[must_use]
    pub fn current(&self) -> &AgreementVersion {
        &self.versions[self.versions.len() - 1]
    }
}

/// A row in an agreement's table of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementVersion {
    /// Its label, such as "1.0".
    pub version: String,
    /// When it was made.
    pub date: NaiveDate,
    /// What changed.
    pub change: String,
    /// Who led the change.
    pub lead: String,
    /// When it was reviewed.
    pub reviewed: NaiveDate,
    /// When it must be reviewed again.
    pub next_review: NaiveDate,
}
