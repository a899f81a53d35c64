//! From which day on something is wanted, and when that day is over.

use chrono::{DateTime, Datelike as _, Days, TimeDelta, Utc};
use engine::{Asked, Demand, Done, catalogue::Schedule, standing};
use model::Status;
use world::Random;

use crate::{
    asked,
    cases::{CASES, Case, any_demand, any_moment},
    day, midnight, noon, programme,
};

/// Whoever has fewer days until then has their days all the same.
#[test]
fn a_calendar_date_is_the_same_for_all_who_came_in_time() {
    let by = |from: &str| {
        let schedule = Schedule::Once { days: 14, on: Some(day("2027-01-31")) };
        let demand = Demand { programme: programme("p"), schedule, from: day(from), began: day(from) };
        standing(&Asked { demands: vec![demand], ..asked() }, &[], noon(day("2027-03-01"))).wanted.unwrap().by
    };
    assert_eq!(by("2024-09-01"), day("2027-01-31"));
    assert_eq!(by("2027-01-17"), day("2027-01-31"));
    assert_eq!(by("2027-01-18"), day("2027-02-01"));
}

#[test]
fn a_year_of_ones_own_begins_with_the_anniversary() {
    let wanted = |from: &str, done: &[&str], on: &str| {
        let schedule = Schedule::OwnYear { window: 60, due_days: 30 };
        let demand = Demand { programme: programme("p"), schedule, from: day(from), began: day(from) };
        let done =
            done.iter().enumerate().map(|(place, on)| Done { place, at: noon(day(on)), until: None, edition: 1 });
        let cell = standing(&Asked { demands: vec![demand], ..asked() }, &done.collect::<Vec<_>>(), noon(day(on)));
        cell.wanted.map(|wanted| wanted.by.to_string())
    };
    let some = |by: &str| Some(by.to_owned());
    assert_eq!(wanted("2025-03-10", &[], "2025-03-10"), some("2025-04-09"));
    assert_eq!(wanted("2025-03-10", &["2025-03-20"], "2026-01-08"), None);
    assert_eq!(wanted("2025-03-10", &["2025-03-20"], "2026-01-09"), some("2026-04-09"));
    // Done in the window, it counts for the year to come, and the day stays where it is.
    assert_eq!(wanted("2025-03-10", &["2025-03-20", "2026-01-09"], "2027-01-08"), None);
    assert_eq!(wanted("2025-03-10", &["2025-03-20", "2026-01-09"], "2027-01-09"), some("2027-04-09"));
    // What joins the programme later does not move the year.
    let joined = |on: &str| {
        let schedule = Schedule::OwnYear { window: 60, due_days: 30 };
        let demand = Demand { programme: programme("p"), schedule, from: day("2026-11-30"), began: day("2025-12-20") };
        standing(&Asked { demands: vec![demand], ..asked() }, &[], noon(day(on))).wanted.unwrap().by.to_string()
    };
    assert_eq!((joined("2026-12-19").as_str(), joined("2026-12-20").as_str()), ("2026-12-30", "2027-01-19"));
    // Who began on a leap day has the day before it in other years.
    assert_eq!(wanted("2028-02-29", &["2028-03-01"], "2028-12-29"), None);
    assert_eq!(wanted("2028-02-29", &["2028-03-01"], "2028-12-30"), some("2029-03-30"));
}

#[test]
fn a_company_year_is_over_with_its_last_day() {
    let mut random = Random(20);
    for _ in 0..CASES {
        let demand = any_demand(&mut random, "a");
        let Schedule::CompanyYear(year) = demand.schedule else { continue };
        let at = any_moment(&mut random);
        let case = Case { asked: Asked { demands: vec![demand], ..asked() }, done: Vec::new(), at };
        let wanted = case.stands().wanted.unwrap();
        let today = case.today();
        let this = year.first_day.with_year(today.year()).unwrap();
        let first = if this <= today { this } else { this.with_year(today.year() - 1).unwrap() };
        let from = case.asked.demands[0].from;
        assert_eq!(wanted.by, first.max(from) + Days::new(u64::from(year.due_days)), "{case:#?}");
    }
}

/// Both switches of the clocks and both ends of a leap day: it may be done until midnight as clocks in the United Kingdom show it.
#[test]
fn a_due_date_ends_with_its_day() {
    for (from, days) in [
        ("2026-03-28", 0),
        ("2026-03-29", 0),
        ("2026-03-22", 7),
        ("2026-10-24", 0),
        ("2026-10-25", 0),
        ("2026-10-18", 7),
        ("2028-02-28", 1),
        ("2028-02-29", 0),
        ("2028-02-29", 365),
        ("2026-07-01", 14),
        ("2026-12-31", 0),
    ] {
        let by = day(from) + Days::new(days);
        let once = Demand {
            programme: programme("once"),
            schedule: Schedule::Once { days: days as u32, on: None },
            from: day(from),
            began: day(from),
        };
        let asked = Asked { demands: vec![once], ..asked() };
        let end = midnight(by + Days::new(1));
        let last = standing(&asked, &[], end - TimeDelta::microseconds(1));
        assert_eq!((last.status, last.wanted.unwrap().by), (Status::DueSoon, by), "{by}");
        assert_eq!(standing(&asked, &[], end).status, Status::Overdue, "{by}");
    }
}

#[test]
fn the_clocks_change_within_the_day_that_ends_in_summer_time() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    assert_eq!(midnight(day("2026-03-29")), at("2026-03-29T00:00:00Z"));
    assert_eq!(midnight(day("2026-03-30")), at("2026-03-29T23:00:00Z"));
    assert_eq!(midnight(day("2026-10-25")), at("2026-10-24T23:00:00Z"));
    assert_eq!(midnight(day("2026-10-26")), at("2026-10-26T00:00:00Z"));
}

#[test]
fn of_several_programmes_the_first_that_wants_it_is_named() {
    let once = |name, days| Demand {
        programme: programme(name),
        schedule: Schedule::Once { days, on: None },
        from: day("2026-03-02"),
        began: day("2026-03-02"),
    };
    let asked = Asked { demands: vec![once("b", 14), once("c", 7), once("a", 14)], ..asked() };
    let wanted = standing(&asked, &[], noon(day("2026-03-02"))).wanted.unwrap();
    assert_eq!((wanted.by, wanted.programme.unwrap().as_str()), (day("2026-03-09"), "c"));
}
