use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use crate::{
    ground::{AttemptId, PersonId},
    store::{Conn, Linked as _, StoreError, on},
};

const FIND_ATTEMPTS: &str = "SELECT id, module, edition, submitted_at, earned, possible, passed FROM attempt \
     WHERE person_id = $1 AND submitted_at IS NOT NULL ORDER BY submitted_at, number, id";

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: AttemptId,
    module: String,
    edition: i64,
    submitted_at: DateTime<Utc>,
    earned: i64,
    possible: i64,
    passed: bool,
}

/// An attempt that was handed in.
pub(super) struct HandedIn {
    pub id: AttemptId,
    pub module: ModuleSlug,
    pub at: DateTime<Utc>,
    pub percent: u32,
    pub passed: bool,
    /// Which it was of its edition, counted from 1.
    pub ordinal: usize,
}

/// The attempts that somebody handed in, the first first.
pub(super) async fn find_attempts(conn: &mut Conn, person: PersonId) -> Result<Vec<HandedIn>, StoreError> {
    let rows: Vec<AttemptRow> =
        on!(conn.link(), conn => sqlx::query_as(FIND_ATTEMPTS).bind(person).fetch_all(conn).await)?;
    let mut before: BTreeMap<(String, i64), usize> = BTreeMap::new();
    let handed_in = |row: AttemptRow| {
        let ordinal = before.entry((row.module.clone(), row.edition)).or_default();
        *ordinal += 1;
        Ok(HandedIn {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("attempt"))?,
            at: row.submitted_at,
            percent: (row.earned * 100)
                .checked_div(row.possible)
                .and_then(|part| u32::try_from(part).ok())
                .unwrap_or(0),
            passed: row.passed,
            ordinal: *ordinal,
        })
    };
    rows.into_iter().map(handed_in).collect()
}
