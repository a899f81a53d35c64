//! Taking people out, and in again, as a directory does.

use chrono::Days;
use engine::{Actor, Role, StayError, WhichKnown};

use world::{World, on_both, today};

on_both![
    who_is_taken_out_leaves_once_and_is_found_by_their_id_alone,
    who_is_to_leave_later_is_taken_out_now,
    who_has_left_is_taken_out_all_the_same,
    nobody_takes_out_themselves_or_others_without_the_duty,
];

async fn who_is_taken_out_leaves_once_and_is_found_by_their_id_alone(world: World) {
    let amy = world.person("amy", &[Role::Dsl]).await.person.id;
    let all = WhichKnown::Page { skip: 0, most: 200 };
    let before = world.engine.known_people(&all, Actor::CommandLine).await.unwrap();
    world.engine.take_out(amy, Actor::CommandLine).await.unwrap();
    world.engine.take_out(amy, Actor::CommandLine).await.unwrap();
    assert!(world.engine.person(amy).await.unwrap().is_none());
    assert_eq!(world.raw.count("duty WHERE ends_before IS NULL").await, 0);
    let after = world.engine.known_people(&all, Actor::CommandLine).await.unwrap();
    assert_eq!((after.total, after.found.len()), (before.total - 1, before.found.len() - 1));
    let known = world.engine.known_people(&WhichKnown::Person(amy), Actor::CommandLine).await.unwrap();
    assert!(known.found[0].is_taken_out && !known.found[0].is_here);
    world.engine.take_in(amy, Actor::CommandLine).await.unwrap();
    let known = world.engine.known_people(&WhichKnown::Email(world::email("AMY")), Actor::CommandLine).await.unwrap();
    assert!(!known.found[0].is_taken_out && !known.found[0].is_here);
}

async fn who_is_to_leave_later_is_taken_out_now(world: World) {
    let amy = world.person("amy", &[Role::Dsl]).await.person.id;
    world.engine.leave(amy, today(&world) + Days::new(7), Actor::CommandLine).await.unwrap();
    assert!(world.engine.person(amy).await.unwrap().is_some());
    world.engine.take_out(amy, Actor::CommandLine).await.unwrap();
    assert!(world.engine.person(amy).await.unwrap().is_none());
    assert_eq!(world.raw.count("unprovisioned").await, 1);
    // The end that was recorded first is kept, of the duty as well.
    assert_eq!(world.raw.count("brought_forward").await, 2);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    world.engine.take_in(amy, Actor::CommandLine).await.unwrap();
    world.engine.come_back(amy, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.person(amy).await.unwrap().unwrap().duties, []);
}

async fn who_has_left_is_taken_out_all_the_same(world: World) {
    let amy = world.learner("amy").await.person.id;
    world.engine.leave(amy, today(&world), Actor::CommandLine).await.unwrap();
    world.engine.take_out(amy, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("unprovisioned").await, 1);
}

async fn nobody_takes_out_themselves_or_others_without_the_duty(world: World) {
    let amy = world.learner("amy").await.person.id;
    let ada = world.person("ada", &[Role::Administrator]).await;
    let ben = world.person("ben", &[Role::Auditor]).await;
    let refused = world.engine.take_out(ada.person.id, Actor::Person(ada.person.id)).await;
    assert!(matches!(refused, Err(StayError::Oneself)), "{refused:?}");
    let refused = world.engine.take_out(amy, Actor::Person(ben.person.id)).await;
    assert!(matches!(refused, Err(StayError::NotTheirs)), "{refused:?}");
    let refused = world.engine.take_in(amy, Actor::Person(ben.person.id)).await;
    assert!(matches!(refused, Err(StayError::NotTheirs)), "{refused:?}");
    let all = WhichKnown::Page { skip: 0, most: 200 };
    assert!(world.engine.known_people(&all, Actor::Person(ben.person.id)).await.is_err());
    assert!(world.engine.known_people(&all, Actor::Person(ada.person.id)).await.is_ok());
}
