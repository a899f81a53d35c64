use std::{collections::BTreeMap, fmt};

use audit::PartKind;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::let_go::Gone;
use crate::{
    catalogue::Retention,
    engine::Engine,
    ground::{AttemptId, PersonId, count, local_date},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, on},
};

/// What the provider's rules let go of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetGo {
    /// Attempts whose answers went, and what was written of what came of them.
    pub attempts: u64,
    /// People who have left whose names went, and what else is about them and decides nothing.
    pub names: u64,
}

impl fmt::Display for LetGo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = count(self.attempts, "attempt", "attempts");
        write!(f, "answers in {attempts}; names of {}", count(self.names, "person", "people"))
    }
}

/// How many people or attempts at most go in one transaction, so that nobody waits long who wants to write.
const AT_ONCE: i64 = 200;

/// Why names go, as the log says it.
const NAMES: &str = "retention of names";

/// The kinds of parts that name somebody, or are about them in words.
const NAMING: [PartKind; 5] = [PartKind::Act, PartKind::By, PartKind::Id, PartKind::Net, PartKind::Why];

/// That somebody had left by the day $1, and has not come back. Whoever was taken back before they were here on any day had left when that was recorded.
macro_rules! had_left {
    ($person:literal) => {
        concat!(
            "(SELECT MAX(CASE WHEN s.ends_before IS NULL THEN '9999-12-31' WHEN s.ends_before > s.begins_on THEN s.ends_before \
               ELSE DATE(s.end_recorded_at) END) FROM stay s WHERE s.person_id = ",
            $person,
            ") <= $1"
        )
    };
}

macro_rules! attempts_to_go {
    ($what:literal, $more:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM attempt a WHERE NOT EXISTS (SELECT 1 FROM answers_let_go l WHERE l.attempt_id = a.id) \
             AND EXISTS (SELECT 1 FROM answer w WHERE w.attempt_id = a.id) AND ",
            had_left!("a.person_id"),
            $more
        )
    };
}

const COUNT_ATTEMPTS: &str = attempts_to_go!("COUNT(*)", "");

const FIND_ATTEMPTS: &str = attempts_to_go!("a.id", " ORDER BY a.id LIMIT $2");

/// An attempt that is still open says nothing of it: whoever comes back goes on with it, and what they answer then is theirs to see.
const KEEP_THAT_ANSWERS_WENT: &str = "INSERT INTO answers_let_go (attempt_id, let_go_at) \
     SELECT id, $2 FROM attempt WHERE id = $1 AND submitted_at IS NOT NULL";

const DELETE_ANSWERS: &str = "DELETE FROM answer WHERE attempt_id = $1";

/// What they wrote of the pass that came of an attempt.
const DELETE_REFLECTION: &str =
    "DELETE FROM reflection WHERE completion_id IN (SELECT c.id FROM completion c WHERE c.attempt_id = $1)";

/// How long they spent on what came of an attempt, and on its module since.
const DELETE_TIME: [&str; 3] = [
    "DELETE FROM time_spent WHERE completion_id IN (SELECT c.id FROM completion c WHERE c.attempt_id = $1)",
    "DELETE FROM time_on WHERE person_id = (SELECT a.person_id FROM attempt a WHERE a.id = $1) \
     AND module = (SELECT a.module FROM attempt a WHERE a.id = $1)",
    "DELETE FROM time_counted WHERE person_id = (SELECT a.person_id FROM attempt a WHERE a.id = $1)",
];

/// All that is being counted: where the provider no longer counts it, nobody will hand it in.
const EVERY_TIME: &str = "DELETE FROM time_on";

const EVERY_COUNTED: &str = "DELETE FROM time_counted";

macro_rules! names_to_go {
    ($what:literal, $more:literal) => {
        concat!("SELECT ", $what, " FROM person_detail d WHERE ", had_left!("d.person_id"), $more)
    };
}

const COUNT_NAMES: &str = names_to_go!("COUNT(*)", "");

const FIND_NAMES: &str = names_to_go!("d.person_id", " ORDER BY d.person_id LIMIT $2");

/// What is about somebody and decides nothing, and what they signed in with.
const DELETE_WORDS: [&str; 23] = [
    "DELETE FROM signature_words WHERE signature_id IN (SELECT s.id FROM signature s WHERE s.person_id = $1)",
    "DELETE FROM exemption_reason WHERE exemption_id IN (SELECT e.id FROM exemption e WHERE e.person_id = $1)",
    "DELETE FROM decline_reason WHERE decline_id IN (SELECT d.id FROM decline d WHERE d.person_id = $1)",
    "DELETE FROM correction_reason WHERE correction_id IN (SELECT w.id FROM correction w WHERE w.person_id = $1)",
    "DELETE FROM reflection WHERE completion_id IN (SELECT c.id FROM completion c WHERE c.person_id = $1)",
    "DELETE FROM time_spent WHERE completion_id IN (SELECT c.id FROM completion c WHERE c.person_id = $1)",
    "DELETE FROM time_on WHERE person_id = $1",
    "DELETE FROM time_counted WHERE person_id = $1",
    "DELETE FROM evidence_piece WHERE evidence_id IN (SELECT e.id FROM evidence e WHERE e.person_id = $1)",
    "DELETE FROM evidence_words WHERE evidence_id IN (SELECT e.id FROM evidence e WHERE e.person_id = $1)",
    "DELETE FROM chosen_twin WHERE person_id = $1",
    "DELETE FROM session WHERE person_id = $1",
    "DELETE FROM identity WHERE person_id = $1",
    "DELETE FROM recovery_code WHERE person_id = $1",
    "DELETE FROM passkey WHERE person_id = $1",
    "DELETE FROM password WHERE person_id = $1",
    "DELETE FROM roster_done WHERE person_id = $1",
    "DELETE FROM letter WHERE person_id = $1",
    "DELETE FROM reminder WHERE person_id = $1",
    "DELETE FROM manager_digest WHERE person_id = $1",
    "DELETE FROM review_digest WHERE person_id = $1",
    "DELETE FROM reminder_stop WHERE person_id = $1",
    "DELETE FROM person_detail WHERE person_id = $1",
];

const END_FACTORS: &str =
    "UPDATE second_factor SET secret = NULL, ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const END_TOKENS: &str = "UPDATE token SET ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const DELETE_PARTS: &str = "DELETE FROM log_part WHERE kind IN ('act', 'by', 'id', 'net', 'why') \
     AND number IN (SELECT e.number FROM log_envelope e WHERE e.person_id = $1) RETURNING number, kind";

const REVISE: &str = "UPDATE person SET revision = revision + 1 WHERE id = $1";

/// Until which day somebody must have left for a rule to be about them.
struct Until {
    answers: Option<NaiveDate>,
    names: Option<NaiveDate>,
}

impl Engine {
    /// What the provider's rules would let go of now, as they are published and so in force.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn plan_letting_go(&self) -> Result<LetGo, StoreError> {
        self.plan_letting_go_by(self.catalogue().organisation.retention).await
    }

    /// What such rules would let go of now, whether or not they are in force.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn plan_letting_go_by(&self, rules: Retention) -> Result<LetGo, StoreError> {
        let until = self.until(rules);
        let mut conn = self.store.read().await?;
        let mut planned = LetGo::default();
        if let Some(day) = until.answers {
            let count: i64 =
                on!(conn.link(), conn => sqlx::query_scalar(COUNT_ATTEMPTS).bind(day).fetch_one(conn).await)?;
            planned.attempts = u64::try_from(count).unwrap_or_default();
        }
        if let Some(day) = until.names {
            let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_NAMES).bind(day).fetch_one(conn).await)?;
            planned.names = u64::try_from(count).unwrap_or_default();
        }
        Ok(planned)
    }

    /// Lets go of what the provider's rules no longer keep: what people answered who left long enough ago, and after more time their names and
    /// what else is about them and decides nothing. What they passed and signed stays, and so does where they stood; it says no more of whom it is.
    /// Where the provider no longer counts how long people spend on modules, what was being counted goes.
    ///
    /// # Errors
    /// [`StoreError`] when the signed log takes nothing, as where the clock has been set far ahead, or the database fails. What went before it
    /// failed is gone.
    pub async fn let_go_by_rules(&self, by: Actor) -> Result<LetGo, StoreError> {
        let until = self.until(self.catalogue().organisation.retention);
        let mut gone = LetGo::default();
        let shelf = self.shelf();
        // An engine that knows of nothing published does not know what the provider counts.
        if shelf.revision > 0 && !shelf.current.organisation.cpd.time_spent {
            let mut tx = self.store.write().await?;
            change!(tx, sqlx::query(EVERY_TIME))?;
            change!(tx, sqlx::query(EVERY_COUNTED))?;
            tx.commit().await?;
        }
        if until.answers.is_none() && until.names.is_none() {
            return Ok(gone);
        }
        // By a clock that is years ahead everybody has left, and nothing that went could be brought back.
        self.ready().await?;
        while let Some(day) = until.answers {
            let some = self.let_go_of_answers(day).await?;
            gone.attempts += some;
            if some < AT_ONCE.unsigned_abs() {
                break;
            }
        }
        while let Some(day) = until.names {
            let some = self.let_go_of_names(day, by).await?;
            gone.names += some;
            if some < AT_ONCE.unsigned_abs() {
                break;
            }
        }
        if gone != LetGo::default() {
            self.store.scrub().await?;
        }
        Ok(gone)
    }

    fn until(&self, rules: Retention) -> Until {
        let today = local_date(self.clock.now());
        let days = |days: u32| today.checked_sub_days(Days::new(days.into()));
        let years = |years: u32| today.checked_sub_months(Months::new(12 * years));
        Until {
            answers: rules.answers_of_leavers_days.and_then(days),
            names: rules.names_of_leavers_years.and_then(years),
        }
    }

    /// The answers of some attempts of people who had left by that day, and how many attempts.
    async fn let_go_of_answers(&self, day: NaiveDate) -> Result<u64, StoreError> {
        let mut tx = self.store.write().await?;
        let attempts: Vec<AttemptId> = on!(tx.link(), conn => sqlx::query_scalar(FIND_ATTEMPTS)
            .bind(day).bind(AT_ONCE).fetch_all(conn).await)?;
        let now = self.clock.now();
        for attempt in &attempts {
            change!(tx, sqlx::query(KEEP_THAT_ANSWERS_WENT).bind(attempt).bind(now))?;
            change!(tx, sqlx::query(DELETE_ANSWERS).bind(attempt))?;
            for delete in [DELETE_REFLECTION].into_iter().chain(DELETE_TIME) {
                change!(tx, sqlx::query(delete).bind(attempt))?;
            }
        }
        tx.commit().await?;
        Ok(attempts.len() as u64)
    }

    /// The names of some people who had left by that day, and how many.
    async fn let_go_of_names(&self, day: NaiveDate, by: Actor) -> Result<u64, StoreError> {
        let mut tx = self.store.write().await?;
        // Alone: it is about several people, and one list of what is gone follows another.
        tx.lock_people().await?;
        let now = self.clock.now();
        let people: Vec<PersonId> = on!(tx.link(), conn => sqlx::query_scalar(FIND_NAMES)
            .bind(day).bind(AT_ONCE).fetch_all(conn).await)?;
        let mut gone = Gone::default();
        for person in &people {
            let_go_of_name(&mut tx, *person, (now, by), &mut gone.parts).await?;
        }
        let act = if people.is_empty() {
            None
        } else {
            Some(self.record_erasure(&mut tx, self.new_id(now), NAMES, &gone, (now, by)).await?)
        };
        self.seal(tx, act).await?;
        for person in &people {
            // So that this server does not keep their names in memory.
            self.person(*person).await?;
        }
        Ok(people.len() as u64)
    }
}

async fn let_go_of_name(
    tx: &mut Tx,
    person: PersonId,
    (now, by): (DateTime<Utc>, Actor),
    parts: &mut BTreeMap<PartKind, Vec<i64>>,
) -> Result<(), StoreError> {
    for delete in DELETE_WORDS {
        change!(tx, sqlx::query(delete).bind(person))?;
    }
    for end in [END_FACTORS, END_TOKENS] {
        change!(tx, sqlx::query(end).bind(person).bind(now).bind(by.to_string()))?;
    }
    let deleted: Vec<(i64, String)> =
        on!(tx.link(), conn => sqlx::query_as(DELETE_PARTS).bind(person).fetch_all(conn).await)?;
    for (number, kind) in deleted {
        let kind = NAMING.into_iter().find(|known| known.name() == kind);
        parts.entry(kind.ok_or_else(|| StoreError::unreadable("part of an entry"))?).or_default().push(number);
    }
    change!(tx, sqlx::query(REVISE).bind(person))?;
    Ok(())
}
