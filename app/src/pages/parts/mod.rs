//! Small parts that several pages use: they know nobody's page, and not what stands around one.

mod contacts;
mod dates;
mod form;
mod language;
mod prose;
mod row;
mod status;
mod words;

pub(super) use contacts::{contacts, helpline, phone};
pub(super) use dates::{away, clock, day, day_of, moment, wait};
pub(super) use form::{Faults, Field, field, tick};
pub(super) use language::{dir, lang, words_in};
pub(super) use prose::{prose, sources};
pub(super) use row::row;
pub(super) use status::{Mark, mark, status};
pub(super) use words::{count, lower_first};
