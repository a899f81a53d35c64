use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{ModuleSlug, PageSlug};

use crate::{
    catalogue::Module,
    engine::{Engine, Looked},
    people::Person,
    publishing::{Difference, Words},
    quiz::{QuizState, Refreshes, counts_time, quiz_state, refreshes},
    record::{Completion, Withdrawn},
    signing::{Hold, module_hold},
    standing::Cell,
};

/// A module as its reader finds it.
#[derive(Clone, Debug)]
pub struct ModuleOverview {
    /// The module.
    pub module: Arc<Module>,
    /// In which words it is shown.
    pub words: Words,
    /// Its pages in order.
    pub pages: Vec<PageStep>,
    /// The first page that has not been read. `None` when all have.
    pub next: Option<PageSlug>,
    /// What can be done with the quiz.
    pub quiz: QuizState,
    /// The pass that counts now.
    pub pass: Option<Completion>,
    /// When they passed it last, and that this was withdrawn, where no other pass counts.
    pub withdrawn: Option<(DateTime<Utc>, Withdrawn)>,
    /// Where the person stands with it.
    pub cell: Arc<Cell>,
    /// Whether it is theirs. If not, they may read it, and nothing of that counts.
    pub counts: bool,
    /// Whether they may take a refresher in place of the whole module.
    pub refresher: Refreshes,
    /// What has changed since the version that they passed before, where it is wanted of them again.
    pub changed: Option<Box<Changed>>,
    /// Whether it is counted how long they spend on its pages and its quiz.
    pub counts_time: bool,
}

/// What somebody did before of something that has been replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// When they did it.
    pub at: DateTime<Utc>,
    /// What has changed from the version that they did to the one in force.
    pub difference: Difference,
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
    pub cell: Arc<Cell>,
    /// Whether it is theirs. If not, they may read it, and nothing of that counts.
    pub counts: bool,
    /// What keeps them from passing it now.
    pub hold: Hold,
}

impl Engine {
    /// A module as its reader finds it.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn module_overview(&self, person: &Person, slug: &ModuleSlug) -> Looked<ModuleOverview> {
        let situation = self.situation_of(person).await?;
        let (module, counts) = situation.module_to_read(person, slug)?;
        let read = situation.dossier.read.get(&(slug.clone(), module.edition));
        let quiz = quiz_state(&situation, &module);
        let refresher = if counts { refreshes(&situation, &module) } else { Refreshes::No };
        let counts_time = counts && counts_time(&situation, &module);
        let (module, words) = self.in_words(&module, situation.dossier.twin);
        let cell = situation.module_cell(slug);
        let pass = cell.counts.map(|done| situation.completion(done).clone());
        let last = situation.dossier.completions.iter().rfind(|completion| completion.module == *slug);
        let last = last.filter(|_| counts && pass.is_none());
        let withdrawn = last.and_then(|last| last.withdrawn.map(|withdrawn| (last.completed_at, withdrawn)));
        // Which pages were opened is forgotten with the pass; where it says that all of them were, each was.
        let all =
            pass.as_ref().and_then(Completion::opened).is_some_and(|pages| pages.of > 0 && pages.opened == pages.of);
        let pages: Vec<PageStep> = module
            .pages
            .iter()
            .map(|page| PageStep {
                slug: page.slug.clone(),
                title: page.title.clone(),
                read: all || read.is_some_and(|read| read.contains(&page.slug)),
            })
            .collect();
        let next = pages.iter().find(|page| !page.read).map(|page| page.slug.clone());
        let before = cell.last.filter(|_| counts && cell.wanted.is_some());
        let changed = match before.map(|done| situation.completion(done)) {
            Some(before) if before.version != module.number => {
                let difference = self.module_difference(person, slug, before.version, module.number).await?;
                Some(Box::new(Changed { at: before.completed_at, difference }))
            }
            _ => None,
        };
        Ok(ModuleOverview {
            module,
            words,
            pages,
            next,
            quiz,
            pass,
            withdrawn,
            cell,
            counts,
            refresher,
            changed,
            counts_time,
        })
    }

    /// The modules that are this person's, and after them those that they may read, each by title, with where they stand.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn modules(&self, person: &Person) -> Looked<Vec<ModuleSummary>> {
        let situation = self.situation_of(person).await?;
        let all = situation.catalogue().modules.values();
        let readable = all.filter(|module| situation.may_read(person, &***module));
        let mut summaries: Vec<ModuleSummary> = readable
            .map(|module| ModuleSummary {
                module: self.in_words(module, situation.dossier.twin).0,
                cell: situation.module_cell(&module.slug),
                counts: situation.is_theirs(person, &**module),
                hold: module_hold(&situation, module),
            })
            .collect();
        summaries.sort_by(|a, b| (!a.counts, &a.module.title).cmp(&(!b.counts, &b.module.title)));
        Ok(summaries)
    }
}
