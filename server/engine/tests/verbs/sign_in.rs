//! Signing in, and the limits on trying.

use chrono::TimeDelta;
use engine::{Person, SignInError};
use uuid::Uuid;

use crate::world::{PASSWORD, World, email, on_both};

on_both![
    the_right_password_signs_in,
    a_wrong_password_does_not,
    nobody_signs_in_with_an_unknown_address,
    the_case_of_an_address_does_not_count,
    passwords_are_kept_as_argon2id_with_a_salt_of_their_own,
    after_ten_wrong_tries_from_one_place_even_the_right_password_waits,
    unknown_accounts_are_limited_in_the_same_way,
    another_place_is_not_held_up_by_ten_wrong_tries,
    after_fifty_wrong_tries_from_anywhere_the_account_waits,
    after_two_hundred_wrong_tries_the_place_waits,
    tries_are_forgotten_after_a_quarter_of_an_hour,
    many_tries_at_once_get_no_further_than_ten,
    signing_in_many_times_at_once_is_no_failure,
    neither_address_is_kept,
    the_password_asked_for_again_is_limited_too,
];

async fn the_right_password_signs_in(world: World) {
    let amy = world.learner("amy").await;
    assert_eq!(tried(&world, "amy", PASSWORD, "here").await.unwrap(), amy.person);
}

async fn a_wrong_password_does_not(world: World) {
    world.learner("amy").await;
    for wrong in ["", "correct horse batter", "Correct horse battery", " correct horse battery"] {
        assert!(matches!(tried(&world, "amy", wrong, "here").await, Err(SignInError::Wrong)), "{wrong}");
    }
}

async fn nobody_signs_in_with_an_unknown_address(world: World) {
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::Wrong)));
}

async fn the_case_of_an_address_does_not_count(world: World) {
    let amy = world.learner("amy").await;
    let signed_in = world.engine.sign_in(" AMY@Northfield.Example ", PASSWORD, "here").await;
    assert_eq!(signed_in.unwrap(), amy.person);
}

async fn passwords_are_kept_as_argon2id_with_a_salt_of_their_own(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    let hashes = world.raw.texts("SELECT phc FROM password").await;
    assert!(format!("{hashes:?}").matches("$argon2id$v=19$m=19456,t=2,p=1$").count() == 2, "{hashes:?}");
    assert_ne!(hashes[0], hashes[1]);
}

async fn after_ten_wrong_tries_from_one_place_even_the_right_password_waits(world: World) {
    world.learner("amy").await;
    for _ in 0..10 {
        assert!(matches!(tried(&world, "amy", "wrong", "here").await, Err(SignInError::Wrong)));
    }
    let refused = tried(&world, "amy", PASSWORD, "here").await;
    let until = world.engine.now() + TimeDelta::minutes(15);
    assert!(matches!(refused, Err(SignInError::TooMany { retry_at }) if retry_at == until));
}

async fn unknown_accounts_are_limited_in_the_same_way(world: World) {
    for _ in 0..10 {
        assert!(matches!(tried(&world, "nobody", "wrong", "here").await, Err(SignInError::Wrong)));
    }
    assert!(matches!(tried(&world, "nobody", "wrong", "here").await, Err(SignInError::TooMany { .. })));
}

async fn another_place_is_not_held_up_by_ten_wrong_tries(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 10, Multiplied::InPlace).await;
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    assert!(tried(&world, "amy", PASSWORD, "there").await.is_ok());
}

async fn after_fifty_wrong_tries_from_anywhere_the_account_waits(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    fail(&world, "amy", "here", 49, Multiplied::OverPlaces).await;
    assert!(matches!(tried(&world, "amy", "wrong", "there").await, Err(SignInError::Wrong)));
    assert!(matches!(tried(&world, "amy", PASSWORD, "elsewhere").await, Err(SignInError::TooMany { .. })));
    assert!(tried(&world, "ben", PASSWORD, "there").await.is_ok());
}

async fn after_two_hundred_wrong_tries_the_place_waits(world: World) {
    world.learner("amy").await;
    fail(&world, "ben", "here", 199, Multiplied::OverAccounts).await;
    assert!(matches!(tried(&world, "cora", "wrong", "here").await, Err(SignInError::Wrong)));
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    assert!(tried(&world, "amy", PASSWORD, "there").await.is_ok());
}

async fn tries_are_forgotten_after_a_quarter_of_an_hour(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 10, Multiplied::InPlace).await;
    world.waits(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    world.waits(TimeDelta::microseconds(1));
    assert!(tried(&world, "amy", PASSWORD, "here").await.is_ok());
}

async fn many_tries_at_once_get_no_further_than_ten(world: World) {
    world.learner("amy").await;
    let tries: Vec<_> = (0..24)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { tried(&world, "amy", "wrong", "here").await })
        })
        .collect();
    let mut wrong = 0;
    for outcome in tries {
        match outcome.await.unwrap() {
            Err(SignInError::Wrong) => wrong += 1,
            Err(SignInError::TooMany { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 10);
}

async fn signing_in_many_times_at_once_is_no_failure(world: World) {
    world.learner("amy").await;
    let (a, b) = tokio::join!(tried(&world, "amy", PASSWORD, "here"), tried(&world, "amy", PASSWORD, "here"));
    assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
    assert_eq!(world.raw.count("sign_in_failure").await, 0);
}

async fn neither_address_is_kept(world: World) {
    tried(&world, "amy", "wrong", "192.0.2.7").await.unwrap_err();
    let kept = format!("{:?}", world.raw.texts("SELECT account, origin FROM sign_in_failure").await);
    assert!(!kept.contains("amy") && !kept.contains("192.0.2.7"), "{kept}");
}

async fn the_password_asked_for_again_is_limited_too(world: World) {
    let amy = world.learner("amy").await;
    for _ in 0..10 {
        let refused = world.engine.confirm_password(&amy.person, "wrong", "here").await;
        assert!(matches!(refused, Err(SignInError::Wrong)));
    }
    let refused = world.engine.confirm_password(&amy.person, PASSWORD, "here").await;
    assert!(matches!(refused, Err(SignInError::TooMany { .. })));
    assert!(world.engine.confirm_password(&amy.person, PASSWORD, "there").await.is_ok());
}

async fn tried(world: &World, name: &str, password: &str, origin: &str) -> Result<Person, SignInError> {
    world.engine.sign_in(&email(name), password, origin).await
}

/// How one failure becomes many without as many hashes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Multiplied {
    InPlace,
    OverPlaces,
    OverAccounts,
}

/// Notes so many failures of an account at a place: the first by trying, the others as copies of its row.
async fn fail(world: &World, name: &str, origin: &str, times: usize, multiplied: Multiplied) {
    assert!(matches!(tried(world, name, "wrong", origin).await, Err(SignInError::Wrong)));
    let account = if multiplied == Multiplied::OverAccounts { "'another-' || {n}" } else { "account" };
    let origin = if multiplied == Multiplied::OverPlaces { "'another-' || {n}" } else { "origin" };
    let first = "(SELECT account, origin, failed_at FROM sign_in_failure LIMIT 1)";
    for n in 1..times {
        let id = Uuid::from_u128(n as u128).simple();
        let id = if world.raw.is_sqlite() { format!("X'{id}'") } else { format!("'{id}'::UUID") };
        let copy = format!(
            "INSERT INTO sign_in_failure (id, account, origin, failed_at) \
             SELECT {id}, {account}, {origin}, failed_at FROM {first} AS first"
        );
        world.raw.run(&copy.replace("{n}", &n.to_string())).await.unwrap();
    }
}
