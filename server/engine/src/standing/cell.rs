use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use model::{ProgrammeSlug, Status};

use super::schedule::after;
use crate::{catalogue::Schedule, ground::local_date};

/// A due date this many days away or fewer is "soon".
pub(crate) const SOON: Days = Days::new(7);

/// How long before what was done runs out a renewal counts.
pub(crate) const RENEWAL_WINDOW: TimeDelta = TimeDelta::days(90);

/// What is asked of somebody about one thing at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The programmes that are theirs and have the thing as a part.
    pub demands: Vec<Demand>,
    /// Whether they are excused from it. Then no demand counts.
    pub exempt: bool,
    /// What is in force: a module's edition, or the number of an agreement's version. What was done of an earlier one does not count.
    pub edition: u32,
    /// From which day on it has been in force.
    pub edition_since: NaiveDate,
    /// Whether they have begun: a page read or an attempt made.
    pub begun: bool,
    /// Whether an attempt is open.
    pub open: bool,
}

/// A programme that wants something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Which programme.
    pub programme: ProgrammeSlug,
    /// Once, or anew in every company year.
    pub schedule: Schedule,
    /// The day from which days are counted: the latest of when they began, when the programme became theirs, and when the
    /// thing became a part of it.
    pub from: NaiveDate,
}

/// That something was done: a module passed, an agreement signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its place in the record that it was taken from.
    pub place: usize,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it counts. `None`: for ever.
    pub until: Option<DateTime<Utc>>,
    /// Of which edition, or of the version of which number.
    pub edition: u32,
}

/// Where somebody stands with one thing at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The one word for it.
    pub status: Status,
    /// What is wanted of them, and by when. `None`: nothing, for now.
    pub wanted: Option<Wanted>,
    /// What was done and counts now: the one that counts longest.
    pub counts: Option<Done>,
    /// What was done last, whether or not it counts.
    pub last: Option<Done>,
}

/// What is wanted of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// By when; it may be done until that day ends.
    pub by: NaiveDate,
    /// Why.
    pub why: Why,
    /// Which programme wants it. `None`: none does, but what was done runs out.
    pub programme: Option<ProgrammeSlug>,
}

/// Why something is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It has not been done yet.
    New,
    /// It was done in an edition that has been replaced.
    Changed,
    /// What was done no longer counts, because its time has run out.
    RanOut,
    /// What was done still counts, and will run out soon.
    RunsOut,
    /// What was done still counts, and a new company year wants it anew.
    NewYear,
}

impl Cell {
    /// Whether it may be done again although what was done still counts.
    #[must_use]
    pub fn renews(&self) -> bool {
        self.counts.is_some() && self.wanted.is_some()
    }
}

/// Where somebody stands with a thing at a moment, by what is asked of them and what they have done. What was done later is left out.
/// The rules stand as a table in ARCHITECTURE.md, "Standing".
#[must_use]
pub fn standing(asked: &Asked, done: &[Done], at: DateTime<Utc>) -> Cell {
    let today = local_date(at);
    let by_then = || done.iter().copied().filter(|done| done.at <= at);
    let of_edition = || by_then().filter(|done| done.edition >= asked.edition);
    let runs_out = |done: &Done| done.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let past = Past {
        counts: of_edition().filter(|done| at < runs_out(done)).max_by_key(|done| (runs_out(done), done.at)),
        longest: of_edition().max_by_key(|done| (runs_out(done), done.at)),
        last_of_edition: of_edition().max_by_key(|done| done.at),
        last: by_then().max_by_key(|done| done.at),
    };
    let demands: &[Demand] = if asked.exempt { &[] } else { &asked.demands };
    let wants = demands.iter().filter_map(|demand| past.wanted_by(asked, demand, at));
    let wanted = match wants.min_by_key(|wanted| wanted.by) {
        None if demands.is_empty() => past.renewal(at),
        wanted => wanted,
    };
    let status = status(asked, demands, &past, wanted.as_ref(), today);
    Cell { status, wanted, counts: past.counts, last: past.last }
}

/// What was done of a thing by a moment.
struct Past {
    /// What counts at the moment, longest.
    counts: Option<Done>,
    /// What counts longest of the edition in force, even if it has run out.
    longest: Option<Done>,
    last_of_edition: Option<Done>,
    last: Option<Done>,
}

impl Past {
    fn wanted_by(&self, asked: &Asked, demand: &Demand, at: DateTime<Utc>) -> Option<Wanted> {
        let today = local_date(at);
        let since_edition = |days: u32| after(asked.edition_since, days);
        let (by, why) = match demand.schedule {
            Schedule::Once { days } => {
                let first = after(demand.from, days);
                match (self.counts, self.longest, self.last) {
                    (Some(_), ..) => return self.renewal(at).map(|wanted| wanted.of(demand)),
                    (None, Some(ran_out), _) => (first.max(ran_out.last_day()), Why::RanOut),
                    (None, None, Some(_)) => (first.max(since_edition(days)), Why::Changed),
                    (None, None, None) => (first, Why::New),
                }
            }
            Schedule::CompanyYear(year) => {
                let last = self.last_of_edition.map(|done| local_date(done.at));
                let due = year.part_due(demand.from, last, today);
                match (self.longest, self.last) {
                    (Some(_), _) if self.counts.is_some() => (due?, Why::NewYear),
                    (Some(ran_out), _) => {
                        let first = year.first_due(demand.from, today);
                        (due.unwrap_or(first).max(ran_out.last_day().min(first)), Why::RanOut)
                    }
                    (None, Some(_)) => (due?.max(since_edition(year.due_days)), Why::Changed),
                    (None, None) => (due?, Why::New),
                }
            }
        };
        Some(Wanted { by, why, programme: Some(demand.programme.clone()) })
    }

    /// What counts is to be renewed once that makes it count longer.
    fn renewal(&self, at: DateTime<Utc>) -> Option<Wanted> {
        let counts = self.counts?;
        let until = counts.until.filter(|until| at >= *until - RENEWAL_WINDOW)?;
        Some(Wanted { by: local_date(until), why: Why::RunsOut, programme: None })
    }
}

impl Done {
    /// The day on which it runs out.
    fn last_day(&self) -> NaiveDate {
        self.until.map_or(NaiveDate::MAX, local_date)
    }
}

impl Wanted {
    fn of(self, demand: &Demand) -> Self {
        Self { programme: Some(demand.programme.clone()), ..self }
    }
}

fn status(asked: &Asked, demands: &[Demand], past: &Past, wanted: Option<&Wanted>, today: NaiveDate) -> Status {
    let counts = past.counts.is_some();
    let Some(wanted) = wanted else {
        return match () {
            () if counts => Status::Passed,
            () if asked.exempt => Status::Exempt,
            () if past.last.is_some() => Status::Expired,
            () if asked.begun => Status::InProgress,
            () if demands.is_empty() => Status::NotRequired,
            () => Status::NotStarted,
        };
    };
    match () {
        () if wanted.why == Why::RanOut && wanted.by <= today => Status::Expired,
        () if wanted.by < today => Status::Overdue,
        () if wanted.by <= today + SOON => Status::DueSoon,
        () if if past.last.is_some() { asked.open } else { asked.begun } => Status::InProgress,
        () if counts => Status::Passed,
        () => Status::NotStarted,
    }
}
