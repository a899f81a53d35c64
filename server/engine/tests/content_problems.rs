//! What the content compiler says about content that has something wrong with it.
//!
//! Every case changes one thing in `content_good`, which has no problems, and the snapshots show what an author reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use chrono::NaiveDate;
use engine::content::{Code, Level, Sources, compile, draft};

const QUIZ: &str = "modules/passwords/quiz.md";
const PAGE: &str = "modules/passwords/10-why.md";
const SCENARIO: &str = "modules/passwords/20-what-to-do.md";
const MODULE: &str = "modules/passwords/module.toml";
const FORMS: &str = "modules/phones/quiz.md";
const LOST: &str = "modules/phones/10-lost.md";
const DRAWING: &str = "modules/phones/two-locks.svg";
const WELSH: &str = "modules/links/cy/quiz.md";
const WELSH_PAGE: &str = "modules/links/cy/20-ask.md";
const WELSH_ABOUT: &str = "modules/links/cy/module.toml";
const EASY: &str = "modules/links/easy-read/quiz.md";
const EASY_PAGE: &str = "modules/links/easy-read/20-ask.md";
const LINKS: &str = "modules/links/module.toml";
const AGREEMENT: &str = "agreements/house-rules.md";
const WELSH_AGREEMENT: &str = "agreements/house-rules.cy.md";
const PROGRAMME: &str = "programmes/welcome.toml";
const FACTS: &str = "facts.toml";
const ORGANISATION: &str = "organisation.toml";

#[test]
fn good_content_has_no_problems() {
    assert_eq!(problems(good()), "");
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
fn pages() {
    insta::assert_snapshot!(said(&cases_of_pages()));
}

fn cases_of_pages() -> Vec<Case> {
    vec![
        case("no-title", PAGE, "# Why {{fact:shortest-password}}?\n", "Why?\n"),
        case("no-title", PAGE, "# Why {{fact:shortest-password}}?\n", "#\n"),
        case("title-not-first", PAGE, "# Why {{", "Before.\n\n# Why {{"),
        case("two-titles", PAGE, "### What to read", "# What to read"),
        case("heading-level", PAGE, "### What to read", "#### What to read"),
        case("heading-not-here", PAGE, "- [Your devices]", "- ## [Your devices]"),
        case("raw-html", PAGE, "### What to read", "<div>\n\nNo.\n\n</div>\n\n### What to read"),
        case("raw-html", PAGE, "Somebody else", "<b>Somebody</b> else"),
        case("raw-html", PAGE, "Somebody else", "Somebody <!-- who? --> else"),
        case("unknown-fact", PAGE, "**{{fact:breached-accounts}}**", "**{{fact:breached-acounts}}**"),
        case("bad-fact-reference", PAGE, "**{{fact:breached-accounts}}**", "**{{ fact:breached-accounts }}**"),
        case("bad-fact-reference", PAGE, "show.", "show. {{fact:shortest-password"),
        case("fact-not-here", PAGE, "**{{fact:breached-accounts}}**", "`{{fact:breached-accounts}}`"),
        case("unknown-page", PAGE, "(20-what-to-do.md)", "(30-what-to-do.md)"),
        case("unknown-page", PAGE, "(../devices/10-locks.md)", "(../devices/quiz.md)"),
        case("unknown-module", PAGE, "(../devices/)", "(../device/)"),
        case("closed-link", PAGE, "(../devices/)", "(../phones/)"),
        case("unknown-agreement", PAGE, "(../devices/)", "(../../agreements/house-rule.md)"),
        case("bad-link", PAGE, "(../devices/)", "(javascript:alert%281%29)"),
        case("bad-link", PAGE, "(../devices/)", "(/etc/passwd)"),
        case("bad-link", PAGE, "(../devices/)", "(../../../secret.md)"),
        case("bad-link", PAGE, "(tel:08001111)", "(<JaVaScRiPt:alert(1)>)"),
        case("empty-link", PAGE, "[Your devices]", "[]"),
        case("bad-call-out", PAGE, "> [!WARNING]", "> [!WARNNG]"),
        case("bad-call-out", PAGE, "> [!WARNING]", "> [!CAUTION]"),
        case("bad-call-out", PAGE, "> [!WARNING]", "> [!WARNING] Here."),
        case("help-not-alone", SCENARIO, "> [!HELP]", "> [!HELP]\n> Go there."),
        case("help-not-here", SCENARIO, "> [!HELP]", "> Quotation\n>\n> > [!HELP]"),
        case("odd-blank", PAGE, "> [!WARNING]", ">\u{a0}[!WARNING]"),
        case("odd-blank", PAGE, "> [!WARNING]", "> [!WARNING]\u{200b}"),
        case("odd-blank", PAGE, "### What to read", "###\u{a0}What to read"),
        case("odd-blank", PAGE, "- [Your devices]", "-\u{202f}[Your devices]"),
        case("odd-blank", PAGE, "### What to read", "\u{3000}\u{3000}### What to read"),
        case("odd-blank", PAGE, "### What to read", "Before.\n\u{a0}\nAfter.\n\n### What to read"),
        case("odd-blank", PAGE, "### What to read", "| a | b |\n| ---\u{a0}| --- |\n| c | d |\n\n### What to read"),
        case("odd-blank", SCENARIO, "```scenario", "```scenario\u{200b}"),
        case("too-deep", SCENARIO, "Tell somebody.", &format!("{}Tell somebody.", "> ".repeat(30))),
        case("foreign-markdown", PAGE, "### What to read", "### What to read {#what}"),
        case("foreign-markdown", PAGE, "### What to read", "A word.[^1]\n\n[^1]: More of it.\n\n### What to read"),
        case("foreign-markdown", PAGE, "### What to read", "A word.[^1]\n\n[^1]: More\n\n### What to read"),
        case("foreign-markdown", PAGE, "### What to read", "::: tip\nKeep it.\n:::\n\n### What to read"),
        case("foreign-markdown", PAGE, "### What to read", "!!! note\n    Keep it.\n\n### What to read"),
        case("foreign-markdown", PAGE, "### What to read", "| a | b |\n| --- |\n| c | d |\n\n### What to read"),
        case("foreign-markdown", SCENARIO, "- Ignore it", "- Ignore it {.wrong}"),
        case("foreign-markdown", FORMS, "Nobody has found", "Nobody[^a] has found"),
        case("unknown-helpline", PAGE, "### What to read", "Ring Samaritans or Childline.\n\n### What to read"),
        case("unknown-rule", PAGE, "### What to read", "Tell {{fact:concern-about-lead}}.\n\n### What to read"),
        case("unknown-rule", PAGE, "### What to read", "Tell {{fact:our-haed}}.\n\n### What to read"),
        case("rule-in-words", PAGE, "### What to read", "Tell the head.\n\n### What to read").a_warning(),
        case("rule-in-words", QUIZ, "Everybody knows your dog.", "The principal of the college knows.").a_warning(),
        case("unknown-helpline", QUIZ, "Everybody knows your dog.", "Report Remove can help."),
        case("unnamed-help", QUIZ, "> **Why:** it is yours.", "> **Why:** the help page says who can help.")
            .a_warning(),
        case(
            "fact-begins-sentence",
            PAGE,
            "### What to read",
            "Tell us. {{fact:our-head}} listens.\n\n### What to read",
        )
        .a_warning(),
        case("number-not-on-help-page", PAGE, "### What to read", "Ring 0808 800 5000.\n\n### What to read")
            .a_warning(),
        case("number-not-on-help-page", QUIZ, "Everybody knows your dog.", "Ring 01632 960102.").a_warning(),
        case("unknown-page", PAGE, "(../devices/)", "(/privacy)"),
        case("table-cells", PAGE, "### What to read", "| a | b |\n| --- | --- |\n| c | d | e |\n\n### What to read"),
        case("table-cells", PAGE, "### What to read", "| a | b |\n| --- | --- |\n| `c|d` | e |\n\n### What to read"),
        case("table-cells", PAGE, "### What to read", "| a | b |\n| --- | --- |\n| `c|d` |\n\n### What to read"),
        case("table-cells", PAGE, "### What to read", "> | a |\n> | - |\n> c | d\n\n### What to read"),
    ]
}

#[test]
fn drawings() {
    insta::assert_snapshot!(said(&cases_of_drawings()));
}

fn cases_of_drawings() -> Vec<Case> {
    vec![
        case("unknown-image", LOST, "(two-locks.svg)", "(two-lock.svg)"),
        case("image-not-supported", LOST, "(two-locks.svg)", "(two-locks.png)"),
        case("image-not-supported", LOST, "(two-locks.svg)", "(https://drawings.example/two-locks.svg)"),
        case("image-not-supported", LOST, "(two-locks.svg)", "(../passwords/two-locks.svg)"),
        case(
            "too-many-images",
            LOST,
            "![Two locks & a key](two-locks.svg)",
            &"![Two locks](two-locks.svg)\n\n".repeat(51),
        ),
        case("image-title", LOST, "(two-locks.svg)", "(two-locks.svg \"Two locks\")"),
        case("image-not-here", AGREEMENT, "## Your account", "![Two locks](two-locks.svg)"),
        case("image-not-here", FORMS, "Nobody has found", "![Two locks](two-locks.svg) Nobody has found"),
        case("unknown-fact", LOST, "![Two locks", "![Two locks in {{fact:no-such-thing}}"),
        case("bad-drawing", DRAWING, "</svg>", "</sgv>"),
        case("bad-drawing", DRAWING, "<svg xmlns", "<!DOCTYPE svg>\n<svg xmlns"),
        case("bad-drawing", DRAWING, " xmlns=\"http://www.w3.org/2000/svg\"", ""),
        case("bad-drawing", DRAWING, "<g ", "<g xlink:href=\"#a\" "),
        case("drawing-without-view-box", DRAWING, " viewBox=\"0 0 40 20\"", ""),
        case("drawing-too-large", DRAWING, "<g ", &format!("{}<g ", "<circle r=\"1\"/>".repeat(5000))),
        case("too-deep", DRAWING, "<g ", &format!("{}<desc>a</desc>{}<g ", "<g>".repeat(30), "</g>".repeat(30))),
        case("drawing-element", DRAWING, "<g ", "<script>alert(1)</script><g "),
        case("drawing-element", DRAWING, "<g ", "<foreignObject><p>a</p></foreignObject><g "),
        case("drawing-element", DRAWING, "<g ", "<use href=\"https://a.example/#b\"/><g "),
        case("drawing-element", DRAWING, "<g ", "<style>p { color: red }</style><g "),
        case("drawing-element", DRAWING, "<g ", "<rectt width=\"1\"/><g "),
        case("drawing-element", DRAWING, "<g ", "<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p><g "),
        case("drawing-attribute", DRAWING, "<g ", "<g onclick=\"alert(1)\" "),
        case("drawing-attribute", DRAWING, "<g ", "<g style=\"fill: red\" "),
        case("drawing-attribute", DRAWING, "<g ", "<g id=\"a\" "),
        case("drawing-attribute", DRAWING, "<g ", "<g strok=\"none\" "),
        case("drawing-attribute", DRAWING, "<g ", "<g xml:space=\"preserve\" "),
        case("drawing-value", DRAWING, "fill=\"none\"", "fill=\"url(#a)\""),
        case("drawing-value", DRAWING, "fill=\"none\"", "fill=\"&#x22;&gt;\""),
        case("drawing-value", DRAWING, "fill=\"none\"", "fill=\"&#117;rl(//a.example)\""),
        case("fact-not-here", DRAWING, "A &amp; B", "{{fact:breached-accounts}}"),
        renamed("bad-image-name", DRAWING, "modules/phones/Two locks.svg"),
        renamed("unexpected-file", DRAWING, "modules/phones/drawings/two-locks.svg"),
        renamed("unexpected-file", DRAWING, "two-locks.svg").a_warning(),
        case("drawing-value", DRAWING, "text-anchor=\"middle\"", "text-anchor=\"middle\" font-weight=\"650\"")
            .a_warning(),
        case("drawing-colour", DRAWING, "fill=\"none\"", "fill=\"#c00\"").a_warning(),
        case("missing-alt", LOST, "![Two locks & a key]", "![]").a_warning(),
        case("unused-image", LOST, "![Two locks & a key](two-locks.svg)", "").a_warning(),
    ]
}

#[test]
fn scenarios() {
    insta::assert_snapshot!(said(&cases_of_scenarios()));
}

fn cases_of_scenarios() -> Vec<Case> {
    vec![
        case("scenario-without-choices", SCENARIO, "Jess reads", "```\n\n```scenario\nJess reads"),
        case("scenario-without-choices", SCENARIO, "Keep it\n", "Keep it\n\nThe end.\n"),
        case(
            "scenario-without-situation",
            SCENARIO,
            "Jess reads \"Your account was used in Leeds\" on her break.\n",
            "",
        ),
        case("scenario-too-few-choices", SCENARIO, "  - Keep it\n    > The other person comes back.\n", ""),
        case(
            "scenario-choice-without-outcome",
            SCENARIO,
            "  > Tomorrow {{fact:breached-accounts}} will hold hers.\n",
            "",
        ),
        case("scenario-choice-without-text", SCENARIO, "- Ignore it\n", "-\n"),
        case(
            "scenario-shape",
            SCENARIO,
            "  > The tutor helps at once.\n",
            "  > The tutor helps at once.\n\n  And then?\n",
        ),
        case("scenario-not-here", SCENARIO, "Tell somebody.", "- ```scenario\n  One.\n  ```"),
        case("feedback-indent", SCENARIO, "- Ignore it\n  > Tomorrow", "- Ignore it\n> Tomorrow"),
        case("unknown-fact", SCENARIO, "{{fact:breached-accounts}}", "{{fact:no-such-thing}}"),
        case("raw-html", SCENARIO, "*password*", "<i>password</i>"),
    ]
}

#[test]
fn quizzes() {
    insta::assert_snapshot!(said(&cases_of_quizzes()));
}

fn cases_of_quizzes() -> Vec<Case> {
    let third = "3. [ ] It does not matter\n\n   > It does: {{fact:breached-accounts}} were guessed.\n   >\n   \
                 > <!-- misconception: length-is-nothing -->\n";
    let first = "1. [ ] 6 characters or so\n   > Short ones are guessed. <!-- misconception: short-is-fine -->\n";
    let true_false = "1. [ ] True\n   > Nobody may.\n2. [x] False";
    vec![
        case("bad-front-matter", QUIZ, "---\npass", "pass"),
        case("bad-front-matter", QUIZ, "cooldown: 10m\n---", "cooldown: 10m\n"),
        case("bad-front-matter", QUIZ, "pass: 80%", "pass: [80%"),
        case("missing-key", QUIZ, "attempts: 3\n", ""),
        case("unknown-key", QUIZ, "attempts: 3\n", "attempts: 3\natempts: 4\n"),
        case("bad-pass", QUIZ, "pass: 80%", "pass: 80"),
        case("out-of-range", QUIZ, "pass: 80%", "pass: 101%"),
        case("out-of-range", QUIZ, "attempts: 3", "attempts: 0"),
        case("out-of-range", QUIZ, "draw: 3", "draw: 0"),
        case("draw-too-large", QUIZ, "draw: 3", "draw: 4"),
        case("wrong-kind", QUIZ, "draw: 3", "draw: many"),
        case("bad-duration", QUIZ, "cooldown: 10m", "cooldown: soon"),
        case(
            "no-questions",
            "modules/devices/quiz.md",
            "## What do you do when you leave your desk?\n<!-- id: leave; page: locks -->\n\n1. [x] Lock the screen\n2. [ ] \
             Turn the screen away\n   > Anybody can turn it back.\n\n> **Why:** a locked screen is safe.\n",
            "",
        ),
        case("text-before-question", QUIZ, "## How long", "Welcome.\n\n## How long"),
        case("missing-question-id", QUIZ, "id: length; ", ""),
        case("missing-question-page", QUIZ, "; page: why", ""),
        case("bad-question-id", QUIZ, "id: length", "id: Length!"),
        case("duplicate-question-id", QUIZ, "id: what-helps", "id: length"),
        case("duplicate-key", QUIZ, "id: length", "id: length; id: size"),
        case("unknown-key", QUIZ, "weight: 2", "wieght: 2"),
        case("out-of-range", QUIZ, "weight: 2", "weight: 0"),
        case("unknown-order", QUIZ, "order: fixed", "order: any"),
        case("unknown-page", QUIZ, "page: why", "page: what"),
        case("unknown-use", QUIZ, "page: why;", "page: why; use: reading;"),
        case("page-question", QUIZ, "page: why;", "page: why; use: page;"),
        case("draw-too-large", QUIZ, "id: tutor-asks; page: what-to-do", "id: tutor-asks; page: what-to-do; use: page"),
        case(
            "page-question",
            FORMS,
            "id: number-name; page: lost; pool: words",
            "id: number-name; page: lost; use: page",
        ),
        case(
            "page-question",
            FORMS,
            "page: lost; marking: partial; order: fixed",
            "page: lost; use: page; order: fixed",
        ),
        case("no-questions", "modules/devices/quiz.md", "page: locks", "page: locks; use: page"),
        case("question-without-stem", QUIZ, "## How long should a password be?", "##"),
        case("no-options", QUIZ, &format!("{first}2. [x] {{{{fact:shortest-password}}}}\n   > Right.\n{third}"), ""),
        case("too-few-options", QUIZ, &format!("2. [x] {{{{fact:shortest-password}}}}\n   > Right.\n{third}"), ""),
        case("no-right-answer", QUIZ, "2. [x] {{fact", "2. [ ] {{fact"),
        case("no-right-answer", QUIZ, "2. [x] False", "2. [ ] False"),
        case("two-right-answers", QUIZ, "1. [ ] 6", "1. [x] 6"),
        case("bad-true-false", QUIZ, true_false, "1. [ ] true\n   > Nobody may.\n2. [x] false"),
        case("bad-true-false", QUIZ, true_false, "1. [ ] True\n   > Nobody may.\n2. [x] No"),
        case("bad-true-false", QUIZ, true_false, "- [ ] True\n  > Nobody may.\n- [x] False"),
        case("option-without-box", QUIZ, "1. [ ] 6", "1. 6"),
        case("option-without-text", QUIZ, "2. [x] {{fact:shortest-password}}", "2. [x] <br>"),
        case("duplicate-option", QUIZ, "[ ] The name of your dog", "[ ] Telling your tutor"),
        case("option-shape", QUIZ, "   > Right.\n", "   > Right.\n\n   And more.\n"),
        case("too-many-options", QUIZ, third, &options()),
        case("text-after-options", QUIZ, "> **Why:** it is yours.", "> It is yours."),
        case("text-after-options", QUIZ, "> **Why:** it is yours.", "> **Why:** it is yours.\n\nThe end."),
        case("misconception-on-right-answer", QUIZ, "> Right.", "> Right. <!-- misconception: a -->"),
        case("bad-misconception", QUIZ, "misconception: short-is-fine", "misconception: Short is fine"),
        case("bad-misconception", QUIZ, "misconception: short-is-fine", "misconception: a; misconception: b"),
        case("unknown-key", QUIZ, "misconception: short-is-fine", "mistake: short-is-fine"),
        case("raw-html", QUIZ, "<!-- id: length; page: why; weight: 2; order: fixed -->", "<p>Think.</p>"),
        case("raw-html", QUIZ, "Think of what", "Think <br> of what"),
        case("heading-not-here", QUIZ, "Think of what you have read.", "### Think"),
        case("help-not-here", QUIZ, "Think of what you have read.", "> [!HELP]"),
        case("scenario-not-here", QUIZ, "Think of what you have read.", "```scenario\nOne.\n```"),
        case("odd-blank", QUIZ, "2. [x] {{fact", "2. [x]\u{a0}{{fact"),
        case("odd-blank", QUIZ, "2. [x] {{fact", "2. [\u{a0}x] {{fact"),
        case("odd-blank", QUIZ, "2. [x] {{fact", "2.\u{a0}[x] {{fact"),
        case("odd-blank", QUIZ, "1. [ ] 6", "1. [\u{2007}] 6"),
        case("odd-blank", QUIZ, "   > Right.", "\u{a0}\u{a0}\u{a0}> Right."),
        case("odd-blank", QUIZ, "> **Why:** it is yours.", ">\u{a0}**Why:** it is yours."),
        case("odd-blank", QUIZ, "## How long", "##\u{a0}How long"),
        case("odd-blank", QUIZ, "pass: 80%", "pass:\u{a0}80%"),
        case("odd-blank", QUIZ, "cooldown: 10m\n---", "cooldown: 10m\n---\u{a0}"),
        case("odd-blank", QUIZ, "id: length", "\u{200b}id: length"),
        case("foreign-box", QUIZ, "2. [x] {{fact", "2. (x) {{fact"),
        case("foreign-box", QUIZ, "2. [x] {{fact", "2. \\[x\\] {{fact"),
        case("foreign-box", QUIZ, "2. [x] {{fact", "2. [x]{{fact"),
        case("foreign-box", QUIZ, "1. [ ] 6", "1. [] 6"),
        case("feedback-indent", QUIZ, "   > Right.\n", "  > Right.\n  > Quite.\n"),
        case("feedback-indent", QUIZ, "   > Right.\n", "> Right.\n"),
        case("feedback-indent", QUIZ, "   > Right.\n", "        > Right.\n"),
        case("option-out-of-place", QUIZ, "[ ] The name of your dog", "[ ] All of the above"),
        case("option-without-feedback", QUIZ, "  > Everybody knows your dog.\n", "").a_warning(),
        case(
            "right-option-stands-out",
            QUIZ,
            "2. [x] {{fact",
            "2. [x] As many as you can remember, but at least {{fact",
        )
        .a_warning(),
    ]
}

#[test]
fn forms() {
    insta::assert_snapshot!(said(&cases_of_forms()));
}

fn cases_of_forms() -> Vec<Case> {
    let order = "2. Lock it from *another* device\n3. Tell us, as {{fact:breached-accounts}} show\n";
    let pairs = "| A backup | Keeps a *copy* |\n| `*#06#` | Shows the number \\| serial |\n";
    let many_items: String = (4..=11).map(|number| format!("{number}. Step {number}\n")).collect();
    let many_pairs: String = (4..=11).map(|number| format!("| Thing {number} | Work {number} |\n")).collect();
    let many_answers: String = (4..=21).map(|number| format!("IMEI {number} / ")).collect();
    let third = "\n### Variant\n\n**Answer:** imei\n";
    vec![
        case("too-few-items", FORMS, order, ""),
        case("too-many-items", FORMS, order, &format!("{order}{many_items}")),
        case("item-without-text", FORMS, "2. Lock it from *another* device", "2."),
        case("duplicate-item", FORMS, "2. Lock it from *another* device", "2. *ring* it"),
        case("item-shape", FORMS, "1. Ring it\n", "1. Ring it\n   > Yes.\n"),
        case("raw-html", FORMS, "1. Ring it", "1. <b>Ring</b> it"),
        case("unknown-fact", FORMS, "{{fact:breached-accounts}}", "{{fact:accounts}}"),
        case("match-columns", FORMS, "| Thing | What it does |\n| --- | --- |", "| Thing |\n| --- |"),
        case("match-columns", FORMS, "| A PIN | Keeps the screen shut |", "| A PIN | Keeps the screen shut | well |"),
        case("match-columns", FORMS, "| A PIN | Keeps the screen shut |", "A PIN | Keeps the screen shut | well"),
        case("too-few-pairs", FORMS, pairs, ""),
        case("too-many-pairs", FORMS, pairs, &format!("{pairs}{many_pairs}")),
        case("pair-without-text", FORMS, "| A backup | Keeps a *copy* |", "| A backup |"),
        case("pair-without-text", FORMS, "| A backup | Keeps a *copy* |", "| | Keeps a *copy* |"),
        case("duplicate-pair", FORMS, "Keeps a *copy*", "Keeps the screen **shut**"),
        case("duplicate-pair", FORMS, "A backup", "a PIN"),
        case("raw-html", FORMS, "| Thing | What it does |", "| Thing | What <i>it</i> does |"),
        case("empty-answer", FORMS, "**Answer:** IMEI\n", "**Answer:**\n"),
        case("empty-answer", FORMS, "IMEI number /", "IMEI number / /"),
        case("duplicate-answer", FORMS, "IMEI number /", "IMEI number / imei. /").a_warning(),
        case("duplicate-answer", FORMS, "IMEI number /", "up-skirting / Up\u{2011}skirting /").a_warning(),
        case("answer-in-question", FORMS, "**Answer:** IMEI\n", "**Answer:** IMEI / **four letters**\n"),
        case("answer-in-question", FORMS, "IMEI number /", "WHAT-is /"),
        case("answer-given-away", FORMS, "1. Ring it\n", "1. Ring the *IMEI* number\n").a_warning(),
        case("too-many-answers", FORMS, "**Answer:** IMEI / ", &format!("**Answer:** IMEI / {many_answers}")),
        case("answer-too-long", FORMS, "IMEI number /", &format!("{} /", "IMEI number ".repeat(9))),
        case("unknown-fact", FORMS, "IMEI number /", "{{fact:imei}} /"),
        case("text-after-options", FORMS, "I.M.E.I.\n", "I.M.E.I.\n\n1. [x] IMEI\n2. [ ] Name\n"),
        case("no-options", FORMS, "**Answer:** IMEI / IMEI number /\nI.M.E.I.\n", ""),
        case("no-options", FORMS, "**Answer:** IMEI\n", ""),
        case("variant-of-another-form", FORMS, "**Answer:** IMEI\n", "1. [x] IMEI\n2. [ ] NAME\n   > No.\n"),
        case("variant-of-another-form", FORMS, "1. [x] True\n   > Right.\n2. [ ] False", "- [x] Yes\n- [ ] No"),
        case(
            "too-many-variants",
            FORMS,
            "\n### Variant\n\nWhich four",
            &format!("{third}{third}\n### Variant\n\nWhich four"),
        ),
        case("text-after-options", FORMS, "### Variant\n\nWhich four", "### Variation\n\nWhich four"),
        case("no-right-answer", FORMS, "- [x] A password", "- [ ] A password"),
        case("marking-not-here", FORMS, "pool: words -->", "pool: words; marking: partial -->"),
        case("unknown-marking", FORMS, "marking: partial", "marking: parts"),
        case("order-not-here", FORMS, "weight: 3", "order: fixed"),
        case("unknown-pool", FORMS, "pool: words -->", "pool: word -->"),
        case("unknown-pool", FORMS, "id: locks;", "id: locks; pool: law;"),
        case("bad-name", FORMS, "id: locks;", "id: locks; pool: The law;"),
        case("bad-name", FORMS, "  steps: 2", "  steps: 2\n  The law: 1"),
        case("pool-too-small", FORMS, "words: 1", "words: 3"),
        case("pool-too-small", FORMS, "words: 1", "words: 1\n  law: 1"),
        case("draw-too-small", FORMS, "draw: 4", "draw: 2"),
        case("never-drawn", FORMS, "draw: 4", "draw: 3").a_warning(),
        case("out-of-range", FORMS, "words: 1", "words: 0"),
        case("wrong-kind", FORMS, "words: 1", "words: all"),
        case("wrong-kind", FORMS, "pools:\n  words: 1\n  steps: 2\n", "pools: [words, steps]\n"),
        case("bad-front-matter", FORMS, "words: 1", "steps: 1"),
        case("right-option-same-place", FORMS, "  > Yes.\n\n### Variant\n\nWhich of these lock a", &same_place())
            .a_warning(),
        case("option-without-feedback", FORMS, "   > It is harder to open.\n", "").a_warning(),
    ]
}

#[test]
fn modules() {
    insta::assert_snapshot!(said(&cases_of_modules()));
}

fn cases_of_modules() -> Vec<Case> {
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

fn cases_of_twins() -> Vec<Case> {
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

#[test]
fn agreements() {
    insta::assert_snapshot!(said(&cases_of_agreements()));
}

fn cases_of_agreements() -> Vec<Case> {
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

/// All that the good organisation says about audiences.
fn listed_audiences() -> String {
    let organisation = &good()[ORGANISATION];
    let start = organisation.find("roles_are").unwrap_or_default();
    organisation[start..organisation.find("[[role]]").unwrap_or_default()].to_owned()
}

fn cases_of_the_rest() -> Vec<Case> {
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

#[test]
fn signs_of_other_programs_can_be_meant() {
    let mut files = good();
    let meant = "A \\[^1\\], \\{#b}, `{#c} [^d]`.\n\n\\::: e\n\n\\!!! f\n\n\\| g |\n\n| `h\\|i` | j |\n| --- | --- |\n| `k\\|l` | \\| |\n";
    change(&mut files, PAGE, "### What to read", &format!("{meant}\n### What to read"));
    change(&mut files, QUIZ, "3. [ ] It does not matter", "3. [ ] All of the above");
    assert_eq!(problems(files.clone()), "");
    let page = compile(&Sources::from_files(files), today()).catalogue;
    let page = format!("{:?}", page.modules.values().flat_map(|module| module.pages.iter()).collect::<Vec<_>>());
    for shown in ["<th scope=\\\"col\\\"><code>h|i</code></th>", "<th scope=\\\"row\\\"><code>k|l</code></th>"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[test]
fn files_whose_names_end_otherwise_are_named() {
    let others = [
        "modules/passwords/30-more.md.txt",
        "modules/passwords/40-more.MD",
        "modules/passwords/cy/50-more.markdown",
        "modules/passwords/Thumbs.db",
        "organisation.toml.txt",
        "LICENSE",
    ];
    let problems = compile(&Sources::from_files(good()).with_others(others), today()).problems;
    let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn every_problem_is_found_in_one_run() {
    let mut files = good();
    for (path, from, to) in [
        (QUIZ, "2. [x] {{fact", "2. [ ] {{fact"),
        (QUIZ, "page: what-to-do", "page: what-to-dont"),
        (PAGE, "(../devices/)", "(../device/)"),
        (MODULE, "minutes = 15", "minutes = 0"),
        (PROGRAMME, "due_days = 14\n", ""),
    ] {
        change(&mut files, path, from, to);
    }
    insta::assert_snapshot!(problems(files), @"
    modules/passwords/10-why.md:17:3: error[unknown-module]: There is no module `device`.
      help: Did you mean `devices`?
    modules/passwords/module.toml:4:11: error[out-of-range]: `minutes` is 0, which is out of range.
      help: Write a number from 1 to 600.
    modules/passwords/quiz.md:13:1: error[no-right-answer]: This question has no right answer.
      help: Put an x into the box of the right option: `[x]`.
    modules/passwords/quiz.md:26:28: error[unknown-page]: There is no page `what-to-dont` in this module.
      help: Did you mean `what-to-do`?
    programmes/welcome.toml:1:1: error[missing-key]: `due_days` is missing.
      help: Add a line for `due_days`.
    ");
}

#[test]
fn every_code_has_a_case() {
    let cases = [
        cases_of_pages(),
        cases_of_drawings(),
        cases_of_scenarios(),
        cases_of_quizzes(),
        cases_of_forms(),
        cases_of_modules(),
        cases_of_twins(),
        cases_of_agreements(),
        cases_of_the_rest(),
    ];
    let tried: BTreeSet<&str> = cases.iter().flatten().map(|case| case.code).collect();
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !tried.contains(code.name())).collect();
    // What comes of GIFT, pictures, video and sound, and what is known only beside a database, have cases of their own; bytes that are
    // not text do not come this far, and there is no known way to the other.
    let elsewhere = ["gift-", "published-", "caption", "media", "transcript", "logo-not-on-paper"];
    let missing: Vec<_> =
        missing.into_iter().filter(|code| !elsewhere.iter().any(|word| code.name().contains(word))).collect();
    assert_eq!(missing, [&Code::NoCanonicalForm, &Code::NotUtf8]);
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

/// One thing that is wrong, and what the compiler calls it.
struct Case {
    code: &'static str,
    level: &'static str,
    path: &'static str,
    what: String,
    files: BTreeMap<String, String>,
}

fn case(code: &'static str, path: &'static str, from: &str, to: &str) -> Case {
    let mut files = good();
    change(&mut files, path, from, to);
    let what = format!("{path}: {from:?} -> {:?}", shortened(to));
    Case { code, level: "error", path, what, files }
}

/// The provider's own look with something wrong.
fn looks(code: &'static str, lines: &str) -> Case {
    case(code, ORGANISATION, "[[audience]]", &format!("[look]\n{lines}\n\n[[audience]]"))
}

fn renamed(code: &'static str, from: &'static str, to: &str) -> Case {
    let mut files = good();
    let text = files.remove(from).expect("the file is there");
    files.insert(to.to_owned(), text);
    Case { code, level: "error", path: from, what: format!("{from} renamed to {to}"), files }
}

impl Case {
    /// The same with one more file.
    fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    fn a_warning(self) -> Self {
        Self { level: "warning", ..self }
    }

    /// Changes one more thing, wherever it stands in the same module, agreement or programme.
    fn removing(mut self, from: &str, to: &str) -> Self {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (path, text) in &mut self.files {
            if path.starts_with(folder) {
                *text = text.replace(from, to);
            }
        }
        self
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the compiler says about each case, after checking that it says what was expected.
fn said(cases: &[Case]) -> String {
    let mut said = String::new();
    let mut missing = Vec::new();
    for Case { code, level, what, files, .. } in cases {
        let problems = problems(files.clone());
        if !problems.contains(&format!("{level}[{code}]")) {
            missing.push(format!("{code}: {what}\n{problems}"));
        }
        writeln!(said, "{what}\n{problems}\n").expect("a string can be written to");
    }
    assert!(missing.is_empty(), "expected but not said:\n{}", missing.join("\n\n"));
    said
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

fn problems(files: BTreeMap<String, String>) -> String {
    let shown: Vec<_> =
        compile(&Sources::from_files(files), today()).problems.iter().map(ToString::to_string).collect();
    shown.join("\n")
}

fn change(files: &mut BTreeMap<String, String>, path: &str, from: &str, to: &str) {
    let text = files.get_mut(path).expect("the file is there");
    assert!(text.contains(from), "{path} does not contain {from:?}");
    *text = text.replacen(from, to, 1);
}

fn good() -> BTreeMap<String, String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content_good");
    let (sources, problems) = Sources::read(&dir).expect("the good content is there");
    assert_eq!(problems, []);
    sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// The end of one question, and another whose right option is always the second.
fn same_place() -> String {
    let question = "1. [ ] A ring\n   > No.\n2. [x] A PIN\n";
    let variant = format!("### Variant\n\nWhat locks a tablet?\n\n{question}\n");
    format!(
        "  > Yes.\n\n## What locks a phone?\n<!-- id: a-lock; page: lost; order: fixed -->\n\n{question}\n{variant}{variant}\
         ## Which of these lock a?\n<!-- id: more-locks; page: lost -->\n\n- [x] A PIN\n- [ ] A bag\n  > No.\n\n### Variant\n\nWhich lock a"
    )
}

fn options() -> String {
    (3..=30).map(|number| format!("{number}. [ ] Option {number}\n    > No.\n")).collect()
}
