use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use engine::{Engine, media::MediaName};
use futures_util::stream;

use crate::door::{Fail, Path, PlayRequest, Visit, play};

/// `GET /media/SHA256.mp4`: what pages play, and captions. The name holds the digest of the content, so that a browser never has
/// to ask again.
pub(crate) async fn show(visit: Visit, Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Fail> {
    let asked = PlayRequest::of(&headers);
    let name = MediaName::parse(&file).ok_or(Fail::NotFound)?;
    let engine = visit.state.engine.clone();
    let length = engine.media_length(name).await?;
    let mut response = play(&asked, name, length, |from, end| body(engine, name, from, end));
    if response.status().is_success() {
        // Not for caches that several people share: they would hand it to people who have not signed in.
        let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    Ok(response)
}

/// The bytes, read piece by piece as fast as they are taken.
fn body(engine: Engine, name: MediaName, from: u64, end: u64) -> Body {
    Body::from_stream(stream::try_unfold((engine, from), move |(engine, from)| async move {
        if from >= end {
            return Ok(None);
        }
        let part = engine.media_part(name, from, end).await.inspect_err(|error| {
            tracing::error!(%error, file = %name, "a part of a published file cannot be read");
        })?;
        let next = from + part.len() as u64;
        Ok::<_, engine::StoreError>(Some((part, (engine, next))))
    }))
}
