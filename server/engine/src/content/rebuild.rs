//! From the canonical form of a version back to what it says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Months;

use super::{
    agreement::read_text,
    agreement_twin::twin_from_canonical,
    canonical::{
        AGREEMENT, AgreementHead, CanonicalAgreement, CanonicalModule, FORMAT, MODULE, canonical, canonical_agreement,
    },
    folder::Files,
    media::Found,
    module::read_module,
    problems::{Problem, Report},
    prose::{FactBook, Known},
    text::Run,
};
use crate::catalogue::{Agreement, AgreementVersion, Module};

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
    Ok(Module { canonical: canonical(json.to_owned()), ..remade_module(json)? })
}

/// The module with the canonical form that the compiler of today gives it.
fn remade_module(json: &str) -> Result<Module, RebuildError> {
    let CanonicalModule { format, kind, slug, files, facts, media } = serde_json::from_str(json)?;
    check_kind(&kind, MODULE, format)?;
    let facts = FactBook::of(facts.into_owned());
    let files: Files<'_> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let known = Known { facts: &facts, names: None, draft: false };
    let media = media.iter().map(|(name, media)| (name.as_str(), Found::Good(media.clone().into()))).collect();
    let read = read_module(&slug, &files, &BTreeSet::new(), &media, known, None);
    read.module.ok_or(RebuildError::Problems(read.problems))
}

/// Rebuilds an agreement from the canonical JSON of a published version. Its `canonical` is the JSON that was given.
/// Dates of reviews are not part of a version; each row has the date of the version in their place.
///
/// # Errors
///
/// [`RebuildError`] when the JSON is not that of an agreement, or the compiler refuses what is in it.
pub fn agreement_from_canonical(json: &str) -> Result<Agreement, RebuildError> {
    Ok(Agreement { canonical: canonical(json.to_owned()), ..remade_agreement(json)? })
}

/// The agreement with the canonical form that the compiler of today gives it.
fn remade_agreement(json: &str) -> Result<Agreement, RebuildError> {
    let read: CanonicalAgreement = serde_json::from_str(json)?;
    check_kind(&read.kind, AGREEMENT, read.format)?;
    let versions: Vec<AgreementVersion> = read.versions.into_iter().map(AgreementVersion::from).collect();
    let Some(newest) = versions.last() else { return Err(RebuildError::Problems(Vec::new())) };
    let facts = read.facts.into_iter().map(|(id, fact)| (id.clone(), fact.into_fact(id, newest)));
    let facts = FactBook::of(facts.collect());
    let mut report = Report::new(format!("agreements/{}.md", read.slug), &read.text);
    let text = Run::of(&read.text, 0);
    let known = Known { facts: &facts, names: None, draft: false };
    let (text, mut gathered) = read_text(&text, None, known, &mut report);
    let mut twins = BTreeMap::new();
    for (name, twin) in &read.twins {
        let (made, cited) = twin_from_canonical(*name, twin, known, &mut report);
        gathered.incomplete |= cited.incomplete;
        for (id, fact) in cited.facts {
            let also = fact.also.clone();
            gathered.facts.entry(id).or_insert(fact).also.extend(also);
        }
        twins.insert(*name, made);
    }
    if report.has_errors() || gathered.incomplete {
        return Err(RebuildError::Problems(report.into_problems()));
    }
    let head = AgreementHead {
        slug: read.slug,
        title: read.title,
        summary: read.summary,
        audience: read.audience,
        requires: read.requires,
        recurs: read.recurs.map(Months::new),
        submit_to: read.submit_to,
        statement: read.statement,
        versions,
    };
    let canonical = canonical_agreement(&head, &read.text, read.twins, &gathered.facts)?;
    Ok(head.with(text, twins, canonical))
}

fn check_kind(kind: &str, expected: &str, format: u32) -> Result<(), RebuildError> {
    if kind == expected && format == FORMAT {
        return Ok(());
    }
    Err(RebuildError::Other { kind: kind.to_owned(), format })
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    /// The forms of every release so far: a folder for each, with the digests in `SHA256SUMS`.
    fn corpus() -> Vec<(PathBuf, String)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/canonical");
        let mut forms = Vec::new();
        for release in fs::read_dir(root).unwrap() {
            let release = release.unwrap().path();
            for line in fs::read_to_string(release.join("SHA256SUMS")).unwrap().lines() {
                let (digest, name) = line.split_once("  ").unwrap();
                forms.push((release.join(name), digest.to_owned()));
            }
        }
        forms
    }

    #[test]
    fn the_forms_of_every_release_are_made_again_byte_for_byte() {
        let forms = corpus();
        assert!(forms.len() >= 10, "{forms:?}");
        for (path, digest) in forms {
            let json = fs::read_to_string(&path).unwrap();
            assert_eq!(canonical(json.clone()).sha256.to_string(), digest, "{}", path.display());
            let is_module = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("module-"));
            let made = if is_module {
                remade_module(&json).map(|module| module.canonical)
            } else {
                remade_agreement(&json).map(|agreement| agreement.canonical)
            };
            let made = made.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(*made.json == *json, "{} is made as {}", path.display(), made.json);
            assert_eq!(made.sha256.to_string(), digest);
        }
    }
}
