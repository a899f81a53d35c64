//! What previewed pages play, from the files of the folder.

use std::io::SeekFrom;

use axum::{body::Body, extract::Path, http::HeaderMap, response::Response};
use engine::{
    Sha256Digest,
    media::{MediaName, MediaPlace},
};
use futures_util::stream;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use super::viewing::Viewing;
use crate::door::{PlayRequest, play};

/// `GET /media/SHA256.mp4`
pub(super) async fn show(viewing: Viewing, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let name = MediaName::parse(&file);
    let place = |sha256: &Sha256Digest| viewing.draft.catalogue.media.get(sha256);
    let Some((name, place)) = name.and_then(|name| Some((name, place(&name.sha256)?))) else {
        return viewing.nothing_here();
    };
    let asked = PlayRequest::of(&headers);
    match place {
        MediaPlace::Bytes(bytes) => {
            let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
            let part = |from, end| Body::from(bytes[within(from)..within(end)].to_vec());
            play(&asked, name, bytes.len() as u64, part)
        }
        MediaPlace::File(path) => {
            // It may have been taken away since the folder was read.
            let Ok(file) = File::open(path).await else { return viewing.nothing_here() };
            let Ok(metadata) = file.metadata().await else { return viewing.nothing_here() };
            play(&asked, name, metadata.len(), |from, end| body(file, from, end))
        }
    }
}

/// The bytes, read piece by piece as fast as they are taken.
fn body(file: File, from: u64, end: u64) -> Body {
    const PIECE: u64 = 64 * 1024;
    Body::from_stream(stream::try_unfold((file, from), move |(mut file, from)| async move {
        if from >= end {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(from)).await?;
        let mut piece = Vec::new();
        let read = (&mut file).take(PIECE.min(end - from)).read_to_end(&mut piece).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok::<_, std::io::Error>(Some((piece, (file, from + read as u64))))
    }))
}
