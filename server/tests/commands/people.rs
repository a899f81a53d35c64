//! Adding people by command, and their passwords, as somebody does it who looks after an installation.

use std::fs;

use crate::ground::Ground;

/// The link that a command wrote last.
fn link(said: &str) -> Option<&str> {
    said.lines().next_back().filter(|line| line.starts_with("http://127.0.0.1:3000/welcome/"))
}

#[test]
fn the_first_administrator_alone_types_a_password() {
    let here = Ground::new("first");
    // Nobody who has no duty over everybody is the first, whatever is typed.
    let (status, said, talk) = here.tries_to_add("amy");
    assert!(status == 0 && link(&said).is_some(), "{said} {talk}");
    assert!(talk.contains("Nobody types another's password"), "{talk}");
    let (status, said, talk) = here.tries_to_add_as("root", "administrator");
    assert!(status == 0 && link(&said).is_none(), "{said} {talk}");
    let (status, said, talk) = here.tries_to_add_as("second", "administrator");
    assert!(status == 0 && link(&said).is_some(), "{said} {talk}");
}

#[test]
fn while_no_administrator_has_come_another_can_be_the_first() {
    let here = Ground::new("unused");
    let adds = |name: &str, more: &[&str]| {
        let email = format!("{name}@northfield.example");
        let arguments = ["people", "add", "--name", name, "--email", &email, "--role", "administrator"];
        here.says(&[&arguments[..], more].concat())
    };
    let (status, said, talk) = adds("root", &["--link"]);
    assert!(status == 0 && link(&said).is_some(), "{said} {talk}");
    // Nothing comes on standard input here.
    let (status, _, talk) = adds("second", &[]);
    assert!(status == 1 && talk.contains("no password came") && talk.contains("--link"), "{talk}");
    let (status, said, _) = here.tries_to_add_as("second", "administrator");
    assert!(status == 0 && link(&said).is_none(), "{said}");
}

#[test]
fn where_people_sign_in_with_their_organisation_alone_even_the_first_gets_a_link() {
    let here = Ground::new("alone");
    let only = [
        ("INDUCT_OIDC_ISSUER", "https://login.example"),
        ("INDUCT_OIDC_CLIENT_ID", "induct"),
        ("INDUCT_OIDC_ONLY", "true"),
    ];
    let who = ["--name", "Root", "--email", "root@northfield.example", "--role", "administrator"];
    let output = here.induct_with(&only, &[&["people", "add"], &who[..]].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && link(&said).is_some(), "{said}");
}

#[test]
fn a_group_that_is_made_on_the_way_is_said_and_not_made_for_nobody() {
    let here = Ground::new("group");
    let adds = |email: &str, group: &str| {
        here.says(&["people", "add", "--name", "Amy", "--email", email, "--role", "learner", "--group", group])
    };
    let (status, _, talk) = adds("amy@northfield.example", "Northfield/Cohort A");
    assert!(status == 0 && talk.contains("The group Northfield/Cohort A was not there"), "{talk}");
    let (status, _, talk) = adds("amy@northfield.example", "Northfield/Cohort B");
    assert!(status == 1 && talk.contains("somebody has that e-mail address already"), "{talk}");
    let (status, _, talk) = adds("ben@northfield.example", "Northfield/Cohort A");
    assert!(status == 0 && !talk.contains("was not there"), "{talk}");
    let (status, _, talk) = adds("cora@northfield.example", "Northfield/Cohort B");
    assert!(status == 0 && talk.contains("The group Northfield/Cohort B was not there"), "{talk}");
}

#[test]
fn a_password_is_reset_by_a_link() {
    let here = Ground::new("reset");
    let (_, said, _) = here.tries_to_add("amy");
    let first = link(&said).unwrap().to_owned();
    let (status, said, talk) = here.says(&["people", "reset-password", "--email", "Amy@northfield.example"]);
    assert_eq!(status, 0, "{talk}");
    assert!(link(&said).is_some_and(|link| link != first), "{said}");
    assert!(talk.contains("every session") && talk.contains("Nobody types another's password"), "{talk}");
    let (status, _, talk) = here.says(&["people", "reset-password", "--email", "ben@northfield.example"]);
    assert!(status == 1 && talk.contains("nobody has that e-mail address"), "{talk}");
}

#[test]
fn what_is_wrong_with_content_keeps_nobody_from_looking_after_people_and_the_log() {
    let here = Ground::new("wrong-content");
    let content = here.content("content");
    fs::write(content.join("modules/devices/module.toml"), "minutes =\n").unwrap();
    let content = [("INDUCT_CONTENT", content.to_str().unwrap())];
    let email = ["--email", "amy@northfield.example"];
    let adding = [&["people", "add", "--name", "Amy", "--role", "learner"], &email[..]].concat();
    let resetting = [&["people", "reset-password"], &email[..]].concat();
    for arguments in [adding, resetting, vec!["audit", "export", "bundle"]] {
        let output = here.induct_with(&content, &arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // It is wrong all the same.
    assert_eq!(here.induct_with(&content, &["check", content[0].1]).status.code(), Some(1));
}
