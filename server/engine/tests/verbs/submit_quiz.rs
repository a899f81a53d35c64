//! Handing in and marking.

use chrono::{Months, TimeDelta};
use engine::{Marks, QuizState, Refused, SubmitError};

use world::{World, on_both, slug};

on_both![
    every_right_answer_passes,
    exactly_the_pass_mark_passes,
    less_than_the_pass_mark_fails,
    handing_in_twice_marks_once,
    handing_in_many_times_at_once_marks_once,
    handing_in_on_two_nodes_marks_once,
    a_pass_counts_for_as_long_as_the_module_says,
    a_pass_is_credited_with_the_minutes_and_the_version_that_was_taken,
    somebody_elses_attempt_is_not_handed_in,
    the_last_failure_asks_the_tutor_once,
    a_failure_before_the_last_asks_nobody,
    an_old_version_of_the_same_edition_is_marked_by_its_own_key,
    a_new_edition_does_not_mark_the_old_one,
    a_failed_result_gives_away_no_option_that_was_not_chosen,
    a_passed_result_tells_all,
    which_pages_were_read_is_forgotten_once_it_is_passed,
    a_page_that_teaches_is_counted_though_it_ends_with_who_can_help,
];

async fn every_right_answer_passes(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("four-cs").await;
    let result = amy.result(attempt).await;
    assert_eq!((result.passed, result.earned, result.possible), (true, Marks::whole(3), Marks::whole(3)));
    assert_eq!(result.completion.unwrap().attempt, Some(attempt));
}

async fn exactly_the_pass_mark_passes(world: World) {
    assert_eq!(marks_with(&world, 3).await, (true, 3, 4));
    assert_eq!(world.raw.count("completion").await, 1);
}

async fn less_than_the_pass_mark_fails(world: World) {
    assert_eq!(marks_with(&world, 2).await, (false, 2, 4));
    assert_eq!(world.raw.count("completion").await, 0);
}

async fn handing_in_twice_marks_once(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("four-cs").await;
    let first = amy.result(attempt).await;
    world.waits(TimeDelta::days(1));
    amy.hands_in(attempt).await.unwrap();
    let second = amy.result(attempt).await;
    assert_eq!((second.submitted_at, second.completion), (first.submitted_at, first.completion));
    assert_eq!(world.raw.count("completion").await, 1);
}

async fn handing_in_many_times_at_once_marks_once(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    let handed_in = tokio::join!(amy.hands_in(attempt), amy.hands_in(attempt), amy.hands_in(attempt));
    assert!(handed_in.0.is_ok() && handed_in.1.is_ok() && handed_in.2.is_ok(), "{handed_in:?}");
    assert_eq!(world.raw.count("completion").await, 1);
}

async fn handing_in_on_two_nodes_marks_once(world: World) {
    let amy = world.learner("amy").fails("four-cs").waits(TimeDelta::minutes(10)).await;
    let there = amy.at(&world.another_node().await);
    let attempt = amy.starts("four-cs").await.unwrap();
    let handed_in = tokio::join!(amy.hands_in(attempt), there.hands_in(attempt));
    assert!(handed_in.0.is_ok() && handed_in.1.is_ok(), "{handed_in:?}");
    assert_eq!(world.raw.count("tutor_task").await, 1);
}

async fn a_pass_counts_for_as_long_as_the_module_says(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("four-cs").await;
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!(pass.expires_at, world.engine.now() + Months::new(12));
}

async fn which_pages_were_read_is_forgotten_once_it_is_passed(world: World) {
    let amy = world.learner("amy").reads("four-cs", "four-words").reads("four-cs", "get-help").await;
    amy.fails("four-cs").await;
    world.waits(TimeDelta::minutes(10));
    assert_eq!(world.raw.count("page_read").await, 2);
    let attempt = amy.passes("four-cs").await;
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!((pass.pages_opened, pass.pages), (1, 1));
    assert_eq!(world.raw.count("page_read").await, 0);
}

async fn a_page_that_teaches_is_counted_though_it_ends_with_who_can_help(world: World) {
    let teaches = format!("Contact is who reaches you.\n\n{}\n\n> [!HELP]", "It can be anybody. ".repeat(30).trim());
    world.edits("modules/four-cs/10-four-words.md", "Contact is who reaches you.", &teaches);
    world.publishes().await.unwrap();
    let amy = world.learner("amy").reads("four-cs", "four-words").await;
    let attempt = amy.passes("four-cs").await;
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!((pass.pages_opened, pass.pages), (1, 1), "the page of help is not counted, and the other is");
}

async fn a_pass_is_credited_with_the_minutes_and_the_version_that_was_taken(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("four-cs").await;
    world.edits("modules/four-cs/module.toml", "minutes = 20", "minutes = 25");
    world.publishes().await.unwrap();
    let pass = amy.result(attempt).await.completion.unwrap();
    assert_eq!((pass.minutes, pass.version, pass.edition), (20, 1, 1));
}

async fn somebody_elses_attempt_is_not_handed_in(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    assert!(matches!(ben.hands_in(attempt).await, Err(SubmitError::Refused(Refused::NotFound))));
    assert_eq!(world.raw.count("completion").await, 0);
    amy.sits(attempt).await;
}

async fn the_last_failure_asks_the_tutor_once(world: World) {
    let amy = world.learner("amy").fails("four-cs").waits(TimeDelta::minutes(10)).await;
    let last = amy.fails("four-cs").await;
    amy.hands_in(last).await.unwrap();
    assert_eq!(world.raw.count("tutor_task").await, 1);
    assert!(matches!(amy.result(last).await.next, Some(QuizState::LockedOut { .. })));
}

async fn a_failure_before_the_last_asks_nobody(world: World) {
    let amy = world.learner("amy").fails("four-cs").await;
    assert_eq!(world.raw.count("tutor_task").await, 0);
    assert!(matches!(amy.quiz("four-cs").await, QuizState::CoolingDown { left: 1, .. }));
}

async fn an_old_version_of_the_same_edition_is_marked_by_its_own_key(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers_rightly(attempt).await;
    world.edits("modules/sharing-nudes/quiz.md", "1. [ ] Send", "1. [x] Send");
    world.edits("modules/sharing-nudes/quiz.md", " <!-- misconception: keptback-proof -->", "");
    world.edits("modules/sharing-nudes/quiz.md", "2. [x] Tell", "2. [ ] Tell");
    world.publishes().await.unwrap();
    // A node that has just started has the old version from the database alone.
    let there = amy.at(&world.another_node().await);
    there.hands_in(attempt).await.unwrap();
    assert!(there.result(attempt).await.passed);
}

async fn a_new_edition_does_not_mark_the_old_one(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    world.publishes_new_edition_of("four-cs").await;
    let refused = amy.hands_in(attempt).await;
    assert!(matches!(refused, Err(SubmitError::Superseded { module }) if module == slug("four-cs")));
    assert_eq!(world.raw.count("completion").await, 0);
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
}

async fn a_failed_result_gives_away_no_option_that_was_not_chosen(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let right = amy.rehearsal().right_answers(attempt).await.unwrap();
    let wrong = if right[0].1.chosen[0].as_char() == 'a' { "b" } else { "a" };
    amy.answers(attempt, "first", wrong).await.unwrap();
    amy.hands_in(attempt).await.unwrap();
    let result = amy.result(attempt).await;
    let question = &result.questions[0];
    assert_eq!((question.right, question.why.as_deref()), (false, None));
    for choice in &question.choices {
        assert_eq!((choice.right, choice.feedback.as_str()), (None, ""));
    }
}

async fn a_passed_result_tells_all(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("sharing-nudes").await;
    let question = amy.result(attempt).await.questions.remove(0);
    assert!(question.right && question.why.is_some());
    assert!(question.choices.iter().all(|choice| choice.right == Some(choice.chosen)), "{:?}", question.choices);
}

/// Passed or not, marks earned, and marks possible, with this many right answers out of four when three are needed.
async fn marks_with(world: &World, right: usize) -> (bool, u32, u32) {
    world.edits("modules/four-cs/quiz.md", "pass: 60%\ndraw: 3", "pass: 75%\ndraw: 4");
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    for (number, letters) in amy.rehearsal().right_answers(attempt).await.unwrap().into_iter().take(right) {
        world.engine.save_answer(&amy.person, attempt, number, &letters, TimeDelta::zero()).await.unwrap();
    }
    amy.hands_in(attempt).await.unwrap();
    let result = amy.result(attempt).await;
    (result.passed, result.earned.in_hundredths() / 100, result.possible.in_hundredths() / 100)
}
