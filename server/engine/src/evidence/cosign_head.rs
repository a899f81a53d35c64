use std::collections::BTreeMap;

use audit::{Hash, Witness};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;

use super::export_log::find_checkpoint;
use crate::{
    engine::Engine,
    log::{find_head, prove_growth},
    store::{Conn, Linked as _, StoreError, change_one, on},
};

/// A head of the log that a witness is to cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedCosignature {
    /// How many entries the log has there.
    pub size: u64,
    /// What the witness is asked (`c2sp.org/tlog-witness`, `add-checkpoint`): the head, and that it goes on from the one that they saw last.
    pub request: String,
    note: String,
}

/// Why a witness cannot be asked, or what it answered is not kept. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// It saw more of this log than there is.
    #[error(
        "the witness has seen this log with {seen} entries, and there are only {here}: the database may be a copy that was put back"
    )]
    Ahead {
        /// How many entries it had there.
        seen: u64,
        /// How many it has here.
        here: u64,
    },
    /// It answered without its cosignature of that head.
    #[error(
        "the witness answered without its cosignature of that head: its key may be another than the one that is set"
    )]
    NotCosigned,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_LAST: &str = "SELECT size FROM cosignature WHERE witness = $1 ORDER BY size DESC LIMIT 1";

const INSERT_COSIGNATURE: &str =
    "INSERT INTO cosignature (size, witness, line, cosigned_at, recorded_at) VALUES ($1, $2, $3, $4, $5)";

const FIND_LINES: &str = "SELECT line FROM cosignature WHERE size = $1 ORDER BY witness";

const FIND_LAST_COSIGNED: &str =
    "SELECT size FROM cosignature WHERE size >= $1 AND size <= $2 ORDER BY size DESC LIMIT 1";

/// Each head of so many ($1) to so many ($2) leaves that a witness cosigned, each behind which a key handed over, and the one of $2; with each line of a
/// witness.
const EVERY_HEAD: &str = "SELECT k.size, k.note, c.line FROM log_checkpoint k LEFT JOIN cosignature c ON c.size = k.size \
     WHERE k.size IN (SELECT size FROM cosignature WHERE size >= $1 AND size <= $2 \
     UNION SELECT number + 1 FROM log_row WHERE kind = 'key' AND number + 1 >= $1 AND number < $2 \
     UNION SELECT size FROM log_checkpoint WHERE size = $2) ORDER BY k.size, c.witness";

/// The size of a head, its note, and a line that a witness cosigned, if one did.
type HeadRow = (i64, String, Option<String>);

impl Engine {
    /// The head of which a witness is to be asked now: the one that everybody may see (`every` as in [`Engine::published_head`]). `knows`: how
    /// many entries the log had in the head that the witness cosigned last, where it said so. `None`: it has cosigned this one, or one that
    /// is newer.
    ///
    /// # Errors
    /// [`CosignError::Ahead`] when it knows more than there is; [`CosignError::Internal`] when the database fails.
    pub async fn wanted_cosignature(
        &self,
        witness: &Witness,
        every: TimeDelta,
        knows: Option<u64>,
    ) -> Result<Option<WantedCosignature>, CosignError> {
        let mut conn = self.store.read().await?;
        let Some((size, note)) = self.published(&mut conn, every).await? else { return Ok(None) };
        let kept: Option<i64> = on!(conn.link(), conn => sqlx::query_scalar(FIND_LAST)
            .bind(witness.name()).fetch_optional(conn).await)?;
        let kept = kept.and_then(|kept| u64::try_from(kept).ok());
        if kept == Some(size) {
            return Ok(None);
        }
        let before = match knows {
            Some(seen) if seen > size => {
                let here = find_head(&mut conn, 0).await?.map_or(0, |head| head.size());
                return if seen > here { Err(CosignError::Ahead { seen, here }) } else { Ok(None) };
            }
            Some(seen) => seen,
            None => kept.filter(|kept| *kept < size).unwrap_or_default(),
        };
        let proof = prove_growth(&mut conn, before, size).await?;
        Ok(Some(WantedCosignature { size, request: request(before, &proof, &note), note }))
    }

    /// Keeps the cosignature of a head in what a witness answered. It is no entry of the log: who it is from shows by itself, and with each there would
    /// be another head to be cosigned.
    ///
    /// # Errors
    /// [`CosignError`]; nothing has been written.
    pub async fn keep_cosignature(
        &self,
        wanted: &WantedCosignature,
        answer: &str,
        witness: &Witness,
    ) -> Result<(), CosignError> {
        let unreadable = || StoreError::unreadable("head of the log");
        let (at, line) = witness.line_in(&wanted.note, answer).ok_or(CosignError::NotCosigned)?;
        let at = i64::try_from(at).ok().and_then(|at| DateTime::<Utc>::from_timestamp(at, 0));
        let at = at.ok_or(CosignError::NotCosigned)?;
        let size = i64::try_from(wanted.size).map_err(|_| unreadable())?;
        let mut tx = self.store.write().await?;
        change_one!(
            tx,
            sqlx::query(INSERT_COSIGNATURE).bind(size).bind(witness.name()).bind(line).bind(at).bind(self.clock.now())
        )?;
        tx.commit().await?;
        tracing::info!(size, "a witness cosigned a head of the log");
        Ok(())
    }
}

/// What `add-checkpoint` is asked with.
fn request(before: u64, proof: &[Hash], note: &str) -> String {
    let proof: String = proof.iter().map(|hash| format!("{}\n", BASE64_STANDARD.encode(hash.0))).collect();
    format!("old {before}\n{proof}\n{note}")
}

/// The head that was signed when the log had so many leaves, with what witnesses cosigned of it. `None`: it never was.
pub(super) async fn find_cosigned(conn: &mut Conn, size: u64) -> Result<Option<String>, StoreError> {
    match find_checkpoint(conn, size).await? {
        Some(note) => with_cosignatures(conn, size, note).await.map(Some),
        None => Ok(None),
    }
}

/// The note of a head of that size, with what witnesses cosigned of it.
pub(super) async fn with_cosignatures(conn: &mut Conn, size: u64, note: String) -> Result<String, StoreError> {
    let size = i64::try_from(size).map_err(|_| StoreError::unreadable("head of the log"))?;
    let lines: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_LINES).bind(size).fetch_all(conn).await)?;
    Ok(note + &lines.concat())
}

/// The heads that whoever checks the whole log needs, by their sizes, among those of so many to so many leaves: those that a witness cosigned, with
/// what it cosigned, those behind which a key handed over, and the last. There may be one for each hour of years: they are asked for at once, and nothing
/// is kept of them but what is given.
pub(super) async fn find_heads(
    conn: &mut Conn,
    at_least: u64,
    at_most: u64,
) -> Result<BTreeMap<u64, String>, StoreError> {
    let unreadable = || StoreError::unreadable("head of the log");
    let signed = |size: u64| i64::try_from(size).map_err(|_| unreadable());
    let (at_least, at_most) = (signed(at_least)?, signed(at_most)?);
    let mut heads: BTreeMap<i64, String> = BTreeMap::new();
    on!(conn.link(), conn => async {
        let mut rows = sqlx::query_as::<_, HeadRow>(EVERY_HEAD).bind(at_least).bind(at_most).fetch(conn);
        while let Some((size, note, line)) = rows.try_next().await? {
            heads.entry(size).or_insert(note).push_str(&line.unwrap_or_default());
        }
        Ok::<(), sqlx::Error>(())
    }
    .await)?;
    heads.into_iter().map(|(size, note)| Ok((u64::try_from(size).map_err(|_| unreadable())?, note))).collect()
}

/// The size of the newest head that a witness cosigned among those of so many to so many leaves.
pub(super) async fn find_last_cosigned(
    conn: &mut Conn,
    at_least: u64,
    at_most: u64,
) -> Result<Option<u64>, StoreError> {
    let signed = |size: u64| i64::try_from(size).map_err(|_| StoreError::unreadable("head of the log"));
    let (at_least, at_most) = (signed(at_least)?, signed(at_most)?);
    let size: Option<i64> = on!(conn.link(), conn => sqlx::query_scalar(FIND_LAST_COSIGNED)
        .bind(at_least).bind(at_most).fetch_optional(conn).await)?;
    Ok(size.and_then(|size| u64::try_from(size).ok()))
}
