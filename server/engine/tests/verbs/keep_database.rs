//! The database itself: whether it is as Induct made it, and what happens when it fails or is away.

use std::time::Duration;

use engine::{Altered, Engine, How, OpenError, PersonId, Refused, SaveError, Store, StoreError, Trouble};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use world::{Between, Kind, PASSWORD, Someone, World, email, on_both, run};

on_both![
    what_the_migrations_made_is_accepted,
    a_trigger_that_was_dropped_is_named,
    a_trigger_that_was_weakened_is_named,
    a_trigger_of_somebody_else_is_named,
    a_table_and_a_column_that_are_missing_are_named,
    an_index_or_a_table_of_somebody_else_is_no_matter,
    a_version_from_before_is_read_on_the_connection_that_is_there,
    what_a_newer_version_has_changed_is_left_alone,
];

async fn altered(world: &World) -> Vec<Altered> {
    let store = Store::open(world.url()).await.unwrap();
    let compared = store.compare_schema().await;
    store.close().await;
    match compared {
        Ok(()) => Vec::new(),
        Err(OpenError::Altered(altered)) => altered,
        Err(error) => panic!("{error}"),
    }
}

fn named(what: &str, how: How) -> Altered {
    Altered { what: what.to_owned(), how }
}

async fn what_the_migrations_made_is_accepted(world: World) {
    world.learner("amy").passes("four-cs").await;
    assert_eq!(altered(&world).await, []);
    // Nothing is left behind that would be in the way of the next.
    assert_eq!(altered(&world).await, []);
}

async fn what_a_newer_version_has_changed_is_left_alone(world: World) {
    let checksum = if world.raw.is_sqlite() { "x'00'" } else { "'\\x00'" };
    let newer = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'of a later version', TRUE, {checksum}, 0)"
    );
    world.raw.run(&newer).await.unwrap();
    let before = world.raw.count("_sqlx_migrations").await;
    let refused = Store::open(world.url()).await.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.starts_with("a newer Induct has changed this database (step 9999"), "{refused}");
    assert!(refused.contains("restore a back-up"), "{refused}");
    assert_eq!(world.raw.count("_sqlx_migrations").await, before);
}

async fn a_trigger_that_was_dropped_is_named(world: World) {
    let on = if world.raw.is_sqlite() { "" } else { " ON signature" };
    world.raw.run(&format!("DROP TRIGGER signature_never_changes{on}")).await.unwrap();
    let found = altered(&world).await;
    assert_eq!(found, [named("trigger signature_never_changes on signature", How::Missing)]);
    let line = OpenError::Altered(found).to_string();
    assert!(line.contains("the trigger signature_never_changes on signature is missing"), "{line}");
}

async fn a_trigger_that_was_weakened_is_named(world: World) {
    let (weaken, what) = if world.raw.is_sqlite() {
        world.raw.run("DROP TRIGGER signature_never_changes").await.unwrap();
        let weaker = "CREATE TRIGGER signature_never_changes BEFORE UPDATE ON signature WHEN FALSE \
             BEGIN SELECT RAISE(ABORT, 'a signature never changes'); END";
        (weaker, "trigger signature_never_changes on signature")
    } else {
        let weaker = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
        (weaker, "function refuse")
    };
    world.raw.run(weaken).await.unwrap();
    assert_eq!(altered(&world).await, [named(what, How::Changed)]);
    if !world.raw.is_sqlite() {
        world.raw.run("ALTER TABLE signature DISABLE TRIGGER signature_never_changes").await.unwrap();
        assert!(altered(&world).await.contains(&named("trigger signature_never_changes on signature", How::Changed)));
    }
}

async fn a_trigger_of_somebody_else_is_named(world: World) {
    let swallow = if world.raw.is_sqlite() {
        "CREATE TRIGGER swallow BEFORE INSERT ON signature BEGIN SELECT RAISE(IGNORE); END"
    } else {
        "CREATE TRIGGER swallow BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION refuse('no')"
    };
    world.raw.run(swallow).await.unwrap();
    assert_eq!(altered(&world).await, [named("trigger swallow on signature", How::Foreign)]);
}

async fn a_table_and_a_column_that_are_missing_are_named(world: World) {
    world.raw.run("DROP TABLE sign_in_failure").await.unwrap();
    world.raw.run("ALTER TABLE session DROP COLUMN data").await.unwrap();
    let found: Vec<String> = altered(&world).await.iter().map(Altered::to_string).collect();
    let (table, column) = if world.raw.is_sqlite() {
        ("the table sign_in_failure is missing", "the table session was changed")
    } else {
        ("the column account of table sign_in_failure is missing", "the column data of table session is missing")
    };
    for said in [table, column] {
        assert!(found.iter().any(|line| line == said), "{said} in {found:?}");
    }
}

async fn an_index_or_a_table_of_somebody_else_is_no_matter(world: World) {
    world.raw.run("CREATE INDEX of_another ON session (data)").await.unwrap();
    world.raw.run("CREATE TABLE of_somebody_else (id BIGINT)").await.unwrap();
    world.raw.run("ANALYZE").await.unwrap();
    assert_eq!(altered(&world).await, []);
}

#[test]
fn after_postgres_has_ended_every_connection_nothing_fails() {
    run(Kind::Postgres, async |world: World| {
        let amy = world.learner("amy").await;
        let attempt = amy.starts("four-cs").await.unwrap();
        // As many connections as there may be, each of which has been used.
        all_read_at_once(&world.engine, amy.person.id).await;
        for _ in 0..3 {
            // What was used a moment ago counts as much as what has lain idle.
            world.raw.end_others().await;
            all_read_at_once(&world.engine, amy.person.id).await;
            world.raw.end_others().await;
            amy.answers(attempt, "stranger", "a").await.unwrap();
            world.raw.end_others().await;
            world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
            world.raw.end_others().await;
            world.engine.ready().await.unwrap();
        }
    });
}

/// As many read at once as need every connection.
async fn all_read_at_once(engine: &Engine, person: PersonId) {
    let asked: Vec<_> = (0..40)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.person(person).await })
        })
        .collect();
    for asked in asked {
        assert!(asked.await.unwrap().unwrap().is_some());
    }
}

#[test]
fn a_postgres_that_may_only_be_read_is_not_ready_and_is_refused() {
    run(Kind::Postgres, async |world: World| {
        let amy = world.learner("amy").await;
        world.raw.may_only_be_read().await;
        // It is asked anew only after half a second.
        sleep(Duration::from_millis(600)).await;
        assert_eq!(trouble_of(world.engine.ready().await), Some(Trouble::ReadOnly));
        let Err(SaveError::Refused(Refused::Internal(error))) =
            amy.answers(engine::AttemptId(world.random_id()), "stranger", "a").await
        else {
            panic!("it was saved")
        };
        assert_eq!(error.trouble(), Some(Trouble::ReadOnly), "{error}");
        world.engine.own_page(&amy.person).await.unwrap();
        let Err(error) = Store::open(world.url()).await else { panic!("it was opened") };
        assert!(matches!(error, OpenError::NotWritable(_)), "{error}");
    });
}

fn trouble_of(done: Result<(), StoreError>) -> Option<Trouble> {
    done.err().as_ref().and_then(StoreError::trouble)
}

/// How PostgreSQL failed when an answer was saved.
fn trouble_saving(saved: &Result<model::AnswerSaved, SaveError>) -> Option<Trouble> {
    match saved {
        Ok(_) => None,
        Err(SaveError::Refused(Refused::Internal(error))) => error.trouble(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_lock_that_is_never_let_go_of_keeps_nobody_for_long() {
    run(Kind::Postgres, async |world: World| {
        let amy = world.learner("amy").await;
        let attempt = amy.starts("four-cs").await.unwrap();
        let held = world.raw.hold().await;
        let waited = timeout(Duration::from_secs(9), amy.answers(attempt, "stranger", "a")).await.unwrap();
        assert_eq!(trouble_saving(&waited), Some(Trouble::OutOfReach), "{waited:?}");
        held.let_go().await;
        amy.answers(attempt, "stranger", "a").await.unwrap();
    });
}

#[test]
fn a_postgres_that_goes_silent_is_not_ready_within_seconds_and_is_again_when_it_answers() {
    run(Kind::Postgres, async |world: World| {
        let between = Between::start(world.url()).await;
        let store = Store::open(&between.url).await.unwrap();
        sleep(Duration::from_millis(600)).await;
        store.ready().await.unwrap();
        between.is_silent(true);
        sleep(Duration::from_millis(600)).await;
        // More often than there are connections.
        let asking: Vec<_> = (0..20)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { timeout(Duration::from_secs(4), store.ready()).await })
            })
            .collect();
        for asked in asking {
            assert_eq!(trouble_of(asked.await.unwrap().unwrap()), Some(Trouble::OutOfReach));
        }
        between.is_silent(false);
        let ready = async {
            while store.ready().await.is_err() {
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(Duration::from_secs(8), ready).await.unwrap();
        timeout(Duration::from_secs(5), store.close()).await.unwrap();
    });
}

/// In the middle of transactions, on every connection that there is.
#[test]
fn a_postgres_that_goes_silent_halfway_keeps_no_connection_for_good() {
    run(Kind::Postgres, async |world: World| {
        let amy = world.learner("amy").await;
        let attempt = amy.starts("four-cs").await.unwrap();
        let between = Between::start(world.url()).await;
        let node = World::at(&between.url).await;
        let here = amy.at(&node);
        let held = world.raw.hold().await;
        let pressed: Vec<JoinHandle<_>> = (0..16)
            .map(|_| {
                let here = here.clone();
                tokio::spawn(async move { here.answers(attempt, "stranger", "a").await })
            })
            .collect();
        held.until_somebody_waits().await;
        between.is_silent(true);
        let read = timeout(Duration::from_secs(9), node.engine.person(amy.person.id)).await.unwrap();
        assert_eq!(read.unwrap_err().trouble(), Some(Trouble::OutOfReach));
        held.let_go().await;
        between.is_silent(false);
        for pressed in pressed {
            // Saved or not, each of them is told.
            drop(timeout(Duration::from_secs(20), pressed).await.unwrap().unwrap());
        }
        timeout(Duration::from_secs(10), here.answers(attempt, "stranger", "b")).await.unwrap().unwrap();
        assert_eq!(here.saved(attempt, "stranger").await, "b");
        node.closes().await;
    });
}

/// Somebody presses a button many times while a row of theirs is locked.
#[test]
fn one_impatient_person_does_not_use_up_the_connections() {
    run(Kind::Postgres, async |world: World| {
        let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
        let attempt = amy.starts("four-cs").await.unwrap();
        let held = world.raw.hold().await;
        let pressed: Vec<JoinHandle<_>> = (0..40)
            .map(|_| {
                let amy = amy.clone();
                tokio::spawn(async move { amy.answers(attempt, "stranger", "a").await })
            })
            .collect();
        held.until_somebody_waits().await;
        for _ in 0..10 {
            let read = timeout(Duration::from_secs(1), world.engine.own_page(&ben.person)).await;
            read.expect("others go on reading").unwrap();
        }
        held.let_go().await;
        let (mut saved, mut refused) = (0, 0);
        for pressed in pressed {
            match trouble_saving(&pressed.await.unwrap()) {
                None => saved += 1,
                Some(Trouble::OutOfReach) => refused += 1,
                Some(other) => panic!("{other:?}"),
            }
        }
        assert!(saved >= 4, "{saved} saved, {refused} refused");
        assert_eq!(world.raw.count("answer").await, 1);
    });
}

/// After a module's text has changed and a node has started again, everybody who goes on with the former version needs it at once: more
/// people than there are connections.
async fn a_version_from_before_is_read_on_the_connection_that_is_there(world: World) {
    let mut learners: Vec<(Someone, engine::AttemptId)> = Vec::new();
    for number in 0..40 {
        let learner = world.learner(format!("p{number}").leak()).await;
        let attempt = learner.starts("four-cs").await.unwrap();
        learners.push((learner, attempt));
    }
    world.edits("modules/four-cs/10-four-words.md", "Content is what you see.", "Content is all that you see.");
    world.publishes().await.unwrap();
    for hand_in in [false, true] {
        // A node that has not seen the former version yet.
        let node = world.another_node().await;
        let asked: Vec<_> = learners
            .iter()
            .map(|(learner, attempt)| {
                let (learner, attempt) = (learner.at(&node), *attempt);
                tokio::spawn(async move {
                    if hand_in {
                        learner.hands_in(attempt).await.unwrap();
                    } else {
                        let given = model::Given { chosen: vec![model::Letter(0)], ..model::Given::default() };
                        let ago = chrono::TimeDelta::zero();
                        node_saves(&learner, attempt, &given, ago).await;
                    }
                })
            })
            .collect();
        for asked in asked {
            timeout(Duration::from_secs(4), asked).await.unwrap().unwrap();
        }
        node.closes().await;
    }
}

async fn node_saves(learner: &Someone, attempt: engine::AttemptId, given: &model::Given, ago: chrono::TimeDelta) {
    // The first question that it asks, whichever that is, may want another kind of answer.
    let saved = learner.world.engine.save_answer(&learner.person, attempt, 1, given, ago).await;
    assert!(matches!(saved, Ok(_) | Err(SaveError::NoSuchAnswer)), "{saved:?}");
}
