use std::{collections::BTreeSet, sync::Arc};

use model::{ModuleSlug, PageSlug};

use crate::{
    catalogue::Module,
    engine::{Engine, Looked, Refused},
    ground::PersonId,
    people::Person,
    store::{Linked, StoreError, change, on},
};

/// A page of a module, with what its reader has read of the module.
#[derive(Clone, Debug)]
pub struct PageView {
    /// The module.
    pub module: Arc<Module>,
    /// The page's place among the module's pages, counted from 0.
    pub place: usize,
    /// The pages that have been read.
    pub read: BTreeSet<PageSlug>,
}

/// In one row, which is half the way to a reply of several. A page's name holds no slash.
const FIND_READ: &str =
    "SELECT string_agg(page, '/') FROM page_read WHERE person_id = $1 AND module = $2 AND edition = $3";

const INSERT_READ: &str = "INSERT INTO page_read (person_id, module, edition, page, read_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (person_id, module, edition, page) DO NOTHING";

impl Engine {
    /// A page of a module, to read.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn page(&self, person: &Person, slug: &ModuleSlug, page: &PageSlug) -> Looked<PageView> {
        let module = self.module_for(person, slug)?;
        let (place, _) = module.page(page).ok_or(Refused::NotFound)?;
        let read = find_read(&mut self.store.read().await?, person.id, &module).await?;
        Ok(PageView { module, place, read })
    }

    /// Notes that a page has been read, and gives the next page, or none after the last. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub async fn read_page(&self, person: &Person, slug: &ModuleSlug, page: &PageSlug) -> Looked<Option<PageSlug>> {
        let module = self.module_for(person, slug)?;
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

/// The pages of the module's present edition that this person has read.
pub(crate) async fn find_read(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &Module,
) -> Result<BTreeSet<PageSlug>, StoreError> {
    let pages: Option<String> = on!(on_what.link(), conn => sqlx::query_scalar(FIND_READ)
        .bind(person).bind(module.slug.as_str()).bind(i64::from(module.edition)).fetch_one(conn).await)?;
    let pages = pages.iter().flat_map(|pages| pages.split('/'));
    pages.map(|page| PageSlug::new(page).map_err(|_| StoreError::unreadable("page"))).collect()
}
