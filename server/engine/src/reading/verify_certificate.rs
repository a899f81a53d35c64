use chrono::{DateTime, Utc};

use super::certificate::Certificate;
use crate::{
    engine::{Engine, Refused},
    ground::{CompletionId, PersonId},
    people::CodeKind,
    record::CertificateCode,
    store::{Linked as _, StoreError, on},
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

/// So many codes that lead nowhere, from one place, are somebody who types badly. With 32 signs in 16 places nobody finds one by trying; the
/// limit keeps the database from being asked for nothing.
const OF_CERTIFICATES: CodeKind = CodeKind { purpose: "place of a code", most_at_place: 20 };

const FIND_CODE: &str =
    "SELECT c.person_id, c.id FROM certificate t JOIN completion c ON c.id = t.completion_id WHERE t.code = $1";

impl Engine {
    /// The certificate of a code, for whoever has it. A code that leads nowhere is noted, with a digest of where it was asked from, for a day.
    /// `place` is as for signing in.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub async fn verify_certificate(&self, code: &CertificateCode, place: &str) -> Result<Certificate, VerifyError> {
        let place = self.code_place(&OF_CERTIFICATES, place).await?;
        let mut conn = self.store.read().await?;
        if let Some(retry_at) = self.next_code_at(&mut conn, &OF_CERTIFICATES, &place).await? {
            return Err(VerifyError::TooMany { retry_at });
        }
        let found: Option<(PersonId, CompletionId)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_CODE).bind(code.as_str()).fetch_optional(conn).await)?;
        if let Some((person, completion)) = found {
            return Ok(self.certificate_of(&mut conn, person, completion, code.clone()).await?);
        }
        drop(conn);
        self.note_code(&place).await?;
        Err(VerifyError::NoSuchCode)
    }
}
