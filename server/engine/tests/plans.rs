//! Every query finds its rows by an index, whatever `ANALYZE` has found out about a database: one that was small when somebody looked at it
//! must not be read from end to end for each request once it has grown. The queries are taken from the source: whatever is a constant and
//! begins as SQL does.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use world::{Kind, Raw, World, run};

/// What grows with people and years.
const GROWS: [&str; 43] = [
    "answer",
    "attempt",
    "attempts_given",
    "calendar_feed",
    "certificate",
    "completion",
    "correction",
    "correction_reason",
    "decline",
    "decline_reason",
    "done_together",
    "done_together_row",
    "duty",
    "evidence",
    "evidence_piece",
    "evidence_words",
    "exemption",
    "identity",
    "in_audience",
    "log_checkpoint",
    "log_envelope",
    "log_leaf",
    "log_part",
    "log_row",
    "log_tile",
    "look",
    "membership",
    "page_read",
    "passkey",
    "password",
    "person",
    "person_detail",
    "person_key",
    "recovery_code",
    "reflection",
    "reminder",
    "second_factor",
    "session",
    "sign_in_failure",
    "signature",
    "signature_completion",
    "signature_words",
    "stay",
];

/// Who reads a whole table, or seems to: counting everybody, for a command; failures to sign in, of which there is a day's worth at most;
/// publishing, where SQLite would look for rows that wait for the new one, which there never are. So does what is called EVERY something:
/// the whole log is exported and checked by a command.
const MAY_READ_ALL: [&str; 6] =
    ["COUNT_PEOPLE", "COUNT_FACTORS", "COUNT_FAILURES", "COUNT_ON_DEVICE", "INSERT_MODULE", "INSERT_AGREEMENT"];

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
const NAMES: &str = "INSERT INTO person_detail (person_id, name, name_key, email) SELECT id, 'Somebody', 'somebody', 'p' || number FROM person";
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
        assert!(queries.len() > 60 && queries.contains_key("FIND_SESSION"), "{:?}", queries.keys());
        let mut found = Vec::new();
        for (stage, statements) in STAGES {
            for statement in statements {
                world.raw.run(statement).await.unwrap();
            }
            // What is connected already has the statistics of before.
            let asked = Raw::open(world.url()).await;
            for (name, query) in &queries {
                let steps = asked.plan(query).await;
                let reads_all = steps.iter().find(|step| reads_all(step, query));
                if let Some(step) = reads_all.filter(|_| !may_read_all(name)) {
                    found.push(format!("{stage}: {name}: {step}"));
                }
            }
            asked.close().await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

/// PostgreSQL chooses by what it has counted, so what is asked of it is that it could do otherwise: with reading from end to end made as dear as
/// can be, no plan that does not look at the parameters reads a table that grows, or an index of one, from end to end.
#[test]
fn every_query_could_find_its_rows_by_an_index_on_postgresql() {
    run(Kind::Postgres, async |world: World| {
        let mut queries = queries();
        queries.retain(|_, query| !is_sqlite(query));
        assert!(queries.len() > 60, "{:?}", queries.keys());
        world.raw.sets("enable_seqscan = off").await;
        // What is connected already has the setting of before.
        let asked = Raw::open(world.url()).await;
        let mut found = Vec::new();
        for (name, query) in &queries {
            let plan = asked.plan(query).await;
            for (place, step) in plan.iter().enumerate() {
                let Some((how, table)) = step.split_once(" on ") else { continue };
                let table = table.split(' ').next().unwrap();
                let by_condition = plan.get(place + 1).is_some_and(|next| next.contains("Cond:"));
                let whole =
                    how.contains("Seq Scan") || how.contains("Index") && !how.contains("Bitmap") && !by_condition;
                if whole && GROWS.contains(&table) {
                    found.push((name.as_str(), step.trim().to_owned()));
                }
            }
        }
        asked.close().await;
        assert!(found.iter().any(|(name, _)| name.starts_with("EVERY_")), "the test notices what reads all of a table");
        found.retain(|(name, _)| !may_read_all(name));
        assert!(found.is_empty(), "{found:#?}");
    });
}

fn may_read_all(name: &str) -> bool {
    MAY_READ_ALL.contains(&name) || name.starts_with("EVERY_")
}

/// Whether only PostgreSQL is ever asked this.
fn is_postgres(query: &str) -> bool {
    ["pg_", "FOR NO KEY UPDATE", "FOR UPDATE", "current_database", "::"].iter().any(|own| query.contains(own))
}

/// Whether only SQLite is ever asked this.
fn is_sqlite(query: &str) -> bool {
    ["sqlite_schema", "INDEXED BY", "json_each", "unixepoch"].iter().any(|own| query.contains(own))
}

/// Whether a step of a plan, such as `SCAN s` or `SCAN s USING INDEX …`, reads all of a table that grows.
fn reads_all(step: &str, query: &str) -> bool {
    let Some(scanned) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else { return false };
    let mut words = query.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    // A table is named by the word behind it, if it has another name in the query.
    let mut named = vec![scanned];
    while let Some(word) = words.next() {
        if matches!(word, "FROM" | "JOIN" | "INTO" | "UPDATE")
            && let Some(table) = words.next()
            && words.clone().next() == Some(scanned)
        {
            named.push(table);
        }
    }
    named.iter().any(|table| GROWS.contains(table))
}

/// Every query of the engine that says all of what it does, by the name of its constant.
fn queries() -> BTreeMap<String, String> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let sources: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let macros: BTreeMap<&str, String> = sources
        .iter()
        .flat_map(|source| source.split("macro_rules! ").skip(1))
        .map(|text| (text.split(' ').next().unwrap(), literals(text.split("\n}\n").next().unwrap(), &BTreeMap::new())))
        .collect();
    let mut queries = BTreeMap::new();
    let of_scope = |source: &&String| source.contains("macro_rules! scope_tree");
    for source in sources.iter().filter(|source| !of_scope(source)) {
        for text in source.split("\nconst ").skip(1) {
            let Some((name, rest)) = text.split_once(": &str =") else { continue };
            let text = rest.split(";\n").next().unwrap();
            // What is found by a scope is put together by macros with parameters, and has a test of its own in `verbs/scope.rs`. So is what the
            // provider's rules let go of, for which a job looks at everybody once a day.
            let by_parameters =
                ["in_scope!", "is_here!", "is_member!", "among_members!", "attempts_to_go!", "names_to_go!"];
            if by_parameters.iter().any(|part| text.contains(part)) {
                continue;
            }
            let query = literals(text, &macros);
            let is_whole = query.contains("VALUES") || query.contains("SELECT") || !query.starts_with("INSERT");
            let is_sql =
                ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| query.starts_with(verb));
            if is_sql && is_whole {
                queries.insert(name.to_owned(), query);
            }
        }
    }
    queries
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The text of the string literals in a piece of Rust, one after the other, with those of the macros that it names.
fn literals(code: &str, macros: &BTreeMap<&str, String>) -> String {
    let mut text = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once('"') {
        text.extend(
            macros.iter().filter(|(name, _)| before.contains(&format!("{name}!("))).map(|(_, text)| text.as_str()),
        );
        let mut characters = after.char_indices();
        let mut end = after.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => match characters.next() {
                    Some((_, '\n')) => {
                        let spaces = characters.as_str().len() - characters.as_str().trim_start().len();
                        characters.by_ref().take(spaces).for_each(drop);
                    }
                    Some((_, escaped)) => text.push(if escaped == 'n' { '\n' } else { escaped }),
                    None => {}
                },
                _ => text.push(character),
            }
        }
        rest = &after[end..];
    }
    text
}
