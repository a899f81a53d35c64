//! Demonstration people, and the rehearsal that knows right answers, which nobody else may call.
//!
//! Invariant: what is filled in here goes through the same verbs as what real people do.

mod crowd;
mod demonstration;

pub use crowd::Crowd;
pub use demonstration::{DEMO_PASSWORD, DemoError, Rehearsal};
