//! What is shown of signatures, in a whole log and in a receipt, and what must be told of them.

use audit::{
    Entry, Extract, Fact, Fault, Note, PartKind, PersonKey, Report, Said, Signatures, Trusted, Verdict, check_file,
    check_files, digest_of_text, to_canonical, verify, verify_extract,
};

use crate::{folder::Folder, log::Log};

/// A log with an agreement that requires one module.
fn begun() -> (Log, PersonKey) {
    let mut log = Log::begin(21);
    log.publish("module/four-cs", &[]);
    log.publish("agreement/learner-aup", &["four-cs"]);
    let amy = PersonKey([1; 32]);
    (log, amy)
}

fn trusted(log: &mut Log) -> Trusted {
    let known_head = Some(log.head());
    Trusted { key: Some(log.key.public()), known_head, witness: None }
}

/// What both programs say of a log: ours in full, and that the other counts the same.
fn told(log: &mut Log, name: &str) -> (Report, Said, String) {
    let trusted = trusted(log);
    let folder = Folder::new(name);
    let files = log.bundle.write().unwrap();
    let at = folder.holds("log", &files);
    let said = check_files(files, &trusted, &mut |_| {});
    let report = verify(&log.bundle, &trusted);
    let (status, other) = folder.another_tells(&at, &trusted);
    assert_eq!(status, said.status, "{said}\n{other}");
    let Signatures { all, shown, on_claimed, claimed } = report.signatures;
    let counted = format!(
        "{} entries: {} open, {} erased. Signatures: {shown} of {all} with an open gate, {on_claimed} of those by passes from before the log; {claimed} made before it.",
        report.leaves, report.opened, report.erased
    );
    assert!(other.contains(&counted), "{counted}\n{other}");
    (report, said, other)
}

/// An erasure takes all of what is about somebody, so nobody who signed can have lost a pass or a gate alone.
#[test]
fn whoever_has_the_key_cannot_erase_what_a_signature_stands_on() {
    type Hides = fn(&mut Log, u64, u64);
    let hides: [(&str, Hides); 3] = [
        ("its pass", |log, pass, _| {
            log.bundle.openings.remove(&pass);
            log.bundle.erased.envelopes.push((pass, pass));
        }),
        ("its gate", |log, _, signature| {
            log.bundle.openings.get_mut(&signature).unwrap().parts.remove(&PartKind::Gate);
            log.bundle.erased.parts.insert(PartKind::Gate, vec![(signature, signature)]);
        }),
        ("nothing", |log, _, signature| {
            log.bundle.openings.get_mut(&signature).unwrap().parts.remove(&PartKind::Id);
            log.bundle.erased.parts.insert(PartKind::Id, vec![(signature, signature)]);
        }),
    ];
    for (what, hides) in hides {
        let (mut log, amy) = begun();
        let pass = log.passes(&amy, "four-cs");
        let signature = log.signs(&amy, vec![pass]);
        hides(&mut log, pass, signature);
        let list = to_canonical(&log.bundle.erased).unwrap();
        let sha256 = digest_of_text(&list);
        log.bundle.erased_bytes = Some(list);
        log.append(None, vec![Fact::Erased { basis: "request".to_owned(), leaves: 1, parts: 0, sha256 }], &[]);
        let (report, ..) = told(&mut log, "hidden");
        let expected = if what == "nothing" { Verdict::Valid } else { Verdict::Invalid };
        assert_eq!(report.verdict, expected, "{what}: {report:?}");
    }
}

#[test]
fn a_signature_without_any_gate_is_one_without_its_passes() {
    let (mut log, amy) = begun();
    let sha256 = digest_of_text(b"the text of agreement/learner-aup");
    let statement = log.text("I agree.");
    let signed = Fact::Signed { agreement: "learner-aup".to_owned(), version: 1, sha256, statement, until: None };
    let signature = log.append(Some(&amy), vec![signed], &[]);
    let (report, ..) = told(&mut log, "no-gate");
    assert!(report.faults.contains(&Fault::GateNotOpen { signature, module: "four-cs".to_owned() }), "{report:?}");
}

#[test]
fn an_assignment_that_was_ended_is_that_of_whomever_it_was_given_to() {
    use audit::{Link, Recipient};
    for (to, of_somebody) in [(Recipient::Group(1), false), (Recipient::Person(Link([7; 32])), true)] {
        for named in [true, false] {
            let (mut log, amy) = begun();
            let whose = Some(&amy).filter(|_| of_somebody);
            let leaf =
                log.append(whose, vec![Fact::Assigned { programme: "learners".to_owned(), to: to.clone() }], &[]);
            let ended = log.append(whose, vec![Fact::AssignmentEnded { leaf }], &[]);
            if !named {
                log.bundle.openings.get_mut(&ended).unwrap().person = None;
            }
            let (report, ..) = told(&mut log, "assigned");
            assert_eq!(report.faults.contains(&Fault::NoPerson(ended)), of_somebody && !named, "{report:?}");
            assert_eq!(report.verdict == Verdict::Valid, named || !of_somebody);
        }
    }
}

#[test]
fn what_was_on_record_before_the_log_is_told_apart() {
    let (mut log, amy) = begun();
    let (ben, cora) = (PersonKey([2; 32]), PersonKey([3; 32]));
    log.claims = true;
    let passes = [&amy, &ben].map(|person| log.passes(person, "four-cs"));
    log.signs(&amy, vec![passes[0]]);
    log.claims = false;
    log.signs(&ben, vec![passes[1]]);
    let pass = log.passes(&cora, "four-cs");
    log.signs(&cora, vec![pass]);
    // Of two passes the one that was recorded as it was earned counts.
    let again = log.passes(&ben, "four-cs");
    log.signs(&ben, vec![passes[1], again]);
    let (report, said, other) = told(&mut log, "claimed");
    assert_eq!(report.signatures, Signatures { all: 4, shown: 3, on_claimed: 1, claimed: 1 }, "{said}");
    assert_eq!(report.verdict, Verdict::Valid);
    for words in [
        "The gate of 3 of 4 signatures is shown to have been open; 1 of 4 were on record before the log began.",
        "3 of 4 signatures were made after everything was passed that they required.",
        "That everything was passed on which 1 of 4 signatures stand: that was on record before the log began",
        "That 1 of 4 signatures were made when they say, by whom and after what: that was on record before",
    ] {
        assert!(said.to_string().contains(words), "{words} in {said}");
    }
    for words in
        ["Of 4 signatures, 3 were made once", "on which 1 of these signatures stand", "1 of 4 signatures were made:"]
    {
        assert!(other.contains(words), "{words} in {other}");
    }
}

#[test]
fn what_stands_on_an_entry_of_a_later_format_is_not_called_false() {
    let (mut log, amy) = begun();
    let pass = log.passes(&amy, "four-cs");
    log.signs(&amy, vec![pass]);
    let later = log.appends_a_later_format();
    let signature = log.signs(&amy, vec![later]);
    let (report, said, other) = told(&mut log, "later");
    assert_eq!(report.verdict, Verdict::NotUnderstood, "{said}");
    assert_eq!(report.signatures, Signatures { all: 2, shown: 1, ..Signatures::default() });
    assert!(
        said.to_string().contains(&format!(
            "What 1 of 2 signatures stand on, because that is in entries that are not understood: {signature}."
        )),
        "{said}"
    );
    assert!(
        other.contains(&format!("On what 1 of 2 signatures stand, which is not understood: {signature}.")),
        "{other}"
    );
    // What comes after it does not help an earlier signature.
    let (mut log, amy) = begun();
    log.signs(&amy, vec![3]);
    log.appends_a_later_format();
    assert_eq!(told(&mut log, "later-still").0.verdict, Verdict::Invalid);
}

/// What whoever hands on a receipt may do to it.
type Alters = fn(&mut Extract);

fn signature(extract: &mut Extract) -> &mut Entry {
    extract.entries.last_mut().unwrap()
}

#[test]
fn a_receipt_without_its_gate_or_its_signer_is_none() {
    let (mut log, amy) = begun();
    let pass = log.passes(&amy, "four-cs");
    let last = log.signs(&amy, vec![pass]);
    let trusted = trusted(&mut log);
    let receipt = log.extract(&[0, 1, pass, last]);
    let alters: [(&str, u8, Alters); 7] = [
        ("as it is", 0, |_| {}),
        ("without who else", 0, |receipt| drop(signature(receipt).opened.parts.remove(&PartKind::Id))),
        ("without the gate", 40, |receipt| drop(signature(receipt).opened.parts.remove(&PartKind::Gate))),
        ("without the signer", 40, |receipt| signature(receipt).opened.person = None),
        ("without whoever passed", 40, |receipt| receipt.entries[2].opened.person = None),
        ("without the pass", 40, |receipt| drop(receipt.entries.remove(2))),
        ("with a pass of a later format that is not there", 40, |receipt| {
            let number = receipt.entries[2].opened.n;
            receipt.entries[2].leaf = format!("{{\"n\":{number},\"v\":2}}");
        }),
    ];
    let folder = Folder::new("receipt");
    for (what, status, alter) in alters {
        let mut altered = receipt.clone();
        alter(&mut altered);
        let bytes = altered.to_bytes().unwrap();
        let said = check_file(bytes.clone(), &trusted, &mut |_| {});
        let at = folder.holds("", &[("receipt.json".to_owned(), bytes)].into()) + "receipt.json";
        let (other, tells) = folder.another_tells(&at, &trusted);
        assert_eq!((said.status, other), (status, status), "{what}: {said}\n{tells}");
    }
    assert_eq!(verify_extract(&receipt, &trusted).signatures, Signatures { all: 1, shown: 1, ..Signatures::default() });
    // One that is in the log is not called false.
    let (mut log, amy) = begun();
    let later = log.appends_a_later_format();
    let last = log.signs(&amy, vec![later]);
    let trusted = self::trusted(&mut log);
    let bytes = log.extract(&[0, 1, later, last]).to_bytes().unwrap();
    assert_eq!(check_file(bytes.clone(), &trusted, &mut |_| {}).status, 20);
    let at = folder.holds("", &[("receipt.json".to_owned(), bytes)].into()) + "receipt.json";
    assert_eq!(folder.another_tells(&at, &trusted).0, 20);
}

#[test]
fn whatever_there_is_much_of_no_kind_of_note_is_cut_away() {
    let (mut log, amy) = begun();
    log.on = Some("2020-01-06".to_owned());
    for _ in 0..70 {
        log.append(Some(&amy), vec![Fact::Began], &[]);
    }
    log.on = None;
    log.claims = true;
    for _ in 0..60 {
        log.append(Some(&amy), vec![Fact::Left], &[]);
    }
    log.claims = false;
    let pass = log.passes(&amy, "four-cs");
    log.signs(&amy, vec![pass]);
    let code = audit::Correction::NeverHappened;
    log.append(Some(&amy), vec![Fact::Corrected { leaf: pass, code, replaced_by: None }], &[]);
    log.append(None, vec![Fact::ClockStepped { seconds: 5 }], &[]);
    log.rotates();
    let (report, said, other) = told(&mut log, "many-notes");
    assert!(report.notes.contains(&Note::Late(2)), "{report:?}");
    let places: Vec<usize> = [
        "on which signature",
        "the clock stepped",
        "another key signs",
        "was corrected by entry",
        "entry 2 holds from a day",
        "… and 60 more entries that hold from a day",
        "entry 72 was on record",
        "… and 50 more entries that were on record",
    ]
    .iter()
    .map(|words| said.notes.iter().position(|note| note.contains(words)).unwrap_or_else(|| panic!("{words} in {said}")))
    .collect();
    assert!(places.is_sorted(), "{said}");
    for words in
        ["the clock was right", "another key signs", "… and 60 more late entries", "… and 50 more entries from before"]
    {
        assert!(other.contains(words), "{words} in {other}");
    }
    // Of what is wrong likewise.
    log.bundle.openings.values_mut().for_each(|opened| opened.person = None);
    log.bundle.leaves.pop();
    let said = check_files(log.bundle.write().unwrap(), &Trusted::default(), &mut |_| {});
    assert!(said.faults.iter().any(|fault| fault.contains("there should be")), "{said}");
    assert!(said.faults.iter().any(|fault| fault.starts_with("… and 123 more like it")), "{said}");
}
