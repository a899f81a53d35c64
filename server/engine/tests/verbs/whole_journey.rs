//! A learner's induction from the first page to the receipt, in several sittings and with everything that goes wrong.

use chrono::TimeDelta;
use engine::{QuizState, Refused, Role};

use world::{World, on_both};

on_both![a_learner_is_inducted, a_receipt_is_for_its_signer_and_for_those_who_check];

async fn a_learner_is_inducted(world: World) {
    let amy = world.learner("amy").reads("four-cs", "four-words").await;
    assert_eq!(world.engine.own_page(&amy.person).await.unwrap().due.len(), 3);

    let first = amy.starts("four-cs").await.unwrap();
    let asked = amy.questions(first).await;
    amy.answers(first, &asked[0], "a").await.unwrap();
    world.waits(TimeDelta::days(1));
    assert_eq!(amy.quiz("four-cs").await, QuizState::Open(first));
    assert_eq!(amy.saved(first, &asked[0]).await, "a");
    amy.answers(first, &asked[0], "").await.unwrap();
    amy.hands_in(first).await.unwrap();
    assert!(!amy.result(first).await.passed);

    world.waits(TimeDelta::minutes(10));
    amy.passes("four-cs").await;
    amy.passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    assert_eq!(world.engine.receipt(&amy.person, signature).await.unwrap().passes.len(), 2);
    let page = world.engine.own_page(&amy.person).await.unwrap();
    assert_eq!((page.due.len(), page.done.len()), (0, 3));
}

async fn a_receipt_is_for_its_signer_and_for_those_who_check(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    for (name, role) in [("ada", Role::Auditor), ("dan", Role::Dsl), ("root", Role::Administrator)] {
        let checks = world.person(name, &[role]).await;
        assert!(world.engine.receipt(&checks.person, signature).await.is_ok(), "{role:?}");
    }
    let others = world.person("mina", &[Role::Manager, Role::Author]).manages("Northfield").await;
    assert!(matches!(world.engine.receipt(&others.person, signature).await, Err(Refused::NotFound)));
}
