use audit::{Frontier, Hash};
use chrono::{DateTime, Utc};

use super::begin_log::Seen;
use crate::store::{Linked, StoreError, Tx, on};

/// Where the log stands.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub origin: String,
    /// The public half of its key, as notes write it.
    pub public_key: String,
    pub(super) frontier: Frontier,
    /// In seconds since 1970.
    pub(super) appended_at: i64,
    pub(super) clock_at: i64,
    /// The root that the log had at the size that was asked about. `None`: no head was signed at that size.
    pub(super) root_then: Option<String>,
}

impl Head {
    /// How many leaves there are.
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of its tree.
    pub(super) fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// When the last leaf was appended. `None`: there is none.
    pub(crate) fn sealed_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.appended_at, 0).filter(|_| self.size() > 0)
    }

    /// What the clock said when the last leaf was appended. `None`: there is none.
    pub(super) fn last_clock(&self) -> Option<i64> {
        (self.size() > 0).then_some(self.clock_at)
    }
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    origin: String,
    public_key: String,
    size: i64,
    frontier: String,
    appended_at: i64,
    clock_at: i64,
    root_then: Option<String>,
}

impl TryFrom<HeadRow> for Head {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::unreadable("head of the log");
        let roots = hashes_of(&row.frontier).ok_or_else(unreadable)?;
        let size = u64::try_from(row.size).map_err(|_| unreadable())?;
        Ok(Self {
            origin: row.origin,
            public_key: row.public_key,
            frontier: Frontier::from_roots(size, roots).ok_or_else(unreadable)?,
            appended_at: row.appended_at,
            clock_at: row.clock_at,
            root_then: row.root_then,
        })
    }
}

macro_rules! read_head {
    () => {
        "SELECT h.origin, h.public_key, h.size, h.frontier, h.appended_at, h.clock_at, \
           (SELECT c.root FROM log_checkpoint c WHERE c.size = $1) AS root_then \
         FROM log_head h WHERE h.id = 1"
    };
}

const READ_HEAD: &str = read_head!();

/// Whoever waits for it reads it as it is when the wait is over.
const LOCK_HEAD: &str = concat!(read_head!(), " FOR UPDATE OF h");

/// Where the log stands, and the root that it had when it had `then` leaves. `None`: there is no log yet.
pub(crate) async fn find_head(on_what: &mut impl Linked, then: u64) -> Result<Option<Head>, StoreError> {
    let then = signed(then);
    let row: Option<HeadRow> =
        on!(on_what.link(), conn => sqlx::query_as(READ_HEAD).bind(then).fetch_optional(conn).await)?;
    row.map(Head::try_from).transpose()
}

const FIND_NOTE: &str = "SELECT note FROM log_checkpoint WHERE size = $1 AND root = $2";

/// A head that was signed, as a note. `None`: the database has none such.
pub(super) async fn find_note(on_what: &mut impl Linked, seen: &Seen) -> Result<Option<String>, StoreError> {
    let size = signed(seen.size);
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_NOTE).bind(size).bind(&seen.root).fetch_optional(conn).await)
}

/// The same, and nobody else appends until the transaction ends.
pub(super) async fn lock_head(tx: &mut Tx, then: u64) -> Result<Option<Head>, StoreError> {
    let text = if tx.is_sqlite() { READ_HEAD } else { LOCK_HEAD };
    let row: Option<HeadRow> =
        on!(tx.link(), conn => sqlx::query_as(text).bind(signed(then)).fetch_optional(conn).await)?;
    row.map(Head::try_from).transpose()
}

/// Hashes as the tables have them, one after the other.
pub(super) fn hashes_of(text: &str) -> Option<Vec<Hash>> {
    let bytes = hex::decode(text).ok()?;
    let hashes = bytes.chunks(32).map(|hash| Some(Hash(hash.try_into().ok()?)));
    hashes.collect()
}

pub(super) fn text_of<'h>(hashes: impl IntoIterator<Item = &'h Hash>) -> String {
    hashes.into_iter().map(|hash| hex::encode(hash.0)).collect()
}

/// A number as the databases keep it.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
