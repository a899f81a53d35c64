use std::{cmp::Reverse, sync::Arc};

use chrono::{DateTime, Utc};
use model::AgreementSlug;

use super::{
    gate::{self, Gate},
    hold::{Hold, agreement_gate},
    show_decline::find_reason,
};
use crate::{
    catalogue::Agreement,
    engine::{Engine, Looked},
    ground::{FormKey, SignatureId},
    people::Person,
    publishing::{Difference, Words},
    record::{Decline, Signature},
    standing::{Cell, Situation},
};

/// An agreement as its reader finds it.
#[derive(Clone, Debug)]
pub struct AgreementPage {
    /// The agreement.
    pub agreement: Arc<Agreement>,
    /// In which words it is shown.
    pub words: Words,
    /// What it requires, and what of that they have.
    pub gate: Gate,
    /// What they can do about signing it.
    pub signing: Signing,
    /// What they signed last, when that does not settle it: it has been replaced, has run out or is to be renewed.
    pub before: Option<Box<SignedBefore>>,
    /// That they declined to sign it, where they have not signed since.
    pub declined: Option<DeclinedBefore>,
    /// After how many days they would be asked again who decline now. `None`: nobody asks them, or they have declined and are not asked again yet.
    pub may_decline: Option<u32>,
}

/// What somebody declined before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclinedBefore {
    /// What they declined.
    pub decline: Decline,
    /// Why, in their own words. `None`: it has been let go of.
    pub reason: Option<String>,
}

/// What somebody signed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBefore {
    /// The signature.
    pub signature: Signature,
    /// How people call the version that they signed.
    pub label: String,
    /// What has changed since. `None`: they signed the version in force.
    pub difference: Option<Difference>,
}

/// The agreements as somebody finds them.
#[derive(Clone, Debug)]
pub struct Agreements {
    /// Those that are theirs, then those that they may read, each by title.
    pub agreements: Vec<AgreementSummary>,
    /// What they have signed, newest first.
    pub signed: Vec<SignedAgreement>,
}

/// An agreement in a list.
#[derive(Clone, Debug)]
pub struct AgreementSummary {
    /// The agreement.
    pub agreement: Arc<Agreement>,
    /// Where the person stands with it.
    pub cell: Arc<Cell>,
    /// How many of the modules that it requires are still to be passed.
    pub missing: usize,
    /// What keeps them from signing it.
    pub hold: Hold,
    /// Whether it is theirs. If not, they may read it.
    pub counts: bool,
}

/// A signature in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAgreement {
    /// The signature.
    pub id: SignatureId,
    /// The title of what was signed; the one that it had last, if it has been withdrawn.
    pub title: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it counts. `None`: for ever.
    pub until: Option<DateTime<Utc>>,
    /// Whether it is the one that counts now.
    pub counts: bool,
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
    /// It is for others, and not asked of them. They may read it.
    ForOthers,
}

impl Engine {
    /// An agreement as its reader finds it.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn agreement_page(&self, person: &Person, slug: &AgreementSlug) -> Looked<AgreementPage> {
        let situation = self.situation_of(person).await?;
        let (agreement, counts) = situation.agreement_to_read(person, slug)?;
        let gate = gate::decide(&situation, &agreement);
        let signing = match settled(&situation, &agreement) {
            Some(signature) => Signing::Signed(Box::new(signature.clone())),
            None if !counts => Signing::ForOthers,
            None if gate.is_open() => Signing::Open(self.form_key(person, agreement.canonical.sha256)),
            None => Signing::Closed,
        };
        let last =
            situation.agreement_cell(slug).last.filter(|_| matches!(signing, Signing::Open(_) | Signing::Closed));
        let before = match last.map(|done| situation.signature(done).clone()) {
            Some(signature) => Some(Box::new(self.signed_before(person, &agreement, signature).await?)),
            None => None,
        };
        let declined = match situation.declined(slug).filter(|_| counts).cloned() {
            Some(decline) => {
                let reason = find_reason(&mut self.store.read().await?, decline.id).await?;
                Some(DeclinedBefore { decline, reason })
            }
            None => None,
        };
        let is_asked = counts && situation.agreement_cell(slug).wanted.is_some();
        let waits = declined.as_ref().is_some_and(|before| before.decline.waits_on(situation.today));
        let may_decline = (is_asked && !waits).then(|| situation.catalogue().organisation.asks_again_after());
        let (agreement, words) = self.agreement_in_words(&agreement, situation.dossier.twin);
        Ok(AgreementPage { agreement, words, gate, signing, before, declined, may_decline })
    }

    async fn signed_before(
        &self,
        person: &Person,
        agreement: &Agreement,
        signature: Signature,
    ) -> Looked<SignedBefore> {
        if signature.version == agreement.number {
            let label = agreement.current().version.clone();
            return Ok(SignedBefore { signature, label, difference: None });
        }
        let difference =
            self.agreement_difference(person, &agreement.slug, signature.version, agreement.number).await?;
        Ok(SignedBefore { label: difference.from.label.clone(), signature, difference: Some(difference) })
    }

    /// The agreements that are this person's, and after them those that they may read, each by title; and what they have signed.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn agreements(&self, person: &Person) -> Looked<Agreements> {
        let situation = self.situation_of(person).await?;
        let all = situation.catalogue().agreements.values();
        let readable = all.filter(|agreement| situation.may_read(person, &***agreement));
        let mut summaries: Vec<AgreementSummary> = readable
            .map(|agreement| {
                let (hold, gate) = agreement_gate(&situation, agreement);
                AgreementSummary {
                    missing: gate.missing(),
                    hold,
                    agreement: Arc::clone(agreement),
                    cell: situation.agreement_cell(&agreement.slug),
                    counts: situation.is_theirs(person, &**agreement),
                }
            })
            .collect();
        summaries.sort_by(|a, b| (!a.counts, &a.agreement.title).cmp(&(!b.counts, &b.agreement.title)));
        let mut signed: Vec<SignedAgreement> = situation
            .dossier
            .signatures
            .iter()
            .map(|signature| {
                let counts = situation.agreement_cell(&signature.agreement).counts;
                let history = situation.shelf.agreements.get(&signature.agreement);
                SignedAgreement {
                    id: signature.id,
                    title: history.map_or_else(|| signature.agreement.to_string(), |history| history.title.clone()),
                    at: signature.signed_at,
                    until: signature.expires_at,
                    counts: counts.is_some_and(|done| situation.signature(done).id == signature.id),
                }
            })
            .collect();
        signed.sort_by_key(|signed| Reverse(signed.at));
        Ok(Agreements { agreements: summaries, signed })
    }
}

/// The signature that counts now and is not yet to be renewed.
pub(super) fn settled<'s>(situation: &'s Situation, agreement: &Agreement) -> Option<&'s Signature> {
    let cell = situation.agreement_cell(&agreement.slug);
    cell.counts.filter(|_| cell.wanted.is_none()).map(|done| situation.signature(done))
}
