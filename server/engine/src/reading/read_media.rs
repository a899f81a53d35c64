use crate::{
    engine::{Engine, Looked, Refused},
    media::MediaName,
    publishing::CHUNK,
    store::{Linked, StoreError, on},
};

const FIND: &str = "SELECT media_type, length FROM media WHERE sha256 = $1";

const FIND_CHUNK: &str = "SELECT bytes FROM media_chunk WHERE sha256 = $1 AND place = $2";

impl Engine {
    /// How long a published file is that pages play. Everybody may ask who is signed in: a name can only be known from a page,
    /// and pages of old versions, which may be for others by now, go on playing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when nothing of that name was ever published.
    pub async fn media_length(&self, name: MediaName) -> Looked<u64> {
        let mut conn = self.store.read().await?;
        let found: Option<(String, i64)> = on!(conn.link(), conn => sqlx::query_as(FIND)
            .bind(name.sha256.to_string()).fetch_optional(conn).await)?;
        let (media_type, length) = found.ok_or(Refused::NotFound)?;
        if !may_be_called(name, &media_type) {
            return Err(Refused::NotFound);
        }
        Ok(u64::try_from(length).map_err(|_| StoreError::unreadable("media"))?)
    }

    /// Bytes of such a file from a place on, and before `end`: as many as stand in one piece, so that little memory is needed and
    /// no connection is held while they are sent.
    ///
    /// # Errors
    /// [`StoreError`] when they are not there.
    pub async fn media_part(&self, name: MediaName, from: u64, end: u64) -> Result<Vec<u8>, StoreError> {
        let lost = || StoreError::unreadable("media");
        let chunk = CHUNK as u64;
        let place = i64::try_from(from / chunk).map_err(|_| lost())?;
        let mut conn = self.store.read().await?;
        let mut bytes: Vec<u8> = on!(conn.link(), conn => sqlx::query_scalar(FIND_CHUNK)
            .bind(name.sha256.to_string()).bind(place).fetch_one(conn).await)?;
        let within = |at: u64| usize::try_from(at.min(chunk)).map_err(|_| lost());
        let start = within(from % chunk)?;
        bytes.truncate(within(end.saturating_sub(from - from % chunk))?);
        if start >= bytes.len() {
            return Err(lost());
        }
        bytes.drain(..start);
        Ok(bytes)
    }
}

/// The same bytes may be a video for one author and a sound for another; nothing else goes by two names.
fn may_be_called(name: MediaName, media_type: &str) -> bool {
    let asked = name.format.media_type();
    asked == media_type || (asked.ends_with("/mp4") && media_type.ends_with("/mp4"))
}
