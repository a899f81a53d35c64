use audit::{Fact, PinnedKey};

use crate::{
    engine::Engine,
    log::{LogError, Row, Said},
    record::Actor,
};

/// The keys of a log, by their public halves, where one has followed the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRotated {
    /// The key that signed until then.
    pub was: String,
    /// The key that signs from then on.
    pub key: String,
}

impl Engine {
    /// Has another key sign the log from now on: the one that [`Engine::prepare_log_key`] kept, or a new one. The key before signs an entry that names it, and the
    /// head behind that entry is signed by both, so that whoever trusts the key before can go on. Other servers have to have the file of the new key; until then
    /// they save nothing.
    ///
    /// # Errors
    /// [`LogError`] when the new key cannot be kept, the log takes nothing or the database fails; the key is then the one before.
    pub async fn rotate_log_key(&self, by: Actor) -> Result<KeyRotated, LogError> {
        let tx = self.store.write().await?;
        let now = self.clock.now();
        let (was, key) = self
            .log
            .change_key(tx, |was, key| {
                let fact = Fact::KeyChanged { key: key.to_string(), was: was.to_string() };
                self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("key", self.new_id(now)))
            })
            .await?;
        tracing::info!(target: "security", key = %key, %by, "another key signs the log");
        Ok(KeyRotated { was: was.to_string(), key: key.to_string() })
    }

    /// Keeps a key that is to follow beside the one that signs, so that it can be copied to every server first. Gives its public half; once more, the same.
    ///
    /// # Errors
    /// [`LogError`] when it cannot be kept, the key of the log is not here, or the database fails.
    pub async fn prepare_log_key(&self) -> Result<PinnedKey, LogError> {
        self.log.prepare_key(&self.store).await
    }
}
