//! The demonstration: everybody in it stands where it is said that they do, on whichever day of a year it is filled.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use engine::{
    Cell, DEMO_PASSWORD, Engine, ManualClock, SeededChance, Store, Thing,
    catalogue::Catalogue,
    content::{Sources, compile},
    local_date,
};
use model::Status;

use world::{Database, Kind, email, keys_of, monday, sources};

/// The turns of a year that has a leap day, and those of the company year in it.
const DAYS: [&str; 12] = [
    "2028-01-01",
    "2028-01-31",
    "2028-02-28",
    "2028-02-29",
    "2028-04-01",
    "2028-07-31",
    "2028-08-01",
    "2028-08-31",
    "2028-09-01",
    "2028-11-30",
    "2028-12-01",
    "2028-12-31",
];

/// What the staff of the provider that ships have: all of it once, and anew in every company year.
const STAFF_INDUCTION: &str = r#"
title = "Staff induction"
summary = "What everyone who works here does first."
audience = ["staff"]
due_days = 7
modules = ["boundaries"]
"#;

const STAFF_CPD: &str = r#"
title = "Annual staff CPD"
summary = "What everyone who works here renews."
audience = ["staff"]
year_begins = "1 September"
window_days = 90
due_days = 90
modules = ["boundaries"]
"#;

type Stands = fn(&[(Thing, Cell)], DateTime<Utc>) -> bool;

/// Who they are, and what is said of them.
const SAID: [(&str, Stands); 8] = [
    ("amy", |cells, _| cells.iter().all(|(_, cell)| cell.last.is_none() && cell.wanted.is_some())),
    ("ben", |cells, _| cells.iter().all(|(thing, cell)| is_module(thing) == cell.counts.is_some())),
    ("cora", |cells, _| cells.iter().all(|(_, cell)| cell.counts.is_some())),
    ("sam", |cells, now| cells.iter().all(|(_, cell)| is_in_window(cell, now))),
    ("mina", is_done),
    ("dan", is_done),
    ("ada", is_done),
    ("root", is_done),
];

fn is_module(thing: &Thing) -> bool {
    matches!(thing, Thing::Module(_))
}

/// What counts was done in the year before, may be renewed now, and is neither late nor due within days.
fn is_in_window(cell: &Cell, now: DateTime<Utc>) -> bool {
    let done = cell.counts.is_some_and(|done| done.at < now - TimeDelta::days(275));
    done && cell.renews() && cell.status == Status::Passed && cell.missed.is_empty()
}

fn is_done(cells: &[(Thing, Cell)], _: DateTime<Utc>) -> bool {
    cells.iter().all(|(_, cell)| cell.counts.is_some())
}

#[test]
fn everybody_stands_where_it_is_said_on_whichever_day_it_is_filled() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let compiled = compile(&with_staff(&sources()), local_date(monday()));
        assert!(!compiled.has_errors(), "{:?}", compiled.problems);
        for day in DAYS {
            stand_on(day, &compiled.catalogue).await;
        }
    });
}

/// The same content, with programmes for staff.
fn with_staff(sources: &Sources) -> Sources {
    let mut files: BTreeMap<String, String> =
        sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    files.insert("programmes/staff-induction.toml".to_owned(), STAFF_INDUCTION.to_owned());
    files.insert("programmes/annual-staff-cpd.toml".to_owned(), STAFF_CPD.to_owned());
    sources.with_texts(files)
}

/// Where they stand decides one function, so one database is enough.
async fn stand_on(day: &str, catalogue: &Catalogue) {
    let database = Database::fresh(Kind::Sqlite).await;
    let url = database.url();
    let now: DateTime<Utc> = format!("{day}T12:00:00Z").parse().unwrap();
    let engine =
        Engine::new(Store::open(&url).await.unwrap(), Arc::new(ManualClock::at(now)), Arc::new(SeededChance::new(1)))
            .with_log_in(keys_of(&url), "northfield.example");
    engine.begin_log().await.unwrap();
    engine.refresh().await.unwrap();
    engine.fill_with_demonstration(catalogue).await.unwrap();
    for (name, stands) in SAID {
        let person = engine.sign_in(&email(name), DEMO_PASSWORD, "a test").await.unwrap().person;
        let cells = engine.standing_at(person.id, now, now).await.unwrap();
        let is_late = |cell: &Cell| matches!(cell.status, Status::Overdue | Status::Expired);
        assert!(!cells.is_empty() && stands(&cells, now), "{name} on {day}: {cells:#?}");
        assert!(!cells.iter().any(|(_, cell)| is_late(cell)), "{name} is late on {day}: {cells:#?}");
        let record = engine.cpd_record(person.id).await.unwrap();
        for entry in record.years.iter().flat_map(|year| &year.entries) {
            let has_read = entry.opened.is_some_and(|pages| pages.opened == pages.of);
            assert!(has_read, "{name} passed what they had not read: {entry:?}");
        }
    }
    engine.close().await;
    database.drop().await;
}
