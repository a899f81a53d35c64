use std::{collections::BTreeMap, fmt};

use sqlx::{Connection as _, PgConnection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};

use super::{Conn, Linked as _, OpenError, Store, StoreError, on, open};

/// Something in a database that is not as Induct's migrations make it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Altered {
    /// What it is, such as `trigger signature_never_changes on signature`.
    pub what: String,
    /// What is the matter with it.
    pub how: How,
}

/// What is the matter with something in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is not there.
    Missing,
    /// It is another.
    Changed,
    /// It is there and should not be. Only of triggers: they could change or swallow what is written.
    Foreign,
}

impl fmt::Display for Altered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, how } = self;
        match how {
            How::Missing => write!(f, "the {what} is missing"),
            How::Changed => write!(f, "the {what} was changed"),
            How::Foreign => write!(f, "the {what} is not Induct's"),
        }
    }
}

/// What stands in a database: what it is, and how it is defined.
type Schema = BTreeMap<String, String>;

const SQLITE_SCHEMA: &str = "SELECT type || ' ' || name || CASE WHEN type = 'table' THEN '' ELSE ' on ' || tbl_name END, sql \
     FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'";

/// Of the schema that names are looked up in. Each text leaves the schema out, so that two schemas can be compared.
const POSTGRES_SCHEMA: &str = "\
     WITH here AS (SELECT oid, quote_ident(nspname) || '.' AS prefix FROM pg_namespace WHERE nspname = current_schema()), \
     ours AS (SELECT c.oid, c.relname, c.relkind, h.prefix FROM pg_class c JOIN here h ON h.oid = c.relnamespace \
       WHERE c.relname <> '_sqlx_migrations' AND c.relname <> '_sqlx_migrations_pkey') \
     SELECT 'column ' || attname || ' of table ' || relname, format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' \
       || COALESCE(replace(pg_get_expr(d.adbin, d.adrelid), prefix, ''), '') \
     FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND attnum > 0 AND NOT attisdropped \
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE relkind IN ('r', 'p') \
     UNION ALL \
     SELECT 'constraint ' || conname || ' on ' || relname, replace(pg_get_constraintdef(c.oid), prefix, '') \
     FROM ours JOIN pg_constraint c ON c.conrelid = ours.oid WHERE contype <> 't' \
     UNION ALL \
     SELECT 'index ' || ours.relname || ' on ' || t.relname, replace(pg_get_indexdef(ours.oid), prefix, '') \
     FROM ours JOIN pg_index i ON i.indexrelid = ours.oid JOIN pg_class t ON t.oid = i.indrelid \
     UNION ALL \
     SELECT 'trigger ' || tgname || ' on ' || relname, tgenabled::TEXT || ' ' || replace(pg_get_triggerdef(t.oid), prefix, '') \
     FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid WHERE NOT tgisinternal \
     UNION ALL \
     SELECT 'function ' || proname, replace(pg_get_functiondef(p.oid), prefix, '') \
     FROM pg_proc p JOIN here ON here.oid = p.pronamespace WHERE prokind = 'f'";

const MAY_MAKE_SCHEMAS: &str = "SELECT has_database_privilege(current_database(), 'CREATE')";

impl Store {
    /// Compares tables, indexes and triggers with what the migrations make: a trigger that somebody has dropped keeps nothing from being
    /// changed any more. Nothing is changed.
    ///
    /// # Errors
    /// [`OpenError::Altered`] names everything that is missing, changed, or a trigger of somebody else's.
    pub async fn compare_schema(&self) -> Result<(), OpenError> {
        let compared = match self.read().await? {
            conn @ Conn::Sqlite(_) => Some((sqlite_schema(conn).await?, sqlite_should_be().await?)),
            Conn::Postgres(mut conn) => postgres_schemas(&mut conn).await?,
        };
        let Some((found, expected)) = compared else {
            tracing::warn!(
                "the database's triggers were not compared with what they should be: its user may not make a schema to compare with"
            );
            return Ok(());
        };
        let altered = differences(&found, &expected);
        if altered.is_empty() { Ok(()) } else { Err(OpenError::Altered(altered)) }
    }
}

fn differences(found: &Schema, expected: &Schema) -> Vec<Altered> {
    let ours = expected.iter().filter_map(|(what, definition)| {
        let how = match found.get(what) {
            None => How::Missing,
            Some(other) if other != definition => How::Changed,
            Some(_) => return None,
        };
        Some(Altered { what: what.clone(), how })
    });
    let foreign = found.keys().filter(|what| what.starts_with("trigger ") && !expected.contains_key(*what));
    ours.chain(foreign.map(|what| Altered { what: what.clone(), how: How::Foreign })).collect()
}

async fn sqlite_schema(mut conn: Conn) -> Result<Schema, StoreError> {
    let rows: Vec<(String, String)> = on!(conn.link(), conn => sqlx::query_as(SQLITE_SCHEMA).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}

/// What the migrations make of an empty database.
async fn sqlite_should_be() -> Result<Schema, OpenError> {
    let mut conn = SqliteConnection::connect_with(&SqliteConnectOptions::new().in_memory(true)).await?;
    open::SQLITE.run_direct(None, &mut conn, false).await?;
    let rows: Vec<(String, String)> = sqlx::query_as(SQLITE_SCHEMA).fetch_all(&mut conn).await?;
    conn.close().await?;
    Ok(rows.into_iter().collect())
}

/// What there is, and what the migrations make in an empty schema, which is gone again afterwards. `None`: the user of the database may
/// not make one.
async fn postgres_schemas(conn: &mut PgConnection) -> Result<Option<(Schema, Schema)>, OpenError> {
    if !sqlx::query_scalar::<_, bool>(MAY_MAKE_SCHEMAS).fetch_one(&mut *conn).await? {
        return Ok(None);
    }
    let found = postgres_schema(conn).await?;
    let mut tx = conn.begin().await?;
    sqlx::raw_sql("CREATE SCHEMA induct_should_be; SET LOCAL search_path = induct_should_be").execute(&mut *tx).await?;
    make_tables(&open::POSTGRES, &mut tx).await?;
    let expected = postgres_schema(&mut tx).await?;
    tx.rollback().await?;
    Ok(Some((found, expected)))
}

async fn make_tables(migrations: &Migrator, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    for migration in migrations.iter().filter(|migration| migration.migration_type.is_up_migration()) {
        sqlx::raw_sql(migration.sql.clone()).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn postgres_schema(conn: &mut PgConnection) -> Result<Schema, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(POSTGRES_SCHEMA).fetch_all(conn).await?;
    Ok(rows.into_iter().collect())
}
