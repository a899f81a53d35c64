use axum::http::{HeaderMap, header};
use engine::Sha256Digest;

use crate::settings::Secret;

/// The token that a request brings as `Authorization: Bearer …`. `None`: it brings none.
pub(crate) fn shown(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Whether a request brings a token of the settings as `Authorization: Bearer …`. Compared by their digests, so that how long it takes says nothing of
/// it. Where the settings have none, nobody does.
pub(crate) fn shows(token: Option<&Secret>, headers: &HeaderMap) -> bool {
    let Some(token) = token else { return false };
    shown(headers).is_some_and(|shown| Sha256Digest::of(shown.as_bytes()) == Sha256Digest::of(token.0.as_bytes()))
}
