//! What people find of themselves: signing in, carrying on after a session has ended, and their own page.

mod carry_on;
mod cpd;
mod data;
mod erase;
mod home;
mod lead;
mod sign_in;

pub use carry_on::{carry_on, dropped};
pub use cpd::cpd;
pub use data::{DataFor, person_data};
pub use erase::{EraseFaults, erase_person};
pub use home::home;
pub use sign_in::{SignInFault, WasSending, sign_in};
