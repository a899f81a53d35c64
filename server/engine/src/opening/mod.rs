//! What somebody may open: what is theirs, what they may only read, and what was published of both before.
//!
//! Invariant: whether something is theirs is decided by [`theirs`] alone, for what is read, taken and signed alike.

mod read_versions;
mod theirs;
