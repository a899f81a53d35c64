//! What the database itself refuses, whoever asks, and that both databases are the same.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use engine::{Actor, Bearer, HowLearned, NewEvidence, NewJoinCode, NewToken, Role};

use world::{Kind, Raw, World, group, on_both, run};

on_both![
    what_is_kept_for_ever_is_never_updated,
    what_is_kept_for_ever_is_never_deleted,
    what_is_kept_for_ever_is_never_replaced,
    what_is_kept_for_ever_is_never_truncated,
    what_opens_the_log_may_be_deleted,
    what_holds_from_a_day_on_is_ended_once_and_otherwise_never_changes,
    a_token_is_ended_once_and_otherwise_never_changes,
    a_second_factor_is_confirmed_and_ended_once_and_otherwise_never_changes,
    an_import_is_ended_once_and_otherwise_never_changes,
    codes_links_and_evidence_are_ended_once_and_otherwise_never_change,
    a_submitted_attempt_never_changes,
    answers_of_a_submitted_attempt_never_change,
    an_open_attempt_may_be_withdrawn,
];

const FOR_EVER: [&str; 29] = [
    "done_together",
    "done_together_row",
    "erasure",
    "log_gone",
    "erased_person",
    "answers_let_go",
    "password_set",
    "detail_set",
    "completion",
    "certificate",
    "signature",
    "signature_completion",
    "submission",
    "workshop_sign_in",
    "decline",
    "correction",
    "module_version",
    "agreement_version",
    "programme_version",
    "provider_version",
    "media",
    "media_chunk",
    "log_head",
    "log_former",
    "log_leaf",
    "log_tile",
    "log_checkpoint",
    "look",
    "join_code_use",
];

async fn what_is_kept_for_ever_is_never_updated(world: World) {
    full(&world).await;
    for (table, column) in [
        ("password_set", "recorded_by"),
        ("completion", "expires_at"),
        ("completion", "earned"),
        ("completion", "person_id"),
        ("join_code_use", "used_at"),
        ("done_together", "kind"),
        ("done_together_row", "row_id"),
        ("certificate", "code"),
        ("look", "looked_at"),
        ("look", "seen_by"),
        ("signature", "statement"),
        ("signature", "signed_at"),
        ("signature_completion", "completion_id"),
        ("module_version", "canonical"),
        ("agreement_version", "canonical"),
        ("agreement_version", "version"),
        ("signature_words", "typed_name"),
        ("submission", "role"),
        ("workshop_sign_in", "signed_in_at"),
        ("decline", "asks_again_on"),
        ("correction", "code"),
        ("correction_reason", "reason"),
        ("decline_reason", "reason"),
        ("evidence_words", "title"),
        ("evidence_piece", "bytes"),
        ("programme_version", "canonical"),
        ("provider_version", "canonical"),
        ("media", "media_type"),
        ("media", "length"),
        ("media_chunk", "bytes"),
        ("media_chunk", "place"),
        ("erasure", "basis"),
        ("log_gone", "last"),
        ("erased_person", "erased_at"),
        ("answers_let_go", "let_go_at"),
        ("log_head", "size"),
        ("log_head", "origin"),
        ("log_former", "origin"),
        ("log_leaf", "leaf"),
        ("log_tile", "root"),
        ("log_checkpoint", "note"),
        ("log_envelope", "envelope"),
        ("log_part", "part"),
        ("log_row", "number"),
        ("person_key", "secret"),
    ] {
        refused(&world.raw, table, &format!("UPDATE {table} SET {column} = {column}")).await;
    }
}

async fn what_is_kept_for_ever_is_never_deleted(world: World) {
    full(&world).await;
    // Without the tables that refer to them, nothing but their own triggers would keep them.
    for table in FOR_EVER {
        refused(&world.raw, table, &format!("DELETE FROM {table}")).await;
    }
}

async fn what_is_kept_for_ever_is_never_replaced(world: World) {
    full(&world).await;
    for table in FOR_EVER {
        if world.raw.is_sqlite() {
            let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            refused(&world.raw, table, &replace).await;
            refused(&world.raw, table, &format!("PRAGMA foreign_keys = OFF; {replace}")).await;
            refused(&world.raw, table, &format!("PRAGMA recursive_triggers = OFF; {replace}")).await;
        } else {
            let key = match table {
                "certificate" => "completion_id",
                "signature_completion" => "signature_id, completion_id",
                "submission" => "signature_id",
                "workshop_sign_in" => "workshop_id, person_id",
                "module_version" => "module, number",
                "agreement_version" => "agreement, number",
                "programme_version" => "programme, number",
                "provider_version" => "number",
                "media" => "sha256",
                "media_chunk" => "sha256, place",
                "done_together_row" => "done_id, row_id",
                "log_leaf" => "number",
                "log_tile" => "level, place",
                "log_checkpoint" => "size",
                "join_code_use" => "code_id, person_id",
                "log_gone" => "kind, first",
                "log_former" => "ends",
                "erased_person" => "person_id",
                "answers_let_go" => "attempt_id",
                _ => "id",
            };
            let first = key.split(',').next().unwrap();
            let upsert = format!(
                "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {first} = excluded.{first}"
            );
            refused(&world.raw, table, &upsert).await;
        }
    }
}

async fn what_is_kept_for_ever_is_never_truncated(world: World) {
    full(&world).await;
    if !world.raw.is_sqlite() {
        for table in FOR_EVER {
            refused(&world.raw, table, &format!("TRUNCATE {table} CASCADE")).await;
        }
        refused(&world.raw, "answer", "TRUNCATE answer").await;
        refused(&world.raw, "attempt", "TRUNCATE attempt CASCADE").await;
    }
}

async fn what_opens_the_log_may_be_deleted(world: World) {
    full(&world).await;
    for table in ["log_part", "log_row", "log_envelope", "person_key"] {
        assert!(world.raw.run(&format!("DELETE FROM {table}")).await.unwrap() > 0, "{table}");
    }
}

async fn what_holds_from_a_day_on_is_ended_once_and_otherwise_never_changes(world: World) {
    world.learner("amy").of("Northfield/Cohort A").await;
    world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    for table in ["stay", "in_audience", "membership", "group_place", "duty", "assignment"] {
        let end = format!(
            "UPDATE {table} SET ends_before = begins_on, end_recorded_at = recorded_at, end_recorded_by = recorded_by"
        );
        refused(&world.raw, table, &format!("UPDATE {table} SET begins_on = begins_on")).await;
        refused(&world.raw, table, &format!("UPDATE {table} SET recorded_by = recorded_by")).await;
        refused(&world.raw, table, &format!("DELETE FROM {table}")).await;
        if world.raw.is_sqlite() {
            let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            refused(&world.raw, table, &format!("PRAGMA recursive_triggers = OFF; {replace}")).await;
        } else {
            refused(&world.raw, table, &format!("TRUNCATE {table} CASCADE")).await;
        }
        assert!(world.raw.run(&end).await.unwrap() > 0, "{table}");
        refused(&world.raw, table, &end).await;
    }
}

async fn a_token_is_ended_once_and_otherwise_never_changes(world: World) {
    let amy = world.learner("amy").await;
    let new = NewToken { name: "script".to_owned(), bearer: Bearer::Person(amy.person.id) };
    world.engine.create_token(&new, Actor::CommandLine).await.unwrap();
    for change in ["name = 'another'", "digest = ''", "person_id = NULL, role = 'administrator'", "recorded_by = ''"] {
        refused(&world.raw, "token", &format!("UPDATE token SET {change}")).await;
    }
    never_gone(&world, "token").await;
    let end = "UPDATE token SET ended_at = recorded_at, ended_by = recorded_by";
    assert_eq!(world.raw.run(end).await.unwrap(), 1);
    refused(&world.raw, "token", end).await;
    refused(&world.raw, "token", "UPDATE token SET ended_at = NULL, ended_by = NULL").await;
}

async fn an_import_is_ended_once_and_otherwise_never_changes(world: World) {
    full(&world).await;
    for change in ["sha256 = ''", "began = 7", "recorded_by = ''"] {
        refused(&world.raw, "roster_import", &format!("UPDATE roster_import SET {change}")).await;
    }
    never_gone(&world, "roster_import").await;
    let end = "UPDATE roster_import SET ended_at = recorded_at, ended_by = recorded_by";
    assert_eq!(world.raw.run(end).await.unwrap(), 1);
    refused(&world.raw, "roster_import", end).await;
}

async fn codes_links_and_evidence_are_ended_once_and_otherwise_never_change(world: World) {
    full(&world).await;
    for (table, changes) in [
        ("join_code", ["code = 'ABCDEFGH'", "most = 7", "recorded_by = ''"]),
        ("calendar_feed", ["digest = ''", "recorded_at = recorded_at", "recorded_by = ''"]),
        ("evidence", ["minutes = 7", "sha256 = NULL", "recorded_by = ''"]),
        ("way_in", ["digest = ''", "expires_at = recorded_at", "recorded_by = ''"]),
        ("workshop", ["place = ''", "code = ''", "recorded_by = ''"]),
        ("submission_tick", ["signature_id = signature_id", "recorded_at = recorded_at", "recorded_by = ''"]),
    ] {
        for change in changes {
            refused(&world.raw, table, &format!("UPDATE {table} SET {change}")).await;
        }
        never_gone(&world, table).await;
        let end = format!("UPDATE {table} SET ended_at = recorded_at, ended_by = recorded_by");
        assert_eq!(world.raw.run(&end).await.unwrap(), 1);
        refused(&world.raw, table, &end).await;
    }
}

async fn a_second_factor_is_confirmed_and_ended_once_and_otherwise_never_changes(world: World) {
    world.learner("amy").await;
    let insert = "INSERT INTO second_factor (id, person_id, kind, secret, recorded_at, recorded_by) \
         SELECT id, id, 'totp', 'sealed', recorded_at, recorded_by FROM person";
    assert_eq!(world.raw.run(insert).await.unwrap(), 1);
    for change in ["kind = 'another'", "secret = 'another'", "recorded_by = ''"] {
        refused(&world.raw, "second_factor", &format!("UPDATE second_factor SET {change}")).await;
    }
    never_gone(&world, "second_factor").await;
    let confirm = "UPDATE second_factor SET confirmed_at = recorded_at";
    assert_eq!(world.raw.run(confirm).await.unwrap(), 1);
    refused(&world.raw, "second_factor", confirm).await;
    // A code is taken once, and none that is older than one that was taken.
    assert_eq!(world.raw.run("UPDATE second_factor SET last_step = 7").await.unwrap(), 1);
    for step in ["7", "6", "NULL"] {
        refused(&world.raw, "second_factor", &format!("UPDATE second_factor SET last_step = {step}")).await;
    }
    let insert =
        "INSERT INTO recovery_code (digest, person_id, factor_id) SELECT 'a', person_id, id FROM second_factor";
    assert_eq!(world.raw.run(insert).await.unwrap(), 1);
    for change in ["digest = 'b'", "person_id = person_id", "factor_id = factor_id"] {
        refused(&world.raw, "recovery_code", &format!("UPDATE recovery_code SET {change}")).await;
    }
    let used = "UPDATE recovery_code SET used_at = (SELECT recorded_at FROM second_factor)";
    assert_eq!(world.raw.run(used).await.unwrap(), 1);
    refused(&world.raw, "recovery_code", used).await;
    // It ends with its secret.
    let end = "UPDATE second_factor SET ended_at = recorded_at, ended_by = recorded_by";
    assert!(world.raw.run(end).await.is_err());
    let end = format!("{end}, secret = NULL");
    assert_eq!(world.raw.run(&end).await.unwrap(), 1);
    refused(&world.raw, "second_factor", &end).await;
}

/// No row of this table is deleted or replaced.
async fn never_gone(world: &World, table: &str) {
    refused(&world.raw, table, &format!("DELETE FROM {table}")).await;
    if world.raw.is_sqlite() {
        let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
        refused(&world.raw, table, &format!("PRAGMA recursive_triggers = OFF; {replace}")).await;
    } else {
        refused(&world.raw, table, &format!("TRUNCATE {table} CASCADE")).await;
    }
}

async fn a_submitted_attempt_never_changes(world: World) {
    world.learner("amy").fails("four-cs").await;
    for statement in [
        "UPDATE attempt SET passed = TRUE",
        "UPDATE attempt SET earned = 3",
        "UPDATE attempt SET submitted_at = NULL, earned = NULL, possible = NULL, passed = NULL",
        "DELETE FROM attempt",
    ] {
        refused(&world.raw, "attempt", statement).await;
    }
    if world.raw.is_sqlite() {
        let replace = "INSERT OR REPLACE INTO attempt SELECT * FROM attempt";
        refused(&world.raw, "attempt", replace).await;
        refused(&world.raw, "attempt", &format!("PRAGMA foreign_keys = OFF; {replace}")).await;
    }
}

async fn answers_of_a_submitted_attempt_never_change(world: World) {
    world.learner("amy").passes("four-cs").await;
    for statement in [
        "UPDATE answer SET given = given",
        "UPDATE answer SET question = 'another'",
        "DELETE FROM answer",
        "INSERT INTO answer (attempt_id, question, given, answered_at, saved_at) \
         SELECT attempt_id, 'another', given, answered_at, saved_at FROM answer LIMIT 1",
    ] {
        refused(&world.raw, "answer", statement).await;
    }
    if world.raw.is_sqlite() {
        refused(&world.raw, "answer", "INSERT OR REPLACE INTO answer SELECT * FROM answer").await;
    }
    // Nor are the answers of an open attempt put under a submitted one.
    let ben = world.learner("ben").await;
    let open = ben.starts("sharing-nudes").await.unwrap();
    ben.answers(open, "first", "a").await.unwrap();
    let moved = "UPDATE answer SET attempt_id = (SELECT id FROM attempt WHERE submitted_at IS NOT NULL) \
         WHERE attempt_id = (SELECT id FROM attempt WHERE submitted_at IS NULL)";
    refused(&world.raw, "answer", moved).await;
}

async fn an_open_attempt_may_be_withdrawn(world: World) {
    world.learner("amy").await.starts("four-cs").await.unwrap();
    assert_eq!(world.raw.run("DELETE FROM attempt").await.unwrap(), 1);
}

/// Both databases have the same tables, with the same columns, keys and indexes.
#[test]
fn the_two_databases_have_the_same_tables() {
    let (sender, receiver) = std::sync::mpsc::channel();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let sender = sender.clone();
        run(kind, move |world| async move { sender.send(schema(&world.raw).await).unwrap() });
    }
    let (sqlite, postgres) = (receiver.recv().unwrap(), receiver.recv().unwrap());
    assert_eq!(sqlite, postgres);
    assert!(sqlite.len() > 100, "{sqlite:#?}");
}

/// Somebody has passed and signed, so that every table that is kept for ever holds something.
async fn full(world: &World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let ada = world.person("ada", &[Role::Auditor]).await;
    world.engine.receipt(&ada.person, signature).await.unwrap();
    world.engine.tick_off(&[signature], true, Actor::CommandLine).await.unwrap();
    let pass = world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].completion;
    world.engine.withdraw_pass(pass, engine::WrongBecause::Other, "Twice", Actor::CommandLine).await.unwrap();
    // It ends before the first entry, so that it is the name of none.
    world.raw.run("INSERT INTO log_former (ends, origin) VALUES (0, 'before.example/1')").await.unwrap();
    let ben = world.learner("ben").await;
    let aup = world::agreement("learner-aup");
    let text = world.engine.catalogue().agreements[&aup].canonical.sha256;
    world.engine.decline_agreement(&ben.person, &aup, text, "Not yet").await.unwrap();
    let dan = world.person("dan", &[Role::Dsl]).await;
    let induction = model::ProgrammeSlug::new("learner-induction").unwrap();
    let today = engine::local_date(world.engine.now());
    world.engine.assign_several(&dan.person, &induction, &[amy.person.id], today).await.unwrap();
    amy.world.waits(TimeDelta::minutes(1));
    amy.is_renamed_by_file("Amy Brown").await;
    let group = group(world, "Northfield").await;
    let expires_at = world.engine.now() + TimeDelta::hours(1);
    let code = NewJoinCode { group, audience: None, most: 1, expires_at };
    let code = world.engine.create_join_code(&code, Actor::CommandLine).await.unwrap();
    world.engine.join_by_code(&amy.person, &code.code).await.unwrap();
    let new = NewEvidence {
        form: world.engine.once_key(),
        title: "First aid".to_owned(),
        provider: "The council".to_owned(),
        done_on: Some(today),
        minutes: Some(60),
        how: Some(HowLearned::InPerson),
        file: Some(b"%PDF-1.7 %%EOF".to_vec()),
    };
    world.engine.add_evidence(&amy.person, new).await.unwrap();
    world.engine.make_calendar(&amy.person).await.unwrap();
    world.engine.make_ways_in(&[amy.person.id], Actor::CommandLine).await.unwrap();
    let new = engine::NewWorkshop {
        module: world::slug("four-cs"),
        group: None,
        day: today,
        time: chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
        place: "Room 12".to_owned(),
    };
    let workshop = world.engine.plan_workshop(&dan.person, &new).await.unwrap();
    let code = world.engine.workshop(&dan.person, workshop).await.unwrap().workshop.code;
    world.engine.sign_in_to_workshop(&amy.person, &code, "here").await.unwrap();
    let amy = world.learner("eve").await;
    let today = engine::local_date(world.engine.now());
    world.engine.leave(amy.person.id, today, Actor::CommandLine).await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let answers = "INSERT INTO answers_let_go (attempt_id, let_go_at) SELECT id, submitted_at FROM attempt LIMIT 1";
    assert_eq!(world.raw.run(answers).await.unwrap(), 1);
    // The log is too short for one.
    let hashes = "INSERT INTO log_tile (level, place, hashes, root) VALUES (0, 0, '', '')";
    assert_eq!(world.raw.run(hashes).await.unwrap(), 1);
}

/// The database turns a statement down, and the table is as it was.
async fn refused(raw: &Raw, table: &str, statement: &str) {
    let before = raw.contents(table).await;
    assert!(!before.is_empty(), "{table} is empty");
    let outcome = raw.run(statement).await;
    // In the words of a trigger: a slip in the statement, or another constraint, would refuse it as well.
    let said =
        outcome.as_ref().map_or_else(|error| error.to_string(), |changed| format!("{changed} rows were changed"));
    assert!(said.contains(" never ") || said.contains(" is ended once"), "{statement}: {said}");
    assert_eq!(raw.contents(table).await, before, "{statement}");
}

/// Everything about a database's tables that both must have alike, a line for each column, key and index.
async fn schema(raw: &Raw) -> Vec<String> {
    let mut lines: Vec<String> = if raw.is_sqlite() { sqlite_schema(raw).await } else { postgres_schema(raw).await };
    lines.sort();
    lines
}

async fn sqlite_schema(raw: &Raw) -> Vec<String> {
    let types = BTreeMap::from([
        ("BLOB", "bytes"),
        ("TEXT", "text"),
        ("BIGINT", "number"),
        ("BOOLEAN", "yes or no"),
        ("DATE", "date"),
        ("DATETIME", "time"),
    ]);
    let columns = raw
        .texts(
            "SELECT t.name, c.name, c.type, CASE c.\"notnull\" WHEN 1 THEN 'always' ELSE 'perhaps' END \
             FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
        )
        .await;
    let keys = raw
        .texts(
            "SELECT t.name, 'primary key', (SELECT group_concat(name, ', ') FROM \
               (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) \
             FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' \
               AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             UNION ALL \
             SELECT t.name, CASE WHEN i.origin = 'u' THEN 'unique' \
                 WHEN i.\"unique\" THEN 'unique index ' || i.name ELSE 'index ' || i.name END \
                 || CASE WHEN i.partial THEN ', partial' ELSE '' END, \
               (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
             FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin <> 'pk' \
               AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             UNION ALL \
             SELECT t.name, 'refers to ' || f.\"table\" || ' ' || f.\"to\", f.\"from\" \
             FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        )
        .await;
    described(columns, keys, |found| types[found].to_owned())
}

async fn postgres_schema(raw: &Raw) -> Vec<String> {
    let types = BTreeMap::from([
        ("uuid", "bytes"),
        ("bytea", "bytes"),
        ("text", "text"),
        ("jsonb", "text"),
        ("bigint", "number"),
        ("boolean", "yes or no"),
        ("date", "date"),
        ("timestamp with time zone", "time"),
    ]);
    let columns = raw
        .texts(
            "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT, \
               CASE is_nullable WHEN 'NO' THEN 'always' ELSE 'perhaps' END \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        )
        .await;
    let keys = raw
        .texts(
            "SELECT t.relname::TEXT, \
               CASE WHEN i.indisprimary THEN 'primary key' WHEN c.oid IS NOT NULL THEN 'unique' \
                 WHEN i.indisunique THEN 'unique index ' || n.relname ELSE 'index ' || n.relname END \
                 || CASE WHEN i.indpred IS NULL THEN '' ELSE ', partial' END, \
               (SELECT string_agg(a.attname, ', ' ORDER BY k.place) \
                FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) \
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
             LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u' \
             WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_sqlx%' \
             UNION ALL \
             SELECT t.relname::TEXT, 'refers to ' || f.relname || ' ' || b.attname, a.attname::TEXT \
             FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
             CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (ours, theirs) \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.ours \
             JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.theirs WHERE c.contype = 'f'",
        )
        .await;
    described(columns, keys, |found| types[found].to_owned())
}

fn described(
    columns: Vec<Vec<Option<String>>>,
    keys: Vec<Vec<Option<String>>>,
    kind: impl Fn(&str) -> String,
) -> Vec<String> {
    let said = |cell: &Option<String>| cell.clone().unwrap_or_default();
    let columns = columns
        .into_iter()
        .map(|row| format!("{}.{}: {}, {}", said(&row[0]), said(&row[1]), kind(&said(&row[2])), said(&row[3])));
    let keys = keys.into_iter().map(|row| format!("{}: {} ({})", said(&row[0]), said(&row[1]), said(&row[2])));
    columns.chain(keys).collect()
}
