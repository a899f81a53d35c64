//! Where somebody stands: the table of ARCHITECTURE.md, and what holds in every case.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use engine::{
    Asked, Cell, Demand, Done, Edition, Why,
    catalogue::{CompanyYear, Schedule},
    local_date, standing,
};
use model::{ProgrammeSlug, Status};

use world::Random;

const CASES: u64 = 30_000;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first moment of a day in the United Kingdom.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    London.from_local_datetime(&day.and_hms_opt(0, 0, 0).unwrap()).unwrap().to_utc()
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    midnight(day) + TimeDelta::hours(12)
}

fn programme(name: &str) -> ProgrammeSlug {
    ProgrammeSlug::new(name).unwrap()
}

fn is_late(cell: &Cell) -> bool {
    matches!(cell.status, Status::Overdue | Status::Expired)
}

/// A case: what is asked, what was done, and a moment.
#[derive(Debug)]
struct Case {
    asked: Asked,
    done: Vec<Done>,
    at: DateTime<Utc>,
}

impl Case {
    fn stands(&self) -> Cell {
        standing(&self.asked, &self.done, self.at)
    }

    fn today(&self) -> NaiveDate {
        local_date(self.at)
    }
}

/// Days between 2023 and 2029, with two leap days; every third is one on which something happens to the calendar.
fn any_day(random: &mut Random) -> NaiveDate {
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
fn any_moment(random: &mut Random) -> DateTime<Utc> {
    let day = any_day(random);
    match random.below(6) {
        0 => midnight(day),
        1 => midnight(day + Days::new(1)) - TimeDelta::microseconds(1),
        _ => midnight(day) + TimeDelta::seconds(random.below(86_400) as i64),
    }
}

fn any_done(random: &mut Random, place: usize) -> Done {
    let at = any_moment(random);
    let days = [0, 1, 30, 182, 365, 730][random.below(6)];
    let until =
        (!random.one_in(8)).then(|| at + TimeDelta::days(days) + TimeDelta::seconds(random.below(90_000) as i64));
    Done { place, at, until, edition: random.between(1, 3) as u32 }
}

fn any_demand(random: &mut Random, name: &str) -> Demand {
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
fn any_editions(random: &mut Random) -> (Edition, Vec<Edition>) {
    let newest = random.between(0, 3) as u32;
    let mut since: Vec<DateTime<Utc>> = (0..newest.max(1)).map(|_| any_moment(random)).collect();
    since.sort_unstable();
    let mut editions: Vec<Edition> =
        (newest.min(1)..).zip(since).map(|(number, since)| Edition { number, since }).collect();
    (editions.pop().unwrap(), editions)
}

fn any_case(random: &mut Random) -> Case {
    let demands = ["a", "b", "c"][..random.below(4)].iter().map(|name| any_demand(random, name)).collect();
    let begun = random.one_in(2);
    let (edition, replaced) = any_editions(random);
    let asked = Asked { demands, exempt: random.one_in(8), edition, replaced, begun, open: begun && random.one_in(2) };
    let done = (0..random.below(5)).map(|place| any_done(random, place)).collect();
    Case { asked, done, at: any_moment(random) }
}

/// Tries something in many cases; what fails is shown.
fn in_every_case(seed: u64, holds: impl Fn(&Case, &mut Random) -> bool) {
    let mut random = Random(seed);
    for number in 0..CASES {
        let case = any_case(&mut random);
        assert!(holds(&case, &mut random), "case {number}: {case:#?}\nstands: {:#?}", case.stands());
    }
}

#[test]
fn what_was_done_never_makes_anybody_late() {
    in_every_case(11, |case, random| {
        let before = case.stands();
        let mut done = case.done.clone();
        let mut more = any_done(random, done.len());
        if random.one_in(2) {
            more.edition = case.asked.edition.number;
        }
        done.insert(random.below(done.len() + 1), more);
        let after = standing(&case.asked, &done, case.at);
        let counts = before.counts.is_none() || after.counts.is_some();
        counts && (!is_late(&after) || is_late(&before))
    });
}

#[test]
fn the_order_of_what_was_done_and_of_the_programmes_does_not_matter() {
    in_every_case(12, |case, random| {
        let (mut asked, mut done) = (case.asked.clone(), case.done.clone());
        // Some were done at the same moment.
        if let [first, .., last] = done.as_mut_slice() {
            (last.at, last.until) = (first.at, first.until);
        }
        let cell = standing(&asked, &done, case.at);
        for end in (1..done.len()).rev() {
            done.swap(end, random.below(end + 1));
        }
        asked.demands.reverse();
        standing(&asked, &done, case.at) == cell
    });
}

#[test]
fn what_was_done_after_the_moment_changes_nothing() {
    in_every_case(13, |case, _| {
        let by_then: Vec<Done> = case.done.iter().copied().filter(|done| done.at <= case.at).collect();
        standing(&case.asked, &by_then, case.at) == case.stands()
    });
}

#[test]
fn nothing_is_due_before_the_programme_became_theirs() {
    in_every_case(14, |case, _| {
        let Some(wanted) = case.stands().wanted else { return true };
        let Some(programme) = wanted.programme else { return true };
        let demand = case.asked.demands.iter().find(|demand| demand.programme == programme).unwrap();
        wanted.by >= demand.from
    });
}

#[test]
fn the_status_says_what_is_wanted() {
    in_every_case(15, |case, _| {
        let cell = case.stands();
        let today = case.today();
        let soon = today + Days::new(7);
        match (&cell.wanted, cell.status) {
            (None, Status::NotRequired | Status::InProgress) => cell.counts.is_none() && !case.asked.exempt,
            (None, Status::Exempt) => cell.counts.is_none() && case.asked.exempt,
            (None, Status::Passed) => cell.counts.is_some(),
            (None, _) => false,
            // No programme asks for it, and so it is never late.
            (Some(wanted), status) if wanted.programme.is_none() => {
                status == Status::Passed && wanted.why == Why::RunsOut && !wanted.late && wanted.by >= today
            }
            (Some(wanted), Status::Overdue) => wanted.late && wanted.by < today && wanted.why != Why::RanOut,
            (Some(wanted), Status::Expired) => {
                let ran_out_today =
                    || case.done.iter().any(|done| done.until.is_some_and(|it| local_date(it) == today));
                let is_over = wanted.by < today || wanted.by == today && ran_out_today();
                wanted.late && wanted.why == Why::RanOut && is_over && cell.counts.is_none()
            }
            (Some(wanted), Status::DueSoon) => !wanted.late && today <= wanted.by && wanted.by <= soon,
            (Some(wanted), Status::Passed) => !wanted.late && wanted.by > soon && cell.counts.is_some(),
            (Some(wanted), Status::InProgress) => !wanted.late && wanted.by > soon && case.asked.begun,
            (Some(wanted), Status::NotStarted) => !wanted.late && wanted.by > soon && cell.counts.is_none(),
            (Some(_), Status::Exempt | Status::NotRequired) => false,
        }
    });
}

#[test]
fn why_says_what_was_done() {
    in_every_case(16, |case, _| {
        let cell = case.stands();
        let by_then = || case.done.iter().filter(|done| done.at <= case.at);
        let of_edition = || by_then().filter(|done| done.edition >= case.asked.edition.number);
        match cell.wanted.map(|wanted| wanted.why) {
            None => true,
            Some(Why::New) => by_then().next().is_none() && cell.last.is_none(),
            Some(Why::Missed) => !cell.missed.is_empty() && (cell.last.is_none() || cell.counts.is_some()),
            Some(Why::Changed) => by_then().next().is_some() && of_edition().next().is_none(),
            Some(Why::RanOut) => of_edition().next().is_some() && cell.counts.is_none(),
            Some(Why::RunsOut | Why::NewYear) => cell.counts.is_some(),
        }
    });
}

#[test]
fn what_was_missed_in_a_year_stays_missed() {
    in_every_case(21, |case, random| {
        let by_then: Vec<Done> = case.done.iter().copied().filter(|done| done.at <= case.at).collect();
        let later = case.at + TimeDelta::seconds(random.below(800 * 86_400) as i64);
        let after = standing(&case.asked, &case.done, later).missed;
        standing(&case.asked, &by_then, case.at).missed.iter().all(|missed| after.contains(missed))
    });
}

#[test]
fn what_was_done_adds_nothing_to_what_was_missed() {
    in_every_case(22, |case, random| {
        let mut done = case.done.clone();
        done.push(any_done(random, done.len()));
        let before = case.stands().missed;
        standing(&case.asked, &done, case.at).missed.iter().all(|missed| before.contains(missed))
    });
}

/// While its last day lasts, a year is late and not missed; who did it late, or in its window, missed nothing.
#[test]
fn a_year_is_missed_once_it_is_over() {
    let year = CompanyYear { first_day: day("2000-09-01"), window: 90, due_days: 30 };
    let missed = |from: &str, done: &[&str], on: &str| {
        let demand = Demand {
            programme: programme("p"),
            schedule: Schedule::CompanyYear(year),
            from: day(from),
            began: day(from),
        };
        let asked = Asked { demands: vec![demand], ..asked() };
        let done =
            done.iter().enumerate().map(|(place, on)| Done { place, at: noon(day(on)), until: None, edition: 1 });
        let cell = standing(&asked, &done.collect::<Vec<_>>(), noon(day(on)));
        cell.missed.iter().map(|missed| (missed.year.year(), missed.by.to_string())).collect::<Vec<_>>()
    };
    let one = vec![(2024, "2024-10-01".to_owned())];
    assert_eq!(missed("2024-09-01", &[], "2025-08-31"), []);
    assert_eq!(missed("2024-09-01", &[], "2025-09-01"), one);
    assert_eq!(missed("2024-09-01", &["2025-08-31"], "2025-09-01"), []);
    assert_eq!(missed("2024-09-01", &["2024-06-03"], "2025-09-01"), []);
    assert_eq!(missed("2024-09-01", &["2024-06-02", "2025-09-01"], "2026-08-31"), one);
    // Whose days end with the next year missed nothing of this one.
    assert_eq!(missed("2025-08-15", &[], "2025-09-01"), []);
}

#[test]
fn nothing_that_is_done_for_good_becomes_late_by_itself_before_it_runs_out() {
    in_every_case(17, |case, random| {
        let mut asked = case.asked.clone();
        asked.demands.retain(|demand| matches!(demand.schedule, Schedule::Once { .. }));
        let counts = standing(&asked, &case.done, case.at).counts;
        let Some(until) = counts.map(|counts| counts.until.unwrap_or(case.at + TimeDelta::days(4_000))) else {
            return true;
        };
        let seconds = usize::try_from((until - case.at).num_seconds()).unwrap();
        let later = case.at + TimeDelta::seconds(random.below(seconds) as i64);
        !is_late(&standing(&asked, &case.done, later))
    });
}

#[test]
fn who_is_late_with_what_is_asked_once_stays_so_until_they_do_it() {
    in_every_case(18, |case, random| {
        let mut asked = case.asked.clone();
        asked.demands.retain(|demand| matches!(demand.schedule, Schedule::Once { .. }));
        let done: Vec<Done> = case.done.iter().copied().filter(|done| done.at <= case.at).collect();
        let later = case.at + TimeDelta::seconds(random.below(400 * 86_400) as i64);
        !is_late(&standing(&asked, &done, case.at)) || is_late(&standing(&asked, &done, later))
    });
}

#[test]
fn nothing_expires_unannounced() {
    in_every_case(19, |case, random| {
        let mut asked = case.asked.clone();
        // Where a year asks for something by its very first days, nobody can be told before.
        asked.demands.retain(|demand| match demand.schedule {
            Schedule::Once { .. } => true,
            Schedule::CompanyYear(CompanyYear { due_days, .. }) | Schedule::OwnYear { due_days, .. } => due_days >= 2,
        });
        let until = case.done.iter().filter_map(|done| done.until).max();
        let Some(at) = until.map(|until| until + TimeDelta::seconds(random.below(86_400) as i64)) else { return true };
        let before = at - TimeDelta::days(1);
        let done: Vec<Done> = case.done.iter().copied().filter(|done| done.at <= before).collect();
        let day_before = standing(&asked, &done, before);
        standing(&asked, &done, at).status != Status::Expired
            || day_before.counts.is_none()
            || day_before.wanted.is_some()
    });
}

/// A case in which the next edition comes at that moment, of which nothing has been done, and what was so without it. `None`: the one in
/// force had not come yet.
fn replaced(case: &Case) -> Option<(Cell, Asked, Vec<Done>)> {
    let (mut asked, at) = (case.asked.clone(), case.at);
    if asked.edition.since > at {
        return None;
    }
    let done = case.done.iter().copied().filter(|done| done.at <= at).collect();
    asked.replaced.push(asked.edition);
    asked.edition = Edition { number: 4, since: at };
    Some((case.stands(), asked, done))
}

/// Whether they had let the day go by on which it was due.
fn was_late(cell: &Cell, today: NaiveDate) -> bool {
    cell.wanted.as_ref().is_some_and(|wanted| wanted.programme.is_some() && wanted.by < today)
}

#[test]
fn who_was_late_when_an_edition_came_stays_late_since_the_same_day() {
    in_every_case(23, |case, random| {
        let Some((before, mut asked, done)) = replaced(case) else { return true };
        if !was_late(&before, case.today()) {
            return true;
        }
        let wanted = before.wanted.unwrap();
        let same = |cell: Cell| {
            let now = cell.wanted.as_ref();
            is_late(&cell) && now.is_some_and(|now| (now.by, &now.programme) == (wanted.by, &wanted.programme))
        };
        // What is asked once stays so, be it that there is another edition since.
        let later = case.at + TimeDelta::seconds(random.below(400 * 86_400) as i64);
        let at_once = same(standing(&asked, &done, case.at));
        asked.demands.retain(|demand| Some(&demand.programme) == wanted.programme.as_ref());
        let once = asked.demands.iter().all(|demand| matches!(demand.schedule, Schedule::Once { .. }));
        let stays = same(standing(&asked, &done, later));
        asked.replaced.push(asked.edition);
        asked.edition = Edition { number: 5, since: later };
        at_once && (!once || stays && same(standing(&asked, &done, later)))
    });
}

#[test]
fn who_was_not_late_when_an_edition_came_has_as_long_as_who_begins() {
    in_every_case(24, |case, _| {
        let one = Asked { demands: case.asked.demands.iter().take(1).cloned().collect(), ..case.asked.clone() };
        let case = Case { asked: one, done: case.done.clone(), at: case.at };
        let Some((before, asked, done)) = replaced(&case) else { return true };
        let today = case.today();
        if asked.demands.is_empty() || asked.exempt || done.is_empty() || was_late(&before, today) {
            return true;
        }
        let days = match asked.demands[0].schedule {
            Schedule::Once { days, .. } => days,
            Schedule::CompanyYear(CompanyYear { due_days, .. }) | Schedule::OwnYear { due_days, .. } => due_days,
        };
        let after = standing(&asked, &done, case.at);
        !is_late(&after) && after.wanted.is_some_and(|wanted| wanted.by >= today + Days::new(u64::from(days)))
    });
}

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

/// What is asked when nothing is said: the first edition, of old, of nobody.
fn asked() -> Asked {
    Asked {
        demands: Vec::new(),
        exempt: false,
        edition: Edition { number: 1, since: midnight(day("2024-01-01")) },
        replaced: Vec::new(),
        begun: false,
        open: false,
    }
}

/// A row of the table: what is asked, what was done, the day, and what is said of it.
struct Row {
    asked: &'static str,
    done: &'static str,
    on: &'static str,
}

const fn row(asked: &'static str, done: &'static str, on: &'static str) -> Row {
    Row { asked, done, on }
}

const NEVER: &str = "never";
const BEGUN: &str = "never, but begun";
const COUNTS: &str = "10 March 2026 for 12 months";
const BEFORE: &str = "5 March 2025 for 12 months";
const REPLACED: &str = "10 March 2026, replaced on 1 June 2026";
const REPLACED_SOON_AGAIN: &str = "10 March 2026, replaced on 1 June 2026 and on 10 June 2026";
const REPLACED_AGAIN: &str = "10 March 2026, replaced on 1 June 2026 and on 1 August 2026";
const BEFORE_REPLACED: &str = "5 March 2025 for 12 months, replaced on 1 June 2026";
const LAST_YEAR: &str = "10 October 2025 for 24 months";
const IN_WINDOW: &str = "10 June 2026 for 12 months";
const YEAR_RAN_OUT: &str = "20 September 2025 for 12 months";
const HALF_A_YEAR: &str = "10 October 2025 for 6 months";
const YEAR_REPLACED: &str = "10 September 2026, replaced on 1 November 2026";
const YEAR_RAN_OUT_REPLACED: &str = "20 September 2025 for 12 months, replaced on 1 November 2026";

const ONCE: &str = "once";
const YEAR: &str = "every year";
const MID_YEAR: &str = "every year, theirs from 22 November 2026";
const EXEMPT: &str = "once, but excused";
const NOBODY: &str = "by no programme";

const TABLE: [Row; 49] = [
    row(ONCE, NEVER, "2026-03-02"),
    row(ONCE, BEGUN, "2026-03-02"),
    row(ONCE, NEVER, "2026-03-09"),
    row(ONCE, NEVER, "2026-03-16"),
    row(ONCE, NEVER, "2026-03-17"),
    row(ONCE, COUNTS, "2026-12-09"),
    row(ONCE, COUNTS, "2026-12-10"),
    row(ONCE, COUNTS, "2027-03-03"),
    row(ONCE, COUNTS, "2027-03-10"),
    row(ONCE, REPLACED, "2026-06-01"),
    row(ONCE, REPLACED, "2026-06-15"),
    row(ONCE, REPLACED, "2026-06-16"),
    row(ONCE, REPLACED_SOON_AGAIN, "2026-06-10"),
    row(ONCE, REPLACED_AGAIN, "2026-08-01"),
    row(ONCE, BEFORE_REPLACED, "2026-06-01"),
    row(ONCE, BEFORE, "2026-03-02"),
    row(ONCE, BEFORE, "2026-03-06"),
    row(ONCE, BEFORE, "2026-03-17"),
    row(YEAR, NEVER, "2026-09-01"),
    row(YEAR, NEVER, "2026-10-01"),
    row(YEAR, NEVER, "2026-10-02"),
    row(YEAR, NEVER, "2027-09-01"),
    row(MID_YEAR, NEVER, "2026-11-22"),
    row(YEAR, LAST_YEAR, "2026-06-02"),
    row(YEAR, LAST_YEAR, "2026-06-03"),
    row(YEAR, LAST_YEAR, "2026-09-24"),
    row(YEAR, LAST_YEAR, "2026-10-02"),
    row(YEAR, IN_WINDOW, "2026-06-10"),
    row(YEAR, IN_WINDOW, "2027-06-02"),
    row(YEAR, IN_WINDOW, "2027-06-03"),
    row(YEAR, YEAR_RAN_OUT, "2026-09-21"),
    row(YEAR, YEAR_RAN_OUT, "2026-10-02"),
    row(YEAR, HALF_A_YEAR, "2026-01-10"),
    row(YEAR, HALF_A_YEAR, "2026-04-11"),
    row(YEAR, HALF_A_YEAR, "2026-06-03"),
    row(YEAR, YEAR_REPLACED, "2026-11-01"),
    row(YEAR, YEAR_REPLACED, "2026-12-02"),
    row(YEAR, YEAR_RAN_OUT_REPLACED, "2026-11-01"),
    row(YEAR, YEAR_RAN_OUT_REPLACED, "2027-09-01"),
    row(EXEMPT, NEVER, "2026-03-17"),
    row(EXEMPT, COUNTS, "2026-12-09"),
    row(EXEMPT, COUNTS, "2027-03-10"),
    row(EXEMPT, REPLACED, "2026-06-16"),
    row(NOBODY, NEVER, "2026-03-17"),
    row(NOBODY, BEGUN, "2026-03-17"),
    row(NOBODY, COUNTS, "2026-12-09"),
    row(NOBODY, COUNTS, "2026-12-10"),
    row(NOBODY, COUNTS, "2027-03-10"),
    row(NOBODY, REPLACED, "2026-06-16"),
];

impl Row {
    fn asked(&self) -> Asked {
        let year = CompanyYear { first_day: day("2000-09-01"), window: 90, due_days: 30 };
        let demand =
            |schedule, from| vec![Demand { programme: programme("p"), schedule, from: day(from), began: day(from) }];
        let demands = match self.asked {
            ONCE | EXEMPT => demand(Schedule::Once { days: 14, on: None }, "2026-03-02"),
            YEAR => demand(Schedule::CompanyYear(year), "2024-01-01"),
            MID_YEAR => demand(Schedule::CompanyYear(year), "2026-11-22"),
            _ => Vec::new(),
        };
        let since: &[&str] = match self.done {
            REPLACED | BEFORE_REPLACED => &["2026-06-01"],
            REPLACED_SOON_AGAIN => &["2026-06-01", "2026-06-10"],
            REPLACED_AGAIN => &["2026-06-01", "2026-08-01"],
            YEAR_REPLACED | YEAR_RAN_OUT_REPLACED => &["2026-11-01"],
            _ => &[],
        };
        let mut replaced = vec![asked().edition];
        replaced.extend((2..).zip(since).map(|(number, since)| Edition { number, since: midnight(day(since)) }));
        let edition = replaced.pop().unwrap();
        let (exempt, begun) = (self.asked == EXEMPT, self.done == BEGUN);
        Asked { demands, exempt, edition, replaced, begun, ..asked() }
    }

    fn done(&self) -> Vec<Done> {
        let (at, until) = match self.done {
            NEVER | BEGUN => return Vec::new(),
            COUNTS | REPLACED | REPLACED_SOON_AGAIN | REPLACED_AGAIN => ("2026-03-10", "2027-03-10"),
            BEFORE | BEFORE_REPLACED => ("2025-03-05", "2026-03-05"),
            LAST_YEAR => ("2025-10-10", "2027-10-10"),
            IN_WINDOW => ("2026-06-10", "2027-06-10"),
            YEAR_RAN_OUT | YEAR_RAN_OUT_REPLACED => ("2025-09-20", "2026-09-20"),
            HALF_A_YEAR => ("2025-10-10", "2026-04-10"),
            _ => ("2026-09-10", "2027-09-10"),
        };
        let nine = |text| midnight(day(text)) + TimeDelta::hours(9);
        vec![Done { place: 0, at: nine(at), until: Some(nine(until)), edition: 1 }]
    }

    /// The row, as it stands in the table.
    fn written(&self) -> String {
        let cell = standing(&self.asked(), &self.done(), noon(day(self.on)));
        let (word, code) = (cell.status.word(), cell.status.code());
        let wanted = cell.wanted.map_or("nothing".to_owned(), |wanted| {
            let why = match wanted.why {
                Why::New => "it was not done yet",
                Why::Changed => "what was done has been replaced",
                Why::RanOut => "what was done has run out",
                Why::RunsOut => "what was done will run out",
                Why::NewYear => "a new year wants it",
                Why::Missed => "it was missed, and the new year wants it",
            };
            let programme = if wanted.programme.is_some() { "" } else { ", if they like" };
            format!("by {}: {why}{programme}", long(wanted.by))
        });
        let missed: Vec<_> = cell.missed.iter().map(|missed| missed.year.year().to_string()).collect();
        let missed = if missed.is_empty() { "none".to_owned() } else { missed.join(", ") };
        format!("| {} | {} | {} | {word} (`{code}`) | {wanted} | {missed} |", self.asked, self.done, long(day(self.on)))
    }
}

fn long(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[test]
fn the_table_in_the_architecture_is_what_is_so() {
    let architecture = include_str!("../../../ARCHITECTURE.md");
    let table: Vec<&str> = architecture
        .split("\n## ")
        .find(|part| part.starts_with("Standing\n"))
        .into_iter()
        .flat_map(|part| part.lines().skip_while(|line| !line.starts_with("| Asked |")).skip(2))
        .take_while(|line| line.starts_with("| "))
        .collect();
    let written: Vec<String> = TABLE.iter().map(Row::written).collect();
    assert_eq!(table, written, "\n{}", written.join("\n"));
}
