//! Passkeys: what a device or a password manager signs in with once somebody has unlocked it, in place of a password and a code.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Person;
use crate::{
    engine::Engine,
    ground::{InstallationKey, PasskeyId, PersonId},
    store::{Linked, StoreError, Tx, change, on},
};

/// A passkey of somebody's, as they see it themselves.
#[derive(sqlx::FromRow, Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    /// Which.
    pub id: PasskeyId,
    /// What they call it.
    pub name: String,
    /// When they added it.
    pub since: DateTime<Utc>,
    /// When it last let them in. `None`: it never did.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What a browser is asked, and the same sealed, which comes back with its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyQuestion {
    /// What is to be signed, in base64url. Each is asked once.
    pub challenge: String,
    /// The same with when it was asked; nobody but the engine can read or make it.
    pub sealed: String,
}

impl std::fmt::Debug for PasskeyQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasskeyQuestion(…)")
    }
}

/// As long as it takes somebody to find their key.
const HOLDS: TimeDelta = TimeDelta::minutes(10);

const FIND_OWN: &str =
    "SELECT id, name, made_at AS since, last_used_at FROM passkey WHERE person_id = $1 ORDER BY made_at, id";

const HAS_PASSKEY: &str = "SELECT COUNT(*) FROM passkey WHERE id = $1 AND person_id = $2";

const DELETE_PASSKEYS: &str = "DELETE FROM passkey WHERE person_id = $1";

#[derive(Serialize, Deserialize)]
struct Question {
    challenge: String,
    /// By the steady time.
    asked_at: DateTime<Utc>,
}

/// For what a question was asked: one for the one answers nothing for the other.
#[derive(Clone, Copy)]
pub(super) enum For {
    SigningIn,
    Adding(PersonId),
}

impl For {
    fn kind(self) -> &'static str {
        match self {
            Self::SigningIn => "passkey to sign in",
            Self::Adding(_) => "passkey to add",
        }
    }

    fn owner(self) -> String {
        match self {
            Self::SigningIn => String::new(),
            Self::Adding(person) => person.to_string(),
        }
    }
}

/// Whether somebody still has a passkey.
pub(super) async fn has_passkey(
    on_what: &mut impl Linked,
    person: PersonId,
    passkey: PasskeyId,
) -> Result<bool, StoreError> {
    let found: i64 = on!(on_what.link(), conn => sqlx::query_scalar(HAS_PASSKEY)
        .bind(passkey).bind(person).fetch_one(conn).await)?;
    Ok(found > 0)
}

/// Takes away all of somebody's passkeys, in a transaction that has locked them; says how many those were.
pub(super) async fn end_passkeys_of(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    change!(tx, sqlx::query(DELETE_PASSKEYS).bind(person))
}

/// Bytes as forms, pages and the database write them.
pub(super) fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// By what authenticators know somebody: it says nothing of them to anybody, and is the same for each of their passkeys here.
pub(super) fn user_handle(key: &InstallationKey, person: PersonId) -> [u8; 32] {
    key.digest("passkeys of", &person.to_string()).0
}

impl Engine {
    /// The passkeys of somebody, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own_passkeys(&self, person: &Person) -> Result<Vec<OwnPasskey>, StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_as(FIND_OWN).bind(person.id).fetch_all(conn).await)
    }

    /// A question for a browser.
    pub(super) async fn question(&self, what_for: For) -> Result<PasskeyQuestion, StoreError> {
        let mut random = [0; 32];
        self.chance.fill(&mut random);
        let challenge = written(&random);
        let question = Question { challenge: challenge.clone(), asked_at: self.steady_now() };
        let text = serde_json::to_string(&question).map_err(|_| StoreError::unreadable("question to a passkey"))?;
        let sealed = self.installation_key().await?.seal(&*self.chance, what_for.kind(), &what_for.owner(), &text);
        let sealed = sealed.ok_or_else(|| StoreError::unreadable("question to a passkey"))?;
        Ok(PasskeyQuestion { challenge, sealed })
    }

    /// The challenge of a question. `None`: it was not asked here for this, or too long ago.
    pub(super) fn challenge_of(&self, key: &InstallationKey, what_for: For, sealed: &str) -> Option<String> {
        let text = key.open(what_for.kind(), &what_for.owner(), sealed)?;
        let question: Question = serde_json::from_str(&text).ok()?;
        (self.steady_now() < question.asked_at + HOLDS).then_some(question.challenge)
    }
}
