use std::sync::Arc;

use model::{AgreementSlug, ModuleSlug};

use crate::{
    catalogue::{Agreement, Module},
    engine::{Engine, Looked, Refused},
    people::Person,
    publishing::{
        Difference, FIND_AGREEMENT_VERSIONS, FIND_MODULE_VERSIONS, Version, agreements_differ, find_versions,
        modules_differ, rebuilt_agreement,
    },
};

impl Engine {
    /// Every published version of a module, newest first, also of one that was withdrawn.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn module_versions(&self, person: &Person, slug: &ModuleSlug) -> Looked<Vec<Version>> {
        let situation = self.situation_of(person).await?;
        let mut conn = self.store.read().await?;
        let mut versions = find_versions(&mut conn, FIND_MODULE_VERSIONS, slug.as_str()).await?;
        let newest = versions.first().ok_or(Refused::NotFound)?;
        let newest = self.module_version(&mut conn, slug, newest.number).await?;
        versions.iter_mut().for_each(|version| version.language = newest.language);
        if situation.may_read(person, &*newest) { Ok(versions) } else { Err(Refused::NotForYou) }
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
        let situation = self.situation_of(person).await?;
        let mut conn = self.store.read().await?;
        let versions = find_versions(&mut conn, FIND_AGREEMENT_VERSIONS, slug.as_str()).await?;
        let newest = versions.first().ok_or(Refused::NotFound)?;
        let newest = rebuilt_agreement(&mut conn, slug, newest.number).await?;
        if situation.may_read(person, &newest) { Ok(versions) } else { Err(Refused::NotForYou) }
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

fn numbered(versions: Vec<Version>, number: u32) -> Looked<Version> {
    versions.into_iter().find(|version| version.number == number).ok_or(Refused::NotFound)
}
