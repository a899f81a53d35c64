use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::Row as _;
use uuid::Uuid;

use super::held::{ACTED, HELD, Held, HeldColumn, HeldShown};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::PersonId,
    log::part_naming,
    people::Person,
    record::{Actor, Marks},
    store::{Conn, Linked as _, StoreError, on},
};

/// Everything that is held about one person.
#[derive(Clone, Debug)]
pub struct PersonData {
    /// Who.
    pub id: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// When it was read.
    pub at: DateTime<Utc>,
    /// What is held, a kind for each table, also where there is nothing.
    pub kinds: Vec<HeldKind>,
    /// How often they are named as who did something for others; the kinds of which there is something. What they did is about the others.
    pub acted: Vec<Acted>,
}

/// What is held of one kind.
#[derive(Clone, Debug)]
pub struct HeldKind {
    /// The table that it stands in.
    pub table: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What each row says, in this order.
    pub columns: &'static [HeldColumn],
    /// The rows, as they are kept.
    pub rows: Vec<Vec<HeldValue>>,
    /// Columns that are not handed out, each with the reason.
    pub withheld: &'static [(&'static str, &'static str)],
}

/// That somebody did something for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// The table that says so.
    pub table: &'static str,
    /// What.
    pub what: &'static str,
    /// In how many rows.
    pub times: u64,
}

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum HeldValue {
    /// Nothing.
    Nothing,
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Marks.
    Marks(String),
    /// Yes or no.
    YesNo(bool),
    /// A day.
    Day(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
    /// An id.
    Id(Uuid),
}

const FIND_NAME: &str =
    "SELECT (SELECT d.name FROM person_detail d WHERE d.person_id = p.id) FROM person p WHERE p.id = $1";

const EVER_HAD_DUTY: &str = "SELECT COUNT(*) FROM duty WHERE person_id = $1";

const COUNT_ENTRIES_BY: &str = "SELECT COUNT(*) FROM log_part WHERE kind = 'by' AND part = $1";

impl Engine {
    /// Everything that is held about the reader.
    ///
    /// # Errors
    /// [`Refused::Internal`] when the database fails.
    pub async fn own_data(&self, reader: &Person) -> Looked<PersonData> {
        self.data_of(reader.id).await
    }

    /// Everything that is held about somebody, for an administrator everywhere, who answers them when they ask. That it was looked at is
    /// noted.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when the reader is no administrator, [`Refused::NotFound`] when there is no such person.
    pub async fn person_data(&self, reader: &Person, person: PersonId) -> Looked<PersonData> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let data = self.data_of(person).await?;
        self.note_look_at(reader, person, format!("data/{person}")).await?;
        Ok(data)
    }

    /// Everything that is held about somebody, for the command line alone.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person.
    pub async fn data_of(&self, person: PersonId) -> Looked<PersonData> {
        let mut conn = self.store.read().await?;
        let found: Option<Option<String>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)?;
        let name = found.ok_or(Refused::NotFound)?;
        let mut kinds = Vec::with_capacity(HELD.len());
        for held in HELD {
            let rows = read_rows(&mut conn, held, person).await?;
            let Held { table, title, columns, withheld, .. } = *held;
            kinds.push(HeldKind { table, title, columns, rows, withheld });
        }
        let acted = read_acted(&mut conn, person).await?;
        Ok(PersonData { id: person, name, at: self.clock.now(), kinds, acted })
    }
}

/// A column as a query reads it.
fn read_as(column: &HeldColumn) -> String {
    let name = column.name;
    match column.shown {
        HeldShown::Group => format!(
            "(SELECT g.name FROM group_place g WHERE g.group_id = t.{name} ORDER BY g.recorded_at DESC, g.id DESC LIMIT 1)"
        ),
        // Some are JSON in PostgreSQL.
        HeldShown::Text => format!("CAST(t.{name} AS TEXT)"),
        _ => format!("t.{name}"),
    }
}

async fn read_rows(conn: &mut Conn, held: &Held, person: PersonId) -> Result<Vec<Vec<HeldValue>>, StoreError> {
    let columns: Vec<String> = held.columns.iter().map(read_as).collect();
    let hidden = held.hidden.map_or_else(String::new, |hidden| format!(" AND NOT ({hidden})"));
    let text = format!("SELECT {} FROM {} t WHERE {}{hidden}", columns.join(", "), held.table, held.whose);
    let mut rows: Vec<Vec<HeldValue>> = on!(conn.link(), conn => {
        let found = sqlx::query(sqlx::AssertSqlSafe(text)).bind(person).fetch_all(conn).await;
        found.and_then(|found| {
            let mut rows: Vec<Vec<HeldValue>> = Vec::with_capacity(found.len());
            for row in &found {
                let mut values = Vec::with_capacity(held.columns.len());
                for (place, column) in held.columns.iter().enumerate() {
                    macro_rules! value {
                        ($type:ty, $of:expr) => {
                            row.try_get::<Option<$type>, _>(place)?.map($of)
                        };
                    }
                    let value = match column.shown {
                        HeldShown::Text | HeldShown::Group => value!(String, HeldValue::Text),
                        HeldShown::Number => value!(i64, HeldValue::Number),
                        HeldShown::Marks => value!(i64, marks),
                        HeldShown::YesNo => value!(bool, HeldValue::YesNo),
                        HeldShown::Day => value!(NaiveDate, HeldValue::Day),
                        HeldShown::Moment => value!(DateTime<Utc>, HeldValue::Moment),
                        HeldShown::Id => value!(Uuid, HeldValue::Id),
                        HeldShown::Actor => value!(String, |by| HeldValue::Text(said(&by, person).to_owned())),
                    };
                    values.push(value.unwrap_or(HeldValue::Nothing));
                }
                rows.push(values);
            }
            Ok(rows)
        })
    })?;
    rows.sort_by_cached_key(|row| order(held, row));
    Ok(rows)
}

/// By the first moment or day in a row, then by its first number.
fn order(held: &Held, row: &[HeldValue]) -> (Option<DateTime<Utc>>, Option<i64>) {
    let is_moment = |column: &HeldColumn| column.shown == HeldShown::Moment;
    let moment = held.columns.iter().position(is_moment).and_then(|place| match row[place] {
        HeldValue::Moment(moment) => Some(moment),
        _ => None,
    });
    let number = row.iter().find_map(|value| if let HeldValue::Number(number) = value { Some(*number) } else { None });
    (moment, number)
}

fn marks(hundredths: i64) -> HeldValue {
    HeldValue::Marks(Marks::hundredths(u32::try_from(hundredths).unwrap_or_default()).to_string())
}

/// Who did something, as somebody is told of whom it is: never who else it was.
fn said(by: &str, person: PersonId) -> &'static str {
    match by.split_once(':') {
        _ if by == Actor::Person(person).to_string() => "this person",
        Some(("person", _)) => "somebody who works here",
        Some(_) => "a program",
        None if by == Actor::CommandLine.to_string() => "who runs the server",
        None => "the server",
    }
}

/// Whoever never had a duty never did anything for others: nobody is made to wait for tables to be read through.
async fn read_acted(conn: &mut Conn, person: PersonId) -> Result<Vec<Acted>, StoreError> {
    let duties: i64 = on!(conn.link(), conn => sqlx::query_scalar(EVER_HAD_DUTY).bind(person).fetch_one(conn).await)?;
    let mut acted = Vec::new();
    if duties == 0 {
        return Ok(acted);
    }
    let actor = Actor::Person(person);
    let by = actor.to_string();
    for (table, what, columns) in ACTED {
        let named: Vec<String> = columns.iter().map(|column| format!("t.{column} = $1")).collect();
        let own = HELD.iter().find(|held| held.table == *table).map(|held| held.whose.replace("$1", "$2"));
        let others = own.map_or_else(|| "$2 = $2".to_owned(), |own| format!("NOT COALESCE({own}, FALSE)"));
        let text = format!("SELECT COUNT(*) FROM {table} t WHERE ({}) AND {others}", named.join(" OR "));
        let times: i64 = on!(conn.link(), conn => sqlx::query_scalar(sqlx::AssertSqlSafe(text))
            .bind(&by).bind(person).fetch_one(conn).await)?;
        acted.push(Acted { table, what, times: u64::try_from(times).unwrap_or_default() });
    }
    let times: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_ENTRIES_BY)
        .bind(part_naming(actor)).fetch_one(conn).await)?;
    let entries = "entries of the signed log about others that say it was them";
    acted.push(Acted { table: "log_part", what: entries, times: u64::try_from(times).unwrap_or_default() });
    acted.retain(|acted| acted.times > 0);
    Ok(acted)
}
