//! Where somebody stands with a thing on a day.

mod schedule;

pub(crate) use schedule::asked_anew_by;
