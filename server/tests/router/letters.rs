//! Letters on their way to a mail server that does what mail servers do.

use std::{collections::BTreeSet, time::Duration};

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::{Actor, LetterState, Person, Role};
use server::Post;

use crate::{
    mail_server::{Does, MailServer},
    site::Site,
};
use world::{World, email, now, on_both};

on_both![
    each_letter_arrives_once_whatever_a_mail_server_does,
    what_is_refused_for_good_is_given_up_and_what_is_our_fault_is_not,
    a_letter_whose_yes_was_lost_comes_again_as_the_same,
    whoever_is_killed_loses_no_letter,
    two_workers_send_each_letter_once,
    a_letter_has_two_forms_and_tells_nothing_outside,
];

/// How long a mail server is waited for that answers nothing.
const SHORT: Duration = Duration::from_millis(300);

fn post(mail: &MailServer) -> Post {
    Post::of(&mail.settings()).unwrap().unwrap()
}

async fn root(world: &World) -> Person {
    now(&world.person("root", &[Role::Administrator]).await).await
}

async fn each_letter_arrives_once_whatever_a_mail_server_does(world: World) {
    let (engine, root, mail) = (&world.engine, root(&world).await, MailServer::begin().await);
    let hurried = Post::with_patience(&mail.settings(), SHORT).unwrap().unwrap();
    for (sent, does) in (1..).zip([
        Does::Takes,
        Does::Greets("421 too busy"),
        Does::AnswersTo("450 come back"),
        Does::AnswersLetter("451 no room"),
        Does::Hangs,
        Does::HangsLater,
        Does::ClosesInLetter,
    ]) {
        mail.does(&[does]);
        engine.write_trial(&root).await.unwrap();
        let sender = if matches!(does, Does::Hangs | Does::HangsLater) { hurried.clone() } else { post(&mail) };
        let at_once = usize::from(does == Does::Takes);
        assert_eq!(sender.send_due(engine).await.unwrap(), at_once, "{does:?}");
        assert_eq!(mail.letters().len(), sent - 1 + at_once, "{does:?}");
        world.waits(TimeDelta::minutes(1));
        assert_eq!(post(&mail).send_due(engine).await.unwrap(), 1 - at_once, "{does:?}");
        assert_eq!(mail.message_ids().into_iter().collect::<BTreeSet<_>>().len(), sent, "{does:?}");
        assert_eq!(mail.letters().len(), sent, "{does:?}");
        world.waits(TimeDelta::days(1));
        assert_eq!(post(&mail).send_due(engine).await.unwrap(), 0);
    }
    let listed = engine.letters(&root, Some(LetterState::Sent), None).await.unwrap();
    assert_eq!((listed.waiting, listed.sent, listed.given_up), (0, 7, 0));
}

async fn what_is_refused_for_good_is_given_up_and_what_is_our_fault_is_not(world: World) {
    let (engine, root, mail) = (&world.engine, root(&world).await, MailServer::begin().await);
    engine.write_trial(&root).await.unwrap();
    mail.does(&[Does::AnswersTo("530 sign in first")]);
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 0);
    assert_eq!(engine.letters(&root, None, None).await.unwrap().waiting, 1);
    world.waits(TimeDelta::minutes(1));
    mail.does(&[Does::AnswersTo("550 no such mailbox")]);
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 0);
    let listed = engine.letters(&root, None, None).await.unwrap();
    assert_eq!((listed.waiting, listed.given_up), (0, 1));
    assert!(listed.letters[0].fault.as_deref().unwrap().contains("no such mailbox"), "{listed:?}");
    engine.send_again(listed.letters[0].id, Actor::Person(root.id)).await.unwrap();
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 1);
    // A mail server that is not there is no reason to give up.
    engine.write_trial(&root).await.unwrap();
    let settings = server::settings::Settings {
        smtp_url: Some(server::settings::Secret("smtp://127.0.0.1:1".to_owned())),
        ..mail.settings()
    };
    assert_eq!(Post::of(&settings).unwrap().unwrap().send_due(engine).await.unwrap(), 0);
    assert_eq!(engine.letters(&root, None, None).await.unwrap().waiting, 1);
}

async fn a_letter_whose_yes_was_lost_comes_again_as_the_same(world: World) {
    let (engine, root, mail) = (&world.engine, root(&world).await, MailServer::begin().await);
    engine.write_trial(&root).await.unwrap();
    mail.does(&[Does::ClosesAfterLetter]);
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 0);
    world.waits(TimeDelta::minutes(1));
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 1);
    let ids = mail.message_ids();
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, true));
}

async fn whoever_is_killed_loses_no_letter(world: World) {
    let (engine, root, mail) = (&world.engine, root(&world).await, MailServer::begin().await);
    engine.write_trial(&root).await.unwrap();
    mail.does(&[Does::HangsAfterLetter]);
    let sending = tokio::spawn({
        let (post, engine) = (post(&mail), engine.clone());
        async move { post.send_due(&engine).await.unwrap() }
    });
    mail.took().await;
    // Between the mail server's yes and the note of it.
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    let node = world.another_node().await;
    assert_eq!(post(&mail).send_due(&node.engine).await.unwrap(), 0, "whoever was killed may still be at it");
    world.waits(TimeDelta::minutes(10));
    assert_eq!(post(&mail).send_due(&node.engine).await.unwrap(), 1);
    let ids = mail.message_ids();
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, true));
    world.waits(TimeDelta::days(1));
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 0);
}

async fn two_workers_send_each_letter_once(world: World) {
    let (engine, root, mail) = (&world.engine, root(&world).await, MailServer::begin().await);
    let node = world.another_node().await;
    for _ in 0..20 {
        engine.write_trial(&root).await.unwrap();
    }
    let working = [engine.clone(), node.engine.clone()].map(|engine| {
        let post = post(&mail);
        tokio::spawn(async move { post.send_due(&engine).await.unwrap() })
    });
    let mut taken = 0;
    for one in working {
        taken += one.await.unwrap();
    }
    let ids: BTreeSet<String> = mail.message_ids().into_iter().collect();
    assert_eq!((taken, mail.letters().len(), ids.len()), (20, 20, 20));
}

async fn a_letter_has_two_forms_and_tells_nothing_outside(world: World) {
    let (engine, mail) = (&world.engine, MailServer::begin().await);
    let amy = world.learner("amy").await;
    engine.mail_ways_in(&[amy.person.id], Actor::CommandLine).await.unwrap();
    assert_eq!(post(&mail).send_due(engine).await.unwrap(), 1);
    let letter = mail.letters().remove(0);
    let head = letter.split_once("\n\n").unwrap().0;
    for part in ["From: induct@localhost", "Auto-Submitted: auto-generated", "multipart/alternative"] {
        assert!(head.contains(part), "{part} in {head}");
    }
    assert!(head.contains(&format!("To: {}", email("amy"))), "{head}");
    assert!(!head.contains("welcome"), "{head}");
    assert!(letter.contains("Content-Type: text/plain") && letter.contains("Content-Type: text/html"), "{letter}");
    // Lines are broken on the way, and a link is put together again.
    let whole = letter.replace("=\n", "");
    let (_, link) = whole.split_once("/welcome/").unwrap();
    let link: String = link.chars().take_while(char::is_ascii_hexdigit).collect();
    let mut browser = Site::over(&world).browser();
    assert_eq!(browser.get(&format!("/welcome/{link}")).await.status, StatusCode::OK, "{whole}");
}
