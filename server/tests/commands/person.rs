//! `induct person`, `induct jobs` and `induct retention`, as somebody runs them.

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use crate::ground::Ground;

#[test]
fn everything_that_is_held_is_written_for_people_and_for_programs() {
    let ground = Ground::new("person");
    fs::write(ground.at("people.csv"), "name,email,role\nAmy Brown,amy@northfield.example,learner\n").unwrap();
    assert_eq!(ground.says(&["people", "import", &ground.at("people.csv")]).0, 0);
    let (status, text, talk) = ground.says(&["person", "show", "--email", "amy@northfield.example"]);
    assert_eq!(status, 0, "{talk}");
    for said in
        ["about Amy Brown, as at", "E-mail address: amy@northfield.example", "\nEntries of the signed log (1)\n"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    // In words, and nothing as a program keeps it.
    assert!(text.contains("What it says: began here; ") && !text.contains("{\""), "{text}");
    let (status, json, talk) =
        ground.says(&["person", "show", "--email", "AMY@northfield.example", "--format", "json"]);
    assert_eq!(status, 0, "{talk}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["held"]["person_detail"]["rows"][0]["name"], "Amy Brown");
    let (status, data, talk) = ground.says(&["person", "show", "--email", "nobody@northfield.example"]);
    assert_eq!((status, &*data), (1, ""));
    assert!(talk.contains("nobody has that e-mail address"), "{talk}");
}

/// Runs a command with what is typed into it: with what status it ends, and its talk.
fn typed(ground: &Ground, arguments: &[&str], text: &str) -> (i32, String) {
    let mut running = Command::new(env!("CARGO_BIN_EXE_induct"))
        .args(arguments)
        .current_dir(ground.at(""))
        .env("INDUCT_DATABASE_URL", format!("sqlite://{}", ground.at("data/induct.db")))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// What the two programs that check logs say of a folder.
fn both_say(ground: &Ground, folder: &str) -> (i32, Option<i32>) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/verify_log.py");
    let python = Command::new("python3").arg(script).arg(folder).output().unwrap();
    (ground.says(&["audit", "verify", folder]).0, python.status.code())
}

#[test]
fn somebody_is_erased_once_it_was_typed_twice_and_both_programs_say_that_the_log_holds() {
    let ground = Ground::new("erase");
    let file = "name,email,role\nAmy Brown,amy@northfield.example,learner\nBen Osei,ben@northfield.example,learner\n";
    fs::write(ground.at("people.csv"), file).unwrap();
    assert_eq!(ground.says(&["people", "import", &ground.at("people.csv")]).0, 0);
    let erase = ["person", "erase", "--email", "amy@northfield.example"];
    let (status, talk) = typed(&ground, &erase, "amy@northfield.example\nerase\n");
    assert!(status == 1 && talk.contains("record first that they leave"), "{talk}");
    assert_eq!(ground.says(&["people", "import", "--undo"]).0, 0);
    for text in ["", "amy@northfield.example\n", "ben@northfield.example\nerase\n", "amy@northfield.example\nyes\n"] {
        let (status, talk) = typed(&ground, &erase, text);
        assert!(status == 1 && talk.contains("nothing was erased"), "{text}: {talk}");
    }
    let (status, talk) = typed(&ground, &erase, "amy@northfield.example\nerase\n");
    assert_eq!(status, 0, "{talk}");
    assert!(
        talk.contains("Name and address: 1") && talk.contains("article 17(3)") && talk.contains("Erased: "),
        "{talk}"
    );
    assert_eq!(ground.says(&["person", "show", "--email", "amy@northfield.example"]).0, 1);
    assert_eq!(ground.says(&["person", "show", "--email", "ben@northfield.example"]).0, 0);
    // In no file of the database.
    for entry in fs::read_dir(ground.at("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for trace in ["Amy Brown", "amy@northfield"] {
            assert!(!bytes.windows(trace.len()).any(|window| window == trace.as_bytes()), "{trace} in {path:?}");
        }
    }
    let (status, data, talk) = ground.says(&["audit", "verify", "--db"]);
    assert!(status == 10 && data.contains("Every row of the record has its entry"), "{data} {talk}");
    let folder = ground.at("bundle");
    assert_eq!(ground.says(&["audit", "export", &folder, "--names"]).0, 0);
    assert_eq!(both_say(&ground, &folder), (10, Some(10)));
    let list = format!("{folder}/erased.json");
    let said = fs::read_to_string(&list).unwrap();
    for altered in [said.replacen("[[", "[[0,0],[", 1), "{\"envelopes\":[],\"parts\":{}}".to_owned()] {
        fs::write(&list, altered).unwrap();
        assert_eq!(both_say(&ground, &folder), (40, Some(40)));
    }
    fs::remove_file(&list).unwrap();
    assert_eq!(both_say(&ground, &folder), (40, Some(40)));
}

#[test]
fn what_servers_do_by_themselves_is_listed_and_done_by_hand() {
    let ground = Ground::new("jobs");
    let (status, list, talk) = ground.says(&["jobs"]);
    assert_eq!(status, 0, "{talk}");
    let nothing = |job| format!("{job}: begun never, due never: nothing yet\n");
    let (jobs, besides) = list.split_once("head: ").unwrap();
    assert_eq!(jobs, ["retention", "reminders", "scrub"].map(nothing).concat());
    assert!(besides.contains("time-stamp: none was kept yet"), "{list}");
    let (status, done, talk) = ground.says(&["jobs", "--run"]);
    assert_eq!(status, 0, "{talk}");
    let said = "retention: answers in 0 attempts; names of 0 people\nreminders: reminders are not switched on\nscrub: nothing is left\n";
    assert_eq!(done, said);
    let (status, list, _) = ground.says(&["jobs"]);
    assert!(status == 0 && !list.contains("never") && list.contains("scrub: begun 2"), "{list}");
    let (status, planned, talk) = ground.says(&["retention", "run", "--dry-run"]);
    let by = "by the rules in force (answers are kept, names are kept): ";
    assert_eq!((status, planned), (0, format!("{by}answers in 0 attempts; names of 0 people\n")), "{talk}");
    assert!(talk.contains("Nothing was let go of"), "{talk}");
    assert_eq!(ground.says(&["retention", "run"]).0, 0);
    let (status, planned, talk) = ground.says(&["reminders", "run", "--dry-run"]);
    assert!(status == 0 && planned.ends_with(": 0 letters; 0 people without an address\n"), "{planned}{talk}");
    assert!(talk.contains("nobody would be written to: reminders are not switched on"), "{talk}");
    let (status, said, talk) = ground.says(&["reminders", "run"]);
    assert_eq!((status, &*said), (0, "reminders are not switched on\n"), "{talk}");
    assert!(talk.contains("Nothing was written."), "{talk}");
}
