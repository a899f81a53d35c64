//! A database of its own for every test, on SQLite and on PostgreSQL.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
    str::FromStr as _,
};

use engine::{Chance as _, Sha256Digest, Store, SystemChance};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, postgres::PgConnectOptions};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A migrated database that nobody else uses.
pub enum Database {
    Sqlite { file: PathBuf },
    Postgres { server: String, name: String },
}

impl Database {
    pub async fn fresh(kind: Kind) -> Self {
        // The number of a process comes back, and with it what an earlier one of that number left.
        let mut bytes = [0; 16];
        SystemChance.fill(&mut bytes);
        let name = format!("induct_test_{}", hex::encode(bytes));
        match kind {
            Kind::Sqlite => Self::Sqlite { file: env::temp_dir().join(format!("{name}.db")) },
            Kind::Postgres => {
                let server = server();
                create(&server, &name).await;
                Self::Postgres { server, name }
            }
        }
    }

    /// Its address, as settings give it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { file } => format!("sqlite://{}", file.display()),
            Self::Postgres { server, name } => at(server, name),
        }
    }

    pub async fn drop(self) {
        // It may never have been made.
        drop(fs::remove_dir_all(keys_of(&self.url())));
        match self {
            Self::Sqlite { file } => remove_files(&file),
            Self::Postgres { server, name } => {
                let mut conn = PgConnection::connect(&server).await.unwrap();
                run(&mut conn, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            }
        }
    }
}

/// Where the processes on a database keep the key of its log. Through whatever it is reached, it has one name.
pub fn keys_of(url: &str) -> PathBuf {
    let name = url.split('?').next().unwrap().rsplit('/').next().unwrap();
    env::temp_dir().join(format!("{}.keys", name.trim_end_matches(".db")))
}

fn remove_files(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        // It may never have been made.
        drop(fs::remove_file(path));
    }
}

/// A PostgreSQL that may be filled with databases: the one that was named, else a private one.
fn server() -> String {
    env::var("INDUCT_TEST_POSTGRES").unwrap_or_else(|_| {
        let asked = Command::new(root().join(".ci/postgres")).arg("url").output().expect(".ci/postgres can be run");
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8(asked.stdout).unwrap().trim().to_owned()
    })
}

/// The address of another database of the same server.
fn at(server: &str, name: &str) -> String {
    let (start, options) = server.split_once('?').map_or((server, ""), |(start, options)| (start, options));
    let (host, _) = start.rsplit_once('/').unwrap();
    if options.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{options}") }
}

/// Copies a database that has been migrated already, which is quicker than migrating each.
async fn create(server: &str, name: &str) {
    let mut conn = PgConnection::connect_with(&PgConnectOptions::from_str(server).unwrap()).await.unwrap();
    let template = template(&mut conn, server).await;
    run(&mut conn, format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
}

/// The migrated database to copy. The first test makes it, under a name that no half-made one ever bears.
async fn template(conn: &mut PgConnection, server: &str) -> String {
    let template = format!("induct_template_{}", &migrations().to_string()[..16]);
    let making = format!("{template}_{}", process::id());
    run(conn, "SELECT pg_advisory_lock(4674)".to_owned()).await;
    let exists = sqlx::query("SELECT COUNT(*) FROM pg_database WHERE datname = $1").bind(&template);
    if exists.fetch_one(&mut *conn).await.unwrap().get::<i64, _>(0) == 0 {
        run(conn, format!("DROP DATABASE IF EXISTS {making}")).await;
        run(conn, format!("CREATE DATABASE {making}")).await;
        Store::open(&at(server, &making)).await.unwrap().close().await;
        run(conn, format!("ALTER DATABASE {making} RENAME TO {template}")).await;
    }
    run(conn, "SELECT pg_advisory_unlock(4674)".to_owned()).await;
    template
}

/// The digest of all that makes the tables.
fn migrations() -> Sha256Digest {
    let mut files: Vec<PathBuf> =
        fs::read_dir(root().join("migrations/postgres")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts: Vec<u8> = files.iter().flat_map(|file| fs::read(file).unwrap()).collect();
    Sha256Digest::of(&texts)
}

/// The top of the repository.
fn root() -> &'static Path {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.find(|folder| folder.join("migrations").is_dir()).unwrap()
}

async fn run(conn: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(conn).await.unwrap();
}
