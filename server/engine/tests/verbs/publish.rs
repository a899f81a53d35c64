//! Publishing: new versions, never changed ones.

use engine::{PublishError, Published};

use crate::world::{World, agreement, on_both, slug};

on_both![
    everything_is_published_once,
    many_nodes_at_once_publish_it_once,
    a_changed_module_is_a_new_version,
    a_module_that_went_back_to_an_earlier_text_is_that_version,
    an_agreement_whose_text_changed_under_its_version_is_refused,
    an_agreement_with_a_new_version_is_published,
    an_agreement_that_went_back_to_an_earlier_version_is_refused,
    dates_of_reviews_may_change_under_a_version,
    a_module_whose_edition_went_back_is_refused,
    when_one_thing_is_refused_nothing_is_published,
    a_signed_text_can_be_read_after_it_was_replaced,
    what_would_be_refused_is_told_all_at_once_with_its_place,
];

async fn everything_is_published_once(world: World) {
    assert_eq!(world.publishes().await.unwrap(), []);
    assert_eq!((world.raw.count("module_version").await, world.raw.count("agreement_version").await), (3, 2));
}

async fn many_nodes_at_once_publish_it_once(world: World) {
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    let (a, b, c) = (world.another_node().await, world.another_node().await, world.another_node().await);
    let published = tokio::join!(a.publishes(), b.publishes(), c.publishes());
    let new = [published.0, published.1, published.2].into_iter().flat_map(Result::unwrap).count();
    assert_eq!((new, world.raw.count("module_version").await), (1, 4));
}

async fn a_changed_module_is_a_new_version(world: World) {
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    assert_eq!(world.publishes().await.unwrap(), [Published::Module(slug("four-cs"), 2)]);
    assert_eq!(world.publishes().await.unwrap(), []);
}

async fn a_module_that_went_back_to_an_earlier_text_is_that_version(world: World) {
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    world.publishes().await.unwrap();
    world.edits("modules/four-cs/10-four-words.md", "all that you see", "what you see");
    assert_eq!(world.publishes().await.unwrap(), []);
}

async fn an_agreement_whose_text_changed_under_its_version_is_refused(world: World) {
    world.edits("agreements/learner-aup.md", "my own account", "any account");
    let refused = world.publishes().await;
    assert!(matches!(
        refused,
        Err(PublishError::TextChanged { agreement: changed, version })
            if changed == agreement("learner-aup") && version == "1.0"
    ));
}

async fn an_agreement_with_a_new_version_is_published(world: World) {
    world.publishes_new_version_of("learner-aup").await;
    assert_eq!(world.raw.count("agreement_version").await, 3);
    assert_eq!(world.publishes().await.unwrap(), []);
}

async fn an_agreement_that_went_back_to_an_earlier_version_is_refused(world: World) {
    let before = world.another_node().await;
    world.publishes_new_version_of("learner-aup").await;
    let refused = before.publishes().await;
    assert!(matches!(
        refused,
        Err(PublishError::OlderVersion { agreement: went_back, found, published })
            if went_back == agreement("learner-aup") && found == "1.0" && published == "1.1"
    ));
}

async fn dates_of_reviews_may_change_under_a_version(world: World) {
    world.edits("agreements/learner-aup.md", "next_review: 2027-09-01", "next_review: 2027-12-01");
    assert_eq!(world.publishes().await.unwrap(), []);
}

async fn a_module_whose_edition_went_back_is_refused(world: World) {
    let before = world.another_node().await;
    world.publishes_new_edition_of("four-cs").await;
    let refused = before.publishes().await;
    assert!(matches!(
        refused,
        Err(PublishError::OlderEdition { module, found: 1, published: 2 }) if module == slug("four-cs")
    ));
}

async fn when_one_thing_is_refused_nothing_is_published(world: World) {
    world.edits("agreements/learner-aup.md", "my own account", "any account");
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    world.publishes().await.unwrap_err();
    assert_eq!(world.raw.count("module_version").await, 3);
}

async fn a_signed_text_can_be_read_after_it_was_replaced(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let signature = amy.signs("laptop-loan").await.unwrap();
    world.publishes_new_version_of("laptop-loan").await;
    let there = world.another_node().await;
    let receipt = there.engine.receipt(&amy.person, signature).await.unwrap();
    let text = format!("{:?}", receipt.agreement.text);
    assert!(text.contains("I bring it back.") && !text.contains("One more rule."), "{text}");
}

async fn what_would_be_refused_is_told_all_at_once_with_its_place(world: World) {
    world.publishes_new_edition_of("four-cs").await;
    world.publishes_new_version_of("laptop-loan").await;
    let versions = world.raw.count("agreement_version").await;
    world.edits("modules/four-cs/module.toml", "edition = 2", "edition = 1");
    world.edits("modules/boundaries/10-lines.md", "Use the account", "Only use the account");
    world.edits("agreements/learner-aup.md", "my own account", "my own account,");
    let row = "  - version: \"1.1\"\n    date: 2026-11-23\n    change: One more rule\n    \
         lead: Head of Digital and ICT\n    reviewed: 2026-11-23\n    next_review: 2027-09-01\n";
    world.edits("agreements/laptop-loan.md", row, "");
    world.edits("agreements/laptop-loan.md", "2. One more rule.\n", "");
    let said: Vec<String> = world
        .unpublishable()
        .await
        .iter()
        .map(|problem| problem.to_string().lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(
        said,
        [
            "agreements/laptop-loan.md:10:5: error[published-version-newer]: \
             The last version here is 1.0, but 1.1 is published already.",
            "agreements/learner-aup.md:11:5: error[published-text-changed]: \
             This is not the text that was published as version 1.0.",
            "modules/four-cs/module.toml:6:1: error[published-edition-newer]: \
             This is edition 1, but edition 2 is published already.",
        ]
    );
    assert_eq!(world.raw.count("agreement_version").await, versions);
}
