//! TOML to a [`Table`].

use chrono::NaiveDate;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::record::{Placed, Table, Value};
use crate::content::{
    problems::{Code, Report},
    text::{name_of_blank, odd_blank_on_line},
};

/// Reads a TOML file. `None` when it is not TOML, and then the report says where.
pub(crate) fn read_toml(text: &str, report: &mut Report<'_>) -> Option<Table> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(table(0, root.into_inner()));
    }
    /// Each look reads a line.
    const LOOKED_AT: usize = 100;
    for (index, error) in errors.into_iter().enumerate() {
        let at = error.span().map_or(0, |span| span.start);
        if index < LOOKED_AT
            && let Some((at, sign)) = odd_blank_on_line(text, at)
        {
            let name = format!("{} (U+{:04X})", name_of_blank(sign), u32::from(sign));
            let help = "Type a plain space in its place, or take it away: outside quotation marks TOML knows no other.";
            report.error(at, Code::OddBlank, format!("A {name} stands where a plain space belongs."), help);
            continue;
        }
        let message = format!("This is not TOML: {}.", error.message().replace('\n', ", "));
        report.error(at, Code::BadToml, message, "Compare the line with the examples in the authors' guide.");
    }
    None
}

fn table(at: usize, table: DeTable<'_>) -> Table {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, item)| {
            let key = Placed { at: key.span().start, value: key.into_inner().into_owned() };
            (key, value(item))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.at);
    Table::new(at, entries)
}

fn value(item: Spanned<DeValue<'_>>) -> Placed<Value> {
    let at = item.span().start;
    let value = match item.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number that is too large"), Value::Whole),
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Boolean(truth) => Value::Truth(truth),
        DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
            (Some(date), None) => {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
                    .map_or(Value::Other("a day that is in no calendar"), Value::Date)
            }
            _ => Value::Other("a time of day"),
        },
        DeValue::Array(items) => Value::List(items.into_iter().map(value).collect()),
        DeValue::Table(inner) => Value::Table(table(at, inner)),
    };
    Placed { at, value }
}
