//! Limits for one request: a body that never ends, a handler that never returns, a handler that panics.

use std::panic::AssertUnwindSafe;

use axum::{
    Router,
    body::{Body, HttpBody as _, to_bytes},
    extract::{Request, State},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::{app_state::AppState, fail::Fail};
use crate::serve::Limits;

/// No form of ours is larger.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// Room for the members of a large group: some 70 bytes each.
const LARGEST_OF_A_DIRECTORY: usize = 1024 * 1024;

/// Puts limits around every handler of a router: its body is there before it runs, and it answers in time, if only with a page
/// that says that something went wrong.
pub fn within_limits(router: Router<AppState>, state: &AppState, limits: Limits) -> Router<AppState> {
    router
        .layer(from_fn_with_state((state.clone(), limits), answer))
        .layer(from_fn_with_state((state.clone(), limits), take_body))
}

/// Takes the whole body, so that nobody who sends slowly holds anything up but themselves.
async fn take_body(State((state, limits)): State<(AppState, Limits)>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() || takes_its_own_body(&request) {
        return next.run(request).await;
    }
    let largest = if request.uri().path().starts_with("/scim/") { LARGEST_OF_A_DIRECTORY } else { LARGEST_BODY };
    if request.body().size_hint().lower() > largest as u64 {
        return Fail::TooLarge.page(&state);
    }
    let (head, body) = request.into_parts();
    match timeout(limits.body, to_bytes(body, largest)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(head, Body::from(body))).await,
        // It was too large, or the connection broke, and then nobody is there to read this.
        Ok(Err(_)) => Fail::TooLarge.page(&state),
        Err(_) => Fail::TooSlow.page(&state),
    }
}

/// A file is larger than a form. Only whoever may hand one over has it taken, by the handler, within a limit of its own.
fn takes_its_own_body(request: &Request) -> bool {
    request.method() == Method::POST && takes_files(request.uri().path())
}

/// Whether forms that are sent to an address may bring a file.
pub(super) fn takes_files(path: &str) -> bool {
    ["/people/import", "/cpd/elsewhere"].contains(&path)
}

async fn answer(State((state, limits)): State<(AppState, Limits)>, request: Request, next: Next) -> Response {
    // Nothing of ours that outlives a panic is left half changed: transactions are undone, locks are taken for one step.
    match timeout(limits.handler, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            let said = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
            Fail::Internal(format!("a handler panicked: {}", said.unwrap_or("it did not say why"))).page(&state)
        }
        Err(_) => Fail::Internal("a handler did not return in time".to_owned()).page(&state),
    }
}
