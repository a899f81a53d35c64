//! Views of the matrix that people keep for themselves.

use engine::{Role, SaveViewError, SavedView};

use world::{World, on_both};

on_both![views_are_kept_replaced_and_deleted_by_their_owner, what_cannot_be_kept_is_refused];

async fn views_are_kept_replaced_and_deleted_by_their_owner(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await.person;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    let engine = &world.engine;
    engine.save_view(&mina, " Overdue ", "status=overdue").await.unwrap();
    engine.save_view(&mina, "All", "").await.unwrap();
    engine.save_view(&dan, "Overdue", "").await.unwrap();
    assert_eq!(engine.save_view(&mina, "Overdue", "status=overdue&sort=name").await.unwrap(), "Overdue");
    let kept = engine.saved_views(&mina).await.unwrap();
    let said: Vec<_> = kept.iter().map(|view| (view.name.as_str(), view.query.as_str())).collect();
    assert_eq!(said, [("All", ""), ("Overdue", "status=overdue&sort=name")]);
    // Nobody deletes another's.
    assert!(!engine.delete_view(&dan, kept[0].id).await.unwrap());
    assert!(engine.delete_view(&mina, kept[0].id).await.unwrap());
    assert!(!engine.delete_view(&mina, kept[0].id).await.unwrap());
    assert_eq!((engine.saved_views(&mina).await.unwrap().len(), engine.saved_views(&dan).await.unwrap().len()), (1, 1));
}

async fn what_cannot_be_kept_is_refused(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await.person;
    let engine = &world.engine;
    assert!(matches!(engine.save_view(&mina, " ", "").await, Err(SaveViewError::Name(_))));
    assert!(matches!(engine.save_view(&mina, &"n".repeat(61), "").await, Err(SaveViewError::Name(_))));
    assert!(matches!(engine.save_view(&mina, "All", &"q".repeat(9000)).await, Err(SaveViewError::TooLong)));
    for number in 0..SavedView::MOST {
        engine.save_view(&mina, &format!("View {number}"), "").await.unwrap();
    }
    assert!(matches!(engine.save_view(&mina, "One more", "").await, Err(SaveViewError::TooMany)));
    // One of them may still be replaced.
    engine.save_view(&mina, "View 7", "sort=name").await.unwrap();
}
