//! `induct check`, as an author runs it.

#![expect(clippy::disallowed_methods, reason = "how long something takes is what is asked here")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

#[test]
fn a_large_file_with_many_problems_is_told_in_time_and_in_a_length_that_can_be_read() {
    let dir = content("check-many");
    let told = |again: &str, length: usize| {
        let page = format!("# Many\n\n{}\n", again.repeat(length / again.len()));
        fs::write(dir.join("modules/devices/20-many.md"), page).unwrap();
        let start = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_induct")).arg("check").arg(&dir).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        (start.elapsed(), String::from_utf8(output.stdout).unwrap())
    };
    for again in ["[a](b.md) ", "[a](b.md)\n", "é[a](b.md) <b> ", "{{fact:a}}\n\n## a\n\n"] {
        let (_, shown) = told(again, 256 * 1024);
        assert_eq!(shown.matches(": error[").count(), 100, "{again}");
        assert!(shown.contains(" more problems; mend these first"), "{again}");
        assert!(shown.len() < 200_000, "{again}: {}", shown.len());
        // Others use the machine too, so that the best of a few tries counts.
        let best = |length| (0..3).map(|_| told(again, length).0).min().unwrap_or(Duration::MAX);
        let (short, long) = (best(64 * 1024), best(256 * 1024));
        assert!(long < 9 * short, "{again}: {short:?}, and {long:?} for four times the text");
    }
}

#[test]
fn facts_and_reading_are_listed() {
    let dir = content("check-lists");
    let told = |flag: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_induct")).args(["check", flag]).arg(&dir).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(told("--facts"), (Some(0), "0 facts to confirm in 0 sources\n".to_owned()));
    let sentences =
        "You can tell somebody about it today. They listen to you, and they know what to do next. ".repeat(4);
    fs::write(dir.join("modules/devices/20-ask.md"), format!("# Ask\n\n{sentences}\n\n{{{{fact:line}}}}\n")).unwrap();
    let fact = "[[fact]]\nid = \"line\"\ntext = \"0800 1\"\nsource = \"A charity\"\nedition = \"2026\"\nreview_by = 2027-09-01\n";
    fs::write(dir.join("facts.toml"), fact).unwrap();
    let (code, facts) = told("--facts");
    assert_eq!(code, Some(0));
    assert!(
        facts.contains("A charity (2026)\n  line: nobody has held it against its source")
            && facts.contains("in modules/devices"),
        "{facts}"
    );
    let (code, reading) = told("--reading");
    assert_eq!(code, Some(0));
    let line =
        reading.lines().find(|line| line.starts_with("devices/ask")).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(line[3..], ["11", "74"], "the longest sentence, and the words: {reading}");
}

/// As `induct check | head -1`.
#[test]
fn who_reads_no_further_is_told_nothing() {
    let dir = content("check-unread");
    fs::write(dir.join("modules/devices/20-many.md"), format!("# Many\n\n{}\n", "[a](b.md) ".repeat(9))).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_induct"))
        .arg("check")
        .arg(&dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(check.stdout.take());
    let output = check.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && !said.contains("pipe"), "{said}");
}

#[test]
fn words_that_are_not_familiar_are_counted_by_a_list_that_is_given() {
    let dir = content("check-familiar");
    let sentences =
        "You can tell somebody about it today. They listen to you, and they know what to do next. ".repeat(4);
    fs::write(dir.join("modules/devices/20-ask.md"), format!("# Ask\n\n{sentences}\n")).unwrap();
    let list = dir.join("familiar.txt");
    let told = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_induct"))
            .arg("check")
            .args(arguments)
            .arg("--familiar")
            .args([&list, &dir])
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, _, why) = told(&["--reading"]);
    assert_eq!(code, Some(1), "there is no such file");
    assert!(why.contains("familiar.txt is no list of familiar words: No such file"), "{why}");
    fs::write(&list, "# ours\nyou\ncan tell\n").unwrap();
    let (code, shown, why) = told(&["--reading"]);
    assert_eq!((code, shown.as_str()), (Some(1), ""));
    assert!(why.contains("familiar.txt is no list of familiar words: line 3 is not one word"), "{why}");

    // All but "listen": 4 of 72 words in 8 sentences.
    let words = "you can tell somebody about it today they to and know what do next".replace(' ', "\n");
    fs::write(&list, words).unwrap();
    assert_eq!(told(&[]).0, Some(2), "without --reading it counts nothing");
    let (code, table, _) = told(&["--reading"]);
    assert_eq!(code, Some(0));
    let line = table.lines().find(|line| line.starts_with("devices/ask")).unwrap();
    let line: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(line[3..], ["11", "72", "5.6%", "5.0", "52.5"], "{table}");
    assert!(table.contains("% of the words are not familiar: Dale–Chall "), "{table}");

    let (code, json, _) = told(&["--reading", "--format", "json"]);
    assert_eq!(code, Some(0));
    let reading: serde_json::Value = serde_json::from_str(&json).unwrap();
    let texts = reading["texts"].as_array().unwrap();
    let ask = texts.iter().find(|text| text["text"] == "devices/ask").unwrap();
    assert_eq!(ask["words"], 72);
    let measured = |value: &serde_json::Value| format!("{:.2}", value.as_f64().unwrap());
    let counted = ["unfamiliar", "score", "cloze"].map(|key| measured(&ask["dale_chall"][key]));
    assert_eq!(counted, ["5.56", "4.96", "52.51"]);
    assert_eq!(reading["all"]["texts"], texts.len());
    assert!(reading["all"]["dale_chall"]["highest_score"].is_f64(), "{json}");
}

/// A folder of its own with one module that is good.
fn content(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&dir));
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/content_good");
    fs::create_dir_all(dir.join("modules/devices")).unwrap();
    for file in
        ["organisation.toml", "modules/devices/module.toml", "modules/devices/10-locks.md", "modules/devices/quiz.md"]
    {
        // Without facts there are no help services to be named.
        let text = fs::read_to_string(good.join(file)).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("helplines = ")).collect();
        fs::write(dir.join(file), kept.join("\n") + "\n").unwrap();
    }
    dir
}
