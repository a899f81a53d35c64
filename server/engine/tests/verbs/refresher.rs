//! Renewing a pass by what has changed since, and by what was answered wrongly.

use chrono::{Months, TimeDelta};
use engine::{
    Actor, AttemptId, AttemptState, Completion, HowEarned, QuizState, RecordFact, Refreshes, Refused, Role, StartError,
    SubmitError, TakeWholeError, WrongBecause,
};

use crate::signed_log::is_valid;
use world::{Someone, World, now, on_both, slug};

on_both![
    what_changed_and_what_was_wrong_is_asked_and_the_pass_says_so,
    where_nothing_changed_half_a_quiz_is_drawn,
    what_was_wrong_in_vain_is_asked_again,
    it_is_for_who_renews_where_the_author_lets_them,
    whoever_began_one_may_take_all_of_it,
    it_is_fixed_to_the_version_that_it_was_begun_on,
    what_has_nothing_left_to_refresh_is_over,
    only_pages_that_changed_are_to_be_opened_first,
    what_is_renewed_in_the_window_counts_on_from_where_the_earlier_pass_ends,
    what_an_attempt_asks_is_changed_by_nobody,
];

const MODULE: &str = "modules/four-cs/module.toml";
const QUIZ: &str = "modules/four-cs/quiz.md";
const SCAMS: &str = "modules/four-cs/30-scams.md";

/// The 4 Cs with refreshers, three pages, and four questions that each attempt asks.
async fn published(world: &World) {
    world.writes(SCAMS, "# Scams\n\nLook twice.\n");
    world.edits(QUIZ, "id: spelling; page: four-words", "id: spelling; page: scams");
    world.edits(QUIZ, "draw: 3", "draw: 4");
    world.edits(MODULE, "workshop = true", "workshop = true\nrefresher = true");
    world.publishes().await.unwrap();
}

/// Somebody who passed with one question unanswered, and may renew it now.
async fn renewing(world: &World, name: &'static str, wrong: Option<&str>) -> Someone {
    let someone = world.learner(name).await;
    let attempt = someone.starts("four-cs").await.unwrap();
    someone.answers_rightly(attempt).await;
    if let Some(wrong) = wrong {
        someone.answers(attempt, wrong, "").await.unwrap();
    }
    someone.hands_in(attempt).await.unwrap();
    assert!(someone.result(attempt).await.passed);
    world.waits(TimeDelta::days(300));
    someone
}

async fn starts(someone: &Someone) -> Result<AttemptId, StartError> {
    someone.world.engine.start_refresher(&someone.person, &slug("four-cs")).await
}

async fn sorted(someone: &Someone, attempt: AttemptId) -> Vec<String> {
    let mut asked = someone.questions(attempt).await;
    asked.sort();
    asked
}

async fn offer(someone: &Someone) -> Option<engine::Refresher> {
    someone.world.engine.refresher(&someone.person, &slug("four-cs")).await.unwrap()
}

async fn passes_it(someone: &Someone) -> Completion {
    let attempt = starts(someone).await.unwrap();
    someone.answers_rightly(attempt).await;
    someone.hands_in(attempt).await.unwrap();
    someone.result(attempt).await.completion.unwrap()
}

async fn what_changed_and_what_was_wrong_is_asked_and_the_pass_says_so(world: World) {
    published(&world).await;
    let engine = &world.engine;
    let amy = renewing(&world, "amy", Some("whom")).await;
    world.edits(SCAMS, "Look twice.", "Look twice, then ask.");
    world.publishes().await.unwrap();
    let before = offer(&amy).await.unwrap();
    assert_eq!((before.wrong, before.changed, before.drawn, before.minutes), (1, 1, 0, 8));
    assert_eq!(before.pages.iter().map(|page| page.slug.as_str()).collect::<Vec<_>>(), ["scams"]);
    let overview = engine.module_overview(&amy.person, &slug("four-cs")).await.unwrap();
    assert!(!overview.changed.unwrap().difference.is_empty(), "it is told before the whole module, too");
    assert!(!before.difference.unwrap().is_empty());
    assert_eq!(engine.quiz_entry(&amy.person, &slug("four-cs")).await.unwrap().refresher, Refreshes::Offered);
    let attempt = starts(&amy).await.unwrap();
    assert_eq!(sorted(&amy, attempt).await, ["spelling", "whom"]);
    assert_eq!(starts(&amy).await.unwrap(), attempt, "two presses begin one");
    assert_eq!(engine.module_overview(&amy.person, &slug("four-cs")).await.unwrap().refresher, Refreshes::Open);
    amy.answers_rightly(attempt).await;
    amy.hands_in(attempt).await.unwrap();
    let result = amy.result(attempt).await;
    assert!(result.refreshes && result.passed && result.questions.len() == 2);
    let pass = result.completion.unwrap();
    assert_eq!((pass.refreshes, pass.how(), pass.minutes, pass.version), (Some(2), HowEarned::Refresher, 8, 3));
    assert_eq!(pass.expires_at, before.counts_until + Months::new(12), "it counts on from where the first one ends");
    assert_eq!(pass.expires_at, before.until, "as it was said before");
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(counts) if counts.id == pass.id));
    // Standing, gate, CPD, record and certificate know it, and each says how.
    amy.signs("laptop-loan").await.unwrap();
    let cpd = engine.cpd_record(amy.person.id).await.unwrap();
    let how: Vec<HowEarned> = cpd.years.iter().flat_map(|year| &year.entries).map(|entry| entry.how).collect();
    assert_eq!(how, [HowEarned::Refresher, HowEarned::Quiz]);
    assert_eq!(engine.certificate(&amy.person, pass.id).await.unwrap().how, HowEarned::Refresher);
    assert!(engine.certificate(&amy.person, pass.id).await.unwrap().entry.faults.is_empty());
    let dan = now(&world.person("dan", &[Role::Dsl]).await).await;
    let record = engine.person_record(&dan, amy.person.id, None).await.unwrap();
    let by_refresher =
        |event: &&engine::RecordEvent| matches!(event.what, RecordFact::Passed { by: HowEarned::Refresher, .. });
    assert_eq!(record.events.iter().filter(by_refresher).count(), 1);
    // So does the log, which is valid.
    let bundle = is_valid(engine).await;
    let openings = bundle.write().unwrap()["openings"].clone();
    let openings = String::from_utf8_lossy(&openings);
    assert!(openings.contains(r#"\"how\":\"refresher\""#) && openings.contains(r#"\"since\":2"#), "{openings}");
    // What is said to have been the whole quiz is found.
    if world.raw.is_sqlite() {
        world.raw.run("DROP TRIGGER completion_never_changes").await.unwrap();
        assert_eq!(world.raw.run("UPDATE completion SET refreshes = NULL WHERE refreshes = 2").await.unwrap(), 1);
        assert_eq!(engine.compare_rows().await.unwrap().len(), 1);
    }
}

async fn where_nothing_changed_half_a_quiz_is_drawn(world: World) {
    published(&world).await;
    let amy = renewing(&world, "amy", None).await;
    let before = offer(&amy).await.unwrap();
    assert_eq!((before.wrong, before.changed, before.drawn, before.pages.len()), (0, 0, 2, 0));
    assert!(before.difference.is_none(), "it is the version that they passed");
    let pass = passes_it(&amy).await;
    assert_eq!((pass.refreshes, pass.possible, pass.minutes), (Some(2), engine::Marks::whole(2), 4));
}

async fn what_was_wrong_in_vain_is_asked_again(world: World) {
    published(&world).await;
    let amy = renewing(&world, "amy", Some("whom")).await;
    let first = starts(&amy).await.unwrap();
    let asked = sorted(&amy, first).await;
    assert!(asked.len() == 2 && asked.contains(&"whom".to_owned()), "{asked:?}");
    amy.hands_in(first).await.unwrap();
    assert!(matches!(starts(&amy).await, Err(StartError::CoolingDown { .. })), "it is an attempt like any other");
    world.waits(TimeDelta::minutes(10));
    assert_eq!(offer(&amy).await.unwrap().wrong, 2);
    let second = starts(&amy).await.unwrap();
    assert_eq!(sorted(&amy, second).await, asked);
    amy.hands_in(second).await.unwrap();
    assert!(matches!(starts(&amy).await, Err(StartError::LockedOut)), "a tutor is asked");
}

async fn it_is_for_who_renews_where_the_author_lets_them(world: World) {
    let ben = renewing(&world, "ben", None).await;
    assert!(offer(&ben).await.is_none(), "its author does not let them");
    assert!(matches!(starts(&ben).await, Err(StartError::NoRefresher)));
    published(&world).await;
    assert!(offer(&ben).await.is_some(), "now they may, whatever they passed before");
    let amy = world.learner("amy").await;
    assert!(offer(&amy).await.is_none() && matches!(starts(&amy).await, Err(StartError::NoRefresher)));
    amy.passes("four-cs").await;
    assert!(offer(&amy).await.is_none() && matches!(starts(&amy).await, Err(StartError::Passed)), "too early");
    let other = world.engine.refresher(&amy.person, &slug("boundaries")).await;
    assert!(matches!(other, Err(Refused::NotForYou)));
    world.waits(TimeDelta::days(280));
    assert!(offer(&amy).await.is_some());
    assert!(offer(&ben).await.is_none() && matches!(starts(&ben).await, Err(StartError::NoRefresher)), "it ran out");
    world.publishes_new_edition_of("four-cs").await;
    assert!(offer(&amy).await.is_none() && matches!(starts(&amy).await, Err(StartError::NoRefresher)), "all is new");
}

async fn whoever_began_one_may_take_all_of_it(world: World) {
    published(&world).await;
    let engine = &world.engine;
    let amy = renewing(&world, "amy", Some("whom")).await;
    let attempt = starts(&amy).await.unwrap();
    amy.answers_rightly(attempt).await;
    let kept = amy.saved(attempt, "whom").await;
    let ben = world.learner("ben").await;
    let others = engine.take_whole(&ben.person, attempt).await;
    assert!(matches!(others, Err(TakeWholeError::Refused(Refused::NotFound))));
    engine.take_whole(&amy.person, attempt).await.unwrap();
    assert_eq!(amy.questions(attempt).await.len(), 4);
    assert_eq!(amy.saved(attempt, "whom").await, kept, "the options stand where they stood");
    assert!(!amy.sits(attempt).await.refreshes);
    amy.answers_rightly(attempt).await;
    amy.hands_in(attempt).await.unwrap();
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!((pass.how(), pass.minutes, pass.possible), (HowEarned::Quiz, 20, engine::Marks::whole(4)));
    engine.take_whole(&amy.person, attempt).await.unwrap();
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn it_is_fixed_to_the_version_that_it_was_begun_on(world: World) {
    published(&world).await;
    let amy = renewing(&world, "amy", Some("whom")).await;
    let attempt = starts(&amy).await.unwrap();
    let asked = amy.questions(attempt).await;
    world.edits(QUIZ, "## Whom can you tell?", "## Whom may you tell?");
    world.publishes().await.unwrap();
    assert_eq!(amy.questions(attempt).await, asked);
    assert!(!amy.sits(attempt).await.paper.questions.iter().any(|asked| asked.stem.contains("may you tell")));
    amy.answers_rightly(attempt).await;
    amy.hands_in(attempt).await.unwrap();
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!((pass.version, pass.refreshes), (2, Some(2)));
    let ben = renewing(&world, "ben", None).await;
    let attempt = starts(&ben).await.unwrap();
    world.publishes_new_edition_of("four-cs").await;
    assert!(matches!(world.engine.attempt(&ben.person, attempt).await.unwrap(), AttemptState::Superseded(_)));
    assert!(matches!(ben.hands_in(attempt).await, Err(SubmitError::Superseded { .. })));
}

async fn what_has_nothing_left_to_refresh_is_over(world: World) {
    published(&world).await;
    let engine = &world.engine;
    let (amy, ben) = (renewing(&world, "amy", None).await, world.learner("ben").await);
    let end = offer(&amy).await.unwrap().counts_until;
    ben.passes("four-cs").await;
    let attempt = starts(&amy).await.unwrap();
    amy.answers_rightly(attempt).await;
    // Whoever begins on the last evening may finish, and not a day longer.
    world.waits(end + TimeDelta::days(1) - TimeDelta::microseconds(1) - engine.now());
    assert!(amy.sits(attempt).await.refreshes);
    world.waits(TimeDelta::microseconds(1));
    let is_over = |state: &AttemptState| matches!(state, AttemptState::RefresherOver(sitting) if sitting.refreshes);
    assert!(is_over(&engine.attempt(&amy.person, attempt).await.unwrap()));
    assert!(matches!(amy.hands_in(attempt).await, Err(SubmitError::RefresherOver)));
    assert_eq!(world.raw.count("completion").await, 2);
    engine.take_whole(&amy.person, attempt).await.unwrap();
    amy.answers_rightly(attempt).await;
    amy.hands_in(attempt).await.unwrap();
    assert_eq!(amy.result(attempt).await.completion.unwrap().how(), HowEarned::Quiz);
    // What was withdrawn was never there to be refreshed.
    world.waits(TimeDelta::days(240));
    let attempt = starts(&ben).await.unwrap();
    let root = world.person("root", &[Role::Administrator]).await;
    let record = engine.cpd_record(ben.person.id).await.unwrap();
    let pass = record.years.iter().flat_map(|year| &year.entries).next().unwrap().completion;
    let by = Actor::Person(root.person.id);
    engine.withdraw_pass(pass, WrongBecause::NotTheirOwn, "A friend took it", by).await.unwrap();
    assert!(is_over(&engine.attempt(&ben.person, attempt).await.unwrap()));
    ben.answers_rightly(attempt).await;
    assert!(matches!(ben.hands_in(attempt).await, Err(SubmitError::RefresherOver)));
}

async fn only_pages_that_changed_are_to_be_opened_first(world: World) {
    published(&world).await;
    let amy = renewing(&world, "amy", None).await;
    world.edits("organisation.toml", "roles_are = \"staff\"", "roles_are = \"staff\"\nquiz_after = \"pages\"");
    world.edits(SCAMS, "Look twice.", "Look twice, then ask.");
    world.publishes().await.unwrap();
    assert!(matches!(starts(&amy).await, Err(StartError::PagesFirst)));
    assert!(matches!(offer(&amy).await.unwrap().state, QuizState::PagesFirst { pages } if pages.len() == 1));
    amy.reads("four-cs", "scams").await;
    let attempt = starts(&amy).await.unwrap();
    // The whole quiz still wants the others.
    let whole = world.engine.take_whole(&amy.person, attempt).await;
    assert!(matches!(whole, Err(TakeWholeError::PagesFirst { .. })), "{whole:?}");
    assert!(amy.sits(attempt).await.refreshes);
    amy.reads("four-cs", "four-words").await;
    world.engine.take_whole(&amy.person, attempt).await.unwrap();
    assert!(!amy.sits(attempt).await.refreshes);
}

async fn what_is_renewed_in_the_window_counts_on_from_where_the_earlier_pass_ends(world: World) {
    let amy = world.learner("amy").await;
    let first = amy.passes("four-cs").await;
    let first = amy.result(first).await.completion.unwrap();
    assert_eq!(first.expires_at, first.completed_at + Months::new(12));
    world.waits(TimeDelta::days(300));
    let second = amy.passes("four-cs").await;
    let second = amy.result(second).await.completion.unwrap();
    assert_eq!(second.expires_at, first.expires_at + Months::new(12));
    // What has run out is begun anew.
    world.waits(second.expires_at - world.engine.now());
    let third = amy.passes("four-cs").await;
    let third = amy.result(third).await.completion.unwrap();
    assert_eq!(third.expires_at, third.completed_at + Months::new(12));
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn what_an_attempt_asks_is_changed_by_nobody(world: World) {
    published(&world).await;
    let amy = renewing(&world, "amy", None).await;
    starts(&amy).await.unwrap();
    let asked = r#"'{"since":1,"pages":[],"questions":["whom"]}'"#;
    let refused = world.raw.run(&format!("UPDATE attempt SET refresher = {asked} WHERE submitted_at IS NULL")).await;
    assert!(format!("{:?}", refused.unwrap_err()).contains("what an attempt was begun on never changes"));
}
