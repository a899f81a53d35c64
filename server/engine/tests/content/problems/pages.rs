//! What is wrong with pages, the drawings on them and the scenarios in them.

use super::{AGREEMENT, Case, DRAWING, FORMS, LOST, PAGE, QUIZ, SCENARIO, case, renamed, said};

#[test]
fn pages() {
    insta::assert_snapshot!(said(&cases_of_pages()));
}

pub(super) fn cases_of_pages() -> Vec<Case> {
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

pub(super) fn cases_of_drawings() -> Vec<Case> {
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

pub(super) fn cases_of_scenarios() -> Vec<Case> {
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
