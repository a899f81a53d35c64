//! Modules worked through side by side: a discussion that both confirm, and the quiz by oneself.

use chrono::{Days, TimeDelta};
use engine::{
    Actor, AnswerError, Discussion, DiscussionId, Duty, HoldError, HowEarned, LetterAbout, LetterKind, NewDiscussion,
    Person, QuizState, RecordFact, Refused, Role, TextFault,
};

use crate::signed_log::is_valid;
use world::{Someone, World, group, now, on_both, slug, today};

on_both![
    both_confirm_and_the_quiz_is_passed_by_oneself,
    a_letter_asks_whether_it_was_held,
    confirming_alone_passes_nothing_and_opens_no_gate,
    who_looks_after_somebody_marks_it_as_held_and_never_of_oneself,
    it_is_marked_within_a_week_of_what_is_published,
    it_is_answered_once_by_whom_it_was_with_within_a_fortnight,
    a_pass_after_it_uses_it_up,
    what_another_edition_replaced_is_not_confirmed,
    it_stands_where_it_is_asked_for,
    who_marked_it_is_told_that_it_was_denied,
    a_pass_names_no_discussion_that_was_not_confirmed,
];

const PLACE: &str = "Room 12, Northfield";

fn new(world: &World, someone: &Someone) -> NewDiscussion {
    NewDiscussion {
        person: someone.person.id,
        module: slug("four-cs"),
        version: 1,
        held_on: today(world),
        place: PLACE.to_owned(),
    }
}

async fn manager(world: &World) -> Person {
    now(&world.person("mina", &[Role::Manager]).manages("North").await).await
}

async fn who_marked_it_is_told_that_it_was_denied(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let denied = async || engine.own_page(&mina).await.unwrap().denied.len();
    let id = held(&amy, &mina).await;
    assert_eq!(denied().await, 0);
    engine.answer_discussion(&amy.person, id, false).await.unwrap();
    assert_eq!(denied().await, 1);
    world.waits(TimeDelta::days(1));
    let another = held(&amy, &mina).await;
    assert_eq!(denied().await, 0, "they are asked once more");
    engine.answer_discussion(&amy.person, another, false).await.unwrap();
    assert_eq!(denied().await, 1);
    world.waits(TimeDelta::days(15));
    assert_eq!(denied().await, 0, "it was told for a fortnight");
}

async fn held(someone: &Someone, by: &Person) -> DiscussionId {
    let world = &someone.world;
    world.engine.hold_discussion(by, &new(world, someone)).await.unwrap()
}

async fn a_letter_asks_whether_it_was_held(mut world: World) {
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let ben = world.learner("ben").of("North").await;
    world.engine.hold_discussion(&mina, &new(&world, &ben)).await.unwrap();
    world.engine = world.engine.with_letters();
    let engine = &world.engine;
    let id = engine.hold_discussion(&mina, &new(&world, &amy)).await.unwrap();
    let letters = engine.claim_letters(50).await.unwrap();
    let asked: Vec<_> = letters.iter().filter(|letter| letter.about.kind() == LetterKind::Discussed).collect();
    assert_eq!((asked.len(), asked[0].person), (1, amy.person.id), "nobody is written to where no letters are sent");
    let LetterAbout::Discussed { tutor, held_on, discussion, until, .. } = &asked[0].about else { unreachable!() };
    assert_eq!((tutor.as_str(), *held_on, *discussion), ("mina", today(&world), id));
    assert_eq!(
        *until,
        engine.discussion(&amy.person, id).await.unwrap().discussion.recorded_at + Discussion::ANSWERED_WITHIN
    );
}

async fn both_confirm_and_the_quiz_is_passed_by_oneself(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let id = held(&amy, &mina).await;
    assert_eq!(engine.quiz_entry(&amy.person, &slug("four-cs")).await.unwrap().to_answer, Some(id));
    engine.answer_discussion(&amy.person, id, true).await.unwrap();
    engine.answer_discussion(&amy.person, id, true).await.unwrap();
    assert_eq!(world.raw.count("discussion_answer").await, 1, "saying it twice is saying it once");
    assert_eq!(engine.quiz_entry(&amy.person, &slug("four-cs")).await.unwrap().to_answer, None);
    amy.passes("four-cs").await;
    let record = engine.cpd_record(amy.person.id).await.unwrap();
    let entry = &record.years[0].entries[0];
    assert_eq!(entry.how, HowEarned::SideBySide);
    let discussed = entry.discussed.as_ref().unwrap();
    let said = (discussed.tutor_name.as_deref(), discussed.place.as_str(), discussed.held_on);
    assert_eq!(said, (Some("mina"), PLACE, today(&world)));
    assert!(entry.possible.in_hundredths() > 0, "it was marked");
    assert_eq!(engine.certificate(&amy.person, entry.completion).await.unwrap().how, HowEarned::SideBySide);
    amy.signs("laptop-loan").await.unwrap();
    let record = engine.person_record(&mina, amy.person.id, None).await.unwrap();
    let has = |found: &dyn Fn(&RecordFact) -> bool| {
        record.events.iter().any(|event| found(&event.what) && event.entry.is_some())
    };
    assert!(has(&|what| matches!(what, RecordFact::Passed { by: HowEarned::SideBySide, .. })));
    assert!(has(&|what| matches!(what, RecordFact::Discussed { held, .. } if held.place == PLACE)));
    assert!(has(&|what| matches!(what, RecordFact::DiscussionAnswered { held: true, .. })));
    // The log has who, where and how, and is valid.
    let bundle = is_valid(engine).await;
    let openings = bundle.write().unwrap()["openings"].clone();
    let openings = String::from_utf8_lossy(&openings);
    for said in ["side-by-side", "discussion-answered", PLACE, &format!("person:{}", mina.id)] {
        assert!(openings.contains(said), "{said}: {openings}");
    }
    if world.raw.is_sqlite() {
        world.raw.run("DROP TRIGGER discussion_never_changes").await.unwrap();
        assert_eq!(world.raw.run("UPDATE discussion SET place = 'Elsewhere'").await.unwrap(), 1);
        assert_eq!(engine.compare_rows().await.unwrap().len(), 2, "the discussion, and the pass after it");
    }
}

async fn confirming_alone_passes_nothing_and_opens_no_gate(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = held(&amy, &mina).await;
    engine.answer_discussion(&amy.person, id, true).await.unwrap();
    assert!(matches!(amy.quiz("four-cs").await, QuizState::Ready { .. }));
    assert!(amy.signs("laptop-loan").await.is_err());
    assert_eq!(world.raw.count("completion").await, 0);
    // Where only one of them says so, the pass says nothing of it.
    let id = held(&ben, &mina).await;
    engine.answer_discussion(&ben.person, id, false).await.unwrap();
    ben.passes("four-cs").await;
    let entry = engine.cpd_record(ben.person.id).await.unwrap().years[0].entries[0].clone();
    assert_eq!((entry.how, entry.discussed), (HowEarned::Quiz, None));
    is_valid(engine).await;
}

async fn who_looks_after_somebody_marks_it_as_held_and_never_of_oneself(world: World) {
    let engine = &world.engine;
    let lead = world.person("mina", &[Role::Manager]).also("learner").of("North").manages("North").await;
    let mina = now(&lead).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("South").await);
    let gone = world.learner("gwen").of("North").await;
    engine.leave(gone.person.id, today(&world), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    for other in [&lead, &ben, &gone] {
        let said = engine.hold_discussion(&mina, &new(&world, other)).await;
        assert!(matches!(said, Err(HoldError::NotTheirs)), "{said:?}");
    }
    let ada = world.person("ada", &[Role::Auditor]).await.person;
    for other in [&amy.person, &ada] {
        let said = engine.hold_discussion(other, &new(&world, &amy)).await;
        assert!(matches!(said, Err(HoldError::NotTheirs)), "{said:?}");
        assert!(matches!(engine.run_sheet(other, &slug("four-cs")), Err(Refused::NotForYou)));
    }
    assert!(engine.run_sheet(&mina, &slug("four-cs")).unwrap().side_by_side.len() > 1);
    assert!(matches!(engine.discussions_with(&mina, ben.person.id).await, Err(Refused::NotFound)));
    // Whose duty has ended marks nothing any more.
    let north = group(&world, "North").await;
    let duty = Duty { role: Role::Manager, over: Some(north) };
    engine.end_duty(mina.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let said = engine.hold_discussion(&mina, &new(&world, &amy)).await;
    assert!(matches!(said, Err(HoldError::NotTheirs)), "{said:?}");
    assert_eq!(world.raw.count("discussion").await, 0);
}

async fn it_is_marked_within_a_week_of_what_is_published(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let good = new(&world, &amy);
    let hold = async |new: NewDiscussion| engine.hold_discussion(&mina, &new).await;
    for held_on in [today(&world) + Days::new(1), today(&world) - Days::new(8)] {
        assert!(matches!(hold(NewDiscussion { held_on, ..good.clone() }).await, Err(HoldError::Day)));
    }
    let place = NewDiscussion { place: " ".to_owned(), ..good.clone() };
    assert!(matches!(hold(place).await, Err(HoldError::Place(TextFault::Empty))));
    for module in ["sharing-nudes", "nothing"] {
        let module = NewDiscussion { module: slug(module), ..good.clone() };
        assert!(matches!(hold(module).await, Err(HoldError::NoSuchModule)));
    }
    for version in [0, 2] {
        let version = NewDiscussion { version, ..good.clone() };
        assert!(matches!(hold(version).await, Err(HoldError::Superseded)));
    }
    world.publishes_new_edition_of("four-cs").await;
    assert!(matches!(hold(good.clone()).await, Err(HoldError::Superseded)), "they followed what was replaced");
    assert_eq!(world.raw.count("discussion").await, 0);
    hold(NewDiscussion { version: 2, ..good.clone() }).await.unwrap();
    assert!(matches!(hold(NewDiscussion { version: 2, ..good }).await, Err(HoldError::Already)), "one waits");
}

async fn it_is_answered_once_by_whom_it_was_with_within_a_fortnight(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let id = held(&amy, &mina).await;
    for other in [&mina, &ben.person] {
        let said = engine.answer_discussion(other, id, true).await;
        assert!(matches!(said, Err(AnswerError::NotTheirs)), "{said:?}");
    }
    assert!(matches!(engine.discussion(&ben.person, id).await, Err(Refused::NotFound)));
    assert!(engine.discussion(&mina, id).await.unwrap().discussion.answer.is_none());
    engine.answer_discussion(&amy.person, id, false).await.unwrap();
    let said = engine.answer_discussion(&amy.person, id, true).await;
    assert!(matches!(said, Err(AnswerError::Answered)), "{said:?}");
    // It can be marked again, and is not asked for ever.
    let again = held(&amy, &mina).await;
    world.waits(Discussion::ANSWERED_WITHIN);
    assert!(engine.discussions_to_answer(&amy.person).await.unwrap().is_empty());
    let said = engine.answer_discussion(&amy.person, again, true).await;
    assert!(matches!(said, Err(AnswerError::TooLate)), "{said:?}");
    held(&amy, &mina).await;
    let states: Vec<Option<bool>> = engine
        .discussions_held(&mina)
        .await
        .unwrap()
        .iter()
        .map(|one| one.discussion.answer.map(|(held, _)| held))
        .collect();
    assert_eq!(states, [None, None, Some(false)]);
}

async fn a_pass_after_it_uses_it_up(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let id = held(&amy, &mina).await;
    engine.answer_discussion(&amy.person, id, true).await.unwrap();
    let said = engine.hold_discussion(&mina, &new(&world, &amy)).await;
    assert!(matches!(said, Err(HoldError::Already)), "the pass is still to come: {said:?}");
    amy.passes("four-cs").await;
    let said = engine.hold_discussion(&mina, &new(&world, &amy)).await;
    assert!(matches!(said, Err(HoldError::Passed)), "{said:?}");
    world.waits(TimeDelta::days(300));
    amy.passes("four-cs").await;
    let record = engine.cpd_record(amy.person.id).await.unwrap();
    let how: Vec<HowEarned> = record.years.iter().flat_map(|year| &year.entries).map(|entry| entry.how).collect();
    assert_eq!(how, [HowEarned::Quiz, HowEarned::SideBySide], "newest first");
    is_valid(engine).await;
}

async fn what_another_edition_replaced_is_not_confirmed(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let (amy, ben) = (world.learner("amy").of("North").await, world.learner("ben").of("North").await);
    let (waits, confirmed) = (held(&amy, &mina).await, held(&ben, &mina).await);
    engine.answer_discussion(&ben.person, confirmed, true).await.unwrap();
    world.publishes_new_edition_of("four-cs").await;
    let said = engine.answer_discussion(&amy.person, waits, true).await;
    assert!(matches!(said, Err(AnswerError::Superseded)), "{said:?}");
    ben.passes("four-cs").await;
    let entry = engine.cpd_record(ben.person.id).await.unwrap().years[0].entries[0].clone();
    assert_eq!((entry.version, entry.how), (2, HowEarned::Quiz));
}

async fn it_stands_where_it_is_asked_for(world: World) {
    let engine = &world.engine;
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let id = held(&amy, &mina).await;
    let asked = engine.discussions_to_answer(&amy.person).await.unwrap();
    assert_eq!((asked.len(), asked[0].discussion.id, asked[0].title.as_str()), (1, id, "The 4 Cs"));
    assert_eq!(asked[0].discussion.tutor_name.as_deref(), Some("mina"));
    let with = engine.discussions_with(&mina, amy.person.id).await.unwrap();
    assert_eq!((with.held.len(), with.modules.len(), with.name.as_str()), (1, 1, "amy"));
    assert_eq!(world.raw.count("look").await, 1, "that it was looked at is noted");
    // It goes with its person, and stays where its tutor goes.
    engine.answer_discussion(&amy.person, id, true).await.unwrap();
    let today = today(&world);
    engine.leave(mina.id, today, Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(1));
    engine.erase_person(mina.id, Actor::CommandLine).await.unwrap();
    amy.passes("four-cs").await;
    let entry = engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].clone();
    assert_eq!(entry.discussed.unwrap().tutor_name, None);
    is_valid(engine).await;
    engine.leave(amy.person.id, engine::local_date(engine.now()), Actor::CommandLine).await.unwrap();
    engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("discussion").await + world.raw.count("discussion_answer").await, 0);
    is_valid(engine).await;
}

/// The database itself refuses it, whichever server writes.
async fn a_pass_names_no_discussion_that_was_not_confirmed(world: World) {
    let mina = manager(&world).await;
    let amy = world.learner("amy").of("North").await;
    let id = held(&amy, &mina).await;
    let ben = world.learner("ben").of("North").passes("four-cs").await;
    let pass = world.engine.cpd_record(ben.person.id).await.unwrap().years[0].entries[0].completion;
    let columns = "person_id, module, version, edition, attempt_id, refreshes, earned, possible, minutes, pages_opened, pages, \
         started_at, completed_at, expires_at";
    let insert = format!(
        "INSERT INTO completion (id, discussion_id, {columns}) SELECT {0}, {0}, {columns} FROM completion WHERE id = {1}",
        world.id_of(id.0),
        world.id_of(pass.0)
    );
    let refused = world.raw.run(&insert).await.unwrap_err().to_string();
    assert!(refused.contains("a pass names only a discussion of its own that both confirmed"), "{refused}");
}
