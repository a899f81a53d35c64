//! Somebody who is signed in changes their password, and sees where they are signed in.

use chrono::TimeDelta;
use engine::{Actor, Caller, ChangePasswordError, SignInError, StoredSession, WeakPassword};

use world::{PASSWORD, Someone, World, email, on_both};

on_both![
    it_is_changed_by_who_knows_it_and_every_session_ends,
    a_wrong_password_counts_as_a_try,
    what_is_not_taken_changes_nothing,
    sessions_are_shown_to_their_owner_and_end_one_by_one,
    all_others_end_at_once,
];

const NEW: &str = "purple kettle sings";

async fn it_is_changed_by_who_knows_it_and_every_session_ends(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    begin(&amy, "phone", "Safari on iPhone").await;
    begin(&amy, "desk", "Firefox on Linux").await;
    begin(&ben, "his", "").await;
    let changed = world.engine.change_password(&amy.person, PASSWORD, NEW, "here").await.unwrap();
    assert_eq!(changed, email("amy"));
    assert_eq!(world.engine.find_session("phone").await.unwrap(), None);
    assert_eq!(world.engine.find_session("desk").await.unwrap(), None);
    assert!(world.engine.find_session("his").await.unwrap().is_some());
    assert!(matches!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await, Err(SignInError::Wrong)));
    assert!(world.engine.sign_in(&email("amy"), NEW, "here").await.is_ok());
    let by = world.raw.texts("SELECT recorded_by FROM password_set ORDER BY recorded_at, id").await;
    assert_eq!(by.last().unwrap()[0], Some(Actor::Person(amy.person.id).to_string()));
}

async fn a_wrong_password_counts_as_a_try(world: World) {
    let amy = world.learner("amy").await;
    let mut wrong = 0;
    let stopped = loop {
        match world.engine.change_password(&amy.person, "not this one, either", NEW, "here").await {
            Err(ChangePasswordError::Current(SignInError::Wrong)) => wrong += 1,
            other => break other,
        }
        assert!(wrong < 100, "nothing limits the tries");
    };
    assert!(matches!(stopped, Err(ChangePasswordError::Current(SignInError::TooMany { .. }))), "{stopped:?}");
    assert!(world.engine.sign_in(&email("amy"), PASSWORD, "elsewhere").await.is_ok());
}

async fn what_is_not_taken_changes_nothing(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "phone", "").await;
    let change = async |new: &str| world.engine.change_password(&amy.person, PASSWORD, new, "here").await;
    assert!(matches!(change("too short").await, Err(ChangePasswordError::Weak(WeakPassword::Short))));
    let guessable = change("amy@northfield.example").await;
    assert!(matches!(guessable, Err(ChangePasswordError::Weak(WeakPassword::Guessable))));
    assert!(matches!(change(PASSWORD).await, Err(ChangePasswordError::Same)));
    assert!(world.engine.find_session("phone").await.unwrap().is_some());
    assert!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
}

async fn sessions_are_shown_to_their_owner_and_end_one_by_one(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let signed_in = begin(&amy, "phone", "Safari on iPhone").await;
    world.waits(TimeDelta::minutes(20));
    begin(&amy, "desk", "").await;
    begin(&ben, "his", "").await;
    let own = world.engine.own_sessions(&amy.person, "phone").await.unwrap();
    let said: Vec<_> = own.iter().map(|one| (one.is_this, &*one.browser, one.ends_in.num_minutes())).collect();
    assert_eq!(said, [(true, "Safari on iPhone", 40), (false, "", 60)]);
    assert_eq!(own[0].begun_at, signed_in);
    assert!(!own[1].key.contains("desk"));
    // Nobody ends another's.
    assert!(!world.engine.end_own_session(&ben.person, &own[1].key).await.unwrap());
    assert!(world.engine.end_own_session(&amy.person, &own[1].key).await.unwrap());
    assert!(!world.engine.end_own_session(&amy.person, &own[1].key).await.unwrap());
    assert_eq!(world.engine.find_session("desk").await.unwrap(), None);
    assert_eq!(world.engine.own_sessions(&amy.person, "phone").await.unwrap().len(), 1);
    world.waits(TimeDelta::hours(1));
    assert_eq!(world.engine.own_sessions(&amy.person, "phone").await.unwrap(), []);
}

async fn all_others_end_at_once(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    for id in ["phone", "desk", "library"] {
        begin(&amy, id, "").await;
    }
    begin(&ben, "his", "").await;
    assert_eq!(world.engine.end_other_sessions(&amy.person, "phone").await.unwrap(), 2);
    let own = world.engine.own_sessions(&amy.person, "phone").await.unwrap();
    assert!(own.len() == 1 && own[0].is_this);
    assert!(world.engine.find_session("his").await.unwrap().is_some());
}

/// Begins a session with a browser that says what it is, and says when that was.
async fn begin(whose: &Someone, id: &str, browser: &str) -> chrono::DateTime<chrono::Utc> {
    let engine = &whose.world.engine;
    let caller = Caller { browser: browser.to_owned(), .."here".into() };
    let verified = engine.sign_in(&email(&whose.person.name), PASSWORD, caller).await.unwrap();
    let expires_at = engine.steady_now() + TimeDelta::hours(1);
    let session = StoredSession { person: whose.person.id, data: "{}".to_owned(), expires_at };
    engine.begin_session(id, &session, &verified).await.unwrap();
    verified.signed_in.at
}
