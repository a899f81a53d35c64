//! What is wrong with quizzes and with each form of a question.

use engine::content::{Sources, compile};

use super::{Case, FORMS, PAGE, QUIZ, case, change, good, problems, said, today};

#[test]
fn quizzes() {
    insta::assert_snapshot!(said(&cases_of_quizzes()));
}

pub(super) fn cases_of_quizzes() -> Vec<Case> {
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

pub(super) fn cases_of_forms() -> Vec<Case> {
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
