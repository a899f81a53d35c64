//! The pages. Each is a function from what the engine said to HTML, and is rendered on the server alone.

mod agreement;
mod attempt;
mod carry_on;
mod dates;
mod fault;
mod frame;
mod help;
mod home;
mod module;
mod modules;
mod parts;
pub mod preview;
mod question;
mod quiz_entry;
mod receipt;
mod result;
mod review;
mod sign_in;
mod versions;

pub use agreement::{SignFaults, agreement, signed_text};
pub use attempt::{attempt, superseded};
pub use carry_on::carry_on;
pub use fault::{Fault, fault};
pub use frame::{Files, Frame, Rendered};
pub use help::help;
pub use home::home;
pub use module::{module, module_page};
pub use modules::modules;
pub use quiz_entry::quiz_entry;
pub use receipt::receipt;
pub use result::result;
pub use review::review;
pub use sign_in::{SignInFault, sign_in};
pub use versions::{Versioned, difference, old_agreement, old_module, versions};
