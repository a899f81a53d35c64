use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    engine::Engine,
    record::Actor,
    store::{Linked, StoreError, Tx, change, change_one, on},
};

const FIND_PAUSE: &str = "SELECT recorded_at FROM letter_pause WHERE ended_at IS NULL";

const INSERT_PAUSE: &str = "INSERT INTO letter_pause (id, recorded_at, recorded_by) VALUES ($1, $2, $3)";

const END_PAUSE: &str = "UPDATE letter_pause SET ended_at = $1, ended_by = $2 WHERE ended_at IS NULL";

/// Since when no letter is sent. `None`: letters are sent.
pub(super) async fn paused_since(on_what: &mut impl Linked) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_PAUSE).fetch_optional(conn).await)
}

impl Engine {
    /// Has no letter sent until it is said that they go on, or that; where it is so already, nothing is written. What is being sent meanwhile is
    /// sent. Whoever calls it holds the lock on people alone, and has looked who may.
    pub(crate) async fn keep_letters(&self, tx: &mut Tx, paused: bool, by: Actor) -> Result<(), StoreError> {
        let now = self.clock.now();
        match (paused, paused_since(tx).await?) {
            (true, None) => {
                let id: Uuid = self.new_id(now);
                change_one!(tx, sqlx::query(INSERT_PAUSE).bind(id).bind(now).bind(by.to_string()))
            }
            (false, Some(_)) => change!(tx, sqlx::query(END_PAUSE).bind(now).bind(by.to_string())).map(drop),
            (true, Some(_)) | (false, None) => Ok(()),
        }
    }
}
