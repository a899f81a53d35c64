//! Sessions, as they are kept.

use chrono::{Days, NaiveTime, TimeDelta};
use engine::{
    Actor, AttemptId, AttemptState, Begun, Duty, FoundAttempt, LetterAbout, NewDiscussion, NewWorkshop, PersonDetails,
    Refused, Role, SignInNews, SignOutError, StoredSession, WhichSignedIn,
};

use world::{PASSWORD, Someone, World, email, group, now, on_both, slug, today};

on_both![
    only_the_digest_of_its_id_is_kept,
    it_ends_at_the_very_moment,
    what_is_saved_is_found,
    it_is_found_with_whose_it_is,
    what_has_come_to_its_person_since_is_there_the_next_time_it_is_found,
    an_attempt_is_found_with_it_and_shown_as_it_was_then,
    what_is_more_than_an_open_attempt_is_read_anew,
    whoever_has_left_is_nobody,
    an_id_that_is_taken_is_not_given_twice,
    it_ends_when_its_person_signs_out,
    a_password_reset_ends_all_sessions_of_that_person_and_of_no_other,
    a_request_under_way_does_not_bring_an_ended_session_back,
    what_has_ended_is_forgotten,
    nobody_is_let_in_with_a_password_that_was_changed_meanwhile,
    it_outlives_a_clock_that_is_set,
    a_clock_that_was_set_back_makes_it_no_longer,
    who_is_signed_in_is_found_by_those_who_look_after_them_and_signed_out,
];

async fn only_the_digest_of_its_id_is_kept(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "the secret of a browser").await;
    let kept = world.raw.texts("SELECT id_sha256, data FROM session").await;
    let id = kept[0][0].as_deref().unwrap();
    assert!(id.len() == 64 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    assert!(!format!("{kept:?}").contains("secret"), "{kept:?}");
    assert_eq!(world.engine.find_session(id).await.unwrap(), None);
}

async fn it_ends_at_the_very_moment(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    world.waits(TimeDelta::hours(1) - TimeDelta::microseconds(1));
    assert!(world.engine.find_session("id").await.unwrap().is_some());
    world.waits(TimeDelta::microseconds(1));
    assert_eq!(world.engine.find_session("id").await.unwrap(), None);
}

async fn what_is_saved_is_found(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    let later = StoredSession { data: r#"{"seen":1}"#.to_owned(), ..session(&amy) };
    world.engine.save_session("id", &later).await.unwrap();
    assert_eq!(world.engine.find_session("id").await.unwrap().unwrap().session, later);
}

async fn it_is_found_with_whose_it_is(world: World) {
    let mina =
        world.person("mina", &[Role::Dsl, Role::Manager]).of("Northfield/Cohort A/Tuesdays").manages("Riverside").await;
    world.learner("amy").of("Riverside").await;
    begin(&mina, "id").await;
    let reader = world.engine.find_session("id").await.unwrap().unwrap().reader.unwrap();
    assert_eq!((reader.id, &*reader.name, reader.start_date), (mina.person.id, "mina", mina.person.start_date));
    assert_eq!(reader.duties.iter().map(|duty| duty.role).collect::<Vec<_>>(), [Role::Dsl, Role::Manager]);
    let mut groups: Vec<String> = reader.groups.into_iter().map(|(_, name)| name).collect();
    groups.sort();
    assert_eq!(groups, ["Cohort A", "Northfield", "Tuesdays"]);
}

async fn what_has_come_to_its_person_since_is_there_the_next_time_it_is_found(world: World) {
    let engine = &world.engine;
    let mina = now(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let amy = world.learner("amy").of("North").await;
    begin(&amy, "id").await;
    let news = async |id: &str| {
        let reader = engine.find_session(id).await.unwrap().unwrap().reader.unwrap();
        engine.own_news(&reader).await.unwrap()
    };
    let none = news("id").await;
    assert!(none.came_in.is_empty() && none.to_answer.is_empty() && none.workshops.coming.is_empty());
    let (module, held_on, place) = (slug("four-cs"), today(&world), "Room 12, Northfield".to_owned());
    let held = NewDiscussion { person: amy.person.id, module, version: 1, held_on, place };
    engine.hold_discussion(&mina, &held).await.unwrap();
    assert_eq!(news("id").await.to_answer.len(), 1);
    let north = Some(group(&world, "North").await);
    let time = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let id = engine
        .plan_workshop(
            &mina,
            &NewWorkshop {
                module: slug("four-cs"),
                group: north,
                day: held_on,
                time,
                place: "Room 12, Northfield".to_owned(),
            },
        )
        .await
        .unwrap();
    assert_eq!(news("id").await.workshops.coming.len(), 1);
    let named = PersonDetails { name: "amy".to_owned(), email: Some(email("digital")), external_id: None };
    engine.correct_details(amy.person.id, &named, Actor::CommandLine).await.unwrap();
    assert_eq!(news("id").await.came_in.len(), 1, "the role is reached at that address");
    let named = PersonDetails { email: Some(email("amy")), ..named };
    engine.correct_details(amy.person.id, &named, Actor::CommandLine).await.unwrap();
    assert!(news("id").await.came_in.is_empty());
    let code = engine.workshop(&mina, id).await.unwrap().workshop.shown_code();
    engine.sign_in_to_workshop(&amy.person, &code, "here").await.unwrap();
    world.waits(TimeDelta::hours(2));
    begin(&amy, "later").await;
    assert_eq!(news("later").await.workshops.unconfirmed.len(), 1);
    // Who was not found by a session is asked about anew.
    let asked = engine.own_news(&amy.person).await.unwrap();
    assert_eq!((asked.to_answer.len(), asked.workshops.unconfirmed.len()), (1, 1));
    engine.delete_session("later").await.unwrap();
    assert_eq!(engine.find_session("later").await.unwrap(), None);
}

async fn an_attempt_is_found_with_it_and_shown_as_it_was_then(world: World) {
    let engine = &world.engine;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    begin(&amy, "id").await;
    begin(&ben, "his").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    amy.answers(attempt, "first", "b").await.unwrap();
    let (session, found) = engine.find_session_at("id", attempt).await.unwrap();
    let reader = session.unwrap().reader.unwrap();
    assert_eq!(reader.id, amy.person.id);
    let chosen = async |found: Option<&FoundAttempt>| {
        let AttemptState::Open(sitting) = engine.attempt_as_found(&reader, attempt, found).await.unwrap() else {
            panic!("it is open")
        };
        sitting.paper.questions[0].given.chosen.iter().map(|letter| letter.as_char()).collect::<String>()
    };
    // The database is not asked again: what is answered meanwhile is seen the next time.
    amy.answers(attempt, "first", "a").await.unwrap();
    assert_eq!((&*chosen(found.as_ref()).await, &*chosen(None).await), ("b", "a"));
    let (_, found) = engine.find_session_at("id", attempt).await.unwrap();
    assert_eq!(chosen(found.as_ref()).await, "a");
    // Nobody finds another's, nor one that is not there; their session is found all the same.
    for (id, attempt) in [("his", attempt), ("id", AttemptId(amy.person.id.0))] {
        let (session, none) = engine.find_session_at(id, attempt).await.unwrap();
        assert!(session.unwrap().reader.is_some() && none.is_none(), "{id}");
    }
    let (session, none) = engine.find_session_at("nobody's", attempt).await.unwrap();
    assert!(session.is_none() && none.is_none());
}

async fn what_is_more_than_an_open_attempt_is_read_anew(world: World) {
    let engine = &world.engine;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    begin(&amy, "id").await;
    let (attempt, other) = (amy.starts("sharing-nudes").await.unwrap(), ben.starts("sharing-nudes").await.unwrap());
    let (_, open) = engine.find_session_at("id", attempt).await.unwrap();
    amy.hands_in(attempt).await.unwrap();
    let (_, handed_in) = engine.find_session_at("id", attempt).await.unwrap();
    let state = engine.attempt_as_found(&amy.person, attempt, handed_in.as_ref()).await.unwrap();
    assert!(matches!(state, AttemptState::HandedIn(_)), "{state:?}");
    // What was found of another attempt says nothing of this one.
    let state = engine.attempt_as_found(&ben.person, other, open.as_ref()).await.unwrap();
    assert!(matches!(state, AttemptState::Open(sitting) if sitting.id == other));
    begin(&ben, "his").await;
    let (_, open) = engine.find_session_at("his", other).await.unwrap();
    world.publishes_new_edition_of("sharing-nudes").await;
    let state = engine.attempt_as_found(&ben.person, other, open.as_ref()).await.unwrap();
    assert!(matches!(state, AttemptState::Superseded(_)), "{state:?}");
}

async fn whoever_has_left_is_nobody(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    world.engine.leave(amy.person.id, amy.person.start_date + Days::new(1), Actor::CommandLine).await.unwrap();
    let kept = StoredSession { expires_at: world.engine.now() + TimeDelta::days(2), ..session(&amy) };
    world.engine.save_session("id", &kept).await.unwrap();
    assert!(world.engine.find_session("id").await.unwrap().unwrap().reader.is_some());
    world.waits(TimeDelta::days(1));
    let found = world.engine.find_session("id").await.unwrap().unwrap();
    assert_eq!((found.session, found.reader), (kept, None));
}

async fn an_id_that_is_taken_is_not_given_twice(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    begin(&amy, "id").await;
    assert_eq!(begun(&ben, "id").await, Begun::IdTaken);
    assert_eq!(world.engine.find_session("id").await.unwrap().unwrap().session, session(&amy));
}

async fn it_ends_when_its_person_signs_out(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    world.engine.delete_session("id").await.unwrap();
    assert_eq!(world.engine.find_session("id").await.unwrap(), None);
}

async fn a_password_reset_ends_all_sessions_of_that_person_and_of_no_other(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    begin(&amy, "phone").await;
    begin(&amy, "laptop").await;
    begin(&ben, "his").await;
    world.resets_password("amy", "another horse battery").await;
    assert_eq!(world.engine.find_session("phone").await.unwrap(), None);
    assert_eq!(world.engine.find_session("laptop").await.unwrap(), None);
    assert!(world.engine.find_session("his").await.unwrap().is_some());
    assert!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await.is_err());
    assert!(world.engine.sign_in(&email("amy"), "another horse battery", "here").await.is_ok());
}

async fn a_request_under_way_does_not_bring_an_ended_session_back(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    let read_by_the_request = world.engine.find_session("id").await.unwrap().unwrap().session;
    world.resets_password("amy", "another horse battery").await;
    world.engine.save_session("id", &read_by_the_request).await.unwrap();
    assert_eq!(world.engine.find_session("id").await.unwrap(), None);
}

async fn what_has_ended_is_forgotten(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "old").await;
    world.waits(TimeDelta::hours(2));
    begin(&amy, "new").await;
    assert_eq!(world.raw.count("session").await, 1);
}

async fn nobody_is_let_in_with_a_password_that_was_changed_meanwhile(world: World) {
    let amy = world.learner("amy").await;
    let verified = world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
    world.resets_password("amy", "another horse battery").await;
    let begun = world.engine.begin_session("id", &session(&amy), &verified).await.unwrap();
    assert_eq!((begun, world.raw.count("session").await), (Begun::PasswordChanged, 0));
    // The same password anew is another one.
    world.resets_password("amy", PASSWORD).await;
    let begun = world.engine.begin_session("id", &session(&amy), &verified).await.unwrap();
    assert_eq!((begun, world.raw.count("session").await), (Begun::PasswordChanged, 0));
}

async fn it_outlives_a_clock_that_is_set(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    world.sets_clock(TimeDelta::hours(2));
    begin(&world.learner("ben").await, "his").await;
    assert!(world.engine.find_session("id").await.unwrap().is_some());
    world.waits(TimeDelta::minutes(55));
    assert!(world.engine.find_session("id").await.unwrap().is_some());
    world.waits(TimeDelta::minutes(5));
    assert_eq!(world.engine.find_session("id").await.unwrap(), None);
}

async fn a_clock_that_was_set_back_makes_it_no_longer(world: World) {
    let amy = world.learner("amy").await;
    begin(&amy, "id").await;
    world.sets_clock(-TimeDelta::hours(2));
    world.waits(TimeDelta::minutes(60));
    // Time goes slower by a twentieth until the clock is right.
    world.waits(TimeDelta::minutes(4));
    assert_eq!(world.engine.find_session("id").await.unwrap(), None);
}

async fn begin(someone: &Someone, id: &str) {
    assert_eq!(begun(someone, id).await, Begun::Yes);
}

async fn begun(someone: &Someone, id: &str) -> Begun {
    let engine = &someone.world.engine;
    let verified = engine.sign_in(&email(&someone.person.name), PASSWORD, "here").await.unwrap();
    engine.begin_session(id, &session(someone), &verified).await.unwrap()
}

/// A session that ends in an hour.
fn session(someone: &Someone) -> StoredSession {
    StoredSession {
        person: someone.person.id,
        data: "{}".to_owned(),
        expires_at: someone.world.engine.steady_now() + TimeDelta::hours(1),
    }
}

async fn who_is_signed_in_is_found_by_those_who_look_after_them_and_signed_out(world: World) {
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let root = world.person("root", &[Role::Administrator]).await;
    let local = world.staff("local").await;
    let cohort = group(&world, "Cohort A").await;
    let duty = Duty { role: Role::Administrator, over: Some(cohort) };
    world.engine.give_duty(local.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let local = now(&local).await;
    let engine = &world.engine.with_letters();
    for (someone, id) in [(&amy, "one"), (&amy, "two"), (&ben, "three")] {
        begin(someone, id).await;
    }
    let all = WhichSignedIn::default();
    let page = engine.signed_in(&root.person, &all, None).await.unwrap();
    let found: Vec<(&str, usize)> = page.people.iter().map(|one| (&*one.name, one.browsers)).collect();
    assert_eq!((found, page.total, page.browsers), (vec![("amy", 2), ("ben", 1)], 2, 3));
    let after = engine.signed_in(&root.person, &all, Some(amy.person.id)).await.unwrap();
    assert_eq!(after.people.iter().map(|one| one.id).collect::<Vec<_>>(), [ben.person.id]);
    for which in [
        WhichSignedIn { name: "AM".to_owned(), group: None },
        WhichSignedIn { name: String::new(), group: Some(cohort) },
    ] {
        let page = engine.signed_in(&root.person, &which, None).await.unwrap();
        assert_eq!(page.people.iter().map(|one| one.id).collect::<Vec<_>>(), [amy.person.id]);
    }
    // Who administers a group finds its people alone, and nobody else finds anybody.
    let theirs = engine.signed_in(&local, &all, None).await.unwrap();
    assert_eq!(theirs.people.iter().map(|one| one.id).collect::<Vec<_>>(), [amy.person.id]);
    assert!(matches!(engine.signed_in(&ben.person, &all, None).await, Err(Refused::NotForYou)));
    let by = Actor::Person(local.id);
    for other in [ben.person.id, root.person.id, local.id] {
        let refused = engine.sign_out_everywhere(other, by).await;
        assert!(matches!(refused, Err(SignOutError::NotTheirs)), "{refused:?}");
    }
    assert_eq!(world.raw.count("session").await, 3);
    assert_eq!(engine.sign_out_everywhere(amy.person.id, by).await.unwrap(), 2);
    assert_eq!(engine.find_session("one").await.unwrap(), None);
    assert!(engine.find_session("three").await.unwrap().is_some());
    let letter = engine.claim_letters(1).await.unwrap().remove(0);
    assert_eq!(letter.address, email("amy"));
    assert!(matches!(&letter.about, LetterAbout::News { what: SignInNews::SignedOut, .. }), "{letter:?}");
    // Of nobody who is signed in nowhere there is anything to tell.
    assert_eq!(engine.sign_out_everywhere(amy.person.id, by).await.unwrap(), 0);
    assert!(engine.claim_letters(1).await.unwrap().is_empty());
}
