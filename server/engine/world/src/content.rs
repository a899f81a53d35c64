//! A small whole `content/`: two modules for learners, one for staff, and two agreements. Whatever must not reach a
//! browser before an attempt is handed in bears [`KEPT_BACK`].

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

/// Stands in all feedback, in every `Why` and in every misconception.
pub const KEPT_BACK: &str = "keptback";

pub type Files = BTreeMap<String, String>;

pub fn files() -> Files {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// What the pages play, besides their texts.
pub fn media() -> Vec<(&'static str, Arc<[u8]>)> {
    vec![("modules/four-cs/asking.webm", asking())]
}

/// A video of one second, followed by an element that players skip and that makes it long enough for several pieces.
pub fn asking() -> Arc<[u8]> {
    static ASKING: LazyLock<Arc<[u8]>> = LazyLock::new(|| {
        let padding: u32 = 600_001;
        let void = [&[0xEC, 0x10][..], &padding.to_be_bytes()[1..]].concat();
        let numbers = (0..padding).map(|number| number.to_le_bytes()[usize::try_from(number % 3).unwrap()]);
        include_bytes!("../../tests/media/one-second.webm").iter().copied().chain(void).chain(numbers).collect()
    });
    Arc::clone(&ASKING)
}

const FILES: &[(&str, &str)] = &[
    ("organisation.toml", ORGANISATION),
    ("facts.toml", FACTS),
    ("programmes/learner-induction.toml", PROGRAMME),
    ("agreements/learner-aup.md", LEARNER_AUP),
    ("agreements/laptop-loan.md", LAPTOP_LOAN),
    ("modules/four-cs/module.toml", FOUR_CS),
    ("modules/four-cs/10-four-words.md", FOUR_WORDS),
    ("modules/four-cs/20-get-help.md", GET_HELP),
    ("modules/four-cs/asking.vtt", ASKING_CAPTIONS),
    ("modules/four-cs/asking.transcript.md", ASKING_TRANSCRIPT),
    ("modules/four-cs/quiz.md", FOUR_CS_QUIZ),
    ("modules/sharing-nudes/module.toml", SHARING_NUDES),
    ("modules/sharing-nudes/10-the-law.md", THE_LAW),
    ("modules/sharing-nudes/quiz.md", SHARING_NUDES_QUIZ),
    ("modules/boundaries/module.toml", BOUNDARIES),
    ("modules/boundaries/10-lines.md", LINES),
    ("modules/boundaries/quiz.md", BOUNDARIES_QUIZ),
    ("pages/privacy.md", "# What is kept\n\nYour name, your answers and what you sign.\n"),
    ("pages/accessibility.md", "# Made for everybody\n\nIf something stands in your way, tell your tutor.\n"),
    ("pages/employers.md", "# For employers\n\nAre you worried about somebody? Tell us.\n\n> [!HELP]\n"),
    ("pages/families.md", "# For families\n\nYou can talk to us.\n\n> [!HELP]\n"),
];

const ORGANISATION: &str = r#"
name = "Northfield Training"
roles_are = "staff"

[[audience]]
id = "learner"
one = "a learner"
many = "learners"
reading_age = 13

[[audience]]
id = "staff"
one = "a member of staff"
many = "staff"

[[audience]]
id = "volunteer"
one = "a volunteer"
many = "volunteers"

[[role]]
id = "head-of-digital-and-ict"
title = "Head of Digital and ICT"
email = "digital@northfield.example"

[[site]]
name = "Northfield"

[[site.contact]]
name = "Dan Okafor"
role = "Designated safeguarding lead"
phone = "01632 960101"
email = "dan@northfield.example"
hours = "Monday to Friday, 8:30am to 5pm"
"#;

const FACTS: &str = r#"
[[fact]]
id = "childline"
text = "Childline on 0800 1111"
source = "Childline"
edition = "website"
checked = 2026-11-22
review_by = 2027-09-01

[fact.helpline]
name = "Childline"
on_card = true
phone = "0800 1111"
for = "under 19"
audience = "young"
about = "Talk about anything, free and private, day or night."
"#;

const PROGRAMME: &str = r#"
title = "Learner induction"
summary = "What every new learner does first."
audience = ["learner"]
due_days = 14
modules = ["four-cs", "sharing-nudes"]
agreements = ["learner-aup"]
"#;

const LEARNER_AUP: &str = r#"---
title: Learner acceptable use agreement
audience: [learner]
requires: [four-cs, sharing-nudes]
recurs: 12 months
submit_to: head-of-digital-and-ict
statement: I have read this agreement, and I agree to keep to it.
summary:
  - How to use our accounts safely and kindly
versions:
  - version: "1.0"
    date: 2026-11-22
    change: First version
    lead: Head of Digital and ICT
    reviewed: 2026-11-22
    next_review: 2027-09-01
---

## Your account

1. I use only my own account.
"#;

const LAPTOP_LOAN: &str = r#"---
title: Laptop loan
audience: [learner, staff]
requires: [four-cs]
submit_to: head-of-digital-and-ict
statement: I agree to bring it back.
summary:
  - How to borrow a laptop
versions:
  - version: "1.0"
    date: 2026-11-22
    change: First version
    lead: Head of Digital and ICT
    reviewed: 2026-11-22
    next_review: 2027-09-01
---

## The laptop

1. I bring it back.
"#;

const FOUR_CS: &str = r#"
title = "The 4 Cs"
summary = "Four words that help you to spot a risk."
audience = ["learner", "staff"]
minutes = 20
edition = 1
workshop = true
valid_for = "12 months"
languages = ["en"]
owner = "Designated safeguarding lead"
reviewed = 2026-11-22
review_by = 2027-09-01
tags = ["sensitive"]
side_by_side = ["Which of the four have you met?", "What would you do first?"]
outcomes = ["Name the four Cs"]
"#;

const FOUR_WORDS: &str = "\
# Four words

Content is what you see. Contact is who reaches you.
";

const GET_HELP: &str = "\
# Get help

> [!HELP]

You can always call {{fact:childline}}.

![Sam asks for help](asking.webm)
";

const ASKING_CAPTIONS: &str = "\
WEBVTT

00:00.000 --> 00:01.000
Can you help me?
";

const ASKING_TRANSCRIPT: &str = "\
**Sam:** Can you help me?
";

const FOUR_CS_QUIZ: &str = "\
---
pass: 60%
draw: 3
attempts: 2
cooldown: 10m
---

## A stranger asks where you live. Which C is it?
<!-- id: stranger; page: four-words -->

1. [ ] Content
   > keptback: content is what you see. <!-- misconception: keptback-content -->
2. [x] Contact
   > keptback: somebody reaches you.
3. [ ] Conduct
   > keptback: conduct is what you do.

> **Why:** keptback: contact is who reaches you.

## Which of these are commerce risks? Choose all that apply.
<!-- id: commerce; page: four-words -->

- [x] A job that asks for a fee
  > keptback: it is after your money.
- [ ] A cruel joke
  > keptback: that is conduct. <!-- misconception: keptback-joke -->
- [x] A prize that needs your bank card
  > keptback: it is after your money, too.

> **Why:** keptback: ask who wants money.

## A message with perfect spelling can still be a scam.
<!-- id: spelling; page: four-words -->

1. [x] True
   > keptback: good spelling proves nothing.
2. [ ] False
   > keptback: check in a way that you trust. <!-- misconception: keptback-spelling -->

> **Why:** keptback: a scam can look perfect.

## Whom can you tell?
<!-- id: whom; page: get-help -->

1. [ ] Nobody
   > keptback: you are not alone.
2. [x] The safeguarding lead
   > keptback: that is what they are there for.
3. [ ] Only the police
   > keptback: they are not the only ones.

> **Why:** keptback: somebody is always there.
";

const SHARING_NUDES: &str = r#"
title = "Sharing nudes"
summary = "What the law says, and what to do."
audience = ["learner"]
minutes = 15
edition = 1
valid_for = "12 months"
languages = ["en"]
owner = "Designated safeguarding lead"
reviewed = 2026-11-22
review_by = 2027-09-01
outcomes = ["Say what to do first"]
"#;

const THE_LAW: &str = "\
# The law

Do not send it on.
";

const SHARING_NUDES_QUIZ: &str = "\
---
pass: 100%
draw: 1
attempts: 3
cooldown: 10m
---

## What do you do first?
<!-- id: first; page: the-law -->

1. [ ] Send it on as proof
   > keptback: that shares it again. <!-- misconception: keptback-proof -->
2. [x] Tell the safeguarding lead
   > keptback: they can act.

> **Why:** keptback: the fewer who see it, the better.
";

const BOUNDARIES: &str = r#"
title = "Boundaries"
summary = "Where the lines are for staff."
audience = ["staff"]
minutes = 10
edition = 1
valid_for = "12 months"
languages = ["en"]
owner = "Designated safeguarding lead"
reviewed = 2026-11-22
review_by = 2027-09-01
outcomes = ["See a line"]
"#;

const LINES: &str = "\
# Lines

Use the account that you were given.
";

const BOUNDARIES_QUIZ: &str = "\
---
pass: 100%
draw: 1
attempts: 3
cooldown: 10m
---

## May you message a learner from your own phone?
<!-- id: own-phone; page: lines -->

1. [ ] Yes
   > keptback: use the account that you were given.
2. [x] No
   > keptback: that keeps both of you safe.

> **Why:** keptback: it is a line.
";

/// A module that is passed at a workshop only: no world has it until it is added.
pub const LIVE_DAY: &str = r#"
title = "Live day"
summary = "A morning with the safeguarding team."
audience = ["learner"]
minutes = 90
edition = 1
workshop = "only"
valid_for = "12 months"
languages = ["en"]
owner = "Designated safeguarding lead"
reviewed = 2026-11-22
review_by = 2027-09-01
outcomes = ["Say hello to the team"]
"#;
