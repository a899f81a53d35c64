//! What administrators see of the whole: who did what, the settings and what a change of them would do, contacts and cover, and how all parts stand.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, AssignedTo, ContactGap, Deed, Doer, DoneAct, DoneActs, Duty, GivenTo, KindOfAct, NewExemption, NewJoinCode,
    NewPerson, Refused, Role, SettingsOf, SignedOutWith, Thing, ToSee, WhichActs, WrongBecause,
    content::{Level, Sources},
};
use model::ProgrammeSlug;

use world::{Someone, World, audience, group, now, on_both, slug, sources, today};

on_both![
    who_did_what_is_listed_with_whom_and_the_newest_first,
    acts_are_found_by_who_did_them_by_kind_and_by_day,
    an_end_that_was_brought_forward_is_found_by_what_ends,
    who_ended_the_sessions_of_another_is_listed_with_what_was_taken,
    what_others_did_is_found_among_what_people_did_themselves,
    acts_are_read_page_by_page_without_a_gap,
    what_somebody_did_goes_when_they_are_erased,
    who_did_what_is_for_those_who_check_everybody,
    settings_say_since_when_they_hold,
    a_change_of_settings_is_held_against_everything_and_kept_nowhere,
    contacts_say_who_is_missing,
    all_parts_say_how_they_stand,
    a_folder_that_differs_is_noticed,
];

fn by(someone: &Someone) -> Actor {
    Actor::Person(someone.person.id)
}

fn of(someone: &Someone) -> WhichActs {
    WhichActs { by: by(someone).to_string(), ..WhichActs::default() }
}

fn deeds(found: &DoneActs) -> Vec<Deed> {
    found.acts.iter().flat_map(|act| act.deeds.clone()).collect()
}

/// What root does for amy, one after the other.
async fn much_is_done(world: &World, root: &Someone, amy: &Someone) {
    let (engine, on) = (&world.engine, today(world));
    let cohort = group(world, "Northfield/Cohort A").await;
    world.waits(TimeDelta::minutes(1));
    engine.join_group(amy.person.id, cohort, on, by(root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let duty = Duty { role: Role::Manager, over: Some(cohort) };
    engine.give_duty(amy.person.id, duty, on, by(root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let programme = ProgrammeSlug::new("learner-induction").unwrap();
    let given = engine.assign(&programme, AssignedTo::Group(cohort), on, by(root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.end_assignment(given, on, by(root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let thing = Thing::Module(slug("four-cs"));
    let reason = "They did it elsewhere".to_owned();
    let new = NewExemption { person: amy.person.id, thing, reason, begins_on: on, given_before: None };
    engine.exempt(new, by(root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let expires_at = engine.now() + TimeDelta::days(1);
    let code = NewJoinCode { group: cohort, audience: None, most: 9, expires_at };
    engine.create_join_code(&code, by(root)).await.unwrap();
}

async fn who_did_what_is_listed_with_whom_and_the_newest_first(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    much_is_done(&world, &root, &amy).await;
    let found = world.engine.acts(&root.person, &of(&root)).await.unwrap();
    let cohort = Some((group(&world, "Northfield/Cohort A").await, "Cohort A".to_owned()));
    let induction = || ("Learner induction".to_owned(), GivenTo::Group(cohort.clone()));
    let (programme, to) = induction();
    assert_eq!(
        deeds(&found),
        [
            Deed::CodeMade(cohort.clone()),
            Deed::Excused,
            Deed::AssignmentEnded(Some(induction())),
            Deed::Assigned { programme, to },
            Deed::DutyGiven { role: Some(Role::Manager), over: Some(cohort.clone()) },
            Deed::MembershipBegun(cohort.clone()),
        ]
    );
    let whom: Vec<Option<&str>> =
        found.acts.iter().map(|act| act.of.as_ref().and_then(|(_, name)| name.as_deref())).collect();
    assert_eq!(whom, [None, Some("amy"), None, None, Some("amy"), Some("amy")]);
    assert!(found.acts.iter().all(|act| act.by == Doer::Person(root.person.id, Some("root".to_owned()))));
    assert!(found.acts.windows(2).all(|two| two[0].at >= two[1].at));
    // A code decides nothing, and is in no log; the other five stand one after another.
    let entries: Vec<u64> = found.acts.iter().filter_map(|act| act.entry).collect();
    assert_eq!(entries.len(), 5);
    assert!(entries.windows(2).all(|two| two[0] > two[1]));
    assert_eq!(found.next, None);
    // Amy passing something is in nobody else's name.
    let all = world.engine.acts(&root.person, &WhichActs::default()).await.unwrap();
    amy.passes("four-cs").await;
    assert_eq!(world.engine.acts(&root.person, &WhichActs::default()).await.unwrap(), all);
    assert!(all.doers.contains(&Doer::CommandLine) && all.doers.len() == 2, "{:?}", all.doers);
    // Nobody looked at a record by it.
    assert_eq!(world.raw.count("look").await, 0);
}

async fn acts_are_found_by_who_did_them_by_kind_and_by_day(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    much_is_done(&world, &root, &amy).await;
    world.waits(TimeDelta::days(3));
    let cohort = group(&world, "Northfield/Cohort A").await;
    let engine = &world.engine;
    engine.leave_group(amy.person.id, cohort, today(&world), by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.make_ways_in(&[amy.person.id], by(&root)).await.unwrap();
    let find = async |which: WhichActs| deeds(&engine.acts(&root.person, &which).await.unwrap());
    let kind = |kind: KindOfAct| WhichActs { kind: Some(kind), ..of(&root) };
    let in_cohort = Some((cohort, "Cohort A".to_owned()));
    assert_eq!(
        find(kind(KindOfAct::Groups)).await,
        [Deed::MembershipEnded(in_cohort.clone()), Deed::MembershipBegun(in_cohort.clone())]
    );
    assert_eq!(find(kind(KindOfAct::WaysIn)).await, [Deed::LinkMade, Deed::CodeMade(in_cohort.clone())]);
    assert_eq!(find(kind(KindOfAct::Excused)).await, [Deed::Excused]);
    assert_eq!(find(kind(KindOfAct::Published)).await, []);
    // What the command line did is its own.
    let published = WhichActs { kind: Some(KindOfAct::Published), ..WhichActs::default() };
    assert!(find(published).await.contains(&Deed::SettingsChanged));
    let on = today(&world);
    assert_eq!(
        find(WhichActs { from: Some(on), ..of(&root) }).await,
        [Deed::LinkMade, Deed::MembershipEnded(in_cohort.clone())]
    );
    let before = on.checked_sub_days(Days::new(1));
    let earlier = find(WhichActs { to: before, ..of(&root) }).await;
    assert!(earlier.len() == 6 && !earlier.contains(&Deed::LinkMade), "{earlier:?}");
    assert_eq!(find(WhichActs { from: before, to: before, ..of(&root) }).await, []);
    for nobody in ["person:nobody", "n\0ul", "\"}"] {
        assert_eq!(find(WhichActs { by: nobody.to_owned(), ..WhichActs::default() }).await, [], "{nobody:?}");
    }
}

async fn an_end_that_was_brought_forward_is_found_by_what_ends(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.staff("amy").await;
    let (engine, on) = (&world.engine, today(&world));
    let ahead = |days: u64| on.checked_add_days(Days::new(days)).unwrap();
    let duty = Duty { role: Role::Auditor, over: None };
    engine.give_duty_until(amy.person.id, duty, on, Some(ahead(30)), by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.end_duty(amy.person.id, duty, ahead(10), by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    let find = async |kind: KindOfAct, deed: Deed| {
        let which = WhichActs { kind: Some(kind), ..of(&root) };
        deeds(&engine.acts(&root.person, &which).await.unwrap()).into_iter().filter(|found| *found == deed).count()
    };
    let ended = || Deed::DutyEnded { role: Some(Role::Auditor), over: None };
    assert_eq!(find(KindOfAct::Duties, ended()).await, 2);
    assert_eq!(find(KindOfAct::People, ended()).await, 0);
    engine.leave(amy.person.id, ahead(25), by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.leave(amy.person.id, ahead(20), by(&root)).await.unwrap();
    assert_eq!(find(KindOfAct::People, Deed::Left).await, 2);
    assert_eq!(find(KindOfAct::Duties, Deed::Left).await, 0);
}

async fn who_ended_the_sessions_of_another_is_listed_with_what_was_taken(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").await.person.id;
    let of_amy = format!("recorded_at FROM person WHERE id = {}", world.id_of(amy.0));
    for row in [
        "passkey (id, person_id, credential_id, public_key, name, sign_count, made_at) SELECT id, id, 'a', 'k', 'My phone', 0, ",
        "identity (issuer, subject, person_id, found_through, recorded_at) SELECT 'i', 's', id, 'email', ",
    ] {
        assert_eq!(world.raw.run(&format!("INSERT INTO {row}{of_amy}")).await.unwrap(), 1, "{row}");
    }
    let engine = &world.engine;
    engine.remove_second_factor(amy, by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.unlink_accounts(amy, by(&root)).await.unwrap();
    world.waits(TimeDelta::minutes(1));
    engine.reset_password(amy, Actor::CommandLine).await.unwrap();
    let ways_in = WhichActs { kind: Some(KindOfAct::WaysIn), ..WhichActs::default() };
    let found = engine.acts(&root.person, &ways_in).await.unwrap();
    let all = deeds(&found);
    let with = |with: SignedOutWith| all.iter().position(|deed| *deed == Deed::SignedOut(with));
    let [password, account, factor] =
        [SignedOutWith::Password, SignedOutWith::Account, SignedOutWith::Factor].map(with).map(Option::unwrap);
    assert!(password < account && account < factor && all.contains(&Deed::LinkMade), "{all:?}");
    assert_eq!(found.acts[password].by, Doer::CommandLine);
    let amys = |act: &DoneAct| act.of.as_ref().is_some_and(|(person, _)| *person == amy);
    assert!([password, account, factor].iter().all(|place| amys(&found.acts[*place])), "{found:?}");
    assert!(matches!(found.acts[account].by, Doer::Person(..)), "{found:?}");
}

async fn what_others_did_is_found_among_what_people_did_themselves(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let engine = &world.engine;
    for name in ["amy", "ben", "cora"] {
        let learner = world.learner(name).passes("four-cs").passes("sharing-nudes").await;
        let pass = engine.cpd_record(learner.person.id).await.unwrap().years[0].entries[0].completion;
        engine.withdraw_pass(pass, WrongBecause::Other, "Twice", by(&root)).await.unwrap();
        // Entries of passes and entries by others, none of which is both.
        engine.make_ways_in(&[learner.person.id], by(&root)).await.unwrap();
        world.waits(TimeDelta::minutes(1));
    }
    let passes = WhichActs { kind: Some(KindOfAct::Passes), ..WhichActs::default() };
    let by_root = WhichActs { by: by(&root).to_string(), ..passes.clone() };
    for which in [passes.clone(), by_root] {
        let found = engine.acts(&root.person, &which).await.unwrap();
        let of: Vec<String> = found.acts.into_iter().filter_map(|act| act.of?.1).collect();
        assert_eq!((of, found.next), (["cora", "ben", "amy"].map(str::to_owned).to_vec(), None), "{which:?}");
    }
    let by_nobody = WhichActs { by: Actor::CommandLine.to_string(), ..passes.clone() };
    assert_eq!(engine.acts(&root.person, &by_nobody).await.unwrap().acts, []);
    let tomorrow = today(&world).checked_add_days(Days::new(1));
    assert_eq!(engine.acts(&root.person, &WhichActs { from: tomorrow, ..passes }).await.unwrap().acts, []);
}

async fn acts_are_read_page_by_page_without_a_gap(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    let cohort = group(&world, "Northfield/Cohort A").await;
    let engine = &world.engine;
    for _ in 0..35 {
        world.waits(TimeDelta::days(1));
        engine.join_group(amy.person.id, cohort, today(&world), by(&root)).await.unwrap();
        engine.make_ways_in(&[amy.person.id], by(&root)).await.unwrap();
        world.waits(TimeDelta::days(1));
        engine.leave_group(amy.person.id, cohort, today(&world), by(&root)).await.unwrap();
    }
    // Each of these is evidence of three rows of one kind.
    for number in 0..60 {
        let new = NewPerson {
            name: format!("Newcomer {number}"),
            email: format!("newcomer-{number}@northfield.example"),
            external_id: None,
            password: None,
            start_date: today(&world),
            duties: Vec::new(),
            audiences: vec![audience("learner"), audience("volunteer")],
            member_of: Vec::new(),
        };
        engine.add_person(new, by(&root)).await.unwrap();
    }
    let kinds =
        [(None, 165), (Some(KindOfAct::Groups), 70), (Some(KindOfAct::WaysIn), 35), (Some(KindOfAct::People), 60)];
    for (kind, expected) in kinds {
        let mut which = WhichActs { kind, ..of(&root) };
        let mut all: Vec<DoneAct> = Vec::new();
        loop {
            let page = engine.acts(&root.person, &which).await.unwrap();
            assert!(page.acts.len() <= DoneActs::MOST);
            all.extend(page.acts);
            let Some(next) = page.next else { break };
            which.after = next;
        }
        assert_eq!(all.len(), expected, "{kind:?}");
        assert!(all.windows(2).all(|two| two[0].at >= two[1].at && two[0] != two[1]), "{kind:?}");
    }
}

async fn what_somebody_did_goes_when_they_are_erased(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let gone = world.person("gone", &[Role::Administrator]).await;
    let amy = world.learner("amy").await;
    let cohort = group(&world, "Northfield/Cohort A").await;
    let engine = &world.engine;
    engine.join_group(amy.person.id, cohort, today(&world), by(&gone)).await.unwrap();
    engine.make_ways_in(&[amy.person.id], by(&gone)).await.unwrap();
    assert_eq!(engine.acts(&root.person, &of(&gone)).await.unwrap().acts.len(), 2);
    engine.leave(gone.person.id, today(&world), Actor::CommandLine).await.unwrap();
    engine.erase_person(gone.person.id, Actor::CommandLine).await.unwrap();
    let found = engine.acts(&root.person, &of(&gone)).await.unwrap();
    // That a link was made is in no log, and is said of somebody who has no name any more.
    assert_eq!(deeds(&found), [Deed::LinkMade]);
    assert_eq!(found.acts[0].by, Doer::Person(gone.person.id, None));
    assert!(!found.doers.iter().any(|doer| matches!(doer, Doer::Person(id, _) if *id == gone.person.id)));
    let all = engine.acts(&root.person, &WhichActs::default()).await.unwrap();
    assert!(deeds(&all).contains(&Deed::Erased));
    assert!(!format!("{all:?}").contains("gone"));
}

async fn who_did_what_is_for_those_who_check_everybody(world: World) {
    let engine = &world.engine;
    for (name, role) in [("ada", Role::Auditor), ("root", Role::Administrator)] {
        let all = world.person(name, &[role]).await;
        engine.acts(&all.person, &WhichActs::default()).await.unwrap();
    }
    let dan = world.person("dan", &[Role::Dsl]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let local = world.staff("local").await;
    let duty = Duty { role: Role::Administrator, over: Some(group(&world, "Northfield").await) };
    engine.give_duty(local.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    for refused in [dan.person, mina.person, now(&local).await, world.learner("amy").await.person] {
        let acts = engine.acts(&refused, &WhichActs::default()).await;
        assert!(matches!(acts, Err(Refused::NotForYou)), "{}", refused.name);
        assert!(matches!(engine.settings_shown(&refused).await, Err(Refused::NotForYou)));
        assert!(matches!(engine.contacts_and_cover(&refused).await, Err(Refused::NotForYou)));
        assert!(matches!(engine.check_settings(&refused, sources(), "").await, Err(Refused::NotForYou)));
        assert!(matches!(engine.folder_stands(&refused, sources()).await, Err(Refused::NotForYou)));
    }
    // Whoever administers a group has a front page, and nothing on it of the installation.
    let seen = engine.administration(&now(&local).await).await.unwrap();
    assert!(!seen.everywhere && seen.letters.is_none() && seen.sessions.is_none() && seen.to_see.is_empty());
    assert_eq!(seen.groups, 1);
}

async fn settings_say_since_when_they_hold(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let began = world.engine.now();
    world.waits(TimeDelta::days(2));
    world.edits("organisation.toml", "hours = \"Monday to Friday, 8:30am to 5pm\"", "hours = \"Every day\"");
    world.publishes().await.unwrap();
    let changed = world.engine.now();
    // A fact is published under the same number, and is no setting.
    world.waits(TimeDelta::days(1));
    world.edits("facts.toml", "free and private", "free and quite private");
    world.publishes().await.unwrap();
    let shown = world.engine.settings_shown(&root.person).await.unwrap();
    let since = |key: &str| shown.settings.iter().find(|shown| shown.setting.key == key).unwrap().since.unwrap();
    let day = |moment| engine::local_date(moment);
    assert_eq!(day(since("name")), day(began));
    assert_eq!(day(since("[[site.contact]] Dan Okafor at Northfield")), day(changed));
    let versions: Vec<(u32, Option<Vec<String>>)> =
        shown.versions.iter().map(|version| (version.number, version.changed.clone())).collect();
    let contact = vec!["[[site.contact]] Dan Okafor at Northfield".to_owned()];
    assert_eq!(versions, [(3, Some(Vec::new())), (2, Some(contact)), (1, None)]);
    assert!(shown.versions.iter().all(|version| version.by == Doer::CommandLine));
    let sets: Vec<SettingsOf> = shown.settings.iter().map(|shown| shown.setting.of).collect();
    assert!(sets.is_sorted());
}

/// The provider's file of a world, otherwise.
fn otherwise(from: &str, to: &str) -> String {
    let sources = sources();
    let (_, text) = sources.files().find(|(path, _)| *path == "organisation.toml").unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

async fn a_change_of_settings_is_held_against_everything_and_kept_nowhere(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    world.person("vera", &[]).also("volunteer").await;
    let before = world.raw.everything().await;
    let check = async |text: &str| world.engine.check_settings(&root.person, sources(), text).await.unwrap();
    // As it is.
    let same = check(&otherwise("name = \"Northfield Training\"", "name = \"Northfield Training\"")).await;
    assert_eq!(same.changes.as_deref(), Some(&[][..]));
    assert!(same.lost.is_empty());
    // A target that there was not.
    let target = check(&otherwise("[[site]]", "[cpd]\ntarget_minutes = 300\n\n[[site]]")).await;
    let changes = target.changes.unwrap();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.of, &*change.key), (SettingsOf::Cpd, "[cpd] target_minutes"));
    assert_eq!((change.from.as_deref(), change.to.as_deref()), (Some("No target"), Some("300 minutes")));
    assert!(change.consequence.as_deref().unwrap().contains("300"));
    // Codes, of which it is known who has none.
    let codes = check(&otherwise("[[site]]", "[second_factor]\nrequired_from = 2027-01-04\n\n[[site]]")).await;
    let consequence = codes.changes.unwrap().remove(0).consequence.unwrap();
    assert!(consequence.starts_with("1 of 1 people"), "{consequence}");
    // What is not TOML, what is misspelt and what others need: each with its line.
    let broken = check("name = \"Northfield").await;
    assert!(broken.is_refused());
    assert!(broken.problems.iter().any(|problem| problem.path == "organisation.toml" && problem.line == 1));
    let misspelt = check(&otherwise("roles_are", "rolls_are")).await;
    let line = otherwise("roles_are", "roles_are").lines().position(|line| line.starts_with("roles_are")).unwrap() + 1;
    let mut own = misspelt.problems.iter().filter(|problem| problem.path == "organisation.toml");
    let found = own.find(|problem| problem.level == Level::Error).unwrap();
    assert_eq!(found.line as usize, line);
    let without = check(&otherwise("id = \"head-of-digital-and-ict\"", "id = \"head-of-ict\"")).await;
    assert!(without.is_refused());
    assert!(without.problems.iter().any(|problem| problem.path == "agreements/learner-aup.md"));
    // Somebody is a volunteer.
    let gone =
        check(&otherwise("[[audience]]\nid = \"volunteer\"\none = \"a volunteer\"\nmany = \"volunteers\"\n", "")).await;
    assert_eq!(
        gone.lost.iter().map(|lost| (lost.audience.as_str(), lost.people)).collect::<Vec<_>>(),
        [("volunteer", 1)]
    );
    let change = gone.changes.unwrap().remove(0);
    assert_eq!((&*change.key, change.to), ("[[audience]] volunteer", None));
    assert_eq!(world.raw.everything().await, before);
    // A demonstration shows what nobody has reviewed. That is no setting, and an unchanged file does not take it away.
    world.raw.run("INSERT INTO installation (name, value) VALUES ('demonstration', 'yes')").await.unwrap();
    world.engine.refresh().await.unwrap();
    let same = check(&otherwise("name = \"Northfield Training\"", "name = \"Northfield Training\"")).await;
    assert_eq!(same.changes.as_deref(), Some(&[][..]));
}

async fn contacts_say_who_is_missing(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let seen = world.engine.contacts_and_cover(&root.person).await.unwrap();
    let [site] = seen.sites.as_slice() else { panic!("{seen:?}") };
    assert_eq!(site.contacts[0].account, Some(dan.person.id));
    assert_eq!(site.gaps, [ContactGap::OneContact, ContactGap::NoWeekend]);
    let [role] = seen.roles.as_slice() else { panic!("{seen:?}") };
    assert_eq!(role.gets.len(), 2);
    assert_eq!(role.gaps, [ContactGap::NoAccount]);
    // It gets what people sign, so it needs somebody; hours do not.
    assert_eq!(seen.notices().iter().map(|notice| &*notice.name).collect::<Vec<_>>(), ["Head of Digital and ICT"]);
    let holders = "email = \"digital@northfield.example\"\n\n[[role.holder]]\nemail = \"root@northfield.example\"\nuntil = 2026-11-30\n\n\
         [[role.cover]]\nemail = \"dan@northfield.example\"\nfrom = 2026-12-01\nuntil = 2026-12-05\n";
    world.edits("organisation.toml", "email = \"digital@northfield.example\"\n", holders);
    world.publishes().await.unwrap();
    let seen = world.engine.contacts_and_cover(&root.person).await.unwrap();
    let role = &seen.roles[0];
    assert_eq!((role.holders[0].today, role.cover[0].today), (true, false));
    assert_eq!(role.cover[0].account.as_ref().map(|(person, _)| *person), Some(dan.person.id));
    assert_eq!(role.gaps, [ContactGap::Nobody("2026-12-06".parse().unwrap(), None)]);
}

async fn all_parts_say_how_they_stand(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    world.learner("amy").of("Northfield/Cohort A").await;
    world.learner("ben").begins_in(3).await;
    let engine = &world.engine;
    let seen = engine.administration(&root.person).await.unwrap();
    assert_eq!((seen.people, seen.groups), (Some(2), 2));
    assert_eq!((seen.published, seen.given), ((3, 2, 1), Some(1)));
    assert_eq!(seen.contacts, Some((1, 1)));
    assert_eq!(seen.settings.map(|(number, _)| number), Some(1));
    assert!(seen.entries > 5);
    assert!(matches!(seen.to_see.as_slice(), [ToSee::Contact(_)]), "{:?}", seen.to_see);
    engine.pause_letters(true, by(&root)).await.unwrap();
    world.waits(TimeDelta::days(400));
    let seen = engine.administration(&root.person).await.unwrap();
    let held = seen.to_see.iter().any(|what| matches!(what, ToSee::LettersHeld(_)));
    let reviews = seen.to_see.iter().any(|what| matches!(what, ToSee::Reviews(5)));
    assert!(held && reviews, "{:?}", seen.to_see);
}

async fn a_folder_that_differs_is_noticed(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let stands = async |sources: Sources| world.engine.folder_stands(&root.person, sources).await.unwrap();
    let same = stands(sources()).await;
    assert_eq!((same.errors, same.differs), (0, Vec::new()));
    let with = |path: &str, from: &str, to: &str| {
        let all = sources();
        let texts: Vec<(String, String)> = all
            .files()
            .map(|(other, text)| {
                (other.to_owned(), if other == path { text.replace(from, to) } else { text.to_owned() })
            })
            .collect();
        all.with_texts(texts)
    };
    let other = with("modules/boundaries/10-lines.md", "account", "very account");
    assert_eq!(stands(other).await.differs, ["module boundaries"]);
    let other = with("organisation.toml", "Northfield Training", "Southfield Training");
    assert_eq!(stands(other).await.differs, ["the provider"]);
    let broken = with("modules/boundaries/module.toml", "edition = 1", "edition = 0");
    let broken = stands(broken).await;
    assert!(broken.errors > 0 && broken.differs.is_empty());
}
