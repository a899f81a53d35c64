//! Adding people and their groups.

use engine::{AddPersonError, NewPerson, ResetPasswordError, Role, local_date};

use crate::world::{PASSWORD, World, email, on_both};

on_both![
    an_address_is_taken_whatever_its_case,
    an_address_is_taken_once_when_two_ask_at_the_same_time,
    what_is_incomplete_is_refused_and_nothing_is_written,
    a_group_is_made_once,
    a_person_belongs_to_the_groups_above_too,
    a_short_password_is_not_set,
    nobody_has_no_password_to_reset,
];

async fn an_address_is_taken_whatever_its_case(world: World) {
    world.learner("amy").await;
    let again = NewPerson { email: "AMY@NORTHFIELD.example".to_owned(), ..new(&world) };
    assert!(matches!(world.engine.add_person(again).await, Err(AddPersonError::EmailTaken)));
}

async fn an_address_is_taken_once_when_two_ask_at_the_same_time(world: World) {
    let (one, other) = tokio::join!(world.engine.add_person(new(&world)), world.engine.add_person(new(&world)));
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
        world.engine.add_person(person)
    };
    assert!(matches!(add(|person| person.name = "  ".to_owned()).await, Err(AddPersonError::Name)));
    assert!(matches!(add(|person| person.name = "a".repeat(201)).await, Err(AddPersonError::Name)));
    assert!(matches!(add(|person| person.email = "amy".to_owned()).await, Err(AddPersonError::Email)));
    assert!(matches!(add(|person| person.password = "short".to_owned()).await, Err(AddPersonError::ShortPassword)));
    assert!(matches!(add(|person| person.roles.clear()).await, Err(AddPersonError::NoRole)));
    assert_eq!(world.engine.count_people().await.unwrap(), 0);
}

async fn a_group_is_made_once(world: World) {
    let first = world.engine.group_at("Northfield/Cohort A").await.unwrap();
    assert_eq!(world.engine.group_at(" Northfield / Cohort A ").await.unwrap(), first);
    assert_ne!(world.engine.group_at("Riverside/Cohort A").await.unwrap(), first);
    assert_eq!(world.raw.count("people_group").await, 4);
}

async fn a_person_belongs_to_the_groups_above_too(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    let mut groups = amy.person.groups.clone();
    groups.sort();
    assert_eq!(groups, ["Cohort A", "Northfield", "Tuesdays"]);
    assert_eq!(world.engine.sites_for(Some(&amy.person)).len(), 1);
}

async fn a_short_password_is_not_set(world: World) {
    world.learner("amy").await;
    let refused = world.engine.reset_password(&email("amy"), "short").await;
    assert!(matches!(refused, Err(ResetPasswordError::ShortPassword)));
    world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
}

async fn nobody_has_no_password_to_reset(world: World) {
    let refused = world.engine.reset_password(&email("amy"), "another horse battery").await;
    assert!(matches!(refused, Err(ResetPasswordError::NoSuchPerson)));
}

fn new(world: &World) -> NewPerson {
    NewPerson {
        name: "Amy Archer".to_owned(),
        email: email("amy"),
        password: PASSWORD.to_owned(),
        start_date: local_date(world.engine.now()),
        roles: vec![Role::Learner],
        member_of: Vec::new(),
        manages: Vec::new(),
    }
}
