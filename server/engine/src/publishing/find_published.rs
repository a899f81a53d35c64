use std::sync::{Arc, PoisonError};

use model::{AgreementSlug, ModuleSlug};

use crate::{
    catalogue::{Agreement, Module},
    content,
    engine::{Engine, Looked, Refused},
    ground::Sha256Digest,
    people::{Person, is_for},
    store::{Linked, StoreError, on},
};

const FIND_CANONICAL: &str = "SELECT canonical FROM module_version WHERE sha256 = $1";

impl Engine {
    /// The current module of that name, if it is for this person.
    pub(crate) fn module_for(&self, person: &Person, slug: &ModuleSlug) -> Looked<Arc<Module>> {
        let module = self.catalogue().modules.get(slug).cloned().ok_or(Refused::NotFound)?;
        if is_for(&module.audience, person) { Ok(module) } else { Err(Refused::NotForYou) }
    }

    /// The very version of a module that an attempt was begun on.
    pub(crate) async fn module_version(
        &self,
        slug: &ModuleSlug,
        sha256: Sha256Digest,
    ) -> Result<Arc<Module>, StoreError> {
        if let Some(current) = self.catalogue().modules.get(slug)
            && current.canonical.sha256 == sha256
        {
            return Ok(Arc::clone(current));
        }
        if let Some(older) = self.older.read().unwrap_or_else(PoisonError::into_inner).get(&sha256) {
            return Ok(Arc::clone(older));
        }
        let mut conn = self.store.read().await?;
        let json: String = on!(conn.link(), conn => sqlx::query_scalar(FIND_CANONICAL)
            .bind(sha256.to_string()).fetch_one(conn).await)?;
        let module = content::module_from_canonical(&json).map_err(|error| {
            tracing::error!(%sha256, %error, "a published module cannot be rebuilt");
            StoreError::unreadable("module version")
        })?;
        let module = Arc::new(module);
        self.older.write().unwrap_or_else(PoisonError::into_inner).insert(sha256, Arc::clone(&module));
        Ok(module)
    }

    /// The agreement of that name, if it is for this person.
    pub(crate) fn agreement_for(&self, person: &Person, slug: &AgreementSlug) -> Looked<Arc<Agreement>> {
        let agreement = self.catalogue().agreements.get(slug).cloned().ok_or(Refused::NotFound)?;
        if is_for(&agreement.audience, person) { Ok(agreement) } else { Err(Refused::NotForYou) }
    }
}
