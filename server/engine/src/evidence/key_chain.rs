use audit::{Entry, KeyChain, PinnedKey, Proof};

use super::export_log::find_checkpoint;
use crate::{
    log::{Origins, prove_leaves, read_leaves, read_openings},
    store::{Conn, Linked as _, StoreError, on},
};

const FIND_HANDOVERS: &str = "SELECT number FROM log_row WHERE kind = 'key' AND number < $1 \
     AND number > (SELECT COALESCE(MAX(r.number), -1) FROM log_row r WHERE r.kind = 'restored') ORDER BY number";

fn unreadable() -> StoreError {
    StoreError::unreadable("entry of a key")
}

/// The numbers of the entries below a size by which one key of the log handed over to the next, since the log was last gone on with from a copy.
async fn find_handovers(conn: &mut Conn, size: u64) -> Result<Vec<u64>, StoreError> {
    let size = i64::try_from(size).map_err(|_| unreadable())?;
    let numbers: Vec<i64> =
        on!(conn.link(), conn => sqlx::query_scalar(FIND_HANDOVERS).bind(size).fetch_all(conn).await)?;
    numbers.into_iter().map(|number| u64::try_from(number).map_err(|_| unreadable())).collect()
}

/// These entries as an extract brings them along: each proved by the head behind it, without who did it.
pub(crate) async fn handover_entries(conn: &mut Conn, origins: &Origins, size: u64) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    for number in find_handovers(conn, size).await? {
        let from = i64::try_from(number).map_err(|_| unreadable())?;
        let hashes = prove_leaves(conn, &[number], number + 1).await?.pop().ok_or_else(unreadable)?;
        let leaf = read_leaves(conn, from, from + 1).await?.pop().ok_or_else(unreadable)?;
        let mut opened = read_openings(conn, origins, from, from + 1).await?.pop().ok_or_else(unreadable)?.opened;
        opened.parts.clear();
        let checkpoint = find_checkpoint(conn, number + 1).await?.ok_or_else(unreadable)?;
        entries.push(Entry { leaf, opened, proof: Proof { number, hashes, checkpoint }.to_string() });
    }
    Ok(entries)
}

/// The keys of the log in their order, with these entries.
pub(super) fn chain_of(key: &str, entries: &[Entry]) -> Result<KeyChain, StoreError> {
    let key = PinnedKey::parse(key).map_err(|_| unreadable())?;
    KeyChain::of_entries(&key, entries).map_err(|_| unreadable())
}
