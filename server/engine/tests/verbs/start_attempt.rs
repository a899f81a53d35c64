//! When an attempt may begin.

use chrono::TimeDelta;
use engine::{Hold, QuizState, Refused, Role, StartError};
use model::PageSlug;

use world::{KEPT_BACK, World, on_both};

on_both![
    a_double_click_opens_one_attempt,
    many_tabs_at_once_open_one_attempt,
    a_failure_from_a_day_ahead_is_nothing_to_wait_for,
    two_nodes_open_one_attempt,
    after_a_failure_one_waits_to_the_second,
    a_failure_of_another_module_is_no_reason_to_wait,
    when_all_attempts_are_used_up_none_may_begin,
    a_new_edition_gives_all_attempts_again,
    what_is_passed_is_not_taken_again,
    a_renewal_may_begin_ninety_days_before_the_pass_expires,
    a_renewal_has_all_attempts_again,
    an_expired_pass_is_taken_again,
    a_later_attempt_asks_in_another_order,
    a_paper_holds_neither_key_nor_feedback,
    what_is_for_others_is_not_begun,
    what_is_not_there_is_not_begun,
    lowering_the_number_of_attempts_leaves_nobody_stuck,
    a_provider_may_ask_for_the_pages_before_the_quiz,
    what_a_module_requires_comes_before_its_quiz,
];

async fn a_double_click_opens_one_attempt(world: World) {
    let amy = world.learner("amy").await;
    assert_eq!(amy.starts("four-cs").await.unwrap(), amy.starts("four-cs").await.unwrap());
    assert_eq!(world.raw.count("attempt").await, 1);
}

async fn a_failure_from_a_day_ahead_is_nothing_to_wait_for(world: World) {
    let amy = world.learner("amy").await;
    let now = world.engine.now();
    world.clock.set(now + TimeDelta::days(1));
    amy.fails("four-cs").await;
    world.clock.set(now);
    amy.starts("four-cs").await.unwrap();
}

async fn many_tabs_at_once_open_one_attempt(world: World) {
    let amy = world.learner("amy").await;
    let (a, b, c, d) =
        tokio::join!(amy.starts("four-cs"), amy.starts("four-cs"), amy.starts("four-cs"), amy.starts("four-cs"));
    let attempts = [a, b, c, d].map(Result::unwrap);
    assert!(attempts.iter().all(|attempt| *attempt == attempts[0]), "{attempts:?}");
}

async fn two_nodes_open_one_attempt(world: World) {
    let amy = world.learner("amy").await;
    let there = amy.at(&world.another_node().await);
    let (here, there) = tokio::join!(amy.starts("four-cs"), there.starts("four-cs"));
    assert_eq!(here.unwrap(), there.unwrap());
}

async fn after_a_failure_one_waits_to_the_second(world: World) {
    let amy = world.learner("amy").fails("four-cs").await;
    let end = world.engine.now() + TimeDelta::minutes(10);
    world.clock.set(end - TimeDelta::seconds(1));
    assert!(matches!(amy.starts("four-cs").await, Err(StartError::CoolingDown { until }) if until == end));
    assert_eq!(amy.quiz("four-cs").await, QuizState::CoolingDown { until: end, left: 1 });
    world.clock.set(end);
    amy.starts("four-cs").await.unwrap();
}

async fn a_failure_of_another_module_is_no_reason_to_wait(world: World) {
    let amy = world.learner("amy").fails("four-cs").await;
    amy.starts("sharing-nudes").await.unwrap();
}

async fn when_all_attempts_are_used_up_none_may_begin(world: World) {
    let amy = world.learner("amy").fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let since = world.engine.now();
    world.waits(TimeDelta::days(30));
    assert!(matches!(amy.starts("four-cs").await, Err(StartError::LockedOut)));
    assert_eq!(amy.quiz("four-cs").await, QuizState::LockedOut { since });
}

async fn a_new_edition_gives_all_attempts_again(world: World) {
    let amy = world.learner("amy").fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
    amy.starts("four-cs").await.unwrap();
}

async fn what_is_passed_is_not_taken_again(world: World) {
    let amy = world.learner("amy").passes("four-cs").waits(TimeDelta::days(200)).await;
    assert!(matches!(amy.starts("four-cs").await, Err(StartError::Passed)));
}

async fn a_renewal_may_begin_ninety_days_before_the_pass_expires(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let QuizState::Passed(pass) = amy.quiz("four-cs").await else { panic!("it is passed") };
    world.clock.set(pass.expires_at - TimeDelta::days(90) - TimeDelta::microseconds(1));
    assert!(matches!(amy.starts("four-cs").await, Err(StartError::Passed)));
    world.waits(TimeDelta::microseconds(1));
    amy.starts("four-cs").await.unwrap();
}

async fn a_renewal_has_all_attempts_again(world: World) {
    let amy = world.learner("amy").fails("four-cs").waits(TimeDelta::minutes(10)).passes("four-cs").await;
    world.waits(TimeDelta::days(300));
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
}

async fn an_expired_pass_is_taken_again(world: World) {
    let amy = world.learner("amy").passes("four-cs").waits(TimeDelta::days(400)).passes("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(_)));
    assert_eq!(world.raw.count("completion").await, 2);
}

async fn a_later_attempt_asks_in_another_order(world: World) {
    let amy = world.learner("amy").await;
    let first = amy.starts("four-cs").await.unwrap();
    let before = amy.sits(first).await.paper.questions;
    amy.hands_in(first).await.unwrap();
    world.waits(TimeDelta::minutes(10));
    let second = amy.starts("four-cs").await.unwrap();
    assert_ne!(amy.sits(second).await.paper.questions, before);
}

async fn a_paper_holds_neither_key_nor_feedback(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    let paper = format!("{:?}", amy.sits(attempt).await);
    assert!(paper.contains("Choice") && !paper.contains(KEPT_BACK) && !paper.contains("right"), "{paper}");
}

async fn what_is_for_others_is_not_begun(world: World) {
    let (amy, sam) = (world.learner("amy").await, world.staff("sam").await);
    assert!(matches!(amy.starts("boundaries").await, Err(StartError::Refused(Refused::NotForYou))));
    assert!(matches!(sam.starts("sharing-nudes").await, Err(StartError::Refused(Refused::NotForYou))));
    sam.starts("boundaries").await.unwrap();
}

async fn what_is_not_there_is_not_begun(world: World) {
    let amy = world.learner("amy").await;
    assert!(matches!(amy.starts("five-cs").await, Err(StartError::Refused(Refused::NotFound))));
}

async fn lowering_the_number_of_attempts_leaves_nobody_stuck(world: World) {
    let amy = world.learner("amy").fails("four-cs").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.edits("modules/four-cs/quiz.md", "attempts: 2", "attempts: 1");
    world.publishes().await.unwrap();
    world.waits(TimeDelta::minutes(10));
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 1 });
    amy.fails("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::LockedOut { .. }));
    assert_eq!(world.engine.stuck_learners(&dan.person).await.unwrap().len(), 1);
}

async fn what_a_module_requires_comes_before_its_quiz(world: World) {
    let module = "modules/sharing-nudes/module.toml";
    world.edits(module, "edition = 1", "edition = 1\nrequires = [\"four-cs\", \"boundaries\"]");
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    // Boundaries is for staff: what she cannot pass does not hold her up.
    let first = match amy.quiz("sharing-nudes").await {
        QuizState::ModulesFirst { modules } => modules,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        first.iter().map(|first| (first.module.as_str(), first.title.as_str())).collect::<Vec<_>>(),
        [("four-cs", "The 4 Cs")]
    );
    assert!(matches!(amy.starts("sharing-nudes").await, Err(StartError::ModulesFirst)));
    assert_eq!(world.raw.count("attempt").await, 0);
    amy.reads("sharing-nudes", "the-law").await;
    let page = world.engine.own_page(&amy.person).await.unwrap();
    let due: Vec<_> = page.due.iter().map(|due| (due.title.as_str(), due.hold, due.requires.len())).collect();
    assert!(due.contains(&("Sharing nudes", Hold::Gate, 1)), "{due:?}");
    let place = |title: &str| due.iter().position(|due| due.0 == title).unwrap();
    assert!(place("The 4 Cs") < place("Sharing nudes"));
    // Whatever becomes of the pass, she has learnt it.
    amy.passes("four-cs").await;
    world.publishes_new_edition_of("four-cs").await;
    assert!(matches!(amy.quiz("sharing-nudes").await, QuizState::Ready { .. }));
    amy.passes("sharing-nudes").await;
}

async fn a_provider_may_ask_for_the_pages_before_the_quiz(world: World) {
    world.edits(
        "organisation.toml",
        "name = \"Northfield Training\"",
        "name = \"Northfield Training\"\nquiz_after = \"pages\"",
    );
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    // The page that helps to find help is asked of nobody.
    let pages = vec![PageSlug::new("four-words").unwrap()];
    assert_eq!(amy.quiz("four-cs").await, QuizState::PagesFirst { pages });
    assert!(matches!(amy.starts("four-cs").await, Err(StartError::PagesFirst)));
    assert_eq!(world.raw.count("attempt").await, 0);
    amy.reads("four-cs", "four-words").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    amy.passes("four-cs").await;
}
