//! What is signed comes in for the named role to which it is submitted, and is ticked off there.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, Duty, Engine, LetterAbout, LetterKind, NewJoinCode, Person, PersonId, Refused, Role, Sent, SignatureId,
    Submission, SubmissionState, SubmissionsPage, TickError,
};

use world::{Someone, World, audience, email, group, now, on_both, today};

on_both![
    what_is_signed_comes_in_for_who_holds_the_role,
    who_stands_in_gets_the_letters_and_who_held_it_no_longer_sees_anything,
    nobody_is_written_to_about_what_they_signed_themselves,
    an_address_that_is_its_owners_own_word_holds_no_role,
    whoever_may_see_evidence_sees_it_of_their_people_alone,
    what_is_ticked_off_is_theirs_and_not_their_own,
    what_the_one_holder_signed_is_ticked_off_by_who_is_told_in_their_place,
    what_a_holder_signed_is_ticked_off_by_who_holds_the_role_besides_or_stands_in,
    taking_the_list_out_is_an_entry_of_the_log,
    what_came_in_goes_with_its_person_and_so_does_a_letter_that_waits,
];

const ROLE: &str = "head-of-digital-and-ict";

/// The world with a mail server.
fn with_letters(mut world: World) -> World {
    world.engine = world.engine.with_letters();
    world
}

/// Publishes the provider anew, with this below the role.
async fn names(world: &World, holders: &str) {
    let address = "email = \"digital@northfield.example\"\n";
    world.edits("organisation.toml", address, &format!("{address}\n{holders}\n"));
    world.publishes().await.unwrap();
}

fn holder(name: &str) -> String {
    format!("[[role.holder]]\nemail = \"{}\"\n", email(name))
}

async fn ready(world: &World, name: &'static str, group: &'static str) -> Someone {
    world.learner(name).of(group).passes("four-cs").passes("sharing-nudes").await
}

/// The letters that wait: for whom, who signed, and whether they come to somebody instead.
async fn told(engine: &Engine) -> Vec<(PersonId, String, bool)> {
    let mut told = Vec::new();
    for letter in engine.claim_letters(50).await.unwrap() {
        assert_eq!(engine.still_tells(&letter).await.unwrap().as_ref(), Some(&letter.about));
        engine.note_letter(&letter, &Sent::Yes).await.unwrap();
        if letter.about.kind() == LetterKind::Submitted {
            let LetterAbout::Submitted { signer, instead, .. } = letter.about else { panic!() };
            told.push((letter.person, signer, instead));
        }
    }
    told.sort();
    told
}

async fn open(engine: &Engine, reader: &Person) -> SubmissionsPage {
    engine.submissions(reader, None, Some(SubmissionState::Open), None).await.unwrap()
}

fn names_of(page: &SubmissionsPage) -> Vec<&str> {
    page.submissions.iter().map(|one| one.name.as_deref().unwrap()).collect()
}

async fn what_is_signed_comes_in_for_who_holds_the_role(world: World) {
    let world = with_letters(world);
    let engine = &world.engine;
    let head = world.person("digital", &[]).also("staff").await;
    let amy = ready(&world, "amy", "North").await;
    assert_eq!(engine.came_in(&head.person).await.unwrap()[0].open, 0);
    let signature = amy.signs("learner-aup").await.unwrap();
    world.waits(TimeDelta::minutes(1));
    // Signing it once more is having signed it.
    assert_eq!(amy.signs("learner-aup").await.unwrap(), signature);
    let second = amy.signs("laptop-loan").await.unwrap();
    assert_eq!(told(engine).await.len(), 2);
    let came_in = engine.came_in(&head.person).await.unwrap();
    assert_eq!((came_in.len(), &*came_in[0].title, came_in[0].open), (1, "Head of Digital and ICT", 2));
    let page = open(engine, &head.person).await;
    assert_eq!(page.role, Some((ROLE.to_owned(), "Head of Digital and ICT".to_owned())));
    assert_eq!((page.total, page.open, page.submissions[0].may_tick, page.next), (2, 2, true, None));
    let Submission { signature: newest, ref title, ref version, ref ticked, shows_evidence, .. } = page.submissions[0];
    assert_eq!((newest, &**title, &**version, ticked.is_none()), (second, "Laptop loan", "1.0", true));
    assert!(!shows_evidence, "holding the role is no right to evidence");
    assert!(matches!(engine.receipt(&head.person, second).await, Err(Refused::NotFound)));
    // The next page goes on where this one ended.
    let rest = engine.submissions(&head.person, Some(ROLE), None, Some(second)).await.unwrap();
    assert_eq!(rest.submissions.iter().map(|one| one.signature).collect::<Vec<_>>(), [signature]);

    let by = Actor::Person(head.person.id);
    assert_eq!(engine.tick_off(&[signature], true, by).await.unwrap(), 1);
    assert_eq!(engine.tick_off(&[signature], true, by).await.unwrap(), 0, "it is ticked off already");
    assert_eq!(engine.came_in(&head.person).await.unwrap()[0].open, 1);
    let page = engine.submissions(&head.person, None, Some(SubmissionState::Ticked), None).await.unwrap();
    assert_eq!(page.submissions[0].ticked, Some((engine.now(), Some("digital".to_owned()))));
    assert_eq!(engine.receipt(&amy.person, signature).await.unwrap().ticked_at, Some(engine.now()));
    assert_eq!(engine.tick_off(&[signature], false, by).await.unwrap(), 1);
    assert_eq!(engine.tick_off(&[signature], true, Actor::CommandLine).await.unwrap(), 1);
    assert_eq!(world.raw.count("submission_tick").await, 2, "a tick that was taken back is kept");
    let all = engine.every_submission(ROLE, None).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.ticked.is_some()).count(), 1);
    assert!(matches!(engine.every_submission("nobody", None).await, Err(Refused::NotFound)));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn who_stands_in_gets_the_letters_and_who_held_it_no_longer_sees_anything(world: World) {
    let world = with_letters(world);
    let engine = &world.engine;
    let from = today(&world);
    let (last, next) = (from + Days::new(9), from + Days::new(10));
    let mut named = format!("{}until = {last}\n\n{}from = {next}\n\n", holder("helen"), holder("robin"));
    let (away, back) = (from + Days::new(2), from + Days::new(4));
    named.push_str(&format!("[[role.cover]]\nemail = \"{}\"\nfrom = {away}\nuntil = {back}\n", email("sam")));
    names(&world, &named).await;
    let mut people = Vec::new();
    for name in ["helen", "robin", "sam", "digital"] {
        people.push(world.staff(name).await);
    }
    let [helen, robin, sam, digital] = &people[..] else { panic!() };
    assert_eq!(engine.vacant_roles().await.unwrap(), Vec::<String>::new());
    let mut signed = Vec::new();
    for (days, name, who, sees) in [
        (0, "amy", helen, [true, false, false]),
        (2, "ben", sam, [true, false, true]),
        (4, "cora", sam, [true, false, true]),
        (5, "dilys", helen, [true, false, false]),
        (9, "eve", helen, [true, false, false]),
        (10, "freya", robin, [false, true, false]),
    ] {
        world.waits(from + Days::new(days) - today(&world));
        let signer: &'static str = name;
        signed.push(ready(&world, signer, "North").await.signs("learner-aup").await.unwrap());
        assert_eq!(told(engine).await, [(who.person.id, name.to_owned(), false)], "day {days}");
        for (someone, sees) in [helen, robin, sam].into_iter().zip(sees) {
            let found = engine.submissions(&now(someone).await, None, None, None).await;
            assert_eq!(found.is_ok(), sees, "day {days}: {}", someone.person.name);
            assert_eq!(!engine.came_in(&someone.person).await.unwrap().is_empty(), sees);
            let tick = engine.tick_off(&signed[..1], true, Actor::Person(someone.person.id)).await;
            assert_eq!(tick.is_ok(), sees, "day {days}: {}", someone.person.name);
        }
    }
    // Where holders are named, the address at which the role is reached is nobody's.
    assert!(matches!(engine.submissions(&digital.person, None, None, None).await, Err(Refused::NotForYou)));
    assert_eq!(open(engine, &robin.person).await.total, 5, "the list goes with the role");
    engine.leave(robin.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(engine.vacant_roles().await.unwrap(), ["Head of Digital and ICT"]);
}

async fn nobody_is_written_to_about_what_they_signed_themselves(world: World) {
    let world = with_letters(world);
    let engine = &world.engine;
    // Nobody is there to be told, and it is signed all the same.
    ready(&world, "amy", "North").await.signs("learner-aup").await.unwrap();
    assert_eq!(told(engine).await, []);
    let root = world.person("root", &[Role::Administrator]).await;
    let head = ready(&world, "digital", "North").await;
    head.signs("learner-aup").await.unwrap();
    assert_eq!(told(engine).await, [(root.person.id, "digital".to_owned(), true)]);
    let dan = world.person("dan", &[Role::Dsl]).await;
    head.signs("laptop-loan").await.unwrap();
    assert_eq!(told(engine).await, [(dan.person.id, "digital".to_owned(), true)]);
    assert_eq!(engine.came_in(&head.person).await.unwrap()[0].open, 1, "one's own does not wait for oneself");
    let page = open(engine, &head.person).await;
    assert_eq!((page.total, page.open, names_of(&page)), (1, 1, vec!["amy"]), "it is nothing to do");
    let own = page.own.unwrap();
    assert_eq!((own.open, own.goes_to), (2, vec!["dan".to_owned()]), "it is said who looks at it");
    let all = engine.submissions(&head.person, None, None, None).await.unwrap();
    let ticks: Vec<_> = all.submissions.iter().filter(|one| one.may_tick).map(|one| one.name.as_deref()).collect();
    assert_eq!((all.total, ticks), (3, vec![Some("amy")]), "and stands among all");
}

async fn an_address_that_is_its_owners_own_word_holds_no_role(world: World) {
    let world = with_letters(world);
    let engine = &world.engine;
    let root = world.person("root", &[Role::Administrator]).await;
    let north = group(&world, "North").await;
    let expires_at = engine.now() + TimeDelta::days(1);
    let new = NewJoinCode { group: north, audience: Some(audience("learner")), most: 9, expires_at };
    let code = engine.create_join_code(&new, Actor::CommandLine).await.unwrap().code;
    let began = engine.begin_by_code(&code, "Digital", &email("digital"), world::PASSWORD).await.unwrap();
    let began = engine.person(began).await.unwrap().unwrap();
    let amy = ready(&world, "amy", "North").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    assert_eq!(told(engine).await, [(root.person.id, "amy".to_owned(), true)]);
    assert_eq!(engine.came_in(&began).await.unwrap(), []);
    assert!(matches!(engine.submissions(&began, None, None, None).await, Err(Refused::NotForYou)));
    let tick = engine.tick_off(&[signature], true, Actor::Person(began.id)).await;
    assert!(matches!(tick, Err(TickError::NotTheirs)), "{tick:?}");
}

async fn whoever_may_see_evidence_sees_it_of_their_people_alone(world: World) {
    let engine = &world.engine;
    let head = world.staff("digital").await;
    ready(&world, "amy", "North").await.signs("learner-aup").await.unwrap();
    world.waits(TimeDelta::seconds(1));
    let ben = ready(&world, "ben", "South").await.signs("learner-aup").await.unwrap();
    let north = group(&world, "North").await;
    let ada = world.staff("ada").await;
    let duty = Duty { role: Role::Auditor, over: Some(north) };
    engine.give_duty(ada.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let page = open(engine, &now(&ada).await).await;
    assert_eq!((names_of(&page), page.open, page.submissions[0].may_tick), (vec!["amy"], 1, false));
    assert!(page.submissions[0].shows_evidence);
    let tick = engine.tick_off(&[page.submissions[0].signature], true, Actor::Person(ada.person.id)).await;
    assert!(matches!(tick, Err(TickError::NotTheirs)), "{tick:?}");
    let dan = world.person("dan", &[Role::Dsl]).await;
    assert_eq!(names_of(&open(engine, &dan.person).await), ["ben", "amy"]);
    let mina = world.person("mina", &[Role::Manager]).manages("North").await;
    for stranger in [&mina, &world.learner("cora").await] {
        let found = engine.submissions(&stranger.person, None, None, None).await;
        assert!(matches!(found, Err(Refused::NotForYou)), "{found:?}");
        assert!(!engine.sees_submissions(&stranger.person).await.unwrap());
    }
    assert!(engine.sees_submissions(&dan.person).await.unwrap());
    // Who holds the role and has a duty sees all, and the evidence of theirs.
    let duty = Duty { role: Role::Dsl, over: Some(north) };
    engine.give_duty(head.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let page = open(engine, &now(&head).await).await;
    let evident: Vec<bool> = page.submissions.iter().map(|one| one.shows_evidence).collect();
    assert_eq!((names_of(&page), evident), (vec!["ben", "amy"], vec![false, true]));
    let other = engine.submissions(&dan.person, Some("nobody"), None, None).await;
    assert!(matches!(other, Err(Refused::NotFound)), "{other:?}");
    assert!(
        matches!(engine.submissions(&dan.person, None, None, Some(SignatureId(ben.0))).await, Ok(page) if page.total == 2)
    );
}

async fn what_is_ticked_off_is_theirs_and_not_their_own(world: World) {
    let engine = &world.engine;
    let head = ready(&world, "digital", "North").await;
    let own = head.signs("learner-aup").await.unwrap();
    let amy = ready(&world, "amy", "North").await;
    let hers = amy.signs("learner-aup").await.unwrap();
    let by = |someone: &Someone| Actor::Person(someone.person.id);
    assert!(matches!(engine.tick_off(&[], true, by(&head)).await, Err(TickError::Nothing)));
    let many = vec![hers; engine::MOST_TICKED + 1];
    assert!(matches!(engine.tick_off(&many, true, by(&head)).await, Err(TickError::TooMany)));
    let refused = engine.tick_off(&[hers, own], true, by(&head)).await;
    assert!(matches!(refused, Err(TickError::Oneself)), "{refused:?}");
    assert!(matches!(engine.tick_off(&[hers], true, by(&amy)).await, Err(TickError::NotTheirs)));
    let unknown = SignatureId(world.random_id());
    assert!(matches!(engine.tick_off(&[hers, unknown], true, by(&head)).await, Err(TickError::NotTheirs)));
    assert_eq!(world.raw.count("submission_tick").await, 0, "all of it or nothing");
    // An administrator everywhere does it for them; one over a group does not.
    let root = world.person("root", &[Role::Administrator]).await;
    assert_eq!(engine.tick_off(&[own, hers], true, by(&root)).await.unwrap(), 2);
    let local = world.staff("local").await;
    let north = group(&world, "North").await;
    let duty = Duty { role: Role::Administrator, over: Some(north) };
    engine.give_duty(local.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    assert!(matches!(engine.tick_off(&[hers], false, by(&local)).await, Err(TickError::NotTheirs)));
    // What the one holder signed is for whoever may see it and is told: there is no safeguarding lead.
    assert_eq!(engine.tick_off(&[own], false, by(&local)).await.unwrap(), 1);
}

async fn what_the_one_holder_signed_is_ticked_off_by_who_is_told_in_their_place(world: World) {
    let engine = &world.engine;
    let head = ready(&world, "digital", "North").await;
    let own = head.signs("learner-aup").await.unwrap();
    world.waits(TimeDelta::seconds(1));
    let hers = ready(&world, "amy", "North").await.signs("learner-aup").await.unwrap();
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    // Both see it; only who is told may tick it off, and nothing but it.
    for (someone, ticks) in [(&dan, vec![false, true]), (&ada, vec![false, false])] {
        let page = open(engine, &someone.person).await;
        assert_eq!(names_of(&page), ["amy", "digital"]);
        assert_eq!(page.submissions.iter().map(|one| one.may_tick).collect::<Vec<_>>(), ticks);
    }
    let came_in = engine.came_in(&dan.person).await.unwrap();
    assert_eq!((came_in.len(), came_in[0].open, came_in[0].instead_of.as_deref()), (1, 1, Some("digital")));
    assert_eq!(engine.came_in(&ada.person).await.unwrap(), []);
    let by = |someone: &Someone| Actor::Person(someone.person.id);
    assert!(matches!(engine.tick_off(&[own, hers], true, by(&dan)).await, Err(TickError::NotTheirs)));
    assert!(matches!(engine.tick_off(&[own], true, by(&ada)).await, Err(TickError::NotTheirs)));
    assert_eq!(engine.tick_off(&[own], true, by(&dan)).await.unwrap(), 1);
    assert_eq!(engine.came_in(&dan.person).await.unwrap(), [], "nothing waits in another's place");
    assert_eq!(open(engine, &head.person).await.own, None);
    let ticked = engine.submissions(&head.person, None, Some(SubmissionState::Ticked), None).await.unwrap();
    assert_eq!(names_of(&ticked), ["digital"], "its signer sees that it was looked at");
}

async fn what_a_holder_signed_is_ticked_off_by_who_holds_the_role_besides_or_stands_in(world: World) {
    let engine = &world.engine;
    let (from, dan) = (today(&world), world.person("dan", &[Role::Dsl]).await);
    let cover = format!("[[role.cover]]\nemail = \"{}\"\nfrom = {from}\nuntil = {from}\n", email("sam"));
    names(&world, &format!("{}\n{cover}", holder("helen"))).await;
    let helen = ready(&world, "helen", "North").await;
    let sam = world.staff("sam").await;
    let own = helen.signs("learner-aup").await.unwrap();
    assert_eq!(open(engine, &helen.person).await.own.unwrap().goes_to, ["sam"]);
    assert_eq!(engine.came_in(&dan.person).await.unwrap(), [], "who stands in looks at it");
    let refused = engine.tick_off(&[own], true, Actor::Person(dan.person.id)).await;
    assert!(matches!(refused, Err(TickError::NotTheirs)), "{refused:?}");
    assert_eq!(engine.came_in(&sam.person).await.unwrap()[0].open, 1);
    assert_eq!(engine.tick_off(&[own], true, Actor::Person(sam.person.id)).await.unwrap(), 1);
    assert_eq!(engine.tick_off(&[own], false, Actor::Person(sam.person.id)).await.unwrap(), 1);
    // Once nobody stands in any more, it is for whoever is told in place of a role that has one holder.
    world.waits(TimeDelta::days(1));
    assert_eq!(open(engine, &helen.person).await.own.unwrap().goes_to, ["dan"]);
    assert_eq!(engine.came_in(&dan.person).await.unwrap()[0].instead_of.as_deref(), Some("helen"));
    assert_eq!(engine.tick_off(&[own], true, Actor::Person(dan.person.id)).await.unwrap(), 1);
}

async fn taking_the_list_out_is_an_entry_of_the_log(world: World) {
    let engine = &world.engine;
    let head = world.staff("digital").await;
    ready(&world, "amy", "North").await.signs("learner-aup").await.unwrap();
    let before = world.raw.count("log_leaf").await;
    let mut given = Vec::new();
    let written = |found: &[Submission]| {
        given.extend(found.iter().map(|one| one.name.clone().unwrap()));
        b"a table".to_vec()
    };
    let table = engine.export_submissions(&head.person, None, None, written).await.unwrap();
    assert_eq!((table.as_slice(), given), (&b"a table"[..], vec!["amy".to_owned()]));
    assert_eq!(world.raw.count("log_leaf").await, before + 1);
    let ben = world.learner("ben").await;
    let refused = engine.export_submissions(&ben.person, None, None, |_| Vec::new()).await;
    assert!(matches!(refused, Err(Refused::NotForYou)), "{refused:?}");
    assert_eq!(world.raw.count("log_leaf").await, before + 2, "that ben began, and nothing else");
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn what_came_in_goes_with_its_person_and_so_does_a_letter_that_waits(world: World) {
    let world = with_letters(world);
    let engine = &world.engine;
    let head = world.staff("digital").await;
    let (amy, ben) = (ready(&world, "amy", "North").await, ready(&world, "ben", "North").await);
    let hers = amy.signs("learner-aup").await.unwrap();
    ben.signs("learner-aup").await.unwrap();
    engine.tick_off(&[hers], true, Actor::Person(head.person.id)).await.unwrap();
    let data = engine.own_data(&amy.person).await.unwrap();
    for table in ["submission", "submission_tick"] {
        assert_eq!(data.kinds.iter().find(|kind| kind.table == table).unwrap().rows.len(), 1, "{table}");
    }
    let waiting = "letter WHERE kind = 'submitted'";
    assert_eq!(world.raw.count(waiting).await, 2);
    engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!((world.raw.count("submission").await, world.raw.count("submission_tick").await), (1, 0));
    assert_eq!(world.raw.count(waiting).await, 1);
    assert_eq!(told(engine).await, [(head.person.id, "ben".to_owned(), false)]);
    assert_eq!(names_of(&open(engine, &head.person).await), ["ben"]);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}
