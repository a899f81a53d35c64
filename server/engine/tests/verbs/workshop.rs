//! Workshops: planned by who leads them, signed in to by code on the day, and a pass for those who were there.

use chrono::{Days, NaiveTime, TimeDelta};
use engine::{
    Actor, Among, AtWhich, AttendedWorkshop, CallOffError, CompletionId, ConfirmError, Duty, FileKind,
    GiveResourceError, Hold, LetterAbout, LetterKind, Marks, ModuleReach, NewResource, NewWorkshop, NotLed, NotTaken,
    Person, PlanError, QuizState, RecordFact, Refused, ResourceFault, Role, SignInForError, StartError, TextFault,
    Workshop, WorkshopId, WorkshopSignInError, WrongBecause,
};
use model::Status;

use crate::signed_log::is_valid;
use world::{Someone, World, group, now, on_both, slug, today};

on_both![
    being_there_counts_once_who_leads_it_says_so,
    a_code_holds_on_its_day_and_tries_are_limited,
    who_was_there_is_said_by_who_leads_it_and_never_of_oneself,
    it_is_said_from_its_beginning_on_within_a_week,
    who_plans_one_looks_after_whom_it_is_for,
    what_was_called_off_is_nobodys_any_more,
    it_stands_on_the_own_page_of_whom_it_is_for,
    who_led_it_is_told_that_they_are_to_say_who_was_there,
    whom_it_meets_is_known_before_it_is_held,
    signing_in_goes_with_its_person_and_the_workshop_stays,
    it_stands_in_the_calendar_of_whom_it_is_for_and_of_who_leads_it,
    where_nothing_else_counts_there_is_no_quiz,
    what_is_given_afterwards_is_for_those_who_were_there,
    what_is_given_is_looked_at_and_taken_back_with_its_file,
    of_whom_a_pass_was_withdrawn_it_can_be_said_again,
    who_has_no_phone_is_signed_in_by_who_leads_it,
    one_for_a_group_is_for_those_who_are_in_it_on_its_day,
    that_one_is_needed_and_none_is_planned_is_told_to_who_may_plan_it,
    who_passes_a_module_at_one_is_told_the_next_that_they_can_go_to,
];

const PLACE: &str = "Room 12, Northfield";

fn new(world: &World, group: Option<engine::GroupId>) -> NewWorkshop {
    let time = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    NewWorkshop { module: slug("four-cs"), group, day: today(world), time, place: PLACE.to_owned() }
}

async fn who_led_it_is_told_that_they_are_to_say_who_was_there(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = planned(&world, &mina).await;
    let waiting = async || engine.own_page(&mina).await.unwrap().to_confirm.len();
    let shown = code(&world, &mina, id).await;
    signs_in(&amy, &shown).await;
    signs_in(&ben, &shown).await;
    assert_eq!(waiting().await, 0, "it has not begun");
    world.waits(TimeDelta::hours(2));
    assert_eq!(waiting().await, 1);
    assert!(engine.own_page(&amy.person).await.unwrap().to_confirm.is_empty());
    engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap();
    assert_eq!(waiting().await, 1, "ben waits");
    engine.confirm_workshop(&mina, id, &[ben.person.id]).await.unwrap();
    assert_eq!(waiting().await, 0);
}

async fn whom_it_meets_is_known_before_it_is_held(world: World) {
    let mina = manager(&world).await;
    let north = Some(group(&world, "North").await);
    let reach = async || world.engine.module_reach(&mina, &slug("four-cs"), north).await.unwrap();
    assert_eq!(reach().await, ModuleReach::default());
    world.person("vic", &[]).also("volunteer").of("North").await;
    assert_eq!(reach().await, ModuleReach { people: 1, may_open: 0, wanted: 0 });
    world.staff("sam").of("North/Tuesdays").await;
    assert_eq!(reach().await, ModuleReach { people: 2, may_open: 1, wanted: 0 });
    world.learner("amy").of("North").await;
    assert_eq!(reach().await, ModuleReach { people: 3, may_open: 2, wanted: 1 });
}

async fn manager(world: &World) -> Person {
    now(&world.person("mina", &[Role::Manager]).manages("North").await).await
}

/// A workshop of today at ten for North; it is nine.
async fn planned(world: &World, by: &Person) -> WorkshopId {
    let north = group(world, "North").await;
    world.engine.plan_workshop(by, &new(world, Some(north))).await.unwrap()
}

async fn code(world: &World, by: &Person, id: WorkshopId) -> String {
    world.engine.workshop(by, id).await.unwrap().workshop.shown_code()
}

async fn signs_in(someone: &Someone, code: &str) {
    someone.world.engine.sign_in_to_workshop(&someone.person, code, "here").await.unwrap();
}

async fn being_there_counts_once_who_leads_it_says_so(mut world: World) {
    world.engine = world.engine.with_letters();
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    signs_in(&amy, &shown.to_lowercase()).await;
    signs_in(&amy, &shown.replace('-', " ")).await;
    signs_in(&ben, &shown).await;
    assert_eq!(world.raw.count("workshop_sign_in").await, 2, "signing in twice is signing in once");
    assert_eq!(world.raw.count("completion").await, 0, "it counts for nothing yet");
    world.waits(TimeDelta::hours(2));
    let led = engine.workshop(&mina, id).await.unwrap();
    assert_eq!((led.there.len(), led.there[0].theirs, led.signed_in, led.passed), (2, true, 2, 0));
    assert_eq!(engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap(), 1);
    let again = engine.confirm_workshop(&mina, id, &[amy.person.id]).await;
    assert!(matches!(again, Err(ConfirmError::AllPassed)), "{again:?}");
    // Standing, quiz, gate, CPD and record know it as any other pass.
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(pass) if pass.attempt.is_none()));
    assert!(matches!(ben.quiz("four-cs").await, QuizState::Ready { .. }));
    amy.signs("laptop-loan").await.unwrap();
    assert!(ben.signs("laptop-loan").await.is_err());
    let record = engine.cpd_record(amy.person.id).await.unwrap();
    let entry = &record.years[0].entries[0];
    assert_eq!((entry.possible, entry.minutes > 0, entry.counts), (Marks::default(), true, true));
    let record = engine.person_record(&mina, amy.person.id, None).await.unwrap();
    let thing = record.things.iter().find(|thing| thing.title == entry.title).unwrap();
    assert_eq!((thing.cell.status, thing.done.unwrap().percent), (Status::Passed, None));
    assert!(
        record
            .events
            .iter()
            .any(|event| matches!(event.what, RecordFact::Attended { pass: Some(_), .. }) && event.entry.is_some())
    );
    // A letter leads to the certificate, and does not say what it was about.
    let letters = engine.claim_letters(50).await.unwrap();
    let told: Vec<_> = letters.iter().filter(|letter| letter.about.kind() == LetterKind::Attended).collect();
    assert_eq!((told.len(), told[0].person), (1, amy.person.id));
    assert!(matches!(&told[0].about, LetterAbout::Attended { completion, .. } if *completion == entry.completion));
    // The log has how, where and by whom, and is valid.
    let bundle = is_valid(engine).await;
    let openings = bundle.write().unwrap()["openings"].clone();
    let openings = String::from_utf8_lossy(&openings);
    assert!(openings.contains(PLACE) && openings.contains("workshop"), "{openings}");
    assert!(openings.contains(&format!("person:{}", mina.id)), "{openings}");
    // What is said to have been at another place is found.
    if world.raw.is_sqlite() {
        world.raw.run("DROP TRIGGER workshop_never_changes").await.unwrap();
        assert_eq!(world.raw.run("UPDATE workshop SET place = 'Elsewhere'").await.unwrap(), 1);
        assert_eq!(engine.compare_rows().await.unwrap().len(), 1);
    }
}

/// A workshop about the live day, so many days from now at ten, for a group.
async fn plans_live_day(world: &World, by: &Person, days: u64, of: &str) -> WorkshopId {
    let day = today(world) + Days::new(days);
    let of = Some(group(world, of).await);
    let new = NewWorkshop { module: slug("live-day"), day, ..new(world, of) };
    world.engine.plan_workshop(by, &new).await.unwrap()
}

async fn where_nothing_else_counts_there_is_no_quiz(world: World) {
    world.adds_live_day().await;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let hold = async |title: &str| {
        let page = world.engine.own_page(&amy.person).await.unwrap();
        page.due.iter().find(|due| due.title == title).map(|due| due.hold)
    };
    assert_eq!(amy.quiz("live-day").await, QuizState::AtWorkshop);
    assert!(matches!(amy.starts("live-day").await, Err(StartError::AtWorkshop)));
    assert_eq!(hold("Live day").await, Some(Hold::Workshop));
    // She is asked for it, and it stands after what she can do herself.
    let page = world.engine.own_page(&amy.person).await.unwrap();
    assert_eq!(page.due.last().map(|due| due.title.as_str()), Some("Live day"));
    let north = group(&world, "North").await;
    let day = NewWorkshop { module: slug("live-day"), ..new(&world, Some(north)) };
    let id = world.engine.plan_workshop(&mina, &day).await.unwrap();
    signs_in(&amy, &code(&world, &mina, id).await).await;
    world.waits(TimeDelta::hours(2));
    assert_eq!(world.engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap(), 1);
    assert!(matches!(amy.quiz("live-day").await, QuizState::Passed(pass) if pass.attempt.is_none()));
    assert_eq!(hold("Live day").await, None);
    is_valid(&world.engine).await;
}

fn resource(world: &World, title: &str) -> NewResource {
    NewResource {
        form: world.engine.once_key(),
        title: title.to_owned(),
        words: "What we talked about".to_owned(),
        link: "https://www.example.org/help".to_owned(),
        file: Some(b"%PDF-1.7 %%EOF".to_vec()),
    }
}

async fn what_is_given_afterwards_is_for_those_who_were_there(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    signs_in(&amy, &shown).await;
    signs_in(&ben, &shown).await;
    let early = engine.give_resource(&mina, id, resource(&world, "Slides")).await;
    assert!(matches!(early, Err(GiveResourceError::NotNow)), "{early:?}");
    world.waits(TimeDelta::hours(2));
    engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap();
    let slides = resource(&world, "Slides");
    let given = engine.give_resource(&mina, id, slides.clone()).await.unwrap();
    let again = engine.give_resource(&mina, id, slides.clone()).await.unwrap();
    assert_eq!(again, given, "a form that is sent twice gives once");
    // One that says something else, as after going back in a browser, gives that as well.
    let other = NewResource { words: "What we wrote down".to_owned(), ..slides.clone() };
    let more = engine.give_resource(&mina, id, other.clone()).await.unwrap();
    assert!(more != given);
    engine.end_resource(&mina, id, more).await.unwrap();
    let again = engine.give_resource(&mina, id, other).await;
    assert!(matches!(again, Err(GiveResourceError::TakenBack)), "{again:?}");
    assert_eq!(engine.give_resource(&mina, id, slides).await.unwrap(), given);
    // So does one that is sent several times at once.
    let notes = resource(&world, "Notes");
    let give = || engine.give_resource(&mina, id, notes.clone());
    let (one, two, three) = tokio::join!(give(), give(), give());
    let one = one.unwrap();
    assert_eq!((two.unwrap(), three.unwrap()), (one, one));
    engine.end_resource(&mina, id, one).await.unwrap();
    let hers = engine.workshop_resources(&amy.person, id).await.unwrap();
    assert_eq!((hers.resources.len(), hers.resources[0].title.as_str(), hers.gives), (1, "Slides", false));
    assert_eq!(hers.resources[0].file, Some((FileKind::Pdf, 14)));
    assert_eq!(engine.resource_file(&amy.person, id, given).await.unwrap().1, b"%PDF-1.7 %%EOF");
    let entry = engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].clone();
    assert_eq!(entry.resources, Some(id));
    // Who signed in and was not confirmed was not there; nor was a safeguarding lead.
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    for other in [&ben.person, &dan] {
        assert!(matches!(engine.workshop_resources(other, id).await, Err(Refused::NotFound)));
        assert!(matches!(engine.resource_file(other, id, given).await, Err(Refused::NotFound)));
        let said = engine.give_resource(other, id, resource(&world, "Mine")).await;
        assert!(matches!(said, Err(GiveResourceError::NotTheirs)), "{said:?}");
        assert!(matches!(engine.end_resource(other, id, given).await, Err(Refused::NotFound)));
    }
    // A file is had only by way of the workshop that it belongs to.
    let another = planned(&world, &mina).await;
    assert!(matches!(engine.resource_file(&mina, another, given).await, Err(Refused::NotFound)));
    assert!(matches!(engine.end_resource(&mina, another, given).await, Err(Refused::NotFound)));
}

async fn what_is_given_is_looked_at_and_taken_back_with_its_file(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let id = planned(&world, &mina).await;
    world.waits(TimeDelta::hours(2));
    let good = resource(&world, "Slides");
    let faults = async |new: NewResource| match engine.give_resource(&mina, id, new).await {
        Err(GiveResourceError::Faults(faults)) => faults,
        other => panic!("{other:?}"),
    };
    let empty = TextFault::Empty;
    assert_eq!(faults(NewResource { title: " ".to_owned(), ..good.clone() }).await, [ResourceFault::Title(empty)]);
    for link in ["http://www.example.org", "javascript:alert(1)", "https://me@evil.example"] {
        assert_eq!(faults(NewResource { link: link.to_owned(), ..good.clone() }).await, [ResourceFault::Link]);
    }
    let long = NewResource { link: format!("https://a.example/{}", "x".repeat(500)), ..good.clone() };
    let too_long = TextFault::TooLong { most: 500, over: 18 };
    assert_eq!(faults(long).await, [ResourceFault::LongLink(too_long)]);
    let nothing = NewResource { words: String::new(), link: String::new(), file: None, ..good.clone() };
    assert_eq!(faults(nothing).await, [ResourceFault::Nothing]);
    for (file, fault) in [
        (b"MZ a program".to_vec(), ResourceFault::File(NotTaken::Kind)),
        (vec![0; 5 * 1024 * 1024 + 1], ResourceFault::File(NotTaken::TooLarge)),
    ] {
        assert_eq!(faults(NewResource { file: Some(file), ..good.clone() }).await, [fault]);
    }
    assert_eq!(world.raw.count("workshop_resource").await, 0);
    // As large as it may be, in pieces.
    let mut file = vec![b' '; 5 * 1024 * 1024];
    file[..8].copy_from_slice(b"%PDF-1.7");
    let end = file.len() - 5;
    file[end..].copy_from_slice(b"%%EOF");
    let large = NewResource { file: Some(file.clone()), ..good };
    let given = engine.give_resource(&mina, id, large).await.unwrap();
    assert_eq!(world.raw.count("workshop_resource_piece").await, 20);
    assert_eq!(engine.resource_file(&mina, id, given).await.unwrap().1, file);
    engine.end_resource(&mina, id, given).await.unwrap();
    engine.end_resource(&mina, id, given).await.unwrap();
    assert_eq!(world.raw.count("workshop_resource_piece").await, 0, "its file is gone");
    assert!(engine.workshop_resources(&mina, id).await.unwrap().resources.is_empty());
    for number in 1..NewResource::MOST {
        engine
            .give_resource(&mina, id, NewResource { file: None, ..resource(&world, &number.to_string()) })
            .await
            .unwrap();
    }
    let many = engine.give_resource(&mina, id, resource(&world, "One more")).await;
    assert!(matches!(many, Err(GiveResourceError::TooMany)), "{many:?}");
}

async fn it_stands_in_the_calendar_of_whom_it_is_for_and_of_who_leads_it(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("South").await);
    let id = planned(&world, &mina).await;
    let calendar = async |person: &Person| {
        let secret = engine.make_calendar(person).await.unwrap();
        engine.calendar(&secret, "192.0.2.7").await.unwrap().workshops
    };
    let (hers, led) = (calendar(&amy.person).await, calendar(&mina).await);
    assert_eq!((hers.len(), hers[0].leads, hers[0].place.as_str()), (1, false, PLACE));
    assert_eq!((led.len(), led[0].leads, led[0].starts_at), (1, true, hers[0].starts_at));
    let minutes = TimeDelta::minutes(engine.catalogue().modules[&slug("four-cs")].minutes.into());
    assert_eq!((hers[0].ends_at, led[0].ends_at), (Some(hers[0].starts_at + minutes), hers[0].ends_at));
    assert!(led[0].uid.len() == 32 && led[0].uid != hers[0].uid, "nobody can tell that it is the same");
    assert!(calendar(&ben.person).await.is_empty());
    let every = engine.every_workshop().await.unwrap();
    assert_eq!((every.len(), every[0].1.as_deref()), (1, Some("mina")));
    world.waits(TimeDelta::hours(3));
    assert_eq!(calendar(&mina).await.len(), 1, "until its day is over");
    engine.call_off_workshop(&mina, id).await.unwrap();
    assert!(calendar(&amy.person).await.is_empty() && calendar(&mina).await.is_empty());
    assert!(engine.every_workshop().await.unwrap()[0].0.workshop.ended_at.is_some());
}

async fn a_code_holds_on_its_day_and_tries_are_limited(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let tomorrow = today(&world) + Days::new(1);
    let north = group(&world, "North").await;
    let id = engine.plan_workshop(&mina, &NewWorkshop { day: tomorrow, ..new(&world, Some(north)) }).await.unwrap();
    let shown = code(&world, &mina, id).await;
    let tried = async |code: &str| engine.sign_in_to_workshop(&amy.person, code, "here").await;
    assert!(matches!(tried(&shown).await, Err(WorkshopSignInError::NoSuchCode)), "not before its day");
    assert!(matches!(tried("").await, Err(WorkshopSignInError::NoSuchCode)));
    world.waits(TimeDelta::days(1));
    let sam = world.person("sam", &[]).also("volunteer").await;
    let for_others = engine.sign_in_to_workshop(&sam.person, &shown, "here").await;
    assert!(matches!(for_others, Err(WorkshopSignInError::ForOthers)), "{for_others:?}");
    assert_eq!(tried(&shown).await.unwrap().workshop.id, id);
    for number in 0..200 {
        let wrong = tried("ABCD-EFGH").await;
        assert!(matches!(wrong, Err(WorkshopSignInError::NoSuchCode)), "{number}: {wrong:?}");
    }
    assert!(matches!(tried(&shown).await, Err(WorkshopSignInError::TooMany { .. })));
    assert!(engine.sign_in_to_workshop(&amy.person, &shown, "there").await.is_ok());
    world.waits(TimeDelta::days(1));
    assert!(matches!(tried(&shown).await, Err(WorkshopSignInError::NoSuchCode)), "nor after it");
}

async fn who_was_there_is_said_by_who_leads_it_and_never_of_oneself(world: World) {
    let engine = &world.engine;
    let lead = world.person("mina", &[Role::Manager]).also("learner").of("North").manages("North").await;
    let mina = now(&lead).await;
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").of("South").await);
    for someone in [&lead, &ben] {
        signs_in(someone, &shown).await;
    }
    // He is in South alone by now.
    let north = group(&world, "North").await;
    engine.leave_group(ben.person.id, north, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::hours(2));
    let led = engine.workshop(&mina, id).await.unwrap();
    assert!(led.there.iter().all(|one| !one.theirs), "{led:?}");
    for person in [lead.person.id, ben.person.id, amy.person.id] {
        let said = engine.confirm_workshop(&mina, id, &[person]).await;
        assert!(matches!(said, Err(ConfirmError::NotThere)), "{said:?}");
    }
    signs_in(&amy, &shown).await;
    let both = engine.confirm_workshop(&mina, id, &[amy.person.id, ben.person.id]).await;
    assert!(matches!(both, Err(ConfirmError::NotThere)), "all of them or none: {both:?}");
    let nobody = engine.confirm_workshop(&mina, id, &[]).await;
    assert!(matches!(nobody, Err(ConfirmError::NotLed(NotLed::Nobody))), "{nobody:?}");
    let root = world.person("root", &[Role::Administrator]).await.person;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    for other in [&root, &dan, &amy.person] {
        let said = engine.confirm_workshop(other, id, &[amy.person.id]).await;
        assert!(matches!(said, Err(ConfirmError::NotLed(NotLed::NotTheirs))), "{said:?}");
    }
    assert!(engine.workshop(&root, id).await.is_ok());
    for other in [&dan, &amy.person] {
        assert!(matches!(engine.workshop(other, id).await, Err(Refused::NotFound)));
    }
    assert_eq!(world.raw.count("completion").await, 0);
    // Whose duty has ended says nothing any more.
    let duty = Duty { role: Role::Manager, over: Some(north) };
    engine.end_duty(mina.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let said = engine.confirm_workshop(&mina, id, &[amy.person.id]).await;
    assert!(matches!(said, Err(ConfirmError::NotThere)), "{said:?}");
}

async fn it_is_said_from_its_beginning_on_within_a_week(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    signs_in(&amy, &shown).await;
    signs_in(&ben, &shown).await;
    let early = engine.confirm_workshop(&mina, id, &[amy.person.id]).await;
    assert!(matches!(early, Err(ConfirmError::NotNow)), "{early:?}");
    world.waits(TimeDelta::hours(1));
    assert_eq!(engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap(), 1);
    world.waits(Workshop::CONFIRMED_WITHIN);
    let late = engine.confirm_workshop(&mina, id, &[ben.person.id]).await;
    assert!(matches!(late, Err(ConfirmError::NotNow)), "{late:?}");
    // A newer edition asks for it anew, as of a pass by the quiz.
    world.publishes_new_edition_of("four-cs").await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
}

async fn who_plans_one_looks_after_whom_it_is_for(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (north, south) = (group(&world, "North").await, group(&world, "South").await);
    let plan = async |by: &Person, new: NewWorkshop| engine.plan_workshop(by, &new).await.map(drop);
    let good = new(&world, Some(north));
    for other in [Some(south), None] {
        let refused = plan(&mina, new(&world, other)).await;
        assert!(matches!(refused, Err(PlanError::NotTheirs)), "{refused:?}");
    }
    let amy = world.learner("amy").of("North").await.person;
    assert!(matches!(plan(&amy, good.clone()).await, Err(PlanError::NotTheirs)));
    let module = NewWorkshop { module: slug("sharing-nudes"), ..good.clone() };
    assert!(matches!(plan(&mina, module).await, Err(PlanError::NoSuchModule)), "its author does not let it count");
    let module = NewWorkshop { module: slug("nothing"), ..good.clone() };
    assert!(matches!(plan(&mina, module).await, Err(PlanError::NoSuchModule)));
    for day in [today(&world) - Days::new(1), today(&world) + Days::new(401)] {
        assert!(matches!(plan(&mina, NewWorkshop { day, ..good.clone() }).await, Err(PlanError::Day)));
    }
    let place = NewWorkshop { place: " ".to_owned(), ..good.clone() };
    assert!(matches!(plan(&mina, place).await, Err(PlanError::Place(TextFault::Empty))));
    assert_eq!(world.raw.count("workshop").await, 0);
    plan(&mina, good).await.unwrap();
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    plan(&dan, new(&world, None)).await.unwrap();
}

async fn what_was_called_off_is_nobodys_any_more(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let (first, second) = (planned(&world, &mina).await, planned(&world, &mina).await);
    let shown = code(&world, &mina, first).await;
    signs_in(&amy, &shown).await;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    assert!(matches!(engine.call_off_workshop(&dan, first).await, Err(CallOffError::NotTheirs)));
    engine.call_off_workshop(&mina, first).await.unwrap();
    engine.call_off_workshop(&mina, first).await.unwrap();
    assert!(engine.workshop(&mina, first).await.unwrap().workshop.ended_at.is_some());
    assert_eq!(engine.coming_workshops(&now(&amy).await).await.unwrap().len(), 1);
    let tried = engine.sign_in_to_workshop(&amy.person, &shown, "here").await;
    assert!(matches!(tried, Err(WorkshopSignInError::NoSuchCode)), "{tried:?}");
    world.waits(TimeDelta::hours(2));
    let said = engine.confirm_workshop(&mina, first, &[amy.person.id]).await;
    assert!(matches!(said, Err(ConfirmError::NotNow)), "{said:?}");
    // One that counted for somebody was held.
    signs_in(&amy, &code(&world, &mina, second).await).await;
    engine.confirm_workshop(&mina, second, &[amy.person.id]).await.unwrap();
    assert!(matches!(engine.call_off_workshop(&mina, second).await, Err(CallOffError::Held)));
    let led = engine.led_workshops(&mina).await.unwrap();
    let mut led: Vec<_> = led.iter().map(|one| (one.signed_in, one.passed)).collect();
    led.sort_unstable();
    assert_eq!(led, [(1, 0), (1, 1)]);
}

async fn it_stands_on_the_own_page_of_whom_it_is_for(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    planned(&world, &mina).await;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    let tomorrow = today(&world) + Days::new(1);
    engine.plan_workshop(&dan, &NewWorkshop { day: tomorrow, ..new(&world, None) }).await.unwrap();
    let count = async |someone: Someone| engine.coming_workshops(&now(&someone).await).await.unwrap().len();
    let amy = world.learner("amy").of("North/A").await;
    assert_eq!(count(amy.clone()).await, 2);
    assert_eq!(count(world.learner("ben").of("South").await).await, 1, "what is for everybody");
    assert_eq!(
        count(world.person("sam", &[]).also("volunteer").of("North").await).await,
        0,
        "what is written for others"
    );
    world.waits(TimeDelta::hours(14));
    assert_eq!(count(amy.clone()).await, 2, "it stands there until its day is over");
    world.waits(TimeDelta::hours(1));
    assert_eq!(count(amy.clone()).await, 1);
    world.waits(TimeDelta::days(2));
    assert_eq!(count(amy).await, 0);
}

async fn signing_in_goes_with_its_person_and_the_workshop_stays(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let id = planned(&world, &mina).await;
    signs_in(&amy, &code(&world, &mina, id).await).await;
    world.waits(TimeDelta::hours(2));
    engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap();
    let data = engine.own_data(&amy.person).await.unwrap();
    for table in ["workshop_sign_in", "completion"] {
        assert_eq!(data.kinds.iter().find(|kind| kind.table == table).unwrap().rows.len(), 1, "{table}");
    }
    for person in [amy.person.id, mina.id] {
        engine.leave(person, today(&world), Actor::CommandLine).await.unwrap();
        engine.erase_person(person, Actor::CommandLine).await.unwrap();
    }
    for (table, rows) in [("workshop_sign_in", 0), ("completion", 0), ("workshop", 1)] {
        assert_eq!(world.raw.count(table).await, rows, "{table}");
    }
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn last_pass(someone: &Someone) -> CompletionId {
    someone.world.engine.cpd_record(someone.person.id).await.unwrap().years[0].entries[0].completion
}

async fn of_whom_a_pass_was_withdrawn_it_can_be_said_again(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    signs_in(&amy, &shown).await;
    signs_in(&ben, &shown).await;
    world.waits(TimeDelta::hours(2));
    engine.confirm_workshop(&mina, id, &[amy.person.id, ben.person.id]).await.unwrap();
    engine.give_resource(&mina, id, resource(&world, "Slides")).await.unwrap();
    let first = last_pass(&amy).await;
    world.waits(TimeDelta::hours(1));
    engine.withdraw_pass(first, WrongBecause::WrongDate, "Not on that day", Actor::CommandLine).await.unwrap();
    // It counts nowhere: not on the page of whoever leads it, and not for what was given to those who were there.
    let led = engine.workshop(&mina, id).await.unwrap();
    let hers = led.there.iter().find(|one| one.person == amy.person.id).unwrap();
    assert_eq!((hers.passed, hers.withdrawn.unwrap().why, hers.theirs), (false, WrongBecause::WrongDate, true));
    assert_eq!((led.signed_in, led.passed, led.unsaid), (2, 1, 0));
    assert!(engine.own_page(&mina).await.unwrap().to_confirm.is_empty(), "they said what they had to say");
    assert!(matches!(engine.workshop_resources(&amy.person, id).await, Err(Refused::NotFound)));
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    // Who was there after all gets another pass, once.
    world.waits(TimeDelta::hours(1));
    assert_eq!(engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap(), 1);
    let again = engine.confirm_workshop(&mina, id, &[amy.person.id, ben.person.id]).await;
    assert!(matches!(again, Err(ConfirmError::AllPassed)), "{again:?}");
    assert_eq!(world.raw.count("completion").await, 3);
    let second = last_pass(&amy).await;
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Passed(pass) if pass.id == second && pass.id != first));
    let led = engine.workshop(&mina, id).await.unwrap();
    let hers = led.there.iter().find(|one| one.person == amy.person.id).unwrap();
    assert_eq!((hers.passed, hers.withdrawn, led.passed), (true, None, 2));
    assert!(engine.workshop_resources(&amy.person, id).await.is_ok());
    // Nothing in the log is wrong about it, and the database refuses two that count.
    is_valid(engine).await;
    let another = world.id_of(world.random_id());
    let insert = format!(
        "INSERT INTO completion (id, person_id, module, version, edition, workshop_id, earned, possible, minutes, pages_opened, pages, \
         started_at, completed_at, expires_at) SELECT {another}, person_id, module, version, edition, workshop_id, earned, possible, \
         minutes, pages_opened, pages, started_at, completed_at, expires_at FROM completion WHERE id = {}",
        world.id_of(second.0)
    );
    let refused = world.raw.run(&insert).await.unwrap_err().to_string();
    assert!(refused.contains("of the passes by a workshop one counts"), "{refused}");
    // Where it is withdrawn later, there is a week for that, too.
    world.waits(TimeDelta::days(20));
    engine.withdraw_pass(second, WrongBecause::WrongDate, "Nor then", Actor::CommandLine).await.unwrap();
    let open: Vec<bool> = engine.workshop(&mina, id).await.unwrap().there.iter().map(|one| one.open).collect();
    assert_eq!(open.iter().filter(|open| **open).count(), 1);
    assert_eq!(engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap(), 1);
    let third = last_pass(&amy).await;
    engine.withdraw_pass(third, WrongBecause::WrongDate, "Nor then", Actor::CommandLine).await.unwrap();
    world.waits(Workshop::CONFIRMED_WITHIN);
    let late = engine.confirm_workshop(&mina, id, &[amy.person.id]).await;
    assert!(matches!(late, Err(ConfirmError::NotNow)), "{late:?}");
    // Where none counts any more, it may be called off.
    assert!(matches!(engine.call_off_workshop(&mina, id).await, Err(CallOffError::Held)));
    let his = last_pass(&ben).await;
    engine.withdraw_pass(his, WrongBecause::NeverHappened, "Nobody came", Actor::CommandLine).await.unwrap();
    engine.call_off_workshop(&mina, id).await.unwrap();
}

async fn who_has_no_phone_is_signed_in_by_who_leads_it(world: World) {
    let engine = &world.engine;
    let lead = world.person("mina", &[Role::Manager]).also("learner").of("North").manages("North").await;
    let mina = now(&lead).await;
    let (amy, bea) = (world.learner("amy").of("North/A").await, world.learner("bea").of("North").await);
    let (ben, vic) = (world.learner("ben").of("South").await, world.person("vic", &[]).also("volunteer").await);
    let day = today(&world) + Days::new(1);
    let north = group(&world, "North").await;
    let id = engine.plan_workshop(&mina, &NewWorkshop { day, ..new(&world, Some(north)) }).await.unwrap();
    let early = engine.sign_in_for(&mina, id, &[amy.person.id]).await;
    assert!(matches!(early, Err(SignInForError::NotNow)), "{early:?}");
    assert!(matches!(engine.expected_at(&mina, id, Among::Named("")).await, Err(Refused::NotFound)));
    world.waits(TimeDelta::days(1));
    let names = async |among: Among<'_>| {
        let expected = engine.expected_at(&mina, id, among).await.unwrap();
        let names: Vec<String> = expected.people.iter().map(|person| person.name.clone()).collect();
        (names.join(" "), expected.of)
    };
    assert_eq!(names(Among::Named("")).await, ("amy bea".to_owned(), 2));
    assert_eq!(names(Among::Named("bEA")).await, ("bea".to_owned(), 1));
    assert_eq!(names(Among::These(&[amy.person.id, ben.person.id])).await, ("amy".to_owned(), 1));
    // Nobody signs in themselves so, nor anybody whom they may not give programmes to.
    let tried = async |by: &Person, people: &[engine::PersonId]| engine.sign_in_for(by, id, people).await;
    for other in [lead.person.id, ben.person.id, vic.person.id] {
        let refused = tried(&mina, &[amy.person.id, other]).await;
        assert!(matches!(refused, Err(SignInForError::NotExpected)), "{refused:?}");
    }
    assert!(matches!(tried(&mina, &[]).await, Err(SignInForError::NotLed(NotLed::Nobody))));
    let root = world.person("root", &[Role::Administrator]).await.person;
    for other in [&root, &bea.person] {
        let refused = tried(other, &[amy.person.id]).await;
        assert!(matches!(refused, Err(SignInForError::NotLed(NotLed::NotTheirs))), "{refused:?}");
        assert!(matches!(engine.expected_at(other, id, Among::Named("")).await, Err(Refused::NotFound)));
    }
    assert_eq!(world.raw.count("workshop_sign_in").await, 0);
    signs_in(&bea, &code(&world, &mina, id).await).await;
    assert_eq!(tried(&mina, &[amy.person.id, bea.person.id, amy.person.id]).await.unwrap(), 1);
    assert_eq!(tried(&mina, &[amy.person.id]).await.unwrap(), 0, "twice is once");
    assert_eq!(names(Among::Named("")).await, (String::new(), 0));
    assert_eq!(world.raw.count("completion").await, 0, "it counts for nothing yet");
    world.waits(TimeDelta::hours(2));
    let led = engine.workshop(&mina, id).await.unwrap();
    let by_leader: Vec<bool> = led.there.iter().map(|one| one.by_leader).collect();
    assert_eq!((by_leader.iter().filter(|by_leader| **by_leader).count(), by_leader.len()), (1, 2));
    engine.confirm_workshop(&mina, id, &[amy.person.id, bea.person.id]).await.unwrap();
    // The record says by whom, and so does the log of her alone.
    let attended = async |someone: &Someone| {
        let record = engine.cpd_record(someone.person.id).await.unwrap();
        record.years[0].entries[0].attended.clone().unwrap()
    };
    let starts_at = led.workshop.starts_at;
    let leader_name = Some("mina".to_owned());
    let hers = AttendedWorkshop { place: PLACE.to_owned(), starts_at, leader_name, by_leader: true };
    assert_eq!(attended(&amy).await, hers);
    assert_eq!(attended(&bea).await, AttendedWorkshop { by_leader: false, ..hers });
    let bundle = is_valid(engine).await;
    let openings = String::from_utf8_lossy(&bundle.write().unwrap()["openings"].clone()).into_owned();
    assert_eq!(openings.matches("signed_in_by").count(), 1, "{openings}");
    let data = engine.own_data(&amy.person).await.unwrap();
    assert_eq!(data.kinds.iter().find(|kind| kind.table == "workshop_sign_in").unwrap().rows.len(), 1);
    world.waits(Workshop::CONFIRMED_WITHIN);
    assert!(matches!(tried(&mina, &[amy.person.id]).await, Err(SignInForError::NotNow)));
}

async fn one_for_a_group_is_for_those_who_are_in_it_on_its_day(world: World) {
    let engine = &world.engine;
    // She looks after both groups, and the workshop is for one of them.
    let lead = world.person("mina", &[Role::Manager]).manages("North").manages("South").await;
    let mina = now(&lead).await;
    let (amy, ben) = (world.learner("amy").of("North/A").await, world.learner("ben").of("South").await);
    let cat = world.learner("cat").of("South").await;
    let id = planned(&world, &mina).await;
    let shown = code(&world, &mina, id).await;
    let refused = engine.sign_in_to_workshop(&ben.person, &shown, "here").await;
    assert!(matches!(refused, Err(WorkshopSignInError::NotOfGroup)), "{refused:?}");
    let refused = engine.sign_in_for(&mina, id, &[amy.person.id, ben.person.id]).await;
    assert!(matches!(refused, Err(SignInForError::NotOfGroup)), "{refused:?}");
    assert_eq!(world.raw.count("workshop_sign_in").await, 0, "all of them or none");
    let expected = async || {
        let expected = engine.expected_at(&mina, id, Among::Named("")).await.unwrap();
        expected.people.iter().map(|person| person.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(expected().await, "amy");
    signs_in(&amy, &shown).await;
    // Whoever comes into the group on the day is of it; who comes on the day after is not, and who was of it then stays so.
    let (north, below) = (group(&world, "North").await, group(&world, "North/A").await);
    let dot = world.learner("dot").of("North/A").await;
    engine.join_group(ben.person.id, north, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    engine.join_group(cat.person.id, north, today(&world), Actor::CommandLine).await.unwrap();
    engine.leave_group(dot.person.id, below, today(&world), Actor::CommandLine).await.unwrap();
    engine.join_group(dot.person.id, group(&world, "South").await, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(expected().await, "ben dot");
    let refused = engine.sign_in_for(&mina, id, &[cat.person.id]).await;
    assert!(matches!(refused, Err(SignInForError::NotOfGroup)), "{refused:?}");
    assert_eq!(engine.sign_in_for(&mina, id, &[ben.person.id, dot.person.id]).await.unwrap(), 2);
}

async fn that_one_is_needed_and_none_is_planned_is_told_to_who_may_plan_it(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    world.learner("cat").of("South").await;
    let wanted = async |reader: &Person| {
        let wanted = engine.workshops_wanted(reader).await.unwrap();
        let groups = wanted.iter().map(|one| {
            let group = one.group.as_ref().map(|(_, names)| names.join("/")).unwrap_or_default();
            format!("{} {} {}", one.module, group, one.people)
        });
        groups.collect::<Vec<_>>()
    };
    assert_eq!(wanted(&dan).await, [""; 0], "each module has a quiz");
    world.adds_live_day().await;
    assert_eq!(wanted(&mina).await, ["live-day North 2"]);
    assert_eq!(wanted(&dan).await, ["live-day North 2", "live-day South 1"]);
    assert_eq!(wanted(&amy.person).await, [""; 0]);
    let off = plans_live_day(&world, &mina, 1, "North").await;
    assert_eq!((wanted(&mina).await, wanted(&dan).await), (Vec::new(), vec!["live-day South 1".to_owned()]));
    engine.call_off_workshop(&mina, off).await.unwrap();
    assert_eq!(wanted(&mina).await, ["live-day North 2"]);
    let id = plans_live_day(&world, &mina, 0, "North").await;
    signs_in(&amy, &code(&world, &mina, id).await).await;
    world.waits(TimeDelta::hours(10));
    assert_eq!(wanted(&mina).await, [""; 0], "its day is not over");
    // Who was at one waits for that; who was not needs another.
    world.waits(TimeDelta::days(1));
    assert_eq!(wanted(&mina).await, ["live-day North 1"]);
    engine.confirm_workshop(&mina, id, &[amy.person.id]).await.unwrap();
    assert_eq!(wanted(&mina).await, ["live-day North 1"]);
    engine.leave(ben.person.id, today(&world), Actor::CommandLine).await.unwrap();
    assert_eq!(wanted(&mina).await, [""; 0]);
}

async fn who_passes_a_module_at_one_is_told_the_next_that_they_can_go_to(world: World) {
    let engine = &world.engine;
    world.adds_live_day().await;
    let mina = manager(&world).await;
    let dan = world.person("dan", &[Role::Dsl]).await.person;
    let amy = world.learner("amy").of("North").await;
    let which = async || {
        let own = engine.own_workshops(&now(&amy).await).await.unwrap();
        match own.of(&slug("live-day")) {
            AtWhich::Next(coming) => Ok((coming.workshop.id, coming.signed_in)),
            AtWhich::Unconfirmed(was) => Err(Some(was.id)),
            AtWhich::NotPlanned => Err(None),
        }
    };
    assert_eq!(which().await, Err(None));
    world.learner("ben").of("South").await;
    plans_live_day(&world, &dan, 1, "South").await;
    planned(&world, &mina).await;
    assert_eq!(which().await, Err(None), "for others, or about something else");
    let later = plans_live_day(&world, &mina, 9, "North").await;
    let first = plans_live_day(&world, &mina, 0, "North").await;
    assert_eq!(which().await, Ok((first, false)));
    signs_in(&amy, &code(&world, &mina, first).await).await;
    assert_eq!(which().await, Ok((first, true)));
    world.waits(TimeDelta::hours(30));
    assert_eq!(which().await, Err(Some(first)), "it is still to be said that she was there");
    world.waits(TimeDelta::days(6));
    assert_eq!(which().await, Ok((later, false)), "nobody said so");
}
