//! Somebody without the key alters a bundle, and whoever has the key's public half and the last head finds out.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]
#![expect(clippy::print_stdout, reason = "whoever has many rounds run sees what came of them")]

mod folder;
mod log;
mod shown;

use std::fs;

use audit::{
    Bundle, Checkpoint, Correction, Earned, Erased, Fact, Fault, Files, Leaf, LogKey, Note, Opened, Origin, PartKind,
    PersonKey, Tree, Trusted, Verdict, check_files, digest_of_text, to_canonical, verify,
};
use folder::Folder;
use log::{Log, Random};

#[test]
fn a_log_that_nobody_touched_is_valid() {
    for seed in 0..50 {
        let (bundle, trusted) = Log::of(1 + usize::try_from(seed % 7).unwrap(), seed);
        let report = verify(&bundle, &trusted);
        assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{seed}: {report:?}");
        let read = Bundle::read(&bundle.write().unwrap()).unwrap();
        assert_eq!(read, bundle);
    }
}

#[test]
fn without_a_key_or_a_head_from_elsewhere_it_is_not_anchored() {
    let (bundle, trusted) = Log::of(3, 1);
    for trusted in
        [Trusted::default(), Trusted { known_head: None, ..trusted.clone() }, Trusted { key: None, ..trusted.clone() }]
    {
        assert_eq!(verify(&bundle, &trusted).verdict, Verdict::NotAnchored);
    }
}

#[test]
fn of_who_was_erased_a_number_remains_and_the_rest_is_shown() {
    let (bundle, trusted) = Log::of(5, 3);
    let report = verify(&bundle, &trusted);
    assert_eq!((report.erased, report.signatures.shown, report.leaves, report.opened), (4, 4, 24, 20));
}

/// With the key one can say anything, and not that something is gone which never was.
#[test]
fn a_list_that_is_not_in_order_or_of_what_never_was_is_refused() {
    type Alter = fn(&mut Erased);
    let alterations: [(&str, Option<Alter>); 6] = [
        ("as it is", None),
        ("in another order", Some(|list| list.envelopes.reverse())),
        ("beyond the log", Some(|list| list.envelopes.push((900, 901)))),
        ("the last before the first", Some(|list| list.envelopes[0] = (list.envelopes[0].1 + 1, list.envelopes[0].0))),
        ("a kind without any", Some(|list| drop(list.parts.insert(PartKind::Net, Vec::new())))),
        ("a part that never was", Some(|list| drop(list.parts.insert(PartKind::Net, vec![(0, 0)])))),
    ];
    for (what, alter) in alterations {
        let mut log = Log::begin(7);
        log.publish("module/four-cs", &[]);
        let person = PersonKey(log.random.bytes());
        log.append(Some(&person), vec![Fact::Began], &[]);
        log.passes(&person, "four-cs");
        log.erases(&person);
        if let Some(alter) = alter {
            alter(&mut log.bundle.erased);
            let list = to_canonical(&log.bundle.erased).unwrap();
            let sha256 = digest_of_text(&list);
            log.bundle.erased_bytes = Some(list);
            log.append(None, vec![Fact::Erased { basis: "request".to_owned(), leaves: 0, parts: 0, sha256 }], &[]);
        }
        let known_head = Some(log.head());
        let report = verify(&log.bundle, &Trusted { key: Some(log.key.public()), known_head, witness: None });
        assert_eq!(report.verdict == Verdict::Valid, alter.is_none(), "{what}: {report:?}");
        assert_eq!(report.faults.contains(&Fault::WrongErasedList), alter.is_some(), "{what}");
    }
}

/// What somebody may do to a bundle, at a place.
type Tamper = fn(&mut Bundle, usize, &mut Random);

fn relabel(bundle: &mut Bundle) {
    bundle.manifest.size = u64::try_from(bundle.leaves.len()).unwrap();
}

/// A place of an opened leaf about somebody, at or after this one.
fn of_somebody(bundle: &Bundle, place: usize) -> u64 {
    let place = u64::try_from(place).unwrap();
    let theirs = |(_, opened): &(&u64, &Opened)| opened.person.is_some();
    let mut after = bundle.openings.range(place..).filter(theirs);
    *after.next().or_else(|| bundle.openings.iter().find(theirs)).unwrap().0
}

const TAMPERINGS: [(&str, Tamper); 16] = [
    ("a field is edited", |bundle, place, _| {
        let number = of_somebody(bundle, place);
        let opened = bundle.openings.get_mut(&number).unwrap();
        opened.envelope = opened.envelope.replacen("\"at\":1", "\"at\":2", 1);
    }),
    ("an entry is deleted", |bundle, place, _| {
        bundle.leaves.remove(place);
        relabel(bundle);
    }),
    ("the end is cut off", |bundle, place, _| {
        bundle.leaves.truncate(place);
        let _ = bundle.openings.split_off(&u64::try_from(place).unwrap());
        relabel(bundle);
    }),
    ("two entries change places", |bundle, place, _| {
        let other = (place + 1) % bundle.leaves.len();
        bundle.leaves.swap(place, other);
    }),
    ("an entry is inserted", |bundle, place, random| {
        let leaf = Leaf {
            number: u64::try_from(place).unwrap(),
            appended_at: 1_790_000_000,
            commitment: audit::Commitment(random.bytes()),
            link: audit::Link(random.bytes()),
        };
        bundle.leaves.insert(place, leaf.to_bytes());
        relabel(bundle);
    }),
    ("an entry is doubled", |bundle, place, _| {
        bundle.leaves.insert(place, bundle.leaves[place].clone());
        relabel(bundle);
    }),
    ("an entry is dated back", |bundle, place, _| {
        let leaf = Leaf::parse(&bundle.leaves[place]).unwrap();
        bundle.leaves[place] = Leaf { appended_at: leaf.appended_at - 1, ..leaf }.to_bytes();
    }),
    ("a text is replaced", |bundle, place, _| {
        let place = place % bundle.texts.len();
        bundle.texts.values_mut().nth(place).unwrap().push(b'!');
    }),
    ("two openings change places", |bundle, place, _| {
        let one = of_somebody(bundle, place);
        let other = *bundle.openings.keys().find(|number| **number != one).unwrap();
        let (mut first, mut second) = (bundle.openings[&one].clone(), bundle.openings[&other].clone());
        (first.n, second.n) = (other, one);
        bundle.openings.insert(other, first);
        bundle.openings.insert(one, second);
    }),
    ("an opening is left out", |bundle, place, _| {
        let number = of_somebody(bundle, place);
        bundle.openings.remove(&number);
    }),
    ("the head is forged", |bundle, _, _| {
        let size = bundle.manifest.size;
        let mut random = Random(99);
        let forger = LogKey::from_seed(Origin::new(bundle.manifest.origin.clone()).unwrap(), &random.bytes());
        let mut tree = Tree::default();
        for leaf in &bundle.leaves {
            tree.append(audit::leaf_hash(leaf));
        }
        let head = Checkpoint { origin: forger.public().origin().clone(), size, root: tree.root() };
        bundle.checkpoints.insert(size, head.sign(&[&forger]).unwrap());
    }),
    ("the key is swapped", |bundle, _, random| {
        let forger = LogKey::from_seed(Origin::new(bundle.manifest.origin.clone()).unwrap(), &random.bytes());
        bundle.manifest.key = forger.public().to_string();
    }),
    ("an old head is passed off as the new one", |bundle, _, _| {
        let size = bundle.manifest.size;
        let note = bundle.checkpoints.remove(&size).unwrap();
        bundle.checkpoints.insert(size - 1, note);
    }),
    ("a redaction is taken off the list", |bundle, _, _| {
        bundle.erased.envelopes.remove(0);
        bundle.erased_bytes = Some(to_canonical(&bundle.erased).unwrap());
    }),
    ("it is rolled back", |bundle, place, _| {
        let before: Vec<u64> = bundle.checkpoints.keys().copied().filter(|size| *size < bundle.manifest.size).collect();
        let size = before[place % before.len()];
        bundle.leaves.truncate(usize::try_from(size).unwrap());
        let _ = (bundle.openings.split_off(&size), bundle.checkpoints.split_off(&(size + 1)));
        relabel(bundle);
    }),
    ("a part is altered", |bundle, place, _| {
        let number = of_somebody(bundle, place);
        let part = bundle.openings.get_mut(&number).unwrap().parts.values_mut().next().unwrap();
        part.part.push(' ');
    }),
];

#[test]
fn whatever_is_altered_is_found() {
    let (bundle, trusted) = Log::of(20, 7);
    let mut random = Random(8);
    for (what, tamper) in TAMPERINGS {
        for _ in 0..12 {
            let mut altered = bundle.clone();
            tamper(&mut altered, random.below(bundle.leaves.len()), &mut random);
            let report = verify(&altered, &trusted);
            assert!(report.verdict >= Verdict::Diverged, "{what}: {report:?}");
            // Nor does it help to write and read it once more.
            if let Ok(read) = Bundle::read(&altered.write().unwrap()) {
                assert!(verify(&read, &trusted).verdict >= Verdict::Diverged, "{what}");
            }
        }
    }
}

#[test]
fn of_a_line_that_was_cut_off_and_of_files_beside_the_heads_two_programs_say_the_same() {
    type Alter = Box<dyn Fn(&mut Files)>;
    let cut_off = |name: &'static str| -> Alter {
        Box::new(move |files: &mut Files| {
            let file = files.get_mut(name).unwrap();
            file.truncate(file.len() - 1);
        })
    };
    let beside = |name: &'static str, bytes: &'static [u8]| -> Alter {
        Box::new(move |files: &mut Files| drop(files.insert(name.to_owned(), bytes.to_vec())))
    };
    let alterations = [
        ("leaves", 40, cut_off("leaves")),
        ("openings", 40, cut_off("openings")),
        ("names", 40, cut_off("names")),
        ("no size", 0, beside("checkpoints/.DS_Store", b"\xff")),
        ("a size with a sign", 0, beside("checkpoints/+1", b"x")),
        ("no text", 40, beside("checkpoints/1", b"\xff")),
    ];
    let (bundle, trusted) = Log::of_everything(3, 9);
    let folder = Folder::new("lines");
    for (what, expected, alter) in alterations {
        let mut files = bundle.write_apart().unwrap();
        alter(&mut files);
        let one = [folder.holds(what, &files)];
        let said = check_files(files, &trusted, &mut |_| {});
        assert_eq!((said.status, folder.another_says(&one, &trusted)[0]), (expected, expected), "{what}: {said}");
    }
}

/// How many logs are made anew, how many people are in each, and at how many places each is altered: few, or as many as it takes to prove it.
fn how_many() -> (u64, usize, usize) {
    if std::env::var_os("INDUCT_PROVE").is_some() { (1_000, 500, 200) } else { (4, 12, 3) }
}

#[test]
fn two_programs_that_know_nothing_of_one_another_find_the_same() {
    let folder = Folder::new("agree");
    let (logs, people, places) = how_many();
    // With all of what can be said, at every number of people that there may be.
    for seed in 0..logs {
        let (bundle, trusted) = Log::of_everything(1 + usize::try_from(seed % 9).unwrap(), seed);
        let files = bundle.write().unwrap();
        let clean = [folder.holds("clean", &files)];
        let said = check_files(files, &trusted, &mut |_| {});
        assert_eq!((said.status, folder.another_says(&clean, &trusted)[0]), (0, 0), "{seed}: {said}");
        fs::remove_dir_all(&clean[0]).unwrap();
    }
    println!("{logs} logs that nobody touched: no false alarm in either program");
    let (bundle, trusted) = Log::of_everything(people, 11);
    let mut random = Random(12);
    for (what, tamper) in TAMPERINGS {
        let (mut folders, mut ours) = (Vec::new(), Vec::new());
        for place in 0..places {
            let mut altered = bundle.clone();
            tamper(&mut altered, random.below(bundle.leaves.len()), &mut random);
            let files = altered.write().unwrap();
            folders.push(folder.holds(&place.to_string(), &files));
            ours.push(check_files(files, &trusted, &mut |_| {}).status);
        }
        assert!(ours.iter().all(|status| *status >= Verdict::Diverged.exit_code()), "{what}: {ours:?}");
        assert_eq!(folder.another_says(&folders, &trusted)[..places], ours, "{what}");
        folders.iter().for_each(|one| fs::remove_dir_all(one).unwrap());
        println!("{what}: {places} places in {} entries, found by both programs", bundle.leaves.len());
    }
}

/// What the entry that goes on from a copy says in place of the head of that copy.
type Instead = fn(&mut Log, String) -> String;

/// The last key and head of a log, the log as it goes on from a copy of then under another name and key, and its newest head.
fn restored(seed: u64, instead: Instead) -> (LogKey, String, Log, String) {
    let mut log = Log::begin(seed);
    log.publish("module/four-cs", &[]);
    log.rotates();
    let (former, head) = (log.key.clone(), log.head());
    log.origin = Origin::new("learn.northfield.example/r3st0r3d").unwrap();
    log.key = LogKey::from_seed(log.origin.clone(), &log.random.bytes());
    log.bundle.manifest.origin = log.origin.to_string();
    log.bundle.manifest.key = log.key.public().to_string();
    log.bundle.checkpoints.clear();
    let said = instead(&mut log, head.clone());
    log.append(None, vec![Fact::Restored { head: said }], &[]);
    let person = PersonKey(log.random.bytes());
    log.append(Some(&person), vec![Fact::Began], &[]);
    log.rotates();
    log.passes(&person, "four-cs");
    let newest = log.head();
    (former, head, log, newest)
}

#[test]
fn what_goes_on_from_a_copy_is_another_log_for_who_has_the_former_key() {
    let folder = Folder::new("restored");
    let (former, head, log, newest) = restored(5, |_, head| head);
    let files = log.bundle.write().unwrap();
    let named = [folder.holds("log", &files)];
    for (key, known, status) in [
        (&log.key, &newest, Verdict::Valid),
        (&log.key, &head, Verdict::Diverged),
        (&former, &head, Verdict::Diverged),
        (&former, &newest, Verdict::Diverged),
        (&LogKey::from_seed(former.origin().clone(), &[77; 32]), &head, Verdict::Invalid),
    ] {
        let trusted = Trusted { key: Some(key.public()), known_head: Some(known.clone()), witness: None };
        let said = check_files(files.clone(), &trusted, &mut |_| {});
        let expected = status.exit_code();
        assert_eq!((said.status, folder.another_says(&named, &trusted)[0]), (expected, expected), "{said}");
    }
    let trusted = Trusted { key: Some(former.public()), known_head: None, witness: None };
    let said = check_files(files, &trusted, &mut |_| {}).to_string();
    assert!(said.contains("a copy was restored") && said.contains("goes on from a copy"), "{said}");
}

#[test]
fn a_copy_is_what_stands_before_it() {
    let folder = Folder::new("not-restored");
    let alterations: [(&str, Instead); 4] = [
        ("no head", |_, _| "nothing".to_owned()),
        ("of another size", |_, head| head.replacen("\n2\n", "\n1\n", 1)),
        ("of this very log", |log, _| {
            let head = Checkpoint { origin: log.origin.clone(), size: log.tree.size(), root: log.tree.root() };
            head.sign(&[&log.key]).unwrap()
        }),
        ("of other entries", |log, _| {
            let origin = Origin::new("learn.northfield.example/a1b2c3d4").unwrap();
            let key = LogKey::from_seed(origin.clone(), &[3; 32]);
            Checkpoint { origin, size: log.tree.size(), root: audit::leaf_hash(b"other") }.sign(&[&key]).unwrap()
        }),
    ];
    for (what, instead) in alterations {
        let (_, _, log, newest) = restored(6, instead);
        let files = log.bundle.write().unwrap();
        let named = [folder.holds("log", &files)];
        let trusted = Trusted { key: Some(log.key.public()), known_head: Some(newest), witness: None };
        let said = check_files(files, &trusted, &mut |_| {});
        assert_eq!((said.status, folder.another_says(&named, &trusted)[0]), (40, 40), "{what}: {said}");
        fs::remove_dir_all(&named[0]).unwrap();
    }
}

/// A log whose key was changed twice, with its keys in their order, the heads that were known before, between and after, and the numbers of
/// the leaves that hand over.
fn rotated(seed: u64) -> (Log, Vec<LogKey>, Vec<String>, Vec<u64>) {
    let mut log = Log::begin(seed);
    let (mut keys, mut heads, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..3 {
        log.publish(&format!("module/number-{turn}"), &[]);
        heads.push(log.head());
        keys.push(log.key.clone());
        if turn < 2 {
            leaves.push(log.tree.size());
            log.rotates();
            // Between, the log grows.
            log.publish(&format!("module/between-{turn}"), &[]);
        }
    }
    (log, keys, heads, leaves)
}

#[test]
fn from_whichever_key_and_head_somebody_has_both_programs_follow() {
    let folder = Folder::new("rotated");
    let (log, keys, heads, leaves) = rotated(3);
    let files = log.bundle.write().unwrap();
    let named = [folder.holds("log", &files)];
    let stranger = LogKey::from_seed(log.origin.clone(), &[77; 32]);
    for key in keys.iter().chain([&stranger]) {
        for head in &heads {
            let trusted = Trusted { key: Some(key.public()), known_head: Some(head.clone()), witness: None };
            let expected = if key.public() == stranger.public() { 40 } else { 0 };
            let said = check_files(files.clone(), &trusted, &mut |_| {});
            assert_eq!((said.status, folder.another_says(&named, &trusted)[0]), (expected, expected), "{said}");
        }
    }
    let report = verify(
        &log.bundle,
        &Trusted { key: Some(keys[0].public()), known_head: Some(heads[0].clone()), witness: None },
    );
    assert!(leaves.iter().all(|leaf| report.notes.contains(&Note::KeyChanged(*leaf))), "{report:?}");
}

/// Who has a key that another has followed cannot go on with it, nor who has only the new one say that the old one handed over.
#[test]
fn nobody_hands_over_without_both_keys() {
    type Alter = fn(&mut Log, &[LogKey], &[u64]);
    let alterations: [(&str, Alter); 5] = [
        ("the head behind is left out", |log, _, leaves| drop(log.bundle.checkpoints.remove(&(leaves[0] + 1)))),
        ("the new key alone signs it", |log, keys, leaves| signs(log, leaves[0] + 1, &[&keys[1]])),
        ("the old key alone signs it", |log, keys, leaves| signs(log, leaves[0] + 1, &[&keys[0]])),
        ("the old key signs a later one", |log, keys, _| signs(log, log.tree.size(), &[&keys[0]])),
        ("it hands over from another key", |log, _, _| {
            let stranger = LogKey::from_seed(log.origin.clone(), &[78; 32]);
            let key = LogKey::from_seed(log.origin.clone(), &[79; 32]);
            let says = Fact::KeyChanged { key: key.public().to_string(), was: stranger.public().to_string() };
            log.append(None, vec![says], &[]);
            log.bundle.manifest.key = key.public().to_string();
            signs(log, log.tree.size(), &[&stranger, &key]);
        }),
    ];
    let folder = Folder::new("handing-over");
    for (what, alter) in alterations {
        let (mut log, keys, heads, leaves) = rotated(4);
        alter(&mut log, &keys, &leaves);
        let trusted = Trusted { key: Some(keys[0].public()), known_head: Some(heads[0].clone()), witness: None };
        let files = log.bundle.write().unwrap();
        let named = [folder.holds("log", &files)];
        let said = check_files(files, &trusted, &mut |_| {});
        assert_eq!((said.status, folder.another_says(&named, &trusted)[0]), (40, 40), "{what}: {said}");
        fs::remove_dir_all(&named[0]).unwrap();
    }
}

fn signs(log: &mut Log, size: u64, keys: &[&LogKey]) {
    let head = Checkpoint { origin: log.origin.clone(), size, root: log.tree.root_at(size).unwrap() };
    log.bundle.checkpoints.insert(size, head.sign(keys).unwrap());
}

#[test]
fn a_log_that_was_made_anew_with_the_key_diverges_from_the_head_that_was_known() {
    let (_, trusted) = Log::of(4, 5);
    // The same key, and a log that began otherwise.
    let mut log = Log::begin(5);
    log.publish("module/four-cs", &[]);
    log.head();
    assert_eq!(verify(&log.bundle, &trusted).verdict, Verdict::Diverged);
}

/// What somebody says that they passed before they signed; the other person is somebody else.
type Passes = fn(&mut Log, &PersonKey, &PersonKey) -> Vec<u64>;

#[test]
fn a_signature_without_what_it_required_is_found() {
    let cases: [Passes; 4] = [
        |_, _, _| Vec::new(),
        |log, amy, _| vec![log.passes(amy, "four-cs")],
        // Somebody else's.
        |log, amy, ben| vec![log.passes(amy, "four-cs"), log.passes(ben, "sharing-nudes")],
        // One that was corrected by then.
        |log, amy, _| {
            let passes = vec![log.passes(amy, "four-cs"), log.passes(amy, "sharing-nudes")];
            let corrected = Fact::Corrected { leaf: passes[1], code: Correction::NotTheirOwn, replaced_by: None };
            log.append(Some(amy), vec![corrected], &[]);
            passes
        },
    ];
    for (place, passes) in cases.into_iter().enumerate() {
        let mut log = Log::begin(6);
        log.publish("module/four-cs", &[]);
        log.publish("module/sharing-nudes", &[]);
        log.publish("agreement/learner-aup", &["four-cs", "sharing-nudes"]);
        let (amy, ben) = (PersonKey([1; 32]), PersonKey([2; 32]));
        let passes = passes(&mut log, &amy, &ben);
        let signature = log.signs(&amy, passes);
        log.head();
        let report = verify(&log.bundle, &Trusted { key: Some(log.key.public()), known_head: None, witness: None });
        let shut = |fault: &Fault| matches!(fault, Fault::GateNotOpen { signature: of, .. } if *of == signature);
        assert!(report.faults.iter().any(shut), "{place}: {report:?}");
    }
}

/// What is said of discussions, and whether it follows.
type Discusses = fn(&mut Log, &PersonKey, &PersonKey);

#[test]
fn a_pass_after_a_discussion_that_both_did_not_confirm_is_found_by_both_programs() {
    let side_by_side = |log: &mut Log, who: &PersonKey, module: &str| {
        log.passes_by(who, module, Some(Earned::SideBySide));
    };
    let cases: [(&str, bool, Discusses); 8] = [
        ("confirmed", true, |log, amy, _| {
            let discussion = log.discusses(amy, "four-cs");
            log.answers(amy, discussion, true);
        }),
        ("none was held", false, |_, _, _| {}),
        ("never answered", false, |log, amy, _| {
            log.discusses(amy, "four-cs");
        }),
        ("denied", false, |log, amy, _| {
            let discussion = log.discusses(amy, "four-cs");
            log.answers(amy, discussion, false);
        }),
        ("of another module", false, |log, amy, _| {
            let discussion = log.discusses(amy, "prevent");
            log.answers(amy, discussion, true);
        }),
        ("somebody else's", false, |log, _, ben| {
            let discussion = log.discusses(ben, "four-cs");
            log.answers(ben, discussion, true);
        }),
        ("answered by another", false, |log, amy, ben| {
            let discussion = log.discusses(amy, "four-cs");
            log.answers(ben, discussion, true);
        }),
        ("answered twice", false, |log, amy, _| {
            let discussion = log.discusses(amy, "four-cs");
            log.answers(amy, discussion, true);
            log.answers(amy, discussion, true);
        }),
    ];
    let folder = Folder::new("discussed");
    for (what, follows, discusses) in cases {
        let mut log = Log::begin(6);
        let (amy, ben) = (PersonKey([1; 32]), PersonKey([2; 32]));
        discusses(&mut log, &amy, &ben);
        side_by_side(&mut log, &amy, "four-cs");
        let head = log.head();
        let trusted = Trusted { key: Some(log.key.public()), known_head: Some(head), witness: None };
        let files = log.bundle.write().unwrap();
        let named = [folder.holds(&what.replace([' ', '\''], "-"), &files)];
        let said = check_files(files, &trusted, &mut |_| {});
        let expected = if follows { 0 } else { 40 };
        assert_eq!((said.status, folder.another_says(&named, &trusted)[0]), (expected, expected), "{what}: {said}");
        // What one pass came after, no other comes after.
        side_by_side(&mut log, &amy, "four-cs");
        log.head();
        let report = verify(&log.bundle, &Trusted { key: Some(log.key.public()), ..Trusted::default() });
        assert!(report.faults.iter().any(|fault| matches!(fault, Fault::NotDiscussed(_))), "{what}: {report:?}");
    }
}

#[test]
fn a_pass_that_is_corrected_later_is_said_and_the_signature_stays() {
    let mut log = Log::begin(6);
    log.publish("module/four-cs", &[]);
    log.publish("agreement/learner-aup", &["four-cs"]);
    let amy = PersonKey([1; 32]);
    let pass = log.passes(&amy, "four-cs");
    let signature = log.signs(&amy, vec![pass]);
    let corrected = Fact::Corrected { leaf: pass, code: Correction::NotTheirOwn, replaced_by: None };
    log.append(Some(&amy), vec![corrected], &[]);
    log.head();
    let report = verify(&log.bundle, &Trusted { key: Some(log.key.public()), known_head: None, witness: None });
    assert_eq!((report.faults.len(), report.signatures.shown), (0, 1), "{report:?}");
    assert!(report.notes.contains(&Note::PassCorrected { signature, pass }));
}

#[test]
fn what_was_withheld_is_not_called_missing() {
    let (mut bundle, trusted) = Log::of(3, 9);
    bundle.manifest.withheld = vec![PartKind::Id];
    for opened in bundle.openings.values_mut() {
        opened.parts.remove(&PartKind::Id);
    }
    assert_eq!(verify(&bundle, &trusted).verdict, Verdict::Valid);
    bundle.manifest.withheld.clear();
    assert_eq!(verify(&bundle, &trusted).verdict, Verdict::Invalid);
}

#[test]
fn faults_and_notes_are_said_in_words() {
    let (bundle, trusted) = Log::of(2, 4);
    let mut altered = bundle;
    altered.leaves.pop();
    let said: Vec<String> = verify(&altered, &trusted).faults.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"there should be 12 entries, and there are 11".to_owned()), "{said:?}");
}
