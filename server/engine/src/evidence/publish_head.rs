use std::sync::{Mutex, PoisonError};

use audit::{Hash, Leaf};
use chrono::{DateTime, TimeDelta, Utc};

use super::{cosign_head::with_cosignatures, export_log::find_checkpoint};
use crate::{
    engine::{Engine, Looked, Refused},
    log::{find_head, read_leaves, read_tile_hashes},
    store::{Conn, Linked as _, StoreError, on},
};

/// A tile of the tree of the signed log, as `c2sp.org/tlog-tiles` counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TilePlace {
    /// 0: hashes of leaves; 1: roots of full tiles of these; and so on.
    pub level: u8,
    /// Counted from 0 within the level.
    pub place: u64,
    /// How many hashes are asked for: 1 to 256, which is a full tile.
    pub width: u16,
}

/// How the head stands that everybody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedStands {
    /// How many entries it has.
    pub size: u64,
    /// When the last of these was added.
    pub sealed_at: DateTime<Utc>,
    /// Since when it is looked at as the newest that everybody may see: when the last of the stretches began into which time is divided. Where time is not
    /// divided, when the last entry was added.
    pub published_at: DateTime<Utc>,
    /// When the next stretch begins. `None`: time is not divided, and each head is published at once.
    pub next_at: Option<DateTime<Utc>>,
}

/// How many hashes a full tile has.
const FULL: u16 = 256;

/// No log has tiles above this level.
const HIGHEST_LEVEL: u8 = 7;

/// So many seconds after a stretch began, nothing is appended any more that is dated before.
const SETTLED: i64 = 60;

/// Where the last stretch began for which the head was looked for, and its size: nobody looks for it twice.
#[derive(Default)]
struct Found(Mutex<Option<(i64, u64)>>);

const FIRST_CHECKPOINT: &str = "SELECT size, note FROM log_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1";

/// The size that the log had when its database had been filled with demonstration people.
const FIND_FILLED: &str = "SELECT value FROM installation WHERE name = 'published'";

impl Engine {
    /// The head of the signed log that everybody may see: the one that it had when the last of the stretches began into which time is
    /// divided, the same on every server, with what witnesses cosigned of it. Until there is one, the very first, or, of a demonstration, the one with
    /// which it began. `None`: there is no log, or it is empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn published_head(&self, every: TimeDelta) -> Result<Option<String>, StoreError> {
        let mut conn = self.store.read().await?;
        match self.published(&mut conn, every).await? {
            Some((size, note)) => with_cosignatures(&mut conn, size, note).await.map(Some),
            None => Ok(None),
        }
    }

    /// How the head stands that [`Engine::published_head`] gives. `None`: there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn published_stands(&self, every: TimeDelta) -> Result<Option<PublishedStands>, StoreError> {
        let mut conn = self.store.read().await?;
        let Some((size, _)) = self.published(&mut conn, every).await? else { return Ok(None) };
        let Some(last) = size.checked_sub(1) else { return Ok(None) };
        let leaf = read_leaves(&mut conn, signed(last)?, signed(size)?).await?.pop().ok_or_else(unreadable)?;
        let leaf = Leaf::parse(leaf.as_bytes()).map_err(|_| unreadable())?;
        let moment = |seconds: i64| DateTime::from_timestamp(seconds, 0).ok_or_else(unreadable);
        let sealed_at = moment(i64::try_from(leaf.appended_at).map_err(|_| unreadable())?)?;
        let stands = match every.num_seconds() {
            ..=0 => PublishedStands { size, sealed_at, published_at: sealed_at, next_at: None },
            every => {
                let began = self.clock.now().timestamp().div_euclid(every) * every;
                PublishedStands { size, sealed_at, published_at: moment(began)?, next_at: Some(moment(began + every)?) }
            }
        };
        Ok(Some(stands))
    }

    /// The hashes of a tile, up to the head that everybody may see.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such tile, or it is not so full.
    pub async fn published_tile(&self, tile: TilePlace, every: TimeDelta) -> Looked<Vec<u8>> {
        let mut conn = self.store.read().await?;
        let (first, end) = self.stretch(&mut conn, tile, every).await?;
        let hashes: Vec<Hash> = read_tile_hashes(&mut conn, tile.level, first, end).await?;
        Ok(hashes.iter().flat_map(|hash| hash.0).collect())
    }

    /// The leaves of a tile of level 0 as a bundle of entries: each with its length before it in two bytes.
    ///
    /// # Errors
    /// As [`Engine::published_tile`].
    pub async fn published_entries(&self, place: u64, width: u16, every: TimeDelta) -> Looked<Vec<u8>> {
        let mut conn = self.store.read().await?;
        let (first, end) = self.stretch(&mut conn, TilePlace { level: 0, place, width }, every).await?;
        let mut bundle = Vec::new();
        for leaf in read_leaves(&mut conn, signed(first)?, signed(end)?).await? {
            let length = u16::try_from(leaf.len()).map_err(|_| StoreError::unreadable("leaf of the log"))?;
            bundle.extend_from_slice(&length.to_be_bytes());
            bundle.extend_from_slice(leaf.as_bytes());
        }
        Ok(bundle)
    }

    /// The first hash of a tile among those of its level, and the one after its last.
    async fn stretch(&self, conn: &mut Conn, tile: TilePlace, every: TimeDelta) -> Looked<(u64, u64)> {
        let TilePlace { level, place, width } = tile;
        let (size, _) = self.published(conn, every).await?.ok_or(Refused::NotFound)?;
        if level > HIGHEST_LEVEL || !(1..=FULL).contains(&width) {
            return Err(Refused::NotFound);
        }
        let there = size >> (8 * u32::from(level));
        let first = place.checked_mul(u64::from(FULL)).ok_or(Refused::NotFound)?;
        let end = first.checked_add(u64::from(width)).filter(|end| *end <= there).ok_or(Refused::NotFound)?;
        Ok((first, end))
    }

    /// The size of the head that everybody may see, and its note.
    pub(super) async fn published(
        &self,
        conn: &mut Conn,
        every: TimeDelta,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let Some(head) = find_head(conn, 0).await? else { return Ok(None) };
        let now = self.clock.now().timestamp();
        let size = match every.num_seconds() {
            ..=0 => head.size(),
            every => {
                let began = now.div_euclid(every) * every;
                let found = self.keeps.of::<Found>();
                let kept = *found.0.lock().unwrap_or_else(PoisonError::into_inner);
                match kept {
                    Some((of, size)) if of == began => size,
                    _ => {
                        let before = leaves_before(conn, head.size(), began).await?;
                        let size = before.max(filled(conn).await?).min(head.size());
                        // What was decided before may still be on its way, and be dated before.
                        if now >= began + SETTLED {
                            *found.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((began, size));
                        }
                        size
                    }
                }
            }
        };
        if let Some(note) = find_checkpoint(conn, size).await? {
            return Ok(Some((size, note)));
        }
        let first: Option<(i64, String)> =
            on!(conn.link(), conn => sqlx::query_as(FIRST_CHECKPOINT).bind(1_i64).fetch_optional(conn).await)?;
        first.map(|(size, note)| Ok((u64::try_from(size).map_err(|_| unreadable())?, note))).transpose()
    }
}

/// How many leaves the log had when its database had been filled with demonstration people: all of them are of one hour, and whoever tries an
/// inspection would find nobody below the first head. Otherwise none.
async fn filled(conn: &mut Conn) -> Result<u64, StoreError> {
    let size: Option<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_FILLED).fetch_optional(conn).await)?;
    size.map_or(Ok(0), |size| size.parse().map_err(|_| unreadable()))
}

fn unreadable() -> StoreError {
    StoreError::unreadable("head of the log")
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| unreadable())
}

/// How many leaves were appended before a moment, in seconds since 1970. Their time never goes back, and those that were written together have
/// the same, so a head was signed at that size.
pub(crate) async fn leaves_before(conn: &mut Conn, size: u64, moment: i64) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low + (high - low) / 2;
        let leaf = read_leaves(conn, signed(middle)?, signed(middle + 1)?).await?.pop().ok_or_else(unreadable)?;
        let leaf = Leaf::parse(leaf.as_bytes()).map_err(|_| unreadable())?;
        if i64::try_from(leaf.appended_at).is_ok_and(|at| at < moment) { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
