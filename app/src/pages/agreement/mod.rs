//! An agreement: its page with the gate and the form to sign it, and what is kept of a signature.

mod decline;
mod digest;
mod evidence;
mod list;
mod page;
mod receipt;
mod sign_form;
mod submitted;

pub use decline::{DeclineForm, decline, declined_agreement};
pub use evidence::evidence;
pub use list::agreements;
pub use page::{ShowAgain, agreement};
pub use receipt::receipt;
pub use sign_form::SignFaults;
pub use submitted::{SubmissionsView, Ticked, submitted};
