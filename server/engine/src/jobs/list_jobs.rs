use chrono::{DateTime, Utc};

use super::job::Job;
use crate::{
    engine::{Engine, Looked, Refused},
    people::Person,
    store::{Linked as _, StoreError, on},
};

/// A job, and what came of it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStanding {
    /// Which.
    pub job: Job,
    /// When it is due. `None`: it has never been looked at; the next server that runs does.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether somebody is doing it now.
    pub running: bool,
    /// When it was last begun.
    pub began_at: Option<DateTime<Utc>>,
    /// When that ended. `None` while it runs, and where whoever did it died.
    pub ended_at: Option<DateTime<Utc>>,
    /// What came of it, in a line.
    pub said: Option<String>,
    /// How many times in a row it has failed.
    pub failures: u32,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    name: String,
    due_at: DateTime<Utc>,
    claimed_until: Option<DateTime<Utc>>,
    began_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    said: Option<String>,
    failures: i64,
}

const LIST_JOBS: &str = "SELECT name, due_at, claimed_until, began_at, ended_at, said, failures FROM job";

impl Engine {
    /// Every job, with when it was last done, what came of it and when it is due.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn jobs(&self) -> Result<Vec<JobStanding>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let rows: Vec<JobRow> = on!(conn.link(), conn => sqlx::query_as(LIST_JOBS).fetch_all(conn).await)?;
        let standing = |job: Job| match rows.iter().find(|row| row.name == job.name()) {
            None => JobStanding {
                job,
                due_at: None,
                running: false,
                began_at: None,
                ended_at: None,
                said: None,
                failures: 0,
            },
            Some(row) => JobStanding {
                job,
                due_at: Some(row.due_at),
                running: row.claimed_until.is_some_and(|until| until > now),
                began_at: row.began_at,
                ended_at: row.ended_at,
                said: row.said.clone(),
                failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            },
        };
        Ok(Job::EVERY.into_iter().map(standing).collect())
    }

    /// The same for an administrator.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn jobs_for(&self, reader: &Person) -> Looked<Vec<JobStanding>> {
        if reader.looks_after_all() { Ok(self.jobs().await?) } else { Err(Refused::NotForYou) }
    }
}
