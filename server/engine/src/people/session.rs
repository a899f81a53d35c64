use chrono::{DateTime, TimeDelta, Utc};

use super::{
    leave::end_sessions_but,
    news::{Found, MaybeNews, news_columns},
    person::Person,
    sign_in::{Verified, lets_in},
};
use crate::{
    engine::Engine,
    ground::{PersonId, Sha256Digest},
    record::{Revisions, WORKSHOP_LISTED_SINCE, find_dossier, revision_columns},
    store::{Linked, StoreError, Tx, change, on},
};

/// A session as it is kept: by the digest of its id, never by the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Whose it is.
    pub person: PersonId,
    /// What the session layer keeps in it, as JSON.
    pub data: String,
    /// When it ends if nothing is done with it, by [`Engine::steady_now`].
    pub expires_at: DateTime<Utc>,
}

/// A session that was found, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSession {
    /// The session.
    pub session: StoredSession,
    /// Whose it is. `None`: they have left.
    pub reader: Option<Person>,
}

/// A session of somebody's, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// By what they say which one it is: the digest of its id, with which nobody gets in.
    pub key: String,
    /// When they signed in.
    pub begun_at: DateTime<Utc>,
    /// With what browser, in words. Empty: it did not say.
    pub browser: String,
    /// How long it still lasts if nothing is done with it.
    pub ends_in: TimeDelta,
    /// Whether it is the one with which they ask.
    pub is_this: bool,
}

/// What became of beginning a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is there.
    Yes,
    /// Its id is taken: another must be drawn.
    IdTaken,
    /// The password that was verified is not theirs any more, or they have another second factor since.
    PasswordChanged,
}

/// In one row with the revisions that hold for whose it is, and with what may have come to them: every request of somebody who is signed in
/// asks for the first, their own page for the second, and going to the database costs more than what it does there.
/// CROSS JOIN has SQLite look for the session first, also when it believes that there are hardly any people; elsewhere it is an ordinary join.
const FIND_SESSION: &str = concat!(
    "SELECT s.person_id, s.data, s.expires_at, ",
    revision_columns!(),
    ", ",
    news_columns!("p.id", "$3"),
    " FROM session s CROSS JOIN person p WHERE p.id = s.person_id AND s.id_sha256 = $1 AND s.expires_at > $2",
);

/// A session, with the revisions that hold for whose it is.
#[derive(sqlx::FromRow)]
pub(crate) struct SessionRow {
    person_id: PersonId,
    data: String,
    expires_at: DateTime<Utc>,
    #[sqlx(flatten)]
    revisions: Revisions,
}

#[derive(sqlx::FromRow)]
struct WithNewsRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    news: MaybeNews,
}

const CREATE_SESSION: &str = "INSERT INTO session (id_sha256, person_id, data, expires_at, begun_at, browser) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (id_sha256) DO NOTHING";

/// Never an insert: a request that was under way when a session was ended must not bring it back.
const SAVE_SESSION: &str = "UPDATE session SET person_id = $2, data = $3, expires_at = $4 WHERE id_sha256 = $1";

const DELETE_SESSION: &str = "DELETE FROM session WHERE id_sha256 = $1";

/// First which they are, by the index alone: asked for all of it at once, SQLite would read those of everybody.
const FIND_OWN: &str = "SELECT id_sha256, begun_at, browser, expires_at FROM session \
     WHERE id_sha256 IN (SELECT id_sha256 FROM session WHERE person_id = $1)";

const END_OWN: &str = "DELETE FROM session WHERE id_sha256 = $1 AND person_id = $2";

#[derive(sqlx::FromRow)]
struct OwnRow {
    id_sha256: String,
    begun_at: DateTime<Utc>,
    browser: String,
    expires_at: DateTime<Utc>,
}

const FORGET_SESSIONS: &str = "DELETE FROM session WHERE expires_at < $1 RETURNING person_id";

/// What is kept of the id of a session.
pub(crate) fn digest(id: &str) -> String {
    Sha256Digest::of(id.as_bytes()).to_string()
}

impl Engine {
    /// The session of that id and whose it is, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_session(&self, id: &str) -> Result<Option<FoundSession>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let row: Option<WithNewsRow> = on!(conn.link(), conn => sqlx::query_as(FIND_SESSION)
                .bind(digest(id)).bind(self.steady_now()).bind(now - WORKSHOP_LISTED_SINCE).fetch_optional(conn).await)?;
        let Some(WithNewsRow { session, news }) = row else { return Ok(None) };
        Ok(Some(self.found_session(&mut conn, session, Some(news)).await?))
    }

    /// A session that was read, with whose it is and what was read with it.
    pub(crate) async fn found_session(
        &self,
        on_what: &mut impl Linked,
        row: SessionRow,
        news: Option<MaybeNews>,
    ) -> Result<FoundSession, StoreError> {
        let SessionRow { person_id: person, data, expires_at, revisions } = row;
        let dossier = find_dossier(on_what, &self.dossiers, person, revisions).await?;
        let found = Found { revisions, news };
        let reader =
            Person::at(&dossier.facts, self.clock.now()).map(|person| Person { found_in: Some(found), ..person });
        Ok(FoundSession { session: StoredSession { person, data, expires_at }, reader })
    }

    /// Begins the session of somebody whose password was right, and who showed their second factor if they have one. The transaction that keeps it
    /// looks again at both: a password that is being changed must not let anybody in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begin_session(
        &self,
        id: &str,
        session: &StoredSession,
        verified: &Verified,
    ) -> Result<Begun, StoreError> {
        let person = verified.person.id;
        let mut tx = self.store.write_for(person).await?;
        tx.lock_person(person).await?;
        if session.person != person || !lets_in(&mut tx, person, &verified.signed_in).await? {
            tracing::warn!(target: "security", %person, "nobody was let in: what they showed has been changed since");
            return Ok(Begun::PasswordChanged);
        }
        let made = change!(
            tx,
            sqlx::query(CREATE_SESSION)
                .bind(digest(id))
                .bind(person)
                .bind(&session.data)
                .bind(session.expires_at)
                .bind(verified.signed_in.at)
                .bind(&verified.browser)
        )?;
        if made == 0 {
            return Ok(Begun::IdTaken);
        }
        let ended = self.forget_sessions(&mut tx).await?;
        tx.commit().await?;
        note_ended(&ended);
        tracing::info!(target: "security", %person, "signed in");
        Ok(Begun::Yes)
    }

    /// Keeps what has changed in a session, and forgets those that have ended. A session that has been ended in the
    /// meantime stays ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn save_session(&self, id: &str, session: &StoredSession) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        let ended = self.forget_sessions(&mut tx).await?;
        change!(
            tx,
            sqlx::query(SAVE_SESSION)
                .bind(digest(id))
                .bind(session.person)
                .bind(&session.data)
                .bind(session.expires_at)
        )?;
        tx.commit().await?;
        note_ended(&ended);
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        change!(tx, sqlx::query(DELETE_SESSION).bind(digest(id)))?;
        tx.commit().await
    }

    /// Where somebody is signed in, the one with which they ask first. `this`: the id of that one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own_sessions(&self, reader: &Person, this: &str) -> Result<Vec<OwnSession>, StoreError> {
        let (now, this) = (self.steady_now(), digest(this));
        let mut conn = self.store.read().await?;
        let rows: Vec<OwnRow> = on!(conn.link(), conn => sqlx::query_as(FIND_OWN)
            .bind(reader.id).fetch_all(conn).await)?;
        let sessions = rows.into_iter().filter(|row| row.expires_at > now).map(|row| OwnSession {
            is_this: row.id_sha256 == this,
            key: row.id_sha256,
            begun_at: row.begun_at,
            browser: row.browser,
            ends_in: row.expires_at - now,
        });
        let mut sessions: Vec<OwnSession> = sessions.collect();
        sessions.sort_by_key(|session| (!session.is_this, session.begun_at, session.key.clone()));
        Ok(sessions)
    }

    /// Ends a session of somebody's, by its [`OwnSession::key`]. `false`: they have none of that key, any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_own_session(&self, reader: &Person, key: &str) -> Result<bool, StoreError> {
        let mut tx = self.store.write_for(reader.id).await?;
        let ended = change!(tx, sqlx::query(END_OWN).bind(key).bind(reader.id))?;
        tx.commit().await?;
        tracing::info!(target: "security", person = %reader.id, ended, "one of their sessions was ended by its owner");
        Ok(ended > 0)
    }

    /// Ends every session of somebody's but the one with which they ask, whose id is `this`. Says how many those were.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_other_sessions(&self, reader: &Person, this: &str) -> Result<u64, StoreError> {
        let mut tx = self.store.write_for(reader.id).await?;
        // Whoever is being let in is put out with the others, or is let in after this.
        tx.lock_person(reader.id).await?;
        let ended = end_sessions_but(&mut tx, reader.id, &digest(this)).await?;
        tx.commit().await?;
        tracing::info!(target: "security", person = %reader.id, ended, "their other sessions were ended by their owner");
        Ok(ended)
    }

    /// Forgets the sessions that have ended, and says whose they were.
    async fn forget_sessions(&self, tx: &mut Tx) -> Result<Vec<PersonId>, StoreError> {
        on!(tx.link(), conn => sqlx::query_scalar(FORGET_SESSIONS).bind(self.steady_now()).fetch_all(conn).await)
    }
}

fn note_ended(people: &[PersonId]) {
    for person in people {
        tracing::info!(target: "security", %person, "a session ended: it had not been used for too long");
    }
}
