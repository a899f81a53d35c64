//! What changed between two days: what two matrices say, of nobody whom the reader may not see.

use chrono::{DateTime, TimeDelta, Utc};
use engine::{Actor, AsAt, Comparison, MatrixQuery, Presence, Refused, Right, Role, Scope, Turn};
use model::Status;

use world::{Someone, World, group, now, on_both, today};

on_both![
    each_change_is_told_by_person_and_by_column,
    who_came_went_or_moved_is_said,
    nothing_is_told_of_people_of_other_groups,
    it_is_the_same_whichever_day_is_named_first,
];

async fn each_change_is_told_by_person_and_by_column(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.learner("ben").of("Cohort A").await;
    let then = world.engine.now();
    world.waits(TimeDelta::days(3));
    amy.passes("sharing-nudes").await;
    world.waits(TimeDelta::days(20));
    let compared = compare(&mina, &MatrixQuery::default(), then).await;
    assert_eq!(
        drawn(&compared),
        [
            "amy: sharing-nudes Done NotStarted Passed; learner-aup Late NotStarted Overdue",
            "ben: four-cs Late NotStarted Overdue; sharing-nudes Late NotStarted Overdue; learner-aup Late NotStarted Overdue",
        ]
    );
    let columns: Vec<_> =
        compared.columns.iter().map(|one| (one.before.done, one.after.done, one.done, one.undone, one.late)).collect();
    assert_eq!(columns, [(1, 1, 0, 0, 1), (0, 1, 1, 0, 1), (0, 0, 0, 0, 2)]);
    assert_eq!((compared.of_people, compared.how_many(Turn::Late), compared.to_is_now), (2, 4, true));
    // What became of people is asked for by status, and what changed of one thing by that thing.
    let query = MatrixQuery { statuses: [Status::Passed].into(), ..MatrixQuery::default() };
    assert_eq!(drawn(&compare(&mina, &query, then).await), ["amy: sharing-nudes Done NotStarted Passed"]);
    // Nothing changes between a moment and itself.
    assert_eq!(drawn(&compare(&mina, &MatrixQuery::default(), world.engine.now()).await), [""; 0]);
    // What has run out no longer counts.
    world.waits(TimeDelta::days(360));
    let compared = compare(&mina, &MatrixQuery::default(), then + TimeDelta::days(4)).await;
    assert_eq!(compared.columns[1].undone, 1);
    assert!(drawn(&compared)[0].contains("sharing-nudes Late Passed Expired"), "{:?}", drawn(&compared));
}

async fn who_came_went_or_moved_is_said(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let amy = world.learner("amy").of("Northfield/A").await;
    let ben = world.learner("ben").of("Northfield/A").await;
    let then = world.engine.now();
    world.waits(TimeDelta::days(1));
    let (a, b) = (group(&world, "Northfield/A").await, group(&world, "Northfield/B").await);
    world.engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    world.engine.leave_group(ben.person.id, a, today(&world), Actor::CommandLine).await.unwrap();
    world.engine.join_group(ben.person.id, b, today(&world), Actor::CommandLine).await.unwrap();
    world.learner("cora").of("Northfield/B").passes("four-cs").await;
    let compared = compare(&mina, &MatrixQuery::default(), then).await;
    let found: Vec<_> = compared
        .people
        .iter()
        .map(|one| {
            (one.name.as_str(), one.presence, one.moved_from.is_some(), one.left_on.is_some(), one.changes.len())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("amy", Presence::Gone, false, true, 0),
            ("ben", Presence::Both, true, false, 0),
            ("cora", Presence::Came, false, false, 1),
        ]
    );
    // Of a group that is newer than the earlier day everybody came.
    let query = MatrixQuery { group: Some(b), ..MatrixQuery::default() };
    let compared = compare(&mina, &query, then).await;
    assert_eq!((compared.people.len(), compared.present(Presence::Came)), (2, 2));
}

async fn nothing_is_told_of_people_of_other_groups(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let other = group(&world, "Cohort B").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let then = world.engine.now();
    world.waits(TimeDelta::days(1));
    ben.passes("four-cs").await;
    let compared = compare(&mina, &MatrixQuery::default(), then).await;
    assert_eq!((compared.people.len(), compared.of_people, compared.columns.len()), (0, 0, 0));
    let query = MatrixQuery { group: Some(other), ..MatrixQuery::default() };
    let refused = world.engine.compare(&scope(&mina).await, &query, at(then)).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
}

async fn it_is_the_same_whichever_day_is_named_first(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    let first = world.engine.now();
    world.waits(TimeDelta::days(1));
    amy.passes("four-cs").await;
    let second = world.engine.now();
    world.waits(TimeDelta::days(1));
    let of = |moment| MatrixQuery { as_at: Some(at(moment)), ..MatrixQuery::default() };
    let (one, other) = (compare(&dan, &of(first), second).await, compare(&dan, &of(second), first).await);
    assert_eq!(drawn(&one), ["amy: four-cs Done NotStarted Passed"]);
    assert_eq!((drawn(&one), one.from, one.to), (drawn(&other), first, second));
    assert!(!one.to_is_now && !one.as_known_now);
}

fn at(moment: DateTime<Utc>) -> AsAt {
    AsAt { moment, as_known_now: false }
}

async fn compare(reader: &Someone, query: &MatrixQuery, against: DateTime<Utc>) -> Comparison {
    reader.world.engine.compare(&scope(reader).await, query, at(against)).await.unwrap()
}

async fn scope(reader: &Someone) -> Scope {
    Scope::of(&now(reader).await, Right::See, reader.world.engine.now()).unwrap()
}

/// What changed: a line for each person.
fn drawn(compared: &Comparison) -> Vec<String> {
    let person = |person: &engine::ComparedPerson| {
        let changes = person.changes.iter().map(|change| {
            let status = |cell: &Option<engine::MatrixCell>| cell.map_or(Status::NotRequired, |cell| cell.status);
            format!(
                "{} {:?} {:?} {:?}",
                change.thing.slug(),
                change.turn,
                status(&change.before),
                status(&change.after)
            )
        });
        format!("{}: {}", person.name, changes.collect::<Vec<_>>().join("; "))
    };
    compared.people.iter().map(person).collect()
}
