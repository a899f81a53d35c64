//! Answers as they are given: kept one by one, never lost, never somebody else's.

use chrono::TimeDelta;
use engine::{AttemptState, Refused, SaveError};
use model::{AnswerSaved, Given, Letter};

use world::{World, on_both};

on_both![
    an_answer_is_kept,
    a_change_of_mind_replaces_it,
    choosing_nothing_clears_it,
    several_answers_are_kept_in_order,
    of_two_tabs_the_last_counts,
    two_tabs_at_once_lose_nothing,
    it_is_there_on_another_device,
    of_two_devices_the_later_answer_stands_whichever_comes_last,
    an_answer_that_was_cleared_later_stays_cleared,
    nothing_was_answered_before_the_attempt_began_or_in_the_future,
    after_handing_in_nothing_is_saved,
    somebody_elses_attempt_takes_nothing,
    a_question_that_is_not_there_takes_nothing,
    an_option_that_is_not_there_is_refused,
    one_answer_means_one,
    a_refused_answer_leaves_what_was_kept,
    a_new_edition_takes_no_answers_to_the_old_one,
    a_new_version_of_the_same_edition_takes_answers_to_the_old_one,
];

async fn an_answer_is_kept(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    assert_eq!(amy.answers(attempt, "first", "b").await.unwrap(), AnswerSaved { answered: 1, of: 1, later: None });
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn a_change_of_mind_replaces_it(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "a").await.unwrap();
    amy.answers(attempt, "first", "b").await.unwrap();
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn choosing_nothing_clears_it(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "a").await.unwrap();
    assert_eq!(amy.answers(attempt, "first", "").await.unwrap(), AnswerSaved { answered: 0, of: 1, later: None });
    assert_eq!(amy.saved(attempt, "first").await, "");
}

async fn several_answers_are_kept_in_order(world: World) {
    world.edits("modules/four-cs/quiz.md", "draw: 3", "draw: 4");
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers(attempt, "commerce", "ca").await.unwrap();
    assert_eq!(amy.saved(attempt, "commerce").await, "ac");
}

async fn of_two_tabs_the_last_counts(world: World) {
    let amy = world.learner("amy").await;
    let (here, there) = (amy.starts("sharing-nudes").await.unwrap(), amy.starts("sharing-nudes").await.unwrap());
    amy.answers(here, "first", "a").await.unwrap();
    amy.answers(there, "first", "b").await.unwrap();
    assert_eq!(amy.saved(here, "first").await, "b");
}

async fn two_tabs_at_once_lose_nothing(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    let [one, two, three] = &amy.questions(attempt).await[..] else { panic!("three are drawn") };
    let saved = tokio::join!(
        amy.answers(attempt, one, "a"),
        amy.answers(attempt, two, "b"),
        amy.answers(attempt, three, "a"),
        amy.answers(attempt, one, "a"),
    );
    assert!(saved.0.is_ok() && saved.1.is_ok() && saved.2.is_ok() && saved.3.is_ok(), "{saved:?}");
    assert_eq!(
        [amy.saved(attempt, one).await, amy.saved(attempt, two).await, amy.saved(attempt, three).await],
        ["a", "b", "a"]
    );
}

async fn it_is_there_on_another_device(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "a").await.unwrap();
    let there = amy.at(&world.another_node().await);
    assert_eq!(there.starts("sharing-nudes").await.unwrap(), attempt);
    assert_eq!(there.saved(attempt, "first").await, "a");
}

async fn of_two_devices_the_later_answer_stands_whichever_comes_last(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    world.waits(TimeDelta::minutes(20));
    amy.answered(attempt, "first", "b", TimeDelta::minutes(5)).await.unwrap();
    // What a phone could not send for ten minutes comes now.
    let late = amy.answered(attempt, "first", "a", TimeDelta::minutes(10)).await.unwrap();
    let b = Given { chosen: vec![Letter(1)], ..Given::default() };
    assert_eq!(late, AnswerSaved { answered: 1, of: 1, later: Some(b) });
    assert_eq!(amy.saved(attempt, "first").await, "b");
    let last = amy.answered(attempt, "first", "a", TimeDelta::minutes(4)).await.unwrap();
    assert_eq!((last.later, amy.saved(attempt, "first").await.as_str()), (None, "a"));
}

async fn an_answer_that_was_cleared_later_stays_cleared(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    world.waits(TimeDelta::minutes(20));
    amy.answers(attempt, "first", "").await.unwrap();
    let late = amy.answered(attempt, "first", "a", TimeDelta::minutes(10)).await.unwrap();
    assert_eq!(late, AnswerSaved { answered: 0, of: 1, later: Some(Given::default()) });
    assert_eq!(amy.saved(attempt, "first").await, "");
    // Nothing that was cleared is marked, or told as an answer.
    amy.hands_in(attempt).await.unwrap();
    assert!(!amy.result(attempt).await.questions[0].choices.iter().any(|choice| choice.chosen));
}

async fn nothing_was_answered_before_the_attempt_began_or_in_the_future(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answered(attempt, "first", "a", TimeDelta::MAX).await.unwrap();
    amy.answered(attempt, "first", "b", TimeDelta::days(400)).await.unwrap();
    assert_eq!(amy.saved(attempt, "first").await, "b");
    amy.answered(attempt, "first", "a", TimeDelta::MIN).await.unwrap();
    world.waits(TimeDelta::seconds(1));
    amy.answers(attempt, "first", "b").await.unwrap();
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn after_handing_in_nothing_is_saved(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.fails("sharing-nudes").await;
    assert!(matches!(amy.answers(attempt, "first", "b").await, Err(SaveError::HandedIn)));
    assert_eq!(world.raw.count("answer").await, 0);
}

async fn somebody_elses_attempt_takes_nothing(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let refused = ben.answers(attempt, "first", "b").await;
    assert!(matches!(refused, Err(SaveError::Refused(Refused::NotFound))));
    assert!(matches!(world.engine.attempt(&ben.person, attempt).await, Err(Refused::NotFound)));
    assert_eq!(amy.saved(attempt, "first").await, "");
}

async fn a_question_that_is_not_there_takes_nothing(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let given = Given { chosen: vec![Letter(0)], ..Given::default() };
    for number in [0, 2, u32::MAX] {
        let refused = world.engine.save_answer(&amy.person, attempt, number, &given, TimeDelta::zero()).await;
        assert!(matches!(refused, Err(SaveError::NoSuchAnswer)), "{number}");
    }
}

async fn an_option_that_is_not_there_is_refused(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    for letters in ["c", "z", "\u{7f}"] {
        assert!(matches!(amy.answers(attempt, "first", letters).await, Err(SaveError::NoSuchAnswer)), "{letters}");
    }
}

async fn one_answer_means_one(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    assert!(matches!(amy.answers(attempt, "first", "ab").await, Err(SaveError::NoSuchAnswer)));
    amy.answers(attempt, "first", "bb").await.unwrap();
    assert_eq!(amy.saved(attempt, "first").await, "b");
}

async fn a_refused_answer_leaves_what_was_kept(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "a").await.unwrap();
    amy.answers(attempt, "first", "ab").await.unwrap_err();
    amy.answers(attempt, "first", "q").await.unwrap_err();
    assert_eq!(amy.saved(attempt, "first").await, "a");
}

async fn a_new_edition_takes_no_answers_to_the_old_one(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "a").await.unwrap();
    world.publishes_new_edition_of("sharing-nudes").await;
    assert!(matches!(amy.answers(attempt, "first", "b").await, Err(SaveError::Superseded)));
    let AttemptState::Superseded(sitting) = world.engine.attempt(&amy.person, attempt).await.unwrap() else {
        panic!("it is superseded")
    };
    assert_eq!(sitting.paper.questions[0].given.chosen.len(), 1);
    assert_ne!(amy.starts("sharing-nudes").await.unwrap(), attempt);
}

async fn a_new_version_of_the_same_edition_takes_answers_to_the_old_one(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    world.edits("modules/sharing-nudes/quiz.md", "Send it on as proof", "Post it as proof");
    world.publishes().await.unwrap();
    world.waits(TimeDelta::hours(1));
    amy.answers(attempt, "first", "a").await.unwrap();
    let shown = format!("{:?}", amy.sits(attempt).await.paper);
    assert!(shown.contains("Send it on as proof") && !shown.contains("Post it as proof"), "{shown}");
}
