use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::{InstallationKey, LetterId, PersonId},
    mail::{LetterAbout, LetterToSend},
    people::Person,
    store::{Linked, StoreError, Tx, change, change_one, on},
};

const FIND_WHOSE: &str = "SELECT person_id FROM reminder WHERE letter_id = $1 LIMIT 1";

const FIND_STOP: &str = "SELECT stopped_at FROM reminder_stop WHERE person_id = $1 AND ended_at IS NULL";

const INSERT_STOP: &str = "INSERT INTO reminder_stop (id, person_id, stopped_at) VALUES ($1, $2, $3)";

const END_STOP: &str = "UPDATE reminder_stop SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL";

impl Engine {
    /// What stands at the end of the link with which whoever gets this letter stops being told early. `None`: it tells nothing that could be
    /// stopped. It follows from the letter and the installation's key, and is kept nowhere.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stop_secret(&self, letter: &LetterToSend) -> Result<Option<String>, StoreError> {
        let LetterAbout::Reminder { things, .. } = &letter.about else { return Ok(None) };
        if !things.iter().any(|one| one.occasion.may_be_stopped()) {
            return Ok(None);
        }
        let key = self.installation_key().await?;
        Ok(Some(secret_of(key, letter.id)))
    }

    /// Whether the person to whom a letter with this link went is told nothing early. `None`: the link does not hold.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_stopped_reminders(&self, secret: &str) -> Result<Option<bool>, StoreError> {
        let Some(letter) = self.letter_of(secret).await? else { return Ok(None) };
        let mut conn = self.store.read().await?;
        match whose(&mut conn, letter).await? {
            Some(person) => Ok(Some(stopped_since(&mut conn, person).await?.is_some())),
            None => Ok(None),
        }
    }

    /// Whoever has the link of a letter has its person told nothing early from now on, or again. Where it is so already, nothing changes. Gives
    /// whether the link holds.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stop_reminders(&self, secret: &str, stop: bool) -> Result<bool, StoreError> {
        let Some(letter) = self.letter_of(secret).await? else { return Ok(false) };
        let mut tx = self.store.write().await?;
        let Some(person) = whose(&mut tx, letter).await? else { return Ok(false) };
        self.stop_for(tx, person, stop).await?;
        Ok(true)
    }

    /// Whether somebody is told nothing early.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_stopped_own_reminders(&self, person: &Person) -> Result<bool, StoreError> {
        Ok(stopped_since(&mut self.store.read().await?, person.id).await?.is_some())
    }

    /// Somebody is told nothing early from now on, or again, as they say themselves. Where it is so already, nothing changes.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stop_own_reminders(&self, person: &Person, stop: bool) -> Result<(), StoreError> {
        self.stop_for(self.store.write_for(person.id).await?, person.id, stop).await
    }

    async fn stop_for(&self, mut tx: Tx, person: PersonId, stop: bool) -> Result<(), StoreError> {
        let now = self.clock.now();
        tx.lock_person(person).await?;
        match (stop, stopped_since(&mut tx, person).await?) {
            (true, None) => {
                let id: Uuid = self.new_id(now);
                change_one!(tx, sqlx::query(INSERT_STOP).bind(id).bind(person).bind(now))?;
            }
            (false, Some(_)) => drop(change!(tx, sqlx::query(END_STOP).bind(person).bind(now))?),
            (true, Some(_)) | (false, None) => {}
        }
        tx.commit().await
    }

    /// The letter that a link belongs to. `None`: nobody here made it.
    async fn letter_of(&self, secret: &str) -> Result<Option<LetterId>, StoreError> {
        let Some(letter) = secret.get(..32).and_then(LetterId::parse) else { return Ok(None) };
        let right = secret_of(self.installation_key().await?, letter);
        // Each byte is looked at, so that the time says nothing of how many are right.
        let differs = right.bytes().zip(secret.bytes()).fold(0, |differs, (one, other)| differs | (one ^ other));
        Ok((differs == 0 && right.len() == secret.len()).then_some(letter))
    }
}

fn secret_of(key: &InstallationKey, letter: LetterId) -> String {
    let letter = letter.0.simple().to_string();
    let digest = key.digest("stop reminders", &letter).to_string();
    format!("{letter}{}", digest.get(..32).unwrap_or_default())
}

async fn whose(on_what: &mut impl Linked, letter: LetterId) -> Result<Option<PersonId>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_WHOSE).bind(letter).fetch_optional(conn).await)
}

/// Since when somebody is told nothing early. `None`: they are.
pub(super) async fn stopped_since(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_STOP).bind(person).fetch_optional(conn).await)
}
