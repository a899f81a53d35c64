use model::ModuleSlug;

use super::quiz_entry::{QuizState, quiz_state};
use crate::{
    catalogue::{Block, Module, Page},
    engine::{Engine, Looked},
    ground::{CompletionId, PersonId},
    people::Person,
    standing::Situation,
    store::{Linked as _, StoreError, Tx, change_one, on},
};

/// How many seconds are added at once at most: a page hands over what it has counted every few minutes.
pub const MOST_SECONDS_AT_ONCE: u32 = 600;

/// How many seconds come together of one module at most: whoever sends numbers of their own gets no absurd one.
pub const MOST_SECONDS: u32 = 36_000;

const ADD_SECONDS: &str = "INSERT INTO time_on (person_id, module, seconds) VALUES ($1, $2, $3) \
     ON CONFLICT (person_id, module) DO UPDATE SET seconds = \
     CASE WHEN time_on.seconds + excluded.seconds < $4 THEN time_on.seconds + excluded.seconds ELSE $4 END";

const TAKE_SECONDS: &str = "DELETE FROM time_on WHERE person_id = $1 AND module = $2 RETURNING seconds";

const INSERT_MINUTES: &str = "INSERT INTO time_spent (completion_id, minutes) VALUES ($1, $2)";

impl Engine {
    /// Adds what somebody has spent on a module since its page last said so, in seconds; more than [`MOST_SECONDS_AT_ONCE`] counts as that
    /// many. One number is kept for each module, without when or on which page. Nothing is added where the provider does not count it, nor to
    /// what is passed and not wanted again.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] when there is no such module, and [`crate::Refused::NotForYou`] when they may at most read it.
    pub async fn spend_time(&self, person: &Person, slug: &ModuleSlug, seconds: u32) -> Looked<()> {
        if !self.catalogue().organisation.cpd.time_spent {
            return Ok(());
        }
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let situation = self.situation_on(&mut tx, person.id).await?;
        let module = situation.module_for(&situation.person()?, slug)?;
        if counts_time(&situation, &module) {
            add_seconds(&mut tx, person.id, slug, seconds).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Whether it is counted how long somebody spends on this module, which is for them: the provider says so, and it is not passed already, or is
/// wanted again.
pub(crate) fn counts_time(situation: &Situation, module: &Module) -> bool {
    situation.catalogue().organisation.cpd.time_spent && !matches!(quiz_state(situation, module), QuizState::Passed(_))
}

/// Whether a page is one with the people who can help: that somebody looked for help is nobody's business.
pub(crate) fn is_help(page: &Page) -> bool {
    page.prose.blocks.contains(&Block::Help)
}

/// Adds so many seconds to the one number of this person and module.
pub(super) async fn add_seconds(
    tx: &mut Tx,
    person: PersonId,
    module: &ModuleSlug,
    seconds: u32,
) -> Result<(), StoreError> {
    let seconds = seconds.min(MOST_SECONDS_AT_ONCE);
    if seconds > 0 {
        change_one!(
            tx,
            sqlx::query(ADD_SECONDS)
                .bind(person)
                .bind(module.as_str())
                .bind(i64::from(seconds))
                .bind(i64::from(MOST_SECONDS))
        )?;
    }
    Ok(())
}

/// Puts what was counted beside a completion, in whole minutes and at least one, and lets go of the seconds. Where none were counted nothing is
/// said.
pub(super) async fn settle_time(
    tx: &mut Tx,
    person: PersonId,
    module: &ModuleSlug,
    pass: CompletionId,
) -> Result<(), StoreError> {
    if let Some(seconds) = take_seconds(tx, person, module).await? {
        let minutes = ((seconds + 30) / 60).max(1);
        change_one!(tx, sqlx::query(INSERT_MINUTES).bind(pass).bind(minutes))?;
    }
    Ok(())
}

/// Lets go of what was counted of a module, and says how many seconds it was. `None`: none were.
pub(crate) async fn take_seconds(
    tx: &mut Tx,
    person: PersonId,
    module: &ModuleSlug,
) -> Result<Option<i64>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(TAKE_SECONDS)
        .bind(person).bind(module.as_str()).fetch_optional(conn).await)
}
