//! Tokens, which programs show in place of a password.

use chrono::Days;
use engine::{Actor, Bearer, Duty, NewToken, Role, TokenError, TokenId};

use world::{Someone, World, on_both};

on_both![
    a_token_that_is_shown_says_as_whom_it_acts,
    only_a_digest_of_it_is_kept,
    nobody_makes_one_to_act_as_somebody_else,
    nobody_gives_themselves_a_duty_by_way_of_one,
    a_name_that_nobody_can_see_is_refused,
    once_it_has_ended_it_counts_for_nothing,
    nobody_ends_somebody_elses,
    a_new_password_ends_all_that_act_for_the_person,
    whoever_has_left_has_none,
];

async fn a_token_that_is_shown_says_as_whom_it_acts(world: World) {
    let amy = world.learner("amy").await;
    let (hers, shown) = of(&amy, Actor::Person(amy.person.id)).await.unwrap();
    let (token, person) = world.engine.find_token(&shown).await.unwrap().unwrap();
    assert_eq!((token.id, &*token.name, person), (hers, "script", Some(amy.person)));
    let duty = Duty { role: Role::Auditor, over: None };
    let (_, shown) = with(&world, duty, Actor::CommandLine).await.unwrap();
    let (token, person) = world.engine.find_token(&shown).await.unwrap().unwrap();
    assert_eq!((token.bearer, person), (Bearer::Duty(duty), None));
    for wrong in ["", "induct_", &shown[1..], &format!("{shown} "), "\0"] {
        assert_eq!(world.engine.find_token(wrong).await.unwrap(), None, "{wrong:?}");
    }
}

async fn only_a_digest_of_it_is_kept(world: World) {
    let amy = world.learner("amy").await;
    let (_, shown) = of(&amy, Actor::CommandLine).await.unwrap();
    let (_, other) = of(&amy, Actor::CommandLine).await.unwrap();
    assert!(shown.starts_with("induct_") && shown.len() == 71 && shown != other, "{shown} {other}");
    let kept = world.raw.texts("SELECT name, digest, recorded_by, role FROM token").await;
    assert!(!format!("{kept:?}").contains(&shown[7..]), "{kept:?}");
}

async fn nobody_makes_one_to_act_as_somebody_else(world: World) {
    let (amy, ada) = (world.learner("amy").await, world.person("ada", &[Role::Administrator]).await);
    for by in [Actor::Person(ada.person.id), Actor::Server] {
        assert!(matches!(of(&amy, by).await, Err(TokenError::NotTheirs)), "{by}");
    }
    let (hers, _) = of(&amy, Actor::CommandLine).await.unwrap();
    assert!(matches!(of(&amy, Actor::Token(hers)).await, Err(TokenError::NotTheirs)));
    assert_eq!(world.raw.count("token").await, 1);
}

async fn nobody_gives_themselves_a_duty_by_way_of_one(world: World) {
    let ada = world.person("ada", &[Role::Administrator]).await;
    let duty = Duty { role: Role::Administrator, over: None };
    let refused = with(&world, duty, Actor::Person(ada.person.id)).await;
    assert!(matches!(refused, Err(TokenError::NotTheirs)), "{refused:?}");
}

async fn a_name_that_nobody_can_see_is_refused(world: World) {
    let bearer = Bearer::Duty(Duty { role: Role::Auditor, over: None });
    for name in ["", "\0", "\u{200b}"] {
        let new = NewToken { name: name.to_owned(), bearer };
        let refused = world.engine.create_token(&new, Actor::CommandLine).await;
        assert!(matches!(refused, Err(TokenError::Name(_))), "{name:?}");
    }
}

async fn once_it_has_ended_it_counts_for_nothing(world: World) {
    let amy = world.learner("amy").await;
    let (token, shown) = of(&amy, Actor::CommandLine).await.unwrap();
    world.engine.end_token(token, Actor::Person(amy.person.id)).await.unwrap();
    assert_eq!(world.engine.find_token(&shown).await.unwrap(), None);
    let again = world.engine.end_token(token, Actor::CommandLine).await;
    assert!(matches!(again, Err(TokenError::NoSuchToken)));
    let ended = world.raw.texts("SELECT ended_by FROM token").await;
    assert_eq!(ended[0][0].as_deref(), Some(&*Actor::Person(amy.person.id).to_string()));
}

async fn nobody_ends_somebody_elses(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let (hers, shown) = of(&amy, Actor::CommandLine).await.unwrap();
    for by in [Actor::Person(ben.person.id), Actor::Token(hers)] {
        assert!(matches!(world.engine.end_token(hers, by).await, Err(TokenError::NoSuchToken)), "{by}");
    }
    assert!(world.engine.find_token(&shown).await.unwrap().is_some());
}

async fn a_new_password_ends_all_that_act_for_the_person(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let ((_, hers), (_, his)) =
        (of(&amy, Actor::CommandLine).await.unwrap(), of(&ben, Actor::CommandLine).await.unwrap());
    world.resets_password("amy", "another horse battery").await;
    assert_eq!(world.engine.find_token(&hers).await.unwrap(), None);
    assert!(world.engine.find_token(&his).await.unwrap().is_some());
}

async fn whoever_has_left_has_none(world: World) {
    let amy = world.learner("amy").await;
    let (_, shown) = of(&amy, Actor::CommandLine).await.unwrap();
    world.engine.leave(amy.person.id, amy.person.start_date + Days::new(1), Actor::CommandLine).await.unwrap();
    assert!(world.engine.find_token(&shown).await.unwrap().is_some());
    world.waits(chrono::TimeDelta::days(1));
    assert_eq!(world.engine.find_token(&shown).await.unwrap(), None);
}

async fn of(someone: &Someone, by: Actor) -> Result<(TokenId, String), TokenError> {
    let new = NewToken { name: "script".to_owned(), bearer: Bearer::Person(someone.person.id) };
    someone.world.engine.create_token(&new, by).await
}

async fn with(world: &World, duty: Duty, by: Actor) -> Result<(TokenId, String), TokenError> {
    world.engine.create_token(&NewToken { name: "script".to_owned(), bearer: Bearer::Duty(duty) }, by).await
}
