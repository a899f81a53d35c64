//! Small parts that several pages use: they know nobody's page, and not what stands around one.

mod certificate_link;
mod changes;
mod contacts;
mod dates;
mod form;
mod language;
mod markers;
mod module_mark;
mod prose;
mod reading_time;
mod row;
mod said;
mod state;
mod status;
mod switch;
mod words;

pub(super) use certificate_link::certificate_link;
pub(super) use changes::{changes, how_much};
pub(super) use contacts::{contacts, emergency, helpline, phone};
pub(super) use dates::{away, clock, day, day_of, duration, moment, wait};
pub use form::Faults;
pub(super) use form::{Field, field, tick};
pub(super) use language::{dir, lang, words_in};
pub(super) use markers::without_markers;
pub use module_mark::module_mark_svg;
pub(super) use module_mark::{module_mark, signing_mark};
pub(super) use prose::{prose, sources};
pub(super) use reading_time::minutes_to_read;
pub(super) use row::{heading, row};
pub(super) use said::said;
pub(super) use state::{Of, Stands, every_state};
pub(super) use status::{Mark, mark, status};
pub use switch::FIRST;
pub(super) use switch::{switch, unreviewed};
pub(super) use words::{count, in_print, lower_first};
