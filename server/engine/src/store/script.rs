use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, Sqlite, postgres::PgArguments, query::Query, sqlite::SqliteArguments};
use uuid::Uuid;

use super::{Link, Linked, StoreError};

/// The values of one column of rows that are written together, row by row.
#[derive(Debug)]
pub(crate) enum Column {
    /// Ids; `None` is null, as in the others.
    Ids(Vec<Option<Uuid>>),
    /// Whole numbers.
    Numbers(Vec<Option<i64>>),
    /// Texts.
    Texts(Vec<Option<String>>),
    /// Days.
    Days(Vec<NaiveDate>),
    /// Moments.
    Moments(Vec<DateTime<Utc>>),
}

/// A value of a statement that changes one row.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// Statements that go to the database in one trip: first rows of whole tables, then what changes one row each.
///
/// PostgreSQL is given each column as an array, so that the text is the same however many rows there are and is prepared once. SQLite is
/// given places without a number: it finds a numbered one by going through those before it, which made the last of a thousand rows
/// cost thirty times as much as the first.
#[derive(Debug, Default)]
pub(crate) struct Script {
    inserts: Vec<(&'static str, Vec<Column>)>,
    others: Vec<(&'static str, Vec<Value>)>,
}

/// SQLite takes 32,766 values in one statement.
const MOST_VALUES: usize = 30_000;

/// What has more values is written seldom in that very shape, and not worth being kept as a prepared statement.
const MOST_VALUES_KEPT: usize = 250;

impl Column {
    pub(crate) fn ids(ids: impl IntoIterator<Item = Uuid>) -> Self {
        Self::Ids(ids.into_iter().map(Some).collect())
    }

    pub(crate) fn numbers(numbers: impl IntoIterator<Item = i64>) -> Self {
        Self::Numbers(numbers.into_iter().map(Some).collect())
    }

    pub(crate) fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::Texts(texts.into_iter().map(Some).collect())
    }

    /// The same text in each of so many rows.
    pub(crate) fn text(text: &str, rows: usize) -> Self {
        Self::Texts(vec![Some(text.to_owned()); rows])
    }

    /// The same moment in each of so many rows.
    pub(crate) fn moment(moment: DateTime<Utc>, rows: usize) -> Self {
        Self::Moments(vec![moment; rows])
    }

    fn len(&self) -> usize {
        match self {
            Self::Ids(all) => all.len(),
            Self::Numbers(all) => all.len(),
            Self::Texts(all) => all.len(),
            Self::Days(all) => all.len(),
            Self::Moments(all) => all.len(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Ids(_) => "uuid",
            Self::Numbers(_) => "bigint",
            Self::Texts(_) => "text",
            Self::Days(_) => "date",
            Self::Moments(_) => "timestamptz",
        }
    }

    /// Binds the value of a row, which is gone from here afterwards.
    fn bind_one<'q>(
        &mut self,
        query: Query<'q, Sqlite, SqliteArguments>,
        row: usize,
    ) -> Query<'q, Sqlite, SqliteArguments> {
        match self {
            Self::Ids(all) => query.bind(all[row]),
            Self::Numbers(all) => query.bind(all[row]),
            Self::Texts(all) => query.bind(all[row].take()),
            Self::Days(all) => query.bind(all[row]),
            Self::Moments(all) => query.bind(all[row]),
        }
    }

    fn bind_all(self, query: Query<'_, Postgres, PgArguments>) -> Query<'_, Postgres, PgArguments> {
        match self {
            Self::Ids(all) => query.bind(all),
            Self::Numbers(all) => query.bind(all),
            Self::Texts(all) => query.bind(all),
            Self::Days(all) => query.bind(all),
            Self::Moments(all) => query.bind(all),
        }
    }
}

impl Script {
    /// Adds rows. `into` is a statement up to `VALUES`, with its columns; every column has as many values.
    pub(crate) fn insert(&mut self, into: &'static str, columns: Vec<Column>) {
        if columns.first().is_some_and(|first| first.len() > 0) {
            self.inserts.push((into, columns));
        }
    }

    /// Adds a statement that changes one row. It may not see what the same script writes.
    pub(crate) fn change(&mut self, text: &'static str, values: Vec<Value>) {
        self.others.push((text, values));
    }

    /// How many statements there are that change one row each.
    pub(crate) fn changes(&self) -> usize {
        self.others.len()
    }

    /// Carries it out. All rows must be written; anything else is a [`StoreError`].
    pub(crate) async fn run(self, on_what: &mut impl Linked) -> Result<(), StoreError> {
        if self.inserts.is_empty() && self.others.is_empty() {
            return Ok(());
        }
        let (written, expected) = match on_what.link() {
            Link::Sqlite(conn, soundness) => {
                let (text, expected) = self.for_sqlite();
                let values = self.values();
                let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).persistent(values <= MOST_VALUES_KEPT);
                for (_, mut columns) in self.inserts {
                    for row in 0..columns.first().map_or(0, Column::len) {
                        for column in &mut columns {
                            query = column.bind_one(query, row);
                        }
                    }
                }
                for value in self.others.into_iter().flat_map(|(_, values)| values) {
                    query = match value {
                        Value::Text(text) => query.bind(text),
                        Value::Number(number) => query.bind(number),
                    };
                }
                let done = query.execute(conn).await.map_err(|error| soundness.note(error))?;
                (done.rows_affected(), expected)
            }
            Link::Postgres(conn) => {
                let (text, expected) = self.for_postgres();
                // A plan that is kept from when a table was small reads all of it for ever: only what reads nothing keeps one.
                let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).persistent(self.others.len() <= 1);
                for column in self.inserts.into_iter().flat_map(|(_, columns)| columns) {
                    query = column.bind_all(query);
                }
                for value in self.others.into_iter().flat_map(|(_, values)| values) {
                    query = match value {
                        Value::Text(text) => query.bind(text),
                        Value::Number(number) => query.bind(number),
                    };
                }
                (query.execute(conn).await?.rows_affected(), expected)
            }
        };
        StoreError::unless(written, expected)
    }

    /// How many values it has on SQLite.
    fn values(&self) -> usize {
        let inserted = self.inserts.iter().flat_map(|(_, columns)| columns).map(Column::len);
        inserted.chain(self.others.iter().map(|(_, values)| values.len())).sum()
    }

    /// The text for SQLite, and how many rows it writes. Places without a number are counted through all statements, and come first.
    fn for_sqlite(&self) -> (String, u64) {
        let (mut statements, mut before, mut rows) = (Vec::new(), 0, 0);
        for (into, columns) in &self.inserts {
            let row = format!("({})", vec!["?"; columns.len()].join(", "));
            let mut left = columns.first().map_or(0, Column::len);
            before += left * columns.len();
            rows += left;
            while left > 0 {
                let some = left.min(MOST_VALUES / columns.len());
                statements.push(format!("{into} VALUES {}", vec![row.as_str(); some].join(", ")));
                left -= some;
            }
        }
        for (text, values) in &self.others {
            statements.push(moved(text, before));
            before += values.len();
        }
        (statements.join("; "), (rows + self.others.len()) as u64)
    }

    /// The text for PostgreSQL, and how many rows its last statement writes. It prepares one statement at a time, which may have others
    /// within it; each of those is carried out once.
    fn for_postgres(&self) -> (String, u64) {
        let (mut statements, mut before) = (Vec::new(), 0);
        for (into, columns) in &self.inserts {
            let kinds = (before + 1..).zip(columns).map(|(place, column)| format!("${place}::{}[]", column.kind()));
            statements.push(format!("{into} SELECT * FROM UNNEST({})", kinds.collect::<Vec<_>>().join(", ")));
            before += columns.len();
        }
        for (text, values) in &self.others {
            statements.push(moved(text, before));
            before += values.len();
        }
        let last = statements.pop().unwrap_or_default();
        let within: Vec<String> = (0..).zip(statements).map(|(n, one)| format!("w{n} AS ({one})")).collect();
        let with = if within.is_empty() { String::new() } else { format!("WITH {} ", within.join(", ")) };
        let rows = match (self.others.last(), self.inserts.last()) {
            (None, Some((_, columns))) => columns.first().map_or(0, Column::len) as u64,
            _ => 1,
        };
        (with + &last, rows)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_moved_behind_others() {
        assert_eq!(moved("VALUES ($1, $2), ($10)", 5), "VALUES ($6, $7), ($15)");
    }

    fn script(rows: usize) -> Script {
        let mut script = Script::default();
        script.insert("INSERT INTO a (x, y)", vec![Column::numbers(0..rows as i64), Column::text("t", rows)]);
        script.change("UPDATE b SET z = $2 WHERE x = $1", vec![Value::Number(1), Value::Text(String::new())]);
        script
    }

    #[test]
    fn sqlite_gets_places_without_a_number_first() {
        let (text, rows) = script(2).for_sqlite();
        assert_eq!(text, "INSERT INTO a (x, y) VALUES (?, ?), (?, ?); UPDATE b SET z = $6 WHERE x = $5");
        assert_eq!((rows, script(2).values()), (3, 6));
        let (text, rows) = script(20_000).for_sqlite();
        assert_eq!((text.matches("INSERT").count(), rows), (2, 20_001));
        assert!(text.ends_with("UPDATE b SET z = $40002 WHERE x = $40001"));
    }

    #[test]
    fn postgresql_gets_one_text_however_many_rows_there_are() {
        let (text, rows) = script(2).for_postgres();
        assert_eq!(
            text,
            "WITH w0 AS (INSERT INTO a (x, y) SELECT * FROM UNNEST($1::bigint[], $2::text[])) UPDATE b SET z = $4 WHERE x = $3"
        );
        assert_eq!((rows, script(20_000).for_postgres().0), (1, text));
        let mut alone = Script::default();
        alone.insert("INSERT INTO a (x)", vec![Column::numbers(0..3)]);
        assert_eq!(alone.for_postgres(), ("INSERT INTO a (x) SELECT * FROM UNNEST($1::bigint[])".to_owned(), 3));
    }

    #[test]
    fn no_rows_are_no_statement() {
        let mut nothing = Script::default();
        nothing.insert("INSERT INTO a (x)", vec![Column::numbers([])]);
        assert!(nothing.inserts.is_empty());
    }
}
