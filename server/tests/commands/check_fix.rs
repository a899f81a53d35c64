//! `induct check --fix`, as an author runs it.

use std::{fs, path::Path, process::Command};

use crate::ground::Ground;

#[test]
fn ids_are_written_into_modules_and_never_into_twins() {
    let ground = Ground::empty("check-fix-ids");
    let dir = ground.content("content");
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

#[test]
fn blanks_and_indentation_are_mended_wherever_markdown_is() {
    let ground = Ground::empty("check-fix-blanks");
    let dir = ground.content("content");
    let files = [
        ("modules/links/cy/quiz.md", "## Mae neges", "##\u{a0}Mae neges"),
        ("modules/links/cy/20-ask.md", "> [!HELP]", ">\u{202f}[!HELP]"),
        ("modules/passwords/quiz.md", "   > Right.", "  > Right."),
        ("agreements/house-rules.md", "requires: [", "requires:\u{a0}["),
    ];
    let good = files.map(|(file, ..)| fs::read_to_string(dir.join(file)).unwrap());
    for (file, from, to) in files {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(dir.join(file), text.replacen(from, to, 1)).unwrap();
    }
    let check = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_induct"))
            .arg("check")
            .args(arguments)
            .arg(&dir)
            .output()
            .unwrap()
            .status
            .code()
    };

    assert_eq!(check(&[]), Some(1));
    assert_eq!(check(&["--fix"]), Some(0));

    assert_eq!(files.map(|(file, ..)| fs::read_to_string(dir.join(file)).unwrap()), good);
}

fn takes_out(file: &Path, words: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(words));
    fs::write(file, text.replace(words, "")).unwrap();
}
