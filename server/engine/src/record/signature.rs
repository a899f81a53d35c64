use chrono::{DateTime, Utc};
use model::AgreementSlug;

use crate::{
    ground::{PersonId, Sha256Digest, SignatureId},
    store::{Linked, StoreError, on},
};

/// A signature, as it was when it was made. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its id.
    pub id: SignatureId,
    /// Who signed.
    pub person: PersonId,
    /// Their name at that moment, as the provider knew it.
    pub person_name: String,
    /// What was signed.
    pub agreement: AgreementSlug,
    /// The digest of the exact text that was signed.
    pub version: Sha256Digest,
    /// The statement of intent.
    pub statement: String,
    /// The name that the signer typed.
    pub typed_name: String,
    /// How they were signed in.
    pub sign_in_method: String,
    /// When they had last shown who they were.
    pub signed_in_at: DateTime<Utc>,
    /// When they signed.
    pub signed_at: DateTime<Utc>,
    /// Until when it counts; none for ever.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Signature {
    /// Whether it counts now for this version of the agreement.
    #[must_use]
    pub fn counts(&self, version: Sha256Digest, now: DateTime<Utc>) -> bool {
        self.version == version && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct SignatureRow {
    id: SignatureId,
    person_id: PersonId,
    person_name: String,
    agreement: String,
    version_sha256: String,
    statement: String,
    typed_name: String,
    sign_in_method: String,
    signed_in_at: DateTime<Utc>,
    signed_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<SignatureRow> for Signature {
    type Error = StoreError;

    fn try_from(row: SignatureRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            person: row.person_id,
            person_name: row.person_name,
            agreement: AgreementSlug::new(row.agreement).map_err(|_| StoreError::unreadable("signature"))?,
            version: Sha256Digest::parse(&row.version_sha256).ok_or(StoreError::unreadable("signature"))?,
            statement: row.statement,
            typed_name: row.typed_name,
            sign_in_method: row.sign_in_method,
            signed_in_at: row.signed_in_at,
            signed_at: row.signed_at,
            expires_at: row.expires_at,
        })
    }
}

const FIND_SIGNATURES: &str = "SELECT id, person_id, person_name, agreement, version_sha256, statement, typed_name, \
     sign_in_method, signed_in_at, signed_at, expires_at FROM signature WHERE person_id = $1 ORDER BY signed_at, id";

/// All signatures of a person, oldest first.
pub(crate) async fn find_signatures(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<Signature>, StoreError> {
    let rows: Vec<SignatureRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_SIGNATURES).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Signature::try_from).collect()
}
