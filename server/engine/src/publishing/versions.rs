use chrono::{DateTime, Utc};
use model::{AgreementSlug, ModuleSlug};

use super::difference::{Difference, agreements_differ, modules_differ};
use crate::{
    catalogue::{Agreement, Module},
    content,
    engine::{Engine, Looked, Refused},
    ground::Sha256Digest,
    people::Person,
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
    /// The digest of its canonical form.
    pub sha256: Sha256Digest,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    number: i64,
    label: String,
    title: String,
    sha256: String,
    published_at: DateTime<Utc>,
    canonical: String,
}

impl VersionRow {
    fn version(&self) -> Result<Version, StoreError> {
        Ok(Version {
            number: u32::try_from(self.number).map_err(|_| StoreError::unreadable("version"))?,
            label: self.label.clone(),
            title: self.title.clone(),
            sha256: Sha256Digest::parse(&self.sha256).ok_or(StoreError::unreadable("version"))?,
            published_at: self.published_at,
        })
    }
}

const FIND_MODULE_VERSIONS: &str = "SELECT number, CAST(number AS TEXT) AS label, title, sha256, published_at, canonical \
     FROM module_version WHERE module = $1 ORDER BY number DESC";

const FIND_AGREEMENT_VERSIONS: &str = "SELECT number, version AS label, title, sha256, published_at, canonical \
     FROM agreement_version WHERE agreement = $1 ORDER BY number DESC";

impl Engine {
    /// Every published version of a module, newest first.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn module_versions(&self, person: &Person, slug: &ModuleSlug) -> Looked<Vec<Version>> {
        self.module_for(person, slug)?;
        Ok(versions(&self.rows(FIND_MODULE_VERSIONS, slug.as_str()).await?)?)
    }

    /// A module as it was published under that number, to read.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn published_module(&self, person: &Person, slug: &ModuleSlug, number: u32) -> Looked<(Version, Module)> {
        self.module_for(person, slug)?;
        let row = numbered(self.rows(FIND_MODULE_VERSIONS, slug.as_str()).await?, number)?;
        Ok((row.version()?, rebuilt_module(&row)?))
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

    /// Every published version of an agreement, newest first.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn agreement_versions(&self, person: &Person, slug: &AgreementSlug) -> Looked<Vec<Version>> {
        self.agreement_for(person, slug)?;
        Ok(versions(&self.rows(FIND_AGREEMENT_VERSIONS, slug.as_str()).await?)?)
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
        self.agreement_for(person, slug)?;
        let row = numbered(self.rows(FIND_AGREEMENT_VERSIONS, slug.as_str()).await?, number)?;
        Ok((row.version()?, rebuilt_agreement(&row)?))
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

    async fn rows(&self, find: &'static str, slug: &str) -> Result<Vec<VersionRow>, StoreError> {
        let mut conn = self.store.read().await?;
        Ok(on!(conn.link(), conn => sqlx::query_as(find).bind(slug).fetch_all(conn).await)?)
    }
}

fn versions(rows: &[VersionRow]) -> Result<Vec<Version>, StoreError> {
    rows.iter().map(VersionRow::version).collect()
}

fn numbered(rows: Vec<VersionRow>, number: u32) -> Looked<VersionRow> {
    rows.into_iter().find(|row| row.number == i64::from(number)).ok_or(Refused::NotFound)
}

fn rebuilt_module(row: &VersionRow) -> Result<Module, StoreError> {
    content::module_from_canonical(&row.canonical).map_err(|error| {
        tracing::error!(version = row.sha256, %error, "a published module cannot be rebuilt");
        StoreError::unreadable("module version")
    })
}

fn rebuilt_agreement(row: &VersionRow) -> Result<Agreement, StoreError> {
    content::agreement_from_canonical(&row.canonical).map_err(|error| {
        tracing::error!(version = row.sha256, %error, "a published agreement cannot be rebuilt");
        StoreError::unreadable("agreement version")
    })
}
