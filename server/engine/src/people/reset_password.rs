use chrono::{DateTime, Utc};

use super::add_person::plain_email;
use crate::{
    engine::Engine,
    ground::{PasswordError, PersonId},
    store::{Linked, StoreError, Tx, change, change_one, on},
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

const FIND_PERSON_BY_EMAIL: &str = "SELECT person_id FROM person_detail WHERE email = $1";

const SET_PASSWORD: &str = "INSERT INTO password (person_id, phc, changed_at) VALUES ($1, $2, $3) \
     ON CONFLICT (person_id) DO UPDATE SET phc = excluded.phc, changed_at = excluded.changed_at";

const END_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1";

/// Sets somebody's password, in place of the one that they had.
pub(crate) async fn insert_password(
    tx: &mut Tx,
    person: PersonId,
    phc: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    change_one!(tx, sqlx::query(SET_PASSWORD).bind(person).bind(phc).bind(now))
}

impl Engine {
    /// Sets a new password and ends every session of that person.
    ///
    /// # Errors
    /// [`ResetPasswordError`] when there is no such person, or the password is too short.
    pub async fn reset_password(&self, email: &str, password: &str) -> Result<(), ResetPasswordError> {
        if password.chars().count() < SHORTEST_PASSWORD {
            return Err(ResetPasswordError::ShortPassword);
        }
        let phc = self.hasher.hash(&*self.chance, password).await?;
        let mut tx = self.store.write().await?;
        let found: Option<PersonId> = on!(tx.link(), conn => sqlx::query_scalar(FIND_PERSON_BY_EMAIL)
            .bind(plain_email(email)).fetch_optional(conn).await)?;
        let person = found.ok_or(ResetPasswordError::NoSuchPerson)?;
        insert_password(&mut tx, person, &phc, self.clock.now()).await?;
        change!(tx, sqlx::query(END_SESSIONS).bind(person))?;
        tx.commit().await?;
        Ok(())
    }
}
