use chrono::{DateTime, Utc};
use model::AgreementSlug;

use crate::{
    catalogue::Language,
    ground::Sha256Digest,
    store::{Linked, StoreError, on},
};

/// A published version of a module or an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counted from 1.
    pub number: u32,
    /// How people call it: the number, or an agreement's label.
    pub label: String,
    /// Its title.
    pub title: String,
    /// The language of its words: that of the newest version of the same thing.
    pub language: Language,
    /// The digest of its canonical form.
    pub sha256: Sha256Digest,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

pub(crate) const FIND_MODULE_VERSIONS: &str = "SELECT number, CAST(number AS TEXT) AS label, title, sha256, published_at \
     FROM module_version WHERE module = $1 ORDER BY number DESC";

pub(crate) const FIND_AGREEMENT_VERSIONS: &str = "SELECT number, version AS label, title, sha256, published_at \
     FROM agreement_version WHERE agreement = $1 ORDER BY number DESC";

#[derive(sqlx::FromRow)]
struct VersionRow {
    number: i64,
    label: String,
    title: String,
    sha256: String,
    published_at: DateTime<Utc>,
}

impl TryFrom<VersionRow> for Version {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            number: u32::try_from(row.number).map_err(|_| StoreError::unreadable("version"))?,
            label: row.label,
            title: row.title,
            language: Language::ENGLISH,
            sha256: Sha256Digest::parse(&row.sha256).ok_or(StoreError::unreadable("version"))?,
            published_at: row.published_at,
        })
    }
}

/// Every published version, newest first, by one of the two queries above.
pub(crate) async fn find_versions(
    on_what: &mut impl Linked,
    find: &'static str,
    slug: &str,
) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<VersionRow> = on!(on_what.link(), conn => sqlx::query_as(find).bind(slug).fetch_all(conn).await)?;
    rows.into_iter().map(Version::try_from).collect()
}

const FIND_LABELS: &str = "SELECT version, sha256 FROM agreement_version WHERE agreement = $1 ORDER BY number";

/// The labels under which an agreement was published, oldest first, each with the digest of its text.
pub(super) async fn find_labels(
    on_what: &mut impl Linked,
    agreement: &AgreementSlug,
) -> Result<Vec<(String, Sha256Digest)>, StoreError> {
    let rows: Vec<(String, String)> = on!(on_what.link(), conn => sqlx::query_as(FIND_LABELS)
        .bind(agreement.as_str()).fetch_all(conn).await)?;
    let parsed = |(label, sha256): (String, String)| {
        Ok((label, Sha256Digest::parse(&sha256).ok_or(StoreError::unreadable("version"))?))
    };
    rows.into_iter().map(parsed).collect()
}
