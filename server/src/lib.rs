//! The server: settings, the door, routes and the command line of `induct`. It translates; the engine decides.
//!
//! Rooms, from the ground up; none imports from one below it in this list: `settings`, `assets`, `door`, `routes`, `preview`,
//! `router`, `cli`.

pub mod cli;
pub mod preview;
pub mod settings;

mod assets;
mod door;
mod router;
mod routes;

pub use door::{AppState, Need, RIGHTS, Right};
pub use router::router;
