//! Back-ups: the whole database in one file, and an empty one filled from it.
//!
//! Invariants: nothing is called a back-up whose log does not verify, or whose rows do not say what its log says; the key of the log and its state
//! file are in none; nothing is put where something is; of what is restored every byte is what was written, where the back-up says what that was.

mod back_up;
mod restore;
mod seal_copy;

pub use back_up::{BackUpError, BackedUp};
pub use restore::{GoneOn, RestoreError, Restored};
