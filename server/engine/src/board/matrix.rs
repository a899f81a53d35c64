use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher as _},
    ops::{Deref, Range},
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use model::{ProgrammeSlug, Status};

use super::{
    asked::{AskedColumn, is_asked, is_theirs},
    grid::{Grid, MatrixCell},
};
use crate::{
    catalogue::Audience,
    ground::{GroupId, PersonId, local_date},
    record::Thing,
};

/// Where the people that somebody sees stand with what is asked of them, at the moment for which they asked.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The moment at which it is so: of now, when it was asked for, however long before that it was decided.
    pub moment: DateTime<Utc>,
    pub(super) answer: Arc<MatrixAnswer>,
}

/// What a [`Matrix`] holds. Whoever asks for the same later has the same.
#[derive(Clone, Debug)]
pub struct MatrixAnswer {
    /// Whether it is so now.
    pub is_now: bool,
    /// Whether it is by what is recorded now, and not by what had been recorded then.
    pub as_known_now: bool,
    /// What is asked, each programme for itself, in the order of the columns.
    pub programmes: Vec<MatrixProgramme>,
    /// What is asked, from left to right. What several programmes ask has a column in each.
    pub columns: Vec<MatrixColumn>,
    /// All people and columns together, each thing once of each person.
    pub whole: Tally,
    /// How many people there are.
    pub people: usize,
    /// How many there would be without the statuses, the due date and the name.
    pub of_people: usize,
    /// How many cells have each status, whatever statuses are asked for. What several programmes ask counts once; what none of the shown asks of
    /// somebody is not required of them, whatever they have done of it.
    pub statuses: BTreeMap<Status, u32>,
    /// The groups, in the order of their names; whoever is in none of those that are seen comes last.
    pub groups: Vec<MatrixGroup>,
    /// What can be asked for.
    pub choices: MatrixChoices,
    /// What is asked for that nobody in scope has, so that nobody is shown. `None`: somebody has all of it.
    pub nobody_has: Option<NobodyHas>,
    /// Whether everybody is seen.
    pub sees_everybody: bool,
    /// By column: the place of its thing in the grid.
    pub(super) view: Vec<usize>,
    /// The places of the people who are listed.
    pub(super) order: Vec<usize>,
    pub(super) grid: Arc<Grid>,
    pub(super) today: NaiveDate,
    pub(super) mark: OnceLock<u64>,
}

/// A programme, and how many of the columns are its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixProgramme {
    /// Its name.
    pub slug: ProgrammeSlug,
    /// Its title.
    pub title: String,
    /// How many columns.
    pub columns: usize,
}

/// Something that a programme asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixColumn {
    /// What.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// The place of its programme among [`MatrixAnswer::programmes`].
    pub programme: usize,
    /// Of all people.
    pub tally: Tally,
}

/// How many do what is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Of how many it is asked, and who are not excused from it.
    pub asked: u32,
    /// How many of them have passed or signed it, and need do nothing for now.
    pub done: u32,
    /// How many of them are late.
    pub late: u32,
}

impl Tally {
    pub(super) fn add(&mut self, cell: &MatrixCell) {
        self.asked += 1;
        self.done += u32::from(cell.status == Status::Passed);
        self.late += u32::from(matches!(cell.status, Status::Overdue | Status::Expired));
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { asked: self.asked + other.asked, done: self.done + other.done, late: self.late + other.late }
    }
}

/// A group, or those who are in none that is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixGroup {
    /// Which. `None`: those who are in none.
    pub id: Option<GroupId>,
    /// Its name, after those of the groups above it.
    pub path: Vec<String>,
    /// How many people.
    pub people: usize,
    /// Whether they are not listed.
    pub folded: bool,
    /// By column.
    pub tallies: Vec<Tally>,
    /// All columns together, each thing once, however many programmes ask it.
    pub whole: Tally,
    /// The places of those who are listed.
    pub listed: Range<usize>,
}

/// What can be asked for, all of it in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixChoices {
    /// Groups with their names after those above them, in that order.
    pub groups: Vec<(GroupId, Vec<String>)>,
    /// Audiences of people in scope, with what these are called together.
    pub audiences: Vec<(Audience, String)>,
    /// Programmes of people in scope, with their titles.
    pub programmes: Vec<(ProgrammeSlug, String)>,
    /// What these ask, with its title.
    pub things: Vec<(Thing, String)>,
}

/// What is asked for and is true of nobody in scope; in the group that is asked for, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NobodyHas {
    /// Nobody is of the audience.
    Audience,
    /// Nobody, of the audience that is asked for, is asked for the programme.
    Programme,
    /// Likewise for the module or agreement.
    Thing,
}

/// A person in the matrix.
#[derive(Clone, Debug)]
pub struct MatrixRow<'m> {
    /// Who.
    pub id: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: &'m str,
    /// The place of their group among [`MatrixAnswer::groups`].
    pub group: usize,
    /// Since when they have no longer been here, by today. `None`: they are here.
    pub left_on: Option<NaiveDate>,
    /// All columns together, each thing once, however many programmes ask it.
    pub whole: Tally,
    /// By column, with whether the programme of the column is theirs. Below one that is not, nothing is required of them, whatever they have
    /// done. Below each that is theirs stands where they stand with the thing, by all of their programmes together.
    pub cells: Vec<(&'m MatrixCell, bool)>,
}

impl Matrix {
    /// The day of the moment.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        local_date(self.moment)
    }
}

impl Deref for Matrix {
    type Target = MatrixAnswer;

    fn deref(&self) -> &MatrixAnswer {
        &self.answer
    }
}

impl MatrixAnswer {
    /// Whether it was made of this grid.
    pub(super) fn is_of(&self, grid: &Arc<Grid>) -> bool {
        Arc::ptr_eq(&self.grid, grid)
    }

    /// How many people are listed: those of folded groups are not.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.order.len()
    }

    /// What those of an audience are called together; its name where it is not listed.
    #[must_use]
    pub fn many(&self, audience: &Audience) -> String {
        self.grid.shelf.current.organisation.many(audience).to_owned()
    }

    /// What one of an audience is called, with its article; its name where it is not listed.
    #[must_use]
    pub fn one(&self, audience: &Audience) -> String {
        let listed = self.grid.shelf.current.organisation.audience(audience);
        listed.map_or_else(|| audience.to_string(), |listed| listed.one.clone())
    }

    /// The title of a programme, also of one that nobody in scope has; its name where none such was ever published.
    #[must_use]
    pub fn programme_title(&self, slug: &ProgrammeSlug) -> String {
        let listed = self.choices.programmes.iter().find(|(other, _)| other == slug).map(|(_, title)| title);
        let published = || self.grid.shelf.programmes.get(slug).map(|history| &history.title);
        listed.or_else(published).cloned().unwrap_or_else(|| slug.to_string())
    }

    /// The title of a module or an agreement, likewise.
    #[must_use]
    pub fn thing_title(&self, thing: &Thing) -> String {
        let shelf = &self.grid.shelf;
        let published = match thing {
            Thing::Module(module) => shelf.modules.get(module).map(|history| &history.title),
            Thing::Agreement(agreement) => shelf.agreements.get(agreement).map(|history| &history.title),
        };
        published.cloned().unwrap_or_else(|| thing.slug().to_owned())
    }

    /// A number that is the same for as long as the same people are listed in the same order below the same columns, with the same totals:
    /// parts of a list that were asked for one after another go together if it is. It is made of nothing but what is seen, and is the same on
    /// every node that runs the same program.
    #[must_use]
    pub fn mark(&self) -> u64 {
        *self.mark.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            for column in &self.columns {
                (&column.thing, &column.title, column.programme, column.tally).hash(&mut hasher);
            }
            for group in &self.groups {
                (group.id, &group.path, group.folded, group.whole, group.listed.start, group.listed.end)
                    .hash(&mut hasher);
            }
            for place in &self.order {
                self.grid.everybody.person(*place).map(|kept| kept.facts.id).hash(&mut hasher);
            }
            hasher.finish()
        })
    }

    /// The people who are listed, from one place to another.
    pub fn rows(&self, range: Range<usize>) -> impl Iterator<Item = MatrixRow<'_>> {
        let end = range.end.min(self.order.len());
        let start = range.start.min(end);
        let asked = AskedColumn::all(&self.view, self.columns.iter().map(|column| self.owner(column)));
        let places = self.order[start..end].iter().enumerate();
        places.filter_map(move |(nth, place)| self.row(start + nth, *place, &asked))
    }

    fn owner(&self, column: &MatrixColumn) -> usize {
        let slug = &self.programmes[column.programme].slug;
        self.grid.programmes.iter().position(|(programme, _)| programme.slug == *slug).unwrap_or(usize::MAX)
    }

    fn row(&self, nth: usize, place: usize, asked: &[AskedColumn]) -> Option<MatrixRow<'_>> {
        let row = self.grid.rows.get(place)?.as_deref()?;
        let kept = self.grid.everybody.person(place)?;
        // Groups come in the order of their people; of those that are folded, the range is empty.
        let group = self.groups.partition_point(|group| group.listed.end <= nth);
        let mut whole = Tally::default();
        let cells = asked.iter().map(|asked| {
            if !is_theirs(row, asked.programme) {
                return (&MatrixCell::NOT_ASKED, false);
            }
            let cell = &row.cells[asked.place];
            if is_asked(row, cell, asked.programme) && !asked.is_again(row) {
                whole.add(cell);
            }
            (cell, true)
        });
        let cells = cells.collect();
        let ends = kept.facts.stays.iter().map(|stay| stay.end.map(|(end, _)| end));
        let left_on = ends.max_by_key(|end| end.unwrap_or(NaiveDate::MAX)).flatten().filter(|end| *end <= self.today);
        Some(MatrixRow { id: kept.facts.id, name: &kept.facts.name, group, left_on, whole, cells })
    }
}
