use super::{
    correct_details::find_details,
    create_token::end_tokens_of,
    leave::end_sessions,
    note_signed_out::SignedOutWith,
    sign_in::account_digest,
    tell::tell,
    way_in::{WayIn, WayInError},
};
use crate::{
    engine::Engine,
    ground::{CredentialId, InstallationKey, PersonId},
    mail::LetterAbout,
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, change_one},
};

const NOTE_SETTING: &str = "INSERT INTO password_set (id, person_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)";

const SET_PASSWORD: &str = "INSERT INTO password (person_id, set_id, phc, beside_factor) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (person_id) DO UPDATE SET set_id = excluded.set_id, phc = excluded.phc, beside_factor = excluded.beside_factor";

const TAKE_PASSWORD: &str = "DELETE FROM password WHERE person_id = $1";

const FORGET_FAILURES_OF: &str = "DELETE FROM sign_in_failure WHERE account = $1";

impl Engine {
    /// Takes somebody's password away and ends every session and every token of theirs. What comes of it is a link with which they choose another, because
    /// nobody chooses it for them. It holds as long as one for somebody who has a password.
    ///
    /// # Errors
    /// [`WayInError`]; nothing has been written.
    pub async fn reset_password(&self, person: PersonId, by: Actor) -> Result<WayIn, WayInError> {
        // Before the transaction: the key may have to be read, and SQLite has one connection that writes.
        let key = self.installation_key().await?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        // Whoever is being let in with the old password must either be let in before, and is then put out, or not at all.
        tx.lock_person(person).await?;
        let (way, _) = self.make_way_in(&mut tx, key, person, by).await?;
        change!(tx, sqlx::query(TAKE_PASSWORD).bind(person))?;
        end_sessions(&mut tx, person).await?;
        self.note_signed_out(&mut tx, person, SignedOutWith::Password, by).await?;
        end_tokens_of(&mut tx, person, self.clock.now(), by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, "a password was taken away, and a link to choose another made; sessions and tokens ended");
        Ok(way)
    }

    /// Sets somebody's password in a transaction that has locked them: sessions, tokens and failed tries of theirs end, and they are told.
    /// `beside_factor`: it is too short to be enough without the second factor that they have.
    pub(super) async fn replace_password(
        &self,
        tx: &mut Tx,
        key: &InstallationKey,
        person: PersonId,
        (phc, beside_factor): (&str, bool),
        by: Actor,
    ) -> Result<(), StoreError> {
        self.insert_password(tx, person, (phc, beside_factor), by).await?;
        end_sessions(tx, person).await?;
        end_tokens_of(tx, person, self.clock.now(), by).await?;
        let email = find_details(tx, person).await?.and_then(|details| details.email);
        if let Some(email) = email {
            change!(tx, sqlx::query(FORGET_FAILURES_OF).bind(account_digest(key, &email)))?;
        }
        let at = self.clock.now();
        tell(self, tx, person, by, |name| LetterAbout::PasswordSet { name, at }).await
    }

    /// Sets somebody's password, in place of the one that they had.
    pub(super) async fn insert_password(
        &self,
        tx: &mut Tx,
        person: PersonId,
        (phc, beside_factor): (&str, bool),
        by: Actor,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let id = CredentialId(self.new_id(now));
        change_one!(tx, sqlx::query(NOTE_SETTING).bind(id).bind(person).bind(now).bind(by.to_string()))?;
        change_one!(tx, sqlx::query(SET_PASSWORD).bind(person).bind(id).bind(phc).bind(beside_factor))
    }
}
