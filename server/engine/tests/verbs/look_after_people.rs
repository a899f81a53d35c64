//! Duties, stays, groups, memberships, assignments and exemptions: given and ended, with whom and when.

use crate::signed_log::is_valid;
use chrono::{Days, NaiveDate, TimeDelta};
use engine::{
    Actor, AssignError, AssignedTo, AssignmentId, DayFault, Duty, DutyError, ExemptError, ExemptionId, GroupError,
    GroupId, MembershipError, NewExemption, PersonId, Role, StayError, Thing, Why,
};
use model::{ProgrammeSlug, Status};

use world::{Someone, World, group, now, on_both, slug, today};

on_both![
    nobody_acts_on_themselves,
    an_end_before_the_beginning_is_refused_in_words,
    days_that_nobody_can_mean_are_refused,
    what_is_not_there_is_said,
    leaving_ends_duties_also_those_that_were_to_begin,
    leaving_can_be_brought_forward_and_not_put_off,
    an_auditors_duty_ends_by_itself_and_may_end_sooner,
    of_two_duties_that_follow_on_each_other_either_may_end_sooner,
    a_duty_is_not_given_for_days_on_which_they_have_it,
    who_comes_back_is_asked_from_that_day_and_has_no_duties,
    nobody_comes_back_who_is_here_or_before_they_left,
    a_group_moves_with_those_below_and_never_below_itself,
    a_group_is_meant_by_the_end_of_its_path_and_not_made_twice,
    a_group_is_ended_once_only_leavers_are_in_it,
    nobody_joins_a_group_while_it_is_ended,
    an_assignment_to_a_group_asks_until_it_is_ended,
    an_exemption_excuses_until_it_is_ended,
    past_days_are_shown_as_they_were_known_or_as_they_are_known,
    what_joins_a_programme_or_is_raised_later_was_not_asked_before,
];

const BY: Actor = Actor::CommandLine;

async fn nobody_acts_on_themselves(world: World) {
    let root = world.person("root", &[Role::Administrator]).of("Northfield").await;
    let (engine, id, on) = (&world.engine, root.person.id, today(&world));
    let by = Actor::Person(id);
    let duty = Duty { role: Role::Dsl, over: None };
    assert!(matches!(engine.give_duty(id, duty, on, by).await, Err(DutyError::Oneself)));
    assert!(matches!(engine.end_duty(id, root.person.duties[0], on, by).await, Err(DutyError::Oneself)));
    assert!(matches!(engine.leave(id, on, by).await, Err(StayError::Oneself)));
    assert!(matches!(engine.come_back(id, on, by).await, Err(StayError::Oneself)));
    let northfield = group(&world, "Northfield").await;
    assert!(matches!(engine.leave_group(id, northfield, on, by).await, Err(MembershipError::Oneself)));
    let assigned = engine.assign(&induction(), AssignedTo::Person(id), on, by).await;
    assert!(matches!(assigned, Err(AssignError::Oneself)));
    let assignment = engine.assign(&induction(), AssignedTo::Person(id), on, BY).await.unwrap();
    assert!(matches!(engine.end_assignment(assignment, on, by).await, Err(AssignError::Oneself)));
    assert!(matches!(engine.exempt(exemption(id, on), by).await, Err(ExemptError::Oneself)));
    let exempt = engine.exempt(exemption(id, on), BY).await.unwrap();
    assert!(matches!(engine.end_exemption(exempt, on, by).await, Err(ExemptError::Oneself)));
}

async fn an_end_before_the_beginning_is_refused_in_words(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").of("Northfield").await;
    let (engine, id, begins_on) = (&world.engine, mina.person.id, today(&world));
    let before = begins_on - Days::new(1);
    let fault = DayFault::BeforeItBegins { begins_on };
    let duty = mina.person.duties[0];
    assert!(matches!(engine.end_duty(id, duty, before, BY).await, Err(DutyError::Day(found)) if found == fault));
    assert!(matches!(engine.leave(id, before, BY).await, Err(StayError::Day(found)) if found == fault));
    let northfield = group(&world, "Northfield").await;
    let left = engine.leave_group(id, northfield, before, BY).await;
    assert!(matches!(left, Err(MembershipError::Day(found)) if found == fault));
    let cohort = group(&world, "Northfield/Cohort A").await;
    assert!(matches!(engine.end_group(cohort, before, BY).await, Err(GroupError::Day(found)) if found == fault));
    let moved = engine.move_group(cohort, None, "Cohort A", before, BY).await;
    assert!(matches!(moved, Err(GroupError::Day(found)) if found == fault));
    let assignment = engine.assign(&induction(), AssignedTo::Person(id), begins_on, BY).await.unwrap();
    let ended = engine.end_assignment(assignment, before, BY).await;
    assert!(matches!(ended, Err(AssignError::Day(found)) if found == fault));
    let exempt = engine.exempt(exemption(id, begins_on), BY).await.unwrap();
    let ended = engine.end_exemption(exempt, before, BY).await;
    assert!(matches!(ended, Err(ExemptError::Day(found)) if found == fault));
    // On the day on which it begins, each is taken back from its beginning.
    engine.end_duty(id, duty, begins_on, BY).await.unwrap();
    engine.end_assignment(assignment, begins_on, BY).await.unwrap();
    engine.end_exemption(exempt, begins_on, BY).await.unwrap();
    engine.end_group(cohort, begins_on, BY).await.unwrap();
    engine.leave_group(id, northfield, begins_on, BY).await.unwrap();
    engine.leave(id, begins_on, BY).await.unwrap();
}

async fn days_that_nobody_can_mean_are_refused(world: World) {
    let amy = world.learner("amy").await;
    let (engine, id) = (&world.engine, amy.person.id);
    let cohort = group(&world, "Northfield").await;
    for year in [1, 9999] {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let far = |fault| fault == DayFault::FarOff(day);
        let duty = Duty { role: Role::Dsl, over: None };
        assert!(matches!(engine.give_duty(id, duty, day, BY).await, Err(DutyError::Day(fault)) if far(fault)));
        assert!(matches!(engine.leave(id, day, BY).await, Err(StayError::Day(fault)) if far(fault)));
        assert!(matches!(engine.join_group(id, cohort, day, BY).await, Err(MembershipError::Day(fault)) if far(fault)));
        assert!(matches!(engine.add_group("B", None, day, BY).await, Err(GroupError::Day(fault)) if far(fault)));
        let assigned = engine.assign(&induction(), AssignedTo::Person(id), day, BY).await;
        assert!(matches!(assigned, Err(AssignError::Day(fault)) if far(fault)));
        assert!(matches!(engine.exempt(exemption(id, day), BY).await, Err(ExemptError::Day(fault)) if far(fault)));
    }
}

async fn what_is_not_there_is_said(world: World) {
    let amy = world.learner("amy").await;
    let (engine, id, on) = (&world.engine, amy.person.id, today(&world));
    let nobody = PersonId(world.random_id());
    let nowhere = GroupId(world.random_id());
    let duty = Duty { role: Role::Manager, over: Some(nowhere) };
    assert!(matches!(engine.give_duty(id, duty, on, BY).await, Err(DutyError::NoSuchGroup)));
    assert!(matches!(engine.end_duty(id, duty, on, BY).await, Err(DutyError::NoSuchDuty)));
    let everywhere = Duty { role: Role::Dsl, over: None };
    assert!(matches!(engine.give_duty(nobody, everywhere, on, BY).await, Err(DutyError::NoSuchPerson)));
    assert!(matches!(engine.leave(nobody, on, BY).await, Err(StayError::NoSuchPerson)));
    assert!(matches!(engine.come_back(nobody, on, BY).await, Err(StayError::NoSuchPerson)));
    assert!(matches!(engine.join_group(id, nowhere, on, BY).await, Err(MembershipError::NoSuchGroup)));
    assert!(matches!(engine.leave_group(id, nowhere, on, BY).await, Err(MembershipError::NotIn)));
    assert!(matches!(engine.end_group(nowhere, on, BY).await, Err(GroupError::NoSuchGroup)));
    assert!(matches!(engine.add_group("B", Some(nowhere), on, BY).await, Err(GroupError::NoSuchGroup)));
    let assigned = engine.assign(&induction(), AssignedTo::Group(nowhere), on, BY).await;
    assert!(matches!(assigned, Err(AssignError::NoSuchGroup)));
    let assigned = engine.assign(&induction(), AssignedTo::Person(nobody), on, BY).await;
    assert!(matches!(assigned, Err(AssignError::NoSuchPerson)));
    let ended = engine.end_assignment(AssignmentId(world.random_id()), on, BY).await;
    assert!(matches!(ended, Err(AssignError::NoSuchAssignment)));
    assert!(matches!(engine.exempt(exemption(nobody, on), BY).await, Err(ExemptError::NoSuchPerson)));
    let ended = engine.end_exemption(ExemptionId(world.random_id()), on, BY).await;
    assert!(matches!(ended, Err(ExemptError::NoSuchExemption)));
}

async fn leaving_ends_duties_also_those_that_were_to_begin(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let (engine, id, on) = (&world.engine, mina.person.id, today(&world));
    let dsl = Duty { role: Role::Dsl, over: None };
    engine.give_duty(id, dsl, on + Days::new(30), BY).await.unwrap();
    engine.leave(id, on + Days::new(1), BY).await.unwrap();
    assert!(engine.person(id).await.unwrap().is_some());
    world.waits(TimeDelta::days(1));
    assert_eq!(engine.person(id).await.unwrap(), None);
    assert!(matches!(engine.leave(id, today(&world), BY).await, Err(StayError::NotHere)));
    engine.come_back(id, today(&world), BY).await.unwrap();
    assert_eq!(now(&mina).await.duties, []);
    world.waits(TimeDelta::days(40));
    assert_eq!(now(&mina).await.duties, []);
    engine.give_duty(id, dsl, today(&world), BY).await.unwrap();
    assert_eq!(now(&mina).await.duties, [dsl]);
    let again = engine.give_duty(id, dsl, today(&world), BY).await;
    assert!(matches!(again, Err(DutyError::AlreadyGiven { begins_on }) if begins_on == today(&world)));
}

async fn leaving_can_be_brought_forward_and_not_put_off(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let (engine, id, on) = (&world.engine, mina.person.id, today(&world));
    let later = Duty { role: Role::Dsl, over: None };
    engine.give_duty(id, later, on + Days::new(15), BY).await.unwrap();
    let leaves_on = on + Days::new(20);
    engine.leave(id, leaves_on, BY).await.unwrap();
    for day in [leaves_on, leaves_on + Days::new(1)] {
        let refused = engine.leave(id, day, BY).await;
        assert!(matches!(refused, Err(StayError::LeavesSooner { leaves_on: found }) if found == leaves_on));
    }
    // It is brought forward twice, and each end that was recorded is kept: of the stay twice, of the duty that had begun twice, of the other once.
    engine.leave(id, on + Days::new(10), BY).await.unwrap();
    assert_eq!(world.raw.count("brought_forward").await, 3);
    world.waits(TimeDelta::days(2));
    assert!(engine.person(id).await.unwrap().is_some());
    engine.leave(id, today(&world), BY).await.unwrap();
    assert_eq!(world.raw.count("brought_forward").await, 5);
    assert_eq!(engine.person(id).await.unwrap(), None);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    // Nothing that was to end later goes on for who comes back.
    engine.come_back(id, today(&world), BY).await.unwrap();
    for days in [0, 9, 14] {
        world.waits(TimeDelta::days(days));
        assert_eq!(now(&mina).await.duties, []);
    }
    let too_early = engine.leave(id, on, BY).await;
    assert!(matches!(too_early, Err(StayError::Day(_))), "{too_early:?}");
}

async fn an_auditors_duty_ends_by_itself_and_may_end_sooner(world: World) {
    let root = Actor::Person(world.person("root", &[Role::Administrator]).await.person.id);
    let ada = world.staff("ada").await;
    let (engine, id, on) = (&world.engine, ada.person.id, today(&world));
    let (auditor, until) = (Duty { role: Role::Auditor, over: None }, on + Days::new(30));
    assert!(matches!(engine.give_duty(id, auditor, on, root).await, Err(DutyError::NoEnd)));
    let at_once = engine.give_duty_until(id, auditor, on, Some(on), root).await;
    assert!(matches!(at_once, Err(DutyError::EndsAtOnce { begins_on }) if begins_on == on), "{at_once:?}");
    engine.give_duty_until(id, auditor, on, Some(until), root).await.unwrap();
    assert_eq!(now(&ada).await.duties, [auditor]);
    // It is given again from its end on, and that may end sooner, and not later.
    engine.give_duty_until(id, auditor, until, Some(until + Days::new(30)), root).await.unwrap();
    world.waits(TimeDelta::days(30));
    assert_eq!(now(&ada).await.duties, [auditor]);
    let last = until + Days::new(30);
    for day in [last, last + Days::new(1)] {
        let refused = engine.end_duty(id, auditor, day, root).await;
        assert!(matches!(refused, Err(DutyError::EndsSooner { ends_on }) if ends_on == last), "{refused:?}");
    }
    engine.end_duty(id, auditor, today(&world) + Days::new(1), root).await.unwrap();
    assert_eq!(world.raw.count("brought_forward").await, 1);
    world.waits(TimeDelta::days(1));
    assert_eq!(now(&ada).await.duties, []);
    assert!(matches!(engine.end_duty(id, auditor, today(&world), root).await, Err(DutyError::NoSuchDuty)));
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    is_valid(&world.engine).await;
}

async fn of_two_duties_that_follow_on_each_other_either_may_end_sooner(world: World) {
    let ada = world.staff("ada").await;
    let (engine, id, on) = (&world.engine, ada.person.id, today(&world));
    let (auditor, days) = (Duty { role: Role::Auditor, over: None }, |days: u64| on + Days::new(days));
    engine.give_duty_until(id, auditor, on, Some(days(30)), BY).await.unwrap();
    engine.give_duty_until(id, auditor, days(30), Some(days(60)), BY).await.unwrap();
    let none = engine.end_duty_begun(id, auditor, Some(days(1)), days(10), BY).await;
    assert!(matches!(none, Err(DutyError::NoSuchDuty)), "{none:?}");
    let later = engine.end_duty_begun(id, auditor, Some(on), days(40), BY).await;
    assert!(matches!(later, Err(DutyError::EndsSooner { ends_on }) if ends_on == days(30)), "{later:?}");
    engine.end_duty_begun(id, auditor, Some(on), days(10), BY).await.unwrap();
    // Where nothing is said of when it began, it is the last.
    engine.end_duty(id, auditor, days(50), BY).await.unwrap();
    assert_eq!(engine.compare_rows().await.unwrap(), []);
    for (wait, has) in [(9, true), (1, false), (19, false), (1, true), (19, true), (1, false)] {
        world.waits(TimeDelta::days(wait));
        assert_eq!(!now(&ada).await.duties.is_empty(), has, "{}", today(&world));
    }
}

async fn a_duty_is_not_given_for_days_on_which_they_have_it(world: World) {
    let ada = world.staff("ada").await;
    let (engine, id, on) = (&world.engine, ada.person.id, today(&world));
    let (auditor, until) = (Duty { role: Role::Auditor, over: None }, on + Days::new(30));
    engine.give_duty_until(id, auditor, on, Some(until), BY).await.unwrap();
    // Neither to end later, nor in between, nor without an end: of two, one would go on when the other is ended.
    let days = |days: u64| on + Days::new(days);
    for (first, end) in [(on, Some(days(40))), (days(1), Some(days(2))), (days(29), Some(days(60))), (on, None)] {
        let refused = engine.give_duty_until(id, auditor, first, end, BY).await;
        assert!(matches!(refused, Err(DutyError::AlreadyUntil { ends_on }) if ends_on == until), "{refused:?}");
    }
    engine.end_duty(id, auditor, on, BY).await.unwrap();
    assert_eq!(now(&ada).await.duties, []);
    // What never held keeps nobody from having it.
    engine.give_duty_until(id, auditor, on, Some(until), BY).await.unwrap();
    assert_eq!(now(&ada).await.duties, [auditor]);
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn who_comes_back_is_asked_from_that_day_and_has_no_duties(world: World) {
    let amy = world.learner("amy").await;
    world.waits(TimeDelta::days(100));
    world.engine.leave(amy.person.id, today(&world), BY).await.unwrap();
    world.waits(TimeDelta::days(100));
    world.engine.come_back(amy.person.id, today(&world), BY).await.unwrap();
    let page = world.engine.own_page(&now(&amy).await).await.unwrap();
    assert!(page.due.iter().all(|due| due.wanted.by == today(&world) + Days::new(14)), "{page:#?}");
    assert_eq!(now(&amy).await.start_date, today(&world));
}

async fn nobody_comes_back_who_is_here_or_before_they_left(world: World) {
    let amy = world.learner("amy").await;
    let (engine, id, on) = (&world.engine, amy.person.id, today(&world));
    let back = engine.come_back(id, on, BY).await;
    assert!(matches!(back, Err(StayError::StillHere { begins_on }) if begins_on == on));
    engine.leave(id, on + Days::new(10), BY).await.unwrap();
    let back = engine.come_back(id, on + Days::new(9), BY).await;
    assert!(matches!(back, Err(StayError::BeforeTheyLeft { left_on }) if left_on == on + Days::new(10)));
    engine.come_back(id, on + Days::new(10), BY).await.unwrap();
}

async fn a_group_moves_with_those_below_and_never_below_itself(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A/Tuesdays").await;
    let on = today(&world);
    let cohort = group(&world, "Northfield/Cohort A").await;
    let tuesdays = group(&world, "Northfield/Cohort A/Tuesdays").await;
    let riverside = group(&world, "Riverside").await;
    let below = world.engine.move_group(cohort, Some(tuesdays), "Cohort A", on, BY).await;
    assert!(matches!(below, Err(GroupError::BelowItself)));
    world.engine.move_group(cohort, Some(riverside), "Cohort Z", on, BY).await.unwrap();
    let mut names: Vec<_> = now(&amy).await.groups.into_iter().map(|(_, name)| name).collect();
    names.sort();
    assert_eq!(names, ["Cohort Z", "Riverside", "Tuesdays"]);
    let taken = world.engine.add_group("Cohort Z", Some(riverside), on, BY).await;
    assert!(matches!(taken, Err(GroupError::NameTaken)));
}

async fn a_group_is_meant_by_the_end_of_its_path_and_not_made_twice(world: World) {
    let engine = &world.engine;
    let cohort = group(&world, "Northfield Training/Northfield/Cohort A").await;
    for meant in ["Northfield/Cohort A", "cohort a", "Northfield Training/Northfield/Cohort A"] {
        let found = engine.group_meant(meant, BY).await.unwrap();
        assert_eq!((found.id, found.made), (cohort, None), "{meant}");
    }
    // What is missing is made where the rest of the path is.
    let made = engine.group_meant("Northfield/Cohort B", BY).await.unwrap();
    assert_eq!(made.made.as_deref(), Some("Northfield Training/Northfield/Cohort B"));
    assert_eq!(made.id, group(&world, "Northfield Training/Northfield/Cohort B").await);
    let above = engine.group_meant("Westfield/Cohort A", BY).await.unwrap();
    assert_eq!(above.id, group(&world, "Westfield/Cohort A").await);
    let several = engine.group_meant("Cohort A", BY).await.unwrap_err().to_string();
    assert!(several.contains("Northfield Training/Northfield/Cohort A") && several.contains("Westfield/"), "{several}");
    assert!(matches!(engine.group_meant(" / ", BY).await, Err(GroupError::Name(_))));
}

async fn a_group_is_ended_once_only_leavers_are_in_it(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let (engine, on) = (&world.engine, today(&world));
    let (northfield, cohort) = (group(&world, "Northfield").await, group(&world, "Northfield/Cohort A").await);
    assert!(matches!(engine.end_group(northfield, on, BY).await, Err(GroupError::NotEmpty)));
    assert!(matches!(engine.end_group(cohort, on, BY).await, Err(GroupError::NotEmpty)));
    engine.leave(amy.person.id, on + Days::new(1), BY).await.unwrap();
    assert!(matches!(engine.end_group(cohort, on, BY).await, Err(GroupError::NotEmpty)));
    engine.end_group(cohort, on + Days::new(1), BY).await.unwrap();
    assert!(matches!(engine.end_group(cohort, on + Days::new(1), BY).await, Err(GroupError::NoSuchGroup)));
    let joined = engine.join_group(amy.person.id, cohort, on, BY).await;
    assert!(matches!(joined, Err(MembershipError::NoSuchGroup)));
    world.waits(TimeDelta::days(2));
    engine.come_back(amy.person.id, today(&world), BY).await.unwrap();
    assert_eq!(now(&amy).await.groups, []);
}

async fn nobody_joins_a_group_while_it_is_ended(world: World) {
    let amy = world.learner("amy").await;
    let on = today(&world);
    for round in 0..10 {
        let cohort = world.engine.add_group(&format!("Cohort {round}"), None, on, BY).await.unwrap();
        let other = world.another_node().await;
        let (joined, ended) = tokio::join!(
            world.engine.join_group(amy.person.id, cohort, on, BY),
            other.engine.end_group(cohort, on, BY)
        );
        match (&joined, &ended) {
            (Ok(()), Err(GroupError::NotEmpty)) | (Err(MembershipError::NoSuchGroup), Ok(())) => {}
            _ => panic!("{joined:?}, {ended:?}"),
        }
    }
}

async fn an_assignment_to_a_group_asks_until_it_is_ended(world: World) {
    let pat = world.person("pat", &[]).also("volunteer").of("Northfield/Cohort A").await;
    let (engine, on) = (&world.engine, today(&world));
    assert_eq!(asked(&pat).await, 0);
    let to = AssignedTo::Group(group(&world, "Northfield").await);
    let assignment = engine.assign(&induction(), to, on + Days::new(5), BY).await.unwrap();
    assert_eq!(asked(&pat).await, 0);
    world.waits(TimeDelta::days(5));
    assert_eq!(asked(&pat).await, 3);
    engine.end_assignment(assignment, today(&world), BY).await.unwrap();
    assert_eq!(asked(&pat).await, 0);
    let again = engine.end_assignment(assignment, today(&world), BY).await;
    assert!(matches!(again, Err(AssignError::NoSuchAssignment)));
}

async fn an_exemption_excuses_until_it_is_ended(world: World) {
    let amy = world.learner("amy").await;
    let (engine, on) = (&world.engine, today(&world));
    assert_eq!(asked(&amy).await, 3);
    let exempt = engine.exempt(exemption(amy.person.id, on), BY).await.unwrap();
    assert_eq!(asked(&amy).await, 2);
    engine.end_exemption(exempt, on + Days::new(1), BY).await.unwrap();
    assert_eq!(asked(&amy).await, 2);
    world.waits(TimeDelta::days(1));
    assert_eq!(asked(&amy).await, 3);
    let short = NewExemption { given_before: Some(today(&world)), ..exemption(amy.person.id, today(&world)) };
    assert!(matches!(engine.exempt(short, BY).await, Err(ExemptError::NoTime)));
}

async fn past_days_are_shown_as_they_were_known_or_as_they_are_known(world: World) {
    let amy = world.learner("amy").await;
    let then = world.engine.now() + TimeDelta::hours(1);
    world.waits(TimeDelta::days(30));
    // Recorded today, and in force from her first day on.
    world.engine.exempt(exemption(amy.person.id, amy.person.start_date), BY).await.unwrap();
    let status = async |known| {
        let cells = world.engine.standing_at(amy.person.id, then, known).await.unwrap();
        cells.into_iter().find(|(thing, _)| *thing == Thing::Module(slug("four-cs"))).map(|(_, cell)| cell.status)
    };
    assert_eq!(status(then).await, Some(Status::NotStarted));
    assert_eq!(status(world.engine.now()).await, Some(Status::Exempt));
    // What she did later was not done then, whatever is known of it now.
    amy.passes("sharing-nudes").await;
    let cells = world.engine.standing_at(amy.person.id, then, world.engine.now()).await.unwrap();
    let found = cells.into_iter().find(|(thing, _)| *thing == Thing::Module(slug("sharing-nudes"))).unwrap();
    assert_eq!(found.1.status, Status::NotStarted);
}

async fn what_joins_a_programme_or_is_raised_later_was_not_asked_before(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let then = world.engine.now() + TimeDelta::hours(1);
    world.waits(TimeDelta::days(30));
    world.edits("modules/boundaries/module.toml", "audience = [\"staff\"]", "audience = [\"staff\", \"learner\"]");
    world.edits("programmes/learner-induction.toml", "\"sharing-nudes\"]", "\"sharing-nudes\", \"boundaries\"]");
    world.publishes_new_edition_of("four-cs").await;
    let now = world.engine.now();
    let cell = async |module: &str, moment| {
        let cells = world.engine.standing_at(amy.person.id, moment, now).await.unwrap();
        cells.into_iter().find(|(thing, _)| *thing == Thing::Module(slug(module))).map(|(_, cell)| cell)
    };
    assert!(cell("boundaries", then).await.is_none());
    let passed = cell("four-cs", then).await.unwrap();
    assert!(passed.counts.is_some() && passed.wanted.is_none());
    let in_a_fortnight = today(&world) + Days::new(14);
    let joined = cell("boundaries", now).await.unwrap().wanted.unwrap();
    assert_eq!((joined.why, joined.by, joined.late), (Why::New, in_a_fortnight, false));
    let raised = cell("four-cs", now).await.unwrap();
    assert!(raised.counts.is_none() && raised.last.is_some());
    let wanted = raised.wanted.unwrap();
    assert_eq!((wanted.why, wanted.by, wanted.late), (Why::Changed, in_a_fortnight, false));
}

/// How many things are asked of somebody now.
async fn asked(someone: &Someone) -> usize {
    someone.world.engine.own_page(&now(someone).await).await.unwrap().due.len()
}

fn induction() -> ProgrammeSlug {
    ProgrammeSlug::new("learner-induction").unwrap()
}

fn exemption(person: PersonId, begins_on: NaiveDate) -> NewExemption {
    NewExemption {
        person,
        thing: Thing::Module(slug("four-cs")),
        reason: "Has passed it elsewhere".to_owned(),
        begins_on,
        given_before: None,
    }
}
