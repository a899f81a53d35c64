use super::{Linked as _, Store, StoreError, change, on};

const MARK_FILLING: &str =
    "INSERT INTO installation (name, value) VALUES ('filling', 'demonstration') ON CONFLICT (name) DO NOTHING";

const COUNT_FILLING: &str = "SELECT COUNT(*) FROM installation WHERE name = 'filling'";

const END_FILLING: &str = "DELETE FROM installation WHERE name = 'filling'";

/// The head that the log has then is the first that is worth publishing: see `published_head`. The condition tells SQLite where the selection ends.
const PUBLISH_FILLED: &str = "INSERT INTO installation (name, value) SELECT 'published', CAST(size AS TEXT) FROM log_head WHERE id = 1 \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

impl Store {
    /// Whether this database is being filled with demonstration people, or was when that was stopped.
    pub(crate) async fn is_being_filled(&self) -> Result<bool, StoreError> {
        let mut conn = self.read().await?;
        let marks: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_FILLING).fetch_one(conn).await)?;
        Ok(marks > 0)
    }

    /// Marks it as being filled, before anything of that is written. `false`: it was marked already.
    pub(crate) async fn begin_filling(&self) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let marked = change!(tx, sqlx::query(MARK_FILLING))?;
        tx.commit().await?;
        Ok(marked > 0)
    }

    /// All of it is there, and the head that the signed log has with it is published.
    pub(crate) async fn end_filling(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        change!(tx, sqlx::query(PUBLISH_FILLED))?;
        change!(tx, sqlx::query(END_FILLING))?;
        tx.commit().await
    }
}
