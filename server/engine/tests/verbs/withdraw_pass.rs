//! A pass that was recorded wrongly: it stays on record, and counts for nothing from then on.

use audit::{Extract, Note, PinnedKey, Trusted, Verdict, verify, verify_extract};
use chrono::TimeDelta;
use engine::{
    Actor, AsAt, CertificateStands, CompletionId, HeldValue, LetterAbout, LetterKind, MatrixQuery, Parts, QuizState,
    RecordFact, Right, Role, Scope, TextFault, WithdrawPassError, WrongBecause,
};
use model::Status;

use world::{Someone, World, agreement, now, on_both, slug};

on_both![
    what_was_withdrawn_counts_for_nothing_and_stays_on_record,
    what_was_signed_stays_signed_and_says_so,
    administrators_alone_withdraw_and_nobody_their_own,
    reasons_go_with_names_and_corrections_with_their_person,
];

async fn pass(someone: &Someone) -> CompletionId {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    record.years[0].entries[0].completion
}

/// Where the matrix has somebody with the 4 Cs.
async fn in_matrix(world: &World, reader: &Someone, of: &Someone, as_at: Option<AsAt>) -> Status {
    let query = MatrixQuery { as_at, ..MatrixQuery::default() };
    let scope = Scope::of(&now(reader).await, Right::See, world.engine.now()).unwrap();
    let matrix = world.engine.matrix(&scope, &query).await.unwrap();
    let column = matrix.columns.iter().position(|column| column.title == "The 4 Cs").unwrap();
    let row = matrix.rows(0..9).find(|row| row.id == of.person.id).unwrap();
    row.cells[column].0.status
}

async fn what_was_withdrawn_counts_for_nothing_and_stays_on_record(mut world: World) {
    world.engine = world.engine.with_letters();
    let amy = world.learner("amy").passes("four-cs").await;
    let root = world.person("root", &[Role::Administrator]).await;
    let (engine, id) = (&world.engine, pass(&amy).await);
    let certificate = engine.certificate(&amy.person, id).await.unwrap();
    assert_eq!(in_matrix(&world, &root, &amy, None).await, Status::Passed);
    world.waits(TimeDelta::days(2));
    let then = engine.now();
    world.waits(TimeDelta::days(1));
    let by = Actor::Person(root.person.id);
    let whose = engine.withdraw_pass(id, WrongBecause::NotTheirOwn, "A friend took it", by).await.unwrap();
    assert_eq!(whose, amy.person.id);
    // They are told, and not why, because others may read it.
    let letters = engine.claim_letters(50).await.unwrap();
    let told: Vec<_> = letters.iter().filter(|letter| letter.about.kind() == LetterKind::Withdrawn).collect();
    assert_eq!((told.len(), told[0].person), (1, amy.person.id));
    assert!(matches!(&told[0].about, LetterAbout::Withdrawn { name } if *name == amy.person.name));
    assert_eq!(world.raw.count("letter WHERE about LIKE '%friend%'").await, 0);
    // It is asked for again, by each page that says where they stand.
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    assert_eq!(engine.own_page(&amy.person).await.unwrap().done.len(), 0);
    assert_ne!(in_matrix(&world, &root, &amy, None).await, Status::Passed);
    let cpd = engine.cpd_record(amy.person.id).await.unwrap();
    let entry = &cpd.years[0].entries[0];
    assert_eq!((cpd.years[0].minutes(), entry.counts), (0, false));
    assert_eq!(entry.withdrawn.map(|withdrawn| withdrawn.why), Some(WrongBecause::NotTheirOwn));
    let found = engine.verify_certificate(&certificate.code, "192.0.2.7").await.unwrap();
    assert_eq!((found.stands, found.entry.faults.len()), (CertificateStands::Wrong, 0));
    // What was known before says what it said then; by what is known now it never counted.
    let as_at = |as_known_now| AsAt { moment: then, as_known_now };
    assert_eq!(in_matrix(&world, &root, &amy, Some(as_at(false))).await, Status::Passed);
    assert_ne!(in_matrix(&world, &root, &amy, Some(as_at(true))).await, Status::Passed);
    let record = engine.person_record(&root.person, amy.person.id, None).await.unwrap();
    let is_withdrawn = |fact: &RecordFact| matches!(fact, RecordFact::Withdrawn { why: WrongBecause::NotTheirOwn, .. });
    assert!(record.events.iter().any(|event| is_withdrawn(&event.what) && event.entry.is_some()));
    assert!(record.events.iter().any(|event| matches!(event.what, RecordFact::Passed { pass: None, .. })));
    let before = engine.person_record(&root.person, amy.person.id, Some(as_at(false))).await.unwrap();
    assert!(before.events.iter().all(|event| !is_withdrawn(&event.what)));
    // They pass it anew, and that counts.
    amy.passes("four-cs").await;
    assert_eq!(in_matrix(&world, &root, &amy, None).await, Status::Passed);
    let again = engine.withdraw_pass(id, WrongBecause::Other, "Once more", by).await;
    assert!(matches!(again, Err(WithdrawPassError::Withdrawn)));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn what_was_signed_stays_signed_and_says_so(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let engine = &world.engine;
    world.waits(TimeDelta::days(1));
    let record = engine.cpd_record(amy.person.id).await.unwrap();
    let id = record.years[0].entries.iter().find(|entry| entry.module == slug("four-cs")).unwrap().completion;
    engine.withdraw_pass(id, WrongBecause::WrongPerson, "Ben sat there", Actor::CommandLine).await.unwrap();
    let summary = engine.agreements(&amy.person).await.unwrap().agreements;
    let summary = summary.iter().find(|one| one.agreement.slug == agreement("learner-aup")).unwrap();
    assert!(summary.cell.counts.is_some(), "what was signed stays signed");
    let shown = engine.signature_evidence(&amy.person, signature).await.unwrap();
    assert_eq!(shown.proved.faults, Vec::<String>::new());
    assert_eq!(shown.receipt.passes.iter().filter(|pass| pass.withdrawn.is_some()).count(), 1);
    // So does whoever checks the log, or the receipt, without this server.
    let key = PinnedKey::parse(&engine.log_key().await.unwrap().unwrap()).unwrap();
    let trusted = Trusted {
        key: Some(key),
        known_head: Some(engine.log_head().await.unwrap().unwrap().note),
        ..Trusted::default()
    };
    let whole = verify(&engine.export_log(Parts::All).await.unwrap(), &trusted);
    let receipt = Extract::parse(&engine.receipt_file(&amy.person, signature).await.unwrap()).unwrap();
    let receipt = verify_extract(&receipt, &trusted);
    for report in [whole, receipt] {
        assert_eq!((report.verdict, report.signatures.shown), (Verdict::Valid, 1), "{report:?}");
        assert!(report.notes.iter().any(|note| matches!(note, Note::PassCorrected { .. })), "{report:?}");
    }
    // Nothing more is signed with it.
    world.publishes_new_version_of("learner-aup").await;
    assert!(amy.signs("learner-aup").await.is_err());
    amy.passes("four-cs").await;
    amy.signs("learner-aup").await.unwrap();
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn administrators_alone_withdraw_and_nobody_their_own(world: World) {
    let amy = world.learner("amy").of("North").passes("four-cs").await;
    let root = world.person("root", &[Role::Administrator]).also("learner").passes("four-cs").await;
    let mina = world.person("mina", &[Role::Manager]).manages("North").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let (engine, id) = (&world.engine, pass(&amy).await);
    for other in [&mina, &dan, &world.learner("ben").await] {
        let refused = engine.withdraw_pass(id, WrongBecause::Other, "Why", Actor::Person(other.person.id)).await;
        assert!(matches!(refused, Err(WithdrawPassError::NoSuchPass)), "{refused:?}");
    }
    for (id, of) in [(pass(&root).await, &root), (id, &amy)] {
        let refused = engine.withdraw_pass(id, WrongBecause::Other, "Why", Actor::Person(of.person.id)).await;
        assert!(matches!(refused, Err(WithdrawPassError::Oneself)), "{refused:?}");
    }
    let by = Actor::Person(root.person.id);
    let empty = engine.withdraw_pass(id, WrongBecause::Other, " ", by).await;
    assert!(matches!(empty, Err(WithdrawPassError::Reason(TextFault::Empty))));
    let none = engine.withdraw_pass(CompletionId(world.random_id()), WrongBecause::Other, "Why", by).await;
    assert!(matches!(none, Err(WithdrawPassError::NoSuchPass)));
    assert_eq!((world.raw.count("correction").await, world.raw.count("correction_reason").await), (0, 0));
}

async fn reasons_go_with_names_and_corrections_with_their_person(world: World) {
    let from = "roles_are = \"staff\"";
    world.edits("organisation.toml", from, &format!("{from}\n\n[retention]\nnames_of_leavers_years = 1"));
    world.publishes().await.unwrap();
    let engine = &world.engine;
    for name in ["amy", "ben"] {
        let someone = world.learner(name).passes("four-cs").await;
        let id = pass(&someone).await;
        engine.withdraw_pass(id, WrongBecause::WrongDate, "It was in May", Actor::CommandLine).await.unwrap();
        let data = engine.own_data(&someone.person).await.unwrap();
        let held = data.kinds.iter().find(|kind| kind.table == "correction_reason").unwrap();
        assert!(held.rows[0].contains(&HeldValue::Text("It was in May".to_owned())), "{held:?}");
        engine.leave(someone.person.id, world::today(&world), Actor::CommandLine).await.unwrap();
        if name == "ben" {
            engine.erase_person(someone.person.id, Actor::CommandLine).await.unwrap();
        }
    }
    assert_eq!((world.raw.count("correction").await, world.raw.count("correction_reason").await), (1, 1));
    world.waits(TimeDelta::days(370));
    engine.accept_clock(Actor::CommandLine).await.unwrap();
    engine.let_go_by_rules(Actor::CommandLine).await.unwrap();
    assert_eq!((world.raw.count("correction").await, world.raw.count("correction_reason").await), (1, 0));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}
