//! Reading, resumed wherever one left off.

use engine::Refused;
use model::PageSlug;

use crate::world::{Someone, World, on_both, slug};

on_both![
    whoever_comes_back_goes_on_where_they_stopped,
    reading_twice_is_reading_once,
    reading_a_page_on_two_devices_at_once_is_reading_it_once,
    a_new_edition_is_read_anew,
    a_page_that_is_not_there_is_not_read,
    what_is_for_others_is_not_read,
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

/// The page of the 4 Cs at which they go on.
async fn next(someone: &Someone) -> Option<String> {
    let overview = someone.world.engine.module_overview(&someone.person, &slug("four-cs")).await.unwrap();
    overview.next.map(|page| page.to_string())
}
