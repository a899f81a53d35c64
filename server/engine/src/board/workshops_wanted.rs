use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{
    grid::{Grid, Row},
    tree::Tree,
};
use crate::{
    catalogue::{ByWorkshop, Language},
    engine::{Engine, Looked},
    ground::{GroupId, PersonId, aside, local_date},
    people::{Person, Reached, Right, Scope},
    record::{Kept, Thing, WORKSHOP_CONFIRMED_WITHIN, WORKSHOP_LISTED_SINCE},
    store::{Linked as _, on},
};

/// That people of a group need a workshop, and that none is planned to which they can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedWorkshop {
    /// The module that they pass in no other way.
    pub module: ModuleSlug,
    /// Its title.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// The group that they belong to, with its name after those of the groups above it. `None`: they are in none.
    pub group: Option<(GroupId, Vec<String>)>,
    /// How many they are.
    pub people: usize,
}

const LIST_PLANNED: &str =
    "SELECT w.module, w.group_id, w.starts_at FROM workshop w WHERE w.starts_at > $1 AND w.ended_at IS NULL";

const LIST_SIGNED_IN: &str = "SELECT w.module, s.person_id FROM workshop w CROSS JOIN workshop_sign_in s \
     WHERE w.starts_at > $1 AND w.ended_at IS NULL AND s.workshop_id = w.id";

/// What of a module is planned, or was held and is still to be confirmed.
#[derive(Default)]
struct Planned {
    for_everybody: bool,
    groups: BTreeSet<GroupId>,
    signed_in: BTreeSet<PersonId>,
}

impl Engine {
    /// Of which modules that are passed at a workshop only people need one, whom somebody may plan one for, and none is planned that they can go to: for each module and group, most
    /// people first. Somebody who was at one is not among them while it can be said that they were there. Empty for whoever plans none.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn workshops_wanted(&self, reader: &Person) -> Looked<Vec<WantedWorkshop>> {
        let Some(scope) = Scope::of(reader, Right::Assign, self.clock.now()) else { return Ok(Vec::new()) };
        // Where nobody can need one, nobody waits for the matrix.
        if !self.catalogue().modules.values().any(|module| module.workshop == ByWorkshop::Only) {
            return Ok(Vec::new());
        }
        let grid = self.grid(None).await?;
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let planned: Vec<(String, Option<GroupId>, DateTime<Utc>)> = on!(conn.link(), conn => sqlx::query_as(LIST_PLANNED)
            .bind(now - WORKSHOP_LISTED_SINCE).fetch_all(conn).await)?;
        let signed_in: Vec<(String, PersonId)> = on!(conn.link(), conn => sqlx::query_as(LIST_SIGNED_IN)
            .bind(now - WORKSHOP_CONFIRMED_WITHIN).fetch_all(conn).await)?;
        // Duties are looked at last, so that one that was ended meanwhile gives nothing.
        let reached = scope.reached(&mut conn).await?;
        drop(conn);
        let mut known: BTreeMap<String, Planned> = BTreeMap::new();
        // One that began this morning is there until its day is over.
        for (module, group, _) in planned.into_iter().filter(|(.., at)| local_date(*at) >= local_date(now)) {
            let planned = known.entry(module).or_default();
            match group {
                Some(group) => {
                    planned.groups.insert(group);
                }
                None => planned.for_everybody = true,
            }
        }
        for (module, person) in signed_in {
            known.entry(module).or_default().signed_in.insert(person);
        }
        let oneself = reader.id;
        Ok(aside(move || wanted(&grid, &reached, &known, oneself)).await)
    }
}

fn wanted(grid: &Grid, reached: &Reached, known: &BTreeMap<String, Planned>, oneself: PersonId) -> Vec<WantedWorkshop> {
    let today = local_date(grid.moment);
    let modules = grid.things.iter().enumerate().filter_map(|(column, thing)| match thing {
        Thing::Module(slug) => Some((column, grid.shelf.current.modules.get(slug)?)),
        Thing::Agreement(_) => None,
    });
    let modules: Vec<_> = modules.filter(|(_, module)| module.workshop == ByWorkshop::Only).collect();
    let nothing = Planned::default();
    let mut people: BTreeMap<(usize, Option<GroupId>), usize> = BTreeMap::new();
    for (place, row) in grid.rows.iter().enumerate() {
        let Some((row, kept)) = row.as_deref().zip(grid.everybody.person(place)) else { continue };
        let is_here = kept.facts.start_date(today, grid.known).is_some();
        if kept.facts.id == oneself || !is_here || !reached.sees(&kept.facts, false) {
            continue;
        }
        for (column, module) in &modules {
            let planned = known.get(module.slug.as_str()).unwrap_or(&nothing);
            let is_wanted = row.cells.get(*column).is_some_and(|cell| cell.why.is_some());
            if !is_wanted || planned.for_everybody || planned.is_for(grid, kept) {
                continue;
            }
            for group in groups_of(row, reached) {
                *people.entry((*column, group)).or_default() += 1;
            }
        }
    }
    let paths = Tree::of(grid.everybody.places(), reached, today, grid.known).paths;
    let wanted = people.into_iter().filter_map(|((column, group), people)| {
        let (_, module) = modules.iter().find(|(of, _)| *of == column)?;
        Some(WantedWorkshop {
            module: module.slug.clone(),
            title: module.title.clone(),
            language: module.language,
            group: group.map(|group| (group, paths.get(&group).cloned().unwrap_or_default())),
            people,
        })
    });
    let mut wanted: Vec<WantedWorkshop> = wanted.collect();
    let names = |one: &WantedWorkshop| one.group.clone().map(|(_, names)| names);
    wanted.sort_by_cached_key(|one| (Reverse(one.people), one.title.clone(), names(one)));
    wanted
}

/// The groups that somebody belongs to themselves and that are seen; or that they are in none of these.
fn groups_of(row: &Row, reached: &Reached) -> Vec<Option<GroupId>> {
    let groups: Vec<Option<GroupId>> =
        row.groups.iter().copied().filter(|group| reached.has(*group)).map(Some).collect();
    if groups.is_empty() { vec![None] } else { groups }
}

impl Planned {
    /// Whether one is for somebody, or they were at one and nobody has said so yet.
    fn is_for(&self, grid: &Grid, kept: &Kept) -> bool {
        let groups = kept.facts.groups_on(local_date(grid.moment), grid.known);
        self.signed_in.contains(&kept.facts.id) || groups.iter().any(|(place, _)| self.groups.contains(&place.group))
    }
}
