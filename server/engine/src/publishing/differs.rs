use super::{
    canonical_forms::{Provider, canonical_programme, canonical_provider},
    publish::{Fate, Republish},
    read_shelf::read_shelf,
};
use crate::{
    catalogue::{Catalogue, History, Issue},
    engine::Engine,
    ground::Sha256Digest,
    store::StoreError,
};

impl Engine {
    /// What a compiled folder says otherwise than what is published, such as `module four-cs`: what publishing it would make a version of, and what it has in
    /// an older text. It only reads.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn differs_from_published(&self, folder: &Catalogue) -> Result<Vec<String>, StoreError> {
        let mut conn = self.store.read().await?;
        let shelf = read_shelf(&mut conn, &self.shelf(), Some(folder)).await?;
        let mut differs = Vec::new();
        if is_other(&shelf.provider, canonical_provider(&Provider::of(folder))?.sha256, false) {
            differs.push("the provider".to_owned());
        }
        for module in folder.modules.values() {
            if is_other_than(shelf.modules.get(&module.slug), module.canonical.sha256) {
                differs.push(format!("module {}", module.slug));
            }
        }
        for agreement in folder.agreements.values() {
            if is_other_than(shelf.agreements.get(&agreement.slug), agreement.canonical.sha256) {
                differs.push(format!("agreement {}", agreement.slug));
            }
        }
        for programme in &folder.programmes {
            if is_other_than(shelf.programmes.get(&programme.slug), canonical_programme(programme)?.sha256) {
                differs.push(format!("programme {}", programme.slug));
            }
        }
        Ok(differs)
    }
}

fn is_other_than<T>(history: Option<&History<T>>, sha256: Sha256Digest) -> bool {
    history.is_none_or(|history| is_other(&history.versions, sha256, history.is_withdrawn()))
}

fn is_other<T>(versions: &[Issue<T>], sha256: Sha256Digest, is_withdrawn: bool) -> bool {
    // What was withdrawn stays so, whatever the folder has.
    !is_withdrawn && Fate::of(versions, sha256, false, Republish::No) != Fate::Known
}
