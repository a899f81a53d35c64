//! Sessions: tower-sessions on the engine's database. The browser holds the id, the database only its digest.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use engine::{
    AttemptId, Begun, Engine, FactorId, FoundAttempt, OwnSession, Person, PersonId, SignedIn, StoredSession, Verified,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{Cookie, SameSite},
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::app_state::AppState;

/// A session ends when nothing has been done with it for this long: learners share devices.
const IDLE: TimeDelta = TimeDelta::hours(1);
/// A session ends this long after signing in, whatever is done with it.
const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// How often an active session is written, so that reading a page mostly writes nothing.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);

const KEY: &str = "signed-in";

/// Who is signed in, as the session remembers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Remembered {
    person: PersonId,
    signed_in: SignedIn,
    /// By the engine's steady time: a session does not end because a clock is set.
    seen: DateTime<Utc>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub person: Person,
    pub signed_in: SignedIn,
    /// The attempt of theirs at whose address they ask, as it was found with their session. `None`: they ask at another, or there is none.
    pub attempt: Option<FoundAttempt>,
}

fn cookie_name(state: &AppState) -> &'static str {
    if state.settings.is_secure() { "__Host-induct" } else { "induct" }
}

/// The session layer for the router.
pub(crate) fn layer(state: &AppState) -> SessionManagerLayer<EngineSessions> {
    SessionManagerLayer::new(EngineSessions(state.engine.clone()))
        .with_name(cookie_name(state))
        .with_same_site(SameSite::Lax)
        .with_secure(state.settings.is_secure())
        // The cookie goes with the browser; when the session ends, the database says.
        .with_expiry(Expiry::OnSessionEnd)
}

tokio::task_local! {
    /// What is found with a session. The session layer asks for the session alone and has no room for more, but the database
    /// gives all of it in one trip.
    static BESIDE: Beside;

    /// Who begins a session, and what became of it. The session layer asks for a session to be kept, and knows nothing of passwords.
    static BEGINNING: Beginning;

    /// How the database failed. The session layer hands on no more than a text, which does not say whether it is full.
    static FAILED: RefCell<Option<engine::StoreError>>;
}

#[derive(Default)]
struct Beside {
    /// The attempt that is asked for, too.
    asked: Option<AttemptId>,
    person: RefCell<Option<Person>>,
    attempt: RefCell<Option<FoundAttempt>>,
}

struct Beginning {
    verified: Verified,
    begun: Cell<bool>,
}

/// Does something with a session, and says how the database failed if it did.
async fn asking<T>(
    asked: impl Future<Output = std::result::Result<T, tower_sessions::session::Error>>,
) -> std::result::Result<T, SessionError> {
    FAILED
        .scope(RefCell::default(), async {
            asked
                .await
                .map_err(|error| FAILED.with(RefCell::take).map_or(SessionError::Layer(error), SessionError::Store))
        })
        .await
}

/// Who is signed in, if anybody is and the session has not outlived its limits. `asked`: the attempt at whose address they look.
pub(crate) async fn reader(
    engine: &Engine,
    session: &Session,
    asked: Option<AttemptId>,
) -> std::result::Result<Option<Reader>, SessionError> {
    let beside = Beside { asked, ..Beside::default() };
    let (remembered, found, attempt) = BESIDE
        .scope(beside, async {
            let remembered = asking(session.get::<Remembered>(KEY)).await;
            BESIDE.with(|beside| (remembered, beside.person.take(), beside.attempt.take()))
        })
        .await;
    let Some(mut remembered) = remembered? else { return Ok(None) };
    let now = engine.steady_now();
    if remembered.signed_in.steady_at + ABSOLUTE <= now {
        forget(session, remembered.person, "it had lasted as long as any").await;
        return Ok(None);
    }
    let (person, attempt) = match found.filter(|person| person.id == remembered.person) {
        Some(person) => (Some(person), attempt),
        None => (engine.person(remembered.person).await?, None),
    };
    let Some(person) = person else {
        forget(session, remembered.person, "they have left").await;
        return Ok(None);
    };
    let signed_in = remembered.signed_in.clone();
    if remembered.seen + TOUCH_EVERY <= now {
        remembered.seen = now;
        session.insert(KEY, remembered).await?;
    }
    Ok(Some(Reader { person, signed_in, attempt }))
}

/// Takes away a session that counts for nothing any more. Whether or not that can be written, nobody is signed in.
async fn forget(session: &Session, person: PersonId, why: &str) {
    tracing::info!(target: "security", %person, why, "a session ended");
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "a session that has ended could not be taken away");
    }
}

/// Lets somebody in under a new session id, so that an id from before signing in is worth nothing. `None`: their password has been
/// changed since it was verified.
pub(crate) async fn begin(
    engine: &Engine,
    session: &Session,
    verified: Verified,
) -> std::result::Result<Option<Reader>, SessionError> {
    asking(session.cycle_id()).await?;
    let reader = Reader { person: verified.person.clone(), signed_in: verified.signed_in.clone(), attempt: None };
    let remembered =
        Remembered { person: reader.person.id, signed_in: reader.signed_in.clone(), seen: engine.steady_now() };
    session.insert(KEY, remembered).await?;
    let beginning = Beginning { verified, begun: Cell::new(false) };
    // Now, not when the reply is under way: somebody who is not let in must be told so.
    let (saved, begun) =
        BEGINNING.scope(beginning, async { (asking(session.save()).await, BEGINNING.with(|it| it.begun.get())) }).await;
    if begun {
        saved?;
        return Ok(Some(reader));
    }
    // Nothing may be left of it, or the session layer would keep it with the reply.
    session.flush().await?;
    saved?;
    Ok(None)
}

/// Remembers that somebody who is signed in has shown a second factor, which they have just set up.
pub(crate) async fn showed_factor(session: &Session, factor: FactorId) -> std::result::Result<(), SessionError> {
    change(session, |signed_in| signed_in.with_factor(factor)).await
}

/// Remembers that somebody who is signed in has no second factor any more.
pub(crate) async fn has_no_factor(session: &Session) -> std::result::Result<(), SessionError> {
    change(session, |signed_in| SignedIn { factor: None, ..signed_in }).await
}

async fn change(
    session: &Session,
    changed: impl FnOnce(SignedIn) -> SignedIn,
) -> std::result::Result<(), SessionError> {
    let Some(remembered) = session.get::<Remembered>(KEY).await? else { return Ok(()) };
    let remembered = Remembered { signed_in: changed(remembered.signed_in.clone()), ..remembered };
    Ok(session.insert(KEY, remembered).await?)
}

/// How long nothing has been done with a session, to within five minutes.
pub(crate) fn unused_for(session: &OwnSession) -> TimeDelta {
    IDLE - session.ends_in
}

/// Ends the session, here and in the database.
pub(crate) async fn end(session: &Session) -> std::result::Result<(), SessionError> {
    asking(session.flush()).await
}

/// Takes the session's cookie from a browser, where the session layer does not because it could not end the session.
pub(crate) fn take_cookie(response: &mut Response, state: &AppState) {
    let cookie = Cookie::build((cookie_name(state), ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.settings.is_secure())
        .max_age(time::Duration::ZERO);
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A session could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error(transparent)]
    Layer(#[from] tower_sessions::session::Error),
    #[error(transparent)]
    Store(#[from] engine::StoreError),
}

/// Keeps sessions in the engine's database.
#[derive(Clone)]
pub(crate) struct EngineSessions(Engine);

impl fmt::Debug for EngineSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineSessions")
    }
}

impl EngineSessions {
    /// A record as it is stored. When it ends, the engine's steady time says, not the session layer's clock.
    fn stored(&self, record: &Record) -> Result<StoredSession> {
        let remembered = record.data.get(KEY).map(Remembered::deserialize).transpose();
        let remembered = remembered.map_err(|error| Error::Decode(error.to_string()))?;
        let remembered = remembered.ok_or_else(|| Error::Encode("nobody is signed in with this session".to_owned()))?;
        Ok(StoredSession {
            person: remembered.person,
            data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
            expires_at: self.0.steady_now() + IDLE,
        })
    }
}

#[async_trait::async_trait]
impl SessionStore for EngineSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = self.stored(record)?;
        let Ok(verified) = BEGINNING.try_with(|beginning| beginning.verified.clone()) else {
            return Err(Error::Backend("a session can only be begun by signing in".to_owned()));
        };
        loop {
            match self.0.begin_session(&record.id.to_string(), &session, &verified).await.map_err(backend)? {
                Begun::Yes => {
                    BEGINNING.with(|beginning| beginning.begun.set(true));
                    return Ok(());
                }
                Begun::PasswordChanged => return Ok(()),
                Begun::IdTaken => record.id = Id::default(),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        if record.data.is_empty() {
            // It was to be taken away, and could not be.
            return Ok(());
        }
        // The session was there before, and is as good as it was: the page that was made meanwhile must not be thrown away for it.
        if let Err(error) = self.0.save_session(&record.id.to_string(), &self.stored(record)?).await {
            tracing::error!(%error, "a session could not be saved");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let asked = BESIDE.try_with(|beside| beside.asked).ok().flatten();
        let (found, attempt) = match asked {
            Some(attempt) => self.0.find_session_at(&id.to_string(), attempt).await.map_err(backend)?,
            None => (self.0.find_session(&id.to_string()).await.map_err(backend)?, None),
        };
        let Some(found) = found else { return Ok(None) };
        let stored = found.session;
        // Whoever asks outside of `reader` has no use for it.
        let _ = BESIDE.try_with(|beside| {
            *beside.person.borrow_mut() = found.reader;
            *beside.attempt.borrow_mut() = attempt;
        });
        let data = serde_json::from_str(&stored.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(stored.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete_session(&id.to_string()).await.map_err(backend)
    }
}

fn backend(error: engine::StoreError) -> Error {
    let text = error.to_string();
    // Whoever asks outside of `asking` needs no more than the text.
    let _ = FAILED.try_with(|failed| *failed.borrow_mut() = Some(error));
    Error::Backend(text)
}
