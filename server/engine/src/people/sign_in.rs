use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{add_person::plain_email, person::Person};
use crate::ground::PasswordError;
use crate::{
    engine::Engine,
    ground::{PersonId, Sha256Digest},
    store::{Link, Linked, StoreError, change, change_one, on},
};

/// Failures are counted over this span.
const SPAN: TimeDelta = TimeDelta::minutes(15);
/// For one account from one network address.
const MOST_FOR_ACCOUNT_AND_ORIGIN: i64 = 10;
/// For one account from anywhere: higher, so that a stranger cannot easily lock somebody out.
const MOST_FOR_ACCOUNT: i64 = 50;
/// From one network address: a whole class sits behind one.
const MOST_FOR_ORIGIN: i64 = 200;

/// Why nobody was signed in. None of these says whether there is such an account.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// Too many tries have failed; the next is allowed at `retry_at`.
    #[error("too many tries")]
    TooMany {
        /// When to try again.
        retry_at: DateTime<Utc>,
    },
    /// Too many people are signing in at this moment, or hashing failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_PASSWORD: &str = "SELECT d.person_id, w.phc FROM person_detail d JOIN password w ON w.person_id = d.person_id \
     WHERE d.email = $1";

const FIND_PASSWORD_OF: &str = "SELECT phc FROM password WHERE person_id = $1";

const COUNT_FAILURES: &str = "SELECT \
     COUNT(CASE WHEN account = $1 AND origin = $2 THEN 1 END), \
     COUNT(CASE WHEN account = $1 THEN 1 END), \
     COUNT(CASE WHEN origin = $2 THEN 1 END) \
     FROM sign_in_failure WHERE (account = $1 OR origin = $2) AND failed_at > $3";

const INSERT_FAILURE: &str = "INSERT INTO sign_in_failure (id, account, origin, failed_at) VALUES ($1, $2, $3, $4)";

const DELETE_FAILURE: &str = "DELETE FROM sign_in_failure WHERE id = $1";

const FORGET_FAILURES: &str = "DELETE FROM sign_in_failure WHERE failed_at < $1";

/// Who tries to sign in from where, as digests: neither address is kept.
struct Try {
    account: String,
    origin: String,
}

impl Engine {
    /// Finds the person that an e-mail address and a password belong to. `origin` is the network address that they come
    /// from; failures are limited by account, by origin and by both.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] and [`SignInError::TooMany`] alike for accounts that exist and that don't.
    pub async fn sign_in(&self, email: &str, password: &str, origin: &str) -> Result<Person, SignInError> {
        let email = plain_email(email);
        let attempt = Try { account: digest("account", &email), origin: digest("origin", origin) };
        let noted = self.note_try(&attempt).await?;
        let found: Option<(PersonId, String)> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(FIND_PASSWORD).bind(&email).fetch_optional(conn).await)?
        };
        let (id, hash) = found.unzip();
        let right = self.verify_noted(noted, password, hash).await?;
        let person = match id {
            Some(id) if right => self.person(id).await?,
            _ => None,
        };
        person.ok_or(SignInError::Wrong)
    }

    /// Whether this is the password of somebody who is signed in already: asked again before a signature.
    ///
    /// # Errors
    /// As [`Engine::sign_in`].
    pub async fn confirm_password(&self, person: &Person, password: &str, origin: &str) -> Result<(), SignInError> {
        let attempt = Try { account: digest("person", &person.id.to_string()), origin: digest("origin", origin) };
        let noted = self.note_try(&attempt).await?;
        let hash: Option<String> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_scalar(FIND_PASSWORD_OF).bind(person.id).fetch_optional(conn).await)?
        };
        if self.verify_noted(noted, password, hash).await? { Ok(()) } else { Err(SignInError::Wrong) }
    }

    /// Notes a try as a failure before its password is looked at. Otherwise, as many tries as are sent at once would all
    /// be let through before the first of them has failed.
    async fn note_try(&self, attempt: &Try) -> Result<Uuid, SignInError> {
        let now = self.clock.now();
        let id = self.new_id(now);
        let mut tx = self.store.write().await?;
        tx.lock_counting_failures().await?;
        refuse_after_too_many(tx.link(), attempt, now).await?;
        change_one!(tx, sqlx::query(INSERT_FAILURE).bind(id).bind(&attempt.account).bind(&attempt.origin).bind(now))?;
        change!(tx, sqlx::query(FORGET_FAILURES).bind(now - TimeDelta::days(1)))?;
        tx.commit().await?;
        Ok(id)
    }

    /// Whether the password is the one that was hashed. A try that did not fail is no longer noted as one.
    async fn verify_noted(&self, noted: Uuid, password: &str, hash: Option<String>) -> Result<bool, SignInError> {
        let outcome = self.hasher.verify(password, hash).await;
        if !matches!(outcome, Ok(false)) {
            let mut tx = self.store.write().await?;
            change!(tx, sqlx::query(DELETE_FAILURE).bind(noted))?;
            tx.commit().await?;
        }
        Ok(outcome?)
    }
}

async fn refuse_after_too_many(link: Link<'_>, attempt: &Try, now: DateTime<Utc>) -> Result<(), SignInError> {
    let (both, account, origin): (i64, i64, i64) = on!(link, conn => sqlx::query_as(COUNT_FAILURES)
        .bind(&attempt.account).bind(&attempt.origin).bind(now - SPAN).fetch_one(conn).await)?;
    if both >= MOST_FOR_ACCOUNT_AND_ORIGIN || account >= MOST_FOR_ACCOUNT || origin >= MOST_FOR_ORIGIN {
        return Err(SignInError::TooMany { retry_at: now + SPAN });
    }
    Ok(())
}

fn digest(kind: &str, text: &str) -> String {
    Sha256Digest::of(format!("induct sign-in {kind}\n{text}").as_bytes()).to_string()
}
