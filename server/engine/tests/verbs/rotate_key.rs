//! Another key signs the log: who trusts the former goes on, and who has only the former saves nothing.

use std::{fs, path::Path, process::Command};

use audit::{Extract, PinnedKey, Said, Trusted, Verdict, check_files, verify, verify_extract, verify_pack};
use chrono::TimeDelta;
use engine::{Actor, NewPack, Parts, Trouble, Unsealed};

use world::{World, keys_of, on_both};

on_both![
    who_trusts_the_former_key_goes_on,
    who_has_only_the_former_key_saves_nothing,
    a_key_that_was_prepared_is_the_one_that_follows,
    whoever_was_stopped_in_between_goes_on,
    what_was_noted_before_still_draws_a_pack,
];

async fn key(world: &World) -> PinnedKey {
    PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap()
}

async fn head(world: &World) -> String {
    world.engine.log_head().await.unwrap().unwrap().note
}

/// The files of the keys that end so.
fn files(world: &World, ending: &str) -> Vec<std::path::PathBuf> {
    let all = fs::read_dir(keys_of(world.url())).unwrap().map(|file| file.unwrap().path());
    all.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// What the other program says of a file.
fn another_says(world: &World, file: &[u8], trusted: &Trusted) -> i32 {
    let folder = keys_of(world.url());
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let key = write("pinned", trusted.key.as_ref().unwrap().to_string().as_bytes());
    let head = write("known", trusted.known_head.as_ref().unwrap().as_bytes());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end/verify_log.py");
    let mut run = Command::new("python3");
    run.arg(script).arg(write("checked", file)).arg("--key").arg(key).arg("--known-head").arg(head);
    run.status().unwrap().code().unwrap()
}

async fn who_trusts_the_former_key_goes_on(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let engine = &world.engine;
    let (former, before) = (key(&world).await, head(&world).await);
    let receipt_of_then = engine.receipt_file(&amy.person, signature).await.unwrap();
    let rotated = engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    assert_eq!((rotated.was, rotated.key), (former.to_string(), key(&world).await.to_string()));
    // What is saved from then on is signed by the new key alone, and once more.
    world.learner("ben").passes("four-cs").await;
    let between = head(&world).await;
    engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    let cora = world.learner("cora").passes("four-cs").await;
    let newest = key(&world).await;
    assert_eq!((engine.compare_rows().await.unwrap(), newest == former), (vec![], false));
    let bundle = engine.export_log(Parts::All).await.unwrap();
    for known in [&before, &between, &head(&world).await] {
        for key in [&former, &newest] {
            let trusted = Trusted { key: Some(key.clone()), known_head: Some(known.clone()), ..Trusted::default() };
            let report = verify(&bundle, &trusted);
            assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{report:?}");
        }
    }
    let said = Said::of_log(&verify(&bundle, &Trusted::default()), "x", &Trusted::default());
    assert_eq!(said.notes.iter().filter(|note| note.contains("another key signs")).count(), 2, "{said}");
    // A receipt of now leads back to the former key, and one of then stays what it was.
    let now = engine.receipt_file(&amy.person, signature).await.unwrap();
    for (receipt, known) in [(&now, head(&world).await), (&receipt_of_then, before.clone())] {
        let trusted = Trusted { key: Some(former.clone()), known_head: Some(known), ..Trusted::default() };
        let report = verify_extract(&Extract::parse(receipt).unwrap(), &trusted);
        assert_eq!((report.verdict, report.signatures.shown), (Verdict::Valid, 1), "{report:?}");
        assert_eq!(another_says(&world, receipt, &trusted), 0);
    }
    // Without the entries that hand over, the new key is nobody's.
    let mut bare = Extract::parse(&now).unwrap();
    bare.keys.remove(0);
    let trusted = Trusted { key: Some(former), known_head: Some(head(&world).await), ..Trusted::default() };
    assert_eq!(verify_extract(&bare, &trusted).verdict, Verdict::Invalid);
    assert_eq!(another_says(&world, &bare.to_bytes().unwrap(), &trusted), 40);
    // The site's own checks of what it shows hold.
    let shown = engine.signature_evidence(&amy.person, signature).await.unwrap();
    assert_eq!(shown.proved.faults, Vec::<String>::new());
    let pass = engine.cpd_record(cora.person.id).await.unwrap().years[0].entries[0].completion;
    let certificate = engine.certificate(&cora.person, pass).await.unwrap();
    let checked = engine.verify_certificate(&certificate.code, "192.0.2.7").await.unwrap();
    assert_eq!(checked.entry.faults, Vec::<String>::new());
    let copied = engine.back_up(world.url(), &keys_of(world.url()).join("copy")).await.unwrap();
    assert_eq!(copied.size, bundle.manifest.size);
}

async fn who_has_only_the_former_key_saves_nothing(world: World) {
    let amy = world.learner("amy").await;
    let before = files(&world, ".key");
    let kept = fs::read(&before[0]).unwrap();
    let node = world.another_node().await;
    world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    // The files of that node are as they were.
    let new = fs::read(&before[0]).unwrap();
    fs::write(&before[0], &kept).unwrap();
    let there = amy.at(&node);
    assert!(there.rehearsal().passes(&world::slug("four-cs")).await.is_err());
    let trouble = node.engine.ready().await.unwrap_err().trouble();
    assert_eq!(trouble, Some(Trouble::Unsealed(Unsealed::FormerKey)));
    assert_eq!(world.raw.count("completion").await, 0);
    assert!(node.engine.own_page(&there.person).await.is_ok(), "it shows pages");
    // It finds the new one once it is there, without being started again.
    fs::write(&before[0], new).unwrap();
    node.learner("ben").passes("four-cs").await;
    assert!(node.engine.ready().await.is_ok() && world.engine.ready().await.is_ok());
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn a_key_that_was_prepared_is_the_one_that_follows(world: World) {
    world.learner("amy").await;
    let former = key(&world).await;
    let prepared = world.engine.prepare_log_key().await.unwrap();
    assert_eq!(world.engine.prepare_log_key().await.unwrap(), prepared, "once more it is the same");
    assert_eq!((key(&world).await, files(&world, ".key.new").len()), (former.clone(), 1));
    world.learner("ben").await;
    let rotated = world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    assert_eq!(rotated.key, prepared.to_string());
    assert_eq!((files(&world, ".key.new").len(), files(&world, ".key.old").len()), (0, 1));
    world.learner("cora").await;
}

async fn whoever_was_stopped_in_between_goes_on(world: World) {
    world.learner("amy").await;
    let file = files(&world, ".key").remove(0);
    let former = fs::read(&file).unwrap();
    world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    // It was committed, and the files had not been put in their places.
    fs::rename(&file, file.with_extension("key.new")).unwrap();
    fs::write(&file, &former).unwrap();
    let node = world.another_node().await;
    node.engine.ready().await.unwrap();
    assert_eq!(files(&world, ".key.new").len(), 0);
    node.learner("ben").await;
    // The head that is kept beside the key is of the former, and still keeps an older copy from being added to.
    world.waits(TimeDelta::hours(2));
    node.learner("cora").await;
    assert_eq!(node.engine.compare_rows().await.unwrap(), []);
}

async fn what_was_noted_before_still_draws_a_pack(world: World) {
    world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let (former, noted) = (key(&world).await, head(&world).await);
    world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    world.learner("ben").await;
    for head in [Some(noted.clone()), None] {
        let is_noted = head.is_some();
        let asked = NewPack { sample: 1, word: "heron".to_owned(), head, beside: Default::default() };
        let made = world.engine.make_pack_of_all(asked, Actor::CommandLine).await.unwrap();
        let known_head = Some(if is_noted { noted.clone() } else { made.pack.head.clone() });
        let trusted = Trusted { key: Some(former.clone()), known_head, ..Trusted::default() };
        let report = verify_pack(&made.files, &trusted, &mut |_| {});
        assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{report:?}");
        assert_eq!(check_files(made.files.clone(), &trusted, &mut |_| {}).status, 0);
        let folder = keys_of(world.url()).join(if is_noted { "noted" } else { "newest" });
        for (name, bytes) in &made.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let (pin, known) = (folder.with_extension("pin"), folder.with_extension("known"));
        fs::write(&pin, former.to_string()).unwrap();
        fs::write(&known, trusted.known_head.unwrap()).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end/verify_log.py");
        let mut run = Command::new("python3");
        run.arg(script).arg(&folder).arg("--key").arg(pin).arg("--known-head").arg(known);
        assert_eq!(run.status().unwrap().code(), Some(0));
    }
}
