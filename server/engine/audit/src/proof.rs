//! That a leaf is in a log, to be kept by whom it concerns: a C2SP proof (`c2sp.org/tlog-proof`).

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    checkpoint::{Checkpoint, CheckpointError, PinnedKey},
    leaf::Leaf,
    tree::{Hash, is_in_tree, leaf_hash},
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Where a leaf stands, the way from there to the root, and the head that was signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The number of the leaf.
    pub number: u64,
    /// The hashes beside the way from the leaf to the root.
    pub hashes: Vec<Hash>,
    /// The signed head, as a note.
    pub checkpoint: String,
}

/// Why a proof proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// It is not written as a proof.
    #[error("it is no proof")]
    Malformed,
    /// The head in it cannot be trusted.
    #[error("its checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// It is the proof of another leaf, or of none.
    #[error("the leaf is not in the log")]
    NotInLog,
}

impl Proof {
    /// Reads a proof. What others may have written into it beside is refused: ours has nothing more.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] when it is not written as one.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Malformed)?;
        let mut lines = proof.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(ProofError::Malformed);
        }
        let number = lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(ProofError::Malformed)?;
        let number = number.parse().map_err(|_| ProofError::Malformed)?;
        let hashes = lines.map(|line| Hash::parse_hash(line).map_err(|_| ProofError::Malformed));
        let read = Self { number, hashes: hashes.collect::<Result<_, _>>()?, checkpoint: checkpoint.to_owned() };
        if read.to_string() == text { Ok(read) } else { Err(ProofError::Malformed) }
    }

    /// Checks that it proves a leaf to be in the log of a key, and gives the head by which it does.
    ///
    /// # Errors
    /// [`ProofError`] says why it does not.
    pub fn check(&self, leaf: &Leaf, key: &PinnedKey) -> Result<Checkpoint, ProofError> {
        let head = Checkpoint::open(&self.checkpoint, key)?;
        if self.leads_to(leaf, &head) { Ok(head) } else { Err(ProofError::NotInLog) }
    }

    /// The same with whatever opens its head. `None`: it does not prove that.
    #[must_use]
    pub fn check_by(&self, leaf: &Leaf, open: impl FnOnce(&str) -> Option<Checkpoint>) -> Option<Checkpoint> {
        open(&self.checkpoint).filter(|head| self.leads_to(leaf, head))
    }

    /// The same of the bytes of a leaf that cannot be read here.
    pub(crate) fn check_bytes_by(
        &self,
        leaf: &[u8],
        open: impl FnOnce(&str) -> Option<Checkpoint>,
    ) -> Option<Checkpoint> {
        let hash = leaf_hash(leaf);
        open(&self.checkpoint).filter(|head| is_in_tree(&self.hashes, head.size, head.root, self.number, hash))
    }

    fn leads_to(&self, leaf: &Leaf, head: &Checkpoint) -> bool {
        leaf.number == self.number && is_in_tree(&self.hashes, head.size, head.root, self.number, leaf.hash())
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nindex {}", self.number)?;
        for hash in &self.hashes {
            writeln!(f, "{}", BASE64_STANDARD.encode(hash.0))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bytes::{Commitment, Link},
        checkpoint::{LogKey, Origin},
        tree::Tree,
    };

    fn leaf(number: u64) -> Leaf {
        let byte = u8::try_from(number).unwrap();
        Leaf { number, appended_at: 1_790_000_000, commitment: Commitment([byte; 32]), link: Link([byte; 32]) }
    }

    fn log(size: u64) -> (Tree, String, PinnedKey) {
        let key = LogKey::from_seed(Origin::new("a.example/1").unwrap(), &[9; 32]);
        let mut tree = Tree::default();
        for number in 0..size {
            tree.append(leaf(number).hash());
        }
        let head = Checkpoint { origin: key.public().origin().clone(), size, root: tree.root() };
        (tree, head.sign(&[&key]).unwrap(), key.public())
    }

    #[test]
    fn a_proof_is_written_and_read_and_proves_its_leaf_alone() {
        for size in [1, 2, 7, 8, 100] {
            let (tree, checkpoint, key) = log(size);
            for number in 0..size {
                let hashes = tree.prove_leaf(number, size).unwrap();
                let proof = Proof { number, hashes, checkpoint: checkpoint.clone() };
                let read = Proof::parse(&proof.to_string()).unwrap();
                assert_eq!(read, proof);
                assert_eq!(read.check(&leaf(number), &key).unwrap().size, size);
                assert!(matches!(read.check(&leaf(number + 1), &key), Err(ProofError::NotInLog)));
                let other = Leaf { appended_at: 1, ..leaf(number) };
                assert!(matches!(read.check(&other, &key), Err(ProofError::NotInLog)));
            }
        }
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        let (tree, checkpoint, key) = log(7);
        let proof = Proof { number: 3, hashes: tree.prove_leaf(3, 7).unwrap(), checkpoint }.to_string();
        for (from, to) in [("@v1", "@v2"), ("index 3", "index 03"), ("\n\n", "\n"), ("=\n", "\n")] {
            let other = proof.replacen(from, to, 1);
            assert!(other != proof && Proof::parse(&other).is_err(), "{other}");
        }
        // What stands after the first blank line is the checkpoint, and this is none that was signed.
        let other = Proof::parse(&proof.replacen("index 3\n", "index 3\n\n", 1)).unwrap();
        assert!(matches!(other.check(&leaf(3), &key), Err(ProofError::Checkpoint(_))));
    }
}
