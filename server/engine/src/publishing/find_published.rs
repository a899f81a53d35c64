use std::sync::Arc;

use model::{AgreementSlug, ModuleSlug};

use super::read_shelf::check_digest;
use crate::{
    catalogue::{Agreement, Module},
    content,
    engine::Engine,
    store::{Linked, StoreError, on},
};

const FIND_MODULE: &str = "SELECT canonical, sha256 FROM module_version WHERE module = $1 AND number = $2";

const FIND_AGREEMENT: &str = "SELECT canonical, sha256 FROM agreement_version WHERE agreement = $1 AND number = $2";

impl Engine {
    /// The very version of a module that an attempt was begun on, current or not, withdrawn or not.
    pub(crate) async fn module_version(
        &self,
        on_what: &mut impl Linked,
        slug: &ModuleSlug,
        number: u32,
    ) -> Result<Arc<Module>, StoreError> {
        if let Some(current) = self.catalogue().modules.get(slug).filter(|current| current.number == number) {
            return Ok(Arc::clone(current));
        }
        let key = (slug.clone(), number);
        if let Some(older) = self.older.get(&key, &()) {
            return Ok(older);
        }
        let module = Arc::new(rebuilt_module(on_what, slug, number).await?);
        self.older.put(key, (), Arc::clone(&module));
        Ok(module)
    }
}

/// A version of a module as it was published.
pub(super) async fn rebuilt_module(
    on_what: &mut impl Linked,
    slug: &ModuleSlug,
    number: u32,
) -> Result<Module, StoreError> {
    let (canonical, sha256): (String, String) = on!(on_what.link(), conn => sqlx::query_as(FIND_MODULE)
        .bind(slug.as_str()).bind(i64::from(number)).fetch_one(conn).await)?;
    check_digest(&canonical, &sha256, "module version")?;
    let module = content::module_from_canonical(&canonical).map_err(|error| {
        tracing::error!(%slug, number, %error, "a published module cannot be rebuilt");
        StoreError::unreadable("module version")
    })?;
    Ok(Module { number, ..module })
}

/// A version of an agreement as it was published.
pub(crate) async fn rebuilt_agreement(
    on_what: &mut impl Linked,
    slug: &AgreementSlug,
    number: u32,
) -> Result<Agreement, StoreError> {
    let (canonical, sha256): (String, String) = on!(on_what.link(), conn => sqlx::query_as(FIND_AGREEMENT)
        .bind(slug.as_str()).bind(i64::from(number)).fetch_one(conn).await)?;
    check_digest(&canonical, &sha256, "agreement version")?;
    let agreement = content::agreement_from_canonical(&canonical).map_err(|error| {
        tracing::error!(%slug, number, %error, "a published agreement cannot be rebuilt");
        StoreError::unreadable("agreement version")
    })?;
    Ok(Agreement { number, ..agreement })
}
