//! What can be wrong with content, and where it is.
//!
//! Invariants: a code's name never changes, and each has its section in `explanations.md`; every problem has a place.

mod code;
mod problem;

pub use code::Code;
pub(crate) use problem::Report;
pub use problem::{Level, Problem};
