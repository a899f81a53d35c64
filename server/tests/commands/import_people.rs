//! `induct people import`, as a person runs it.

use std::fs;

use crate::ground::Ground;

impl Ground {
    /// Imports a file: with what it ends, its data and its talk.
    fn imports(&self, file: &[u8], more: &[&str]) -> (i32, String, String) {
        fs::write(self.at("people.csv"), file).unwrap();
        self.says(&[&["people", "import", "people.csv"], more].concat())
    }
}

const FILE: &[u8] = b"External ID;Name;E-mail;Group;Role;Start date;Phone\r\n\
    L1;Si\xE2n O\x92Neill;sian@northfield.example;Northfield/Cohort A;learner;25/09/2026;01632 960101\r\n\
    L2;Ben Osei;ben@northfield.example;Northfield/Cohort A;learner;03/10/2026;\r\n";

#[test]
fn a_file_is_looked_at_imported_and_undone() {
    let ground = Ground::new("whole");
    let (status, data, talk) = ground.imports(FILE, &["--dry-run"]);
    assert_eq!(status, 0, "{talk}");
    assert_eq!(
        data,
        "line 2: new: Siân O’Neill <sian@northfield.example>: external_id L1, role learner, group Northfield/Cohort A, start_date \
         25 September 2026\n\
         line 3: new: Ben Osei <ben@northfield.example>: external_id L2, role learner, group Northfield/Cohort A, start_date 3 October \
         2026\n\
         group to be made: Northfield\ngroup to be made: Northfield/Cohort A\n"
    );
    for said in [
        "the file is CSV in Windows-1252, separated by semicolons",
        "email is the column E-mail",
        "not read: Phone",
        "dates that are written in numbers are read with the day first",
        "2 lines: 2 new, 0 changed, 0 unchanged, 0 who have left, 0 refused; 0 who are here are not in the file",
        "this was a dry run: nothing has been changed",
    ] {
        assert!(talk.contains(said), "{said}: {talk}");
    }
    let (status, _, talk) = ground.imports(FILE, &[]);
    assert_eq!(status, 0, "{talk}");
    assert!(talk.contains("2 people began and 0 were changed, in 1 step"), "{talk}");
    let (status, data, talk) = ground.imports(FILE, &[]);
    assert_eq!((status, data.as_str()), (0, ""), "{talk}");
    assert!(talk.contains("there is nothing to change"), "{talk}");
    let (status, data, talk) =
        ground.imports(b"external_id,name,email\nL1,Si\xC3\xA2n Price,sian@northfield.example\n", &[]);
    assert_eq!(
        (status, data.as_str()),
        (
            0,
            "line 2: changed: Siân Price <sian@northfield.example>: name from Siân O’Neill to Siân Price\n\
             not in the file, nothing is done: Ben Osei <ben@northfield.example>\n"
        ),
        "{talk}"
    );
    let (status, _, talk) = ground.says(&["people", "import", "--undo"]);
    assert!(status == 0 && talk.contains("0 people have left, 1 other is as they were before"), "{talk}");
    let (status, _, talk) = ground.says(&["people", "import", "--undo"]);
    assert!(status == 1 && talk.contains("the last import was undone on"), "{talk}");
    let (status, data, _) = ground.says(&["audit", "verify", "--db"]);
    assert!(
        status == 10 && data.contains("Every row of the record has its entry, and every entry its rows."),
        "{data}"
    );
}

#[test]
fn a_file_that_is_refused_changes_nothing_and_says_where() {
    let ground = Ground::new("refused");
    let (status, data, talk) =
        ground.imports(b"name,email,role,start_date\nAmy,amy@x.example,lerner,03/04/2026\nBen,ben,learner,\n", &[]);
    assert_eq!(status, 1);
    assert_eq!(
        data,
        "line 2: refused: role \u{201c}lerner\u{201d}: there is no such role: did you mean learner?\n\
         line 2: refused: start_date \u{201c}03/04/2026\u{201d}: this is 3 April 2026 or 4 March 2026: say which with --dates day-first or \
         --dates month-first, or write it as 2026-09-01\n\
         line 3: refused: email \u{201c}ben\u{201d}: this is no e-mail address: write one, such as amy@northfield.example\n"
    );
    assert!(talk.contains("people.csv: 2 lines cannot be carried out: nothing has been changed"), "{talk}");
    let both =
        b"name,email,role,start_date\nAmy,amy@x.example,learner,25/09/2026\nBen,ben@x.example,learner,09/26/2026\n";
    let (status, data, talk) = ground.imports(both, &["--dry-run"]);
    let said = "days are written both ways: that of line 2 has the day first, that of line 3 the month";
    assert!(status == 1 && talk.contains(said) && data.matches(said).count() == 2, "{data}{talk}");
    let counted = b"name,email,role,start_date\nAmy,amy@x.example,learner,46266\n";
    let (status, data, talk) = ground.imports(counted, &["--dry-run"]);
    assert_eq!(status, 0, "{talk}");
    assert!(
        data.contains("start_date 1 September 2026\n") && data.contains("46266 is read as 1 September 2026"),
        "{data}"
    );
    let (status, _, talk) = ground.imports(b"name,email\nAmy,amy@x.example\nBe\0n,ben@x.example\n", &[]);
    assert!(status == 1 && talk.contains("people.csv: line 3: there is a NUL character"), "{talk}");
    let (status, _, talk) = ground.imports(b"name,email\nSi\xC3\xA2n,s@x.example\nZo\xEB,z@x.example\n", &[]);
    assert!(status == 1 && talk.contains("line 3: this is not UTF-8"), "{talk}");
    let (status, _, talk) = ground.imports(b"Forename,Surname,Mail\nAmy,Archer,amy@x.example\n", &[]);
    assert!(status == 1 && talk.contains("--map \"name=Forename+Surname\" --map \"email=Mail\""), "{talk}");
    let maps = ["--map", "name=Forename+Surname", "--map", "email=Mail", "--dry-run", "--format", "csv"];
    let (status, data, _) = ground.imports(b"Forename,Surname,Mail,role\nAmy,Archer,amy@x.example,learner\n", &maps);
    assert_eq!(status, 0);
    assert!(data.contains("\r\n2,new,Amy Archer <amy@x.example>,name,,Amy Archer,,\r\n"), "{data}");
    let (status, _, talk) = ground.says(&["people", "import", "no-such.csv"]);
    assert!(status == 1 && talk.contains("no-such.csv: "), "{talk}");
}

#[test]
fn wrong_usage_ends_with_two() {
    let ground = Ground::new("usage");
    for arguments in [
        &[][..],
        &["people.csv", "--undo"],
        &["--undo", "--dry-run"],
        &["people.csv", "--map", "phone=x"],
        &["people.csv", "--map", "name"],
        &["people.csv", "--dates", "sometimes"],
        &["people.csv", "--encoding", "runes"],
    ] {
        let output = ground.induct(&[&["people", "import"], arguments].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    }
}
