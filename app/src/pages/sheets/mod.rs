//! Sheets to print: a card to keep, and a poster for a wall. They hold nobody's data, and each fits on one page.

mod card;
mod code;
mod poster;
mod sites;

pub use card::card;
pub use poster::poster;
