//! What somebody has to do and has done.

use chrono::TimeDelta;
use engine::{
    Actor, DoneThing, DueThing, MissedThing, OwnPage, Republish,
    catalogue::{CompanyYear, Schedule},
};
use model::ProgrammeSlug;

use world::{Someone, World, on_both};

on_both![
    a_new_learner_has_everything_to_do,
    a_week_before_it_is_due_soon,
    after_the_due_date_it_is_overdue,
    a_due_date_ends_at_midnight_in_the_united_kingdom,
    what_is_begun_is_in_progress,
    a_pass_is_done_and_the_agreement_says_what_is_missing,
    a_signature_is_done,
    ninety_days_before_it_expires_a_pass_is_due_again,
    an_expired_pass_is_due,
    a_superseded_pass_is_due,
    who_was_late_when_the_next_edition_came_stays_late_since_the_same_day,
    a_new_version_of_the_agreement_is_due,
    staff_have_nothing_of_the_learners,
    a_pass_that_no_programme_asks_for_is_due_again_too,
    in_every_company_year_it_is_asked_for_anew,
    what_is_to_be_renewed_is_done_until_it_expires,
    in_a_new_company_year_nothing_is_done_yet,
    what_was_not_done_in_a_year_that_is_over_stays_on_the_page,
    what_another_programme_wants_anew_stays_done_in_the_one_that_is_done_once,
    the_list_of_modules_says_what_is_asked_for_anew,
    what_is_done_in_the_window_counts_for_the_year_to_come,
    staff_who_were_here_before_the_year_began_are_late_from_its_due_date,
];

async fn a_new_learner_has_everything_to_do(world: World) {
    let amy = world.learner("amy").await;
    let expected = "\
        2026-12-07 Not started four-cs\n\
        2026-12-07 Not started sharing-nudes\n\
        2026-12-07 Not started learner-aup, 2 missing\n";
    assert_eq!(page(&amy).await, expected);
}

async fn a_week_before_it_is_due_soon(world: World) {
    let amy = world.learner("amy").waits(TimeDelta::days(7)).passes("four-cs").await;
    let expected = "\
        2026-12-07 Due soon sharing-nudes\n\
        2026-12-07 Due soon learner-aup, 1 missing\n\
        done four-cs\n";
    assert_eq!(page(&amy).await, expected);
}

async fn after_the_due_date_it_is_overdue(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").waits(TimeDelta::days(15)).await;
    let expected = "\
        2026-12-07 Overdue learner-aup, 0 missing\n\
        done four-cs\n\
        done sharing-nudes\n";
    assert_eq!(page(&amy).await, expected);
}

async fn a_due_date_ends_at_midnight_in_the_united_kingdom(world: World) {
    let amy = world.learner("amy").await;
    world.clock.set("2026-12-07T23:59:59Z".parse().unwrap());
    assert!(page(&amy).await.contains("Due soon four-cs"));
    world.clock.set("2026-12-08T00:00:00Z".parse().unwrap());
    assert!(page(&amy).await.contains("Overdue four-cs"));
}

async fn what_is_begun_is_in_progress(world: World) {
    let amy = world.learner("amy").reads("four-cs", "four-words").fails("sharing-nudes").await;
    let expected = "\
        2026-12-07 In progress four-cs\n\
        2026-12-07 Not started learner-aup, 2 missing\n\
        2026-12-07 In progress sharing-nudes\n";
    assert_eq!(page(&amy).await, expected);
}

async fn a_pass_is_done_and_the_agreement_says_what_is_missing(world: World) {
    let amy = world.learner("amy").passes("sharing-nudes").await;
    let expected = "\
        2026-12-07 Not started four-cs\n\
        2026-12-07 Not started learner-aup, 1 missing\n\
        done sharing-nudes\n";
    assert_eq!(page(&amy).await, expected);
}

async fn a_signature_is_done(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    assert_eq!(page(&amy).await, "done four-cs\ndone sharing-nudes\ndone Learner acceptable use agreement\n");
}

async fn ninety_days_before_it_expires_a_pass_is_due_again(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    world.waits(TimeDelta::days(275));
    let expected = "\
        2027-11-23 Passed four-cs\n\
        2027-11-23 Passed sharing-nudes\n\
        2027-11-23 Passed learner-aup, 0 missing\n\
        done four-cs\n\
        done sharing-nudes\n\
        done Learner acceptable use agreement\n";
    assert_eq!(page(&amy).await, expected);
}

async fn an_expired_pass_is_due(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    world.waits(TimeDelta::days(365));
    let expected = "\
        2027-11-23 Expired four-cs\n\
        2027-11-23 Expired sharing-nudes\n\
        2027-11-23 Expired learner-aup, 2 missing\n";
    assert_eq!(page(&amy).await, expected);
}

async fn a_superseded_pass_is_due(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    world.publishes_new_edition_of("four-cs").await;
    let expected = "\
        2026-12-07 Not started four-cs\n\
        done sharing-nudes\n\
        done Learner acceptable use agreement\n";
    assert_eq!(page(&amy).await, expected);
}

async fn who_was_late_when_the_next_edition_came_stays_late_since_the_same_day(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    world.publishes_new_edition_of("four-cs").await;
    world.waits(TimeDelta::days(20));
    let late = "\
        2026-12-07 Overdue four-cs\n\
        done sharing-nudes\n\
        done Learner acceptable use agreement\n";
    assert_eq!(page(&amy).await, late);
    world.edits("modules/four-cs/module.toml", "edition = 2", "edition = 3");
    world.publishes().await.unwrap();
    assert_eq!(page(&amy).await, late);
}

async fn a_new_version_of_the_agreement_is_due(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    world.waits(TimeDelta::days(100));
    world.publishes_new_version_of("learner-aup").await;
    let expected = "\
        2027-03-17 Not started learner-aup, 0 missing\n\
        done four-cs\n\
        done sharing-nudes\n";
    assert_eq!(page(&amy).await, expected);
}

async fn staff_have_nothing_of_the_learners(world: World) {
    let sam = world.staff("sam").await;
    assert_eq!(page(&sam).await, "");
}

async fn a_pass_that_no_programme_asks_for_is_due_again_too(world: World) {
    let sam = world.staff("sam").passes("boundaries").waits(TimeDelta::days(275)).await;
    assert_eq!(page(&sam).await, "2027-11-23 Passed boundaries\ndone boundaries\n");
}

/// From 1 March, with what is done from 30 January on, by 15 March.
async fn every_year(world: &World) {
    let year = "due_days = 14\nyear_begins = \"1 March\"\nwindow_days = 30";
    world.edits("programmes/learner-induction.toml", "due_days = 14", year);
    world.publishes().await.unwrap();
}

async fn in_every_company_year_it_is_asked_for_anew(world: World) {
    every_year(&world).await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let done = "done four-cs\ndone sharing-nudes\ndone Learner acceptable use agreement\n";
    assert_eq!(page(&amy).await, done);
    world.clock.set("2027-01-29T23:59:59Z".parse().unwrap());
    assert_eq!(page(&amy).await, done);
    world.clock.set("2027-01-30T00:00:00Z".parse().unwrap());
    let due = "\
        2027-03-15 Passed four-cs\n\
        2027-03-15 Passed sharing-nudes\n\
        2027-03-15 Passed learner-aup, 0 missing\n";
    assert_eq!(page(&amy).await, format!("{due}{done}"));
    amy.passes("four-cs").await;
    amy.passes("sharing-nudes").await;
    let last_year = world.raw.count("signature").await;
    amy.signs("learner-aup").await.unwrap();
    assert_eq!(world.raw.count("signature").await, last_year + 1);
    assert_eq!(page(&amy).await, done);
}

async fn what_is_to_be_renewed_is_done_until_it_expires(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    assert_eq!(standing(&amy).await, "3 of 3");
    world.waits(TimeDelta::days(275));
    assert_eq!(standing(&amy).await, "3 of 3 by 2027-11-23");
    world.waits(TimeDelta::days(90));
    assert_eq!(standing(&amy).await, "0 of 3 by 2027-11-23");
}

async fn in_a_new_company_year_nothing_is_done_yet(world: World) {
    every_year(&world).await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    assert_eq!(standing(&amy).await, "3 of 3 by 2027-03-15");
    world.clock.set("2027-01-30T00:00:00Z".parse().unwrap());
    assert_eq!(standing(&amy).await, "0 of 3 by 2027-03-15");
    amy.passes("four-cs").await;
    amy.passes("sharing-nudes").await;
    amy.signs("learner-aup").await.unwrap();
    assert_eq!(standing(&amy).await, "3 of 3 by 2028-03-15");
}

async fn what_was_not_done_in_a_year_that_is_over_stays_on_the_page(world: World) {
    every_year(&world).await;
    let amy = world.learner("amy").passes("four-cs").await;
    let missed = async || {
        let page = world.engine.own_page(&amy.person).await.unwrap();
        let years =
            |missed: &MissedThing| missed.years.iter().map(|missed| missed.year.to_string()).collect::<Vec<_>>();
        page.missed.iter().map(|missed| format!("{}: {}", missed.title, years(missed).join(", "))).collect::<Vec<_>>()
    };
    assert_eq!(missed().await, [""; 0]);
    world.clock.set("2028-03-20T09:00:00Z".parse().unwrap());
    let expected = [
        "The 4 Cs: 2027-03-01",
        "Sharing nudes: 2026-03-01, 2027-03-01",
        "Learner acceptable use agreement: 2026-03-01, 2027-03-01",
    ];
    assert_eq!(missed().await, expected);
    amy.passes("four-cs").await;
    assert_eq!(missed().await, expected);
}

async fn what_another_programme_wants_anew_stays_done_in_the_one_that_is_done_once(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let mut folder = world.compiles();
    let mut again = folder.programmes[0].clone();
    again.slug = ProgrammeSlug::new("refresher").unwrap();
    again.agreements.clear();
    let first_day = "2000-03-01".parse().unwrap();
    again.schedule = Schedule::CompanyYear(CompanyYear { first_day, window: 30, due_days: 14 });
    folder.programmes.push(again);
    world.engine.publish(&folder, Republish::No, Actor::CommandLine).await.unwrap();
    world.clock.set("2027-02-01T09:00:00Z".parse().unwrap());
    let page = world.engine.own_page(&amy.person).await.unwrap();
    let done: Vec<(usize, usize)> = page.programmes.iter().map(|programme| (programme.done, programme.of)).collect();
    assert_eq!(done, [(3, 3), (0, 2)]);
}

async fn the_list_of_modules_says_what_is_asked_for_anew(world: World) {
    every_year(&world).await;
    let amy = world.learner("amy").passes("four-cs").await;
    let said = async |day: &str| {
        world.clock.set(format!("{day}T12:00:00Z").parse().unwrap());
        let modules = world.engine.modules(&amy.person).await.unwrap();
        modules.into_iter().find(|summary| summary.module.slug.as_str() == "four-cs").unwrap().cell.status.word()
    };
    assert_eq!(said("2027-02-28").await, "Passed");
    assert_eq!(said("2027-03-08").await, "Due soon");
    assert_eq!(said("2027-03-16").await, "Overdue");
}

/// Where they stand with their only programme.
async fn standing(someone: &Someone) -> String {
    let page = someone.world.engine.own_page(&someone.person).await.unwrap();
    let standing = &page.programmes[0];
    let by = standing.by.map(|by| format!(" by {by}")).unwrap_or_default();
    format!("{} of {}{by}", standing.done, standing.of)
}

async fn what_is_done_in_the_window_counts_for_the_year_to_come(world: World) {
    every_year(&world).await;
    world.clock.set("2027-01-30T09:00:00Z".parse().unwrap());
    let amy = world.learner("amy").passes("four-cs").await;
    world.clock.set("2027-03-20T09:00:00Z".parse().unwrap());
    let expected = "\
        2027-03-15 Overdue sharing-nudes\n\
        2027-03-15 Overdue learner-aup, 1 missing\n\
        done four-cs\n";
    assert_eq!(page(&amy).await, expected);
}

async fn staff_who_were_here_before_the_year_began_are_late_from_its_due_date(world: World) {
    let amy = world.learner("amy").await;
    every_year(&world).await;
    world.clock.set("2027-03-16T09:00:00Z".parse().unwrap());
    assert!(page(&amy).await.contains("2027-03-15 Overdue four-cs\n"), "{}", page(&amy).await);
}

/// Their own page, a line for each thing; what is done stands in the order of its names.
async fn page(someone: &Someone) -> String {
    let OwnPage { due, done, .. } = someone.world.engine.own_page(&someone.person).await.unwrap();
    let due = due.into_iter().map(|due| {
        let thing = match due.thing {
            DueThing::Module(module, _) => module.to_string(),
            DueThing::Agreement(agreement, missing) => format!("{agreement}, {missing} missing"),
        };
        format!("{} {} {thing}\n", due.wanted.by, due.status.word())
    });
    let mut done: Vec<String> = done
        .into_iter()
        .map(|done| match done {
            DoneThing::Module { module, .. } => format!("done {module}\n"),
            DoneThing::Agreement { title, .. } => format!("done {title}\n"),
        })
        .collect();
    done.sort_by_key(|line| line.contains("agreement"));
    due.chain(done).collect()
}
