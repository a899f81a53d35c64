//! Reminders: of each thing once, in one letter a day, of nothing that was done meanwhile, by whichever node looks, whoever is stopped.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use engine::{
    Actor, Engine, Idle, Job, LetterAbout, LetterKind, LetterState, Occasion, Person, PersonId, Refused, ReminderError,
    ReminderResult, Role, Sent, Suppressed, Swept, TogetherError, WhichReminders,
};

use world::{Someone, World, now, on_both, today};

on_both![
    through_a_year_each_thing_is_told_once_and_when_it_is_so,
    a_company_year_opens_falls_due_and_is_over,
    what_is_done_meanwhile_is_not_told,
    whoever_left_or_was_erased_is_told_nothing,
    of_two_nodes_each_thing_is_planned_by_one,
    what_was_not_committed_is_planned_again,
    nobody_is_reminded_unless_the_provider_switched_it_on,
    people_who_were_chosen_are_reminded_once_a_day,
    who_stops_being_told_early_is_told_on_the_day,
    managers_are_told_once_a_week_how_many_are_late,
    owners_are_told_once_a_week_what_is_to_be_reviewed,
    who_has_stopped_early_letters_is_told_nothing_early_and_can_be_reminded,
    administrators_alone_see_the_plan_and_the_ledger,
    the_ledger_is_forgotten_after_two_years,
];

/// The engine of a world in which reminders are on.
async fn on(world: &World) -> Engine {
    on_with(world, "").await
}

async fn on_with(world: &World, more: &str) -> Engine {
    let from = "roles_are = \"staff\"";
    world.edits("organisation.toml", from, &format!("{from}\n\n[reminders]\non = true\n{more}"));
    world.publishes().await.unwrap();
    world.engine.with_letters()
}

async fn root(world: &World) -> Person {
    now(&world.person("root", &[Role::Administrator]).await).await
}

/// What arrives now: to whom, and what it tells.
async fn arrives(engine: &Engine) -> Vec<(PersonId, String)> {
    let mut arrived = Vec::new();
    loop {
        let letters = engine.claim_letters(50).await.unwrap();
        if letters.is_empty() {
            return arrived;
        }
        for letter in letters {
            let Some(about) = engine.still_tells(&letter).await.unwrap() else { continue };
            engine.note_letter(&letter, &Sent::Yes).await.unwrap();
            let LetterAbout::Reminder { things, .. } = about else { continue };
            let told = things.iter().map(|one| format!("{} {}", one.occasion.name(), one.thing.slug()));
            arrived.push((letter.person, told.collect::<Vec<_>>().join(", ")));
        }
    }
}

/// What arrived on which days, of one person.
type Diary = BTreeMap<PersonId, Vec<(String, String)>>;

/// Lets days go by, until one; each day a server does what is due and letters are sent.
async fn lives_until(world: &World, engine: &Engine, day: &str, diary: &mut Diary) {
    let until: NaiveDate = day.parse().unwrap();
    while today(world) < until {
        for (person, told) in arrives(engine).await {
            diary.entry(person).or_default().push((today(world).to_string(), told));
        }
        world.waits(TimeDelta::days(1));
        assert!(engine.run_due_jobs().await.unwrap().iter().all(|done| !done.failed));
    }
}

fn told(diary: &Diary, of: &Someone) -> Vec<(String, String)> {
    diary.get(&of.person.id).cloned().unwrap_or_default()
}

fn days<'d>(diary: &[(&'d str, &'d str)]) -> Vec<(String, String)> {
    diary.iter().map(|(day, told)| ((*day).to_owned(), (*told).to_owned())).collect()
}

async fn through_a_year_each_thing_is_told_once_and_when_it_is_so(world: World) {
    let engine = &on(&world).await;
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let mut diary = Diary::new();
    engine.run_due_jobs().await.unwrap();
    lives_until(&world, engine, "2026-11-24", &mut diary).await;
    amy.passes("four-cs").await;
    lives_until(&world, engine, "2026-12-05", &mut diary).await;
    amy.passes("sharing-nudes").await;
    amy.signs("learner-aup").await.unwrap();
    lives_until(&world, engine, "2027-02-01", &mut diary).await;
    world.publishes_new_version_of("learner-aup").await;
    lives_until(&world, engine, "2027-02-06", &mut diary).await;
    amy.signs("learner-aup").await.unwrap();
    lives_until(&world, engine, "2027-12-31", &mut diary).await;
    let all = "four-cs, due-soon sharing-nudes, due-soon learner-aup";
    let late = "overdue four-cs, overdue sharing-nudes, overdue learner-aup";
    assert_eq!(
        told(&diary, &amy),
        days(&[
            ("2026-11-23", &format!("due-soon {all}")),
            ("2026-12-04", "due-soon sharing-nudes, due-soon learner-aup"),
            ("2027-02-02", "again learner-aup"),
            ("2027-08-26", "window-opened four-cs"),
            ("2027-09-06", "window-opened sharing-nudes"),
            ("2027-11-08", "window-opened learner-aup"),
            ("2027-11-10", "due-soon four-cs"),
            ("2027-11-22", "due-soon four-cs, due-soon sharing-nudes"),
            ("2027-11-24", "due-today four-cs"),
            ("2027-11-25", "overdue four-cs"),
            ("2027-12-02", "overdue four-cs, due-soon sharing-nudes"),
            ("2027-12-06", "overdue sharing-nudes"),
            ("2027-12-09", "overdue four-cs"),
            ("2027-12-13", "overdue sharing-nudes"),
            ("2027-12-16", "overdue four-cs"),
            ("2027-12-20", "overdue sharing-nudes"),
            ("2027-12-27", "overdue sharing-nudes"),
        ])
    );
    assert_eq!(
        told(&diary, &ben),
        days(&[
            ("2026-11-23", &format!("due-soon {all}")),
            ("2026-12-04", &format!("due-soon {all}")),
            ("2026-12-07", "due-today four-cs, due-today sharing-nudes, due-today learner-aup"),
            ("2026-12-08", late),
            ("2026-12-15", late),
            ("2026-12-22", late),
            ("2026-12-29", late),
        ])
    );
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM reminder WHERE suppressed IS NOT NULL").await, 0);
}

async fn a_company_year_opens_falls_due_and_is_over(world: World) {
    world.edits(
        "programmes/learner-induction.toml",
        "due_days = 14\nmodules = [\"four-cs\", \"sharing-nudes\"]\nagreements = [\"learner-aup\"]",
        "year_begins = \"1 September\"\nwindow_days = 90\ndue_days = 30\nmodules = [\"four-cs\"]\nagreements = []",
    );
    let engine =
        &on_with(&world, "days_before = [7]\noverdue_every_days = 14\noverdue_at_most = 2\nquiet_days = []\n").await;
    let amy = world.learner("amy").passes("four-cs").await;
    let mut diary = Diary::new();
    lives_until(&world, engine, "2027-12-31", &mut diary).await;
    let expected = [
        ("2027-06-03", "window-opened four-cs"),
        ("2027-09-24", "due-soon four-cs"),
        ("2027-10-01", "due-today four-cs"),
        ("2027-10-02", "overdue four-cs"),
        ("2027-10-16", "overdue four-cs"),
    ];
    assert_eq!(told(&diary, &amy), days(&expected));
}

async fn what_is_done_meanwhile_is_not_told(world: World) {
    let engine = &on(&world).await;
    let (amy, ben, root) = (world.learner("amy").await, world.learner("ben").await, root(&world).await);
    let swept = engine.remind_everybody(Actor::Server).await.unwrap();
    assert_eq!(swept, Swept { letters: 2, things: 6, ..Swept::default() });
    amy.passes("four-cs").await;
    for module in ["four-cs", "sharing-nudes"] {
        ben.passes(module).await;
    }
    ben.signs("learner-aup").await.unwrap();
    assert_eq!(arrives(engine).await, [(amy.person.id, "due-soon sharing-nudes, due-soon learner-aup".to_owned())]);
    let done = WhichReminders { result: Some(ReminderResult::Suppressed), ..WhichReminders::default() };
    let listed = engine.reminders(&root, done).await.unwrap();
    assert_eq!((listed.planned, listed.suppressed, listed.reminders.len()), (6, 4, 4));
    assert!(listed.reminders.iter().all(|one| one.suppressed == Some(Suppressed::Done)), "{listed:?}");
    let given_up = engine.letters(&root, Some(LetterState::GivenUp), None).await.unwrap();
    assert_eq!((given_up.letters.len(), given_up.letters[0].kind), (1, Some(LetterKind::Reminder)));
    // Whoever opens what was given up does not write it again: it would tell what is no longer so.
    assert!(engine.send_again(given_up.letters[0].id, Actor::Person(root.id)).await.is_err());
}

async fn whoever_left_or_was_erased_is_told_nothing(world: World) {
    let engine = &on(&world).await;
    let amy = world.learner("amy").await;
    world.learner("ben").await;
    let to_begin = world.learner("cora").begins_in(7).await;
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap().letters, 2);
    engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(arrives(engine).await.len(), 1);
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM reminder WHERE suppressed = 'left'").await, 3);
    let held = format!("{:?}", engine.data_of(amy.person.id).await.unwrap());
    assert!(held.contains("due-soon"), "{held}");
    engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("reminder").await, 3);
    // Who has no address is not told, and that is kept; once.
    world.raw.run("UPDATE person_detail SET email = NULL WHERE name = 'ben'").await.unwrap();
    world.waits(TimeDelta::days(14));
    let expected = Swept { letters: 1, things: 6, without_address: 1, ..Swept::default() };
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap(), expected);
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap(), Swept::default());
    assert_eq!(arrives(engine).await.len(), 1, "{} has begun by now", to_begin.person.name);
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM reminder WHERE suppressed = 'no-address'").await, 3);
}

async fn of_two_nodes_each_thing_is_planned_by_one(world: World) {
    let engine = on(&world).await;
    for name in ["amy", "ben", "cora", "dev", "eve", "finn"] {
        world.learner(name).await;
    }
    let node = world.another_node().await;
    node.engine.refresh().await.unwrap();
    let node = node.engine.with_letters();
    for day in [0, 11, 3, 1] {
        world.waits(TimeDelta::days(day));
        let sweeping = [engine.clone(), node.clone(), engine.clone(), node.clone()]
            .map(|engine| tokio::spawn(async move { engine.remind_everybody(Actor::Server).await.unwrap() }));
        let (mut letters, mut things) = (0, 0);
        for one in sweeping {
            let swept = one.await.unwrap();
            letters += swept.letters;
            things += swept.things;
        }
        assert_eq!((letters, things), (6, 18));
    }
    assert_eq!((world.raw.count("reminder").await, world.raw.count("letter").await), (72, 24));
}

async fn what_was_not_committed_is_planned_again(world: World) {
    let engine = &on(&world).await;
    world.learner("amy").await;
    let (stops, goes_on) = if world.raw.is_sqlite() {
        ("BEGIN SELECT RAISE(ABORT, 'stopped'); END", "")
    } else {
        ("FOR EACH ROW EXECUTE FUNCTION refuse('stopped')", " ON reminder")
    };
    world.raw.run(&format!("CREATE TRIGGER stops BEFORE INSERT ON reminder {stops}")).await.unwrap();
    let done = engine.run_due_jobs().await.unwrap();
    let failed = done.iter().find(|done| done.job == Job::Reminders).unwrap();
    assert!(failed.failed, "{failed:?}");
    assert_eq!((world.raw.count("letter").await, world.raw.count("reminder").await), (0, 0));
    world.raw.run(&format!("DROP TRIGGER stops{goes_on}")).await.unwrap();
    world.waits(TimeDelta::minutes(5));
    engine.run_due_jobs().await.unwrap();
    assert_eq!((world.raw.count("letter").await, world.raw.count("reminder").await), (1, 3));
    assert_eq!(arrives(engine).await.len(), 1);
}

async fn nobody_is_reminded_unless_the_provider_switched_it_on(world: World) {
    world.learner("amy").await;
    let idle = |idle| Swept { idle: Some(idle), ..Swept::default() };
    let with_letters = world.engine.with_letters();
    assert_eq!(with_letters.remind_everybody(Actor::CommandLine).await.unwrap(), idle(Idle::Off));
    let plan = with_letters.plan_reminders().await.unwrap();
    assert_eq!((plan.idle, plan.letters), (Some(Idle::Off), 1));
    let engine = &on(&world).await;
    assert_eq!(world.engine.remind_everybody(Actor::CommandLine).await.unwrap(), idle(Idle::NoMailServer));
    for _ in 0..2 {
        engine.pause_reminders(true, Actor::CommandLine).await.unwrap();
    }
    assert_eq!(engine.remind_everybody(Actor::CommandLine).await.unwrap(), idle(Idle::Paused));
    for _ in 0..2 {
        engine.pause_reminders(false, Actor::CommandLine).await.unwrap();
    }
    assert_eq!(world.raw.count("reminder_pause").await, 1);
    // As a job not at night and not on Saturday; what was put off is told on Monday.
    let said = async || {
        let done = engine.run_all_jobs().await.unwrap();
        done.into_iter().find(|done| done.job == Job::Reminders).unwrap().said
    };
    world.waits(TimeDelta::hours(11));
    assert_eq!(said().await, Idle::QuietHour.to_string());
    world.waits(TimeDelta::days(4) + TimeDelta::hours(16));
    assert_eq!(said().await, Idle::QuietDay.to_string());
    world.waits(TimeDelta::days(2) - TimeDelta::hours(4));
    assert_eq!(said().await, Idle::QuietHour.to_string());
    let due = engine.jobs().await.unwrap()[1].due_at.unwrap();
    assert_eq!(due.to_rfc3339(), "2026-11-30T09:00:00+00:00");
    assert_eq!(world.raw.count("letter").await, 0);
    world.waits(due - engine.now());
    assert_eq!(
        said().await,
        "1 letter, about 3 things; 0 people without an address; 0 letters to managers, 0 to owners of what is to be reviewed"
    );
}

async fn people_who_were_chosen_are_reminded_once_a_day(world: World) {
    let engine = &world.engine;
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort A").await;
    let done =
        world.learner("cora").of("Cohort A").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let other = world.learner("dev").of("Cohort B").await;
    world.raw.run("UPDATE person_detail SET email = NULL WHERE name = 'ben'").await.unwrap();
    let mina = now(&mina).await;
    let people = [&amy, &ben, &done, &other].map(|one| one.person.id);
    let plan = engine.remind_plan(&mina, &people).await.unwrap();
    assert_eq!((&plan.letters[..], &plan.without_address[..]), (&people[..1], &people[1..2]));
    assert_eq!((plan.today, plan.nothing), (0, 1));
    let did = engine.remind_several(&mina, &people).await.unwrap();
    assert_eq!(did.done, 1);
    let shown = engine.done_together(&mina, did.id).await.unwrap();
    let shown: Vec<_> = shown.people.iter().map(|one| (one.name.as_str(), one.what.as_str())).collect();
    assert_eq!(shown, [("amy", "The 4 Cs"), ("amy", "Sharing nudes"), ("amy", "Learner acceptable use agreement")]);
    let undone = engine.undo_together(&mina, did.id).await;
    assert!(matches!(undone, Err(TogetherError::Nobody)), "{undone:?}");
    let arrived = arrives(engine).await;
    assert_eq!(arrived, [(amy.person.id, "asked four-cs, asked sharing-nudes, asked learner-aup".to_owned())]);
    let again = engine.remind_several(&mina, &people).await;
    assert!(matches!(again, Err(TogetherError::Nobody)), "{again:?}");
    let plan = engine.remind_plan(&mina, &people).await.unwrap();
    assert_eq!((plan.letters.len(), plan.today), (0, 2));
    // Nobody writes to themselves, or to others' people.
    for (by, of) in [(&mina, other.person.id), (&mina, mina.id), (&amy.person, ben.person.id)] {
        let sent = engine.remind_several(by, &[of]).await;
        assert!(matches!(sent, Err(TogetherError::NotForYou)), "{sent:?}");
    }
    // Those who were written to are told nothing more on that day, nor the same the day after.
    let engine = &on(&world).await;
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap().letters, 1, "who is of Cohort B");
    world.waits(TimeDelta::days(1));
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap(), Swept::default());
    assert_eq!(engine.remind_several(&mina, &people).await.unwrap().done, 1);
}

async fn who_has_stopped_early_letters_is_told_nothing_early_and_can_be_reminded(world: World) {
    let engine = &on(&world).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort A").await;
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap().letters, 2);
    let mut letters = engine.claim_letters(10).await.unwrap();
    letters.sort_by_key(|letter| letter.person != amy.person.id);
    let secret = engine.stop_secret(&letters[0]).await.unwrap().unwrap();
    assert!(engine.stop_reminders(&secret, true).await.unwrap());
    // Also what has not gone yet.
    assert_eq!(engine.still_tells(&letters[0]).await.unwrap(), None);
    assert!(engine.still_tells(&letters[1]).await.unwrap().is_some());
    let mina = now(&mina).await;
    let people = [amy.person.id, ben.person.id];
    // Ben gets one today. Amy gets none, so that somebody may have her reminded.
    let plan = engine.remind_plan(&mina, &people).await.unwrap();
    assert_eq!((&plan.letters[..], plan.today), (&people[..1], 1));
    assert_eq!(engine.remind_several(&mina, &people).await.unwrap().done, 1);
    assert!(matches!(engine.remind_several(&mina, &people).await, Err(TogetherError::Nobody)));
}

async fn administrators_alone_see_the_plan_and_the_ledger(world: World) {
    let engine = &on(&world).await;
    let root = root(&world).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await.person;
    world.learner("amy").of("Cohort A").await;
    world.learner("ben").await;
    let all = WhichReminders::default();
    assert!(matches!(engine.reminder_plan(&mina).await, Err(Refused::NotForYou)));
    assert!(matches!(engine.reminders(&mina, all).await, Err(Refused::NotForYou)));
    let paused = engine.pause_reminders(true, Actor::Person(mina.id)).await;
    assert!(matches!(paused, Err(ReminderError::NotForYou)));
    let plan = engine.reminder_plan(&root).await.unwrap();
    assert_eq!((plan.idle, plan.day, plan.letters, plan.without_address), (None, today(&world), 2, 0));
    assert_eq!(plan.occasions, BTreeMap::from([(Occasion::DueSoon, 6)]));
    assert_eq!(plan.groups, [(Vec::new(), 1), (vec!["Cohort A".to_owned()], 1)]);
    assert_eq!(plan.people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["amy", "ben"]);
    engine.run_due_jobs().await.unwrap();
    let next = engine.reminder_plan(&root).await.unwrap();
    assert_eq!((next.day, next.letters), (today(&world).succ_opt().unwrap(), 0));
    let listed = engine.reminders(&root, all).await.unwrap();
    assert_eq!((listed.planned, listed.reminders.len(), listed.next), (6, 6, None));
    assert!(listed.reminders.iter().all(|one| one.result == ReminderResult::Waiting), "{listed:?}");
    arrives(engine).await;
    let sent = WhichReminders { result: Some(ReminderResult::Sent), ..all };
    assert_eq!(engine.reminders(&root, sent).await.unwrap().reminders.len(), 6);
    let late = WhichReminders { occasion: Some(Occasion::Overdue), ..all };
    assert_eq!(engine.reminders(&root, late).await.unwrap().reminders, []);
    let older = WhichReminders { after: Some(listed.reminders[3].id), ..all };
    assert_eq!(engine.reminders(&root, older).await.unwrap().reminders.len(), 2);
    engine.pause_reminders(true, Actor::Person(root.id)).await.unwrap();
    let held = engine.reminder_plan(&root).await.unwrap();
    assert_eq!((held.idle, held.paused_since), (Some(Idle::Paused), Some(engine.now())));
}

async fn the_ledger_is_forgotten_after_two_years(world: World) {
    let engine = &on(&world).await;
    let amy = world.learner("amy").await;
    engine.run_due_jobs().await.unwrap();
    assert_eq!(world.raw.count("reminder").await, 3);
    engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(731));
    engine.run_all_jobs().await.unwrap();
    assert_eq!(world.raw.count("reminder").await, 3);
    world.waits(TimeDelta::days(1));
    engine.run_all_jobs().await.unwrap();
    assert_eq!(world.raw.count("reminder").await, 0);
}

async fn managers_are_told_once_a_week_how_many_are_late(world: World) {
    let engine = &on_with(&world, "digest_day = \"tuesday\"\n").await;
    let mina = world.person("mina", &[Role::Manager]).manages("North").await;
    world.person("nobody", &[Role::Manager]).manages("South").await;
    for (name, group) in [("amy", "North/A"), ("ben", "North/A"), ("cora", "North/B"), ("dev", "West")] {
        world.learner(name).of(group).await;
    }
    let done = world.learner("eve").of("North/A").passes("four-cs").passes("sharing-nudes").await;
    done.signs("learner-aup").await.unwrap();
    let mut digests = Vec::new();
    for _ in 0..24 {
        let (before, planned) = (digests.len(), engine.plan_reminders().await.unwrap());
        engine.run_due_jobs().await.unwrap();
        assert_eq!(engine.remind_everybody(Actor::CommandLine).await.unwrap().digests, 0);
        for letter in engine.claim_letters(50).await.unwrap() {
            engine.note_letter(&letter, &Sent::Yes).await.unwrap();
            if let LetterAbout::Digest { people, groups, .. } = letter.about {
                let groups: Vec<_> =
                    groups.into_iter().map(|late| (late.group, late.people, late.since, late.days)).collect();
                digests.push((letter.person, today(&world).to_string(), people, groups));
            }
        }
        let is_today = planned.day == today(&world);
        assert_eq!(digests.len() - before, if is_today { planned.managers } else { 0 }, "{planned:?}");
        world.waits(TimeDelta::days(1));
    }
    // On Monday 7 December all is due, and late from Tuesday on.
    let since = "2026-12-07".parse().ok();
    let told = |day: &str, days| {
        let groups = vec![("North / A".to_owned(), 2, since, days), ("North / B".to_owned(), 1, since, days)];
        (mina.person.id, day.to_owned(), 3, groups)
    };
    assert_eq!(digests, [told("2026-12-08", 1), told("2026-12-15", 8)]);
    let held = format!("{:?}", engine.data_of(mina.person.id).await.unwrap());
    assert!(held.contains("manager_digest"), "{held}");
}

async fn owners_are_told_once_a_week_what_is_to_be_reviewed(world: World) {
    world.edits("modules/four-cs/module.toml", "review_by = 2027-09-01", "review_by = 2026-11-20");
    world.edits("agreements/laptop-loan.md", "next_review: 2027-09-01", "next_review: 2026-11-20");
    let engine = &on_with(&world, "digest_day = \"tuesday\"\n").await;
    let root = root(&world).await;
    let head = world.staff("digital").await;
    let mut told = Vec::new();
    for _ in 0..9 {
        let (before, planned) = (told.len(), engine.plan_reminders().await.unwrap());
        engine.run_due_jobs().await.unwrap();
        assert_eq!(engine.remind_everybody(Actor::CommandLine).await.unwrap().owners, 0);
        for letter in engine.claim_letters(50).await.unwrap() {
            engine.note_letter(&letter, &Sent::Yes).await.unwrap();
            if let LetterAbout::Reviews { things, .. } = letter.about {
                let things: Vec<_> = things.iter().map(|thing| (thing.title.clone(), thing.by.is_some())).collect();
                told.push((letter.person, today(&world).to_string(), things));
            }
        }
        let is_today = planned.day == today(&world);
        assert_eq!(told.len() - before, if is_today { planned.owners } else { 0 }, "{planned:?}");
        world.waits(TimeDelta::days(1));
    }
    told.sort();
    let mut expected = Vec::new();
    for day in ["2026-11-24", "2026-12-01"] {
        // No role is called as the owner of the module is, so it is the administrators'.
        expected.push((root.id, day.to_owned(), vec![("The 4 Cs".to_owned(), true)]));
        expected.push((head.person.id, day.to_owned(), vec![("Laptop loan".to_owned(), true)]));
    }
    expected.sort();
    assert_eq!(told, expected);
    // From September on the facts are to be checked, too.
    world.waits(TimeDelta::days(300));
    engine.remind_everybody(Actor::CommandLine).await.unwrap();
    let letters = engine.claim_letters(50).await.unwrap();
    let facts = letters.iter().filter(|letter| letter.person == root.id).find_map(|letter| match &letter.about {
        LetterAbout::Reviews { things, .. } => things.iter().map(|thing| thing.facts).max(),
        _ => None,
    });
    assert!(facts.is_some_and(|facts| facts > 0), "{facts:?}");
    assert!(format!("{:?}", engine.data_of(root.id).await.unwrap()).contains("review_digest"));
}

async fn who_stops_being_told_early_is_told_on_the_day(world: World) {
    let engine = &on(&world).await;
    let (amy, root) = (world.learner("amy").await, root(&world).await);
    engine.remind_everybody(Actor::Server).await.unwrap();
    let letter = engine.claim_letters(10).await.unwrap().remove(0);
    let secret = engine.stop_secret(&letter).await.unwrap().unwrap();
    assert_eq!(engine.stop_secret(&letter).await.unwrap().as_ref(), Some(&secret));
    engine.note_letter(&letter, &Sent::Yes).await.unwrap();
    // Another's letter, a part of the link, and what somebody made up.
    let made_up = format!("{}{}", &secret[..32], "0".repeat(32));
    for other in ["", "feed", &secret[..40], &made_up] {
        assert_eq!(engine.has_stopped_reminders(other).await.unwrap(), None, "{other}");
        assert!(!engine.stop_reminders(other, true).await.unwrap());
    }
    assert_eq!(engine.has_stopped_reminders(&secret).await.unwrap(), Some(false));
    for _ in 0..2 {
        assert!(engine.stop_reminders(&secret, true).await.unwrap());
    }
    assert_eq!(
        (engine.has_stopped_reminders(&secret).await.unwrap(), world.raw.count("reminder_stop").await),
        (Some(true), 1)
    );
    world.waits(TimeDelta::days(11));
    assert_eq!(engine.plan_reminders().await.unwrap().letters, 0);
    assert_eq!(engine.remind_everybody(Actor::Server).await.unwrap(), Swept::default());
    let stopped = WhichReminders { result: Some(ReminderResult::Suppressed), ..WhichReminders::default() };
    let listed = engine.reminders(&root, stopped).await.unwrap().reminders;
    assert!(listed.len() == 3 && listed.iter().all(|one| one.suppressed == Some(Suppressed::Stopped)), "{listed:?}");
    // What is due today and what is late is told all the same, and such a letter cannot be stopped.
    world.waits(TimeDelta::days(3));
    engine.remind_everybody(Actor::Server).await.unwrap();
    let letter = engine.claim_letters(10).await.unwrap().remove(0);
    assert_eq!((letter.person, engine.stop_secret(&letter).await.unwrap()), (amy.person.id, None));
    engine.note_letter(&letter, &Sent::Yes).await.unwrap();
    assert!(engine.stop_reminders(&secret, false).await.unwrap());
    assert_eq!(engine.has_stopped_reminders(&secret).await.unwrap(), Some(false));
    // Whoever was erased has no link.
    engine.leave(amy.person.id, today(&world), Actor::CommandLine).await.unwrap();
    engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(engine.has_stopped_reminders(&secret).await.unwrap(), None);
    assert_eq!(world.raw.count("reminder_stop").await, 0);
}
