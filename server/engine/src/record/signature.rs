use chrono::{DateTime, Utc};
use model::AgreementSlug;

use super::dossier::kept_twin;
use crate::{
    catalogue::TwinName,
    ground::{PersonId, SignatureId},
    store::{Linked, StoreError, on},
};

/// A signature, as it was when it was made. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its id.
    pub id: SignatureId,
    /// Who signed.
    pub person: PersonId,
    /// What is about the signer. `None`: it has been erased.
    pub words: Option<SignatureWords>,
    /// What was signed.
    pub agreement: AgreementSlug,
    /// Which version of it, by its number.
    pub version: u32,
    /// The twin in whose words they read and signed it. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// The statement of intent, as they read it.
    pub statement: String,
    /// How they were signed in.
    pub sign_in_method: String,
    /// When they had last shown who they were.
    pub signed_in_at: DateTime<Utc>,
    /// When they signed.
    pub signed_at: DateTime<Utc>,
    /// Until when it counts. `None`: for ever.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What of a signature is about the signer and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureWords {
    /// Their name at that moment, as the provider knew it.
    pub person_name: String,
    /// The name that they typed.
    pub typed_name: String,
    /// Whether they were asked if that is their name, because it shares no word with the other, and said that it is.
    pub confirmed: bool,
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    id: SignatureId,
    person_id: PersonId,
    person_name: Option<String>,
    typed_name: Option<String>,
    confirmed: Option<bool>,
    agreement: String,
    version: i64,
    twin: Option<String>,
    statement: String,
    sign_in_method: String,
    signed_in_at: DateTime<Utc>,
    signed_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<SignatureRow> for Signature {
    type Error = StoreError;

    fn try_from(row: SignatureRow) -> Result<Self, StoreError> {
        let words = row.person_name.zip(row.typed_name).zip(row.confirmed);
        Ok(Self {
            id: row.id,
            person: row.person_id,
            words: words.map(|((person_name, typed_name), confirmed)| SignatureWords {
                person_name,
                typed_name,
                confirmed,
            }),
            agreement: AgreementSlug::new(row.agreement).map_err(|_| StoreError::unreadable("signature"))?,
            version: u32::try_from(row.version).map_err(|_| StoreError::unreadable("signature"))?,
            twin: kept_twin(row.twin, "signature")?,
            statement: row.statement,
            sign_in_method: row.sign_in_method,
            signed_in_at: row.signed_in_at,
            signed_at: row.signed_at,
            expires_at: row.expires_at,
        })
    }
}

macro_rules! select_signatures {
    ($which:literal) => {
        concat!(
            "SELECT s.id, s.person_id, w.person_name, w.typed_name, w.confirmed, s.agreement, s.version, s.twin, s.statement, s.sign_in_method, \
             s.signed_in_at, s.signed_at, s.expires_at \
             FROM signature s LEFT JOIN signature_words w ON w.signature_id = s.id WHERE ",
            $which
        )
    };
}

const FIND_SIGNATURES: &str = select_signatures!("s.person_id = $1 ORDER BY s.signed_at, s.id");

const FIND_SIGNATURE: &str = select_signatures!("s.id = $1");

/// All signatures of a person, oldest first.
pub(crate) async fn find_signatures(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<Signature>, StoreError> {
    let rows: Vec<SignatureRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_SIGNATURES).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Signature::try_from).collect()
}

/// The signature of that id, whoever made it.
pub(crate) async fn find_signature(
    on_what: &mut impl Linked,
    id: SignatureId,
) -> Result<Option<Signature>, StoreError> {
    let row: Option<SignatureRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_SIGNATURE).bind(id).fetch_optional(conn).await)?;
    row.map(Signature::try_from).transpose()
}
