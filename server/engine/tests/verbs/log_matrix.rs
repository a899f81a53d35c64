//! Where people stood, recomputed from an exported log alone, is what the matrix says, whatever they did.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use audit::{Bundle, Known, Moment, matrix};
use chrono::{Days, NaiveDate, TimeDelta};
use engine::{Actor, AsAt, AssignedTo, MatrixQuery, NewExemption, Thing, WrongBecause};
use model::ProgrammeSlug;

use crate::signed_log::is_valid;
use world::{Random, Someone, World, audience, group, on_both, slug, today};

on_both![after_random_histories_the_log_says_what_the_matrix_says];

const BY: Actor = Actor::CommandLine;

/// By name and thing: status, by when it is wanted, when it was done.
type Cells = BTreeMap<(String, String), [String; 3]>;

/// What the matrix says of everything that is asked.
async fn by_engine(world: &World, day: &str, as_known_now: bool) -> Cells {
    let as_at = AsAt { moment: AsAt::parse(day).unwrap(), as_known_now };
    let query = MatrixQuery { as_at: Some(as_at), ..MatrixQuery::default() };
    let seen = world.engine.whole_matrix(&query).await.unwrap();
    let written = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut cells = Cells::new();
    for row in seen.rows(0..usize::MAX) {
        for (column, (cell, is_theirs)) in seen.columns.iter().zip(&row.cells) {
            if *is_theirs {
                let thing = format!("{}/{}", column.thing.kind(), column.thing.slug());
                let stands = [cell.status.code().to_owned(), written(cell.due_on), written(cell.done_on)];
                cells.insert((row.name.to_owned(), thing), stands);
            }
        }
    }
    cells
}

fn by_log(bundle: &Bundle, day: &str, known: Known) -> Cells {
    let table = matrix(bundle, Moment::parse(day).unwrap(), known).unwrap();
    let mut read = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows = read.records().map(Result::unwrap);
    let cell = |row: csv::StringRecord| {
        let text = |place: usize| row[place].to_owned();
        ((text(1), text(3)), [text(4), text(5), text(6)])
    };
    rows.map(cell).collect()
}

/// What another program makes of the same log.
fn by_another(folder: &Path, day: &str, known: Known) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end/verify_log.py");
    let mut run = Command::new("python3");
    run.arg("-B").arg(script).arg(folder).args(["--matrix", day]);
    if let Known::UpTo(number) = known {
        run.args(["--known-at", &number.to_string()]);
    }
    let said = run.output().unwrap();
    assert_eq!(said.status.code(), Some(10), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

/// Does something, on a day some days before or after today. Some of it is refused, as it is in life.
async fn does_something(world: &World, who: &Someone, random: &mut Random) {
    const GROUPS: [&str; 4] = ["North/A", "North/B", "South", "South/C/D"];
    let engine = &world.engine;
    let (id, to) = (who.person.id, group(world, GROUPS[random.below(4)]).await);
    let on = today(world) + Days::new(random.below(8) as u64) - Days::new(4);
    let module = ["four-cs", "sharing-nudes"][random.below(2)];
    let programme = ProgrammeSlug::new("learner-induction").unwrap();
    match random.below(15) {
        0..3 => drop(who.rehearsal().passes(&slug(module)).await),
        3 => drop(who.signs("learner-aup").await),
        4 => drop(engine.join_group(id, to, on, BY).await),
        5 => drop(engine.leave_group(id, to, on, BY).await),
        6 => drop(engine.leave(id, on, BY).await),
        7 => drop(engine.come_back(id, on, BY).await),
        8 => drop(engine.begin_audience(id, &audience("learner"), on, BY).await),
        9 => drop(engine.end_audience(id, &audience("learner"), on, BY).await),
        10 => {
            let given_before = random.one_in(2).then(|| on + Days::new(5));
            let (thing, reason) = (Thing::Module(slug(module)), "They teach it".to_owned());
            let new = NewExemption { person: id, thing, begins_on: on, given_before, reason };
            if let Ok(given) = engine.exempt(new, BY).await
                && random.one_in(2)
            {
                drop(engine.end_exemption(given, on + Days::new(2), BY).await);
            }
        }
        11 | 12 => {
            let to = if random.one_in(2) { AssignedTo::Group(to) } else { AssignedTo::Person(id) };
            if let Ok(given) = engine.assign(&programme, to, on, BY).await
                && random.one_in(3)
            {
                drop(engine.end_assignment(given, on + Days::new(9), BY).await);
            }
        }
        13 => {
            let record = engine.cpd_record(id).await.ok();
            let year = record.as_ref().and_then(|record| record.years.first());
            if let Some(pass) = year.and_then(|year| year.entries.first()).map(|entry| entry.completion) {
                drop(engine.withdraw_pass(pass, WrongBecause::NotTheirOwn, "It was not theirs", BY).await);
            }
        }
        _ => {
            let below = random.one_in(2).then_some(group(world, GROUPS[random.below(4)]).await);
            drop(engine.move_group(to, below, ["Moved", "Renamed"][random.below(2)], on, BY).await);
        }
    }
}

async fn after_random_histories_the_log_says_what_the_matrix_says(world: World) {
    const NAMES: [&str; 6] = ["amy", "ben", "cora", "dina", "emil", "farah"];
    let first = today(&world);
    let mut random = Random(20_261_201);
    let mut people: Vec<Someone> = Vec::new();
    for turn in 0..90 {
        if people.len() < NAMES.len() && (people.is_empty() || random.one_in(5)) {
            let name = NAMES[people.len()];
            people.push(world.learner(name).of("North/A").begins_in(random.below(3) as u64).await);
        }
        does_something(&world, &people[random.below(people.len())], &mut random).await;
        match turn {
            40 => world.publishes_new_edition_of("four-cs").await,
            60 => world.publishes_new_version_of("learner-aup").await,
            80 => drop(world.engine.withdraw("programme/learner-induction", BY).await),
            _ => {}
        }
        world.waits(TimeDelta::hours(random.between(1, 90) as i64));
    }
    let bundle = is_valid(&world.engine).await;
    let whole = Known::UpTo(bundle.manifest.size - 1);
    let mut compared = 0;
    for day in first.iter_days().take_while(|day| *day < today(&world)).step_by(3) {
        let day = day.to_string();
        for (known, as_known_now) in [(Known::Then, false), (whole, true)] {
            let expected = by_engine(&world, &day, as_known_now).await;
            assert_eq!(by_log(&bundle, &day, known), expected, "{day}, {known:?}");
            compared += expected.len();
        }
    }
    assert!(compared > 200, "{compared}");
    let kind = if world.raw.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = std::env::temp_dir().join(format!("induct-log-matrix-{}-{kind}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    for (name, bytes) in bundle.write().unwrap() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    for (days, known) in [(20, Known::Then), (60, Known::UpTo(bundle.manifest.size / 2)), (120, whole)] {
        let day = (first + Days::new(days)).to_string();
        let ours = matrix(&bundle, Moment::parse(&day).unwrap(), known).unwrap();
        assert_eq!(by_another(&folder, &day, known), ours, "{day}, {known:?}");
    }
    drop(fs::remove_dir_all(&folder));
}
