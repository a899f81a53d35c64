//! What the database itself refuses, whoever asks, and that both databases are the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveTime, TimeDelta};
use engine::{
    Actor, Bearer, HowLearned, NewEvidence, NewExemption, NewJoinCode, NewToken, NewWorkshop, Role, Thing, WrongBecause,
};

use world::{Kind, Raw, World, group, on_both, run};

on_both![
    every_table_is_known_to_be_kept_or_to_change,
    what_is_kept_never_changes,
    what_is_kept_is_never_deleted,
    what_is_kept_is_never_replaced,
    what_is_kept_for_ever_is_never_truncated,
    what_is_kept_while_it_matters_may_be_deleted,
    what_ends_is_ended_once,
    a_second_factor_is_confirmed_once_and_no_code_is_taken_twice,
    a_submitted_attempt_never_changes,
    answers_of_a_submitted_attempt_never_change,
    an_open_attempt_may_be_withdrawn,
];

/// A table whose rows, once they are written, are as they are.
struct Kept {
    table: &'static str,
    /// What a row is, as the database says when it refuses.
    called: &'static str,
    /// Whether rows may go.
    goes: bool,
    /// What may be set later, and is looked at by itself.
    open: &'static [&'static str],
    /// How it is ended, and what the database says to whoever ends it again.
    end: Option<(&'static str, &'static str)>,
}

impl Kept {
    /// What the database says to whoever changes a row, or replaces it.
    fn never_changes(&self) -> String {
        match self.table {
            "evidence_words" => format!("{} never change", self.called),
            "log_head" => format!("{} never goes back", self.called),
            _ => format!("{} never changes", self.called),
        }
    }

    fn never_deleted(&self) -> String {
        format!("{} is never deleted", self.called)
    }
}

const fn for_ever(table: &'static str, called: &'static str) -> Kept {
    Kept { table, called, goes: false, open: &[], end: None }
}

const fn while_it_matters(table: &'static str, called: &'static str) -> Kept {
    Kept { goes: true, ..for_ever(table, called) }
}

/// What holds from a day on.
const fn dated(table: &'static str, called: &'static str, again: &'static str) -> Kept {
    let end = "ends_before = begins_on, end_recorded_at = recorded_at, end_recorded_by = recorded_by";
    let open = &["ends_before", "end_recorded_at", "end_recorded_by"];
    Kept { open, end: Some((end, again)), ..for_ever(table, called) }
}

const fn ended(table: &'static str, called: &'static str, again: &'static str) -> Kept {
    let end = "ended_at = recorded_at, ended_by = recorded_by";
    Kept { open: &["ended_at", "ended_by"], end: Some((end, again)), ..for_ever(table, called) }
}

const KEPT: [Kept; 74] = [
    Kept { open: &["revision"], ..for_ever("person", "a person") },
    for_ever("password_set", "that a password was set"),
    for_ever("detail_set", "that details were set"),
    for_ever("signed_out", "that somebody was signed out"),
    for_ever("people_group", "a group"),
    for_ever("completion", "a completion"),
    for_ever("certificate", "a certificate"),
    for_ever("correction", "a correction"),
    for_ever("tutor_task", "a tutor's task"),
    for_ever("attempts_given", "a gift of attempts"),
    for_ever("signature", "a signature"),
    for_ever("signature_completion", "what a signature stands on"),
    for_ever("decline", "a decline"),
    for_ever("submission", "a submission"),
    for_ever("workshop_sign_in", "that somebody was at a workshop"),
    for_ever("discussion", "a discussion"),
    for_ever("discussion_answer", "what was said of a discussion"),
    for_ever("module_version", "a published version"),
    for_ever("agreement_version", "a published version"),
    for_ever("programme_version", "a published version"),
    for_ever("provider_version", "a published version"),
    for_ever("withdrawal", "a withdrawal"),
    for_ever("media", "what was published to be played"),
    for_ever("media_chunk", "what was published to be played"),
    for_ever("log_head", "the head of the log"),
    for_ever("log_former", "the former name of a log"),
    for_ever("log_leaf", "a leaf of the log"),
    for_ever("log_tile", "a tile of the log"),
    for_ever("log_checkpoint", "a checkpoint of the log"),
    for_ever("time_stamp", "a time stamp"),
    for_ever("cosignature", "a cosignature"),
    for_ever("log_gone", "what is gone of the log"),
    for_ever("erasure", "an erasure"),
    for_ever("erased_person", "that somebody was erased"),
    for_ever("answers_let_go", "that answers were let go of"),
    for_ever("look", "a look"),
    for_ever("join_code_use", "the use of a join code"),
    for_ever("brought_forward", "an end that was brought forward"),
    for_ever("done_together", "what was done together"),
    for_ever("done_together_row", "what was done together"),
    dated("stay", "a stay", "a stay is ended once"),
    dated("in_audience", "being in an audience", "being in an audience is ended once"),
    dated("membership", "a membership", "a membership is ended once"),
    dated("group_place", "the place of a group", "the place of a group is ended once"),
    dated("duty", "a duty", "a duty is ended once"),
    dated("assignment", "an assignment", "an assignment is ended once"),
    dated("exemption", "an exemption", "an exemption is ended once"),
    ended("submission_tick", "that something was ticked off", "that something was ticked off is ended once"),
    ended("workshop", "a workshop", "a workshop is ended once"),
    ended("workshop_resource", "a resource", "a resource is ended once"),
    ended("token", "a token", "a token is ended once"),
    ended("roster_import", "an import", "an import is ended once"),
    ended("join_code", "a join code", "a join code is ended once"),
    ended("calendar_feed", "the address of a calendar", "the address of a calendar is ended once"),
    ended("way_in", "a way in", "a way in is ended once"),
    ended("evidence", "evidence", "evidence is ended once"),
    ended("letter_pause", "a pause of letters", "a pause of letters is ended once"),
    ended("reminder_pause", "a pause of reminders", "a pause of reminders is ended once"),
    Kept {
        // It ends with its secret.
        open: &["secret", "confirmed_at", "last_step", "guesses", "guesses_known", "ended_at", "ended_by"],
        end: Some(("ended_at = recorded_at, ended_by = recorded_by, secret = NULL", "a second factor is ended once")),
        ..for_ever("second_factor", "a second factor")
    },
    Kept {
        open: &["used_at"],
        end: Some(("used_at = (SELECT MIN(recorded_at) FROM second_factor)", "a recovery code is never used twice")),
        ..while_it_matters("recovery_code", "a recovery code")
    },
    Kept {
        open: &["about", "tries", "next_try_at", "sent_at", "given_up_at", "fault"],
        end: Some(("sent_at = written_at, next_try_at = NULL, about = NULL", "a letter is sent or given up once")),
        ..while_it_matters("letter", "a letter")
    },
    Kept {
        open: &["suppressed", "suppressed_at"],
        end: Some(("suppressed = 'left', suppressed_at = planned_at", "a reminder is suppressed once")),
        ..while_it_matters("reminder", "a reminder")
    },
    Kept {
        open: &["ended_at"],
        end: Some(("ended_at = stopped_at", "a stop of reminders is ended once")),
        ..while_it_matters("reminder_stop", "a stop of reminders")
    },
    while_it_matters("signature_words", "what a signer was called"),
    while_it_matters("correction_reason", "the reason of a correction"),
    while_it_matters("decline_reason", "the reason of a decline"),
    while_it_matters("exemption_reason", "the reason of an exemption"),
    while_it_matters("evidence_words", "the words of evidence"),
    while_it_matters("evidence_piece", "the file of evidence"),
    while_it_matters("workshop_resource_piece", "the file of a resource"),
    while_it_matters("log_envelope", "what a leaf says"),
    while_it_matters("log_part", "a part of what a leaf says"),
    while_it_matters("log_row", "what a leaf is evidence of"),
    while_it_matters("person_key", "the key of a person"),
];

/// What is kept once an attempt was submitted, which has tests of its own.
const SUBMITTED: [&str; 2] = ["attempt", "answer"];

/// What changes and goes as people go on: none of it says what happened.
const CHANGES: [&str; 30] = [
    "_sqlx_migrations",
    "chosen_twin",
    "code_failure",
    "group_known_as",
    "identity",
    "installation",
    "job",
    "manager_digest",
    "name_word",
    "page_read",
    "passkey",
    "password",
    "person_detail",
    "reflection",
    "restore_under_way",
    "review_digest",
    "revision",
    "roster_done",
    "roster_line",
    "roster_upload",
    "roster_upload_piece",
    "saved_view",
    "session",
    "sign_in_failure",
    "sign_on_used",
    "time_counted",
    "time_on",
    "time_spent",
    "unprovisioned",
    "user_name",
];

/// What records a fact is in the list of what is kept, and no table is in none or in two.
async fn every_table_is_known_to_be_kept_or_to_change(world: World) {
    let kept = KEPT.iter().map(|kept| kept.table);
    let known: Vec<&str> = kept.chain(SUBMITTED).chain(CHANGES).collect();
    let tables = world.raw.tables().await;
    assert_eq!(BTreeSet::from_iter(tables.iter().map(String::as_str)), BTreeSet::from_iter(known.iter().copied()));
    assert_eq!(known.len(), tables.len(), "a table is in two lists");
    // An account of an organisation says since when it is linked, and goes with the link.
    for table in CHANGES.into_iter().filter(|table| *table != "identity") {
        assert!(!columns(&world.raw, table).await.iter().any(|column| column == "recorded_at"), "{table} has facts");
    }
    let refuses: BTreeSet<String> = triggers(&world.raw)
        .await
        .into_iter()
        .filter_map(|line| {
            let (table, rest) = line.split_once(": ")?;
            rest.contains("refuses").then(|| table.to_owned())
        })
        .collect();
    for table in CHANGES {
        assert!(!refuses.contains(table), "{table} refuses something, and no test looks at it");
    }
}

async fn what_is_kept_never_changes(world: World) {
    full(&world).await;
    for kept in &KEPT {
        let table = kept.table;
        let columns = columns(&world.raw, table).await;
        for open in kept.open {
            assert!(columns.iter().any(|column| column == open), "{table} has no {open}");
        }
        for column in columns.iter().filter(|column| !kept.open.contains(&column.as_str())) {
            let change = format!("UPDATE {table} SET {column} = {column}");
            refused(&world.raw, table, &change, &kept.never_changes()).await;
        }
    }
}

async fn what_is_kept_is_never_deleted(world: World) {
    full(&world).await;
    // Without the tables that refer to them, nothing but their own triggers would keep them.
    for kept in KEPT.iter().filter(|kept| !kept.goes) {
        refused(&world.raw, kept.table, &format!("DELETE FROM {}", kept.table), &kept.never_deleted()).await;
    }
}

async fn what_is_kept_is_never_replaced(world: World) {
    full(&world).await;
    for kept in &KEPT {
        let (table, words) = (kept.table, kept.never_changes());
        if world.raw.is_sqlite() {
            let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            refused(&world.raw, table, &replace, &words).await;
            refused(&world.raw, table, &format!("PRAGMA foreign_keys = OFF; {replace}"), &words).await;
            refused(&world.raw, table, &format!("PRAGMA recursive_triggers = OFF; {replace}"), &words).await;
        } else {
            let key = format!(
                "SELECT a.attname::TEXT FROM pg_index i \
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number \
                 WHERE i.indrelid = '{table}'::regclass AND i.indisprimary ORDER BY k.place"
            );
            let key: Vec<String> =
                world.raw.texts(&key).await.into_iter().filter_map(|mut row| row.remove(0)).collect();
            let upsert = format!(
                "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({}) DO UPDATE SET {first} = excluded.{first}",
                key.join(", "),
                first = key[0],
            );
            refused(&world.raw, table, &upsert, &words).await;
        }
    }
}

async fn what_is_kept_for_ever_is_never_truncated(world: World) {
    full(&world).await;
    if !world.raw.is_sqlite() {
        for kept in KEPT.iter().filter(|kept| !kept.goes) {
            let truncate = format!("TRUNCATE {} CASCADE", kept.table);
            refused(&world.raw, kept.table, &truncate, &kept.never_deleted()).await;
        }
        refused(&world.raw, "answer", "TRUNCATE answer", ANSWERS_STAY).await;
        refused(&world.raw, "attempt", "TRUNCATE attempt CASCADE", "a submitted attempt is never deleted").await;
    }
}

async fn what_is_kept_while_it_matters_may_be_deleted(world: World) {
    full(&world).await;
    for kept in KEPT.iter().filter(|kept| kept.goes) {
        assert!(world.raw.run(&format!("DELETE FROM {}", kept.table)).await.unwrap() > 0, "{}", kept.table);
    }
}

async fn what_ends_is_ended_once(world: World) {
    full(&world).await;
    for Kept { table, end, .. } in &KEPT {
        let Some((end, again)) = end else { continue };
        let (column, _) = end.split_once(" = ").unwrap();
        let end = format!("UPDATE {table} SET {end}");
        assert!(world.raw.run(&format!("{end} WHERE {column} IS NULL")).await.unwrap() > 0, "{table}");
        refused(&world.raw, table, &end, again).await;
    }
}

/// What is said of answers that count.
const ANSWERS_STAY: &str = "the answers of a submitted attempt never change";

async fn a_second_factor_is_confirmed_once_and_no_code_is_taken_twice(world: World) {
    full(&world).await;
    let table = "second_factor";
    let change = "UPDATE second_factor SET secret = 'another'";
    refused(&world.raw, table, change, "the secret of a second factor never changes").await;
    let confirm = "UPDATE second_factor SET confirmed_at = recorded_at";
    assert_eq!(world.raw.run(confirm).await.unwrap(), 1);
    refused(&world.raw, table, confirm, "a second factor is confirmed once and never again").await;
    // A code is taken once, and none that is older than one that was taken.
    assert_eq!(world.raw.run("UPDATE second_factor SET last_step = 7").await.unwrap(), 1);
    for step in ["7", "6", "NULL"] {
        let change = format!("UPDATE second_factor SET last_step = {step}");
        refused(&world.raw, table, &change, "a code is never taken twice").await;
    }
    // It ends with its secret.
    let end = "UPDATE second_factor SET ended_at = recorded_at, ended_by = recorded_by";
    assert!(world.raw.run(end).await.is_err());
    assert_eq!(world.raw.run(&format!("{end}, secret = NULL")).await.unwrap(), 1);
}

async fn a_submitted_attempt_never_changes(world: World) {
    world.learner("amy").fails("four-cs").await;
    let words = "a submitted attempt never changes";
    for statement in [
        "UPDATE attempt SET passed = TRUE",
        "UPDATE attempt SET earned = 3",
        "UPDATE attempt SET submitted_at = NULL, earned = NULL, possible = NULL, passed = NULL",
    ] {
        refused(&world.raw, "attempt", statement, words).await;
    }
    refused(&world.raw, "attempt", "DELETE FROM attempt", "a submitted attempt is never deleted").await;
    if world.raw.is_sqlite() {
        let replace = "INSERT OR REPLACE INTO attempt SELECT * FROM attempt";
        refused(&world.raw, "attempt", replace, words).await;
        refused(&world.raw, "attempt", &format!("PRAGMA foreign_keys = OFF; {replace}"), words).await;
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
        refused(&world.raw, "answer", statement, ANSWERS_STAY).await;
    }
    if world.raw.is_sqlite() {
        refused(&world.raw, "answer", "INSERT OR REPLACE INTO answer SELECT * FROM answer", ANSWERS_STAY).await;
    }
    // Nor are the answers of an open attempt put under a submitted one.
    let ben = world.learner("ben").await;
    let open = ben.starts("sharing-nudes").await.unwrap();
    ben.answers(open, "first", "a").await.unwrap();
    let moved = "UPDATE answer SET attempt_id = (SELECT id FROM attempt WHERE submitted_at IS NOT NULL) \
         WHERE attempt_id = (SELECT id FROM attempt WHERE submitted_at IS NULL)";
    refused(&world.raw, "answer", moved, ANSWERS_STAY).await;
}

async fn an_open_attempt_may_be_withdrawn(world: World) {
    world.learner("amy").await.starts("four-cs").await.unwrap();
    for column in ["id", "person_id", "module", "version", "edition", "seed", "number", "started_at"] {
        let change = format!("UPDATE attempt SET {column} = {column}");
        refused(&world.raw, "attempt", &change, "what an attempt was begun on never changes").await;
    }
    assert_eq!(world.raw.run("DELETE FROM attempt").await.unwrap(), 1);
}

/// Both databases have the same tables, with the same columns, keys and indexes, and refuse the same in the same words.
#[test]
fn the_two_databases_have_the_same_tables() {
    let (sender, receiver) = std::sync::mpsc::channel();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let sender = sender.clone();
        run(kind, move |world| async move { sender.send(schema(&world.raw).await).unwrap() });
    }
    let (sqlite, postgres) = (receiver.recv().unwrap(), receiver.recv().unwrap());
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    let (on_sqlite, on_postgres) = (only(&sqlite, &postgres), only(&postgres, &sqlite));
    assert!(on_sqlite.is_empty() && on_postgres.is_empty(), "SQLite: {on_sqlite:#?}, PostgreSQL: {on_postgres:#?}");
    assert_eq!(sqlite, postgres, "one has a line twice");
    for kind in ["refuses: ", "revises", "holds ", "index ", "refers to "] {
        assert!(sqlite.iter().filter(|line| line.contains(kind)).count() > 20, "{kind}");
    }
}

/// Somebody has passed and signed, so that every table that is kept for ever holds something.
async fn full(world: &World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let ada = world.person("ada", &[Role::Dsl]).await;
    world.engine.receipt(&ada.person, signature).await.unwrap();
    world.engine.tick_off(&[signature], true, Actor::CommandLine).await.unwrap();
    let pass = world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].completion;
    world.engine.withdraw_pass(pass, WrongBecause::Other, "Twice", Actor::CommandLine).await.unwrap();
    // It ends before the first entry, so that it is the name of none.
    world.raw.run("INSERT INTO log_former (ends, origin) VALUES (0, 'before.example/1')").await.unwrap();
    let token = if world.raw.is_sqlite() { "X'00'" } else { "'\\x00'" };
    let stamp = format!(
        "INSERT INTO time_stamp (id, size, sha256, token, authority, recorded_at) \
         SELECT {}, 1, '', {token}, '', MIN(recorded_at) FROM person",
        world.id_of(world.random_id())
    );
    world.raw.run(&stamp).await.unwrap();
    let cosignature = "INSERT INTO cosignature (size, witness, line, cosigned_at, recorded_at) \
         SELECT 1, 'w', '', MIN(recorded_at), MIN(recorded_at) FROM person";
    world.raw.run(cosignature).await.unwrap();
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
    let new = NewWorkshop {
        module: world::slug("four-cs"),
        group: None,
        day: today,
        time: NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
        place: "Room 12".to_owned(),
    };
    let workshop = world.engine.plan_workshop(&dan.person, &new).await.unwrap();
    let code = world.engine.workshop(&dan.person, workshop).await.unwrap().workshop.code;
    world.engine.sign_in_to_workshop(&amy.person, &code, "here").await.unwrap();
    let bytes = if world.raw.is_sqlite() { "X'00'" } else { "'\\x00'" };
    for given in [
        "workshop_resource (id, workshop_id, form_key, title, words, recorded_at, recorded_by) \
         SELECT id, id, id, 'Slides', '', recorded_at, recorded_by FROM workshop"
            .to_owned(),
        format!("workshop_resource_piece (resource_id, place, bytes) SELECT id, 0, {bytes} FROM workshop_resource"),
    ] {
        assert_eq!(world.raw.run(&format!("INSERT INTO {given}")).await.unwrap(), 1);
    }
    let discussed = format!(
        "INSERT INTO discussion (id, person_id, module, version, edition, held_on, place, recorded_at, recorded_by) \
         SELECT id, id, 'four-cs', 1, 1, '2026-11-23', 'Room 12', recorded_at, 'server' FROM person WHERE id = {}",
        world.id_of(amy.person.id.0)
    );
    world.raw.run(&discussed).await.unwrap();
    let answered = "INSERT INTO discussion_answer (discussion_id, person_id, held, answered_at) \
         SELECT id, person_id, TRUE, recorded_at FROM discussion";
    world.raw.run(answered).await.unwrap();
    let token = NewToken { name: "script".to_owned(), bearer: Bearer::Person(amy.person.id) };
    world.engine.create_token(&token, Actor::CommandLine).await.unwrap();
    let excused = NewExemption {
        person: ben.person.id,
        thing: Thing::Module(world::slug("four-cs")),
        reason: "They teach it".to_owned(),
        begins_on: today,
        given_before: None,
    };
    world.engine.exempt(excused, Actor::CommandLine).await.unwrap();
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let fay = world.learner("fay").of("Northfield/Cohort A");
    fay.fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let stuck = world.engine.stuck_learners(&mina.person).await.unwrap();
    world.engine.allow_attempts(&mina.person, stuck[0].task).await.unwrap();
    rows_past_the_verbs(world).await;
    let leaver = world.person("gus", &[Role::Dsl]).await.person.id;
    for days in [20, 10] {
        world.engine.leave(leaver, today + TimeDelta::days(days), Actor::CommandLine).await.unwrap();
    }
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

/// What jobs write, and what nobody here does.
async fn rows_past_the_verbs(world: &World) {
    let one = "(SELECT id FROM person ORDER BY number LIMIT 1)";
    let now = "(SELECT recorded_at FROM person ORDER BY number LIMIT 1)";
    for row in [
        format!(
            "withdrawal (id, kind, slug, number, recorded_at, recorded_by) \
             VALUES ({one}, 'module', 'a', 1, {now}, 'server')"
        ),
        format!(
            "letter (id, kind, person_id, address, about, message_id, written_at, written_by, holds_until, tries, \
               next_try_at) \
             VALUES ({one}, 'way-in', {one}, 'amy@northfield.example', '{{}}', 'a', {now}, 'server', {now}, 0, {now})"
        ),
        format!("letter_pause (id, recorded_at, recorded_by) VALUES ({one}, {now}, 'server')"),
        format!(
            "reminder (id, person_id, kind, slug, due_on, occasion, turn, planned_on, place, planned_at, planned_by, \
               letter_id) \
             VALUES ({one}, {one}, 'module', 'four-cs', '2026-11-30', 'due-soon', 7, '2026-11-23', 1, {now}, 'server', \
               {one})"
        ),
        format!("reminder_pause (id, recorded_at, recorded_by) VALUES ({one}, {now}, 'server')"),
        format!("reminder_stop (id, person_id, stopped_at) VALUES ({one}, {one}, {now})"),
        format!(
            "second_factor (id, person_id, kind, secret, recorded_at, recorded_by) \
             VALUES ({one}, {one}, 'totp', 'sealed', {now}, 'server')"
        ),
        format!(
            "signed_out (id, person_id, what, recorded_at, recorded_by) \
             VALUES ({one}, {one}, 'sessions', {now}, 'server')"
        ),
        format!("recovery_code (digest, person_id, factor_id) VALUES ('a', {one}, {one})"),
    ] {
        assert_eq!(world.raw.run(&format!("INSERT INTO {row}")).await.unwrap(), 1, "{row}");
    }
}

/// The database turns a statement down, in these words, and the table is as it was.
async fn refused(raw: &Raw, table: &str, statement: &str, words: &str) {
    let before = raw.contents(table).await;
    assert!(!before.is_empty(), "{table} is empty");
    // In the words of its own trigger: a slip in the statement, or another constraint or trigger, would refuse it as well.
    let said = match raw.run(statement).await {
        Ok(changed) => format!("{changed} rows were changed"),
        Err(error) => error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned()),
    };
    assert_eq!(said, words, "{statement}");
    assert_eq!(raw.contents(table).await, before, "{statement}");
}

/// What the columns of a table are called.
async fn columns(raw: &Raw, table: &str) -> Vec<String> {
    let query = if raw.is_sqlite() {
        format!("SELECT name FROM pragma_table_info('{table}')")
    } else {
        format!(
            "SELECT column_name::TEXT FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        )
    };
    raw.texts(&query).await.into_iter().filter_map(|mut row| row.remove(0)).collect()
}

/// What each table refuses or has happen, a line for each: when, and in which words. What keeps rows of SQLite from being replaced, and those of
/// PostgreSQL from being truncated, the other database does not have.
async fn triggers(raw: &Raw) -> Vec<String> {
    if raw.is_sqlite() { sqlite_triggers(raw).await } else { postgres_triggers(raw).await }
}

async fn sqlite_triggers(raw: &Raw) -> Vec<String> {
    let rows = raw.texts("SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger'").await;
    let mut lines = Vec::new();
    for row in rows {
        let [Some(table), Some(name), Some(sql)] = &row[..] else { panic!("{row:?}") };
        if name.ends_with("_no_replace") {
            continue;
        }
        let (head, body) = sql.split_once("BEGIN ").unwrap();
        let (when, _) = head.split_once(name.as_str()).unwrap().1.split_once(" ON ").unwrap();
        let words = body.split_once("RAISE(ABORT, '").map(|(_, rest)| rest.split("')").next().unwrap());
        let does = words.map_or_else(|| "revises".to_owned(), |words| format!("refuses: {}", words.replace("''", "'")));
        lines.push(format!("{table}: {} {does}", when.trim()));
    }
    lines
}

async fn postgres_triggers(raw: &Raw) -> Vec<String> {
    let rows = raw
        .texts(
            "SELECT c.relname::TEXT, t.tgtype::TEXT, \
               (SELECT string_agg(a.attname, ', ' ORDER BY k.place) \
                FROM unnest(t.tgattr) WITH ORDINALITY AS k (number, place) \
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number), \
               CASE WHEN t.tgnargs > 0 AND p.proname LIKE 'refuse%' THEN replace(encode(t.tgargs, 'escape'), '\\000', '') \
                 ELSE substring(p.prosrc FROM $$RAISE EXCEPTION '([^']*)'$$) END \
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
             WHERE NOT t.tgisinternal",
        )
        .await;
    let mut lines = Vec::new();
    for row in rows {
        let [Some(table), Some(kind), columns, words] = &row[..] else { panic!("{row:?}") };
        let kind: u32 = kind.parse().unwrap();
        let time = if kind & 2 == 0 { "AFTER" } else { "BEFORE" };
        let does = words.as_ref().map_or_else(|| "revises".to_owned(), |words| format!("refuses: {words}"));
        for (bit, event) in [(4, "INSERT"), (8, "DELETE"), (16, "UPDATE")] {
            let of = columns.as_ref().filter(|_| bit == 16).map(|columns| format!(" OF {columns}"));
            if kind & bit != 0 {
                lines.push(format!("{table}: {time} {event}{} {does}", of.unwrap_or_default()));
            }
        }
    }
    lines
}

/// Which columns of each table are held against each other, a line for each condition.
async fn checks(raw: &Raw) -> Vec<String> {
    let mut lines = Vec::new();
    if !raw.is_sqlite() {
        let query = "SELECT t.relname::TEXT, \
               (SELECT string_agg(a.attname, ', ' ORDER BY a.attname) FROM pg_attribute a \
                WHERE a.attrelid = t.oid AND a.attnum = ANY (c.conkey)) \
             FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
             WHERE c.contype = 'c' AND t.relnamespace = 'public'::regnamespace";
        for row in raw.texts(query).await {
            let [Some(table), Some(held)] = &row[..] else { panic!("{row:?}") };
            lines.push(format!("{table}: holds {held}"));
        }
        return lines;
    }
    for row in raw.texts("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL").await {
        let [Some(table), Some(sql)] = &row[..] else { panic!("{row:?}") };
        let names: BTreeSet<String> = columns(raw, table).await.into_iter().collect();
        for check in sql.split("CHECK ").skip(1) {
            let mut depth = 0;
            let ends = check.char_indices().find(|(_, sign)| {
                depth += i32::from(*sign == '(') - i32::from(*sign == ')');
                depth == 0
            });
            let is_sign = |sign: char| !(sign.is_alphanumeric() || sign == '_');
            // What a bracket follows is a function.
            let words = check[..ends.unwrap().0].split_inclusive(is_sign).filter(|word| !word.ends_with('('));
            let held: BTreeSet<&str> =
                words.map(|word| word.trim_end_matches(is_sign)).filter(|word| names.contains(*word)).collect();
            lines.push(format!("{table}: holds {}", Vec::from_iter(held).join(", ")));
        }
    }
    lines
}

/// Everything about a database's tables that both must have alike, a line for each column, key, index, trigger and
/// condition.
async fn schema(raw: &Raw) -> Vec<String> {
    let mut lines: Vec<String> = if raw.is_sqlite() { sqlite_schema(raw).await } else { postgres_schema(raw).await };
    lines.extend(triggers(raw).await);
    lines.extend(checks(raw).await);
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
