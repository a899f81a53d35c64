//! What Induct can be asked to do, asked on both databases: a file for each verb.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

#[path = "../world/mod.rs"]
mod world;

mod sign_agreement;
