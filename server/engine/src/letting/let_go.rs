use std::collections::BTreeMap;

use audit::{Fact, PartKind, digest_of_text, to_canonical};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    engine::Engine,
    log::{Act, GoneRow, Row, Said, WHOLE, ranges, read_gone},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change_one, insert_all},
};

/// What of the log a transaction has deleted.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// The numbers of the leaves that nothing opens any more.
    pub leaves: Vec<i64>,
    /// Of others, the parts that are gone, by kind.
    pub parts: BTreeMap<PartKind, Vec<i64>>,
}

impl Gone {
    /// How many parts they are.
    pub(super) fn count_parts(&self) -> usize {
        self.parts.values().map(Vec::len).sum()
    }
}

const INSERT_ERASURE: &str = "INSERT INTO erasure (id, basis, leaves, parts, sha256, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const INSERT_GONE: &str = "INSERT INTO log_gone (kind, first, last, erasure_id)";

impl Engine {
    /// Records an erasure with what it has deleted of the log, and gives the act that says so. The digest in it is of the whole list; so whoever
    /// calls it holds the lock on people alone, and one list follows another.
    pub(super) async fn record_erasure(
        &self,
        tx: &mut Tx,
        id: Uuid,
        basis: &'static str,
        gone: &Gone,
        (now, by): (DateTime<Utc>, Actor),
    ) -> Result<Act, StoreError> {
        let unreadable = || StoreError::unreadable("what is gone of the log");
        let (leaves, parts) = (gone.leaves.len() as u64, gone.count_parts() as u64);
        let whole = ranges(gone.leaves.clone()).into_iter().map(|(first, last)| (WHOLE.to_owned(), first, last));
        let of_parts = gone.parts.iter().flat_map(|(kind, numbers)| {
            ranges(numbers.clone()).into_iter().map(|(first, last)| (kind.name().to_owned(), first, last))
        });
        let going: Vec<GoneRow> = whole.chain(of_parts).collect();
        let list = read_gone(tx, &going).await?.unwrap_or_default();
        let sha256 = digest_of_text(&to_canonical(&list).map_err(|_| unreadable())?);
        let signed = |number: u64| i64::try_from(number).map_err(|_| unreadable());
        change_one!(
            tx,
            sqlx::query(INSERT_ERASURE)
                .bind(id)
                .bind(basis)
                .bind(signed(leaves)?)
                .bind(signed(parts)?)
                .bind(sha256.to_hex())
                .bind(now)
                .bind(by.to_string())
        )?;
        for some in going.chunks(5_000) {
            insert_all!(tx, INSERT_GONE, 4, some, |query, row| query.bind(&row.0).bind(row.1).bind(row.2).bind(id))?;
        }
        let fact = Fact::Erased { basis: basis.to_owned(), leaves, parts, sha256 };
        Ok(self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("erasure", id)))
    }
}
