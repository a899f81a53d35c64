//! The leaf: every one of the same shape, so that nothing about it says what it is of.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::{Commitment, Link},
    canonical::{from_canonical, to_canonical},
    tree::{Hash, leaf_hash},
};

/// The format that is written.
const FORMAT: u64 = 1;

/// The largest number that every reader of JSON reads alike.
const MOST: u64 = (1 << 53) - 1;

/// One act, as the log has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the log, counted from 0.
    pub number: u64,
    /// When it was appended, in seconds since 1970, in UTC. It never goes back from one leaf to the next.
    pub appended_at: u64,
    /// What it says of its envelope.
    pub commitment: Commitment,
    /// Whose it is, to whoever may know.
    pub link: Link,
}

/// Why bytes are no leaf that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// They are not the canonical form of a leaf.
    #[error("it is no leaf")]
    NotALeaf,
    /// They are a leaf of a later format than this program knows.
    #[error("it is a leaf of format {0}, which is not understood")]
    UnknownFormat(u64),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    c: Commitment,
    n: u64,
    t: u64,
    v: u64,
    w: Link,
}

/// What every format has.
#[derive(Deserialize)]
struct AnyFormat {
    v: u64,
}

impl Leaf {
    /// The bytes that the tree holds.
    ///
    /// # Panics
    /// Never: a leaf always has a canonical form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { number, appended_at, commitment, link } = *self;
        let written = Written { c: commitment, n: number, t: appended_at, v: FORMAT, w: link };
        to_canonical(&written).unwrap_or_default()
    }

    /// Reads the bytes that the tree holds.
    ///
    /// # Errors
    /// [`LeafError`] when they are anything but a leaf's own.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        match serde_json::from_slice::<AnyFormat>(bytes) {
            Ok(AnyFormat { v }) if v > FORMAT => return Err(LeafError::UnknownFormat(v)),
            Ok(AnyFormat { v: FORMAT }) => {}
            _ => return Err(LeafError::NotALeaf),
        }
        let Written { c, n, t, w, .. } = from_canonical(bytes).map_err(|_| LeafError::NotALeaf)?;
        if n > MOST || t > MOST {
            return Err(LeafError::NotALeaf);
        }
        Ok(Self { number: n, appended_at: t, commitment: c, link: w })
    }

    /// Its hash in the tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        leaf_hash(&self.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = r#"{"c":"0101010101010101010101010101010101010101010101010101010101010101","n":1234,"t":1790000000,"v":1,"w":"0202020202020202020202020202020202020202020202020202020202020202"}"#;

    fn leaf() -> Leaf {
        Leaf { number: 1234, appended_at: 1_790_000_000, commitment: Commitment([1; 32]), link: Link([2; 32]) }
    }

    #[test]
    fn a_leaf_has_one_form() {
        assert_eq!(String::from_utf8(leaf().to_bytes()).unwrap(), WRITTEN);
        assert_eq!(Leaf::parse(WRITTEN.as_bytes()), Ok(leaf()));
    }

    #[test]
    fn whatever_is_written_otherwise_is_refused() {
        for (from, to) in [
            ("1234", "1234.0"),
            ("1234", "-1234"),
            ("1234", "9007199254740992"),
            ("\"n\"", " \"n\""),
            ("\"v\":1,", ""),
            ("\"v\":1,", "\"v\":1,\"v\":1,"),
            ("\"v\":1,", "\"u\":1,\"v\":1,"),
            ("\"v\":1,", "\"v\":0,"),
            ("\"v\":1", "\"v\":\"1\""),
            ("0202", "020"),
            ("0202020202", "020202020A"),
        ] {
            let other = WRITTEN.replacen(from, to, 1);
            assert_ne!(other, WRITTEN);
            assert_eq!(Leaf::parse(other.as_bytes()), Err(LeafError::NotALeaf), "{other}");
        }
    }

    #[test]
    fn a_later_format_is_not_understood_and_not_called_false() {
        let later = r#"{"n":1,"new":true,"v":2}"#;
        assert_eq!(Leaf::parse(later.as_bytes()), Err(LeafError::UnknownFormat(2)));
    }
}
