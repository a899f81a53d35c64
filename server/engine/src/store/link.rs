use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use super::{StoreError, readers::Reader};
use crate::ground::PersonId;

/// A connection to read with.
pub(crate) enum Conn {
    Sqlite(Reader),
    Postgres(PoolConnection<Postgres>),
}

/// A transaction to write in. It is undone unless it is committed.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// What a query runs on, whether it reads alone or inside a transaction.
pub(crate) enum Link<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one query text on whichever database a [`Link`] leads to; each arm keeps its concrete types. A failure is a [`StoreError`].
macro_rules! on {
    ($link:expr, $conn:ident => $query:expr) => {
        match $link {
            $crate::store::Link::Sqlite($conn) => $query.map_err($crate::store::StoreError::from),
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
            Self::Sqlite(conn) => Link::Sqlite(conn),
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
            Self::Sqlite(tx) => Link::Sqlite(tx),
            Self::Postgres(tx) => Link::Postgres(tx),
        }
    }
}

const LOCK_PERSON: &str = "SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE";

const LOCK_PUBLISHING: &str = "SELECT pg_advisory_xact_lock(4672)";

const HOLD_OFF_PUBLISHING: &str = "SELECT pg_advisory_xact_lock_shared(4672)";

const LOCK_PEOPLE: &str = "SELECT pg_advisory_xact_lock(4675)";

const LOCK_COUNTING_FAILURES: &str = "SELECT pg_advisory_xact_lock(4673)";

impl Tx {
    /// Lets nobody else write for this person until the transaction ends, so that what was read still holds when it is
    /// written. SQLite has one writer at a time anyway.
    pub(crate) async fn lock_person(&mut self, person: PersonId) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query(LOCK_PERSON).bind(person).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else add people or change the tree of groups until the transaction ends.
    pub(crate) async fn lock_people(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query(LOCK_PEOPLE).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else publish until the transaction ends.
    pub(crate) async fn lock_publishing(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query(LOCK_PUBLISHING).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody publish until the transaction ends, so that what it found to be current is so when it is committed.
    /// Others may hold publishing off at the same time.
    pub(crate) async fn hold_off_publishing(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query(HOLD_OFF_PUBLISHING).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else count and note failures to sign in until the transaction ends.
    pub(crate) async fn lock_counting_failures(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query(LOCK_COUNTING_FAILURES).execute(&mut **tx).await?;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
