use audit::{Fact, PartKind, digest_of_text};
use chrono::{DateTime, Utc};
use model::AgreementSlug;
use serde::Serialize;

use super::{
    agreement_page::settled,
    form_key::{drawn_at, fits},
    gate::{self, Gate},
};
use crate::{
    catalogue::{Agreement, TwinName},
    engine::{Engine, Refused},
    ground::{FormKey, PersonId, Sha256Digest, SignatureId, TextFault, at_least_two_letters, share_a_word, typed_line},
    log::{Act, Row, Said, milliseconds, milliseconds_up},
    people::{LONGEST_NAME, Person, SignedIn, still_counts},
    record::Actor,
    store::{Linked, StoreError, Tx, change_one, insert_all, on},
};

/// What a signer sends.
#[derive(Clone, Debug)]
pub struct SignForm {
    /// The digest of the text that they were shown.
    pub version: Sha256Digest,
    /// The twin in whose words they were shown it. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// The key that their form carried; each key signs once.
    pub key: FormKey,
    /// The name that they typed; 1 to 200 characters.
    pub typed_name: String,
    /// Whether they ticked that they agree.
    pub agreed: bool,
    /// Whether they were asked if the typed name is theirs, and said that it is.
    pub confirmed: bool,
}

impl SignForm {
    /// What this person has still to fill in, or to say of what they did: [`SignError::Incomplete`] or [`SignError::OtherName`]. `None`: nothing.
    /// Whoever is told that something else is wrong is told of this at once.
    #[must_use]
    pub fn fault(&self, person: &Person) -> Option<SignError> {
        self.complete(person).err()
    }

    /// The name as it is kept, and whether it is another than the one that is known.
    fn complete(&self, person: &Person) -> Result<(String, bool), SignError> {
        let typed_name = typed_line(&self.typed_name, LONGEST_NAME).and_then(at_least_two_letters);
        let (Ok(typed_name), true) = (&typed_name, self.agreed) else {
            return Err(SignError::Incomplete { name: typed_name.err(), agreement: !self.agreed });
        };
        let is_other = !share_a_word(typed_name, &person.name);
        if is_other && !self.confirmed { Err(SignError::OtherName) } else { Ok((typed_name.clone(), is_other)) }
    }
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
        /// What is wrong with the name. `None`: nothing.
        name: Option<TextFault>,
        /// The box that says "I agree" was not ticked.
        agreement: bool,
    },
    /// The typed name shares no word with the name by which the provider knows them, and they have not said that it is theirs.
    #[error("the typed name is another than the known one")]
    OtherName,
    /// They have not shown for ten minutes who they are, or their password has been changed since.
    #[error("they must show again who they are")]
    NotFresh,
    /// The text has changed since they were shown it.
    #[error("the text has changed")]
    TextChanged,
    /// The form's key has signed something else already, or was drawn for somebody else or another text.
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

const INSERT_SIGNATURE: &str = "INSERT INTO signature (id, person_id, agreement, version, twin, form_key, statement, \
     sign_in_method, signed_in_at, signed_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const INSERT_WORDS: &str =
    "INSERT INTO signature_words (signature_id, person_name, typed_name, confirmed) VALUES ($1, $2, $3, $4)";

const INSERT_PASSES: &str = "INSERT INTO signature_completion (signature_id, completion_id, person_id)";

impl Engine {
    /// Whether somebody has shown lately enough who they are to sign something now: never by an account of their organisation that let them in
    /// without asking anew. [`Engine::sign_agreement`] refuses them otherwise.
    #[must_use]
    pub fn is_fresh(&self, signed_in: &SignedIn) -> bool {
        signed_in.anew && self.steady_now() < signed_in.steady_at + SignedIn::FRESH
    }

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
        let mut tx = self.store.write_for(person.id).await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(person.id).await?;
        let (id, act) = self.sign_on(&mut tx, person, slug, form, signed_in).await?;
        self.seal(tx, act).await?;
        Ok(id)
    }

    /// The same in a transaction that has locked the person and holds off publishing, and that seals the act. `None`: it was signed
    /// before.
    pub(crate) async fn sign_on(
        &self,
        tx: &mut Tx,
        person: &Person,
        slug: &AgreementSlug,
        form: &SignForm,
        signed_in: &SignedIn,
    ) -> Result<(SignatureId, Option<Act>), SignError> {
        let situation = self.situation_on(tx, person.id).await?;
        let agreement = situation.agreement_for(&situation.person()?, slug)?;

        let replayed: Option<(SignatureId, PersonId, String)> = on!(tx.link(), conn => sqlx::query_as(FIND_BY_KEY)
            .bind(form.key).fetch_optional(conn).await)?;
        match replayed {
            Some((id, signer, signed)) if signer == person.id && signed == slug.as_str() => return Ok((id, None)),
            Some(_) => return Err(SignError::FormUsed),
            None => {}
        }
        if form.version != agreement.canonical.sha256 {
            return Err(SignError::TextChanged);
        }
        let (worded, words) = self.agreement_in_words(&agreement, form.twin);
        if words.shown != form.twin {
            return Err(SignError::TextChanged);
        }
        if !fits(form.key, person.id, form.version) {
            return Err(SignError::FormUsed);
        }
        if let Some(signature) = settled(&situation, &agreement) {
            return Ok((signature.id, None));
        }
        let gate = gate::decide(&situation, &agreement);
        let Some(passes) = gate.passes() else {
            return Err(SignError::Closed(gate));
        };
        if !self.is_fresh(signed_in) || !still_counts(tx, person.id, signed_in).await? {
            return Err(SignError::NotFresh);
        }
        let (typed_name, is_other) = form.complete(person)?;
        let id = SignatureId(self.new_id(situation.now));
        let expires_at = agreement.recurs.and_then(|months| situation.now.checked_add_months(months));
        insert_signature(tx, id, person, &worded, form, signed_in, (situation.now, expires_at)).await?;
        change_one!(tx, sqlx::query(INSERT_WORDS).bind(id).bind(&person.name).bind(&typed_name).bind(is_other))?;
        if !passes.is_empty() {
            insert_all!(tx, INSERT_PASSES, 3, &passes, |query, pass| query.bind(id).bind(pass.id).bind(person.id))?;
        }
        self.submit_agreement(tx, person, &agreement, id, situation.now).await?;
        let fact = Fact::Signed {
            agreement: agreement.slug.as_str().to_owned(),
            version: agreement.number,
            sha256: audit::Digest(agreement.canonical.sha256.0),
            statement: digest_of_text(worded.statement.as_bytes()),
            until: expires_at.map(milliseconds_up),
        };
        let how = HowSigned {
            confirmed: is_other,
            shown: drawn_at(form.key, situation.now).map(milliseconds),
            sign_in: &signed_in.method,
            signed_in: milliseconds(signed_in.at),
            twin: form.twin.map(String::from),
            typed_name: &typed_name,
        };
        let act = self.act(person.id, situation.now, Actor::Person(person.id));
        let act = act
            .saying(Said::Plain(fact), Row::of("signature", id))
            .with(PartKind::Id, &Signer { name: &person.name })
            .with(PartKind::Act, &how)
            .through_gate(passes.iter().map(|pass| pass.id).collect());
        Ok((id, Some(act)))
    }
}

/// By what name the provider knows the signer, as the signed log has it apart from the rest.
#[derive(Serialize)]
struct Signer<'n> {
    name: &'n str,
}

/// How somebody signed, likewise.
#[derive(Serialize)]
pub(crate) struct HowSigned<'s> {
    /// Whether they were asked if the typed name is theirs.
    pub confirmed: bool,
    /// When the form with the text was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<u64>,
    pub sign_in: &'s str,
    pub signed_in: u64,
    /// In the words of which twin they read and signed it. `None`: in those that were written first, and nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twin: Option<String>,
    pub typed_name: &'s str,
}

async fn insert_signature(
    tx: &mut Tx,
    id: SignatureId,
    person: &Person,
    agreement: &Agreement,
    form: &SignForm,
    signed_in: &SignedIn,
    (now, expires_at): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<(), StoreError> {
    change_one!(
        tx,
        sqlx::query(INSERT_SIGNATURE)
            .bind(id)
            .bind(person.id)
            .bind(agreement.slug.as_str())
            .bind(i64::from(agreement.number))
            .bind(form.twin.map(String::from))
            .bind(form.key)
            .bind(&agreement.statement)
            .bind(&signed_in.method)
            .bind(signed_in.at)
            .bind(now)
            .bind(expires_at)
    )
}
