//! What is wrong with agreements, programmes and facts, and with what the provider says of itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use chrono::NaiveDate;
use engine::content::{Level, Sources, compile};

use super::{
    AGREEMENT, Case, FACTS, MODULE, ORGANISATION, PAGE, PROGRAMME, WELSH_AGREEMENT, case, change, good, problems,
    renamed, said, today,
};

#[test]
fn agreements() {
    insta::assert_snapshot!(said(&cases_of_agreements()));
}

pub(super) fn cases_of_agreements() -> Vec<Case> {
    let row = "  - version: \"1.1\"\n    date: 2026-11-22";
    let text = "## Your account\n\n1. My password has {{fact:shortest-password}} or more.\n2. I do [the \
                module](../modules/passwords/) first.\n";
    vec![
        case(
            "twin-clauses-differ",
            WELSH_AGREEMENT,
            "2. Rwy'n gwneud [y modiwl](../modules/passwords/) yn gyntaf.\n",
            "",
        ),
        case("twin-clauses-differ", WELSH_AGREEMENT, "1. Mae fy", "5. Mae fy"),
        case("twin-clauses-differ", WELSH_AGREEMENT, "1. Mae fy", "Mae fy"),
        case("twin-not-reviewed", WELSH_AGREEMENT, "reviewed: 2026-11-20\n", "").a_warning(),
        case("key-not-in-twin", WELSH_AGREEMENT, "title:", "audience: [learner]\ntitle:"),
        case(
            "missing-key",
            WELSH_AGREEMENT,
            "statement: Rwyf wedi darllen y cytundeb hwn, ac rwy'n cytuno i gadw ato.\n",
            "",
        ),
        case("unknown-module", WELSH_AGREEMENT, "(../modules/passwords/)", "(../modules/password/)"),
        case("fact-not-translated", FACTS, "also = { cy = \"12 nod\" }\n", "").a_warning(),
        renamed("unknown-agreement", WELSH_AGREEMENT, "agreements/house-rule.cy.md"),
        renamed("bad-name", WELSH_AGREEMENT, "agreements/house-rules.welsh.md"),
        case("unknown-module", AGREEMENT, "requires: [passwords]", "requires: [pass-words]"),
        case("bad-name", AGREEMENT, "requires: [passwords]", "requires: [Passwords!]"),
        case("duplicate-entry", AGREEMENT, "requires: [passwords]", "requires: [passwords, passwords]"),
        case("unknown-role", AGREEMENT, "submit_to: head-of-digital", "submit_to: head-off-digital"),
        case("empty-audience", AGREEMENT, "audience: [learner]", "audience: []"),
        case("duplicate-version", AGREEMENT, row, "  - version: \"1.0\"\n    date: 2026-11-22"),
        case("versions-out-of-order", AGREEMENT, row, "  - version: \"1.1\"\n    date: 2024-11-22"),
        case("wrong-kind", AGREEMENT, "version: \"1.1\"", "version: 1.1"),
        case(
            "empty-list",
            AGREEMENT,
            "summary:\n  - Keep your account your own\n  - Ask when you are not sure",
            "summary: []",
        ),
        case("missing-key", AGREEMENT, "versions:", "version:"),
        case("missing-key", AGREEMENT, "    change: Longer passwords\n", ""),
        case("bad-date", AGREEMENT, "next_review: 2027-09-01", "next_review: 2027-02-30"),
        case("bad-front-matter", AGREEMENT, "title: House rules", "title: House: rules"),
        case("unknown-fact", AGREEMENT, "{{fact:shortest-password}}", "{{fact:longest-password}}"),
        case("no-agreement-text", AGREEMENT, text, ""),
        case("scenario-not-here", AGREEMENT, text, "```scenario\nOne.\n```\n"),
        case("heading-level", AGREEMENT, "## Your account", "# Your account"),
        renamed("bad-name", AGREEMENT, "agreements/House rules.md"),
        case("review-overdue", AGREEMENT, "next_review: 2027-09-01", "next_review: 2026-11-21").a_warning(),
    ]
}

#[test]
fn the_rest() {
    insta::assert_snapshot!(said(&cases_of_the_rest()));
}

pub(super) fn cases_of_the_rest() -> Vec<Case> {
    let rule = "[[rule]]\nid = \"our-head\"\ntext = \"the head\"\nchecked = 2026-11-22\nreview_by = 2027-09-01\n";
    let second = "[[fact]]\nid = \"shortest-password\"";
    let another = "[[fact]]\nid = \"again\"\ntext = \"a\"\nsource = \"b\"\nedition = \"c\"\nchecked = 2026-11-22\nreview_by = 2027-09-01\n\n\
                   [fact.helpline]\nname = \"Childline\"\nphone = \"0800 1112\"\nfor = \"d\"\naudience = \"everyone\"\nabout = \"e\"\n\n";
    vec![
        case("unknown-module", PROGRAMME, "\"devices\"", "\"device\""),
        case("unknown-agreement", PROGRAMME, "\"house-rules\"", "\"learner-aup\""),
        case("empty-audience", PROGRAMME, "[\"learner\"]", "[]"),
        case("unknown-audience", PROGRAMME, "[\"learner\"]", "[\"Learner\", \"lerner\", \"governors\"]"),
        case("duplicate-entry", PROGRAMME, "[\"learner\"]", "[\"learner\", \"staff\", \"learner\"]"),
        case("out-of-range", PROGRAMME, "due_days = 14", "due_days = 0"),
        case("window-not-here", PROGRAMME, "due_days = 14", "due_days = 14\nwindow_days = 90"),
        case(
            "day-of-one-year",
            PROGRAMME,
            "due_days = 14",
            "due_days = 14\nyear_begins = \"1 May\"\ndue_on = 2027-01-31",
        ),
        case("odd-blank", PROGRAMME, "due_days = 14", "due_days\u{a0}= 14"),
        case("bad-date", PROGRAMME, "due_days = 14", "due_days = 14\nyear_begins = \"29 February\""),
        case("out-of-range", PROGRAMME, "due_days = 14", "due_days = 14\nyear_begins = \"1 May\"\nwindow_days = 301"),
        case("out-of-range", PROGRAMME, "due_days = 14", "due_days = 301\nyear_begins = \"1 May\""),
        case("empty-programme", PROGRAMME, "[\"passwords\", \"devices\"]", "[]").removing("[\"house-rules\"]", "[]"),
        renamed("bad-name", PROGRAMME, "programmes/Welcome!.toml"),
        renamed("unexpected-file", PROGRAMME, "programmes/all/welcome.toml").a_warning(),
        case("duplicate-fact", FACTS, second, "[[fact]]\nid = \"breached-accounts\""),
        case("bad-name", FACTS, second, "[[fact]]\nid = \"Shortest password\""),
        case("missing-key", FACTS, "source = \"Password guidance\"\n", ""),
        case(
            "bad-date",
            FACTS,
            "edition = \"May 2026\"\nchecked = 2026-11-22",
            "edition = \"May 2026\"\nchecked = \"May\"",
        ),
        case("bad-toml", FACTS, "text = \"12 characters\"", "text = 12 characters"),
        case("bad-url", FACTS, "https://www.childline", "www.childline"),
        case("unknown-word", ORGANISATION, "name =", "quiz_after = \"reading\"\nname ="),
        case(
            "number-not-on-help-page",
            FACTS,
            "text = \"12 characters\"",
            "text = \"12 characters, or 0808 800 5000\"",
        )
        .a_warning(),
        case("helpline-for-others", FACTS, "audience = \"everyone\"", "audience = \"staff\"")
            .with(MODULE, &good()[MODULE].replace("\"learner\", \"staff\"", "\"learner\"")),
        case("unknown-audience", FACTS, "audience = \"everyone\"", "audience = \"old\""),
        case("unknown-audience", FACTS, "audience = \"everyone\"", "audience = \"staf\""),
        case("helpline-for-some", FACTS, "audience = \"everyone\"", "audience = \"young\"").a_warning(),
        case("no-helpline-at-night", FACTS, "hours = \"24 hours\"", "hours = \"Weekdays\"").a_warning(),
        case(
            "helpline-number-differs",
            FACTS,
            "[[fact]]\nid = \"childline\"",
            &format!("{another}[[fact]]\nid = \"childline\""),
        ),
        case("unknown-key", FACTS, "hours =", "hour ="),
        case(
            "unused-fact",
            FACTS,
            second,
            "[[fact]]\nid = \"spare\"\ntext = \"a\"\nsource = \"b\"\nedition = \"c\"\nchecked = \
            2026-11-22\nreview_by = 2027-09-01\n\n[[fact]]\nid = \"shortest-password\"",
        )
        .a_warning(),
        case("fact-not-checked", FACTS, "edition = \"May 2026\"\nchecked = 2026-11-22", "edition = \"May 2026\"")
            .a_warning(),
        case(
            "fact-check-old",
            FACTS,
            "edition = \"May 2026\"\nchecked = 2026-11-22",
            "edition = \"May 2026\"\nchecked = \
            2025-11-21",
        )
        .a_warning(),
        case(
            "review-overdue",
            FACTS,
            "review_by = 2027-09-01\n\n[[fact]]\nid = \"s",
            "review_by = 2026-11-21\n\n[[fact]]\nid = \"s",
        )
        .a_warning(),
        case("missing-key", ORGANISATION, "name = \"Dan Okafor\"\n", ""),
        looks("accent-contrast", "accent = \"#ff8800\"\naccent_dark = \"#ffb066\""),
        looks("accent-contrast", "accent = \"#0b5f5b\""),
        looks("accent-contrast", "accent_dark = \"#5cc8c0\""),
        looks("bad-colour", "accent = \"teal\"\naccent_dark = \"#5cc8c0\""),
        looks("missing-file", "logo = \"logo.svg\""),
        looks("bad-logo", "logo = \"logo.svg\"").with("logo.svg", "<svg viewBox=\"0 0 9 9\"><script/></svg>"),
        looks("unknown-key", "colour = \"#0b5f5b\""),
        case("missing-key", ORGANISATION, "[[audience]]", "[contact]\n\n[[audience]]"),
        case("bad-email", ORGANISATION, "[[audience]]", "[contact]\nemail = \"nobody\"\n\n[[audience]]"),
        case("bad-email", ORGANISATION, "dan@northfield.example", "dan at northfield"),
        case("duplicate-entry", ORGANISATION, "[[site]]", "[[site]]\nname = \"Northfield\"\n\n[[site]]"),
        case("duplicate-entry", ORGANISATION, "id = \"staff\"", "id = \"learner\""),
        case("bad-name", ORGANISATION, "id = \"staff\"", "id = \"Staff\""),
        case("bad-name", ORGANISATION, "id = \"staff\"", "id = \"manager\""),
        case("bad-name", ORGANISATION, "id = \"staff\"", "id = \"everyone\""),
        case("missing-key", ORGANISATION, "many = \"staff\"\n", ""),
        case("out-of-range", ORGANISATION, "reading_age = 13", "reading_age = 3"),
        case("unknown-audience", ORGANISATION, "roles_are = \"staff\"", "roles_are = \"staf\""),
        case(
            "not-a-helpline",
            ORGANISATION,
            "helplines = [\"childline\"]",
            "helplines = [\"childline\", \"child-line\"]",
        ),
        case("not-a-helpline", ORGANISATION, "helplines = [\"childline\"]", "helplines = [\"shortest-password\"]"),
        case(
            "not-a-helpline",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\nat_any_hour = [\"childline\", \"childlin\"]",
        ),
        case("wrong-kind", ORGANISATION, "roles_are = \"staff\"", "roles_are = \"staff\"\nunreviewed_twins = \"yes\""),
        case(
            "out-of-range",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[retention]\nanswers_of_leavers_days = 7",
        ),
        case(
            "out-of-range",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[reminders]\ndays_before = [14, 300]",
        ),
        case(
            "out-of-range",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[reminders]\ndigest_day = \"sunday\"",
        ),
        case(
            "unknown-word",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[reminders]\nquiet_days = [\"sundy\"]",
        ),
        case(
            "out-of-range",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[reminders]\nquiet_days = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"]",
        ),
        case(
            "bad-date",
            ORGANISATION,
            "roles_are = \"staff\"",
            "roles_are = \"staff\"\n[second_factor]\nrequired_from = \"soon\"",
        ),
        case("missing-key", ORGANISATION, "text = \"the head of the organisation\"\n", ""),
        case("unknown-role", ORGANISATION, "role = \"head-of-digital-and-ict\"", "role = \"head-of-digital\""),
        case("duplicate-entry", ORGANISATION, "[[rule]]", &format!("{rule}\n[[rule]]")),
        case("duplicate-fact", ORGANISATION, "id = \"our-head\"", "id = \"shortest-password\""),
        case("fact-not-checked", ORGANISATION, "checked = 2026-11-22\n", "").a_warning(),
        case("unused-fact", ORGANISATION, "[[rule]]", &format!("{}\n[[rule]]", rule.replace("our-head", "our-tail")))
            .a_warning(),
        case("no-audiences", ORGANISATION, &listed_audiences(), "").a_warning(),
        renamed("missing-file", ORGANISATION, "notes/organisation.toml").a_warning(),
    ]
}

/// All that the good organisation says about audiences.
fn listed_audiences() -> String {
    let organisation = &good()[ORGANISATION];
    let start = organisation.find("roles_are").unwrap_or_default();
    organisation[start..organisation.find("[[role]]").unwrap_or_default()].to_owned()
}

#[test]
fn a_provider_has_its_own_look_and_says_how_it_is_reached() {
    let mut files = good();
    let look = "[look]\naccent = \"#7a1f5c\"\naccent_dark = \"#f0a6d4\"\nlogo = \"logo.svg\"\n\n[contact]\nphone = \"01632 960100\"\n\n[[audience]]";
    change(&mut files, ORGANISATION, "[[audience]]", look);
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\"><path fill=\"#7a1f5c\" d=\"M0 0h60v20z\"/></svg>";
    files.insert("logo.svg".to_owned(), logo.to_owned());
    let compiled = compile(&Sources::from_files(files), today());
    assert_eq!(compiled.problems, []);
    let organisation = compiled.catalogue.organisation;
    let accent = organisation.look.accent.map(|accent| (accent.light.to_string(), accent.dark.to_string()));
    assert_eq!(accent, Some(("#7a1f5c".to_owned(), "#f0a6d4".to_owned())));
    assert_eq!(organisation.look.logo.map(|logo| (logo.size, logo.bytes)), Some(((768, 256), logo.into())));
    assert_eq!(organisation.contact.and_then(|contact| contact.phone).as_deref(), Some("01632 960100"));
}

#[test]
fn a_wrong_logo_or_colour_is_told_alone() {
    for (lines, said) in [
        ("logo = \"logo.svg\"", "organisation.toml:5:8: error[missing-file]"),
        ("accent = 7\naccent_dark = \"#5cc8c0\"", "organisation.toml:5:10: error[wrong-kind]"),
        ("accent = \"#0b5f5b\"\naccent_dark = 7", "organisation.toml:6:15: error[wrong-kind]"),
    ] {
        let told = problems(looks("bad-logo", lines).files);
        assert!(told.starts_with(said) && told.matches("error[").count() == 1, "{lines}: {told}");
    }
}

/// Every key of the shipped provider, and every one that it shows as an example, is given a value of another kind: that is one error, in its line,
/// and nothing else in all of the content is said to be wrong because of it.
#[test]
fn one_wrong_key_of_the_provider_is_one_error() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let (sources, _) = Sources::read(&dir).expect("the shipped content is there");
    let mut files: BTreeMap<String, String> =
        sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\"><path fill=\"#7a1f5c\" d=\"M0 0h60v20z\"/></svg>";
    files.insert("logo.svg".to_owned(), logo.to_owned());
    let lines: Vec<String> = files[ORGANISATION].lines().map(|line| as_written(line).to_owned()).collect();
    let today = NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day");
    let mut errors_with = |lines: &[String]| -> Vec<(String, u32, String)> {
        files.insert(ORGANISATION.to_owned(), lines.join("\n"));
        let problems = compile(&sources.with_texts(files.clone()), today).problems;
        let errors = problems.into_iter().filter(|problem| problem.level == Level::Error);
        errors.map(|problem| (problem.path, problem.line, problem.message)).collect()
    };
    assert_eq!(errors_with(&lines), []);
    let (mut section, mut met, mut wrong) = (String::new(), BTreeSet::new(), Vec::new());
    for (place, line) in lines.iter().enumerate() {
        if line.starts_with('[') {
            section.clone_from(line);
        }
        let Some((key, value)) = key_of(line) else { continue };
        // What stands in several roles, rules or sites alike is made wrong in the first of them.
        if !met.insert((section.clone(), key.to_owned())) {
            continue;
        }
        let other = if value.starts_with(['"', '[', '{']) { "7" } else { "[\"another\"]" };
        let mut changed = lines.clone();
        changed[place] = format!("{key} = {other}");
        let errors = errors_with(&changed);
        let number = u32::try_from(place + 1).expect("few lines");
        let is_one = matches!(&errors[..], [(path, line, _)] if path == ORGANISATION && *line == number);
        if !is_one {
            wrong.push(format!("{section} {key}, line {number}: {errors:#?}"));
        }
    }
    assert!(met.len() > 30, "{met:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line without the sign that makes an example of it.
fn as_written(line: &str) -> &str {
    let example = line.strip_prefix("# ").filter(|rest| key_of(rest).is_some() || is_section(rest));
    example.unwrap_or(line)
}

fn is_section(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    name.is_some_and(|name| name.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_'))
}

fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(" = ")?;
    let is_key = !key.is_empty() && key.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_');
    is_key.then_some((key, value))
}

#[test]
fn a_text_leads_to_the_pages_of_the_provider_and_names_the_numbers_of_its_people() {
    let mut files = good();
    files.insert("pages/privacy.md".to_owned(), "# Privacy\n\nWhat we keep.\n".to_owned());
    change(
        &mut files,
        PAGE,
        "### What to read",
        "[What we keep](/privacy). Ring 01632 960101, or 0800 1111.\n\n### What to read",
    );
    assert_eq!(problems(files), "");
}

#[test]
fn what_a_fact_rests_on_is_said_with_its_warning_and_is_in_no_version() {
    let mut files = good();
    let told = "review_by = 2027-09-01\nwhy = \"Seen on a copy alone.\"\n\n[fact.helpline]\ncost = \"Free.\"\ncannot = \"It cannot come to you.\"";
    change(&mut files, FACTS, "review_by = 2027-09-01\n\n[fact.helpline]", told);
    let with = compile(&Sources::from_files(files.clone()), today()).catalogue;
    let line = with.facts.values().find_map(|fact| fact.helpline.as_ref()).expect("the help service");
    assert_eq!((line.cost.as_deref(), line.cannot.as_deref()), (Some("Free."), Some("It cannot come to you.")));
    let stored = serde_json::to_string(&with.facts).expect("facts can be written");
    assert!(stored.contains("It cannot come to you.") && !stored.contains("Seen on a copy alone."), "{stored}");
    change(&mut files, FACTS, "checked = 2026-11-22\nreview_by = 2027-09-01\nwhy", "review_by = 2027-09-01\nwhy");
    insta::assert_snapshot!(problems(files), @"
    facts.toml:19:1: warning[fact-not-checked]: Nobody has checked the fact `childline` yet.
      help: Seen on a copy alone. Hold it against its source, then write the date as `checked`; do so before release.
    ");
}

/// The provider's own look with something wrong.
fn looks(code: &'static str, lines: &str) -> Case {
    case(code, ORGANISATION, "[[audience]]", &format!("[look]\n{lines}\n\n[[audience]]"))
}
