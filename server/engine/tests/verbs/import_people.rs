//! Bringing people in from a file, and undoing it.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use chrono::{Days, NaiveDate, TimeDelta};
use engine::{
    Actor, Columns, Duty, Engine, Field, Finished, ImportError, Imported, Outcome, Plan, Role, Sha256Digest, Table,
    UndoError, Undone, local_date, said_day,
};

use world::{World, audience, email, on_both};

on_both![
    people_begin_with_a_file_as_if_they_had_been_added_by_hand,
    a_dry_run_writes_nothing,
    the_same_file_again_changes_nothing,
    who_is_known_changes_and_nobody_is_removed_by_omission,
    who_has_a_duty_until_a_day_has_it_already,
    one_line_that_is_wrong_keeps_all_of_them_out,
    an_import_is_undone_to_what_it_was,
    what_was_changed_since_is_not_undone,
    who_has_left_comes_back_only_when_the_file_says_so,
    a_file_that_was_put_right_comes_in_after_the_undoing,
    after_an_undoing_on_a_later_day_each_line_says_which_start_date_it_needs,
    who_was_to_begin_later_and_is_taken_back_begins_by_the_corrected_file,
    many_come_step_by_step_and_others_write_in_between,
    an_import_that_was_stopped_is_finished,
    an_undoing_that_was_stopped_is_finished,
    what_changes_between_looking_and_importing_is_found,
    what_changes_in_the_middle_takes_all_of_it_back,
    lines_of_an_import_that_was_never_decided_count_for_nothing,
];

async fn plan(engine: &Engine, file: &str) -> Plan {
    let table = Table::read(file.as_bytes().to_vec(), None).unwrap();
    let columns = Columns::find(&table, &[]).unwrap();
    engine.plan_import(&table, &columns, None, Actor::CommandLine).await.unwrap()
}

async fn import(world: &World, file: &str) -> Result<Imported, ImportError> {
    let plan = plan(&world.engine, file).await;
    world.engine.import_people(plan, Sha256Digest::of(file.as_bytes()), Actor::CommandLine, |_, _| ()).await
}

async fn undo(world: &World) -> Result<Undone, UndoError> {
    world.engine.undo_import(Actor::CommandLine, |_| ()).await
}

/// Who somebody is, or nobody.
async fn who(world: &World, name: &str) -> Option<engine::Person> {
    let id = world.engine.find_person(&email(name)).await.unwrap()?;
    world.engine.person(id).await.unwrap()
}

async fn groups_of(world: &World, name: &str) -> Vec<String> {
    let person = who(world, name).await.unwrap();
    person.groups.into_iter().map(|(_, name)| name).collect()
}

/// Every row has its entry in the signed log, and every entry its rows.
async fn is_whole(world: &World) {
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

const TWO: &str = "external_id,name,email,group,role,start_date\n\
     L1,Amy Archer,amy@northfield.example,Northfield/Cohort A,learner,2026-09-01\n\
     S1,Sam Sutton,Sam@Northfield.example,Northfield/Cohort A,\"staff, manager\",25/09/2026\n";

async fn people_begin_with_a_file_as_if_they_had_been_added_by_hand(world: World) {
    let planned = plan(&world.engine, TWO).await;
    assert_eq!(planned.new_groups, ["Northfield", "Northfield/Cohort A"]);
    let done = import(&world, TWO).await.unwrap();
    assert_eq!((done.began, done.changed, done.steps), (2, 0, 1));
    let amy = who(&world, "amy").await.unwrap();
    assert_eq!((amy.name.as_str(), amy.start_date.to_string().as_str()), ("Amy Archer", "2026-09-01"));
    assert_eq!(amy.audiences, [audience("learner")]);
    assert_eq!(groups_of(&world, "amy").await, ["Cohort A", "Northfield"]);
    let sam = who(&world, "sam").await.unwrap();
    assert_eq!(sam.audiences, [audience("staff")]);
    assert_eq!(sam.duties.len(), 1);
    assert!(sam.is(Role::Manager) && sam.duties[0].over == Some(amy.groups[0].0), "{:?}", sam.duties);
    assert_eq!(world.raw.count("password").await, 0);
    assert_eq!(world.raw.count("roster_import").await, 1);
    assert_eq!(world.raw.count("roster_line").await, 0);
    is_whole(&world).await;
}

async fn a_dry_run_writes_nothing(world: World) {
    let before = world.raw.everything().await;
    let planned = plan(&world.engine, TWO).await;
    assert!(planned.lines.iter().all(|line| line.outcome == Outcome::New));
    assert_eq!(world.raw.everything().await, before);
}

async fn the_same_file_again_changes_nothing(world: World) {
    import(&world, TWO).await.unwrap();
    let before = world.raw.everything().await;
    let planned = plan(&world.engine, TWO).await;
    assert!(planned.lines.iter().all(|line| line.outcome == Outcome::Unchanged), "{planned:?}");
    assert_eq!(planned.not_in_file, []);
    assert_eq!(import(&world, TWO).await.unwrap(), Imported::default());
    assert_eq!(world.raw.everything().await, before);
}

const CHANGED: &str = "external_id,name,email,group,role\n\
     L1,Amy Brown,amy.brown@northfield.example,Northfield/Cohort B,\n\
     B1,,ben@northfield.example,Cohort A,staff\n";

async fn who_is_known_changes_and_nobody_is_removed_by_omission(world: World) {
    let ben = world.learner("ben").await;
    import(&world, TWO).await.unwrap();
    let planned = plan(&world.engine, CHANGED).await;
    let Outcome::Changed(changes) = &planned.lines[0].outcome else { panic!("{planned:?}") };
    let told: Vec<_> = changes.iter().map(|change| (change.field, change.from.as_str(), change.to.as_str())).collect();
    assert_eq!(
        told,
        [
            (Field::Name, "Amy Archer", "Amy Brown"),
            (Field::Email, "amy@northfield.example", "amy.brown@northfield.example"),
            (Field::Group, "Northfield/Cohort A", "Northfield/Cohort B"),
        ]
    );
    assert_eq!(planned.not_in_file.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Sam Sutton"]);
    assert_eq!(import(&world, CHANGED).await.unwrap().changed, 2);
    let amy = who(&world, "amy.brown").await.unwrap();
    assert_eq!((amy.name.as_str(), amy.audiences.as_slice()), ("Amy Brown", &[audience("learner")][..]));
    assert_eq!(groups_of(&world, "amy.brown").await, ["Cohort B", "Northfield"]);
    let now = world.engine.person(ben.person.id).await.unwrap().unwrap();
    assert_eq!(now.audiences, [audience("staff")]);
    assert_eq!(groups_of(&world, "ben").await, ["Cohort A", "Northfield"]);
    assert!(who(&world, "sam").await.is_some_and(|sam| sam.is(Role::Manager)));
    is_whole(&world).await;
}

async fn who_has_a_duty_until_a_day_has_it_already(world: World) {
    let ada = world.staff("ada").await.person.id;
    let (engine, on) = (&world.engine, local_date(world.engine.now()));
    let auditor = Duty { role: Role::Auditor, over: None };
    engine.give_duty_until(ada, auditor, on, Some(on + Days::new(2)), Actor::CommandLine).await.unwrap();
    let file = "name,email,role\nada,ada@northfield.example,\"staff, auditor\"\n";
    assert_eq!(plan(engine, file).await.lines[0].outcome, Outcome::Unchanged);
    // Once it is over, a file does not give it anew.
    world.waits(TimeDelta::days(2));
    let planned = plan(engine, file).await;
    assert!(matches!(planned.lines[0].outcome, Outcome::Refused(_)), "{planned:?}");
}

async fn one_line_that_is_wrong_keeps_all_of_them_out(world: World) {
    let before = world.raw.everything().await;
    let file = format!("{TWO}L3,Cora,not an address,Northfield/Cohort A,lerner,31/02/2026\n");
    let planned = plan(&world.engine, &file).await;
    let Outcome::Refused(faults) = &planned.lines[2].outcome else { panic!("{planned:?}") };
    assert_eq!(planned.lines[2].line, 4);
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.unwrap()).collect();
    assert_eq!(fields, [Field::Email, Field::Role, Field::StartDate]);
    assert_eq!(faults[1].help, "did you mean learner?");
    assert!(matches!(import(&world, &file).await, Err(ImportError::Refused(1))));
    // Of a cell without an end the report has the beginning.
    let long = "x".repeat(100_000);
    for end in ["", ",and,more,cells,than,there,are,columns"] {
        let file = format!("{TWO}L3,{long},{long},Northfield/Cohort A,learner,31/08/2026{end}\n");
        let planned = plan(&world.engine, &file).await;
        let Outcome::Refused(faults) = &planned.lines[2].outcome else { panic!("{end}") };
        let said = faults.iter().map(|fault| fault.understood.len()).sum::<usize>() + planned.lines[2].who.len();
        assert!(!faults.is_empty() && said < 1_000, "{end}: {said}");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn an_import_is_undone_to_what_it_was(world: World) {
    let ben = world.learner("ben").of("Northfield/Cohort A").await;
    assert!(matches!(undo(&world).await, Err(UndoError::Nothing)));
    let file = format!("{TWO}B1,Benedict,b@northfield.example,Northfield/Cohort B,staff,\n").replace("B1", "");
    let file = file.replace("Benedict,b@", "Benedict,ben@");
    import(&world, &file).await.unwrap();
    let changed = world.engine.person(ben.person.id).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.audiences.as_slice()), ("Benedict", &[audience("staff")][..]));
    world.waits(TimeDelta::days(1));
    assert_eq!(undo(&world).await.unwrap(), Undone { left: 2, set_back: 1, kept: 0 });
    assert!(who(&world, "amy").await.is_none() && who(&world, "sam").await.is_none());
    let now = world.engine.person(ben.person.id).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.audiences.as_slice()), ("ben", &[audience("learner")][..]));
    assert_eq!(groups_of(&world, "ben").await, ["Cohort A", "Northfield"]);
    assert!(matches!(undo(&world).await, Err(UndoError::Already(_))));
    // They were here for a day, and that stays on record.
    assert_eq!(world.raw.count("stay WHERE ends_before IS NOT NULL").await, 2);
    assert_eq!(world.raw.count("roster_import WHERE ended_at IS NOT NULL").await, 1);
    assert_eq!(world.raw.count("roster_done").await, 0);
    is_whole(&world).await;
}

async fn what_was_changed_since_is_not_undone(world: World) {
    let ben = world.learner("ben").of("Northfield/Cohort A").await;
    let file = "name,email,group\nBen,ben@northfield.example,Northfield/Cohort B\n";
    import(&world, file).await.unwrap();
    let today = local_date(world.engine.now());
    let id = ben.person.id;
    let b = world.engine.group_at("Northfield/Cohort B", Actor::CommandLine).await.unwrap();
    let c = world.engine.group_at("Northfield/Cohort C", Actor::CommandLine).await.unwrap();
    world.engine.leave_group(id, b, today, Actor::CommandLine).await.unwrap();
    world.engine.join_group(id, c, today, Actor::CommandLine).await.unwrap();
    assert_eq!(undo(&world).await.unwrap(), Undone { left: 0, set_back: 0, kept: 1 });
    assert!(groups_of(&world, "ben").await.contains(&"Cohort C".to_owned()));
    is_whole(&world).await;
}

async fn who_has_left_comes_back_only_when_the_file_says_so(world: World) {
    import(&world, TWO).await.unwrap();
    let amy = who(&world, "amy").await.unwrap().id;
    let today = local_date(world.engine.now());
    world.engine.leave(amy, today, Actor::CommandLine).await.unwrap();
    let planned = plan(&world.engine, TWO).await;
    assert_eq!(planned.lines[0].outcome, Outcome::HasLeft);
    assert_eq!(import(&world, TWO).await.unwrap(), Imported::default());
    let again = TWO.replace("2026-09-01", &(today + Days::new(1)).to_string());
    assert_eq!(import(&world, &again).await.unwrap().changed, 1);
    world.waits(TimeDelta::days(1));
    assert_eq!(who(&world, "amy").await.unwrap().start_date, today + Days::new(1));
    assert_eq!(undo(&world).await.unwrap().left, 1);
    assert!(who(&world, "amy").await.is_none());
    is_whole(&world).await;
}

async fn a_file_that_was_put_right_comes_in_after_the_undoing(world: World) {
    let bad = "external_id,name,email,group,role,start_date\n\
         L1,Amy Archre,amy@northfield.example,Northfield/Cohort A,learner,2026-09-01\n\
         S1,Sam Sutton,sam@northfield.example,Northfield/Cohort A,\"staff, manager\",\n";
    let good = "external_id,name,email,group,role,start_date\n\
         L1,Amy Archer,amy@northfield.example,Northfield/Cohort B,learner,2026-09-01\n\
         S1,Sam Sutton,sam.sutton@northfield.example,Northfield/Cohort B,staff,\n";
    import(&world, bad).await.unwrap();
    let amy = who(&world, "amy").await.unwrap().id;
    assert_eq!(undo(&world).await.unwrap().left, 2);
    assert!(who(&world, "amy").await.is_none());
    // They were never here: the stays stay on record, and held on no day.
    assert_eq!(world.raw.count("stay WHERE ends_before = begins_on").await, 2);
    assert_eq!(world.raw.count("membership WHERE ends_before = begins_on").await, 1);
    is_whole(&world).await;
    let planned = plan(&world.engine, good).await;
    for line in &planned.lines {
        let Outcome::Changed(changes) = &line.outcome else { panic!("{planned:?}") };
        assert_eq!((changes[0].field, changes[0].from.as_str()), (Field::StartDate, "taken back before"));
    }
    assert_eq!(import(&world, good).await.unwrap().changed, 2);
    let today = local_date(world.engine.now());
    let found = who(&world, "amy").await.unwrap();
    assert_eq!((found.id, found.name.as_str()), (amy, "Amy Archer"));
    assert_eq!(found.start_date.to_string(), "2026-09-01");
    assert_eq!(groups_of(&world, "amy").await, ["Cohort B", "Northfield"]);
    let sam = who(&world, "sam.sutton").await.unwrap();
    assert_eq!((sam.start_date, sam.audiences, sam.duties.len()), (today, vec![audience("staff")], 0));
    assert_eq!(world.raw.count("person").await, 2);
    is_whole(&world).await;
    // And once more.
    assert_eq!(undo(&world).await.unwrap().left, 2);
    assert_eq!(import(&world, good).await.unwrap().changed, 2);
    assert!(who(&world, "amy").await.is_some());
    is_whole(&world).await;
}

async fn after_an_undoing_on_a_later_day_each_line_says_which_start_date_it_needs(world: World) {
    let file = |amy: &str, sam: &str| TWO.replace("2026-09-01", amy).replace("25/09/2026", sam);
    let two = file("2026-09-01", "");
    import(&world, &two).await.unwrap();
    world.waits(TimeDelta::days(3));
    assert_eq!(undo(&world).await.unwrap().left, 2);
    world.waits(TimeDelta::days(4));
    let left_on = local_date(world.engine.now()) - Days::new(4);
    let day = said_day(left_on);
    let planned = plan(&world.engine, &two).await;
    let needs = |too_early: &str| {
        let needs = format!("they left on {day}{too_early}; with a start date from {day} on they come back");
        vec![(Field::StartDate, needs)]
    };
    assert_eq!(planned.lines[0].outcome, Outcome::HasLeft);
    assert_eq!(planned.lines[0].notes, needs(", after the start date 1 September 2026"));
    assert_eq!((&planned.lines[1].outcome, &planned.lines[1].notes), (&Outcome::HasLeft, &needs("")));
    // A day earlier is refused again, and that day lets both come back.
    let from = |day: NaiveDate| file(&day.to_string(), &day.to_string());
    assert_eq!(import(&world, &from(left_on - Days::new(1))).await.unwrap(), Imported::default());
    assert_eq!(import(&world, &from(left_on)).await.unwrap().changed, 2);
    assert_eq!(who(&world, "amy").await.unwrap().start_date, left_on);
    assert_eq!(who(&world, "sam").await.unwrap().start_date, left_on);
    is_whole(&world).await;
}

async fn who_was_to_begin_later_and_is_taken_back_begins_by_the_corrected_file(world: World) {
    let today = local_date(world.engine.now());
    let file = |start: &str| format!("name,email,role,start_date\nAmy,amy@northfield.example,learner,{start}\n");
    import(&world, &file(&(today + Days::new(20)).to_string())).await.unwrap();
    assert_eq!(undo(&world).await.unwrap().left, 1);
    assert_eq!(import(&world, &file("")).await.unwrap().changed, 1);
    assert_eq!(who(&world, "amy").await.unwrap().start_date, today);
    assert_eq!(import(&world, &file("")).await.unwrap(), Imported::default());
    is_whole(&world).await;
}

/// A file of so many learners, in groups of 25.
fn many(count: usize) -> String {
    let mut file = "external_id,name,email,group,role,start_date\n".to_owned();
    for number in 0..count {
        let group = number / 25;
        file.push_str(&format!(
            "L{number},Łucja O’Neill {number},p{number}@northfield.example,Northfield/Cohort {group},learner,2026-09-01\n"
        ));
    }
    file
}

async fn many_come_step_by_step_and_others_write_in_between(world: World) {
    let ben = world.learner("ben").await;
    let file = many(1000);
    let planned = plan(&world.engine, &file).await;
    let importing = world.engine.import_people(planned, Sha256Digest::of(b""), Actor::CommandLine, |_, _| ());
    let waited = AtomicUsize::new(0);
    let others = async {
        let on = local_date(world.engine.now());
        let group = world.engine.group_at("South", Actor::CommandLine).await.unwrap();
        for _ in 0..3 {
            world.engine.join_group(ben.person.id, group, on, Actor::CommandLine).await.unwrap();
            world.engine.leave_group(ben.person.id, group, on, Actor::CommandLine).await.unwrap();
            waited.fetch_add(1, Relaxed);
        }
    };
    let (imported, ()) = tokio::join!(importing, others);
    let imported = imported.unwrap();
    assert_eq!((imported.began, imported.steps, waited.load(Relaxed)), (1000, 3, 3));
    assert_eq!(world.raw.count("person").await, 1001);
    assert_eq!(world.raw.count("roster_line").await, 0);
    assert_eq!(groups_of(&world, "p999").await, ["Cohort 39", "Northfield"]);
    assert_eq!(import(&world, &file).await.unwrap(), Imported::default());
    is_whole(&world).await;
    assert_eq!(undo(&world).await.unwrap().left, 1000);
    assert_eq!(world.raw.count("stay WHERE ends_before IS NULL").await, 1);
    is_whole(&world).await;
}

/// Imports so many people, and stops after the first step, as a process does that is killed.
async fn is_stopped(world: &World, file: &str) {
    let planned = plan(&world.engine, file).await;
    let engine = world.engine.clone();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let importing = tokio::spawn(async move {
        engine
            .import_people(planned, Sha256Digest::of(b"many"), Actor::CommandLine, move |_, _| {
                tell.send(()).unwrap_or_default()
            })
            .await
    });
    told.recv().await.unwrap();
    importing.abort();
    assert!(importing.await.unwrap_err().is_cancelled());
}

async fn an_import_that_was_stopped_is_finished(world: World) {
    is_stopped(&world, &many(1000)).await;
    assert!(world.raw.count("roster_line").await > 0);
    let other = import(&world, "name,email,role\nZoe,zoe@northfield.example,learner\n").await;
    assert!(matches!(other, Err(ImportError::Unfinished)));
    let node = world.another_node().await;
    let finished = node.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap();
    assert_eq!(finished, Some(Finished::Imported));
    assert_eq!(world.raw.count("person").await, 1000);
    assert_eq!(world.raw.count("roster_line").await, 0);
    assert_eq!(node.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap(), None);
    is_whole(&world).await;
}

async fn an_undoing_that_was_stopped_is_finished(world: World) {
    is_stopped(&world, &many(1000)).await;
    let engine = world.engine.clone();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    world.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap();
    let undoing = tokio::spawn(async move {
        engine.undo_import(Actor::CommandLine, move |_| tell.send(()).unwrap_or_default()).await
    });
    told.recv().await.unwrap();
    undoing.abort();
    assert!(undoing.await.unwrap_err().is_cancelled());
    assert!(world.raw.count("stay WHERE ends_before IS NULL").await > 0);
    let finished = world.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap();
    assert_eq!(finished, Some(Finished::Undone));
    assert_eq!(world.raw.count("stay WHERE ends_before IS NULL").await, 0);
    is_whole(&world).await;
}

async fn what_changes_between_looking_and_importing_is_found(world: World) {
    let planned = plan(&world.engine, TWO).await;
    world.learner("amy").await;
    let before = world.raw.everything().await;
    let tried = world.engine.import_people(planned, Sha256Digest::of(b""), Actor::CommandLine, |_, _| ()).await;
    assert!(matches!(tried, Err(ImportError::Changed { line: 2 })), "{tried:?}");
    assert_eq!(world.raw.everything().await, before);
}

async fn what_changes_in_the_middle_takes_all_of_it_back(world: World) {
    let file = many(1000);
    is_stopped(&world, &file).await;
    // Somebody takes an address that stands further down.
    world.learner("p990").await;
    let tried = world.engine.finish_import(Actor::CommandLine, |_| ()).await;
    assert!(matches!(tried, Err(ImportError::Changed { line: 992 })), "{tried:?}");
    assert_eq!(world.raw.count("stay WHERE ends_before IS NULL").await, 1);
    assert_eq!(world.raw.count("roster_line").await, 0);
    assert_eq!(world.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap(), None);
    is_whole(&world).await;
}

async fn lines_of_an_import_that_was_never_decided_count_for_nothing(world: World) {
    let id = world.id_of(world.random_id());
    world
        .raw
        .run(&format!("INSERT INTO roster_line (import_id, line, lines, work) VALUES ({id}, 2, 1, '[]')"))
        .await
        .unwrap();
    assert_eq!(world.engine.finish_import(Actor::CommandLine, |_| ()).await.unwrap(), None);
    import(&world, TWO).await.unwrap();
    assert_eq!(world.raw.count("roster_line").await, 0);
    assert_eq!(world.raw.count("person").await, 2);
}
