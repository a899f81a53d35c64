use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    add_person::readable_email,
    correct_details::find_details,
    device::Device,
    find_person::find_by_email,
    leave::{end_sessions, find_duties},
    person::Person,
    sign_in::{Caller, SignedIn, Verified},
    tell::tell_news,
};
use crate::{
    engine::Engine,
    ground::{PersonId, Sha256Digest, composed, local_date},
    mail::SignInNews,
    record::{Actor, find_dossier, find_revisions},
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// What a browser keeps, sealed, while somebody signs in with their organisation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOnTry {
    /// What they come back with, so that nobody is signed in by a link of another's making.
    pub state: String,
    /// What the organisation's answer must hold, so that none serves twice.
    pub nonce: String,
    /// What only this browser's server knows, so that a code that is caught is of no use (RFC 7636).
    pub verifier: String,
    /// Where they were going.
    pub next: String,
    /// Whether they must show who they are, also where the organisation knows them still.
    pub anew: bool,
    /// By the steady time.
    begun_at: DateTime<Utc>,
}

impl SignOnTry {
    /// How long ago they went, by [`Engine::steady_now`].
    #[must_use]
    pub fn gone_for(&self, steady_now: DateTime<Utc>) -> TimeDelta {
        (steady_now - self.begun_at).max(TimeDelta::zero())
    }
}

impl fmt::Debug for SignOnTry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignOnTry(…)")
    }
}

/// As whom the organisation knows somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedOn {
    /// The organisation, as it calls itself.
    pub issuer: String,
    /// By what it knows them, for ever.
    pub subject: String,
    /// What this installation may know them by as the id of another system. `None`: it does not say.
    pub external_id: Option<String>,
    /// Their e-mail address, if it vouches for it.
    pub email: Option<String>,
}

impl fmt::Debug for SignedOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedOn(…)")
    }
}

/// Why nobody was signed in whom the organisation knows.
#[derive(Debug, thiserror::Error)]
pub enum SignOnError {
    /// They have come back by this very way before.
    #[error("this answer has been used before")]
    Used,
    /// Nobody here is known to be them.
    #[error("nobody here is known by that account")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// As long as it takes somebody to sign in elsewhere.
const HOLDS: TimeDelta = TimeDelta::minutes(15);

/// As much as a cookie may hold, with room for its name: browsers throw away whole what is longer, and nobody would come back.
const LARGEST: usize = 3800;

/// After this long nothing is left of a way back that was taken. It does not hold that long.
const KEPT: TimeDelta = TimeDelta::days(1);

const KIND: &str = "sign-on";

const USE_STATE: &str =
    "INSERT INTO sign_on_used (state_sha256, used_at) VALUES ($1, $2) ON CONFLICT (state_sha256) DO NOTHING";

const FORGET_STATES: &str = "DELETE FROM sign_on_used WHERE used_at < $1";

const FIND_BY_IDENTITY: &str = "SELECT person_id, ended_at FROM identity WHERE issuer = $1 AND subject = $2";

const FIND_BY_EXTERNAL_ID: &str = "SELECT person_id FROM person_detail WHERE external_id = $1";

const COUNT_AT_ISSUER: &str = "SELECT COUNT(*) FROM identity WHERE person_id = $1 AND issuer = $2";

/// Who began by a join code, and so with an address that they typed themselves.
const COUNT_OWN_BEGINNING: &str = "SELECT COUNT(*) FROM join_code_use u JOIN stay s ON s.person_id = u.person_id \
     WHERE u.person_id = $1 AND s.recorded_by = $2";

const INSERT_IDENTITY: &str =
    "INSERT INTO identity (issuer, subject, person_id, found_through, recorded_at) VALUES ($1, $2, $3, $4, $5)";

impl Engine {
    /// Somebody goes to sign in with their organisation: what their browser is sent away with, and the same sealed, for it to keep. Where they were
    /// going is shortened, to the address without its query or to their own page, if a browser could not keep it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begin_sign_on(&self, next: &str, anew: bool) -> Result<(SignOnTry, String), StoreError> {
        let random = || {
            let mut bytes = [0; 32];
            self.chance.fill(&mut bytes);
            hex::encode(bytes)
        };
        let (state, nonce, verifier) = (random(), random(), random());
        let mut begun = SignOnTry { state, nonce, verifier, next: next.to_owned(), anew, begun_at: self.steady_now() };
        let key = self.installation_key().await?;
        let path = next.split(['?', '#']).next().unwrap_or_default();
        for shorter in [Some(path), Some("/"), None] {
            let text = serde_json::to_string(&begun).map_err(|_| StoreError::unreadable("sign-on"))?;
            let sealed = key.seal(&*self.chance, KIND, "", &text).ok_or_else(|| StoreError::unreadable("sign-on"))?;
            match shorter {
                Some(shorter) if sealed.len() > LARGEST => shorter.clone_into(&mut begun.next),
                _ => return Ok((begun, sealed)),
            }
        }
        Err(StoreError::unreadable("sign-on"))
    }

    /// What [`Engine::begin_sign_on`] sealed. `None`: it is no such thing, or a quarter of an hour old.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begun_sign_on(&self, sealed: &str) -> Result<Option<SignOnTry>, StoreError> {
        let text = self.installation_key().await?.open(KIND, "", sealed);
        let begun: Option<SignOnTry> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(begun.filter(|begun| self.steady_now() < begun.begun_at + HOLDS))
    }

    /// The person whom the organisation has signed in. They are known by its name and its name for them; the first time they are found by the id
    /// of another system or, if they have none, by an e-mail address that the organisation vouches for, and from then on known; whatever sessions
    /// they had until then end. Nobody is added. Only who signed in there anew has shown just now who they are ([`Engine::is_fresh`]).
    ///
    /// # Errors
    /// [`SignOnError`]. Each way back serves once. Of whoever has left, no account is noted.
    pub async fn sign_in_by_sign_on(
        &self,
        begun: &SignOnTry,
        shown: &SignedOn,
        caller: impl Into<Caller>,
    ) -> Result<Verified, SignOnError> {
        let (caller, now) = (caller.into(), self.steady_now());
        let mut tx = self.store.write().await?;
        if !serves_once(self, &mut tx, &begun.state).await? {
            return Err(SignOnError::Used);
        }
        let (known, is_new) = match find_by_identity(&mut tx, shown).await? {
            Known::As(known) => (Some(known), false),
            Known::TakenAway => (None, false),
            Known::AsNobody => match find_match(&mut tx, shown, local_date(self.clock.now())).await? {
                Some(found) => self.link_identity(&mut tx, found, shown).await?,
                None => (None, false),
            },
        };
        tx.commit().await?;
        let person = known.ok_or(SignOnError::Unknown)?;
        let person = self.person(person).await?.ok_or(SignOnError::Unknown)?;
        if is_new {
            tracing::warn!(target: "security", person = %person.id, "an account of the organisation is known as theirs from now on, and their sessions ended");
        }
        let signed_in = SignedIn {
            method: SignedIn::WITH_SIGN_ON.to_owned(),
            at: self.clock.now(),
            steady_at: now,
            // Whom the organisation still knew has shown nothing just now.
            anew: begun.anew,
            credential: None,
            factor: None,
            passkey: None,
        };
        let device = caller.device.unwrap_or_else(|| Device::new(&*self.chance));
        Ok(Verified { person, signed_in, device, browser: caller.browser })
    }

    /// Has somebody who was found known by an account from now on, in a transaction that commits. Who is known by it then, and whether that is
    /// new. `None`: the account stays unknown.
    async fn link_identity(
        &self,
        tx: &mut Tx,
        (found, found_by): (PersonId, FoundBy),
        shown: &SignedOn,
    ) -> Result<(Option<PersonId>, bool), StoreError> {
        tx.lock_person(found).await?;
        // Another tab may have come first while this one waited.
        match find_by_identity(tx, shown).await? {
            Known::As(known) => return Ok((Some(known), false)),
            Known::TakenAway => return Ok((None, false)),
            Known::AsNobody => {}
        }
        let at_issuer: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_AT_ISSUER)
            .bind(found).bind(&shown.issuer).fetch_one(conn).await)?;
        // An address or an id that is somebody else's by now does not give them the account of who had it before.
        if at_issuer > 0 || !self.is_here(tx, found).await? {
            return Ok((None, false));
        }
        change_one!(
            tx,
            sqlx::query(INSERT_IDENTITY)
                .bind(&shown.issuer)
                .bind(&shown.subject)
                .bind(found)
                .bind(found_by.name())
                .bind(self.clock.now())
        )?;
        end_sessions(tx, found).await?;
        tell_news(self, tx, found, Actor::Person(found), SignInNews::AccountLinked).await?;
        Ok((Some(found), true))
    }

    /// Whether somebody has not left, by what the transaction sees.
    async fn is_here(&self, tx: &mut Tx, person: PersonId) -> Result<bool, StoreError> {
        let Some(revisions) = find_revisions(tx, person).await? else { return Ok(false) };
        let dossier = find_dossier(tx, &self.dossiers, person, revisions).await?;
        Ok(Person::at(&dossier.facts, self.clock.now()).is_some())
    }
}

/// Whether something that serves once has not served before: a way back, or a question to a passkey. In a transaction that commits.
pub(super) async fn serves_once(engine: &Engine, tx: &mut Tx, what: &str) -> Result<bool, StoreError> {
    let now = engine.steady_now();
    let digest = Sha256Digest::of(what.as_bytes()).to_string();
    let is_new = change!(tx, sqlx::query(USE_STATE).bind(digest).bind(now))? > 0;
    change!(tx, sqlx::query(FORGET_STATES).bind(now - KEPT))?;
    Ok(is_new)
}

/// As whom an account of an organisation is known.
enum Known {
    /// As this person's.
    As(PersonId),
    /// As that of somebody who took it away: nobody is let in by it, also where it would be found anew.
    TakenAway,
    /// It is not.
    AsNobody,
}

async fn find_by_identity(on_what: &mut impl Linked, shown: &SignedOn) -> Result<Known, StoreError> {
    let row: Option<(PersonId, Option<DateTime<Utc>>)> = on!(on_what.link(), conn => sqlx::query_as(FIND_BY_IDENTITY)
        .bind(&shown.issuer).bind(&shown.subject).fetch_optional(conn).await)?;
    Ok(match row {
        Some((person, None)) => Known::As(person),
        Some((_, Some(_))) => Known::TakenAway,
        None => Known::AsNobody,
    })
}

/// By what somebody was found whose account was not known yet.
#[derive(Clone, Copy)]
enum FoundBy {
    ExternalId,
    Email,
}

impl FoundBy {
    /// As the database has it: the column of what they are known by.
    fn name(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Email => "email",
        }
    }
}

/// Who is meant by an account that is not known yet.
async fn find_match(
    on_what: &mut impl Linked,
    shown: &SignedOn,
    today: NaiveDate,
) -> Result<Option<(PersonId, FoundBy)>, StoreError> {
    if let Some(id) = &shown.external_id {
        let found: Option<PersonId> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_BY_EXTERNAL_ID)
            .bind(composed(id)).fetch_optional(conn).await)?;
        if let Some(found) = found {
            return Ok(Some((found, FoundBy::ExternalId)));
        }
    }
    let Some(email) = shown.email.as_deref().and_then(|email| readable_email(email).ok()) else { return Ok(None) };
    let Some(person) = find_by_email(on_what, &email).await? else { return Ok(None) };
    let has = find_details(on_what, person).await?.and_then(|details| details.external_id);
    let refused = match has {
        // Whoever has an id there that is another than this one is somebody else with their address.
        Some(_) => shown.external_id.is_some(),
        // Anybody may have typed that address, and would keep a password to what its owner does from then on.
        None => is_own_word(on_what, person, today).await?,
    };
    Ok((!refused).then_some((person, FoundBy::Email)))
}

/// Whether that an address is theirs nobody says but themselves: they began by a join code, and no administrator has given them a duty.
pub(crate) async fn is_own_word(
    on_what: &mut impl Linked,
    person: PersonId,
    today: NaiveDate,
) -> Result<bool, StoreError> {
    let began: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_OWN_BEGINNING)
        .bind(person).bind(Actor::Person(person).to_string()).fetch_one(conn).await)?;
    Ok(began > 0 && find_duties(on_what, person, today).await?.is_empty())
}
