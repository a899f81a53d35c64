//! An extract: some leaves of a log, each with a proof that it is in it, in one file. A receipt is one.
//!
//! It is canonical JSON. What it proves is that its entries are in the log, and what they say; that nothing is left out, only a whole bundle
//! can show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bundle::Opened,
    canonical::{NotCanonical, from_canonical, to_canonical},
};

/// Some leaves of a log, each with a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extract {
    /// In order of their numbers.
    pub entries: Vec<Entry>,
    /// The format of the extract: 1.
    pub format: u32,
    /// The public key of the log, as the log itself says. Whoever checks compares it with one that they have from elsewhere.
    pub key: String,
    /// The entries by which one key handed over to the next, each proved by the head behind it; none where the key never changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Entry>,
    /// The name of the log.
    pub origin: String,
    /// What was published and signed, by its digest.
    pub texts: BTreeMap<String, String>,
}

/// A leaf of an extract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The exact bytes of the leaf.
    pub leaf: String,
    /// What opens it.
    pub opened: Opened,
    /// That it is in the log, as `c2sp.org/tlog-proof` writes it, with the signed head.
    pub proof: String,
}

/// Why bytes are no extract.
#[derive(Debug, thiserror::Error)]
pub enum NotAnExtract {
    /// They are not its canonical form.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// It is of a later format.
    #[error("it is an extract of format {0}, which is not understood")]
    UnknownFormat(u32),
}

/// What every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

impl Extract {
    /// Reads an extract. What it says is not checked yet.
    ///
    /// # Errors
    /// [`NotAnExtract`] when its bytes are anything but its own canonical form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnExtract> {
        if let Ok(AnyFormat { format }) = serde_json::from_slice(bytes)
            && format != 1
        {
            return Err(NotAnExtract::UnknownFormat(format));
        }
        Ok(from_canonical(bytes)?)
    }

    /// Its bytes.
    ///
    /// # Errors
    /// [`NotCanonical`] when something in it has no canonical form, which none of ours has.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        to_canonical(self)
    }
}
