//! A quiz: what stands before it, its questions, the review before handing in, and its result.

mod attempt;
mod before;
mod entry;
mod others_answers;
mod question;
mod refresher;
mod result;
mod review;

pub use attempt::{attempt, refresher_over, superseded, withdrawn};
pub use entry::quiz_entry;
pub use others_answers::others_answers;
pub(super) use question::question;
pub use refresher::refresher;
pub use result::result;
pub use review::review;
