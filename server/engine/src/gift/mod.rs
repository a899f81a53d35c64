//! Moodle's GIFT, a text format for questions, to a quiz of ours.
//!
//! A file is cut into blocks at its blank lines, a block is parsed into what GIFT says (`syntax`), and that is carried
//! into questions of ours, whose texts are plain text with everything that would mean something in Markdown escaped.
//!
//! Invariants: nothing here panics, whatever is in the file. What is left out of the quiz is an error, what is carried
//! with a loss is a warning, and nothing that learners would read is lost in silence. A block that cannot be read costs nothing but
//! itself. What comes out compiles as soon as each question names its page.

mod answers;
mod blocks;
mod carry;
mod choices;
#[cfg(test)]
mod compared;
mod html;
mod import;
mod markdown;
mod pairs;
mod parse;
mod plain;
mod pools;
mod short_text;
mod sign;
mod syntax;
mod true_false;

pub use import::{GiftImport, import_gift};
