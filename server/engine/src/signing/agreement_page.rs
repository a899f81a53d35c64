use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::AgreementSlug;

use super::gate::{self, Gate};
use crate::{
    catalogue::{Agreement, Catalogue},
    engine::{Engine, Looked},
    ground::{FormKey, local_date},
    people::Person,
    quiz::RENEWAL_WINDOW,
    record::{Signature, find_signatures},
    standing::asked_anew_by,
};

/// An agreement as its reader finds it.
#[derive(Clone, Debug)]
pub struct AgreementPage {
    /// The agreement.
    pub agreement: Arc<Agreement>,
    /// What it requires, and what of that they have.
    pub gate: Gate,
    /// What they can do about signing it.
    pub signing: Signing,
}

/// What somebody can do about signing an agreement.
#[derive(Clone, Debug)]
pub enum Signing {
    /// It is signed, and that counts.
    Signed(Box<Signature>),
    /// It can be signed now, by a form that carries this key.
    Open(FormKey),
    /// Something is missing; see the gate.
    Closed,
}

impl Engine {
    /// An agreement as its reader finds it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn agreement_page(&self, person: &Person, slug: &AgreementSlug) -> Looked<AgreementPage> {
        let agreement = self.agreement_for(person, slug)?;
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let signatures = find_signatures(&mut conn, person.id).await?;
        let catalogue = self.catalogue();
        let gate = gate::decide(&mut conn, &catalogue, &agreement, person.id, now).await?;
        let signing = match settled(&signatures, &agreement, person, &catalogue, now) {
            Some(signature) => Signing::Signed(Box::new(signature.clone())),
            None if gate.is_open() => Signing::Open(FormKey(self.new_id(now))),
            None => Signing::Closed,
        };
        Ok(AgreementPage { agreement, gate, signing })
    }
}

/// The signature under this version that counts now and is not yet due for renewal.
pub(crate) fn settled<'s>(
    signatures: &'s [Signature],
    agreement: &Agreement,
    person: &Person,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Option<&'s Signature> {
    let asked_anew = |signature: &Signature| {
        asked_anew_by(
            catalogue,
            person,
            |programme| programme.agreements.contains(&agreement.slug),
            local_date(signature.signed_at),
            local_date(now),
        )
        .is_some()
    };
    signatures.iter().rev().find(|signature| {
        signature.agreement == agreement.slug
            && signature.version == agreement.canonical.sha256
            && signature.expires_at.is_none_or(|expires_at| now < expires_at - RENEWAL_WINDOW)
            && !asked_anew(signature)
    })
}
