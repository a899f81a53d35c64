use std::sync::Arc;

use model::AgreementSlug;

use super::gate::{self, Gate};
use crate::{
    catalogue::Agreement,
    engine::{Engine, Looked},
    ground::FormKey,
    people::Person,
    record::Signature,
    standing::Situation,
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
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn agreement_page(&self, person: &Person, slug: &AgreementSlug) -> Looked<AgreementPage> {
        let situation = self.situation(person.id).await?;
        let agreement = self.agreement_for(person, slug)?;
        let gate = gate::decide(&situation, &agreement);
        let signing = match settled(&situation, &agreement) {
            Some(signature) => Signing::Signed(Box::new(signature.clone())),
            None if gate.is_open() => Signing::Open(self.form_key(person, agreement.canonical.sha256)),
            None => Signing::Closed,
        };
        Ok(AgreementPage { agreement, gate, signing })
    }
}

/// The signature that counts now and is not yet to be renewed.
pub(super) fn settled<'s>(situation: &'s Situation, agreement: &Agreement) -> Option<&'s Signature> {
    let cell = situation.agreement_cell(&agreement.slug);
    cell.counts.filter(|_| cell.wanted.is_none()).map(|done| situation.signature(done))
}
