//! The door of every address: who comes, from where, with which form, and whom the table of rights lets in.
//!
//! Invariants: every address has a row in the table of rights; every request that may change something comes from a page of
//! ours; every reply carries the security headers; what concerns security is logged under `security`, with ids and digests alone.

pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod sessions;

mod answered;
mod app_state;
pub(crate) mod bearer;
mod browser;
pub(crate) mod counts;
mod fail;
mod form;
mod keeps;
mod limit;
mod play;
mod rights;
mod surroundings;
mod visit;

pub(crate) use answered::Answered;
pub use app_state::AppState;
pub(crate) use fail::Fail;
pub(crate) use form::{CalledFrom, Form, Path, Query, posted_file, posted_with_file, query_of};
pub(crate) use headers::{attachment, html};
pub(crate) use keeps::{Keeps, keep_left, keep_sign_on, sign_on_of};
pub use limit::within_limits;
pub(crate) use play::{PlayRequest, play};
pub(crate) use rights::right;
pub use rights::{Need, RIGHTS, Right};
pub(crate) use visit::Visit;
