use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::{Catalogue, Module},
    engine::{Engine, Looked},
    ground::{AttemptId, PersonId, local_date},
    people::Person,
    record::{Completion, Standing, find_standing},
    standing::asked_anew_by,
    store::{Linked, StoreError, on},
};

/// How long before a pass expires a renewal counts.
pub(crate) const RENEWAL_WINDOW: TimeDelta = TimeDelta::days(90);

/// What somebody sees before a quiz.
#[derive(Clone, Debug)]
pub struct QuizEntry {
    /// The module whose quiz it is.
    pub module: Arc<Module>,
    /// What they can do now.
    pub state: QuizState,
}

/// What somebody can do with a quiz now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuizState {
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
    /// Nothing: it is passed, and too early to renew.
    Passed(Completion),
}

const FIND_HISTORY: &str = "SELECT id, submitted_at, passed FROM attempt \
     WHERE person_id = $1 AND module = $2 AND edition = $3 ORDER BY started_at, id";

const FIND_TASKS: &str = "SELECT attempt_id, opened_at, attempts_granted FROM tutor_task \
     WHERE person_id = $1 AND module = $2 AND edition = $3";

type HistoryRow = (AttemptId, Option<DateTime<Utc>>, Option<bool>);
type TaskRow = (AttemptId, DateTime<Utc>, Option<i64>);

impl Engine {
    /// What somebody sees before the quiz of a module.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn quiz_entry(&self, person: &Person, slug: &ModuleSlug) -> Looked<QuizEntry> {
        let module = self.module_for(person, slug)?;
        let mut conn = self.store.read().await?;
        let state = find_quiz_state(&mut conn, person, &module, &self.catalogue(), self.clock.now()).await?;
        Ok(QuizEntry { module, state })
    }
}

/// What this person can do with the quiz of this module, by what the database holds. `catalogue` says what is asked of them.
pub(crate) async fn find_quiz_state(
    on_what: &mut impl Linked,
    person: &Person,
    module: &Module,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<QuizState, StoreError> {
    let history = find_history(on_what, person.id, module).await?;
    if let Some((open, ..)) = history.iter().find(|(_, submitted_at, _)| submitted_at.is_none()) {
        return Ok(QuizState::Open(*open));
    }
    if let Standing::Current(pass) = find_standing(on_what, person.id, &module.slug, now).await?
        && now < pass.expires_at - RENEWAL_WINDOW
        && asked_anew_by(
            catalogue,
            person,
            |programme| programme.modules.contains(&module.slug),
            local_date(last_passed(&history).unwrap_or(pass.completed_at)),
            local_date(now),
        )
        .is_none()
    {
        return Ok(QuizState::Passed(pass));
    }
    Ok(find_failures(on_what, person.id, module, &history).await?.state(now))
}

/// When this edition was last passed, which need not be the pass that counts longest.
fn last_passed(history: &[HistoryRow]) -> Option<DateTime<Utc>> {
    history.iter().filter(|(.., passed)| *passed == Some(true)).filter_map(|(_, submitted_at, _)| *submitted_at).max()
}

/// Whether this person has failed so often that their tutor must be asked, by what the database holds.
pub(crate) async fn has_used_up_attempts(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &Module,
) -> Result<bool, StoreError> {
    let history = find_history(on_what, person, module).await?;
    Ok(find_failures(on_what, person, module, &history).await?.left == 0)
}

async fn find_history(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &Module,
) -> Result<Vec<HistoryRow>, StoreError> {
    Ok(on!(on_what.link(), conn => sqlx::query_as(FIND_HISTORY)
        .bind(person).bind(module.slug.as_str()).bind(i64::from(module.edition)).fetch_all(conn).await)?)
}

async fn find_failures(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &Module,
    history: &[HistoryRow],
) -> Result<Failures, StoreError> {
    let tasks: Vec<TaskRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_TASKS)
        .bind(person).bind(module.slug.as_str()).bind(i64::from(module.edition)).fetch_all(conn).await)?;
    Ok(Failures::of(history, tasks, module))
}

/// The failures since the last pass, and what follows from them.
#[derive(Clone, Copy, Debug)]
struct Failures {
    /// How many attempts are left.
    left: u32,
    /// Until when to wait after the last; none when there is nothing to wait for.
    wait_until: Option<DateTime<Utc>>,
    /// When the tutor was asked about the last, unless they have stepped in since.
    asked_at: Option<DateTime<Utc>>,
}

impl Failures {
    fn of(history: &[HistoryRow], tasks: Vec<TaskRow>, module: &Module) -> Self {
        let since_last_pass = history.rsplit(|(.., passed)| *passed == Some(true)).next().unwrap_or_default();
        let tasks: HashMap<AttemptId, (DateTime<Utc>, Option<i64>)> =
            tasks.into_iter().map(|(attempt, opened_at, granted)| (attempt, (opened_at, granted))).collect();
        let mut allowed = i64::from(module.quiz.attempts);
        let (mut wait_until, mut asked_at) = (None, None);
        for (attempt, submitted_at, _) in since_last_pass {
            (wait_until, asked_at) = match tasks.get(attempt) {
                Some((_, Some(granted))) => {
                    allowed += granted;
                    (None, None)
                }
                task => (
                    submitted_at.map(|submitted_at| submitted_at + module.quiz.cooldown),
                    task.map(|(opened_at, _)| *opened_at),
                ),
            };
        }
        let failed = i64::try_from(since_last_pass.len()).unwrap_or(i64::MAX);
        Self { left: u32::try_from(allowed - failed).unwrap_or(0), wait_until, asked_at }
    }

    /// Nobody is locked out unless their tutor was asked: when an author lowers the number of attempts below what
    /// somebody has used, they have one more.
    fn state(self, now: DateTime<Utc>) -> QuizState {
        if self.left == 0
            && let Some(since) = self.asked_at
        {
            return QuizState::LockedOut { since };
        }
        let left = self.left.max(1);
        match self.wait_until {
            Some(until) if until > now => QuizState::CoolingDown { until, left },
            _ => QuizState::Ready { left },
        }
    }
}
