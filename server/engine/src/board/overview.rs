use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use model::Status;

use super::{
    grid::MatrixCell,
    matrix::{Matrix, MatrixRow, Tally},
    query::{AsAt, MatrixQuery},
};
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, aside, end_of},
    people::{ListedPerson, Scope},
    record::Thing,
    standing::Why,
};

/// How the people whom somebody looks after stand altogether: counts alone, all of them made of the matrix.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The matrix of now: of whom it is said, and what can be asked for.
    pub seen: Matrix,
    /// All people and things together.
    pub whole: Tally,
    /// Who is late with something.
    pub late_people: usize,
    /// For how many days what is late longest has been so. `None`: nothing is late.
    pub longest_late: Option<i64>,
    /// The groups that have people of their own, by name; whoever is in none that is seen comes last.
    pub groups: Vec<OverviewGroup>,
    /// The share that was done, over time: oldest first, the last is now.
    pub history: Vec<OverviewDay>,
    /// What is late, by how long.
    pub overdue: Vec<OverdueBand>,
    /// What falls due in the next weeks and is not done.
    pub due: Vec<DueWeek>,
    /// Of each agreement that is asked for, who has signed it.
    pub agreements: Vec<SignedShare>,
    /// Who is asked for something and has begun nothing yet, by name.
    pub not_begun: Vec<ListedPerson>,
}

/// A group in the overview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewGroup {
    /// Which. `None`: whoever is in none that is seen.
    pub id: Option<GroupId>,
    /// Its name, after those of the groups above it.
    pub path: Vec<String>,
    /// How many people are in it now.
    pub people: usize,
}

/// How much was done at the end of a day, or now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewDay {
    /// The day.
    pub day: NaiveDate,
    /// Of all groups together, as it was known then.
    pub whole: Tally,
    /// By the places of [`Overview::groups`].
    pub groups: Vec<Tally>,
}

/// What has been late for so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverdueBand {
    /// The fewest days.
    pub from: i64,
    /// The most days. `None`: there is no most.
    pub to: Option<i64>,
    /// How many things.
    pub things: usize,
    /// How many people have at least one such thing.
    pub people: usize,
}

/// What falls due in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueWeek {
    /// Its first day: a Monday, or today.
    pub from: NaiveDate,
    /// Its last day, a Sunday.
    pub to: NaiveDate,
    /// How many things.
    pub things: usize,
    /// How many people have at least one of them.
    pub people: usize,
    /// What most of it is, with how many of it: two at most.
    pub most: Vec<(String, usize)>,
}

/// How many of those who are asked for an agreement have signed the version in force: policy into practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedShare {
    /// The agreement.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// Of everybody.
    pub whole: Signed,
    /// By the places of [`Overview::groups`].
    pub groups: Vec<Signed>,
}

/// Of how many an agreement is asked, and what they have done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signed {
    /// Of how many it is asked who are not excused.
    pub asked: u32,
    /// How many of them have a signature that counts.
    pub signed: u32,
    /// How many have signed an older version, which no longer counts.
    pub older: u32,
}

/// So many weeks before now are looked at.
pub(super) const WEEKS_BACK: [u64; 7] = [12, 10, 8, 6, 4, 2, 1];

/// How late things are, in days: from, to.
const BANDS: [(i64, Option<i64>); 4] = [(1, Some(7)), (8, Some(14)), (15, Some(28)), (29, None)];

/// How many weeks ahead are looked at.
const WEEKS_AHEAD: u64 = 4;

impl Engine {
    /// How the people in scope stand altogether: of a group with those below it, and of an audience, where these are asked for.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when the group is none that is in scope.
    pub async fn overview(
        &self,
        scope: &Scope,
        group: Option<GroupId>,
        audience: Option<Audience>,
    ) -> Looked<Overview> {
        let query = MatrixQuery { group, audience, ..MatrixQuery::default() };
        let seen = self.matrix(scope, &query).await?;
        let reached = scope.reached(&mut self.store.read().await?).await?;
        let mut past = Vec::new();
        for weeks in WEEKS_BACK {
            let day = seen.day() - Days::new(7 * weeks);
            let as_at = AsAt { moment: end_of(day), as_known_now: false };
            // A group that is newer than the day had nobody then.
            let matrix = match self.past_matrix(&reached, query.clone(), as_at).await {
                Err(Refused::NotFound) => None,
                matrix => Some(matrix?),
            };
            past.push(PastDay::of(day, matrix.as_ref()));
        }
        Ok(aside(move || Overview::of(seen, &past)).await)
    }
}

impl Overview {
    fn of(seen: Matrix, past: &[PastDay]) -> Self {
        let group = |group: &super::matrix::MatrixGroup| OverviewGroup {
            id: group.id,
            path: group.path.clone(),
            people: group.people,
        };
        let groups: Vec<OverviewGroup> = seen.groups.iter().map(group).collect();
        let mut history: Vec<OverviewDay> = past
            .iter()
            .map(|past| {
                let tally = |of: &OverviewGroup| past.groups.get(&of.id).copied().unwrap_or_default();
                OverviewDay { day: past.day, whole: past.whole, groups: groups.iter().map(tally).collect() }
            })
            .collect();
        let today = seen.day();
        let now = seen.groups.iter().map(|group| group.whole).collect();
        history.push(OverviewDay { day: today, whole: seen.whole, groups: now });
        let mut counts = Counts::new(&seen, today);
        for row in seen.rows(0..seen.listed()) {
            counts.add(&row);
        }
        Self {
            whole: seen.whole,
            late_people: counts.late_people,
            longest_late: counts.longest_late,
            groups,
            history,
            overdue: counts.overdue,
            due: counts.due.into_iter().map(Week::done).collect(),
            agreements: counts.agreements,
            not_begun: counts.not_begun,
            seen,
        }
    }
}

/// How much was done at the end of a day, by group.
struct PastDay {
    day: NaiveDate,
    whole: Tally,
    groups: BTreeMap<Option<GroupId>, Tally>,
}

impl PastDay {
    fn of(day: NaiveDate, matrix: Option<&Matrix>) -> Self {
        let groups = matrix.iter().flat_map(|matrix| &matrix.groups).map(|group| (group.id, group.whole)).collect();
        Self { day, whole: matrix.map_or(Tally::default(), |matrix| matrix.whole), groups }
    }
}

/// What is being counted.
struct Counts<'m> {
    seen: &'m Matrix,
    today: NaiveDate,
    late_people: usize,
    longest_late: Option<i64>,
    overdue: Vec<OverdueBand>,
    due: Vec<Week>,
    agreements: Vec<SignedShare>,
    not_begun: Vec<ListedPerson>,
}

struct Week {
    week: DueWeek,
    titles: BTreeMap<String, usize>,
}

impl Week {
    fn done(self) -> DueWeek {
        let mut titles: Vec<(String, usize)> = self.titles.into_iter().collect();
        titles.sort_by(|(one, of_one), (other, of_other)| of_other.cmp(of_one).then_with(|| one.cmp(other)));
        titles.truncate(2);
        DueWeek { most: titles, ..self.week }
    }
}

impl<'m> Counts<'m> {
    fn new(seen: &'m Matrix, today: NaiveDate) -> Self {
        let band = |(from, to)| OverdueBand { from, to, things: 0, people: 0 };
        let sunday = today + Days::new(u64::from(6 - today.weekday().num_days_from_monday()));
        let week = |weeks: u64| {
            let to = sunday + Days::new(7 * weeks);
            let from = today.max(to - Days::new(6));
            Week { week: DueWeek { from, to, things: 0, people: 0, most: Vec::new() }, titles: BTreeMap::new() }
        };
        let mut agreements: Vec<SignedShare> = Vec::new();
        for column in &seen.columns {
            let is_new = agreements.iter().all(|known| known.thing != column.thing);
            if matches!(column.thing, Thing::Agreement(_)) && is_new {
                let (thing, title) = (column.thing.clone(), column.title.clone());
                let groups = vec![Signed::default(); seen.groups.len()];
                agreements.push(SignedShare { thing, title, whole: Signed::default(), groups });
            }
        }
        Self {
            seen,
            today,
            late_people: 0,
            longest_late: None,
            overdue: BANDS.map(band).to_vec(),
            due: (0..WEEKS_AHEAD).map(week).collect(),
            agreements,
            not_begun: Vec::new(),
        }
    }

    fn add(&mut self, row: &MatrixRow<'_>) {
        let asked = asked_once(self.seen, row);
        let (mut bands, mut weeks) = (BTreeSet::new(), BTreeSet::new());
        for (thing, title, cell) in &asked {
            if let Some(days) = days_late(cell, self.today) {
                self.longest_late = self.longest_late.max(Some(days));
                let is_in = |band: &OverdueBand| band.from <= days && band.to.is_none_or(|to| days <= to);
                if let Some(place) = self.overdue.iter().position(is_in) {
                    self.overdue[place].things += 1;
                    bands.insert(place);
                }
            } else if let Some(due) = cell.due_on.filter(|_| cell.status != Status::Passed) {
                let is_in = |week: &Week| (week.week.from..=week.week.to).contains(&due);
                if let Some(place) = self.due.iter().position(is_in) {
                    self.due[place].week.things += 1;
                    *self.due[place].titles.entry((*title).to_owned()).or_default() += 1;
                    weeks.insert(place);
                }
            }
            if let Some(agreement) = self.agreements.iter_mut().find(|agreement| agreement.thing == **thing) {
                for signed in [&mut agreement.whole, &mut agreement.groups[row.group]] {
                    signed.asked += 1;
                    signed.signed += u32::from(cell.status == Status::Passed || is_renewed(cell));
                    signed.older += u32::from(cell.done_on.is_some() && cell.why == Some(Why::Changed));
                }
            }
        }
        for place in &bands {
            self.overdue[*place].people += 1;
        }
        for place in &weeks {
            self.due[*place].week.people += 1;
        }
        self.late_people += usize::from(!bands.is_empty());
        let is_new = |cell: &MatrixCell| cell.done_on.is_none() && cell.status != Status::InProgress;
        if !asked.is_empty() && asked.iter().all(|(_, _, cell)| is_new(cell)) {
            self.not_begun.push(ListedPerson { id: row.id, name: row.name.to_owned() });
        }
    }
}

/// What is asked of somebody, each thing once.
fn asked_once<'m>(seen: &'m Matrix, row: &MatrixRow<'m>) -> Vec<(&'m Thing, &'m str, &'m MatrixCell)> {
    let mut asked: Vec<(&Thing, &str, &MatrixCell)> = Vec::new();
    for (column, (cell, is_theirs)) in seen.columns.iter().zip(&row.cells) {
        let is_asked = *is_theirs && !matches!(cell.status, Status::Exempt | Status::NotRequired);
        if is_asked && asked.iter().all(|(thing, ..)| **thing != column.thing) {
            asked.push((&column.thing, &column.title, cell));
        }
    }
    asked
}

/// Since how many days something has been late. `None`: it is not.
fn days_late(cell: &MatrixCell, today: NaiveDate) -> Option<i64> {
    let since = match cell.status {
        Status::Overdue => cell.due_on,
        Status::Expired => cell.due_on.or(cell.until),
        _ => return None,
    };
    Some(since.map_or(1, |since| (today - since).num_days().max(1)))
}

/// Whether what was signed still counts although it is wanted again soon.
fn is_renewed(cell: &MatrixCell) -> bool {
    cell.done_on.is_some() && cell.why == Some(Why::RunsOut)
}
