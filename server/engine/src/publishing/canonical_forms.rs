//! The canonical forms of what stands in one small file: programmes, and the provider. RFC 8785 JSON, as for modules and agreements.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{AgreementSlug, FactId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    catalogue::{Canonical, Catalogue, Fact, Helpline, Organisation, Programme, TwinName},
    ground::Sha256Digest,
    store::StoreError,
};

const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<T> {
    format: u32,
    kind: String,
    what: T,
}

/// The provider: whom to talk to, the help services, and the reviews of agreements, which may change without a new version of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    pub organisation: Organisation,
    pub helplines: Vec<Helpline>,
    pub facts: BTreeMap<FactId, Fact>,
    /// By agreement and label of the version: when it was reviewed and when it must be again.
    pub reviews: BTreeMap<AgreementSlug, BTreeMap<String, (NaiveDate, NaiveDate)>>,
    /// By agreement and twin: when it was reviewed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub twin_reviews: BTreeMap<AgreementSlug, BTreeMap<TwinName, NaiveDate>>,
    /// The Markdown of the provider's own pages, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pages: BTreeMap<String, String>,
}

impl Provider {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let reviews = catalogue.agreements.values().map(|agreement| {
            let rows = agreement.versions.iter();
            let rows = rows.map(|row| (row.version.clone(), (row.reviewed, row.next_review)));
            (agreement.slug.clone(), rows.collect())
        });
        let twin_reviews = catalogue.agreements.values().filter_map(|agreement| {
            let reviewed = agreement.twins.iter().filter_map(|(name, twin)| Some((*name, twin.reviewed?)));
            let reviewed: BTreeMap<TwinName, NaiveDate> = reviewed.collect();
            (!reviewed.is_empty()).then(|| (agreement.slug.clone(), reviewed))
        });
        Self {
            organisation: catalogue.organisation.clone(),
            helplines: catalogue.helplines.clone(),
            facts: catalogue.facts.clone(),
            reviews: reviews.collect(),
            twin_reviews: twin_reviews.collect(),
            pages: catalogue.pages.iter().map(|page| (page.slug.to_string(), page.source.clone())).collect(),
        }
    }
}

pub(super) fn canonical_provider(provider: &Provider) -> Result<Canonical, StoreError> {
    canonical("provider", provider)
}

pub(super) fn provider_from_canonical(json: &str) -> Result<Provider, StoreError> {
    from_canonical("provider", json)
}

pub(super) fn canonical_programme(programme: &Programme) -> Result<Canonical, StoreError> {
    canonical("programme", programme)
}

pub(super) fn programme_from_canonical(json: &str) -> Result<Programme, StoreError> {
    from_canonical("programme", json)
}

fn canonical<T: Serialize>(kind: &'static str, what: T) -> Result<Canonical, StoreError> {
    let whole = Whole { format: FORMAT, kind: kind.to_owned(), what };
    let json = serde_json_canonicalizer::to_string(&whole).map_err(|_| StoreError::unreadable(kind))?;
    let sha256 = Sha256Digest::of(json.as_bytes());
    Ok(Canonical { json: json.into(), sha256 })
}

fn from_canonical<T: DeserializeOwned>(kind: &'static str, json: &str) -> Result<T, StoreError> {
    let whole: Whole<T> = serde_json::from_str(json).map_err(|error| {
        tracing::error!(kind, %error, "what was published cannot be read");
        StoreError::unreadable(kind)
    })?;
    if whole.kind == kind && whole.format == FORMAT { Ok(whole.what) } else { Err(StoreError::unreadable(kind)) }
}
