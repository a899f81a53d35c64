use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::Status;

use super::{
    grid::{Grid, MatrixCell},
    tree::Tree,
};
use crate::{
    catalogue::Programme,
    engine::Engine,
    ground::{GroupId, PersonId, aside, local_date},
    people::Reached,
    record::{Decline, Kept, NeutralName, Role, Thing},
    standing::Why,
    store::StoreError,
};

/// What is wanted of everybody who is here, by what is recorded now.
#[derive(Debug, Default)]
pub(crate) struct Outstanding {
    /// What can be wanted, with its title.
    pub things: Vec<(Thing, String)>,
    /// The names of each group, after those of the groups above it.
    pub groups: BTreeMap<GroupId, Vec<String>>,
    /// Those of whom anything is wanted, by id.
    pub people: Vec<OutstandingPerson>,
    /// Who looks after a group as its manager, by id.
    pub managers: Vec<OutstandingManager>,
}

/// Somebody who looks after groups.
#[derive(Debug)]
pub(crate) struct OutstandingManager {
    pub id: PersonId,
    pub name: String,
    /// These groups and those below them.
    pub groups: BTreeSet<GroupId>,
}

/// Somebody of whom something is wanted.
#[derive(Debug)]
pub(crate) struct OutstandingPerson {
    pub id: PersonId,
    pub name: String,
    /// The groups that they belong to themselves.
    pub groups: Vec<GroupId>,
    pub wanted: Vec<WantedThing>,
}

/// What is wanted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WantedThing {
    /// Its place in [`Outstanding::things`].
    pub thing: usize,
    /// What letters to them call it.
    pub called: NeutralName,
    pub due_on: NaiveDate,
    pub why: Why,
    /// Whether what was done counts, and it may be done again.
    pub is_renewal: bool,
    /// The day from which on they are asked again who declined to sign it. `None`: nobody declined.
    pub asks_again_on: Option<NaiveDate>,
}

impl Engine {
    /// What programmes want of everybody who is here: not of those who are to begin.
    pub(crate) async fn outstanding(&self) -> Result<Outstanding, StoreError> {
        let grid = self.grid(None).await?;
        Ok(aside(move || Outstanding::of(&grid)).await)
    }
}

impl Outstanding {
    fn of(grid: &Grid) -> Self {
        let today = local_date(grid.moment);
        let title = |thing: &Thing| match thing {
            Thing::Module(module) => grid.shelf.modules.get(module).map(|history| history.title.clone()),
            Thing::Agreement(agreement) => grid.shelf.agreements.get(agreement).map(|history| history.title.clone()),
        };
        let things = grid.things.iter();
        let things = things.map(|thing| (thing.clone(), title(thing).unwrap_or_else(|| thing.slug().to_owned())));
        let (mut people, mut managers) = (Vec::new(), Vec::new());
        // Many have the same programmes.
        let mut names: BTreeMap<&[u16], Vec<NeutralName>> = BTreeMap::new();
        for (place, row) in grid.rows.iter().enumerate() {
            let Some((row, kept)) = row.as_deref().zip(grid.everybody.person(place)) else { continue };
            if kept.facts.start_date(today, grid.known).is_none() {
                continue;
            }
            let duties = kept.facts.duties.iter().filter(|duty| duty.holds(today, grid.known));
            let duties = duties.filter(|duty| duty.what.role == Role::Manager);
            let groups: BTreeSet<GroupId> = duties
                .filter_map(|duty| duty.what.over)
                .flat_map(|top| grid.everybody.places().below(top, today))
                .collect();
            if !groups.is_empty() {
                managers.push(OutstandingManager { id: kept.facts.id, name: kept.facts.name.clone(), groups });
            }
            let names = names.entry(&row.programmes).or_insert_with(|| {
                let theirs = row.programmes.iter().filter_map(|place| grid.programmes.get(usize::from(*place)));
                let theirs: Vec<&Programme> = theirs.map(|(programme, _)| &**programme).collect();
                grid.things.iter().map(|thing| NeutralName::among(theirs.iter().copied(), thing)).collect()
            });
            let cells = row.cells.iter().zip(names.iter()).enumerate();
            let wanted: Vec<WantedThing> =
                cells.filter_map(|(place, (cell, called))| wanted(grid, kept, place, *called, cell)).collect();
            if !wanted.is_empty() {
                let (id, name) = (kept.facts.id, kept.facts.name.clone());
                people.push(OutstandingPerson { id, name, groups: row.groups.to_vec(), wanted });
            }
        }
        people.sort_unstable_by_key(|person| person.id);
        managers.sort_unstable_by_key(|manager| manager.id);
        let groups = Tree::of(grid.everybody.places(), &Reached::everybody(today), today, grid.known).paths;
        Self { things: things.collect(), groups, people, managers }
    }
}

/// What a cell says is wanted. What nobody asks for has no due date there.
fn wanted(grid: &Grid, kept: &Kept, thing: usize, called: NeutralName, cell: &MatrixCell) -> Option<WantedThing> {
    let (due_on, why) = cell.due_on.zip(cell.why)?;
    let asks_again_on = declined(grid, kept, &grid.things[thing]).map(|decline| decline.asks_again_on);
    Some(WantedThing { thing, called, due_on, why, is_renewal: cell.status == Status::Passed, asks_again_on })
}

/// What they declined of the version that is in force, and have not signed since.
fn declined<'k>(grid: &Grid, kept: &'k Kept, thing: &Thing) -> Option<&'k Decline> {
    let Thing::Agreement(agreement) = thing else { return None };
    if kept.declines.is_empty() {
        return None;
    }
    let by_then = grid.moment.min(grid.known);
    let version = grid.shelf.agreements.get(agreement)?.at(by_then)?.number;
    let signed = kept.done.iter().filter(|done| *done.thing == *thing && done.at <= by_then).map(|done| done.at).max();
    Decline::standing(&kept.declines, agreement, version, signed, by_then)
}
