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

/// A module's edition, or a version of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edition {
    pub number: u32,
    pub came: Moment,
}

/// Before there was one: whatever was done is of it.
const NONE_YET: Edition = Edition { number: 0, came: Moment(0) };

/// Where somebody stands at a moment with a thing that is in force. `done`: what is known, was done by the moment and was not wrong; `editions`: those that
/// there were, the oldest first; `demands`: what wants it, and nothing where they are excused.
pub(super) fn stands(done: &[&Done], editions: &[Edition], demands: &[Demand<'_>], at: Moment) -> Stands {
    let history = History::new(done, editions, at);
    let today = at.day();
    let wanted = demands.iter().filter_map(|demand| history.wanted(demand));
    let wanted = wanted.min_by_key(|(by, is_late)| (*by, !*is_late));
    let past = &history.now;
    // The first of them that is so.
    let status = match wanted {
        Some((_, true)) if past.longest.is_some() && past.counts.is_none() => "expired",
        Some((_, true)) => "overdue",
        Some((by, _)) if by <= after(today, SOON) => "due-soon",
        _ if past.counts.is_some() => "passed",
        Some(_) => "not-started",
        None => "exempt",
    };
    let shown = past.counts.or(past.last).map(|done| done.entry.at.day());
    Stands { status, due: wanted.map(|(by, _)| by), done: shown }
}

/// What was done of a thing, by the edition in force and by those before it, so far back as they decide anything.
struct History<'r> {
    now: Past<'r>,
    /// By each edition, the newest first, at the moment at which the next one came.
    before: Vec<Past<'r>>,
}

impl<'r> History<'r> {
    fn new(done: &[&'r Done], editions: &[Edition], at: Moment) -> Self {
        let mut editions = editions.iter().rev().copied().chain([NONE_YET]);
        let newest = editions.next().unwrap_or(NONE_YET);
        let now = Past::new(done, newest, at);
        let (mut before, mut until, mut is_replaced) = (Vec::new(), at.min(newest.came), now.is_replaced);
        // Of the edition before one that replaced nothing they did, nothing matters.
        while let Some(edition) = editions.next().filter(|_| is_replaced) {
            let past = Past::new(done, edition, until);
            (until, is_replaced) = (until.min(edition.came), past.is_replaced);
            before.push(past);
        }
        Self { now, before }
    }

    /// By when a programme wants it, and whether that is too late. `None`: it does not, for now.
    fn wanted(&self, demand: &Demand<'_>) -> Option<(NaiveDate, bool)> {
        let late_by = self.before.iter().rev().fold(None, |late_by, past| {
            let wanted = past.wanted(demand, late_by);
            wanted.map(|(by, _)| by).filter(|by| *by < past.at.day())
        });
        self.now.wanted(demand, late_by)
    }
}

/// What was done of a thing by a moment, by an edition.
struct Past<'r> {
    at: Moment,
    edition: Edition,
    longest: Option<&'r Done>,
    counts: Option<&'r Done>,
    last_of_edition: Option<&'r Done>,
    last: Option<&'r Done>,
    is_replaced: bool,
}

impl<'r> Past<'r> {
    fn new(done: &[&'r Done], edition: Edition, at: Moment) -> Self {
        let by_then = || done.iter().copied().filter(|done| done.entry.at <= at);
        let of_edition = || by_then().filter(|done| done.edition >= edition.number);
        let order = |done: &&Done| (done.entry.at, done.edition, done.entry.number);
        let longest = of_edition().max_by_key(|done| (done.until.is_none(), done.until, order(done)));
        Self {
            at,
            edition,
            longest,
            counts: longest.filter(|done| done.until.is_none_or(|until| at < until)),
            last_of_edition: of_edition().max_by_key(order),
            last: by_then().max_by_key(order),
            is_replaced: by_then().any(|done| done.edition < edition.number),
        }
    }

    /// By when a programme wants it, and whether that is too late, given by when it was wanted of them if they were late when the edition came.
    fn wanted(&self, demand: &Demand<'_>, late_by: Option<NaiveDate>) -> Option<(NaiveDate, bool)> {
        let today = self.at.day();
        let no_sooner = self.no_sooner(demand, late_by);
        let due_on = |day| self.due(demand, day).map(|due| due.max(no_sooner));
        if let Some(due) = due_on(today) {
            return Some((due, due < today));
        }
        let first = demand.first_due(today).max(no_sooner);
        // What is due from nobody was done, and what counts for ever is never wanted again.
        let until = self.longest?.until?;
        let ends = until.day();
        if self.counts.is_none() {
            return Some((first.max(ends), first < today));
        }
        let is_near = self.at.0 >= until.0.saturating_sub(RENEWAL);
        (is_near && due_on(ends).is_none()).then(|| (first.max(ends), false))
    }

    fn due(&self, demand: &Demand<'_>, day: NaiveDate) -> Option<NaiveDate> {
        match demand.schedule {
            Schedule::Once { .. } => self.longest.is_none().then(|| demand.first_due(day)),
            Schedule::Yearly { .. } => demand.due(self.last_of_edition.map(|done| done.entry.at.day()), day),
        }
    }

    /// Before which day nothing is due: who did what has been replaced, and was not late then, has as long as who begins on the day on which the edition
    /// came.
    fn no_sooner(&self, demand: &Demand<'_>, late_by: Option<NaiveDate>) -> NaiveDate {
        match late_by {
            _ if !self.is_replaced => NaiveDate::MIN,
            Some(by) => by,
            None => after(self.edition.came.day(), demand.schedule.days()),
        }
    }
}
