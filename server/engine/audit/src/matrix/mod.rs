//! Where everybody stood with everything that was asked of them, as at a moment and by what was known, recomputed from a whole log as `FORMAT.md` says
//! under "Standing": `day` says what day it is, `record` puts together what entries say, `programme` by when something is due, `stands` where
//! somebody stands with it, `asking` what is asked of whom.
//!
//! Invariant: it is computed anew, and from nothing but the log; the engine's own answer is no part of it.

mod asking;
mod day;
mod programme;
mod record;
mod stands;

pub use day::Moment;

use asking::Asking;
use record::{Entry, Record};

use crate::bundle::Bundle;

/// By what somebody wants to know where others stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// By what had been decided by that moment.
    Then,
    /// By the entries up to the one of this number.
    UpTo(u64),
}

/// Why it cannot be said where people stood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRecomputed {
    /// There is no entry of that number.
    #[error("there is no entry {number}: the log has {size}, counted from 0")]
    NoSuchEntry {
        /// Which number.
        number: u64,
        /// How many there are.
        size: u64,
    },
    /// What that entry says cannot be read.
    #[error("what entry {0} says cannot be read")]
    Unreadable(u64),
    /// The text with that digest is no programme.
    #[error("the text {0} is no programme that is understood")]
    NoProgramme(String),
}

/// What each line of the table says.
const TITLES: [&str; 7] = ["person", "name", "programmes", "thing", "status", "due", "done"];

/// With what a cell begins that spreadsheet programs would calculate.
const CALCULATED: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

impl Known {
    fn has(self, entry: &Entry, at: Moment) -> bool {
        match self {
            Self::Then => entry.at <= at,
            Self::UpTo(last) => entry.number <= last,
        }
    }
}

/// Where everybody stood at a moment with what was asked of them, as CSV: by pseudonym, with names where the log has them. The log must have been found
/// to be valid.
///
/// # Errors
/// [`NotRecomputed`] when there is no such entry, or something in the log is not as it should be.
pub fn matrix(bundle: &Bundle, at: Moment, known: Known) -> Result<String, NotRecomputed> {
    let size = bundle.manifest.size;
    if let Known::UpTo(number) = known
        && number >= size
    {
        return Err(NotRecomputed::NoSuchEntry { number, size });
    }
    let record = Record::of(bundle)?;
    let asking = Asking::new(&record, bundle, at, known)?;
    // Spreadsheet programs take it for UTF-8 by this mark alone.
    let mut table = String::from('\u{feff}');
    line(&mut table, &TITLES);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    for (pseudonym, person) in &record.people {
        let name = harmless(&person.name);
        let who = pseudonym.to_hex();
        for (thing, programmes, stands) in asking.row(pseudonym, person) {
            let (programmes, due, done) = (programmes.join(" "), day(stands.due), day(stands.done));
            line(&mut table, &[&who, &name, &programmes, thing, stands.status, &due, &done]);
        }
    }
    Ok(table)
}

fn harmless(cell: &str) -> String {
    if cell.starts_with(CALCULATED) { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes a line as RFC 4180 has it.
fn line(table: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            table.push(',');
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            table.push('"');
            table.push_str(&cell.replace('"', "\"\""));
            table.push('"');
        } else {
            table.push_str(cell);
        }
    }
    table.push_str("\r\n");
}
