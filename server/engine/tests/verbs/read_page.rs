//! Reading, resumed wherever one left off.

use engine::{Refused, Role, Signing, StartError};
use model::PageSlug;

use world::{Someone, World, agreement, on_both, slug};

on_both![
    whoever_comes_back_goes_on_where_they_stopped,
    reading_twice_is_reading_once,
    reading_a_page_on_two_devices_at_once_is_reading_it_once,
    a_new_edition_is_read_anew,
    a_page_that_is_not_there_is_not_read,
    what_is_for_others_is_not_read,
    who_helps_reads_what_learners_read_and_nothing_of_it_counts,
];

async fn whoever_comes_back_goes_on_where_they_stopped(world: World) {
    let amy = world.learner("amy").reads("four-cs", "four-words").await;
    let there = amy.at(&world.another_node().await);
    assert_eq!(next(&there).await.as_deref(), Some("get-help"));
    there.reads("four-cs", "get-help").await;
    assert_eq!(next(&amy).await, None);
}

async fn reading_twice_is_reading_once(world: World) {
    world.learner("amy").reads("four-cs", "four-words").reads("four-cs", "four-words").await;
    assert_eq!(world.raw.count("page_read").await, 1);
}

async fn reading_a_page_on_two_devices_at_once_is_reading_it_once(world: World) {
    let amy = world.learner("amy").await;
    tokio::join!(amy.reads("four-cs", "get-help"), amy.reads("four-cs", "get-help"));
    assert_eq!(world.raw.count("page_read").await, 1);
}

async fn a_new_edition_is_read_anew(world: World) {
    let amy = world.learner("amy").reads("four-cs", "four-words").await;
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!(next(&amy).await.as_deref(), Some("four-words"));
}

async fn a_page_that_is_not_there_is_not_read(world: World) {
    let amy = world.learner("amy").await;
    let page = PageSlug::new("five-words").unwrap();
    let refused = world.engine.read_page(&amy.person, &slug("four-cs"), &page).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
}

async fn what_is_for_others_is_not_read(world: World) {
    let (amy, sam) = (world.learner("amy").await, world.staff("sam").await);
    let page = PageSlug::new("lines").unwrap();
    let refused = world.engine.page(&amy.person, &slug("boundaries"), &page).await;
    assert!(matches!(refused, Err(Refused::NotForYou)));
    assert!(world.engine.page(&sam.person, &slug("boundaries"), &page).await.is_ok());
}

async fn who_helps_reads_what_learners_read_and_nothing_of_it_counts(world: World) {
    let page = PageSlug::new("the-law").unwrap();
    // Whoever works for the provider may: here, whoever has a duty, and Sam, who has none.
    let mut readers = vec![(world.learner("amy").await, true), (world.staff("sam").await, false)];
    for role in Role::ALL {
        let reader = world.person(role.code(), &[role]);
        let reader = if role == Role::Manager { reader.manages("Northfield/Cohort A").await } else { reader.await };
        readers.push((reader, false));
    }
    for (reader, counts) in readers {
        let (engine, person) = (&world.engine, &reader.person);
        let name = &person.name;
        let seen = engine.page(person, &slug("sharing-nudes"), &page).await;
        assert_eq!(seen.map(|seen| seen.counts).ok(), Some(counts), "{name}");
        let overview = engine.module_overview(person, &slug("sharing-nudes")).await;
        assert_eq!(overview.map(|overview| overview.counts).ok(), Some(counts), "{name}");
        assert!(engine.quiz_entry(person, &slug("sharing-nudes")).await.is_ok(), "{name}");
        assert!(engine.module_versions(person, &slug("sharing-nudes")).await.is_ok(), "{name}");
        let agreement = engine.agreement_page(person, &agreement("learner-aup")).await;
        let others = agreement.map(|agreement| matches!(agreement.signing, Signing::ForOthers));
        assert_eq!(others.ok(), Some(!counts), "{name}");
        if !counts {
            assert!(
                matches!(engine.read_page(person, &slug("sharing-nudes"), &page).await, Err(Refused::NotForYou)),
                "{name}"
            );
            assert!(
                matches!(engine.start_attempt(person, &slug("sharing-nudes")).await, Err(StartError::Refused(_))),
                "{name}"
            );
            let own = engine.own_page(person).await.unwrap();
            assert!(own.due.is_empty() && own.done.is_empty(), "{name}: {own:?}");
        }
    }
    assert_eq!(world.raw.count("page_read").await, 0);
    assert_eq!(world.raw.count("attempt").await, 0);
}

/// The page of the 4 Cs at which they go on.
async fn next(someone: &Someone) -> Option<String> {
    let overview = someone.world.engine.module_overview(&someone.person, &slug("four-cs")).await.unwrap();
    overview.next.map(|page| page.to_string())
}
