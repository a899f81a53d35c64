use chrono::{DateTime, TimeDelta, Utc};

use super::certificate::Certificate;
use crate::{
    engine::{Engine, Refused},
    ground::{CompletionId, PersonId},
    record::CertificateCode,
    store::{Linked as _, StoreError, change, change_one, on},
};

/// Why a code was not looked up, or led nowhere.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No certificate has that code.
    #[error("no certificate has that code")]
    NoSuchCode,
    /// Too many codes that lead nowhere were tried from there.
    #[error("too many codes were tried")]
    TooMany {
        /// When the next try is allowed.
        retry_at: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<Refused> for VerifyError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Internal(error) => Self::Internal(error),
            Refused::NotFound | Refused::NotForYou => Self::NoSuchCode,
        }
    }
}

/// Failures are counted over this span.
const SPAN: TimeDelta = TimeDelta::minutes(15);

/// So many codes that lead nowhere, from one place, are somebody who types badly. With 32 signs in 16 places nobody finds one by trying; the
/// limit keeps the database from being asked for nothing.
const MOST_AT_PLACE: i64 = 20;

/// After this long nothing is left of a failure.
const KEPT: TimeDelta = TimeDelta::days(1);

const FIND_CODE: &str =
    "SELECT c.person_id, c.id FROM certificate t JOIN completion c ON c.id = t.completion_id WHERE t.code = $1";

const COUNT_AT_PLACE: &str = "SELECT COUNT(*), MIN(failed_at) FROM code_failure WHERE place = $1 AND failed_at > $2";

const INSERT_FAILURE: &str = "INSERT INTO code_failure (id, place, failed_at) VALUES ($1, $2, $3)";

const FORGET_FAILURES: &str = "DELETE FROM code_failure WHERE failed_at < $1";

impl Engine {
    /// The certificate of a code, for whoever has it. A code that leads nowhere is noted, with a digest of where it was asked from, for a day.
    /// `place` is as for signing in.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub async fn verify_certificate(&self, code: &CertificateCode, place: &str) -> Result<Certificate, VerifyError> {
        let place = self.installation_key().await?.digest("place of a code", place).to_string();
        let mut conn = self.store.read().await?;
        let (failed, first): (i64, Option<DateTime<Utc>>) = on!(conn.link(), conn => sqlx::query_as(COUNT_AT_PLACE)
            .bind(&place).bind(self.steady_now() - SPAN).fetch_one(conn).await)?;
        if let Some(first) = first.filter(|_| failed >= MOST_AT_PLACE) {
            return Err(VerifyError::TooMany { retry_at: first + SPAN + self.ahead() });
        }
        let found: Option<(PersonId, CompletionId)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_CODE).bind(code.as_str()).fetch_optional(conn).await)?;
        if let Some((person, completion)) = found {
            return Ok(self.certificate_of(&mut conn, person, completion, code.clone()).await?);
        }
        drop(conn);
        let now = self.steady_now();
        let mut tx = self.store.write().await?;
        change_one!(tx, sqlx::query(INSERT_FAILURE).bind(self.new_id(now)).bind(&place).bind(now))?;
        change!(tx, sqlx::query(FORGET_FAILURES).bind(now - KEPT))?;
        tx.commit().await?;
        Err(VerifyError::NoSuchCode)
    }
}
