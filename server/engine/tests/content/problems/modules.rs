//! What is wrong with what a module says of itself, and with its twins.

use chrono::NaiveDate;
use engine::content::{Sources, compile, draft};

use super::{
    Case, EASY, EASY_PAGE, FACTS, LINKS, MODULE, PAGE, QUIZ, SCENARIO, WELSH, WELSH_ABOUT, WELSH_PAGE, case, renamed,
    said,
};

#[test]
fn modules() {
    insta::assert_snapshot!(said(&cases_of_modules()));
}

pub(super) fn cases_of_modules() -> Vec<Case> {
    vec![
        case("bad-toml", MODULE, "minutes = 15", "minutes = "),
        case("missing-key", MODULE, "title = \"Passwords\"\n", ""),
        case("unknown-key", MODULE, "summary =", "sumary ="),
        case("unknown-key", MODULE, "minutes = 15", "minutes = 15\ncolour = \"red\""),
        case("wrong-kind", MODULE, "minutes = 15", "minutes = \"15\""),
        case("out-of-range", MODULE, "edition = 1", "edition = 0"),
        case("out-of-range", MODULE, "edition = 1", "edition = -1"),
        case("bad-duration", MODULE, "12 months", "12 moons"),
        case("bad-date", MODULE, "reviewed = 2026-11-22", "reviewed = \"22/11/2026\""),
        case("bad-toml", MODULE, "reviewed = 2026-11-22", "reviewed = 2026-11-31"),
        case("empty-audience", MODULE, "[\"learner\", \"staff\"]", "[]"),
        case("unknown-audience", MODULE, "\"staff\"", "\"stuff\""),
        case("duplicate-entry", MODULE, "\"staff\"", "\"learner\""),
        case("empty-list", MODULE, "[\"en\"]", "[]"),
        case("quiz-of-workshop", MODULE, "edition = 1", "edition = 1\nworkshop = \"only\""),
        case("circular-requirement", MODULE, "edition = 1", "edition = 1\nrequires = [\"passwords\"]"),
        case("unknown-module", MODULE, "edition = 1", "edition = 1\nrequires = [\"nowhere\"]"),
        case("empty-list", MODULE, "edition = 1", "edition = 1\nside_by_side = []"),
        case("empty-text", MODULE, "\"Passwords\"", "\" \""),
        case("fact-not-here", MODULE, "\"Passwords\"", "\"{{fact:shortest-password}}\""),
        renamed("missing-file", MODULE, "elsewhere/module.toml"),
        renamed("missing-file", QUIZ, "elsewhere/quiz.md"),
        renamed("missing-file", "modules/devices/10-locks.md", "elsewhere/10-locks.md"),
        renamed("bad-page-name", SCENARIO, "modules/passwords/what-to-do.md"),
        renamed("bad-page-name", SCENARIO, "modules/passwords/20-What-to-do.md"),
        renamed("reserved-page-name", SCENARIO, "modules/passwords/30-versions.md"),
        renamed("duplicate-page-number", SCENARIO, "modules/passwords/10-what-to-do.md"),
        renamed("duplicate-page-slug", SCENARIO, "modules/passwords/20-why.md"),
        case(
            "hard-to-read",
            PAGE,
            "Somebody else",
            &format!(
                "{}Somebody else",
                "Unfortunately, considerable numbers of \
             organisations experience catastrophic exfiltration of authentication information. "
                    .repeat(6)
            ),
        )
        .a_warning(),
        renamed("unexpected-file", SCENARIO, "modules/passwords/more/20-what-to-do.md"),
        renamed("bad-name", SCENARIO, "modules/Pass words/20-what-to-do.md"),
        case("page-without-question", MODULE, "minutes = 15", "minutes = 15\nrefresher = true")
            .removing("; page: why;", "; page: what-to-do;")
            .a_warning(),
        case("review-overdue", MODULE, "review_by = 2027-09-01", "review_by = 2026-09-01").a_warning(),
        case("no-signpost", SCENARIO, "> [!HELP]\n", "").removing("(/help)", "(tel:1)").a_warning(),
    ]
}

#[test]
fn twins() {
    insta::assert_snapshot!(said(&cases_of_twins()));
}

#[test]
fn a_draft_says_the_same_about_twins() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    for Case { what, files, .. } in cases_of_twins() {
        let sources = Sources::from_files(files);
        assert_eq!(draft(&sources, today).problems, compile(&sources, today).problems, "{what}");
    }
}

pub(super) fn cases_of_twins() -> Vec<Case> {
    let friend = "## Mae dolen gan ffrind bob amser yn ddiogel.\n<!-- id: friend -->\n\n1. [ ] Gwir\n   > Mae cyfrifon yn cael \
                  eu dwyn.\n2. [x] Anghywir\n\n### Variant\n\nGall ffrind anfon dolen ddrwg.\n\n1. [x] Gwir\n2. [ ] \
                  Anghywir\n   > Mae cyfrifon yn cael eu dwyn.\n\n";
    let order = "## Rhowch y rhain mewn trefn.\n<!-- id: order -->\n\n1. Stopio\n2. Edrych\n3. Gofyn\n\n";
    let variant = "### Variant\n\nGall ffrind anfon dolen ddrwg.\n\n1. [x] Gwir\n2. [ ] Anghywir\n   > Mae cyfrifon yn \
                   cael eu dwyn.\n\n";
    vec![
        case("bad-language", LINKS, "\"cy\"", "\"welsh\""),
        case("bad-language", LINKS, "[\"en\", \"cy\", \"easy-read\"]", "[\"easy-read\", \"cy\"]"),
        case("duplicate-entry", LINKS, "\"cy\"", "\"cy\", \"cy\""),
        case("languages-differ", LINKS, "\"cy\"", "\"pl\""),
        case("languages-differ", LINKS, "[\"en\", \"cy\"", "[\"cy\""),
        renamed("unexpected-file", WELSH_PAGE, "modules/links/cy/more/20-ask.md"),
        renamed("missing-file", WELSH_ABOUT, "modules/links/about/module.toml"),
        renamed("missing-file", WELSH, "modules/links/about/quiz.md"),
        case("twin-not-reviewed", WELSH_ABOUT, "reviewed = 2026-11-20\n", "").a_warning(),
        case("twin-not-reviewed", "modules/links/easy-read/module.toml", "reviewed = 2026-11-20\n", "").a_warning(),
        case("bad-date", WELSH_ABOUT, "2026-11-20", "\"today\""),
        case("fact-not-translated", FACTS, "also = { cy = \"2 o bob 5 cyfrif & mwy\" }\n", "").a_warning(),
        case("bad-language", FACTS, "also = { cy =", "also = { welsh ="),
        case("key-not-in-twin", WELSH_ABOUT, "title =", "minutes = 5\ntitle ="),
        case("unknown-key", WELSH_ABOUT, "title =", "titel = \"Dolen\"\ntitle ="),
        case("missing-key", WELSH_ABOUT, "title = \"Dolenni\"\n", ""),
        case("option-out-of-place", WELSH, "1. [ ] Ei hagor ar unwaith", "1. [ ] Pob un o'r uchod"),
        renamed("twin-page-missing", WELSH_PAGE, "elsewhere/20-ask.md"),
        renamed("twin-page-unknown", WELSH_PAGE, "modules/links/cy/20-gofyn.md"),
        renamed("twin-page-unknown", WELSH_PAGE, "modules/links/cy/30-ask.md"),
        renamed("twin-page-unknown", WELSH_PAGE, "modules/links/cy/notes.md"),
        renamed("bad-image-name", "modules/links/cy/eye.svg", "modules/links/cy/My eye.svg"),
        case("unknown-page", WELSH_PAGE, "(../../devices/)", "(../devices/)"),
        case("unknown-module", WELSH_PAGE, "(../../devices/)", "(../../device/)"),
        case("unknown-fact", WELSH_PAGE, "Yna", "{{fact:no-such-thing}}"),
        case("no-title", WELSH_PAGE, "# Gofyn", "Gofyn"),
        case("bad-front-matter", WELSH, "## Mae neges", "---\n## Mae neges"),
        case("text-before-question", WELSH, "## Mae neges", "Helo.\n\n## Mae neges"),
        case("twin-question-missing", WELSH, friend, ""),
        case("twin-question-missing", WELSH, "## Mae neges", "> Mae neges"),
        case("twin-question-unknown", WELSH, "id: friend", "id: ffrind"),
        case("twin-question-unknown", WELSH, order, &format!("{}{order}", order.replace("id: order", "id: again"))),
        case("twin-question-out-of-order", WELSH, order, "").removing(friend, &format!("{order}{friend}")),
        case("missing-question-id", WELSH, "<!-- id: friend -->\n", ""),
        case("missing-question-id", WELSH, order, &format!("{}{order}", order.replace("<!-- id: order -->\n", ""))),
        case("duplicate-question-id", WELSH, "id: friend", "id: first"),
        case("twin-form-differs", WELSH, "- [x] Llun\n- [x] Botwm\n- [ ] T", "1. [x] Llun\n2. [ ] Botwm\n3. [ ] T"),
        case("twin-form-differs", WELSH, variant, ""),
        case("twin-form-differs", WELSH, "- [x] Botwm\n", ""),
        case("twin-form-differs", WELSH, "3. Gofyn\n", "3. Gofyn\n4. Agor\n"),
        case("twin-form-differs", WELSH, "| Cyfeiriad |", "| Neges | Yn dod |\n| Cyfeiriad |"),
        case("twin-form-differs", WELSH, "1. [ ] Gwir", "1. [ ] Ydy").removing("2. [x] Anghywir", "2. [x] Nac ydy"),
        case("bad-true-false", WELSH, "1. [ ] Gwir", "1. [ ] True"),
        case("twin-answer-differs", WELSH, "1. [ ] Ei hagor", "1. [x] Ei hagor")
            .removing("[x] Edrych i", "[ ] Edrych i"),
        case("twin-answer-differs", WELSH, "- [x] Botwm", "- [ ] Botwm\n  > Na."),
        case("twin-answer-differs", WELSH, "1. [ ] Gwir", "1. [ ] Anghywir").removing("2. [x] Anghywir", "2. [x] Gwir"),
        case("no-right-answer", WELSH, "2. [x] Edrych", "2. [ ] Edrych"),
        case("twin-settings-differ", EASY, "pass: 80%", "pass: 70%"),
        case("twin-settings-differ", EASY, "  words: 1", "  words: 2"),
        case("twin-settings-differ", EASY, "weight: 2", "weight: 3"),
        case("twin-settings-differ", EASY, "page: look; weight: 2", "page: ask; weight: 2"),
        case("twin-settings-differ", EASY, "id: order", "id: order; marking: partial"),
        case("unknown-key", EASY, "pass: 80%", "pas: 80%"),
        case("unknown-key", EASY, "weight: 2", "wieght: 2"),
        case("duplicate-key", EASY, "weight: 2", "page: look"),
        case("unused-image", "modules/links/cy/10-look.md", "![Dolen a llygad](eye.svg)", "").a_warning(),
        case("no-signpost", WELSH_PAGE, "> [!HELP]\n", "").a_warning(),
        case("hard-to-read", EASY_PAGE, "[Ask for help]", &format!("{}[Ask for help]", LONG.repeat(6))).a_warning(),
    ]
}

/// Below the reading age of 13, and above that of 9.
const LONG: &str = "You can ask somebody whom you trust about a message before you open the link that is in it. ";
