use chrono::NaiveDate;

use super::{
    day::{Moment, after},
    programme::{Demand, Schedule},
    record::Done,
};

/// How long before what was done runs out a renewal is wanted, in milliseconds.
const RENEWAL: u64 = 90 * 24 * 3_600_000;

/// A due date this many days away or fewer is "soon".
const SOON: u32 = 7;

/// Where somebody stands with a thing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stands {
    pub status: &'static str,
    pub due: Option<NaiveDate>,
    pub done: Option<NaiveDate>,
}

/// What was done of a thing, as at a moment.
pub(super) struct Past<'r> {
    at: Moment,
    /// Since which day the edition has been in force.
    edition_since: NaiveDate,
    longest: Option<&'r Done>,
    counts: Option<&'r Done>,
    last_of_edition: Option<&'r Done>,
    last: Option<&'r Done>,
    is_replaced: bool,
}

impl<'r> Past<'r> {
    /// `done`: what is known, was done by the moment and was not wrong.
    pub(super) fn new(done: &[&'r Done], edition: u32, edition_since: NaiveDate, at: Moment) -> Self {
        let of_edition = || done.iter().copied().filter(|done| done.edition >= edition);
        let order = |done: &&Done| (done.entry.at, done.edition, done.entry.number);
        let longest = of_edition().max_by_key(|done| (done.until.is_none(), done.until, order(done)));
        Self {
            at,
            edition_since,
            longest,
            counts: longest.filter(|done| done.until.is_none_or(|until| at < until)),
            last_of_edition: of_edition().max_by_key(order),
            last: done.iter().copied().max_by_key(order),
            is_replaced: done.iter().any(|done| done.edition < edition),
        }
    }

    /// The first of the statuses that is so.
    pub(super) fn stands(&self, demands: &[Demand<'_>], is_excused: bool) -> Stands {
        let today = self.at.day();
        let demands = if is_excused { &[] } else { demands };
        let wanted = demands.iter().filter_map(|demand| self.wanted(demand, today));
        let wanted = wanted.min_by_key(|(by, is_late)| (*by, !*is_late));
        let status = match wanted {
            Some((_, true)) if self.longest.is_some() && self.counts.is_none() => "expired",
            Some((_, true)) => "overdue",
            Some((by, _)) if by <= after(today, SOON) => "due-soon",
            _ if self.counts.is_some() => "passed",
            Some(_) => "not-started",
            None => "exempt",
        };
        let done = self.counts.or(self.last).map(|done| done.entry.at.day());
        Stands { status, due: wanted.map(|(by, _)| by), done }
    }

    /// By when a programme wants it, and whether that is too late. `None`: it does not, for now.
    fn wanted(&self, demand: &Demand<'_>, today: NaiveDate) -> Option<(NaiveDate, bool)> {
        if let Some(due) = self.due(demand, today) {
            return Some((due, due < today));
        }
        let first = self.first_due(demand, today);
        // What is due from nobody was done, and what counts for ever is never wanted again.
        let until = self.longest?.until?;
        let ends = until.day();
        if self.counts.is_none() {
            return Some((first.max(ends), first < today));
        }
        let is_near = self.at.0 >= until.0.saturating_sub(RENEWAL);
        (is_near && self.due(demand, ends).is_none()).then(|| (first.max(ends), false))
    }

    fn due(&self, demand: &Demand<'_>, day: NaiveDate) -> Option<NaiveDate> {
        match demand.schedule {
            Schedule::Once { .. } if self.longest.is_some() => None,
            Schedule::Once { .. } => Some(self.first_due(demand, day)),
            Schedule::Yearly { .. } => {
                let last = self.last_of_edition.map(|done| done.entry.at.day());
                demand.due(last, day).map(|due| self.allowing(due, demand))
            }
        }
    }

    fn first_due(&self, demand: &Demand<'_>, day: NaiveDate) -> NaiveDate {
        self.allowing(demand.first_due(day), demand)
    }

    /// Who did what has been replaced has as long as who begins on the day on which the edition came.
    fn allowing(&self, due: NaiveDate, demand: &Demand<'_>) -> NaiveDate {
        if self.is_replaced { due.max(after(self.edition_since, demand.schedule.days())) } else { due }
    }
}
