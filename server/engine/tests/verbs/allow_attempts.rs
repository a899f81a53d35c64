//! The way out of a lock-out: a tutor gives attempts again.

use chrono::TimeDelta;
use engine::{Actor, AllowError, QuizState, Role, TutorTaskId, local_date};

use world::{Someone, World, on_both};

on_both![
    the_manager_of_a_learners_group_gives_attempts_again,
    there_is_nothing_to_wait_for_then,
    attempts_that_were_given_run_out_too_and_ask_again,
    giving_twice_gives_once,
    giving_many_times_at_once_gives_once,
    a_manager_of_a_group_above_may,
    a_manager_of_another_group_may_not,
    a_manager_of_a_group_below_may_not,
    a_manager_whose_duty_has_ended_may_not,
    whoever_is_in_the_group_without_being_a_manager_may_not,
    nobody_gives_themselves_attempts,
    a_safeguarding_lead_and_an_administrator_may,
    staff_and_auditors_may_not,
    the_learner_may_not,
    a_task_that_is_not_there_is_not_found,
    nobody_is_asked_about_an_edition_that_has_been_replaced,
];

async fn the_manager_of_a_learners_group_gives_attempts_again(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = stuck(&world).await;
    let task = only_task(&mina).await;
    assert_eq!(world.engine.allow_attempts(&mina.person, task).await.unwrap().attempts, 2);
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
    assert_eq!(tasks(&mina).await, []);
}

async fn there_is_nothing_to_wait_for_then(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = stuck(&world).await;
    world.engine.allow_attempts(&mina.person, only_task(&mina).await).await.unwrap();
    amy.passes("four-cs").await;
}

async fn attempts_that_were_given_run_out_too_and_ask_again(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = stuck(&world).await;
    let first = only_task(&mina).await;
    world.engine.allow_attempts(&mina.person, first).await.unwrap();
    amy.fails("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::CoolingDown { left: 1, .. }));
    world.waits(TimeDelta::minutes(10));
    amy.fails("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::LockedOut { .. }));
    assert_ne!(only_task(&mina).await, first);
}

async fn giving_twice_gives_once(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = stuck(&world).await;
    let task = only_task(&mina).await;
    world.engine.allow_attempts(&mina.person, task).await.unwrap();
    assert!(matches!(world.engine.allow_attempts(&mina.person, task).await, Err(AllowError::NotFound)));
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
}

async fn giving_many_times_at_once_gives_once(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = stuck(&world).await;
    let task = only_task(&mina).await;
    let give = || world.engine.allow_attempts(&mina.person, task);
    let given = tokio::join!(give(), give(), give());
    assert!(given.0.is_ok() || given.1.is_ok() || given.2.is_ok(), "{given:?}");
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
}

async fn a_manager_of_a_group_above_may(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    stuck(&world).await;
    world.engine.allow_attempts(&mina.person, only_task(&mina).await).await.unwrap();
}

async fn a_manager_of_another_group_may_not(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort B").await;
    refused_to(&mina).await;
}

async fn a_manager_of_a_group_below_may_not(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A/Tuesdays").await;
    refused_to(&mina).await;
}

async fn a_manager_whose_duty_has_ended_may_not(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let today = local_date(world.engine.now());
    let duty = mina.person.duties.iter().copied().find(|duty| duty.role == Role::Manager).unwrap();
    world.engine.end_duty(mina.person.id, duty, today, Actor::CommandLine).await.unwrap();
    refused_to(&mina).await;
}

async fn whoever_is_in_the_group_without_being_a_manager_may_not(world: World) {
    let sam = world.staff("sam").of("Northfield/Cohort A").await;
    refused_to(&sam).await;
}

async fn nobody_gives_themselves_attempts(world: World) {
    for (name, roles) in [("dan", &[Role::Dsl][..]), ("mina", &[Role::Manager])] {
        let someone = world.person(name, roles).of("Northfield/Cohort A").manages("Northfield/Cohort A").await;
        someone.fails("four-cs").await;
        world.waits(TimeDelta::minutes(10));
        someone.fails("four-cs").await;
        assert!(matches!(someone.quiz("four-cs").await, QuizState::LockedOut { .. }));
        let stuck = world.engine.stuck_learners(&someone.person).await.unwrap();
        assert!(stuck.iter().all(|stuck| stuck.name != name), "{stuck:?}");
        let own = world.raw.task_of(name).await;
        let refused = world.engine.allow_attempts(&someone.person, own).await;
        assert!(matches!(refused, Err(AllowError::NotFound)));
    }
}

async fn a_safeguarding_lead_and_an_administrator_may(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let root = world.person("root", &[Role::Administrator]).await;
    stuck(&world).await;
    assert_eq!(tasks(&root).await.len(), 1);
    world.engine.allow_attempts(&dan.person, only_task(&dan).await).await.unwrap();
    assert_eq!(tasks(&root).await, []);
}

async fn staff_and_auditors_may_not(world: World) {
    refused_to(&world.person("ada", &[Role::Auditor]).await).await;
}

async fn the_learner_may_not(world: World) {
    let amy = stuck(&world).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let task = only_task(&dan).await;
    assert!(matches!(world.engine.allow_attempts(&amy.person, task).await, Err(AllowError::NotFound)));
}

async fn a_task_that_is_not_there_is_not_found(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let task = TutorTaskId(world.random_id());
    assert!(matches!(world.engine.allow_attempts(&dan.person, task).await, Err(AllowError::NotFound)));
}

async fn nobody_is_asked_about_an_edition_that_has_been_replaced(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    stuck(&world).await;
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!(tasks(&dan).await, []);
}

/// A learner of Cohort A who has used up both attempts at the 4 Cs.
async fn stuck(world: &World) -> Someone {
    let amy = world.learner("amy").of("Northfield/Cohort A");
    amy.fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await
}

async fn tasks(tutor: &Someone) -> Vec<TutorTaskId> {
    let stuck = tutor.world.engine.stuck_learners(&tutor.person).await.unwrap();
    stuck.into_iter().map(|learner| learner.task).collect()
}

async fn only_task(tutor: &Someone) -> TutorTaskId {
    let tasks = tasks(tutor).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    tasks[0]
}

/// Somebody is stuck, and this person neither hears of it nor can do anything about it.
async fn refused_to(tutor: &Someone) {
    let world = &tutor.world;
    let amy = stuck(world).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let task = only_task(&dan).await;
    assert_eq!(tasks(tutor).await, []);
    assert!(matches!(world.engine.allow_attempts(&tutor.person, task).await, Err(AllowError::NotFound)));
    assert!(matches!(amy.quiz("four-cs").await, QuizState::LockedOut { .. }));
}
