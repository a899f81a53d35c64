//! The whole of a database, copied out of it and into an empty one.
//!
//! A copy of SQLite is a SQLite database. A copy of PostgreSQL is an archive (ZIP): `backup.json`, and `tables/NAME` with the rows of a table as
//! `COPY … TO STDOUT` writes them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read as _, Write as _},
    path::Path,
    str::FromStr as _,
};

use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{
    Linked as _, OpenError, Store, StoreError, change, on,
    open::{POSTGRES, SQLITE, not_migrated, reach},
};

/// What a copy of PostgreSQL says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CopyManifest {
    /// The form of the copy: 1.
    pub format: u32,
    /// The number of the newest migration of its tables.
    pub migration: i64,
    /// Every table, by name.
    pub tables: BTreeMap<String, CopiedTable>,
}

/// A table of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CopiedTable {
    /// Its columns, in the order in which rows have them.
    pub columns: Vec<String>,
    pub rows: u64,
    /// The digest of its file.
    pub sha256: String,
}

/// Why a database could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no copy, or not a whole one.
    #[error("it is no back-up, or something in it is broken: {0}")]
    Broken(String),
    /// It has other bytes than it was written with.
    #[error("its bytes are not those that were written; take another copy of it, or an older back-up")]
    Altered,
    /// The database cannot be reached.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<ZipError> for CopyError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Io(error),
            error => Self::Broken(error.to_string()),
        }
    }
}

const MANIFEST: &str = "backup.json";

/// The name of the file of a table's rows.
fn file_of(table: &str) -> String {
    format!("tables/{table}")
}

const COPY_SQLITE: &str = "VACUUM INTO $1";

const LIST_TABLES: &str = "SELECT c.relname::TEXT, a.attname::TEXT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped \
       AND c.relname <> '_sqlx_migrations' ORDER BY c.relname, a.attnum";

const LIST_REFERENCES: &str = "SELECT of.relname::TEXT, other.relname::TEXT FROM pg_constraint k JOIN pg_class of ON of.oid = k.conrelid \
     JOIN pg_class other ON other.oid = k.confrelid WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace";

const MARK_RESTORING: &str =
    "INSERT INTO restore_under_way (id, begun_at) VALUES (1, CURRENT_TIMESTAMP) ON CONFLICT (id) DO NOTHING";

const COUNT_RESTORING: &str = "SELECT COUNT(*) FROM restore_under_way";

const END_RESTORING: &str = "DELETE FROM restore_under_way";

const FIND_MIGRATION: &str = "SELECT MAX(version) FROM _sqlx_migrations";

/// A moment of a PostgreSQL database, which stays as it is while it is copied.
#[derive(Debug)]
pub(crate) struct Snapshot {
    conn: PgConnection,
    /// By which other connections see the same.
    pub id: String,
}

impl Store {
    /// Copies a SQLite database as it is at this moment, while others write, into a file that is empty.
    pub(crate) async fn copy_to_file(&self, file: &Path) -> Result<(), StoreError> {
        let path = file.to_string_lossy().into_owned();
        let mut conn = self.read().await?;
        on!(conn.link(), conn => sqlx::query(COPY_SQLITE).bind(path).execute(conn).await.map(drop))
    }

    /// Whether this database is being restored, or was when somebody who did it was stopped.
    pub(crate) async fn is_being_restored(&self) -> Result<bool, StoreError> {
        let mut conn = self.read().await?;
        let marks: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_RESTORING).fetch_one(conn).await)?;
        Ok(marks > 0)
    }

    /// This database has been restored, and can be gone on with.
    pub(crate) async fn end_restoring(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        change!(tx, sqlx::query(END_RESTORING))?;
        tx.commit().await
    }

    /// Whether a PostgreSQL database has no tables at all.
    pub(crate) async fn has_no_tables(url: &str) -> Result<bool, CopyError> {
        let mut conn = reach(&PgConnectOptions::from_str(url)?).await?;
        let tables: Vec<(String, String)> = sqlx::query_as(LIST_TABLES).fetch_all(&mut conn).await?;
        conn.close().await?;
        Ok(tables.is_empty())
    }
}

impl Snapshot {
    /// Holds on to a PostgreSQL database as it is now.
    pub(crate) async fn take(url: &str) -> Result<Self, CopyError> {
        let mut conn = reach(&PgConnectOptions::from_str(url)?).await?;
        conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let id = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut conn).await?;
        Ok(Self { conn, id })
    }

    /// Writes all of it into a file.
    pub(crate) async fn write_to(mut self, file: File) -> Result<CopyManifest, CopyError> {
        let mut archive = ZipWriter::new(file);
        // Tables may be larger than what an archive holds that is not told so.
        let options = SimpleFileOptions::default().compression_level(Some(1)).large_file(true);
        let migration = sqlx::query_scalar(FIND_MIGRATION).fetch_one(&mut self.conn).await?;
        let mut tables = BTreeMap::new();
        for (table, columns) in columns(&mut self.conn).await? {
            archive.start_file(file_of(&table), options)?;
            let (mut digest, mut rows) = (Sha256::new(), 0);
            let mut copied = self.conn.copy_out_raw(&format!("COPY {} TO STDOUT", named(&table, &columns))).await?;
            while let Some(bytes) = copied.try_next().await? {
                digest.update(&bytes);
                // Line feeds in texts are written otherwise.
                rows += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
                archive.write_all(&bytes)?;
            }
            drop(copied);
            let sha256 = hex::encode(digest.finalize());
            tables.insert(table, CopiedTable { columns, rows, sha256 });
        }
        let manifest = CopyManifest { format: 1, migration, tables };
        archive.start_file(MANIFEST, options)?;
        archive.write_all(&serde_json::to_vec_pretty(&manifest).map_err(io::Error::from)?)?;
        archive.finish()?.sync_all()?;
        self.conn.close().await?;
        Ok(manifest)
    }
}

async fn columns(conn: &mut PgConnection) -> Result<BTreeMap<String, Vec<String>>, CopyError> {
    let rows: Vec<(String, String)> = sqlx::query_as(LIST_TABLES).fetch_all(conn).await?;
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    Ok(tables)
}

fn named(table: &str, columns: &[String]) -> String {
    let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
    let columns: Vec<String> = columns.iter().map(quoted).collect();
    format!("{} ({})", quoted(&table.to_owned()), columns.join(", "))
}

/// Marks a file of SQLite that was copied as one with which nobody goes on, after bringing its tables up to date: until [`Store::end_restoring`].
pub(crate) async fn mark_restoring(file: &Path) -> Result<(), CopyError> {
    let mut conn = SqliteConnectOptions::new().filename(file).disable_statement_logging().connect().await?;
    SQLITE.run(&mut conn).await.map_err(not_migrated)?;
    conn.execute(MARK_RESTORING).await?;
    conn.close().await?;
    Ok(())
}

/// Fills a PostgreSQL database that has no tables from a copy: all of it, or nothing but empty tables, and not even these where the copy is not as it was written.
pub(crate) async fn fill_postgres(url: &str, file: File) -> Result<(), CopyError> {
    let mut archive = ZipArchive::new(file)?;
    let manifest = manifest_of(&mut archive)?;
    let newest = POSTGRES.iter().map(|migration| migration.version).max();
    if manifest.format != 1 || newest < Some(manifest.migration) {
        return Err(CopyError::Broken("it was made by a newer Induct: restore it with that one".to_owned()));
    }
    // Before a database that has to be made anew has anything in it.
    for (table, copied) in &manifest.tables {
        let digest = digest_of(&mut archive, &file_of(table)).ok();
        if digest.as_ref() != Some(&copied.sha256) {
            return Err(CopyError::Altered);
        }
    }
    let mut conn = reach(&PgConnectOptions::from_str(url)?).await?;
    POSTGRES.run_direct(Some(manifest.migration), &mut conn, false).await.map_err(not_migrated)?;
    let found = columns(&mut conn).await?;
    if !found.keys().eq(manifest.tables.keys()) {
        return Err(CopyError::Broken("its tables are not those of that version".to_owned()));
    }
    let mut tx = conn.begin().await?;
    // What was written when rows came once is in the copy itself.
    for table in found.keys() {
        tx.execute(sqlx::AssertSqlSafe(format!("ALTER TABLE \"{table}\" DISABLE TRIGGER USER"))).await?;
    }
    let everything: Vec<String> = found.keys().map(|table| format!("\"{table}\"")).collect();
    tx.execute(sqlx::AssertSqlSafe(format!("TRUNCATE {}", everything.join(", ")))).await?;
    for table in in_order(&mut tx, &found).await? {
        let copied = &manifest.tables[&table];
        let into = format!("COPY {} FROM STDIN", named(&table, &copied.columns));
        let mut copying = tx.copy_in_raw(&into).await?;
        let (mut digest, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
        let mut rows = archive.by_name(&file_of(&table))?;
        loop {
            let length = rows.read(&mut piece)?;
            if length == 0 {
                break;
            }
            digest.update(&piece[..length]);
            copying.send(&piece[..length]).await?;
        }
        let count = copying.finish().await?;
        if hex::encode(digest.finalize()) != copied.sha256 || count != copied.rows {
            return Err(CopyError::Altered);
        }
    }
    for table in found.keys() {
        tx.execute(sqlx::AssertSqlSafe(format!("ALTER TABLE \"{table}\" ENABLE TRIGGER USER"))).await?;
    }
    // With everything else, so that there is no moment at which it looks as if it could be gone on with.
    tx.execute(MARK_RESTORING).await?;
    tx.commit().await?;
    conn.close().await?;
    Ok(())
}

fn manifest_of(archive: &mut ZipArchive<File>) -> Result<CopyManifest, CopyError> {
    let broken = |error: serde_json::Error| CopyError::Broken(error.to_string());
    serde_json::from_reader(archive.by_name(MANIFEST)?).map_err(broken)
}

/// The digest of a file of an archive.
fn digest_of(archive: &mut ZipArchive<File>, name: &str) -> Result<String, CopyError> {
    let mut file = archive.by_name(name)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(hex::encode(digest.finalize()));
        }
        digest.update(&piece[..length]);
    }
}

/// The tables, each after those to which its rows refer.
async fn in_order(conn: &mut PgConnection, tables: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, CopyError> {
    let references: Vec<(String, String)> = sqlx::query_as(LIST_REFERENCES).fetch_all(conn).await?;
    let (mut ordered, mut left) = (Vec::new(), tables.keys().cloned().collect::<BTreeSet<_>>());
    while !left.is_empty() {
        let waits =
            |table: &String| references.iter().any(|(of, other)| of == table && other != table && left.contains(other));
        let ready: Vec<String> = left.iter().filter(|table| !waits(table)).cloned().collect();
        if ready.is_empty() {
            return Err(CopyError::Broken("its tables refer to one another in a circle".to_owned()));
        }
        left.retain(|table| !ready.contains(table));
        ordered.extend(ready);
    }
    Ok(ordered)
}
