//! Cases at random, and what is tried in many of them.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use engine::{
    Asked, Cell, Demand, Done, Edition,
    catalogue::{CompanyYear, Schedule},
    local_date, standing,
};
use world::Random;

use crate::{day, midnight, programme};

pub const CASES: u64 = 30_000;

/// A case: what is asked, what was done, and a moment.
#[derive(Debug)]
pub struct Case {
    pub asked: Asked,
    pub done: Vec<Done>,
    pub at: DateTime<Utc>,
}

impl Case {
    pub fn stands(&self) -> Cell {
        standing(&self.asked, &self.done, self.at)
    }

    pub fn today(&self) -> NaiveDate {
        local_date(self.at)
    }
}

/// Days between 2023 and 2029, with two leap days; every third is one on which something happens to the calendar.
pub fn any_day(random: &mut Random) -> NaiveDate {
    const TURNS: [&str; 9] = [
        "2024-02-29",
        "2028-02-29",
        "2024-03-01",
        "2026-03-29",
        "2026-10-25",
        "2027-03-28",
        "2027-08-31",
        "2027-09-01",
        "2025-12-31",
    ];
    if random.one_in(3) {
        return day(TURNS[random.below(TURNS.len())]);
    }
    day("2023-01-01") + Days::new(random.below(2_500) as u64)
}

/// Any moment of a day; every third is its first or its last.
pub fn any_moment(random: &mut Random) -> DateTime<Utc> {
    let day = any_day(random);
    match random.below(6) {
        0 => midnight(day),
        1 => midnight(day + Days::new(1)) - TimeDelta::microseconds(1),
        _ => midnight(day) + TimeDelta::seconds(random.below(86_400) as i64),
    }
}

pub fn any_done(random: &mut Random, place: usize) -> Done {
    let at = any_moment(random);
    let days = [0, 1, 30, 182, 365, 730][random.below(6)];
    let until =
        (!random.one_in(8)).then(|| at + TimeDelta::days(days) + TimeDelta::seconds(random.below(90_000) as i64));
    Done { place, at, until, edition: random.between(1, 3) as u32 }
}

pub fn any_demand(random: &mut Random, name: &str) -> Demand {
    let days = [0, 1, 14, 30, 400][random.below(5)];
    let schedule = if random.one_in(2) {
        Schedule::Once { days, on: random.one_in(3).then(|| any_day(random)) }
    } else if random.one_in(3) {
        Schedule::OwnYear { window: [0, 1, 30, 90][random.below(4)], due_days: days }
    } else {
        let first_day = ["2000-09-01", "2000-03-01", "2000-02-28", "2000-01-01", "2001-12-31"][random.below(5)];
        let window = [0, 1, 30, 90, 400][random.below(5)];
        Schedule::CompanyYear(CompanyYear { first_day: day(first_day), window, due_days: days })
    };
    let from = any_day(random);
    let began = from - Days::new(if random.one_in(2) { 0 } else { random.below(800) as u64 });
    Demand { programme: programme(name), schedule, from, began }
}

/// What is in force, and what it replaced: each came after the one before it.
pub fn any_editions(random: &mut Random) -> (Edition, Vec<Edition>) {
    let newest = random.between(0, 3) as u32;
    let mut since: Vec<DateTime<Utc>> = (0..newest.max(1)).map(|_| any_moment(random)).collect();
    since.sort_unstable();
    let mut editions: Vec<Edition> =
        (newest.min(1)..).zip(since).map(|(number, since)| Edition { number, since }).collect();
    (editions.pop().unwrap(), editions)
}

pub fn any_case(random: &mut Random) -> Case {
    let demands = ["a", "b", "c"][..random.below(4)].iter().map(|name| any_demand(random, name)).collect();
    let begun = random.one_in(2);
    let (edition, replaced) = any_editions(random);
    let asked = Asked { demands, exempt: random.one_in(8), edition, replaced, begun, open: begun && random.one_in(2) };
    let done = (0..random.below(5)).map(|place| any_done(random, place)).collect();
    Case { asked, done, at: any_moment(random) }
}

/// Tries something in many cases; what fails is shown.
pub fn in_every_case(seed: u64, holds: impl Fn(&Case, &mut Random) -> bool) {
    let mut random = Random(seed);
    for number in 0..CASES {
        let case = any_case(&mut random);
        assert!(holds(&case, &mut random), "case {number}: {case:#?}\nstands: {:#?}", case.stands());
    }
}
