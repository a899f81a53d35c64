//! Where people stood, recomputed from a log alone: the table of ARCHITECTURE.md, and what another program makes of the same log.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod log;
mod random;

use std::{fs, path::Path, process::Command};

use audit::{Bundle, Fact, Known, Moment, NotRecomputed, PersonKey, Recipient, Trusted, Verdict, matrix, verify};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use log::{Log, at};
use random::random_log;

/// The lines of a matrix without its head, each by its cells.
fn rows(bundle: &Bundle, day: &str, known: Known) -> Vec<Vec<String>> {
    let table = matrix(bundle, Moment::parse(day).unwrap(), known).unwrap();
    let lines = table.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// A row of the table in ARCHITECTURE.md: what is asked, what was done, on which day; status and by when it is wanted.
struct Case {
    asked: String,
    done: String,
    on: NaiveDate,
    status: String,
    due: String,
}

fn long(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d %B %Y").unwrap()
}

impl Case {
    fn read(line: &str) -> Self {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let due = cells[4].strip_prefix("by ").map(|by| long(by.split_once(':').unwrap().0).to_string());
        Self {
            asked: cells[0].to_owned(),
            done: cells[1].to_owned(),
            on: long(cells[2]),
            status: cells[3].split('`').nth(1).unwrap().to_owned(),
            due: due.unwrap_or_default(),
        }
    }

    /// A log in which it is so.
    fn log(&self) -> Bundle {
        let mut log = Log::begin("2024-01-01T09:00:00Z");
        let amy = PersonKey([1; 32]);
        log.publishes("module/m", 1, 1, "the first");
        let (schedule, since) = match self.asked.split(", ").collect::<Vec<_>>()[..] {
            ["once", ..] => (r#"{"Once":{"days":14}}"#, "2026-03-02"),
            ["every year", theirs] if theirs.starts_with("theirs") => (EVERY_YEAR, "2026-11-22"),
            _ => (EVERY_YEAR, "2024-01-01"),
        };
        log.publishes_programme("p", 1, schedule, r#""m""#, "");
        log.says(Some(&amy), Some("2024-01-01"), vec![Fact::Began]);
        if self.asked != "by no programme" {
            let to = Recipient::Person(audit::Link([0; 32]));
            log.says(Some(&amy), Some(since), vec![Fact::Assigned { programme: "p".to_owned(), to }]);
        }
        if self.asked.ends_with("but excused") {
            log.says(Some(&amy), None, vec![Fact::Exempted { thing: "module/m".to_owned(), until: None }]);
        }
        let (done, replaced) = self.done.split_once(", replaced on ").unwrap_or((&self.done, ""));
        if !done.starts_with("never") {
            let (day, months) = done.split_once(" for ").unwrap_or((done, "12 months"));
            let day = long(day);
            let until = day + Months::new(months.trim_end_matches(" months").parse().unwrap());
            // At nine in the morning; none of these days is in the last week of a month in which the clocks change.
            let nine = |day: NaiveDate| {
                let hour = if (4..=10).contains(&day.month()) { 8 } else { 9 };
                at(&format!("{day}T0{hour}:00:00Z"))
            };
            log.now = nine(day);
            log.passes(&amy, "m", 1, nine(until));
        }
        for (number, day) in (2..).zip(replaced.split(" and on ").filter(|day| !day.is_empty())) {
            log.now = at(&format!("{}T00:00:00Z", long(day)));
            log.publishes("module/m", number, number, "another");
        }
        log.ends()
    }
}

const EVERY_YEAR: &str = r#"{"CompanyYear":{"due_days":30,"first_day":"2000-09-01","window":90}}"#;

#[test]
fn the_table_in_the_architecture_is_so_by_the_log_alone() {
    let architecture = include_str!("../../../../../ARCHITECTURE.md");
    let table = architecture.lines().skip_while(|line| !line.starts_with("| Asked | Done |")).skip(2);
    let cases = table.take_while(|line| line.starts_with("| ")).map(Case::read);
    // What is under way is no entry.
    let cases: Vec<Case> = cases.filter(|case| !case.done.ends_with("begun")).collect();
    assert!(cases.len() > 40);
    for case in cases {
        let found = rows(&case.log(), &format!("{}T12:00", case.on), Known::Then);
        let what = format!("{}, done {}, on {}", case.asked, case.done, case.on);
        if case.asked == "by no programme" {
            assert!(found.is_empty(), "{what}");
        } else {
            assert_eq!(found[0][4..6], [case.status, case.due], "{what}");
        }
    }
}

/// What a day of a whole life in a log says: due and done, as at the day and as known then.
#[test]
fn what_was_corrected_later_counted_as_it_was_known_then() {
    let mut log = Log::begin("2026-01-05T09:00:00Z");
    let amy = PersonKey([1; 32]);
    log.publishes("module/m", 1, 1, "the first");
    log.publishes_programme("p", 1, r#"{"Once":{"days":14,"on":"2026-02-01"}}"#, r#""m""#, "");
    log.says_of(Some(&amy), Some("2026-01-05"), vec![Fact::Began], Some("=Amy"));
    let group = vec![Fact::GroupMade { group: 1, parent: None }, Fact::GroupMade { group: 2, parent: Some(1) }];
    log.says(None, Some("2026-01-01"), group);
    log.says(Some(&amy), Some("2026-01-10"), vec![Fact::MembershipBegun { group: 2 }]);
    let assigned = Fact::Assigned { programme: "p".to_owned(), to: Recipient::Group(1) };
    log.says(None, Some("2026-01-01"), vec![assigned]);
    log.now = at("2026-01-20T09:00:00Z");
    let pass = log.passes(&amy, "m", 1, at("2027-01-20T09:00:00Z"));
    log.now = at("2026-03-01T09:00:00Z");
    let correction = Fact::Corrected { leaf: pass, code: audit::Correction::NeverHappened, replaced_by: None };
    let corrected = log.says(Some(&amy), None, vec![correction]);
    let bundle = log.ends();
    let cells = |day, known| rows(&bundle, day, known).concat()[1..].join(" ");
    assert_eq!(cells("2026-01-19", Known::Then), "'=Amy p module/m not-started 2026-02-01 ");
    assert_eq!(cells("2026-02-10", Known::Then), "'=Amy p module/m passed  2026-01-20");
    assert_eq!(cells("2026-02-10", Known::UpTo(corrected)), "'=Amy p module/m overdue 2026-02-01 ");
    assert_eq!(cells("2026-02-10", Known::UpTo(corrected - 1)), "'=Amy p module/m passed  2026-01-20");
    assert_eq!(rows(&bundle, "2026-01-09", Known::Then), Vec::<Vec<String>>::new());
}

/// A group that is renamed is put where it stands.
#[test]
fn who_stays_below_a_group_gets_no_more_time() {
    let mut log = Log::begin("2026-01-05T09:00:00Z");
    let amy = PersonKey([1; 32]);
    log.publishes("module/m", 1, 1, "the first");
    log.publishes_programme("p", 1, r#"{"Once":{"days":14}}"#, r#""m""#, "");
    let made = |group, parent| Fact::GroupMade { group, parent };
    log.says(None, Some("2026-01-01"), vec![made(1, None), made(2, Some(1)), made(3, Some(2)), made(4, Some(1))]);
    let begun = vec![Fact::Began, Fact::MembershipBegun { group: 3 }];
    log.says(Some(&amy), Some("2026-01-05"), begun);
    let assigned = Fact::Assigned { programme: "p".to_owned(), to: Recipient::Group(1) };
    log.says(None, Some("2026-01-01"), vec![assigned]);
    let places = |log: &mut Log, day: &str, group, parent| {
        log.now += 1;
        log.says(None, Some(day), vec![Fact::GroupMoved { group, parent }]);
    };
    places(&mut log, "2026-01-10", 1, None);
    places(&mut log, "2026-01-11", 2, Some(1));
    places(&mut log, "2026-01-12", 3, Some(4));
    let joins = vec![Fact::MembershipEnded { group: 3 }, Fact::MembershipBegun { group: 2 }];
    log.says(Some(&amy), Some("2026-01-13"), joins);
    places(&mut log, "2026-01-14", 2, None);
    places(&mut log, "2026-01-16", 2, Some(1));
    let last = log.bundle.manifest.size - 1;
    let bundle = log.ends();
    let due = |day| rows(&bundle, day, Known::UpTo(last)).first().map(|row| row[5].clone());
    for day in ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-12", "2026-01-13"] {
        assert_eq!(due(day).as_deref(), Some("2026-01-19"), "{day}");
    }
    assert_eq!(due("2026-01-15"), None);
    assert_eq!(due("2026-01-16").as_deref(), Some("2026-01-30"));
}

#[test]
fn what_is_appended_later_changes_nothing_that_was_known() {
    for seed in 0..20 {
        let whole = random_log(seed);
        let size = whole.manifest.size;
        for last in [size / 3, size / 2, size - 1] {
            let mut part = whole.clone();
            part.leaves.truncate(usize::try_from(last).unwrap() + 1);
            part.openings.retain(|number, _| *number <= last);
            part.manifest.size = last + 1;
            for day in ["2026-02-01", "2026-09-03T12:00", "2027-06-30"] {
                let moment = Moment::parse(day).unwrap();
                let known = Known::UpTo(last);
                assert_eq!(matrix(&whole, moment, known), matrix(&part, moment, known), "{seed}: {day}, {last}");
            }
        }
    }
}

#[test]
fn another_program_says_the_same_of_the_same_log() {
    let folder = std::env::temp_dir().join(format!("induct-matrix-{}", std::process::id()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../end2end/verify_log.py");
    let mut lines = 0;
    for seed in 100..104 {
        let bundle = random_log(seed);
        let report = verify(&bundle, &Trusted::default());
        assert_eq!(report.verdict, Verdict::NotAnchored, "{seed}: {report:?}");
        drop(fs::remove_dir_all(&folder));
        // Names may stand in a file of their own.
        let apart = bundle.write_apart().unwrap();
        assert_eq!(Bundle::read(&apart).unwrap(), bundle, "{seed}");
        for (name, bytes) in if seed % 2 == 0 { apart } else { bundle.write().unwrap() } {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let size = bundle.manifest.size;
        let days = ["2026-01-31", "2026-06-15T12:30", "2026-10-25T01:30", "2027-02-28", "2027-09-30"];
        for (turn, day) in (seed..).zip(days) {
            let known = [Known::Then, Known::UpTo(size * (turn % 5 + 1) / 6), Known::UpTo(size - 1)];
            let known = known[usize::try_from(turn % 3).unwrap()];
            let mut run = Command::new("python3");
            run.arg("-B").arg(&script).arg(&folder).args(["--matrix", day]);
            if let Known::UpTo(entry) = known {
                run.args(["--known-at", &entry.to_string()]);
            }
            let said = run.output().unwrap();
            assert_eq!(said.status.code(), Some(10), "{}", String::from_utf8_lossy(&said.stderr));
            let ours = matrix(&bundle, Moment::parse(day).unwrap(), known).unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap(), ours, "{seed}: {day}, {known:?}");
            lines += ours.lines().count() - 1;
        }
    }
    drop(fs::remove_dir_all(&folder));
    assert!(lines > 200, "{lines}");
}

#[test]
fn of_what_is_not_there_nothing_is_said() {
    let mut log = Log::begin("2026-01-05T09:00:00Z");
    log.publishes("programme/p", 1, 1, "no programme");
    let bundle = log.ends();
    let moment = Moment::parse("2026-01-05").unwrap();
    let beyond = matrix(&bundle, moment, Known::UpTo(1));
    assert_eq!(beyond, Err(NotRecomputed::NoSuchEntry { number: 1, size: 1 }));
    assert!(matches!(matrix(&bundle, moment, Known::Then), Err(NotRecomputed::NoProgramme(_))));
    let before = Moment::parse(&(NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() - Days::new(1)).to_string()).unwrap();
    assert_eq!(matrix(&bundle, before, Known::Then).unwrap().lines().count(), 1);
}
