//! Texts by themselves: places in them, what is near to what was written, and how they are written elsewhere.
//!
//! Invariants: nothing here knows what a text is for, and nothing reports.

mod nearest;
mod odd_blanks;
mod place;
mod rewrite;
mod slips;
mod what_counts;

pub(super) use nearest::did_you_mean;
pub(crate) use nearest::nearest;
pub(crate) use odd_blanks::seen;
pub(super) use odd_blanks::{name_of_blank, without_blanks};
pub(super) use place::{Places, Run, offset_of, place_of};
pub(crate) use rewrite::normalised;
pub(super) use rewrite::{escaped, shortened};
pub(super) use slips::{Kind, Layout, Slip, begins_like_box, mended, odd_blank_on_line, slips};
pub(crate) use what_counts::what_counts;
