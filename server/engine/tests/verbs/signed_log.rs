//! The signed log: every fact is in it once, in the transaction of its rows, and whoever has a copy can check it.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use audit::{
    Bundle, Envelope, Extract, Fact, Fault, PartKind, PinnedKey, Trusted, Verdict, digest_of_text, from_canonical,
    verify, verify_extract,
};
use chrono::{Days, TimeDelta};
use engine::{
    Actor, AssignedTo, Bearer, Clock as _, Duty, Engine, HowLearned, Mismatch, NewDiscussion, NewEvidence,
    NewExemption, NewJoinCode, NewToken, Parts, PersonDetails, Role, SignError, StoreError, SystemClock, Thing,
    Trouble, Unsealed, WrongBecause, local_date,
};
use model::ProgrammeSlug;

use world::{PASSWORD, Someone, World, agreement, audience, keys_of, on_both, slug};

on_both![
    every_row_has_its_leaf_whatever_people_do,
    a_signature_stands_on_the_leaves_of_its_passes,
    a_receipt_can_be_checked_without_the_server,
    a_receipt_is_for_its_signer_and_auditors_and_has_no_answers,
    a_log_with_full_tiles_proves_every_leaf,
    many_at_once_leave_no_gap,
    what_is_refused_leaves_nothing,
    without_the_key_nothing_is_saved_and_everything_is_read,
    a_clock_behind_the_log_saves_nothing_until_somebody_says_that_it_is_right,
    a_clock_far_ahead_saves_nothing_until_somebody_says_that_it_is_right,
    a_database_that_went_back_is_not_added_to,
    a_row_that_was_altered_is_found,
    an_end_that_was_moved_is_found,
    a_recorded_time_that_was_moved_is_found,
    a_fact_that_lost_its_row_is_found,
    the_key_is_for_its_owner_alone,
    sealing_costs_little,
];

/// The tables of facts, each with the column that says how its rows end, where they do.
const FACTS: [(&str, Option<&str>); 25] = [
    ("erasure", None),
    ("people_group", None),
    ("group_place", Some("ends_before")),
    ("stay", Some("ends_before")),
    ("in_audience", Some("ends_before")),
    ("membership", Some("ends_before")),
    ("duty", Some("ends_before")),
    ("brought_forward", None),
    ("assignment", Some("ends_before")),
    ("evidence", Some("ended_at")),
    ("discussion", None),
    ("discussion_answer", None),
    ("exemption", Some("ends_before")),
    ("attempts_given", None),
    ("completion", None),
    ("signature", None),
    ("decline", None),
    ("correction", None),
    ("module_version", None),
    ("agreement_version", None),
    ("programme_version", None),
    ("provider_version", None),
    ("withdrawal", None),
    ("roster_import", None),
    ("detail_set", None),
];

/// The log as it is, by its own key and head.
pub async fn exported(engine: &Engine) -> (Bundle, Trusted) {
    let bundle = engine.export_log(Parts::All).await.unwrap();
    let key = PinnedKey::parse(&engine.log_key().await.unwrap().unwrap()).unwrap();
    let known_head = bundle.checkpoints.values().next_back().cloned();
    (bundle, Trusted { key: Some(key), known_head, ..Trusted::default() })
}

/// Whoever has a copy of the log finds nothing wrong with it, and its entries say what the rows say. Gives that copy.
pub async fn is_valid(engine: &Engine) -> Bundle {
    let (bundle, trusted) = exported(engine).await;
    let report = verify(&bundle, &trusted);
    assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{report:?}");
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    bundle
}

/// Every row has one leaf, every leaf its rows, none is missing, and all of it is valid.
async fn is_whole(world: &World) -> Bundle {
    for (table, ends) in FACTS {
        let rows = world.raw.count(table).await;
        assert_eq!(rows, world.raw.count(&format!("log_row WHERE kind = '{table}'")).await, "{table}");
        if let Some(column) = ends {
            let ended = world.raw.count(&format!("{table} WHERE {column} IS NOT NULL")).await;
            assert_eq!(ended, world.raw.count(&format!("log_row WHERE kind = '{table}/end'")).await, "{table}");
        }
    }
    let size = world.raw.number("SELECT size FROM log_head").await;
    assert_eq!(world.raw.count("log_leaf").await, size);
    assert_eq!(world.raw.number("SELECT MAX(number) + 1 FROM log_leaf").await, size);
    let bundle = is_valid(&world.engine).await;
    assert_eq!(Bundle::read(&bundle.write().unwrap()).unwrap(), bundle);
    bundle
}

/// Numbers that follow from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Does something at random; much of it is refused, as it is in life.
async fn does_something(world: &World, people: &[Someone], random: &mut Random) {
    let engine = &world.engine;
    let by = Actor::CommandLine;
    let today = local_date(engine.now());
    let on = today + Days::new(random.below(3) as u64);
    let groups = ["North/A", "North/B", "South"];
    let group = engine.group_at(groups[random.below(3)], by).await.unwrap();
    let other = engine.group_at(groups[random.below(3)], by).await.unwrap();
    let someone = &people[random.below(people.len())];
    let id = someone.person.id;
    let module = ["four-cs", "sharing-nudes"][random.below(2)];
    let duty = Duty { role: Role::Manager, over: [None, Some(group)][random.below(2)] };
    macro_rules! tried {
        ($done:expr) => {
            if let Err(error) = $done {
                assert!(!error.to_string().contains("database failed"), "{error}");
            }
        };
    }
    match random.below(16) {
        0 => tried!(engine.join_group(id, group, on, by).await),
        1 => tried!(engine.leave_group(id, group, on, by).await),
        2 => tried!(engine.give_duty(id, duty, on, by).await),
        3 => tried!(engine.end_duty(id, duty, on, by).await),
        4 => tried!(engine.begin_audience(id, &audience("staff"), on, by).await),
        5 => tried!(engine.end_audience(id, &audience("staff"), on, by).await),
        6 => tried!(engine.leave(id, on, by).await),
        7 => tried!(engine.come_back(id, on, by).await),
        8 => tried!(engine.move_group(group, None, ["North", "Renamed"][random.below(2)], on, by).await),
        9 => tried!(engine.move_group(group, Some(other), "Below", on, by).await),
        10 => tried!(engine.end_group(group, on, by).await),
        11 => {
            let programme = ProgrammeSlug::new("learner-induction").unwrap();
            let to = match random.below(3) {
                0 => AssignedTo::Audience(audience("staff")),
                1 => AssignedTo::Group(group),
                _ => AssignedTo::Person(id),
            };
            match engine.assign(&programme, to, on, by).await {
                Ok(given) if random.below(2) == 0 => tried!(engine.end_assignment(given, on, by).await),
                tried => tried!(tried),
            }
        }
        12 => {
            let new = NewExemption {
                person: id,
                thing: Thing::Module(slug(module)),
                reason: "They teach it".to_owned(),
                begins_on: on,
                given_before: [None, Some(on + Days::new(9))][random.below(2)],
            };
            match engine.exempt(new, by).await {
                Ok(given) if random.below(2) == 0 => tried!(engine.end_exemption(given, on, by).await),
                tried => tried!(tried),
            }
        }
        13 => tried!(someone.rehearsal().passes(&slug(module)).await),
        14 => tried!(someone.signs("learner-aup").await),
        // By more than the log writes of a moment, which is whole milliseconds.
        _ => world.waits(TimeDelta::hours(11) + TimeDelta::microseconds(1_999_600)),
    }
}

async fn every_row_has_its_leaf_whatever_people_do(world: World) {
    let mut random = Random(7);
    let mut people = Vec::new();
    for name in ["amy", "ben", "cora", "dev"] {
        people.push(world.learner(name).of("North/A").await);
    }
    people.push(world.person("mina", &[Role::Manager]).manages("South").await);
    // Somebody gets stuck and is helped; something is published anew, and something is withdrawn.
    let eve = world.learner("eve").of("South").await;
    for _ in 0..4 {
        if eve.starts("four-cs").await.is_ok() {
            eve.fails("four-cs").await;
        }
        world.waits(TimeDelta::days(1));
    }
    let task = world.raw.task_of("eve").await;
    world.engine.allow_attempts(&people[4].person, task).await.unwrap();
    for round in 0..120 {
        does_something(&world, &people, &mut random).await;
        if round == 60 {
            world.publishes_new_edition_of("four-cs").await;
            world.publishes_new_version_of("learner-aup").await;
        }
    }
    let hal = world.learner("hal").passes("four-cs").await;
    let pass = world.engine.cpd_record(hal.person.id).await.unwrap().years[0].entries[0].completion;
    world.engine.withdraw_pass(pass, WrongBecause::NotTheirOwn, "They teach it", Actor::CommandLine).await.unwrap();
    let aup = agreement("learner-aup");
    let text = world.engine.catalogue().agreements[&aup].canonical.sha256;
    world.engine.decline_agreement(&hal.person, &aup, text, "They teach it wrongly").await.unwrap();
    world.engine.withdraw("programme/learner-induction", Actor::CommandLine).await.unwrap();
    let induction = world.engine.group_at("Induction", Actor::CommandLine).await.unwrap();
    let (audience, expires_at) = (Some(audience("learner")), world.engine.now() + TimeDelta::hours(1));
    let code = NewJoinCode { group: induction, audience, most: 9, expires_at };
    let code = world.engine.create_join_code(&code, Actor::CommandLine).await.unwrap();
    let gil = world.engine.begin_by_code(&code.code, "Gil", "gil@northfield.example", PASSWORD).await.unwrap();
    let details = PersonDetails { name: "Gil Hart".to_owned(), ..PersonDetails::default() };
    world.engine.correct_details(gil, &details, Actor::CommandLine).await.unwrap();
    let ivy = world.learner("ivy").of("North").await;
    let dsl = world.person("dsl", &[Role::Dsl]).await;
    let new = NewDiscussion {
        person: ivy.person.id,
        module: slug("four-cs"),
        version: world.engine.catalogue().modules[&slug("four-cs")].number,
        held_on: local_date(world.engine.now()),
        place: "Room 12".to_owned(),
    };
    let discussion = world.engine.hold_discussion(&dsl.person, &new).await.unwrap();
    world.engine.answer_discussion(&ivy.person, discussion, true).await.unwrap();
    let fay = world.learner("fay").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    fay.is_renamed_by_file("Fay Green").await;
    for file in [None, Some(b"%PDF-1.7 %%EOF".to_vec())] {
        let new = NewEvidence {
            form: world.engine.once_key(),
            title: "First aid".to_owned(),
            provider: "The council".to_owned(),
            done_on: Some(local_date(world.engine.now()) - Days::new(30)),
            minutes: Some(60),
            how: Some(HowLearned::Other),
            file,
        };
        let added = world.engine.add_evidence(&fay.person, new).await.unwrap();
        if world.raw.count("evidence").await == 2 {
            world.engine.end_evidence(&fay.person, added).await.unwrap();
        }
    }
    world.engine.undo_import(Actor::CommandLine, |_| ()).await.unwrap();
    let gone = world.learner("gwen").passes("four-cs").await;
    let sooner = world.learner("una").await;
    for days in [10, 0] {
        let day = local_date(world.engine.now()) + Days::new(days);
        world.engine.leave(sooner.person.id, day, Actor::CommandLine).await.unwrap();
    }
    world.engine.leave(gone.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.engine.erase_person(gone.person.id, Actor::CommandLine).await.unwrap();
    let bundle = is_whole(&world).await;
    assert!(bundle.leaves.len() > 80, "{}", bundle.leaves.len());
    for (table, ends) in FACTS {
        assert!(world.raw.count(table).await > 0, "{table}");
        assert!(ends.is_none() || world.raw.count(&format!("log_row WHERE kind = '{table}/end'")).await > 0, "{table}");
    }
    // Nothing that names anybody is in it by default.
    let shown = world.engine.export_log(Parts::Pseudonymous).await.unwrap();
    let files = shown.write().unwrap();
    let openings = String::from_utf8(files["openings"].clone()).unwrap();
    for name in ["amy", "North", "They teach it", "First aid", "person:", "command-line"] {
        assert!(!openings.contains(name), "{name}");
    }
    assert_eq!(verify(&shown, &exported(&world.engine).await.1).verdict, Verdict::Valid);
    // What names people can stand apart: with it all is there, and without it the same as by default.
    let mut apart = bundle.write_apart().unwrap();
    assert_eq!(Bundle::read(&apart).unwrap(), bundle);
    let names = apart.remove("names").unwrap();
    assert!(String::from_utf8(names).unwrap().contains("First aid"));
    assert_eq!(Bundle::read(&apart).unwrap(), shown);
    assert_eq!(apart, files);
    // Handing it out is an entry, about how many people it is and to whom it goes.
    let handed = world.engine.hand_out_log(Parts::All, Some("Ofsted"), Actor::CommandLine).await.unwrap();
    assert_eq!(handed, bundle);
    let after = is_whole(&world).await;
    let (_, last) = after.openings.last_key_value().unwrap();
    let envelope: Envelope = from_canonical(last.envelope.as_bytes()).unwrap();
    let Fact::Exported { sha256, people } = &envelope.facts[0] else { panic!("{envelope:?}") };
    assert_eq!(*sha256, digest_of_text(&apart["manifest.json"]));
    assert!(*people > 1);
    assert_eq!(last.parts[&PartKind::Act].part, r#"{"names":true,"to":"Ofsted"}"#);
}

async fn a_signature_stands_on_the_leaves_of_its_passes(world: World) {
    world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let (bundle, trusted) = exported(&world.engine).await;
    assert_eq!(verify(&bundle, &trusted).signatures.shown, 1);
    // Without one of the passes the gate would not have been open.
    let signature = world.raw.number("SELECT number FROM log_row WHERE kind = 'signature'").await;
    let mut altered = bundle.clone();
    let opened = altered.openings.get_mut(&u64::try_from(signature).unwrap()).unwrap();
    let gate = opened.parts.get_mut(&PartKind::Gate).unwrap();
    assert!(gate.part.starts_with("{\"passes\":["));
    gate.part = "{\"passes\":[]}".to_owned();
    assert_eq!(verify(&altered, &trusted).verdict, Verdict::Invalid);
    // Nor is it one without its gate, or of nobody.
    let mut altered = bundle.clone();
    altered.manifest.withheld.push(PartKind::Gate);
    altered.openings.values_mut().for_each(|opened| drop(opened.parts.remove(&PartKind::Gate)));
    assert_eq!(verify(&altered, &trusted).verdict, Verdict::Invalid);
    let mut altered = bundle;
    altered.openings.values_mut().for_each(|opened| opened.person = None);
    let report = verify(&altered, &trusted);
    assert!(report.faults.iter().any(|fault| matches!(fault, Fault::NoPerson(_))), "{report:?}");
}

async fn a_receipt_can_be_checked_without_the_server(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    // What comes later does not matter.
    world.learner("ben").passes("four-cs").await;
    let file = world.engine.receipt_file(&amy.person, id).await.unwrap();
    let receipt = Extract::parse(&file).unwrap();
    let (_, trusted) = exported(&world.engine).await;
    let report = verify_extract(&receipt, &trusted);
    assert_eq!((report.verdict, report.signatures.shown), (Verdict::Valid, 1), "{report:?}");
    let alone = Trusted { known_head: None, ..trusted.clone() };
    assert_eq!(verify_extract(&receipt, &alone).verdict, Verdict::NotAnchored);
    let said = String::from_utf8(file.clone()).unwrap();
    for (from, to) in [("\\\"at\\\":1", "\\\"at\\\":2"), ("amy", "eve"), ("I agree", "I disagree")] {
        assert!(said.contains(from), "{from}");
        let altered = Extract::parse(said.replacen(from, to, 1).as_bytes()).unwrap();
        assert_eq!(verify_extract(&altered, &trusted).verdict, Verdict::Invalid, "{from}");
    }
    let mut without_pass = receipt.clone();
    let is_pass = |entry: &audit::Entry| entry.opened.envelope.contains("\"completed\"");
    let place = without_pass.entries.iter().position(is_pass).unwrap();
    without_pass.entries.remove(place);
    let report = verify_extract(&without_pass, &trusted);
    assert!(report.faults.iter().any(|fault| matches!(fault, Fault::GateNotOpen { .. })), "{report:?}");
}

async fn a_receipt_is_for_its_signer_and_auditors_and_has_no_answers(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    let ben = world.learner("ben").await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    assert!(world.engine.receipt_file(&ben.person, id).await.is_err());
    let file = world.engine.receipt_file(&ada.person, id).await.unwrap();
    let receipt = Extract::parse(&file).unwrap();
    let text = &world.engine.catalogue().agreements[&agreement("learner-aup")].canonical.json;
    assert_eq!(receipt.texts.len(), 2);
    assert!(receipt.texts.values().any(|kept| kept.as_str() == &**text));
    assert!(!String::from_utf8(file).unwrap().contains("quiz.md"));
}

async fn a_log_with_full_tiles_proves_every_leaf(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let id = amy.signs("learner-aup").await.unwrap();
    // A path makes many groups, and seals them together: across the end of a tile, too.
    for number in 0..9 {
        let path: Vec<String> = (0..70).map(|place| format!("{number} {place}")).collect();
        world.engine.group_at(&path.join("/"), Actor::CommandLine).await.unwrap();
    }
    assert_eq!(world.raw.count("log_tile WHERE level = 0").await, 2);
    let bundle = is_whole(&world).await;
    let tiles = world.raw.texts("SELECT hashes, root FROM log_tile ORDER BY place").await;
    for (place, tile) in tiles.iter().enumerate() {
        let leaves = &bundle.leaves[place * 256..(place + 1) * 256];
        let hashes: String = leaves.iter().map(|leaf| hex(&audit::leaf_hash(leaf).0)).collect();
        assert_eq!(tile[0].as_deref(), Some(&*hashes));
        let mut tree = audit::Tree::default();
        leaves.iter().for_each(|leaf| tree.append(audit::leaf_hash(leaf)));
        assert_eq!(tile[1].as_deref(), Some(&*hex(&tree.root().0)));
    }
    // A proof from the first tile, and one from what is in none yet.
    let ben = world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let late = ben.signs("learner-aup").await.unwrap();
    let (_, trusted) = exported(&world.engine).await;
    for (someone, id) in [(&amy, id), (&ben, late)] {
        let receipt = Extract::parse(&world.engine.receipt_file(&someone.person, id).await.unwrap()).unwrap();
        let report = verify_extract(&receipt, &trusted);
        assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn many_at_once_leave_no_gap(world: World) {
    let node = world.another_node().await;
    let mut signers = Vec::new();
    for name in ["amy", "ben", "cora", "dev", "eve", "fay"] {
        signers.push(world.learner(name).passes("four-cs").passes("sharing-nudes").await);
    }
    let signing = signers.iter().enumerate().flat_map(|(place, signer)| {
        let here = if place % 2 == 0 { signer.clone() } else { signer.at(&node) };
        let form = signer.form("learner-aup");
        // Each presses the button several times.
        (0..5).map(move |_| {
            let (signer, form) = (here.clone(), form.clone());
            tokio::spawn(async move { signer.sends("learner-aup", &form).await })
        })
    });
    for signed in signing.collect::<Vec<_>>() {
        signed.await.unwrap().unwrap();
    }
    assert_eq!(world.raw.count("log_row WHERE kind = 'signature'").await, 6);
    is_whole(&world).await;
}

async fn what_is_refused_leaves_nothing(world: World) {
    let amy = world.learner("amy").await;
    let before = world.raw.everything().await;
    assert!(matches!(amy.signs("learner-aup").await, Err(SignError::Closed(_))));
    assert!(world.engine.come_back(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.is_err());
    assert_eq!(world.raw.everything().await, before);
}

/// What keeps somebody from beginning an audience, if anything does.
async fn trouble(world: &World, someone: &Someone) -> Option<Unsealed> {
    let today = local_date(world.engine.now());
    let tried = world.engine.begin_audience(someone.person.id, &audience("staff"), today, Actor::CommandLine).await;
    let of = |error: StoreError| match error.trouble() {
        Some(Trouble::Unsealed(unsealed)) => unsealed,
        _ => panic!("{error}"),
    };
    match tried {
        Ok(()) => None,
        Err(engine::AudienceError::Internal(error)) => Some(of(error)),
        Err(error) => panic!("{error}"),
    }
}

async fn is_ready(world: &World) -> Option<Unsealed> {
    match world.engine.ready().await.err()?.trouble() {
        Some(Trouble::Unsealed(unsealed)) => Some(unsealed),
        other => panic!("{other:?}"),
    }
}

async fn without_the_key_nothing_is_saved_and_everything_is_read(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let key = key_file(&world);
    let away = key.with_extension("away");
    fs::rename(&key, &away).unwrap();
    let node = world.another_node().await;
    let before = world.raw.everything().await;
    assert_eq!(trouble(&node, &amy).await, Some(Unsealed::NoKey));
    assert_eq!(is_ready(&node).await, Some(Unsealed::NoKey));
    assert_eq!(world.raw.everything().await, before);
    assert!(node.engine.own_page(&amy.person).await.is_ok());
    // The key of another log is none.
    fs::write(&key, fs::read_to_string(&away).unwrap().replace("northfield", "southfield")).unwrap();
    assert_eq!(is_ready(&node).await, Some(Unsealed::NoKey));
    fs::rename(&away, &key).unwrap();
    assert_eq!(is_ready(&node).await, None);
    assert_eq!(trouble(&node, &amy).await, None);
    is_whole(&world).await;
}

/// The file of the log's key.
fn key_file(world: &World) -> PathBuf {
    let mut files = fs::read_dir(keys_of(world.url())).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|ending| ending == "key")).unwrap()
}

async fn a_clock_behind_the_log_saves_nothing_until_somebody_says_that_it_is_right(world: World) {
    let amy = world.learner("amy").await;
    world.sets_clock(-TimeDelta::seconds(5));
    world.learner("ben").await;
    world.sets_clock(-TimeDelta::hours(2));
    assert_eq!(trouble(&world, &amy).await, Some(Unsealed::ClockBehind(7200)));
    assert_eq!(is_ready(&world).await, Some(Unsealed::ClockBehind(7200)));
    assert_eq!(world.engine.accept_clock(Actor::CommandLine).await.unwrap(), -7205);
    assert_eq!((is_ready(&world).await, trouble(&world, &amy).await), (None, None));
    world.waits(TimeDelta::hours(1));
    // What they passed is dated by the clock, and the log's own time waits.
    amy.passes("four-cs").await;
    world.waits(TimeDelta::hours(3));
    amy.passes("sharing-nudes").await;
    let bundle = is_whole(&world).await;
    let times = bundle.leaves.iter().map(|leaf| audit::Leaf::parse(leaf).unwrap().appended_at);
    assert!(times.is_sorted());
    let (bundle, trusted) = exported(&world.engine).await;
    let notes = verify(&bundle, &trusted).notes;
    assert!(notes.iter().any(|note| matches!(note, audit::Note::ClockStepped(_))), "{notes:?}");
}

async fn a_clock_far_ahead_saves_nothing_until_somebody_says_that_it_is_right(world: World) {
    let amy = world.learner("amy").await;
    // Weeks in which nobody does anything are none of the clock's fault.
    world.waits(TimeDelta::days(30));
    assert_eq!(trouble(&world, &amy).await, None);
    world.sets_clock(TimeDelta::days(8));
    let ben = world.engine.person(amy.person.id).await.unwrap().unwrap();
    assert_eq!(is_ready(&world).await, Some(Unsealed::ClockAhead(8 * 86_400)));
    let refused = world.engine.leave(ben.id, local_date(world.engine.now()), Actor::CommandLine).await;
    assert!(matches!(refused, Err(engine::StayError::Internal(_))), "{refused:?}");
    world.engine.accept_clock(Actor::CommandLine).await.unwrap();
    world.engine.leave(ben.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    is_whole(&world).await;
}

async fn a_database_that_went_back_is_not_added_to(world: World) {
    let amy = world.learner("amy").await;
    let copied = world.raw.contents("log_head").await;
    let (size, frontier) = (
        world.raw.number("SELECT size FROM log_head").await,
        world.raw.texts("SELECT frontier FROM log_head").await[0][0].clone().unwrap(),
    );
    world.learner("ben").await;
    // As if an older copy had been put in its place: its triggers do not know what was there before.
    for trigger in ["log_head_never_goes_back"] {
        let of = if world.raw.is_sqlite() { "" } else { " ON log_head" };
        world.raw.run(&format!("DROP TRIGGER {trigger}{of}")).await.unwrap();
    }
    world.raw.run(&format!("UPDATE log_head SET size = {size}, frontier = '{frontier}'")).await.unwrap();
    assert_eq!(trouble(&world, &amy).await, Some(Unsealed::RolledBack));
    assert_eq!(is_ready(&world).await, Some(Unsealed::RolledBack));
    drop(copied);
}

async fn a_row_that_was_altered_is_found(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    amy.signs("learner-aup").await.unwrap();
    // What somebody is called may change, and is held against what was recorded last.
    let renames = async |from: &str, to: &str| {
        let rename = format!("UPDATE person_detail SET name = '{to}' WHERE name = '{from}'");
        assert_eq!(world.raw.run(&rename).await.unwrap(), 1);
    };
    renames("amy", "amz").await;
    let found = world.engine.compare_rows().await.unwrap();
    assert!(matches!(&found[..], [Mismatch::Differs { kind, .. }] if kind == "person_detail"), "{found:?}");
    renames("amz", "amy").await;
    let of = if world.raw.is_sqlite() { "" } else { " ON completion" };
    world.raw.run(&format!("DROP TRIGGER completion_never_changes{of}")).await.unwrap();
    world.raw.run("UPDATE completion SET minutes = minutes + 1 WHERE module = 'four-cs'").await.unwrap();
    let found = world.engine.compare_rows().await.unwrap();
    assert!(matches!(&found[..], [Mismatch::Differs { kind, .. }] if kind == "completion"), "{found:?}");
    // A gate that would be shown as having been opened by one pass less.
    let of = if world.raw.is_sqlite() { "" } else { " ON signature_completion" };
    world.raw.run(&format!("DROP TRIGGER signature_completion_never_deleted{of}")).await.unwrap();
    let one = "DELETE FROM signature_completion WHERE completion_id = \
         (SELECT id FROM completion WHERE module = 'sharing-nudes')";
    assert_eq!(world.raw.run(one).await.unwrap(), 1);
    let found = world.engine.compare_rows().await.unwrap();
    assert!(found.iter().any(|one| matches!(one, Mismatch::Differs { kind, .. } if kind == "signature")), "{found:?}");
    let of = if world.raw.is_sqlite() { "" } else { " ON duty" };
    world.person("dan", &[Role::Dsl]).await;
    world.raw.run(&format!("DROP TRIGGER duty_never_deleted{of}")).await.unwrap();
    world.raw.run("DELETE FROM duty").await.unwrap();
    let found = world.engine.compare_rows().await.unwrap();
    assert!(found.iter().any(|one| matches!(one, Mismatch::NoRow { kind, .. } if kind == "duty")), "{found:?}");
    // Somebody who was never added through a verb.
    let insert = "INSERT INTO exemption (id, person_id, kind, slug, begins_on, recorded_at, recorded_by) \
         SELECT id, id, 'module', 'four-cs', '2026-11-23', recorded_at, recorded_by FROM person";
    let insert =
        if world.raw.is_sqlite() { insert.to_owned() } else { insert.replace("'2026-11-23'", "DATE '2026-11-23'") };
    world.raw.run(&insert).await.unwrap();
    let found = world.engine.compare_rows().await.unwrap();
    assert!(found.iter().any(|one| matches!(one, Mismatch::NoLeaf { kind, .. } if kind == "exemption")), "{found:?}");
}

/// Lets what whoever looks after the database could do be done to a table.
async fn may_be_altered(world: &World, table: &str, trigger: &str) {
    let of = if world.raw.is_sqlite() { String::new() } else { format!(" ON {table}") };
    world.raw.run(&format!("DROP TRIGGER {table}_{trigger}{of}")).await.unwrap();
}

async fn an_end_that_was_moved_is_found(world: World) {
    let today = local_date(world.engine.now());
    let day = |days: u64| today + Days::new(days);
    let mina = world.learner("mina").await;
    // It is brought forward twice.
    for days in [20, 10, 5] {
        world.engine.leave(mina.person.id, day(days), Actor::CommandLine).await.unwrap();
    }
    let dan = world.person("dan", &[Role::Dsl]).await;
    let duty = Duty { role: Role::Dsl, over: None };
    world.engine.end_duty(dan.person.id, duty, day(2), Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    for (table, trigger) in [("stay", "ends_once"), ("duty", "ends_once"), ("brought_forward", "never_changes")] {
        may_be_altered(&world, table, trigger).await;
    }
    for (table, column, was, becomes, differs) in [
        ("duty", "ends_before", 2, 3, "duty/end"),
        ("duty", "ends_before", 2, 1, "duty/end"),
        ("stay", "ends_before", 5, 6, "brought_forward"),
        ("stay", "ends_before", 5, 4, "brought_forward"),
        ("brought_forward", "ends_before", 5, 6, "brought_forward"),
        ("brought_forward", "was_to_end_before", 10, 12, "brought_forward"),
        ("brought_forward", "ends_before", 10, 11, "brought_forward"),
        ("brought_forward", "was_to_end_before", 20, 21, "stay/end"),
    ] {
        for (from, to) in [(was, becomes), (becomes, was)] {
            let update = format!("UPDATE {table} SET {column} = '{}' WHERE {column} = '{}'", day(to), day(from));
            assert_eq!(world.raw.run(&update).await.unwrap(), 1, "{update}");
            let found = world.engine.compare_rows().await.unwrap();
            if to == was {
                assert_eq!(found, [], "{update}");
            } else {
                let is_it = |one: &Mismatch| matches!(one, Mismatch::Differs { kind, .. } if kind == differs);
                assert!(!found.is_empty() && found.iter().all(is_it), "{update}: {found:?}");
            }
        }
    }
}

async fn a_recorded_time_that_was_moved_is_found(world: World) {
    let (engine, by, today) = (&world.engine, Actor::CommandLine, local_date(world.engine.now()));
    let mina = world.learner("mina").of("Northfield/Cohort A").await;
    let cohort = engine.group_at("Northfield/Cohort A", by).await.unwrap();
    engine.begin_audience(mina.person.id, &audience("staff"), today, by).await.unwrap();
    let induction = ProgrammeSlug::new("learner-induction").unwrap();
    let given = engine.assign(&induction, AssignedTo::Group(cohort), today, by).await.unwrap();
    let excused = NewExemption {
        person: mina.person.id,
        thing: Thing::Module(slug("four-cs")),
        reason: "They teach it".to_owned(),
        begins_on: today,
        given_before: None,
    };
    let excused = engine.exempt(excused, by).await.unwrap();
    mina.is_renamed_by_file("Mina Grey").await;
    world.waits(TimeDelta::microseconds(1_999_600));
    engine.end_audience(mina.person.id, &audience("staff"), today, by).await.unwrap();
    engine.end_assignment(given, today, by).await.unwrap();
    engine.end_exemption(excused, today, by).await.unwrap();
    engine.leave_group(mina.person.id, cohort, today, by).await.unwrap();
    engine.move_group(cohort, None, "Cohort A", today, by).await.unwrap();
    // It is brought forward twice, and what stands there between is held against the entries before and after it.
    for days in [20, 10, 5] {
        world.waits(TimeDelta::minutes(1));
        engine.leave(mina.person.id, today + Days::new(days), by).await.unwrap();
    }
    let dan = world.person("dan", &[Role::Dsl]).await;
    engine.end_duty(dan.person.id, Duty { role: Role::Dsl, over: None }, today, by).await.unwrap();
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    let (never, once) = ("never_changes", "ends_once");
    let mut known: Vec<Mismatch> = Vec::new();
    for (table, column, triggers, kind) in [
        ("duty", "recorded_at", &[never, once][..], "duty"),
        ("duty", "end_recorded_at", &[], "duty/end"),
        ("in_audience", "recorded_at", &[never, once], "in_audience"),
        ("in_audience", "end_recorded_at", &[], "in_audience/end"),
        ("membership", "recorded_at", &[never, once], "membership"),
        ("membership", "end_recorded_at", &[], "membership/end"),
        ("group_place", "recorded_at", &[never, once], "group_place"),
        ("group_place", "end_recorded_at", &[], "group_place/end"),
        ("people_group", "recorded_at", &[never], "people_group"),
        ("assignment", "recorded_at", &[never, once], "assignment"),
        ("assignment", "end_recorded_at", &[], "assignment/end"),
        ("exemption", "recorded_at", &[never, once], "exemption"),
        ("exemption", "end_recorded_at", &[], "exemption/end"),
        ("roster_import", "recorded_at", &[never], "roster_import"),
        ("detail_set", "recorded_at", &[never], "detail_set"),
        ("module_version", "published_at", &[never], "module_version"),
        ("agreement_version", "published_at", &[never], "agreement_version"),
        ("programme_version", "published_at", &[never], "programme_version"),
        ("provider_version", "published_at", &[never], "provider_version"),
        ("stay", "recorded_at", &[never, once], "stay"),
        // What holds now was recorded with what it was brought forward to.
        ("stay", "end_recorded_at", &[], "brought_forward"),
        ("brought_forward", "end_recorded_at", &[never], "stay/end"),
    ] {
        for trigger in triggers {
            may_be_altered(&world, table, trigger).await;
        }
        let update = format!("UPDATE {table} SET {column} = '2020-01-01T00:00:00+00:00' WHERE {column} IS NOT NULL");
        assert!(world.raw.run(&update).await.unwrap() > 0, "{update}");
        let found = engine.compare_rows().await.unwrap();
        let is_it = |one: &Mismatch| matches!(one, Mismatch::Differs { kind: of, .. } if of == kind);
        assert!(found.iter().any(|one| !known.contains(one) && is_it(one)), "{update}: {found:?}");
        known = found;
    }
}

async fn a_fact_that_lost_its_row_is_found(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.engine.leave(dan.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    // As if their duty had never ended: the entry says so beside that they left, of which it stays evidence.
    may_be_altered(&world, "duty", "ends_once").await;
    let goes_on = "UPDATE duty SET ends_before = NULL, end_recorded_at = NULL, end_recorded_by = NULL";
    assert_eq!(world.raw.run(goes_on).await.unwrap(), 1);
    assert_eq!(world.raw.run("DELETE FROM log_row WHERE kind = 'duty/end'").await.unwrap(), 1);
    let found = world.engine.compare_rows().await.unwrap();
    assert!(matches!(&found[..], [Mismatch::OfNothing { .. }]), "{found:?}");
}

async fn the_key_is_for_its_owner_alone(world: World) {
    let file = key_file(&world);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    world.another_node().await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // Nothing of it is in the database.
    let key = fs::read_to_string(&file).unwrap();
    let secret = key.trim_end().rsplit('+').next().unwrap();
    let everything: BTreeMap<_, _> = world.raw.everything().await;
    assert!(!format!("{everything:?}").contains(secret));
}

/// Not a limit, which another machine or a busy one would break: figures to look at.
#[expect(clippy::print_stdout, reason = "the figures are what one wants to see")]
async fn sealing_costs_little(world: World) {
    let amy = world.learner("amy").await;
    let today = local_date(world.engine.now());
    let rounds: i32 = 60;
    let began = SystemClock.steady();
    for number in 0..rounds {
        let new = NewToken { name: format!("script {number}"), bearer: Bearer::Person(amy.person.id) };
        world.engine.create_token(&new, Actor::CommandLine).await.unwrap();
    }
    let without = (SystemClock.steady() - began) / rounds;
    let before = world.raw.number("SELECT size FROM log_head").await;
    let began = SystemClock.steady();
    for _ in 0..rounds / 2 {
        world.engine.begin_audience(amy.person.id, &audience("staff"), today, Actor::CommandLine).await.unwrap();
        world.engine.end_audience(amy.person.id, &audience("staff"), today, Actor::CommandLine).await.unwrap();
    }
    let with = (SystemClock.steady() - began) / rounds;
    let microseconds = |time: TimeDelta| time.num_microseconds().unwrap();
    println!("a row and its commit: {} µs; a fact, sealed: {} µs", microseconds(without), microseconds(with));
    assert_eq!(world.raw.number("SELECT size FROM log_head").await, before + i64::from(rounds));
    // One head for each, and so one commit.
    assert_eq!(world.raw.count(&format!("log_checkpoint WHERE size > {before}")).await, i64::from(rounds));
}
