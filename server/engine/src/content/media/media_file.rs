//! Video and sound below `content/`: told by their digests, and left where they are.

use std::{
    fs::{self, File},
    io::{self, BufReader, Cursor, Read, Seek},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    catalogue::Media,
    ground::Sha256Digest,
    media::{MediaFormat, MediaPlace, Probe, probe},
};

/// No file may be larger: short clips are the point, and people pay for what their phones load.
pub(crate) const MOST_BYTES: u64 = 20_000_000;

/// A file that can be played, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MediaFile {
    pub(crate) place: MediaPlace,
    /// When it was last written, as far as the system knows.
    modified: Option<SystemTime>,
    /// How long it is.
    bytes: u64,
    pub(crate) found: Found,
}

/// What was found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It can be played.
    Good(Played),
    /// It is larger than it may be, and so was not read.
    TooLarge(u64),
    /// It is not what its name says, and what it lacks.
    Bad(&'static str),
}

/// What is known of a file that can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) sha256: Sha256Digest,
    pub(crate) bytes: u64,
    /// How long it plays, if it says so, to the nearest second.
    pub(crate) seconds: Option<u32>,
}

impl MediaFile {
    /// Reads a file through once. What was known before of a file that has not been written since is taken as it was.
    pub(crate) fn read(path: &Path, format: MediaFormat, before: Option<&Self>) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        let (modified, bytes) = (metadata.modified().ok(), metadata.len());
        let place = MediaPlace::File(path.to_owned());
        let same = |before: &&Self| {
            modified.is_some() && (&before.place, before.modified, before.bytes) == (&place, modified, bytes)
        };
        if let Some(before) = before.filter(same) {
            return Ok(before.clone());
        }
        let found = if bytes > MOST_BYTES {
            Found::TooLarge(bytes)
        } else {
            look_at(&mut BufReader::new(File::open(path)?), format, bytes)?
        };
        Ok(Self { place, modified, bytes, found })
    }

    /// Takes bytes as they are.
    pub(crate) fn of(bytes: Arc<[u8]>, format: MediaFormat) -> Self {
        let length = bytes.len() as u64;
        let found = if length > MOST_BYTES {
            Found::TooLarge(length)
        } else {
            look_at(&mut Cursor::new(&bytes), format, length).unwrap_or(Found::Bad("it cannot be read"))
        };
        Self { place: MediaPlace::Bytes(bytes), modified: None, bytes: length, found }
    }
}

/// What a version's canonical form says of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CanonicalMedia {
    #[serde(with = "sha256_as_text")]
    sha256: Sha256Digest,
    bytes: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
}

impl From<&Media> for CanonicalMedia {
    fn from(Media { name, bytes, seconds, .. }: &Media) -> Self {
        Self { sha256: name.sha256, bytes: *bytes, seconds: *seconds }
    }
}

impl From<CanonicalMedia> for Played {
    fn from(CanonicalMedia { sha256, bytes, seconds }: CanonicalMedia) -> Self {
        Self { sha256, bytes, seconds }
    }
}

mod sha256_as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::Sha256Digest;

    pub(crate) fn serialize<S: Serializer>(digest: &Sha256Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(digest)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sha256Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        Sha256Digest::parse(&text).ok_or_else(|| D::Error::custom("this is not a SHA-256"))
    }
}

fn look_at(file: &mut (impl Read + Seek), format: MediaFormat, bytes: u64) -> io::Result<Found> {
    let mut sha256 = Sha256::new();
    let read = io::copy(file, &mut sha256)?;
    let sha256 = Sha256Digest(sha256.finalize().into());
    Ok(match probe(format, file, bytes)? {
        // It is being written at this moment; whoever looks again finds it whole.
        _ if read != bytes => Found::Bad("it changed while it was read"),
        Probe::Bad(why) => Found::Bad(why),
        Probe::Good(millis) => {
            let seconds = millis.and_then(|millis| u32::try_from((millis.saturating_add(500) / 1000).max(1)).ok());
            Found::Good(Played { sha256, bytes, seconds })
        }
    })
}
