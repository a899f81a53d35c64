//! Declining to sign: with a reason that few read, for a while, and never for good.

use chrono::TimeDelta;
use engine::{
    Actor, DeclineError, DeclineId, Engine, HeldValue, Hold, LONGEST_DECLINE_REASON, LetterAbout, LetterKind, Occasion,
    Parts, PersonId, RecordFact, Refused, Role, Sent, Signing, TextFault, Thing, WhoStands,
};
use model::Status;

use world::{Someone, World, agreement, group, now, on_both, slug, today};

on_both![
    what_was_declined_stays_open_and_is_asked_again,
    a_reason_is_bounded_and_the_text_is_the_one_that_was_shown,
    who_may_see_evidence_reads_why_and_each_look_is_noted,
    those_who_look_after_them_are_told_without_the_reason,
    reminders_leave_them_alone_until_they_are_asked_again,
    a_new_version_is_asked_anew,
    reasons_go_with_names_and_declines_with_their_person,
];

const WHY: &str = "I do not agree with clause 1.\nMay we talk?";

async fn declines(someone: &Someone, why: &str) -> Result<DeclineId, DeclineError> {
    declines_at(&someone.world.engine, someone, why).await
}

async fn declines_at(engine: &Engine, someone: &Someone, why: &str) -> Result<DeclineId, DeclineError> {
    let text = engine.catalogue().agreements[&agreement("learner-aup")].canonical.sha256;
    engine.decline_agreement(&someone.person, &agreement("learner-aup"), text, why).await
}

async fn ready(world: &World, name: &'static str) -> Someone {
    world.learner(name).of("North").passes("four-cs").passes("sharing-nudes").await
}

async fn what_was_declined_stays_open_and_is_asked_again(world: World) {
    let amy = ready(&world, "amy").await;
    let engine = &world.engine;
    let before = engine.own_page(&amy.person).await.unwrap();
    let id = declines(&amy, WHY).await.unwrap();
    assert_eq!(declines(&amy, "Once more").await.unwrap(), id, "before they are asked again they have declined once");
    assert_eq!(world.raw.count("decline").await, 1);
    let page = engine.own_page(&amy.person).await.unwrap();
    let again_on = today(&world) + TimeDelta::days(14);
    assert_eq!((page.due.len(), page.due[0].status), (before.due.len(), before.due[0].status), "it stays open");
    let Hold::Declined { again_on: said, .. } = page.due[0].hold else { panic!("{:?}", page.due[0].hold) };
    assert_eq!(said, again_on);
    let found = engine.agreement_page(&amy.person, &agreement("learner-aup")).await.unwrap();
    assert!(matches!(found.signing, Signing::Open(_)), "it can be signed at any time");
    assert_eq!(found.declined.unwrap().reason.as_deref(), Some(WHY));
    assert_eq!(found.may_decline, None);
    // What stands as at a day follows from what was known then.
    world.waits(TimeDelta::days(14));
    let page = engine.own_page(&amy.person).await.unwrap();
    assert_eq!(page.due[0].hold, Hold::Nothing);
    assert!(page.due[0].declined.is_some());
    let second = declines(&amy, "Still not").await.unwrap();
    assert_ne!(second, id);
    amy.signs("learner-aup").await.unwrap();
    let page = engine.own_page(&amy.person).await.unwrap();
    assert!(page.due.is_empty(), "{page:?}");
    assert!(matches!(declines(&amy, WHY).await, Err(DeclineError::NotAsked)));
    let record = engine.person_record(&amy.person, amy.person.id, None).await.unwrap();
    let declined = record.events.iter().filter(|event| matches!(event.what, RecordFact::Declined { .. }));
    assert_eq!(declined.filter(|event| event.entry.is_some()).count(), 2);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn a_reason_is_bounded_and_the_text_is_the_one_that_was_shown(world: World) {
    let amy = world.learner("amy").await;
    for nothing in ["", " \n ", "… !"] {
        let refused = declines(&amy, nothing).await;
        assert!(matches!(refused, Err(DeclineError::Reason(TextFault::Empty))), "{nothing:?}");
    }
    let long = "n".repeat(LONGEST_DECLINE_REASON + 1);
    assert!(matches!(declines(&amy, &long).await, Err(DeclineError::Reason(TextFault::TooLong { .. }))));
    let other = world.engine.catalogue().modules[&slug("four-cs")].canonical.sha256;
    let old = world.engine.decline_agreement(&amy.person, &agreement("learner-aup"), other, WHY).await;
    assert!(matches!(old, Err(DeclineError::TextChanged)));
    let sam = world.person("sam", &[]).also("staff").await;
    let text = world.engine.catalogue().agreements[&agreement("learner-aup")].canonical.sha256;
    let not_theirs = world.engine.decline_agreement(&sam.person, &agreement("learner-aup"), text, WHY).await;
    assert!(matches!(not_theirs, Err(DeclineError::Refused(Refused::NotForYou))), "{not_theirs:?}");
    assert_eq!((world.raw.count("decline").await, world.raw.count("decline_reason").await), (0, 0));
    // One need not have passed anything to say no.
    declines(&amy, &"n".repeat(LONGEST_DECLINE_REASON)).await.unwrap();
}

async fn who_may_see_evidence_reads_why_and_each_look_is_noted(world: World) {
    let amy = ready(&world, "amy").await;
    let engine = &world.engine;
    let id = declines(&amy, WHY).await.unwrap();
    let dan = now(&world.person("dan", &[Role::Dsl]).await).await;
    let mina = now(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let ben = world.learner("ben").await.person;
    for stranger in [&mina, &ben] {
        assert!(matches!(engine.decline(stranger, id).await, Err(Refused::NotFound)));
        assert_eq!(engine.list_declines(stranger).await.unwrap(), []);
    }
    assert_eq!(world.raw.count("look").await, 0);
    assert_eq!(engine.decline(&amy.person, id).await.unwrap().reason.as_deref(), Some(WHY));
    assert_eq!(world.raw.count("look").await, 0, "one's own is no look");
    let shown = engine.decline(&dan, id).await.unwrap();
    assert_eq!((shown.reason.as_deref(), shown.listed.name.as_deref()), (Some(WHY), Some("amy")));
    assert_eq!(world.raw.count(&format!("look WHERE thing = 'decline/{id}'")).await, 1);
    let listed = engine.list_declines(&dan).await.unwrap();
    assert_eq!((listed.len(), listed[0].decline.id, listed[0].signed_at), (1, id, None));
    let aup = agreement("learner-aup");
    let unsigned = engine.list_unsigned(&dan, &aup, WhoStands::NotSigned, None, None).await.unwrap();
    let stands = unsigned.people.iter().find(|one| one.person.id == amy.person.id).unwrap();
    assert_eq!(stands.declined.as_ref().map(|decline| decline.id), Some(id));
    assert_eq!(stands.cell.status, Status::NotStarted, "it is not signed");
    // A manager sees that it was declined, and not why.
    let record = engine.person_record(&mina, amy.person.id, None).await.unwrap();
    let thing = record.things.iter().find(|thing| thing.thing == Thing::Agreement(aup.clone())).unwrap();
    assert!(thing.declined.is_some() && !record.shows_evidence);
    assert!(engine.person_record(&dan, amy.person.id, None).await.unwrap().shows_evidence);
    amy.signs("learner-aup").await.unwrap();
    assert!(engine.list_declines(&dan).await.unwrap()[0].signed_at.is_some());
}

/// To whom letters go now that somebody declined.
async fn told(engine: &Engine) -> Vec<PersonId> {
    let mut told = Vec::new();
    for letter in engine.claim_letters(50).await.unwrap() {
        assert_eq!(letter.about.kind(), LetterKind::Declined);
        let LetterAbout::Declined { title, .. } = &letter.about else { panic!() };
        assert_eq!(title, "Learner acceptable use agreement");
        assert_eq!(engine.still_tells(&letter).await.unwrap().as_ref(), Some(&letter.about));
        engine.note_letter(&letter, &Sent::Yes).await.unwrap();
        told.push(letter.person);
    }
    told
}

async fn those_who_look_after_them_are_told_without_the_reason(world: World) {
    let amy = ready(&world, "amy").await;
    let engine = &world.engine.with_letters();
    // Nobody is there to be told, and it is declined all the same.
    declines_at(engine, &amy, WHY).await.unwrap();
    assert_eq!(told(engine).await, []);
    let mut expected = Vec::new();
    let root = world.person("root", &[Role::Administrator]).await;
    world.person("mina", &[Role::Manager]).manages("North").await;
    world.waits(TimeDelta::days(14));
    declines_at(engine, &amy, WHY).await.unwrap();
    assert_eq!(told(engine).await, [root.person.id], "administrators where there is no safeguarding lead");
    for name in ["dan", "priya"] {
        expected.push(world.person(name, &[Role::Dsl]).await.person.id);
    }
    world.waits(TimeDelta::days(14));
    declines_at(engine, &amy, "They hurt me").await.unwrap();
    let everything = format!("{:?}", world.raw.texts("SELECT about FROM letter").await);
    assert!(everything.contains("Learner acceptable use"), "{everything}");
    assert!(!everything.contains("hurt") && !everything.contains("amy"), "{everything}");
    let mut found = told(engine).await;
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // Whose address the agreement names, once they may read it; until then it is for others.
    let head = world.person("digital", &[]).also("staff").await;
    world.waits(TimeDelta::days(14));
    declines_at(engine, &amy, WHY).await.unwrap();
    assert_eq!(told(engine).await.len(), 2);
    let north = group(&world, "North").await;
    let duty = engine::Duty { role: Role::Auditor, over: Some(north) };
    engine.give_duty(head.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(14));
    declines_at(engine, &amy, WHY).await.unwrap();
    assert_eq!(told(engine).await, [head.person.id]);
    // Nobody is told of themselves.
    let gwen = world.person("gwen", &[Role::Dsl]).also("learner").await;
    declines_at(engine, &gwen, WHY).await.unwrap();
    let found = told(engine).await;
    assert!(found.len() == 2 && !found.contains(&gwen.person.id), "{found:?}");
}

async fn reminders_leave_them_alone_until_they_are_asked_again(world: World) {
    let from = "roles_are = \"staff\"";
    let to = format!("{from}\nask_again_days = 5\n\n[reminders]\non = true\nquiet_days = []");
    world.edits("organisation.toml", from, &to);
    world.publishes().await.unwrap();
    let amy = ready(&world, "amy").await;
    let engine = world.engine.with_letters();
    let mut arrived = Vec::new();
    for day in 0..16 {
        if day == 8 {
            // The letter of that day waits already, and is not sent.
            engine.remind_everybody(Actor::CommandLine).await.unwrap();
            declines(&amy, WHY).await.unwrap();
        }
        engine.remind_everybody(Actor::CommandLine).await.unwrap();
        for letter in engine.claim_letters(50).await.unwrap() {
            let told = engine.still_tells(&letter).await.unwrap();
            if told.is_some() {
                engine.note_letter(&letter, &Sent::Yes).await.unwrap();
            }
            if let Some(LetterAbout::Reminder { things, .. }) = told {
                arrived.extend(things.iter().map(|one| (day, one.occasion)));
            }
        }
        world.waits(TimeDelta::days(1));
    }
    let expected =
        [(0, Occasion::DueSoon), (13, Occasion::Declined), (14, Occasion::DueToday), (15, Occasion::Overdue)];
    assert_eq!(arrived, expected);
}

async fn a_new_version_is_asked_anew(world: World) {
    let amy = ready(&world, "amy").await;
    let engine = &world.engine;
    declines(&amy, WHY).await.unwrap();
    world.waits(TimeDelta::days(1));
    let then = engine.now();
    world.waits(TimeDelta::minutes(1));
    world.publishes_new_version_of("learner-aup").await;
    let found = engine.agreement_page(&amy.person, &agreement("learner-aup")).await.unwrap();
    assert_eq!((found.declined, found.may_decline), (None, Some(14)), "they declined another text");
    let as_at = engine::AsAt { moment: then, as_known_now: false };
    world.waits(TimeDelta::days(1));
    let record = engine.person_record(&amy.person, amy.person.id, Some(as_at)).await.unwrap();
    assert!(record.things.iter().any(|thing| thing.declined.is_some()), "then it stood");
    declines(&amy, WHY).await.unwrap();
    assert_eq!(world.raw.count("decline").await, 2);
}

async fn reasons_go_with_names_and_declines_with_their_person(world: World) {
    world.edits(
        "organisation.toml",
        "roles_are = \"staff\"",
        "roles_are = \"staff\"\n\n[retention]\nnames_of_leavers_years = 1",
    );
    world.publishes().await.unwrap();
    let (amy, ben) = (ready(&world, "amy").await, ready(&world, "ben").await);
    let engine = &world.engine;
    let id = declines(&amy, WHY).await.unwrap();
    declines(&ben, WHY).await.unwrap();
    let data = engine.own_data(&amy.person).await.unwrap();
    let held = data.kinds.iter().find(|kind| kind.table == "decline_reason").unwrap();
    assert!(held.rows[0].contains(&HeldValue::Text(WHY.to_owned())), "{held:?}");
    let whole = engine.export_log(Parts::All).await.unwrap().write().unwrap();
    assert!(String::from_utf8_lossy(&whole["openings"]).contains("clause 1"));
    let shown = engine.export_log(Parts::Pseudonymous).await.unwrap().write().unwrap();
    assert!(!String::from_utf8_lossy(&shown["openings"]).contains("clause 1"));
    for someone in [&amy, &ben] {
        engine.leave(someone.person.id, today(&world), Actor::CommandLine).await.unwrap();
    }
    engine.erase_person(ben.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!((world.raw.count("decline").await, world.raw.count("decline_reason").await), (1, 1));
    world.waits(TimeDelta::days(370));
    let dan = now(&world.person("dan", &[Role::Dsl]).await).await;
    engine.let_go_by_rules(Actor::CommandLine).await.unwrap();
    assert_eq!(engine.decline(&dan, id).await.unwrap().reason, None);
    assert_eq!((world.raw.count("decline").await, world.raw.count("decline_reason").await), (1, 0));
    let openings = engine.export_log(Parts::All).await.unwrap().write().unwrap();
    assert!(!String::from_utf8_lossy(&openings["openings"]).contains("clause 1"));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}
