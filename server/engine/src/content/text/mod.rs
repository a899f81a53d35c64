//! Texts by themselves: places in them, what is near to what was written, and how they are written elsewhere.
//!
//! Invariants: nothing here knows what a text is for, and nothing reports.

mod nearest;
mod place;
mod rewrite;
mod slips;
mod what_counts;

pub(super) use nearest::did_you_mean;
pub(crate) use nearest::nearest;
pub(super) use place::{Places, Run, offset_of, place_of};
pub(crate) use rewrite::normalised;
pub(super) use rewrite::{escaped, shortened};
pub(crate) use slips::seen;
pub(super) use slips::{
    Kind, Layout, Slip, begins_like_box, mended, name_of_blank, odd_blank_on_line, slips, without_blanks,
};
pub(crate) use what_counts::what_counts;
