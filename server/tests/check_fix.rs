//! `induct check --fix`, as an author runs it.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use std::{fs, path::Path, process::Command};

#[test]
fn ids_are_written_into_modules_and_never_into_twins() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check-fix");
    if dir.exists() {
        fs::remove_dir_all(&dir).unwrap();
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/content_good"), &dir);
    let [own, twin] = ["devices/quiz.md", "links/cy/quiz.md"].map(|file| dir.join("modules").join(file));
    takes_out(&own, "id: leave; ");
    takes_out(&twin, "<!-- id: friend -->\n");
    let before = fs::read_to_string(&twin).unwrap();

    let output = Command::new(env!("CARGO_BIN_EXE_induct")).args(["check", "--fix"]).arg(&dir).output().unwrap();

    assert_eq!(output.status.code(), Some(1), "the twin still lacks its id");
    assert!(fs::read_to_string(&own).unwrap().contains("id: what-do-you-do-when-you-leave-your-desk;"));
    assert_eq!(fs::read_to_string(&twin).unwrap(), before);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("write `<!-- id: friend -->` below the heading"), "{said}");
}

fn takes_out(file: &Path, words: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(words));
    fs::write(file, text.replace(words, "")).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
