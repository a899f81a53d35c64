//! Letters: written in the transaction of what they tell, and sent afterwards.
//!
//! A letter is a row that says what it tells, and not in which words: addresses and words are the server's. Whoever sends one claims it first,
//! for a time in which nobody else does; so each is sent once, unless whoever sends it is stopped between the mail server's yes and the note
//! of it, and then it is sent again under the same `Message-ID`.
//!
//! Invariants: what a letter tells is gone once it was sent or given up, because it may hold a link; that it was written stays until it is
//! forgotten; nobody changes where a letter goes.

mod list_letters;
mod pause_letters;
mod reminded;
mod send_letters;
mod sign_in_news;
mod write_letter;

pub use list_letters::{LetterState, LettersPage, ListedLetter};
pub use reminded::{Occasion, Reminded};
pub use send_letters::{LetterToSend, Sent};
pub use sign_in_news::SignInNews;
pub(crate) use write_letter::NewLetter;
pub use write_letter::{LateGroup, LetterAbout, LetterKind, ToReview};
