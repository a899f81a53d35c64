use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use model::{AgreementSlug, ModuleSlug};

use super::{Audience, Canonical, Language, Prose, TwinName};

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
    /// What title, summary, statement and text are written in.
    pub language: Language,
    /// The same in other languages and in Easy Read.
    pub twins: BTreeMap<TwinName, AgreementTwin>,
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

    /// The agreement in the words of a twin; none when it has no such twin. It keeps what it is known by.
    #[must_use]
    pub fn in_words_of(&self, name: TwinName) -> Option<Self> {
        let twin = self.twins.get(&name)?;
        Some(Self {
            title: twin.title.clone(),
            summary: twin.summary.clone(),
            statement: twin.statement.clone(),
            text: twin.text.clone(),
            language: name.language(self.language),
            ..self.clone()
        })
    }
}

/// The words of an agreement in another language or in Easy Read: the same clauses under the same numbers.
#[derive(Clone, Debug)]
pub struct AgreementTwin {
    /// When somebody who speaks the language last held it against the agreement, or, of Easy Read, when readers tried it. `None`: nobody
    /// has yet, and readers are shown it only where the provider says so.
    pub reviewed: Option<NaiveDate>,
    /// Its title.
    pub title: String,
    /// What it is, in about three lines.
    pub summary: Vec<String>,
    /// What the signer declares.
    pub statement: String,
    /// The text to sign.
    pub text: Prose,
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
