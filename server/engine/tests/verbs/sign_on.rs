//! Signing in with an account of the organisation: whom it is known to be.

use chrono::TimeDelta;
use engine::{Begun, NewPerson, SignOnError, SignedIn, SignedOn, StoredSession, Verified};

use world::{World, audience, email, on_both, today};

on_both![
    somebody_is_found_by_a_verified_address_once_and_by_their_name_there_from_then_on,
    an_id_of_another_system_goes_before_an_address,
    an_address_of_somebody_with_another_id_is_not_enough,
    whom_nobody_knows_or_who_has_left_is_not_let_in,
    each_way_back_serves_once_and_for_a_quarter_of_an_hour,
    no_code_is_asked_of_who_comes_from_their_organisation,
];

const ISSUER: &str = "https://login.example";

fn known_as(subject: &str, email: Option<String>) -> SignedOn {
    SignedOn { issuer: ISSUER.to_owned(), subject: subject.to_owned(), external_id: None, email }
}

async fn comes(world: &World, shown: &SignedOn) -> Result<Verified, SignOnError> {
    let (begun, _) = world.engine.begin_sign_on("/", false).await.unwrap();
    world.engine.sign_in_by_sign_on(&begun, shown, "here").await
}

async fn somebody_is_found_by_a_verified_address_once_and_by_their_name_there_from_then_on(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let verified = comes(&world, &known_as("1", Some(email("amy").to_uppercase()))).await.unwrap();
    assert_eq!((verified.person.id, &*verified.signed_in.method), (amy.person.id, SignedIn::WITH_SIGN_ON));
    // Whatever address they have there by now, and also where it is somebody else's here.
    for address in [None, Some(email("ben")), Some("another@northfield.example".to_owned())] {
        assert_eq!(comes(&world, &known_as("1", address)).await.unwrap().person.id, amy.person.id);
    }
    // Whoever gets that address there afterwards does not get the account here.
    let later = comes(&world, &known_as("2", Some(email("amy")))).await;
    assert!(matches!(later, Err(SignOnError::Unknown)), "{later:?}");
    assert_eq!(comes(&world, &known_as("2", Some(email("ben")))).await.unwrap().person.id, ben.person.id);
    // Another organisation's names say nothing here.
    let other = SignedOn { issuer: "https://other.example".to_owned(), ..known_as("1", None) };
    assert!(matches!(comes(&world, &other).await, Err(SignOnError::Unknown)));
    assert_eq!(world.raw.count("identity").await, 2);
}

async fn has_id(world: &World, name: &str, id: &str) -> engine::PersonId {
    let new = NewPerson {
        name: name.to_owned(),
        email: email(name),
        external_id: Some(id.to_owned()),
        password: None,
        start_date: today(world),
        duties: Vec::new(),
        audiences: vec![audience("learner")],
        member_of: Vec::new(),
    };
    world.engine.add_person(new, engine::Actor::CommandLine).await.unwrap()
}

async fn an_id_of_another_system_goes_before_an_address(world: World) {
    let cora = has_id(&world, "cora", "E7").await;
    world.learner("amy").await;
    let shown = SignedOn { external_id: Some("E7".to_owned()), ..known_as("1", Some(email("amy"))) };
    assert_eq!(comes(&world, &shown).await.unwrap().person.id, cora);
}

async fn an_address_of_somebody_with_another_id_is_not_enough(world: World) {
    has_id(&world, "cora", "E7").await;
    let amy = world.learner("amy").await;
    let shown = |subject, name| SignedOn { external_id: Some("E8".to_owned()), ..known_as(subject, Some(email(name))) };
    let refused = comes(&world, &shown("1", "cora")).await;
    assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    assert_eq!(comes(&world, &shown("2", "amy")).await.unwrap().person.id, amy.person.id);
}

async fn whom_nobody_knows_or_who_has_left_is_not_let_in(world: World) {
    let amy = world.learner("amy").await;
    for shown in [
        known_as("1", None),
        known_as("2", Some("nobody@northfield.example".to_owned())),
        known_as("3", Some("x".to_owned())),
    ] {
        let refused = comes(&world, &shown).await;
        assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    }
    assert!(comes(&world, &known_as("4", Some(email("amy")))).await.is_ok());
    world.engine.leave(amy.person.id, today(&world) + chrono::Days::new(1), engine::Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    let refused = comes(&world, &known_as("4", None)).await;
    assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    assert_eq!(world.raw.count("person").await, 1, "nobody is added");
}

async fn each_way_back_serves_once_and_for_a_quarter_of_an_hour(world: World) {
    world.learner("amy").await;
    let engine = &world.engine;
    let (begun, sealed) = engine.begin_sign_on("/modules", true).await.unwrap();
    let opened = engine.begun_sign_on(&sealed).await.unwrap().unwrap();
    assert!(opened == begun && opened.next == "/modules" && opened.anew);
    assert_eq!((begun.state.len(), begun.nonce.len(), begun.verifier.len()), (64, 64, 64));
    assert!(begun.state != begun.nonce && begun.nonce != begun.verifier);
    for made_up in ["", "x", &sealed[1..]] {
        assert_eq!(engine.begun_sign_on(made_up).await.unwrap(), None);
    }
    let shown = known_as("1", Some(email("amy")));
    assert!(engine.sign_in_by_sign_on(&begun, &shown, "here").await.is_ok());
    let again = engine.sign_in_by_sign_on(&begun, &shown, "here").await;
    assert!(matches!(again, Err(SignOnError::Used)), "{again:?}");
    world.waits(TimeDelta::minutes(15));
    assert_eq!(engine.begun_sign_on(&sealed).await.unwrap(), None);
    assert_eq!(format!("{begun:?}{shown:?}"), "SignOnTry(…)SignedOn(…)");
    // After a day nothing is left of it.
    world.waits(TimeDelta::days(1));
    comes(&world, &shown).await.unwrap();
    assert_eq!(world.raw.count("sign_on_used").await, 1);
}

async fn no_code_is_asked_of_who_comes_from_their_organisation(world: World) {
    let amy = world.learner("amy").await;
    amy.sets_up_codes().await;
    let verified = comes(&world, &known_as("1", Some(email("amy")))).await.unwrap();
    let expires_at = world.engine.steady_now() + TimeDelta::hours(1);
    let session = StoredSession { person: amy.person.id, data: "{}".to_owned(), expires_at };
    assert_eq!(world.engine.begin_session("id", &session, &verified).await.unwrap(), Begun::Yes);
    assert!(!world.engine.must_set_up_second_factor(&amy.person, &verified.signed_in));
}
