//! What is done to several people at once: for all of them or for none, to nobody who is not theirs, and taken back as one.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, AttemptId, ExemptSeveral, ListedTogether, MOST_TOGETHER, PersonId, QuizState, Refused, Role, Thing,
    Together, TogetherError, TogetherId, TogetherPage, WhichLooks, local_date,
};
use model::ProgrammeSlug;

use world::{Someone, World, agreement, group, now, on_both, slug, today};

on_both![
    a_programme_is_given_to_several_and_taken_back,
    several_are_excused_for_one_reason_and_it_is_ended,
    attempts_are_given_to_those_who_wait,
    nothing_is_done_to_anybody_who_is_not_theirs,
    what_is_refused_changes_nobody,
    what_was_done_is_for_whoever_did_it_and_for_who_looks_after_everybody,
    what_was_done_is_listed_from_the_latest_on,
    answers_are_for_who_teaches_and_each_look_is_noted,
    a_look_at_a_record_is_noted_and_counted_for_its_person,
];

async fn a_programme_is_given_to_several_and_taken_back(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let people = [world.staff("amy").of("Cohort A").await, world.staff("ben").of("Cohort A").await];
    let ids = people.each_ref().map(|one| one.person.id);
    let engine = &world.engine;
    let leaves = world.raw.count("log_leaf").await;
    let did = engine.assign_several(&mina.person, &induction(), &ids, today(&world)).await.unwrap();
    assert_eq!((did.done, world.raw.count("log_leaf").await), (2, leaves + 2));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    for person in &people {
        assert!(!engine.own_page(&now(person).await).await.unwrap().due.is_empty(), "{}", person.person.name);
    }
    // Doing it again does it to whoever is new among them, and to nobody when nobody is.
    let cora = world.staff("cora").of("Cohort A").await.person.id;
    let again = engine.assign_several(&mina.person, &induction(), &[ids[0], cora], today(&world)).await.unwrap();
    assert_eq!(again.done, 1);
    let nobody = engine.assign_several(&mina.person, &induction(), &ids, today(&world)).await;
    assert!(matches!(nobody, Err(TogetherError::Nobody)), "{nobody:?}");
    assert_eq!(engine.undo_together(&mina.person, did.id).await.unwrap(), 2);
    assert!(matches!(engine.undo_together(&mina.person, did.id).await, Err(TogetherError::Nobody)));
    for person in &people {
        assert!(engine.own_page(&now(person).await).await.unwrap().due.is_empty(), "{}", person.person.name);
    }
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn several_are_excused_for_one_reason_and_it_is_ended(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let (amy, ben) = (world.learner("amy").of("Cohort A").await, world.learner("ben").of("Cohort A").await);
    let new = ExemptSeveral { given_before: Some(today(&world) + Days::new(30)), ..excused(&[&amy, &ben], &world) };
    let did = world.engine.exempt_several(&mina.person, new.clone()).await.unwrap();
    assert_eq!(did.done, 2);
    assert_eq!(world.raw.count("exemption_reason WHERE reason = 'They teach it'").await, 2);
    assert!(matches!(world.engine.exempt_several(&mina.person, new).await, Err(TogetherError::Nobody)));
    // For good is longer.
    let for_good = world.engine.exempt_several(&mina.person, excused(&[&amy], &world)).await.unwrap();
    assert_eq!(for_good.done, 1);
    world.waits(TimeDelta::days(3));
    assert_eq!(world.engine.undo_together(&mina.person, did.id).await.unwrap(), 2);
    let done = world.engine.done_together(&mina.person, did.id).await.unwrap();
    assert_eq!(done.kind, Together::Exempt);
    assert!(
        done.people.iter().all(|one| one.ended_on == Some(today(&world)) && one.what == "Sharing nudes"),
        "{done:?}"
    );
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn attempts_are_given_to_those_who_wait(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let ben = world.learner("ben").of("Cohort A").await;
    let people = [amy.person.id, ben.person.id];
    let stuck = world.engine.stuck_among(&mina.person, &people).await.unwrap();
    assert_eq!(stuck.iter().map(|one| one.person).collect::<Vec<_>>(), [amy.person.id]);
    let did = world.engine.allow_several(&mina.person, &people).await.unwrap();
    assert_eq!(did.done, 1);
    assert_eq!(amy.quiz("four-cs").await, QuizState::Ready { left: 2 });
    assert!(matches!(world.engine.allow_several(&mina.person, &people).await, Err(TogetherError::Nobody)));
    // They cannot be taken back.
    assert!(matches!(world.engine.undo_together(&mina.person, did.id).await, Err(TogetherError::Nobody)));
    let done = world.engine.done_together(&mina.person, did.id).await.unwrap();
    assert_eq!((done.people.len(), done.people[0].what.as_str()), (1, "The 4 Cs"));
}

async fn nothing_is_done_to_anybody_who_is_not_theirs(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").of("Cohort A").await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let engine = &world.engine;
    let people = [amy.person.id, ben.person.id, mina.person.id, PersonId(world.random_id())];
    let found = engine.may_organise(&mina.person, &people).await.unwrap();
    assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["amy"]);
    let did = engine.assign_several(&mina.person, &induction(), &people, today(&world)).await.unwrap();
    assert_eq!(did.done, 1);
    // An auditor changes nothing, and a manager nothing of another group.
    for (who, people) in [(&ada, vec![amy.person.id]), (&mina, vec![ben.person.id]), (&mina, vec![mina.person.id])] {
        let refused = engine.assign_several(&who.person, &induction(), &people, today(&world)).await;
        assert!(matches!(refused, Err(TogetherError::NotForYou)), "{refused:?}");
        let new = ExemptSeveral { people, ..excused(&[], &world) };
        assert!(matches!(engine.exempt_several(&who.person, new).await, Err(TogetherError::NotForYou)));
    }
    // A duty that was ended a moment ago gives nothing, whatever somebody still holds.
    let duty = mina.person.duties[0];
    engine.end_duty(mina.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let new = excused(&[&amy], &world);
    assert!(matches!(engine.exempt_several(&mina.person, new).await, Err(TogetherError::NotForYou)));
    assert!(matches!(engine.undo_together(&mina.person, did.id).await, Err(TogetherError::NotForYou)));
}

async fn what_is_refused_changes_nobody(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let engine = &world.engine;
    let before = world.raw.everything().await;
    let ids = [amy.person.id];
    let many: Vec<PersonId> = (0..=MOST_TOGETHER).map(|_| PersonId(world.random_id())).collect();
    let nowhere = ProgrammeSlug::new("nothing").unwrap();
    let far = today(&world) + Days::new(9999);
    assert!(matches!(
        engine.assign_several(&mina.person, &nowhere, &ids, today(&world)).await,
        Err(TogetherError::NoSuchThing)
    ));
    assert!(matches!(engine.assign_several(&mina.person, &induction(), &ids, far).await, Err(TogetherError::Day(_))));
    assert!(matches!(
        engine.assign_several(&mina.person, &induction(), &many, today(&world)).await,
        Err(TogetherError::TooMany)
    ));
    let new = excused(&[&amy], &world);
    for wrong in [
        ExemptSeveral { reason: " ".to_owned(), ..new.clone() },
        ExemptSeveral { given_before: Some(new.begins_on), ..new.clone() },
        ExemptSeveral { thing: Thing::Agreement(agreement("nothing")), ..new },
    ] {
        engine.exempt_several(&mina.person, wrong).await.unwrap_err();
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn what_was_done_is_for_whoever_did_it_and_for_who_looks_after_everybody(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let rita = world.person("rita", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let (amy, ben) = (world.learner("amy").of("Cohort A").await, world.learner("ben").of("Cohort A").await);
    let engine = &world.engine;
    let did = engine.exempt_several(&mina.person, excused(&[&amy, &ben], &world)).await.unwrap();
    for (who, id) in [(&rita, did.id), (&mina, TogetherId(world.random_id())), (&dan, TogetherId(world.random_id()))] {
        assert!(matches!(engine.done_together(&who.person, id).await, Err(Refused::NotFound)));
        assert!(matches!(engine.undo_together(&who.person, id).await, Err(TogetherError::NotForYou)));
    }
    assert!(matches!(engine.done_together(&ada.person, did.id).await, Err(Refused::NotForYou)));
    assert!(matches!(engine.undo_together(&ada.person, did.id).await, Err(TogetherError::NotForYou)));
    // Whoever is no longer in the group is left as they are, and only counted.
    let of = group(&world, "Cohort A").await;
    engine.leave_group(amy.person.id, of, today(&world), Actor::CommandLine).await.unwrap();
    let to_mina = engine.done_together(&mina.person, did.id).await.unwrap();
    let names: Vec<&str> = to_mina.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, to_mina.others, to_mina.by), (vec!["ben"], 1, None));
    assert_eq!(engine.undo_together(&mina.person, did.id).await.unwrap(), 1);
    // For whoever looks after everybody, she is there.
    let to_dan = engine.done_together(&dan.person, did.id).await.unwrap();
    assert_eq!((to_dan.people.len(), to_dan.others, to_dan.by.as_deref()), (2, 0, Some("mina")));
    assert_eq!(engine.undo_together(&dan.person, did.id).await.unwrap(), 1);
    assert!(matches!(engine.undo_together(&mina.person, did.id).await, Err(TogetherError::Nobody)));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn what_was_done_is_listed_from_the_latest_on(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let rita = world.person("rita", &[Role::Manager]).manages("Cohort B").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let amy = world.learner("amy").of("Cohort A").fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let ben = world.learner("ben").of("Cohort A").await;
    let cora = world.staff("cora").of("Cohort B").await;
    let engine = &world.engine;
    assert_eq!(engine.all_done_together(&mina.person, 0).await.unwrap(), TogetherPage::default());
    let excused = engine.exempt_several(&mina.person, excused(&[&amy, &ben], &world)).await.unwrap();
    let days = [today(&world), today(&world) + Days::new(1)];
    world.waits(TimeDelta::minutes(1));
    engine.allow_several(&mina.person, &[amy.person.id]).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.remind_several(&mina.person, &[amy.person.id, ben.person.id]).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let given = engine.assign_several(&rita.person, &induction(), &[cora.person.id], days[1]).await.unwrap();
    let listed = async |who: &Someone| {
        let page = engine.all_done_together(&who.person, 0).await.unwrap();
        let line = |one: ListedTogether| (one.kind, one.by, one.people, one.open, one.what);
        (page.of_everybody, page.listed.into_iter().map(line).collect::<Vec<_>>())
    };
    let of_mina = |by: Option<&str>, open: u32| {
        let by = by.map(str::to_owned);
        [
            (Together::Remind, by.clone(), 2, 0, None),
            (Together::GiveAttempts, by.clone(), 1, 0, None),
            (Together::Exempt, by, 2, open, Some("Sharing nudes".to_owned())),
        ]
    };
    assert_eq!(listed(&mina).await, (false, of_mina(None, 2).to_vec()));
    engine.undo_together(&mina.person, excused.id).await.unwrap();
    assert_eq!(listed(&mina).await, (false, of_mina(None, 0).to_vec()));
    let (everybody, all) = listed(&dan).await;
    assert!(everybody);
    assert_eq!(all[1..], of_mina(Some("mina"), 0));
    let page = engine.all_done_together(&dan.person, 0).await.unwrap();
    assert_eq!((page.listed[0].id, page.listed[0].by.as_deref(), page.has_next), (given.id, Some("rita"), false));
    assert!(matches!(engine.all_done_together(&ada.person, 0).await, Err(Refused::NotForYou)));
    // As many as stand on a page, and the rest on the next.
    for _ in 0..TogetherPage::MOST - 3 {
        world.waits(TimeDelta::days(1));
        engine.remind_several(&mina.person, &[ben.person.id]).await.unwrap();
    }
    let first = engine.all_done_together(&mina.person, 0).await.unwrap();
    assert_eq!((first.listed.len(), first.has_next), (TogetherPage::MOST, false));
    world.waits(TimeDelta::days(1));
    engine.remind_several(&mina.person, &[ben.person.id]).await.unwrap();
    let first = engine.all_done_together(&mina.person, 0).await.unwrap();
    let second = engine.all_done_together(&mina.person, 1).await.unwrap();
    assert_eq!((first.listed.len(), first.has_next), (TogetherPage::MOST, true));
    assert_eq!((second.listed.len(), second.has_next, second.listed[0].id), (1, false, excused.id));
}

async fn answers_are_for_who_teaches_and_each_look_is_noted(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Cohort B").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    let attempt = amy.fails("four-cs").await;
    let open = amy.starts("sharing-nudes").await.unwrap();
    let look = async |who: &Someone, attempt: AttemptId| {
        world.engine.others_answers(&who.person, amy.person.id, attempt).await.map(|found| found.result.questions.len())
    };
    for who in [&otto, &ada, &root, &amy] {
        assert!(matches!(look(who, attempt).await, Err(Refused::NotFound)), "{}", who.person.name);
    }
    assert_eq!(world.raw.count("look").await, 0);
    for who in [&mina, &dan, &mina] {
        assert!(look(who, attempt).await.unwrap() > 0);
        // What is not handed in is nobody's to see.
        assert!(matches!(look(who, open).await, Err(Refused::NotFound)));
    }
    assert_eq!(world.raw.count("look").await, 2);
    let looks = world.engine.looks(&ada.person, &WhichLooks::default(), None).await.unwrap().looks;
    assert!(looks.iter().all(|look| look.thing == format!("answers/{attempt}") && look.of.as_deref() == Some("amy")));
    // Nor is it another's attempt under their name.
    let ben = world.learner("ben").of("Cohort A").await;
    assert!(matches!(world.engine.others_answers(&mina.person, ben.person.id, attempt).await, Err(Refused::NotFound)));
}

async fn a_look_at_a_record_is_noted_and_counted_for_its_person(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let engine = &world.engine;
    engine.person_record(&amy.person, amy.person.id, None).await.unwrap();
    assert_eq!(engine.looks_at_record(&amy.person).await.unwrap(), 0);
    for minutes in [1, 13, 16] {
        let record = engine.person_record(&mina.person, amy.person.id, None).await.unwrap();
        assert!(record.shows_answers);
        world.waits(TimeDelta::minutes(minutes));
    }
    assert_eq!(engine.looks_at_record(&amy.person).await.unwrap(), 1);
    engine.person_record(&mina.person, amy.person.id, None).await.unwrap();
    assert_eq!(engine.looks_at_record(&amy.person).await.unwrap(), 2);
}

fn induction() -> ProgrammeSlug {
    ProgrammeSlug::new("learner-induction").unwrap()
}

fn excused(people: &[&Someone], world: &World) -> ExemptSeveral {
    ExemptSeveral {
        people: people.iter().map(|one| one.person.id).collect(),
        thing: Thing::Module(slug("sharing-nudes")),
        reason: "They teach it".to_owned(),
        begins_on: local_date(world.engine.now()),
        given_before: None,
    }
}
