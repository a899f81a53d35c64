//! How everybody stands altogether, and what cohorts get wrong: counts alone, and none from which somebody could be found.

use chrono::{Days, TimeDelta};
use engine::{Actor, OverdueBand, Right, Role, Scope, SpotCount, Tally};
use model::{Given, Letter};
use world::{Someone, World, now, on_both, slug, today};

on_both![
    counts_are_made_of_the_people_whom_the_reader_sees,
    what_cohorts_get_wrong_is_told_of_five_or_more_of_a_month_that_is_over,
];

async fn counts_are_made_of_the_people_whom_the_reader_sees(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").passes("four-cs").passes("sharing-nudes").await;
    world.learner("ben").of("Cohort A").await;
    world.learner("cora").of("Cohort B").passes("four-cs").await;
    world.waits(TimeDelta::days(7));
    amy.signs("learner-aup").await.unwrap();
    let engine = &world.engine;
    let seen = engine.overview(&scope(&mina).await, None, None).await.unwrap();
    assert_eq!((seen.seen.people, seen.whole), (2, Tally { asked: 6, done: 3, late: 0 }));
    let groups: Vec<_> = seen.groups.iter().map(|group| (group.path.join("/"), group.people)).collect();
    assert_eq!(groups, [("Cohort A".to_owned(), 2)]);
    // Nobody was here two weeks ago; last week's day ended after the passes.
    let history: Vec<_> = seen.history.iter().map(|one| (one.groups[0].done, one.groups[0].asked)).collect();
    assert_eq!(history, [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (2, 6), (3, 6)]);
    let due: Vec<_> = seen.due.iter().map(|week| (week.things, week.people)).collect();
    assert_eq!(due, [(0, 0), (3, 1), (0, 0), (0, 0)]);
    assert_eq!(seen.due[1].most.len(), 2);
    let signed = seen.agreements[0].whole;
    assert_eq!((signed.asked, signed.signed, signed.older), (2, 1, 0));
    assert_eq!(seen.not_begun.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["ben"]);
    // Ten days after the due date three things are late for somebody; who has signed is late with the new version, which has to be signed again.
    world.publishes_new_version_of("learner-aup").await;
    world.waits(TimeDelta::days(17));
    let seen = engine.overview(&scope(&mina).await, None, None).await.unwrap();
    assert_eq!(seen.overdue[1], OverdueBand { from: 8, to: Some(14), things: 3, people: 1 });
    assert_eq!((seen.late_people, seen.longest_late), (2, Some(10)));
    let signed = seen.agreements[0].whole;
    assert_eq!((signed.asked, signed.signed, signed.older), (2, 0, 1));
    // A group that is not theirs is none.
    let other = engine.group_at("Cohort B", Actor::CommandLine).await.unwrap();
    engine.overview(&scope(&mina).await, Some(other), None).await.unwrap_err();
}

async fn what_cohorts_get_wrong_is_told_of_five_or_more_of_a_month_that_is_over(world: World) {
    const NAMES: [&str; 14] =
        ["amy", "ben", "cora", "dina", "emil", "farah", "gil", "hana", "ivo", "jude", "kim", "lea", "max", "nia"];
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mut first = None;
    for (place, name) in NAMES.into_iter().enumerate() {
        // Four are in another cohort; of the ten, every second is wrong.
        let someone = world.learner(name).of(if place < 10 { "Cohort A" } else { "Cohort B" }).await;
        answers(&someone, place % 2 == 1).await;
        first.get_or_insert(someone);
    }
    let engine = &world.engine;
    // This month is not over.
    assert_eq!(engine.weak_spots(&scope(&dan).await, None).await.unwrap().spots, []);
    world.waits(TimeDelta::days(30));
    let spots = engine.weak_spots(&scope(&dan).await, None).await.unwrap();
    assert_eq!(spots.cohorts.iter().map(|(_, path)| path.join("/")).collect::<Vec<_>>(), ["Cohort A", "Cohort B"]);
    assert!(!spots.spots.is_empty());
    for spot in &spots.spots {
        assert_eq!(spot.cohorts, [SpotCount::Of { wrong: 5, asked: 10 }, SpotCount::Hidden], "{}", spot.stem);
    }
    let seen = engine.weak_spots(&scope(&mina).await, Some(today(&world) - Days::new(31))).await.unwrap();
    assert_eq!(seen.cohorts.len(), 1);
    // Who leaves the cohort later leaves its figures as they were.
    let leaver = first.unwrap();
    engine.leave(leaver.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(engine.weak_spots(&scope(&mina).await, None).await.unwrap(), seen);
}

/// Takes a quiz for the first time, with everything right or everything wrong.
async fn answers(someone: &Someone, rightly: bool) {
    let engine = &someone.world.engine;
    let attempt = engine.start_attempt(&someone.person, &slug("sharing-nudes")).await.unwrap();
    for (number, right) in someone.rehearsal().right_answers(attempt).await.unwrap() {
        let other = if right.chosen == [Letter(0)] { Letter(1) } else { Letter(0) };
        let given = if rightly { right } else { Given { chosen: vec![other], ..Given::default() } };
        engine.save_answer(&someone.person, attempt, number, &given, TimeDelta::zero()).await.unwrap();
    }
    someone.hands_in(attempt).await.unwrap();
}

async fn scope(reader: &Someone) -> Scope {
    Scope::of(&now(reader).await, Right::See, reader.world.engine.now()).unwrap()
}
