//! The canonical form of versions, and the way back from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use model::{AgreementSlug, FactId, ModuleSlug};
use serde::{Deserialize, Serialize};

use super::{
    agreement::{AgreementHead, read_text},
    facts::FactBook,
    known::Known,
    media_file::{CanonicalMedia, Found},
    module::{Files, read_module},
    place::Run,
    problem::{Problem, Report},
    prose::Gathered,
};
use crate::{
    catalogue::{Agreement, AgreementVersion, Audience, Canonical, Fact, Module},
    ground::Sha256Digest,
    media::MediaFormat,
};

/// A published version could not be rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// It is not the canonical JSON of such a version.
    #[error("this is not the canonical form of a version: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// It is of another kind or in a newer format.
    #[error("this is a version of the kind `{kind}` in the format {format}, which is not the one to be rebuilt")]
    Other {
        /// The kind that it says it is.
        kind: String,
        /// The format that it says it has.
        format: u32,
    },
    /// The compiler of today refuses it.
    #[error("this version has problems: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Problems(Vec<Problem>),
}

/// Rebuilds a module from the canonical JSON of a published version. Its `canonical` is the JSON that was given.
///
/// # Errors
///
/// [`RebuildError`] when the JSON is not that of a module, or the compiler refuses what is in it.
pub fn module_from_canonical(json: &str) -> Result<Module, RebuildError> {
    let CanonicalModule { format, kind, slug, files, facts, media } = serde_json::from_str(json)?;
    check_kind(&kind, MODULE, format)?;
    let facts = FactBook::of(facts);
    let files: Files<'_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let known = Known { facts: &facts, names: None, draft: false };
    let media = media.iter().map(|(name, media)| (name.as_str(), Found::Good(media.clone().into()))).collect();
    let read = read_module(&slug, &files, &BTreeSet::new(), &media, known, None);
    let module = read.module.ok_or(RebuildError::Problems(read.problems))?;
    Ok(Module { canonical: canonical(json.to_owned()), ..module })
}

/// Rebuilds an agreement from the canonical JSON of a published version. Its `canonical` is the JSON that was given.
/// Dates of reviews are not part of a version; each row has the date of the version in their place.
///
/// # Errors
///
/// [`RebuildError`] when the JSON is not that of an agreement, or the compiler refuses what is in it.
pub fn agreement_from_canonical(json: &str) -> Result<Agreement, RebuildError> {
    let read: CanonicalAgreement = serde_json::from_str(json)?;
    check_kind(&read.kind, AGREEMENT, read.format)?;
    let versions: Vec<AgreementVersion> = read.versions.into_iter().map(AgreementVersion::from).collect();
    let Some(newest) = versions.last() else { return Err(RebuildError::Problems(Vec::new())) };
    let facts = read.facts.into_iter().map(|(id, fact)| (id.clone(), fact.into_fact(id, newest)));
    let facts = FactBook::of(facts.collect());
    let mut report = Report::new(format!("agreements/{}.md", read.slug), &read.text);
    let text = Run::of(&read.text, 0);
    let known = Known { facts: &facts, names: None, draft: false };
    let (text, gathered) = read_text(&text, known, &mut report);
    if report.has_errors() || gathered.incomplete {
        return Err(RebuildError::Problems(report.into_problems()));
    }
    Ok(Agreement {
        slug: read.slug,
        title: read.title,
        summary: read.summary,
        audience: read.audience,
        requires: read.requires,
        recurs: read.recurs.map(Months::new),
        submit_to: read.submit_to,
        statement: read.statement,
        text,
        versions,
        canonical: canonical(json.to_owned()),
        number: 0,
    })
}

const FORMAT: u32 = 1;
const MODULE: &str = "module";
const AGREEMENT: &str = "agreement";

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
        files: files.iter().map(|(&name, &text)| (name.to_owned(), text.to_owned())).collect(),
        facts: gathered.facts.clone(),
        media: played.map(|(file, media)| (file.clone(), media.into())).collect(),
    };
    serde_json_canonicalizer::to_string(&whole).map(canonical)
}

/// The canonical form of an agreement: what people sign, without the dates of reviews, which may change without a new
/// version.
pub(super) fn canonical_agreement(
    agreement: &AgreementHead,
    text: &str,
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
    };
    serde_json_canonicalizer::to_string(&whole).map(canonical)
}

fn canonical(json: String) -> Canonical {
    let sha256 = Sha256Digest::of(json.as_bytes());
    Canonical { json, sha256 }
}

fn check_kind(kind: &str, expected: &str, format: u32) -> Result<(), RebuildError> {
    if kind == expected && format == FORMAT {
        return Ok(());
    }
    Err(RebuildError::Other { kind: kind.to_owned(), format })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CanonicalModule {
    format: u32,
    kind: String,
    slug: ModuleSlug,
    files: BTreeMap<String, String>,
    facts: BTreeMap<FactId, Fact>,
    /// Left out when there is nothing to be played, as in every version from before there was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    media: BTreeMap<String, CanonicalMedia>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CanonicalAgreement {
    format: u32,
    kind: String,
    slug: AgreementSlug,
    title: String,
    version: String,
    audience: Vec<Audience>,
    requires: Vec<ModuleSlug>,
    /// In months.
    recurs: Option<u32>,
    statement: String,
    text: String,
    summary: Vec<String>,
    submit_to: Option<String>,
    versions: Vec<SignedVersion>,
    facts: BTreeMap<FactId, SignedFact>,
}

/// A row of the table of versions without its reviews.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedVersion {
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
struct SignedFact {
    text: String,
    source: String,
    edition: String,
}

impl From<&Fact> for SignedFact {
    fn from(fact: &Fact) -> Self {
        Self { text: fact.text.clone(), source: fact.source.clone(), edition: fact.edition.clone() }
    }
}

impl SignedFact {
    fn into_fact(self, id: FactId, newest: &AgreementVersion) -> Fact {
        let Self { text, source, edition } = self;
        Fact { id, text, source, edition, checked: None, review_by: newest.date, helpline: None }
    }
}
