//! The table of ARCHITECTURE.md.

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use engine::{
    Asked, Demand, Done, Edition, Why,
    catalogue::{CompanyYear, Schedule},
    standing,
};

use crate::{asked, day, midnight, noon, programme};

/// A row of the table: what is asked, what was done, the day, and what is said of it.
struct Row {
    asked: &'static str,
    done: &'static str,
    on: &'static str,
}

const fn row(asked: &'static str, done: &'static str, on: &'static str) -> Row {
    Row { asked, done, on }
}

const NEVER: &str = "never";
const BEGUN: &str = "never, but begun";
const COUNTS: &str = "10 March 2026 for 12 months";
const BEFORE: &str = "5 March 2025 for 12 months";
const REPLACED: &str = "10 March 2026, replaced on 1 June 2026";
const REPLACED_SOON_AGAIN: &str = "10 March 2026, replaced on 1 June 2026 and on 10 June 2026";
const REPLACED_AGAIN: &str = "10 March 2026, replaced on 1 June 2026 and on 1 August 2026";
const BEFORE_REPLACED: &str = "5 March 2025 for 12 months, replaced on 1 June 2026";
const LAST_YEAR: &str = "10 October 2025 for 24 months";
const IN_WINDOW: &str = "10 June 2026 for 12 months";
const YEAR_RAN_OUT: &str = "20 September 2025 for 12 months";
const HALF_A_YEAR: &str = "10 October 2025 for 6 months";
const YEAR_REPLACED: &str = "10 September 2026, replaced on 1 November 2026";
const YEAR_RAN_OUT_REPLACED: &str = "20 September 2025 for 12 months, replaced on 1 November 2026";

const ONCE: &str = "once";
const YEAR: &str = "every year";
const MID_YEAR: &str = "every year, theirs from 22 November 2026";
const EXEMPT: &str = "once, but excused";
const NOBODY: &str = "by no programme";

const TABLE: [Row; 49] = [
    row(ONCE, NEVER, "2026-03-02"),
    row(ONCE, BEGUN, "2026-03-02"),
    row(ONCE, NEVER, "2026-03-09"),
    row(ONCE, NEVER, "2026-03-16"),
    row(ONCE, NEVER, "2026-03-17"),
    row(ONCE, COUNTS, "2026-12-09"),
    row(ONCE, COUNTS, "2026-12-10"),
    row(ONCE, COUNTS, "2027-03-03"),
    row(ONCE, COUNTS, "2027-03-10"),
    row(ONCE, REPLACED, "2026-06-01"),
    row(ONCE, REPLACED, "2026-06-15"),
    row(ONCE, REPLACED, "2026-06-16"),
    row(ONCE, REPLACED_SOON_AGAIN, "2026-06-10"),
    row(ONCE, REPLACED_AGAIN, "2026-08-01"),
    row(ONCE, BEFORE_REPLACED, "2026-06-01"),
    row(ONCE, BEFORE, "2026-03-02"),
    row(ONCE, BEFORE, "2026-03-06"),
    row(ONCE, BEFORE, "2026-03-17"),
    row(YEAR, NEVER, "2026-09-01"),
    row(YEAR, NEVER, "2026-10-01"),
    row(YEAR, NEVER, "2026-10-02"),
    row(YEAR, NEVER, "2027-09-01"),
    row(MID_YEAR, NEVER, "2026-11-22"),
    row(YEAR, LAST_YEAR, "2026-06-02"),
    row(YEAR, LAST_YEAR, "2026-06-03"),
    row(YEAR, LAST_YEAR, "2026-09-24"),
    row(YEAR, LAST_YEAR, "2026-10-02"),
    row(YEAR, IN_WINDOW, "2026-06-10"),
    row(YEAR, IN_WINDOW, "2027-06-02"),
    row(YEAR, IN_WINDOW, "2027-06-03"),
    row(YEAR, YEAR_RAN_OUT, "2026-09-21"),
    row(YEAR, YEAR_RAN_OUT, "2026-10-02"),
    row(YEAR, HALF_A_YEAR, "2026-01-10"),
    row(YEAR, HALF_A_YEAR, "2026-04-11"),
    row(YEAR, HALF_A_YEAR, "2026-06-03"),
    row(YEAR, YEAR_REPLACED, "2026-11-01"),
    row(YEAR, YEAR_REPLACED, "2026-12-02"),
    row(YEAR, YEAR_RAN_OUT_REPLACED, "2026-11-01"),
    row(YEAR, YEAR_RAN_OUT_REPLACED, "2027-09-01"),
    row(EXEMPT, NEVER, "2026-03-17"),
    row(EXEMPT, COUNTS, "2026-12-09"),
    row(EXEMPT, COUNTS, "2027-03-10"),
    row(EXEMPT, REPLACED, "2026-06-16"),
    row(NOBODY, NEVER, "2026-03-17"),
    row(NOBODY, BEGUN, "2026-03-17"),
    row(NOBODY, COUNTS, "2026-12-09"),
    row(NOBODY, COUNTS, "2026-12-10"),
    row(NOBODY, COUNTS, "2027-03-10"),
    row(NOBODY, REPLACED, "2026-06-16"),
];

impl Row {
    fn asked(&self) -> Asked {
        let year = CompanyYear { first_day: day("2000-09-01"), window: 90, due_days: 30 };
        let demand =
            |schedule, from| vec![Demand { programme: programme("p"), schedule, from: day(from), began: day(from) }];
        let demands = match self.asked {
            ONCE | EXEMPT => demand(Schedule::Once { days: 14, on: None }, "2026-03-02"),
            YEAR => demand(Schedule::CompanyYear(year), "2024-01-01"),
            MID_YEAR => demand(Schedule::CompanyYear(year), "2026-11-22"),
            _ => Vec::new(),
        };
        let since: &[&str] = match self.done {
            REPLACED | BEFORE_REPLACED => &["2026-06-01"],
            REPLACED_SOON_AGAIN => &["2026-06-01", "2026-06-10"],
            REPLACED_AGAIN => &["2026-06-01", "2026-08-01"],
            YEAR_REPLACED | YEAR_RAN_OUT_REPLACED => &["2026-11-01"],
            _ => &[],
        };
        let mut replaced = vec![asked().edition];
        replaced.extend((2..).zip(since).map(|(number, since)| Edition { number, since: midnight(day(since)) }));
        let edition = replaced.pop().unwrap();
        let (exempt, begun) = (self.asked == EXEMPT, self.done == BEGUN);
        Asked { demands, exempt, edition, replaced, begun, ..asked() }
    }

    fn done(&self) -> Vec<Done> {
        let (at, until) = match self.done {
            NEVER | BEGUN => return Vec::new(),
            COUNTS | REPLACED | REPLACED_SOON_AGAIN | REPLACED_AGAIN => ("2026-03-10", "2027-03-10"),
            BEFORE | BEFORE_REPLACED => ("2025-03-05", "2026-03-05"),
            LAST_YEAR => ("2025-10-10", "2027-10-10"),
            IN_WINDOW => ("2026-06-10", "2027-06-10"),
            YEAR_RAN_OUT | YEAR_RAN_OUT_REPLACED => ("2025-09-20", "2026-09-20"),
            HALF_A_YEAR => ("2025-10-10", "2026-04-10"),
            _ => ("2026-09-10", "2027-09-10"),
        };
        let nine = |text| midnight(day(text)) + TimeDelta::hours(9);
        vec![Done { place: 0, at: nine(at), until: Some(nine(until)), edition: 1 }]
    }

    /// The row, as it stands in the table.
    fn written(&self) -> String {
        let cell = standing(&self.asked(), &self.done(), noon(day(self.on)));
        let (word, code) = (cell.status.word(), cell.status.code());
        let wanted = cell.wanted.map_or("nothing".to_owned(), |wanted| {
            let why = match wanted.why {
                Why::New => "it was not done yet",
                Why::Changed => "what was done has been replaced",
                Why::RanOut => "what was done has run out",
                Why::RunsOut => "what was done will run out",
                Why::NewYear => "a new year wants it",
                Why::Missed => "it was missed, and the new year wants it",
            };
            let programme = if wanted.programme.is_some() { "" } else { ", if they like" };
            format!("by {}: {why}{programme}", long(wanted.by))
        });
        let missed: Vec<_> = cell.missed.iter().map(|missed| missed.year.year().to_string()).collect();
        let missed = if missed.is_empty() { "none".to_owned() } else { missed.join(", ") };
        format!("| {} | {} | {} | {word} (`{code}`) | {wanted} | {missed} |", self.asked, self.done, long(day(self.on)))
    }
}

fn long(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[test]
fn the_table_in_the_architecture_is_what_is_so() {
    let architecture = include_str!("../../../../ARCHITECTURE.md");
    let table: Vec<&str> = architecture
        .split("\n## ")
        .find(|part| part.starts_with("Standing\n"))
        .into_iter()
        .flat_map(|part| part.lines().skip_while(|line| !line.starts_with("| Asked |")).skip(2))
        .take_while(|line| line.starts_with("| "))
        .collect();
    let written: Vec<String> = TABLE.iter().map(Row::written).collect();
    assert_eq!(table, written, "\n{}", written.join("\n"));
}
