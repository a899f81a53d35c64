//! Texts by themselves: places in them, what is near to what was written, and how they are written elsewhere.
//!
//! Invariants: nothing here knows what a text is for, and nothing reports.

mod nearest;
mod place;
mod rewrite;
mod what_counts;

pub(super) use nearest::{did_you_mean, nearest};
pub(super) use place::{Run, offset_of, place_of};
pub(crate) use rewrite::normalised;
pub(super) use rewrite::{escaped, shortened};
pub(crate) use what_counts::what_counts;
