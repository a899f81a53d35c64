use std::collections::BTreeMap;

use audit::{Frontier, Hash};
use uuid::Uuid;

use super::{
    head::{signed, text_of},
    seal::Sealed,
};
use crate::store::{Column, Script, StoreError, Tx, Value};

/// How many times two are joined in a tile of 256.
const TILE: u32 = 8;

/// What a log is to be after something was appended to it.
pub(super) struct Appended {
    /// How many leaves it had.
    pub before: u64,
    pub leaves: Vec<Sealed>,
    pub tiles: Tiles,
    pub frontier: Frontier,
    pub appended_at: i64,
    pub clock_at: i64,
    /// What the log is called from then on.
    pub origin: String,
    /// The key that signs from then on.
    pub public_key: String,
    pub note: String,
}

/// The tiles that become full, by level and place, with the root of each.
pub(super) struct Tiles {
    before: u64,
    full: BTreeMap<(u32, u64), Hash>,
}

impl Tiles {
    pub(super) fn after(before: u64) -> Self {
        Self { before, full: BTreeMap::new() }
    }

    /// The leaf of this number completes a subtree.
    pub(super) fn subtree_is_complete(&mut self, joined: u32, number: u64, root: Hash) {
        if joined.is_multiple_of(TILE) {
            self.full.insert((joined / TILE - 1, number >> joined), root);
        }
    }

    /// How many of the hashes of a level there were before, and those that came, in order.
    fn of_level(&self, level: u32, leaves: &[Sealed]) -> (u64, Vec<Hash>) {
        let before = self.before >> (TILE * level);
        let new = match level.checked_sub(1) {
            None => leaves.iter().map(|leaf| leaf.hash).collect(),
            Some(below) => self.full.range((below, 0)..(level, 0)).map(|(_, root)| *root).collect(),
        };
        (before, new)
    }
}

const INSERT_LEAVES: &str = "INSERT INTO log_leaf (number, leaf, hash)";
const INSERT_ENVELOPES: &str = "INSERT INTO log_envelope (number, envelope, person_id, salt)";
const INSERT_PARTS: &str = "INSERT INTO log_part (number, kind, salt, part)";
const INSERT_ROWS: &str = "INSERT INTO log_row (kind, id, number)";
const INSERT_KEYS: &str = "INSERT INTO person_key (person_id, secret)";
const INSERT_CHECKPOINT: &str = "INSERT INTO log_checkpoint (size, root, note)";

/// How many tiles go to the database in one trip: each is a statement.
const TILES_AT_ONCE: usize = 100;

/// A tile of leaves: those that were there since the last full tile, and those that have come.
const INSERT_LEAF_TILE: &str = "INSERT INTO log_tile (level, place, hashes, root) SELECT $1, $2, \
     (SELECT COALESCE(string_agg(l.hash, '' ORDER BY l.number), '') FROM log_leaf l WHERE l.number >= $3 AND l.number < $4) || $5, $6";

/// The same of full tiles of the level below, which is $7.
const INSERT_UPPER_TILE: &str = "INSERT INTO log_tile (level, place, hashes, root) SELECT $1, $2, \
     (SELECT COALESCE(string_agg(t.root, '' ORDER BY t.place), '') FROM log_tile t \
      WHERE t.level = $7 AND t.place >= $3 AND t.place < $4) || $5, $6";

const MOVE_HEAD: &str = "UPDATE log_head SET size = $1, frontier = $2, appended_at = $3, clock_at = $4, public_key = $6, origin = $7 WHERE id = 1 AND size = $5";

/// Writes what was appended: in one trip, unless it is very much.
pub(super) async fn write(tx: &mut Tx, appended: Appended) -> Result<(), StoreError> {
    let Appended { before, leaves, tiles, frontier, appended_at, clock_at, origin, public_key, note } = appended;
    let mut script = Script::default();
    // What they hold of these leaves is taken out before the leaves are.
    for ((level, place), root) in &tiles.full {
        if script.changes() >= TILES_AT_ONCE {
            std::mem::take(&mut script).run(tx).await?;
        }
        add_tile(&mut script, &tiles, &leaves, *level, *place, *root);
    }
    add_leaves(&mut script, leaves);
    let (size, root) = (signed(frontier.size()), text_of([&frontier.root()]));
    script.insert(INSERT_CHECKPOINT, vec![Column::numbers([size]), Column::texts([root]), Column::texts([note])]);
    let head = vec![
        Value::Number(size),
        Value::Text(text_of(frontier.roots())),
        Value::Number(appended_at),
        Value::Number(clock_at),
        Value::Number(signed(before)),
        Value::Text(public_key),
        Value::Text(origin),
    ];
    script.change(MOVE_HEAD, head);
    script.run(tx).await
}

fn add_leaves(script: &mut Script, leaves: Vec<Sealed>) {
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    };
    let numbers = |leaves: &[Sealed]| Column::numbers(leaves.iter().map(|leaf| signed(leaf.number)));
    let of_rows = leaves.iter().flat_map(|leaf| leaf.rows.iter().map(|_| signed(leaf.number)));
    let of_parts = leaves.iter().flat_map(|leaf| leaf.parts.iter().map(|_| signed(leaf.number)));
    let (of_rows, of_parts) = (Column::numbers(of_rows), Column::numbers(of_parts));
    let whose = Column::Ids(leaves.iter().map(|leaf| leaf.whose.map(|person| person.0)).collect());
    let salts = Column::Texts(leaves.iter().map(|leaf| leaf.salt.map(|salt| salt.to_hex())).collect());
    let hashes = Column::texts(leaves.iter().map(|leaf| text_of([&leaf.hash])));
    let keys: Vec<(Uuid, String)> =
        leaves.iter().filter_map(|leaf| Some((leaf.whose?.0, leaf.key.as_ref()?.to_hex()))).collect();
    let (first, second) = (numbers(&leaves), numbers(&leaves));
    let (mut texts, mut envelopes) = (Vec::with_capacity(leaves.len()), Vec::with_capacity(leaves.len()));
    let (mut kinds, mut part_salts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut tables, mut ids) = (Vec::new(), Vec::new());
    for leaf in leaves {
        texts.push(text(leaf.leaf));
        envelopes.push(text(leaf.envelope));
        for (kind, salt, part) in leaf.parts {
            kinds.push(kind.name().to_owned());
            part_salts.push(salt.to_hex());
            parts.push(text(part));
        }
        for row in leaf.rows {
            tables.push(row.kind.to_owned());
            ids.push(row.id);
        }
    }
    script.insert(INSERT_LEAVES, vec![first, Column::texts(texts), hashes]);
    script.insert(INSERT_ENVELOPES, vec![second, Column::texts(envelopes), whose, salts]);
    script.insert(INSERT_PARTS, vec![of_parts, Column::texts(kinds), Column::texts(part_salts), Column::texts(parts)]);
    script.insert(INSERT_ROWS, vec![Column::texts(tables), Column::texts(ids), of_rows]);
    let (people, secrets): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
    script.insert(INSERT_KEYS, vec![Column::ids(people), Column::texts(secrets)]);
}

fn add_tile(script: &mut Script, tiles: &Tiles, leaves: &[Sealed], level: u32, place: u64, root: Hash) {
    let (before, new) = tiles.of_level(level, leaves);
    let (first, end) = (place << TILE, (place + 1) << TILE);
    let from = usize::try_from(first.saturating_sub(before)).unwrap_or(usize::MAX);
    let to = usize::try_from(end.saturating_sub(before)).unwrap_or(usize::MAX);
    let came = new.get(from..to).unwrap_or_default();
    let mut values = vec![
        Value::Number(i64::from(level)),
        Value::Number(signed(place)),
        Value::Number(signed(first)),
        Value::Number(signed(before)),
        Value::Text(text_of(came)),
        Value::Text(text_of([&root])),
    ];
    let text = if level == 0 {
        INSERT_LEAF_TILE
    } else {
        values.push(Value::Number(i64::from(level) - 1));
        INSERT_UPPER_TILE
    };
    script.change(text, values);
}
