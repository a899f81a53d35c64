use super::{
    add_person::readable_email,
    correct_details::find_details,
    create_token::end_tokens_of,
    find_person::find_by_email,
    leave::end_sessions,
    sign_in::account_digest,
    tell::tell,
    weak_password::{WeakPassword, check_password},
};
use crate::{
    engine::Engine,
    ground::{CredentialId, InstallationKey, PasswordError, PersonId},
    mail::LetterAbout,
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, change_one},
};

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// Nobody has that address.
    #[error("nobody has that e-mail address")]
    NoSuchPerson,
    /// The password is not taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const NOTE_SETTING: &str = "INSERT INTO password_set (id, person_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)";

const SET_PASSWORD: &str = "INSERT INTO password (person_id, set_id, phc) VALUES ($1, $2, $3) \
     ON CONFLICT (person_id) DO UPDATE SET set_id = excluded.set_id, phc = excluded.phc";

const FORGET_FAILURES_OF: &str = "DELETE FROM sign_in_failure WHERE account = $1";

impl Engine {
    /// Sets a new password, ends every session and every token of that person, and lets them in again at once if they had tried too
    /// often. Who set it is noted for ever.
    ///
    /// # Errors
    /// [`ResetPasswordError`] when there is no such person, or the password is too short.
    pub async fn reset_password(&self, email: &str, password: &str, by: Actor) -> Result<(), ResetPasswordError> {
        check_password(password, &[email, &self.catalogue().organisation.name])?;
        let email = readable_email(email).map_err(|_| ResetPasswordError::NoSuchPerson)?;
        // Before the transaction: the key may have to be read, and SQLite has one connection that writes.
        let key = self.installation_key().await?;
        let phc = self.hasher.hash(&*self.chance, password).await?;
        let mut tx = self.store.write().await?;
        let found = find_by_email(&mut tx, &email).await?;
        let person = found.ok_or(ResetPasswordError::NoSuchPerson)?;
        // Whoever is being let in with the old password must either be let in before, and is then put out, or not at all.
        tx.lock_person(person).await?;
        self.replace_password(&mut tx, key, person, &phc, by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, "a password was set anew; sessions and tokens ended");
        Ok(())
    }

    /// Sets somebody's password in a transaction that has locked them: sessions, tokens and failed tries of theirs end, and they are told.
    pub(super) async fn replace_password(
        &self,
        tx: &mut Tx,
        key: &InstallationKey,
        person: PersonId,
        phc: &str,
        by: Actor,
    ) -> Result<(), StoreError> {
        self.insert_password(tx, person, phc, by).await?;
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
        phc: &str,
        by: Actor,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let id = CredentialId(self.new_id(now));
        change_one!(tx, sqlx::query(NOTE_SETTING).bind(id).bind(person).bind(now).bind(by.to_string()))?;
        change_one!(tx, sqlx::query(SET_PASSWORD).bind(person).bind(id).bind(phc))
    }
}
