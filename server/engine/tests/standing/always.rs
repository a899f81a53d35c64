//! What holds in every case.

use chrono::{Datelike as _, Days, NaiveDate, TimeDelta};
use engine::{
    Asked, Cell, Demand, Done, Edition, Why,
    catalogue::{CompanyYear, Schedule},
    local_date, standing,
};
use model::Status;

use crate::{
    asked,
    cases::{Case, any_done, in_every_case},
    day, is_late, noon, programme,
};

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
