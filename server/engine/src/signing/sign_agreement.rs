use chrono::{DateTime, Utc};
use model::AgreementSlug;

use super::{
    agreement_page::settled,
    gate::{self, Gate},
};
use crate::{
    catalogue::Agreement,
    engine::{Engine, Refused},
    ground::{FormKey, PersonId, Sha256Digest, SignatureId},
    people::Person,
    record::{Completion, find_signatures},
    store::{Linked, StoreError, Tx, change_one, on},
};

/// What a signer sends.
#[derive(Clone, Debug)]
pub struct SignForm {
    /// The digest of the text that they were shown.
    pub version: Sha256Digest,
    /// The key that their form carried; each key signs once.
    pub key: FormKey,
    /// The name that they typed; 1 to 200 characters.
    pub typed_name: String,
    /// Whether they ticked that they agree.
    pub agreed: bool,
}

/// How somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// By what: `password` so far.
    pub method: String,
    /// When they last did.
    pub at: DateTime<Utc>,
}

/// Why nothing was signed. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// There is no such agreement, or it is for other people.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The form is not complete.
    #[error("the form is not complete")]
    Incomplete {
        /// The name is empty or longer than 200 characters.
        name: bool,
        /// The box that says "I agree" was not ticked.
        agreement: bool,
    },
    /// The text has changed since they were shown it.
    #[error("the text has changed")]
    TextChanged,
    /// The form's key has signed something else already, or for somebody else.
    #[error("the form has been used already")]
    FormUsed,
    /// A pass is missing, has expired or is superseded.
    #[error("a pass is missing")]
    Closed(Gate),
}

impl From<StoreError> for SignError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const FIND_BY_KEY: &str = "SELECT id, person_id, agreement FROM signature WHERE form_key = $1";

const FIND_LATEST: &str = "SELECT sha256 FROM agreement_version WHERE agreement = $1 ORDER BY number DESC LIMIT 1";

const INSERT_SIGNATURE: &str = "INSERT INTO signature (id, person_id, agreement, version_sha256, form_key, person_name, \
     statement, typed_name, sign_in_method, signed_in_at, signed_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const INSERT_PASS: &str = "INSERT INTO signature_completion (signature_id, completion_id) VALUES ($1, $2)";

impl Engine {
    /// Signs an agreement. The gate is decided inside the transaction that writes the signature, by the time at which the
    /// transaction holds its lock, and nothing else in Induct writes signatures. A replayed form, a double click or a
    /// second tab finds the signature that is there.
    ///
    /// # Errors
    /// [`SignError`]; nothing has been written.
    pub async fn sign_agreement(
        &self,
        person: &Person,
        slug: &AgreementSlug,
        form: &SignForm,
        signed_in: &SignedIn,
    ) -> Result<SignatureId, SignError> {
        let agreement = self.agreement_for(person, slug)?;
        let mut tx = self.store.write().await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(person.id).await?;
        let now = self.clock.now();

        let replayed: Option<(SignatureId, PersonId, String)> = on!(tx.link(), conn => sqlx::query_as(FIND_BY_KEY)
            .bind(form.key).fetch_optional(conn).await)?;
        match replayed {
            Some((id, signer, signed)) if signer == person.id && signed == slug.as_str() => return Ok(id),
            Some(_) => return Err(SignError::FormUsed),
            None => {}
        }
        if form.version != agreement.canonical.sha256 || !is_latest(&mut tx, slug, form.version).await? {
            return Err(SignError::TextChanged);
        }
        let signatures = find_signatures(&mut tx, person.id).await?;
        let catalogue = self.catalogue();
        if let Some(signature) = settled(&signatures, &agreement, person, &catalogue, now) {
            return Ok(signature.id);
        }
        let gate = gate::decide(&mut tx, &catalogue, &agreement, person.id, now).await?;
        let Some(passes) = gate.passes() else {
            return Err(SignError::Closed(gate));
        };
        let typed_name = form.typed_name.trim();
        let name_is_wrong = typed_name.is_empty() || typed_name.chars().count() > 200;
        if name_is_wrong || !form.agreed {
            return Err(SignError::Incomplete { name: name_is_wrong, agreement: !form.agreed });
        }
        let id = SignatureId(self.new_id(now));
        insert_signature(&mut tx, id, person, &agreement, form, signed_in, now).await?;
        insert_passes(&mut tx, id, &passes).await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn is_latest(tx: &mut Tx, slug: &AgreementSlug, version: Sha256Digest) -> Result<bool, StoreError> {
    let latest: Option<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_LATEST)
        .bind(slug.as_str()).fetch_optional(conn).await)?;
    Ok(latest == Some(version.to_string()))
}

async fn insert_signature(
    tx: &mut Tx,
    id: SignatureId,
    person: &Person,
    agreement: &Agreement,
    form: &SignForm,
    signed_in: &SignedIn,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let expires_at = agreement.recurs.and_then(|months| now.checked_add_months(months));
    change_one!(
        tx,
        sqlx::query(INSERT_SIGNATURE)
            .bind(id)
            .bind(person.id)
            .bind(agreement.slug.as_str())
            .bind(agreement.canonical.sha256.to_string())
            .bind(form.key)
            .bind(&person.name)
            .bind(&agreement.statement)
            .bind(form.typed_name.trim())
            .bind(&signed_in.method)
            .bind(signed_in.at)
            .bind(now)
            .bind(expires_at)
    )?;
    Ok(())
}

async fn insert_passes(tx: &mut Tx, id: SignatureId, passes: &[&Completion]) -> Result<(), StoreError> {
    for pass in passes {
        change_one!(tx, sqlx::query(INSERT_PASS).bind(id).bind(pass.id))?;
    }
    Ok(())
}
