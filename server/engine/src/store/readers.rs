use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::link::Soundness;

/// The connections that read from SQLite, opened when they are first needed.
///
/// sqlx's pool asks a connection for a sign of life whenever it is given back. On SQLite that is a trip to another thread
/// and back, which costs as much as the query itself, and there is no network that could have failed in between. A
/// connection that failed is let go of instead.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    places: Arc<Semaphore>,
}

/// A connection on loan. Dropping it gives it back, unless it failed.
#[derive(Debug)]
pub(crate) struct ReadConnection {
    connection: Option<SqliteConnection>,
    soundness: Soundness,
    home: Arc<Readers>,
    _place: OwnedSemaphorePermit,
}

/// How many connections there are at most: more than two cores can keep busy, few enough for a small machine.
const MOST: u32 = 4;

pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions) -> Arc<Self> {
        let options = options.read_only(true);
        Arc::new(Self { options, idle: Mutex::default(), places: Arc::new(Semaphore::new(MOST as usize)) })
    }

    /// Waits until a connection is free, but not for ever.
    pub(super) async fn lend(self: &Arc<Self>) -> Result<ReadConnection, sqlx::Error> {
        let place = timeout(LONGEST_WAIT, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.options).await?,
        };
        Ok(ReadConnection {
            connection: Some(connection),
            soundness: Soundness::default(),
            home: Arc::clone(self),
            _place: place,
        })
    }

    /// Waits until every connection is back, and lets go of them.
    pub(super) async fn close(&self) {
        let Ok(_all) = self.places.acquire_many(MOST).await else { return };
        self.places.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a connection to the database did not close well");
            }
        }
    }
}

impl ReadConnection {
    /// The connection, and where its failures are noted.
    #[expect(clippy::expect_used, reason = "only dropping takes it out")]
    pub(super) fn parts(&mut self) -> (&mut SqliteConnection, &Soundness) {
        (self.connection.as_mut().expect("a connection until it is dropped"), &self.soundness)
    }
}

impl Drop for ReadConnection {
    fn drop(&mut self) {
        let connection = self.connection.take();
        if !self.soundness.is_spoilt() {
            // Before the place is free, so that whoever waits for it finds the connection.
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use tokio::time::{sleep, timeout};

    use super::*;

    /// The file of a test's database, which goes with the test.
    struct File(std::path::PathBuf);

    impl Drop for File {
        fn drop(&mut self) {
            drop(std::fs::remove_file(&self.0));
        }
    }

    async fn readers(name: &str) -> (Arc<Readers>, File) {
        let file = std::env::temp_dir().join(format!("induct-readers-{name}-{}.db", std::process::id()));
        drop(std::fs::remove_file(&file));
        let options = SqliteConnectOptions::from_str(&format!("sqlite://{}", file.display())).unwrap();
        let made = SqliteConnection::connect_with(&options.clone().create_if_missing(true)).await.unwrap();
        made.close().await.unwrap();
        (Readers::new(options), File(file))
    }

    fn run<F: Future<Output = ()>>(test: F) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    async fn one(reader: &mut ReadConnection) -> i64 {
        sqlx::query_scalar("SELECT 1").fetch_one(reader.parts().0).await.unwrap()
    }

    #[test]
    fn a_read_that_was_cancelled_leaves_the_connection_good() {
        run(async {
            let (readers, _file) = readers("cancelled").await;
            const LONG: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) \
                 SELECT i FROM n";
            let mut reader = readers.lend().await.unwrap();
            let cancelled =
                timeout(Duration::from_millis(5), sqlx::query_scalar::<_, i64>(LONG).fetch_all(reader.parts().0)).await;
            assert!(cancelled.is_err());
            drop(reader);
            assert_eq!(one(&mut readers.lend().await.unwrap()).await, 1);
        });
    }

    #[test]
    fn a_connection_that_failed_is_not_lent_again() {
        run(async {
            let (readers, _file) = readers("failed").await;
            for (failure, kept) in [(sqlx::Error::WorkerCrashed, 0), (sqlx::Error::RowNotFound, 1)] {
                let mut reader = readers.lend().await.unwrap();
                drop(reader.parts().1.note(failure));
                drop(reader);
                assert_eq!(readers.idle.lock().unwrap().len(), kept);
            }
            assert_eq!(one(&mut readers.lend().await.unwrap()).await, 1);
        });
    }

    #[test]
    fn whoever_comes_when_all_are_lent_waits_for_one() {
        run(async {
            let (readers, _file) = readers("waits").await;
            let mut lent = Vec::new();
            for _ in 0..MOST {
                lent.push(readers.lend().await.unwrap());
            }
            assert!(timeout(Duration::from_millis(20), readers.lend()).await.is_err());
            let (fifth, ()) = tokio::join!(readers.lend(), async {
                sleep(Duration::from_millis(20)).await;
                lent.pop();
            });
            assert_eq!(one(&mut fifth.unwrap()).await, 1);
        });
    }

    #[test]
    fn closing_waits_for_what_is_lent_and_lends_no_more() {
        run(async {
            let (readers, _file) = readers("closes").await;
            let mut lent = readers.lend().await.unwrap();
            let ((), ()) = tokio::join!(readers.close(), async {
                sleep(Duration::from_millis(20)).await;
                assert_eq!(one(&mut lent).await, 1);
                drop(lent);
            });
            assert!(matches!(readers.lend().await, Err(sqlx::Error::PoolClosed)));
        });
    }
}
