//! What somebody can show others, and how anybody finds out whether it is genuine.

use chrono::TimeDelta;
use engine::{Actor, Certificate, CertificateCode, CertificateStands, CompletionId, Refused, Role, VerifyError};

use world::{Someone, World, on_both};

on_both![
    it_bears_the_name_of_the_day_on_which_it_was_passed,
    it_is_for_who_passed_and_who_looks_after_them,
    it_says_whether_it_still_stands,
    a_code_says_what_the_certificate_says,
    codes_that_lead_nowhere_are_counted_by_place,
    a_name_that_was_let_go_of_is_gone_and_the_rest_stays,
    a_pass_that_was_altered_is_not_vouched_for,
];

async fn completions(someone: &Someone) -> Vec<CompletionId> {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    record.years.iter().flat_map(|year| &year.entries).map(|entry| entry.completion).collect()
}

async fn newest(someone: &Someone) -> Certificate {
    let newest = completions(someone).await[0];
    someone.world.engine.certificate(&someone.person, newest).await.unwrap()
}

async fn it_bears_the_name_of_the_day_on_which_it_was_passed(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    world.waits(TimeDelta::days(1));
    amy.is_renamed_by_file("Amy Brown").await;
    world.waits(TimeDelta::days(1));
    amy.passes("sharing-nudes").await;
    let mut names = Vec::new();
    for completion in completions(&amy).await {
        let certificate = world.engine.certificate(&amy.person, completion).await.unwrap();
        names.push((certificate.module.to_string(), certificate.name.unwrap()));
    }
    let said = |module: &str, name: &str| (module.to_owned(), name.to_owned());
    assert_eq!(names, [said("sharing-nudes", "Amy Brown"), said("four-cs", "amy")]);
}

async fn it_is_for_who_passed_and_who_looks_after_them(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let completion = completions(&amy).await[0];
    let theirs = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let others = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let ben = world.learner("ben").await;
    for (who, sees) in [(&amy, true), (&theirs, true), (&others, false), (&ben, false)] {
        let found = world.engine.certificate(&who.person, completion).await;
        assert_eq!(found.is_ok(), sees, "{}", who.person.name);
        assert!(sees || matches!(found, Err(Refused::NotFound)));
    }
}

async fn it_says_whether_it_still_stands(world: World) {
    let amy = world.learner("amy").passes("four-cs").waits(TimeDelta::minutes(1)).passes("sharing-nudes").await;
    let ben = world.staff("ben").passes("boundaries").await;
    assert_eq!(newest(&amy).await.stands, CertificateStands::Yes);
    world.publishes_new_edition_of("sharing-nudes").await;
    assert_eq!(newest(&amy).await.stands, CertificateStands::Replaced);
    world.takes_away("modules/boundaries");
    world.engine.withdraw("module/boundaries", Actor::CommandLine).await.unwrap();
    assert_eq!(newest(&ben).await.stands, CertificateStands::Withdrawn);
    // That somebody passes again takes nothing from what they have.
    let four_cs = completions(&amy).await[1];
    world.waits(TimeDelta::days(300));
    amy.passes("four-cs").await;
    let first = world.engine.certificate(&amy.person, four_cs).await.unwrap();
    assert_eq!(first.stands, CertificateStands::Yes);
    world.waits(TimeDelta::days(400));
    let first = world.engine.certificate(&amy.person, four_cs).await.unwrap();
    assert_eq!(first.stands, CertificateStands::RanOut);
}

async fn a_code_says_what_the_certificate_says(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let certificate = newest(&amy).await;
    let typed = CertificateCode::read(&certificate.code.to_string().to_lowercase()).unwrap();
    let found = world.engine.verify_certificate(&typed, "192.0.2.7").await.unwrap();
    assert_eq!((found.completion, found.name.as_deref()), (certificate.completion, Some("amy")));
    assert_eq!((found.version, found.minutes, found.at), (1, 20, certificate.at));
    assert!(found.entry.faults.is_empty() && !found.entry.claimed, "{:?}", found.entry);
    assert!(found.entry.number < found.entry.size && found.entry.origin.starts_with("northfield.example"));
}

async fn codes_that_lead_nowhere_are_counted_by_place(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let code = newest(&amy).await.code;
    let other = CertificateCode::read("0000-0000-0000-0000").unwrap();
    for _ in 0..20 {
        let tried = world.engine.verify_certificate(&other, "192.0.2.7").await;
        assert!(matches!(tried, Err(VerifyError::NoSuchCode)), "{tried:?}");
    }
    let tried = world.engine.verify_certificate(&code, "192.0.2.7").await;
    let Err(VerifyError::TooMany { retry_at }) = tried else { panic!("{tried:?}") };
    assert_eq!(retry_at, world.engine.now() + TimeDelta::minutes(15));
    assert!(world.engine.verify_certificate(&code, "192.0.2.8").await.is_ok());
    world.waits(TimeDelta::minutes(16));
    assert!(world.engine.verify_certificate(&code, "192.0.2.7").await.is_ok());
    // Of where it was a digest is kept, and that for a day.
    assert!(!format!("{:?}", world.raw.contents("code_failure").await).contains("192.0.2"));
    world.waits(TimeDelta::days(2));
    assert!(world.engine.verify_certificate(&other, "192.0.2.7").await.is_err());
    assert_eq!(world.raw.count("code_failure").await, 1);
}

async fn a_name_that_was_let_go_of_is_gone_and_the_rest_stays(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let code = newest(&amy).await.code;
    world.raw.run("DELETE FROM log_part WHERE kind = 'id'").await.unwrap();
    let found = world.engine.verify_certificate(&code, "192.0.2.7").await.unwrap();
    assert_eq!((found.name, found.entry.faults), (None, Vec::new()));
    // And of whoever is erased nobody learns anything.
    for table in ["log_part", "log_row", "log_envelope", "person_key"] {
        world.raw.run(&format!("DELETE FROM {table}")).await.unwrap();
    }
    let gone = world.engine.verify_certificate(&code, "192.0.2.7").await;
    assert!(matches!(gone, Err(VerifyError::NoSuchCode)), "{gone:?}");
}

async fn a_pass_that_was_altered_is_not_vouched_for(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let code = newest(&amy).await.code;
    let of = if world.raw.is_sqlite() { "" } else { " ON completion" };
    world.raw.run(&format!("DROP TRIGGER completion_never_changes{of}")).await.unwrap();
    world.raw.run("UPDATE completion SET minutes = minutes + 100").await.unwrap();
    let node = world.another_node().await;
    let found = node.engine.verify_certificate(&code, "192.0.2.7").await.unwrap();
    assert_eq!(found.entry.faults.len(), 1, "{:?}", found.entry);
}
