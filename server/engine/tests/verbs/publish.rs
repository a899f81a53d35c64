//! Publishing: new versions, never changed ones.

use engine::{
    Actor, AttemptState, DoneThing, Older, PublishError, Published, QuizState, Refused, Republish, WithdrawError,
};

use world::{World, agreement, on_both, slug};

on_both![
    everything_is_published_once,
    many_nodes_at_once_publish_it_once,
    a_changed_module_is_a_new_version,
    a_module_that_went_back_to_an_earlier_text_is_that_version,
    an_agreement_whose_text_changed_under_its_version_is_refused,
    an_agreement_with_a_new_version_is_published,
    an_agreement_that_went_back_to_an_earlier_version_is_left_alone,
    dates_of_reviews_may_change_under_a_version,
    a_new_text_under_an_earlier_edition_is_refused,
    a_folder_that_is_older_publishes_nothing_of_it_and_says_so,
    an_old_text_is_published_again_when_that_is_asked_for,
    what_is_published_reaches_every_node,
    what_is_not_in_a_folder_stays_published_and_is_said,
    what_is_withdrawn_is_gone_and_its_versions_and_passes_stay,
    a_module_that_an_agreement_requires_is_not_withdrawn,
    a_text_that_was_altered_in_the_database_is_shown_to_nobody,
    when_one_thing_is_refused_nothing_is_published,
    a_signed_text_can_be_read_after_it_was_replaced,
    what_would_be_refused_is_told_all_at_once_with_its_place,
    an_agreement_that_requires_what_was_withdrawn_is_not_published,
    one_altered_module_keeps_nobody_from_the_others,
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

async fn an_agreement_that_went_back_to_an_earlier_version_is_left_alone(world: World) {
    let before = world.another_node().await;
    world.publishes_new_version_of("learner-aup").await;
    assert_eq!(before.publishes().await.unwrap(), []);
    let refused = before.engine.publish(&before.compiles(), Republish::Again, Actor::CommandLine).await;
    assert!(matches!(
        refused,
        Err(PublishError::OlderVersion { agreement: went_back, found, published })
            if went_back == agreement("learner-aup") && found == "1.0" && published == "1.1"
    ));
}

async fn dates_of_reviews_may_change_under_a_version(world: World) {
    world.edits("agreements/learner-aup.md", "next_review: 2027-09-01", "next_review: 2027-12-01");
    assert_eq!(world.publishes().await.unwrap(), [Published::Provider(2)]);
    let there = world.another_node().await.engine.catalogue();
    let row = there.agreements[&agreement("learner-aup")].current().clone();
    assert_eq!(row.next_review, "2027-12-01".parse().unwrap());
}

async fn a_new_text_under_an_earlier_edition_is_refused(world: World) {
    let before = world.another_node().await;
    world.publishes_new_edition_of("four-cs").await;
    before.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    let refused = before.publishes().await;
    assert!(matches!(
        refused,
        Err(PublishError::OlderEdition { module, found: 1, published: 2 }) if module == slug("four-cs")
    ));
}

async fn a_folder_that_is_older_publishes_nothing_of_it_and_says_so(world: World) {
    let before = world.another_node().await;
    world.publishes_new_edition_of("four-cs").await;
    let publication = before.engine.publish(&before.compiles(), Republish::No, Actor::Server).await.unwrap();
    assert_eq!(publication.new, []);
    assert_eq!(publication.older, [Older { what: "module four-cs".to_owned(), number: 1, newest: 2 }]);
    assert_eq!(before.engine.catalogue().modules[&slug("four-cs")].edition, 2);
}

async fn an_old_text_is_published_again_when_that_is_asked_for(world: World) {
    let before = world.another_node().await;
    let amy = world.learner("amy").passes("four-cs").await;
    world.publishes_new_edition_of("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    let publication = before.engine.publish(&before.compiles(), Republish::Again, Actor::CommandLine).await.unwrap();
    assert_eq!(publication.new, [Published::Module(slug("four-cs"), 3)]);
    // Its edition is in force again, and so is the pass.
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(_)));
}

async fn what_is_published_reaches_every_node(world: World) {
    let there = world.another_node().await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    world.publishes_new_edition_of("four-cs").await;
    // Without a restart: what the other node does next is by what is published now.
    let elsewhere = amy.at(&there);
    assert!(matches!(elsewhere.quiz("four-cs").await, QuizState::Ready { .. }));
    elsewhere.passes("four-cs").await;
    elsewhere.signs("learner-aup").await.unwrap();
    world.publishes_new_version_of("laptop-loan").await;
    assert!(there.engine.notice_publications().await.unwrap());
    assert!(!there.engine.notice_publications().await.unwrap());
    assert_eq!(there.engine.catalogue().agreements[&agreement("laptop-loan")].current().version, "1.1");
}

async fn what_is_not_in_a_folder_stays_published_and_is_said(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut folder = world.compiles();
    folder.modules.remove(&slug("four-cs"));
    let publication = world.engine.publish(&folder, Republish::No, Actor::Server).await.unwrap();
    assert!(publication.absent.iter().any(|absent| absent.0 == "module four-cs"), "{publication:?}");
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(_)));
}

async fn what_is_withdrawn_is_gone_and_its_versions_and_passes_stay(world: World) {
    let sam = world.staff("sam").passes("boundaries").await;
    let ben = world.staff("ben").await;
    let open = ben.starts("boundaries").await.unwrap();
    world.engine.withdraw("module/boundaries", Actor::CommandLine).await.unwrap();
    assert!(matches!(world.engine.quiz_entry(&sam.person, &slug("boundaries")).await, Err(Refused::NotFound)));
    assert!(matches!(world.engine.attempt(&ben.person, open).await.unwrap(), AttemptState::Withdrawn(_)));
    assert_eq!(world.engine.module_versions(&sam.person, &slug("boundaries")).await.unwrap().len(), 1);
    let done = world.engine.own_page(&sam.person).await.unwrap().done;
    assert!(
        matches!(&done[..], [DoneThing::Module { withdrawn: true, title, .. }] if title == "Boundaries"),
        "{done:?}"
    );
    // A folder that still has it does not bring it back by itself.
    assert_eq!(world.publishes().await.unwrap(), []);
    world.engine.publish(&world.compiles(), Republish::Again, Actor::CommandLine).await.unwrap();
    assert!(matches!(sam.quiz("boundaries").await, QuizState::Passed(_)));
}

async fn a_module_that_an_agreement_requires_is_not_withdrawn(world: World) {
    let refused = world.engine.withdraw("module/four-cs", Actor::CommandLine).await;
    assert!(matches!(refused, Err(WithdrawError::Required(_))));
}

async fn a_text_that_was_altered_in_the_database_is_shown_to_nobody(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let signature = amy.signs("laptop-loan").await.unwrap();
    let drop = if world.raw.is_sqlite() {
        "DROP TRIGGER agreement_version_never_changes"
    } else {
        "DROP TRIGGER agreement_version_never_changes ON agreement_version"
    };
    world.raw.run(drop).await.unwrap();
    let alter = "UPDATE agreement_version SET canonical = REPLACE(canonical, 'bring', 'sell')";
    world.raw.run(alter).await.unwrap();
    assert!(matches!(world.engine.receipt(&amy.person, signature).await, Err(Refused::Internal(_))));
}

async fn an_agreement_that_requires_what_was_withdrawn_is_not_published(world: World) {
    world.edits("agreements/learner-aup.md", "requires: [four-cs, sharing-nudes]", "requires: [four-cs]");
    world.publishes_new_version_of("learner-aup").await;
    world.engine.withdraw("module/sharing-nudes", Actor::CommandLine).await.unwrap();
    world.edits("agreements/laptop-loan.md", "requires: [four-cs]", "requires: [four-cs, sharing-nudes]");
    world.edits("agreements/laptop-loan.md", "version: \"1.0\"", "version: \"1.1\"");
    let refused = world.publishes().await;
    assert!(matches!(refused, Err(PublishError::RequiresWithdrawn { .. })), "{refused:?}");
    // Together with the module it is taken.
    world.edits("modules/sharing-nudes/module.toml", "edition = 1", "edition = 2");
    world.publishes().await.unwrap();
}

async fn one_altered_module_keeps_nobody_from_the_others(world: World) {
    let sam = world.staff("sam").await;
    let drop = if world.raw.is_sqlite() {
        "DROP TRIGGER module_version_never_changes"
    } else {
        "DROP TRIGGER module_version_never_changes ON module_version"
    };
    world.raw.run(drop).await.unwrap();
    let alter = "UPDATE module_version SET canonical = REPLACE(canonical, 'Use', 'Lend') WHERE module = 'boundaries'";
    world.raw.run(alter).await.unwrap();
    let elsewhere = sam.at(&world.another_node().await);
    assert!(matches!(
        elsewhere.world.engine.quiz_entry(&sam.person, &slug("boundaries")).await,
        Err(Refused::NotFound)
    ));
    let amy = world.learner("amy").await.at(&elsewhere.world);
    amy.passes("four-cs").await;
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
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
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
