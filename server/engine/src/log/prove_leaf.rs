use std::collections::BTreeMap;

use audit::{Hash, Place, hashes_to_prove, hashes_to_prove_growth, joined, prove_growth_with, prove_leaf_with};

use super::head::{hashes_of, signed};
use crate::store::{Linked, StoreError, on};

/// How many times two are joined in a tile of 256.
const TILE: u8 = 8;

const FIND_LEAF_HASHES: &str = "SELECT hash FROM log_leaf WHERE number >= $1 AND number < $2 ORDER BY number";

const FIND_TILE_ROOTS: &str =
    "SELECT root FROM log_tile WHERE level = $1 AND place >= $2 AND place < $3 ORDER BY place";

/// What shows that leaves are in the log when it has so many, in their order.
pub(crate) async fn prove_leaves(
    on_what: &mut impl Linked,
    numbers: &[u64],
    size: u64,
) -> Result<Vec<Vec<Hash>>, StoreError> {
    let unreadable = || StoreError::unreadable("tree of the signed log");
    let mut proofs = Vec::with_capacity(numbers.len());
    for number in numbers {
        let places = hashes_to_prove(*number, size).ok_or_else(unreadable)?;
        let hashes = read_hashes(on_what, &places).await?;
        proofs.push(prove_leaf_with(*number, size, &hashes).ok_or_else(unreadable)?);
    }
    Ok(proofs)
}

/// What shows that the log with so many leaves went on from the one with `before`, for whoever knows the root of both.
pub(crate) async fn prove_growth(on_what: &mut impl Linked, before: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
    let unreadable = || StoreError::unreadable("tree of the signed log");
    let places = hashes_to_prove_growth(before, size).ok_or_else(unreadable)?;
    let hashes = read_hashes(on_what, &places).await?;
    prove_growth_with(before, size, &hashes).ok_or_else(unreadable)
}

/// The hashes of subtrees: of leaves from their rows, of what is above full tiles from theirs, at most 128 rows for each.
async fn read_hashes(on_what: &mut impl Linked, places: &[Place]) -> Result<BTreeMap<Place, Hash>, StoreError> {
    let unreadable = || StoreError::unreadable("tree of the signed log");
    let mut found = BTreeMap::new();
    if places.is_empty() {
        return Ok(found);
    }
    // Whole numbers, which can stand in the text.
    let selects = places.iter().map(|(level, place)| {
        let (tile, within) = (level / TILE, level % TILE);
        let (first, end) = (place << within, (place + 1) << within);
        match tile.checked_sub(1) {
            None => format!(
                "SELECT CAST({level} AS BIGINT) AS level, CAST({place} AS BIGINT) AS place, l.number AS at, l.hash AS hash \
                 FROM log_leaf l WHERE l.number >= {first} AND l.number < {end}"
            ),
            Some(below) => format!(
                "SELECT CAST({level} AS BIGINT), CAST({place} AS BIGINT), t.place, t.root FROM log_tile t \
                 WHERE t.level = {below} AND t.place >= {first} AND t.place < {end}"
            ),
        }
    });
    let text = format!("{} ORDER BY 1, 2, 3", selects.collect::<Vec<_>>().join(" UNION ALL "));
    let rows: Vec<(i64, i64, i64, String)> = on!(on_what.link(), conn =>
        sqlx::query_as(sqlx::AssertSqlSafe(text)).persistent(false).fetch_all(conn).await)?;
    let mut below: BTreeMap<Place, Vec<Hash>> = BTreeMap::new();
    for (level, place, _, hash) in rows {
        let place = (u8::try_from(level).map_err(|_| unreadable())?, u64::try_from(place).map_err(|_| unreadable())?);
        let [hash] = hashes_of(&hash).ok_or_else(unreadable)?[..] else { return Err(unreadable()) };
        below.entry(place).or_default().push(hash);
    }
    for (place, mut hashes) in below {
        if hashes.len() != 1 << (place.0 % TILE) {
            return Err(unreadable());
        }
        while hashes.len() > 1 {
            hashes = hashes.chunks(2).map(|pair| joined(pair[0], pair[1])).collect();
        }
        found.insert(place, hashes[0]);
    }
    Ok(found)
}

/// The hashes of a level of tiles from one place to before another: of leaves, or the roots of full tiles of the level below.
pub(crate) async fn read_tile_hashes(
    on_what: &mut impl Linked,
    level: u8,
    first: u64,
    end: u64,
) -> Result<Vec<Hash>, StoreError> {
    let unreadable = || StoreError::unreadable("tree of the signed log");
    let (from, to) = (signed(first), signed(end));
    let rows: Vec<String> = match level.checked_sub(1) {
        None => {
            on!(on_what.link(), conn => sqlx::query_scalar(FIND_LEAF_HASHES).bind(from).bind(to).fetch_all(conn).await)?
        }
        Some(below) => on!(on_what.link(), conn => sqlx::query_scalar(FIND_TILE_ROOTS)
            .bind(i64::from(below)).bind(from).bind(to).fetch_all(conn).await)?,
    };
    let hashes = rows.iter().map(|row| match hashes_of(row).ok_or_else(unreadable)?[..] {
        [hash] => Ok(hash),
        _ => Err(unreadable()),
    });
    let hashes: Vec<Hash> = hashes.collect::<Result<_, _>>()?;
    if hashes.len() as u64 == end - first { Ok(hashes) } else { Err(unreadable()) }
}
