use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::role::{Duty, Role};
use crate::{
    catalogue::Audience,
    ground::{Dated, GroupId, PersonId},
    store::{Linked, StoreError, on},
};

/// Where somebody is and was, and as what: each fact with its time.
#[derive(Clone, Debug)]
pub(crate) struct PersonFacts {
    pub id: PersonId,
    /// What they are called now: no fact, and it may be erased.
    pub name: String,
    /// From when to when they are here.
    pub stays: Vec<Dated<()>>,
    pub audiences: Vec<Dated<Audience>>,
    pub duties: Vec<Dated<Duty>>,
    pub memberships: Vec<Dated<GroupId>>,
    /// Where their groups, and those above them, stand and stood in the tree.
    pub places: Arc<Places>,
}

/// Where groups stand and stood in the tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(BTreeMap<GroupId, Vec<Dated<GroupPlace>>>);

impl Places {
    /// Where a group stands on a day. `None`: there is no such group then.
    pub(crate) fn of(&self, group: GroupId, day: NaiveDate, known: DateTime<Utc>) -> Option<&Dated<GroupPlace>> {
        self.0.get(&group)?.iter().find(|place| place.holds(day, known))
    }

    /// Every group that there is on a day.
    pub(crate) fn on(&self, day: NaiveDate, known: DateTime<Utc>) -> impl Iterator<Item = &GroupPlace> {
        let held = self.0.values().filter_map(move |places| places.iter().find(|place| place.holds(day, known)));
        held.map(|place| &place.what)
    }

    /// A group and those below it on a day, by what is known now. Empty: there is no such group then.
    pub(crate) fn below(&self, top: GroupId, day: NaiveDate) -> BTreeSet<GroupId> {
        let places: Vec<&GroupPlace> = self.on(day, DateTime::<Utc>::MAX_UTC).collect();
        let mut inside: BTreeSet<GroupId> =
            places.iter().map(|place| place.group).filter(|group| *group == top).collect();
        // A tree is no higher than it has groups.
        for _ in 0..places.len() {
            let below = places.iter().filter(|place| place.parent.is_some_and(|parent| inside.contains(&parent)));
            let more: Vec<GroupId> = below.map(|place| place.group).filter(|group| !inside.contains(group)).collect();
            if more.is_empty() {
                break;
            }
            inside.extend(more);
        }
        inside
    }
}

impl FromIterator<Dated<GroupPlace>> for Places {
    fn from_iter<T: IntoIterator<Item = Dated<GroupPlace>>>(places: T) -> Self {
        let mut by_group: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for place in places {
            by_group.entry(place.what.group).or_default().push(place);
        }
        Self(by_group)
    }
}

/// What a group is called, and below which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupPlace {
    pub group: GroupId,
    pub parent: Option<GroupId>,
    pub name: String,
}

impl PersonFacts {
    /// Somebody of whom nothing is recorded yet.
    pub(super) fn none(id: PersonId, name: String, places: Arc<Places>) -> Self {
        Self { id, name, stays: Vec::new(), audiences: Vec::new(), duties: Vec::new(), memberships: Vec::new(), places }
    }

    pub(super) fn add(&mut self, row: FactRow) -> Result<(), StoreError> {
        let unreadable = || StoreError::unreadable("fact about a person");
        let FactRow { kind, about, group_id, begins_on, recorded_at, ends_before, end_recorded_at } = row;
        let dated = Dated { what: (), begins_on, recorded_at, end: ends_before.zip(end_recorded_at) };
        let about = about.as_deref().unwrap_or_default();
        match kind.as_str() {
            "stay" => self.stays.push(dated),
            "audience" => self.audiences.push(dated.of(Audience::new(about).map_err(|_| unreadable())?)),
            "duty" => {
                let role = Role::parse(about).ok_or_else(unreadable)?;
                self.duties.push(dated.of(Duty { role, over: group_id }));
            }
            _ => self.memberships.push(dated.of(group_id.ok_or_else(unreadable)?)),
        }
        Ok(())
    }

    /// Gives back the memory that nothing is in: there are many who are kept for long.
    pub(super) fn shrink(&mut self) {
        self.stays.shrink_to_fit();
        self.audiences.shrink_to_fit();
        self.duties.shrink_to_fit();
        self.memberships.shrink_to_fit();
    }

    /// When the stay began in which they are here on a day. `None`: they are not here on it.
    pub(crate) fn start_date(&self, day: NaiveDate, known: DateTime<Utc>) -> Option<NaiveDate> {
        let stays = self.stays.iter().filter(|stay| stay.holds(day, known));
        stays.map(|stay| stay.begins_on).min()
    }

    /// The day on which somebody is looked at who comes today: today, or their first day for whoever is to begin later and is already
    /// let in. `None`: they have left.
    pub(crate) fn first_day(&self, today: NaiveDate, known: DateTime<Utc>) -> Option<NaiveDate> {
        let stays = self.stays.iter().filter(|stay| stay.is_not_over(today, known));
        stays.map(|stay| stay.begins_on.max(today)).min()
    }

    pub(crate) fn audiences_on(&self, day: NaiveDate, known: DateTime<Utc>) -> impl Iterator<Item = &Dated<Audience>> {
        self.audiences.iter().filter(move |fact| fact.holds(day, known))
    }

    /// Whether they belong to a group or to one below it on a day, or on their first day where they are to begin later.
    pub(crate) fn belongs_to(&self, group: GroupId, day: NaiveDate) -> bool {
        let known = DateTime::<Utc>::MAX_UTC;
        let day = self.first_day(day, known).unwrap_or(day);
        self.groups_on(day, known).iter().any(|(place, _)| place.group == group)
    }

    /// The groups that they belong to on a day, and those above them, each with the first of the days up to that one on all of which it was
    /// so. What puts them there may change meanwhile: a group is called otherwise, or moves without leaving the one above.
    pub(crate) fn groups_on(&self, day: NaiveDate, known: DateTime<Utc>) -> Vec<(&GroupPlace, NaiveDate)> {
        let mut groups = self.groups_of_day(day, known);
        let mut earlier: BTreeMap<NaiveDate, Vec<(&GroupPlace, NaiveDate)>> = BTreeMap::new();
        for (place, since) in &mut groups {
            while let Some(eve) = since.pred_opt() {
                let then = earlier.entry(eve).or_insert_with(|| self.groups_of_day(eve, known));
                let Some((_, before)) = then.iter().find(|(other, _)| other.group == place.group) else { break };
                *since = *before;
            }
        }
        groups
    }

    /// The same, each with the day from which what puts them there on that day has done so.
    fn groups_of_day(&self, day: NaiveDate, known: DateTime<Utc>) -> Vec<(&GroupPlace, NaiveDate)> {
        let own = self.memberships.iter().filter(|fact| fact.holds(day, known));
        let mut waiting: Vec<(GroupId, NaiveDate)> = own.map(|fact| (fact.what, fact.begins_on)).collect();
        let mut groups: Vec<(&GroupPlace, NaiveDate)> = Vec::new();
        let mut seen = BTreeSet::new();
        while let Some((group, since)) = waiting.pop() {
            if !seen.insert((group, since)) {
                continue;
            }
            if let Some(place) = self.places.of(group, day, known) {
                let since = since.max(place.begins_on);
                waiting.extend(place.what.parent.map(|parent| (parent, since)));
                match groups.iter_mut().find(|(known, _)| known.group == group) {
                    Some((_, earliest)) => *earliest = since.min(*earliest),
                    None => groups.push((&place.what, since)),
                }
            }
        }
        groups
    }
}

/// Each kind of fact in the same columns, because a trip to the database costs more than what it does there. Duties come first: from
/// them PostgreSQL takes what each column holds.
const FIND_FACTS: &str = "SELECT 'duty' AS kind, role AS about, group_id, begins_on, recorded_at, ends_before, end_recorded_at \
       FROM duty WHERE person_id = $1 \
     UNION ALL SELECT 'membership', NULL, group_id, begins_on, recorded_at, ends_before, end_recorded_at \
       FROM membership WHERE person_id = $1 \
     UNION ALL SELECT 'stay', NULL, NULL, begins_on, recorded_at, ends_before, end_recorded_at \
       FROM stay WHERE person_id = $1 \
     UNION ALL SELECT 'audience', audience, NULL, begins_on, recorded_at, ends_before, end_recorded_at \
       FROM in_audience WHERE person_id = $1 \
     ORDER BY recorded_at";

#[derive(sqlx::FromRow)]
pub(super) struct FactRow {
    kind: String,
    about: Option<String>,
    group_id: Option<GroupId>,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    ends_before: Option<NaiveDate>,
    end_recorded_at: Option<DateTime<Utc>>,
}

/// Every place that somebody's groups and those above them have or had.
const FIND_PLACES: &str = "WITH RECURSIVE up (id) AS ( \
       SELECT group_id FROM membership WHERE person_id = $1 \
       UNION SELECT p.parent_id FROM group_place p JOIN up ON p.group_id = up.id WHERE p.parent_id IS NOT NULL) \
     SELECT p.group_id, p.parent_id, p.name, p.begins_on, p.recorded_at, p.ends_before, p.end_recorded_at \
     FROM group_place p JOIN up ON p.group_id = up.id ORDER BY p.recorded_at, p.id";

#[derive(sqlx::FromRow)]
pub(super) struct PlaceRow {
    group_id: GroupId,
    parent_id: Option<GroupId>,
    name: String,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    ends_before: Option<NaiveDate>,
    end_recorded_at: Option<DateTime<Utc>>,
}

impl PlaceRow {
    pub(super) fn place(self) -> Dated<GroupPlace> {
        Dated {
            what: GroupPlace { group: self.group_id, parent: self.parent_id, name: self.name },
            begins_on: self.begins_on,
            recorded_at: self.recorded_at,
            end: self.ends_before.zip(self.end_recorded_at),
        }
    }
}

/// What is recorded about where somebody is and was. `name` is what they are called now.
pub(crate) async fn find_person_facts(
    on_what: &mut impl Linked,
    id: PersonId,
    name: String,
) -> Result<PersonFacts, StoreError> {
    let rows: Vec<FactRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_FACTS).bind(id).fetch_all(conn).await)?;
    let places: Vec<PlaceRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_PLACES).bind(id).fetch_all(conn).await)?;
    let mut facts = PersonFacts::none(id, name, Arc::new(places.into_iter().map(PlaceRow::place).collect()));
    for row in rows {
        facts.add(row)?;
    }
    Ok(facts)
}
