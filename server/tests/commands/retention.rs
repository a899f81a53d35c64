//! `induct retention`, as somebody runs it who has written other rules.

use std::fs;

use crate::ground::Ground;

#[test]
fn what_would_go_is_said_by_the_rules_of_the_file_and_by_those_in_force() {
    let ground = Ground::new("retention");
    let dry_run = ["retention", "run", "--dry-run"];
    let (status, said, talk) = ground.says(&dry_run);
    assert_eq!((status, said.lines().count()), (0, 1), "{said} {talk}");
    assert!(
        said.starts_with("by the rules in force (answers are kept, names are kept): answers in 0 attempts"),
        "{said}"
    );
    assert!(talk.contains("There is no content/organisation.toml"), "{talk}");

    let folder = ground.content("content");
    let (_, said, talk) = ground.says(&dry_run);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(talk.contains("The rules in the file are those in force."), "{talk}");

    let file = folder.join("organisation.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n[retention]\nanswers_of_leavers_days = 30\n")).unwrap();
    let (status, said, talk) = ground.says(&dry_run);
    assert_eq!(status, 0, "{talk}");
    assert!(said.contains("organisation.toml (answers go 30 days after somebody left, names are kept): "), "{said}");
    assert!(said.contains("in force (answers are kept, names are kept): "), "{said}");
    assert!(talk.contains("the rules in the file are not in force"), "{talk}");

    assert!(ground.induct(&["publish", folder.to_str().unwrap()]).status.success());
    let (_, said, talk) = ground.says(&dry_run);
    assert!(said.contains("in force (answers go 30 days after somebody left, names are kept): "), "{said}");
    assert!(talk.contains("The rules in the file are those in force."), "{talk}");

    fs::write(&file, format!("{text}\n[retention]\nanswers_of_leavers_days = \"long\"\n")).unwrap();
    assert_eq!(ground.says(&dry_run).0, 1);
}
