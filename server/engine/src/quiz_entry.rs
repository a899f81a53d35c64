use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use model::ModuleSlug;

use crate::{
    AttemptId, Completion, Engine, Looked, Person, PersonId, StoreError,
    catalogue::Module,
    completion::{Standing, find_standing},
    store::{Linked, on},
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

const FIND_GRANTS: &str = "SELECT attempt_id, closed_at, attempts_granted FROM tutor_task \
     WHERE person_id = $1 AND module = $2 AND edition = $3";

type HistoryRow = (AttemptId, Option<DateTime<Utc>>, Option<bool>);
type GrantRow = (AttemptId, Option<DateTime<Utc>>, Option<i64>);

impl Engine {
    /// What somebody sees before the quiz of a module.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] and [`crate::Refused::NotForYou`].
    pub async fn quiz_entry(&self, person: &Person, slug: &ModuleSlug) -> Looked<QuizEntry> {
        let module = self.module_for(person, slug)?;
        let mut conn = self.store.read().await?;
        let state = find_quiz_state(&mut conn, person.id, &module, self.clock.now()).await?;
        Ok(QuizEntry { module, state })
    }
}

/// What this person can do with the quiz of this module, by what the database holds.
pub(crate) async fn find_quiz_state(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &Module,
    now: DateTime<Utc>,
) -> Result<QuizState, StoreError> {
    let edition = i64::from(module.edition);
    let history: Vec<HistoryRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_HISTORY)
        .bind(person).bind(module.slug.as_str()).bind(edition).fetch_all(conn).await)?;
    if let Some((open, ..)) = history.iter().find(|(_, submitted_at, _)| submitted_at.is_none()) {
        return Ok(QuizState::Open(*open));
    }
    if let Standing::Current(pass) = find_standing(on_what, person, &module.slug, now).await?
        && now < pass.expires_at - RENEWAL_WINDOW
    {
        return Ok(QuizState::Passed(pass));
    }
    let grants: Vec<GrantRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_GRANTS)
        .bind(person).bind(module.slug.as_str()).bind(edition).fetch_all(conn).await)?;
    Ok(after_failures(&history, grants, module, now))
}

fn after_failures(history: &[HistoryRow], grants: Vec<GrantRow>, module: &Module, now: DateTime<Utc>) -> QuizState {
    let since_last_pass = history.rsplit(|(.., passed)| *passed == Some(true)).next().unwrap_or_default();
    let mut grants: HashMap<AttemptId, (Option<DateTime<Utc>>, Option<i64>)> =
        grants.into_iter().map(|(attempt, closed_at, granted)| (attempt, (closed_at, granted))).collect();
    let mut allowed = i64::from(module.quiz.attempts);
    let mut wait_until = None;
    for (attempt, submitted_at, _) in since_last_pass {
        wait_until = submitted_at.map(|submitted_at| submitted_at + module.quiz.cooldown);
        if let Some((Some(_), Some(granted))) = grants.remove(attempt) {
            allowed += granted;
            wait_until = None;
        }
    }
    let failed = i64::try_from(since_last_pass.len()).unwrap_or(i64::MAX);
    let left = u32::try_from(allowed - failed).unwrap_or(0);
    match (left, wait_until) {
        (0, _) => QuizState::LockedOut {
            since: since_last_pass.last().and_then(|(_, submitted_at, _)| *submitted_at).unwrap_or(now),
        },
        (left, Some(until)) if until > now => QuizState::CoolingDown { until, left },
        (left, _) => QuizState::Ready { left },
    }
}
