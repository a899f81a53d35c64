//! Back-ups: one moment of the whole database, and an empty one filled from it.

use std::{env, fs, io::Write as _, path::PathBuf, sync::Arc};

use audit::{Extract, PersonKey, PinnedKey, Trusted, Verdict, verify, verify_extract};
use chrono::TimeDelta;
use engine::{Actor, BackUpError, Engine, LogError, Parts, RestoreError, Restored, Store, SystemChance, local_date};

use world::{Database, Kind, Raw, World, keys_of, on_both};

on_both![
    a_back_up_is_one_moment_and_goes_on_elsewhere,
    what_does_not_verify_is_not_backed_up,
    a_back_up_with_one_byte_changed_is_not_restored,
    an_older_copy_is_not_restored_where_the_log_is_known,
    an_older_copy_goes_on_under_another_name,
    who_was_erased_since_is_erased_again,
    a_restore_that_was_stopped_leaves_nothing_that_can_be_gone_on_with,
    who_is_noted_as_erased_is_erased_at_the_next_start,
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

async fn a_back_up_with_one_byte_changed_is_not_restored(world: World) {
    world.learner("amy").passes("four-cs").await;
    let file = file_of(&world, "copy");
    world.engine.back_up(world.url(), &file).await.unwrap();
    let good = fs::read(&file).unwrap();
    let find = |what: &[u8]| good.windows(what.len()).position(|bytes| bytes == what).unwrap();
    let places = if world.raw.is_sqlite() {
        // Somewhere, in an address, and in the digest at the end and what stands before it.
        let end = good.len();
        vec![end / 3, end / 2, find(b"amy@northfield"), end - 1, end - 10, end - 80]
    } else {
        // Among the names: behind what the archive says of that file.
        let file = b"tables/person_detail";
        let name = find(file);
        let more = usize::from(u16::from_le_bytes([good[name - 2], good[name - 1]]));
        vec![name + file.len() + more + 12]
    };
    for place in places {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&file, bad).unwrap();
        let elsewhere = empty(&world).await;
        copies_keys(world.url(), &elsewhere.url());
        let refused = restores(&world, &elsewhere.url(), "copy").await;
        assert!(matches!(&refused, Err(RestoreError::NotValid(_))), "{place}: {refused:?}");
        if world.raw.is_sqlite() {
            assert!(Store::open_existing(&elsewhere.url()).await.is_err());
        } else {
            // Nothing has been put into the database: another copy can be.
            fs::write(&file, &good).unwrap();
            restores(&world, &elsewhere.url(), "copy").await.unwrap();
        }
        elsewhere.drop().await;
    }
    // A part of it is refused, too. One that was copied without that digest is restored, as its log verifies.
    if world.raw.is_sqlite() {
        for (length, whole) in [(good.len() - 5, false), (good.len() - 4096, false), (good.len() - 88, true)] {
            fs::write(&file, &good[..length]).unwrap();
            let elsewhere = empty(&world).await;
            copies_keys(world.url(), &elsewhere.url());
            let restored = restores(&world, &elsewhere.url(), "copy").await;
            assert_eq!(restored.is_ok(), whole, "{length}: {restored:?}");
            elsewhere.drop().await;
        }
    }
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

/// Restores a copy under another name, with the key files of the world or without.
async fn restores_anew(world: &World, url: &str, name: &str) -> Result<Restored, RestoreError> {
    let clock = Arc::<engine::ManualClock>::clone(&world.clock);
    let by: (Arc<dyn engine::Clock>, Arc<dyn engine::Chance>) = (clock, Arc::new(SystemChance));
    Engine::restore_anew(url, &file_of(world, name), &keys_of(url), "anew.northfield.example", by).await
}

async fn an_older_copy_goes_on_under_another_name(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    let receipt = world.engine.receipt_file(&amy.person, signature).await.unwrap();
    let former = PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap();
    let copied = world.engine.back_up(world.url(), &file_of(&world, "old")).await.unwrap();
    // This is lost.
    let ben = world.learner("ben").passes("four-cs").await;
    let lost = world.engine.log_head().await.unwrap().unwrap().note;
    world.waits(TimeDelta::days(30));
    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    fs::create_dir_all(keys_of(&url)).unwrap();
    // Neither the key nor the state of the former log are there.
    let restored = restores_anew(&world, &url, "old").await.unwrap();
    assert_eq!(restored.copy, copied);
    let anew = restored.anew.unwrap();
    assert!(anew.log.origin.starts_with("anew.northfield.example/"), "{anew:?}");
    assert_eq!((anew.log.size, anew.erased, anew.not_erased), (copied.size + 1, 0, 0));
    assert!(matches!(restores_anew(&world, &url, "old").await, Err(RestoreError::NotEmpty)));
    let there = World::at(&url).await;
    there.clock.advance(TimeDelta::days(30));
    there.engine.ready().await.unwrap();
    there.is_sound().await;
    // People go on, with what they had; and its key may be followed by another.
    amy.at(&there).signs("laptop-loan").await.unwrap();
    there.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    there.learner("cora").passes("four-cs").await;
    assert!(there.engine.person(ben.person.id).await.unwrap().is_none());
    assert_eq!(there.engine.compare_rows().await.unwrap(), []);
    let bundle = there.engine.export_log(Parts::All).await.unwrap();
    let newest = there.engine.log_head().await.unwrap().unwrap();
    let first = PinnedKey::parse(&anew.log.key).unwrap();
    for key in [first.clone(), PinnedKey::parse(&newest.key).unwrap()] {
        let trusted = Trusted { key: Some(key), known_head: Some(newest.note.clone()), ..Trusted::default() };
        let report = verify(&bundle, &trusted);
        assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{report:?}");
        assert!(report.notes.iter().any(|note| matches!(note, audit::Note::Restored(at) if *at == copied.size)));
    }
    // Who has the former key, or a head that is lost, is told so.
    for known_head in [None, Some(lost), Some(copied.head.clone())] {
        let report = verify(&bundle, &Trusted { key: Some(former.clone()), known_head, ..Trusted::default() });
        assert_eq!((report.verdict, report.faults.len()), (Verdict::Diverged, 0), "{report:?}");
    }
    // What was signed before has a receipt of now, and that of then stays what it was.
    let now = Extract::parse(&there.engine.receipt_file(&amy.person, signature).await.unwrap()).unwrap();
    let trusted = Trusted { key: Some(first), known_head: Some(newest.note), ..Trusted::default() };
    assert_eq!(verify_extract(&now, &trusted).verdict, Verdict::Valid);
    let then = Trusted { key: Some(former), known_head: None, ..Trusted::default() };
    assert_eq!(verify_extract(&Extract::parse(&receipt).unwrap(), &then).verdict, Verdict::NotAnchored);
    // It is backed up and moved as any other.
    let again = there.engine.back_up(&url, &file_of(&there, "again")).await.unwrap();
    assert_eq!(again.size, bundle.manifest.size);
    there.closes().await;
    elsewhere.drop().await;
}

async fn who_was_erased_since_is_erased_again(world: World) {
    let (amy, ben) = (world.learner("amy").passes("four-cs").await, world.learner("ben").await);
    let gone = world.learner("gwen").passes("four-cs").await;
    let today = local_date(world.engine.now());
    world.engine.leave(gone.person.id, today, Actor::CommandLine).await.unwrap();
    world.engine.erase_person(gone.person.id, Actor::CommandLine).await.unwrap();
    world.engine.back_up(world.url(), &file_of(&world, "old")).await.unwrap();
    world.engine.leave(amy.person.id, today, Actor::CommandLine).await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    let notes = fs::read_dir(keys_of(world.url())).unwrap().map(|file| file.unwrap().path());
    let notes = notes.filter(|path| path.extension().is_some_and(|ending| ending == "erased")).collect::<Vec<_>>();
    let noted = fs::read_to_string(&notes[0]).unwrap();
    assert_eq!((notes.len(), noted.lines().count()), (1, 2));
    assert!(!noted.contains("amy") && !noted.contains(&amy.person.id.to_string()), "{noted}");
    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    copies_keys(world.url(), &url);
    let anew = restores_anew(&world, &url, "old").await.unwrap().anew.unwrap();
    // Amy was still here in the copy, and Gwen is gone in it already.
    assert_eq!((anew.erased, anew.not_erased), (1, 0));
    let there = World::at(&url).await;
    assert!(there.engine.person(amy.person.id).await.unwrap().is_none());
    assert!(there.engine.person(ben.person.id).await.unwrap().is_some());
    assert_eq!((there.raw.count("completion").await, there.raw.count("erased_person").await), (0, 2));
    let everything = format!("{:?}", there.raw.everything().await);
    assert!(!everything.contains("amy") && everything.contains("ben"));
    assert_eq!(there.engine.compare_rows().await.unwrap(), []);
    there.closes().await;
    elsewhere.drop().await;
}

/// The file beside the keys in which it is noted of whom everything was erased.
fn notes_of(url: &str) -> PathBuf {
    let files = fs::read_dir(keys_of(url)).unwrap().map(|file| file.unwrap().path());
    files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "erased")).unwrap()
}

async fn erases(world: &World, amy: &engine::Person) {
    world.engine.leave(amy.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.engine.erase_person(amy.id, Actor::CommandLine).await.unwrap();
}

async fn a_restore_that_was_stopped_leaves_nothing_that_can_be_gone_on_with(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    world.engine.back_up(world.url(), &file_of(&world, "old")).await.unwrap();
    erases(&world, &amy.person).await;
    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    copies_keys(world.url(), &url);
    // It stops behind the new key and before anybody is erased: the notes of that cannot be read.
    let (notes, kept) = (notes_of(&url), notes_of(&url).with_extension("kept"));
    fs::rename(&notes, &kept).unwrap();
    fs::create_dir(&notes).unwrap();
    let stopped = restores_anew(&world, &url, "old").await;
    assert!(matches!(stopped, Err(RestoreError::NotAnew(_))), "{stopped:?}");
    let store = Store::open(&url).await.unwrap();
    let clock = Arc::<engine::ManualClock>::clone(&world.clock);
    let found = Engine::new(store, clock, Arc::new(SystemChance)).with_log_in(keys_of(&url), "northfield.example");
    assert!(found.person(amy.person.id).await.unwrap().is_some());
    let refused = found.begin_log().await;
    assert!(matches!(refused, Err(LogError::Restoring)), "{refused:?}");
    found.close().await;
    elsewhere.drop().await;
    // From the beginning it goes through, and nothing is left of the mark.
    let elsewhere = empty(&world).await;
    let url = elsewhere.url();
    copies_keys(world.url(), &url);
    assert_eq!(restores_anew(&world, &url, "old").await.unwrap().anew.unwrap().erased, 1);
    let there = World::at(&url).await;
    assert_eq!(there.raw.count("restore_under_way").await, 0);
    there.closes().await;
    elsewhere.drop().await;
}

async fn who_is_noted_as_erased_is_erased_at_the_next_start(world: World) {
    let (amy, ben, cora) = (world.learner("amy").await, world.learner("ben").await, world.learner("cora").await);
    let noted = |world: &World| fs::read_to_string(notes_of(world.url())).unwrap();
    // What could not be committed is taken back, as it is not erased.
    world.engine.leave(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.sets_clock(TimeDelta::days(8));
    assert!(world.engine.erase_person(amy.person.id, Actor::CommandLine).await.is_err());
    world.sets_clock(-TimeDelta::days(8));
    assert!(
        matches!(noted(&world).lines().collect::<Vec<_>>()[..], [first, second] if second == format!("not {first}"))
    );
    assert_eq!(world.engine.finish_erasures().await.unwrap(), 0);
    assert_eq!(world.raw.count("erased_person").await, 0);
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    // Whoever is stopped between the note and what it says has it finished; who is here is left alone.
    for someone in [&ben, &cora] {
        let id = world.id_of(someone.person.id.0);
        let secret = world.raw.texts(&format!("SELECT secret FROM person_key WHERE person_id = {id}")).await;
        let key = PersonKey::parse(secret[0][0].as_deref().unwrap()).unwrap();
        let mut file = fs::OpenOptions::new().append(true).open(notes_of(world.url())).unwrap();
        writeln!(file, "{}", key.pseudonym().to_hex()).unwrap();
    }
    world.engine.leave(ben.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.finish_erasures().await.unwrap(), 1);
    assert_eq!(world.raw.count("erased_person").await, 2);
    assert!(world.engine.person(cora.person.id).await.unwrap().is_some());
    assert_eq!(world.engine.finish_erasures().await.unwrap(), 0);
}
