//! Keys and values as TOML files and front matter have them, each with its place, and how they are read into types
//! so that every mistake in a file is reported and not only the first.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::NaiveDate;

use crate::content::{
    problems::{Code, Report},
    text::did_you_mean,
};

/// A value and where it stands in its file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed<T> {
    pub(crate) at: usize,
    pub(crate) value: T,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Nothing,
    Text(String),
    Whole(i64),
    Date(NaiveDate),
    Truth(bool),
    List(Vec<Placed<Value>>),
    Table(Table),
    /// Something that no key takes, by its name: "a fraction".
    Other(&'static str),
}

/// Keys with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) at: usize,
    pub(crate) entries: Vec<(Placed<String>, Placed<Value>)>,
    /// The keys that were asked for: the ones that may stand here.
    asked: Vec<&'static str>,
}

/// A type that a value can be read into. `None` when it cannot, and then the report says why.
pub(crate) trait FromField: Sized {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self>;
}

impl Table {
    pub(crate) fn new(at: usize, entries: Vec<(Placed<String>, Placed<Value>)>) -> Self {
        Self { at, entries, asked: Vec::new() }
    }

    /// The value of a key that must be there.
    pub(crate) fn required<T: FromField>(&mut self, key: &'static str, report: &mut Report<'_>) -> Option<T> {
        match self.take(key) {
            Some(value) => T::read(value, report),
            None => {
                let help = format!("Add a line for `{key}`.");
                report.error(self.at, Code::MissingKey, format!("`{key}` is missing."), help);
                None
            }
        }
    }

    /// The value of a key that may be left out.
    pub(crate) fn optional<T: FromField>(&mut self, key: &'static str, report: &mut Report<'_>) -> Option<T> {
        T::read(self.take(key)?, report)
    }

    /// A whole number that must be there and within a range.
    pub(crate) fn within(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u32>,
        report: &mut Report<'_>,
    ) -> Option<u32> {
        let Placed { at, value } = self.required::<Placed<u32>>(key, report)?;
        check_range(key, at, value, range, report)
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn close(self, report: &mut Report<'_>) {
        let mut asked = self.asked;
        asked.sort_unstable();
        for (key, _) in self.entries {
            refuse_key(&key, &asked, report);
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Placed<Value>> {
        self.asked.push(key);
        let index = self.entries.iter().position(|(name, _)| name.value == key)?;
        let (_, value) = self.entries.remove(index);
        (value.value != Value::Nothing).then_some(value)
    }
}

impl Value {
    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::Date(_) => "a date",
            Self::Truth(_) => "a truth value",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// The values, when none of them stands twice.
pub(crate) fn without_duplicates<T: Clone + Ord>(values: Vec<Placed<T>>, report: &mut Report<'_>) -> Option<Vec<T>> {
    let mut kept: Vec<T> = Vec::new();
    let mut seen = BTreeSet::new();
    let count = values.len();
    for Placed { at, value } in values {
        if !seen.insert(value.clone()) {
            report.error(at, Code::DuplicateEntry, "This list names the same thing twice.", "Take one of the two out.");
        } else {
            kept.push(value);
        }
    }
    (kept.len() == count).then_some(kept)
}

/// A list that must hold something.
pub(crate) fn filled<T: FromField>(table: &mut Table, key: &'static str, report: &mut Report<'_>) -> Option<Vec<T>> {
    let Placed { at, value } = table.required::<Placed<Vec<T>>>(key, report)?;
    if value.is_empty() {
        report.error(at, Code::EmptyList, format!("`{key}` is empty."), "Write at least one entry.");
        return None;
    }
    Some(value)
}

/// A list that may be left out, and holds something where it is there. Empty: it was left out.
pub(crate) fn perhaps_filled<T: FromField>(
    table: &mut Table,
    key: &'static str,
    report: &mut Report<'_>,
) -> Option<Vec<T>> {
    let Some(Placed { at, value }) = table.optional::<Placed<Vec<T>>>(key, report) else { return Some(Vec::new()) };
    if value.is_empty() {
        report.error(at, Code::EmptyList, format!("`{key}` is empty."), "Write at least one entry, or leave it out.");
        return None;
    }
    Some(value)
}

/// The number, when it lies within the range.
pub(crate) fn check_range(
    key: &str,
    at: usize,
    value: u32,
    range: RangeInclusive<u32>,
    report: &mut Report<'_>,
) -> Option<u32> {
    if range.contains(&value) {
        return Some(value);
    }
    let help = format!("Write a number from {} to {}.", range.start(), range.end());
    report.error(at, Code::OutOfRange, format!("`{key}` is {value}, which is out of range."), help);
    None
}

pub(crate) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// What names look like, for the help of problems.
pub(crate) const NAME_HELP: &str =
    "Use 1 to 64 small letters, digits and hyphens, with a letter or a digit at both ends.";

/// Whether something can have that name. What names look like is the same for all of them, and not every kind has a type of
/// its own.
pub(crate) fn is_name(text: &str) -> bool {
    model::FactId::new(text).is_ok()
}

/// Reports a key that has no place beside the ones that are known.
pub(crate) fn refuse_key(key: &Placed<String>, known: &[&str], report: &mut Report<'_>) {
    let otherwise = format!("Take it out; what may stand here is {}.", listed(known));
    let help = did_you_mean(&key.value, known.iter().copied(), otherwise);
    report.error(key.at, Code::UnknownKey, format!("`{}` is not a key that is known here.", key.value), help);
}
