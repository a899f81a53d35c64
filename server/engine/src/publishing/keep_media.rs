use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use tokio::{fs::File, io::AsyncReadExt as _};

use crate::{
    catalogue::{Catalogue, Media},
    engine::Engine,
    ground::Sha256Digest,
    media::MediaPlace,
    store::{Linked, StoreError, Tx, change_one, on},
};

/// How long the pieces are that media are kept in: large enough that a player asks for few of them, small enough to be held
/// in memory for every person who watches.
pub(crate) const CHUNK: usize = 256 * 1024;

/// Why media could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepMediaError {
    /// Its file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its file is not what it was when the content was compiled.
    #[error("{0} has changed since the content was read: publish again")]
    Changed(String),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const COUNT: &str = "SELECT COUNT(*) FROM media WHERE sha256 = $1";

const INSERT: &str = "INSERT INTO media (sha256, media_type, length) VALUES ($1, $2, $3)";

const INSERT_CHUNK: &str = "INSERT INTO media_chunk (sha256, place, bytes) VALUES ($1, $2, $3)";

impl Engine {
    /// Copies what a module in `folder` plays into the database, piece by piece, unless it is there already.
    pub(super) async fn keep_media(
        &self,
        tx: &mut Tx,
        folder: &Catalogue,
        media: &Media,
    ) -> Result<(), KeepMediaError> {
        let sha256 = media.name.sha256.to_string();
        let kept: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT).bind(&sha256).fetch_one(conn).await)?;
        if kept > 0 {
            return Ok(());
        }
        let changed = || KeepMediaError::Changed(media.file.clone());
        let place = folder.media.get(&media.name.sha256).ok_or_else(changed)?;
        let length = i64::try_from(media.bytes).map_err(|_| changed())?;
        change_one!(tx, sqlx::query(INSERT).bind(&sha256).bind(media.name.format.media_type()).bind(length))?;

        let mut digest = Sha256::new();
        let mut pieces = Pieces::of(place).await?;
        for number in 0_i64.. {
            let piece = pieces.next().await?;
            if piece.is_empty() {
                break;
            }
            digest.update(&piece);
            change_one!(tx, sqlx::query(INSERT_CHUNK).bind(&sha256).bind(number).bind(piece))?;
        }
        // Nothing of it stays when this fails: the transaction ends.
        if Sha256Digest(digest.finalize().into()) == media.name.sha256 { Ok(()) } else { Err(changed()) }
    }
}

/// What is read one piece after the other.
enum Pieces<'p> {
    File(File, &'p PathBuf),
    Bytes(&'p [u8]),
}

impl<'p> Pieces<'p> {
    async fn of(place: &'p MediaPlace) -> Result<Self, KeepMediaError> {
        Ok(match place {
            MediaPlace::Bytes(bytes) => Self::Bytes(bytes),
            MediaPlace::File(path) => {
                let unreadable = |source| KeepMediaError::Unreadable { path: path.clone(), source };
                Self::File(File::open(path).await.map_err(unreadable)?, path)
            }
        })
    }

    /// The next piece; an empty one after the last.
    async fn next(&mut self) -> Result<Vec<u8>, KeepMediaError> {
        match self {
            Self::Bytes(bytes) => {
                let (piece, rest) = bytes.split_at(bytes.len().min(CHUNK));
                *bytes = rest;
                Ok(piece.to_vec())
            }
            Self::File(file, path) => {
                let mut piece = Vec::with_capacity(CHUNK);
                let read = file.take(CHUNK as u64).read_to_end(&mut piece).await;
                read.map_err(|source| KeepMediaError::Unreadable { path: (*path).clone(), source })?;
                Ok(piece)
            }
        }
    }
}
