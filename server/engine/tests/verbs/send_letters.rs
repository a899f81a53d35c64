//! Letters: written with what they tell, sent once by whoever claims them, tried again, and given up; and what nothing is left of.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use engine::{
    Actor, Engine, LetterAbout, LetterError, LetterKind, LetterState, LetterToSend, Person, Refused, Role, Sent,
    WayInError,
};

use world::{World, email, now, on_both, today};

on_both![
    a_link_goes_by_letter_and_nothing_is_left_of_it,
    of_two_nodes_one_has_each_letter,
    who_was_stopped_in_between_sends_it_again_as_the_same_letter,
    what_is_not_taken_is_tried_later_and_later_and_given_up,
    what_tells_nothing_any_more_is_not_sent,
    while_letters_are_held_back_none_is_sent,
    what_was_given_up_is_written_anew_once,
    administrators_alone_look_after_letters,
    who_forgot_a_password_gets_a_link_for_an_hour,
    whoever_asks_for_others_takes_nothing_from_them,
    a_letter_tells_that_a_password_was_chosen,
    letters_are_forgotten_and_go_with_their_person,
];

async fn root(world: &World) -> Person {
    now(&world.person("root", &[Role::Administrator]).await).await
}

async fn one(engine: &Engine) -> LetterToSend {
    let mut letters = engine.claim_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

fn secret(letter: &LetterToSend) -> String {
    match &letter.about {
        LetterAbout::WayIn { secret, .. } | LetterAbout::Forgotten { secret, .. } => secret.clone(),
        other => panic!("{other:?} has no link"),
    }
}

async fn a_link_goes_by_letter_and_nothing_is_left_of_it(world: World) {
    let engine = &world.engine;
    let amy = world.learner("amy").await.person.id;
    assert_eq!(engine.mail_ways_in(&[amy], Actor::CommandLine).await.unwrap(), 1);
    let letter = one(engine).await;
    assert_eq!((letter.address.as_str(), letter.about.kind()), (email("amy").as_str(), LetterKind::WayIn));
    let secret = secret(&letter);
    assert_eq!(engine.find_way_in(&secret).await.unwrap().unwrap().person, amy);
    assert!(!format!("{letter:?}").contains(&secret));
    engine.note_letter(&letter, &Sent::Yes).await.unwrap();
    assert!(!format!("{:?}", world.raw.everything().await).contains(&secret));
    world.waits(TimeDelta::hours(1));
    assert_eq!(engine.claim_letters(10).await.unwrap(), []);
    // Nobody has a link sent, or is written to, whom they do not look after; and then nobody is.
    let ben = world.learner("ben").await;
    let sent = engine.mail_ways_in(&[amy], Actor::Person(ben.person.id)).await;
    assert!(matches!(sent, Err(WayInError::NotTheirs)), "{sent:?}");
    assert_eq!(world.raw.count("letter").await, 1);
}

async fn of_two_nodes_one_has_each_letter(world: World) {
    let mut people = Vec::new();
    for name in ["amy", "ben", "cora", "dev", "eve", "finn"] {
        people.push(world.learner(name).await.person.id);
    }
    let node = world.another_node().await;
    for _ in 0..5 {
        assert_eq!(world.engine.mail_ways_in(&people, Actor::CommandLine).await.unwrap(), people.len());
        let claiming = [&world, &node].map(|world| {
            let engine = world.engine.clone();
            tokio::spawn(async move {
                let mut claimed = engine.claim_letters(4).await.unwrap();
                claimed.extend(engine.claim_letters(4).await.unwrap());
                claimed
            })
        });
        let mut claimed = Vec::new();
        for one in claiming {
            claimed.extend(one.await.unwrap());
        }
        // Whoever lost one to the other finds what is left at its next look.
        claimed.extend(world.engine.claim_letters(10).await.unwrap());
        let ids: BTreeSet<_> = claimed.iter().map(|letter| letter.id).collect();
        assert_eq!((claimed.len(), ids.len()), (people.len(), people.len()));
        for letter in &claimed {
            world.engine.note_letter(letter, &Sent::Yes).await.unwrap();
        }
    }
}

async fn who_was_stopped_in_between_sends_it_again_as_the_same_letter(world: World) {
    let engine = &world.engine;
    let amy = world.learner("amy").await.person.id;
    engine.mail_ways_in(&[amy], Actor::CommandLine).await.unwrap();
    let first = one(engine).await;
    assert!(engine.may_send(&first));
    world.waits(TimeDelta::minutes(6));
    assert!(!engine.may_send(&first), "somebody else may begin to send it before this is done");
    world.waits(TimeDelta::minutes(4));
    let second = one(engine).await;
    assert_eq!((first.id, &first.message_id, &first.about), (second.id, &second.message_id, &second.about));
    // The first was only slow. What it says of a fault is old; that it was sent is true.
    engine.note_letter(&first, &Sent::NotNow("slow".to_owned())).await.unwrap();
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM letter WHERE fault IS NOT NULL").await, 0);
    engine.note_letter(&first, &Sent::Yes).await.unwrap();
    engine.note_letter(&second, &Sent::Yes).await.unwrap();
    world.waits(TimeDelta::hours(1));
    assert_eq!(engine.claim_letters(10).await.unwrap(), []);
}

async fn what_is_not_taken_is_tried_later_and_later_and_given_up(world: World) {
    let engine = &world.engine;
    let root = root(&world).await;
    let amy = world.learner("amy").await.person.id;
    engine.mail_ways_in(&[amy], Actor::CommandLine).await.unwrap();
    for minutes in [1, 5, 15, 60, 240, 480] {
        let letter = one(engine).await;
        engine.note_letter(&letter, &Sent::NotNow("421 try later".to_owned())).await.unwrap();
        world.waits(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(engine.claim_letters(10).await.unwrap(), []);
        world.waits(TimeDelta::seconds(1));
    }
    let waiting = engine.letters(&root, Some(LetterState::Waiting), None).await.unwrap();
    assert_eq!((waiting.waiting, waiting.given_up, waiting.letters[0].tries), (1, 0, 6));
    let letter = one(engine).await;
    engine.note_letter(&letter, &Sent::Never("550 no such mailbox".to_owned())).await.unwrap();
    let listed = engine.letters(&root, Some(LetterState::GivenUp), None).await.unwrap();
    assert_eq!((listed.waiting, listed.sent, listed.given_up), (0, 0, 1));
    assert_eq!(listed.letters[0].fault.as_deref(), Some("550 no such mailbox"));
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM letter WHERE about IS NOT NULL").await, 0);
    world.waits(TimeDelta::days(1));
    assert_eq!(engine.claim_letters(10).await.unwrap(), []);
}

async fn what_tells_nothing_any_more_is_not_sent(world: World) {
    let root = root(&world).await;
    world.learner("amy").await;
    world.engine.forgot_password(&email("amy")).await.unwrap();
    world.waits(TimeDelta::hours(1));
    assert_eq!(world.engine.claim_letters(10).await.unwrap(), []);
    let listed = world.engine.letters(&root, None, None).await.unwrap();
    assert_eq!((listed.letters[0].state, listed.letters[0].tries), (LetterState::GivenUp, 0));
}

async fn while_letters_are_held_back_none_is_sent(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let by = Actor::Person(root.id);
    let since = engine.now();
    for _ in 0..2 {
        engine.pause_letters(true, by).await.unwrap();
    }
    engine.write_trial(&root).await.unwrap();
    assert_eq!(engine.claim_letters(10).await.unwrap(), []);
    assert_eq!(engine.letters(&root, None, None).await.unwrap().paused_since, Some(since));
    for _ in 0..2 {
        engine.pause_letters(false, by).await.unwrap();
    }
    assert_eq!(one(engine).await.about.kind(), LetterKind::Trial);
    engine.pause_letters(true, by).await.unwrap();
    assert_eq!(world.raw.count("letter_pause").await, 2);
}

async fn what_was_given_up_is_written_anew_once(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let by = Actor::Person(root.id);
    let amy = world.learner("amy").await.person.id;
    engine.mail_ways_in(&[amy], by).await.unwrap();
    let lost = one(engine).await;
    assert!(matches!(engine.send_again(lost.id, by).await, Err(LetterError::NoSuchLetter)), "it is being sent");
    engine.note_letter(&lost, &Sent::Never("no".to_owned())).await.unwrap();
    engine.send_again(lost.id, by).await.unwrap();
    assert!(matches!(engine.send_again(lost.id, by).await, Err(LetterError::NoSuchLetter)));
    let again = one(engine).await;
    assert_ne!((&again.message_id, secret(&again)), (&lost.message_id, secret(&lost)));
    assert_eq!(engine.find_way_in(&secret(&lost)).await.unwrap(), None);
    assert_eq!(engine.find_way_in(&secret(&again)).await.unwrap().unwrap().person, amy);
    let listed = engine.letters(&root, None, None).await.unwrap();
    assert_eq!(listed.letters.iter().map(|letter| letter.replaced).collect::<Vec<_>>(), [false, true]);
    // To nobody who has left.
    engine.note_letter(&again, &Sent::Never("no".to_owned())).await.unwrap();
    engine.leave(amy, today(&world), Actor::CommandLine).await.unwrap();
    assert!(matches!(engine.send_again(again.id, by).await, Err(LetterError::Nobody)));
}

async fn administrators_alone_look_after_letters(world: World) {
    let engine = &world.engine;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let by = Actor::Person(mina.person.id);
    assert!(matches!(engine.letters(&mina.person, None, None).await, Err(Refused::NotForYou)));
    assert!(matches!(engine.pause_letters(true, by).await, Err(LetterError::NotForYou)));
    assert!(matches!(engine.write_trial(&mina.person).await, Err(LetterError::NotForYou)));
    let amy = world.learner("amy").await.person.id;
    engine.mail_ways_in(&[amy], Actor::CommandLine).await.unwrap();
    let letter = one(engine).await;
    engine.note_letter(&letter, &Sent::Never("no".to_owned())).await.unwrap();
    assert!(matches!(engine.send_again(letter.id, by).await, Err(LetterError::NotForYou)));
}

async fn who_forgot_a_password_gets_a_link_for_an_hour(world: World) {
    let engine = &world.engine;
    let amy = world.learner("amy").await.person.id;
    for nobody in ["nobody@northfield.example", "", "\u{200b}", "amy"] {
        engine.forgot_password(nobody).await.unwrap();
    }
    assert_eq!(world.raw.count("letter").await, 0);
    engine.forgot_password(" AMY@northfield.example ").await.unwrap();
    let letter = one(engine).await;
    let link = secret(&letter);
    world.waits(TimeDelta::minutes(59));
    engine.choose_password(&link, "a horse of her own").await.unwrap();
    engine.note_letter(&letter, &Sent::Yes).await.unwrap();
    engine.forgot_password(&email("amy")).await.unwrap();
    let link = secret(&one(engine).await);
    world.waits(TimeDelta::hours(1));
    assert_eq!(engine.find_way_in(&link).await.unwrap(), None);
    // Nobody who has left is written to, and nobody is flooded.
    engine.leave(amy, today(&world), Actor::CommandLine).await.unwrap();
    engine.forgot_password(&email("amy")).await.unwrap();
    assert_eq!(world.raw.count("letter").await, 2);
    for _ in 0..20 {
        engine.count_forgetting(&"here".into()).await.unwrap();
    }
    assert!(engine.count_forgetting(&"here".into()).await.is_err());
    engine.count_forgetting(&"there".into()).await.unwrap();
    world.waits(TimeDelta::minutes(15));
    engine.count_forgetting(&"here".into()).await.unwrap();
}

async fn whoever_asks_for_others_takes_nothing_from_them(world: World) {
    let engine = &world.engine;
    let amy = world.learner("amy").await.person.id;
    let given = engine.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0);
    for _ in 0..5 {
        engine.forgot_password(&email("amy")).await.unwrap();
    }
    let letters = engine.claim_letters(10).await.unwrap();
    assert_eq!(letters.len(), 3, "however often others ask");
    assert!(engine.find_way_in(&given.secret).await.unwrap().is_some());
    // One of them is used, and the others hold no longer.
    engine.choose_password(&secret(&letters[1]), "a horse of her own").await.unwrap();
    for link in [&given.secret, &secret(&letters[0]), &secret(&letters[2])] {
        assert_eq!(engine.find_way_in(link).await.unwrap(), None);
    }
}

async fn a_letter_tells_that_a_password_was_chosen(world: World) {
    let amy = world.learner("amy").await.person.id;
    let link = world.engine.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0);
    let engine = world.engine.with_letters();
    engine.choose_password(&link.secret, "a horse of her own").await.unwrap();
    let letter = one(&engine).await;
    let about = LetterAbout::PasswordSet { name: "amy".to_owned(), at: engine.now() };
    assert_eq!((letter.address.as_str(), &letter.about), (email("amy").as_str(), &about));
    engine.note_letter(&letter, &Sent::Yes).await.unwrap();
    let link = engine.reset_password(amy, Actor::CommandLine).await.unwrap();
    engine.choose_password(&link.secret, "another horse of hers").await.unwrap();
    assert_eq!(one(&engine).await.about, about);
    // Where there is no mail server none is written that nobody asked for.
    world.resets_password("amy", "yet another horse").await;
    assert_eq!(world.raw.count("letter").await, 2);
}

async fn letters_are_forgotten_and_go_with_their_person(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let amy = world.learner("amy").await.person.id;
    engine.mail_ways_in(&[amy], Actor::CommandLine).await.unwrap();
    engine.write_trial(&root).await.unwrap();
    let of_amy = engine.data_of(amy).await.unwrap();
    assert!(format!("{of_amy:?}").contains("way-in"), "{of_amy:?}");
    engine.leave(amy, today(&world), Actor::CommandLine).await.unwrap();
    engine.erase_person(amy, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("letter").await, 1);
    world.waits(TimeDelta::days(90) - TimeDelta::seconds(1));
    engine.run_all_jobs().await.unwrap();
    assert_eq!(world.raw.count("letter").await, 1);
    world.waits(TimeDelta::days(1));
    engine.run_all_jobs().await.unwrap();
    assert_eq!(world.raw.count("letter").await, 0);
}
