//! Workshops: a day on which a module is worked through together, in person.
//!
//! Invariants: a workshop and who signed in to it decide nothing; a pass comes of it only where whoever leads it says that somebody was there who had signed in
//! on the day, and nobody says so of themselves; only a module whose author allows it is passed so.

mod call_off_workshop;
mod confirm_workshop;
mod plan_workshop;
mod read_workshops;
mod sign_in_to_workshop;
mod workshop;

pub use call_off_workshop::CallOffError;
pub use confirm_workshop::ConfirmError;
pub use plan_workshop::{NewWorkshop, PlanError, WhereWrong};
pub use read_workshops::{AtWorkshop, ComingWorkshop, LedWorkshop};
pub use sign_in_to_workshop::{SignedInTo, WorkshopSignInError};
pub use workshop::Workshop;
