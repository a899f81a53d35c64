use std::{num::NonZero, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use model::{ModuleSlug, Status};

use crate::{
    catalogue::{Programme, Shelf},
    ground::{Dated, GroupId, local_date},
    record::{Assignment, Decline, Everybody, Exemption, Kept, PersonFacts, Thing},
    standing::{Done, Issued, Look, RENEWAL_WINDOW, Recorded, Situation, Why},
};

/// Where somebody stands with one thing: what `standing` says, in the fewest bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// The one word for it.
    pub status: Status,
    /// When it was done last, in any edition.
    pub done_on: Option<NaiveDate>,
    /// The score of that, in whole hundredths. `None`: never done, or an agreement.
    pub percent: Option<u8>,
    /// By when it is wanted.
    pub due_on: Option<NaiveDate>,
    /// The day on which what was done last stops to count; of somebody exempt, their first day without. `None`: it never does.
    pub until: Option<NaiveDate>,
    /// Why it is wanted.
    pub why: Option<Why>,
}

impl MatrixCell {
    /// What stands below a programme that is not somebody's, whatever they have done of what it asks.
    pub(super) const NOT_ASKED: Self =
        Self { status: Status::NotRequired, done_on: None, percent: None, due_on: None, until: None, why: None };
}

/// Where everybody stands with everything at one moment.
#[derive(Debug)]
pub(super) struct Grid {
    pub moment: DateTime<Utc>,
    pub known: DateTime<Utc>,
    pub look: Look,
    pub everybody: Arc<Everybody>,
    pub shelf: Arc<Shelf>,
    /// What can be asked, each once.
    pub things: Vec<Thing>,
    /// The programmes that were in force, by title, with the places of what they ask.
    pub programmes: Vec<(Arc<Programme>, Vec<usize>)>,
    /// By the places of people. `None`: nobody who is here.
    pub rows: Vec<Option<Arc<Row>>>,
    /// Until when what is in force does not change but by what is published.
    issued_before: DateTime<Utc>,
    /// Until when no row changes but by what is recorded.
    valid_before: DateTime<Utc>,
}

/// Where one person stands.
#[derive(Debug)]
pub(super) struct Row {
    /// By the places of things.
    pub cells: Box<[MatrixCell]>,
    /// The places of the programmes that are theirs.
    pub programmes: Box<[u16]>,
    /// The groups that they belong to themselves.
    pub groups: Box<[GroupId]>,
    valid_before: DateTime<Utc>,
}

impl Recorded for Kept {
    fn facts(&self) -> &PersonFacts {
        &self.facts
    }

    fn done(&self, thing: &Thing, known: DateTime<Utc>) -> Vec<Done> {
        let is_withdrawn = |place| self.withdrawn.iter().any(|(of, at)| *of == place && *at <= known);
        let done = self.done.iter().enumerate();
        let done = done.filter(|(place, done)| *done.thing == *thing && !is_withdrawn(*place));
        done.map(|(place, done)| Done { place, at: done.at, until: done.until, edition: done.edition }).collect()
    }

    fn begun(&self, module: &ModuleSlug) -> (bool, bool) {
        let begun = self.begun.iter().find(|(of, _)| of == module);
        (begun.is_some(), begun.is_some_and(|(_, open)| *open))
    }

    fn exemptions(&self) -> &[Dated<Exemption>] {
        &self.exemptions
    }

    fn declines(&self) -> &[Decline] {
        &self.declines
    }

    fn assignments(&self) -> impl Iterator<Item = &Dated<Assignment>> {
        self.shared.assignments.iter().chain(self.shared.own.get(&self.facts.id).into_iter().flatten())
    }
}

impl Grid {
    /// Decides where everybody stands at a moment, by what was known. What `before` has of people of whom nothing has been recorded since,
    /// and for whom nothing has changed by the time, is taken from it.
    pub(super) fn at(
        everybody: Arc<Everybody>,
        shelf: Arc<Shelf>,
        moment: DateTime<Utc>,
        known: DateTime<Utc>,
        look: Look,
        before: Option<&Self>,
    ) -> Self {
        let by_then = moment.min(known);
        let issued = Issued::at(&shelf, by_then);
        let mut things: Vec<Thing> = Vec::new();
        let mut programmes: Vec<(Arc<Programme>, Vec<usize>)> = Vec::new();
        for (programme, parts) in issued.iter() {
            let places = parts.iter().filter(|part| is_in_force(&shelf, &part.thing, by_then)).map(|part| {
                things.iter().position(|thing| *thing == part.thing).unwrap_or_else(|| {
                    things.push(part.thing.clone());
                    things.len() - 1
                })
            });
            programmes.push((Arc::clone(programme), places.collect()));
        }
        programmes.sort_by(|(one, _), (other, _)| (&one.title, &one.slug).cmp(&(&other.title, &other.slug)));
        let mut grid = Self {
            moment,
            known,
            look,
            issued_before: next_issue(&shelf, moment),
            valid_before: DateTime::<Utc>::MAX_UTC,
            everybody,
            shelf,
            things,
            programmes,
            rows: Vec::new(),
        };
        let before = before.filter(|before| before.lasts(&grid));
        grid.rows = grid.decide(&issued, before);
        let rows = grid.rows.iter().flatten().map(|row| row.valid_before);
        grid.valid_before = rows.min().unwrap_or(grid.valid_before).min(grid.issued_before);
        grid
    }

    /// Whether what this has is still so at a moment, if nothing was recorded since.
    pub(super) fn is_still_so(&self, now: DateTime<Utc>) -> bool {
        local_date(now) == local_date(self.moment) && self.moment <= now && now < self.valid_before
    }

    /// Whether those of this grid's rows of which nothing was recorded since may stand in the next one.
    fn lasts(&self, next: &Self) -> bool {
        self.shelf.revision == next.shelf.revision
            && Arc::ptr_eq(self.everybody.shared_facts(), next.everybody.shared_facts())
            && local_date(self.moment) == local_date(next.moment)
            && self.moment <= next.moment
            && next.moment < self.issued_before
    }

    fn decide(&self, issued: &Issued, before: Option<&Self>) -> Vec<Option<Arc<Row>>> {
        let people: Vec<Option<&Arc<Kept>>> = self.everybody.people().collect();
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = people.len().div_ceil(threads).max(1);
        if people.len() < 1000 {
            return people.iter().enumerate().map(|(place, kept)| self.row(issued, before, place, *kept)).collect();
        }
        let mut rows = Vec::with_capacity(people.len());
        std::thread::scope(|scope| {
            let parts = people.chunks(share).enumerate().map(|(part, people)| {
                scope.spawn(move || -> Vec<Option<Arc<Row>>> {
                    let people = people.iter().enumerate();
                    people.map(|(place, kept)| self.row(issued, before, part * share + place, *kept)).collect()
                })
            });
            let parts: Vec<_> = parts.collect();
            for part in parts {
                match part.join() {
                    Ok(part) => rows.extend(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        rows
    }

    fn row(&self, issued: &Issued, before: Option<&Self>, place: usize, kept: Option<&Arc<Kept>>) -> Option<Arc<Row>> {
        let kept = kept?;
        if let Some(before) = before
            && let Some(was) = before.everybody.person(place)
            && Arc::ptr_eq(was, kept)
        {
            match before.rows.get(place) {
                Some(Some(row)) if self.moment < row.valid_before => return Some(Arc::clone(row)),
                // Whoever was not here is not here later on that day either.
                Some(None) => return None,
                _ => {}
            }
        }
        // Times in the record never go back, whatever the machine's clock does.
        let now = match self.look {
            Look::Now => kept.last_recorded.map_or(self.moment, |last| last.max(self.moment)),
            Look::AsAt => self.moment,
        };
        let today = local_date(now);
        let is_here = match self.look {
            Look::Now => kept.facts.first_day(today, self.known).is_some(),
            Look::AsAt => kept.facts.start_date(today, self.known).is_some(),
        };
        if !is_here {
            return None;
        }
        let situation =
            Situation::new(Arc::clone(kept), Arc::clone(&self.shelf), Some(issued), now, self.known, self.look);
        let theirs: Vec<_> = situation.programmes().map(|(programme, _)| programme.slug.clone()).collect();
        let programmes =
            self.programmes.iter().enumerate().filter(|(_, (programme, _))| theirs.contains(&programme.slug));
        let programmes = programmes.filter_map(|(place, _)| u16::try_from(place).ok()).collect();
        let day = situation.day();
        let groups = kept.facts.memberships.iter().filter(|fact| fact.holds(day, self.known));
        let ends = kept.done.iter().filter_map(|done| done.until).flat_map(|until| [until - RENEWAL_WINDOW, until]);
        Some(Arc::new(Row {
            cells: self.things.iter().map(|thing| self.cell(&situation, kept, thing)).collect(),
            programmes,
            groups: groups.map(|fact| fact.what).collect(),
            valid_before: ends.filter(|end| *end > now).min().unwrap_or(DateTime::<Utc>::MAX_UTC),
        }))
    }

    fn cell(&self, situation: &Situation<Kept>, kept: &Kept, thing: &Thing) -> MatrixCell {
        let cell = situation.decide(thing);
        let shown = cell.counts.or(cell.last);
        let until = match cell.status {
            Status::Exempt => situation.exempt_before(thing),
            _ => shown.and_then(|done| done.until).map(local_date),
        };
        MatrixCell {
            status: cell.status,
            done_on: shown.map(|done| local_date(done.at)),
            percent: shown.and_then(|done| kept.done[done.place].percent),
            due_on: cell.wanted.as_ref().filter(|wanted| wanted.programme.is_some()).map(|wanted| wanted.by),
            until,
            why: cell.wanted.as_ref().map(|wanted| wanted.why),
        }
    }
}

fn is_in_force(shelf: &Shelf, thing: &Thing, moment: DateTime<Utc>) -> bool {
    match thing {
        Thing::Module(module) => shelf.modules.get(module).is_some_and(|history| history.at(moment).is_some()),
        Thing::Agreement(agreement) => {
            shelf.agreements.get(agreement).is_some_and(|history| history.at(moment).is_some())
        }
    }
}

/// When what is in force changes next: another node's clock may be ahead of ours.
fn next_issue(shelf: &Shelf, moment: DateTime<Utc>) -> DateTime<Utc> {
    fn times<K, T>(
        histories: &std::collections::BTreeMap<K, crate::catalogue::History<T>>,
    ) -> impl Iterator<Item = DateTime<Utc>> {
        let issues = histories.values().flat_map(|history| &history.versions);
        issues.flat_map(|issue| [Some(issue.published_at), issue.withdrawn_at]).flatten()
    }
    let times = times(&shelf.modules).chain(times(&shelf.agreements)).chain(times(&shelf.programmes));
    times.filter(|time| *time > moment).min().unwrap_or(DateTime::<Utc>::MAX_UTC)
}
