use sqlx::{Error, error::DatabaseError};

/// Why the signed log took nothing, so that nothing was saved. Reading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsealed {
    /// This process does not have the log's key.
    #[error(
        "the key of the signed log is not here: copy it into this server's data folder from where the others have it, or see that its \
         file can be read"
    )]
    NoKey,
    /// This process has a key of the log that another has followed.
    #[error(
        "another key signs the log by now: copy the new one into this server's data folder from where it was made, in place of the former"
    )]
    FormerKey,
    /// The clock is behind the last entry of the log.
    #[error(
        "the clock is {} behind the last entry of the signed log: set it right; if it is right, say so: induct audit accept-clock", in_words(*.0)
    )]
    ClockBehind(i64),
    /// The clock is far ahead of the last entry of the log.
    #[error(
        "the clock is {} ahead of the last entry of the signed log: set it right; if it is right, because nobody did anything for so long, \
         say so: induct audit accept-clock; the setting clock_limit_days bears longer pauses", in_words(*.0)
    )]
    ClockAhead(i64),
    /// What was decided waited for more than a minute for its entry, which would be called a fault for ever.
    #[error("it took more than a minute to save it: try again")]
    HeldTooLong,
    /// The database is behind the log that this process or its state file has seen, or is another one.
    #[error(
        "the database is behind the signed log that this server has seen: it is an older copy, and nothing is added to it"
    )]
    RolledBack,
}

/// What keeps Induct from saving or reading, as far as whoever looks after it can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room left to write. Nothing was written; reading goes on.
    Full,
    /// It may only be read. Nothing was written; reading goes on.
    ReadOnly,
    /// It does not answer, not in time, or its file is gone. What was being written at that moment may be lost or kept.
    OutOfReach,
    /// The signed log takes nothing. Nothing was written; reading goes on.
    Unsealed(Unsealed),
}

/// A stretch of time as people say it: in whole days, hours or minutes where it is long.
fn in_words(seconds: i64) -> String {
    let (count, unit) = match seconds.abs() {
        172_800.. => (seconds.abs() / 86_400, "days"),
        7_200.. => (seconds.abs() / 3_600, "hours"),
        120.. => (seconds.abs() / 60, "minutes"),
        seconds => (seconds, "seconds"),
    };
    format!("{count} {unit}")
}

impl Trouble {
    /// `None`: the statement was at fault, or what it found.
    pub(super) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::WorkerCrashed => Some(Self::OutOfReach),
            Error::Database(error) => Self::of_code(error.as_ref()),
            _ => None,
        }
    }

    fn of_code(error: &dyn DatabaseError) -> Option<Self> {
        let code = error.code()?;
        if let Some(code) = sqlite_code(error) {
            return match (code & 0xff, code) {
                (SQLITE_FULL, _) => Some(Self::Full),
                (_, SQLITE_READONLY_DBMOVED) => Some(Self::OutOfReach),
                (SQLITE_READONLY, _) => Some(Self::ReadOnly),
                (SQLITE_BUSY | SQLITE_IOERR | SQLITE_CANTOPEN | SQLITE_CORRUPT | SQLITE_NOTADB, _) => {
                    Some(Self::OutOfReach)
                }
                _ => None,
            };
        }
        match &*code {
            "53100" => Some(Self::Full),
            "25006" => Some(Self::ReadOnly),
            // A limit of time was reached, or there are too many connections.
            "55P03" | "57014" | "25P03" | "53300" => Some(Self::OutOfReach),
            // Connections that fail, and servers that are stopped or about to start.
            code if code.starts_with("08") || code.starts_with("57P") => Some(Self::OutOfReach),
            _ => None,
        }
    }
}

/// Whether a connection must not be lent again after this: anything but what a sound connection says of a statement or a row.
pub(super) fn spoils(error: &Error) -> bool {
    match error {
        Error::Database(error) => sqlite_code(error.as_ref()).is_none_or(|code| code & 0xff != SQLITE_CONSTRAINT),
        Error::RowNotFound | Error::ColumnDecode { .. } | Error::Decode(_) | Error::Encode(_) => false,
        _ => true,
    }
}

/// Whether another process writes to SQLite's file.
pub(super) fn is_busy(error: &Error) -> bool {
    let Error::Database(error) = error else { return false };
    sqlite_code(error.as_ref()).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_NOTADB: u32 = 26;
const SQLITE_READONLY_DBMOVED: u32 = 1032;

/// SQLite's extended result code. `None`: another database said it.
fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    error.code()?.parse().ok()
}
