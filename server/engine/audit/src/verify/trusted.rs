use serde::{Deserialize, Serialize};

use crate::{
    checkpoint::{Checkpoint, PinnedKey},
    witness::{Seen, Witness},
};

/// What somebody has from elsewhere, against which a log is checked.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// The key that they trust. `None`: the one that the bundle names, and then nothing is proved to who fears another log.
    pub key: Option<PinnedKey>,
    /// A signed head that they kept.
    pub known_head: Option<String>,
    /// A witness whose word they take for which heads there were.
    pub witness: Option<Witness>,
}

impl Trusted {
    /// That the witness saw a head.
    pub(crate) fn seen(&self, head: &Checkpoint, note: &str) -> Option<Seen> {
        let witness = self.witness.as_ref()?;
        let at = witness.cosigned_at(note)?;
        Some(Seen { by: witness.name().to_owned(), size: head.size, at })
    }
}

/// The gate of a signature, as it is written beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The numbers of the leaves of the passes that opened it.
    pub passes: Vec<u64>,
}
