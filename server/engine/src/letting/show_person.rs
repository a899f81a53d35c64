use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::Row as _;
use uuid::Uuid;

use super::{
    held::{ACTED, ANSWERS, HELD, Held, HeldColumn, HeldShown},
    in_words::{Teller, said_as},
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, PersonId, said_day, said_moment},
    log::part_naming,
    people::Person,
    quiz::answers_in_words,
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
    /// The rows: as they are kept, with words where that says nothing to people.
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
    /// Digits that say nothing by themselves.
    Digits(String),
    /// Something that says little to people as it is kept, with what it is in words.
    Said {
        /// As it is kept.
        kept: Box<Self>,
        /// In words.
        words: String,
    },
}

impl HeldValue {
    /// In words. `None`: there is nothing, or it says nothing to people.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        Some(match self {
            Self::Nothing | Self::Id(_) | Self::Digits(_) => return None,
            Self::Text(text) | Self::Marks(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::YesNo(true) => "yes".to_owned(),
            Self::YesNo(false) => "no".to_owned(),
            Self::Day(day) => said_day(*day),
            Self::Moment(at) => said_moment(*at),
            Self::Said { words, .. } => words.clone(),
        })
    }

    /// As it is kept.
    #[must_use]
    pub fn kept(&self) -> &Self {
        match self {
            Self::Said { kept, .. } => kept,
            other => other,
        }
    }
}

impl HeldKind {
    /// The columns that say something to people, each with its place in the rows. Of ids and digits nothing is said.
    #[must_use]
    pub fn told(&self) -> Vec<(usize, HeldColumn)> {
        let for_programs =
            |shown: HeldShown| matches!(shown, HeldShown::Id | HeldShown::Of | HeldShown::Digits | HeldShown::Part);
        let is_said = |place: usize| self.rows.iter().any(|row| row[place].said().is_some());
        let columns = self.columns.iter().copied().enumerate();
        columns.filter(|(place, column)| !for_programs(column.shown) || is_said(*place)).collect()
    }
}

const FIND_NAME: &str =
    "SELECT (SELECT d.name FROM person_detail d WHERE d.person_id = p.id) FROM person p WHERE p.id = $1";

const FIND_WORKSHOP: &str = "SELECT module, starts_at FROM workshop WHERE id = $1";

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
        let mut teller = Teller::new(self.shelf());
        for held in HELD {
            let rows = read_rows(&mut conn, held, person).await?;
            let Held { table, title, mut columns, withheld, .. } = *held;
            if table == "workshop_sign_in" {
                know_workshops(&mut conn, &mut teller, &rows).await?;
            }
            let mut rows = teller.tell(held, rows);
            if table == "answer" {
                columns = ANSWERS;
                rows = self.answers_told(&mut conn, person, rows).await?;
            }
            kinds.push(HeldKind { table, title, columns, rows, withheld });
        }
        let acted = read_acted(&mut conn, person).await?;
        Ok(PersonData { id: person, name, at: self.clock.now(), kinds, acted })
    }

    /// Answers in the words in which they were asked, those of an attempt together, in its order. Of an attempt that is open it is not said what is right.
    async fn answers_told(
        &self,
        conn: &mut Conn,
        person: PersonId,
        rows: Vec<Vec<HeldValue>>,
    ) -> Looked<Vec<Vec<HeldValue>>> {
        let mut by_attempt: Vec<(Uuid, Vec<Vec<HeldValue>>)> = Vec::new();
        for row in rows {
            let HeldValue::Id(id) = *row[0].kept() else { continue };
            match by_attempt.iter_mut().find(|(known, _)| *known == id) {
                Some((_, rows)) => rows.push(row),
                None => by_attempt.push((id, vec![row])),
            }
        }
        let mut told = Vec::new();
        for (id, mut rows) in by_attempt {
            let (attempt, answers) = self.find_attempt(conn, AttemptId(id), person).await?;
            let module = self.module_version(conn, &attempt.module, attempt.version).await?;
            let worded = self.worded(&module, attempt.twin);
            for asked in answers_in_words(&attempt, (&*module, &*worded), &answers) {
                let is_of_it = |row: &Vec<HeldValue>| *row[1].kept() == HeldValue::Text(asked.question.clone());
                let Some(place) = rows.iter().position(is_of_it) else { continue };
                let row = rows.remove(place);
                let question = said_as(row[1].kept(), asked.asked.clone());
                let given = match (&asked.given, row[2].kept()) {
                    (Some(given), kept) => said_as(kept, given.clone()),
                    (None, kept) => kept.clone(),
                };
                told.push(answer_row(&row, question, given, asked.judged));
            }
            // What the attempt does not ask any more, because it goes on as another.
            for row in rows {
                let question = said_as(row[1].kept(), "A question that this attempt does not ask any more".to_owned());
                let given = match row[2].kept() {
                    HeldValue::Text(text) => HeldValue::Digits(text.clone()),
                    other => other.clone(),
                };
                told.push(answer_row(&row, question, given, None));
            }
        }
        Ok(told)
    }
}

/// A row of [`ANSWERS`] from one of its table.
fn answer_row(
    row: &[HeldValue],
    question: HeldValue,
    given: HeldValue,
    judged: Option<(bool, Marks, Marks)>,
) -> Vec<HeldValue> {
    let nothing = || HeldValue::Nothing;
    let right = judged.map_or_else(nothing, |(right, ..)| HeldValue::YesNo(right));
    let earned = judged.map_or_else(nothing, |(_, earned, _)| HeldValue::Marks(earned.to_string()));
    let possible = judged.map_or_else(nothing, |(.., possible)| HeldValue::Marks(possible.to_string()));
    vec![row[0].clone(), question, given, right, earned, possible, row[3].clone(), row[4].clone()]
}

/// What the workshops are called that somebody signed in to: they are about nobody alone, and are not read with the rest.
async fn know_workshops(conn: &mut Conn, teller: &mut Teller, rows: &[Vec<HeldValue>]) -> Result<(), StoreError> {
    for row in rows {
        let HeldValue::Id(id) = row[0] else { continue };
        let found: Option<(String, DateTime<Utc>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_WORKSHOP).bind(id).fetch_optional(conn).await)?;
        if let Some((module, starts_at)) = found {
            let words = teller.workshop(&module, starts_at);
            teller.know(id, words);
        }
    }
    Ok(())
}

/// A column as a query reads it.
fn read_as(column: &HeldColumn) -> String {
    let name = column.name;
    match column.shown {
        HeldShown::Group => format!(
            "(SELECT g.name FROM group_place g WHERE g.group_id = t.{name} ORDER BY g.recorded_at DESC, g.id DESC LIMIT 1)"
        ),
        HeldShown::Number
        | HeldShown::Marks
        | HeldShown::Nth
        | HeldShown::HalfMinute
        | HeldShown::YesNo
        | HeldShown::Day
        | HeldShown::Moment
        | HeldShown::Id
        | HeldShown::Of
        | HeldShown::Actor => format!("t.{name}"),
        // Some are JSON in PostgreSQL.
        _ => format!("CAST(t.{name} AS TEXT)"),
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
                        HeldShown::Number | HeldShown::Nth | HeldShown::HalfMinute => value!(i64, HeldValue::Number),
                        HeldShown::Marks => value!(i64, marks),
                        HeldShown::YesNo => value!(bool, HeldValue::YesNo),
                        HeldShown::Day => value!(NaiveDate, HeldValue::Day),
                        HeldShown::Moment => value!(DateTime<Utc>, HeldValue::Moment),
                        HeldShown::Id | HeldShown::Of => value!(Uuid, HeldValue::Id),
                        HeldShown::Actor => value!(String, |by| HeldValue::Text(said(&by, person).to_owned())),
                        _ => value!(String, HeldValue::Text),
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
