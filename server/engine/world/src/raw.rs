//! The database from outside, past the engine: what somebody with a database shell could try, and what stands in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr as _,
    time::Duration,
};

use engine::TutorTaskId;
use sqlx::{
    AssertSqlSafe, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

/// A plain connection to the test's database, set up as any other program would.
#[derive(Clone)]
pub enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A lock that keeps writers waiting until it is let go.
pub enum Held {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>, PgPool),
}

impl Raw {
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).unwrap().busy_timeout(Duration::from_secs(10));
            Self::Sqlite(SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap())
        } else {
            let options = PgConnectOptions::from_str(url).unwrap().application_name(FROM_OUTSIDE);
            Self::Postgres(PgPoolOptions::new().max_connections(2).connect_with(options).await.unwrap())
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs a statement, and says how many rows it changed.
    pub async fn run(&self, statement: &str) -> Result<u64, sqlx::Error> {
        let statement = AssertSqlSafe(statement.to_owned());
        Ok(match self {
            Self::Sqlite(pool) => sqlx::query(statement).execute(pool).await?.rows_affected(),
            Self::Postgres(pool) => sqlx::query(statement).execute(pool).await?.rows_affected(),
        })
    }

    /// The one number that a query gives.
    pub async fn number(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query(query).fetch_one(pool).await.unwrap().get(0),
            Self::Postgres(pool) => sqlx::query(query).fetch_one(pool).await.unwrap().get(0),
        }
    }

    /// The tutor's task about somebody.
    pub async fn task_of(&self, name: &str) -> TutorTaskId {
        let id = if self.is_sqlite() { "lower(hex(t.id))" } else { "t.id::TEXT" };
        let query = format!(
            "SELECT {id} FROM tutor_task t JOIN person_detail d ON d.person_id = t.person_id WHERE d.name = '{name}'"
        );
        TutorTaskId::parse(self.texts(&query).await[0][0].as_deref().unwrap()).unwrap()
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Ends every other connection to a PostgreSQL database, as restarting it does.
    pub async fn end_others(&self) {
        let Self::Postgres(pool) = self else { panic!("SQLite has none") };
        sqlx::query(END_OTHERS).execute(pool).await.unwrap();
        self.becomes_alone().await;
    }

    /// Waits until nobody else is connected to a PostgreSQL database.
    pub async fn becomes_alone(&self) {
        let Self::Postgres(pool) = self else { return };
        while sqlx::query_scalar::<_, i64>(COUNT_OTHERS).fetch_one(pool).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// From now on a PostgreSQL database may only be read, also by those who have been connected to it.
    pub async fn may_only_be_read(&self) {
        self.sets("default_transaction_read_only = on").await;
        self.end_others().await;
    }

    /// Whoever connects to a PostgreSQL database from now on has this setting.
    pub async fn sets(&self, setting: &str) {
        let name = self.texts("SELECT current_database()::TEXT").await[0][0].clone().unwrap();
        self.run(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// The rows of a query, each column as text.
    pub async fn texts(&self, query: &str) -> Vec<Vec<Option<String>>> {
        let query = AssertSqlSafe(query.to_owned());
        macro_rules! texts {
            ($pool:expr) => {
                sqlx::query(query)
                    .fetch_all($pool)
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| (0..row.len()).map(|column| row.get(column)).collect())
                    .collect()
            };
        }
        match self {
            Self::Sqlite(pool) => texts!(pool),
            Self::Postgres(pool) => texts!(pool),
        }
    }

    /// How the database would answer a statement whatever its parameters are, a line for each step.
    pub async fn plan(&self, statement: &str) -> Vec<String> {
        match self {
            Self::Sqlite(pool) => {
                let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
                let rows = sqlx::raw_sql(explain).fetch_all(pool).await;
                rows.unwrap_or_else(|error| panic!("{statement}: {error}"))
                    .iter()
                    .map(|row| row.get("detail"))
                    .collect()
            }
            Self::Postgres(pool) => {
                // Of what is asked for nothing can be found out, and so nothing needs to be.
                let asked = places(statement);
                let kinds = (1..=asked.last().copied().unwrap_or(0))
                    .map(|n| if asked.contains(&n) { "unknown" } else { "text" });
                let kinds: Vec<&str> = kinds.collect();
                let within =
                    |list: Vec<&str>| if list.is_empty() { String::new() } else { format!("({})", list.join(", ")) };
                let (nothing, kinds) = (within(vec!["NULL"; kinds.len()]), within(kinds));
                let explain = AssertSqlSafe(format!(
                    "SET plan_cache_mode = force_generic_plan; PREPARE asked {kinds} AS {statement}; \
                     EXPLAIN EXECUTE asked {nothing}; DEALLOCATE asked; RESET plan_cache_mode"
                ));
                let rows = sqlx::raw_sql(explain).fetch_all(pool).await;
                rows.unwrap_or_else(|error| panic!("{statement}: {error}")).iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// Every row of a table, each column as text.
    pub async fn contents(&self, table: &str) -> Vec<Vec<Option<String>>> {
        if !self.is_sqlite() {
            return self.texts(&format!("SELECT whole.*::TEXT FROM {table} AS whole ORDER BY 1")).await;
        }
        let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid")).await;
        let columns: Vec<String> = columns.iter().map(|row| format!("quote({})", row[0].as_deref().unwrap())).collect();
        self.texts(&format!("SELECT {} FROM {table} ORDER BY 1, 2", columns.join(", "))).await
    }

    /// What the tables are called.
    pub async fn tables(&self) -> BTreeSet<String> {
        let tables = if self.is_sqlite() {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        } else {
            "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'"
        };
        self.texts(tables).await.into_iter().filter_map(|mut row| row.remove(0)).collect()
    }

    /// Every row of every table.
    pub async fn everything(&self) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
        let mut everything = BTreeMap::new();
        for table in self.tables().await {
            let contents = self.contents(&table).await;
            everything.insert(table, contents);
        }
        everything
    }

    /// Keeps everybody who wants to write for a person waiting.
    pub async fn hold(&self) -> Held {
        match self {
            Self::Sqlite(pool) => Held::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.unwrap()),
            Self::Postgres(pool) => {
                let mut tx = pool.begin().await.unwrap();
                sqlx::query("SELECT id FROM person FOR UPDATE").execute(&mut *tx).await.unwrap();
                Held::Postgres(tx, pool.clone())
            }
        }
    }
}

/// As what PostgreSQL knows whoever comes from outside.
const FROM_OUTSIDE: &str = "from outside";

const END_OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE datname = current_database() AND application_name <> 'from outside'";

const COUNT_OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity \
     WHERE datname = current_database() AND application_name <> 'from outside'";

const COUNT_WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity \
     WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// The numbers of the places in a statement, such as `$1`.
fn places(statement: &str) -> BTreeSet<usize> {
    let after = statement.split('$').skip(1);
    after.filter_map(|rest| rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()).collect()
}

impl Held {
    /// Waits until somebody else waits for the lock.
    pub async fn until_somebody_waits(&self) {
        match self {
            // SQLite does not say who waits. Whoever comes after this pause is turned away for the same reason.
            Self::Sqlite(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            Self::Postgres(_, pool) => {
                while sqlx::query_scalar::<_, i64>(COUNT_WAITING).fetch_one(pool).await.unwrap() == 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        }
    }

    /// Runs a statement under the lock.
    pub async fn run(&mut self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::Sqlite(tx) => drop(sqlx::query(statement).execute(&mut **tx).await.unwrap()),
            Self::Postgres(tx, _) => drop(sqlx::query(statement).execute(&mut **tx).await.unwrap()),
        }
    }

    pub async fn let_go(self) {
        match self {
            Self::Sqlite(tx) => tx.commit().await.unwrap(),
            Self::Postgres(tx, _) => tx.commit().await.unwrap(),
        }
    }
}
