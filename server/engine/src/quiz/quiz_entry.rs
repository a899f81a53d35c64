use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{ModuleSlug, PageSlug};

use super::{refresher::refreshable, spend_time::counts_time, submit_quiz::taught};
use crate::{
    catalogue::{Language, Module, QuizAfter},
    engine::{Engine, Looked},
    ground::{AttemptId, DiscussionId},
    people::Person,
    publishing::Words,
    record::{AttemptFact, Completion, find_discussions},
    standing::Situation,
};

/// What somebody sees before a quiz.
#[derive(Clone, Debug)]
pub struct QuizEntry {
    /// The module whose quiz it is.
    pub module: Arc<Module>,
    /// Whether the module is theirs. If not, they may read about it and not take it.
    pub counts: bool,
    /// In which words it is shown.
    pub words: Words,
    /// What they can do now.
    pub state: QuizState,
    /// What of it is a refresher.
    pub refresher: Refreshes,
    /// A discussion of it of which they have not said yet whether it was held: said afterwards, the pass does not have it.
    pub to_answer: Option<DiscussionId>,
    /// Whether it is counted how long they spend on module and quiz.
    pub counts_time: bool,
}

/// Whether somebody may take a refresher in place of the whole quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshes {
    /// No.
    No,
    /// They may, if they like.
    Offered,
    /// The attempt that is open is one.
    Open,
}

/// A module to pass before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstModule {
    /// Which module.
    pub module: ModuleSlug,
    /// Its title.
    pub title: String,
    /// The language of that title.
    pub language: Language,
}

/// What somebody can do with a quiz now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuizState {
    /// Pass other modules first, on which this one builds.
    ModulesFirst {
        /// Those that they have never passed, in the order in which the module names them; at least one.
        modules: Vec<FirstModule>,
    },
    /// Open pages first: the provider asks for it.
    PagesFirst {
        /// Those that have not been opened, in their order; at least one.
        pages: Vec<PageSlug>,
    },
    /// Begin an attempt.
    Ready {
        /// How many attempts are left, this one included.
        left: u32,
    },
    /// Go on with the attempt that is open.
    Open(AttemptId),
    /// Wait: the last attempt did not pass.
    CoolingDown {
        /// When the next attempt may begin.
        until: DateTime<Utc>,
        /// How many are left then.
        left: u32,
    },
    /// Every attempt is used up; the tutor has been asked to step in.
    LockedOut {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Come to a workshop: the module has no quiz.
    AtWorkshop,
    /// Nothing: it is passed, and too early to renew.
    Passed(Completion),
}

impl Engine {
    /// What somebody sees before the quiz of a module.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn quiz_entry(&self, person: &Person, slug: &ModuleSlug) -> Looked<QuizEntry> {
        let situation = self.situation_of(person).await?;
        let (module, counts) = situation.module_to_read(person, slug)?;
        let state = quiz_state(&situation, &module);
        let refresher = refreshes(&situation, &module);
        let to_answer = if module.side_by_side.is_empty() {
            None
        } else {
            let now = self.clock.now();
            let held = find_discussions(&mut self.store.read().await?, person.id).await?;
            held.into_iter().find(|held| held.module == *slug && held.waits_at(now)).map(|held| held.id)
        };
        let counts_time = counts && counts_time(&situation, &module);
        let (module, words) = self.in_words(&module, situation.dossier.twin);
        Ok(QuizEntry { module, counts, words, state, refresher, to_answer, counts_time })
    }
}

/// Whether somebody may take a refresher in place of the whole quiz of this module.
pub(crate) fn refreshes(situation: &Situation, module: &Module) -> Refreshes {
    match of_edition(situation, module).find(|attempt| attempt.outcome.is_none()) {
        Some(open) if open.refreshes => Refreshes::Open,
        None if refreshable(situation, module).is_some() => Refreshes::Offered,
        _ => Refreshes::No,
    }
}

/// What somebody can do with the quiz of this module.
pub(crate) fn quiz_state(situation: &Situation, module: &Module) -> QuizState {
    state_where(situation, module, |_| true)
}

/// The same, where of its pages only these are to be read.
pub(super) fn state_for_pages(situation: &Situation, module: &Module, pages: &[PageSlug]) -> QuizState {
    state_where(situation, module, |page| pages.contains(page))
}

fn state_where(situation: &Situation, module: &Module, is_read: impl Fn(&PageSlug) -> bool) -> QuizState {
    let mut attempts = of_edition(situation, module);
    if let Some(open) = attempts.find(|attempt| attempt.outcome.is_none()) {
        return QuizState::Open(open.id);
    }
    let cell = situation.module_cell(&module.slug);
    match cell.counts {
        Some(pass) if cell.wanted.is_none() => QuizState::Passed(situation.completion(pass).clone()),
        _ if !module.has_quiz() => QuizState::AtWorkshop,
        _ => match Failures::of(situation, module).state(situation) {
            QuizState::Ready { left } => {
                let modules = required_first(situation, module);
                if !modules.is_empty() {
                    return QuizState::ModulesFirst { modules };
                }
                let pages = asked_for_first(situation, module, is_read);
                if pages.is_empty() { QuizState::Ready { left } } else { QuizState::PagesFirst { pages } }
            }
            other => other,
        },
    }
}

/// What a module requires and they have never passed. What is no longer published, or not theirs, they cannot pass, and so it is left out.
fn required_first(situation: &Situation, module: &Module) -> Vec<FirstModule> {
    let mut missing = module.requires.iter().filter(|slug| !situation.has_passed(slug)).peekable();
    // Few modules require any, and their own page asks of each.
    if missing.peek().is_none() {
        return Vec::new();
    }
    let Ok(person) = situation.person() else { return Vec::new() };
    let missing = missing.filter_map(|slug| situation.catalogue().modules.get(slug));
    let theirs = missing.filter(|module| situation.is_theirs(&person, &***module));
    let first = theirs.map(|module| FirstModule {
        module: module.slug.clone(),
        title: module.title.clone(),
        language: module.language,
    });
    first.collect()
}

/// Those of the pages that are to be read that must be opened before the quiz, and have not been.
pub(super) fn asked_for_first(
    situation: &Situation,
    module: &Module,
    is_read: impl Fn(&PageSlug) -> bool,
) -> Vec<PageSlug> {
    match situation.catalogue().organisation.quiz_after {
        QuizAfter::Nothing => Vec::new(),
        QuizAfter::Pages => {
            let pages = taught(module).filter(|page| is_read(&page.slug));
            let pages = pages.filter(|page| !situation.has_opened(module, &page.slug));
            pages.map(|page| page.slug.clone()).collect()
        }
    }
}

/// Whether this person will have failed so often that their tutor must be asked, once the attempt that is open has failed, too.
pub(crate) fn uses_up_attempts(situation: &Situation, module: &Module) -> bool {
    Failures::of(situation, module).left == 0
}

fn of_edition<'s>(situation: &'s Situation, module: &Module) -> impl Iterator<Item = &'s AttemptFact> {
    let edition = module.edition;
    situation.attempts(&module.slug).filter(move |attempt| attempt.edition == edition)
}

/// The failures since the last pass, and what follows from them.
#[derive(Clone, Copy, Debug)]
struct Failures {
    /// How many attempts are left.
    left: u32,
    /// Until when to wait after the last. `None` when there is nothing to wait for.
    wait_until: Option<DateTime<Utc>>,
    /// When the tutor was asked about the last, unless they have stepped in since.
    asked_at: Option<DateTime<Utc>>,
}

impl Failures {
    fn of(situation: &Situation, module: &Module) -> Self {
        let (mut failed, mut wait_until, mut asked_at) = (0, None, None);
        let mut allowed = module.quiz.attempts;
        for attempt in of_edition(situation, module) {
            if matches!(attempt.outcome, Some((_, true))) {
                (failed, allowed, wait_until, asked_at) = (0, module.quiz.attempts, None, None);
                continue;
            }
            failed += 1;
            (wait_until, asked_at) = match attempt.task {
                Some((_, Some(given))) => {
                    allowed = allowed.saturating_add(given);
                    (None, None)
                }
                task => (
                    attempt.outcome.map(|(submitted_at, _)| submitted_at + module.quiz.cooldown),
                    task.map(|(opened_at, _)| opened_at),
                ),
            };
        }
        Self { left: allowed.saturating_sub(failed), wait_until, asked_at }
    }

    /// Nobody is locked out unless their tutor was asked: when an author lowers the number of attempts below what
    /// somebody has used, they have one more.
    fn state(self, situation: &Situation) -> QuizState {
        if self.left == 0
            && let Some(since) = self.asked_at
        {
            return QuizState::LockedOut { since };
        }
        let left = self.left.max(1);
        match self.wait_until {
            // A failure from a day ahead, when the clock was wrong, is nothing to wait a day for.
            Some(until) if until > situation.clock && situation.now == situation.clock => {
                QuizState::CoolingDown { until, left }
            }
            _ => QuizState::Ready { left },
        }
    }
}
