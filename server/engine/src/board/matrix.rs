use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher as _},
    ops::{Deref, Range},
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use model::{ProgrammeSlug, Status};

use super::{
    grid::{Grid, MatrixCell, Row},
    keep_board::Board,
    query::{AsAt, MatrixQuery, MatrixSort},
};
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, local_date, name_key},
    people::{Reached, Scope},
    record::{Kept, Thing},
    standing::Look,
    store::StoreError,
};

/// Where the people that somebody sees stand with what is asked of them, at the moment for which they asked.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The moment at which it is so: of now, when it was asked for, however long before that it was decided.
    pub moment: DateTime<Utc>,
    answer: Arc<MatrixAnswer>,
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
    /// Whether everybody is seen.
    pub sees_everybody: bool,
    view: Vec<usize>,
    order: Vec<usize>,
    grid: Arc<Grid>,
    today: NaiveDate,
    mark: OnceLock<u64>,
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
    fn add(&mut self, cell: &MatrixCell) {
        self.asked += 1;
        self.done += u32::from(cell.status == Status::Passed);
        self.late += u32::from(matches!(cell.status, Status::Overdue | Status::Expired));
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

/// Everybody whom somebody may see, before anything is asked for.
struct Seen<'g> {
    place: usize,
    kept: &'g Kept,
    row: &'g Row,
    /// The place of their group. As many as there are groups: in none.
    section: usize,
    urgency: Urgency,
}

/// Who is late with most comes first, then who is to do something soonest.
type Urgency = (Reverse<u32>, NaiveDate, Status);

const NOTHING_TO_DO: Urgency = (Reverse(0), NaiveDate::MAX, Status::NotRequired);

impl Engine {
    /// Where the people in scope stand with what is asked of them, now or as at a moment that is past.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when the group is none that is in scope, or there was none such at that moment.
    pub async fn matrix(&self, scope: &Scope, query: &MatrixQuery) -> Looked<Matrix> {
        // Duties are looked at last, so that one that was ended meanwhile gives nothing.
        let reached = async |engine: &Self| scope.reached(&mut engine.store.read().await?).await;
        self.matrix_for(reached, query).await
    }

    /// The same of everybody, for the command line: whoever has the database has no other limits.
    ///
    /// # Errors
    /// As for [`Engine::matrix`].
    pub async fn whole_matrix(&self, query: &MatrixQuery) -> Looked<Matrix> {
        let today = local_date(self.clock.now());
        self.matrix_for(async |_: &Self| Ok(Reached::everybody(today)), query).await
    }

    /// The first day on which anybody was here, by what is recorded now. `None`: nobody has ever been here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn first_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        let everybody = self.everybody_now().await?;
        let stays = everybody.people().flatten().flat_map(|kept| &kept.facts.stays);
        Ok(stays.map(|stay| stay.begins_on).min())
    }

    /// The same of a past moment for whoever reaches so much, without keeping the answer: of many moments only totals are wanted.
    pub(super) async fn past_matrix(&self, reached: &Reached, query: MatrixQuery, as_at: AsAt) -> Looked<Matrix> {
        let known = if as_at.as_known_now { DateTime::<Utc>::MAX_UTC } else { as_at.moment };
        let grid = self.grid(Some((as_at.moment, known))).await?;
        let (query, reached) = (MatrixQuery { as_at: Some(as_at), ..query }, reached.clone());
        match tokio::task::spawn_blocking(move || MatrixAnswer::of(grid, &reached, &query)).await {
            Ok(answer) => Ok(Matrix { moment: as_at.moment, answer: Arc::new(answer?) }),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    async fn matrix_for(
        &self,
        reached: impl AsyncFnOnce(&Self) -> Result<Reached, StoreError>,
        query: &MatrixQuery,
    ) -> Looked<Matrix> {
        let now = self.clock.now();
        let as_at = query.as_at.filter(|as_at| as_at.moment < now);
        let known = |as_known_now| if as_known_now { DateTime::<Utc>::MAX_UTC } else { DateTime::<Utc>::MIN_UTC };
        let grid = self.grid(as_at.map(|as_at| (as_at.moment, known(as_at.as_known_now).max(as_at.moment)))).await?;
        let reached = reached(self).await?;
        let query = MatrixQuery { as_at, ..query.clone() };
        let board = self.keeps.of::<Board>();
        // What was decided earlier and still holds is so now.
        let moment = as_at.map_or(now, |as_at| as_at.moment);
        if let Some(answer) = board.kept_answer(&grid, &reached, &query) {
            return Ok(Matrix { moment, answer });
        }
        match tokio::task::spawn_blocking(move || board.answer(&grid, reached, query)).await {
            Ok(answer) => Ok(Matrix { moment, answer: answer? }),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
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
    /// What whoever reaches so much sees of a grid, of what is asked for.
    pub(super) fn of(grid: Arc<Grid>, reached: &Reached, query: &MatrixQuery) -> Looked<Self> {
        let is_past = grid.look == Look::AsAt;
        let day = local_date(grid.moment);
        let tree = Tree::of(&grid, reached, day);
        let inside = match query.group {
            Some(group) if !tree.paths.contains_key(&group) => return Err(Refused::NotFound),
            Some(group) => Some(tree.below(group)),
            None => None,
        };
        let mut paths: Vec<(GroupId, Vec<String>)> =
            tree.paths.iter().map(|(group, path)| (*group, path.clone())).collect();
        paths.sort_by_cached_key(|(group, path)| (path.iter().map(|name| name_key(name)).collect::<Vec<_>>(), *group));
        let sections: BTreeMap<GroupId, usize> =
            paths.iter().enumerate().map(|(place, (group, _))| (*group, place)).collect();

        // Whom there is to see at all.
        let mut everybody: Vec<Seen<'_>> = Vec::new();
        for (place, row) in grid.rows.iter().enumerate() {
            let Some((row, kept)) = row.as_deref().zip(grid.everybody.person(place).map(|kept| &**kept)) else {
                continue;
            };
            if !reached.sees(&kept.facts, is_past) {
                continue;
            }
            let groups = row.groups.iter().filter_map(|group| sections.get(group).map(|place| (*place, group)));
            let wanted = groups.filter(|(_, group)| inside.as_ref().is_none_or(|inside| inside.contains(group)));
            let section = wanted.map(|(place, _)| place).min();
            if section.is_none() && inside.is_some() {
                continue;
            }
            everybody.push(Seen { place, kept, row, section: section.unwrap_or(paths.len()), urgency: NOTHING_TO_DO });
        }
        let mut choices = MatrixChoices { groups: paths.clone(), ..MatrixChoices::default() };
        choices.audiences = audiences(&grid, &everybody);
        if let Some(audience) = &query.audience {
            everybody.retain(|seen| audiences_of(&grid, seen.kept).any(|of| of == audience));
        }

        // What is asked of them.
        let mut used = vec![false; grid.programmes.len()];
        for seen in &everybody {
            for programme in &seen.row.programmes {
                used[usize::from(*programme)] = true;
            }
        }
        let title = |thing: &Thing| match thing {
            Thing::Module(module) => grid.shelf.modules.get(module).map(|history| history.title.clone()),
            Thing::Agreement(agreement) => grid.shelf.agreements.get(agreement).map(|history| history.title.clone()),
        };
        let (mut programmes, mut columns, mut view, mut shown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, (programme, parts)) in grid.programmes.iter().enumerate().filter(|(place, _)| used[*place]) {
            choices.programmes.push((programme.slug.clone(), programme.title.clone()));
            for part in parts {
                let thing = &grid.things[*part];
                if choices.things.iter().all(|(other, _)| other != thing) {
                    choices.things.push((thing.clone(), title(thing).unwrap_or_else(|| thing.slug().to_owned())));
                }
            }
            if query.programme.as_ref().is_some_and(|wanted| *wanted != programme.slug) {
                continue;
            }
            shown.push(place);
            for part in parts {
                let thing = grid.things[*part].clone();
                let title = title(&thing).unwrap_or_else(|| thing.slug().to_owned());
                columns.push(MatrixColumn { thing, title, programme: programmes.len(), tally: Tally::default() });
                view.push(*part);
            }
            programmes.push(MatrixProgramme {
                slug: programme.slug.clone(),
                title: programme.title.clone(),
                columns: parts.len(),
            });
        }
        if query.programme.is_some() {
            everybody.retain(|seen| seen.row.programmes.iter().any(|theirs| shown.contains(&usize::from(*theirs))));
        }
        let asked = Asked::of(&view, columns.iter().map(|column| shown[column.programme]));

        // Which of them are wanted.
        let of_people = everybody.len();
        let words: Vec<String> = name_key(&query.name).split_whitespace().map(str::to_owned).collect();
        everybody.retain(|seen| words.iter().all(|word| seen.kept.name_key.contains(word.as_str())));
        if !query.people.is_empty() {
            everybody.retain(|seen| query.people.contains(&seen.kept.facts.id));
        }
        let mut statuses: BTreeMap<Status, u32> = BTreeMap::new();
        let mut counts = [0_u32; 8];
        let is_due = |cell: &MatrixCell| {
            query
                .due_before
                .is_none_or(|before| cell.due_on.is_some_and(|due| due < before) && cell.status != Status::Passed)
        };
        let filters = !query.statuses.is_empty() || query.due_before.is_some();
        everybody.retain(|seen| {
            let mut fits = !filters;
            let wanted = |asked: &&Asked| query.thing.as_ref().is_none_or(|thing| grid.things[asked.place] == *thing);
            for asked in asked.iter().filter(wanted) {
                let cell = asked.cell(seen.row);
                counts[cell.status as usize] += 1;
                fits |= (query.statuses.is_empty() || query.statuses.contains(&cell.status)) && is_due(cell);
            }
            fits
        });
        for status in Status::ALL {
            statuses.insert(status, counts[status as usize]);
        }

        // How many do what is asked, and in which order they come.
        let asks = Asks::of(&view, columns.iter().map(|column| shown[column.programme]));
        let mut wholes = vec![Tally::default(); paths.len() + 1];
        let mut tallies = vec![vec![Tally::default(); columns.len()]; paths.len() + 1];
        let mut counted = vec![0_usize; paths.len() + 1];
        for seen in &mut everybody {
            counted[seen.section] += 1;
            let tallies = &mut tallies[seen.section];
            let (Reverse(mut late), mut due, mut most) = seen.urgency;
            for (tally, asks) in tallies.iter_mut().zip(&asks) {
                let cell = &seen.row.cells[asks.place];
                if is_asked(seen.row, cell, asks.programme) {
                    tally.add(cell);
                    if asks.is_again(seen.row) {
                        continue;
                    }
                    wholes[seen.section].add(cell);
                    if cell.status != Status::Passed {
                        late += u32::from(matches!(cell.status, Status::Overdue | Status::Expired));
                        due = due.min(cell.due_on.unwrap_or(NaiveDate::MAX));
                        most = most.min(cell.status);
                    }
                }
            }
            seen.urgency = (Reverse(late), due, most);
        }
        sort(&grid, &asked, &mut everybody, query);
        let mut groups: Vec<MatrixGroup> = Vec::new();
        let mut order = Vec::with_capacity(everybody.len());
        let mut next = everybody.iter().peekable();
        for (section, tallies) in tallies.into_iter().enumerate().filter(|(section, _)| counted[*section] > 0) {
            let (id, path) = paths.get(section).map_or((None, Vec::new()), |(id, path)| (Some(*id), path.clone()));
            let folded = id.is_some_and(|id| query.folded.contains(&id));
            let first = order.len();
            while let Some(seen) = next.next_if(|seen| seen.section == section) {
                if !folded {
                    order.push(seen.place);
                }
            }
            for (column, tally) in columns.iter_mut().zip(&tallies) {
                column.tally = column.tally.and(*tally);
            }
            let whole = wholes[section];
            let (people, listed) = (counted[section], first..order.len());
            groups.push(MatrixGroup { id, path, people, folded, tallies, whole, listed });
        }
        let whole = groups.iter().fold(Tally::default(), |whole, group| whole.and(group.whole));
        let people = everybody.len();
        Ok(Self {
            is_now: grid.look == Look::Now,
            as_known_now: query.as_at.is_none_or(|as_at| as_at.as_known_now),
            programmes,
            columns,
            whole,
            people,
            of_people,
            statuses,
            groups,
            choices,
            sees_everybody: reached.is_everywhere(),
            view,
            order,
            today: reached.day(),
            grid,
            mark: OnceLock::new(),
        })
    }

    /// Whether it was made of this grid.
    pub(super) fn is_of(&self, grid: &Arc<Grid>) -> bool {
        Arc::ptr_eq(&self.grid, grid)
    }

    /// How many people are listed: those of folded groups are not.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.order.len()
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
        let asks = Asks::of(&self.view, self.columns.iter().map(|column| self.owner(column)));
        let places = self.order[start..end].iter().enumerate();
        places.filter_map(move |(nth, place)| self.row(start + nth, *place, &asks))
    }

    fn owner(&self, column: &MatrixColumn) -> usize {
        let slug = &self.programmes[column.programme].slug;
        self.grid.programmes.iter().position(|(programme, _)| programme.slug == *slug).unwrap_or(usize::MAX)
    }

    fn row(&self, nth: usize, place: usize, asks: &[Asks]) -> Option<MatrixRow<'_>> {
        let row = self.grid.rows.get(place)?.as_deref()?;
        let kept = self.grid.everybody.person(place)?;
        // Groups come in the order of their people; of those that are folded, the range is empty.
        let group = self.groups.partition_point(|group| group.listed.end <= nth);
        let mut whole = Tally::default();
        let cells = asks.iter().map(|asks| {
            if !is_theirs(row, asks.programme) {
                return (&MatrixCell::NOT_ASKED, false);
            }
            let cell = &row.cells[asks.place];
            if is_asked(row, cell, asks.programme) && !asks.is_again(row) {
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

/// What a column asks.
struct Asks {
    /// The place of the thing.
    place: usize,
    /// The programme for which it is asked.
    programme: usize,
    /// The programmes of the columns before it that ask the same thing.
    before: Vec<usize>,
}

impl Asks {
    /// Those of all columns, by the places of their things and by their programmes.
    fn of(places: &[usize], programmes: impl Iterator<Item = usize>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::with_capacity(places.len());
        for (place, programme) in places.iter().copied().zip(programmes) {
            let same = all.iter().filter(|other| other.place == place);
            let before = same.map(|other| other.programme).collect();
            all.push(Self { place, programme, before });
        }
        all
    }

    /// Whether a column before it asks the same thing of somebody: what two programmes ask is done once.
    fn is_again(&self, row: &Row) -> bool {
        self.before.iter().any(|programme| is_theirs(row, *programme))
    }
}

/// A thing that is asked, once, however many columns it has.
struct Asked {
    /// The place of the thing.
    place: usize,
    /// The programmes of its columns.
    programmes: Vec<usize>,
}

impl Asked {
    /// Each thing of all columns, by the places of their things and by their programmes.
    fn of(places: &[usize], programmes: impl Iterator<Item = usize>) -> Vec<Self> {
        let mut by_place: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, programme) in places.iter().zip(programmes) {
            by_place.entry(*place).or_default().push(programme);
        }
        by_place.into_iter().map(|(place, programmes)| Self { place, programmes }).collect()
    }

    /// Where somebody stands with it, as far as it is asked of them.
    fn cell<'r>(&self, row: &'r Row) -> &'r MatrixCell {
        let is_theirs = self.programmes.iter().any(|programme| is_theirs(row, *programme));
        if is_theirs { &row.cells[self.place] } else { &MatrixCell::NOT_ASKED }
    }
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self { asked: self.asked + other.asked, done: self.done + other.done, late: self.late + other.late }
    }
}

fn is_theirs(row: &Row, programme: usize) -> bool {
    row.programmes.iter().any(|theirs| usize::from(*theirs) == programme)
}

fn is_asked(row: &Row, cell: &MatrixCell, programme: usize) -> bool {
    !matches!(cell.status, Status::Exempt | Status::NotRequired) && is_theirs(row, programme)
}

fn audiences_of<'k>(grid: &Grid, kept: &'k Kept) -> impl Iterator<Item = &'k Audience> {
    let today = local_date(grid.moment);
    let day = match grid.look {
        Look::Now => kept.facts.first_day(today, grid.known).unwrap_or(today),
        Look::AsAt => today,
    };
    kept.facts.audiences_on(day, grid.known).map(|fact| &fact.what)
}

fn audiences(grid: &Grid, everybody: &[Seen<'_>]) -> Vec<(Audience, String)> {
    let mut found: BTreeSet<&Audience> = BTreeSet::new();
    for seen in everybody {
        found.extend(audiences_of(grid, seen.kept));
    }
    let organisation = &grid.shelf.current.organisation;
    found.into_iter().map(|audience| (audience.clone(), organisation.many(audience).to_owned())).collect()
}

fn sort(grid: &Grid, asked: &[Asked], everybody: &mut [Seen<'_>], query: &MatrixQuery) {
    let by_name = |one: &Seen<'_>, other: &Seen<'_>| {
        (&one.kept.name_key, one.kept.facts.id).cmp(&(&other.kept.name_key, other.kept.facts.id))
    };
    let turned = |order: Ordering| if query.descending { order.reverse() } else { order };
    match &query.sort {
        MatrixSort::Name => {
            everybody.sort_by(|one, other| one.section.cmp(&other.section).then_with(|| turned(by_name(one, other))));
        }
        MatrixSort::Thing(thing) => {
            let asked = asked.iter().find(|asked| grid.things[asked.place] == *thing);
            let key = |seen: &Seen<'_>| {
                let cell = asked.map(|asked| asked.cell(seen.row));
                cell.map(|cell| (cell.status, cell.due_on.unwrap_or(NaiveDate::MAX), cell.done_on))
            };
            everybody.sort_by(|one, other| {
                let by_thing = turned(key(one).cmp(&key(other)));
                one.section.cmp(&other.section).then(by_thing).then_with(|| by_name(one, other))
            });
        }
        MatrixSort::Urgency => everybody.sort_by(|one, other| {
            let by_urgency = turned(one.urgency.cmp(&other.urgency));
            one.section.cmp(&other.section).then(by_urgency).then_with(|| by_name(one, other))
        }),
    }
}

/// The groups that are seen, as they stood in the tree.
pub(super) struct Tree {
    /// The names of each, from the highest that is seen.
    pub(super) paths: BTreeMap<GroupId, Vec<String>>,
    parents: BTreeMap<GroupId, Option<GroupId>>,
}

impl Tree {
    pub(super) fn of(grid: &Grid, reached: &Reached, day: NaiveDate) -> Self {
        let places: BTreeMap<GroupId, _> =
            grid.everybody.places().on(day, grid.known).map(|place| (place.group, place)).collect();
        let seen = places.iter().filter(|(group, _)| reached.has(**group));
        let paths = seen.map(|(group, _)| {
            let mut names = Vec::new();
            let mut at = Some(*group);
            while let Some(place) = at.filter(|at| reached.has(*at)).and_then(|at| places.get(&at)) {
                names.push(place.name.clone());
                // A circle cannot be recorded, and would be no reason to go round in it.
                if names.len() > places.len() {
                    break;
                }
                at = place.parent;
            }
            names.reverse();
            (*group, names)
        });
        Self { paths: paths.collect(), parents: places.values().map(|place| (place.group, place.parent)).collect() }
    }

    /// A group and those below it.
    fn below(&self, top: GroupId) -> BTreeSet<GroupId> {
        let is_below = |group: &GroupId| {
            let mut at = Some(*group);
            for _ in 0..=self.parents.len() {
                match at {
                    Some(at) if at == top => return true,
                    Some(here) => at = self.parents.get(&here).copied().flatten(),
                    None => return false,
                }
            }
            false
        };
        self.parents.keys().copied().filter(is_below).collect()
    }
}
