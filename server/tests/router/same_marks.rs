//! The same answers earn the same marks, sent as plain forms or as the island sends them, in whatever order things are shown. That the
//! island reads its controls rightly is shown in a browser, in the journeys.

use engine::{AttemptId, AttemptResult};
use model::{Asks, Given, PaperQuestion};
use sha2::{Digest as _, Sha256};

use crate::site::{Browser, Site};
use world::{Someone, World, on_both};

on_both![the_same_answers_earn_the_same_from_a_form_and_from_the_island];

const ROUNDS: u32 = 12;

async fn the_same_answers_earn_the_same_from_a_form_and_from_the_island(world: World) {
    let quiz = "modules/sharing-nudes/quiz.md";
    world.edits(quiz, "draw: 1", "draw: 7");
    let last = "> **Why:** keptback: the fewer who see it, the better.\n";
    world.edits(quiz, last, &format!("{last}{MORE}"));
    world.publishes().await.unwrap();
    let site = Site::over(&world);
    let mut kinds = std::collections::BTreeSet::new();
    for round in 0..ROUNDS {
        let mut marks = Vec::new();
        for way in [Way::Form, Way::Island] {
            let someone = world.learner(format!("{way:?}-{round}").to_lowercase().leak()).await;
            let mut browser = site.browser_of(&someone).await;
            let result = take(&mut browser, &someone, round, way).await;
            let mut questions: Vec<_> =
                result.questions.iter().map(|question| (question.stem.clone(), question.right)).collect();
            questions.sort();
            kinds.extend(questions.iter().cloned());
            marks.push((result.earned, result.possible, result.passed, questions));
        }
        assert_eq!(marks[0], marks[1], "round {round}");
    }
    assert_eq!(kinds.len(), 14, "each of seven questions was answered rightly and wrongly: {kinds:?}");
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Form,
    Island,
}

async fn take(browser: &mut Browser, someone: &Someone, round: u32, way: Way) -> AttemptResult {
    let id: AttemptId = someone.starts("sharing-nudes").await.unwrap();
    let attempt = format!("/attempts/{id}");
    for question in someone.sits(id).await.paper.questions {
        let mut fields = vec![("question".to_owned(), question.number.to_string())];
        fields.extend(answer(round, &question).to_fields());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let address = format!("{attempt}/answers");
        let reply = match way {
            Way::Form => browser.post(&address, &fields).await,
            Way::Island => browser.post_for_json(&address, &fields).await,
        };
        assert!(reply.status.is_success() || reply.status.is_redirection(), "{}", reply.whole());
    }
    let submit = format!("{attempt}/submit");
    match way {
        Way::Form => browser.post(&submit, &[]).await,
        Way::Island => browser.post_for_json(&submit, &[]).await,
    };
    someone.result(id).await
}

/// What this round answers, chosen by what the options say and not by where they stand.
fn answer(round: u32, question: &PaperQuestion) -> Given {
    let number = |text: &str| {
        let digest = Sha256::digest(format!("f{round} {} {text}", question.stem));
        u64::from(digest[0]) << 8 | u64::from(digest[1])
    };
    let mut given = Given::default();
    match question.asks {
        Asks::One => {
            given.chosen.extend(question.choices.iter().min_by_key(|choice| number(&choice.html)).map(|c| c.letter))
        }
        Asks::Several => {
            let chosen = question.choices.iter().filter(|choice| number(&choice.html) % 2 == 0);
            given.chosen.extend(chosen.map(|choice| choice.letter));
        }
        Asks::Order | Asks::Match => {
            let (mut rows, mut options) = (question.rows.clone(), question.choices.clone());
            rows.sort_by_key(|row| row.html.clone());
            options.sort_by_key(|option| number(&option.html));
            for (row, option) in rows.iter().zip(options) {
                given.pair(row.letter, Some(option.letter));
            }
        }
        Asks::Text => {
            let texts = ["upskirting", "  Up-Skirting ", "ÚPSKIRTING", "skirting", ""];
            given.text = texts[usize::try_from(number("")).unwrap() % texts.len()].to_owned();
        }
    }
    given
}

const MORE: &str = "
## Which of these are right?
<!-- id: some; page: the-law; marking: partial -->

- [x] This
  > keptback: yes.
- [x] That
  > keptback: yes.
- [ ] The other
  > keptback: no.

> **Why:** keptback: so it is.

## Which of these is right, and nothing else?
<!-- id: all; page: the-law; weight: 2 -->

- [x] Water
  > keptback: yes.
- [ ] Fire
  > keptback: no.

> **Why:** keptback: so it is.

## It is so.
<!-- id: so; page: the-law -->

1. [ ] True
   > keptback: no.
2. [x] False
   > keptback: yes.

> **Why:** keptback: it is not.

## Put them in order.
<!-- id: order; page: the-law; marking: partial; weight: 3 -->

1. Early
2. Late
3. Later

> **Why:** keptback: time goes on.

## Match them.
<!-- id: match; page: the-law; marking: partial -->

| Animal | Home |
| --- | --- |
| Bee | Hive |
| Bird | Nest |

> **Why:** keptback: they live there.

## What is it called?
<!-- id: text; page: the-law -->

**Answer:** upskirting / up-skirting

> **Why:** keptback: it has a name.
";
