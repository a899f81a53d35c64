//! The server: settings, router, sessions and the command line of `induct`. It translates; the engine decides.

pub mod cli;
pub mod preview;
pub mod settings;

mod app_state;
mod assets;
mod fail;
mod form;
mod guard;
mod headers;
mod origin;
mod play;
mod rights;
mod router;
mod routes;
mod sessions;
mod visit;

pub use app_state::AppState;
pub use rights::{Need, RIGHTS, Right};
pub use router::router;
