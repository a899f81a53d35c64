//! Where somebody stands: the table of ARCHITECTURE.md, and what holds in every case.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod always;
mod cases;
mod days;
mod table;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use engine::{Asked, Cell, Edition};
use model::{ProgrammeSlug, Status};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first moment of a day in the United Kingdom.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    London.from_local_datetime(&day.and_hms_opt(0, 0, 0).unwrap()).unwrap().to_utc()
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    midnight(day) + TimeDelta::hours(12)
}

fn programme(name: &str) -> ProgrammeSlug {
    ProgrammeSlug::new(name).unwrap()
}

fn is_late(cell: &Cell) -> bool {
    matches!(cell.status, Status::Overdue | Status::Expired)
}

/// What is asked when nothing is said: the first edition, of old, of nobody.
fn asked() -> Asked {
    Asked {
        demands: Vec::new(),
        exempt: false,
        edition: Edition { number: 1, since: midnight(day("2024-01-01")) },
        replaced: Vec::new(),
        begun: false,
        open: false,
    }
}
