//! Signing in with an account of the organisation: whom it is known to be.

use chrono::TimeDelta;
use engine::{
    Actor, Begun, ChoosePasswordError, Duty, LetterAbout, NewJoinCode, NewPerson, PersonDetails, PersonId, Role,
    SignError, SignInError, SignInNews, SignOnError, SignedIn, SignedOn, StoredSession, UnlinkError, Verified,
    WayInError,
};

use world::{PASSWORD, Someone, World, audience, email, group, on_both, today};

on_both![
    somebody_is_found_by_a_verified_address_once_and_by_their_name_there_from_then_on,
    an_id_of_another_system_goes_before_an_address,
    an_address_of_somebody_with_another_id_is_not_enough,
    whom_nobody_knows_or_who_has_left_is_not_let_in,
    each_way_back_serves_once_and_for_a_quarter_of_an_hour,
    a_browser_can_keep_what_it_is_sent_away_with_however_long_the_address,
    an_address_that_somebody_typed_themselves_gives_nobody_their_account,
    the_first_time_whoever_was_signed_in_with_that_account_is_signed_out,
    only_who_signed_in_there_anew_signs_agreements,
    of_somebody_who_has_left_nothing_is_noted,
    an_account_that_somebody_takes_away_stays_away_until_an_administrator_allows_it,
    an_account_goes_with_the_address_or_id_that_it_was_found_by,
    nobody_takes_away_the_account_of_who_may_do_more,
    where_people_sign_in_with_nothing_else_links_are_for_the_command_line,
    two_tabs_at_once_let_the_same_person_in,
    no_code_is_asked_of_who_comes_from_their_organisation,
];

const ISSUER: &str = "https://login.example";

fn known_as(subject: &str, email: Option<String>) -> SignedOn {
    SignedOn { issuer: ISSUER.to_owned(), subject: subject.to_owned(), external_id: None, email }
}

async fn comes(world: &World, shown: &SignedOn) -> Result<Verified, SignOnError> {
    comes_anew(world, shown, false).await
}

async fn comes_anew(world: &World, shown: &SignedOn, anew: bool) -> Result<Verified, SignOnError> {
    let (begun, _) = world.engine.begin_sign_on("/", anew).await.unwrap();
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

async fn has_id(world: &World, name: &str, id: &str) -> PersonId {
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
    world.engine.add_person(new, Actor::CommandLine).await.unwrap()
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
    world.engine.leave(amy.person.id, today(&world) + chrono::Days::new(1), Actor::CommandLine).await.unwrap();
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

async fn a_browser_can_keep_what_it_is_sent_away_with_however_long_the_address(world: World) {
    let long = |length| "n".repeat(length);
    for (next, kept) in [
        (format!("/matrix?name={}", long(1000)), format!("/matrix?name={}", long(1000))),
        (format!("/matrix?name={}", long(8000)), "/matrix".to_owned()),
        (format!("/{}?name={}", long(8000), long(8000)), "/".to_owned()),
        (format!("/matrix?name={}", "\"".repeat(2500)), "/matrix".to_owned()),
    ] {
        let (begun, sealed) = world.engine.begin_sign_on(&next, false).await.unwrap();
        assert_eq!(begun.next, kept);
        // Browsers keep 4,096 bytes of a cookie with its name.
        assert!(sealed.len() + "__Host-induct-sign-on".len() < 4096, "{}", sealed.len());
        assert!(world.engine.begun_sign_on(&sealed).await.unwrap() == Some(begun));
    }
}

async fn begins_by_code(world: &World, name: &str) -> PersonId {
    let group = group(world, "Northfield/Induction").await;
    let expires_at = world.engine.now() + TimeDelta::hours(8);
    let new = NewJoinCode { group, audience: Some(audience("learner")), most: 5, expires_at };
    let code = world.engine.create_join_code(&new, Actor::CommandLine).await.unwrap().code;
    world.engine.begin_by_code(&code, name, &email(name), PASSWORD).await.unwrap()
}

async fn keeps_session(world: &World, id: &str, verified: &Verified) {
    let expires_at = world.engine.steady_now() + TimeDelta::hours(1);
    let session = StoredSession { person: verified.person.id, data: "{}".to_owned(), expires_at };
    assert_eq!(world.engine.begin_session(id, &session, verified).await.unwrap(), Begun::Yes);
}

async fn an_address_that_somebody_typed_themselves_gives_nobody_their_account(world: World) {
    let eve = begins_by_code(&world, "eve").await;
    keeps_session(&world, "eve", &world.engine.sign_in(&email("eve"), PASSWORD, "here").await.unwrap()).await;
    let refused = comes(&world, &known_as("1", Some(email("eve")))).await;
    assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    assert_eq!((world.raw.count("identity").await, world.raw.count("session").await), (0, 1), "nothing became of it");
    // An administrator who gives them a duty has looked at who that is.
    let duty = Duty { role: Role::Manager, over: None };
    world.engine.give_duty(eve, duty, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(comes(&world, &known_as("1", Some(email("eve")))).await.unwrap().person.id, eve);
    // Who was here before they came into a group by a code has the address that they were given.
    let amy = world.learner("amy").await;
    let group = group(&world, "Northfield/Induction").await;
    let new = NewJoinCode { group, audience: None, most: 5, expires_at: world.engine.now() + TimeDelta::hours(8) };
    let code = world.engine.create_join_code(&new, Actor::CommandLine).await.unwrap().code;
    world.engine.join_by_code(&amy.person, &code).await.unwrap();
    assert_eq!(comes(&world, &known_as("2", Some(email("amy")))).await.unwrap().person.id, amy.person.id);
}

async fn the_first_time_whoever_was_signed_in_with_that_account_is_signed_out(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    for name in ["amy", "ben"] {
        keeps_session(&world, name, &world.engine.sign_in(&email(name), PASSWORD, "here").await.unwrap()).await;
    }
    let verified = comes(&world, &known_as("1", Some(email("amy")))).await.unwrap();
    assert!(world.engine.find_session("amy").await.unwrap().is_none());
    let others = world.engine.find_session("ben").await.unwrap();
    assert_eq!(others.unwrap().session.person, ben.person.id);
    keeps_session(&world, "hers", &verified).await;
    // Once they are known, nothing ends by their coming; and their password is still theirs.
    comes(&world, &known_as("1", None)).await.unwrap();
    assert!(world.engine.find_session("hers").await.unwrap().is_some());
    assert_eq!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap().person.id, amy.person.id);
}

async fn only_who_signed_in_there_anew_signs_agreements(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let shown = known_as("1", Some(email("amy")));
    let silent = comes(&world, &shown).await.unwrap().signed_in;
    assert!(!world.engine.is_fresh(&silent) && silent.steady_at == world.engine.steady_now() && !silent.anew);
    let form = amy.form("laptop-loan");
    let refused = amy.sends_having("laptop-loan", &form, &silent).await;
    assert!(matches!(refused, Err(SignError::NotFresh)), "{refused:?}");
    assert_eq!(world.raw.count("signature").await, 0);
    let anew = comes_anew(&world, &shown, true).await.unwrap().signed_in;
    assert!(world.engine.is_fresh(&anew));
    world.waits(TimeDelta::minutes(10));
    assert!(!world.engine.is_fresh(&anew));
    let anew = comes_anew(&world, &shown, true).await.unwrap().signed_in;
    amy.sends_having("laptop-loan", &form, &anew).await.unwrap();
}

async fn of_somebody_who_has_left_nothing_is_noted(world: World) {
    let amy = world.learner("amy").await;
    world.engine.leave(amy.person.id, today(&world) + chrono::Days::new(1), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    let cora = has_id(&world, "cora", "E7").await;
    world.engine.leave(cora, today(&world) + chrono::Days::new(1), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    for shown in
        [known_as("1", Some(email("amy"))), SignedOn { external_id: Some("E7".to_owned()), ..known_as("2", None) }]
    {
        let refused = comes(&world, &shown).await;
        assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    }
    assert_eq!(world.raw.count("identity").await, 0);
    // Whoever comes back is found like anybody.
    world.engine.come_back(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(comes(&world, &known_as("1", Some(email("amy")))).await.unwrap().person.id, amy.person.id);
}

async fn an_account_that_somebody_takes_away_stays_away_until_an_administrator_allows_it(world: World) {
    let (amy, root) = (world.learner("amy").await, world.person("root", &[Role::Administrator]).await);
    let (engine, shown) = (&world.engine, known_as("1", Some(email("amy"))));
    let none = engine.unlink_own_account(&amy.person, PASSWORD, "", "here").await;
    assert!(matches!(none, Err(UnlinkError::HasNone)), "{none:?}");
    keeps_session(&world, "theirs", &comes(&world, &shown).await.unwrap()).await;
    keeps_session(&world, "here", &engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap()).await;
    let wrong = engine.unlink_own_account(&amy.person, "wrong", "here", "here").await;
    assert!(matches!(wrong, Err(UnlinkError::Password(SignInError::Wrong))), "{wrong:?}");
    let mailing = engine.with_letters();
    mailing.unlink_own_account(&amy.person, PASSWORD, "here", "here").await.unwrap();
    assert!(
        engine.find_session("theirs").await.unwrap().is_none() && engine.find_session("here").await.unwrap().is_some()
    );
    let letter = engine.claim_letters(1).await.unwrap().remove(0);
    assert!(matches!(letter.about, LetterAbout::News { what: SignInNews::AccountUnlinked, .. }), "{letter:?}");
    // Their address does not bring it back, nor is another account there theirs for that.
    for subject in ["1", "2"] {
        let refused = comes(&world, &known_as(subject, Some(email("amy")))).await;
        assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    }
    let accounts = engine.linked_accounts(&amy.person).await.unwrap();
    assert_eq!((accounts.len(), &*accounts[0].issuer, accounts[0].ended_at), (1, ISSUER, Some(engine.now())));
    engine.unlink_accounts(amy.person.id, Actor::Person(root.person.id)).await.unwrap();
    let mailed = mailing.sign_in_by_sign_on(&mailing.begin_sign_on("/", false).await.unwrap().0, &shown, "here").await;
    assert_eq!(mailed.unwrap().person.id, amy.person.id);
    let letter = engine.claim_letters(1).await.unwrap().remove(0);
    assert!(matches!(letter.about, LetterAbout::News { what: SignInNews::AccountLinked, .. }), "{letter:?}");
    // Who has no other way in keeps the one that they have.
    has_id(&world, "cora", "E7").await;
    let shown = SignedOn { external_id: Some("E7".to_owned()), ..known_as("7", None) };
    let cora = comes(&world, &shown).await.unwrap().person;
    let kept = engine.unlink_own_account(&cora, PASSWORD, "", "here").await;
    assert!(matches!(kept, Err(UnlinkError::NoOtherWay)), "{kept:?}");
    let only = engine.with_sign_on_only().unlink_own_account(&amy.person, PASSWORD, "", "here").await;
    assert!(matches!(only, Err(UnlinkError::NoOtherWay)), "{only:?}");
}

async fn an_account_goes_with_the_address_or_id_that_it_was_found_by(world: World) {
    let amy = world.learner("amy").await.person.id;
    let cora = has_id(&world, "cora", "E7").await;
    let by_id = SignedOn { external_id: Some("E7".to_owned()), ..known_as("7", None) };
    keeps_session(&world, "amy", &comes(&world, &known_as("1", Some(email("amy")))).await.unwrap()).await;
    keeps_session(&world, "cora", &comes(&world, &by_id).await.unwrap()).await;
    let details = |name: &str, address: &str, id: Option<&str>| PersonDetails {
        name: name.to_owned(),
        email: Some(email(address)),
        external_id: id.map(str::to_owned),
    };
    // Another name changes nothing, nor does what they were not found by.
    let correct = async |person, details: PersonDetails| {
        world.engine.correct_details(person, &details, Actor::CommandLine).await.unwrap();
    };
    correct(amy, details("Amy Archer", "amy", Some("E1"))).await;
    correct(cora, details("Cora", "cora.new", Some("E7"))).await;
    assert_eq!((world.raw.count("identity").await, world.raw.count("session").await), (2, 2));
    correct(amy, details("Amy Archer", "somebody.else", Some("E1"))).await;
    correct(cora, details("Cora", "cora.new", Some("E8"))).await;
    assert_eq!((world.raw.count("identity").await, world.raw.count("session").await), (0, 0));
    for shown in [known_as("1", Some(email("amy"))), by_id] {
        let refused = comes(&world, &shown).await;
        assert!(matches!(refused, Err(SignOnError::Unknown)), "{refused:?}");
    }
    // Whose the address is now is found by it.
    assert_eq!(comes(&world, &known_as("9", Some(email("somebody.else")))).await.unwrap().person.id, amy);
}

async fn nobody_takes_away_the_account_of_who_may_do_more(world: World) {
    let (root, dan) = (world.person("root", &[Role::Administrator]).await, world.person("dan", &[Role::Dsl]).await);
    let (amy, local) = (world.learner("amy").of("Northfield").await, world.learner("local").await);
    let over = group(&world, "Northfield").await;
    let duty = Duty { role: Role::Administrator, over: Some(over) };
    world.engine.give_duty(local.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    for (subject, name) in [("1", "amy"), ("2", "dan"), ("3", "root")] {
        comes(&world, &known_as(subject, Some(email(name)))).await.unwrap();
    }
    let unlink = async |of: &Someone, by: &Someone| {
        world.engine.unlink_accounts(of.person.id, Actor::Person(by.person.id)).await
    };
    for (of, by) in [(&root, &root), (&root, &dan), (&amy, &dan), (&dan, &local), (&amy, &amy)] {
        let refused = unlink(of, by).await;
        assert!(matches!(refused, Err(UnlinkError::NotTheirs)), "{refused:?}");
    }
    unlink(&amy, &local).await.unwrap();
    assert!(matches!(unlink(&amy, &local).await, Err(UnlinkError::HasNone)));
    unlink(&dan, &root).await.unwrap();
    world.engine.unlink_accounts(root.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("identity").await, 0);
}

async fn where_people_sign_in_with_nothing_else_links_are_for_the_command_line(world: World) {
    let (amy, root) = (world.learner("amy").await, world.person("root", &[Role::Administrator]).await);
    let (amy, by) = (amy.person.id, Actor::Person(root.person.id));
    let before = world.engine.make_ways_in(&[amy], by).await.unwrap().remove(0).secret;
    assert!(world.engine.find_way_in(&before).await.unwrap().is_some());
    let only = world.engine.with_letters().with_sign_on_only();
    // Not one that was made before, either, nor one that somebody had sent to them.
    assert!(only.find_way_in(&before).await.unwrap().is_none());
    let chosen = only.choose_password(&before, "green ladders dance").await;
    assert!(matches!(chosen, Err(ChoosePasswordError::NoSuchLink)), "{chosen:?}");
    world.engine.with_letters().forgot_password(&email("amy")).await.unwrap();
    let LetterAbout::Forgotten { secret, .. } = only.claim_letters(1).await.unwrap().remove(0).about else { panic!() };
    assert!(only.find_way_in(&secret).await.unwrap().is_none());
    for made in [only.make_ways_in(&[amy], by).await.map(drop), only.mail_ways_in(&[amy], by).await.map(drop)] {
        assert!(matches!(made, Err(WayInError::SignOnOnly)), "{made:?}");
    }
    let link = only.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0).secret;
    only.choose_password(&link, "green ladders dance").await.unwrap();
}

async fn two_tabs_at_once_let_the_same_person_in(world: World) {
    let amy = world.learner("amy").await;
    let shown = known_as("1", Some(email("amy")));
    let held = world.raw.hold().await;
    let tabs = async { tokio::join!(comes(&world, &shown), comes(&world, &shown), comes(&world, &shown)) };
    let lets_go = async {
        held.until_somebody_waits().await;
        held.let_go().await;
    };
    let ((a, b, c), ()) = tokio::join!(tabs, lets_go);
    for verified in [a, b, c] {
        assert_eq!(verified.unwrap().person.id, amy.person.id);
    }
    assert_eq!(world.raw.count("identity").await, 1);
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
