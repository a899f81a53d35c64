//! A programme: which modules and agreements people do, and by when.

use chrono::NaiveDate;
use model::ProgrammeSlug;

use super::{
    fields::{FromField, Placed, Table, Value, YearDay, check_range, read_toml},
    problems::{Code, Report},
    prose::Known,
    references::{audience, known_agreements, known_modules},
};
use crate::catalogue::{CompanyYear, Programme, Schedule};

/// Reads a programme. `None` when it has an error, and then the report says which.
pub(super) fn read_programme(
    slug: ProgrammeSlug,
    text: &str,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> Option<Programme> {
    let mut table = read_toml(text, report)?;
    let title = table.required("title", report);
    let summary = table.required("summary", report);
    let audience = audience(&mut table, known, report);
    let by_hand = table.optional("by_hand", report).unwrap_or_default();
    let schedule = read_schedule(&mut table, report);
    let modules = table.optional("modules", report).unwrap_or_default();
    let modules = known_modules(modules, known, report);
    let agreements = table.optional("agreements", report).unwrap_or_default();
    let agreements = known_agreements(agreements, known, report);
    table.close(report);
    let (modules, agreements) = (modules?, agreements?);
    if modules.is_empty() && agreements.is_empty() {
        let help = "Name at least one module or agreement.";
        report.error(0, Code::EmptyProgramme, "This programme asks for nothing.", help);
    }
    let programme = Programme {
        slug,
        title: title?,
        summary: summary?,
        audience: audience?,
        by_hand,
        schedule: schedule?,
        modules,
        agreements,
    };
    (!report.has_errors()).then_some(programme)
}

/// With which day a year of a programme begins.
enum YearBegins {
    On(YearDay),
    /// With the day on which somebody began, and so with another one for each.
    AtStart,
}

impl FromField for YearBegins {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        if matches!(&value.value, Value::Text(text) if text.trim() == "start date") {
            return Some(Self::AtStart);
        }
        YearDay::read(value, report).map(Self::On)
    }
}

/// Once, unless it says with which day its year begins.
fn read_schedule(table: &mut Table, report: &mut Report<'_>) -> Option<Schedule> {
    let days = table.required::<Placed<u32>>("due_days", report);
    let year = table.optional::<Placed<YearBegins>>("year_begins", report);
    let window = table.optional::<Placed<u32>>("window_days", report);
    let on = table.optional::<Placed<NaiveDate>>("due_on", report);
    if let (Some(on), Some(_)) = (&on, &year) {
        let help = "Take out `due_on`, or `year_begins` if it comes once.";
        report.error(on.at, Code::DayOfOneYear, "A programme that comes again is not due by a day of one year.", help);
        return None;
    }
    match (year, window) {
        (None, None) => {
            let Placed { at, value } = days?;
            let days = check_range("due_days", at, value, 1..=3650, report)?;
            Some(Schedule::Once { days, on: on.map(|on| on.value) })
        }
        (None, Some(window)) => {
            let help = "Add `year_begins = \"1 September\"` or `year_begins = \"start date\"`, or take this out.";
            report.error(window.at, Code::WindowNotHere, "Only a programme that comes again has a window.", help);
            None
        }
        (Some(year), window) => {
            let window =
                window.map_or(Some(0), |Placed { at, value }| check_range("window_days", at, value, 0..=300, report));
            // So that each year has days on which what is missing is overdue.
            let due_days = days.and_then(|Placed { at, value }| check_range("due_days", at, value, 0..=300, report));
            let (window, due_days) = (window?, due_days?);
            Some(match year.value {
                YearBegins::On(YearDay(first_day)) => {
                    Schedule::CompanyYear(CompanyYear { first_day, window, due_days })
                }
                YearBegins::AtStart => Schedule::OwnYear { window, due_days },
            })
        }
    }
}
