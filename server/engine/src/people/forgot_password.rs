use chrono::{DateTime, TimeDelta, Utc};

use super::{
    add_person::readable_email, find_person::find_by_email, sign_in::Caller, try_code::CodeKind, way_in::find_for,
};
use crate::{
    engine::Engine,
    ground::local_date,
    mail::{LetterAbout, LetterKind, NewLetter},
    record::Actor,
    store::{Linked as _, StoreError, on},
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

/// So many from one place are a class of which many have forgotten their password.
const FORGETTING: CodeKind = CodeKind { purpose: "place of forgetting", most_at_place: 20 };

/// So many letters somebody gets within an hour, however often others ask for one.
const MOST_LETTERS: i64 = 3;

const LETTERS_WITHIN: TimeDelta = TimeDelta::hours(1);

const COUNT_LETTERS: &str = "SELECT COUNT(*) FROM letter WHERE person_id = $1 AND kind = $2 AND written_at > $3";

impl Engine {
    /// Counts that a link was asked for from a place, whoever it is for: what comes of it is told by a letter alone. Of the place a digest is
    /// kept, for a day.
    ///
    /// # Errors
    /// [`ForgotError`], alike for accounts that exist and that don't.
    pub async fn count_forgetting(&self, caller: &Caller) -> Result<(), ForgotError> {
        let place = self.code_place(&FORGETTING, &caller.place).await?;
        let retry_at = self.next_code_at(&mut self.store.read().await?, &FORGETTING, &place).await?;
        match retry_at {
            Some(retry_at) => Err(ForgotError::TooMany { retry_at }),
            None => Ok(self.note_code(&place).await?),
        }
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
