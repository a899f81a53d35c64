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
