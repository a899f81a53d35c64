//! The canonical form of versions: the text whose digest is published, signed for, and rebuilt from.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{Months, NaiveDate};
use model::{AgreementSlug, FactId, ModuleSlug};
use serde::{Deserialize, Serialize};

use super::{
    folder::Files,
    media::CanonicalMedia,
    prose::{Gathered, printed},
};
use crate::{
    catalogue::{Agreement, AgreementTwin, AgreementVersion, Audience, Canonical, Fact, Language, Prose, TwinName},
    ground::Sha256Digest,
    media::MediaFormat,
};

/// What the front matter of an agreement says.
pub(super) struct AgreementHead {
    pub(super) slug: AgreementSlug,
    pub(super) title: String,
    pub(super) summary: Vec<String>,
    pub(super) audience: Vec<Audience>,
    pub(super) requires: Vec<ModuleSlug>,
    pub(super) recurs: Option<Months>,
    pub(super) submit_to: Option<String>,
    pub(super) statement: String,
    /// Never empty.
    pub(super) versions: Vec<AgreementVersion>,
}

impl AgreementHead {
    /// The agreement with its text and its canonical form.
    pub(super) fn with(self, text: Prose, twins: BTreeMap<TwinName, AgreementTwin>, canonical: Canonical) -> Agreement {
        let Self { slug, title, summary, audience, requires, recurs, submit_to, statement, versions } = self;
        let in_print = |line: &String| printed(line, Language::ENGLISH);
        let versions =
            versions.into_iter().map(|row| AgreementVersion { change: in_print(&row.change), ..row }).collect();
        Agreement {
            slug,
            title: in_print(&title),
            summary: summary.iter().map(in_print).collect(),
            audience,
            requires,
            recurs,
            submit_to,
            statement,
            text,
            language: Language::ENGLISH,
            twins,
            versions,
            canonical,
            number: 0,
        }
    }
}

pub(super) const FORMAT: u32 = 1;
pub(super) const MODULE: &str = "module";
pub(super) const AGREEMENT: &str = "agreement";

/// The canonical form of a module: its files, the facts that they use, and the digests of what its pages play. Captions are
/// among the files.
pub(super) fn canonical_module(
    slug: &ModuleSlug,
    files: &Files<'_>,
    gathered: &Gathered,
) -> Result<Canonical, serde_json::Error> {
    let played = gathered.media.iter().filter(|(_, media)| media.name.format != MediaFormat::Vtt);
    let whole = CanonicalModule {
        format: FORMAT,
        kind: MODULE.to_owned(),
        slug: slug.clone(),
        files: files.iter().map(|(&name, &text)| (Cow::Borrowed(name), Cow::Borrowed(text))).collect(),
        facts: Cow::Borrowed(&gathered.facts),
        media: played.map(|(file, media)| (file.clone(), media.into())).collect(),
    };
    serde_json_canonicalizer::to_string(&whole).map(canonical)
}

/// The canonical form of an agreement: what people sign, without the dates of reviews, which may change without a new
/// version.
pub(super) fn canonical_agreement(
    agreement: &AgreementHead,
    text: &str,
    twins: BTreeMap<TwinName, CanonicalTwin>,
    facts: &BTreeMap<FactId, Fact>,
) -> Result<Canonical, serde_json::Error> {
    let facts = facts.values().map(|fact| (fact.id.clone(), SignedFact::from(fact))).collect();
    let whole = CanonicalAgreement {
        format: FORMAT,
        kind: AGREEMENT.to_owned(),
        slug: agreement.slug.clone(),
        title: agreement.title.clone(),
        version: agreement.versions.last().map(|newest| newest.version.clone()).unwrap_or_default(),
        audience: agreement.audience.clone(),
        requires: agreement.requires.clone(),
        recurs: agreement.recurs.map(|months| months.as_u32()),
        statement: agreement.statement.clone(),
        text: text.to_owned(),
        summary: agreement.summary.clone(),
        submit_to: agreement.submit_to.clone(),
        versions: agreement.versions.iter().map(SignedVersion::from).collect(),
        facts,
        twins,
    };
    serde_json_canonicalizer::to_string(&whole).map(canonical)
}

/// The canonical form that a text is.
pub(super) fn canonical(json: String) -> Canonical {
    let sha256 = Sha256Digest::of(json.as_bytes());
    Canonical { json: json.into(), sha256 }
}

/// A module as it is published.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CanonicalModule<'f> {
    pub(super) format: u32,
    pub(super) kind: String,
    pub(super) slug: ModuleSlug,
    pub(super) files: BTreeMap<Cow<'f, str>, Cow<'f, str>>,
    pub(super) facts: Cow<'f, BTreeMap<FactId, Fact>>,
    /// Left out when there is nothing to be played, as in every version from before there was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) media: BTreeMap<String, CanonicalMedia>,
}

/// An agreement as it is published and signed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CanonicalAgreement {
    pub(super) format: u32,
    pub(super) kind: String,
    pub(super) slug: AgreementSlug,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) audience: Vec<Audience>,
    pub(super) requires: Vec<ModuleSlug>,
    /// In months.
    pub(super) recurs: Option<u32>,
    pub(super) statement: String,
    pub(super) text: String,
    pub(super) summary: Vec<String>,
    pub(super) submit_to: Option<String>,
    pub(super) versions: Vec<SignedVersion>,
    pub(super) facts: BTreeMap<FactId, SignedFact>,
    /// Left out when there are none, as in every version from before there were.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) twins: BTreeMap<TwinName, CanonicalTwin>,
}

/// What somebody signs who reads an agreement in another language or in Easy Read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CanonicalTwin {
    pub(super) title: String,
    pub(super) summary: Vec<String>,
    pub(super) statement: String,
    pub(super) text: String,
}

/// A row of the table of versions without its reviews.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignedVersion {
    version: String,
    date: NaiveDate,
    change: String,
    lead: String,
}

impl From<&AgreementVersion> for SignedVersion {
    fn from(row: &AgreementVersion) -> Self {
        Self { version: row.version.clone(), date: row.date, change: row.change.clone(), lead: row.lead.clone() }
    }
}

impl From<SignedVersion> for AgreementVersion {
    fn from(SignedVersion { version, date, change, lead }: SignedVersion) -> Self {
        Self { version, date, change, lead, reviewed: date, next_review: date }
    }
}

/// What a signer reads of a fact. When it was checked is not part of it: otherwise everybody would have to sign again
/// after each yearly check.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignedFact {
    text: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    also: BTreeMap<TwinName, String>,
    source: String,
    edition: String,
}

impl From<&Fact> for SignedFact {
    fn from(fact: &Fact) -> Self {
        Self {
            text: fact.text.clone(),
            also: fact.also.clone(),
            source: fact.source.clone(),
            edition: fact.edition.clone(),
        }
    }
}

impl SignedFact {
    pub(super) fn into_fact(self, id: FactId, newest: &AgreementVersion) -> Fact {
        let Self { text, also, source, edition } = self;
        Fact { id, text, also, source, edition, checked: None, review_by: newest.date, why: None, helpline: None }
    }
}
