//! Keys and values, from TOML, front matter and comments into types.
//!
//! Invariants: every value knows its place; whoever reads a table says every mistake in it, and closes it, so that a key that
//! nobody asked for is said as well.

mod comment;
mod read_front_matter;
mod read_toml;
mod read_value;
mod record;

pub(super) use comment::read_comment;
pub(super) use read_front_matter::{FrontMatter, read_front_matter};
pub(super) use read_toml::read_toml;
pub(super) use read_value::{YearDay, wrong_kind};
pub(super) use record::{
    FromField, NAME_HELP, Placed, Table, Value, check_range, filled, is_name, listed, perhaps_filled, refuse_key,
    without_duplicates,
};
