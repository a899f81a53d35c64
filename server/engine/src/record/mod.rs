//! Facts as they were recorded.
//!
//! Invariants: a fact is inserted once and never changed; the database refuses otherwise.

mod completion;
mod marks;
mod signature;

pub use completion::Completion;
pub(crate) use completion::{Standing, find_completions, find_standing, insert_completion};
pub use marks::Marks;
pub use signature::Signature;
pub(crate) use signature::{SignatureRow, find_signatures};
