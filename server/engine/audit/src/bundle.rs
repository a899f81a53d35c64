//! A bundle: what is handed to somebody who wants to check a log. Files by name, so that it can be a folder, an archive or a page's memory.
//!
//! | File | Holds |
//! | --- | --- |
//! | `manifest.json` | canonical JSON: [`Manifest`] |
//! | `leaves` | every leaf in order, a line each |
//! | `openings` | what opens some of them, a line each in order of their numbers: canonical JSON, [`Opened`] |
//! | `names` | what names people, where it stands apart so that the rest can be handed on without it: a line each in order of the numbers, canonical JSON, [`Named`]; missing when it is left out |
//! | `erased.json` | canonical JSON: [`Erased`]; missing when nothing was erased |
//! | `texts/SHA256` | what was published or signed, by its digest |
//! | `checkpoints/SIZE` | the head that was signed when the log had so many leaves |

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    bytes::{Digest, Pseudonym, Salt},
    canonical::{NotCanonical, from_canonical, to_canonical},
    fact::PartKind,
};

/// The files of a bundle, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the bundle: 1.
    pub format: u32,
    /// The name of the log.
    pub origin: String,
    /// Its public key, as the log itself says. Whoever checks compares it with one that they have from elsewhere.
    pub key: String,
    /// How many leaves the bundle has.
    pub size: u64,
    /// Kinds of parts that are left out of it throughout. Gates never are.
    pub withheld: Vec<PartKind>,
}

/// What opens a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The exact bytes of the envelope.
    pub envelope: String,
    /// The number of the leaf.
    pub n: u64,
    /// The parts, each with what opens it.
    pub parts: BTreeMap<PartKind, OpenedPart>,
    /// Whose leaf it is. Missing: it is about nobody; what is about somebody says about whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Pseudonym>,
    /// What opens commitment and link.
    pub salt: Salt,
}

/// A part, with what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenedPart {
    /// Its exact bytes.
    pub part: String,
    /// What opens its digest.
    pub salt: Salt,
}

/// What names people of an entry that is opened, apart from the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The number of the leaf.
    pub n: u64,
    /// The parts, each with what opens it: of the kinds that the manifest withholds from the rest.
    pub parts: BTreeMap<PartKind, OpenedPart>,
}

/// What was let go, all of it so far: for envelopes and for each kind of part, the numbers of the leaves as ranges of first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// Leaves whose envelopes and keys are gone.
    pub envelopes: Vec<(u64, u64)>,
    /// Leaves whose parts of a kind are gone.
    pub parts: BTreeMap<PartKind, Vec<(u64, u64)>>,
}

impl Erased {
    /// Whether it is written as it must be: ranges in order, none of which overlap, and of leaves that there are; no kind without any.
    #[must_use]
    pub fn is_in_order(&self, size: u64) -> bool {
        let in_order = |ranges: &[(u64, u64)]| {
            ranges.iter().all(|(first, last)| first <= last && *last < size)
                && ranges.windows(2).all(|pair| pair[0].1 < pair[1].0)
        };
        in_order(&self.envelopes) && self.parts.values().all(|ranges| !ranges.is_empty() && in_order(ranges))
    }

    /// Whether the envelope of that leaf is gone.
    #[must_use]
    pub fn has_envelope(&self, number: u64) -> bool {
        holds(&self.envelopes, number)
    }

    /// Whether that part of that leaf is gone; all parts are where the envelope is.
    #[must_use]
    pub fn has_part(&self, kind: PartKind, number: u64) -> bool {
        self.has_envelope(number) || self.parts.get(&kind).is_some_and(|ranges| holds(ranges, number))
    }
}

fn holds(ranges: &[(u64, u64)], number: u64) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= number);
    after.checked_sub(1).and_then(|place| ranges.get(place)).is_some_and(|(_, last)| number <= *last)
}

/// Why files are no bundle.
#[derive(Debug, thiserror::Error)]
pub enum NotABundle {
    /// A file is missing.
    #[error("there is no {0} in it")]
    Missing(&'static str),
    /// A file, or a line of it, is not written as it should be.
    #[error("{file}, line {line}: {error}")]
    Line {
        /// Which file.
        file: &'static str,
        /// Which line of it, counted from 1.
        line: usize,
        /// What is wrong.
        error: NotCanonical,
    },
    /// A line of what names people is about an entry that is not opened, or says what the rest has, or should have.
    #[error("names, line {line}: it is of no entry that is opened, or of a kind of part that does not stand apart")]
    NotApart {
        /// Which line, counted from 1.
        line: usize,
    },
    /// The bundle is of a later format.
    #[error("it is a bundle of format {0}, which is not understood")]
    UnknownFormat(u32),
}

/// A bundle, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The bytes of each leaf.
    pub leaves: Vec<Vec<u8>>,
    /// What opens them, by number.
    pub openings: BTreeMap<u64, Opened>,
    /// What was erased.
    pub erased: Erased,
    /// The exact bytes of the list of what was erased, or none.
    pub erased_bytes: Option<Vec<u8>>,
    /// What was published, by the digest under which the bundle has it.
    pub texts: BTreeMap<String, Vec<u8>>,
    /// The signed heads, by the size under which the bundle has them.
    pub checkpoints: BTreeMap<u64, String>,
}

/// After so many lines it is told how much is done.
const TELL_EVERY: usize = 512;

const MANIFEST: &str = "manifest.json";
const LEAVES: &str = "leaves";
const OPENINGS: &str = "openings";
const NAMES: &str = "names";
const ERASED: &str = "erased.json";
const TEXTS: &str = "texts/";
const CHECKPOINTS: &str = "checkpoints/";

impl Bundle {
    /// Reads the files of a bundle. What they say is not checked yet.
    ///
    /// # Errors
    /// [`NotABundle`] names the file and the line that cannot be read.
    pub fn read(files: &Files) -> Result<Self, NotABundle> {
        Self::read_telling(files, &mut |_| {})
    }

    /// The same, and tells now and then how much of it is done, in thousandths.
    ///
    /// # Errors
    /// As [`Bundle::read`].
    pub fn read_telling(files: &Files, tell: &mut dyn FnMut(u32)) -> Result<Self, NotABundle> {
        let file = |name: &'static str| files.get(name).ok_or(NotABundle::Missing(name));
        let whole = |name: &'static str| move |error| NotABundle::Line { file: name, line: 1, error };
        let mut manifest: Manifest = from_canonical(file(MANIFEST)?).map_err(whole(MANIFEST))?;
        if manifest.format != 1 {
            return Err(NotABundle::UnknownFormat(manifest.format));
        }
        let leaves = lines(LEAVES, file(LEAVES)?)?.map(<[u8]>::to_vec).collect();
        let mut openings = BTreeMap::new();
        let (mut read, whole_length) = (0, file(OPENINGS)?.len().max(1) as u64);
        for (place, line) in lines(OPENINGS, file(OPENINGS)?)?.enumerate() {
            read += line.len() as u64 + 1;
            if place % TELL_EVERY == 0 {
                tell(u32::try_from(read * 1000 / whole_length).unwrap_or(1000).min(1000));
            }
            let opened: Opened =
                from_canonical(line).map_err(|error| NotABundle::Line { file: OPENINGS, line: place + 1, error })?;
            if openings.last_key_value().is_some_and(|(last, _)| *last >= opened.n) {
                let error = NotCanonical::WrittenOtherwise;
                return Err(NotABundle::Line { file: OPENINGS, line: place + 1, error });
            }
            openings.insert(opened.n, opened);
        }
        if let Some(names) = files.get(NAMES) {
            read_names(names, &manifest.withheld, &mut openings)?;
            // With what stands apart nothing of these kinds is left out any more.
            manifest.withheld.retain(|kind| !PartKind::NAMING.contains(kind));
        }
        let erased_bytes = files.get(ERASED).cloned();
        let erased =
            erased_bytes.as_deref().map(from_canonical).transpose().map_err(whole(ERASED))?.unwrap_or_default();
        let below = |folder: &'static str| {
            let within = files.range(folder.to_owned()..).take_while(move |(name, _)| name.starts_with(folder));
            within.map(move |(name, bytes)| (&name[folder.len()..], bytes))
        };
        let texts = below(TEXTS).map(|(name, bytes)| (name.to_owned(), bytes.clone())).collect();
        let checkpoints = below(CHECKPOINTS)
            .filter_map(|(name, bytes)| Some((size_of(name)?, String::from_utf8_lossy(bytes).into_owned())))
            .collect();
        Ok(Self { manifest, leaves, openings, erased, erased_bytes, texts, checkpoints })
    }

    /// The files of the bundle.
    ///
    /// # Errors
    /// [`NotCanonical`] when something in it has no canonical form, which none of ours has.
    pub fn write(&self) -> Result<Files, NotCanonical> {
        let openings = self.openings.values().map(to_canonical).collect::<Result<Vec<_>, _>>()?;
        Ok(self.write_around(to_canonical(&self.manifest)?, &openings))
    }

    /// The files of the bundle, with what names people in a file of its own: whoever takes that one out can hand on the rest, which is whole without it.
    ///
    /// # Errors
    /// As [`Bundle::write`].
    pub fn write_apart(&self) -> Result<Files, NotCanonical> {
        let (mut openings, mut names) = (Vec::with_capacity(self.openings.len()), Vec::new());
        for opened in self.openings.values() {
            let mut rest = opened.clone();
            let (parts, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
                std::mem::take(&mut rest.parts).into_iter().partition(|(kind, _)| PartKind::NAMING.contains(kind));
            rest.parts = others;
            openings.push(to_canonical(&rest)?);
            if !parts.is_empty() {
                names.push(to_canonical(&Named { n: opened.n, parts })?);
            }
        }
        let mut files = self.write_around(self.manifest_apart()?, &openings);
        if !names.is_empty() {
            files.insert(NAMES.to_owned(), joined(names.iter().map(Vec::as_slice)));
        }
        Ok(files)
    }

    /// The manifest as it stands beside what names people, or without that: the same bytes.
    ///
    /// # Errors
    /// As [`Bundle::write`].
    pub fn manifest_apart(&self) -> Result<Vec<u8>, NotCanonical> {
        let withheld: BTreeSet<PartKind> = self.manifest.withheld.iter().copied().chain(PartKind::NAMING).collect();
        to_canonical(&Manifest { withheld: withheld.into_iter().collect(), ..self.manifest.clone() })
    }

    fn write_around(&self, manifest: Vec<u8>, openings: &[Vec<u8>]) -> Files {
        let mut files = Files::new();
        files.insert(MANIFEST.to_owned(), manifest);
        files.insert(LEAVES.to_owned(), joined(self.leaves.iter().map(Vec::as_slice)));
        files.insert(OPENINGS.to_owned(), joined(openings.iter().map(Vec::as_slice)));
        if let Some(erased) = &self.erased_bytes {
            files.insert(ERASED.to_owned(), erased.clone());
        }
        files.extend(self.texts.iter().map(|(name, bytes)| (format!("{TEXTS}{name}"), bytes.clone())));
        let checkpoints = self.checkpoints.iter();
        files.extend(checkpoints.map(|(size, note)| (format!("{CHECKPOINTS}{size}"), note.clone().into_bytes())));
        files
    }
}

/// The names of files that stand beside those of a bundle, in order: nothing in it vouches for what they say.
pub(crate) fn beside(files: &Files) -> impl Iterator<Item = &str> {
    let is_own = |name: &str| [MANIFEST, LEAVES, OPENINGS, NAMES, ERASED].contains(&name) || name.starts_with(TEXTS);
    let is_head = |name: &str| name.strip_prefix(CHECKPOINTS).is_some_and(|size| size_of(size).is_some());
    files.keys().map(String::as_str).filter(move |name| !is_own(name) && !is_head(name))
}

/// Puts what stands apart where it belongs.
fn read_names(names: &[u8], withheld: &[PartKind], openings: &mut BTreeMap<u64, Opened>) -> Result<(), NotABundle> {
    let mut last = None;
    for (place, line) in lines(NAMES, names)?.enumerate() {
        let line_number = place + 1;
        let named: Named =
            from_canonical(line).map_err(|error| NotABundle::Line { file: NAMES, line: line_number, error })?;
        let is_apart = |kind: &PartKind| PartKind::NAMING.contains(kind) && withheld.contains(kind);
        let in_order = last.is_none_or(|last| last < named.n);
        let opened = openings.get_mut(&named.n).filter(|_| in_order && named.parts.keys().all(is_apart));
        let opened = opened.ok_or(NotABundle::NotApart { line: line_number })?;
        if named.parts.keys().any(|kind| opened.parts.contains_key(kind)) {
            return Err(NotABundle::NotApart { line: line_number });
        }
        last = Some(named.n);
        opened.parts.extend(named.parts);
    }
    Ok(())
}

/// The size that a head is called by. `None`: it is not written as a size is, and so the file is none of the bundle's.
fn size_of(name: &str) -> Option<u64> {
    name.parse().ok().filter(|size: &u64| size.to_string() == name)
}

/// The lines of a file, each of which ends with a line feed.
///
/// # Errors
/// [`NotABundle::Line`] for a last one that was cut off.
fn lines<'a>(file: &'static str, bytes: &'a [u8]) -> Result<impl Iterator<Item = &'a [u8]> + use<'a>, NotABundle> {
    if bytes.last().is_some_and(|last| *last != b'\n') {
        let line = bytes.split(|byte| *byte == b'\n').count();
        return Err(NotABundle::Line { file, line, error: NotCanonical::WrittenOtherwise });
    }
    Ok(bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line)))
}

fn joined<'l>(lines: impl Iterator<Item = &'l [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
    }
    bytes
}

/// The digest of a text, as a bundle names it.
#[must_use]
pub fn digest_of_text(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(bytes).into())
}
