use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    engine::{Engine, Looked, Refused},
    evidence::PublishedStands,
    people::Person,
    store::{Linked as _, StoreError, on},
};

/// What servers do by themselves besides jobs, each by itself: with several of them nobody has to be the one who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Besides {
    /// The head of the signed log that everybody may see. `None`: none is published.
    pub published: Option<PublishedStands>,
    /// When the last time stamp of an authority outside was kept, and of how many entries. `None`: none was.
    pub stamped: Option<(DateTime<Utc>, u64)>,
}

/// The newest that is of no more than $1 entries.
const FIND_STAMP: &str = "SELECT recorded_at, size FROM time_stamp WHERE size <= $1 ORDER BY size DESC LIMIT 1";

impl Engine {
    /// What is done besides jobs. `every`: how long the stretches are after which the head of the log is published; `None`: it is not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn besides(&self, every: Option<TimeDelta>) -> Result<Besides, StoreError> {
        let published = match every {
            Some(every) => self.published_stands(every).await?,
            None => None,
        };
        let mut conn = self.store.read().await?;
        let stamp: Option<(DateTime<Utc>, i64)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_STAMP).bind(i64::MAX).fetch_optional(conn).await)?;
        let stamped = stamp.map(|(at, size)| (at, u64::try_from(size).unwrap_or_default()));
        Ok(Besides { published, stamped })
    }

    /// The same for an administrator.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn besides_for(&self, reader: &Person, every: Option<TimeDelta>) -> Looked<Besides> {
        if reader.looks_after_all() { Ok(self.besides(every).await?) } else { Err(Refused::NotForYou) }
    }
}
