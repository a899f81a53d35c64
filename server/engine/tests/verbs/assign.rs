//! Giving programmes and excusing people, by those who look after them.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, AssignError, AssignedTo, ExemptError, LateAtOnce, ListedAssignment, NewExemption, OtherPeople, Refused,
    Role, SignError, Signing, StartError, Thing, WrittenFor,
};
use model::{PageSlug, ProgrammeSlug, Status};

use world::{Someone, World, agreement, audience, group, now, on_both, slug, today};

on_both![
    whoever_gives_a_programme_sees_first_whom_it_reaches,
    who_would_be_late_at_once_is_known_before_it_is_given,
    who_stays_below_a_group_gets_no_more_time,
    what_is_asked_of_somebody_is_theirs_to_open,
    a_manager_gives_to_their_groups_alone,
    what_is_given_is_listed_for_who_may_end_it,
    what_is_ended_is_asked_no_more,
    nobody_is_given_the_same_twice,
    a_manager_excuses_their_people_alone,
];

fn staff_cpd() -> ProgrammeSlug {
    ProgrammeSlug::new("staff-cpd").unwrap()
}

/// A programme that staff are given when it is published.
async fn publishes_staff_cpd(world: &World) {
    let programme = r#"
        title = "Staff CPD"
        summary = "What staff do."
        audience = ["staff"]
        due_days = 14
        modules = ["boundaries"]
    "#;
    world.writes("programmes/staff-cpd.toml", programme);
    world.publishes().await.unwrap();
}

async fn names(giver: &Someone, to: AssignedTo) -> Result<Vec<(String, bool)>, Refused> {
    let engine = &giver.world.engine;
    let giver = now(giver).await;
    let reach = engine.assignment_reach(&giver, &staff_cpd(), to, today_of(engine)).await?;
    Ok(reach.people.into_iter().map(|person| (person.name, person.has_it)).collect())
}

fn today_of(engine: &engine::Engine) -> chrono::NaiveDate {
    engine::local_date(engine.now())
}

async fn whoever_gives_a_programme_sees_first_whom_it_reaches(world: World) {
    publishes_staff_cpd(&world).await;
    world.learner("zoe").of("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    world.staff("ben").of("Northfield/Cohort A").begins_in(7).await;
    world.learner("cora").of("Northfield/Cohort B").await;
    let gone = world.learner("gone").of("Northfield/Cohort A").await;
    world.engine.leave(gone.person.id, today(&world), Actor::CommandLine).await.unwrap();
    let root = world.person("root", &[Role::Administrator]).await;
    let cohort = AssignedTo::Group(group(&world, "Northfield/Cohort A").await);
    let said = |names: &[(&str, bool)]| names.iter().map(|(name, has)| ((*name).to_owned(), *has)).collect::<Vec<_>>();
    let reach =
        world.engine.assignment_reach(&now(&root).await, &staff_cpd(), cohort.clone(), today(&world)).await.unwrap();
    assert_eq!(reach.not_meant(), 2, "amy and zoe are learners");
    let words = |words: &[&str]| words.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let learners = OtherPeople { one: words(&["a learner"]), many: words(&["learners"]), people: 2 };
    assert_eq!(reach.written, WrittenFor { whom: words(&["staff"]), others: vec![learners] });
    // A fortnight after it is asked of amy and zoe, and after ben has begun.
    let due = |days| today(&world) + Days::new(days);
    assert_eq!(reach.due, Some((due(14), due(21))));
    let chosen = [reach.people[0].id, reach.people[1].id, root.person.id];
    let told = world.engine.before_giving(&now(&root).await, &staff_cpd(), &chosen, today(&world)).await;
    let (written, late) = told.unwrap();
    assert_eq!(late, None);
    assert_eq!(
        written.others.iter().map(|others| others.people).sum::<usize>(),
        1,
        "amy, and nobody gives to themselves"
    );
    // By name; ben, who is to begin, is staff and will have it anyway.
    assert_eq!(names(&root, cohort.clone()).await.unwrap(), said(&[("amy", false), ("ben", true), ("zoe", false)]));
    let given = world.engine.assign_as(&now(&root).await, &staff_cpd(), cohort.clone(), today(&world)).await.unwrap();
    let listed = world.engine.assignments(&now(&root).await).await.unwrap();
    let found = listed.open.iter().find(|listed| listed.id == given).unwrap();
    assert_eq!((found.people, found.to_name.as_str()), (3, "Northfield / Cohort A"));
    assert_eq!(found.by.as_deref(), Some("root"));
    // Whom it reaches are asked from then on.
    let tuesdays = AssignedTo::Group(group(&world, "Northfield/Cohort A/Tuesdays").await);
    assert_eq!(names(&root, tuesdays).await.unwrap(), said(&[("amy", true)]));
    let learners = names(&root, AssignedTo::Audience(audience("learner"))).await.unwrap();
    assert_eq!(learners, said(&[("amy", true), ("cora", false), ("zoe", true)]));
}

async fn who_would_be_late_at_once_is_known_before_it_is_given(world: World) {
    publishes_staff_cpd(&world).await;
    let begins_on = today(&world);
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    // Ben is staff, and so late already; cora has done it.
    let ben = world.staff("ben").of("Northfield/Cohort A").await;
    world.waits(TimeDelta::days(20));
    let cora = world.staff("cora").of("Northfield/Cohort A").passes("boundaries").await;
    let root = now(&world.person("root", &[Role::Administrator]).await).await;
    let cohort = AssignedTo::Group(group(&world, "Northfield/Cohort A").await);
    let chosen = [amy.person.id, ben.person.id, cora.person.id];
    let was_due = begins_on + Days::new(14);
    let amy_alone = Some(LateAtOnce { people: 1, due: (was_due, was_due) });
    for (from, late) in [(begins_on, amy_alone), (today(&world), None)] {
        let reach = world.engine.assignment_reach(&root, &staff_cpd(), cohort.clone(), from).await.unwrap();
        assert_eq!(reach.late, late, "{from}");
        let (_, each) = world.engine.before_giving(&root, &staff_cpd(), &chosen, from).await.unwrap();
        assert_eq!(each, late, "{from}");
    }
}

/// By when somebody has to do what the programme of staff asks.
async fn boundaries_due(someone: &Someone) -> chrono::NaiveDate {
    let engine = &someone.world.engine;
    let cells = engine.standing_at(someone.person.id, engine.now(), engine.now()).await.unwrap();
    let boundaries = Thing::Module(slug("boundaries"));
    let (_, cell) = cells.into_iter().find(|(thing, _)| *thing == boundaries).unwrap();
    cell.wanted.unwrap().by
}

async fn who_stays_below_a_group_gets_no_more_time(world: World) {
    publishes_staff_cpd(&world).await;
    let amy = world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    let (engine, id, by) = (&world.engine, amy.person.id, Actor::CommandLine);
    let northfield = group(&world, "Northfield").await;
    let cohort = group(&world, "Northfield/Cohort A").await;
    let tuesdays = group(&world, "Northfield/Cohort A/Tuesdays").await;
    let another = group(&world, "Northfield/Cohort B").await;
    engine.assign(&staff_cpd(), AssignedTo::Group(northfield), today(&world), by).await.unwrap();
    let due = today(&world) + Days::new(14);
    // Groups are called otherwise, and one moves.
    let places = [
        (northfield, None, "Northfield Training"),
        (cohort, Some(northfield), "Cohort A1"),
        (tuesdays, Some(another), "Tuesdays"),
    ];
    for (of_them, parent, name) in places {
        world.waits(TimeDelta::days(6));
        engine.move_group(of_them, parent, name, today(&world), by).await.unwrap();
        assert_eq!(boundaries_due(&amy).await, due, "{name}");
    }
    world.waits(TimeDelta::days(6));
    engine.leave_group(id, tuesdays, today(&world), by).await.unwrap();
    engine.join_group(id, cohort, today(&world), by).await.unwrap();
    assert_eq!(boundaries_due(&amy).await, due);
    // Whoever was away from it for a day begins anew.
    engine.move_group(cohort, None, "Cohort A1", today(&world), by).await.unwrap();
    world.waits(TimeDelta::days(1));
    engine.move_group(cohort, Some(northfield), "Cohort A1", today(&world), by).await.unwrap();
    assert_eq!(boundaries_due(&amy).await, today(&world) + Days::new(14));
}

const STAFF_RULES: &str = r#"---
title: Staff rules
audience: [staff]
requires: [boundaries]
statement: I keep to them.
summary:
  - Where the lines are
versions:
  - version: "1.0"
    date: 2026-11-22
    change: First version
    lead: Head of Digital and ICT
    reviewed: 2026-11-22
    next_review: 2027-09-01
---

## The lines

1. I keep to the lines.
"#;

async fn what_is_asked_of_somebody_is_theirs_to_open(world: World) {
    let programme = r#"
        title = "Staff CPD"
        summary = "What staff do."
        audience = ["staff"]
        due_days = 14
        modules = ["boundaries"]
        agreements = ["staff-rules"]
    "#;
    world.writes("programmes/staff-cpd.toml", programme);
    world.writes("agreements/staff-rules.md", STAFF_RULES);
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    let ben = world.learner("ben").await;
    let root = now(&world.person("root", &[Role::Administrator]).await).await;
    let to = AssignedTo::Person(amy.person.id);
    let given = world.engine.assign_as(&root, &staff_cpd(), to, today(&world)).await.unwrap();
    assert_eq!(opens(&ben).await, [false; 6]);
    assert!(matches!(ben.starts("boundaries").await, Err(StartError::Refused(Refused::NotForYou))));
    let signed = ben.signs("staff-rules").await;
    assert!(matches!(signed, Err(SignError::Refused(Refused::NotForYou))), "{signed:?}");
    assert_eq!(opens(&amy).await, [true; 6]);
    amy.passes("boundaries").await;
    amy.signs("staff-rules").await.unwrap();
    let page = world.engine.own_page(&amy.person).await.unwrap();
    assert_eq!(page.done.len(), 2);
    // What is asked no more is written for others again.
    world.engine.end_assignment_as(&root, given, today(&world)).await.unwrap();
    assert_eq!(opens(&amy).await, [false; 6]);
}

/// Whether the module for staff can be opened, page by page and in its list, its quiz, its versions, and the agreement that requires it.
async fn opens(someone: &Someone) -> [bool; 6] {
    let (engine, person) = (&someone.world.engine, &someone.person);
    let module = slug("boundaries");
    let overview = engine.module_overview(person, &module).await;
    let listed = engine.modules(person).await.unwrap();
    let page = engine.page(person, &module, &PageSlug::new("lines").unwrap()).await;
    let agreement = engine.agreement_page(person, &agreement("staff-rules")).await;
    let closed = |error: &Refused| assert!(matches!(error, Refused::NotForYou), "{error:?}");
    overview.as_ref().err().into_iter().chain(page.as_ref().err()).chain(agreement.as_ref().err()).for_each(closed);
    [
        overview.is_ok_and(|overview| overview.counts),
        page.is_ok_and(|page| page.counts),
        listed.iter().any(|listed| listed.counts && listed.module.slug == module),
        engine.quiz_entry(person, &module).await.is_ok_and(|entry| entry.counts),
        engine.module_versions(person, &module).await.is_ok(),
        agreement.is_ok_and(|page| !matches!(page.signing, Signing::ForOthers)),
    ]
}

async fn a_manager_gives_to_their_groups_alone(world: World) {
    publishes_staff_cpd(&world).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let cora = world.learner("cora").of("Northfield/Cohort B").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").of("Northfield/Cohort A").await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let ours = group(&world, "Northfield/Cohort A").await;
    let others = group(&world, "Northfield/Cohort B").await;
    let above = group(&world, "Northfield").await;
    for to in [
        AssignedTo::Group(others),
        AssignedTo::Group(above),
        AssignedTo::Audience(audience("staff")),
        AssignedTo::Person(cora.person.id),
    ] {
        assert!(matches!(names(&mina, to.clone()).await, Err(Refused::NotFound)), "{to:?}");
        let given = world.engine.assign_as(&now(&mina).await, &staff_cpd(), to.clone(), today(&world)).await;
        assert!(matches!(given, Err(AssignError::NotTheirs)), "{to:?}: {given:?}");
    }
    let to_herself = AssignedTo::Person(mina.person.id);
    let given = world.engine.assign_as(&now(&mina).await, &staff_cpd(), to_herself, today(&world)).await;
    assert!(matches!(given, Err(AssignError::Oneself)), "{given:?}");
    assert!(matches!(names(&ada, AssignedTo::Group(ours)).await, Err(Refused::NotForYou)));
    for to in [AssignedTo::Group(ours), AssignedTo::Person(amy.person.id)] {
        world.engine.assign_as(&now(&mina).await, &staff_cpd(), to, today(&world)).await.unwrap();
    }
    // A duty that ended a moment ago gives nothing, whatever the session says.
    let before = now(&mina).await;
    let duty = engine::Duty { role: Role::Manager, over: Some(ours) };
    world.engine.end_duty(mina.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let learner = ProgrammeSlug::new("learner-induction").unwrap();
    let given = world.engine.assign_as(&before, &learner, AssignedTo::Group(ours), today(&world)).await;
    assert!(matches!(given, Err(AssignError::NotTheirs)), "{given:?}");
}

async fn what_is_given_is_listed_for_who_may_end_it(world: World) {
    publishes_staff_cpd(&world).await;
    world.learner("amy").of("Northfield/Cohort A").await;
    let cora = world.learner("cora").of("Northfield/Cohort B").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let ours = AssignedTo::Group(group(&world, "Northfield/Cohort A").await);
    let others = AssignedTo::Group(group(&world, "Northfield/Cohort B").await);
    let above = AssignedTo::Group(group(&world, "Northfield").await);
    for to in [ours, others, above, AssignedTo::Person(cora.person.id)] {
        world.engine.assign(&staff_cpd(), to, today(&world), Actor::CommandLine).await.unwrap();
    }
    let listed = world.engine.assignments(&now(&mina).await).await.unwrap();
    let shown = |listed: &ListedAssignment| (listed.to_name.clone(), listed.people, listed.may_end);
    let theirs: Vec<_> = listed.open.iter().filter(|one| one.may_end).map(shown).collect();
    assert_eq!(theirs, [("Cohort A".to_owned(), 1, true)]);
    // What whole audiences are asked she sees and cannot end; of another cohort she sees nothing.
    assert!(listed.open.iter().any(|one| matches!(one.to, AssignedTo::Audience(_)) && !one.may_end));
    assert!(listed.open.iter().all(|one| !one.to_name.contains("Cohort B") && one.to_name != "cora"));
    // What comes from above she sees, with how many of hers it reaches, and without what that group is called.
    let further_up: Vec<_> = listed.open.iter().filter(|one| one.further_up).map(shown).collect();
    assert!(further_up.contains(&("a group above yours".to_owned(), 1, false)), "{further_up:?}");
    assert!(further_up.iter().all(|(.., may_end)| !may_end));
    assert_eq!(listed.may_give.groups.len(), 1);
    assert!(listed.may_give.audiences.is_empty());
}

async fn what_is_ended_is_asked_no_more(world: World) {
    publishes_staff_cpd(&world).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let ours = AssignedTo::Group(group(&world, "Northfield/Cohort A").await);
    let given = world.engine.assign_as(&now(&mina).await, &staff_cpd(), ours, today(&world)).await.unwrap();
    let boundaries = Thing::Module(slug("boundaries"));
    assert!(status(&amy, &boundaries).await.is_some());
    let ended = world.engine.end_assignment_as(&now(&otto).await, given, today(&world)).await;
    assert!(matches!(ended, Err(AssignError::NoSuchAssignment)), "{ended:?}");
    world.engine.end_assignment_as(&now(&mina).await, given, today(&world)).await.unwrap();
    assert_eq!(status(&amy, &boundaries).await, None);
    let listed = world.engine.assignments(&now(&mina).await).await.unwrap();
    assert_eq!((listed.ended[0].id, listed.ended[0].ends_before), (given, Some(today(&world))));
    // What a group is asked that she is in herself, somebody ends who looks after everybody.
    let within = world.person("nell", &[Role::Manager]).manages("Northfield").of("Northfield/Cohort B").await;
    let theirs = AssignedTo::Group(group(&world, "Northfield").await);
    let given = world.engine.assign_as(&now(&within).await, &staff_cpd(), theirs, today(&world)).await.unwrap();
    let listed = world.engine.assignments(&now(&within).await).await.unwrap();
    assert!(listed.open.iter().any(|one| one.id == given && !one.may_end));
    let ended = world.engine.end_assignment_as(&now(&within).await, given, today(&world)).await;
    assert!(matches!(ended, Err(AssignError::Oneself)), "{ended:?}");
    let root = world.person("root", &[Role::Administrator]).await;
    world.engine.end_assignment_as(&now(&root).await, given, today(&world)).await.unwrap();
}

async fn status(someone: &Someone, thing: &Thing) -> Option<Status> {
    let engine = &someone.world.engine;
    let cells = engine.standing_at(someone.person.id, engine.now(), engine.now()).await.unwrap();
    cells.into_iter().find(|(of, _)| of == thing).map(|(_, cell)| cell.status)
}

async fn nobody_is_given_the_same_twice(world: World) {
    publishes_staff_cpd(&world).await;
    let amy = world.learner("amy").await;
    let root = now(&world.person("root", &[Role::Administrator]).await).await;
    let to = AssignedTo::Person(amy.person.id);
    world.engine.assign_as(&root, &staff_cpd(), to.clone(), today(&world)).await.unwrap();
    let again = world.engine.assign_as(&root, &staff_cpd(), to.clone(), today(&world) + Days::new(1)).await;
    assert!(matches!(again, Err(AssignError::Already { begins_on }) if begins_on == today(&world)), "{again:?}");
    let reach = world.engine.assignment_reach(&root, &staff_cpd(), to, today(&world)).await.unwrap();
    assert_eq!(reach.given_since, Some(today(&world)));
}

async fn a_manager_excuses_their_people_alone(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let thing = Thing::Module(slug("four-cs"));
    let new = |reason: &str| NewExemption {
        person: amy.person.id,
        thing: thing.clone(),
        reason: reason.to_owned(),
        begins_on: today(&world),
        given_before: Some(today(&world) + Days::new(30)),
    };
    let given = world.engine.exempt_as(&now(&otto).await, new("Because")).await;
    assert!(matches!(given, Err(ExemptError::NotTheirs)), "{given:?}");
    assert!(matches!(world.engine.exemptions_of(&now(&otto).await, amy.person.id).await, Err(Refused::NotFound)));
    let given = world.engine.exempt_as(&now(&mina).await, new("Did it at the last college")).await.unwrap();
    assert_eq!(status(&amy, &thing).await, Some(Status::Exempt));
    let (name, exemptions, things) = world.engine.exemptions_of(&now(&mina).await, amy.person.id).await.unwrap();
    assert_eq!((name.as_str(), exemptions.len(), exemptions[0].id), ("amy", 1, given));
    assert_eq!(exemptions[0].reason.as_deref(), Some("Did it at the last college"));
    assert_eq!(exemptions[0].by.as_deref(), Some("mina"));
    assert!(things.iter().any(|(known, _)| *known == thing));
    let ended = world.engine.end_exemption_as(&now(&otto).await, given, today(&world)).await;
    assert!(matches!(ended, Err(ExemptError::NoSuchExemption)), "{ended:?}");
    world.engine.end_exemption_as(&now(&mina).await, given, today(&world)).await.unwrap();
    assert_ne!(status(&amy, &thing).await, Some(Status::Exempt));
    assert!(world.engine.exemptions_of(&now(&mina).await, amy.person.id).await.unwrap().1.is_empty());
}
