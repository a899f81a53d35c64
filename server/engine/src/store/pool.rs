use std::{str::FromStr as _, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions as _, PgPool, SqlitePool,
    migrate::MigrateError,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Conn, StoreError, Tx, readers::Readers};

/// The WAL-reset bug, which could lose a commit, is fixed in this version and later.
const OLDEST_SAFE_SQLITE: [u32; 3] = [3, 51, 3];

/// An open, migrated database.
#[derive(Clone, Debug)]
pub struct Store(Pool);

#[derive(Clone, Debug)]
enum Pool {
    /// SQLite lets one connection write at a time. Giving writers a pool of one makes them wait in line in here, fairly,
    /// rather than on the database's lock.
    Sqlite {
        readers: Arc<Readers>,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address begins with neither `sqlite:` nor `postgres:`.
    #[error("the database address must begin with sqlite:// or postgres://")]
    UnknownKind,
    /// It could not be reached, or what was found is no database.
    #[error("the database could not be opened: {0}")]
    Unreachable(#[from] sqlx::Error),
    /// Its tables could not be brought up to date, for example because a newer Induct has been at work on it.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] MigrateError),
    /// The SQLite that was linked has a bug that can lose a commit.
    #[error("SQLite {0} is too old: 3.51.3 or later is needed")]
    OldSqlite(String),
}

impl Store {
    /// Opens a database that is there, for reading: it is neither made nor brought up to date.
    pub async fn open_existing(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?.disable_statement_logging();
            let readers = Readers::new(options.clone());
            // So that what cannot be opened is said here.
            readers.lend().await?;
            let writer = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.read_only(true));
            Ok(Self(Pool::Sqlite { readers, writer }))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self(Pool::Postgres(PgPoolOptions::new().max_connections(1).connect(url).await?)))
        } else {
            Err(OpenError::UnknownKind)
        }
    }

    /// Opens the database at `sqlite://FILE` (made when it is missing) or `postgres://…`, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .test_before_acquire(false)
                .acquire_timeout(Duration::from_secs(10))
                .connect(url)
                .await?;
            sqlx::migrate!("../../migrations/postgres").run(&pool).await?;
            Ok(Self(Pool::Postgres(pool)))
        } else {
            Err(OpenError::UnknownKind)
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("recursive_triggers", "ON")
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone())
            .await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
        if !is_safe_sqlite(&version) {
            return Err(OpenError::OldSqlite(version));
        }
        sqlx::migrate!("../../migrations/sqlite").run(&writer).await?;
        let readers = Readers::new(options);
        Ok(Self(Pool::Sqlite { readers, writer }))
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Conn, StoreError> {
        Ok(match &self.0 {
            Pool::Sqlite { readers, .. } => Conn::Sqlite(readers.lend().await?),
            Pool::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Begins to write. On SQLite the lock is taken at once: a transaction that reads first and writes later would be
    /// turned away with "database is locked" when somebody else wrote in between.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match &self.0 {
            Pool::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pool::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Lets go of every connection, after what is under way has ended.
    pub async fn close(&self) {
        match &self.0 {
            Pool::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

fn is_safe_sqlite(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').map_while(|number| number.parse().ok()).collect();
    numbers.as_slice() >= OLDEST_SAFE_SQLITE.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_safe_sqlite("3.51.3"));
        assert!(is_safe_sqlite("3.100.0"));
        assert!(!is_safe_sqlite("3.51.2"));
        assert!(!is_safe_sqlite("3.46.0"));
        assert!(!is_safe_sqlite("nonsense"));
    }
}
