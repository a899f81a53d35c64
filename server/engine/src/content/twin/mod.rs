//! Twins: the same module in another language or in Easy Read, held against its original.
//!
//! Invariants: a twin has the pages and the questions of its module, in their order, and what is right is the module's.

mod about;
mod quiz;
mod read_twins;

pub(super) use about::{Languages, read_languages};
pub(super) use read_twins::{Original, warn_of_no_review, warn_of_no_signpost};
