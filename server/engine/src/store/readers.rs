use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections that read from SQLite, opened when they are first needed.
///
/// sqlx's pool asks a connection for a sign of life whenever it is given back. On SQLite that is a trip to another thread
/// and back, which costs as much as the query itself, and there is no network that could have failed in between.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    places: Arc<Semaphore>,
}

/// A connection on loan. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Reader {
    connection: Option<SqliteConnection>,
    home: Arc<Readers>,
    _place: OwnedSemaphorePermit,
}

/// As many as there are; more than two cores can keep busy, few enough for a small machine.
const MOST: u32 = 4;

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions) -> Arc<Self> {
        let options = options.read_only(true);
        Arc::new(Self { options, idle: Mutex::default(), places: Arc::new(Semaphore::new(MOST as usize)) })
    }

    /// Waits until a connection is free.
    pub(super) async fn lend(self: &Arc<Self>) -> Result<Reader, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.options).await?,
        };
        Ok(Reader { connection: Some(connection), home: Arc::clone(self), _place: place })
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

impl Drop for Reader {
    fn drop(&mut self) {
        // Before the place is free, so that whoever waits for it finds the connection.
        self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(self.connection.take());
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    #[expect(clippy::expect_used, reason = "only dropping takes it out")]
    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("a connection until it is dropped")
    }
}

impl DerefMut for Reader {
    #[expect(clippy::expect_used, reason = "only dropping takes it out")]
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("a connection until it is dropped")
    }
}
