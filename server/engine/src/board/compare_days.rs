use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use model::{ProgrammeSlug, Status};

use super::{
    grid::MatrixCell,
    matrix::{Matrix, MatrixRow, NobodyHas, Tally},
    query::{AsAt, MatrixQuery},
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{PersonId, aside, name_key, on_every_core},
    people::Scope,
    record::Thing,
    standing::Why,
};

/// What changed between two moments for the people whom somebody sees: what two matrices say, and nothing else.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The earlier moment.
    pub from: DateTime<Utc>,
    /// The later moment.
    pub to: DateTime<Utc>,
    /// Whether the later moment is now.
    pub to_is_now: bool,
    /// Whether both are by what is recorded now, and not by what had been recorded by then.
    pub as_known_now: bool,
    /// What is asked, from left to right, at either moment; each programme for itself.
    pub columns: Vec<ComparedColumn>,
    /// The people for whom something changed, by group and by name.
    pub people: Vec<ComparedPerson>,
    /// How many people there are at either moment.
    pub of_people: usize,
    /// What is asked for that nobody in scope has at either moment, so that nothing is shown. `None`: somebody has all of it at one of them.
    pub nobody_has: Option<NobodyHas>,
    /// The matrix of the later moment; of the earlier one where there is none: what can be asked for.
    pub seen: Matrix,
}

/// Something that a programme asks, at both moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedColumn {
    /// What.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// The title of the programme.
    pub programme: String,
    /// Of all people at the earlier moment.
    pub before: Tally,
    /// Of all people at the later moment.
    pub after: Tally,
    /// How many have done it since, or again.
    pub done: u32,
    /// For how many what they had done no longer counts.
    pub undone: u32,
    /// How many became late.
    pub late: u32,
}

/// Somebody for whom something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedPerson {
    /// Who.
    pub id: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: String,
    /// When they are among the people who are shown.
    pub presence: Presence,
    /// Their group at the later moment, after those above it; at the earlier one where they are gone.
    pub group: Vec<String>,
    /// Their group at the earlier moment, where it was another.
    pub moved_from: Option<Vec<String>>,
    /// Since when they have no longer been here, by today. `None`: they are here.
    pub left_on: Option<NaiveDate>,
    /// What changed, in the order of the columns.
    pub changes: Vec<ComparedCell>,
}

/// At which of the two moments somebody is among the people who are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// At both.
    Both,
    /// At the later one alone.
    Came,
    /// At the earlier one alone.
    Gone,
}

/// One thing of one person, at both moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedCell {
    /// What.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// Where they stood. `None`: they were not shown, or it was asked of nobody.
    pub before: Option<MatrixCell>,
    /// Where they stand at the later moment; likewise.
    pub after: Option<MatrixCell>,
    /// What that means.
    pub turn: Turn,
}

/// So many people are compared at once: each core takes the next of such parts when it is done with one.
const TOGETHER: usize = 1000;

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// It became late.
    Late,
    /// What was done no longer counts.
    Undone,
    /// What was done is wanted again, before it has run out or because another year asks for it.
    Again,
    /// It was done.
    Done,
    /// It was done again while it still counted.
    DoneAgain,
    /// It is asked since.
    Asked,
    /// It is no longer asked, or they are excused.
    NotAsked,
    /// Its day came nearer, it was begun, or it is wanted on another day.
    Other,
}

impl Engine {
    /// What changed between the moment of a query and another for the people in scope who fit the query at either of them. Statuses are those
    /// at the later moment; due dates, order and folded groups count for nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when the group is none that is in scope, or there was none such at either moment.
    pub async fn compare(&self, scope: &Scope, query: &MatrixQuery, against: AsAt) -> Looked<Comparison> {
        let (before, after) = moments(query, against);
        let (before, after) = (self.matrix(scope, &before).await, self.matrix(scope, &after).await);
        let query = query.clone();
        aside(move || Comparison::between(before, after, &query)).await
    }

    /// The same of everybody, for the command line: whoever has the database has no other limits.
    ///
    /// # Errors
    /// As for [`Engine::compare`].
    pub async fn compare_everybody(&self, query: &MatrixQuery, against: AsAt) -> Looked<Comparison> {
        let (before, after) = moments(query, against);
        let (before, after) = (self.whole_matrix(&before).await, self.whole_matrix(&after).await);
        let query = query.clone();
        aside(move || Comparison::between(before, after, &query)).await
    }
}

/// The same query as at the earlier and as at the later moment, without what would hide somebody at one of them alone: also without the thing,
/// which may be asked since, or no longer.
fn moments(query: &MatrixQuery, against: AsAt) -> (MatrixQuery, MatrixQuery) {
    let at = |as_at: Option<AsAt>| MatrixQuery {
        as_at,
        statuses: BTreeSet::new(),
        due_before: None,
        thing: None,
        folded: BTreeSet::new(),
        ..query.clone()
    };
    match query.as_at {
        Some(as_at) if as_at.moment < against.moment => (at(Some(as_at)), at(Some(against))),
        as_at => (at(Some(against)), at(as_at)),
    }
}

impl Comparison {
    fn between(before: Looked<Matrix>, after: Looked<Matrix>, query: &MatrixQuery) -> Looked<Self> {
        // A group may be newer than the earlier moment, or have ended before the later one.
        let there = |matrix: Looked<Matrix>| match matrix {
            Ok(matrix) => Ok(Some(matrix)),
            Err(Refused::NotFound) => Ok(None),
            Err(refused) => Err(refused),
        };
        let (before, after) = (there(before)?, there(after)?);
        let seen = after.as_ref().or(before.as_ref()).cloned().ok_or(Refused::NotFound)?;
        Ok(Self::of(before.as_ref(), after.as_ref(), seen, query))
    }

    fn of(before: Option<&Matrix>, after: Option<&Matrix>, seen: Matrix, query: &MatrixQuery) -> Self {
        let mut columns = columns(before, after);
        let things = things(&columns, query);
        let (was, is) = (by_person(before), by_person(after));
        let here = is.iter().map(|(id, here)| (*id, was.get(id), Some(here)));
        let gone = was.iter().filter(|(id, _)| !is.contains_key(*id)).map(|(id, gone)| (*id, Some(gone), None));
        let everybody: Vec<Both<'_, '_>> = here.chain(gone).collect();
        let of_people = everybody.len();
        let places = |matrix| Places::of(matrix, &columns, &things);
        let what = What { things: &things, before: places(before), after: places(after), query };
        let parts: Vec<&[Both<'_, '_>]> = everybody.chunks(TOGETHER).collect();
        let parts = on_every_core(&parts, |people| what.became_of(people));
        let mut people: Vec<ComparedPerson> = Vec::new();
        for (found, counts) in parts {
            people.extend(found);
            for ((_, column), count) in columns.iter_mut().zip(counts) {
                column.done += count.done;
                column.undone += count.undone;
                column.late += count.late;
            }
        }
        let somebody_has = [before, after].into_iter().flatten().any(|matrix| matrix.nobody_has.is_none());
        let nobody_has = if !somebody_has {
            seen.nobody_has
        } else if query.thing.is_some() && things.is_empty() {
            Some(NobodyHas::Thing)
        } else {
            None
        };
        if nobody_has.is_some() {
            people.clear();
        }
        let groups = [before, after].into_iter().flatten().flat_map(|matrix| &matrix.groups);
        let keys = groups.map(|group| {
            let key: Vec<String> = group.path.iter().map(|name| name_key(name)).collect();
            (group.path.as_slice(), key)
        });
        let keys: BTreeMap<&[String], Vec<String>> = keys.collect();
        people.sort_by_cached_key(|person| {
            // Whoever is in no group that is seen comes last.
            (person.group.is_empty(), keys.get(person.group.as_slice()), name_key(&person.name), person.id)
        });
        Self {
            from: before.map_or(seen.moment, |before| before.moment),
            to: after.map_or(seen.moment, |after| after.moment),
            to_is_now: after.is_some_and(|after| after.is_now),
            as_known_now: before.or(after).is_some_and(|matrix| matrix.as_known_now),
            columns: columns.into_iter().map(|(_, column)| column).collect(),
            people,
            of_people,
            nobody_has,
            seen,
        }
    }

    /// How many of the changes are such.
    #[must_use]
    pub fn how_many(&self, turn: Turn) -> usize {
        self.people.iter().flat_map(|person| &person.changes).filter(|change| change.turn == turn).count()
    }

    /// How many people are shown so.
    #[must_use]
    pub fn present(&self, presence: Presence) -> usize {
        self.people.iter().filter(|person| person.presence == presence).count()
    }
}

/// What is asked at either moment, with the name of its programme.
fn columns(before: Option<&Matrix>, after: Option<&Matrix>) -> Vec<(ProgrammeSlug, ComparedColumn)> {
    let mut columns: Vec<(ProgrammeSlug, ComparedColumn)> = Vec::new();
    for (matrix, is_after) in [(after, true), (before, false)] {
        let Some(matrix) = matrix else { continue };
        for column in &matrix.columns {
            let programme = &matrix.programmes[column.programme];
            let known = columns.iter().position(|(slug, known)| *slug == programme.slug && known.thing == column.thing);
            let place = known.unwrap_or_else(|| {
                let new = ComparedColumn {
                    thing: column.thing.clone(),
                    title: column.title.clone(),
                    programme: programme.title.clone(),
                    before: Tally::default(),
                    after: Tally::default(),
                    done: 0,
                    undone: 0,
                    late: 0,
                };
                // What is no longer asked stands behind the rest of its programme.
                let last = columns.iter().rposition(|(slug, _)| *slug == programme.slug);
                let place = last.map_or(columns.len(), |last| last + 1);
                columns.insert(place, (programme.slug.clone(), new));
                place
            });
            let tally = if is_after { &mut columns[place].1.after } else { &mut columns[place].1.before };
            *tally = column.tally;
        }
    }
    columns
}

/// What is asked, each once, so far as it is asked for.
fn things(columns: &[(ProgrammeSlug, ComparedColumn)], query: &MatrixQuery) -> Vec<(Thing, String)> {
    let mut things: Vec<(Thing, String)> = Vec::new();
    for (_, column) in columns {
        let is_wanted = query.thing.as_ref().is_none_or(|wanted| *wanted == column.thing);
        if is_wanted && things.iter().all(|(known, _)| *known != column.thing) {
            things.push((column.thing.clone(), column.title.clone()));
        }
    }
    things
}

/// Somebody as one of the matrices has them.
struct Here<'m> {
    row: MatrixRow<'m>,
    path: &'m [String],
}

/// Somebody at the earlier and at the later moment.
type Both<'h, 'm> = (PersonId, Option<&'h Here<'m>>, Option<&'h Here<'m>>);

impl Here<'_> {
    /// Where they stood with the thing of these columns, as far as a programme of theirs asks it. `None`: no programme that is shown asks it of
    /// anybody.
    fn cell(&self, columns: &[usize]) -> Option<MatrixCell> {
        let cells = columns.iter().map(|column| self.row.cells[*column]);
        cells.max_by_key(|(_, is_theirs)| *is_theirs).map(|(cell, _)| *cell)
    }

    /// The cell of a column, where its programme asks it of them.
    fn asked_cell(&self, column: Option<usize>) -> Option<MatrixCell> {
        let (cell, is_theirs) = self.row.cells[column?];
        is_theirs.then_some(*cell)
    }
}

fn by_person(matrix: Option<&Matrix>) -> BTreeMap<PersonId, Here<'_>> {
    let Some(matrix) = matrix else { return BTreeMap::new() };
    let rows = matrix.rows(0..matrix.listed());
    rows.map(|row| {
        let path = matrix.groups[row.group].path.as_slice();
        (row.id, Here { row, path })
    })
    .collect()
}

/// Where in the rows of one of the matrices stands what is compared: looked up once, and not for each of the people.
struct Places {
    /// By compared column: the column of the matrix in which the same programme asks the same. `None`: it does not at that moment.
    columns: Vec<Option<usize>>,
    /// By thing: the columns of the matrix that ask it.
    things: Vec<Vec<usize>>,
}

impl Places {
    fn of(matrix: Option<&Matrix>, columns: &[(ProgrammeSlug, ComparedColumn)], things: &[(Thing, String)]) -> Self {
        let mut asked: Vec<(&Thing, &ProgrammeSlug)> = Vec::new();
        if let Some(matrix) = matrix {
            let columns = matrix.columns.iter();
            asked.extend(columns.map(|column| (&column.thing, &matrix.programmes[column.programme].slug)));
        }
        let of_column = |(programme, column): &(ProgrammeSlug, ComparedColumn)| {
            asked.iter().position(|(thing, by)| **thing == column.thing && *by == programme)
        };
        let of_thing = |(thing, _): &(Thing, String)| -> Vec<usize> {
            let places = asked.iter().enumerate().filter(|(_, (other, _))| *other == thing);
            places.map(|(place, _)| place).collect()
        };
        Self { columns: columns.iter().map(of_column).collect(), things: things.iter().map(of_thing).collect() }
    }
}

/// How many changes a column has.
#[derive(Clone, Copy, Default)]
struct ChangeCount {
    done: u32,
    undone: u32,
    late: u32,
}

/// What is compared of each of the people.
struct What<'c> {
    things: &'c [(Thing, String)],
    before: Places,
    after: Places,
    query: &'c MatrixQuery,
}

impl What<'_> {
    /// For whom of these people something changed, and how many changes there are of all of them by compared column.
    fn became_of(&self, people: &[Both<'_, '_>]) -> (Vec<ComparedPerson>, Vec<ChangeCount>) {
        let mut counts = vec![ChangeCount::default(); self.after.columns.len()];
        let found = people.iter().filter_map(|(id, was, is)| {
            self.count(&mut counts, *was, *is);
            self.person(*id, *was, *is)
        });
        let found = found.collect();
        (found, counts)
    }

    /// Adds what changed for somebody to the columns.
    fn count(&self, counts: &mut [ChangeCount], was: Option<&Here<'_>>, is: Option<&Here<'_>>) {
        let columns = self.before.columns.iter().zip(&self.after.columns);
        for (count, (before, after)) in counts.iter_mut().zip(columns) {
            let before = was.and_then(|was| was.asked_cell(*before));
            let after = is.and_then(|is| is.asked_cell(*after));
            match turn(before.as_ref(), after.as_ref()) {
                Some(Turn::Done | Turn::DoneAgain) => count.done += 1,
                Some(Turn::Undone) => count.undone += 1,
                Some(Turn::Late) => {
                    count.late += 1;
                    count.undone += u32::from(before.is_some_and(|cell| cell.status == Status::Passed));
                }
                _ => {}
            }
        }
    }

    /// What changed for somebody. `None`: nothing that is asked for.
    fn person(&self, id: PersonId, was: Option<&Here<'_>>, is: Option<&Here<'_>>) -> Option<ComparedPerson> {
        let here = is.or(was)?;
        let presence = match (was, is) {
            (Some(_), Some(_)) => Presence::Both,
            (None, _) => Presence::Came,
            (_, None) => Presence::Gone,
        };
        let statuses = &self.query.statuses;
        let is_wanted = |status: Status| statuses.is_empty() || statuses.contains(&status);
        let changes = self.things.iter().enumerate().filter_map(|(place, (thing, title))| {
            // Of whoever is gone nothing is known later on, and that says it all.
            let after = is?.cell(&self.after.things[place]);
            let before = was.and_then(|was| was.cell(&self.before.things[place]));
            let turn = turn(before.as_ref(), after.as_ref())?;
            // Nor is it said of whoever came that everything is asked of them since.
            if was.is_none() && !matches!(turn, Turn::Late | Turn::Done) {
                return None;
            }
            let status = after.map_or(Status::NotRequired, |after| after.status);
            is_wanted(status).then(|| ComparedCell { thing: thing.clone(), title: title.clone(), before, after, turn })
        });
        let changes: Vec<ComparedCell> = changes.collect();
        let moved_from = was.filter(|was| is.is_some_and(|is| is.path != was.path)).map(|was| was.path.to_vec());
        let is_said =
            !changes.is_empty() || (statuses.is_empty() && (presence != Presence::Both || moved_from.is_some()));
        is_said.then(|| ComparedPerson {
            id,
            name: here.row.name.to_owned(),
            presence,
            group: here.path.to_vec(),
            moved_from,
            left_on: here.row.left_on,
            changes,
        })
    }
}

/// What became of a thing. `None`: nothing.
fn turn(before: Option<&MatrixCell>, after: Option<&MatrixCell>) -> Option<Turn> {
    let status = |cell: Option<&MatrixCell>| cell.map_or(Status::NotRequired, |cell| cell.status);
    let is_late = |status| matches!(status, Status::Overdue | Status::Expired);
    let is_asked = |status| !matches!(status, Status::Exempt | Status::NotRequired);
    let (was, is) = (status(before), status(after));
    let day = |cell: Option<&MatrixCell>, of: fn(&MatrixCell) -> Option<NaiveDate>| cell.and_then(of);
    match (was, is) {
        (Status::Passed, Status::Passed) => {
            (day(after, |cell| cell.done_on) > day(before, |cell| cell.done_on)).then_some(Turn::DoneAgain)
        }
        (_, Status::Passed) => Some(Turn::Done),
        (was, is) if is_late(is) && !is_late(was) => Some(Turn::Late),
        (was, is) if !is_asked(was) && is_asked(is) => Some(Turn::Asked),
        (was, is) if is_asked(was) && !is_asked(is) => Some(Turn::NotAsked),
        (Status::Passed, _) => {
            let is_renewal = after.is_some_and(|after| matches!(after.why, Some(Why::RunsOut | Why::NewYear)));
            Some(if is_renewal { Turn::Again } else { Turn::Undone })
        }
        (was, is) if was != is => Some(Turn::Other),
        (_, is) if is_asked(is) && day(before, |cell| cell.due_on) != day(after, |cell| cell.due_on) => {
            Some(Turn::Other)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(status: Status, done: Option<&str>) -> MatrixCell {
        let done_on = done.map(|day| day.parse().unwrap());
        MatrixCell { status, done_on, percent: None, due_on: None, until: None, why: None }
    }

    #[test]
    fn every_pair_of_statuses_means_one_thing() {
        let mut found: BTreeMap<Option<Turn>, Vec<String>> = BTreeMap::new();
        for was in Status::ALL {
            for is in Status::ALL {
                let turn = turn(Some(&cell(was, None)), Some(&cell(is, None)));
                assert_eq!(turn.is_none(), was == is, "{was:?} to {is:?}");
                found.entry(turn).or_default().push(format!("{} to {}", was.code(), is.code()));
            }
        }
        assert_eq!(
            found[&Some(Turn::Undone)],
            ["passed to due-soon", "passed to in-progress", "passed to not-started"]
        );
        assert!(found[&Some(Turn::Late)].contains(&"passed to expired".to_owned()));
        assert!(!found[&Some(Turn::Late)].contains(&"overdue to expired".to_owned()));
        assert!(found[&Some(Turn::NotAsked)].contains(&"overdue to exempt".to_owned()));
    }

    #[test]
    fn what_is_wanted_again_before_it_has_run_out_still_counts() {
        let passed = cell(Status::Passed, Some("2026-01-10"));
        for (why, expected) in [(Why::RunsOut, Turn::Again), (Why::NewYear, Turn::Again), (Why::Changed, Turn::Undone)]
        {
            let wanted = MatrixCell { why: Some(why), ..cell(Status::DueSoon, Some("2026-01-10")) };
            assert_eq!(turn(Some(&passed), Some(&wanted)), Some(expected), "{why:?}");
        }
    }

    #[test]
    fn what_is_done_again_is_a_change_and_what_was_done_once_is_none() {
        let (first, second) = (cell(Status::Passed, Some("2026-01-10")), cell(Status::Passed, Some("2026-11-10")));
        assert_eq!(turn(Some(&first), Some(&second)), Some(Turn::DoneAgain));
        assert_eq!(turn(Some(&first), Some(&first)), None);
        assert_eq!(turn(None, Some(&first)), Some(Turn::Done));
        assert_eq!(turn(None, None), None);
    }
}
