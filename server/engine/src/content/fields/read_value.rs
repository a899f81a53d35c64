//! Values into types: text, numbers, dates, stretches of time, words and names.

use chrono::{Datelike as _, Months, NaiveDate, TimeDelta, Weekday};
use model::{AgreementSlug, FactId, ModuleSlug};

use super::record::{FromField, NAME_HELP, Placed, Table, Value, listed};
use crate::catalogue::QuizAfter;
use crate::content::{
    problems::{Code, Report},
    text::did_you_mean,
};

impl<T: FromField> FromField for Placed<T> {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let at = value.at;
        Some(Self { at, value: T::read(value, report)? })
    }
}

impl<T: FromField> FromField for Vec<T> {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let Value::List(items) = value.value else {
            return wrong_kind(&value, "a list", "Write it between square brackets: `[\"…\", \"…\"]`.", report);
        };
        let count = items.len();
        // Every item is read before it is decided, so that all their problems are seen.
        let read: Vec<T> = items.into_iter().filter_map(|item| T::read(item, report)).collect();
        (read.len() == count).then_some(read)
    }
}

impl FromField for bool {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        match value.value {
            Value::Truth(truth) => Some(truth),
            _ => wrong_kind(&value, "a truth value", "Write `true` or `false`, without quotation marks.", report),
        }
    }
}

impl FromField for Table {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        match value.value {
            Value::Table(table) => Some(table),
            _ => wrong_kind(&value, "a table of keys and values", "Write each key on a line of its own.", report),
        }
    }
}

impl FromField for String {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let at = value.at;
        let Value::Text(text) = value.value else {
            return wrong_kind(&value, "text", "Write it between quotation marks.", report);
        };
        let text = text.trim();
        if text.is_empty() {
            report.error(at, Code::EmptyText, "There is no text between the quotation marks.", "Write the text.");
            return None;
        }
        if text.contains("{{") {
            let help = "Write it in words, or move it into a page.";
            report.error(at, Code::FactNotHere, "A fact cannot be put in place here, only in running text.", help);
            return None;
        }
        Some(text.to_owned())
    }
}

impl FromField for u32 {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let Value::Whole(number) = value.value else {
            return wrong_kind(&value, "a whole number", "Write digits without quotation marks.", report);
        };
        let read = Self::try_from(number).ok();
        if read.is_none() {
            let help = "Write a whole number of 0 or more.";
            report.error(value.at, Code::OutOfRange, format!("{number} is out of range."), help);
        }
        read
    }
}

impl FromField for NaiveDate {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let written = match value.value {
            Value::Date(date) => return Some(date),
            Value::Text(ref text) => text,
            _ => return wrong_kind(&value, "a date", DATE_HELP, report),
        };
        let date = Self::parse_from_str(written, "%Y-%m-%d").ok();
        // `%Y-%m-%d` also takes "2026-1-2", which other tools do not.
        let date = date.filter(|date| date.to_string() == *written);
        if date.is_none() {
            report.error(value.at, Code::BadDate, format!("`{written}` is not a date."), DATE_HELP);
        }
        date
    }
}

const DATE_HELP: &str = "Write year, month and day like this: 2026-09-01.";

/// A day that comes every year, in the year 2000.
pub(crate) struct YearDay(pub(crate) NaiveDate);

impl FromField for YearDay {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        const HELP: &str = "Write a day that every year has, like this: \"1 September\".";
        let Value::Text(ref text) = value.value else { return wrong_kind(&value, "a day of the year", HELP, report) };
        let day = NaiveDate::parse_from_str(&format!("{} 2000", text.trim()), "%d %B %Y").ok();
        let day = day.filter(|day| (day.month(), day.day()) != (2, 29));
        if day.is_none() {
            report.error(value.at, Code::BadDate, format!("`{text}` is not a day of every year."), HELP);
        }
        day.map(Self)
    }
}

impl FromField for Months {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        const HELP: &str = "Write it like this: \"12 months\" or \"2 years\".";
        let Value::Text(ref text) = value.value else { return wrong_kind(&value, "a stretch of time", HELP, report) };
        let months = text.trim().split_once(' ').and_then(|(number, unit)| {
            let number: u32 = number.parse().ok()?;
            match unit.trim() {
                "month" | "months" => Some(number),
                "year" | "years" => number.checked_mul(12),
                _ => None,
            }
        });
        match months.filter(|months| (1..=120).contains(months)) {
            Some(months) => Some(Self::new(months)),
            None => {
                let message = format!("`{text}` is not a stretch of time between 1 month and 10 years.");
                report.error(value.at, Code::BadDuration, message, HELP);
                None
            }
        }
    }
}

impl FromField for TimeDelta {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        const HELP: &str = "Write it like this: `10m`, `1h` or `1d`.";
        let Value::Text(ref text) = value.value else { return wrong_kind(&value, "a stretch of time", HELP, report) };
        let text = text.trim();
        let number = |digits: &str| digits.parse::<u32>().ok().map(i64::from);
        let minutes = match text.char_indices().next_back() {
            Some((end, 'm')) => number(&text[..end]),
            Some((end, 'h')) => number(&text[..end]).map(|hours| hours * 60),
            Some((end, 'd')) => number(&text[..end]).map(|days| days * 60 * 24),
            _ => None,
        };
        let longest = Self::days(31);
        match minutes.and_then(Self::try_minutes).filter(|time| *time <= longest) {
            Some(time) => Some(time),
            None => {
                let message = format!("`{text}` is not a stretch of time of 31 days or less.");
                report.error(value.at, Code::BadDuration, message, HELP);
                None
            }
        }
    }
}

/// Reads one of a few words.
fn word<T: Copy>(value: Placed<Value>, words: &[(&'static str, T)], code: Code, report: &mut Report<'_>) -> Option<T> {
    let at = value.at;
    let text = String::read(value, report)?;
    if let Some((_, known)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*known);
    }
    let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    let help = did_you_mean(&text, names.iter().copied(), format!("Write one of {}.", listed(&names)));
    report.error(at, code, format!("`{text}` is not known here."), help);
    None
}

impl FromField for QuizAfter {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        word(value, &[("nothing", Self::Nothing), ("pages", Self::Pages)], Code::UnknownWord, report)
    }
}

impl FromField for Weekday {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let days = [
            ("monday", Self::Mon),
            ("tuesday", Self::Tue),
            ("wednesday", Self::Wed),
            ("thursday", Self::Thu),
            ("friday", Self::Fri),
            ("saturday", Self::Sat),
            ("sunday", Self::Sun),
        ];
        word(value, &days, Code::UnknownWord, report)
    }
}

macro_rules! read_names {
    ($($name:ty),*) => {$(
        impl FromField for $name {
            fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
                let at = value.at;
                let text = String::read(value, report)?;
                let name = Self::new(text.as_str()).ok();
                if name.is_none() {
                    report.error(at, Code::BadName, format!("`{text}` cannot be a name."), NAME_HELP);
                }
                name
            }
        }
    )*};
}

read_names!(ModuleSlug, AgreementSlug, FactId);

pub(crate) fn wrong_kind<T>(value: &Placed<Value>, expected: &str, help: &str, report: &mut Report<'_>) -> Option<T> {
    let message = format!("This should be {expected}, not {}.", value.value.kind());
    report.error(value.at, Code::WrongKind, message, help);
    None
}
