use std::fmt;

use model::{AgreementSlug, ModuleSlug};

use super::keep_media::KeepMediaError;
use crate::{
    catalogue::{Agreement, Module},
    engine::Engine,
    store::{Linked, StoreError, Tx, change_one, on},
};

/// What publishing added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A module's new version, by its number.
    Module(ModuleSlug, u32),
    /// An agreement's new version, by its label.
    Agreement(AgreementSlug, String),
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(slug, number) => write!(f, "module {slug}, version {number}"),
            Self::Agreement(slug, version) => write!(f, "agreement {slug}, version {version}"),
        }
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The text of an agreement differs from what was published under the same version label.
    #[error(
        "content/agreements/{agreement}.md differs from what was published as version {version}: \
         give the new text a new version in its table, or restore the old text"
    )]
    TextChanged {
        /// Which agreement.
        agreement: AgreementSlug,
        /// Which version label.
        version: String,
    },
    /// A version of an agreement that a later one has replaced: nobody could sign it.
    #[error(
        "content/agreements/{agreement}.md ends with version {found}, but version {published} is published already: \
         restore that version, or put a new one after it"
    )]
    OlderVersion {
        /// Which agreement.
        agreement: AgreementSlug,
        /// The label of the last version in the file.
        found: String,
        /// The label of the last version that has been published.
        published: String,
    },
    /// An edition lower than the one that is published: passes that no longer count would come back.
    #[error("content/modules/{module}/module.toml has edition {found}, but edition {published} is published already")]
    OlderEdition {
        /// Which module.
        module: ModuleSlug,
        /// What the file says.
        found: u32,
        /// What has been published.
        published: u32,
    },
    /// What a module plays could not be copied into the database.
    #[error("module {module}: {error}")]
    Media {
        /// Which module.
        module: ModuleSlug,
        /// Why.
        error: KeepMediaError,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_LAST_MODULE: &str = "SELECT sha256, number, edition FROM module_version WHERE module = $1 \
     ORDER BY number DESC LIMIT 1";

const FIND_MODULE: &str = "SELECT number FROM module_version WHERE sha256 = $1";

const INSERT_MODULE: &str = "INSERT INTO module_version (sha256, module, number, edition, title, canonical, published_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const FIND_AGREEMENTS: &str = "SELECT sha256, version, number FROM agreement_version WHERE agreement = $1";

const INSERT_AGREEMENT: &str = "INSERT INTO agreement_version (sha256, agreement, number, version, title, canonical, published_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

impl Engine {
    /// Publishes what is new or changed in the catalogue as immutable versions, all or nothing, and says which. Doing it
    /// again adds nothing.
    ///
    /// # Errors
    /// [`PublishError::TextChanged`] when an agreement's text changed under its label, [`PublishError::OlderEdition`]
    /// when a module's edition went back.
    pub async fn publish(&self) -> Result<Vec<Published>, PublishError> {
        let catalogue = self.catalogue();
        let mut published = Vec::new();
        let mut tx = self.store.write().await?;
        tx.lock_publishing().await?;
        for module in catalogue.modules.values() {
            let Some(new) = self.publish_module(&mut tx, module).await? else { continue };
            for media in &module.media {
                let kept = self.keep_media(&mut tx, media).await;
                kept.map_err(|error| PublishError::Media { module: module.slug.clone(), error })?;
            }
            published.push(new);
        }
        for agreement in catalogue.agreements.values() {
            published.extend(self.publish_agreement(&mut tx, agreement).await?);
        }
        tx.commit().await?;
        Ok(published)
    }

    async fn publish_module(&self, tx: &mut Tx, module: &Module) -> Result<Option<Published>, PublishError> {
        let Some(number) = find_module_number(tx, module).await? else { return Ok(None) };
        change_one!(
            tx,
            sqlx::query(INSERT_MODULE)
                .bind(module.canonical.sha256.to_string())
                .bind(module.slug.as_str())
                .bind(number)
                .bind(i64::from(module.edition))
                .bind(&module.title)
                .bind(&module.canonical.json)
                .bind(self.clock.now())
        )?;
        Ok(Some(Published::Module(module.slug.clone(), u32::try_from(number).unwrap_or(u32::MAX))))
    }

    async fn publish_agreement(&self, tx: &mut Tx, agreement: &Agreement) -> Result<Option<Published>, PublishError> {
        let Some(number) = find_agreement_number(tx, agreement).await? else { return Ok(None) };
        let version = &agreement.current().version;
        change_one!(
            tx,
            sqlx::query(INSERT_AGREEMENT)
                .bind(agreement.canonical.sha256.to_string())
                .bind(agreement.slug.as_str())
                .bind(number)
                .bind(version)
                .bind(&agreement.title)
                .bind(&agreement.canonical.json)
                .bind(self.clock.now())
        )?;
        Ok(Some(Published::Agreement(agreement.slug.clone(), version.clone())))
    }
}

/// The number under which a module is to be published; none when this very version is published already.
pub(crate) async fn find_module_number(
    on_what: &mut impl Linked,
    module: &Module,
) -> Result<Option<i64>, PublishError> {
    let sha256 = module.canonical.sha256.to_string();
    let last: Option<(String, i64, i64)> = on!(on_what.link(), conn => sqlx::query_as(FIND_LAST_MODULE)
        .bind(module.slug.as_str()).fetch_optional(conn).await)?;
    let (last_sha256, last_number, last_edition) = last.unwrap_or_default();
    if i64::from(module.edition) < last_edition {
        return Err(PublishError::OlderEdition {
            module: module.slug.clone(),
            found: module.edition,
            published: u32::try_from(last_edition).unwrap_or(u32::MAX),
        });
    }
    if last_sha256 == sha256 {
        return Ok(None);
    }
    // A text that went back to an earlier version is known by that version.
    let before: Option<i64> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_MODULE)
        .bind(&sha256).fetch_optional(conn).await)?;
    Ok(before.is_none().then_some(last_number + 1))
}

/// The number under which an agreement is to be published; none when this very version is published already.
pub(crate) async fn find_agreement_number(
    on_what: &mut impl Linked,
    agreement: &Agreement,
) -> Result<Option<i64>, PublishError> {
    let version = &agreement.current().version;
    let before: Vec<(String, String, i64)> = on!(on_what.link(), conn => sqlx::query_as(FIND_AGREEMENTS)
        .bind(agreement.slug.as_str()).fetch_all(conn).await)?;
    let last = before.iter().max_by_key(|(.., number)| *number);
    let Some((published, ..)) = before.iter().find(|(_, label, _)| label == version) else {
        return Ok(Some(last.map_or(0, |(.., number)| *number) + 1));
    };
    if *published != agreement.canonical.sha256.to_string() {
        return Err(PublishError::TextChanged { agreement: agreement.slug.clone(), version: version.clone() });
    }
    match last {
        Some((_, last, _)) if last != version => Err(PublishError::OlderVersion {
            agreement: agreement.slug.clone(),
            found: version.clone(),
            published: last.clone(),
        }),
        _ => Ok(None),
    }
}
