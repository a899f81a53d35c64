use chrono::{DateTime, TimeDelta, Utc};
use model::ModuleSlug;

use super::quiz_entry::{QuizState, quiz_state};
use crate::{
    catalogue::Module,
    engine::{Engine, Looked},
    ground::{CompletionId, PersonId},
    people::Person,
    standing::Situation,
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

/// How many seconds are added at once at most: a page hands over what it has counted every few minutes.
pub const MOST_SECONDS_AT_ONCE: u32 = 600;

/// How many seconds come together of one module at most: whoever sends numbers of their own gets no absurd one.
pub const MOST_SECONDS: u32 = 36_000;

const ADD_SECONDS: &str = "INSERT INTO time_on (person_id, module, seconds) VALUES ($1, $2, $3) \
     ON CONFLICT (person_id, module) DO UPDATE SET seconds = \
     CASE WHEN time_on.seconds + excluded.seconds < $4 THEN time_on.seconds + excluded.seconds ELSE $4 END";

const FIND_COUNTED: &str = "SELECT counted_to FROM time_counted WHERE person_id = $1";

const SET_COUNTED: &str = "INSERT INTO time_counted (person_id, counted_to) VALUES ($1, $2) \
     ON CONFLICT (person_id) DO UPDATE SET counted_to = excluded.counted_to";

/// Where nothing of theirs is being counted, nothing need be kept to measure it by.
const END_COUNTING: &str = "DELETE FROM time_counted WHERE person_id = $1 \
     AND NOT EXISTS (SELECT 1 FROM time_on WHERE person_id = $1)";

const TAKE_SECONDS: &str = "DELETE FROM time_on WHERE person_id = $1 AND module = $2 RETURNING seconds";

const INSERT_MINUTES: &str = "INSERT INTO time_spent (completion_id, minutes) VALUES ($1, $2)";

impl Engine {
    /// Adds what somebody has spent on a module since its page last said so, in seconds; more than [`MOST_SECONDS_AT_ONCE`] counts as that
    /// many. Never is more added than has gone by, by [`Engine::steady_now`], since this was last called for that person, for whichever module and
    /// from whichever device: two pages that are open at once are one reader. The first call adds nothing and begins the measuring, which is why a
    /// page calls with none as soon as it is there. A call uses up what it adds and no more, so that one device leaves another its time; what nobody
    /// has claimed for longer than [`MOST_SECONDS_AT_ONCE`] is gone. One number is kept for each module, without when or on which page, and for each person up to
    /// when it was counted. Nothing is added where the provider does not count it, nor to what is passed and not wanted again.
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
            add_seconds(&mut tx, person.id, slug, seconds, self.steady_now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Ends the counting of a module with a hand-in, whatever came of it: the one number goes. Where it passed, and the provider counts time, it
    /// stands beside that pass in whole minutes, and at least one, with the seconds that came along with the hand-in; where nothing was
    /// counted nothing is said.
    pub(super) async fn end_time(
        &self,
        tx: &mut Tx,
        person: PersonId,
        module: &ModuleSlug,
        seconds: u32,
        pass: Option<CompletionId>,
    ) -> Result<(), StoreError> {
        if !self.catalogue().organisation.cpd.time_spent {
            // What was counted before the provider turned that off.
            if pass.is_some() {
                take_seconds(tx, person, module).await?;
            }
            return Ok(());
        }
        if pass.is_some() {
            add_seconds(tx, person, module, seconds, self.steady_now()).await?;
        }
        let spent = take_seconds(tx, person, module).await?;
        if spent.is_none() {
            end_counting(tx, person).await?;
        }
        if let Some((pass, seconds)) = pass.zip(spent) {
            let minutes = ((seconds + 30) / 60).max(1);
            change_one!(tx, sqlx::query(INSERT_MINUTES).bind(pass).bind(minutes))?;
        }
        Ok(())
    }
}

/// Whether it is counted how long somebody spends on this module, which is for them: the provider says so, there is a quiz with which the counting
/// ends, and it is not passed already, or is wanted again.
pub(crate) fn counts_time(situation: &Situation, module: &Module) -> bool {
    situation.catalogue().organisation.cpd.time_spent
        && module.has_quiz()
        && !matches!(quiz_state(situation, module), QuizState::Passed(_))
}

/// Adds so many seconds to the one number of this person and module, but no more than have gone by since their time was last counted; `now` is
/// by [`Engine::steady_now`]. Where it never was, it is measured from now on.
async fn add_seconds(
    tx: &mut Tx,
    person: PersonId,
    module: &ModuleSlug,
    seconds: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before: Option<DateTime<Utc>> =
        on!(tx.link(), conn => sqlx::query_scalar(FIND_COUNTED).bind(person).fetch_optional(conn).await)?;
    let longest = TimeDelta::seconds(MOST_SECONDS_AT_ONCE.into());
    let begins = before.filter(|before| *before <= now).map_or(now, |before| before.max(now - longest));
    let seconds = i64::from(seconds).min((now - begins).num_seconds());
    // Only what is added is used up: the seconds of another device may be on their way, and what is left of a second counts the next time.
    let counted_to = begins + TimeDelta::seconds(seconds);
    if before != Some(counted_to) {
        change_one!(tx, sqlx::query(SET_COUNTED).bind(person).bind(counted_to))?;
    }
    if seconds > 0 {
        change_one!(
            tx,
            sqlx::query(ADD_SECONDS).bind(person).bind(module.as_str()).bind(seconds).bind(i64::from(MOST_SECONDS))
        )?;
    }
    Ok(())
}

/// Lets go of what was counted of a module, and of up to when it was counted unless another module is still being counted. Says how many
/// seconds it was. `None`: none were.
pub(crate) async fn take_seconds(
    tx: &mut Tx,
    person: PersonId,
    module: &ModuleSlug,
) -> Result<Option<i64>, StoreError> {
    let seconds: Option<i64> = on!(tx.link(), conn => sqlx::query_scalar(TAKE_SECONDS)
        .bind(person).bind(module.as_str()).fetch_optional(conn).await)?;
    if seconds.is_some() {
        end_counting(tx, person).await?;
    }
    Ok(seconds)
}

/// Lets go of up to when somebody's time was counted, unless a module is being counted.
async fn end_counting(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    change!(tx, sqlx::query(END_COUNTING).bind(person)).map(drop)
}
