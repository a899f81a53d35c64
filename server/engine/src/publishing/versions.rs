use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{AgreementSlug, ModuleSlug};

use super::{
    difference::{Difference, agreements_differ, modules_differ},
    find_published::rebuilt_agreement,
};
use crate::{
    catalogue::{Agreement, Language, Module},
    engine::{Engine, Looked, Refused},
    ground::Sha256Digest,
    people::{Person, may_read},
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

const FIND_MODULE_VERSIONS: &str = "SELECT number, CAST(number AS TEXT) AS label, title, sha256, published_at \
     FROM module_version WHERE module = $1 ORDER BY number DESC";

const FIND_AGREEMENT_VERSIONS: &str = "SELECT number, version AS label, title, sha256, published_at \
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

impl Engine {
    /// Every published version of a module, newest first, also of one that was withdrawn.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn module_versions(&self, person: &Person, slug: &ModuleSlug) -> Looked<Vec<Version>> {
        let mut conn = self.store.read().await?;
        let mut versions = find_versions(&mut conn, FIND_MODULE_VERSIONS, slug.as_str()).await?;
        let newest = versions.first().ok_or(Refused::NotFound)?;
        let newest = self.module_version(&mut conn, slug, newest.number).await?;
        versions.iter_mut().for_each(|version| version.language = newest.language);
        if may_read(&newest.audience, person, &self.catalogue().organisation) {
            Ok(versions)
        } else {
            Err(Refused::NotForYou)
        }
    }

    /// A module as it was published under that number, to read.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn published_module(
        &self,
        person: &Person,
        slug: &ModuleSlug,
        number: u32,
    ) -> Looked<(Version, Arc<Module>)> {
        let version = numbered(self.module_versions(person, slug).await?, number)?;
        let mut conn = self.store.read().await?;
        Ok((version, self.module_version(&mut conn, slug, number).await?))
    }

    /// What changed from one version of a module to another.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn module_difference(
        &self,
        person: &Person,
        slug: &ModuleSlug,
        from: u32,
        to: u32,
    ) -> Looked<Difference> {
        let (old, old_module) = self.published_module(person, slug, from).await?;
        let (new, new_module) = self.published_module(person, slug, to).await?;
        Ok(modules_differ((old, &old_module), (new, &new_module)))
    }

    /// Every published version of an agreement, newest first, also of one that was withdrawn.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn agreement_versions(&self, person: &Person, slug: &AgreementSlug) -> Looked<Vec<Version>> {
        let mut conn = self.store.read().await?;
        let versions = find_versions(&mut conn, FIND_AGREEMENT_VERSIONS, slug.as_str()).await?;
        let newest = versions.first().ok_or(Refused::NotFound)?;
        let newest = rebuilt_agreement(&mut conn, slug, newest.number).await?;
        if may_read(&newest.audience, person, &self.catalogue().organisation) {
            Ok(versions)
        } else {
            Err(Refused::NotForYou)
        }
    }

    /// An agreement as it was published under that number, to read.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn published_agreement(
        &self,
        person: &Person,
        slug: &AgreementSlug,
        number: u32,
    ) -> Looked<(Version, Agreement)> {
        let version = numbered(self.agreement_versions(person, slug).await?, number)?;
        let mut conn = self.store.read().await?;
        Ok((version, rebuilt_agreement(&mut conn, slug, number).await?))
    }

    /// What changed from one version of an agreement to another.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn agreement_difference(
        &self,
        person: &Person,
        slug: &AgreementSlug,
        from: u32,
        to: u32,
    ) -> Looked<Difference> {
        let (old, old_agreement) = self.published_agreement(person, slug, from).await?;
        let (new, new_agreement) = self.published_agreement(person, slug, to).await?;
        Ok(agreements_differ((old, &old_agreement), (new, &new_agreement)))
    }
}

async fn find_versions(on_what: &mut impl Linked, find: &'static str, slug: &str) -> Result<Vec<Version>, StoreError> {
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

fn numbered(versions: Vec<Version>, number: u32) -> Looked<Version> {
    versions.into_iter().find(|version| version.number == number).ok_or(Refused::NotFound)
}
