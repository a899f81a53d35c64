//! What somebody has done for their professional development.

use chrono::{Datelike as _, TimeDelta};
use engine::{CpdOrder, CpdQuery, CpdRecord, HowLearned, NewEvidence, Refused};

use world::{World, email, on_both};

on_both![
    each_pass_counts_for_the_year_in_which_it_was_earned,
    it_bears_the_title_of_the_version_that_was_passed,
    who_has_done_nothing_has_this_year,
    the_provider_says_when_its_years_begin,
    it_is_found_by_title_and_put_in_order,
    somebody_is_found_by_their_address_however_it_is_written,
];

/// The world begins on Monday, 23 November 2026.
async fn each_pass_counts_for_the_year_in_which_it_was_earned(world: World) {
    let amy = world.learner("amy").passes("four-cs").waits(TimeDelta::days(300)).passes("four-cs").await;
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let said: Vec<_> = record
        .years
        .iter()
        .map(|year| {
            let counts: Vec<bool> = year.entries.iter().map(|entry| entry.counts).collect();
            (year.begins_on.to_string(), year.ends_on.to_string(), year.minutes(), counts)
        })
        .collect();
    let year = |begins: &str, ends: &str, counts| (begins.to_owned(), ends.to_owned(), 20, vec![counts]);
    assert_eq!(said, [year("2027-09-01", "2028-08-31", true), year("2026-09-01", "2027-08-31", false)]);
    assert_eq!((record.name.as_str(), record.target_minutes), ("amy", None));
    assert_eq!(world.engine.own_page(&amy.person).await.unwrap().minutes, None);
}

async fn it_bears_the_title_of_the_version_that_was_passed(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let title = world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].title.clone();
    world.edits("modules/four-cs/module.toml", &format!("title = \"{title}\""), "title = \"The four Cs of today\"");
    world.publishes().await.unwrap();
    let entry = world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].clone();
    assert_eq!((entry.title, entry.version, entry.counts), (title, 1, true));
}

async fn who_has_done_nothing_has_this_year(world: World) {
    let amy = world.learner("amy").await;
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let years: Vec<_> = record.years.iter().map(|year| (year.begins_on.year(), year.entries.len())).collect();
    assert_eq!(years, [(2026, 0)]);
    let nobody = engine::PersonId(uuid::Uuid::nil());
    assert!(matches!(world.engine.cpd_record(nobody).await, Err(Refused::NotFound)));
}

async fn the_provider_says_when_its_years_begin(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    world.edits(
        "organisation.toml",
        "[[role]]",
        "[cpd]\nyear_begins = \"24 November\"\ntarget_minutes = 60\noff_the_job = true\n\n[[role]]",
    );
    world.publishes().await.unwrap();
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    assert_eq!(record.years[0].begins_on.to_string(), "2025-11-24");
    assert_eq!((record.target_minutes, record.off_the_job), (Some(60), true));
    let minutes = world.engine.own_page(&amy.person).await.unwrap().minutes.unwrap();
    let bea = world.staff("bea").await;
    world.edits("organisation.toml", "target_minutes = 60", "target_minutes = 60\ntarget_for = [\"staff\"]");
    world.publishes().await.unwrap();
    assert_eq!(world.engine.own_page(&amy.person).await.unwrap().minutes, None);
    assert_eq!(world.engine.cpd_record(bea.person.id).await.unwrap().target_minutes, Some(60));
    assert_eq!((minutes.minutes, minutes.target, minutes.ends_on.to_string()), (20, 60, "2026-11-23".to_owned()));
}

async fn it_is_found_by_title_and_put_in_order(world: World) {
    let amy = world.learner("amy").passes("four-cs").waits(TimeDelta::days(1)).passes("sharing-nudes").await;
    for (title, provider, day, minutes) in [
        ("Élan vital", "The Open College", "2026-11-20", 30),
        ("Zebras", "The zoo", "2026-11-21", 90),
        ("Long ago", "The zoo", "2025-10-01", 5),
    ] {
        let new = NewEvidence {
            form: world.engine.once_key(),
            title: title.to_owned(),
            provider: provider.to_owned(),
            done_on: day.parse().ok(),
            minutes: Some(minutes),
            how: Some(HowLearned::Other),
            file: None,
        };
        world.engine.add_evidence(&amy.person, new).await.unwrap();
    }
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let passed: Vec<String> = record.years[0].entries.iter().map(|entry| entry.title.clone()).collect();
    let titles = |record: &CpdRecord| -> Vec<String> {
        let years = record.years.iter().flat_map(|year| &year.elsewhere);
        years.filter_map(|added| added.title.clone()).collect()
    };
    let asked = |find: &str, order| CpdQuery { find: find.to_owned(), order, year: None };
    let found = record.clone().narrowed(&asked(" elan", CpdOrder::Newest));
    assert_eq!(titles(&found), ["Élan vital"]);
    assert!(found.years.len() == 1 && found.years[0].entries.is_empty());
    // Its minutes are those of the whole year.
    assert_eq!(found.years[0].minutes(), record.years[0].minutes());
    assert_eq!(titles(&record.clone().narrowed(&asked("ZOO", CpdOrder::Newest))), ["Zebras", "Long ago"]);
    assert_eq!(record.clone().narrowed(&asked("%", CpdOrder::Newest)).years, []);
    for (order, first) in [
        (CpdOrder::Newest, ["Zebras", "Élan vital", "Long ago"]),
        (CpdOrder::Oldest, ["Long ago", "Élan vital", "Zebras"]),
        (CpdOrder::Longest, ["Zebras", "Élan vital", "Long ago"]),
        (CpdOrder::Title, ["Élan vital", "Zebras", "Long ago"]),
    ] {
        assert_eq!(titles(&record.clone().narrowed(&asked("", order))), first, "{order:?}");
    }
    let by_title = record.clone().narrowed(&asked("", CpdOrder::Title));
    let mut sorted = passed.clone();
    sorted.sort();
    let titles_passed: Vec<String> = by_title.years[0].entries.iter().map(|entry| entry.title.clone()).collect();
    assert_eq!(titles_passed, sorted);
    let year = CpdQuery { year: Some(2025), ..CpdQuery::default() };
    assert_eq!(titles(&record.clone().narrowed(&year)), ["Long ago"]);
    assert_eq!(record.clone().narrowed(&CpdQuery::default()), record);
}

async fn somebody_is_found_by_their_address_however_it_is_written(world: World) {
    let amy = world.learner("amy").await;
    let address = email("amy").to_uppercase();
    assert_eq!(world.engine.find_person(&format!(" {address} ")).await.unwrap(), Some(amy.person.id));
    assert_eq!(world.engine.find_person("nobody@northfield.example").await.unwrap(), None);
    assert_eq!(world.engine.find_person("no address").await.unwrap(), None);
}
