use chrono::{DateTime, Utc};

use super::canonical_forms::provider_from_canonical;
use crate::{
    catalogue::{Fact, Organisation},
    store::{Linked, StoreError, on},
};

/// A version of what was published of the provider itself.
pub(crate) struct ProviderVersion {
    /// Counted from 1.
    pub number: u32,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// By whom, as it was recorded.
    pub published_by: String,
    /// What `organisation.toml` said.
    pub organisation: Organisation,
    /// The facts that held with it, the provider's own rules among them.
    pub facts: Vec<Fact>,
}

const FIND_VERSIONS: &str =
    "SELECT number, canonical, published_at, published_by FROM provider_version ORDER BY number DESC LIMIT $1";

/// The newest versions of the provider, so many at most, the newest first.
pub(crate) async fn find_provider_versions(
    on_what: &mut impl Linked,
    most: usize,
) -> Result<Vec<ProviderVersion>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, DateTime<Utc>, String)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_VERSIONS).bind(most).fetch_all(conn).await)?;
    let version = |(number, canonical, published_at, published_by): (i64, String, DateTime<Utc>, String)| {
        let provider = provider_from_canonical(&canonical)?;
        Ok(ProviderVersion {
            number: u32::try_from(number).map_err(|_| StoreError::unreadable("provider"))?,
            published_at,
            published_by,
            organisation: provider.organisation,
            facts: provider.facts.into_values().collect(),
        })
    };
    rows.into_iter().map(version).collect()
}
