//! What is held about somebody, handed to whoever may have it, and letting go of it.
//!
//! Invariants: each table of the database is named once, in `held.rs`, as read for whoever asks what is held about them, or as about nobody, with
//! the reason; what is read there is what goes when somebody is erased; nobody is told here what is about somebody else; nothing of the
//! signed log goes without an entry that says so, with the digest of the list of all that is gone.

mod erase_person;
mod finish_erasures;
mod held;
mod in_words;
mod let_go;
mod retention;
mod show_person;

pub use erase_person::{EraseError, ErasurePlan, Hindrance, PersonErased};
pub use held::{HeldColumn, HeldShown, held_tables, tables_about_nobody};
pub use retention::LetGo;
pub use show_person::{Acted, HeldKind, HeldValue, PersonData};
