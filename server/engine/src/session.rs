use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    Engine, Person, PersonId, StoreError,
    catalogue::Sha256Digest,
    person::{PersonRow, join_person, people_of_who},
    store::{Linked, on},
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
    /// Whose it is; none when nobody has signed in with it, or they are gone or have no role any more.
    pub reader: Option<Person>,
}

/// With whose it is, because every request of somebody who is signed in asks for both, and going to the database costs more
/// than what it does there.
const FIND_SESSION: &str = concat!(
    "WITH RECURSIVE found AS \
     (SELECT person_id, data, expires_at FROM session WHERE id_sha256 = $1 AND expires_at > $2), \
     who AS (SELECT person_id AS id FROM found), ",
    people_of_who!(),
    " SELECT found.person_id, found.data, found.expires_at, people.* \
     FROM found LEFT JOIN people ON people.id = found.person_id",
);

/// A session with one of its person's roles, or one of their groups.
#[derive(sqlx::FromRow)]
struct SessionRow {
    person_id: Option<PersonId>,
    data: String,
    expires_at: DateTime<Utc>,
    id: Option<PersonId>,
    name: Option<String>,
    start_date: Option<NaiveDate>,
    role: Option<String>,
    group_name: Option<String>,
}

impl SessionRow {
    fn split(self) -> (StoredSession, Option<PersonRow>) {
        let Self { person_id, data, expires_at, id, name, start_date, role, group_name } = self;
        let person = id.zip(name).zip(start_date);
        let person = person.map(|((id, name), start_date)| PersonRow { id, name, start_date, role, group_name });
        (StoredSession { person: person_id, data, expires_at }, person)
    }
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
        let rows: Vec<SessionRow> = on!(conn.link(), conn => sqlx::query_as(FIND_SESSION)
                .bind(digest(id)).bind(self.clock.now()).fetch_all(conn).await)?;
        let (sessions, people): (Vec<_>, Vec<_>) = rows.into_iter().map(SessionRow::split).unzip();
        let Some(session) = sessions.into_iter().next() else { return Ok(None) };
        let reader = join_person(people.into_iter().flatten())?;
        Ok(Some(FoundSession { session, reader }))
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
        on!(tx.link(), conn => sqlx::query(DELETE_SESSION).bind(digest(id)).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    async fn write_session(
        &self,
        statement: &'static str,
        id: &str,
        session: &StoredSession,
    ) -> Result<u64, StoreError> {
        let mut tx = self.store.write().await?;
        on!(tx.link(), conn => sqlx::query(FORGET_SESSIONS).bind(self.clock.now()).execute(conn).await.map(drop))?;
        let written = on!(tx.link(), conn => sqlx::query(statement)
            .bind(digest(id)).bind(session.person).bind(&session.data).bind(session.expires_at)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(written)
    }
}
