//! Erasing somebody: nothing about them is left anywhere, and what the signed log proves of others still holds.

use std::{collections::BTreeMap, fs};

use audit::{Bundle, Fault, PinnedKey, Report, Trusted, Verdict, verify};
use chrono::TimeDelta;
use engine::{
    Actor, Bearer, EraseError, Hindrance, HowLearned, NewEvidence, NewExemption, NewJoinCode, NewToken, Parts,
    PersonId, Role, StayError, Thing, local_date,
};

use world::{Someone, World, group, on_both, slug};

on_both![
    nothing_of_somebody_is_left_and_the_log_still_holds,
    what_names_them_as_who_did_something_goes_too,
    what_is_missing_without_a_word_is_found_and_so_is_what_came_back,
    nobody_is_erased_who_is_here_or_twice_or_by_themselves,
    only_an_administrator_erases_somebody,
    what_was_erased_is_nobody_for_every_verb,
];

/// The log as it is, checked by its own key, and by the head that somebody kept or by its own.
async fn checked(world: &World, known_head: Option<String>) -> (Bundle, Report) {
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    let key = PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap();
    let known_head = known_head.or_else(|| bundle.checkpoints.values().next_back().cloned());
    let report = verify(&bundle, &Trusted { key: Some(key), known_head, ..Trusted::default() });
    (bundle, report)
}

/// They are gone from today on.
async fn leaves(someone: &Someone) {
    let engine = &someone.world.engine;
    engine.leave(someone.person.id, local_date(engine.now()), Actor::CommandLine).await.unwrap();
}

/// Somebody about whom there is a row of nearly every kind, and who has left.
async fn somebody(world: &World, name: &'static str) -> Someone {
    let amy = world.learner(name).of("Northfield/Cohort A").reads("sharing-nudes", "the-law");
    let amy = amy.passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let excused = NewExemption {
        person: amy.person.id,
        thing: Thing::Module(slug("four-cs")),
        reason: format!("Because {name} wrote it"),
        begins_on: local_date(world.engine.now()),
        given_before: None,
    };
    world.engine.exempt(excused, Actor::CommandLine).await.unwrap();
    let learned = NewEvidence {
        form: world.engine.once_key(),
        title: format!("What {name} learned"),
        provider: format!("{name}'s college"),
        done_on: Some(local_date(world.engine.now())),
        minutes: Some(30),
        how: Some(HowLearned::Online),
        file: Some(format!("%PDF-1.7 {name} %%EOF").into_bytes()),
    };
    world.engine.add_evidence(&amy.person, learned).await.unwrap();
    world.engine.make_calendar(&amy.person).await.unwrap();
    let stuck = amy.starts("four-cs").await;
    drop(stuck);
    let token = NewToken { name: format!("{name}'s script"), bearer: Bearer::Person(amy.person.id) };
    world.engine.create_token(&token, Actor::CommandLine).await.unwrap();
    let ada = world.person("ada", &[Role::Auditor]).await;
    world.engine.receipt(&ada.person, signature).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    amy.is_renamed_by_file(format!("{name} Surname").leak()).await;
    let (group, expires_at) = (group(world, "Northfield").await, world.engine.now() + TimeDelta::hours(1));
    let code = NewJoinCode { group, audience: None, most: 1, expires_at };
    let code = world.engine.create_join_code(&code, Actor::CommandLine).await.unwrap();
    world.engine.join_by_code(&amy.person, &code.code).await.unwrap();
    world.engine.make_ways_in(&[amy.person.id], Actor::CommandLine).await.unwrap();
    world.engine.save_view(&amy.person, &format!("{name}'s people"), "").await.unwrap();
    let root = world.person("root", &[Role::Administrator]).await;
    // What others keep of them goes with them.
    for (called, query) in
        [(format!("Like {name}"), String::new()), ("One".to_owned(), format!("sort=name&name={name}+b"))]
    {
        world.engine.save_view(&ada.person, &called, &query).await.unwrap();
    }
    world.engine.save_view(&ada.person, "Overdue", "status=overdue").await.unwrap();
    let file = format!("Name,Email\n{name},{name}@northfield.example\n");
    world.engine.upload_people(&root.person, "people.csv", file.into_bytes()).await.unwrap();
    leaves(&amy).await;
    amy
}

async fn nothing_of_somebody_is_left_and_the_log_still_holds(world: World) {
    let zuleika = somebody(&world, "zuleika").await;
    let ben = world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let receipt = ben.signs("learner-aup").await.unwrap();
    let find_key = format!("SELECT secret FROM person_key WHERE person_id = {}", world.id_of(zuleika.person.id.0));
    let key = world.raw.texts(&find_key).await[0][0].clone().unwrap();
    let (before, report) = checked(&world, None).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    let head = before.checkpoints.values().next_back().cloned().unwrap();
    let traces = ["zuleika", &key];
    assert!(format!("{before:?}").contains("zuleika"));
    let plan = world.engine.plan_erasure(zuleika.person.id).await.unwrap();
    assert_eq!((plan.hindrance, plan.name.as_deref()), (None, Some("zuleika Surname")));

    let erased = world.engine.erase_person(zuleika.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!((erased.entries, erased.named, erased.scrubbed), (plan.entries, 0, world.raw.is_sqlite()));
    let rows: u64 = plan.goes.iter().map(|(_, rows)| rows).sum();
    assert!(erased.rows > 20 && erased.rows < rows, "{erased:?}");

    // Nothing but that somebody was known.
    let data = world.engine.data_of(zuleika.person.id).await.unwrap();
    let there: Vec<&str> = data.kinds.iter().filter(|kind| !kind.rows.is_empty()).map(|kind| kind.table).collect();
    assert_eq!(there, ["person", "erased_person"]);
    assert_eq!(world.engine.person(zuleika.person.id).await.unwrap(), None);
    // The log goes on from the head that somebody kept before, by both ways of looking, and says how much is gone.
    let (bundle, report) = checked(&world, Some(head)).await;
    assert_eq!((report.verdict, report.erased), (Verdict::Valid, plan.entries), "{report:?}");
    assert_eq!(report.signatures.shown, 1);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    assert_eq!(Bundle::read(&bundle.write().unwrap()).unwrap(), bundle);
    let ben = world.engine.receipt_file(&ben.person, receipt).await.unwrap();
    let receipt = audit::verify_extract(&audit::Extract::parse(&ben).unwrap(), &Trusted::default());
    assert_eq!(receipt.verdict, Verdict::NotAnchored, "{receipt:?}");

    // A view that names nobody stays.
    assert_eq!(world.raw.count("saved_view").await, 1);

    // No trace by bytes: in the bundle, in the database's files, in what stands in its tables.
    let files = bundle.write().unwrap();
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for trace in traces {
        assert!(files.values().all(|bytes| !holds(bytes, trace)), "{trace} in the bundle");
    }
    if world.raw.is_sqlite() {
        let file = world.url().strip_prefix("sqlite://").unwrap();
        for ending in ["", "-wal"] {
            let bytes = fs::read(format!("{file}{ending}")).unwrap_or_default();
            for trace in traces {
                assert!(!holds(&bytes, trace), "{trace} in the file{ending}");
            }
        }
        assert!(fs::metadata(file).unwrap().len() > 100_000);
    }
    let everything: BTreeMap<_, _> = world.raw.everything().await;
    for trace in traces {
        assert!(!format!("{everything:?}").contains(trace), "{trace} in a table");
    }
}

async fn what_names_them_as_who_did_something_goes_too(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").of("North").await;
    let by = Actor::Person(root.person.id);
    let today = local_date(world.engine.now());
    let group = world.engine.group_at("South", by).await.unwrap();
    world.engine.join_group(amy.person.id, group, today, by).await.unwrap();
    let (before, _) = checked(&world, None).await;
    let named = format!("person:{}", root.person.id);
    assert!(before.openings.values().any(|opened| opened.parts.values().any(|part| part.part.contains(&named))));
    leaves(&root).await;
    let erased = world.engine.erase_person(root.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(erased.named, 2);
    let (bundle, report) = checked(&world, None).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    assert_eq!(bundle.erased.parts[&audit::PartKind::By].iter().map(|(a, b)| b - a + 1).sum::<u64>(), 2);
    assert!(!bundle.openings.values().any(|opened| opened.parts.values().any(|part| part.part.contains(&named))));
    // What they did for others stays with these.
    let memberships = world.engine.data_of(amy.person.id).await.unwrap();
    assert_eq!(memberships.kinds.iter().find(|kind| kind.table == "membership").unwrap().rows.len(), 2);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn what_is_missing_without_a_word_is_found_and_so_is_what_came_back(world: World) {
    let amy = somebody(&world, "amy").await;
    world.learner("ben").passes("four-cs").await;
    let kept = world.engine.export_log(Parts::All).await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let (bundle, report) = checked(&world, None).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    // One of the entries that were erased is there again.
    let (number, _) = bundle.erased.envelopes[0];
    let key = PinnedKey::parse(&bundle.manifest.key).unwrap();
    let known_head = bundle.checkpoints.values().next_back().cloned();
    let trusted = Trusted { key: Some(key), known_head, ..Trusted::default() };
    let mut back = bundle.clone();
    back.openings.insert(number, kept.openings[&number].clone());
    assert!(verify(&back, &trusted).faults.contains(&Fault::ErasedYetThere(number)));
    // The list is cut, or another.
    let mut short = bundle.clone();
    short.erased_bytes = None;
    short.erased = audit::Erased::default();
    assert!(verify(&short, &trusted).faults.contains(&Fault::WrongErasedList));
    // Somebody deletes what opens an entry and says nothing.
    let silent =
        "DELETE FROM log_envelope WHERE number = (SELECT MAX(number) FROM log_envelope WHERE person_id IS NOT NULL)";
    assert_eq!(world.raw.run(silent).await.unwrap(), 1);
    let (_, report) = checked(&world, None).await;
    assert!(matches!(report.faults.first(), Some(Fault::Unexplained(_))), "{report:?}");
}

async fn nobody_is_erased_who_is_here_or_twice_or_by_themselves(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let dan = world.learner("dan").begins_in(3).await;
    let before = world.raw.everything().await;
    for someone in [&amy, &dan] {
        let refused = world.engine.erase_person(someone.person.id, Actor::CommandLine).await;
        assert!(matches!(refused, Err(EraseError::Hindered(Hindrance::StillHere))), "{refused:?}");
    }
    let oneself = world.engine.erase_person(amy.person.id, Actor::Person(amy.person.id)).await;
    assert!(matches!(oneself, Err(EraseError::Oneself)), "{oneself:?}");
    let nobody = world.engine.erase_person(PersonId(world.random_id()), Actor::CommandLine).await;
    assert!(matches!(nobody, Err(EraseError::NoSuchPerson)), "{nobody:?}");
    assert_eq!(world.raw.everything().await, before);
    leaves(&amy).await;
    // A file that is being brought in may be about them.
    let line = format!(
        "INSERT INTO roster_line (import_id, line, lines, work) VALUES ({}, 1, 1, '')",
        world.id_of(world.random_id())
    );
    world.raw.run(&line).await.unwrap();
    let refused = world.engine.erase_person(amy.person.id, Actor::CommandLine).await;
    assert!(matches!(refused, Err(EraseError::Hindered(Hindrance::ImportUnderWay))), "{refused:?}");
    world.raw.run("DELETE FROM roster_line").await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let again = world.engine.erase_person(amy.person.id, Actor::CommandLine).await;
    assert!(matches!(again, Err(EraseError::Hindered(Hindrance::ErasedAlready))), "{again:?}");
}

async fn only_an_administrator_erases_somebody(world: World) {
    let amy = world.learner("amy").of("North").await;
    leaves(&amy).await;
    for (name, role) in [("dan", Role::Dsl), ("ada", Role::Auditor)] {
        let other = world.person(name, &[role]).await;
        assert!(world.engine.erasure_plan(&other.person, amy.person.id).await.is_err());
        let refused = world.engine.erase_person_for(&other.person, amy.person.id).await;
        assert!(matches!(refused, Err(EraseError::NotForYou)), "{refused:?}");
    }
    let root = world.person("root", &[Role::Administrator]).await;
    world.engine.erase_person_for(&root.person, amy.person.id).await.unwrap();
    assert_eq!(world.raw.texts("SELECT basis FROM erasure").await, [[Some("request".to_owned())]]);
}

async fn what_was_erased_is_nobody_for_every_verb(world: World) {
    let amy = world.learner("amy").of("North").await;
    leaves(&amy).await;
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let before = world.raw.everything().await;
    let (person, by, today) = (amy.person.id, Actor::CommandLine, local_date(world.engine.now()));
    assert!(matches!(world.engine.come_back(person, today, by).await, Err(StayError::NoSuchPerson)));
    assert!(matches!(world.engine.leave(person, today, by).await, Err(StayError::NoSuchPerson)));
    let excused = NewExemption {
        person,
        thing: Thing::Module(slug("four-cs")),
        reason: "She wrote it".to_owned(),
        begins_on: today,
        given_before: None,
    };
    assert!(matches!(world.engine.exempt(excused, by).await, Err(engine::ExemptError::NoSuchPerson)));
    assert_eq!(world.raw.everything().await, before);
    // The same address may come again, and is somebody new.
    let again = world.learner("amy").passes("four-cs").await;
    assert_ne!(again.person.id, person);
    assert_eq!(checked(&world, None).await.1.verdict, Verdict::Valid);
}
