//! Running text: from Markdown to a tree that knows its places, and from the tree to HTML.
//!
//! Invariants: all HTML is made here or by the parser, and none that an author wrote gets through; every link leads somewhere
//! that is known; every fact is one of the register's.

mod call_out;
mod citation;
mod clip;
mod curly;
mod fact_book;
mod familiar_words;
mod foreign;
mod heading;
mod image;
mod item;
mod known;
mod link;
mod markdown;
mod meant;
mod name_helplines;
mod name_rules;
mod own_words;
mod reach;
mod reading_age;
mod scenario;
mod table;
mod words_to_read;
mod writer;

pub use curly::printed;
pub(super) use fact_book::FactBook;
pub use familiar_words::{DaleChall, FamiliarWords, FamiliarWordsError};
pub(super) use item::{Item, items};
pub(super) use known::{Known, Names, page_name};
pub(super) use link::{Folder, PROVIDER_PAGES};
pub(super) use markdown::{Element, Node, parse};
pub(super) use meant::as_meant;
pub(super) use name_helplines::digits_of;
pub use own_words::HelpWords;
pub(crate) use own_words::review_note;
pub(super) use own_words::with_own_why;
pub use reach::printed_with_numbers;
pub(super) use reading_age::reading_age;
pub use reading_age::{ReadingMeasures, reading_measures};
pub(super) use table::{elements, refuse_surplus_cells};
pub(super) use words_to_read::{words_in_blocks, words_to_read};
pub(super) use writer::{Gathered, Kind, Writer};
