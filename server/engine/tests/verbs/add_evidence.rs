//! What people learned elsewhere and add to their own record.

use chrono::{Days, NaiveDate};
use engine::{
    Actor, AddEvidenceError, EvidenceFault, EvidenceId, FileKind, HowLearned, NewEvidence, NotTaken, PersonId, Refused,
    Role, TextFault, local_date,
};

use world::{Someone, World, now, on_both, today};

on_both![
    what_was_learned_elsewhere_counts_in_its_year_and_apart,
    a_form_adds_once_what_it_says_and_something_else_as_well,
    everything_that_is_wrong_is_said_at_once_and_nothing_is_kept,
    a_file_is_for_its_owner_and_those_who_look_after_them_and_looks_are_noted,
    what_is_taken_back_counts_no_longer_and_its_file_is_gone,
    nobody_adds_more_than_they_may,
    a_file_that_was_altered_is_shown_to_nobody,
    a_photo_is_kept_without_where_it_was_taken,
];

/// A PDF of so many bytes.
fn pdf(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(bytes - 6, b'x');
    file.extend(b"\n%%EOF");
    file
}

fn new(world: &World, day: NaiveDate) -> NewEvidence {
    NewEvidence {
        form: world.engine.once_key(),
        title: " Safer recruitment ".to_owned(),
        provider: "Riverside Council".to_owned(),
        done_on: Some(day),
        minutes: Some(90),
        how: Some(HowLearned::InPerson),
        file: None,
    }
}

async fn adds(someone: &Someone, file: Option<Vec<u8>>) -> EvidenceId {
    let new = NewEvidence { file, ..new(&someone.world, today(&someone.world)) };
    someone.world.engine.add_evidence(&someone.person, new).await.unwrap()
}

/// The world begins on Monday, 23 November 2026.
async fn what_was_learned_elsewhere_counts_in_its_year_and_apart(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let id = adds(&amy, Some(pdf(300_000))).await;
    let last_year = new(&world, "2026-08-31".parse().unwrap());
    world.engine.add_evidence(&amy.person, last_year).await.unwrap();
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let said: Vec<_> = record
        .years
        .iter()
        .map(|year| (year.begins_on.to_string(), year.minutes_here(), year.minutes_elsewhere(), year.minutes()))
        .collect();
    assert_eq!(said, [("2026-09-01".to_owned(), 20, 90, 110), ("2025-09-01".to_owned(), 0, 90, 90)]);
    let added = &record.years[0].elsewhere[0];
    assert_eq!((added.id, added.title.as_deref()), (id, Some("Safer recruitment")));
    assert_eq!(added.provider.as_deref(), Some("Riverside Council"));
    assert_eq!(added.file.map(|file| (file.kind, file.length)), Some((FileKind::Pdf, 300_000)));
    assert_eq!(record.years[1].elsewhere[0].file, None);
    // It decides nothing, and is in the log with its digest; what it was stands apart.
    let part = world.raw.texts("SELECT part FROM log_part WHERE kind = 'act' AND part LIKE '%Safer%'").await;
    let said = r#"{"how":"in-person","provider":"Riverside Council","title":"Safer recruitment"}"#;
    assert_eq!(part, vec![vec![Some(said.to_owned())]; 2]);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    world.raw.run("DROP TRIGGER evidence_words_never_changes").await.ok();
    world.raw.run("DROP TRIGGER evidence_words_never_changes ON evidence_words").await.ok();
    world.raw.run("UPDATE evidence_words SET title = 'Safer'").await.unwrap();
    assert_eq!(world.engine.compare_rows().await.unwrap().len(), 2);
}

async fn a_form_adds_once_what_it_says_and_something_else_as_well(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let form = new(&world, today(&world));
    let both = tokio::join!(
        world.engine.add_evidence(&amy.person, form.clone()),
        world.engine.add_evidence(&amy.person, NewEvidence { title: "Safer recruitment".to_owned(), ..form.clone() }),
    );
    let first = both.0.unwrap();
    assert_eq!(first, both.1.unwrap());
    assert_eq!(world.raw.count("evidence").await, 1);
    // The number of somebody else's form is nobody's but theirs.
    world.engine.add_evidence(&ben.person, form.clone()).await.unwrap();
    assert_eq!(world.raw.count("evidence").await, 2);
    // Whoever goes back in their browser, and writes something else, has both.
    let others = [
        NewEvidence { title: "Another".to_owned(), ..form.clone() },
        NewEvidence { minutes: Some(91), ..form.clone() },
        NewEvidence { how: Some(HowLearned::Online), ..form.clone() },
        NewEvidence { file: Some(pdf(300)), ..form.clone() },
        NewEvidence { file: Some(pdf(301)), ..form.clone() },
    ];
    for (added, other) in (3..).zip(others) {
        let id = world.engine.add_evidence(&amy.person, other.clone()).await.unwrap();
        assert_eq!(world.engine.add_evidence(&amy.person, other).await.unwrap(), id);
        assert!(id != first);
        assert_eq!(world.raw.count("evidence").await, added);
    }
    // What was taken back is not added again unasked; what else the form said stands.
    world.engine.end_evidence(&amy.person, first).await.unwrap();
    let again = world.engine.add_evidence(&amy.person, form).await;
    assert!(matches!(again, Err(AddEvidenceError::TakenBack)), "{again:?}");
}

async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(world: World) {
    let amy = world.learner("amy").await;
    let before = world.raw.everything().await;
    let wrong = NewEvidence {
        title: " ".to_owned(),
        provider: "p".repeat(NewEvidence::LONGEST + 1),
        done_on: Some(today(&world) + Days::new(1)),
        minutes: Some(0),
        how: None,
        file: Some(b"<html>".to_vec()),
        ..new(&world, today(&world))
    };
    let Err(AddEvidenceError::Faults(faults)) = world.engine.add_evidence(&amy.person, wrong).await else {
        panic!("it was taken")
    };
    let (title, provider) = (TextFault::Empty, TextFault::TooLong { most: NewEvidence::LONGEST, over: 1 });
    let expected = [
        EvidenceFault::Title(title),
        EvidenceFault::Provider(provider),
        EvidenceFault::Day,
        EvidenceFault::Minutes,
        EvidenceFault::How,
        EvidenceFault::File(NotTaken::Kind),
    ];
    assert_eq!(faults, expected);
    let right = || new(&world, today(&world));
    for (wrong, fault) in [
        (NewEvidence { done_on: None, ..right() }, EvidenceFault::Day),
        (NewEvidence { done_on: Some("2016-11-20".parse().unwrap()), ..right() }, EvidenceFault::Day),
        (NewEvidence { minutes: None, ..right() }, EvidenceFault::Minutes),
        (NewEvidence { minutes: Some(NewEvidence::MOST_MINUTES + 1), ..right() }, EvidenceFault::Minutes),
        (
            NewEvidence { file: Some(pdf(NewEvidence::LARGEST_FILE + 1)), ..right() },
            EvidenceFault::File(NotTaken::TooLarge),
        ),
    ] {
        match world.engine.add_evidence(&amy.person, wrong).await {
            Err(AddEvidenceError::Faults(faults)) => assert_eq!(faults, [fault]),
            other => panic!("{fault:?}: {other:?}"),
        }
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn a_file_is_for_its_owner_and_those_who_look_after_them_and_looks_are_noted(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let ben = world.learner("ben").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let id = adds(&amy, Some(pdf(600_000))).await;
    let without = adds(&amy, None).await;
    let engine = &world.engine;
    assert_eq!(engine.evidence_file(&amy.person, id).await.unwrap().bytes, pdf(600_000));
    assert_eq!(world.raw.count("look").await, 0);
    for (reader, id) in [(&ben, id), (&otto, id), (&amy, without), (&mina, without)] {
        assert!(matches!(engine.evidence_file(&reader.person, id).await, Err(Refused::NotFound)));
    }
    assert_eq!(engine.evidence_file(&mina.person, id).await.unwrap().kind, FileKind::Pdf);
    assert_eq!(engine.looks_at_record(&now(&amy).await).await.unwrap(), 1);
    let record = engine.person_record(&mina.person, amy.person.id, None).await.unwrap();
    assert_eq!(record.elsewhere.len(), 2);
    assert_eq!(world.raw.count(&format!("look WHERE thing = 'evidence/{id}'")).await, 1);
}

async fn what_is_taken_back_counts_no_longer_and_its_file_is_gone(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let id = adds(&amy, Some(pdf(600_000))).await;
    let engine = &world.engine;
    assert!(matches!(engine.end_evidence(&ben.person, id).await, Err(Refused::NotFound)));
    engine.end_evidence(&amy.person, id).await.unwrap();
    let after = world.raw.everything().await;
    engine.end_evidence(&amy.person, id).await.unwrap();
    assert_eq!(world.raw.everything().await, after, "it is taken back once");
    let record = engine.cpd_record(amy.person.id).await.unwrap();
    assert!(record.years[0].is_empty());
    assert_eq!((record.taken_back.len(), record.taken_back[0].file), (1, None));
    assert!(matches!(engine.evidence_file(&amy.person, id).await, Err(Refused::NotFound)));
    assert_eq!(world.raw.count("evidence_piece").await, 0);
    assert_eq!(world.raw.count("log_row WHERE kind = 'evidence/end'").await, 1);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    // Whoever was erased adds nothing.
    engine.leave(amy.person.id, local_date(engine.now()), Actor::CommandLine).await.unwrap();
    engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let refused = engine.add_evidence(&amy.person, new(&world, today(&world))).await;
    assert!(matches!(refused, Err(AddEvidenceError::NoSuchPerson)));
}

/// So many rows as if somebody had added them, each with a file of so many bytes.
async fn had_added(world: &World, person: PersonId, rows: i64, length: i64, ended: bool) {
    let person = world.id_of(person.0);
    let ends = if ended { "'2026-11-23T10:00:00+00:00'" } else { "NULL" };
    for _ in 0..rows {
        let (id, form) = (world.id_of(world.random_id()), world.id_of(world.random_id()));
        let insert = format!(
            "INSERT INTO evidence (id, person_id, form_key, done_on, minutes, how, sha256, kind, length, recorded_at, recorded_by, ended_at, ended_by) \
             VALUES ({id}, {person}, {form}, '2026-11-23', 1, 'other', '{}', 'pdf', {length}, '2026-11-23T10:00:00+00:00', 'x', {ends}, {ends})",
            "0".repeat(64)
        );
        assert_eq!(world.raw.run(&insert).await.unwrap(), 1);
    }
}

async fn nobody_adds_more_than_they_may(world: World) {
    let (amy, ben, cora) = (world.learner("amy").await, world.learner("ben").await, world.learner("cora").await);
    had_added(&world, amy.person.id, NewEvidence::MOST, 0, false).await;
    let refused = world.engine.add_evidence(&amy.person, new(&world, today(&world))).await;
    assert!(matches!(refused, Err(AddEvidenceError::TooMany)));
    // What was taken back makes room, for as many as anybody adds in all.
    had_added(&world, ben.person.id, NewEvidence::MOST_EVER - 1, 5_000_000, true).await;
    adds(&ben, Some(pdf(100))).await;
    let refused = world.engine.add_evidence(&ben.person, new(&world, today(&world))).await;
    assert!(matches!(refused, Err(AddEvidenceError::TooMany)));
    had_added(&world, cora.person.id, 1, NewEvidence::MOST_BYTES - 100, false).await;
    let large = NewEvidence { file: Some(pdf(101)), ..new(&world, today(&world)) };
    assert!(matches!(world.engine.add_evidence(&cora.person, large).await, Err(AddEvidenceError::NoRoom)));
    adds(&cora, Some(pdf(100))).await;
}

async fn a_file_that_was_altered_is_shown_to_nobody(world: World) {
    let amy = world.learner("amy").await;
    let id = adds(&amy, Some(pdf(100))).await;
    world.raw.run("DROP TRIGGER evidence_piece_never_changes").await.ok();
    world.raw.run("DROP TRIGGER evidence_piece_never_changes ON evidence_piece").await.ok();
    let other = if world.raw.is_sqlite() { "x'00'" } else { "'\\x00'" };
    assert_eq!(world.raw.run(&format!("UPDATE evidence_piece SET bytes = {other}")).await.unwrap(), 1);
    assert!(matches!(world.engine.evidence_file(&amy.person, id).await, Err(Refused::Internal(_))));
}

async fn a_photo_is_kept_without_where_it_was_taken(world: World) {
    let amy = world.learner("amy").await;
    let place = b"http://ns.adobe.com/xap/1.0/\0GPS 51.5 N, 0.1 W";
    let length = u16::try_from(place.len() + 2).unwrap().to_be_bytes();
    let scan = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
    let photo = [[0xff, 0xd8, 0xff, 0xe1].as_slice(), &length, place, &scan].concat();
    let id = adds(&amy, Some(photo)).await;
    let kept = [[0xff, 0xd8].as_slice(), &scan].concat();
    // The digest is that of what is kept, or it would be shown to nobody.
    let file = world.engine.evidence_file(&amy.person, id).await.unwrap();
    assert_eq!((file.kind, file.bytes), (FileKind::Jpeg, kept));
    let broken = NewEvidence { file: Some(vec![0xff, 0xd8, 0xff, 0xe1, 0xff, 0xd9]), ..new(&world, today(&world)) };
    let refused = world.engine.add_evidence(&amy.person, broken).await;
    assert!(
        matches!(refused, Err(AddEvidenceError::Faults(faults)) if faults == [EvidenceFault::File(NotTaken::Kind)])
    );
}
