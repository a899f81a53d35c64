use chrono::{DateTime, Utc};

use super::Person;
use crate::{
    engine::Engine,
    ground::InstallationKey,
    record::Actor,
    store::{Linked as _, StoreError, change, change_one, on},
};

const FIND_CALENDAR: &str = "SELECT recorded_at FROM calendar_feed WHERE person_id = $1 AND ended_at IS NULL";

const END_CALENDAR: &str =
    "UPDATE calendar_feed SET ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const INSERT_CALENDAR: &str =
    "INSERT INTO calendar_feed (id, person_id, digest, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)";

impl Engine {
    /// When somebody made the address of their calendar. `None`: they have none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own_calendar(&self, person: &Person) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_scalar(FIND_CALENDAR).bind(person.id).fetch_optional(conn).await)
    }

    /// Makes a private address at which somebody's calendar is, and gives the secret in it, this once: only its digest is kept. One that they had
    /// before leads nowhere any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn make_calendar(&self, person: &Person) -> Result<String, StoreError> {
        let (now, by) = (self.clock.now(), Actor::Person(person.id).to_string());
        // Before the transaction: the key may have to be read, and SQLite has one connection that writes.
        let key = self.installation_key().await?;
        let mut random = [0; 20];
        self.chance.fill(&mut random);
        let secret = hex::encode(random);
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        change!(tx, sqlx::query(END_CALENDAR).bind(person.id).bind(now).bind(&by))?;
        change_one!(
            tx,
            sqlx::query(INSERT_CALENDAR)
                .bind(self.new_id(now))
                .bind(person.id)
                .bind(calendar_digest(key, &secret))
                .bind(now)
                .bind(&by)
        )?;
        tx.commit().await?;
        tracing::info!(target: "security", person = %person.id, "the address of a calendar was made");
        Ok(secret)
    }

    /// Ends the address of somebody's calendar: it leads nowhere any more. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_calendar(&self, person: &Person) -> Result<bool, StoreError> {
        let (now, by) = (self.clock.now(), Actor::Person(person.id).to_string());
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let ended = change!(tx, sqlx::query(END_CALENDAR).bind(person.id).bind(now).bind(&by))?;
        tx.commit().await?;
        if ended > 0 {
            tracing::info!(target: "security", person = %person.id, "the address of a calendar was ended");
        }
        Ok(ended > 0)
    }
}

/// What is kept of the secret in the address of a calendar.
pub(crate) fn calendar_digest(key: &InstallationKey, secret: &str) -> String {
    key.digest("calendar", secret).to_string()
}
