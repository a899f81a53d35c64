//! What people took from what they passed, in their own words.

use engine::{Actor, CompletionId, HeldValue, LONGEST_REFLECTION, ReflectionError, Role, TextFault, local_date};

use world::{Someone, World, on_both};

on_both![
    a_reflection_is_kept_rewritten_and_let_go_of_by_whose_it_is,
    nobody_else_reads_or_writes_it,
    it_goes_with_the_answers_of_who_has_left,
];

/// What somebody wrote of what they passed last.
async fn written(someone: &Someone) -> Option<String> {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    record.years[0].entries[0].reflection.clone()
}

async fn pass(someone: &Someone) -> CompletionId {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    record.years[0].entries[0].completion
}

async fn a_reflection_is_kept_rewritten_and_let_go_of_by_whose_it_is(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let (engine, id) = (&world.engine, pass(&amy).await);
    assert_eq!(written(&amy).await, None);
    let leaves = world.raw.count("log_leaf").await;
    engine
        .write_reflection(&amy.person, id, "  I will ask first.\r\n\r\nAlways ❤\u{fe0f}\u{202e}\u{7}.\n")
        .await
        .unwrap();
    assert_eq!(written(&amy).await.as_deref(), Some("I will ask first.\n\nAlways ❤\u{fe0f}."));
    engine.write_reflection(&amy.person, id, &"n".repeat(LONGEST_REFLECTION)).await.unwrap();
    assert_eq!(written(&amy).await.map(|text| text.len()), Some(LONGEST_REFLECTION));
    let long = engine.write_reflection(&amy.person, id, &"n".repeat(LONGEST_REFLECTION + 1)).await;
    assert!(matches!(long, Err(ReflectionError::Text(TextFault::TooLong { most: LONGEST_REFLECTION, .. }))));
    assert_eq!(written(&amy).await.map(|text| text.len()), Some(LONGEST_REFLECTION));
    engine.write_reflection(&amy.person, id, " \n ").await.unwrap();
    assert_eq!((written(&amy).await, world.raw.count("reflection").await), (None, 0));
    assert_eq!(world.raw.count("log_leaf").await, leaves, "it is in no log");
}

async fn nobody_else_reads_or_writes_it(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let ben = world.learner("ben").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let id = pass(&amy).await;
    world.engine.write_reflection(&amy.person, id, "Zebras").await.unwrap();
    for other in [&ben, &mina] {
        let refused = world.engine.write_reflection(&other.person, id, "Lions").await;
        assert!(matches!(refused, Err(ReflectionError::NoSuchPass)));
    }
    let record = world.engine.person_record(&mina.person, amy.person.id, None).await.unwrap();
    assert!(!format!("{record:?}").contains("Zebras"));
    // Who asks what is held about them is told.
    let data = world.engine.own_data(&amy.person).await.unwrap();
    let held = data.kinds.iter().find(|kind| kind.table == "reflection").unwrap();
    assert!(held.rows[0].contains(&HeldValue::Text("Zebras".to_owned())), "{held:?}");
}

async fn it_goes_with_the_answers_of_who_has_left(world: World) {
    world.edits(
        "organisation.toml",
        "roles_are = \"staff\"",
        "roles_are = \"staff\"\n\n[retention]\nanswers_of_leavers_days = 30\n",
    );
    world.publishes().await.unwrap();
    let amy = world.learner("amy").passes("four-cs").await;
    let ben = world.learner("ben").passes("four-cs").await;
    for someone in [&amy, &ben] {
        world.engine.write_reflection(&someone.person, pass(someone).await, "Zebras").await.unwrap();
    }
    world.engine.leave(ben.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.waits(chrono::TimeDelta::days(29));
    world.engine.let_go_by_rules(Actor::Server).await.unwrap();
    assert_eq!(world.raw.count("reflection").await, 2);
    world.waits(chrono::TimeDelta::days(1));
    world.engine.let_go_by_rules(Actor::Server).await.unwrap();
    assert_eq!((written(&amy).await.as_deref(), written(&ben).await), (Some("Zebras"), None));
    // And with everything else, once they are erased.
    world.engine.leave(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("reflection").await, 0);
}
