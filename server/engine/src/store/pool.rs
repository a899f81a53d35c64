use std::{sync::Arc, time::Duration};

use sqlx::{PgPool, SqlitePool};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{
    Conn, StoreError, Tx, file::DatabaseFile, link::Soundness, readers::Readers, ready::LastReady, trouble::is_busy,
    turns::Turns,
};
use crate::ground::PersonId;

/// An open, migrated database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
    pub(super) last_ready: Arc<LastReady>,
}

#[derive(Clone, Debug)]
pub(super) enum Pool {
    /// SQLite lets one connection write at a time. Giving writers a pool of one makes them wait in line in here, fairly,
    /// rather than on the database's lock.
    Sqlite {
        readers: Arc<Readers>,
        writer: SqlitePool,
        /// Held by who is next to write while another process writes: who asks anew must not come behind those who came later.
        next: Arc<Mutex<()>>,
        /// Of the one connection that the writers have.
        soundness: Arc<Soundness>,
        /// `None`: it is in memory, or opened for reading.
        file: Option<Arc<DatabaseFile>>,
    },
    Postgres(PgPool, Arc<Turns>),
}

/// How long somebody waits for a connection to PostgreSQL, a new one included.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How long SQLite's writer waits for another process.
pub(super) const LONGEST_TURN: Duration = Duration::from_secs(10);

/// Begins to write, or is told soon that another process does. SQLite looks again the more seldom the longer somebody has waited, at last
/// every 100 ms, and so misses the pauses of a process that writes step by step; whoever asks anew looks every 7 ms.
const BEGIN_SOON: &str = "PRAGMA busy_timeout = 15; BEGIN IMMEDIATE";

impl Store {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool, last_ready: Arc::default() }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.pool, Pool::Sqlite { .. })
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Conn, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite { readers, .. } => Conn::Sqlite(readers.lend().await?),
            Pool::Postgres(pool, _) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Begins to write. On SQLite the lock is taken at once: a transaction that reads first and writes later would be
    /// turned away with "database is locked" when somebody else wrote in between.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite { writer, next, soundness, file, .. } => {
                if file.as_ref().is_some_and(|file| !file.is_there()) {
                    return Err(StoreError::out_of_reach(
                        "the database's file was deleted or replaced since it was opened",
                    ));
                }
                let until = Instant::now() + LONGEST_TURN;
                let first = timeout(LONGEST_TURN, next.lock()).await;
                let _first = first.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))?;
                let begun = loop {
                    match writer.begin_with(BEGIN_SOON).await {
                        Err(error) if is_busy(&error) && Instant::now() < until => {}
                        tried => break tried,
                    }
                };
                Tx::Sqlite(begun.map_err(|error| soundness.note(error))?, Arc::clone(soundness))
            }
            Pool::Postgres(pool, _) => Tx::Postgres(pool.begin().await?, None),
        })
    }

    /// Begins to write for one person, of whom nobody else in this process writes anything meanwhile. The transaction still has to lock the
    /// person: there may be other processes.
    pub(crate) async fn write_for(&self, person: PersonId) -> Result<Tx, StoreError> {
        let Pool::Postgres(pool, turns) = &self.pool else { return self.write().await };
        let Some(turn) = turns.wait(person, LONGEST_WAIT).await else {
            return Err(StoreError::out_of_reach("what was written before for the same person took too long"));
        };
        Ok(Tx::Postgres(pool.begin().await?, Some(turn)))
    }

    /// Has SQLite write over what its write-ahead log still holds of what was deleted; in the file itself it is overwritten already. Whether
    /// nothing is left: somebody who reads what was there before keeps it for a while. PostgreSQL does this when it vacuums.
    pub(crate) async fn scrub(&self) -> Result<bool, StoreError> {
        let Pool::Sqlite { writer, soundness, .. } = &self.pool else { return Ok(false) };
        let mut conn = writer.acquire().await.map_err(|error| soundness.note(error))?;
        // Nobody who wants to write waits long for somebody who reads.
        sqlx::raw_sql("PRAGMA busy_timeout = 1000").execute(&mut *conn).await.map_err(|error| soundness.note(error))?;
        let tried = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await;
        let (busy, _, _): (i64, i64, i64) = tried.map_err(|error| soundness.note(error))?;
        Ok(busy == 0)
    }

    /// Lets go of every connection, after what is under way has ended.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pool::Postgres(pool, _) => pool.close().await,
        }
    }
}

#[cfg(test)]
impl Store {
    /// Gives the writer a database of so many pages more than there are, or as many as it likes.
    async fn leaves_room_for(&self, pages: Option<i64>) {
        let Pool::Sqlite { writer, .. } = &self.pool else { panic!("only SQLite has pages") };
        let mut conn = writer.acquire().await.unwrap();
        let count: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *conn).await.unwrap();
        let most = pages.map_or(1_000_000, |pages| count + pages).to_string();
        // The connection that is there, and those that are to come.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {most}")))
            .execute(&mut *conn)
            .await
            .unwrap();
        let options = (*writer.connect_options()).clone().pragma("max_page_count", most);
        writer.set_connect_options(options);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::PermissionsExt as _,
        path::{Path, PathBuf},
        sync::atomic::{AtomicU32, Ordering},
    };

    use tokio::time::sleep;

    use super::*;
    use crate::store::{Linked as _, OpenError, Trouble, change, on, open::is_safe_sqlite};

    /// A folder that goes with its test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("induct-store-{}-{name}", std::process::id()));
            drop(fs::remove_dir_all(&folder));
            Self(folder)
        }

        fn file(&self) -> PathBuf {
            self.0.join("induct.db")
        }

        fn url(&self) -> String {
            format!("sqlite://{}", self.file().display())
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn run<F: Future<Output = ()>>(test: F) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
    }

    async fn writes(store: &Store, number: u32) -> Result<(), StoreError> {
        let mut tx = store.write().await?;
        const WRITE: &str = "INSERT INTO installation (name, value) VALUES ($1, $2)";
        change!(tx, sqlx::query(WRITE).bind(number.to_string()).bind("x".repeat(3000)))?;
        tx.commit().await
    }

    async fn reads(store: &Store) -> i64 {
        let mut conn = store.read().await.unwrap();
        on!(conn.link(), conn => sqlx::query_scalar("SELECT COUNT(*) FROM installation").fetch_one(conn).await).unwrap()
    }

    async fn is_ready(store: &Store) -> Option<Trouble> {
        sleep(Duration::from_millis(600)).await;
        store.ready().await.err().map(|error| error.trouble().unwrap())
    }

    #[test]
    fn a_full_database_is_read_and_takes_writes_again_once_there_is_room() {
        run(async {
            let folder = Folder::new("full");
            let store = Store::open(&folder.url()).await.unwrap();
            for round in 0..3 {
                store.leaves_room_for(Some(20)).await;
                let mut number = round * 1000;
                let error = loop {
                    number += 1;
                    if let Err(error) = writes(&store, number).await {
                        break error;
                    }
                };
                assert_eq!(error.trouble(), Some(Trouble::Full), "{error}");
                let kept = reads(&store).await;
                for _ in 0..3 {
                    let again = writes(&store, number).await.unwrap_err();
                    assert_eq!(again.trouble(), Some(Trouble::Full), "{again}");
                    assert_eq!(reads(&store).await, kept);
                }
                assert_eq!(is_ready(&store).await, Some(Trouble::Full));
                store.leaves_room_for(None).await;
                writes(&store, number).await.unwrap();
                assert_eq!(is_ready(&store).await, None);
                assert_eq!(reads(&store).await, kept + 1);
            }
            store.close().await;
        });
    }

    /// Steps of 270 ms and pauses of 15 ms, as an import makes them on a slow machine: whoever looked every 100 ms would look at 38 ms of each.
    #[test]
    fn whoever_waits_for_another_process_gets_in_at_its_next_pause() {
        run(async {
            let folder = Folder::new("turn");
            let (importer, server) =
                (Store::open(&folder.url()).await.unwrap(), Store::open(&folder.url()).await.unwrap());
            let steps = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&steps);
            let importing = tokio::spawn(async move {
                loop {
                    let tx = importer.write().await.unwrap();
                    counted.fetch_add(1, Ordering::SeqCst);
                    sleep(Duration::from_millis(270)).await;
                    tx.commit().await.unwrap();
                    sleep(Duration::from_millis(15)).await;
                }
            });
            while steps.load(Ordering::SeqCst) == 0 {
                sleep(Duration::from_millis(1)).await;
            }
            sleep(Duration::from_millis(10)).await;
            writes(&server, 1).await.unwrap();
            let waited = steps.load(Ordering::SeqCst);
            importing.abort();
            assert!(waited <= 3, "{waited} steps were made before");
            server.close().await;
        });
    }

    #[test]
    fn a_statement_that_was_refused_keeps_the_connection() {
        run(async {
            let folder = Folder::new("refused");
            let store = Store::open(&folder.url()).await.unwrap();
            writes(&store, 1).await.unwrap();
            let refused = writes(&store, 1).await.unwrap_err();
            assert_eq!(refused.trouble(), None);
            let Pool::Sqlite { soundness, .. } = &store.pool else { panic!("SQLite") };
            assert!(!soundness.is_spoilt());
            writes(&store, 2).await.unwrap();
            store.close().await;
        });
    }

    #[test]
    fn what_is_written_to_a_file_that_is_gone_would_not_last() {
        run(async {
            for replaced in [false, true] {
                let folder = Folder::new("gone");
                let store = Store::open(&folder.url()).await.unwrap();
                assert_eq!(is_ready(&store).await, None);
                // What reads has been opened before: there is nothing at the path to open afterwards.
                assert_eq!(reads(&store).await, 0);
                let away = folder.0.join("away.db");
                fs::rename(folder.file(), &away).unwrap();
                if replaced {
                    fs::copy(&away, folder.file()).unwrap();
                }
                assert_eq!(is_ready(&store).await, Some(Trouble::OutOfReach));
                assert_eq!(writes(&store, 1).await.unwrap_err().trouble(), Some(Trouble::OutOfReach));
                assert_eq!(reads(&store).await, 0);
                if replaced {
                    fs::remove_file(folder.file()).unwrap();
                }
                fs::rename(&away, folder.file()).unwrap();
                assert_eq!(is_ready(&store).await, None);
                writes(&store, 1).await.unwrap();
                store.close().await;
            }
        });
    }

    #[test]
    fn a_database_that_may_only_be_read_is_refused() {
        run(async {
            let folder = Folder::new("read-only");
            Store::open(&folder.url()).await.unwrap().close().await;
            let Err(error) = Store::open(&format!("{}?mode=ro", folder.url())).await else { panic!("it was opened") };
            let OpenError::NotWritable(ref why) = error else { panic!("{error}") };
            assert_eq!(why.trouble(), Some(Trouble::ReadOnly));
            assert!(!error.to_string().contains('\n'), "{error}");
        });
    }

    #[test]
    fn nobody_else_can_read_the_files() {
        run(async {
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            let folder = Folder::new("private");
            let files = ["induct.db", "induct.db-wal", "induct.db-shm"].map(|name| folder.0.join(name));
            let store = Store::open(&folder.url()).await.unwrap();
            assert_eq!(mode(&folder.0), 0o700);
            assert_eq!(files.each_ref().map(|file| mode(file)), [0o600; 3]);
            // Those of a server that was killed, and that somebody has opened to all.
            for file in &files {
                fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
            }
            let another = Store::open(&folder.url()).await.unwrap();
            assert_eq!(files.each_ref().map(|file| mode(file)), [0o600; 3]);
            another.close().await;
            store.close().await;
        });
    }

    #[test]
    fn a_postgres_that_cannot_be_used_is_named_without_its_password() {
        run(async {
            let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            for (host, reason) in [
                ("127.0.0.1:1".to_owned(), "refused"),
                (silent.local_addr().unwrap().to_string(), "no answer within 5"),
            ] {
                let url = format!("postgres://amy:secret@{host}/learning");
                let opening = timeout(Duration::from_secs(8), Store::open(&url));
                let Err(error) = opening.await.unwrap() else { panic!("it was opened") };
                let text = error.to_string();
                for said in [&*host, "learning", "amy", reason, "INDUCT_DATABASE_URL"] {
                    assert!(text.contains(said), "{said} in {text}");
                }
                assert!(!text.contains("secret") && !text.contains('\n'), "{text}");
            }
        });
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_safe_sqlite("3.51.3"));
        assert!(is_safe_sqlite("3.100.0"));
        assert!(!is_safe_sqlite("3.51.2"));
        assert!(!is_safe_sqlite("3.46.0"));
        assert!(!is_safe_sqlite("nonsense"));
    }
}
