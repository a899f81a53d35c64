//! Codes that anybody may type, and how often somebody may be wrong: whoever tries one after the other is held up, and nobody else.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    engine::Engine,
    store::{Conn, Linked as _, StoreError, change, change_one, on},
};

/// A kind of code, or of link that may be asked for, and how many may be tried from one place within [`SPAN`] that lead nowhere, as far as
/// whoever tries can tell.
pub(crate) struct CodeKind {
    /// Told apart from other kinds by this.
    pub(crate) purpose: &'static str,
    /// How many.
    pub(crate) most_at_place: i64,
}

/// Where a code is typed, as it is kept: a digest that names nobody.
pub(crate) struct CodePlace(String);

/// Failures are counted over this span.
const SPAN: TimeDelta = TimeDelta::minutes(15);

/// After this long nothing is left of a failure.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Of the failures at a place since a moment the one that must be over before there are fewer than so many, of which $3 is one less.
const FIND_HELD_BY: &str = "SELECT failed_at FROM code_failure WHERE place = $1 AND failed_at > $2 \
     ORDER BY failed_at DESC LIMIT 1 OFFSET $3";

const INSERT_FAILURE: &str = "INSERT INTO code_failure (id, place, failed_at) VALUES ($1, $2, $3)";

const FORGET_FAILURES: &str = "DELETE FROM code_failure WHERE failed_at < $1";

impl Engine {
    /// Where a code of a kind is typed. `place` is as for signing in.
    pub(crate) async fn code_place(&self, kind: &CodeKind, place: &str) -> Result<CodePlace, StoreError> {
        Ok(CodePlace(self.installation_key().await?.digest(kind.purpose, place).to_string()))
    }

    /// When the next code may be tried from there. `None`: now.
    pub(crate) async fn next_code_at(
        &self,
        conn: &mut Conn,
        kind: &CodeKind,
        place: &CodePlace,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let held_by: Option<DateTime<Utc>> = on!(conn.link(), conn => sqlx::query_scalar(FIND_HELD_BY)
            .bind(&place.0).bind(self.steady_now() - SPAN).bind(kind.most_at_place - 1).fetch_optional(conn).await)?;
        Ok(held_by.map(|failed_at| failed_at + SPAN + self.ahead()))
    }

    /// Notes that one was tried from there, for a day.
    pub(crate) async fn note_code(&self, place: &CodePlace) -> Result<(), StoreError> {
        let now = self.steady_now();
        let mut tx = self.store.write().await?;
        change_one!(tx, sqlx::query(INSERT_FAILURE).bind(self.new_id(now)).bind(&place.0).bind(now))?;
        change!(tx, sqlx::query(FORGET_FAILURES).bind(now - KEPT))?;
        tx.commit().await
    }
}
