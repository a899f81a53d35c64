//! Where somebody stands with a thing at a moment, decided once, by [`standing`]; everything else reads cells.
//!
//! Invariants: `standing` is pure; a new completion never makes anybody less compliant; the order of facts does not matter; what is
//! asked at a moment depends on nothing that was recorded after what is taken as known.

mod cell;
mod schedule;
mod situation;

pub(crate) use cell::RENEWAL_WINDOW;
pub use cell::{Asked, Cell, Demand, Done, Edition, Missed, Wanted, Why, standing};
pub(crate) use schedule::{beginning_of_year, first_of};
pub(crate) use situation::{Issued, Look, Recorded, Situation, parts};
