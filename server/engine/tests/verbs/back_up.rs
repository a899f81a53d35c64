//! Back-ups: one moment of the whole database, and an empty one filled from it.

use std::{env, fs, path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use engine::{BackUpError, Engine, RestoreError, Store, SystemChance};

use world::{Database, Kind, Raw, World, keys_of, on_both};

on_both![
    a_back_up_is_one_moment_and_goes_on_elsewhere,
    what_does_not_verify_is_not_backed_up,
    an_older_copy_is_not_restored_where_the_log_is_known,
];

/// Where a test of a world puts a copy; it goes with the keys of that world.
fn file_of(world: &World, name: &str) -> PathBuf {
    keys_of(world.url()).join(name)
}

/// A database of the same kind in which there is nothing.
async fn empty(world: &World) -> Database {
    let database = Database::fresh(if world.raw.is_sqlite() { Kind::Sqlite } else { Kind::Postgres }).await;
    if !world.raw.is_sqlite() {
        let raw = Raw::open(&database.url()).await;
        raw.run("DROP SCHEMA public CASCADE").await.unwrap();
        raw.run("CREATE SCHEMA public").await.unwrap();
        raw.close().await;
    }
    database
}

async fn restores(world: &World, url: &str, name: &str) -> Result<(), RestoreError> {
    let clock = Arc::<engine::ManualClock>::clone(&world.clock);
    let keys = keys_of(url);
    Engine::restore(url, &file_of(world, name), &keys, clock, Arc::new(SystemChance)).await.map(drop)
}

fn copies_keys(from: &str, to: &str) {
    fs::create_dir_all(keys_of(to)).unwrap();
    for file in fs::read_dir(keys_of(from)).unwrap().map(|file| file.unwrap()) {
        if file.file_name().to_string_lossy().starts_with("log-") {
            fs::copy(file.path(), keys_of(to).join(file.file_name())).unwrap();
        }
    }
}

async fn a_back_up_is_one_moment_and_goes_on_elsewhere(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let before = world.raw.everything().await;
    // Somebody does something while it is copied: it is in the copy whole, or not at all, and what is copied verifies.
    let ben = world.learner("ben").await;
    let file = file_of(&world, "copy");
    let copying = world.engine.back_up(world.url(), &file);
    let (copied, _) = tokio::join!(copying, ben.passes("four-cs"));
    let copied = copied.unwrap();
    assert!(matches!(world.engine.back_up(world.url(), &file_of(&world, "copy")).await, Err(BackUpError::IsThere(_))));
    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    assert!(matches!(restores(&world, &url, "copy").await, Err(RestoreError::NoKey { .. })));
    elsewhere.drop().await;

    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    copies_keys(world.url(), &url);
    restores(&world, &url, "copy").await.unwrap();
    assert!(matches!(restores(&world, &url, "copy").await, Err(RestoreError::NotEmpty)));
    let there = World::at(&url).await;
    assert_eq!(there.raw.number("SELECT size FROM log_head").await.to_string(), copied.size.to_string());
    let after = there.raw.everything().await;
    assert!(before.iter().all(|(table, rows)| after.contains_key(table) && after[table].len() >= rows.len()));
    let signed =
        |everything: &std::collections::BTreeMap<String, Vec<Vec<Option<String>>>>| everything["signature"].clone();
    assert_eq!(signed(&before), signed(&after));
    there.is_sound().await;
    // The log goes on, and so do people.
    there.clock.advance(TimeDelta::days(1));
    amy.at(&there).signs("laptop-loan").await.unwrap();
    assert_eq!(there.engine.compare_rows().await.unwrap(), []);
    there.closes().await;
    elsewhere.drop().await;
}

async fn what_does_not_verify_is_not_backed_up(world: World) {
    world.learner("amy").passes("four-cs").await;
    let of = if world.raw.is_sqlite() { "" } else { " ON completion" };
    world.raw.run(&format!("DROP TRIGGER completion_never_changes{of}")).await.unwrap();
    world.raw.run("UPDATE completion SET minutes = minutes + 1").await.unwrap();
    let refused = world.engine.back_up(world.url(), &file_of(&world, "copy")).await;
    assert!(matches!(&refused, Err(BackUpError::NotValid(_))), "{refused:?}");
    let left = fs::read_dir(keys_of(world.url())).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| name.starts_with("log-")));
}

async fn an_older_copy_is_not_restored_where_the_log_is_known(world: World) {
    world.learner("amy").await;
    world.engine.back_up(world.url(), &file_of(&world, "old")).await.unwrap();
    world.learner("ben").await;
    world.engine.back_up(world.url(), &file_of(&world, "new")).await.unwrap();
    let elsewhere = empty(&world).await;
    copies_keys(world.url(), &elsewhere.url());
    let refused = restores(&world, &elsewhere.url(), "old").await;
    assert!(matches!(refused, Err(RestoreError::Older { known, size }) if known > size), "{refused:?}");
    elsewhere.drop().await;
    let of_other = env::temp_dir().join("induct-no-copy-at-all");
    fs::write(&of_other, "nothing").unwrap();
    let elsewhere = empty(&world).await;
    let clock = Arc::<engine::ManualClock>::clone(&world.clock);
    let keys = keys_of(&elsewhere.url());
    let refused = Engine::restore(&elsewhere.url(), &of_other, &keys, clock, Arc::new(SystemChance)).await;
    assert!(matches!(refused, Err(RestoreError::Copy(_))), "{refused:?}");
    fs::remove_file(of_other).unwrap();
    // Nothing was made of it.
    if world.raw.is_sqlite() {
        assert!(Store::open_existing(&elsewhere.url()).await.is_err());
    }
    elsewhere.drop().await;
}
