//! A form that was being sent when a session had ended.

use chrono::TimeDelta;
use engine::KeptForm;

use world::{Someone, World, on_both};

on_both![it_is_kept_for_its_sender_alone, nobody_can_read_it, after_a_day_it_is_gone, nobody_can_make_one_up,];

async fn it_is_kept_for_its_sender_alone(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let kept = kept(&amy).await;
    assert_eq!(world.engine.kept_form(ben.person.id, &kept).await.unwrap(), None);
    assert_eq!(world.engine.kept_form(amy.person.id, &kept).await.unwrap(), Some(form()));
    // Any server on the database can open it.
    let another = world.another_node().await;
    assert_eq!(another.engine.kept_form(amy.person.id, &kept).await.unwrap(), Some(form()));
}

async fn nobody_can_read_it(world: World) {
    let amy = world.learner("amy").await;
    let (one, other) = (kept(&amy).await, kept(&amy).await);
    assert!(one != other && !one.contains("Archer") && !one.contains(&amy.person.id.to_string()), "{one}");
    assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{one}");
}

async fn after_a_day_it_is_gone(world: World) {
    let amy = world.learner("amy").await;
    let kept = kept(&amy).await;
    world.waits(TimeDelta::days(1) - TimeDelta::seconds(1));
    assert_eq!(world.engine.kept_form(amy.person.id, &kept).await.unwrap(), Some(form()));
    world.waits(TimeDelta::seconds(1));
    assert_eq!(world.engine.kept_form(amy.person.id, &kept).await.unwrap(), None);
}

async fn nobody_can_make_one_up(world: World) {
    let amy = world.learner("amy").await;
    let kept = kept(&amy).await;
    for made_up in ["", "option=b", &kept[1..], &kept[..kept.len() - 1], &"A".repeat(kept.len())] {
        assert_eq!(world.engine.kept_form(amy.person.id, made_up).await.unwrap(), None, "{made_up}");
    }
}

fn form() -> KeptForm {
    KeptForm {
        address: "/agreements/learner-aup/sign".to_owned(),
        fields: vec![("typed_name".to_owned(), "Amy Archer".to_owned()), ("agree".to_owned(), "yes".to_owned())],
    }
}

async fn kept(someone: &Someone) -> String {
    let engine = &someone.world.engine;
    let owner = engine.owner_tag(someone.person.id).await.unwrap();
    engine.keep_form(&owner, form()).await.unwrap().unwrap()
}
