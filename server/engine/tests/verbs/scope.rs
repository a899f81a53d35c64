//! Whom somebody sees: by their duties, by where groups stand, and by who is here.

use chrono::{Days, NaiveDate, TimeDelta};
use engine::{Actor, AsAt, Duty, PersonId, Refused, Right, Role, SCOPE_STATEMENTS, Scope, Whom};

use world::{Someone, World, group, now, on_both, today};

on_both![
    a_manager_sees_the_people_of_their_groups_and_of_those_below_and_nobody_else,
    nothing_is_read_about_whom_the_reader_does_not_see,
    a_manager_of_a_group_above_sees_those_below,
    a_duty_that_ended_gives_nothing,
    a_duty_that_was_ended_a_moment_ago_gives_nothing_to_who_still_holds_a_scope,
    a_duty_that_begins_tomorrow_gives_nothing_yet,
    a_group_that_moved_away_takes_its_people_with_it,
    who_left_is_seen_only_by_who_sees_everybody_and_asks_for_it,
    who_is_to_begin_is_seen_by_the_manager_of_their_group,
    who_left_a_group_is_no_longer_seen,
    a_safeguarding_lead_of_one_site_sees_that_site,
    whoever_has_no_duty_sees_themselves_alone,
    nobody_helps_themselves,
    people_come_a_page_at_a_time_by_name,
    people_are_narrowed_to_a_group,
    groups_are_those_in_scope,
    no_statement_reads_all_people,
];

async fn a_manager_sees_the_people_of_their_groups_and_of_those_below_and_nobody_else(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").of("Northfield").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let ben = world.learner("ben").of("Northfield/Cohort A/Tuesdays").of("Northfield/Cohort A").await;
    let cora = world.learner("cora").of("Northfield/Cohort B").await;
    assert_eq!(sees(&mina).await, ["amy", "ben"]);
    for (someone, is_seen) in [(&amy, true), (&ben, true), (&cora, false), (&mina, true)] {
        assert_eq!(is_in(&mina, someone).await, is_seen, "{}", someone.person.name);
    }
}

/// How long it takes to say no must not tell how much is recorded about them, so it is said before any of it is read.
async fn nothing_is_read_about_whom_the_reader_does_not_see(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ben = world.learner("ben").of("Cohort B").await.person.id;
    let unreadable =
        "INSERT INTO chosen_twin (person_id, twin) SELECT person_id, '!' FROM person_detail WHERE name = 'ben'";
    assert_eq!(world.raw.run(unreadable).await.unwrap(), 1);
    let (hour, engine) = (TimeDelta::hours(1), &world.engine);
    world.waits(hour);
    let before = AsAt { moment: engine.now() - hour, as_known_now: true };
    for as_at in [None, Some(before)] {
        let theirs = engine.person_record(&dan.person, ben, as_at).await;
        assert!(matches!(theirs, Err(Refused::Internal(_))), "{theirs:?}");
        let others = engine.person_record(&mina.person, ben, as_at).await;
        assert!(matches!(others, Err(Refused::NotFound)), "{others:?}");
    }
}

async fn a_manager_of_a_group_above_sees_those_below(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    world.learner("ben").of("Riverside").await;
    assert_eq!(sees(&mina).await, ["amy"]);
}

async fn a_duty_that_ended_gives_nothing(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    world.waits(TimeDelta::days(2));
    ends_duty(&mina, today(&world) - Days::new(1)).await;
    assert_eq!(sees(&mina).await, ["mina"]);
    assert!(!is_in(&mina, &amy).await);
    assert!(Scope::of(&now(&mina).await, Right::GiveAttempts, world.engine.now()).is_none());
}

async fn a_duty_that_was_ended_a_moment_ago_gives_nothing_to_who_still_holds_a_scope(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let scope = Scope::of(&mina.person, Right::See, world.engine.now()).unwrap();
    ends_duty(&mina, today(&world)).await;
    assert!(!world.engine.is_in(&scope, amy.person.id).await.unwrap());
    assert_eq!(world.engine.people_in(&scope, Whom::Here, None).await.unwrap().people, []);
    let dan = world.person("dan", &[Role::Dsl]).await;
    let scope = Scope::of(&dan.person, Right::See, world.engine.now()).unwrap();
    ends_duty(&dan, today(&world)).await;
    assert_eq!(world.engine.people_in(&scope, Whom::AlsoLeft, None).await.unwrap().people, []);
    assert_eq!(world.engine.groups_in(&scope).await.unwrap(), []);
}

async fn a_duty_that_begins_tomorrow_gives_nothing_yet(world: World) {
    let mina = world.staff("mina").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let duty = Duty { role: Role::Manager, over: Some(group(&world, "Northfield/Cohort A").await) };
    let tomorrow = today(&world) + Days::new(1);
    world.engine.give_duty(mina.person.id, duty, tomorrow, Actor::CommandLine).await.unwrap();
    assert!(!is_in(&mina, &amy).await);
    world.waits(TimeDelta::days(1));
    assert!(is_in(&mina, &amy).await);
}

async fn a_group_that_moved_away_takes_its_people_with_it(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    assert_eq!((sees(&mina).await, sees(&otto).await), (vec!["amy".to_owned()], vec![]));
    let tuesdays = group(&world, "Northfield/Cohort A/Tuesdays").await;
    let to = Some(group(&world, "Northfield/Cohort B").await);
    let tomorrow = today(&world) + Days::new(1);
    world.engine.move_group(tuesdays, to, "Tuesdays", tomorrow, Actor::CommandLine).await.unwrap();
    assert_eq!((sees(&mina).await, sees(&otto).await), (vec!["amy".to_owned()], vec![]));
    world.waits(TimeDelta::days(1));
    assert_eq!((sees(&mina).await, sees(&otto).await), (vec![], vec!["amy".to_owned()]));
}

async fn who_left_is_seen_only_by_who_sees_everybody_and_asks_for_it(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    world.engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(sees(&mina).await, [""; 0]);
    assert_eq!(names(&mina, Whom::AlsoLeft).await, [""; 0]);
    assert!(!is_in(&mina, &amy).await);
    assert_eq!(sees(&dan).await, ["dan", "mina"]);
    assert_eq!(names(&dan, Whom::AlsoLeft).await, ["amy", "dan", "mina"]);
    assert!(is_in(&dan, &amy).await);
    world.engine.come_back(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(sees(&mina).await, ["amy"]);
}

async fn who_is_to_begin_is_seen_by_the_manager_of_their_group(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").begins_in(7).await;
    assert_eq!(sees(&mina).await, ["amy"]);
    // Who is here already is seen where they will be from that day on.
    world.waits(TimeDelta::days(8));
    let to = group(&world, "Northfield/Cohort B").await;
    let tomorrow = today(&world) + Days::new(1);
    world.engine.join_group(amy.person.id, to, tomorrow, Actor::CommandLine).await.unwrap();
    assert_eq!(sees(&otto).await, [""; 0]);
    world.waits(TimeDelta::days(1));
    assert_eq!(sees(&otto).await, ["amy"]);
}

async fn who_left_a_group_is_no_longer_seen(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let from = group(&world, "Northfield/Cohort A").await;
    world.engine.leave_group(amy.person.id, from, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(sees(&mina).await, [""; 0]);
    assert!(!is_in(&mina, &amy).await);
}

async fn a_safeguarding_lead_of_one_site_sees_that_site(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Northfield/Cohort A").await;
    world.learner("ben").of("Riverside").await;
    assert_eq!(sees(&dan).await, ["amy", "ben", "dan"]);
    let deputy = world.staff("priya").await;
    let over = Some(group(&world, "Northfield").await);
    let duty = Duty { role: Role::Dsl, over };
    world.engine.give_duty(deputy.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(sees(&deputy).await, ["amy"]);
}

async fn whoever_has_no_duty_sees_themselves_alone(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let ben = world.learner("ben").of("Northfield/Cohort A").await;
    assert!(Scope::of(&amy.person, Right::See, world.engine.now()).unwrap().is_oneself());
    assert_eq!(sees(&amy).await, ["amy"]);
    assert!(!is_in(&amy, &ben).await);
    assert!(Scope::of(&amy.person, Right::GiveAttempts, world.engine.now()).is_none());
    // An auditor looks and changes nothing; an author does neither.
    let ada = world.person("ada", &[Role::Auditor]).await;
    assert!(Scope::of(&ada.person, Right::GiveAttempts, world.engine.now()).is_none());
    assert!(is_in(&ada, &amy).await);
    assert_eq!(sees(&world.person("wes", &[Role::Author]).await).await, ["wes"]);
}

async fn nobody_helps_themselves(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).of("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let scope = Scope::of(&dan.person, Right::GiveAttempts, world.engine.now()).unwrap();
    assert!(!world.engine.is_in(&scope, dan.person.id).await.unwrap());
    assert!(world.engine.is_in(&scope, amy.person.id).await.unwrap());
}

async fn people_come_a_page_at_a_time_by_name(world: World) {
    crowd(&world, 205).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let scope = Scope::of(&dan.person, Right::See, world.engine.now()).unwrap();
    let mut seen = Vec::new();
    let mut after = None;
    for length in [100, 100, 6] {
        let page = world.engine.people_in(&scope, Whom::Here, after).await.unwrap();
        assert_eq!(page.people.len(), length);
        seen.extend(page.people.into_iter().map(|person| person.name));
        after = page.next;
    }
    assert_eq!(after, None);
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.len(), 206);
    let nobody = Some(PersonId(world.random_id()));
    let refused = world.engine.people_in(&scope, Whom::Here, nobody).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
}

async fn people_are_narrowed_to_a_group(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    world.learner("ben").of("Northfield/Cohort B").await;
    let northfield = Whom::In(group(&world, "Northfield").await);
    assert_eq!(names(&dan, northfield).await, ["amy", "ben"]);
    assert_eq!(names(&mina, northfield).await, ["amy"]);
    assert_eq!(names(&mina, Whom::In(group(&world, "Northfield/Cohort B").await)).await, [""; 0]);
}

async fn groups_are_those_in_scope(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").of("Riverside").await;
    assert_eq!(groups(&dan).await, ["Cohort A", "Northfield", "Riverside", "Tuesdays"]);
    assert_eq!(groups(&mina).await, ["Cohort A", "Tuesdays"]);
    assert_eq!(groups(&world.learner("ben").await).await, [""; 0]);
}

async fn no_statement_reads_all_people(world: World) {
    crowd(&world, 5000).await;
    world.raw.run("ANALYZE").await.unwrap();
    for (name, statement) in SCOPE_STATEMENTS {
        // How many groups stand below one, PostgreSQL cannot know: where it expects most of them, it reads memberships whole, and rightly.
        if !world.raw.is_sqlite() && name.starts_with("group") {
            continue;
        }
        let rows = world.raw.plan(statement).await;
        let scans: Vec<_> = rows
            .iter()
            .filter(|row| {
                let aliases = ["p", "d", "l", "m", "h", "b"];
                let alias = row.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
                // Only who may see everybody walks through the names, and ends when the page is full.
                let walks = name != "everybody" && row.contains("person_detail_by_name");
                let in_order = name == "everybody" && row.contains("person_detail_by_name");
                let on_sqlite = !in_order && alias.is_some_and(|alias| aliases.contains(&alias));
                let tables = ["person", "person_detail", "membership", "stay"];
                let on_postgres = tables.iter().any(|table| row.contains(&format!("Seq Scan on {table} ")));
                on_sqlite || walks || on_postgres
            })
            .collect();
        assert!(scans.is_empty(), "{name} reads a whole table: {scans:?} in\n{}", rows.join("\n"));
    }
}

/// Many people, fifty to a group, who do nothing.
async fn crowd(world: &World, people: u32) {
    let groups = people.div_ceil(50);
    let (id, now) = if world.raw.is_sqlite() {
        ("randomblob(16)", "'2026-11-22 09:00:00+00:00'")
    } else {
        ("gen_random_uuid()", "TIMESTAMPTZ '2026-11-22 09:00:00+00'")
    };
    let day = if world.raw.is_sqlite() { "'2026-11-01'" } else { "DATE '2026-11-01'" };
    let numbers =
        |last: u32| format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last})");
    for statement in [
        format!("{} INSERT INTO people_group (id, number, recorded_at, recorded_by) SELECT {id}, 1000 + i, {now}, 'server' FROM n", numbers(groups)),
        format!("INSERT INTO group_place (id, group_id, parent_id, name, begins_on, recorded_at, recorded_by) \
             SELECT {id}, g.id, (SELECT a.id FROM people_group a WHERE a.number = 1000 + (g.number - 1000) / 5 AND a.number > 1000), \
               'Group ' || g.number, {day}, {now}, 'server' FROM people_group g WHERE g.number > 1000"),
        format!("{} INSERT INTO person (id, number, revision, recorded_at, recorded_by) SELECT {id}, 1000 + i, 0, {now}, 'server' FROM n", numbers(people)),
        "INSERT INTO person_detail (person_id, name, name_key) SELECT id, 'person ' || number, 'person ' || number FROM person WHERE number > 1000".to_owned(),
        format!("INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by) SELECT {id}, id, {day}, {now}, 'server' FROM person WHERE number > 1000"),
        format!("INSERT INTO membership (id, group_id, person_id, begins_on, recorded_at, recorded_by) \
             SELECT {id}, g.id, p.id, {day}, {now}, 'server' FROM person p JOIN people_group g ON g.number = 1001 + (p.number - 1001) / 50 WHERE p.number > 1000"),
    ] {
        world.raw.run(&statement).await.unwrap();
    }
}

async fn sees(someone: &Someone) -> Vec<String> {
    names(someone, Whom::Here).await
}

async fn names(someone: &Someone, whom: Whom) -> Vec<String> {
    let engine = &someone.world.engine;
    let scope = Scope::of(&now(someone).await, Right::See, engine.now()).unwrap();
    let page = engine.people_in(&scope, whom, None).await.unwrap();
    page.people.into_iter().map(|person| person.name).collect()
}

async fn groups(someone: &Someone) -> Vec<String> {
    let engine = &someone.world.engine;
    let scope = Scope::of(&now(someone).await, Right::See, engine.now()).unwrap();
    engine.groups_in(&scope).await.unwrap().into_iter().map(|group| group.name).collect()
}

async fn is_in(asker: &Someone, other: &Someone) -> bool {
    let engine = &asker.world.engine;
    let scope = Scope::of(&now(asker).await, Right::See, engine.now()).unwrap();
    engine.is_in(&scope, other.person.id).await.unwrap()
}

/// Ends the only duty of somebody.
async fn ends_duty(someone: &Someone, on: NaiveDate) {
    let duty = someone.person.duties[0];
    someone.world.engine.end_duty(someone.person.id, duty, on, Actor::CommandLine).await.unwrap();
}
