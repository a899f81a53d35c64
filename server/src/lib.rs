//! The server: settings, the door, routes and the command line of `induct`. It translates; the engine decides.
//!
//! Each room imports from those before it in this list and from none after it (`make test` checks it). Rooms: `settings`, `assets`, `door`, `routes`, `preview`,
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
