//! The signed log, as whoever holds an export and no network can check it: what its bytes are, and what they prove.
//!
//! Rooms: `bytes`, `canonical`, `tree`, `checkpoint`, `witness`, `fact`, `leaf`, `opening`, `proof`, `bundle`, `extract`, `key_chain`, `report`, `verify`,
//! `pack`, `say`, `given`, `matrix`.
//!
//! Invariants: nothing here reads a file, a clock or a source of chance, so that the server, the command line and the browser run
//! the same; whatever is read is refused unless its bytes are exactly those that would be written.

mod bundle;
mod bytes;
mod canonical;
mod checkpoint;
mod extract;
mod fact;
mod given;
mod key_chain;
mod leaf;
mod matrix;
mod opening;
mod pack;
mod proof;
mod report;
mod say;
mod tree;
mod verify;
mod witness;

pub use bundle::{Bundle, Erased, Files, Manifest, Named, NotABundle, Opened, OpenedPart, digest_of_text};
pub use bytes::{Commitment, Digest, Link, NotBytes, PersonKey, Pseudonym, Salt};
pub use canonical::{NotCanonical, from_canonical, to_canonical};
pub use checkpoint::{Checkpoint, CheckpointError, LogKey, NotAHead, NotAKey, NotAnOrigin, Origin, PinnedKey};
pub use extract::{Entry, Extract, NotAnExtract};
pub use fact::{Correction, Earned, Envelope, Fact, PartKind, Recipient};
pub use given::{check_file, check_files, open_file, open_files};
pub use key_chain::KeyChain;
pub use leaf::{Leaf, LeafError};
pub use matrix::{Known, Moment, NotRecomputed, matrix};
pub use opening::{Opening, commit, digest_of_part, link};
pub use pack::{
    Drawn, PACK_EXPORTED, PACK_MANIFEST, PACK_POPULATION, Pack, PackFault, PackReport, Population, Stratum, rank,
    verify_pack,
};
pub use proof::{Proof, ProofError};
pub use report::{Fault, Note, Report, Signatures, Verdict};
pub use say::Said;
pub use tree::{
    Frontier, Hash, Place, Tree, hashes_to_prove, hashes_to_prove_growth, joined, leaf_hash, prove_growth_with,
    prove_leaf_with, went_on,
};
pub use verify::{Gate, Trusted, verify, verify_extract, verify_telling};
pub use witness::{NotAWitness, Seen, Witness};
