use super::{
    Person,
    passkey::{For, PasskeyQuestion, user_handle, written},
    sign_in::{Caller, SignInError, still_counts},
    sign_on::serves_once,
    tell::tell_news,
};
use crate::{
    engine::Engine,
    ground::{
        Authenticator, Ceremony, PasskeyFault, PasskeyId, PasskeyKey, PasskeySite, TextFault, check_client_data,
        typed_line,
    },
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, change_one, on},
};

/// What a browser needs to make a passkey.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyWanted {
    /// What it is asked.
    pub question: PasskeyQuestion,
    /// By what authenticators know whose it is, in base64url.
    pub user: String,
    /// The passkeys that they have, in base64url, so that none is made twice on a device.
    pub known: Vec<String>,
    /// Which kinds of key are taken, the first one rather.
    pub kinds: &'static [i64],
}

/// What a browser says of a passkey that it has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyMade {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `authenticatorData`.
    pub authenticator: Vec<u8>,
}

/// Why no passkey was added. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AddPasskeyError {
    /// What they call it cannot be used.
    #[error("what it is called cannot be used: {0}")]
    Name(TextFault),
    /// Their password was not typed right, or was tried too often.
    #[error(transparent)]
    Password(#[from] SignInError),
    /// It took too long, or was sent before.
    #[error("it took too long, or was sent before")]
    TooLate,
    /// What the browser said does not count.
    #[error(transparent)]
    Fault(#[from] PasskeyFault),
    /// They have as many as anybody may, or this one already.
    #[error("they have it already, or as many as anybody may")]
    TooMany,
    /// People sign in with an account of their organisation, and with nothing else.
    #[error("people sign in with an account of their organisation here, and with nothing else")]
    SignOnOnly,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// How many passkeys somebody has at most.
const MOST: i64 = 20;

/// How long what somebody calls one may be.
const LONGEST_NAME: usize = 60;

const FIND_CREDENTIALS: &str = "SELECT credential_id FROM passkey WHERE person_id = $1";

const COUNT_LIKE_IT: &str = "SELECT (SELECT COUNT(*) FROM passkey WHERE person_id = $1), \
     (SELECT COUNT(*) FROM passkey WHERE credential_id = $2)";

const INSERT_PASSKEY: &str = "INSERT INTO passkey (id, person_id, credential_id, public_key, name, sign_count, made_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

impl Engine {
    /// What a browser needs to make a passkey for somebody who is signed in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn want_passkey(&self, person: &Person) -> Result<PasskeyWanted, StoreError> {
        let key = self.installation_key().await?;
        let known: Vec<String> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_scalar(FIND_CREDENTIALS).bind(person.id).fetch_all(conn).await)?
        };
        let question = self.question(For::Adding(person.id)).await?;
        Ok(PasskeyWanted { question, user: written(&user_handle(key, person.id)), known, kinds: &PasskeyKey::KINDS })
    }

    /// Somebody who is signed in, and types their password, adds a passkey that their browser has made: from now on it lets them in. They are told by
    /// letter.
    ///
    /// # Errors
    /// [`AddPasskeyError`]; a wrong password counts as a try to sign in does.
    pub async fn add_passkey(
        &self,
        person: &Person,
        (name, password): (&str, &str),
        (sealed, made): (&str, &PasskeyMade),
        site: &PasskeySite,
        caller: impl Into<Caller>,
    ) -> Result<PasskeyId, AddPasskeyError> {
        if self.sign_on_only() {
            return Err(AddPasskeyError::SignOnOnly);
        }
        let name = typed_line(name, LONGEST_NAME).map_err(AddPasskeyError::Name)?;
        let key = self.installation_key().await?;
        let challenge = self.challenge_of(key, For::Adding(person.id), sealed).ok_or(AddPasskeyError::TooLate)?;
        check_client_data(&made.client_data, Ceremony::Make, &challenge, site)?;
        let authenticator = Authenticator::read(&made.authenticator, site)?;
        let (credential, public_key) = authenticator.made.ok_or(PasskeyFault::Unreadable)?;
        let (credential, public_key) = (written(credential), PasskeyKey::from_cose(public_key)?);
        let shown = self.confirm_password(person, password, caller).await?;
        let now = self.clock.now();
        let id = PasskeyId(self.new_id(now));
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if !still_counts(&mut tx, person.id, &shown).await? {
            return Err(SignInError::Wrong.into());
        }
        if !serves_once(self, &mut tx, &challenge).await? {
            return Err(AddPasskeyError::TooLate);
        }
        let (theirs, like_it): (i64, i64) = on!(tx.link(), conn => sqlx::query_as(COUNT_LIKE_IT)
            .bind(person.id).bind(&credential).fetch_one(conn).await)?;
        if theirs >= MOST || like_it > 0 {
            return Err(AddPasskeyError::TooMany);
        }
        change_one!(
            tx,
            sqlx::query(INSERT_PASSKEY)
                .bind(id)
                .bind(person.id)
                .bind(&credential)
                .bind(public_key.to_string())
                .bind(name)
                .bind(i64::from(authenticator.count))
                .bind(now)
        )?;
        tell_news(self, &mut tx, person.id, Actor::Person(person.id), SignInNews::PasskeyAdded).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a passkey was added by its owner");
        Ok(id)
    }
}
