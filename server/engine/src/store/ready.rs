use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{Linked as _, Store, StoreError, change};

/// How long a database may take to say that it is ready.
const LONGEST: Duration = Duration::from_secs(3);

/// For how long it counts as ready after it was: whoever asks a thousand times a second must not make it write as often.
const GOOD_FOR: Duration = Duration::from_millis(500);

/// Enough that new pages must be found for it, as for what people write.
const LONG: usize = 64 * 1024;

const TRY_TO_WRITE: &str = "INSERT INTO installation (name, value) VALUES ('try to write', $1) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

const CLEAR_UP: &str = "DELETE FROM installation WHERE name = 'try to write'";

/// When it was last found to be ready. Whoever asks meanwhile waits, and has the same answer.
pub(super) type LastReady = tokio::sync::Mutex<Option<Instant>>;

impl Store {
    /// Whether what people write now would last: something is written, committed, and taken back. Only that is enough: a full disk often
    /// says so at the commit, and a database that may only be read answers every question.
    ///
    /// # Errors
    /// [`StoreError`] when it would not, or when the database does not say so within three seconds.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let tried = timeout(LONGEST, async {
            let mut last = self.last_ready.lock().await;
            if last.is_some_and(|last| last.elapsed() < GOOD_FOR) {
                return Ok(());
            }
            *last = None;
            self.try_to_write().await?;
            *last = Some(Instant::now());
            Ok(())
        });
        tried.await.unwrap_or_else(|_| Err(StoreError::out_of_reach("the database took too long")))
    }

    async fn try_to_write(&self) -> Result<(), StoreError> {
        let words = if self.is_sqlite() { "x".repeat(LONG) } else { "x".to_owned() };
        let mut tx = self.write().await?;
        change!(tx, sqlx::query(TRY_TO_WRITE).bind(&words))?;
        tx.commit().await?;
        let mut tx = self.write().await?;
        change!(tx, sqlx::query(CLEAR_UP))?;
        tx.commit().await
    }
}
