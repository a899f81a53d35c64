//! The pages. Each is a function from what the engine said to HTML, and is rendered on the server alone.
//!
//! Each room imports from those before it in this list; those in brackets stand beside one another and import nothing from each other.
//! Rooms: `parts`, `frame`, (`agreement`, `audit`, `matrix`, `module`, `people`, `quiz`, `sheets`), `preview`.
//!
//! `parts/` are small things that pages share, and `frame` is what stands around a page; both know nobody's page. The pages of
//! an area stand in a room beside each other and know no other area's. What is put around every page from elsewhere, as a
//! preview does, goes into the frame's slots.

mod agreement;
mod audit;
mod fault;
mod frame;
mod help;
mod matrix;
mod module;
mod parts;
mod people;
pub mod preview;
mod provider_page;
mod quiz;
mod sheets;
mod versions;

pub use agreement::{SignFaults, agreement, agreements, evidence, receipt};
pub use audit::{Packing, Register, Unsigned, looks, pack, register, unsigned, verify};
pub use fault::{Fault, fault};
pub use frame::{Files, Frame, NEUTRAL, Place, Rendered, Slot, Slots, Verifier};
pub use help::help;
pub use matrix::{MATRIX_ROWS, MatrixView, as_at, cell_detail, cell_word, matrix, person_record, said};
pub use module::{module, module_page, modules};
pub use parts::FIRST as FIRST_WORDS;
pub use people::{SignInFault, WasSending, carry_on, cpd, dropped, home, sign_in};
pub use provider_page::provider_page;
pub use quiz::{attempt, quiz_entry, result, review, superseded, withdrawn};
pub use sheets::{card, poster};
pub use versions::{Versioned, difference, old_agreement, old_module, versions};
