use std::sync::Arc;

use model::{ModuleSlug, PageSlug};

use crate::{
    catalogue::Module,
    engine::{Engine, Looked},
    people::{Person, is_for},
    quiz::{QuizState, quiz_state},
    record::Completion,
    standing::Cell,
};

/// A module as its reader finds it.
#[derive(Clone, Debug)]
pub struct ModuleOverview {
    /// The module.
    pub module: Arc<Module>,
    /// Its pages in order.
    pub pages: Vec<PageStep>,
    /// The first page that has not been read; none when all have.
    pub next: Option<PageSlug>,
    /// What can be done with the quiz.
    pub quiz: QuizState,
    /// The pass that counts now.
    pub pass: Option<Completion>,
    /// Where the person stands with it.
    pub cell: Cell,
}

/// A page in the list of a module's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageStep {
    /// Its name.
    pub slug: PageSlug,
    /// Its title.
    pub title: String,
    /// Whether it has been read.
    pub read: bool,
}

/// A module in a list.
#[derive(Clone, Debug)]
pub struct ModuleSummary {
    /// The module.
    pub module: Arc<Module>,
    /// Where the person stands with it.
    pub cell: Cell,
}

impl Engine {
    /// A module as its reader finds it.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn module_overview(&self, person: &Person, slug: &ModuleSlug) -> Looked<ModuleOverview> {
        let situation = self.situation(person.id).await?;
        let module = self.module_for(person, slug)?;
        let read = situation.dossier.read.get(&(slug.clone(), module.edition));
        let quiz = quiz_state(&situation, &module);
        let cell = situation.module_cell(slug);
        let pass = cell.counts.map(|done| situation.completion(done).clone());
        let pages: Vec<PageStep> = module
            .pages
            .iter()
            .map(|page| PageStep {
                slug: page.slug.clone(),
                title: page.title.clone(),
                read: read.is_some_and(|read| read.contains(&page.slug)),
            })
            .collect();
        let next = pages.iter().find(|page| !page.read).map(|page| page.slug.clone());
        Ok(ModuleOverview { module, pages, next, quiz, pass, cell })
    }

    /// The modules that are for this person, by title, with where they stand.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn modules(&self, person: &Person) -> Looked<Vec<ModuleSummary>> {
        let situation = self.situation(person.id).await?;
        let theirs = situation.catalogue().modules.values().filter(|module| is_for(&module.audience, person));
        let mut summaries: Vec<ModuleSummary> = theirs
            .map(|module| ModuleSummary { module: Arc::clone(module), cell: situation.module_cell(&module.slug) })
            .collect();
        summaries.sort_by(|a, b| a.module.title.cmp(&b.module.title));
        Ok(summaries)
    }
}
