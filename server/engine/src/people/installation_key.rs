use crate::{
    engine::Engine,
    ground::InstallationKey,
    store::{Linked, StoreError, change, on},
};

const FIND_KEY: &str = "SELECT value FROM installation WHERE name = 'key'";

/// Two servers may start at once on a new database; then the first one's stands.
const INSERT_KEY: &str = "INSERT INTO installation (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING";

impl Engine {
    /// The key of this installation; made when there is none yet. It stands in the database, because every server on it must make the
    /// same digests, and because a backup must not be two things.
    pub(crate) async fn installation_key(&self) -> Result<&InstallationKey, StoreError> {
        self.key.get_or_try_init(|| self.find_or_make_key()).await
    }

    async fn find_or_make_key(&self) -> Result<InstallationKey, StoreError> {
        let found: Option<String> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_scalar(FIND_KEY).fetch_optional(conn).await)?
        };
        let written = match found {
            Some(written) => written,
            None => {
                let mut key = [0; 32];
                self.chance.fill(&mut key);
                let mut tx = self.store.write().await?;
                change!(tx, sqlx::query(INSERT_KEY).bind(hex::encode(key)))?;
                let written = on!(tx.link(), conn => sqlx::query_scalar(FIND_KEY).fetch_one(conn).await)?;
                tx.commit().await?;
                written
            }
        };
        let mut key = [0; 32];
        hex::decode_to_slice(written, &mut key).map_err(|_| StoreError::unreadable("installation key"))?;
        Ok(InstallationKey(key))
    }
}
