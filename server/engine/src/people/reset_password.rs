use super::{add_person::readable_email, create_token::end_tokens_of, find_person::find_by_email};
use crate::{
    engine::Engine,
    ground::{CredentialId, PasswordError, PersonId},
    mail::{LetterAbout, NewLetter},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// Nobody has that address.
    #[error("nobody has that e-mail address")]
    NoSuchPerson,
    /// The password has fewer than 12 characters.
    #[error("the password must have at least 12 characters")]
    ShortPassword,
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// NCSC and NIST SP 800-63B ask for length, not for kinds of character.
pub(crate) const SHORTEST_PASSWORD: usize = 12;

const NOTE_SETTING: &str = "INSERT INTO password_set (id, person_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)";

const SET_PASSWORD: &str = "INSERT INTO password (person_id, set_id, phc) VALUES ($1, $2, $3) \
     ON CONFLICT (person_id) DO UPDATE SET set_id = excluded.set_id, phc = excluded.phc";

const FIND_NAME: &str = "SELECT name FROM person_detail WHERE person_id = $1";

const END_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1";

pub(super) const FORGET_FAILURES_OF: &str = "DELETE FROM sign_in_failure WHERE account = $1";

impl Engine {
    /// Sets a new password, ends every session and every token of that person, and lets them in again at once if they had tried too
    /// often. Who set it is noted for ever.
    ///
    /// # Errors
    /// [`ResetPasswordError`] when there is no such person, or the password is too short.
    pub async fn reset_password(&self, email: &str, password: &str, by: Actor) -> Result<(), ResetPasswordError> {
        if password.chars().count() < SHORTEST_PASSWORD {
            return Err(ResetPasswordError::ShortPassword);
        }
        let email = readable_email(email).map_err(|_| ResetPasswordError::NoSuchPerson)?;
        let account = self.account(&email).await?;
        let phc = self.hasher.hash(&*self.chance, password).await?;
        let mut tx = self.store.write().await?;
        let found = find_by_email(&mut tx, &email).await?;
        let person = found.ok_or(ResetPasswordError::NoSuchPerson)?;
        // Whoever is being let in with the old password must either be let in before, and is then put out, or not at all.
        tx.lock_person(person).await?;
        self.insert_password(&mut tx, person, &phc, by).await?;
        let sessions = change!(tx, sqlx::query(END_SESSIONS).bind(person))?;
        let tokens = end_tokens_of(&mut tx, person, self.clock.now(), by).await?;
        change!(tx, sqlx::query(FORGET_FAILURES_OF).bind(&account))?;
        let name: Option<String> =
            on!(tx.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)?;
        self.tell_of_password(&mut tx, person, (name.as_deref().unwrap_or_default(), &email), by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, sessions, tokens, "a password was set anew; sessions and tokens ended");
        Ok(())
    }

    /// Tells somebody by letter that their password is another one, where there is a mail server: whoever did not choose it hears of it.
    pub(super) async fn tell_of_password(
        &self,
        tx: &mut Tx,
        person: PersonId,
        (name, email): (&str, &str),
        by: Actor,
    ) -> Result<(), StoreError> {
        if !self.sends_letters() {
            return Ok(());
        }
        let about = LetterAbout::PasswordSet { name: name.to_owned(), at: self.clock.now() };
        self.write_letter(tx, &NewLetter { person, address: email, about: &about, instead_of: None }, by).await
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
