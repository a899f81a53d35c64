//! What comes alive in the browser.

mod device;
mod keep;
mod quiz;
mod seal;

pub use quiz::{Quiz, QuizQuestion};
