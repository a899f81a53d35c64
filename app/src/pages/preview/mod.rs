//! What only authors see: content as it is being written, with its problems beside the text and the answers of its quizzes.

mod around;
mod contents;
mod gallery;
mod kept;
mod note;
mod quiz;
mod tally;
mod unread;

pub use around::{Around, Elsewhere, Readings};
pub use contents::{Contents, Entry, ProgrammeEntry, contents, not_for};
pub use gallery::{gallery, gallery_question};
pub use kept::keep_view;
pub use note::{Note, beside, summary};
pub use quiz::{PreviewQuestion, quiz};
pub use tally::Tally;
pub use unread::{nothing_here, unread};
