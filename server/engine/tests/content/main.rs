//! What the content compiler makes of what authors write, and what it says of it.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod canonical;
mod compile;
mod draft;
mod gift_import;
mod media;
mod people;
mod problems;
mod written;
