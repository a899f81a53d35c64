use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;

use super::{
    day::{after, before, read_day},
    record::things,
};

/// A programme, so far as it decides where anybody stands.
#[derive(Debug)]
pub(super) struct Programme {
    pub parts: BTreeSet<String>,
    pub schedule: Schedule,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Schedule {
    Once {
        days: u32,
        on: Option<NaiveDate>,
    },
    /// `first`: the day and month with which each year begins. `None`: with those on which it became theirs.
    Yearly {
        first: Option<NaiveDate>,
        window: u32,
        days: u32,
    },
}

/// Something that a programme asks of somebody.
#[derive(Debug)]
pub(super) struct Demand<'r> {
    pub programme: &'r str,
    pub schedule: Schedule,
    /// From which day days are counted.
    pub from: NaiveDate,
    /// On which the programme became theirs.
    pub began: NaiveDate,
}

#[derive(Deserialize)]
struct Text {
    format: u32,
    kind: String,
    what: What,
}

#[derive(Deserialize)]
struct What {
    agreements: Vec<String>,
    modules: Vec<String>,
    schedule: Written,
}

#[derive(Deserialize)]
enum Written {
    Once {
        days: u32,
        #[serde(default)]
        on: Option<String>,
    },
    CompanyYear {
        due_days: u32,
        first_day: String,
        window: u32,
    },
    OwnYear {
        due_days: u32,
        window: u32,
    },
}

impl Programme {
    /// Reads the text of one. `None`: it is none.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let Text { format: 1, kind, what } = serde_json::from_slice(text).ok()? else { return None };
        let schedule = match what.schedule {
            Written::Once { days, on } => {
                Schedule::Once { days, on: on.map(|on| read_day(&on).ok_or(())).transpose().ok()? }
            }
            Written::CompanyYear { due_days, first_day, window } => {
                let first = read_day(&first_day).filter(|first| *first == in_every_year(*first))?;
                Schedule::Yearly { first: Some(first), window, days: due_days }
            }
            Written::OwnYear { due_days, window } => Schedule::Yearly { first: None, window, days: due_days },
        };
        (kind == "programme").then(|| Self { parts: things(&what.modules, &what.agreements), schedule })
    }
}

impl Schedule {
    /// How many days there are to do something.
    pub(super) fn days(self) -> u32 {
        match self {
            Self::Once { days, .. } | Self::Yearly { days, .. } => days,
        }
    }
}

impl Demand<'_> {
    /// By when it is due from who begins with it on a day.
    pub(super) fn first_due(&self, day: NaiveDate) -> NaiveDate {
        match self.schedule {
            Schedule::Once { days, on } => {
                let theirs = after(self.from, days);
                on.map_or(theirs, |on| on.max(theirs))
            }
            Schedule::Yearly { .. } => {
                let this = self.year(day);
                let next = self.next(this);
                self.due_in(if self.is_open(next, day) { next } else { this })
            }
        }
    }

    /// By when it is due in years on a day, given on which day something of the edition was done last. `None`: it is done for now.
    pub(super) fn due(&self, done: Option<NaiveDate>, day: NaiveDate) -> Option<NaiveDate> {
        let this = self.year(day);
        let next = self.next(this);
        let counts = |year| done.is_some_and(|done| self.is_open(year, done));
        if !counts(this) {
            return Some(self.due_in(this));
        }
        (self.is_open(next, day) && !counts(next)).then(|| self.due_in(next))
    }

    /// The first day of the year in which a day lies.
    fn year(&self, day: NaiveDate) -> NaiveDate {
        let first = self.first_of(day.year());
        if first <= day { first } else { self.first_of(day.year() - 1) }
    }

    fn next(&self, year: NaiveDate) -> NaiveDate {
        self.first_of(year.year() + 1)
    }

    fn first_of(&self, year: i32) -> NaiveDate {
        let first = match self.schedule {
            Schedule::Yearly { first: Some(first), .. } => first,
            _ => in_every_year(self.began),
        };
        first.with_year(year).unwrap_or(first)
    }

    fn is_open(&self, year: NaiveDate, day: NaiveDate) -> bool {
        let Schedule::Yearly { window, .. } = self.schedule else { return false };
        day >= before(year, window)
    }

    fn due_in(&self, year: NaiveDate) -> NaiveDate {
        after(year.max(self.from), self.schedule.days())
    }
}

/// A day that every year has: 28 February for the 29th.
fn in_every_year(day: NaiveDate) -> NaiveDate {
    if (day.month(), day.day()) == (2, 29) { before(day, 1) } else { day }
}
