//! The database: SQLite by default, PostgreSQL for several nodes, one SQL text for both.
//!
//! Queries stand beside the verbs that run them. What is here is only what differs between the two: opening, migrating,
//! beginning to write, what keeps writers apart, and [`on!`], which runs one text on whichever it is.

mod compare_schema;
mod copy;
mod file;
mod filling;
mod link;
mod locks;
mod open;
mod pool;
mod readers;
mod ready;
mod script;
mod trouble;
mod turns;

pub use compare_schema::{Altered, How};
pub use copy::CopyError;
pub(crate) use copy::{Snapshot, fill_postgres, mark_restoring};
pub(crate) use file::make_private;
pub(crate) use link::{Conn, Link, Linked, Tx, change, change_one, fetch_of, insert_all, on, rows_of};
pub use open::OpenError;
pub(crate) use open::path_of_sqlite;
pub use pool::Store;
pub(crate) use script::{Column, Script, Value};
pub use trouble::{Trouble, Unsealed};

/// Nothing could be read or saved: the database is out of reach, full, or refused, or the signed log takes nothing. Its text is for the
/// server's log, never for people.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(#[from] Failure);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("nothing was saved: {0}")]
    Unsealed(#[from] Unsealed),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self(error.into())
    }
}

impl From<Unsealed> for StoreError {
    fn from(unsealed: Unsealed) -> Self {
        Self(unsealed.into())
    }
}

impl StoreError {
    /// What whoever looks after this installation can mend. `None`: nothing that is known.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match &self.0 {
            Failure::Database(error) => Trouble::of(error),
            Failure::Unsealed(unsealed) => Some(Trouble::Unsealed(*unsealed)),
        }
    }

    /// It did not answer in time, or what answers is not what was opened.
    pub(crate) fn out_of_reach(why: &'static str) -> Self {
        sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::NotConnected, why)).into()
    }

    /// A stored value that cannot be what the code wrote: the row was changed from outside or by another version.
    pub(crate) fn unreadable(what: &'static str) -> Self {
        sqlx::Error::Decode(format!("unreadable {what}").into()).into()
    }

    /// Whether a stored value was found that cannot be what the code wrote. The database itself works.
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self.0, Failure::Database(sqlx::Error::Decode(_)))
    }

    /// A statement that must change one row has changed another number of them.
    pub(crate) fn unless_one(changed: u64) -> Result<(), Self> {
        Self::unless(changed, 1)
    }

    /// The same for so many rows.
    pub(crate) fn unless(changed: u64, rows: u64) -> Result<(), Self> {
        if changed == rows {
            Ok(())
        } else {
            Err(sqlx::Error::Protocol(format!("{changed} rows were changed, not {rows}")).into())
        }
    }
}
