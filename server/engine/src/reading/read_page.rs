use std::{collections::BTreeSet, sync::Arc};

use model::{ModuleSlug, PageSlug};

use crate::{
    catalogue::Module,
    engine::{Engine, Looked, Refused},
    people::Person,
    publishing::Words,
    quiz::counts_time,
    store::{Linked as _, change},
};

/// A page of a module, with what its reader has read of the module.
#[derive(Clone, Debug)]
pub struct PageView {
    /// The module.
    pub module: Arc<Module>,
    /// The page's place among the module's pages, counted from 0.
    pub place: usize,
    /// Whether the module is its reader's. If not, they may read it, and nothing of that counts.
    pub counts: bool,
    /// In which words it is shown.
    pub words: Words,
    /// The pages that have been read.
    pub read: BTreeSet<PageSlug>,
    /// Whether it is counted how long they spend on the module.
    pub counts_time: bool,
}

const INSERT_READ: &str = "INSERT INTO page_read (person_id, module, edition, page, read_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (person_id, module, edition, page) DO NOTHING";

impl Engine {
    /// A page of a module, to read.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn page(&self, person: &Person, slug: &ModuleSlug, page: &PageSlug) -> Looked<PageView> {
        let situation = self.situation_of(person).await?;
        let (module, counts) = situation.module_to_read(person, slug)?;
        let (place, _) = module.page(page).ok_or(Refused::NotFound)?;
        let counts_time = counts && counts_time(&situation, &module);
        let read = situation.dossier.read.get(&(slug.clone(), module.edition)).cloned().unwrap_or_default();
        let (module, words) = self.in_words(&module, situation.dossier.twin);
        Ok(PageView { module, place, counts, words, read, counts_time })
    }

    /// Notes that a page has been read, and gives the next page, or none after the last. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn read_page(&self, person: &Person, slug: &ModuleSlug, page: &PageSlug) -> Looked<Option<PageSlug>> {
        let module = self.situation_of(person).await?.module_for(person, slug)?;
        let (place, _) = module.page(page).ok_or(Refused::NotFound)?;
        let mut tx = self.store.write().await?;
        change!(
            tx,
            sqlx::query(INSERT_READ)
                .bind(person.id)
                .bind(slug.as_str())
                .bind(i64::from(module.edition))
                .bind(page.as_str())
                .bind(self.clock.now())
        )?;
        tx.commit().await?;
        Ok(module.pages.get(place + 1).map(|next| next.slug.clone()))
    }
}
