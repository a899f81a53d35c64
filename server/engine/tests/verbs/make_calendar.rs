//! A calendar at a private address.

use chrono::TimeDelta;
use engine::{Actor, CalendarError, CalendarKind, NeutralName, local_date};

use world::{World, on_both};

on_both![
    it_has_the_days_by_which_something_is_due_and_until_which_it_counts,
    what_is_due_on_the_day_until_which_it_counts_stands_there_once,
    another_address_ends_the_one_before_and_it_can_be_ended,
    it_ends_with_its_owner_leaving,
    who_tries_addresses_is_held_up_and_nobody_else,
];

const PLACE: &str = "192.0.2.7";

async fn it_has_the_days_by_which_something_is_due_and_until_which_it_counts(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let secret = world.engine.make_calendar(&amy.person).await.unwrap();
    assert_eq!(secret.len(), 40);
    let kept = world.raw.texts("SELECT digest FROM calendar_feed").await;
    assert_ne!(kept[0][0].as_deref(), Some(&*secret));
    let before = world.raw.everything().await;
    let calendar = world.engine.calendar(&secret, PLACE).await.unwrap();
    assert_eq!(world.raw.everything().await, before, "that somebody looks is not noted");
    let page = world.engine.own_page(&amy.person).await.unwrap();
    let due: Vec<_> = calendar.days.iter().filter(|day| day.kind == CalendarKind::Due).map(|day| day.on).collect();
    let mut wanted: Vec<_> = page.due.iter().map(|due| due.wanted.by).collect();
    wanted.sort();
    assert_eq!(due, wanted);
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let until: Vec<_> = calendar.days.iter().filter(|day| day.kind == CalendarKind::Until).collect();
    assert_eq!(until.len(), 1);
    assert_eq!((until[0].on, until[0].about), (local_date(record.years[0].entries[0].until), NeutralName::Part(1)));
    // A day keeps its number, whatever comes of the others, and says nothing of what it is about.
    amy.passes("sharing-nudes").await;
    let again = world.engine.make_calendar(&amy.person).await.unwrap();
    let later = world.engine.calendar(&again, PLACE).await.unwrap();
    assert!(later.days.iter().any(|day| day.uid == until[0].uid && day.on == until[0].on));
    let ben = world.learner("ben").passes("four-cs").await;
    let other = world.engine.make_calendar(&ben.person).await.unwrap();
    let others = world.engine.calendar(&other, PLACE).await.unwrap();
    assert!(others.days.iter().all(|day| day.uid.len() == 32 && day.uid != until[0].uid));
}

async fn what_is_due_on_the_day_until_which_it_counts_stands_there_once(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let until = local_date(world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].until);
    world.waits(TimeDelta::days(300));
    let secret = world.engine.make_calendar(&amy.person).await.unwrap();
    let calendar = world.engine.calendar(&secret, PLACE).await.unwrap();
    let first = calendar.days.iter().filter(|day| day.about == NeutralName::Part(1));
    assert_eq!(first.map(|day| (day.kind, day.on)).collect::<Vec<_>>(), [(CalendarKind::Due, until)]);
}

async fn another_address_ends_the_one_before_and_it_can_be_ended(world: World) {
    let amy = world.learner("amy").await;
    let engine = &world.engine;
    assert_eq!(engine.own_calendar(&amy.person).await.unwrap(), None);
    assert!(!engine.end_calendar(&amy.person).await.unwrap());
    let first = engine.make_calendar(&amy.person).await.unwrap();
    let second = engine.make_calendar(&amy.person).await.unwrap();
    assert_ne!(first, second);
    assert!(matches!(engine.calendar(&first, PLACE).await, Err(CalendarError::NoSuchCalendar)));
    engine.calendar(&second, PLACE).await.unwrap();
    assert_eq!(engine.own_calendar(&amy.person).await.unwrap(), Some(engine.now()));
    assert!(engine.end_calendar(&amy.person).await.unwrap());
    assert!(matches!(engine.calendar(&second, PLACE).await, Err(CalendarError::NoSuchCalendar)));
    assert_eq!(engine.own_calendar(&amy.person).await.unwrap(), None);
}

async fn it_ends_with_its_owner_leaving(world: World) {
    let amy = world.learner("amy").await;
    let secret = world.engine.make_calendar(&amy.person).await.unwrap();
    world.engine.leave(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    assert!(matches!(world.engine.calendar(&secret, PLACE).await, Err(CalendarError::NoSuchCalendar)));
}

async fn who_tries_addresses_is_held_up_and_nobody_else(world: World) {
    let amy = world.learner("amy").await;
    let secret = world.engine.make_calendar(&amy.person).await.unwrap();
    for number in 0..100 {
        let tried = world.engine.calendar(&format!("{number:040}"), PLACE).await;
        assert!(matches!(tried, Err(CalendarError::NoSuchCalendar)), "{number}");
    }
    let wrong = "f".repeat(40);
    let Err(CalendarError::TooMany { retry_at }) = world.engine.calendar(&wrong, PLACE).await else { panic!() };
    assert_eq!(retry_at, world.engine.now() + TimeDelta::minutes(15));
    let elsewhere = world.engine.calendar(&wrong, "198.51.100.1").await;
    assert!(matches!(elsewhere, Err(CalendarError::NoSuchCalendar)));
    // Many people share a place: whoever has an address is not kept from it by who tries others there.
    world.engine.calendar(&secret, PLACE).await.unwrap();
    world.waits(TimeDelta::minutes(16));
    assert!(matches!(world.engine.calendar(&wrong, PLACE).await, Err(CalendarError::NoSuchCalendar)));
}
