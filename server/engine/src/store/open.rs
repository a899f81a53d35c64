use std::{
    path::{Path, PathBuf},
    str::FromStr as _,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::timeout;

use super::{
    Altered, StoreError, Trouble,
    file::{DatabaseFile, make_private},
    link::Soundness,
    pool::{LONGEST_TURN, LONGEST_WAIT, Pool, Store},
    readers::Readers,
};

/// Why a database could not be opened; its text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address begins with neither `sqlite:` nor `postgres:`.
    #[error("the database address must begin with sqlite:// or postgres://")]
    UnknownKind,
    /// It could not be reached, or what was found is no database.
    #[error("the database could not be opened: {0}")]
    Unreachable(#[from] sqlx::Error),
    /// PostgreSQL does not let us in, or does not answer.
    #[error(
        "PostgreSQL at {place} cannot be used: {reason}; see that it runs there, or give another address with --database or \
         INDUCT_DATABASE_URL"
    )]
    NoPostgres {
        /// Where it was looked for, without the password.
        place: String,
        /// What was found there.
        reason: String,
    },
    /// The file of a database could not be made.
    #[error("the database file {path} could not be made: {reason}")]
    File {
        /// Where it was to be.
        path: String,
        /// Why not.
        reason: std::io::Error,
    },
    /// What would be written to it would not last.
    #[error(
        "the database cannot be written to: {0}; the user who runs Induct must be allowed to write it, its folder included"
    )]
    NotWritable(#[from] StoreError),
    /// A newer Induct has been at work on it. Nothing of it is changed.
    #[error(
        "a newer Induct has changed this database (step {step}, which this version does not know): start that version again, or restore a back-up \
         from before it into an empty database"
    )]
    Newer {
        /// The number of the first step in its tables that this version does not have.
        step: i64,
    },
    /// Its tables could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] MigrateError),
    /// Its tables or triggers are not as Induct made them.
    #[error("the database is not as Induct made it, and may no longer keep what must not change: {}; restore a copy", listed(.0))]
    Altered(Vec<Altered>),
    /// The SQLite that was linked has a bug that can lose a commit.
    #[error("SQLite {0} is too old: 3.51.3 or later is needed")]
    OldSqlite(String),
}

/// The WAL-reset bug, which could lose a commit, is fixed in this version and later.
const OLDEST_SAFE_SQLITE: [u32; 3] = [3, 51, 3];

pub(super) static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");

pub(super) static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How long a connection that comes back may take to say that it is sound: one that was left in the middle of a query, or whose server has
/// gone silent, must not keep its place in the pool.
const LONGEST_SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// Pages that SQLite's writer may hold, in KiB when negative: most of the indexes of a hundred thousand people stay in memory while many are
/// written, and a transaction is seldom written to disk before it is whole. Bringing in so many may take 150 MB altogether, and took 156 with
/// 40 MiB for this.
const WRITER_CACHE: &str = "-30000";

/// After how many pages in the write-ahead log they are copied into the file: 16 MiB, so that pages that change often are copied once.
const CHECKPOINT_AFTER: &str = "4000";

/// What nobody waits longer for on PostgreSQL: an answer, a lock, and the next statement of a transaction. Nor for a compiler: what it guesses
/// to be dear it would compile first, for up to a second, and what it guesses of a search for a name is a hundred times what it takes.
const LIMITS: &str = "SET statement_timeout = '20s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; \
     SET jit = off";

impl Store {
    /// Whether an address can be that of a database. Nothing is opened.
    ///
    /// # Errors
    /// [`OpenError::UnknownKind`] or [`OpenError::Unreachable`].
    pub fn check_address(url: &str) -> Result<(), OpenError> {
        if url.starts_with("sqlite:") {
            SqliteConnectOptions::from_str(url).map(drop)?;
        } else if is_postgres(url) {
            PgConnectOptions::from_str(url).map(drop)?;
        } else {
            return Err(OpenError::UnknownKind);
        }
        Ok(())
    }

    /// Opens a database that is there, for reading: it is neither made nor brought up to date.
    ///
    /// # Errors
    /// [`OpenError`] when it cannot be opened.
    pub async fn open_existing(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?.disable_statement_logging();
            let readers = Readers::new(options.clone());
            // So that what cannot be opened is said here.
            readers.lend().await?;
            let writer = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.read_only(true));
            Ok(Self::new(Pool::Sqlite { readers, writer, next: Arc::default(), soundness: Arc::default(), file: None }))
        } else if is_postgres(url) {
            let options = PgConnectOptions::from_str(url)?;
            reach(&options).await?.close().await?;
            let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
            Ok(Self::new(Pool::Postgres(pool, Arc::default())))
        } else {
            Err(OpenError::UnknownKind)
        }
    }

    /// Opens a SQLite database that is a copy of another, for reading.
    pub(crate) async fn open_copy(file: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
        let readers = Readers::new(options.clone());
        readers.lend().await?;
        let writer = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        Ok(Self::new(Pool::Sqlite { readers, writer, next: Arc::default(), soundness: Arc::default(), file: None }))
    }

    /// Opens a PostgreSQL database as another connection sees it that holds on to a moment, for as long as it does.
    pub(crate) async fn open_snapshot(url: &str, snapshot: &str) -> Result<Self, OpenError> {
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{}'",
            snapshot.replace('\'', "")
        );
        let pool =
            PgPoolOptions::new().max_connections(2).acquire_timeout(LONGEST_WAIT).after_connect(move |conn, _| {
                let begin = begin.clone();
                Box::pin(async move { sqlx::raw_sql(sqlx::AssertSqlSafe(begin)).execute(conn).await.map(drop) })
            });
        let pool = pool.connect_with(PgConnectOptions::from_str(url)?).await?;
        Ok(Self::new(Pool::Postgres(pool, Arc::default())))
    }

    /// Opens the database at `sqlite://FILE` (made when it is missing) or `postgres://…`, brings its tables up to date, and sees that it can
    /// be written to. One that is full is opened: what is there can be read.
    ///
    /// # Errors
    /// [`OpenError`] when it cannot be opened, brought up to date, or written to.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let store = if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await?
        } else if is_postgres(url) {
            Self::open_postgres(url).await?
        } else {
            return Err(OpenError::UnknownKind);
        };
        match store.ready().await {
            Err(error) if error.trouble() == Some(Trouble::Full) => {
                tracing::error!(%error, "nothing can be saved until there is room");
            }
            tried => tried?,
        }
        Ok(store)
    }

    async fn open_postgres(url: &str) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url)?;
        // Not one of the pool's: bringing tables up to date may take as long as it takes.
        let mut conn = reach(&options).await?;
        POSTGRES.run_direct(None, &mut conn, false).await.map_err(not_migrated)?;
        conn.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            // A server that was restarted has ended every connection, and only asking them tells.
            .test_before_acquire(true)
            .acquire_timeout(LONGEST_WAIT)
            .after_connect(|conn, _| Box::pin(async move { sqlx::raw_sql(LIMITS).execute(conn).await.map(drop) }))
            .after_release(|conn, _| {
                Box::pin(async move {
                    match timeout(LONGEST_SIGN_OF_LIFE, conn.ping()).await {
                        Ok(alive) => alive.map(|()| true),
                        Err(_) => Err(sqlx::Error::PoolTimedOut),
                    }
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self::new(Pool::Postgres(pool, Arc::default())))
    }

    async fn open_sqlite(url: &str) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(LONGEST_TURN)
            .pragma("recursive_triggers", "ON")
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let path = options.get_filename().to_owned();
        let of_file = |reason| OpenError::File { path: path.display().to_string(), reason };
        let is_file = !path.starts_with("file:") && !url.contains(":memory:") && !url.contains("mode=memory");
        if is_file && !url.contains("mode=ro") {
            make_private(&path).map_err(of_file)?;
        }
        let soundness = Arc::<Soundness>::default();
        let spoilt = Arc::clone(&soundness);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(LONGEST_TURN)
            .before_acquire(move |conn, _| {
                // After some failures SQLite ends a transaction by itself, and the connection still thinks that it is in one.
                let lendable = !spoilt.is_spoilt() && !conn.is_in_transaction();
                spoilt.renew();
                Box::pin(async move { Ok(lendable) })
            })
            .connect_with(
                options.clone().pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT_AFTER),
            )
            .await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
        if !is_safe_sqlite(&version) {
            return Err(OpenError::OldSqlite(version));
        }
        SQLITE.run(&writer).await.map_err(not_migrated)?;
        let file = if is_file { Some(Arc::new(DatabaseFile::at(&path).map_err(of_file)?)) } else { None };
        let readers = Readers::new(options);
        Ok(Self::new(Pool::Sqlite { readers, writer, next: Arc::default(), soundness, file }))
    }
}

/// The file of a SQLite database. `None`: the address is that of a PostgreSQL database.
pub(crate) fn path_of_sqlite(url: &str) -> Result<Option<PathBuf>, OpenError> {
    if is_postgres(url) {
        return Ok(None);
    }
    if !url.starts_with("sqlite:") {
        return Err(OpenError::UnknownKind);
    }
    Ok(Some(SqliteConnectOptions::from_str(url)?.get_filename().to_owned()))
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// A connection of its own, or where it was looked for and why there is none.
pub(super) async fn reach(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    let reason = match timeout(LONGEST_WAIT, PgConnection::connect_with(options)).await {
        Ok(Ok(conn)) => return Ok(conn),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} seconds", LONGEST_WAIT.as_secs()),
    };
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => options.get_host().to_owned(),
    };
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    let place = format!("{host}:{}, database {database}, user {}", options.get_port(), options.get_username());
    // Some reasons have several lines.
    Err(OpenError::NoPostgres { place, reason: reason.split_whitespace().collect::<Vec<_>>().join(" ") })
}

/// Tables cannot be brought up to date where nothing can be written, and need not be where a newer version has done so.
pub(super) fn not_migrated(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(step) => OpenError::Newer { step },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if Trouble::of(&error).is_some() => {
            OpenError::NotWritable(error.into())
        }
        error => OpenError::Migration(error),
    }
}

pub(super) fn is_safe_sqlite(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').map_while(|number| number.parse().ok()).collect();
    numbers.as_slice() >= OLDEST_SAFE_SQLITE.as_slice()
}

fn listed(altered: &[Altered]) -> String {
    altered.iter().map(Altered::to_string).collect::<Vec<_>>().join(", ")
}
