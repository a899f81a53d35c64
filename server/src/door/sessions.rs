//! Sessions: tower-sessions on the engine's database. The browser holds the id, the database only its digest.

use std::{cell::RefCell, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use engine::{Engine, Person, PersonId, SignedIn, StoredSession};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
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
    method: String,
    at: DateTime<Utc>,
    seen: DateTime<Utc>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub person: Person,
    pub signed_in: SignedIn,
}

/// The session layer for the router.
pub(crate) fn layer(state: &AppState) -> SessionManagerLayer<EngineSessions> {
    let secure = state.settings.is_secure();
    SessionManagerLayer::new(EngineSessions(state.engine.clone()))
        .with_name(if secure { "__Host-induct" } else { "induct" })
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        // The cookie goes with the browser; when the session ends, the database says.
        .with_expiry(Expiry::OnSessionEnd)
}

tokio::task_local! {
    /// Whose session was found. The session layer asks for the session alone and has no room for more, but the database
    /// gives both in one trip.
    static FOUND: RefCell<Option<Person>>;

    /// How the database failed. The session layer hands on no more than a text, which does not say whether it is full.
    static FAILED: RefCell<Option<engine::StoreError>>;
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

/// Who is signed in, if anybody is and the session has not outlived its limits.
pub(crate) async fn reader(engine: &Engine, session: &Session) -> std::result::Result<Option<Reader>, SessionError> {
    let (remembered, found) = FOUND
        .scope(RefCell::default(), async { (asking(session.get::<Remembered>(KEY)).await, FOUND.with(RefCell::take)) })
        .await;
    let Some(mut remembered) = remembered? else { return Ok(None) };
    let now = engine.now();
    if remembered.at + ABSOLUTE <= now {
        forget(session).await;
        return Ok(None);
    }
    let person = match found.filter(|person| person.id == remembered.person) {
        Some(person) => Some(person),
        None => engine.person(remembered.person).await?,
    };
    let Some(person) = person else {
        forget(session).await;
        return Ok(None);
    };
    let signed_in = SignedIn { method: remembered.method.clone(), at: remembered.at };
    if remembered.seen + TOUCH_EVERY <= now {
        remembered.seen = now;
        session.insert(KEY, remembered).await?;
    }
    Ok(Some(Reader { person, signed_in }))
}

/// Takes away a session that counts for nothing any more. Whether or not that can be written, nobody is signed in.
async fn forget(session: &Session) {
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "a session that has ended could not be taken away");
    }
}

/// Lets somebody in under a new session id, so that an id from before signing in is worth nothing.
pub(crate) async fn begin(
    engine: &Engine,
    session: &Session,
    person: PersonId,
) -> std::result::Result<(), SessionError> {
    asking(session.cycle_id()).await?;
    let now = engine.now();
    session.insert(KEY, Remembered { person, method: "password".to_owned(), at: now, seen: now }).await?;
    // Now, not when the reply is under way: somebody who is not let in must be told so.
    asking(session.save()).await
}

/// Ends the session, here and in the database.
pub(crate) async fn end(session: &Session) -> std::result::Result<(), SessionError> {
    asking(session.flush()).await
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
    /// A record as it is stored. It ends by the engine's clock, not by the session layer's.
    fn stored(&self, record: &Record) -> Result<StoredSession> {
        let person = record.data.get(KEY).and_then(|value| Remembered::deserialize(value).ok());
        Ok(StoredSession {
            person: person.map(|remembered| remembered.person),
            data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
            expires_at: self.0.now() + IDLE,
        })
    }
}

#[async_trait::async_trait]
impl SessionStore for EngineSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = self.stored(record)?;
        while !self.0.create_session(&record.id.to_string(), &session).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // The session was there before, and is as good as it was: the page that was made meanwhile must not be thrown away for it.
        if let Err(error) = self.0.save_session(&record.id.to_string(), &self.stored(record)?).await {
            tracing::error!(%error, "a session could not be saved");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(found) = self.0.find_session(&id.to_string()).await.map_err(backend)? else { return Ok(None) };
        let stored = found.session;
        // Whoever asks outside of `reader` has no use for it.
        let _ = FOUND.try_with(|reader| *reader.borrow_mut() = found.reader);
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
