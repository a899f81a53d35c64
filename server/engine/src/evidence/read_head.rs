use chrono::{DateTime, Utc};

use super::export_log::find_checkpoint;
use crate::{engine::Engine, log::find_head, store::StoreError};

/// Where the signed log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// Its name.
    pub origin: String,
    /// Its public key, as whoever wants to trust it writes it down.
    pub key: String,
    /// How many entries it has.
    pub size: u64,
    /// When the last of them was added; to the second.
    pub sealed_at: DateTime<Utc>,
    /// The head that was signed then, as a note (`c2sp.org/tlog-checkpoint`).
    pub note: String,
}

impl Engine {
    /// Where the signed log stands now. `None`: there is none, or it has no entries yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn log_head(&self) -> Result<Option<LogHead>, StoreError> {
        let mut conn = self.store.read().await?;
        let Some(head) = find_head(&mut conn, 0).await? else { return Ok(None) };
        let Some(sealed_at) = head.sealed_at() else { return Ok(None) };
        let size = head.size();
        let note = find_checkpoint(&mut conn, size).await?;
        Ok(note.map(|note| LogHead { origin: head.origin, key: head.public_key, size, sealed_at, note }))
    }
}
