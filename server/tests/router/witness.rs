//! A witness outside cosigns heads of the signed log. It is one of the tests' own, which does what `c2sp.org/tlog-witness` says.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use audit::{
    Checkpoint, Extract, Files, Hash, PinnedKey, Trusted, Verdict, Witness, check_files, verify_extract, went_on,
};
use axum::{Router, extract::State, http::StatusCode, routing::post};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use ed25519_dalek::{Signer as _, SigningKey};
use engine::{Actor, CosignError, Parts};
use server::{AskedWitness, WitnessError, settings::Settings};
use sha2::{Digest as _, Sha256};
use world::{World, keys_of, on_both};

use crate::site::Site;

on_both![
    what_a_witness_has_seen_anybody_can_check_and_nobody_can_make_anew,
    a_witness_is_asked_once_a_head_and_follows_the_log_as_it_grows,
    what_a_witness_does_not_cosign_is_not_kept,
];

const NAME: &str = "witness.example/w1";

/// What the witness signs with its time.
const AT: u64 = 1_764_500_000;

/// What a witness keeps of the only log that it knows.
#[derive(Clone)]
struct Desk {
    key: SigningKey,
    of: PinnedKey,
    seen: Arc<Mutex<(u64, Hash)>>,
    asked: Arc<Mutex<Vec<u64>>>,
    address: String,
}

impl Desk {
    async fn opens(world: &World) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let desk = Self {
            key: SigningKey::from_bytes(&[9; 32]),
            of: PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap(),
            seen: Arc::new(Mutex::new((0, audit::Tree::default().root()))),
            asked: Arc::default(),
            address: format!("http://{}/w1/", listener.local_addr().unwrap()),
        };
        let app = Router::new().route("/w1/add-checkpoint", post(add_checkpoint)).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        desk
    }

    /// Its public key, and by what a note knows it.
    fn vkey(&self) -> (String, [u8; 4]) {
        let public = [&[4], &self.key.verifying_key().to_bytes()[..]].concat();
        let digest = Sha256::new().chain_update(NAME).chain_update([10]).chain_update(&public).finalize();
        let id = [digest[0], digest[1], digest[2], digest[3]];
        (format!("{NAME}+{}+{}", hex::encode(id), BASE64_STANDARD.encode(public)), id)
    }

    fn as_set(&self) -> AskedWitness {
        self.as_set_with(self.vkey().0)
    }

    fn as_set_with(&self, key: String) -> AskedWitness {
        let settings =
            Settings { witness_url: Some(self.address.clone()), witness_key: Some(key), ..Settings::default() };
        AskedWitness::of(&settings).unwrap()
    }

    async fn cosigns(&self, world: &World) -> Result<Option<u64>, WitnessError> {
        self.as_set().cosign(&world.engine, TimeDelta::zero()).await
    }
}

async fn add_checkpoint(State(desk): State<Desk>, body: String) -> (StatusCode, String) {
    let (said, note) = body.split_once("\n\n").unwrap();
    let mut lines = said.split('\n');
    let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
    let proof: Vec<Hash> = lines.map(|line| Hash::parse_hash(line).unwrap()).collect();
    let Ok(head) = Checkpoint::open(note, &desk.of) else { return (StatusCode::FORBIDDEN, String::new()) };
    assert!(old <= head.size && proof.len() < 64);
    desk.asked.lock().unwrap().push(old);
    let mut seen = desk.seen.lock().unwrap();
    if old != seen.0 || old == head.size && head.root != seen.1 {
        return (StatusCode::CONFLICT, format!("{}\n", seen.0));
    }
    if !went_on(&proof, *seen, (head.size, head.root)) {
        return (StatusCode::UNPROCESSABLE_ENTITY, String::new());
    }
    *seen = (head.size, head.root);
    let text = note.split_once("\n\n").unwrap().0;
    let signature = desk.key.sign(format!("cosignature/v1\ntime {AT}\n{text}\n").as_bytes());
    let line = BASE64_STANDARD.encode([&desk.vkey().1[..], &AT.to_be_bytes(), &signature.to_bytes()].concat());
    // Others may have cosigned, too, whom nobody here knows.
    (StatusCode::OK, format!("— other.example/w {}\n— {NAME} {line}\n", BASE64_STANDARD.encode([7; 76])))
}

/// With what status another program ends that was written from the format's description alone.
fn another_says(path: &Path, trusted: &Trusted, folder: &Path) -> Option<i32> {
    let (key, witness) = (folder.join("key"), folder.join("witness"));
    fs::write(&key, trusted.key.as_ref().unwrap().to_string()).unwrap();
    fs::write(&witness, trusted.witness.as_ref().unwrap().to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/verify_log.py");
    let mut asked = Command::new("python3");
    asked.arg(script).arg(path).arg("--key").arg(key).arg("--witness").arg(witness);
    asked.output().unwrap().status.code()
}

fn written(files: &Files, folder: &Path) {
    for (name, bytes) in files {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
}

async fn what_a_witness_has_seen_anybody_can_check_and_nobody_can_make_anew(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    let desk = Desk::opens(&world).await;
    let witness = Some(Witness::parse(&desk.vkey().0).unwrap());
    let trusted = Trusted { key: Some(desk.of.clone()), known_head: None, witness };
    let folder = keys_of(world.url()).with_extension("witnessed");
    fs::create_dir_all(&folder).unwrap();
    let bundle = world.engine.export_log(Parts::All).await.unwrap().write().unwrap();
    let before = check_files(bundle, &trusted, &mut |_| {});
    assert!(before.status == 10 && before.to_string().contains("has cosigned none of the heads"), "{before}");
    let size = desk.cosigns(&world).await.unwrap().unwrap();
    // What was added since is not what they saw, and that is said.
    world.learner("ben").await;
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    assert!(bundle.checkpoints.keys().eq([&size, &bundle.manifest.size]));
    let more = bundle.manifest.size - size;
    let files = bundle.write().unwrap();
    let said = check_files(files.clone(), &trusted, &mut |_| {});
    assert_eq!(said.status, 0, "{said}");
    for words in [
        format!("these first {size} entries when the witness {NAME} saw it (2025-11-30 10:53:20 UTC)"),
        format!("That the {more} entries after those that {NAME} has seen"),
        "a witness has seen it grow".to_owned(),
    ] {
        assert!(said.to_string().contains(&words), "{words} in {said}");
    }
    written(&files, &folder.join("log"));
    assert_eq!(another_says(&folder.join("log"), &trusted, &folder), Some(0));
    // The receipt goes by the head that was seen.
    let receipt = world.engine.receipt_file(&amy.person, id).await.unwrap();
    let report = verify_extract(&Extract::parse(&receipt).unwrap(), &trusted);
    assert_eq!((report.verdict, report.seen.map(|seen| seen.size)), (Verdict::Valid, Some(size)));
    fs::write(folder.join("receipt"), &receipt).unwrap();
    assert_eq!(another_says(&folder.join("receipt"), &trusted, &folder), Some(0));
    // Everybody sees it with the published head.
    let page = Site::over(&world).browser().get("/log/checkpoint").await.text();
    let at_once = world.engine.published_head(TimeDelta::zero()).await.unwrap().unwrap();
    assert!(page.starts_with(&desk.of.origin().to_string()) && !at_once.contains(NAME), "{page}{at_once}");
    let newer = desk.cosigns(&world).await.unwrap().unwrap();
    let at_once = world.engine.published_head(TimeDelta::zero()).await.unwrap().unwrap();
    assert_eq!(at_once.matches(NAME).count(), 1, "{at_once}");
    // An export has every head that was seen, and both programs find each of them to be the log's.
    world.learner("cora").await;
    let whole = world.engine.export_log(Parts::All).await.unwrap();
    assert!(whole.checkpoints.keys().eq([&size, &newer, &whole.manifest.size]));
    let whole = whole.write().unwrap();
    assert_eq!(check_files(whole.clone(), &trusted, &mut |_| {}).status, 0);
    written(&whole, &folder.join("whole"));
    assert_eq!(another_says(&folder.join("whole"), &trusted, &folder), Some(0));
    // By another witness it is not seen, whatever stands there.
    let stranger = Desk { key: SigningKey::from_bytes(&[8; 32]), ..desk.clone() };
    let trusted = Trusted { witness: Some(Witness::parse(&stranger.vkey().0).unwrap()), ..trusted };
    assert_eq!(check_files(files, &trusted, &mut |_| {}).status, 10);
    assert_eq!(another_says(&folder.join("log"), &trusted, &folder), Some(10));
    assert_eq!(another_says(&folder.join("receipt"), &trusted, &folder), Some(10));
    fs::remove_dir_all(folder).unwrap();
}

async fn a_witness_is_asked_once_a_head_and_follows_the_log_as_it_grows(world: World) {
    let desk = Desk::opens(&world).await;
    let first = desk.cosigns(&world).await.unwrap().unwrap();
    assert_eq!(desk.cosigns(&world).await.unwrap(), None);
    assert_eq!(*desk.asked.lock().unwrap(), [0]);
    // Over more than a tile.
    let mut before = first;
    for more in [1, 4, 9] {
        for number in 0..more {
            let path: Vec<String> = (0..70).map(|place| format!("{more} {number} {place}")).collect();
            world.engine.group_at(&path.join("/"), Actor::CommandLine).await.unwrap();
        }
        let now = desk.cosigns(&world).await.unwrap().unwrap();
        assert!(now > before);
        before = now;
    }
    assert!(before > 512, "{before}");
    assert_eq!(desk.seen.lock().unwrap().0, before);
    assert_eq!(desk.asked.lock().unwrap().len(), 4);
    // One that has lost what it knew says so, and is told all of it.
    *desk.seen.lock().unwrap() = (0, audit::Tree::default().root());
    world.learner("zoe").await;
    assert!(desk.cosigns(&world).await.unwrap().is_some());
    assert_eq!(desk.asked.lock().unwrap()[4..], [before, 0]);
}

async fn what_a_witness_does_not_cosign_is_not_kept(world: World) {
    world.learner("amy").await;
    let desk = Desk::opens(&world).await;
    let size = world.engine.log_head().await.unwrap().unwrap().size;
    let before = world.raw.everything().await;
    // It saw more than there is.
    *desk.seen.lock().unwrap() = (size + 5, audit::leaf_hash(b"more"));
    let refused = desk.cosigns(&world).await.unwrap_err();
    assert!(
        matches!(refused, WitnessError::Cosign(CosignError::Ahead { seen, here }) if (seen, here) == (size + 5, size)),
        "{refused}"
    );
    // It saw others, as many or fewer.
    for seen in [size, size - 1] {
        *desk.seen.lock().unwrap() = (seen, audit::leaf_hash(b"other"));
        let refused = desk.cosigns(&world).await.unwrap_err();
        assert!(matches!(refused, WitnessError::SawAnother(_)), "{seen}: {refused}");
    }
    *desk.seen.lock().unwrap() = (0, audit::Tree::default().root());
    // Its key is another than the one that is set.
    let stranger = Desk { key: SigningKey::from_bytes(&[8; 32]), ..desk.clone() };
    let refused = desk.as_set_with(stranger.vkey().0).cosign(&world.engine, TimeDelta::zero()).await.unwrap_err();
    assert!(matches!(refused, WitnessError::Cosign(CosignError::NotCosigned)), "{refused}");
    // It does not know the key of the log.
    let origin = desk.of.origin().clone();
    let other = Desk { of: audit::LogKey::from_seed(origin, &[3; 32]).public(), ..Desk::opens(&world).await };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/w1", listener.local_addr().unwrap());
    let app = Router::new().route("/w1/add-checkpoint", post(add_checkpoint)).with_state(other.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let refused = Desk { address, ..other }.cosigns(&world).await.unwrap_err();
    assert!(matches!(refused, WitnessError::DoesNotKnow(StatusCode::FORBIDDEN)), "{refused}");
    assert_eq!(world.raw.everything().await, before);
}
