use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{add_person::readable_email, device::Device, person::Person, try_sign_in::Try};
use crate::{
    engine::Engine,
    ground::{CredentialId, InstallationKey, PasswordError, PersonId, TextFault},
    store::{Linked, StoreError, on},
};

/// Why nobody was signed in. None of these says whether there is such an account.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// The address has a character that nobody can see, and so it is nobody's.
    #[error("the e-mail address cannot be used: {0}")]
    Unreadable(TextFault),
    /// Too many tries have failed; the next is allowed at `retry_at`.
    #[error("too many tries")]
    TooMany {
        /// When to try again, by the clock.
        retry_at: DateTime<Utc>,
    },
    /// Too many people are signing in at this moment, or hashing failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Where a try to sign in comes from.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The place in the network: many people may share it.
    pub place: String,
    /// What the browser has kept since somebody signed in with it. `None`: nobody has.
    pub device: Option<Device>,
    /// What browser it says that it is, in words. Empty: it does not say.
    pub browser: String,
}

impl From<&str> for Caller {
    /// From a place, with a device that is not known.
    fn from(place: &str) -> Self {
        Self { place: place.to_owned(), ..Self::default() }
    }
}

/// How and when somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// By what: `password` so far.
    pub method: String,
    /// When they last did, for the record.
    pub at: DateTime<Utc>,
    /// The same moment by [`Engine::steady_now`], by which it is told how long ago that was.
    pub steady_at: DateTime<Utc>,
    /// Which password it was. `None`: it was something else.
    pub credential: Option<CredentialId>,
}

/// Somebody whose password was right. A session can be begun with this, unless the password has been changed by then.
#[derive(Clone)]
pub struct Verified {
    /// Who it is.
    pub person: Person,
    /// How they showed it.
    pub signed_in: SignedIn,
    /// What their browser is to keep once the session has begun.
    pub device: Device,
    /// What browser it says that it is, in words, so that they recognise the session.
    pub browser: String,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("person", &self.person.id).finish_non_exhaustive()
    }
}

const FIND_PASSWORD: &str = "SELECT w.person_id, w.set_id, w.phc FROM person_detail d JOIN password w ON w.person_id = d.person_id \
     WHERE d.email = $1";

const FIND_PASSWORD_OF: &str = "SELECT person_id, set_id, phc FROM password WHERE person_id = $1";

const FIND_CREDENTIAL: &str = "SELECT set_id FROM password WHERE person_id = $1";

#[derive(sqlx::FromRow)]
struct Password {
    person_id: PersonId,
    set_id: CredentialId,
    phc: String,
}

impl Engine {
    /// Finds the person that an e-mail address and a password belong to. Failures are limited by account, by place and by device; a try
    /// that is under way is no failure yet. Once the password is being verified, that is finished, whatever becomes of whoever asked.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] and [`SignInError::TooMany`] alike for accounts that exist and that don't;
    /// [`SignInError::Unreadable`] for what can be nobody's address.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        caller: impl Into<Caller>,
    ) -> Result<Verified, SignInError> {
        let email = match readable_email(email) {
            Ok(email) => email,
            Err(TextFault::Empty | TextFault::TooLong(_)) => return Err(SignInError::Wrong),
            Err(fault) => return Err(SignInError::Unreadable(fault)),
        };
        let caller = caller.into();
        let key = self.installation_key().await?;
        let account = self.account(&email).await?;
        let known = caller.device.as_ref().filter(|device| device.knows(key, &account));
        let known_device = known.map(|device| device.digest(key));
        let made = Try { account: account.clone(), place: self.place(&caller).await?, known_device };
        let admitted = self.admit(made).await?;
        let found: Option<Password> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(FIND_PASSWORD).bind(&email).fetch_optional(conn).await)?
        };
        self.verify(admitted, password, found.as_ref().map(|found| found.phc.clone())).await?;
        let found = found.ok_or(SignInError::Wrong)?;
        let person = self.person(found.person_id).await?.ok_or(SignInError::Wrong)?;
        let device = caller.device.unwrap_or_else(|| Device::new(&*self.chance)).with(key, &account);
        Ok(Verified { person, signed_in: self.shown_now(found.set_id), device, browser: caller.browser })
    }

    /// Whether this is the password of somebody who is signed in already: asked again before a signature.
    ///
    /// # Errors
    /// As [`Engine::sign_in`].
    pub async fn confirm_password(
        &self,
        person: &Person,
        password: &str,
        caller: impl Into<Caller>,
    ) -> Result<SignedIn, SignInError> {
        let key = self.installation_key().await?;
        let id = person.id.to_string();
        // They are signed in on it.
        let known_device = Some(key.digest("where they are signed in", &id).to_string());
        let account = key.digest("person", &id).to_string();
        let admitted = self.admit(Try { account, place: self.place(&caller.into()).await?, known_device }).await?;
        let found: Option<Password> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(FIND_PASSWORD_OF).bind(person.id).fetch_optional(conn).await)?
        };
        self.verify(admitted, password, found.as_ref().map(|found| found.phc.clone())).await?;
        let found = found.ok_or(SignInError::Wrong)?;
        tracing::info!(target: "security", person = %found.person_id, "the password was asked for again, and it was right");
        Ok(self.shown_now(found.set_id))
    }

    /// What stands for an account in the database and in the log.
    pub(super) async fn account(&self, email: &str) -> Result<String, StoreError> {
        Ok(account_digest(self.installation_key().await?, email))
    }

    async fn place(&self, caller: &Caller) -> Result<String, StoreError> {
        Ok(self.installation_key().await?.digest("place", &caller.place).to_string())
    }

    fn shown_now(&self, credential: CredentialId) -> SignedIn {
        SignedIn {
            method: "password".to_owned(),
            at: self.clock.now(),
            steady_at: self.steady_now(),
            credential: Some(credential),
        }
    }
}

/// What stands for an account, by its readable address.
pub(super) fn account_digest(key: &InstallationKey, email: &str) -> String {
    key.digest("account", email).to_string()
}

/// Whether what somebody showed still is theirs to show. Inside a transaction that has locked the person, it stays so until that ends.
pub(crate) async fn still_counts(
    on_what: &mut impl Linked,
    person: PersonId,
    signed_in: &SignedIn,
) -> Result<bool, StoreError> {
    if signed_in.credential.is_none() {
        return Ok(true);
    }
    let current: Option<CredentialId> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_CREDENTIAL)
        .bind(person).fetch_optional(conn).await)?;
    Ok(current == signed_in.credential)
}
