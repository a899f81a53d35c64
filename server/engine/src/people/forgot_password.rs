use chrono::{DateTime, TimeDelta, Utc};

use super::{add_person::readable_email, find_person::find_by_email, sign_in::Caller, way_in::find_for};
use crate::{
    engine::Engine,
    ground::local_date,
    mail::{LetterAbout, LetterKind, NewLetter},
    record::Actor,
    store::{Linked as _, StoreError, change, change_one, on},
};

/// Why nobody is written to. Neither says whether there is such an account.
#[derive(Debug, thiserror::Error)]
pub enum ForgotError {
    /// Too many were asked for from there.
    #[error("too many links were asked for")]
    TooMany {
        /// When the next may be asked for.
        retry_at: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// How long a link holds that was asked for by whoever forgot their password.
const HOLDS: TimeDelta = TimeDelta::hours(1);

/// Asking is counted over this span.
const SPAN: TimeDelta = TimeDelta::minutes(15);

/// So many from one place are a class of which many have forgotten their password.
const MOST_AT_PLACE: i64 = 20;

/// So many letters somebody gets within an hour, however often others ask for one.
const MOST_LETTERS: i64 = 3;

const LETTERS_WITHIN: TimeDelta = TimeDelta::hours(1);

/// After this long nothing is left of that somebody asked.
const KEPT: TimeDelta = TimeDelta::days(1);

const COUNT_AT_PLACE: &str = "SELECT COUNT(*), MIN(failed_at) FROM code_failure WHERE place = $1 AND failed_at > $2";

const INSERT_ASKED: &str = "INSERT INTO code_failure (id, place, failed_at) VALUES ($1, $2, $3)";

const FORGET_ASKED: &str = "DELETE FROM code_failure WHERE failed_at < $1";

const COUNT_LETTERS: &str = "SELECT COUNT(*) FROM letter WHERE person_id = $1 AND kind = $2 AND written_at > $3";

impl Engine {
    /// Counts that a link was asked for from a place, whoever it is for: what comes of it is told by a letter alone. Of the place a digest is
    /// kept, for a day.
    ///
    /// # Errors
    /// [`ForgotError`], alike for accounts that exist and that don't.
    pub async fn count_forgetting(&self, caller: &Caller) -> Result<(), ForgotError> {
        let place = self.installation_key().await?.digest("place of forgetting", &caller.place).to_string();
        let now = self.steady_now();
        let (asked, first): (i64, Option<DateTime<Utc>>) = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(COUNT_AT_PLACE)
                .bind(&place).bind(now - SPAN).fetch_one(conn).await)?
        };
        if let Some(first) = first.filter(|_| asked >= MOST_AT_PLACE) {
            return Err(ForgotError::TooMany { retry_at: first + SPAN + self.ahead() });
        }
        let mut tx = self.store.write().await?;
        change_one!(tx, sqlx::query(INSERT_ASKED).bind(self.new_id(now)).bind(&place).bind(now))?;
        change!(tx, sqlx::query(FORGET_ASKED).bind(now - KEPT))?;
        Ok(tx.commit().await?)
    }

    /// Writes a letter with a link for an hour to whoever has this address and is here; to nobody, where nobody has. Links that they were given by
    /// others go on to hold, so that nobody can take one from them by asking. Whoever asked is told nothing of it, and does not wait for it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing has been written.
    pub async fn forgot_password(&self, email: &str) -> Result<(), StoreError> {
        let Ok(email) = readable_email(email) else { return Ok(()) };
        let key = self.installation_key().await?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some(person) = find_by_email(&mut tx, &email).await? else { return Ok(()) };
        tx.lock_person(person).await?;
        let Some(found) = find_for(&mut tx, person, local_date(now)).await? else { return Ok(()) };
        let letters: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_LETTERS)
            .bind(person).bind(LetterKind::Forgotten.name()).bind(now - LETTERS_WITHIN).fetch_one(conn).await)?;
        if letters >= MOST_LETTERS {
            return Ok(());
        }
        let until = now + HOLDS;
        let secret = self.insert_way_in(&mut tx, key, person, until, Actor::Server).await?;
        let about = LetterAbout::Forgotten { name: found.name, secret, until };
        let new = NewLetter { person, address: &found.email, about: &about, instead_of: None };
        self.write_letter(&mut tx, &new, Actor::Server).await?;
        tx.commit().await?;
        tracing::info!(target: "security", %person, "a link to choose a password was asked for and is sent");
        Ok(())
    }
}
