//! The matrix: the same as the standing of each person, kept current, and of nobody whom its reader may not see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use engine::{
    Actor, AsAt, AssignedTo, Duty, GroupId, Matrix, MatrixQuery, MatrixSort, NewExemption, PersonId, Refused,
    Republish, Right, Role, Scope, Tally, Thing, Whom, local_date,
};
use model::{PageSlug, ProgrammeSlug, Status};

use world::Random;
use world::{Someone, World, agreement, audience, group, now, on_both, slug, today};

on_both![
    people_stand_in_their_groups_with_what_is_asked_of_them,
    whoever_manages_a_group_sees_nobody_else_and_no_other_count,
    nobody_asks_for_a_group_that_they_do_not_look_after,
    a_duty_that_was_ended_a_moment_ago_shows_nothing,
    what_was_done_is_there_in_the_next_matrix_on_every_node,
    the_night_and_the_hour_change_it_although_nothing_is_recorded,
    a_past_day_is_as_it_was_with_who_has_left_since,
    people_are_found_by_group_audience_status_date_and_name,
    people_are_put_in_order,
    what_was_decided_earlier_and_still_holds_is_so_now,
    parts_of_a_list_have_one_mark_until_something_in_it_changes,
    what_two_programmes_ask_is_done_once,
    below_a_programme_that_is_not_theirs_nothing_is_required,
    folded_groups_keep_their_totals,
    after_random_histories_it_is_what_standing_says,
    with_random_trees_and_duties_nobody_sees_more_than_their_scope,
];

async fn people_stand_in_their_groups_with_what_is_asked_of_them(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    world.learner("ben").of("Northfield/Cohort B").await;
    let seen = matrix(&dan, &MatrixQuery::default()).await;
    assert_eq!(
        drawn(&seen),
        [
            "Northfield / Cohort A: 1 of 3",
            "amy: passed, not-started, not-started",
            "Northfield / Cohort B: 0 of 3",
            "ben: not-started, not-started, not-started",
            "none: 0 of 0",
            "dan: not-required, not-required, not-required",
        ]
    );
    let titles: Vec<&str> = seen.columns.iter().map(|column| column.title.as_str()).collect();
    assert_eq!(titles, ["The 4 Cs", "Sharing nudes", "Learner acceptable use agreement"]);
    assert_eq!(seen.columns[0].tally, Tally { asked: 2, done: 1, late: 0 });
    assert_eq!(seen.statuses[&Status::NotStarted], 5);
    let amy = seen.rows(0..1).next().unwrap();
    let (cell, is_theirs) = amy.cells[0];
    assert_eq!((cell.done_on, cell.percent, is_theirs), (Some(today(&world)), Some(100), true));
    assert_eq!(amy.cells[1].0.due_on, Some(today(&world) + Days::new(14)));
}

async fn whoever_manages_a_group_sees_nobody_else_and_no_other_count(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A").of("Riverside/Employer").await;
    world.learner("ben").of("Northfield/Cohort B").passes("four-cs").await;
    let seen = matrix(&mina, &MatrixQuery::default()).await;
    assert_eq!(drawn(&seen), ["Cohort A: 0 of 3", "amy: not-started, not-started, not-started"]);
    assert_eq!((seen.people, seen.of_people, seen.whole), (1, 1, Tally { asked: 3, done: 0, late: 0 }));
    assert_eq!(seen.statuses[&Status::Passed], 0);
    let groups: Vec<String> = seen.choices.groups.iter().map(|(_, path)| path.join("/")).collect();
    assert_eq!(groups, ["Cohort A"]);
    // Nor by looking for them.
    let named = matrix(&mina, &MatrixQuery { name: "ben".to_owned(), ..MatrixQuery::default() }).await;
    assert_eq!((named.people, drawn(&named)), (0, Vec::<String>::new()));
}

async fn nobody_asks_for_a_group_that_they_do_not_look_after(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let other = group(&world, "Northfield/Cohort B").await;
    for group in [other, GroupId(world.random_id())] {
        let query = MatrixQuery { group: Some(group), ..MatrixQuery::default() };
        let refused = world.engine.matrix(&scope(&mina).await, &query).await;
        assert!(matches!(refused, Err(Refused::NotFound)), "{refused:?}");
    }
}

async fn a_duty_that_was_ended_a_moment_ago_shows_nothing(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A").await;
    let held = scope(&mina).await;
    let duty = mina.person.duties[0];
    world.engine.end_duty(mina.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let seen = world.engine.matrix(&held, &MatrixQuery::default()).await.unwrap();
    assert_eq!((drawn(&seen), seen.choices.groups.len()), (Vec::new(), 0));
}

async fn what_was_done_is_there_in_the_next_matrix_on_every_node(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    let other = world.another_node().await;
    let row = async |world: &World| {
        let seen = matrix(&dan.at(world), &in_group(&dan, "Cohort A").await).await;
        drawn(&seen)[1].clone()
    };
    for node in [&world, &other] {
        assert_eq!(row(node).await, "amy: not-started, not-started, not-started");
    }
    amy.reads("four-cs", "four-words").await;
    for node in [&other, &world] {
        assert_eq!(row(node).await, "amy: in-progress, not-started, not-started");
    }
    amy.at(&other).passes("four-cs").await;
    for node in [&world, &other] {
        assert_eq!(row(node).await, "amy: passed, not-started, not-started");
    }
    world.publishes_new_edition_of("four-cs").await;
    for node in [&other, &world] {
        assert_eq!(row(node).await, "amy: not-started, not-started, not-started");
    }
}

async fn the_night_and_the_hour_change_it_although_nothing_is_recorded(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    let query = in_group(&dan, "Cohort A").await;
    let row = async || {
        let seen = matrix(&dan, &query).await;
        drawn(&seen)[1].clone()
    };
    assert_eq!(row().await, "amy: passed, not-started, not-started");
    world.waits(TimeDelta::days(7));
    assert_eq!(row().await, "amy: passed, due-soon, due-soon");
    world.waits(TimeDelta::days(8));
    assert_eq!(row().await, "amy: passed, overdue, overdue");
    // What was passed at nine runs out at nine.
    world.waits(TimeDelta::days(350) - TimeDelta::minutes(1));
    assert_eq!(row().await, "amy: due-soon, overdue, overdue");
    world.waits(TimeDelta::minutes(2));
    assert_eq!(row().await, "amy: expired, overdue, overdue");
}

async fn a_past_day_is_as_it_was_with_who_has_left_since(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").passes("four-cs").await;
    let ben = world.learner("ben").of("Cohort A").await;
    world.waits(TimeDelta::days(3));
    let then = world.engine.now();
    world.waits(TimeDelta::days(3));
    world.engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    ben.passes("four-cs").await;
    world.learner("cora").of("Cohort A").await;
    world.publishes_new_edition_of("four-cs").await;
    for reader in [&mina, &dan] {
        let as_at = |moment, as_known_now| MatrixQuery {
            as_at: Some(AsAt { moment, as_known_now }),
            group: None,
            name: "a".to_owned(),
            ..MatrixQuery::default()
        };
        let people = |seen: &Matrix| {
            seen.rows(0..9)
                .map(|row| row.name.to_owned())
                .filter(|name| name == "amy" || name == "cora")
                .collect::<Vec<_>>()
        };
        let past = matrix(reader, &as_at(then, false)).await;
        assert_eq!(people(&past), ["amy"], "{}", reader.person.name);
        assert!(!past.is_now && past.rows(0..1).all(|row| row.left_on == Some(today(&world))));
        assert_eq!(past.rows(0..1).next().unwrap().cells[0].0.status, Status::Passed);
        let named = matrix(reader, &MatrixQuery { name: "a".to_owned(), ..MatrixQuery::default() }).await;
        assert_eq!(people(&named), ["cora"]);
        // A day that lies ahead is now.
        assert!(matrix(reader, &as_at(world.engine.now() + TimeDelta::days(1), false)).await.is_now);
    }
    // What is recorded later for an earlier day is known now, and was not known then.
    let new = NewExemption {
        person: ben.person.id,
        thing: Thing::Agreement(agreement("learner-aup")),
        begins_on: local_date(then),
        given_before: None,
        reason: "He has signed on paper".to_owned(),
    };
    world.engine.exempt(new, Actor::CommandLine).await.unwrap();
    for (as_known_now, status) in [(false, Status::NotStarted), (true, Status::Exempt)] {
        let query = MatrixQuery {
            as_at: Some(AsAt { moment: then, as_known_now }),
            name: "ben".to_owned(),
            ..MatrixQuery::default()
        };
        let seen = matrix(&mina, &query).await;
        assert_eq!(seen.rows(0..1).next().unwrap().cells[2].0.status, status);
    }
}

async fn people_are_found_by_group_audience_status_date_and_name(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").passes("four-cs").await;
    world.learner("ben").of("Northfield/Cohort B").await;
    world.staff("sam").of("Northfield").await;
    let found = async |query: MatrixQuery| -> Vec<String> {
        matrix(&dan, &query).await.rows(0..9).map(|row| row.name.to_owned()).collect()
    };
    let all = MatrixQuery::default;
    assert_eq!(found(in_group(&dan, "Northfield").await).await, ["sam", "amy", "ben"]);
    assert_eq!(found(in_group(&dan, "Northfield/Cohort A").await).await, ["amy"]);
    assert_eq!(found(MatrixQuery { audience: Some(audience("staff")), ..all() }).await, ["sam", "dan"]);
    let four_cs = || Some(Thing::Module(slug("four-cs")));
    let passed = BTreeSet::from([Status::Passed]);
    assert_eq!(found(MatrixQuery { statuses: passed.clone(), ..all() }).await, ["amy"]);
    assert_eq!(
        found(MatrixQuery { statuses: passed, thing: Some(Thing::Module(slug("sharing-nudes"))), ..all() }).await,
        [""; 0]
    );
    let before = |days| Some(today(&world) + Days::new(days));
    assert_eq!(found(MatrixQuery { due_before: before(14), ..all() }).await, [""; 0]);
    assert_eq!(found(MatrixQuery { due_before: before(15), thing: four_cs(), ..all() }).await, ["ben"]);
    assert_eq!(found(MatrixQuery { name: " BÉN".to_owned(), ..all() }).await, ["ben"]);
    let programme = Some(ProgrammeSlug::new("learner-induction").unwrap());
    assert_eq!(found(MatrixQuery { programme, ..all() }).await, ["amy", "ben"]);
}

async fn people_are_put_in_order(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.waits(TimeDelta::days(20));
    world.learner("ben").of("Cohort A").await;
    world.learner("cora").of("Cohort A").passes("four-cs").await;
    let order = async |sort: MatrixSort, descending| -> String {
        let seen = matrix(&mina, &MatrixQuery { sort, descending, ..MatrixQuery::default() }).await;
        seen.rows(0..9).map(|row| row.name.to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order(MatrixSort::Urgency, false).await, "amy ben cora");
    assert_eq!(order(MatrixSort::Name, true).await, "cora ben amy");
    let four_cs = || MatrixSort::Thing(Thing::Module(slug("four-cs")));
    assert_eq!(order(four_cs(), false).await, "ben amy cora");
    assert_eq!(order(four_cs(), true).await, "cora amy ben");
}

async fn what_was_decided_earlier_and_still_holds_is_so_now(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").await;
    let began = world.engine.now();
    assert_eq!(matrix(&dan, &MatrixQuery::default()).await.moment, began);
    world.waits(TimeDelta::hours(2));
    let now = began + TimeDelta::hours(2);
    assert_eq!(matrix(&dan, &MatrixQuery::default()).await.moment, now);
    assert_eq!(world.engine.overview(&scope(&dan).await, None, None).await.unwrap().seen.moment, now);
    // What is asked of a past moment is so at that moment, whenever it is asked.
    let as_at = Some(AsAt { moment: began + TimeDelta::hours(1), as_known_now: false });
    for _ in 0..2 {
        let past = matrix(&dan, &MatrixQuery { as_at, ..MatrixQuery::default() }).await;
        assert_eq!((past.moment, past.is_now), (began + TimeDelta::hours(1), false));
        world.waits(TimeDelta::minutes(1));
    }
}

async fn parts_of_a_list_have_one_mark_until_something_in_it_changes(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    let mark = async |reader: &Someone, sort: MatrixSort| {
        matrix(reader, &MatrixQuery { sort, ..MatrixQuery::default() }).await.mark()
    };
    let other = world.another_node().await;
    let of_mina = mark(&mina, MatrixSort::Name).await;
    let of_dan = mark(&dan, MatrixSort::Name).await;
    world.waits(TimeDelta::minutes(1));
    assert_eq!(mark(&mina, MatrixSort::Name).await, of_mina);
    assert_eq!(mark(&mina.at(&other), MatrixSort::Name).await, of_mina);
    let descending = MatrixQuery { sort: MatrixSort::Name, descending: true, ..MatrixQuery::default() };
    assert_ne!(matrix(&dan, &descending).await.mark(), of_dan);
    // What is recorded of somebody whom she does not see says nothing to her.
    ben.passes("four-cs").await;
    assert_eq!(mark(&mina, MatrixSort::Name).await, of_mina);
    assert_ne!(mark(&dan, MatrixSort::Name).await, of_dan);
    amy.passes("four-cs").await;
    assert_ne!(mark(&mina, MatrixSort::Name).await, of_mina);
}

async fn folded_groups_keep_their_totals(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.learner("ben").of("Cohort B").await;
    let folded = BTreeSet::from([group(&world, "Cohort A").await]);
    let seen = matrix(&dan, &MatrixQuery { folded, ..MatrixQuery::default() }).await;
    let names: Vec<&str> = seen.rows(0..9).map(|row| row.name).collect();
    assert_eq!((names, seen.listed(), seen.people), (vec!["ben", "dan"], 2, 3));
    assert_eq!((seen.groups[0].people, seen.groups[0].whole.done), (1, 1));
}

async fn after_random_histories_it_is_what_standing_says(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mut random = Random(20_261_123);
    const NAMES: [&str; 6] = ["amy", "ben", "cora", "dina", "emil", "farah"];
    const GROUPS: [&str; 4] = ["North/A", "North/B", "South", "South/C/D"];
    let mut people: Vec<Someone> = Vec::new();
    let mut moments = vec![world.engine.now()];
    let other = world.another_node().await;
    for turn in 0..60 {
        if people.len() < NAMES.len() && (people.is_empty() || random.one_in(5)) {
            people.push(
                world.learner(NAMES[people.len()]).of(GROUPS[random.below(4)]).begins_in(random.below(2) as u64).await,
            );
        }
        let who = &people[random.below(people.len())];
        let day = today(&world) + Days::new(random.below(3) as u64);
        let to = group(&world, GROUPS[random.below(4)]).await;
        // Some of it is refused: somebody who has left begins no attempt, and nobody joins twice.
        match random.below(12) {
            0 => {
                drop(world.engine.read_page(&who.person, &slug("four-cs"), &PageSlug::new("four-words").unwrap()).await)
            }
            1 | 2 => drop(who.rehearsal().passes(&slug(["four-cs", "sharing-nudes"][random.below(2)])).await),
            3 => drop(who.starts("four-cs").await),
            4 => drop(who.signs("learner-aup").await),
            5 => drop(world.engine.join_group(who.person.id, to, day, Actor::CommandLine).await),
            6 => drop(world.engine.leave_group(who.person.id, to, day, Actor::CommandLine).await),
            7 => drop(world.engine.leave(who.person.id, day, Actor::CommandLine).await),
            8 => drop(world.engine.come_back(who.person.id, day, Actor::CommandLine).await),
            9 => {
                let new = NewExemption {
                    person: who.person.id,
                    thing: Thing::Module(slug("sharing-nudes")),
                    begins_on: day,
                    given_before: random.one_in(2).then(|| day + Days::new(5)),
                    reason: "A reason".to_owned(),
                };
                drop(world.engine.exempt(new, Actor::CommandLine).await);
            }
            10 => {
                let to = if random.one_in(2) { AssignedTo::Group(to) } else { AssignedTo::Person(who.person.id) };
                let programme = ProgrammeSlug::new("learner-induction").unwrap();
                drop(world.engine.assign(&programme, to, day, Actor::CommandLine).await);
            }
            _ => {
                let name = format!("Place {turn}");
                drop(world.engine.move_group(to, None, &name, day, Actor::CommandLine).await);
            }
        }
        if turn == 30 {
            world.publishes_new_edition_of("four-cs").await;
        }
        world.waits(TimeDelta::hours(random.between(1, 90) as i64));
        moments.push(world.engine.now());
        let node = if random.one_in(2) { &world } else { &other };
        let as_kept = matrix(&dan.at(node), &MatrixQuery::default()).await;
        let afresh = matrix(&dan.at(&world.another_node().await), &MatrixQuery::default()).await;
        assert_eq!(cells(&as_kept), cells(&afresh), "turn {turn}");
        let moment = moments[random.below(moments.len())];
        for as_known_now in [false, true] {
            let query = MatrixQuery { as_at: Some(AsAt { moment, as_known_now }), ..MatrixQuery::default() };
            let seen = matrix(&dan.at(node), &query).await;
            let known = if as_known_now { DateTime::<Utc>::MAX_UTC } else { moment };
            for (person, row) in cells(&seen) {
                let said = world.engine.standing_at(person, moment, known).await.unwrap();
                for (thing, cell) in said {
                    if let Some(shown) = row.get(&thing) {
                        assert_eq!(*shown, cell.status, "turn {turn}: {thing} of {person} as at {moment}");
                    }
                }
            }
        }
    }
}

async fn with_random_trees_and_duties_nobody_sees_more_than_their_scope(world: World) {
    let mut random = Random(7);
    const PATHS: [&str; 6] = ["A", "A/B", "A/B/C", "D", "D/E", "F"];
    let mut groups = Vec::new();
    for path in PATHS {
        groups.push(group(&world, path).await);
    }
    let mut people = Vec::new();
    for name in ["amy", "ben", "cora", "dina", "emil", "farah", "gil", "hana"] {
        let arrival = world.learner(name).of(PATHS[random.below(6)]);
        people.push(if random.one_in(3) { arrival.of(PATHS[random.below(6)]).await } else { arrival.await });
    }
    let mina = world.staff("mina").of(PATHS[random.below(6)]).await;
    let mut past = world.engine.now();
    for turn in 0..40 {
        let day = today(&world) + Days::new(random.below(2) as u64);
        let who = people[random.below(people.len())].person.id;
        let (one, other) = (groups[random.below(6)], groups[random.below(6)]);
        let duty = Duty { role: Role::Manager, over: (!random.one_in(8)).then_some(one) };
        match random.below(6) {
            0 | 1 => drop(world.engine.give_duty(mina.person.id, duty, day, Actor::CommandLine).await),
            2 => {
                for duty in now(&mina).await.duties {
                    drop(world.engine.end_duty(mina.person.id, duty, day, Actor::CommandLine).await);
                }
            }
            3 => {
                drop(world.engine.move_group(one, Some(other), &format!("Moved {turn}"), day, Actor::CommandLine).await)
            }
            4 => drop(world.engine.join_group(who, one, day, Actor::CommandLine).await),
            _ => drop(world.engine.leave_group(who, one, day, Actor::CommandLine).await),
        }
        world.waits(TimeDelta::hours(random.between(0, 30) as i64));
        let scope = scope(&mina).await;
        let seen = world.engine.matrix(&scope, &MatrixQuery::default()).await.unwrap();
        let allowed: BTreeSet<PersonId> = world
            .engine
            .people_in(&scope, Whom::Here, None)
            .await
            .unwrap()
            .people
            .iter()
            .map(|person| person.id)
            .collect();
        let shown: BTreeSet<PersonId> = seen.rows(0..99).map(|row| row.id).collect();
        assert_eq!(shown, allowed, "turn {turn}");
        assert_eq!(seen.people, allowed.len());
        let allowed_groups: BTreeSet<GroupId> =
            world.engine.groups_in(&scope).await.unwrap().iter().map(|group| group.id).collect();
        let offered: BTreeSet<GroupId> = seen.choices.groups.iter().map(|(group, _)| *group).collect();
        assert_eq!(offered, allowed_groups, "turn {turn}");
        let as_at = Some(AsAt { moment: past, as_known_now: random.one_in(2) });
        let then = world.engine.matrix(&scope, &MatrixQuery { as_at, ..MatrixQuery::default() }).await.unwrap();
        assert!(then.rows(0..99).all(|row| allowed.contains(&row.id)), "turn {turn}");
        assert!(then.groups.iter().filter_map(|group| group.id).all(|group| allowed_groups.contains(&group)));
        if random.one_in(4) {
            past = world.engine.now();
        }
    }
}

async fn what_two_programmes_ask_is_done_once(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let mut folder = world.compiles();
    let mut again = folder.programmes[0].clone();
    again.slug = ProgrammeSlug::new("again").unwrap();
    again.agreements.clear();
    folder.programmes.push(again);
    world.engine.publish(&folder, Republish::No, Actor::CommandLine).await.unwrap();
    let seen = matrix(&dan, &MatrixQuery::default()).await;
    assert_eq!(seen.columns.len(), 5);
    let of_four_cs = seen.columns.iter().filter(|column| column.thing == Thing::Module(slug("four-cs")));
    let tallies: Vec<Tally> = of_four_cs.map(|column| column.tally).collect();
    assert_eq!(tallies, [Tally { asked: 1, done: 1, late: 0 }; 2]);
    let amy = seen.rows(0..1).next().unwrap();
    let once = Tally { asked: 3, done: 1, late: 0 };
    assert_eq!((amy.whole, seen.groups[0].whole, seen.whole), (once, once, once));
}

async fn below_a_programme_that_is_not_theirs_nothing_is_required(world: World) {
    let programme = r#"
        title = "Staff CPD"
        summary = "What staff do."
        audience = ["staff"]
        due_days = 7
        modules = ["boundaries", "four-cs"]
    "#;
    world.writes("programmes/staff-cpd.toml", programme);
    world.publishes().await.unwrap();
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    let sam = world.staff("sam").of("Cohort A").await;
    world.person("vic", &[]).also("volunteer").of("Cohort A").await;
    let cohort = in_group(&dan, "Cohort A").await;
    let seen = matrix(&dan, &cohort).await;
    assert_eq!(
        drawn(&seen),
        [
            "Cohort A: 1 of 5",
            "sam: not-required, not-required, not-required, due-soon, due-soon",
            "amy: passed, not-started, not-started, not-required, not-required",
            "vic: not-required, not-required, not-required, not-required, not-required",
        ]
    );
    // Each thing once of each person, whatever asks it.
    assert_eq!((seen.whole, seen.statuses[&Status::Passed]), (Tally { asked: 5, done: 1, late: 0 }, 1));
    assert_eq!(seen.statuses[&Status::NotRequired], 7);
    // What somebody has done that is not asked of them is found by no status, and comes after what is asked.
    sam.passes("four-cs").await;
    let learners = ProgrammeSlug::new("learner-induction").unwrap();
    let found = async |status: Status| -> Vec<String> {
        let query = MatrixQuery { statuses: [status].into(), ..cohort.clone() };
        matrix(&dan, &query).await.rows(0..9).map(|row| row.name.to_owned()).collect()
    };
    assert_eq!(found(Status::Passed).await, ["sam", "amy"]);
    world.engine.end_audience(sam.person.id, &audience("staff"), today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(found(Status::Passed).await, ["amy"]);
    let sort = MatrixSort::Thing(Thing::Module(slug("four-cs")));
    let sorted = matrix(&dan, &MatrixQuery { sort, ..cohort.clone() }).await;
    assert_eq!(sorted.rows(0..9).map(|row| row.name).collect::<Vec<_>>(), ["amy", "sam", "vic"]);
    let of_learners = matrix(&dan, &MatrixQuery { programme: Some(learners), ..cohort.clone() }).await;
    assert_eq!((of_learners.people, of_learners.columns.len()), (1, 3));
}

/// What stands in a matrix: a line for each group and person.
fn drawn(seen: &Matrix) -> Vec<String> {
    let mut lines = Vec::new();
    for group in &seen.groups {
        let name = if group.path.is_empty() { "none".to_owned() } else { group.path.join(" / ") };
        lines.push(format!("{name}: {} of {}", group.whole.done, group.whole.asked));
        for row in seen.rows(group.listed.clone()) {
            let cells: Vec<&str> = row.cells.iter().map(|(cell, _)| cell.status.code()).collect();
            lines.push(format!("{}: {}", row.name, cells.join(", ")));
        }
    }
    lines
}

/// Where everybody stands with what is asked of them.
fn cells(seen: &Matrix) -> BTreeMap<PersonId, BTreeMap<Thing, Status>> {
    let things = || seen.columns.iter().map(|column| column.thing.clone());
    let row = |row: engine::MatrixRow<'_>| {
        let cells = things().zip(&row.cells).filter(|(_, (_, is_theirs))| *is_theirs);
        (row.id, cells.map(|(thing, (cell, _))| (thing, cell.status)).collect())
    };
    seen.rows(0..usize::MAX).map(row).collect()
}

async fn matrix(reader: &Someone, query: &MatrixQuery) -> Matrix {
    reader.world.engine.matrix(&scope(reader).await, query).await.unwrap()
}

async fn scope(reader: &Someone) -> Scope {
    Scope::of(&now(reader).await, Right::See, reader.world.engine.now()).unwrap()
}

async fn in_group(reader: &Someone, path: &str) -> MatrixQuery {
    MatrixQuery { group: Some(group(&reader.world, path).await), ..MatrixQuery::default() }
}
