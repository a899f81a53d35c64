//! Who changes what is recorded of others, how people are found, and how they come in by themselves.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, AddPersonError, AudienceError, ChoosePasswordError, Duty, DutyError, FindCodeError, GroupError, GroupId,
    JoinCode, JoinCodeError, JoinError, MayChange, MembershipError, NewJoinCode, NewPerson, PersonDetails, Refused,
    Role, SignInError, StayError, WayInError, WeakPassword, WhichPeople,
};

use world::{PASSWORD, Someone, World, audience, email, group, now, on_both, today};

on_both![
    who_looks_after_a_group_changes_its_people_and_nobody_else,
    a_duty_that_ended_changes_nothing_any_more,
    a_program_changes_nobody,
    nobody_is_told_what_groups_of_others_are_called,
    names_are_corrected_and_stay_as_they_were_where_they_were_signed,
    people_are_found_by_what_one_knows_of_them,
    nobody_finds_people_of_other_groups,
    the_words_of_a_name_go_with_it,
    common_and_rare_words_find_the_same_people,
    the_tree_is_the_part_that_one_looks_after,
    a_group_says_what_it_was_and_who_looks_after_it,
    a_code_lets_in_who_has_an_account_once,
    a_code_lets_somebody_new_begin,
    a_code_ends_by_time_by_number_and_by_hand,
    whoever_tries_codes_is_held_up_and_nobody_else,
    what_opens_a_door_holds_no_longer_than_the_duty_of_its_maker,
    a_link_chooses_a_password_once,
    a_newer_link_takes_the_place_of_the_older,
    nobody_gets_the_account_of_who_may_do_more,
    nobody_puts_out_who_looks_after_others_as_well,
];

async fn administrator(world: &World, name: &'static str, path: Option<&str>) -> Someone {
    let someone = world.person(name, &[]).also("staff").await;
    let over = match path {
        Some(path) => Some(group(world, path).await),
        None => None,
    };
    let duty = Duty { role: Role::Administrator, over };
    world.engine.give_duty(someone.person.id, duty, today(world), Actor::CommandLine).await.unwrap();
    let person = now(&someone).await;
    Someone { person, ..someone }
}

fn by(someone: &Someone) -> Actor {
    Actor::Person(someone.person.id)
}

async fn who_looks_after_a_group_changes_its_people_and_nobody_else(world: World) {
    let ada = administrator(&world, "ada", Some("Northfield")).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await.person.id;
    let ben = world.learner("ben").of("Southfield").await.person.id;
    let (a, south) = (group(&world, "Northfield/Cohort A").await, group(&world, "Southfield").await);
    let (engine, on) = (&world.engine, today(&world));
    let over = |group| Duty { role: Role::Manager, over: group };
    // Managers look after people, and do not change what is recorded of them.
    for (who, whom) in [(by(&mina), amy), (by(&ada), ben)] {
        let given = engine.give_duty(whom, over(Some(a)), on, who).await;
        assert!(matches!(given, Err(DutyError::NotTheirs)), "{given:?}");
        assert!(matches!(engine.leave(whom, on, who).await, Err(StayError::NotTheirs)));
        assert!(matches!(
            engine.begin_audience(whom, &audience("staff"), on, who).await,
            Err(AudienceError::NotTheirs)
        ));
        assert!(matches!(engine.join_group(whom, a, on, who).await, Err(MembershipError::NotTheirs)));
        let details = PersonDetails { name: "Other".to_owned(), ..PersonDetails::default() };
        assert!(matches!(engine.correct_details(whom, &details, who).await, Err(AddPersonError::NotTheirs)));
        assert!(matches!(engine.make_ways_in(&[whom], who).await, Err(WayInError::NotTheirs)));
    }
    // Nor anybody beyond their own groups, nor everybody.
    assert!(matches!(engine.join_group(amy, south, on, by(&ada)).await, Err(MembershipError::NotTheirs)));
    assert!(matches!(engine.give_duty(amy, over(Some(south)), on, by(&ada)).await, Err(DutyError::NotTheirs)));
    let everywhere = Duty { role: Role::Dsl, over: None };
    assert!(matches!(engine.give_duty(amy, everywhere, on, by(&ada)).await, Err(DutyError::NotTheirs)));
    assert!(matches!(engine.add_group("West", None, on, by(&ada)).await, Err(GroupError::NotTheirs)));
    assert!(matches!(engine.move_group(a, None, "Cohort A", on, by(&ada)).await, Err(GroupError::NotTheirs)));
    assert!(matches!(engine.move_group(a, Some(south), "Cohort A", on, by(&ada)).await, Err(GroupError::NotTheirs)));
    assert!(matches!(engine.end_group(south, on, by(&ada)).await, Err(GroupError::NotTheirs)));
    let new = |member_of: &[GroupId]| NewPerson {
        name: "Cora".to_owned(),
        email: email("cora"),
        external_id: None,
        password: None,
        start_date: on,
        duties: Vec::new(),
        audiences: vec![audience("learner")],
        member_of: member_of.to_vec(),
    };
    for groups in [&[][..], &[south], &[a, south]] {
        assert!(matches!(engine.add_person(new(groups), by(&ada)).await, Err(AddPersonError::NotTheirs)));
    }
    // What is theirs they do.
    let cora = engine.add_person(new(&[a]), by(&ada)).await.unwrap();
    engine.give_duty(cora, over(Some(a)), on, by(&ada)).await.unwrap();
    let below = engine.add_group("Tuesdays", Some(a), on, by(&ada)).await.unwrap();
    engine.join_group(amy, below, on, by(&ada)).await.unwrap();
    engine.leave(amy, on, by(&ada)).await.unwrap();
    engine.come_back(amy, on, by(&ada)).await.unwrap();
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn a_duty_that_ended_changes_nothing_any_more(world: World) {
    let ada = administrator(&world, "ada", None).await;
    let amy = world.learner("amy").await.person.id;
    let (engine, on) = (&world.engine, today(&world));
    engine.end_duty(ada.person.id, ada.person.duties[0], on, Actor::CommandLine).await.unwrap();
    assert!(matches!(engine.leave(amy, on, by(&ada)).await, Err(StayError::NotTheirs)));
    assert!(matches!(engine.about_person(&ada.person, amy).await, Err(Refused::NotFound)));
    let codes = engine.join_codes_of(&ada.person, group(&world, "Northfield").await).await;
    assert!(matches!(codes, Err(Refused::NotForYou)));
}

async fn nobody_is_told_what_groups_of_others_are_called(world: World) {
    let root = administrator(&world, "root", None).await;
    let ada = administrator(&world, "ada", Some("Northfield/Cohort A")).await;
    let (a, south) = (group(&world, "Northfield/Cohort A").await, group(&world, "Southfield").await);
    let north = group(&world, "Northfield").await;
    for path in ["Southfield/Mondays", "Northfield/Cohort B", "Northfield/Cohort A/Mondays"] {
        group(&world, path).await;
    }
    let is_taken = async |group: Option<GroupId>, name: &str, below: GroupId, by: Actor| {
        let faults = world.engine.faults_of_place(group, name, Some(below), None, by).await.unwrap();
        faults.iter().any(|fault| matches!(fault, GroupError::NameTaken))
    };
    for (below, by, told) in [(south, by(&root), true), (south, by(&ada), false), (a, by(&ada), true)] {
        assert_eq!(is_taken(None, "Mondays", below, by).await, told);
    }
    // Whoever calls a group of theirs otherwise, where it stands, is told what they would be told by doing it.
    assert!(is_taken(Some(a), "Cohort B", north, by(&ada)).await);
    assert!(!is_taken(Some(a), "Mondays", south, by(&ada)).await);
}

async fn a_program_changes_nobody(world: World) {
    let amy = world.learner("amy").await.person.id;
    let token = Actor::Token(engine::TokenId(world.random_id()));
    let left = world.engine.leave(amy, today(&world), token).await;
    assert!(matches!(left, Err(StayError::NotTheirs)));
}

async fn names_are_corrected_and_stay_as_they_were_where_they_were_signed(world: World) {
    let ada = administrator(&world, "ada", None).await;
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    world.learner("ben").await;
    let engine = &world.engine;
    let named = |name: &str, email: &str| PersonDetails {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        external_id: Some(" ".to_owned()),
    };
    let id = amy.person.id;
    let taken = engine.correct_details(id, &named("Amy", &email("ben")), by(&ada)).await;
    assert!(matches!(taken, Err(AddPersonError::EmailTaken)));
    let none = engine.correct_details(id, &named("Amy", "nowhere"), by(&ada)).await;
    assert!(matches!(none, Err(AddPersonError::Email)));
    engine.correct_details(id, &named("Amy Brown", "AMY@new.example"), by(&ada)).await.unwrap();
    let before = world.raw.count("detail_set").await;
    engine.correct_details(id, &named("Amy Brown", "amy@new.example"), by(&ada)).await.unwrap();
    assert_eq!(world.raw.count("detail_set").await, before, "nothing was changed, and nothing is noted");
    let about = engine.about_person(&ada.person, id).await.unwrap();
    assert_eq!(world.raw.count("look WHERE thing = 'record'").await, 1, "that she looked is noted");
    assert_eq!((&*about.details.name, about.details.email.as_deref()), ("Amy Brown", Some("amy@new.example")));
    let receipt = engine.receipt(&amy.person, signature).await.unwrap();
    assert_eq!(receipt.signature.words.unwrap().person_name, "amy");
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn found(someone: &Someone, which: WhichPeople) -> Vec<String> {
    let found = someone.world.engine.find_people(&someone.person, &which, None).await.unwrap();
    found.people.into_iter().map(|person| person.name).collect()
}

fn text(text: &str) -> WhichPeople {
    WhichPeople { text: text.to_owned(), ..WhichPeople::default() }
}

async fn people_are_found_by_what_one_knows_of_them(world: World) {
    let ada = administrator(&world, "ada", None).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    for name in ["Éva Ångström", "Evan de Souza", "100% Real"] {
        let new = NewPerson {
            name: name.to_owned(),
            email: format!("{}@x.example", name.len()),
            external_id: Some(format!("L{}", name.len())),
            password: None,
            start_date: today(&world),
            duties: Vec::new(),
            audiences: vec![audience("learner")],
            member_of: vec![group(&world, "Northfield").await],
        };
        world.engine.add_person(new, Actor::CommandLine).await.unwrap();
    }
    let left = world.learner("evagone").await;
    world.engine.leave(left.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(found(&dan, text("eva")).await, ["Éva Ångström", "Evan de Souza"]);
    assert_eq!(found(&dan, text("ang ev")).await, ["Éva Ångström"]);
    assert_eq!(found(&dan, text("souza")).await, ["Evan de Souza"]);
    assert_eq!(found(&dan, text("%")).await, [""; 0]);
    assert_eq!(found(&dan, text("100%")).await, ["100% Real"]);
    let also_left = WhichPeople { also_left: true, ..text("evag") };
    assert_eq!(found(&dan, also_left).await, ["evagone"]);
    assert_eq!(found(&dan, text("evag")).await, [""; 0]);
    // Addresses and ids are looked at for who keeps them, and shown to nobody else.
    assert_eq!(found(&ada, text("15@x")).await, ["Éva Ångström"]);
    assert_eq!(found(&ada, text("L9")).await, ["100% Real"]);
    assert_eq!(found(&dan, text("15@x")).await, [""; 0]);
    assert_eq!(found(&dan, text("L9")).await, [""; 0]);
    // So is what a directory calls somebody, however its accents are written.
    let evan = world.engine.find_person("13@x.example").await.unwrap().unwrap();
    world.engine.know_user_as(evan, Some("Zoë.17"), Actor::CommandLine).await.unwrap();
    for sought in ["zoë.17", " ZOE\u{308}.17"] {
        assert_eq!(found(&ada, text(sought)).await, ["Evan de Souza"], "{sought}");
        let within = WhichPeople { group: Some(group(&world, "Northfield").await), ..text(sought) };
        assert_eq!(found(&ada, within).await, ["Evan de Souza"], "{sought}");
        assert_eq!(found(&dan, text(sought)).await, [""; 0], "{sought}");
    }
    assert_eq!(found(&ada, text("zoë.1")).await, [""; 0]);
    let of = |someone: &Someone| {
        let (engine, person) = (world.engine.clone(), someone.person.clone());
        async move { engine.find_people(&person, &text("souza"), None).await.unwrap().people.remove(0) }
    };
    assert_eq!(of(&dan).await.email, None);
    let evan = of(&ada).await;
    assert_eq!(evan.email.as_deref(), Some("13@x.example"));
    assert_eq!(evan.groups.iter().map(|(_, name)| &**name).collect::<Vec<_>>(), ["Northfield"]);
    assert_eq!(
        (evan.audiences, evan.began_on, evan.left_on),
        (vec!["a learner".to_owned()], Some(today(&world)), None)
    );
}

async fn nobody_finds_people_of_other_groups(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A/Tuesdays").of("Southfield").await;
    world.learner("ben").of("Southfield").await;
    assert_eq!(found(&mina, WhichPeople::default()).await, ["amy"]);
    assert_eq!(found(&mina, text("ben")).await, [""; 0]);
    let south = WhichPeople { group: Some(group(&world, "Southfield").await), ..WhichPeople::default() };
    assert_eq!(found(&mina, south.clone()).await, ["amy"]);
    let page = world.engine.find_people(&mina.person, &south, None).await.unwrap();
    let groups: Vec<&str> = page.people[0].groups.iter().map(|(_, name)| &**name).collect();
    assert_eq!(groups, ["Tuesdays"], "a group that is not hers is not named");
    let refused = world.engine.find_people(&amy.person, &WhichPeople::default(), None).await;
    assert!(matches!(refused, Err(Refused::NotForYou)));
}

/// Names are found by their words, which the database keeps by itself.
async fn the_words_of_a_name_go_with_it(world: World) {
    let ada = administrator(&world, "ada", None).await;
    let amy = world.learner("amy").await;
    let words = |of: &str| format!("name_word WHERE word = '{of}'");
    let before = world.raw.count("name_word").await;
    assert_eq!(found(&ada, text("amy@north")).await, ["amy"]);
    let details = |name: &str| PersonDetails {
        name: name.to_owned(),
        email: Some("amy.brown@northfield.example".to_owned()),
        external_id: None,
    };
    let name = "Amy \"O’Neill\" \\ Ångström";
    world.engine.correct_details(amy.person.id, &details(name), by(&ada)).await.unwrap();
    for sought in ["angs", "\"o’n", "\\", "amy.brown@", "ang \"o’neill\" a"] {
        assert_eq!(found(&ada, text(sought)).await, [name], "{sought}");
    }
    assert_eq!(found(&ada, text("amy@north")).await, [""; 0]);
    assert_eq!(world.raw.count(&words("amy@northfield.example")).await, 0);
    assert_eq!(world.raw.count("name_word").await, before + 3);
    world.engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("name_word").await, before - 2);
    // Nobody else has lost any.
    assert_eq!(found(&ada, text("ada@north")).await, ["ada"]);
}

/// Where very many have a word, everybody is gone through by name.
async fn common_and_rare_words_find_the_same_people(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    world.learner("amy").of("Northfield").await;
    let (id, day) = match world.raw.is_sqlite() {
        true => ("randomblob(16)", "'2026-11-01'"),
        false => ("gen_random_uuid()", "DATE '2026-11-01'"),
    };
    for statement in [
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5005) \
             INSERT INTO person (id, number, revision, recorded_at, recorded_by) \
             SELECT {id}, 1000 + i, 0, (SELECT MIN(recorded_at) FROM person), 'server' FROM n"
        ),
        "INSERT INTO person_detail (person_id, name, name_key) SELECT id, 'Zara ' || number, 'zara ' || number FROM person \
         WHERE number > 1000"
            .to_owned(),
        format!(
            "INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by) SELECT {id}, id, {day}, recorded_at, 'server' \
             FROM person WHERE number > 1000"
        ),
        format!(
            "INSERT INTO membership (id, group_id, person_id, begins_on, recorded_at, recorded_by) \
             SELECT {id}, (SELECT g.id FROM people_group g), id, {day}, recorded_at, 'server' FROM person \
             WHERE number BETWEEN 1500 AND 1509"
        ),
    ] {
        world.raw.run(&statement).await.unwrap();
    }
    let pages = async |someone: &Someone, sought: &str| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = world.engine.find_people(&someone.person, &text(sought), after).await.unwrap();
            all.extend(page.people.into_iter().map(|person| person.name));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    };
    let zaras =
        |numbers: &mut dyn Iterator<Item = u32>| numbers.map(|number| format!("Zara {number}")).collect::<Vec<_>>();
    // Of 5,005 who are called that.
    assert_eq!(found(&dan, text("zara")).await, zaras(&mut (1001..1051)));
    // By the rarer of two words, and in pages.
    assert_eq!(pages(&dan, "zara 15").await, zaras(&mut (1500..1600)));
    assert_eq!(pages(&dan, "150 zara").await, zaras(&mut (1500..1510)));
    for sought in ["zara", "150 zara", "z"] {
        assert_eq!(pages(&mina, sought).await, zaras(&mut (1500..1510)), "{sought}");
    }
    // Not even herself, who is in no group of hers.
    assert_eq!(pages(&mina, "mina").await, [""; 0]);
    assert_eq!(pages(&mina, "am").await, ["amy"]);
}

async fn the_tree_is_the_part_that_one_looks_after(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    world.learner("ben").of("Northfield").await;
    let old = group(&world, "Old").await;
    world.engine.end_group(old, today(&world), Actor::CommandLine).await.unwrap();
    let shown = |someone: &Someone| {
        let (engine, person) = (world.engine.clone(), someone.person.clone());
        async move {
            let tree = engine.group_tree(&person).await.unwrap();
            let groups = tree.groups.iter().map(|group| format!("{} {} {}", group.depth, group.name, group.people));
            (groups.collect::<Vec<_>>(), tree.ended.len(), tree.may_change)
        }
    };
    let whole = ["0 Northfield 1", "1 Cohort A 0", "2 Tuesdays 1"].map(str::to_owned).to_vec();
    let part = ["0 Cohort A 0", "1 Tuesdays 1"].map(str::to_owned).to_vec();
    assert_eq!(shown(&dan).await, (whole, 1, MayChange::Nothing));
    assert_eq!(shown(&mina).await, (part.clone(), 0, MayChange::Nothing));
    let ada = administrator(&world, "ada", Some("Northfield/Cohort A")).await;
    assert_eq!(shown(&ada).await, (part, 0, MayChange::Groups));
    assert_eq!(shown(&administrator(&world, "root", None).await).await.2, MayChange::Everything);
    // Where it stands is known where what is above it is not seen.
    let a = group(&world, "Northfield/Cohort A").await;
    let page = world.engine.group_page(&ada.person, a).await.unwrap();
    assert_eq!((page.parent, page.stands_below), (None, Some(group(&world, "Northfield").await)));
}

async fn a_group_says_what_it_was_and_who_looks_after_it(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let a = group(&world, "Northfield/Cohort A").await;
    let northfield = group(&world, "Northfield").await;
    world.waits(TimeDelta::days(3));
    world.engine.move_group(a, None, "Cohort Alpha", today(&world), Actor::CommandLine).await.unwrap();
    let page = world.engine.group_page(&dan.person, a).await.unwrap();
    assert_eq!(page.path, ["Cohort Alpha"]);
    let places: Vec<_> =
        page.places.iter().map(|place| (&*place.name, place.parent.as_deref(), place.ends_before)).collect();
    assert_eq!(places, [("Cohort Alpha", None, None), ("Cohort A", Some("Northfield"), Some(today(&world)))]);
    let names: Vec<_> = page.looked_after_by.iter().map(|(_, name, role)| (&**name, *role)).collect();
    assert_eq!(names, [("mina", Role::Manager)]);
    assert!(matches!(world.engine.group_page(&mina.person, northfield).await, Err(Refused::NotFound)));
    let nowhere = GroupId(world.random_id());
    assert!(matches!(world.engine.group_page(&dan.person, nowhere).await, Err(Refused::NotFound)));
}

async fn code(world: &World, as_whom: Option<&str>, most: u32) -> JoinCode {
    let group = group(world, "Northfield/Induction").await;
    let expires_at = world.engine.now() + TimeDelta::hours(8);
    let new = NewJoinCode { group, audience: as_whom.map(audience), most, expires_at };
    world.engine.create_join_code(&new, Actor::CommandLine).await.unwrap()
}

async fn groups_of(someone: &Someone) -> Vec<String> {
    now(someone).await.groups.into_iter().map(|(_, name)| name).collect()
}

async fn a_code_lets_in_who_has_an_account_once(world: World) {
    let code = code(&world, None, 2).await;
    let amy = world.learner("amy").await;
    let typed = code.shown().to_lowercase();
    let open = world.engine.find_join_code(&typed, "192.0.2.1").await.unwrap().unwrap();
    assert_eq!((&*open.group_name, open.as_whom), ("Induction", None));
    world.engine.join_by_code(&amy.person, &typed).await.unwrap();
    assert_eq!(groups_of(&amy).await, ["Induction", "Northfield"]);
    assert!(matches!(world.engine.join_by_code(&amy.person, &typed).await, Err(JoinError::AlreadyIn)));
    let begun = world.engine.begin_by_code(&typed, "Eve", &email("eve"), PASSWORD).await;
    assert!(matches!(begun, Err(JoinError::ForAccounts)));
    assert_eq!(world.engine.find_join_code(&typed, "192.0.2.1").await.unwrap().unwrap().code.used(), 1);
    // Taken out and back by the same code: it counts once.
    world.engine.leave_group(amy.person.id, code.group, today(&world), Actor::CommandLine).await.unwrap();
    world.engine.join_by_code(&amy.person, &typed).await.unwrap();
    assert_eq!(world.engine.find_join_code(&typed, "192.0.2.1").await.unwrap().unwrap().code.used(), 1);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn a_code_lets_somebody_new_begin(world: World) {
    let code = code(&world, Some("learner"), 5).await.shown();
    let engine = &world.engine;
    world.learner("amy").await;
    let taken = engine.begin_by_code(&code, "Amy", &email("amy"), PASSWORD).await;
    assert!(matches!(taken, Err(JoinError::New(AddPersonError::EmailTaken))));
    let short = engine.begin_by_code(&code, "Eve", &email("eve"), "too short").await;
    assert!(matches!(short, Err(JoinError::New(AddPersonError::Weak(WeakPassword::Short)))));
    let eve = engine.begin_by_code(&code, "Eve Adams", &email("eve"), PASSWORD).await.unwrap();
    let person = engine.sign_in(&email("eve"), PASSWORD, "here").await.unwrap().person;
    assert_eq!((person.id, &*person.name, &*person.audiences), (eve, "Eve Adams", &[audience("learner")][..]));
    assert_eq!(person.groups[0].1, "Induction");
    assert_eq!(person.duties, []);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn a_code_ends_by_time_by_number_and_by_hand(world: World) {
    let engine = &world.engine;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let one = code(&world, None, 1).await;
    engine.join_by_code(&amy.person, &one.code).await.unwrap();
    assert!(matches!(engine.join_by_code(&ben.person, &one.code).await, Err(JoinError::NoSuchCode)));
    let two = code(&world, Some("learner"), 9).await;
    engine.end_join_code(two.id, Actor::CommandLine).await.unwrap();
    assert!(matches!(engine.join_by_code(&ben.person, &two.code).await, Err(JoinError::NoSuchCode)));
    let again = engine.end_join_code(two.id, Actor::CommandLine).await;
    assert!(matches!(again, Err(JoinCodeError::NoSuchCode)));
    let three = code(&world, Some("learner"), 9).await;
    world.waits(TimeDelta::hours(8));
    let late = engine.begin_by_code(&three.code, "Eve", &email("eve"), PASSWORD).await;
    assert!(matches!(late, Err(JoinError::NoSuchCode)));
    assert_eq!(engine.find_join_code(&three.code, "192.0.2.1").await.unwrap(), None);
    // Limits, and whose it is to make one.
    let ada = administrator(&world, "ada", Some("Southfield")).await;
    let group = group(&world, "Northfield/Induction").await;
    let make = |audience: Option<&str>, most, hours, by| {
        let expires_at = engine.now() + TimeDelta::hours(hours);
        let new = NewJoinCode { group, audience: audience.map(world::audience), most, expires_at };
        async move { engine.create_join_code(&new, by).await.unwrap_err() }
    };
    assert!(matches!(make(None, 0, 1, Actor::CommandLine).await, JoinCodeError::Most));
    assert!(matches!(make(None, 1, 0, Actor::CommandLine).await, JoinCodeError::Expiry));
    assert!(matches!(make(None, 1, 24 * 32, Actor::CommandLine).await, JoinCodeError::Expiry));
    assert!(matches!(make(Some("pirate"), 1, 1, Actor::CommandLine).await, JoinCodeError::UnknownAudience(_)));
    assert!(matches!(make(Some("staff"), 1, 1, Actor::CommandLine).await, JoinCodeError::Colleagues));
    assert!(matches!(make(None, 1, 1, by(&ada)).await, JoinCodeError::NotTheirs));
}

async fn whoever_tries_codes_is_held_up_and_nobody_else(world: World) {
    let (engine, code) = (&world.engine, code(&world, None, 9).await.code);
    for _ in 0..200 {
        assert_eq!(engine.find_join_code("AAAA-AAAA", "192.0.2.7").await.unwrap(), None);
    }
    let tried = engine.find_join_code(&code, "192.0.2.7").await;
    let Err(FindCodeError::TooMany { retry_at }) = tried else { panic!("{tried:?}") };
    assert_eq!(retry_at, engine.now() + TimeDelta::minutes(15));
    assert!(engine.find_join_code(&code, "192.0.2.8").await.unwrap().is_some());
    world.waits(TimeDelta::minutes(16));
    assert!(engine.find_join_code(&code, "192.0.2.7").await.unwrap().is_some());
    // What is no code at all is only mistyped, and certificates are another matter.
    assert_eq!(engine.find_join_code("what?", "192.0.2.9").await.unwrap(), None);
    assert_eq!(world.raw.count("code_failure").await, 200);
}

async fn what_opens_a_door_holds_no_longer_than_the_duty_of_its_maker(world: World) {
    let ada = administrator(&world, "ada", Some("Northfield")).await;
    let amy = world.learner("amy").of("Northfield").await;
    let ben = world.learner("ben").await;
    let engine = &world.engine;
    let northfield = group(&world, "Northfield").await;
    let expires_at = engine.now() + TimeDelta::hours(8);
    let new = NewJoinCode { group: northfield, audience: Some(audience("learner")), most: 9, expires_at };
    let code = engine.create_join_code(&new, by(&ada)).await.unwrap().code;
    let way = engine.make_ways_in(&[amy.person.id], by(&ada)).await.unwrap().remove(0);
    assert!(engine.find_join_code(&code, "192.0.2.1").await.unwrap().is_some());
    assert!(engine.find_way_in(&way.secret).await.unwrap().is_some());
    let duty = Duty { role: Role::Administrator, over: Some(northfield) };
    engine.end_duty(ada.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(engine.find_join_code(&code, "192.0.2.1").await.unwrap(), None);
    assert!(matches!(engine.join_by_code(&ben.person, &code).await, Err(JoinError::NoSuchCode)));
    let begun = engine.begin_by_code(&code, "Eve", &email("eve"), PASSWORD).await;
    assert!(matches!(begun, Err(JoinError::NoSuchCode)), "{begun:?}");
    assert_eq!(engine.find_way_in(&way.secret).await.unwrap(), None);
    let chosen = engine.choose_password(&way.secret, PASSWORD).await;
    assert!(matches!(chosen, Err(ChoosePasswordError::NoSuchLink)), "{chosen:?}");
}

async fn a_link_chooses_a_password_once(world: World) {
    let ada = administrator(&world, "ada", None).await;
    let engine = &world.engine;
    let amy = world.learner("amy").await;
    let way = engine.make_ways_in(&[amy.person.id], by(&ada)).await.unwrap().remove(0);
    assert_eq!(engine.find_way_in(&way.secret).await.unwrap().unwrap().name, "amy");
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok(), "nothing changes before it is used");
    let short = engine.choose_password(&way.secret, "too short").await;
    assert!(matches!(short, Err(ChoosePasswordError::Weak(WeakPassword::Short))));
    engine.choose_password(&way.secret, "a horse of her own").await.unwrap();
    assert!(matches!(engine.sign_in(&email("amy"), PASSWORD, "here").await, Err(SignInError::Wrong)));
    assert!(engine.sign_in(&email("amy"), "a horse of her own", "here").await.is_ok());
    let again = engine.choose_password(&way.secret, "a horse of his own").await;
    assert!(matches!(again, Err(ChoosePasswordError::NoSuchLink)));
    // The secret is nowhere.
    assert!(!format!("{:?}", world.raw.everything().await).contains(&way.secret));
    // Somebody with a password has a day for it.
    let way = engine.make_ways_in(&[amy.person.id], by(&ada)).await.unwrap().remove(0);
    world.waits(TimeDelta::days(1));
    assert_eq!(engine.find_way_in(&way.secret).await.unwrap(), None);
}

async fn a_newer_link_takes_the_place_of_the_older(world: World) {
    let engine = &world.engine;
    let amy = world.learner("amy").await.person.id;
    let older = engine.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0);
    let newer = engine.make_ways_in(&[amy], Actor::CommandLine).await.unwrap().remove(0);
    assert_eq!(engine.find_way_in(&older.secret).await.unwrap(), None);
    // Who has left chooses nothing.
    engine.leave(amy, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(engine.find_way_in(&newer.secret).await.unwrap(), None);
    assert!(matches!(engine.make_ways_in(&[amy], Actor::CommandLine).await, Err(WayInError::NoSuchPerson)));
}

async fn nobody_gets_the_account_of_who_may_do_more(world: World) {
    let ada = administrator(&world, "ada", Some("Northfield")).await;
    let dan = world.person("dan", &[Role::Dsl]).of("Northfield").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").of("Northfield").await;
    for someone in [&dan, &mina, &ada] {
        let made = world.engine.make_ways_in(&[someone.person.id], by(&ada)).await;
        assert!(matches!(made, Err(WayInError::NotTheirs)), "{made:?}");
    }
    let northfield = group(&world, "Northfield").await;
    let new = NewPerson {
        name: "Eve".to_owned(),
        email: email("eve"),
        external_id: None,
        password: None,
        start_date: today(&world) + Days::new(3),
        duties: Vec::new(),
        audiences: vec![audience("learner")],
        member_of: vec![northfield],
    };
    let eve = world.engine.add_person(new, by(&ada)).await.unwrap();
    assert_eq!(world.engine.people_without_password(&ada.person, northfield).await.unwrap(), [eve]);
    let made = world.engine.make_ways_in(&[eve], by(&ada)).await.unwrap().remove(0);
    assert!(world.engine.find_way_in(&made.secret).await.unwrap().is_some());
    // Nor with a link that was made before.
    let duty = Duty { role: Role::Dsl, over: None };
    world.engine.give_duty(eve, duty, today(&world) + Days::new(3), Actor::CommandLine).await.unwrap();
    assert_eq!(world.engine.find_way_in(&made.secret).await.unwrap(), None);
    let chosen = world.engine.choose_password(&made.secret, PASSWORD).await;
    assert!(matches!(chosen, Err(ChoosePasswordError::NoSuchLink)), "{chosen:?}");
    let made = world.engine.make_ways_in(&[eve], Actor::CommandLine).await.unwrap().remove(0);
    world.engine.choose_password(&made.secret, PASSWORD).await.unwrap();
}

async fn nobody_puts_out_who_looks_after_others_as_well(world: World) {
    let ada = administrator(&world, "ada", Some("Northfield")).await;
    let root = administrator(&world, "root", None).await;
    let dan = world.person("dan", &[Role::Dsl]).of("Northfield").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").of("Northfield").await;
    let (engine, on) = (&world.engine, today(&world));
    let details =
        |name: &str| PersonDetails { name: name.to_owned(), email: Some(email("elsewhere")), external_id: None };
    let id = dan.person.id;
    assert!(matches!(engine.leave(id, on, by(&ada)).await, Err(StayError::NotTheirs)));
    let corrected = engine.correct_details(id, &details("Dan"), by(&ada)).await;
    assert!(matches!(corrected, Err(AddPersonError::NotTheirs)), "{corrected:?}");
    assert_eq!(now(&dan).await.duties, dan.person.duties);
    engine.correct_details(id, &details("Dan"), by(&root)).await.unwrap();
    engine.leave(id, on, by(&root)).await.unwrap();
    engine.leave(mina.person.id, on, by(&ada)).await.unwrap();
}
