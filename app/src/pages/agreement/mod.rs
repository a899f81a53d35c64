//! An agreement: its page with the gate and the form to sign it, and what is kept of a signature.

mod list;
mod page;
mod receipt;
mod sign_form;
mod signed_text;

pub use list::agreements;
pub use page::agreement;
pub use receipt::receipt;
pub use sign_form::SignFaults;
pub use signed_text::signed_text;
