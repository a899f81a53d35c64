//! Work without a request: done once by one node, again when it is due, and after whoever did it has died.

use chrono::TimeDelta;
use engine::{Actor, Duty, Job, JobDone, LetGo, Refused, Role, local_date};

use world::{World, on_both};

on_both![
    what_is_due_is_done_once_and_again_a_day_later,
    of_two_nodes_one_does_it,
    who_died_lets_go_of_it_after_a_while,
    what_failed_is_tried_again_later_and_later,
    who_looks_after_everybody_sees_them,
];

fn names(done: &[JobDone]) -> Vec<Job> {
    done.iter().map(|done| done.job).collect()
}

async fn what_is_due_is_done_once_and_again_a_day_later(world: World) {
    let before = world.engine.jobs().await.unwrap();
    assert!(before.iter().all(|job| job.due_at.is_none() && job.said.is_none()));
    let done = world.engine.run_due_jobs().await.unwrap();
    assert_eq!(names(&done), Job::EVERY);
    assert!(done.iter().all(|done| !done.failed), "{done:?}");
    assert_eq!(done[0].said, LetGo::default().to_string());
    assert_eq!(world.engine.run_due_jobs().await.unwrap(), []);
    let jobs = world.engine.jobs().await.unwrap();
    let now = world.engine.now();
    assert!(jobs.iter().all(|job| !job.running && job.began_at == Some(now) && job.ended_at == Some(now)), "{jobs:?}");
    assert!(jobs.iter().all(|job| job.due_at == Some(now + TimeDelta::days(1))), "{jobs:?}");
    world.waits(TimeDelta::hours(23));
    assert_eq!(world.engine.run_due_jobs().await.unwrap(), []);
    world.waits(TimeDelta::hours(1));
    assert_eq!(names(&world.engine.run_due_jobs().await.unwrap()), Job::EVERY);
    // Whoever runs the command does not wait.
    assert_eq!(names(&world.engine.run_all_jobs().await.unwrap()), Job::EVERY);
}

async fn of_two_nodes_one_does_it(world: World) {
    let node = world.another_node().await;
    for _ in 0..5 {
        let running = [&world, &node].map(|world| {
            let engine = world.engine.clone();
            tokio::spawn(async move { engine.run_due_jobs().await.unwrap() })
        });
        let mut done = Vec::new();
        for one in running {
            done.extend(names(&one.await.unwrap()));
        }
        done.sort();
        assert_eq!(done, Job::EVERY);
        world.waits(TimeDelta::days(1));
    }
}

async fn who_died_lets_go_of_it_after_a_while(world: World) {
    world.engine.run_due_jobs().await.unwrap();
    world.waits(TimeDelta::days(1));
    let until = (world.engine.now() + TimeDelta::minutes(10)).to_rfc3339();
    let until = if world.raw.is_sqlite() { format!("'{until}'") } else { format!("TIMESTAMPTZ '{until}'") };
    let someone = world.id_of(world.random_id());
    let claim =
        format!("UPDATE job SET claimed_by = {someone}, claimed_until = {until}, began_at = due_at, ended_at = NULL");
    assert_eq!(world.raw.run(&claim).await.unwrap(), Job::EVERY.len() as u64);
    assert_eq!(world.engine.run_due_jobs().await.unwrap(), []);
    assert!(world.engine.jobs().await.unwrap().iter().all(|job| job.running && job.ended_at.is_none()));
    world.waits(TimeDelta::minutes(11));
    assert_eq!(names(&world.engine.run_due_jobs().await.unwrap()), Job::EVERY);
}

async fn what_failed_is_tried_again_later_and_later(world: World) {
    // Nothing can be let go of, because somebody has taken a table away.
    world.raw.run("ALTER TABLE answers_let_go RENAME TO taken_away").await.unwrap();
    world.edits(
        "organisation.toml",
        "roles_are = \"staff\"",
        "roles_are = \"staff\"\n\n[retention]\nanswers_of_leavers_days = 30",
    );
    world.publishes().await.unwrap();
    for minutes in [5, 10, 20] {
        let done = world.engine.run_due_jobs().await.unwrap();
        let failed = done.iter().find(|done| done.job == Job::Retention).unwrap();
        assert!(failed.failed && failed.said.contains("database failed"), "{failed:?}");
        world.waits(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(world.engine.run_due_jobs().await.unwrap(), []);
        world.waits(TimeDelta::seconds(1));
    }
    let jobs = world.engine.jobs().await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.failures).collect::<Vec<_>>(), [3, 0, 0]);
    world.raw.run("ALTER TABLE taken_away RENAME TO answers_let_go").await.unwrap();
    assert!(!world.engine.run_due_jobs().await.unwrap()[0].failed);
    assert_eq!(world.engine.jobs().await.unwrap()[0].failures, 0);
}

async fn who_looks_after_everybody_sees_them(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    assert_eq!(world.engine.jobs_for(&root.person).await.unwrap(), world.engine.jobs().await.unwrap());
    let ada = world.person("ada", &[Role::Auditor]).await;
    let over = world.engine.group_at("North", Actor::CommandLine).await.unwrap();
    let duty = Duty { role: Role::Administrator, over: Some(over) };
    world.engine.give_duty(ada.person.id, duty, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    let ada = world.engine.person(ada.person.id).await.unwrap().unwrap();
    assert!(ada.is(Role::Administrator));
    assert!(matches!(world.engine.jobs_for(&ada).await, Err(Refused::NotForYou)));
}
