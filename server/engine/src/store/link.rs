use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use super::{StoreError, readers::ReadConnection, trouble::spoils, turns::Turn};

/// A connection to read with.
pub(crate) enum Conn {
    Sqlite(ReadConnection),
    Postgres(PoolConnection<Postgres>),
}

/// A transaction to write in. It is undone unless it is committed.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>, Arc<Soundness>),
    /// With whose turn it is, if it is for one person.
    Postgres(Transaction<'static, Postgres>, Option<Turn>),
}

/// What a query runs on, whether it reads alone or inside a transaction.
pub(crate) enum Link<'c> {
    Sqlite(&'c mut SqliteConnection, &'c Soundness),
    Postgres(&'c mut PgConnection),
}

impl Link<'_> {
    /// The places of so many rows of so many columns, each bound in turn, behind so many others: `($1, $2), ($3, $4)`. On SQLite they have no
    /// numbers ([`Script`]).
    ///
    /// [`Script`]: super::Script
    pub(crate) fn places(&self, before: usize, rows: usize, columns: usize) -> String {
        match self {
            Self::Sqlite(..) => vec![format!("({})", vec!["?"; columns].join(", ")); rows].join(", "),
            Self::Postgres(_) => rows_behind(before, rows, columns),
        }
    }
}

/// Whether a connection may be lent again. A connection to SQLite that failed may be left with half a transaction, which nothing but
/// closing it ends; PostgreSQL's are asked before they are lent.
#[derive(Debug, Default)]
pub(crate) struct Soundness(AtomicBool);

impl Soundness {
    /// Takes note of a failure, and hands it on.
    pub(crate) fn note(&self, error: sqlx::Error) -> StoreError {
        if spoils(&error) {
            self.0.store(true, Ordering::Release);
        }
        error.into()
    }

    pub(super) fn is_spoilt(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The next connection has not failed yet.
    pub(super) fn renew(&self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Runs one query text on whichever database a [`Link`] leads to; each arm keeps its concrete types. A failure is a [`StoreError`].
macro_rules! on {
    ($link:expr, $conn:ident => $query:expr) => {
        match $link {
            $crate::store::Link::Sqlite($conn, soundness) => $query.map_err(|error| soundness.note(error)),
            $crate::store::Link::Postgres($conn) => $query.map_err($crate::store::StoreError::from),
        }
    };
}
pub(crate) use on;

/// Runs a statement that writes on a [`Linked`], and says how many rows it changed.
macro_rules! change {
    ($linked:expr, $query:expr) => {
        $crate::store::on!($linked.link(), conn => $query.execute(conn).await.map(|done| done.rows_affected()))
    };
}
pub(crate) use change;

/// Runs a statement that must change one row. Anything else is a [`StoreError`].
macro_rules! change_one {
    ($linked:expr, $query:expr) => {
        $crate::store::change!($linked, $query).and_then($crate::store::StoreError::unless_one)
    };
}
pub(crate) use change_one;

/// The values of so many rows of so many columns, as one statement takes them: `($1, $2), ($3, $4)`. Each statement costs a trip to the
/// database, which takes longer than writing a row.
pub(crate) fn rows_of(rows: usize, columns: usize) -> String {
    rows_behind(0, rows, columns)
}

fn rows_behind(before: usize, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { "), (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            text.push_str(&format!("{comma}${}", before + row * columns + column));
        }
    }
    text.push(')');
    text
}

/// Runs a statement that writes several rows, which follow in `VALUES`: each row's values are bound in the order of the columns. All of them
/// must be written; anything else is a [`StoreError`].
macro_rules! insert_all {
    ($linked:expr, $begins:expr, $columns:expr, $rows:expr, |$query:ident, $row:ident| $bound:expr) => {{
        let rows = $rows;
        let places = $linked.link().places(0, rows.len(), $columns);
        let text = format!("{} VALUES {places}", $begins);
        let written = $crate::store::on!($linked.link(), conn => {
            let mut $query = sqlx::query(sqlx::AssertSqlSafe(text));
            for $row in rows {
                $query = $bound;
            }
            $query.execute(conn).await.map(|done| done.rows_affected())
        })?;
        $crate::store::StoreError::unless(written, rows.len() as u64)
    }};
}
pub(crate) use insert_all;

/// The rows that a statement finds for several ids, which it takes first, one place each ([`rows_of`]); what else it takes follows them.
macro_rules! fetch_of {
    ($linked:expr, $text:expr, $ids:expr $(, $more:expr)*) => {{
        let text: String = $text;
        $crate::store::on!($linked.link(), conn => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text));
            for id in $ids {
                query = query.bind(id);
            }
            $(query = query.bind($more);)*
            query.fetch_all(conn).await
        })
    }};
}
pub(crate) use fetch_of;

/// What queries can run on: a [`Conn`] or a [`Tx`].
pub(crate) trait Linked: Send {
    fn link(&mut self) -> Link<'_>;

    /// Whether what is read is committed. Inside a transaction it may be undone, and then nobody else may be told of it.
    fn reads_committed(&self) -> bool;
}

impl Linked for Conn {
    fn reads_committed(&self) -> bool {
        true
    }

    fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(reader) => {
                let (conn, soundness) = reader.parts();
                Link::Sqlite(conn, soundness)
            }
            Self::Postgres(conn) => Link::Postgres(conn),
        }
    }
}

impl Linked for Tx {
    fn reads_committed(&self) -> bool {
        false
    }

    fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(tx, soundness) => Link::Sqlite(tx, soundness),
            Self::Postgres(tx, _) => Link::Postgres(tx),
        }
    }
}

impl Tx {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(..))
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx, soundness) => tx.commit().await.map_err(|error| soundness.note(error))?,
            Self::Postgres(tx, turn) => {
                tx.commit().await?;
                drop(turn);
            }
        }
        Ok(())
    }
}
