//! Every query finds its rows by an index, whatever `ANALYZE` has found out about a database: one that was small when somebody looked at it
//! must not be read from end to end for each request once it has grown. The queries are taken from the source (`statements.rs`), and none is
//! forgotten: what cannot be understood fails as SQL.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod statements;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use statements::{Place, Statement, read_statements};
use world::{Kind, Raw, World, run};

/// What does not grow with people and years: what the provider has set up and published, and what stands only until it is done. Everything
/// else does.
const STAYS_SMALL: [&str; 25] = [
    "_sqlx_migrations",
    "agreement_version",
    "group_known_as",
    "group_place",
    "installation",
    "job",
    "letter_pause",
    "log_former",
    "log_head",
    "media",
    "module_version",
    "people_group",
    "programme_version",
    "provider_version",
    "reminder_pause",
    "restore_under_way",
    "revision",
    // The import that is under way, and the last one.
    // One a day.
    "time_stamp",
    "roster_done",
    "roster_import",
    "roster_line",
    // Of a day.
    "roster_upload",
    "roster_upload_piece",
    // Of ten minutes.
    "sign_on_used",
    // Of what was published.
    "withdrawal",
];

const BOTH: &[Kind] = &[Kind::Sqlite, Kind::Postgres];
const SQLITE: &[Kind] = &[Kind::Sqlite];
const POSTGRES: &[Kind] = &[Kind::Postgres];

/// What reads a whole table, or seems to, on which database, and why it may. So may what is called EVERY something: the whole log is exported
/// and checked by a command.
const MAY_READ_ALL: [(&str, &[Kind], &str); 30] = [
    ("letting/erase_person.rs FIND_NAMING", SQLITE, "looks at letters when somebody is erased, which is seldom"),
    ("people/add_person.rs COUNT_PEOPLE", SQLITE, "counts everybody, for a command"),
    (
        "provisioning/known_people.rs COUNT_KNOWN",
        BOTH,
        "counts everybody, for a directory that goes through all of them",
    ),
    ("provisioning/known_people.rs LIST_PAGE", BOTH, "goes through everybody, a page at a time"),
    (
        "people/list_sessions.rs LIST_SIGNED_IN",
        SQLITE,
        "lists who is signed in: what is over is forgotten, so nearly all of it",
    ),
    ("people/require_factor.rs COUNT_FACTORS", BOTH, "counts who has a duty, for a command"),
    ("people/try_sign_in.rs COUNT_FAILURES", SQLITE, "of failures there is a day's worth at most"),
    ("people/try_sign_in.rs COUNT_ON_DEVICE", SQLITE, "of failures there is a day's worth at most"),
    (
        "publishing/publish.rs INSERT_MODULE",
        SQLITE,
        "it would look for rows that wait for the new one, which there never are",
    ),
    (
        "publishing/publish.rs INSERT_AGREEMENT",
        SQLITE,
        "it would look for rows that wait for the new one, which there never are",
    ),
    (
        "publishing/lost_audiences.rs COUNT_PEOPLE",
        BOTH,
        "looks at who is here as what nobody is any more, when something is published",
    ),
    ("publishing/lost_audiences.rs FIND_GIVEN", SQLITE, "looks at what is given to whom, when something is published"),
    ("evidence/export_log.rs COUNT_ERASURES", SQLITE, "counts, for a command"),
    ("letting/retention.rs COUNT_ATTEMPTS", BOTH, "a job looks at everybody once a day"),
    ("letting/retention.rs FIND_ATTEMPTS", BOTH, "a job looks at everybody once a day"),
    ("letting/retention.rs COUNT_NAMES", BOTH, "a job looks at everybody once a day"),
    ("letting/retention.rs FIND_NAMES", BOTH, "a job looks at everybody once a day"),
    ("quiz/allow_attempts.rs FIND_TASKS", BOTH, "there is a task only where somebody has used up all attempts"),
    ("reading/done_together.rs LIST_ALL", BOTH, "reads from the newest on, and ends when the page is full"),
    ("signing/show_decline.rs LIST_ALL_DECLINES", BOTH, "reads from the newest on, and ends when the page is full"),
    ("signing/show_decline.rs LIST_DECLINES", POSTGRES, FEW_COUNTED),
    ("people/list_groups.rs COUNT_MEMBERS", POSTGRES, FEW_COUNTED),
    ("letting/held.rs assignment", SQLITE, FEW_ASSIGNMENTS),
    ("people/assign.rs END_AUDIENCE", SQLITE, FEW_ASSIGNMENTS),
    ("people/assign.rs FIND_AUDIENCES", SQLITE, FEW_ASSIGNMENTS),
    ("people/assign.rs FIND_SAME", SQLITE, FEW_ASSIGNMENTS),
    ("people/assign_several.rs FIND_GIVEN", SQLITE, FEW_ASSIGNMENTS),
    ("people/do_together.rs FIND_ASSIGNMENTS", SQLITE, FEW_ASSIGNMENTS),
    ("reading/done_together.rs LIST_OWN", SQLITE, FEW_ASSIGNMENTS),
    ("record/dossier.rs FIND_ASSIGNMENTS", SQLITE, FEW_ASSIGNMENTS),
];

/// PostgreSQL goes from people or groups to what is theirs where it has counted much of it.
const FEW_COUNTED: &str = "reads an index in order in a database in which nothing has been counted";

/// By an index unless somebody has analysed the database while there was one assignment alone, as there is in a world of tests: SQLite takes
/// it that there are no more.
const FEW_ASSIGNMENTS: &str = "a database that somebody analysed while next to nothing was assigned";

/// What is put together at run time, with what stands in it there.
const FILLED: [(&str, &[&str]); 13] = [
    ("evidence/list_signatures.rs entries_of", &["$1, $2"]),
    ("log/look_up.rs ask 3", &["completion"]),
    ("log/prove_leaf.rs read_hashes", &["0", "0", "0", "256"]),
    ("log/prove_leaf.rs read_hashes 2", &["8", "0", "0", "0", "256"]),
    ("people/find_people.rs about_all", &["($1, $2)", "$3"]),
    ("people/find_people.rs about_all 2", &["($1, $2)", "$3"]),
    ("people/find_people.rs about_all 3", &["($1, $2)", "$3", "$3"]),
    ("people/find_people.rs find_groups_of", &["($1, $2)", "$3", "$3", "$3"]),
    ("provisioning/known_people.rs tell_of_each", &["($1, $2)"]),
    ("provisioning/known_people.rs tell_of_each 2", &["($1, $2)"]),
    ("reading/record_entries.rs find_entries", &["completion", "$1, $2"]),
    ("reminders/write_reminders.rs find_known", &["$3, $4"]),
    ("reminders/write_reminders.rs find_addresses", &["$1, $2"]),
];

/// What is put together at run time, and is not looked at here, with the reason.
const LEFT_OUT: [(&str, &str); 6] = [
    ("letting/erase_person.rs plan_erasure", "as what is deleted, which is looked at for each table"),
    ("letting/erase_person.rs delete_all", "looked at for each table, below"),
    ("letting/show_person.rs read_rows", "as what is deleted, which is looked at for each table"),
    (
        "letting/show_person.rs read_acted",
        "reads what somebody wrote down through all tables, and only of who ever had a duty",
    ),
    ("store/script.rs for_postgres", "begins what has other statements within it, each of which is looked at"),
    ("store/copy.rs fill_postgres", "empties a database"),
];

/// A database is analysed while nobody is there, and when there are many people but few sessions.
const STAGES: [(&str, &[&str]); 3] = [
    ("never analysed", &[]),
    ("analysed while it was small", &[ONE_PERSON, ONE_SESSION, ONE_FAILURE, "ANALYZE"]),
    ("analysed when it was large", &[PEOPLE, NAMES, STAYS, ATTEMPTS, COMPLETIONS, "ANALYZE"]),
];

const ONE_PERSON: &str = "INSERT INTO person (id, number, revision, recorded_at, recorded_by) \
     VALUES (x'01', 9999, 0, '2026-11-23T10:00:00+00:00', 'command-line')";
const ONE_SESSION: &str = "INSERT INTO session (id_sha256, person_id, data, expires_at, begun_at, browser) \
     VALUES ('a', x'01', '{}', '2026-11-23T10:00:00+00:00', '2026-11-23T09:00:00+00:00', '')";
const ONE_FAILURE: &str = "INSERT INTO sign_in_failure (id, account, place, failed_at) \
     VALUES (x'01', 'a', 'b', '2026-11-23T10:00:00+00:00')";
const PEOPLE: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
     INSERT INTO person (id, number, revision, recorded_at, recorded_by) \
     SELECT randomblob(16), i, 0, '2026-11-23T10:00:00+00:00', 'command line' FROM n";
const NAMES: &str = "INSERT INTO person_detail (person_id, name, name_key, email, external_id) \
     SELECT id, 'Somebody', 'somebody', 'p' || number, 'x' || number FROM person";
const STAYS: &str = "INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by) \
     SELECT randomblob(16), id, '2026-11-23', '2026-11-23T10:00:00+00:00', 'command line' FROM person";
const ATTEMPTS: &str = "INSERT INTO attempt (id, person_id, module, version, edition, seed, number, started_at, submitted_at, \
     earned, possible, passed) SELECT randomblob(16), id, 'four-cs', 1, 1, randomblob(16), 0, '2026-11-23T10:00:00+00:00', \
     '2026-11-23T10:00:00+00:00', 1, 1, TRUE FROM person";
const COMPLETIONS: &str = "INSERT INTO completion (id, person_id, module, version, edition, attempt_id, earned, possible, minutes, \
     pages_opened, pages, started_at, completed_at, expires_at) SELECT randomblob(16), person_id, module, version, edition, id, 1, 1, 1, \
     1, 1, started_at, started_at, started_at FROM attempt";

#[test]
fn no_query_reads_a_table_that_grows_from_end_to_end() {
    run(Kind::Sqlite, async |world: World| {
        let mut queries = queries();
        queries.retain(|_, query| !is_postgres(query));
        let grows = grows(&world.raw).await;
        let mut found = Found::default();
        for (stage, statements) in STAGES {
            for statement in statements {
                world.raw.run(statement).await.unwrap();
            }
            // What is connected already has the statistics of before.
            let asked = Raw::open(world.url()).await;
            for (place, query) in &queries {
                let steps = asked.plan(query).await;
                if let Some(step) = steps.iter().find(|step| reads_all(step, query, &grows)) {
                    found.reads(place, format!("{stage}: {step}"));
                }
            }
            asked.close().await;
        }
        found.ends_as_expected(Kind::Sqlite);
    });
}

/// PostgreSQL chooses by what it has counted, so what is asked of it is that it could do otherwise: with reading from end to end made as dear as
/// can be, no plan that does not look at the parameters reads a table that grows, or an index of one, from end to end.
#[test]
fn every_query_could_find_its_rows_by_an_index_on_postgresql() {
    run(Kind::Postgres, async |world: World| {
        let mut queries = queries();
        queries.retain(|_, query| !is_sqlite(query));
        world.raw.sets("enable_seqscan = off").await;
        // What is connected already has the setting of before.
        let asked = Raw::open(world.url()).await;
        let grows = grows(&asked).await;
        let mut found = Found::default();
        for (place, query) in &queries {
            let plan = asked.plan(query).await;
            for (at, step) in plan.iter().enumerate() {
                let Some((how, table)) = step.split_once(" on ") else { continue };
                let table = table.split(' ').next().unwrap();
                let by_condition = plan.get(at + 1).is_some_and(|next| next.contains("Cond:"));
                let whole =
                    how.contains("Seq Scan") || how.contains("Index") && !how.contains("Bitmap") && !by_condition;
                if whole && grows.contains(table) {
                    found.reads(place, step.trim().to_owned());
                }
            }
        }
        asked.close().await;
        found.ends_as_expected(Kind::Postgres);
    });
}

/// What reads a whole table, and how.
#[derive(Default)]
struct Found(BTreeMap<Place, Vec<String>>);

impl Found {
    fn reads(&mut self, place: &Place, how: String) {
        self.0.entry(place.clone()).or_default().push(how);
    }

    /// Nothing does but what may, and whatever may does, on one database at least.
    fn ends_as_expected(mut self, kind: Kind) {
        assert!(
            self.0.keys().any(|place| place.name.starts_with("EVERY")),
            "the test notices what reads all of a table"
        );
        let may = MAY_READ_ALL.iter().filter(|(_, on, _)| on.contains(&kind)).map(|(may, ..)| *may);
        let stale: Vec<&str> = may.filter(|may| !self.0.keys().any(|place| place.is(may))).collect();
        assert!(stale.is_empty(), "these do not read a whole table any more: {stale:#?}");
        self.0.retain(|place, _| {
            !place.name.starts_with("EVERY")
                && !MAY_READ_ALL.iter().any(|(may, on, _)| on.contains(&kind) && place.is(may))
        });
        let lines: Vec<String> = self.0.iter().map(|(place, how)| format!("{place}: {}", how.join(" | "))).collect();
        assert!(lines.is_empty(), "these read a whole table:\n{}", lines.join("\n"));
    }
}

/// The tables that grow.
async fn grows(raw: &Raw) -> BTreeSet<String> {
    let tables = raw.tables().await;
    for small in STAYS_SMALL {
        assert!(tables.contains(small), "there is no table {small}");
    }
    tables.into_iter().filter(|table| !STAYS_SMALL.contains(&table.as_str())).collect()
}

/// Whether only PostgreSQL is ever asked this.
fn is_postgres(query: &str) -> bool {
    ["pg_", "FOR NO KEY UPDATE", "FOR UPDATE", "current_database", "::"].iter().any(|own| query.contains(own))
}

/// Whether only SQLite is ever asked this.
fn is_sqlite(query: &str) -> bool {
    ["sqlite_", "INDEXED BY", "json_each", "unixepoch"].iter().any(|own| query.contains(own))
}

/// Whether a step of a plan, such as `SCAN s` or `SCAN s USING INDEX …`, reads all of a table that grows.
fn reads_all(step: &str, query: &str, grows: &BTreeSet<String>) -> bool {
    let Some(scanned) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else { return false };
    let mut words = query.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    // A table is named by the word behind it, if it has another name in the query.
    let mut named = vec![scanned];
    while let Some(word) = words.next() {
        if matches!(word, "FROM" | "JOIN" | "INTO" | "UPDATE")
            && let Some(table) = words.next()
            && words.clone().find(|word| *word != "AS") == Some(scanned)
        {
            named.push(table);
        }
    }
    named.iter().any(|table| grows.contains(*table))
}

/// Every query of the engine, whole, by where it stands.
fn queries() -> BTreeMap<Place, String> {
    let (found, held) = read_statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for (place, _) in FILLED.iter().map(|(place, _)| (place, ())).chain(LEFT_OUT.iter().map(|(place, _)| (place, ()))) {
        assert!(found.iter().any(|(found, statement)| found.is(place) && statement.is_pattern), "{place} is not there");
    }
    let mut queries = BTreeMap::new();
    for (place, Statement { text, is_pattern }) in found {
        if LEFT_OUT.iter().any(|(left, _)| place.is(left)) {
            continue;
        }
        let filled = FILLED.iter().find(|(filled, _)| place.is(filled)).map(|(_, with)| *with);
        assert_eq!(filled.is_some(), is_pattern, "what stands in {place}? {text}");
        let text = filled.map_or_else(|| text.clone(), |with| fill(&text, with));
        assert!(queries.insert(place, whole(text)).is_none());
    }
    for (table, whose) in held {
        let place = Place { file: "letting/held.rs".to_owned(), name: table.clone(), number: 1 };
        assert!(queries.insert(place, format!("DELETE FROM {table} AS t WHERE {whose}")).is_none());
    }
    assert!(queries.len() > 450, "{:?}", queries.keys());
    queries
}

/// A pattern with what stands in it, in its order.
fn fill(pattern: &str, with: &[&str]) -> String {
    let mut parts = pattern.split('{');
    let mut text = parts.next().unwrap().to_owned();
    let mut with = with.iter();
    for part in parts {
        text.push_str(with.next().unwrap_or_else(|| panic!("nothing for {part}")));
        text.push_str(part.split_once('}').unwrap().1);
    }
    assert_eq!(with.next(), None, "{pattern}");
    text
}

/// A statement with what is added when it runs: rows behind `INSERT`, values behind `IN`.
fn whole(mut text: String) -> String {
    let next = (1..).find(|number| !text.contains(&format!("${number}"))).unwrap();
    if text.trim_end().ends_with(" IN") {
        text.push_str(&format!(" (${next}, ${})", next + 1));
    }
    let columns = text.split_once('(').map(|(_, columns)| columns.split(',').count());
    if text.starts_with("INSERT") && text.ends_with(')') && !text.contains("VALUES") && !text.contains("SELECT") {
        let values: Vec<String> = (1..=columns.unwrap()).map(|number| format!("${number}")).collect();
        text.push_str(&format!(" VALUES ({})", values.join(", ")));
    }
    text
}
