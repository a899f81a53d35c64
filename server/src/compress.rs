//! Compresses pages on their way out: a page is a third as long then, a question a fifth.
//!
//! Whoever can see how long a compressed reply is, and can put words of their own into it, can find out what else stands in it, guess by guess
//! (BREACH). So nothing is compressed that repeats what came with its request: only pages asked for with GET that were found, and of those not
//! the sign-in page, which repeats where somebody was going. Forms that come back with what was typed, and pages that say what went wrong, go
//! out as they are.

use axum::http::{HeaderMap, Response, StatusCode, header};
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate},
};

/// For addresses whose pages repeat nothing that came with the request.
pub(crate) fn pages() -> CompressionLayer<FoundPages> {
    // A page is made anew for each request, so that time counts for more than the last tenth of its length.
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(FoundPages)
}

/// Says of a page, as an extension of its response, that it repeats what came with its request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeats;

/// Pages that were found; what is played, redirects and failures are none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundPages;

impl Predicate for FoundPages {
    fn should_compress<B>(&self, response: &Response<B>) -> bool {
        let repeats = response.extensions().get::<Repeats>().is_some();
        response.status() == StatusCode::OK && is_html(response.headers()) && !repeats
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
