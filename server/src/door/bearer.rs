use axum::http::{HeaderMap, header};
use engine::Sha256Digest;

use crate::settings::Secret;

/// Whether a request brings a token of the settings as `Authorization: Bearer …`. Compared by their digests, so that how long it takes says nothing of
/// it. Where the settings have none, nobody does.
pub(crate) fn shows(token: Option<&Secret>, headers: &HeaderMap) -> bool {
    let Some(token) = token else { return false };
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    shown.is_some_and(|shown| Sha256Digest::of(shown.as_bytes()) == Sha256Digest::of(token.0.as_bytes()))
}
