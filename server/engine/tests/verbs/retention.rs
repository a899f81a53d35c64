//! What the provider's rules let go of, and that what was passed and signed stays.

use audit::{PartKind, PinnedKey, Trusted, Verdict, verify};
use chrono::{Days, Months, TimeDelta};
use engine::{Actor, AttemptState, LetGo, Parts, local_date};

use world::{Someone, World, on_both};

on_both![
    without_a_rule_everything_is_kept,
    answers_of_who_has_left_go_and_what_came_of_them_stays,
    names_of_who_left_years_ago_go_and_the_gate_holds,
    by_a_clock_that_was_set_ahead_nothing_goes,
    what_who_came_back_answers_is_theirs_to_see,
];

/// The provider says for how long it keeps what is about people who have left.
async fn rules(world: &World, rules: &str) {
    world.edits(
        "organisation.toml",
        "roles_are = \"staff\"",
        &format!("roles_are = \"staff\"\n\n[retention]\n{rules}\n"),
    );
    world.publishes().await.unwrap();
}

async fn leaves(someone: &Someone) {
    let engine = &someone.world.engine;
    engine.leave(someone.person.id, local_date(engine.now()), Actor::CommandLine).await.unwrap();
}

async fn without_a_rule_everything_is_kept(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    leaves(&amy).await;
    world.waits(TimeDelta::days(40 * 365));
    world.engine.accept_clock(Actor::CommandLine).await.unwrap();
    let before = world.raw.everything().await;
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), LetGo::default());
    assert_eq!(world.raw.everything().await, before);
}

async fn answers_of_who_has_left_go_and_what_came_of_them_stays(world: World) {
    rules(&world, "answers_of_leavers_days = 30").await;
    let amy = world.learner("amy").passes("four-cs").await;
    let ben = world.learner("ben").passes("four-cs").await;
    let begun = ben.starts("sharing-nudes").await.unwrap();
    ben.answers(begun, "first", "a").await.unwrap();
    let of = |someone: &Someone| {
        let person = world.id_of(someone.person.id.0);
        format!("answer WHERE attempt_id IN (SELECT id FROM attempt WHERE person_id = {person})")
    };
    let (amys, bens) = (of(&amy), of(&ben));
    assert!(world.raw.count(&amys).await > 0 && world.raw.count(&bens).await > 1);
    leaves(&ben).await;
    world.waits(TimeDelta::days(29));
    assert_eq!(world.engine.plan_letting_go().await.unwrap(), LetGo::default());
    world.waits(TimeDelta::days(1));
    let two = LetGo { attempts: 2, names: 0 };
    assert_eq!(world.engine.plan_letting_go().await.unwrap(), two);
    let marks = world.raw.contents("attempt").await;
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), two);
    assert_eq!((world.raw.count(&bens).await, world.raw.contents("attempt").await), (0, marks));
    assert!(world.raw.count(&amys).await > 0);
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), LetGo::default());
    // Whoever comes back finds what came of it, and is told.
    let today = local_date(world.engine.now());
    world.engine.come_back(ben.person.id, today, Actor::CommandLine).await.unwrap();
    let back = world.engine.person(ben.person.id).await.unwrap().unwrap();
    let passed = world.engine.own_page(&back).await.unwrap();
    assert_eq!(passed.done.len(), 1);
    let data = world.engine.data_of(ben.person.id).await.unwrap();
    let attempt = data.kinds.iter().find(|kind| kind.table == "completion").unwrap();
    let place = attempt.columns.iter().position(|column| column.name == "attempt_id").unwrap();
    let engine::HeldValue::Id(id) = *attempt.rows[0][place].kept() else { panic!("{attempt:?}") };
    match world.engine.attempt(&back, engine::AttemptId(id)).await.unwrap() {
        AttemptState::HandedIn(result) => assert!(result.passed && result.questions.is_empty(), "{result:?}"),
        other => panic!("{other:?}"),
    }
}

async fn names_of_who_left_years_ago_go_and_the_gate_holds(world: World) {
    rules(&world, "names_of_leavers_years = 2").await;
    let amy = world.learner("amaryllis").of("North").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let ben = world.learner("ben").passes("four-cs").await;
    leaves(&amy).await;
    let in_two_years = local_date(world.engine.now()) + Months::new(24);
    let wait = in_two_years - Days::new(1) - local_date(world.engine.now());
    world.waits(wait);
    world.engine.accept_clock(Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), LetGo::default());
    world.waits(TimeDelta::days(1));
    let one = LetGo { attempts: 0, names: 1 };
    assert_eq!(world.engine.plan_letting_go().await.unwrap(), one);
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), one);
    assert!(!format!("{:?}", world.raw.everything().await).contains("amaryllis"));
    // What they passed and signed stays, with its gate, and no part that names them.
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    let key = PinnedKey::parse(&bundle.manifest.key).unwrap();
    let known_head = bundle.checkpoints.values().next_back().cloned();
    let report = verify(&bundle, &Trusted { key: Some(key), known_head, ..Trusted::default() });
    assert_eq!((report.verdict, report.signatures.shown, report.erased), (Verdict::Valid, 1, 0), "{report:?}");
    assert_eq!(bundle.erased.envelopes, []);
    for kind in [PartKind::Id, PartKind::Act, PartKind::By] {
        assert!(bundle.erased.parts.contains_key(&kind), "{kind:?}");
    }
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    let basis = world.raw.texts("SELECT basis FROM erasure").await;
    assert_eq!(basis, [[Some("retention of names".to_owned())]]);
    let data = world.engine.data_of(amy.person.id).await.unwrap();
    assert_eq!(data.name, None);
    let rows = |table: &str| data.kinds.iter().find(|kind| kind.table == table).unwrap().rows.len();
    assert_eq!((rows("completion"), rows("signature"), rows("signature_words"), rows("password")), (2, 1, 0, 0));
    // Erasing them afterwards goes on from that.
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    let report = verify(&bundle, &Trusted::default());
    assert_eq!((report.verdict, report.signatures.shown), (Verdict::NotAnchored, 0), "{report:?}");
    assert!(world.engine.receipt(&ben.person, signature).await.is_err());
}

async fn by_a_clock_that_was_set_ahead_nothing_goes(world: World) {
    rules(&world, "answers_of_leavers_days = 30\nnames_of_leavers_years = 2").await;
    let amy = world.learner("amy").passes("four-cs").await;
    leaves(&amy).await;
    let before = world.raw.everything().await;
    world.sets_clock(TimeDelta::days(5 * 365));
    let refused = world.engine.let_go_by_rules(Actor::Server).await.unwrap_err();
    assert!(refused.to_string().contains("ahead of the last entry"), "{refused}");
    assert_eq!(world.raw.everything().await, before);
    world.engine.accept_clock(Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), LetGo { attempts: 1, names: 1 });
}

async fn what_who_came_back_answers_is_theirs_to_see(world: World) {
    rules(&world, "answers_of_leavers_days = 30").await;
    let ben = world.learner("ben").passes("four-cs").await;
    let begun = ben.starts("sharing-nudes").await.unwrap();
    ben.answers(begun, "first", "a").await.unwrap();
    leaves(&ben).await;
    world.waits(TimeDelta::days(30));
    assert_eq!(world.engine.let_go_by_rules(Actor::Server).await.unwrap(), LetGo { attempts: 2, names: 0 });
    let today = local_date(world.engine.now());
    world.engine.come_back(ben.person.id, today, Actor::CommandLine).await.unwrap();
    // Nothing is left of what they had answered, and they go on with it.
    ben.answers(begun, "first", "a").await.unwrap();
    ben.hands_in(begun).await.unwrap();
    match world.engine.attempt(&ben.person, begun).await.unwrap() {
        AttemptState::HandedIn(result) => assert!(!result.questions.is_empty(), "{result:?}"),
        other => panic!("{other:?}"),
    }
}
