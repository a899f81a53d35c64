//! Signing in, and the limits on trying.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use engine::{
    Actor, Caller, Device, NewPerson, PasswordError, Role, SignError, SignInError, TextFault, Verified,
    catalogue::Audience, local_date,
};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use world::{PASSWORD, World, email, on_both};

on_both![
    the_right_password_signs_in,
    a_wrong_password_does_not,
    nobody_signs_in_with_an_unknown_address,
    the_case_of_an_address_does_not_count,
    an_address_with_what_nobody_can_see_is_a_clear_fault,
    passwords_are_kept_as_argon2id_with_a_salt_of_their_own,
    who_set_a_password_is_noted,
    after_eight_wrong_tries_from_one_place_even_the_right_password_waits,
    unknown_accounts_are_limited_in_the_same_way,
    another_place_is_not_held_up_by_eight_wrong_tries,
    after_ten_wrong_tries_from_anywhere_the_account_waits,
    a_device_that_signed_the_account_in_before_is_let_through,
    a_device_that_signed_another_account_in_is_not,
    a_device_that_is_known_is_limited_too,
    tries_become_slower_before_they_are_refused,
    a_place_where_many_fail_is_slow_and_nobody_is_locked_out,
    tries_are_forgotten_after_a_quarter_of_an_hour,
    a_new_password_forgets_them_at_once,
    a_clock_that_is_set_gives_nobody_more_tries,
    many_tries_at_once_get_no_further_than_eight,
    signing_in_many_times_at_once_is_no_failure,
    who_is_cut_off_has_not_failed,
    who_hangs_up_has_failed_all_the_same,
    a_class_of_250_at_one_address_is_all_let_in,
    an_attacker_gets_less_than_one_try_a_minute,
    neither_address_is_kept,
    the_password_asked_for_again_is_limited_too,
    nobody_signs_with_a_password_that_was_changed_meanwhile,
];

async fn the_right_password_signs_in(world: World) {
    let amy = world.learner("amy").await;
    assert_eq!(tried(&world, "amy", PASSWORD, "here").await.unwrap().person, amy.person);
}

async fn a_wrong_password_does_not(world: World) {
    world.learner("amy").await;
    for wrong in ["", "correct horse batter", "Correct horse battery", " correct horse battery"] {
        assert!(matches!(tried(&world, "amy", wrong, "here").await, Err(SignInError::Wrong)), "{wrong}");
    }
}

async fn nobody_signs_in_with_an_unknown_address(world: World) {
    for unknown in ["amy@northfield.example", "amy", "…", &"a".repeat(300)] {
        let refused = world.engine.sign_in(unknown, PASSWORD, "here").await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{unknown}");
    }
}

async fn the_case_of_an_address_does_not_count(world: World) {
    let amy = world.learner("amy").await;
    let signed_in = world.engine.sign_in(" AMY@Northfield.Example ", PASSWORD, "here").await;
    assert_eq!(signed_in.unwrap().person, amy.person);
}

async fn an_address_with_what_nobody_can_see_is_a_clear_fault(world: World) {
    world.learner("amy").await;
    for (unseen, fault) in [
        ('\0', TextFault::Control('\0')),
        ('\u{1b}', TextFault::Control('\u{1b}')),
        ('\u{200b}', TextFault::Invisible('\u{200b}')),
    ] {
        let address = format!("amy{unseen}@northfield.example");
        let refused = world.engine.sign_in(&address, PASSWORD, "here").await;
        assert!(matches!(refused, Err(SignInError::Unreadable(found)) if found == fault), "{refused:?}");
        assert_eq!(world.engine.find_person(&address).await.unwrap(), None);
    }
}

async fn passwords_are_kept_as_argon2id_with_a_salt_of_their_own(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    let hashes = world.raw.texts("SELECT phc FROM password").await;
    assert!(format!("{hashes:?}").matches("$argon2id$v=19$m=19456,t=2,p=1$").count() == 2, "{hashes:?}");
    assert_ne!(hashes[0], hashes[1]);
}

async fn who_set_a_password_is_noted(world: World) {
    let (amy, ada) = (world.learner("amy").await, world.person("ada", &[Role::Administrator]).await);
    let way = world.engine.reset_password(amy.person.id, Actor::Person(ada.person.id)).await.unwrap();
    world.engine.choose_password(&way.secret, "another horse battery").await.unwrap();
    let noted = "SELECT recorded_by FROM password_set s JOIN person_detail d ON d.person_id = s.person_id \
         WHERE d.name = 'amy' ORDER BY s.recorded_by";
    let noted: Vec<String> = world.raw.texts(noted).await.into_iter().filter_map(|row| row[0].clone()).collect();
    assert_eq!(noted, ["command-line".to_owned(), Actor::Person(amy.person.id).to_string()]);
    assert_eq!(tried(&world, "amy", "another horse battery", "here").await.unwrap().person, amy.person);
}

async fn after_eight_wrong_tries_from_one_place_even_the_right_password_waits(world: World) {
    world.learner("amy").await;
    for _ in 0..8 {
        assert!(matches!(tried(&world, "amy", "wrong", "here").await, Err(SignInError::Wrong)));
    }
    let refused = tried(&world, "amy", PASSWORD, "here").await;
    let until = world.engine.now() + TimeDelta::minutes(15);
    assert!(matches!(refused, Err(SignInError::TooMany { retry_at }) if retry_at == until));
}

async fn unknown_accounts_are_limited_in_the_same_way(world: World) {
    for _ in 0..8 {
        assert!(matches!(tried(&world, "nobody", "wrong", "here").await, Err(SignInError::Wrong)));
    }
    assert!(matches!(tried(&world, "nobody", "wrong", "here").await, Err(SignInError::TooMany { .. })));
}

async fn another_place_is_not_held_up_by_eight_wrong_tries(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 8, Multiplied::InPlace).await;
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    assert!(tried(&world, "amy", PASSWORD, "there").await.is_ok());
}

async fn after_ten_wrong_tries_from_anywhere_the_account_waits(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    fail(&world, "amy", "here", 9, Multiplied::OverPlaces).await;
    assert!(matches!(tried(&world, "amy", "wrong", "there").await, Err(SignInError::Wrong)));
    assert!(matches!(tried(&world, "amy", PASSWORD, "elsewhere").await, Err(SignInError::TooMany { .. })));
    assert!(tried(&world, "ben", PASSWORD, "there").await.is_ok());
}

async fn a_device_that_signed_the_account_in_before_is_let_through(world: World) {
    world.learner("amy").await;
    let hers = tried(&world, "amy", PASSWORD, "here").await.unwrap().device;
    // A classmate at the same place, with another device.
    for _ in 0..10 {
        tried(&world, "amy", "wrong", "here").await.unwrap_err();
    }
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    assert!(tried_on(&world, "amy", PASSWORD, &hers).await.is_ok());
    fail(&world, "amy", "there", 10, Multiplied::OverPlaces).await;
    assert!(tried_on(&world, "amy", PASSWORD, &hers).await.is_ok());
}

async fn a_device_that_signed_another_account_in_is_not(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    let his = tried(&world, "ben", PASSWORD, "here").await.unwrap().device;
    for _ in 0..8 {
        tried_on(&world, "amy", "wrong", &his).await.unwrap_err();
    }
    assert!(matches!(tried_on(&world, "amy", PASSWORD, &his).await, Err(SignInError::TooMany { .. })));
    // Once she has signed in with it too, it is hers as well as his.
    world.waits(TimeDelta::minutes(15));
    let both = tried_on(&world, "amy", PASSWORD, &his).await.unwrap().device;
    fail(&world, "amy", "there", 10, Multiplied::OverPlaces).await;
    assert!(tried_on(&world, "amy", PASSWORD, &both).await.is_ok());
    assert!(tried_on(&world, "ben", PASSWORD, &both).await.is_ok());
}

async fn a_device_that_is_known_is_limited_too(world: World) {
    world.learner("amy").await;
    let hers = tried(&world, "amy", PASSWORD, "here").await.unwrap().device;
    for _ in 0..12 {
        assert!(matches!(tried_on(&world, "amy", "wrong", &hers).await, Err(SignInError::Wrong)));
    }
    assert!(matches!(tried_on(&world, "amy", PASSWORD, &hers).await, Err(SignInError::TooMany { .. })));
}

async fn tries_become_slower_before_they_are_refused(world: World) {
    let mut waited = Vec::new();
    for _ in 0..8 {
        let before = world.clock.paused();
        tried(&world, "amy", "wrong", "here").await.unwrap_err();
        waited.push((world.clock.paused() - before).as_millis());
    }
    assert_eq!(waited, [0, 0, 0, 250, 500, 1000, 2000, 2000]);
}

async fn a_place_where_many_fail_is_slow_and_nobody_is_locked_out(world: World) {
    world.learner("amy").await;
    fail(&world, "ben", "here", 150, Multiplied::OverAccounts).await;
    let before = world.clock.paused();
    assert!(matches!(tried(&world, "cora", "wrong", "here").await, Err(SignInError::Wrong)));
    assert_eq!(world.clock.paused() - before, Duration::from_secs(10));
    assert!(tried(&world, "amy", PASSWORD, "here").await.is_ok());
    assert_eq!(world.clock.paused() - before, Duration::from_secs(10));
    assert!(matches!(tried(&world, "cora", "wrong", "there").await, Err(SignInError::Wrong)));
    assert_eq!(world.clock.paused() - before, Duration::from_secs(10));
}

async fn tries_are_forgotten_after_a_quarter_of_an_hour(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 8, Multiplied::InPlace).await;
    world.waits(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
    assert!(matches!(tried(&world, "amy", PASSWORD, "here").await, Err(SignInError::TooMany { .. })));
    world.waits(TimeDelta::microseconds(1));
    assert!(tried(&world, "amy", PASSWORD, "here").await.is_ok());
}

async fn a_new_password_forgets_them_at_once(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 8, Multiplied::InPlace).await;
    world.resets_password("amy", "another horse battery").await;
    assert!(tried(&world, "amy", "another horse battery", "here").await.is_ok());
}

async fn a_clock_that_is_set_gives_nobody_more_tries(world: World) {
    world.learner("amy").await;
    fail(&world, "amy", "here", 8, Multiplied::InPlace).await;
    world.sets_clock(TimeDelta::hours(2));
    let refused = tried(&world, "amy", PASSWORD, "here").await;
    // It says when by the clock that people see.
    let until = world.engine.now() + TimeDelta::minutes(15);
    assert!(matches!(refused, Err(SignInError::TooMany { retry_at }) if retry_at == until), "{refused:?}");
}

async fn many_tries_at_once_get_no_further_than_eight(world: World) {
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
    assert_eq!(wrong, 8);
}

async fn signing_in_many_times_at_once_is_no_failure(world: World) {
    world.learner("amy").await;
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { tried(&world, "amy", PASSWORD, "here").await })
        })
        .collect();
    for outcome in tries {
        outcome.await.unwrap().unwrap();
    }
    assert_eq!(world.raw.count("sign_in_failure").await, 0);
}

async fn who_is_cut_off_has_not_failed(world: World) {
    world.learner("amy").await;
    for milliseconds in 1..20 {
        drop(timeout(Duration::from_millis(milliseconds), tried(&world, "amy", PASSWORD, "here")).await);
    }
    // The last in the line has been verified by the time that another is.
    tried(&world, "amy", PASSWORD, "here").await.unwrap();
    assert_eq!(world.raw.count("sign_in_failure").await, 0);
}

async fn who_hangs_up_has_failed_all_the_same(world: World) {
    // The sooner one hangs up, the more likely nothing has begun; the later, the more likely all has ended.
    for milliseconds in 1..200 {
        let before = world.raw.count("sign_in_failure").await;
        let name: &'static str = format!("nobody-{milliseconds}").leak();
        let heard = timeout(Duration::from_millis(milliseconds), tried(&world, name, "wrong", name)).await.is_ok();
        assert!(!heard, "no try was cut off while it was verified");
        sleep(Duration::from_millis(300)).await;
        if world.raw.count("sign_in_failure").await > before {
            return;
        }
    }
    panic!("nobody who hung up has failed");
}

#[expect(clippy::print_stdout, reason = "the figure is read by whoever measures")]
async fn a_class_of_250_at_one_address_is_all_let_in(world: World) {
    world.learner("tutor").await;
    for number in 0..250 {
        let name = format!("learner-{number}");
        let new = NewPerson {
            email: email(&name),
            name,
            external_id: None,
            password: None,
            start_date: local_date(world.engine.now()),
            duties: Vec::new(),
            audiences: vec![Audience::new("learner").unwrap()],
            member_of: Vec::new(),
        };
        world.engine.add_person(new, Actor::CommandLine).await.unwrap();
    }
    // The tutor's password is everybody's, which saves 250 hashes.
    for give in [
        "INSERT INTO password_set (id, person_id, recorded_at, recorded_by) \
         SELECT id, id, recorded_at, recorded_by FROM person WHERE id NOT IN (SELECT person_id FROM password)",
        "INSERT INTO password (person_id, set_id, phc) SELECT p.id, p.id, w.phc FROM person p CROSS JOIN password w \
         WHERE p.id NOT IN (SELECT person_id FROM password)",
    ] {
        assert_eq!(world.raw.run(give).await.unwrap(), 250);
    }
    let begun = tokio::time::Instant::now();
    let tries: Vec<_> = (0..250)
        .map(|number| {
            let world = world.clone();
            tokio::spawn(async move {
                let email = email(&format!("learner-{number}"));
                // On a machine that has much else to do somebody may be asked to press again.
                for again in 0..10 {
                    match world.engine.sign_in(&email, PASSWORD, "here").await {
                        Err(SignInError::Password(PasswordError::Busy)) => {}
                        outcome => return outcome.map(|_| again),
                    }
                }
                Err(SignInError::Password(PasswordError::Busy))
            })
        })
        .collect();
    let mut again = 0;
    for outcome in tries {
        again += outcome.await.unwrap().unwrap();
    }
    println!("a class of 250 was let in within {:.1} s; {again} pressed again", begun.elapsed().as_secs_f64());
    assert_eq!(world.raw.count("sign_in_failure").await, 0);
}

#[expect(clippy::print_stdout, reason = "the figure is read by whoever measures")]
async fn an_attacker_gets_less_than_one_try_a_minute(world: World) {
    world.learner("amy").await;
    world.learner("ben").await;
    let hers = tried(&world, "amy", PASSWORD, "home").await.unwrap().device;
    let one_place = in_an_hour(&world, |_| Caller::from("here")).await;
    world.waits(TimeDelta::hours(1));
    let many_places = in_an_hour(&world, |number| Caller::from(&*format!("place {number}"))).await;
    world.waits(TimeDelta::hours(1));
    let her_device = in_an_hour(&world, |number| Caller {
        place: format!("place {number}"),
        device: Some(hers.clone()),
        ..Caller::default()
    })
    .await;
    println!(
        "tries at one account in an hour: {one_place} from one address, {many_places} from many, {her_device} with the owner's device"
    );
    // Five quarters of an hour touch an hour.
    assert!(one_place <= 5 * 8 && many_places <= 5 * 10 && her_device < 60, "{one_place} {many_places} {her_device}");
}

/// How many passwords somebody can try in an hour who tries again as soon as they may.
async fn in_an_hour(world: &World, mut from: impl FnMut(u32) -> Caller) -> u32 {
    let end = world.engine.now() + TimeDelta::minutes(59);
    let mut tried = 0;
    while world.engine.now() < end {
        match world.engine.sign_in(&email("amy"), "wrong", from(tried)).await {
            Err(SignInError::Wrong) => tried += 1,
            Err(SignInError::TooMany { retry_at }) => world.clock.set(retry_at.max(soon(world))),
            other => panic!("{other:?}"),
        }
    }
    tried
}

fn soon(world: &World) -> DateTime<Utc> {
    world.engine.now() + TimeDelta::seconds(1)
}

async fn neither_address_is_kept(world: World) {
    tried(&world, "amy", "wrong", "192.0.2.7").await.unwrap_err();
    let kept = world.raw.texts("SELECT account, place FROM sign_in_failure").await;
    let said = format!("{kept:?}");
    assert!(!said.contains("amy") && !said.contains("192.0.2.7"), "{said}");
    // Nor can it be found out by whoever tries all addresses, without the installation's key.
    let key = world.raw.texts("SELECT value FROM installation WHERE name = 'key'").await;
    assert_eq!(key[0][0].as_deref().map(str::len), Some(64));
    world.raw.run("UPDATE installation SET value = '00' || substr(value, 3) WHERE name = 'key'").await.unwrap();
    let another = world.another_node().await;
    another.raw.run("DELETE FROM sign_in_failure").await.unwrap();
    tried(&another, "amy", "wrong", "192.0.2.7").await.unwrap_err();
    let with_another_key = another.raw.texts("SELECT account, place FROM sign_in_failure").await;
    assert!(kept[0][0] != with_another_key[0][0] && kept[0][1] != with_another_key[0][1]);
}

async fn the_password_asked_for_again_is_limited_too(world: World) {
    let amy = world.learner("amy").await;
    for _ in 0..12 {
        let refused = world.engine.confirm_password(&amy.person, "wrong", "here").await;
        assert!(matches!(refused, Err(SignInError::Wrong)));
    }
    let refused = world.engine.confirm_password(&amy.person, PASSWORD, "here").await;
    assert!(matches!(refused, Err(SignInError::TooMany { .. })));
    // Whoever tries to sign in as her elsewhere does not keep her from signing here.
    let ben = world.learner("ben").await;
    fail(&world, "ben", "here", 10, Multiplied::OverPlaces).await;
    assert!(world.engine.confirm_password(&ben.person, PASSWORD, "here").await.is_ok());
}

async fn nobody_signs_with_a_password_that_was_changed_meanwhile(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let confirmed = world.engine.confirm_password(&amy.person, PASSWORD, "here").await.unwrap();
    world.resets_password("amy", "another horse battery").await;
    let refused = amy.sends_having("learner-aup", &amy.form("learner-aup"), &confirmed).await;
    assert!(matches!(refused, Err(SignError::NotFresh)), "{refused:?}");
    assert_eq!(world.raw.count("signature").await, 0);
    let confirmed = world.engine.confirm_password(&amy.person, "another horse battery", "here").await.unwrap();
    amy.sends_having("learner-aup", &amy.form("learner-aup"), &confirmed).await.unwrap();
}

async fn tried(world: &World, name: &str, password: &str, place: &str) -> Result<Verified, SignInError> {
    world.engine.sign_in(&email(name), password, place).await
}

/// Tries with a device at the place where everybody is.
async fn tried_on(world: &World, name: &str, password: &str, device: &Device) -> Result<Verified, SignInError> {
    let caller = Caller { place: "here".to_owned(), device: Some(device.clone()), ..Caller::default() };
    world.engine.sign_in(&email(name), password, caller).await
}

/// How one failure becomes many without as many hashes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Multiplied {
    InPlace,
    OverPlaces,
    OverAccounts,
}

/// Notes so many failures of an account at a place: the first by trying, the others as copies of its row.
async fn fail(world: &World, name: &str, place: &str, times: usize, multiplied: Multiplied) {
    assert!(matches!(tried(world, name, "wrong", place).await, Err(SignInError::Wrong)));
    let account = if multiplied == Multiplied::OverAccounts { "'another-' || {n}" } else { "account" };
    let place = if multiplied == Multiplied::OverPlaces { "'another-' || {n}" } else { "place" };
    let last = "(SELECT account, place, failed_at FROM sign_in_failure ORDER BY id DESC LIMIT 1)";
    for n in 1..times {
        let id = Uuid::from_u128(n as u128).simple();
        let id = if world.raw.is_sqlite() { format!("X'{id}'") } else { format!("'{id}'::UUID") };
        let copy = format!(
            "INSERT INTO sign_in_failure (id, account, place, failed_at) \
             SELECT {id}, {account}, {place}, failed_at FROM {last} AS last"
        );
        world.raw.run(&copy.replace("{n}", &n.to_string())).await.unwrap();
    }
}
