//! `induct backup` and `induct restore`, as somebody runs them who moves to another machine.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod ground;

use std::{fs, path::Path};

use ground::Ground;

/// Copies what is kept apart from a back-up: the key of the log, and its state.
fn copies_keys(from: &Ground, to: &Ground) {
    fs::create_dir_all(to.at("data")).unwrap();
    for file in fs::read_dir(from.at("data")).unwrap().map(|file| file.unwrap()) {
        let name = file.file_name().into_string().unwrap();
        if name.starts_with("log-") {
            fs::copy(file.path(), Path::new(&to.at("data")).join(name)).unwrap();
        }
    }
}

#[test]
fn a_back_up_is_restored_on_an_empty_machine_and_the_log_goes_on() {
    let here = Ground::new("backup");
    here.adds("amy");
    let file = here.at("copy.induct");
    let (status, head, talk) = here.says(&["backup", &file]);
    assert_eq!(status, 0, "{talk}");
    assert!(talk.contains("log-….key, log-….head and, once somebody was erased, log-….erased"), "{talk}");
    assert_eq!(here.says(&["backup", &file]).0, 1);
    assert!(fs::read_dir(here.at("")).unwrap().all(|file| !file.unwrap().path().ends_with("copy.induct.part")));

    let there = Ground::empty("moved");
    // Without the key nothing is restored, and nothing is left behind.
    let (status, _, talk) = there.says(&["restore", &file]);
    assert_eq!(status, 1, "{talk}");
    assert!(talk.contains("the key of the signed log") && !Path::new(&there.at("data/induct.db")).exists(), "{talk}");
    copies_keys(&here, &there);
    let (status, restored, talk) = there.says(&["restore", &file]);
    assert_eq!((status, &restored), (0, &head), "{talk}");
    // Nothing is put where something is.
    assert_eq!(there.says(&["restore", &file]).0, 1);
    there.adds("ben");
    let (status, said, _) = there.says(&["audit", "verify", "--db"]);
    assert_eq!(status, 10, "{said}");
    // It is the same log, which went on from that head.
    fs::write(there.at("head"), head).unwrap();
    assert!(there.induct(&["audit", "export", &there.at("bundle")]).status.success());
    let key = there.says(&["audit", "export", &there.at("again")]).1;
    fs::write(there.at("key"), key.lines().next().unwrap()).unwrap();
    let (status, said, _) = there.says(&[
        "audit",
        "verify",
        &there.at("bundle"),
        "--key",
        &there.at("key"),
        "--known-head",
        &there.at("head"),
    ]);
    assert_eq!(status, 0, "{said}");
}

#[test]
fn an_older_copy_is_refused_and_so_is_one_that_was_altered() {
    let here = Ground::new("older");
    let (old, new) = (here.at("old.induct"), here.at("new.induct"));
    assert_eq!(here.says(&["backup", &old]).0, 0);
    here.adds("amy");
    assert_eq!(here.says(&["backup", &new]).0, 0);
    let there = Ground::empty("behind");
    copies_keys(&here, &there);
    let (status, _, talk) = there.says(&["restore", &old]);
    assert!(status == 1 && talk.contains("what came after it would be lost"), "{talk}");
    // Whoever puts the old file there by hand finds that nothing is saved.
    fs::copy(&old, there.at("data/induct.db")).unwrap();
    let (status, _, talk) = there.tries_to_add("ben");
    assert!(status != 0 && talk.contains("older copy"), "{talk}");
    for file in ["", "-wal", "-shm"] {
        // The last two are there only where a process ended before it had put them into the first.
        drop(fs::remove_file(there.at(&format!("data/induct.db{file}"))));
    }
    // Without the line behind its last page it is a database as another program copies it: restored, and what is unproven is said last.
    let good = fs::read(&new).unwrap();
    let begins = b"induct-backup/1 sha256 ";
    let line = good.windows(begins.len()).rposition(|bytes| bytes == begins).unwrap();
    fs::write(&new, &good[..line]).unwrap();
    let ways: [&[&str]; 2] = [&[], &["--new-origin", "anew.northfield.example"]];
    for more in ways {
        let elsewhere = Ground::empty("without-digest");
        copies_keys(&here, &elsewhere);
        let (status, _, talk) = elsewhere.says(&[&["restore", &*new][..], more].concat());
        assert_eq!(status, 0, "{talk}");
        let last = talk.trim_end().lines().next_back().unwrap();
        assert!(last.starts_with("This back-up has no digest of itself") && last.ends_with("saved views."), "{talk}");
    }
    fs::write(&new, &good).unwrap();
    let sealed = Ground::empty("with-digest");
    copies_keys(&here, &sealed);
    let (status, _, talk) = sealed.says(&["restore", &new]);
    assert!(status == 0 && !talk.contains("digest"), "{talk}");
    // One byte of an entry of the log is another, or of a name, of which the log has no entry that would differ.
    for (what, at) in [(b"\"group-made\",\"p".as_slice(), 1), (b"amy@northfield".as_slice(), 0)] {
        let place = good.windows(what.len()).position(|bytes| bytes == what).unwrap();
        let mut bad = good.clone();
        bad[place + at] ^= 1;
        fs::write(&new, bad).unwrap();
        let (status, _, talk) = there.says(&["restore", &new]);
        assert!(status == 1 && talk.contains("does not verify"), "{talk}");
        assert!(!Path::new(&there.at("data/induct.db")).exists());
    }
    fs::write(&new, "nothing").unwrap();
    assert!(there.says(&["restore", &new]).2.contains("it is no back-up"));
}

#[test]
fn an_older_back_up_goes_on_under_another_name_and_says_so() {
    let here = Ground::new("older");
    here.adds("amy");
    let file = here.at("copy.induct");
    assert_eq!(here.says(&["backup", &file]).0, 0);
    let (_, former, _) = here.says(&["audit", "export", &here.at("bundle")]);
    here.adds("ben");
    let there = Ground::empty("anew");
    // The key is lost.
    let (status, _, talk) = there.says(&["restore", &file]);
    assert!(status == 1 && talk.contains("the key of the signed log"), "{talk}");
    let (status, said, talk) = there.says(&["restore", &file, "--new-origin", "anew.northfield.example"]);
    assert_eq!(status, 0, "{talk}");
    assert!(said.starts_with("anew.northfield.example/") && talk.contains("is lost"), "{said} {talk}");
    there.adds("cora");
    let (status, said, _) = there.says(&["audit", "verify", "--db"]);
    assert_eq!(status, 10, "{said}");
    fs::write(there.at("former"), former.lines().next().unwrap()).unwrap();
    let (status, said, _) = there.says(&["audit", "verify", "--db", "--key", &there.at("former")]);
    assert_eq!(status, 30, "{said}");
    assert!(said.contains("a copy was restored"), "{said}");
}
