//! `induct check`, as an author runs it.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]
#![expect(clippy::disallowed_methods, reason = "how long something takes is what is asked here")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
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
