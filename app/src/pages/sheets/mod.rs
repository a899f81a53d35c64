//! Sheets to print: a card to keep, a poster for a wall, a code for an induction day, which hold nobody's data and fit on one page each; and
//! slips with which people choose their passwords.

mod card;
mod join;
mod poster;
mod sites;

pub use card::card;
pub use join::{join_sheet, ways_in};
pub use poster::poster;
