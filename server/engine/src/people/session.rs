use chrono::{DateTime, Utc};

use super::person::Person;
use crate::{
    engine::Engine,
    ground::{PersonId, Sha256Digest},
    record::{Revisions, find_dossier, revision_columns},
    store::{Linked, StoreError, change, on},
};

/// A session as it is kept: by the digest of its id, never by the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Whose it is, once they have signed in.
    pub person: Option<PersonId>,
    /// What the session layer keeps in it, as JSON.
    pub data: String,
    /// When it ends if nothing is done with it.
    pub expires_at: DateTime<Utc>,
}

/// A session that was found, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSession {
    /// The session.
    pub session: StoredSession,
    /// Whose it is. `None`: nobody has signed in with it, or they have left.
    pub reader: Option<Person>,
}

/// In one row with the revisions that hold for whose it is: every request of somebody who is signed in asks for both, and going to the
/// database costs more than what it does there.
const FIND_SESSION: &str = concat!(
    "SELECT s.person_id, s.data, s.expires_at, ",
    revision_columns!(),
    " FROM session s LEFT JOIN person p ON p.id = s.person_id WHERE s.id_sha256 = $1 AND s.expires_at > $2",
);

#[derive(sqlx::FromRow)]
struct SessionRow {
    person_id: Option<PersonId>,
    data: String,
    expires_at: DateTime<Utc>,
    revision: Option<i64>,
    organised: i64,
    published: i64,
}

const CREATE_SESSION: &str = "INSERT INTO session (id_sha256, person_id, data, expires_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id_sha256) DO NOTHING";

/// Never an insert: a request that was under way when a session was ended must not bring it back.
const SAVE_SESSION: &str = "UPDATE session SET person_id = $2, data = $3, expires_at = $4 WHERE id_sha256 = $1";

const DELETE_SESSION: &str = "DELETE FROM session WHERE id_sha256 = $1";

const FORGET_SESSIONS: &str = "DELETE FROM session WHERE expires_at < $1";

fn digest(id: &str) -> String {
    Sha256Digest::of(id.as_bytes()).to_string()
}

impl Engine {
    /// The session of that id and whose it is, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_session(&self, id: &str) -> Result<Option<FoundSession>, StoreError> {
        let mut conn = self.store.read().await?;
        let row: Option<SessionRow> = on!(conn.link(), conn => sqlx::query_as(FIND_SESSION)
                .bind(digest(id)).bind(self.clock.now()).fetch_optional(conn).await)?;
        let Some(row) = row else { return Ok(None) };
        let SessionRow { person_id: person, data, expires_at, revision, organised, published } = row;
        let reader = match person.zip(revision) {
            Some((id, person)) => {
                let revisions = Revisions { person, organised, published };
                let dossier = find_dossier(&mut conn, &self.dossiers, id, revisions).await?;
                Person::at(&dossier.facts, self.clock.now())
            }
            None => None,
        };
        Ok(Some(FoundSession { session: StoredSession { person, data, expires_at }, reader }))
    }

    /// Keeps a new session. False when the id is taken already: then another must be drawn.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn create_session(&self, id: &str, session: &StoredSession) -> Result<bool, StoreError> {
        Ok(self.write_session(CREATE_SESSION, id, session).await? == 1)
    }

    /// Keeps what has changed in a session, and forgets those that have ended. A session that has been ended in the
    /// meantime stays ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn save_session(&self, id: &str, session: &StoredSession) -> Result<(), StoreError> {
        self.write_session(SAVE_SESSION, id, session).await.map(drop)
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

    async fn write_session(
        &self,
        statement: &'static str,
        id: &str,
        session: &StoredSession,
    ) -> Result<u64, StoreError> {
        let mut tx = self.store.write().await?;
        change!(tx, sqlx::query(FORGET_SESSIONS).bind(self.clock.now()))?;
        let written = change!(
            tx,
            sqlx::query(statement).bind(digest(id)).bind(session.person).bind(&session.data).bind(session.expires_at)
        )?;
        tx.commit().await?;
        Ok(written)
    }
}
