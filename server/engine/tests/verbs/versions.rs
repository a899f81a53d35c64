//! What was published can be read for ever, and what changed is told in words.

use engine::{DiffRun, PartChange, Refused};
use model::ModuleSlug;

use world::{World, on_both, slug};

on_both![
    every_version_is_listed_newest_first,
    what_changed_is_told_by_its_words,
    versions_are_for_whom_the_module_is,
    a_version_that_was_never_published_is_not_found,
];

async fn every_version_is_listed_newest_first(world: World) {
    let amy = world.learner("amy").await;
    world.publishes_new_edition_of("sharing-nudes").await;
    let versions = world.engine.module_versions(&amy.person, &slug("sharing-nudes")).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    let (version, module) = world.engine.published_module(&amy.person, &slug("sharing-nudes"), 1).await.unwrap();
    assert_eq!((version.number, module.edition), (1, 1));
    assert_eq!(module.canonical.sha256, version.sha256);
}

async fn what_changed_is_told_by_its_words(world: World) {
    let amy = world.learner("amy").await;
    world.publishes_new_edition_of("sharing-nudes").await;
    let changed = world.engine.module_difference(&amy.person, &slug("sharing-nudes"), 1, 2).await.unwrap();
    assert!(changed.remarks.iter().any(|remark| remark.contains("new edition")), "{:?}", changed.remarks);
    let rewords = |run: &DiffRun| matches!(run, DiffRun::Added(_) | DiffRun::Removed(_));
    for part in changed.parts.iter().filter(|part| part.change == PartChange::Reworded) {
        assert!(part.paragraphs.iter().flat_map(|passage| &passage.runs).any(rewords), "{part:?}");
    }
    let same = world.engine.module_difference(&amy.person, &slug("sharing-nudes"), 2, 2).await.unwrap();
    assert!(same.is_empty());
}

async fn versions_are_for_whom_the_module_is(world: World) {
    let amy = world.learner("amy").await;
    let slug: ModuleSlug = slug("boundaries");
    assert!(matches!(world.engine.module_versions(&amy.person, &slug).await, Err(Refused::NotForYou)));
    assert!(matches!(world.engine.published_module(&amy.person, &slug, 1).await, Err(Refused::NotForYou)));
    assert!(matches!(world.engine.module_difference(&amy.person, &slug, 1, 1).await, Err(Refused::NotForYou)));
}

async fn a_version_that_was_never_published_is_not_found(world: World) {
    let amy = world.learner("amy").await;
    let found = world.engine.published_module(&amy.person, &slug("four-cs"), 7).await;
    assert!(matches!(found, Err(Refused::NotFound)));
}
