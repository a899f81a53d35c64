use std::collections::BTreeMap;

use audit::{Frontier, Hash};
use uuid::Uuid;

use super::{
    head::{signed, text_of},
    seal::Sealed,
};
use crate::store::{Linked as _, StoreError, Tx, on, rows_of};

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

/// A value of a row.
enum Value {
    Text(String),
    Number(i64),
    Id(Option<Uuid>),
    Perhaps(Option<String>),
}

/// One statement for each table, all of which go to the database in one trip.
#[derive(Default)]
struct Script {
    statements: Vec<String>,
    values: Vec<Value>,
    /// How many rows each statement writes.
    rows: Vec<u64>,
}

/// PostgreSQL takes 65,535 values in one trip, SQLite 32,766.
const MOST_VALUES: usize = 30_000;

impl Script {
    /// Adds a statement. Its places are counted from 1 and moved behind those that are there.
    fn add(&mut self, text: impl FnOnce(usize) -> String, values: impl IntoIterator<Item = Value>, rows: usize) {
        if rows > 0 {
            self.statements.push(text(self.values.len()));
            self.values.extend(values);
            self.rows.push(rows as u64);
        }
    }

    fn insert(&mut self, into: &str, columns: usize, rows: Vec<Vec<Value>>) {
        let count = rows.len();
        self.add(
            |before| format!("INSERT INTO {into} VALUES {}", moved(&rows_of(count, columns), before)),
            rows.into_iter().flatten(),
            count,
        );
    }

    async fn run(self, tx: &mut Tx) -> Result<(), StoreError> {
        let Self { mut statements, values, rows } = self;
        let Some(last) = statements.pop() else { return Ok(()) };
        let (text, expected) = if tx.is_sqlite() {
            statements.push(last);
            (statements.join("; "), rows.iter().sum())
        } else {
            // PostgreSQL prepares one statement at a time; it may have others within it, each of which is carried out once.
            let within: Vec<String> = (0..).zip(statements).map(|(n, one)| format!("w{n} AS ({one})")).collect();
            let with = if within.is_empty() { String::new() } else { format!("WITH {} ", within.join(", ")) };
            (with + &last, rows.last().copied().unwrap_or_default())
        };
        let written = on!(tx.link(), conn => {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(text));
            for value in values {
                query = match value {
                    Value::Text(text) => query.bind(text),
                    Value::Number(number) => query.bind(number),
                    Value::Id(id) => query.bind(id),
                    Value::Perhaps(text) => query.bind(text),
                };
            }
            query.execute(conn).await.map(|done| done.rows_affected())
        })?;
        StoreError::unless(written, expected)
    }
}

/// A text whose places `$1`, `$2` … are moved behind so many others.
fn moved(text: &str, before: usize) -> String {
    let mut pieces = text.split('$');
    let mut moved = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let place: usize = piece[..digits].parse().unwrap_or_default();
        moved.push_str(&format!("${}{}", place + before, &piece[digits..]));
    }
    moved
}

const INTO_LEAF: &str = "log_leaf (number, leaf, hash)";
const INTO_ENVELOPE: &str = "log_envelope (number, envelope, person_id, salt)";
const INTO_PART: &str = "log_part (number, kind, salt, part)";
const INTO_ROW: &str = "log_row (kind, id, number)";
const INTO_KEY: &str = "person_key (person_id, secret)";
const INTO_CHECKPOINT: &str = "log_checkpoint (size, root, note)";

/// A tile of leaves: those that were there since the last full tile, and those that have come.
const INSERT_LEAF_TILE: &str = "INSERT INTO log_tile (level, place, hashes, root) SELECT $1, $2, \
     (SELECT COALESCE(string_agg(l.hash, '' ORDER BY l.number), '') FROM log_leaf l WHERE l.number >= $3 AND l.number < $4) || $5, $6";

/// The same of full tiles of the level below, which is $7.
const INSERT_UPPER_TILE: &str = "INSERT INTO log_tile (level, place, hashes, root) SELECT $1, $2, \
     (SELECT COALESCE(string_agg(t.root, '' ORDER BY t.place), '') FROM log_tile t \
      WHERE t.level = $7 AND t.place >= $3 AND t.place < $4) || $5, $6";

const MOVE_HEAD: &str = "UPDATE log_head SET size = $1, frontier = $2, appended_at = $3, clock_at = $4, public_key = $6, origin = $7 WHERE id = 1 AND size = $5";

/// Writes what was appended: in one trip, unless it is very much.
pub(super) async fn write(tx: &mut Tx, appended: &Appended) -> Result<(), StoreError> {
    let Appended { before, leaves, tiles, frontier, appended_at, clock_at, origin, public_key, note } = appended;
    let mut script = Script::default();
    let mut rest = &leaves[..];
    loop {
        let mut values = 0;
        let fits = rest.iter().take_while(|leaf| {
            values += 7 + 4 * leaf.parts.len() + 3 * leaf.rows.len() + 2;
            values < MOST_VALUES
        });
        let (some, after) = rest.split_at(fits.count().max(1).min(rest.len()));
        add_leaves(&mut script, some);
        rest = after;
        if rest.is_empty() {
            break;
        }
        std::mem::take(&mut script).run(tx).await?;
    }
    if script.values.len() > MOST_VALUES - 1_000 || tiles.full.len() > 100 {
        std::mem::take(&mut script).run(tx).await?;
    }
    for ((level, place), root) in &tiles.full {
        if script.values.len() > MOST_VALUES - 1_000 {
            std::mem::take(&mut script).run(tx).await?;
        }
        add_tile(&mut script, tiles, leaves, *level, *place, *root);
    }
    let (size, root) = (signed(frontier.size()), text_of([&frontier.root()]));
    script.insert(INTO_CHECKPOINT, 3, vec![vec![Value::Number(size), Value::Text(root), Value::Text(note.clone())]]);
    let head = [
        Value::Number(size),
        Value::Text(text_of(frontier.roots())),
        Value::Number(*appended_at),
        Value::Number(*clock_at),
        Value::Number(signed(*before)),
        Value::Text(public_key.clone()),
        Value::Text(origin.clone()),
    ];
    script.add(|before| moved(MOVE_HEAD, before), head, 1);
    script.run(tx).await
}

fn add_leaves(script: &mut Script, leaves: &[Sealed]) {
    let text = |bytes: &[u8]| Value::Text(String::from_utf8_lossy(bytes).into_owned());
    let number = |leaf: &Sealed| Value::Number(signed(leaf.number));
    let rows = leaves.iter().map(|leaf| vec![number(leaf), text(&leaf.leaf), Value::Text(text_of([&leaf.hash]))]);
    script.insert(INTO_LEAF, 3, rows.collect());
    let rows = leaves.iter().map(|leaf| {
        vec![
            number(leaf),
            text(&leaf.envelope),
            Value::Id(leaf.whose.map(|person| person.0)),
            Value::Perhaps(leaf.salt.map(|salt| salt.to_hex())),
        ]
    });
    script.insert(INTO_ENVELOPE, 4, rows.collect());
    let rows = leaves.iter().flat_map(|leaf| {
        let parts = leaf.parts.iter();
        parts.map(move |(kind, salt, part)| {
            vec![number(leaf), Value::Text(kind.name().to_owned()), Value::Text(salt.to_hex()), text(part)]
        })
    });
    script.insert(INTO_PART, 4, rows.collect());
    let rows = leaves.iter().flat_map(|leaf| {
        let rows = leaf.rows.iter();
        rows.map(move |row| vec![Value::Text(row.kind.to_owned()), Value::Text(row.id.clone()), number(leaf)])
    });
    script.insert(INTO_ROW, 3, rows.collect());
    let keys = leaves.iter().filter_map(|leaf| {
        let key = leaf.key.as_ref()?;
        Some(vec![Value::Id(leaf.whose.map(|person| person.0)), Value::Text(key.to_hex())])
    });
    script.insert(INTO_KEY, 2, keys.collect());
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
    script.add(|before| moved(text, before), values, 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_moved_behind_others() {
        assert_eq!(moved("VALUES ($1, $2), ($10)", 5), "VALUES ($6, $7), ($15)");
    }
}
