//! What those see who check what others have signed: the register, who has not signed, and what is noted of their looks.

use audit::{Fact, Trusted, Verdict, digest_of_text, from_canonical, verify};
use chrono::{Days, TimeDelta};
use engine::{
    Actor, Duty, Parts, Refused, RegisteredSignature, Role, SignatureId, StandsPage, StillCounts, WhichLooks,
    WhichSignatures, WhoStands, local_date,
};

use world::{Someone, World, agreement, now, on_both};

on_both![
    the_register_has_the_newest_first_and_is_narrowed,
    the_register_comes_a_page_at_a_time,
    nobody_is_in_the_register_of_who_may_not_see_them,
    who_has_not_signed_and_who_was_not_asked_says_standing,
    a_look_at_the_evidence_of_another_is_noted_once_and_counted,
    the_register_as_a_table_is_an_entry_of_the_log,
    what_a_signature_counts_for_is_said,
];

async fn names(reader: &Someone, which: &WhichSignatures) -> Vec<String> {
    let page = reader.world.engine.list_signatures(&now(reader).await, which, None).await.unwrap();
    assert_eq!(page.total, page.signatures.len() as u64);
    page.signatures.into_iter().map(|signature| signature.name.unwrap()).collect()
}

/// Somebody gets another name, as an import would give it.
async fn is_called(world: &World, before: &str, name: &str) {
    let key = name.replace('\u{eb}', "e").to_lowercase();
    let rename = format!("UPDATE person_detail SET name = '{name}', name_key = '{key}' WHERE name = '{before}'");
    assert_eq!(world.raw.run(&rename).await.unwrap(), 1);
}

async fn the_register_has_the_newest_first_and_is_narrowed(world: World) {
    let ada = world.person("ada", &[Role::Auditor]).await;
    world.learner("zoe").of("Northfield/Cohort A").passes("four-cs").signs("laptop-loan").await;
    is_called(&world, "zoe", "Zo\u{eb} Ross").await;
    world.waits(TimeDelta::days(1));
    world.learner("ben").of("Northfield/Cohort B").passes("four-cs").signs("laptop-loan").await;
    world.waits(TimeDelta::minutes(1));
    let both = world.learner("cora").passes("four-cs").passes("sharing-nudes").signs("laptop-loan").await;
    both.signs("learner-aup").await.unwrap();
    let any = WhichSignatures::default();
    assert_eq!(names(&ada, &any).await, ["cora", "cora", "ben", "Zo\u{eb} Ross"]);
    let named = |name: &str| WhichSignatures { name: name.to_owned(), ..any.clone() };
    assert_eq!(names(&ada, &named("ZOE")).await, ["Zo\u{eb} Ross"]);
    assert_eq!(names(&ada, &named("%")).await, [""; 0]);
    let of = |slug: &str| WhichSignatures { agreement: Some(agreement(slug)), ..any.clone() };
    assert_eq!(names(&ada, &of("learner-aup")).await, ["cora"]);
    assert_eq!(names(&ada, &WhichSignatures { version: "0.0".to_owned(), ..any.clone() }).await, [""; 0]);
    let group = |path: &'static str| world.engine.group_at(path, Actor::CommandLine);
    let within = |group| WhichSignatures { group: Some(group), ..any.clone() };
    assert_eq!(names(&ada, &within(group("Northfield").await.unwrap())).await, ["ben", "Zo\u{eb} Ross"]);
    assert_eq!(names(&ada, &within(group("Northfield/Cohort B").await.unwrap())).await, ["ben"]);
    let today = local_date(world.engine.now());
    let yesterday = today - Days::new(1);
    let (from, to) = (Some(today), Some(yesterday));
    assert_eq!(names(&ada, &WhichSignatures { from, ..any.clone() }).await, ["cora", "cora", "ben"]);
    assert_eq!(names(&ada, &WhichSignatures { to, ..any.clone() }).await, ["Zo\u{eb} Ross"]);
}

async fn the_register_comes_a_page_at_a_time(world: World) {
    let ada = world.person("ada", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    let mut signed: Vec<SignatureId> = Vec::new();
    for _ in 0..52 {
        amy.passes("four-cs").await;
        amy.passes("sharing-nudes").await;
        signed.push(amy.signs("learner-aup").await.unwrap());
        // Its time is over, and it may be signed anew.
        world.waits(TimeDelta::days(366));
    }
    signed.sort();
    let ada = now(&ada).await;
    let which = WhichSignatures::default();
    let first = world.engine.list_signatures(&ada, &which, None).await.unwrap();
    let second = world.engine.list_signatures(&ada, &which, first.next).await.unwrap();
    assert_eq!((first.total, first.signatures.len(), second.next), (signed.len() as u64, 50, None));
    let mut listed: Vec<SignatureId> =
        first.signatures.iter().chain(&second.signatures).map(|signature| signature.id).collect();
    listed.sort();
    assert_eq!(listed, signed);
    assert!(first.signatures.iter().all(|signature| signature.entry.is_some()));
    let nothing = Some(SignatureId(world.random_id()));
    assert!(matches!(world.engine.list_signatures(&ada, &which, nothing).await, Err(Refused::NotFound)));
}

async fn nobody_is_in_the_register_of_who_may_not_see_them(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").signs("laptop-loan").await;
    let ben = world.learner("ben").of("Northfield/Cohort B").passes("four-cs").signs("laptop-loan").await;
    let any = WhichSignatures::default();
    // A learner has themselves alone, and so has a manager, who sees a matrix and no evidence.
    assert_eq!(names(&amy, &any).await, ["amy"]);
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    assert_eq!(names(&mina, &any).await, [""; 0]);
    let eve = world.learner("eve").await;
    let over = Some(world.engine.group_at("Northfield/Cohort B", Actor::CommandLine).await.unwrap());
    let (duty, today) = (Duty { role: Role::Auditor, over }, local_date(world.engine.now()));
    world.engine.give_duty(eve.person.id, duty, today, Actor::CommandLine).await.unwrap();
    assert_eq!(names(&eve, &any).await, ["ben"]);
    let stands = world
        .engine
        .list_unsigned(&now(&eve).await, &agreement("laptop-loan"), WhoStands::Signed, None, None)
        .await
        .unwrap();
    assert_eq!(stands.people.iter().map(|one| one.person.id).collect::<Vec<_>>(), [ben.person.id]);
    // The duty ends, and whoever still holds the page of a moment ago gets nothing by it.
    let held = now(&eve).await;
    world.engine.end_duty(eve.person.id, duty, today, Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.list_signatures(&held, &any, None).await.unwrap().signatures, []);
    assert_eq!(world.engine.looks(&held, &WhichLooks::default(), None).await.unwrap().looks, []);
    let nothing = |_: &[RegisteredSignature]| Ok::<_, String>(Vec::new());
    assert!(matches!(world.engine.export_register(&now(&eve).await, &any, nothing).await, Err(Refused::NotForYou)));
    assert!(matches!(world.engine.export_register(&mina.person, &any, nothing).await, Err(Refused::NotForYou)));
}

async fn who_has_not_signed_and_who_was_not_asked_says_standing(world: World) {
    let ada = world.person("ada", &[Role::Auditor]).await;
    world.learner("amy").await;
    world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    world.learner("cora").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let engine = &world.engine;
    let stands = async |slug: &str, who| {
        let page = engine.list_unsigned(&ada.person, &agreement(slug), who, None, None).await.unwrap();
        assert_eq!(page.next, None);
        page.people.into_iter().map(|one| (one.person.name, one.is_ready)).collect::<Vec<_>>()
    };
    let (amy, ben, cora) = (("amy".to_owned(), false), ("ben".to_owned(), true), ("cora".to_owned(), true));
    assert_eq!(stands("learner-aup", WhoStands::NotSigned).await, [amy.clone(), ben.clone()]);
    assert_eq!(stands("learner-aup", WhoStands::Signed).await, std::slice::from_ref(&cora));
    assert_eq!(stands("learner-aup", WhoStands::NotAsked).await, [("ada".to_owned(), false)]);
    // Nobody is asked for a loan.
    assert_eq!(stands("laptop-loan", WhoStands::NotSigned).await, []);
    assert_eq!(stands("laptop-loan", WhoStands::NotAsked).await.len(), 4);
    // All of them can be taken away, which is an entry of the log; by nobody who may see only their own.
    let names = |page: &StandsPage| {
        let names: Vec<&str> = page.people.iter().map(|one| one.person.name.as_str()).collect();
        Ok::<_, String>(names.join("\n").into_bytes())
    };
    let (aup, who) = (agreement("learner-aup"), WhoStands::NotSigned);
    let table = engine.export_unsigned(&ada.person, &aup, who, None, names).await.unwrap().unwrap();
    assert_eq!(table, b"amy\nben");
    let bundle = engine.export_log(Parts::All).await.unwrap();
    let (_, last) = bundle.openings.last_key_value().unwrap();
    let envelope: audit::Envelope = from_canonical(last.envelope.as_bytes()).unwrap();
    assert_eq!(envelope.facts, [Fact::Exported { sha256: digest_of_text(&table), people: 2 }]);
    let dora = world.learner("dora").await;
    let refused = engine.export_unsigned(&dora.person, &aup, who, None, names).await;
    assert!(matches!(refused, Err(Refused::NotForYou)), "{refused:?}");
}

async fn a_look_at_the_evidence_of_another_is_noted_once_and_counted(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let id = amy.signs("laptop-loan").await.unwrap();
    let ada = world.person("ada", &[Role::Auditor]).await;
    let engine = &world.engine;
    let own_looks = async || engine.receipt(&amy.person, id).await.unwrap().looks;
    engine.signature_evidence(&amy.person, id).await.unwrap();
    assert_eq!(own_looks().await, Some(0));
    engine.signature_evidence(&ada.person, id).await.unwrap();
    engine.receipt_file(&ada.person, id).await.unwrap();
    assert_eq!(engine.receipt(&ada.person, id).await.unwrap().looks, None);
    assert_eq!(own_looks().await, Some(1));
    world.waits(TimeDelta::minutes(15));
    engine.receipt(&ada.person, id).await.unwrap();
    assert_eq!(own_looks().await, Some(2));
    let looks = engine.looks(&ada.person, &WhichLooks::default(), None).await.unwrap().looks;
    let look = looks.first().unwrap();
    assert_eq!((looks.len(), look.by.as_deref(), look.of.as_deref()), (2, Some("ada"), Some("amy")));
    assert_eq!((look.at, look.signature), (engine.now(), Some(id)));
    let today = local_date(engine.now());
    for (of, by, from, to, found) in [
        ("Amy", "ADA", Some(today), Some(today), 2),
        ("my", "", None, None, 2),
        ("ada", "", None, None, 0),
        ("", "amy", None, None, 0),
        ("", "a_a", None, None, 0),
        ("", "", today.succ_opt(), None, 0),
        ("", "", None, today.pred_opt(), 0),
    ] {
        let which = WhichLooks { of: of.to_owned(), by: by.to_owned(), from, to };
        let page = engine.looks(&ada.person, &which, None).await.unwrap();
        assert_eq!((page.looks.len(), page.next), (found, None), "{which:?}");
    }
    let older = engine.looks(&ada.person, &WhichLooks::default(), Some(look.id)).await.unwrap();
    assert_eq!(older.looks, looks[1..]);
    assert_eq!(engine.looks(&world.learner("ben").await.person, &WhichLooks::default(), None).await.unwrap().looks, []);
}

async fn the_register_as_a_table_is_an_entry_of_the_log(world: World) {
    world.learner("amy").passes("four-cs").signs("laptop-loan").await;
    world.waits(TimeDelta::minutes(1));
    world.learner("eve").passes("four-cs").signs("laptop-loan").await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let names = |found: &[RegisteredSignature]| {
        let names: Vec<&str> = found.iter().filter_map(|signature| signature.name.as_deref()).collect();
        Ok::<_, String>(names.join("\n").into_bytes())
    };
    let every = WhichSignatures::default();
    let table = world.engine.export_register(&ada.person, &every, names).await.unwrap().unwrap();
    assert_eq!(table, b"eve\namy");
    // What cannot be written is no entry.
    let before = world.raw.count("log_leaf").await;
    let broken = |_: &[RegisteredSignature]| Err::<Vec<u8>, _>("no room");
    assert_eq!(world.engine.export_register(&ada.person, &every, broken).await.unwrap(), Err("no room"));
    assert_eq!(world.raw.count("log_leaf").await, before);
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    let (_, last) = bundle.openings.last_key_value().unwrap();
    let envelope: audit::Envelope = from_canonical(last.envelope.as_bytes()).unwrap();
    assert_eq!(envelope.facts, [Fact::Exported { sha256: digest_of_text(&table), people: 2 }]);
    assert_eq!(verify(&bundle, &Trusted::default()).verdict, Verdict::NotAnchored);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn what_a_signature_counts_for_is_said(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let form = amy.form("laptop-loan");
    let shown = world.engine.now();
    world.waits(TimeDelta::minutes(4));
    let id = amy.sends("laptop-loan", &form).await.unwrap();
    let evidence = async || world.engine.signature_evidence(&amy.person, id).await.unwrap();
    let found = evidence().await;
    assert_eq!((found.shown_at, found.counts), (Some(shown), StillCounts::Yes));
    assert_eq!(found.proved.faults, [""; 0]);
    assert_eq!(found.proved.passes.len(), found.receipt.passes.len());
    assert!(found.proved.passes.values().all(|pass| *pass < found.proved.number));
    assert_eq!(world.engine.log_head().await.unwrap().unwrap().note, found.proved.head);
}
