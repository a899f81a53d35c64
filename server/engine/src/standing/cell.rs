use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::{ProgrammeSlug, Status};

use super::schedule::after;
use crate::{
    catalogue::{CompanyYear, Schedule},
    ground::local_date,
};

/// A due date this many days away or fewer is "soon".
const SOON: u32 = 7;

/// How long before what was done runs out a renewal counts.
pub(crate) const RENEWAL_WINDOW: TimeDelta = TimeDelta::days(90);

/// What is asked of somebody about one thing at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The programmes that are theirs and have the thing as a part.
    pub demands: Vec<Demand>,
    /// Whether they are excused from it. Then no demand counts.
    pub exempt: bool,
    /// What is in force: a module's edition, or the version of an agreement. What was done of an earlier one does not count.
    pub edition: Edition,
    /// What was in force before it, oldest first.
    pub replaced: Vec<Edition>,
    /// Whether they have begun: a page read or an attempt made.
    pub begun: bool,
    /// Whether an attempt is open.
    pub open: bool,
}

/// What counts of a thing from a moment on: a module's edition, or the version of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The module's edition, or the number of the version.
    pub number: u32,
    /// When it came.
    pub since: DateTime<Utc>,
}

/// A programme that wants something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Which programme.
    pub programme: ProgrammeSlug,
    /// Once, or anew in every year.
    pub schedule: Schedule,
    /// The day from which days are counted: the latest of when they began, when the programme became theirs, and when the
    /// thing became a part of it.
    pub from: NaiveDate,
    /// The day with which years of their own begin: the later of when they began and when the programme became theirs.
    pub began: NaiveDate,
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
    /// The company years that are over and in which it was not done, oldest first. They stay missed, whatever is done later.
    pub missed: Vec<Missed>,
}

/// That something was not done in a company year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// The first day of that year.
    pub year: NaiveDate,
    /// By when it was due.
    pub by: NaiveDate,
    /// Which programme wanted it.
    pub programme: ProgrammeSlug,
}

/// What is wanted of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// By when; it may be done until that day ends. Never before the day from which the programme counts days.
    pub by: NaiveDate,
    /// Whether it is too late: that day has ended, or what was done ran out in the course of it.
    pub late: bool,
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
    /// It was not done in the company year before, nor since, and the new one wants it.
    Missed,
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
    let past = Past::of(done, Editions { in_force: asked.edition, replaced: &asked.replaced }, at);
    let demands: &[Demand] = if asked.exempt { &[] } else { &asked.demands };
    let mut missed: Vec<Missed> = demands.iter().flat_map(|demand| missed(demand, done, at)).collect();
    missed.sort_unstable();
    let wants = demands.iter().filter_map(|demand| {
        let last = past.last.map(|done| local_date(done.at));
        let newest = missed.iter().rfind(|missed| missed.programme == demand.programme);
        let missed = newest.is_some_and(|missed| last.is_none_or(|last| last < missed.year));
        past.wanted_by(demand, missed)
    });
    let wanted = match wants.min_by(|one, other| one.urgency().cmp(&other.urgency())) {
        None if demands.is_empty() => past.renewal(),
        wanted => wanted,
    };
    let status = status(asked, &past, wanted.as_ref(), local_date(at));
    Cell { status, wanted, counts: past.counts, last: past.last, missed }
}

/// The company years over which a demand was let go by. What was done in any edition counts: it was the one in force.
fn missed(demand: &Demand, done: &[Done], at: DateTime<Utc>) -> Vec<Missed> {
    let Some(year) = demand.schedule.year(demand.began) else { return Vec::new() };
    let done: Vec<NaiveDate> = done.iter().filter(|done| done.at <= at).map(|done| local_date(done.at)).collect();
    let missed = year.missed(demand.from, &done, local_date(at));
    missed.map(|(year, by)| Missed { year, by, programme: demand.programme.clone() }).collect()
}

/// The edition that is in force, and those that it replaced, oldest first.
#[derive(Clone, Copy)]
struct Editions<'e> {
    in_force: Edition,
    replaced: &'e [Edition],
}

impl Editions<'_> {
    /// The same until the one in force came. Before the first, whatever was done counts.
    fn before(self) -> Self {
        match self.replaced.split_last() {
            Some((in_force, replaced)) => Self { in_force: *in_force, replaced },
            None => Self { in_force: Edition { number: 0, since: DateTime::<Utc>::MIN_UTC }, replaced: &[] },
        }
    }
}

/// What was done of a thing by a moment.
struct Past<'d> {
    /// All of it, and perhaps what was done later.
    done: &'d [Done],
    editions: Editions<'d>,
    at: DateTime<Utc>,
    /// What counts at the moment, longest.
    counts: Option<Done>,
    /// What counts longest of the edition in force, even if it has run out.
    longest: Option<Done>,
    last_of_edition: Option<Done>,
    /// Whether any of it was of an edition that has been replaced.
    replaced: bool,
    last: Option<Done>,
}

impl<'d> Past<'d> {
    fn of(done: &'d [Done], editions: Editions<'d>, at: DateTime<Utc>) -> Self {
        let edition = editions.in_force.number;
        let by_then = || done.iter().copied().filter(|done| done.at <= at);
        let of_edition = || by_then().filter(|done| done.edition >= edition);
        let longest = of_edition().max_by_key(|done| (done.runs_out(), done.order()));
        Self {
            done,
            editions,
            at,
            counts: longest.filter(|done| at < done.runs_out()),
            longest,
            last_of_edition: of_edition().max_by_key(Done::order),
            replaced: by_then().any(|done| done.edition < edition),
            last: by_then().max_by_key(Done::order),
        }
    }

    fn wanted_by(&self, demand: &Demand, missed: bool) -> Option<Wanted> {
        let today = local_date(self.at);
        let no_sooner = self.no_sooner(demand);
        let due_on = |day| self.due(demand, day).map(|due| due.max(no_sooner));
        let first = first_due(demand, today).max(no_sooner);
        let (by, late, why) = match (due_on(today), self.counts, self.longest) {
            (Some(due), Some(_), _) => (due, due < today, if missed { Why::Missed } else { Why::NewYear }),
            (Some(due), None, Some(_)) => (due, due < today, Why::RanOut),
            (Some(due), None, None) if self.replaced => (due, due < today, Why::Changed),
            (Some(due), None, None) => (due, due < today, if missed { Why::Missed } else { Why::New }),
            (None, Some(counts), _) => {
                let last_day = local_date(counts.renewed_at(self.at)?);
                // When it runs out, a company year that asks for it anyway has already begun to.
                if due_on(last_day).is_some() {
                    return None;
                }
                (first.max(last_day), false, Why::RunsOut)
            }
            (None, None, Some(ran_out)) => (first.max(local_date(ran_out.runs_out())), first < today, Why::RanOut),
            (None, None, None) => return None,
        };
        Some(Wanted { by, late, why, programme: Some(demand.programme.clone()) })
    }

    /// By when a programme wants it by its schedule, whether or not what was done has run out. `None`: for the programme it is done, for now or for good.
    fn due(&self, demand: &Demand, today: NaiveDate) -> Option<NaiveDate> {
        match demand.schedule.year(demand.began) {
            None if self.longest.is_some() => None,
            None => Some(first_due(demand, today)),
            Some(year) => year.part_due(demand.from, self.last_of_edition.map(|done| local_date(done.at)), today),
        }
    }

    /// Before which day nothing is due. Who did an edition that has been replaced, and was not late when the one in force came, has as long for it as
    /// who begins on that day. Who was late stays so, since the same day as before. It goes through the editions once, however many there were.
    fn no_sooner(&self, demand: &Demand) -> NaiveDate {
        if !self.replaced {
            return NaiveDate::MIN;
        }
        let days = match demand.schedule {
            Schedule::Once { days, .. } => days,
            Schedule::CompanyYear(CompanyYear { due_days, .. }) | Schedule::OwnYear { due_days, .. } => due_days,
        };
        let came = local_date(self.editions.in_force.since);
        self.late_by(demand).unwrap_or_else(|| after(came, days))
    }

    /// By when it was due from somebody who had let that day go by before the day on which the edition in force came. `None`: they were not
    /// late then.
    fn late_by(&self, demand: &Demand) -> Option<NaiveDate> {
        let came = self.editions.in_force.since.min(self.at);
        let wanted = Past::of(self.done, self.editions.before(), came).wanted_by(demand, false)?;
        (wanted.by < local_date(came)).then_some(wanted.by)
    }

    /// Although no programme wants it, what counts may be renewed before it runs out.
    fn renewal(&self) -> Option<Wanted> {
        let until = self.counts?.renewed_at(self.at)?;
        Some(Wanted { by: local_date(until), late: false, why: Why::RunsOut, programme: None })
    }
}

/// By when a programme wants something by its schedule from who begins with it today, whatever they did before.
fn first_due(demand: &Demand, today: NaiveDate) -> NaiveDate {
    match demand.schedule {
        Schedule::Once { days, on } => {
            let theirs = after(demand.from, days);
            on.map_or(theirs, |on| on.max(theirs))
        }
        Schedule::CompanyYear(year) => year.newest_due(demand.from, today),
        Schedule::OwnYear { window, due_days } => {
            CompanyYear::of_ones_own(demand.began, window, due_days).newest_due(demand.from, today)
        }
    }
}

impl Done {
    fn runs_out(&self) -> DateTime<Utc> {
        self.until.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Until when it counts, if its renewal counts at a moment. `None`: it is too early, or it never runs out.
    pub(crate) fn renewed_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.until.filter(|until| at >= *until - RENEWAL_WINDOW)
    }

    /// By when they were done, and never by where they stand in what was handed in.
    fn order(&self) -> (DateTime<Utc>, u32, usize) {
        (self.at, self.edition, self.place)
    }
}

impl Wanted {
    /// What is wanted first is least.
    fn urgency(&self) -> (NaiveDate, bool, Option<&ProgrammeSlug>) {
        (self.by, !self.late, self.programme.as_ref())
    }
}

fn status(asked: &Asked, past: &Past<'_>, wanted: Option<&Wanted>, today: NaiveDate) -> Status {
    let counts = past.counts.is_some();
    let begun = if past.last.is_some() { asked.open } else { asked.begun };
    let Some(wanted) = wanted.filter(|wanted| wanted.programme.is_some()) else {
        return match () {
            () if counts => Status::Passed,
            () if asked.exempt => Status::Exempt,
            () if begun => Status::InProgress,
            // Nobody asks for it: that what was done no longer counts is not held against them.
            () => Status::NotRequired,
        };
    };
    match () {
        () if wanted.late && wanted.why == Why::RanOut => Status::Expired,
        () if wanted.late => Status::Overdue,
        () if wanted.by <= after(today, SOON) => Status::DueSoon,
        () if begun => Status::InProgress,
        () if counts => Status::Passed,
        () => Status::NotStarted,
    }
}
