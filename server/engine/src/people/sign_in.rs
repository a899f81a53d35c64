use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    add_person::readable_email, device::Device, passkey::has_passkey, person::Person,
    second_factor::factor_that_counts, sign_in_with_code::HalfSignedIn, try_sign_in::Try,
};
use crate::{
    engine::Engine,
    ground::{CredentialId, FactorId, InstallationKey, PasskeyId, PasswordError, PersonId, TextFault},
    store::{Linked, StoreError, on},
};

/// Why nobody was signed in. Only to whoever knows the password does any of these say whether there is such an account.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong; or the code.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// The password is right, and a code of their second factor is wanted besides it: [`Engine::sign_in_with_code`] goes on.
    #[error("a code is wanted besides the password")]
    WantsCode(HalfSignedIn),
    /// The address has a character that nobody can see, and so it is nobody's.
    #[error("the e-mail address cannot be used: {0}")]
    Unreadable(TextFault),
    /// Too many tries have failed; the next is allowed at `retry_at`.
    #[error("too many tries")]
    TooMany {
        /// When to try again, by the clock.
        retry_at: DateTime<Utc>,
    },
    /// So many codes were wrong that none of the phone is taken any more: a recovery code is, or a code on a device with which they signed in before.
    #[error("too many codes were wrong: a recovery code is wanted")]
    CodesUsedUp,
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
    /// By what: [`SignedIn::WITH_PASSWORD`], [`SignedIn::WITH_CODE`], [`SignedIn::WITH_PASSKEY`] or [`SignedIn::WITH_SIGN_ON`].
    pub method: String,
    /// When they last did, for the record.
    pub at: DateTime<Utc>,
    /// The same moment by [`Engine::steady_now`], by which it is told how long ago that was.
    pub steady_at: DateTime<Utc>,
    /// Whether they showed at that moment who they are. `false`: their organisation let them in because it knew them still, and when they last
    /// showed it there we do not know.
    pub anew: bool,
    /// Which password it was. `None`: it was something else.
    pub credential: Option<CredentialId>,
    /// Which second factor they showed besides it. `None`: none.
    pub factor: Option<FactorId>,
    /// Which passkey it was. `None`: it was none.
    pub passkey: Option<PasskeyId>,
}

impl SignedIn {
    /// By a password alone.
    pub const WITH_PASSWORD: &'static str = "password";
    /// By a password and a code of a second factor.
    pub const WITH_CODE: &'static str = "password+code";
    /// By a passkey, which somebody unlocked.
    pub const WITH_PASSKEY: &'static str = "passkey";
    /// By an account of their organisation (OpenID Connect).
    pub const WITH_SIGN_ON: &'static str = "sign-on";

    /// A signature needs somebody who has shown who they are within this time.
    pub const FRESH: TimeDelta = TimeDelta::minutes(10);

    /// The same once a second factor has been shown as well. Nothing is changed for who did not come by a password.
    #[must_use]
    pub fn with_factor(self, factor: FactorId) -> Self {
        if self.credential.is_none() {
            return self;
        }
        Self { method: Self::WITH_CODE.to_owned(), factor: Some(factor), ..self }
    }
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

const FIND_PASSWORD: &str = "SELECT w.person_id, w.set_id, w.phc, w.beside_factor FROM person_detail d JOIN password w ON w.person_id = d.person_id \
     WHERE d.email = $1";

const FIND_PASSWORD_OF: &str = "SELECT person_id, set_id, phc, beside_factor FROM password WHERE person_id = $1";

const FIND_CREDENTIAL: &str = "SELECT set_id FROM password WHERE person_id = $1";

#[derive(sqlx::FromRow)]
struct Password {
    person_id: PersonId,
    set_id: CredentialId,
    phc: String,
    /// It is not enough alone.
    beside_factor: bool,
}

impl Engine {
    /// Finds the person that an e-mail address and a password belong to. Failures are limited by account, by place and by device; a try
    /// that is under way is no failure yet. Once the password is being verified, that is finished, whatever becomes of whoever asked.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] and [`SignInError::TooMany`] alike for accounts that exist and that don't;
    /// [`SignInError::Unreadable`] for what can be nobody's address; [`SignInError::WantsCode`] when the password is right and they have a second
    /// factor.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        caller: impl Into<Caller>,
    ) -> Result<Verified, SignInError> {
        let email = match readable_email(email) {
            Ok(email) => email,
            Err(TextFault::Empty | TextFault::TooLong { .. }) => return Err(SignInError::Wrong),
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
        if factor_that_counts(&mut self.store.read().await?, person.id).await?.is_some() {
            return Err(SignInError::WantsCode(self.half_signed_in(person.id, found.set_id, account).await?));
        }
        // It went with the factor; a database that says otherwise lets nobody in by half.
        if found.beside_factor {
            return Err(SignInError::Wrong);
        }
        let device = caller.device.unwrap_or_else(|| Device::new(&*self.chance)).with(key, &account);
        Ok(Verified { person, signed_in: self.shown_now(found.set_id), device, browser: caller.browser })
    }

    /// Whether this is the password of somebody who is signed in already: asked again before a signature.
    ///
    /// # Errors
    /// As [`Engine::sign_in`], but that no code is asked for.
    pub async fn confirm_password(
        &self,
        person: &Person,
        password: &str,
        caller: impl Into<Caller>,
    ) -> Result<SignedIn, SignInError> {
        let known_device = Some(self.where_they_are_signed_in(person.id).await?);
        let account = self.installation_key().await?.digest("person", &person.id.to_string()).to_string();
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

    /// What stands for every device on which somebody is signed in: what is asked of them there counts apart from what strangers try.
    pub(super) async fn where_they_are_signed_in(&self, person: PersonId) -> Result<String, StoreError> {
        Ok(self.installation_key().await?.digest("where they are signed in", &person.to_string()).to_string())
    }

    pub(super) async fn place(&self, caller: &Caller) -> Result<String, StoreError> {
        Ok(self.installation_key().await?.digest("place", &caller.place).to_string())
    }

    pub(super) fn shown_now(&self, credential: CredentialId) -> SignedIn {
        SignedIn {
            method: SignedIn::WITH_PASSWORD.to_owned(),
            at: self.clock.now(),
            steady_at: self.steady_now(),
            anew: true,
            credential: Some(credential),
            factor: None,
            passkey: None,
        }
    }
}

/// What stands for an account, by its readable address.
pub(super) fn account_digest(key: &InstallationKey, email: &str) -> String {
    key.digest("account", email).to_string()
}

/// Whether what somebody showed lets them in at this moment: a password that still is theirs, and with it the second factor that they have; or a passkey
/// that still is.
pub(super) async fn lets_in(
    on_what: &mut impl Linked,
    person: PersonId,
    signed_in: &SignedIn,
) -> Result<bool, StoreError> {
    if !still_counts(on_what, person, signed_in).await? {
        return Ok(false);
    }
    Ok(signed_in.credential.is_none() || factor_that_counts(on_what, person).await? == signed_in.factor)
}

/// Whether what somebody showed still is theirs to show. Inside a transaction that has locked the person, it stays so until that ends.
pub(crate) async fn still_counts(
    on_what: &mut impl Linked,
    person: PersonId,
    signed_in: &SignedIn,
) -> Result<bool, StoreError> {
    if let Some(passkey) = signed_in.passkey {
        return has_passkey(on_what, person, passkey).await;
    }
    if signed_in.credential.is_none() {
        return Ok(true);
    }
    let current: Option<CredentialId> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_CREDENTIAL)
        .bind(person).fetch_optional(conn).await)?;
    Ok(current == signed_in.credential)
}
