//! Adding people and their groups.

use chrono::NaiveDate;
use engine::{Actor, AddPersonError, NewPerson, ResetPasswordError, TextFault, WeakPassword, local_date};

use world::{PASSWORD, World, audience, email, on_both};

on_both![
    an_address_is_taken_whatever_its_case,
    an_address_is_taken_once_when_two_ask_at_the_same_time,
    what_is_incomplete_is_refused_and_nothing_is_written,
    a_group_is_made_once,
    a_group_is_made_once_when_many_ask_at_the_same_time,
    a_person_belongs_to_the_groups_above_too,
    a_short_password_is_not_set,
    nobody_has_no_password_to_reset,
];

async fn an_address_is_taken_whatever_its_case(world: World) {
    world.learner("amy").await;
    let again = NewPerson { email: "AMY@NORTHFIELD.example".to_owned(), ..new(&world) };
    assert!(matches!(world.engine.add_person(again, Actor::CommandLine).await, Err(AddPersonError::EmailTaken)));
}

async fn an_address_is_taken_once_when_two_ask_at_the_same_time(world: World) {
    let (one, other) = tokio::join!(
        world.engine.add_person(new(&world), Actor::CommandLine),
        world.engine.add_person(new(&world), Actor::CommandLine)
    );
    assert!(matches!(
        (&one, &other),
        (Ok(_), Err(AddPersonError::EmailTaken)) | (Err(AddPersonError::EmailTaken), Ok(_))
    ));
    assert_eq!(world.engine.count_people().await.unwrap(), 1);
}

async fn what_is_incomplete_is_refused_and_nothing_is_written(world: World) {
    let add = |change: fn(&mut NewPerson)| {
        let mut person = new(&world);
        change(&mut person);
        world.engine.add_person(person, Actor::CommandLine)
    };
    assert!(matches!(add(|person| person.name = "  ".to_owned()).await, Err(AddPersonError::Name(TextFault::Empty))));
    assert!(matches!(
        add(|person| person.name = "a".repeat(201)).await,
        Err(AddPersonError::Name(TextFault::TooLong { most: 200, .. }))
    ));
    assert!(matches!(
        add(|person| person.name = "Amy\u{200b}".to_owned()).await,
        Err(AddPersonError::Name(TextFault::Invisible('\u{200b}')))
    ));
    for email in ["amy", "@x", "amy@", "amy@a@b", "amy archer@b", "amy\u{200b}@b"] {
        let mut person = new(&world);
        person.email = email.to_owned();
        let refused = world.engine.add_person(person, Actor::CommandLine).await;
        assert!(matches!(refused, Err(AddPersonError::Email)), "{email:?}");
    }
    let short = add(|person| person.password = Some("short".to_owned())).await;
    assert!(matches!(short, Err(AddPersonError::Weak(WeakPassword::Short))));
    for year in [1, 9999] {
        let mut person = new(&world);
        person.start_date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let refused = world.engine.add_person(person, Actor::CommandLine).await;
        assert!(matches!(refused, Err(AddPersonError::StartDate(_))), "{year}");
    }
    assert!(matches!(add(|person| person.audiences.clear()).await, Err(AddPersonError::NoRole)));
    assert_eq!(world.engine.count_people().await.unwrap(), 0);
}

async fn a_group_is_made_once(world: World) {
    let at = |path: &'static str| world.engine.group_at(path, Actor::CommandLine);
    let first = at("Northfield/Cohort A").await.unwrap();
    assert_eq!(at(" Northfield / Cohort A ").await.unwrap(), first);
    assert_ne!(at("Riverside/Cohort A").await.unwrap(), first);
    assert_eq!(world.raw.count("people_group").await, 4);
}

async fn a_group_is_made_once_when_many_ask_at_the_same_time(world: World) {
    let at = || world.engine.group_at("Northfield/Cohort A", Actor::CommandLine);
    let made = tokio::join!(at(), at(), at(), at());
    assert_eq!(made.0.unwrap(), made.3.unwrap());
    assert_eq!(world.raw.count("people_group").await, 2);
}

async fn a_person_belongs_to_the_groups_above_too(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    let mut groups: Vec<String> = amy.person.groups.iter().map(|(_, name)| name.clone()).collect();
    groups.sort();
    assert_eq!(groups, ["Cohort A", "Northfield", "Tuesdays"]);
    assert_eq!(world.engine.sites_for(Some(&amy.person)).len(), 1);
}

async fn a_short_password_is_not_set(world: World) {
    world.learner("amy").await;
    let refused = world.engine.reset_password(&email("amy"), "short", Actor::CommandLine).await;
    assert!(matches!(refused, Err(ResetPasswordError::Weak(WeakPassword::Short))));
    world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
}

async fn nobody_has_no_password_to_reset(world: World) {
    let refused = world.engine.reset_password(&email("amy"), "another horse battery", Actor::CommandLine).await;
    assert!(matches!(refused, Err(ResetPasswordError::NoSuchPerson)));
}

fn new(world: &World) -> NewPerson {
    NewPerson {
        name: "Amy Archer".to_owned(),
        email: email("amy"),
        external_id: None,
        password: Some(PASSWORD.to_owned()),
        start_date: local_date(world.engine.now()),
        duties: Vec::new(),
        audiences: vec![audience("learner")],
        member_of: Vec::new(),
    }
}
