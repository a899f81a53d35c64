use super::attempt::{AnsweredRow, FoundAttempt, attempt_columns};
use crate::{
    engine::Engine,
    ground::AttemptId,
    people::{FoundSession, SessionRow, session_digest},
    record::revision_columns,
    store::{Linked as _, StoreError, on},
};

/// A session in a row with an attempt of whose it is, once for each of its answers. CROSS JOIN has SQLite look for the session first, as where
/// a session is looked for alone.
const FIND_SESSION_AT: &str = concat!(
    "SELECT s.person_id, s.data, s.expires_at, ",
    revision_columns!(),
    ", ",
    attempt_columns!("s.person_id"),
    " FROM session s CROSS JOIN person p CROSS JOIN attempt t LEFT JOIN answer w ON w.attempt_id = t.id AND w.given IS NOT NULL \
     WHERE p.id = s.person_id AND s.id_sha256 = $1 AND s.expires_at > $2 AND t.id = $3 AND t.person_id = s.person_id",
);

#[derive(sqlx::FromRow)]
struct AtAttemptRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    answered: AnsweredRow,
}

impl Engine {
    /// The session of that id and whose it is, unless it has ended, and an attempt of theirs, in one trip: whoever answers a quiz asks for
    /// both again and again. `None` in the second place: there is no such attempt, or it is somebody else's.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_session_at(
        &self,
        id: &str,
        attempt: AttemptId,
    ) -> Result<(Option<FoundSession>, Option<FoundAttempt>), StoreError> {
        let mut conn = self.store.read().await?;
        let rows: Vec<AtAttemptRow> = on!(conn.link(), conn => sqlx::query_as(FIND_SESSION_AT)
            .bind(session_digest(id)).bind(self.steady_now()).bind(attempt).fetch_all(conn).await)?;
        let mut session = None;
        let mut answered = Vec::with_capacity(rows.len());
        for row in rows {
            session = Some(row.session);
            answered.push(row.answered);
        }
        let Some(session) = session else {
            drop(conn);
            return Ok((self.find_session(id).await?, None));
        };
        let session = self.found_session(&mut conn, session, None).await?;
        Ok((Some(session), FoundAttempt::of(answered)?))
    }
}
