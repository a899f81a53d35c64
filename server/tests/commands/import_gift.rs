//! `induct import gift`, as a person runs it.

use std::{
    path::Path,
    process::{Command, Output},
};

#[test]
fn the_quiz_goes_to_standard_output_and_what_is_lost_to_standard_error() {
    let output = import("others.gift");
    assert_eq!(output.status.code(), Some(1), "questions were left out");
    let quiz = String::from_utf8(output.stdout).unwrap();
    assert!(quiz.starts_with("---\npass: 80%\n"), "{quiz}");
    assert!(quiz.ends_with("2. [ ] False\n"), "{quiz}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("others.gift:21:1: error[gift-not-carried]: "), "{said}");
    assert!(said.contains("21 | ::Essay::Describe what you would say"), "{said}");
    assert!(said.contains("\n6 questions carried, 8 left out: 8 errors, 0 warnings\n"), "{said}");
    assert!(!said.contains('\u{1b}'), "nobody looks: {said}");
}

#[test]
fn without_errors_it_ends_well() {
    let output = import("true-false.gift");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("12 questions carried, 0 left out: 0 errors, 5 warnings")
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let output = import("no-such.gift");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no-such.gift: "));
}

#[test]
fn wrong_usage_ends_with_two() {
    let output = Command::new(env!("CARGO_BIN_EXE_induct")).args(["import", "gift"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

fn import(name: &str) -> Output {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/gift").join(name);
    Command::new(env!("CARGO_BIN_EXE_induct")).args(["import", "gift"]).arg(file).output().unwrap()
}
