//! `induct audit`, as somebody runs it who exports a log and somebody who checks it.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use audit::{Checkpoint, LogKey};
use chrono::{Days, NaiveDate};

use crate::ground::Ground;

impl Ground {
    /// Exports the log, and keeps its key and its head in files of their own.
    fn exports(&self) {
        let output = self.induct(&["audit", "export", &self.at("bundle")]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let (key, head) = said.split_once("\n\n").unwrap();
        fs::write(self.at("key"), key).unwrap();
        fs::write(self.at("head"), head).unwrap();
    }

    /// With what status checking ends, and what is said.
    fn verifies(&self, more: &[&str]) -> (i32, String) {
        let (status, said, _) = self.says(&[&["audit", "verify"], more].concat());
        (status, said)
    }
}

#[test]
fn a_log_is_valid_by_a_key_and_a_head_from_elsewhere() {
    let ground = Ground::new("valid");
    ground.exports();
    let (bundle, key, head) = (ground.at("bundle"), ground.at("key"), ground.at("head"));
    assert_eq!(ground.verifies(&[&bundle]).0, 10);
    assert_eq!(ground.verifies(&[&bundle, "--key", &key]).0, 10);
    assert_eq!(ground.verifies(&[&bundle, "--known-head", &head]).0, 10);
    let (status, said) = ground.verifies(&[&bundle, "--key", &key, "--known-head", &head]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Valid.") && said.contains("What this cannot show"), "{said}");
    let (status, said) = ground.verifies(&["--db", "--key", &key, "--known-head", &head]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Every row of the record has its entry"), "{said}");
    // What stands beside the log is named, by both programs.
    fs::write(Path::new(&bundle).join("notes.txt"), "Amy signed in 2019.").unwrap();
    fs::write(Path::new(&bundle).join("checkpoints/later"), "").unwrap();
    let (status, said) = ground.verifies(&[&bundle, "--key", &key, "--known-head", &head]);
    let beside = "What FORMAT.md, README.txt, checkpoints/later, notes.txt may say: ";
    assert!(status == 0 && said.contains(beside), "{said}");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/verify_log.py");
    let another = Command::new("python3").arg("-B").arg(script).arg(&bundle).output().unwrap();
    assert!(String::from_utf8_lossy(&another.stdout).contains(beside), "{another:?}");
    // As an editor of Windows writes it; and another file, by mistake, is no head from which a log does not go on.
    let (kept, edited) = (fs::read_to_string(&head).unwrap(), ground.at("edited"));
    fs::write(&edited, format!("\u{feff}{}", kept.trim().replace('\n', "\r\n"))).unwrap();
    for (file, ours, theirs) in [(&edited, 0, Some(0)), (&key, 1, Some(2))] {
        let arguments = [bundle.as_str(), "--key", key.as_str(), "--known-head", file.as_str()];
        let (status, said, talk) = ground.says(&[&["audit", "verify"][..], &arguments[..]].concat());
        assert_eq!(status, ours, "{said} {talk}");
        assert_eq!(talk.contains("it is no head of a log"), ours == 1, "{talk}");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/verify_log.py");
        let another = Command::new("python3").arg("-B").arg(script).args(arguments).output().unwrap();
        assert_eq!(another.status.code(), theirs, "{}", String::from_utf8_lossy(&another.stderr));
    }
    // A folder that is there is not written into.
    assert_eq!(ground.induct(&["audit", "export", &bundle]).status.code(), Some(1));
    assert_eq!(ground.induct(&["audit", "verify"]).status.code(), Some(2));
    assert_eq!(ground.induct(&["audit", "verify", &bundle, "--db"]).status.code(), Some(2));
}

#[test]
fn another_key_signs_and_who_has_the_former_goes_on() {
    let ground = Ground::new("rotated");
    ground.exports();
    let (_, prepared, talk) = ground.says(&["audit", "rotate-key", "--prepare"]);
    assert!(talk.contains(".key.new"), "{talk}");
    let (status, keys, talk) = ground.says(&["audit", "rotate-key"]);
    assert_eq!(status, 0, "{talk}");
    let former = fs::read_to_string(ground.at("key")).unwrap();
    assert_eq!(keys.lines().collect::<Vec<_>>(), [former.trim(), prepared.trim()]);
    let (key, head) = (ground.at("key"), ground.at("head"));
    let (status, said) = ground.verifies(&["--db", "--key", &key, "--known-head", &head]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("another key signs"), "{said}");
    assert!(ground.says(&["doctor"]).1.contains("what people do now can be saved and sealed"));
    // Without the new key nothing is saved, and it is said which one is missing.
    let mut files = fs::read_dir(ground.at("data")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|ending| ending == "key")).unwrap();
    fs::copy(file.with_extension("key.old"), &file).unwrap();
    let (status, said, _) = ground.says(&["doctor"]);
    assert!(status == 1 && said.contains("another key signs the log by now"), "{said}");
}

#[test]
fn what_was_altered_is_invalid_and_what_is_later_is_not_understood() {
    let ground = Ground::new("altered");
    ground.exports();
    let (bundle, key, head) = (ground.at("bundle"), ground.at("key"), ground.at("head"));
    let openings = Path::new(&bundle).join("openings");
    let good = fs::read_to_string(&openings).unwrap();
    fs::write(&openings, good.replacen("\\\"at\\\":1", "\\\"at\\\":2", 1)).unwrap();
    let (status, said) = ground.verifies(&[&bundle, "--key", &key, "--known-head", &head]);
    assert_eq!(status, 40, "{said}");
    assert!(said.contains("INVALID") && said.contains("entry 0 is not what it is said to be"), "{said}");
    fs::write(&openings, "nothing\n").unwrap();
    assert_eq!(ground.verifies(&[&bundle]).0, 40);
    fs::write(&openings, good).unwrap();
    let manifest = Path::new(&bundle).join("manifest.json");
    let later = fs::read_to_string(&manifest).unwrap().replace("\"format\":1", "\"format\":2");
    fs::write(&manifest, later).unwrap();
    assert_eq!(ground.verifies(&[&bundle]).0, 20);
}

#[test]
fn a_log_that_was_made_anew_diverges_from_the_head_that_was_kept() {
    let ground = Ground::new("diverged");
    ground.exports();
    let mut files = fs::read_dir(ground.at("data")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|ending| ending == "key")).unwrap();
    let key = LogKey::parse(fs::read_to_string(file).unwrap().trim()).unwrap();
    // Whoever has the key could have signed another beginning.
    let other = Checkpoint { origin: key.origin().clone(), size: 1, root: audit::leaf_hash(b"another") };
    fs::write(ground.at("head"), other.sign(&[&key]).unwrap()).unwrap();
    let (status, said) =
        ground.verifies(&[&ground.at("bundle"), "--key", &ground.at("key"), "--known-head", &ground.at("head")]);
    assert_eq!(status, 30, "{said}");
}

#[test]
fn an_export_names_nobody_unless_it_is_asked_to() {
    let ground = Ground::new("names");
    ground.exports();
    let (key, head) = (ground.at("key"), ground.at("head"));
    let whole = ground.at("with-names");
    let export = ["audit", "export", &whole, "--names", "--to", "Ofsted, Ms Reed"];
    assert!(ground.induct(&export).status.success());
    let file = |folder: &str, name: &str| fs::read_to_string(Path::new(folder).join(name));
    assert!(file(&whole, "names").unwrap().contains("command-line"));
    assert!(!file(&whole, "openings").unwrap().contains("command-line"));
    assert!(file(&ground.at("bundle"), "names").is_err());
    // What is there for who opens it: the format, and what each file is.
    for name in ["FORMAT.md", "README.txt"] {
        assert!(file(&whole, name).unwrap().contains("names"), "{name}");
    }
    // That it was handed out is an entry, with to whom; of a folder that was refused there is none.
    assert_eq!(ground.induct(&export).status.code(), Some(1));
    let after = ground.at("after");
    assert!(ground.induct(&["audit", "export", &after, "--names"]).status.success());
    let openings = file(&after, "openings").unwrap();
    let last = openings.lines().last().unwrap();
    assert!(last.contains("exported"), "{last}");
    assert_eq!(openings.matches("exported").count(), 2, "{openings}");
    assert!(file(&after, "names").unwrap().contains("Ofsted, Ms Reed"));
    // What names people is held against the entries like everything else, and nothing of it can be taken out unseen but all of it.
    let names = Path::new(&whole).join("names");
    let good = fs::read_to_string(&names).unwrap();
    let check = || ground.verifies(&[&whole, "--key", &key, "--known-head", &head]);
    assert_eq!(check().0, 0);
    let lines: Vec<&str> = good.lines().collect();
    for bad in [
        good.replacen("command-line", "command-lime", 1),
        lines[1..].iter().map(|line| format!("{line}\n")).collect(),
        lines.iter().rev().map(|line| format!("{line}\n")).collect(),
        good.replacen("\"by\"", "\"work\"", 1),
        format!("{good}{{\"n\":4711,\"parts\":{{}}}}\n"),
    ] {
        fs::write(&names, bad).unwrap();
        let (status, said) = check();
        assert_eq!(status, 40, "{said}");
    }
    fs::remove_file(&names).unwrap();
    let (status, said) = check();
    assert_eq!(status, 0, "{said}");
    assert_eq!(another_says(&[&whole, "--key", &key, "--known-head", &head]), 0);
}

#[test]
fn an_auditor_is_let_in_until_a_day() {
    let ground = Ground::new("auditor");
    let add = ["people", "add", "--name", "ada", "--email", "ada@northfield.example", "--role", "auditor", "--link"];
    let (status, _, talk) = ground.says(&add);
    assert_eq!(status, 1, "{talk}");
    let (_, usual) = talk.trim().rsplit_once("--until ").unwrap();
    let (status, _, talk) = ground.says(&[&add[..], &["--until", "2020-01-01"]].concat());
    assert!(status == 1 && talk.contains("not after the day on which they begin"), "{talk}");
    let (status, _, talk) = ground.says(&[&add[..], &["--until", usual]].concat());
    assert_eq!(status, 0, "{talk}");
    // Both that it was given and that it ends are in the log.
    let bundle = ground.at("bundle");
    assert!(ground.induct(&["audit", "export", &bundle]).status.success());
    let openings = fs::read_to_string(Path::new(&bundle).join("openings")).unwrap();
    assert!(
        openings.contains("duty-given") && openings.contains("duty-ended") && openings.contains(usual),
        "{openings}"
    );
    let learner =
        ["people", "add", "--name", "amy", "--email", "amy@northfield.example", "--role", "learner", "--link"];
    let (status, _, talk) = ground.says(&[&learner[..], &["--until", usual]].concat());
    assert!(status == 1 && talk.contains("--until needs --role auditor"), "{talk}");
}

/// What another program makes of it that was written from the format's description alone.
fn another_says(arguments: &[&str]) -> i32 {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/verify_log.py");
    let output = Command::new("python3").arg(script).args(arguments).output().unwrap();
    let status = output.status.code().unwrap();
    assert!(status != 1 && status != 2, "{}", String::from_utf8_lossy(&output.stderr));
    status
}

#[test]
fn a_pack_is_drawn_by_command_and_checked_by_two_programs() {
    let ground = Ground::new("pack");
    for name in ["amy", "ben", "cora"] {
        ground.adds(name);
    }
    ground.exports();
    let (pack, key, head) = (ground.at("pack.zip"), ground.at("key"), ground.at("head"));
    let (status, said, talk) =
        ground.says(&["audit", "pack", "--sample", "2", "--word", "heron", "--head", &head, &pack]);
    assert_eq!((status, said.trim_end()), (0, fs::read_to_string(&head).unwrap().trim_end()), "{talk}");
    assert!(talk.contains("2 of 3 people, drawn by the word \"heron\""), "{talk}");
    let arguments = [&*pack, "--key", &key, "--known-head", &head];
    let (status, said) = ground.verifies(&arguments);
    assert_eq!((status, another_says(&arguments)), (0, 0), "{said}");
    assert!(said.contains("2 of 3 people") && said.contains("What this cannot show"), "{said}");
    assert_eq!((ground.verifies(&[&pack]).0, another_says(&[&pack])), (10, 10));
    // A file that is there is not written over.
    let again = ground.induct(&["audit", "pack", "--sample", "2", "--word", "heron", &pack]);
    assert_eq!(again.status.code(), Some(1));
    // One byte of what is packed is another.
    let good = fs::read(&pack).unwrap();
    for place in (30..good.len() - 30).step_by(good.len() / 12 + 1) {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&pack, &bad).unwrap();
        let (status, said) = ground.verifies(&arguments);
        assert!(status == 40 || said.contains("2 of 3 people"), "{place}: {said}");
    }
}

#[test]
fn two_programs_that_know_nothing_of_one_another_say_the_same() {
    let ground = Ground::new("another");
    ground.adds("amy");
    ground.exports();
    let whole = ground.at("whole");
    assert!(ground.induct(&["audit", "export", &whole, "--names"]).status.success());
    let (bundle, key, head) = (ground.at("bundle"), ground.at("key"), ground.at("head"));
    let agree = |arguments: &[&str], expected: i32| {
        let (status, said) = ground.verifies(arguments);
        assert_eq!((status, another_says(arguments)), (expected, expected), "{arguments:?}: {said}");
    };
    for folder in [&bundle, &whole] {
        agree(&[folder], 10);
        agree(&[folder, "--key", &key], 10);
        agree(&[folder, "--key", &key, "--known-head", &head], 0);
    }
    let other = fs::read_to_string(&key).unwrap().replace("127.0.0.1", "127.0.0.2");
    fs::write(ground.at("other-key"), other).unwrap();
    // Each file altered at some places: one byte is another.
    for name in ["leaves", "openings", "manifest.json"] {
        let file = Path::new(&whole).join(name);
        let good = fs::read(&file).unwrap();
        // Of a kind of part that there is not, one program says so at once and the other where an entry has it.
        let end = String::from_utf8_lossy(&good).find("\"withheld\"").unwrap_or(good.len());
        for place in (0..end).step_by(end / 12 + 1) {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&file, &bad).unwrap();
            let arguments = [&*whole, "--key", &key, "--known-head", &head];
            let status = ground.verifies(&arguments).0;
            assert!(status >= 20, "{name} {place}");
            assert_eq!(another_says(&arguments), status, "{name} {place}");
        }
        fs::write(&file, good).unwrap();
    }
    agree(&[&whole, "--key", &key, "--known-head", &head], 0);
}

/// The rows of a table, without its head.
fn rows(table: &str) -> Vec<Vec<String>> {
    let mut read = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    read.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Of each person, how they stand with what is asked of them, as `induct matrix` has it: name, status, by when it is wanted, when it was done.
fn said_by_matrix(table: &str) -> BTreeSet<[String; 4]> {
    let mut said = BTreeSet::new();
    for row in rows(table) {
        for cell in row[6..].chunks(4).filter(|cell| cell[0] != "Not required") {
            let status = match cell[0].as_str() {
                "Passed" | "Signed" => "passed".to_owned(),
                word => word.to_lowercase().replace(' ', "-"),
            };
            said.insert([row[2].clone(), status, cell[2].clone(), cell[1].clone()]);
        }
    }
    said
}

#[test]
fn where_everybody_stood_follows_from_the_log_alone() {
    let ground = Ground::empty("matrix");
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content").display().to_string();
    let crowd = ["demo", "--people", "40", "--years", "2", "--seed", "5"];
    let filled = ground.induct_with(&[("INDUCT_CONTENT", &content)], &crowd);
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let bundle = ground.at("bundle");
    assert!(ground.induct(&["audit", "export", &bundle, "--names"]).status.success());
    let last = fs::read_to_string(Path::new(&bundle).join("leaves")).unwrap().lines().count() - 1;
    let last = last.to_string();
    let today: NaiveDate = rows(&ground.says(&["matrix"]).1)[0][0][..10].parse().unwrap();
    for days in [1, 40, 400] {
        let day = (today - Days::new(days)).to_string();
        let known: [(&[&str], &[&str]); 2] = [(&[], &[]), (&["--known-at", &last], &["--known-now"])];
        for (of_log, of_matrix) in known {
            let asked = [&["audit", "verify", &bundle, "--matrix", &day], of_log].concat();
            let (status, recomputed, said) = ground.says(&asked);
            assert!(status == 10 && said.contains("Whole in itself"), "{said}");
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/verify_log.py");
            let another = Command::new("python3").arg("-B").arg(script).args(&asked[2..]).output().unwrap();
            assert_eq!(String::from_utf8(another.stdout).unwrap(), recomputed, "{day}");
            let found: BTreeSet<[String; 4]> = rows(&recomputed)
                .into_iter()
                .map(|row| [row[1].clone(), row[4].clone(), row[5].clone(), row[6].clone()])
                .collect();
            let (_, matrix, said) = ground.says(&[&["matrix", "--as-at", &day], of_matrix].concat());
            assert_eq!(found, said_by_matrix(&matrix), "{day}: {said}");
            assert!(found.len() > 20, "{day}");
        }
    }
    let refused = |more: &[&str]| ground.verifies(&[&[&*bundle], more].concat()).0;
    assert_eq!(refused(&["--matrix", "2026-02-30"]), 1);
    assert_eq!(refused(&["--matrix", "2026-02-28", "--known-at", "10000000"]), 1);
    assert_eq!(refused(&["--known-at", "1"]), 2);
    // Of what was altered nothing is said.
    fs::write(Path::new(&bundle).join("openings"), "nothing\n").unwrap();
    let (status, said) = ground.verifies(&[&bundle, "--matrix", "2026-02-28"]);
    assert_eq!((status, said.as_str()), (40, ""));
}
