use std::sync::Arc;

use crate::ground::Sha256Digest;

/// The very bytes that a version is known by: canonical JSON (RFC 8785) of everything its text depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The canonical JSON.
    pub json: Arc<str>,
    /// The SHA-256 of those bytes.
    pub sha256: Sha256Digest,
}
