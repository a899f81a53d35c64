use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::job::Job;
use crate::{
    engine::Engine,
    record::Actor,
    store::{Linked as _, StoreError, change, on},
};

/// What came of a job that was done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobDone {
    /// Which.
    pub job: Job,
    /// What came of it, in a line.
    pub said: String,
    /// Whether it failed. It is tried again soon.
    pub failed: bool,
}

/// For how long a job is held. None of them takes as long; who holds it longer has died.
const HELD_FOR: TimeDelta = TimeDelta::minutes(30);

/// When a job that failed is tried again: after this, then after twice this, and so on, and never later than it would be due anyway.
const TRY_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);

const MAKE: &str = "INSERT INTO job (name, due_at, failures) VALUES ($1, $2, 0) ON CONFLICT (name) DO NOTHING";

const FIND_DUE: &str = "SELECT name FROM job WHERE due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)";

/// Of several who claim a job at once one does: the others find it claimed.
const CLAIM: &str = "UPDATE job SET claimed_by = $2, claimed_until = $3, began_at = $4, ended_at = NULL \
     WHERE name = $1 AND due_at <= $4 AND (claimed_until IS NULL OR claimed_until <= $4) RETURNING failures";

/// Who was taken for dead, and claims no longer, ends nothing.
const LET_GO: &str = "UPDATE job SET claimed_by = NULL, claimed_until = NULL, ended_at = $3, said = $4, failures = $5, due_at = $6 \
     WHERE name = $1 AND claimed_by = $2";

const HURRY: &str = "UPDATE job SET due_at = $2 WHERE name = $1 AND due_at > $2";

impl Engine {
    /// Does what is due and nobody else does, and says what came of it. Whoever serves calls it every few seconds: where nothing is due it reads one
    /// small table.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails before a job is begun. A job that fails says so in what is given back.
    pub async fn run_due_jobs(&self) -> Result<Vec<JobDone>, StoreError> {
        let now = self.clock.now();
        self.make_jobs(now).await?;
        let mut conn = self.store.read().await?;
        let due: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_DUE).bind(now).fetch_all(conn).await)?;
        drop(conn);
        let mut done = Vec::new();
        // What another version of Induct knows is left to it.
        for job in Job::EVERY.into_iter().filter(|job| due.iter().any(|due| due == job.name())) {
            done.extend(self.run_job(job).await?);
        }
        Ok(done)
    }

    /// Does everything now, due or not, but for what somebody else is doing.
    ///
    /// # Errors
    /// As [`Engine::run_due_jobs`].
    pub async fn run_all_jobs(&self) -> Result<Vec<JobDone>, StoreError> {
        let now = self.clock.now();
        self.make_jobs(now).await?;
        for job in Job::EVERY {
            let mut tx = self.store.write().await?;
            change!(tx, sqlx::query(HURRY).bind(job.name()).bind(now))?;
            tx.commit().await?;
        }
        self.run_due_jobs().await
    }

    /// A job that there is not yet is due at once.
    async fn make_jobs(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        const COUNT: &str = "SELECT COUNT(*) FROM job";
        let mut conn = self.store.read().await?;
        let there: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT).fetch_one(conn).await)?;
        drop(conn);
        if there >= Job::EVERY.len() as i64 {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        for job in Job::EVERY {
            change!(tx, sqlx::query(MAKE).bind(job.name()).bind(now))?;
        }
        tx.commit().await
    }

    /// Claims a job and does it. `None`: somebody else has it, or it is not due.
    async fn run_job(&self, job: Job) -> Result<Option<JobDone>, StoreError> {
        let began_at = self.clock.now();
        let me: Uuid = self.new_id(began_at);
        let mut tx = self.store.write().await?;
        let claimed: Option<i64> = on!(tx.link(), conn => sqlx::query_scalar(CLAIM)
            .bind(job.name()).bind(me).bind(began_at + HELD_FOR).bind(began_at).fetch_optional(conn).await)?;
        tx.commit().await?;
        let Some(failures) = claimed else { return Ok(None) };
        let outcome = self.do_job(job).await;
        let ended_at = self.clock.now();
        let (said, failures, due_at) = match outcome {
            Ok(said) => (said, 0, self.next_time(job, began_at)),
            Err(error) => {
                tracing::error!(job = job.name(), %error, "a job failed");
                let doubled = TRY_AGAIN_AFTER * 2_i32.pow(u32::try_from(failures.clamp(0, 16)).unwrap_or_default());
                (error.to_string(), failures + 1, ended_at + doubled.min(job.every()))
            }
        };
        let mut tx = self.store.write().await?;
        let ended = change!(
            tx,
            sqlx::query(LET_GO).bind(job.name()).bind(me).bind(ended_at).bind(&said).bind(failures).bind(due_at)
        )?;
        tx.commit().await?;
        if ended == 0 {
            tracing::warn!(job = job.name(), "a job took so long that another server has begun it, too");
        }
        Ok(Some(JobDone { job, said, failed: failures > 0 }))
    }

    /// When a job that was begun then is due again.
    fn next_time(&self, job: Job, began_at: DateTime<Utc>) -> DateTime<Utc> {
        match job {
            Job::Reminders => self.next_reminders(began_at),
            Job::Retention | Job::Scrub => began_at + job.every(),
        }
    }

    async fn do_job(&self, job: Job) -> Result<String, StoreError> {
        match job {
            Job::Retention => {
                self.forget_letters().await?;
                Ok(self.let_go_by_rules(Actor::Server).await?.to_string())
            }
            Job::Reminders => Ok(self.remind_by_itself().await?.to_string()),
            Job::Scrub => Ok(match (self.store.is_sqlite(), self.store.scrub().await?) {
                (false, _) => "PostgreSQL does it when it vacuums".to_owned(),
                (true, true) => "nothing is left".to_owned(),
                (true, false) => {
                    "somebody was reading; what was deleted lately may still be in the write-ahead log".to_owned()
                }
            }),
        }
    }
}
