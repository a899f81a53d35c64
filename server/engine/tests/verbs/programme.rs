//! Programmes are read about by whom they are for, as they are and as they were.

use chrono::{Days, TimeDelta};
use engine::{Actor, AssignedTo, ProgrammeChange, Refused, Role};
use model::{ProgrammeSlug, Status};

use world::{Someone, World, now, on_both, today};

on_both![
    a_programme_says_what_it_asks_and_where_its_reader_stands,
    what_another_programme_asks_for_sooner_is_due_by_then,
    every_version_says_what_it_changed,
    it_is_for_whom_it_is_asked_of_or_written_for,
    what_is_given_by_hand_nobody_has_once_it_is_published,
];

fn induction() -> ProgrammeSlug {
    ProgrammeSlug::new("learner-induction").unwrap()
}

async fn a_programme_says_what_it_asks_and_where_its_reader_stands(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let page = world.engine.programme(&now(&amy).await, &induction()).await.unwrap();
    assert_eq!(page.theirs_from, Some(today(&world)));
    assert_eq!(page.written_for, ["learners"]);
    let parts: Vec<_> = page.parts.iter().map(|part| (part.title.as_str(), part.minutes, part.may_open)).collect();
    let expected = [
        ("The 4 Cs", Some(20), true),
        ("Sharing nudes", Some(15), true),
        ("Learner acceptable use agreement", None, true),
    ];
    assert_eq!(parts, expected);
    let stands: Vec<_> = page.parts.iter().map(|part| part.stands.as_ref().unwrap()).collect();
    assert_eq!(stands[0].cell.status, Status::Passed);
    assert_eq!(stands[1].cell.status, Status::NotStarted);
    assert_eq!(stands[2].missing, Some((1, 2)));
    // By when, as the own page says it.
    let due = today(&world) + Days::new(14);
    assert_eq!(stands[1].wanted_by, Some(due));
    let own = world.engine.own_page(&now(&amy).await).await.unwrap();
    assert_eq!(own.programmes, [page.standing.clone().unwrap()]);
    assert_eq!((own.due[0].wanted.by, own.programmes[0].by), (due, Some(due)));
}

async fn what_another_programme_asks_for_sooner_is_due_by_then(world: World) {
    world.writes(
        "programmes/at-once.toml",
        "title = \"At once\"\nsummary = \"Soon.\"\naudience = [\"learner\"]\ndue_days = 3\nmodules = [\"sharing-nudes\"]\n",
    );
    world.publishes().await.unwrap();
    let amy = world.learner("amy").await;
    let page = world.engine.programme(&now(&amy).await, &induction()).await.unwrap();
    let stands: Vec<_> = page.parts.iter().map(|part| part.stands.as_ref().unwrap()).collect();
    let (soon, due) = (today(&world) + Days::new(3), today(&world) + Days::new(14));
    let by: Vec<_> = stands[..2].iter().map(|one| (one.cell.wanted.as_ref().unwrap().by, one.wanted_by)).collect();
    assert_eq!(by, [(due, Some(due)), (due, Some(soon))]);
    assert_eq!(page.standing.unwrap().by, Some(due), "by this programme alone");
}

async fn every_version_says_what_it_changed(world: World) {
    let file = "programmes/learner-induction.toml";
    let amy = world.learner("amy").await;
    world.edits(file, "due_days = 14", "due_days = 21");
    world.edits(file, "\"sharing-nudes\"]", "\"boundaries\"]");
    world.publishes().await.unwrap();
    world.edits(file, "\"four-cs\", \"boundaries\"", "\"boundaries\", \"four-cs\"");
    world.publishes().await.unwrap();
    let page = world.engine.programme(&now(&amy).await, &induction()).await.unwrap();
    let numbers: Vec<_> = page.versions.iter().map(|version| version.number).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(page.versions[0].changes, [ProgrammeChange::Order]);
    let [added, taken_out, schedule] = page.versions[1].changes.as_slice() else {
        panic!("{:?}", page.versions[1].changes)
    };
    assert_eq!(*added, ProgrammeChange::Added(vec!["Boundaries".to_owned()]));
    assert_eq!(*taken_out, ProgrammeChange::TakenOut(vec!["Sharing nudes".to_owned()]));
    assert!(matches!(schedule, ProgrammeChange::Schedule(before, since) if before != since));
    assert!(page.versions[2].changes.is_empty());
    // What is withdrawn can be read about for ever, and is asked of nobody.
    world.engine.withdraw("module/boundaries", Actor::CommandLine).await.unwrap();
    world.engine.withdraw("programme/learner-induction", Actor::CommandLine).await.unwrap();
    let page = world.engine.programme(&now(&amy).await, &induction()).await.unwrap();
    assert!(page.is_withdrawn && page.versions[0].withdrawn_at.is_some() && page.theirs_from.is_none());
    assert!(page.parts.iter().any(|part| part.title == "Boundaries" && part.is_withdrawn && !part.may_open));
}

async fn it_is_for_whom_it_is_asked_of_or_written_for(world: World) {
    world.writes(
        "programmes/staff-cpd.toml",
        "title = \"Staff CPD\"\nsummary = \"For staff.\"\naudience = [\"staff\"]\ndue_days = 14\nmodules = [\"boundaries\"]\n",
    );
    world.publishes().await.unwrap();
    let staff = ProgrammeSlug::new("staff-cpd").unwrap();
    let (amy, ada) = (world.learner("amy").await, world.person("ada", &[Role::Auditor]).await);
    let titles = async |person: &engine::Person| {
        let programmes = world.engine.programmes(person).await.unwrap();
        programmes.into_iter().map(|one| (one.programme.title.clone(), one.theirs_from.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(titles(&now(&amy).await).await, [("Learner induction".to_owned(), true)]);
    assert!(matches!(world.engine.programme(&now(&amy).await, &staff).await, Err(Refused::NotForYou)));
    let page = world.engine.programme(&now(&ada).await, &induction()).await.unwrap();
    assert!(page.theirs_from.is_none() && page.standing.is_none());
    let nothing = ProgrammeSlug::new("nothing").unwrap();
    assert!(matches!(world.engine.programme(&now(&ada).await, &nothing).await, Err(Refused::NotFound)));
    // What is asked of somebody they may read about, whoever it was written for.
    let to = AssignedTo::Person(amy.person.id);
    world.engine.assign(&staff, to, today(&world), Actor::CommandLine).await.unwrap();
    let page = world.engine.programme(&now(&amy).await, &staff).await.unwrap();
    assert_eq!(page.theirs_from, Some(today(&world)));
}

async fn what_is_given_by_hand_nobody_has_once_it_is_published(world: World) {
    let file = "programmes/staff-cpd.toml";
    world.writes(
        file,
        "title = \"Staff CPD\"\nsummary = \"For staff.\"\naudience = [\"staff\"]\nby_hand = true\ndue_days = 14\nmodules = [\"boundaries\"]\n",
    );
    world.publishes().await.unwrap();
    let staff = ProgrammeSlug::new("staff-cpd").unwrap();
    let (sam, sue) = (world.staff("sam").await, world.staff("sue").await);
    let to = AssignedTo::Person(sam.person.id);
    world.engine.assign(&staff, to, today(&world), Actor::CommandLine).await.unwrap();
    let has = async |someone: &Someone| {
        world.engine.programme(&now(someone).await, &staff).await.unwrap().theirs_from.is_some()
    };
    assert_eq!((has(&sam).await, has(&sue).await), (true, false));
    world.edits(file, "by_hand = true\n", "");
    world.publishes().await.unwrap();
    assert!(has(&sue).await);
    let page = world.engine.programme(&now(&sue).await, &staff).await.unwrap();
    assert_eq!(page.versions[0].changes, [ProgrammeChange::ByHand(false)]);
    // And back: it is taken from those alone who had it by its audience.
    world.edits(file, "due_days = 14\n", "by_hand = true\ndue_days = 15\n");
    world.publishes().await.unwrap();
    world.waits(TimeDelta::days(1));
    assert_eq!((has(&sam).await, has(&sue).await), (true, false));
}
