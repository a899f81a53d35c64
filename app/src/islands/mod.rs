//! What comes alive in the browser.

mod keep;
mod quiz;

pub use quiz::{Quiz, QuizQuestion};
