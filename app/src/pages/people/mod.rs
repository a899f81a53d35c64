//! What people find of themselves: signing in, carrying on after a session has ended, and their own page.

mod carry_on;
mod cpd;
mod home;
mod lead;
mod sign_in;

pub use carry_on::{carry_on, dropped};
pub use cpd::cpd;
pub use home::home;
pub use sign_in::{SignInFault, WasSending, sign_in};
