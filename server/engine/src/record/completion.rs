use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::marks::Marks;
use crate::{
    ground::{AttemptId, CompletionId, PersonId, Sha256Digest},
    store::{Linked, StoreError, change_one, on},
};

/// A pass, as it was when it was earned. It is never changed and never recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Its id.
    pub id: CompletionId,
    /// Which module.
    pub module: ModuleSlug,
    /// Which version of it.
    pub version: Sha256Digest,
    /// Which edition that version belongs to.
    pub edition: u32,
    /// The attempt that earned it.
    pub attempt: AttemptId,
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// Minutes of CPD.
    pub minutes: u32,
    /// When it was earned.
    pub completed_at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    id: CompletionId,
    module: String,
    version_sha256: String,
    edition: i64,
    attempt_id: AttemptId,
    earned: i64,
    possible: i64,
    minutes: i64,
    completed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl TryFrom<CompletionRow> for Completion {
    type Error = StoreError;

    fn try_from(row: CompletionRow) -> Result<Self, StoreError> {
        let count = |number: i64| u32::try_from(number).map_err(|_| StoreError::unreadable("completion"));
        Ok(Self {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("completion"))?,
            version: Sha256Digest::parse(&row.version_sha256).ok_or(StoreError::unreadable("completion"))?,
            edition: count(row.edition)?,
            attempt: row.attempt_id,
            earned: Marks::hundredths(count(row.earned)?),
            possible: Marks::hundredths(count(row.possible)?),
            minutes: count(row.minutes)?,
            completed_at: row.completed_at,
            expires_at: row.expires_at,
        })
    }
}

const FIND_COMPLETIONS: &str = "SELECT id, module, version_sha256, edition, attempt_id, earned, possible, minutes, \
     completed_at, expires_at FROM completion WHERE person_id = $1 ORDER BY completed_at, id";

const FIND_LAST_COMPLETION: &str = "SELECT id, module, version_sha256, edition, attempt_id, earned, possible, \
     minutes, completed_at, expires_at FROM completion WHERE person_id = $1 AND module = $2 \
     ORDER BY edition DESC, expires_at DESC, id DESC LIMIT 1";

const FIND_EDITION: &str = "SELECT MAX(edition) FROM module_version WHERE module = $1";

const INSERT_COMPLETION: &str = "INSERT INTO completion (id, person_id, module, version_sha256, edition, attempt_id, \
     earned, possible, minutes, completed_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// Where a person stands with a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It was never passed.
    Never,
    /// It was passed, but that no longer counts because time has run out.
    Expired(Completion),
    /// It was passed, but in an edition that has been replaced.
    Superseded(Completion),
    /// It was passed, and that counts now.
    Current(Completion),
}

impl Standing {
    /// Decides from the last completion, the edition that is published and the time. A pass counts until the very moment
    /// at which it expires.
    pub fn of(last: Option<Completion>, published_edition: Option<u32>, now: DateTime<Utc>) -> Self {
        match last {
            None => Self::Never,
            Some(last) if Some(last.edition) != published_edition => Self::Superseded(last),
            Some(last) if last.expires_at <= now => Self::Expired(last),
            Some(last) => Self::Current(last),
        }
    }

    pub fn current(self) -> Option<Completion> {
        match self {
            Self::Current(completion) => Some(completion),
            _ => None,
        }
    }
}

/// Where this person stands with this module, by what the database holds: inside a transaction that has locked the
/// person, it stays true until the transaction ends.
pub(crate) async fn find_standing(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &ModuleSlug,
    now: DateTime<Utc>,
) -> Result<Standing, StoreError> {
    let last: Option<CompletionRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_LAST_COMPLETION)
        .bind(person).bind(module.as_str()).fetch_optional(conn).await)?;
    let edition: Option<i64> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_EDITION)
        .bind(module.as_str()).fetch_one(conn).await)?;
    let last = last.map(Completion::try_from).transpose()?;
    Ok(Standing::of(last, edition.and_then(|edition| u32::try_from(edition).ok()), now))
}

/// All completions of a person, oldest first.
pub(crate) async fn find_completions(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Vec<Completion>, StoreError> {
    let rows: Vec<CompletionRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_COMPLETIONS).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Completion::try_from).collect()
}

pub(crate) async fn insert_completion(
    on_what: &mut impl Linked,
    person: PersonId,
    completion: &Completion,
) -> Result<(), StoreError> {
    change_one!(
        on_what,
        sqlx::query(INSERT_COMPLETION)
            .bind(completion.id)
            .bind(person)
            .bind(completion.module.as_str())
            .bind(completion.version.to_string())
            .bind(i64::from(completion.edition))
            .bind(completion.attempt)
            .bind(i64::from(completion.earned.in_hundredths()))
            .bind(i64::from(completion.possible.in_hundredths()))
            .bind(i64::from(completion.minutes))
            .bind(completion.completed_at)
            .bind(completion.expires_at)
    )?;
    Ok(())
}
