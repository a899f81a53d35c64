//! What crosses the wire between Induct's server and the browser.
//!
//! Invariants: this crate performs no I/O, depends on nothing but serde, and never sees an answer key: a
//! [`PaperQuestion`] here says what may be chosen, not what is right.

mod name;
mod paper;
mod status;

pub use name::{AgreementSlug, FactId, ModuleSlug, NotAName, PageSlug, ProgrammeSlug, QuestionId};
pub use paper::{AnswerSaved, Asks, Given, Letter, Paper, PaperChoice, PaperQuestion};
pub use status::Status;
