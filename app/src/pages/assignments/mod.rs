//! What is given to whom, and who is excused.

mod asks;
mod excuse;
mod list;
mod preview;

pub use asks::{AssignmentForm, read_to};
pub use excuse::{ExcuseForm, Excused, excuse};
pub use list::{assignments, end_assignment};
pub use preview::assignment_preview;
