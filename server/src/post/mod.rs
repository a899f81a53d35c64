//! Letters, on their way: the words of each, and the worker that hands them to a mail server.

mod compose_letter;
mod send_letters;

pub use send_letters::Post;
