//! The server: settings, the door, routes and the command line of `induct`. It translates; the engine decides.
//!
//! Each room imports from those before it in this list and from none after it (`make test` checks it). Rooms: `settings`, `serve`,
//! `assets`, `compress`, `ask`, `time_stamps`, `witness`, `sign_on`, `scim`, `door`, `export`, `routes`, `preview`, `router`, `post`, `cli`.

pub mod cli;
pub mod preview;
pub mod settings;

mod ask;
mod assets;
mod compress;
mod door;
mod export;
mod post;
mod router;
mod routes;
mod scim;
mod serve;
mod sign_on;
mod time_stamps;
mod witness;

pub use door::{AppState, Need, RIGHTS, Right, within_limits};
pub use post::Post;
pub use router::router;
pub use serve::{Limits, serve};
pub use time_stamps::{Authority, AuthorityError};
pub use witness::{AskedWitness, WitnessError};
