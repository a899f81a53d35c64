//! What is held about somebody: all of it, for whoever may have it, and nothing about anybody else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use engine::{
    Actor, HeldValue, NewExemption, PersonData, Refused, Role, Thing, WhichLooks, held_tables, local_date,
    tables_about_nobody,
};

use world::{Someone, World, now, on_both, slug};

on_both![
    every_table_and_column_has_been_thought_of,
    everything_about_somebody_is_there_and_nothing_about_others,
    answers_are_told_in_words_and_nothing_is_said_of_an_open_attempt,
    what_somebody_did_for_others_is_counted,
    only_administrators_see_what_is_held_about_others_and_it_is_noted,
];

/// Each column of each table: its table, its name, its type, and the table that it refers to.
async fn columns(world: &World) -> Vec<(String, String, String, String)> {
    let query = if world.raw.is_sqlite() {
        "SELECT t.name, c.name, c.type, \
           COALESCE((SELECT MIN(f.\"table\") FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name), '') \
         FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'"
    } else {
        "SELECT c.table_name::TEXT, c.column_name::TEXT, c.data_type::TEXT, COALESCE((SELECT MIN(u.table_name::TEXT) \
           FROM information_schema.key_column_usage k JOIN information_schema.constraint_column_usage u \
             ON u.constraint_name = k.constraint_name JOIN information_schema.table_constraints n \
             ON n.constraint_name = k.constraint_name AND n.constraint_type = 'FOREIGN KEY' \
           WHERE k.table_name = c.table_name AND k.column_name = c.column_name), '') \
         FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name <> '_sqlx_migrations'"
    };
    let text = |value: &Option<String>| value.clone().unwrap();
    let rows = world.raw.texts(query).await;
    rows.iter().map(|row| (text(&row[0]), text(&row[1]), text(&row[2]), text(&row[3]))).collect()
}

/// Whoever adds a table or a column says in `letting/held.rs` whether it is about people, and this test says so.
async fn every_table_and_column_has_been_thought_of(world: World) {
    let held: BTreeMap<&str, Vec<&str>> = held_tables().into_iter().collect();
    let (about_nobody, acted) = tables_about_nobody();
    let mut tables = BTreeSet::new();
    let mut forgotten = Vec::new();
    for (table, column, kind, refers_to) in columns(&world).await {
        match held.get(&*table) {
            Some(columns) if columns.contains(&&*column) => {}
            None if about_nobody.contains(&&*table) => {
                // What refers to a person is about them, whatever the list says.
                if refers_to == "person" || column == "person_id" {
                    forgotten.push(format!("{table}.{column} is about a person"));
                }
            }
            _ => forgotten.push(format!("{table}.{column}")),
        }
        if column.ends_with("_by") && kind.to_lowercase() == "text" && !acted.contains(&format!("{table}.{column}")) {
            forgotten.push(format!("{table}.{column}, who did it"));
        }
        tables.insert(table);
    }
    assert!(forgotten.is_empty(), "not named in letting/held.rs: {forgotten:#?}");
    let named: BTreeSet<String> = held.keys().chain(&about_nobody).map(|table| (*table).to_owned()).collect();
    assert_eq!(named, tables);
}

/// The texts of a kind, a row each.
fn said(data: &PersonData, table: &str) -> Vec<String> {
    let kind = data.kinds.iter().find(|kind| kind.table == table).unwrap();
    let texts = |row: &Vec<HeldValue>| {
        let texts = row.iter().filter_map(|value| match value {
            HeldValue::Text(text) | HeldValue::Said { words: text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join(" | ")
    };
    kind.rows.iter().map(texts).collect()
}

async fn everything_about_somebody_is_there_and_nothing_about_others(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").passes("sharing-nudes").await;
    amy.signs("learner-aup").await.unwrap();
    world.learner("ben").of("Northfield/Cohort A").passes("four-cs").await;
    let excused = NewExemption {
        person: amy.person.id,
        thing: Thing::Module(slug("four-cs")),
        reason: "She wrote it".to_owned(),
        begins_on: local_date(world.engine.now()),
        given_before: None,
    };
    world.engine.exempt(excused, Actor::Person(mina.person.id)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    amy.is_renamed_by_file("Amy Brown").await;
    let data = world.engine.own_data(&now(&amy).await).await.unwrap();
    assert_eq!(data.name.as_deref(), Some("Amy Brown"));
    assert_eq!(said(&data, "person_detail"), ["Amy Brown | amy@northfield.example"]);
    assert_eq!(said(&data, "membership"), ["Cohort A | who runs the server"]);
    assert_eq!(said(&data, "exemption"), ["a module | The 4 Cs | somebody who works here"]);
    assert_eq!(said(&data, "exemption_reason"), ["The 4 Cs, from 23 November 2026 | She wrote it"]);
    assert_eq!(
        said(&data, "signature_words"),
        ["Learner acceptable use agreement, signed on 23 November 2026 | amy | amy"]
    );
    let entries = data.kinds.iter().find(|kind| kind.table == "log_envelope").unwrap().rows.len() as i64;
    let theirs = format!("log_envelope WHERE person_id = {}", world.id_of(amy.person.id.0));
    assert_eq!(entries, world.raw.count(&theirs).await);
    assert!(said(&data, "log_part").iter().any(|part| part.contains("She wrote it")));
    for kind in ["completion", "attempt", "answer", "password_set", "roster_done", "log_row", "person_key"] {
        assert!(!data.kinds.iter().find(|held| held.table == kind).unwrap().rows.is_empty(), "{kind}");
    }
    // Nobody else is in it, by name or by number, and no secret.
    let everything = format!("{data:?}");
    let phc = world.raw.texts("SELECT phc FROM password").await;
    let secrets = phc.iter().map(|row| row[0].clone().unwrap());
    for other in ["ben".to_owned(), "mina".to_owned(), mina.person.id.to_string()].into_iter().chain(secrets) {
        assert!(!everything.contains(&other), "{other}");
    }
    assert_eq!(data.acted, []);
}

async fn answers_are_told_in_words_and_nothing_is_said_of_an_open_attempt(world: World) {
    let amy = world.learner("amy").await;
    let open = amy.starts("sharing-nudes").await.unwrap();
    amy.answers_rightly(open).await;
    let data = world.engine.own_data(&now(&amy).await).await.unwrap();
    let answers = data.kinds.iter().find(|kind| kind.table == "answer").unwrap();
    let in_words = |row: &[HeldValue]| row.iter().take(6).map(HeldValue::said).collect::<Vec<_>>();
    let said = |text: &str| Some(text.to_owned());
    let asked = [said("Sharing nudes, attempt 1"), said("What do you do first?"), said("Tell the safeguarding lead")];
    assert_eq!(
        answers.rows.iter().map(|row| in_words(row)).collect::<Vec<_>>(),
        [[&asked[..], &[None, None, None]].concat()]
    );
    // As it is kept stands beside it, for programs.
    assert_eq!(*answers.rows[0][1].kept(), HeldValue::Text("first".to_owned()));
    let HeldValue::Text(given) = answers.rows[0][2].kept() else { panic!("{answers:?}") };
    assert_eq!(given.replace(' ', ""), "{\"chosen\":[1]}");
    assert_eq!(*answers.rows[0][0].kept(), HeldValue::Id(open.0));
    amy.hands_in(open).await.unwrap();
    let data = world.engine.own_data(&now(&amy).await).await.unwrap();
    let answers = data.kinds.iter().find(|kind| kind.table == "answer").unwrap();
    let judged = [said("yes"), said("1"), said("1")];
    assert_eq!(in_words(&answers.rows[0]), [&asked[..], &judged].concat());
    // What refers to something is told by what that is, and no digits are told.
    let pass = data.kinds.iter().find(|kind| kind.table == "certificate").unwrap();
    assert!(pass.rows[0][0].said().unwrap().starts_with("Sharing nudes, passed on "), "{pass:?}");
    let key = data.kinds.iter().find(|kind| kind.table == "person_key").unwrap();
    assert_eq!((key.rows.len(), key.told()), (1, Vec::new()));
}

async fn what_somebody_did_for_others_is_counted(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    let by = Actor::Person(root.person.id);
    let group = world.engine.group_at("North", by).await.unwrap();
    world.engine.join_group(amy.person.id, group, local_date(world.engine.now()), by).await.unwrap();
    let data = world.engine.data_of(root.person.id).await.unwrap();
    let acted: Vec<(&str, u64)> = data.acted.iter().map(|acted| (acted.table, acted.times)).collect();
    assert_eq!(acted, [("people_group", 1), ("group_place", 1), ("membership", 1), ("log_part", 2)]);
    // What somebody else did is named in no other way than by what kind of other it was.
    assert_eq!(
        said(&world.engine.data_of(amy.person.id).await.unwrap(), "membership"),
        ["North | somebody who works here"]
    );
}

async fn only_administrators_see_what_is_held_about_others_and_it_is_noted(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let root = world.person("root", &[Role::Administrator]).await;
    let mut others: Vec<Someone> = vec![world.learner("ben").await];
    others.push(world.person("dan", &[Role::Dsl]).await);
    others.push(world.person("mina", &[Role::Manager]).manages("Northfield").await);
    for other in &others {
        let refused = world.engine.person_data(&other.person, amy.person.id).await;
        assert!(matches!(refused, Err(Refused::NotForYou)), "{}", other.person.name);
    }
    assert_eq!(world.raw.count("look").await, 0);
    let data = world.engine.person_data(&root.person, amy.person.id).await.unwrap();
    assert_eq!(data.name.as_deref(), Some("amy"));
    let looks = world.engine.looks(&now(&root).await, &WhichLooks::default(), None).await.unwrap().looks;
    assert_eq!(looks.len(), 1);
    assert_eq!((looks[0].by.as_deref(), looks[0].of.as_deref(), looks[0].signature), (Some("root"), Some("amy"), None));
    // They see that somebody looked, and not who.
    let own = world.engine.own_data(&amy.person).await.unwrap();
    assert_eq!(said(&own, "look"), ["all that is held about them"]);
    let nobody = engine::PersonId(world.random_id());
    assert!(matches!(world.engine.person_data(&root.person, nobody).await, Err(Refused::NotFound)));
}
