//! As whom somebody is here: begun and ended, and what the provider's list says about it.

use chrono::{Days, NaiveDate};
use engine::{Actor, AddPersonError, AssignedTo, AudienceError, DayFault, NewPerson, Refused, Role};

use model::ProgrammeSlug;

use world::{Someone, World, audience, email, now, on_both, slug, today};

on_both![
    what_is_written_for_an_audience_is_theirs_from_its_day_on,
    what_is_given_to_an_audience_is_asked_from_the_day_on_which_they_came_into_it,
    an_audience_that_has_ended_gives_nothing_any_more,
    nobody_changes_their_own_audiences,
    an_audience_that_is_not_listed_is_refused_and_the_nearest_is_named,
    nobody_is_twice_in_an_audience,
    days_that_cannot_be_meant_are_refused,
    whoever_is_not_there_is_in_no_audience,
    who_has_a_role_and_no_audience_is_what_the_list_says,
    somebody_may_be_in_several_audiences,
    an_audience_that_is_used_and_no_longer_listed_is_said_at_publishing,
    an_audience_that_is_no_longer_listed_can_be_ended,
];

async fn what_is_written_for_an_audience_is_theirs_from_its_day_on(world: World) {
    let amy = world.learner("amy").await;
    assert!(matches!(opens(&amy, "boundaries").await, Err(Refused::NotForYou)));
    begins(&amy, "staff", today(&world) + Days::new(1)).await.unwrap();
    assert!(matches!(opens(&amy, "boundaries").await, Err(Refused::NotForYou)));
    world.waits(chrono::TimeDelta::days(1));
    opens(&amy, "boundaries").await.unwrap();
    opens(&amy, "sharing-nudes").await.unwrap();
}

async fn what_is_given_to_an_audience_is_asked_from_the_day_on_which_they_came_into_it(world: World) {
    let sam = world.staff("sam").await;
    world.waits(chrono::TimeDelta::days(30));
    begins(&sam, "learner", today(&world)).await.unwrap();
    let page = world.engine.own_page(&now(&sam).await).await.unwrap();
    let due: Vec<_> = page.due.iter().map(|due| due.wanted.by).collect();
    assert_eq!(due.iter().min(), Some(&(today(&world) + Days::new(14))), "{page:#?}");
}

async fn an_audience_that_has_ended_gives_nothing_any_more(world: World) {
    let amy = world.learner("amy").also("staff").await;
    ends(&amy, "staff", today(&world)).await.unwrap();
    assert!(matches!(opens(&amy, "boundaries").await, Err(Refused::NotForYou)));
    assert_eq!(now(&amy).await.audiences, [audience("learner")]);
    assert!(matches!(ends(&amy, "staff", today(&world)).await, Err(AudienceError::NotIn)));
    // It may begin anew.
    begins(&amy, "staff", today(&world) + Days::new(1)).await.unwrap();
}

async fn nobody_changes_their_own_audiences(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let (id, by) = (root.person.id, Actor::Person(root.person.id));
    let begun = world.engine.begin_audience(id, &audience("learner"), today(&world), by).await;
    assert!(matches!(begun, Err(AudienceError::Oneself)));
    let ended = world.engine.end_audience(id, &audience("staff"), today(&world), by).await;
    assert!(matches!(ended, Err(AudienceError::Oneself)));
    let amy = world.learner("amy").await;
    world.engine.begin_audience(amy.person.id, &audience("staff"), today(&world), by).await.unwrap();
}

async fn an_audience_that_is_not_listed_is_refused_and_the_nearest_is_named(world: World) {
    let amy = world.learner("amy").await;
    let Err(AudienceError::Unknown(unknown)) = begins(&amy, "volunter", today(&world)).await else { panic!("it was") };
    assert_eq!(unknown.to_string(), "there is no audience `volunter`: did you mean `volunteer`?");
    let Err(AudienceError::Unknown(unknown)) = begins(&amy, "astronaut", today(&world)).await else { panic!("it was") };
    assert_eq!(unknown.to_string(), "there is no audience `astronaut`");
    let new = NewPerson { audiences: vec![audience("lerner")], ..new(&world) };
    let refused = world.engine.add_person(new, Actor::CommandLine).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no audience `lerner`: did you mean `learner`?");
    assert!(matches!(refused, AddPersonError::UnknownAudience(_)));
}

async fn nobody_is_twice_in_an_audience(world: World) {
    let amy = world.learner("amy").await;
    let begun = begins(&amy, "learner", today(&world) + Days::new(3)).await;
    assert!(matches!(begun, Err(AudienceError::AlreadyIn { begins_on }) if begins_on == today(&world)), "{begun:?}");
}

async fn days_that_cannot_be_meant_are_refused(world: World) {
    let amy = world.learner("amy").await;
    for year in [1, 9999] {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let begun = begins(&amy, "staff", day).await;
        assert!(matches!(begun, Err(AudienceError::Day(DayFault::FarOff(far))) if far == day), "{begun:?}");
        let ended = ends(&amy, "learner", day).await;
        assert!(matches!(ended, Err(AudienceError::Day(DayFault::FarOff(_)))), "{ended:?}");
    }
    let begins_on = today(&world);
    let ended = ends(&amy, "learner", begins_on - Days::new(1)).await;
    assert!(matches!(ended, Err(AudienceError::Day(fault)) if fault == DayFault::BeforeItBegins { begins_on }));
    // On its first day it is taken back from its beginning.
    ends(&amy, "learner", begins_on).await.unwrap();
}

async fn whoever_is_not_there_is_in_no_audience(world: World) {
    let nobody = engine::PersonId::parse(&world.random_id().to_string()).unwrap();
    let begun = world.engine.begin_audience(nobody, &audience("staff"), today(&world), Actor::CommandLine).await;
    assert!(matches!(begun, Err(AudienceError::NoSuchPerson)), "{begun:?}");
    let ended = world.engine.end_audience(nobody, &audience("staff"), today(&world), Actor::CommandLine).await;
    assert!(matches!(ended, Err(AudienceError::NotIn)), "{ended:?}");
}

async fn who_has_a_role_and_no_audience_is_what_the_list_says(world: World) {
    assert_eq!(world.person("ada", &[Role::Auditor]).await.person.audiences, [audience("staff")]);
    let pam = world.person("pam", &[Role::Auditor]).also("volunteer").await;
    assert_eq!(pam.person.audiences, [audience("volunteer")]);
    world.edits("organisation.toml", "roles_are = \"staff\"\n", "");
    world.publishes().await.unwrap();
    assert_eq!(world.person("vic", &[Role::Auditor]).await.person.audiences, []);
}

async fn somebody_may_be_in_several_audiences(world: World) {
    let amy = world.learner("amy").also("staff").also("volunteer").await;
    assert_eq!(amy.person.audiences, [audience("learner"), audience("staff"), audience("volunteer")]);
}

async fn an_audience_that_is_used_and_no_longer_listed_is_said_at_publishing(world: World) {
    world.person("vera", &[]).also("volunteer").await;
    let vic = world.person("vic", &[]).also("volunteer").await;
    ends(&vic, "volunteer", today(&world)).await.unwrap();
    world.edits("organisation.toml", "id = \"volunteer\"", "id = \"governor\"");
    assert_eq!(
        lost(&world).await,
        [
            "audience volunteer: it is not listed in organisation.toml, but 1 person is in it; put it back into the list, or end its use"
        ]
    );
    // What is given to it or says that it is for it counts as well.
    let programme = ProgrammeSlug::new("learner-induction").unwrap();
    let to = AssignedTo::Audience(audience("governor"));
    world.engine.assign(&programme, to, today(&world), Actor::CommandLine).await.unwrap();
    world.edits("modules/boundaries/module.toml", "[\"staff\"]", "[\"staff\", \"governor\"]");
    assert_eq!(lost(&world).await.len(), 1);
    world.takes_away("modules/boundaries");
    world.edits("organisation.toml", "id = \"governor\"", "id = \"employer\"");
    assert_eq!(
        lost(&world).await,
        [
            "audience governor: it is not listed in organisation.toml, but module boundaries, programme learner-induction name it; \
              put it back into the list, or end its use",
            "audience volunteer: it is not listed in organisation.toml, but 1 person is in it; put it back into the list, or end its use",
        ]
    );
}

async fn an_audience_that_is_no_longer_listed_can_be_ended(world: World) {
    let vera = world.person("vera", &[]).also("volunteer").await;
    world.edits("organisation.toml", "id = \"volunteer\"", "id = \"governor\"");
    world.publishes().await.unwrap();
    assert_eq!(now(&vera).await.audiences, [audience("volunteer")]);
    ends(&vera, "volunteer", today(&world)).await.unwrap();
    assert_eq!(now(&vera).await.audiences, []);
    assert_eq!(lost(&world).await, [""; 0]);
}

async fn lost(world: &World) -> Vec<String> {
    let publication = world.engine.publish(&world.compiles(), engine::Republish::No, Actor::CommandLine).await.unwrap();
    publication.lost_audiences.iter().map(ToString::to_string).collect()
}

async fn opens(someone: &Someone, module: &str) -> Result<(), Refused> {
    someone.world.engine.module_overview(&now(someone).await, &slug(module)).await.map(drop)
}

async fn begins(someone: &Someone, name: &str, on: NaiveDate) -> Result<(), AudienceError> {
    someone.world.engine.begin_audience(someone.person.id, &audience(name), on, Actor::CommandLine).await
}

async fn ends(someone: &Someone, name: &str, on: NaiveDate) -> Result<(), AudienceError> {
    someone.world.engine.end_audience(someone.person.id, &audience(name), on, Actor::CommandLine).await
}

fn new(world: &World) -> NewPerson {
    NewPerson {
        name: "Nia".to_owned(),
        email: email("nia"),
        external_id: None,
        password: None,
        start_date: today(world),
        duties: Vec::new(),
        audiences: vec![audience("learner")],
        member_of: Vec::new(),
    }
}
