use std::sync::Arc;

use model::{ModuleSlug, PageSlug, Status};

use super::{own_page::SOON, read_page::find_read};
use crate::{
    catalogue::{Module, Programme},
    engine::{Engine, Looked},
    ground::local_date,
    people::Person,
    people::is_for,
    quiz::{QuizState, find_quiz_state},
    record::{Completion, Standing, find_standing},
    standing::asked_anew_by,
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
    pub status: Status,
}

impl Engine {
    /// A module as its reader finds it.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn module_overview(&self, person: &Person, slug: &ModuleSlug) -> Looked<ModuleOverview> {
        let module = self.module_for(person, slug)?;
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let read = find_read(&mut conn, person.id, &module).await?;
        let quiz = find_quiz_state(&mut conn, person, &module, &self.catalogue(), now).await?;
        let pass = find_standing(&mut conn, person.id, slug, now).await?.current();
        let pages: Vec<PageStep> = module
            .pages
            .iter()
            .map(|page| PageStep {
                slug: page.slug.clone(),
                title: page.title.clone(),
                read: read.contains(&page.slug),
            })
            .collect();
        let next = pages.iter().find(|page| !page.read).map(|page| page.slug.clone());
        Ok(ModuleOverview { module, pages, next, quiz, pass })
    }

    /// The modules that are for this person, by title, with where they stand.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn modules(&self, person: &Person) -> Looked<Vec<ModuleSummary>> {
        let catalogue = self.catalogue();
        let now = self.clock.now();
        let today = local_date(now);
        let mut conn = self.store.read().await?;
        let mut summaries = Vec::new();
        for module in catalogue.modules.values().filter(|module| is_for(&module.audience, person)) {
            let status = match find_standing(&mut conn, person.id, &module.slug, now).await? {
                Standing::Current(pass) => {
                    let done = local_date(pass.completed_at);
                    let has_it = |programme: &Programme| programme.modules.contains(&module.slug);
                    match asked_anew_by(&catalogue, person, has_it, done, today) {
                        Some(by) if by < today => Status::Overdue,
                        Some(by) if by <= today + SOON => Status::DueSoon,
                        _ => Status::Passed,
                    }
                }
                Standing::Expired(_) | Standing::Superseded(_) => Status::Expired,
                Standing::Never => {
                    let begun = !find_read(&mut conn, person.id, module).await?.is_empty()
                        || matches!(
                            find_quiz_state(&mut conn, person, module, &catalogue, now).await?,
                            QuizState::Open(_) | QuizState::CoolingDown { .. } | QuizState::LockedOut { .. }
                        );
                    if begun { Status::InProgress } else { Status::NotStarted }
                }
            };
            summaries.push(ModuleSummary { module: Arc::clone(module), status });
        }
        summaries.sort_by(|a, b| a.module.title.cmp(&b.module.title));
        Ok(summaries)
    }
}
