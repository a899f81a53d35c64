//! What has changed since somebody signed or passed, as they find it before they do it again.

use crate::site::Site;
use world::{World, on_both};

on_both![
    signing_again_begins_with_what_changed_and_where,
    taking_again_begins_with_what_changed_and_where,
    after_a_pass_the_ticks_stay_or_it_is_said_how_many_pages_were_opened,
];

/// Whether some texts stand in a page in this order.
fn in_order(page: &str, texts: &[&str]) {
    let mut rest = page;
    for text in texts {
        let Some((_, after)) = rest.split_once(text) else { panic!("{text:?} is not where it should be in {page}") };
        rest = after;
    }
}

async fn signing_again_begins_with_what_changed_and_where(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    amy.signs("laptop-loan").await.unwrap();
    let mut hers = Site::over(&world).browser_of(&amy).await;
    assert!(!hers.get("/agreements/laptop-loan").await.text().contains("changed-card"));
    world.edits("agreements/laptop-loan.md", "1. I bring it back.", "1. I bring it back clean.");
    world.publishes_new_version_of("laptop-loan").await;
    let page = hers.get("/agreements/laptop-loan").await.text();
    in_order(
        &page,
        &[
            "changed-card",
            "Changed – sign again",
            "You signed version 1.0 on 23 November 2026. 2 passages have changed in version 1.1.",
            "clause 2",
            "One more rule.",
            "The laptop, clause 1",
            "<ins>",
            "clean",
            "The text of the agreement",
            "id=\"sign\"",
        ],
    );
}

async fn taking_again_begins_with_what_changed_and_where(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut hers = Site::over(&world).browser_of(&amy).await;
    assert!(!hers.get("/modules/four-cs").await.text().contains("changed-card"));
    let (old, new) = ("Contact is who reaches you.", "\n\n## Who\n\nContact is whoever reaches you.");
    world.edits("modules/four-cs/10-four-words.md", old, new);
    world.publishes_new_edition_of("four-cs").await;
    let page = hers.get("/modules/four-cs").await.text();
    in_order(
        &page,
        &[
            "changed-card",
            "Changed – take again",
            "You passed an earlier edition on 23 November 2026.",
            "See what has changed",
            "Reworded: Four words",
            "<ins>",
            "Start reading",
        ],
    );
    assert!(page.contains("class=\"whereabouts\""), "{page}");
    assert!(hers.get("/").await.text().contains("Changed – take again"));
}

async fn after_a_pass_the_ticks_stay_or_it_is_said_how_many_pages_were_opened(world: World) {
    let site = Site::over(&world);
    let read = world.learner("amy").reads("four-cs", "four-words").passes("four-cs").await;
    let page = site.browser_of(&read).await.get("/modules/four-cs").await.text();
    assert_eq!(page.matches("Done: ").count(), 3, "two pages and the quiz: {page}");
    assert!(!page.contains("You had opened"), "{page}");
    let unread = world.learner("ben").passes("four-cs").await;
    let page = site.browser_of(&unread).await.get("/modules/four-cs").await.text();
    assert_eq!(page.matches("Done: ").count(), 1, "{page}");
    assert!(page.contains("You had not opened its page before that."), "{page}");
}
