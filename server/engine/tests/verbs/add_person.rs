//! Adding people and their groups.

use chrono::{Days, NaiveDate, TimeDelta};
use engine::{
    Actor, AddPersonError, DayFault, Duty, DutyError, NewDuty, NewPerson, PersonId, Role, TextFault, WayInError,
    WeakPassword, local_date,
};

use world::{PASSWORD, World, audience, email, on_both};

on_both![
    an_address_is_taken_whatever_its_case,
    an_address_is_taken_once_when_two_ask_at_the_same_time,
    what_is_incomplete_is_refused_and_nothing_is_written,
    an_auditor_is_added_with_the_end_of_their_duty_or_not_at_all,
    a_group_is_made_once,
    a_group_is_made_once_when_many_ask_at_the_same_time,
    a_person_belongs_to_the_groups_above_too,
    a_password_that_is_reset_counts_no_longer_and_a_link_takes_its_place,
    nobody_has_no_password_to_reset,
    an_administrator_is_wanted_until_one_can_sign_in,
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
    let long = add(|person| person.email = format!("{}@x.example", "a".repeat(250))).await;
    assert!(matches!(long, Err(AddPersonError::EmailText(TextFault::TooLong { most: 254, over: 6 }))), "{long:?}");
    let hidden = add(|person| person.email = "amy\u{200b}@b".to_owned()).await;
    assert!(matches!(hidden, Err(AddPersonError::EmailText(TextFault::Invisible('\u{200b}')))), "{hidden:?}");
    for email in ["amy", "@x", "amy@", "amy@a@b", "amy archer@b"] {
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

async fn an_auditor_is_added_with_the_end_of_their_duty_or_not_at_all(world: World) {
    let (engine, today) = (&world.engine, local_date(world.engine.now()));
    let until = |until: Option<NaiveDate>| NewPerson {
        duties: vec![NewDuty { duty: Duty { role: Role::Auditor, over: None }, until }],
        ..new(&world)
    };
    let leaves = world.raw.count("log_leaf").await;
    for by in [Actor::CommandLine, Actor::Server] {
        let refused = engine.add_person(until(None), by).await;
        assert!(matches!(refused, Err(AddPersonError::Duty(DutyError::NoEnd))), "{refused:?}");
        let refused = engine.add_person(until(Some(today)), by).await;
        assert!(matches!(refused, Err(AddPersonError::Duty(DutyError::EndsAtOnce { .. }))), "{refused:?}");
        let refused = engine.add_person(until(Some(today + Days::new(9_999))), by).await;
        assert!(matches!(refused, Err(AddPersonError::Duty(DutyError::Day(DayFault::FarOff(_))))), "{refused:?}");
    }
    let all = engine.faults_of_new_person(&until(None)).await.unwrap();
    assert!(matches!(all.as_slice(), [AddPersonError::Duty(DutyError::NoEnd)]), "{all:?}");
    assert_eq!((engine.count_people().await.unwrap(), world.raw.count("log_leaf").await), (0, leaves));
    let ada = engine.add_person(until(Some(today + Days::new(30))), Actor::CommandLine).await.unwrap();
    let ended = format!("duty WHERE ends_before = '{}' AND end_recorded_at = recorded_at", today + Days::new(30));
    assert_eq!(world.raw.count(&ended).await, 1);
    assert_eq!(world.raw.count("log_leaf").await, leaves + 2);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    world.waits(TimeDelta::days(29));
    assert!(engine.person(ada).await.unwrap().unwrap().is(Role::Auditor));
    world.waits(TimeDelta::days(1));
    assert!(!engine.person(ada).await.unwrap().unwrap().is(Role::Auditor));
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
    assert_eq!(world.engine.catalogue().organisation.sites_for(&amy.person.groups).len(), 1);
}

async fn a_password_that_is_reset_counts_no_longer_and_a_link_takes_its_place(world: World) {
    let amy = world.learner("amy").await.person.id;
    let before = world.engine.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0);
    let way = world.engine.reset_password(amy, Actor::CommandLine).await.unwrap();
    assert!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await.is_err());
    assert_eq!(world.engine.find_way_in(&before.secret).await.unwrap(), None);
    world.engine.choose_password(&way.secret, "another horse battery").await.unwrap();
    world.engine.sign_in(&email("amy"), "another horse battery", "here").await.unwrap();
    // Nobody does so for themselves, and whoever looks after nobody does it for nobody.
    for by in [amy, world.learner("ben").await.person.id] {
        let refused = world.engine.reset_password(amy, Actor::Person(by)).await;
        assert!(matches!(refused, Err(WayInError::NotTheirs)));
    }
    world.engine.sign_in(&email("amy"), "another horse battery", "here").await.unwrap();
}

async fn nobody_has_no_password_to_reset(world: World) {
    let nobody = PersonId::parse("019a0000-0000-7000-8000-000000000000").unwrap();
    let refused = world.engine.reset_password(nobody, Actor::CommandLine).await;
    assert!(matches!(refused, Err(WayInError::NoSuchPerson)));
}

async fn an_administrator_is_wanted_until_one_can_sign_in(world: World) {
    let engine = &world.engine;
    assert!(!engine.has_administrator_who_signs_in().await.unwrap());
    world.learner("amy").await;
    world.person("ada", &[Role::Auditor]).await;
    let over = engine.group_at("Northfield", Actor::CommandLine).await.unwrap();
    let duties = vec![Duty { role: Role::Administrator, over: Some(over) }.into()];
    let of_a_group = NewPerson { email: email("gwen"), duties, ..new(&world) };
    engine.add_person(of_a_group, Actor::CommandLine).await.unwrap();
    let duties = vec![Duty { role: Role::Administrator, over: None }.into()];
    let without = NewPerson { email: email("root"), password: None, duties, ..new(&world) };
    let root = engine.add_person(without, Actor::CommandLine).await.unwrap();
    assert!(!engine.has_administrator_who_signs_in().await.unwrap());
    let way = engine.make_ways_in(&[root], Actor::CommandLine).await.unwrap().remove(0);
    engine.choose_password(&way.secret, "another horse battery").await.unwrap();
    assert!(engine.has_administrator_who_signs_in().await.unwrap());
    let today = local_date(engine.now());
    engine.leave(root, today, Actor::CommandLine).await.unwrap();
    assert!(!engine.has_administrator_who_signs_in().await.unwrap());
    // Who is to begin has theirs already: nobody types another's meanwhile.
    let duties = vec![Duty { role: Role::Administrator, over: None }.into()];
    let later = NewPerson { email: email("vera"), start_date: today + Days::new(3), duties, ..new(&world) };
    let vera = engine.add_person(later, Actor::CommandLine).await.unwrap();
    assert!(engine.has_administrator_who_signs_in().await.unwrap());
    engine.leave(vera, today + Days::new(3), Actor::CommandLine).await.unwrap();
    assert!(!engine.has_administrator_who_signs_in().await.unwrap());
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
