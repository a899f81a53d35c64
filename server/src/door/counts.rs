//! How many requests were answered, how, and how long that took: numbers alone, of this server since it began.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

use super::app_state::AppState;

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// By the first digit of the status, from 1 on.
    answered: [AtomicU64; 5],
    microseconds: AtomicU64,
}

impl Counts {
    fn note(&self, status: u16, took: Duration) {
        if let Some(count) = usize::from(status / 100).checked_sub(1).and_then(|class| self.answered.get(class)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many were answered, by the first digit of the status.
    pub(crate) fn answered(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        (1..).zip(&self.answered).map(|(class, count)| (class, count.load(Ordering::Relaxed)))
    }

    /// How long all of them took together, up to the head of each reply.
    pub(crate) fn took(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }
}

/// Counts a request.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let response = next.run(request).await;
    state.counts.note(response.status().as_u16(), begun.elapsed());
    response
}
