use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use model::Status;

use super::{
    asked::{AskedColumn, AskedThing, is_asked},
    grid::{Grid, MatrixCell, Row},
    keep_board::Board,
    matrix::{Matrix, MatrixAnswer, MatrixChoices, MatrixColumn, MatrixGroup, MatrixProgramme, NobodyHas, Tally},
    query::{AsAt, MatrixQuery, MatrixSort},
    tree::Tree,
};
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, aside, local_date, name_key},
    people::{Reached, Scope},
    record::{Kept, Thing},
    standing::Look,
    store::StoreError,
};

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
        let answer = aside(move || MatrixAnswer::of(grid, &reached, &query)).await?;
        Ok(Matrix { moment: as_at.moment, answer: Arc::new(answer) })
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
        let answer = aside(move || board.answer(&grid, reached, query)).await?;
        Ok(Matrix { moment, answer })
    }
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

impl MatrixAnswer {
    /// What whoever reaches so much sees of a grid, of what is asked for.
    pub(super) fn of(grid: Arc<Grid>, reached: &Reached, query: &MatrixQuery) -> Looked<Self> {
        let is_past = grid.look == Look::AsAt;
        let day = local_date(grid.moment);
        let tree = Tree::of(grid.everybody.places(), reached, day, grid.known);
        let inside = match query.group {
            Some(group) if !tree.paths.contains_key(&group) => return Err(Refused::NotFound),
            Some(group) => Some(tree.below(group)),
            None => None,
        };
        let paths = tree.by_name();
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
        let nobody_has = NobodyHas::of(query, &choices);
        if nobody_has.is_some() {
            everybody.clear();
        }
        let asked = AskedColumn::all(&view, columns.iter().map(|column| shown[column.programme]));
        let things = AskedThing::each(&asked);

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
            let is_meant =
                |asked: &&AskedThing| query.thing.as_ref().is_none_or(|thing| grid.things[asked.place] == *thing);
            for thing in things.iter().filter(is_meant) {
                let cell = thing.cell(seen.row);
                counts[cell.status as usize] += 1;
                fits |= (query.statuses.is_empty() || query.statuses.contains(&cell.status)) && is_due(cell);
            }
            fits
        });
        for status in Status::ALL {
            statuses.insert(status, counts[status as usize]);
        }

        // How many do what is asked, and in which order they come.
        let mut wholes = vec![Tally::default(); paths.len() + 1];
        let mut tallies = vec![vec![Tally::default(); columns.len()]; paths.len() + 1];
        let mut counted = vec![0_usize; paths.len() + 1];
        for seen in &mut everybody {
            counted[seen.section] += 1;
            let tallies = &mut tallies[seen.section];
            let (Reverse(mut late), mut due, mut most) = seen.urgency;
            for (tally, asked) in tallies.iter_mut().zip(&asked) {
                let cell = &seen.row.cells[asked.place];
                if is_asked(seen.row, cell, asked.programme) {
                    tally.add(cell);
                    if asked.is_again(seen.row) {
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
        sort(&grid, &things, &mut everybody, query);
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
            nobody_has,
            sees_everybody: reached.is_everywhere(),
            view,
            order,
            today: reached.day(),
            grid,
            mark: OnceLock::new(),
        })
    }
}

impl NobodyHas {
    /// What of a query is none of the choices, and so true of nobody.
    fn of(query: &MatrixQuery, choices: &MatrixChoices) -> Option<Self> {
        let audience = query.audience.as_ref().filter(|wanted| choices.audiences.iter().all(|(it, _)| it != *wanted));
        let programme =
            query.programme.as_ref().filter(|wanted| choices.programmes.iter().all(|(it, _)| it != *wanted));
        let thing = query.thing.as_ref().filter(|wanted| choices.things.iter().all(|(it, _)| it != *wanted));
        let audience = audience.map(|_| Self::Audience);
        audience.or(programme.map(|_| Self::Programme)).or(thing.map(|_| Self::Thing))
    }
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

fn sort(grid: &Grid, things: &[AskedThing], everybody: &mut [Seen<'_>], query: &MatrixQuery) {
    let by_name = |one: &Seen<'_>, other: &Seen<'_>| {
        (&one.kept.name_key, one.kept.facts.id).cmp(&(&other.kept.name_key, other.kept.facts.id))
    };
    let turned = |order: Ordering| if query.descending { order.reverse() } else { order };
    match &query.sort {
        MatrixSort::Name => {
            everybody.sort_by(|one, other| one.section.cmp(&other.section).then_with(|| turned(by_name(one, other))));
        }
        MatrixSort::Thing(thing) => {
            let asked = things.iter().find(|asked| grid.things[asked.place] == *thing);
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
