//! How long people spend on modules, where the provider counts it.

use chrono::TimeDelta;
use engine::{Actor, HeldValue, MOST_SECONDS, MOST_SECONDS_AT_ONCE, QuizState, Refused, Republish, Role, local_date};
use model::PageSlug;

use world::{Someone, World, on_both, slug};

on_both![
    nothing_is_counted_where_the_provider_does_not_say_so,
    one_number_is_kept_until_it_is_passed_and_stands_in_their_record_then,
    what_the_last_page_counted_comes_with_the_hand_in,
    what_is_handed_in_and_does_not_pass_keeps_no_number,
    nobody_spends_more_than_has_gone_by,
    a_device_that_says_little_leaves_another_its_time,
    a_clock_that_is_set_gives_nobody_time,
    no_number_is_absurd,
    nothing_is_counted_of_what_is_passed_until_it_is_wanted_again,
    what_is_not_theirs_to_take_is_refused,
    where_there_is_no_quiz_nothing_is_counted,
    a_page_with_the_people_who_can_help_is_counted_as_any_other,
    it_is_theirs_and_in_no_log,
    it_goes_with_the_answers_of_who_has_left,
    what_was_being_counted_goes_once_the_provider_counts_it_no_more,
];

/// The provider has it counted.
async fn counts(world: &World) {
    world.edits("organisation.toml", "[[role]]", "[cpd]\ntime_spent = true\n\n[[role]]");
    world.publishes().await.unwrap();
}

/// Their browser says how much it has counted.
async fn says(someone: &Someone, module: &str, seconds: u32) {
    someone.world.engine.spend_time(&someone.person, &slug(module), seconds).await.unwrap();
}

/// They open a page of a module, and so many seconds later their browser says so.
async fn spends(someone: &Someone, module: &str, seconds: u32) {
    says(someone, module, 0).await;
    someone.world.waits(TimeDelta::seconds(seconds.into()));
    says(someone, module, seconds).await;
}

/// What is being counted, in seconds, of everybody.
async fn being_counted(world: &World) -> Vec<String> {
    let rows = world.raw.texts("SELECT CAST(seconds AS TEXT) FROM time_on ORDER BY time_on.seconds").await;
    rows.into_iter().filter_map(|mut row| row.remove(0)).collect()
}

/// What stands in their record, newest first.
async fn spent(someone: &Someone) -> Vec<Option<u32>> {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    record.years.iter().flat_map(|year| &year.entries).map(|entry| entry.spent).collect()
}

async fn nothing_is_counted_where_the_provider_does_not_say_so(world: World) {
    let amy = world.learner("amy").await;
    spends(&amy, "four-cs", 60).await;
    says(&amy, "no-such-module", 60).await;
    assert!(!world.engine.module_overview(&amy.person, &slug("four-cs")).await.unwrap().counts_time);
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    assert!(!amy.sits(attempt).await.counts_time);
    world.engine.submit_quiz(&amy.person, attempt, 60).await.unwrap();
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    assert_eq!((record.time_spent, spent(&amy).await), (false, vec![None]));
    for table in ["time_on", "time_spent", "time_counted"] {
        assert_eq!(world.raw.count(table).await, 0, "{table}");
    }
}

async fn one_number_is_kept_until_it_is_passed_and_stands_in_their_record_then(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    assert!(world.engine.module_overview(&amy.person, &slug("four-cs")).await.unwrap().counts_time);
    spends(&amy, "four-cs", 100).await;
    says(&amy, "four-cs", 0).await;
    spends(&amy, "sharing-nudes", 7).await;
    let there = amy.at(&world.another_node().await);
    spends(&there, "four-cs", 50).await;
    assert_eq!(being_counted(&world).await, ["7", "150"]);
    assert_eq!(world.raw.count("time_counted").await, 1);
    amy.passes("four-cs").await;
    assert_eq!((being_counted(&world).await, world.raw.count("time_counted").await), (vec!["7".to_owned()], 1));
    world.waits(TimeDelta::minutes(1));
    amy.passes("sharing-nudes").await;
    assert_eq!(spent(&amy).await, [Some(1), Some(3)]);
    // With the last number goes up to when it was counted.
    assert_eq!((being_counted(&world).await, world.raw.count("time_counted").await), (vec![], 0));
    // It counts towards nothing.
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    assert_eq!((record.time_spent, record.years[0].minutes_here()), (true, 35));
}

async fn what_the_last_page_counted_comes_with_the_hand_in(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    spends(&amy, "four-cs", 100).await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    world.waits(TimeDelta::seconds(140));
    // Sent twice it counts once.
    for _ in 0..2 {
        world.engine.submit_quiz(&amy.person, attempt, 140).await.unwrap();
    }
    assert_eq!(spent(&amy).await, [Some(4)]);
    // Where nothing was counted, nothing is said.
    let ben = world.learner("ben").passes("four-cs").await;
    assert_eq!((spent(&ben).await, world.raw.count("time_spent").await), (vec![None], 1));
}

async fn what_is_handed_in_and_does_not_pass_keeps_no_number(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    spends(&amy, "four-cs", 500).await;
    let attempt = amy.starts("four-cs").await.unwrap();
    world.waits(TimeDelta::seconds(30));
    world.engine.submit_quiz(&amy.person, attempt, 30).await.unwrap();
    for table in ["time_on", "time_spent", "time_counted"] {
        assert_eq!(world.raw.count(table).await, 0, "{table}");
    }
    // What is counted from then on is of the try that passes.
    world.waits(TimeDelta::minutes(10));
    spends(&amy, "four-cs", 120).await;
    amy.passes("four-cs").await;
    assert_eq!(spent(&amy).await, [Some(2)]);
}

async fn nobody_spends_more_than_has_gone_by(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    // Who comes out of nowhere has spent nothing yet.
    says(&amy, "four-cs", 600).await;
    assert_eq!(being_counted(&world).await, [""; 0]);
    world.waits(TimeDelta::seconds(90));
    // Two pages, two modules and another server, all at once.
    let there = amy.at(&world.another_node().await);
    tokio::join!(
        says(&amy, "four-cs", 90),
        says(&amy, "sharing-nudes", 90),
        says(&there, "four-cs", 90),
        says(&there, "sharing-nudes", 600),
    );
    let sum = "SELECT CAST(SUM(seconds) AS TEXT) FROM time_on";
    assert_eq!(world.raw.texts(sum).await, [[Some("90".to_owned())]]);
    // A page that is opened takes nothing from one whose seconds are on their way.
    world.waits(TimeDelta::milliseconds(1500));
    says(&amy, "four-cs", 0).await;
    says(&amy, "sharing-nudes", 40).await;
    assert_eq!(world.raw.texts(sum).await, [[Some("91".to_owned())]]);
    // What is left of a second is not lost.
    world.waits(TimeDelta::milliseconds(500));
    says(&amy, "four-cs", 40).await;
    assert_eq!(world.raw.texts(sum).await, [[Some("92".to_owned())]]);
    // Somebody else has time of their own.
    let ben = world.learner("ben").await;
    spends(&ben, "four-cs", 8).await;
    assert_eq!(world.raw.texts(sum).await, [[Some("100".to_owned())]]);
    // A hand-in brings no more than has gone by either.
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    world.waits(TimeDelta::seconds(10));
    world.engine.submit_quiz(&amy.person, attempt, 600).await.unwrap();
    assert!(spent(&amy).await[0].is_some_and(|minutes| minutes <= 2), "{:?}", spent(&amy).await);
}

async fn a_device_that_says_little_leaves_another_its_time(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    let phone = amy.at(&world.another_node().await);
    says(&amy, "four-cs", 0).await;
    says(&phone, "four-cs", 0).await;
    world.waits(TimeDelta::seconds(200));
    says(&phone, "four-cs", 5).await;
    assert_eq!(being_counted(&world).await, ["5"]);
    world.waits(TimeDelta::seconds(40));
    // Both were open at once, and no more is counted than has gone by since the first of them said something.
    says(&amy, "four-cs", 240).await;
    assert_eq!(being_counted(&world).await, ["240"]);
    says(&phone, "four-cs", 35).await;
    assert_eq!(being_counted(&world).await, ["240"]);
    // What nobody claims for long is not there to be claimed later.
    world.waits(TimeDelta::hours(1));
    for _ in 0..3 {
        says(&phone, "four-cs", MOST_SECONDS_AT_ONCE).await;
    }
    assert_eq!(being_counted(&world).await, [(240 + MOST_SECONDS_AT_ONCE).to_string()]);
}

async fn a_clock_that_is_set_gives_nobody_time(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    says(&amy, "four-cs", 0).await;
    world.waits(TimeDelta::seconds(5));
    world.sets_clock(TimeDelta::hours(1));
    says(&amy, "four-cs", 600).await;
    assert_eq!(being_counted(&world).await, ["5"]);
}

async fn no_number_is_absurd(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    says(&amy, "four-cs", 0).await;
    world.waits(TimeDelta::hours(1));
    says(&amy, "four-cs", u32::MAX).await;
    assert_eq!(being_counted(&world).await, [MOST_SECONDS_AT_ONCE.to_string()]);
    for _ in 0..=MOST_SECONDS / MOST_SECONDS_AT_ONCE {
        spends(&amy, "four-cs", MOST_SECONDS_AT_ONCE - 1).await;
    }
    assert_eq!(being_counted(&world).await, [MOST_SECONDS.to_string()]);
    amy.passes("four-cs").await;
    assert_eq!(spent(&amy).await, [Some(MOST_SECONDS / 60)]);
}

async fn nothing_is_counted_of_what_is_passed_until_it_is_wanted_again(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").passes("four-cs").await;
    spends(&amy, "four-cs", 60).await;
    let page = PageSlug::new("four-words").unwrap();
    assert!(!world.engine.page(&amy.person, &slug("four-cs"), &page).await.unwrap().counts_time);
    assert_eq!(world.raw.count("time_on").await, 0);
    world.waits(TimeDelta::days(300));
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    assert!(world.engine.page(&amy.person, &slug("four-cs"), &page).await.unwrap().counts_time);
    spends(&amy, "four-cs", 120).await;
    amy.passes("four-cs").await;
    assert_eq!(spent(&amy).await, [Some(2), None]);
}

async fn where_there_is_no_quiz_nothing_is_counted(world: World) {
    world.adds_live_day().await;
    counts(&world).await;
    let amy = world.learner("amy").await;
    let overview = async |module: &str| world.engine.module_overview(&amy.person, &slug(module)).await.unwrap();
    assert_eq!((overview("live-day").await.counts_time, overview("four-cs").await.counts_time), (false, true));
    spends(&amy, "live-day", 60).await;
    assert_eq!(being_counted(&world).await, [""; 0]);
}

async fn what_is_not_theirs_to_take_is_refused(world: World) {
    counts(&world).await;
    let (amy, sam) = (world.learner("amy").await, world.staff("sam").await);
    let nowhere = world.engine.spend_time(&amy.person, &slug("no-such-module"), 60).await;
    assert!(matches!(nowhere, Err(Refused::NotFound)), "{nowhere:?}");
    // Sam helps learners, and may read it.
    for (someone, module) in [(&amy, "boundaries"), (&sam, "sharing-nudes")] {
        let refused = world.engine.spend_time(&someone.person, &slug(module), 60).await;
        assert!(matches!(refused, Err(Refused::NotForYou)), "{refused:?}");
    }
    assert!(!world.engine.module_overview(&sam.person, &slug("sharing-nudes")).await.unwrap().counts_time);
    assert_eq!(world.raw.count("time_on").await, 0);
}

async fn a_page_with_the_people_who_can_help_is_counted_as_any_other(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").await;
    for page in ["four-words", "get-help"] {
        let view = world.engine.page(&amy.person, &slug("four-cs"), &PageSlug::new(page).unwrap()).await.unwrap();
        assert!(view.counts_time, "{page}");
    }
}

async fn it_is_theirs_and_in_no_log(world: World) {
    counts(&world).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let leaves = world.raw.count("log_leaf").await;
    spends(&amy, "sharing-nudes", 599).await;
    assert_eq!(world.raw.count("log_leaf").await, leaves);
    spends(&amy, "four-cs", 599).await;
    amy.passes("four-cs").await;
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    let record = world.engine.person_record(&mina.person, amy.person.id, None).await.unwrap();
    assert!(!format!("{record:?}").contains("spent"), "{record:?}");
    // Who asks what is held about them is told.
    let data = world.engine.own_data(&amy.person).await.unwrap();
    let rows = |table: &str| data.kinds.iter().find(|kind| kind.table == table).unwrap().rows.clone();
    let on = rows("time_on");
    assert_eq!((on.len(), on[0][0].kept()), (1, &HeldValue::Text("sharing-nudes".to_owned())));
    assert_eq!(on[0][1], HeldValue::Number(599));
    assert_eq!(rows("time_spent")[0][1], HeldValue::Number(10));
    assert_eq!(rows("time_counted").len(), 1);
}

async fn it_goes_with_the_answers_of_who_has_left(world: World) {
    counts(&world).await;
    world.edits(
        "organisation.toml",
        "roles_are = \"staff\"",
        "roles_are = \"staff\"\n\n[retention]\nanswers_of_leavers_days = 30\n",
    );
    world.publishes().await.unwrap();
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    for someone in [&amy, &ben] {
        spends(someone, "four-cs", 60).await;
        someone.passes("four-cs").await;
        let begun = someone.starts("sharing-nudes").await.unwrap();
        someone.answers(begun, "first", "a").await.unwrap();
        spends(someone, "sharing-nudes", 60).await;
    }
    world.engine.leave(ben.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(30));
    world.engine.let_go_by_rules(Actor::Server).await.unwrap();
    assert_eq!((spent(&amy).await, spent(&ben).await), (vec![Some(1)], vec![None]));
    assert_eq!((being_counted(&world).await, world.raw.count("time_counted").await), (vec!["60".to_owned()], 1));
    // And with everything else, once they are erased.
    world.engine.leave(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    for table in ["time_on", "time_spent", "time_counted"] {
        assert_eq!(world.raw.count(table).await, 0, "{table}");
    }
}

async fn what_was_being_counted_goes_once_the_provider_counts_it_no_more(world: World) {
    counts(&world).await;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    for someone in [&amy, &ben] {
        spends(someone, "four-cs", 60).await;
    }
    world.engine.let_go_by_rules(Actor::Server).await.unwrap();
    assert_eq!(being_counted(&world).await, ["60", "60"]);
    world.edits("organisation.toml", "time_spent = true", "time_spent = false");
    // As it was before it was turned on: whoever publishes says that they mean it.
    world.engine.publish(&world.compiles(), Republish::Again, Actor::CommandLine).await.unwrap();
    ben.passes("four-cs").await;
    assert_eq!((being_counted(&world).await, spent(&ben).await), (vec!["60".to_owned()], vec![None]));
    world.engine.let_go_by_rules(Actor::Server).await.unwrap();
    for table in ["time_on", "time_spent", "time_counted"] {
        assert_eq!(world.raw.count(table).await, 0, "{table}");
    }
}
