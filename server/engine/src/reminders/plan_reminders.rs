use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    decide::by_rules,
    digest::count_managers_to_tell,
    pause_reminders::paused_since,
    sweep::{Idle, next_day},
    write_reminders::{AT_ONCE, find_known, reminded},
};
use crate::{
    board::{Outstanding, OutstandingPerson},
    catalogue::Reminders,
    engine::{Engine, Looked, Refused},
    ground::{PersonId, name_key},
    mail::{Occasion, Reminded},
    people::Person,
    store::{Linked as _, StoreError, on},
};

/// Whom the next letters would go to, by what is recorded now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderPlan {
    /// What the provider says about it.
    pub rules: Reminders,
    /// Why nobody would be written to all the same. `None`: they will be.
    pub idle: Option<Idle>,
    /// Since when reminders have been held back. `None`: they are not.
    pub paused_since: Option<DateTime<Utc>>,
    /// The day of those letters.
    pub day: NaiveDate,
    /// How many people would get a letter.
    pub letters: usize,
    /// How many have no address to write to.
    pub without_address: usize,
    /// How many managers would be told how many of their people are late.
    pub managers: usize,
    /// How many would be told what of theirs is to be reviewed.
    pub owners: usize,
    /// How many things would be told, by why.
    pub occasions: BTreeMap<Occasion, usize>,
    /// How many people there are in each group, by the name of the group after those above it; who is in none has an empty name. Whoever is in
    /// several counts in the first.
    pub groups: Vec<(Vec<String>, usize)>,
    /// The first of them, by name.
    pub people: Vec<PlannedPerson>,
}

/// Somebody who would be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPerson {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Whether they have an address.
    pub has_address: bool,
    /// What they would be told.
    pub things: Vec<Reminded>,
}

/// How many people a plan names.
const NAMED: usize = 50;

/// When the job looks next.
const FIND_NEXT: &str = "SELECT due_at FROM job WHERE name = 'reminders'";

impl Engine {
    /// Whom the next letters would go to and what they would tell, if nothing changed until then; also where reminders are not switched on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn plan_reminders(&self) -> Result<ReminderPlan, StoreError> {
        let rules = self.catalogue().organisation.reminders.clone();
        let idle = self.reminders_idle(&rules).await?;
        let now = self.clock.now();
        let all = self.outstanding().await?;
        let mut conn = self.store.read().await?;
        let paused_since = paused_since(&mut conn).await?;
        let due: Option<DateTime<Utc>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_NEXT).fetch_optional(conn).await)?;
        let day = next_day(&rules, due.map_or(now, |due| due.max(now)));
        let mut planned: Vec<(&OutstandingPerson, PlannedPerson)> = Vec::new();
        for some in all.people.chunks(AT_ONCE) {
            let some: Vec<&OutstandingPerson> = some.iter().collect();
            let known = find_known(&mut conn, &some, day).await?;
            for person in some {
                let Some(has_address) = known.has_address(person.id) else { continue };
                let mut to_tell = by_rules(&rules, person, &all.things, known.told(person.id), day);
                to_tell.retain(|tell| known.wants(person.id, tell));
                if !to_tell.is_empty() {
                    let things = to_tell.iter().map(|tell| reminded(&all, tell)).collect();
                    let planned_person =
                        PlannedPerson { id: person.id, name: person.name.clone(), has_address, things };
                    planned.push((person, planned_person));
                }
            }
        }
        let (managers, owners) = match rules.digest_day {
            Some(weekday) => (
                count_managers_to_tell(&mut conn, &all, weekday, day).await?,
                self.count_owners_to_tell(&mut conn, weekday, day).await?,
            ),
            None => (0, 0),
        };
        drop(conn);
        let with_address = planned.iter().filter(|(_, planned)| planned.has_address).count();
        let mut occasions: BTreeMap<Occasion, usize> = BTreeMap::new();
        for one in planned.iter().flat_map(|(_, planned)| &planned.things) {
            *occasions.entry(one.occasion).or_default() += 1;
        }
        let groups = by_group(&all, planned.iter().map(|(person, _)| *person));
        let without_address = planned.len() - with_address;
        let mut people: Vec<PlannedPerson> = planned.into_iter().map(|(_, planned)| planned).collect();
        people.sort_by_cached_key(|person| (name_key(&person.name), person.id));
        people.truncate(NAMED);
        Ok(ReminderPlan {
            rules,
            idle,
            paused_since,
            day,
            letters: with_address,
            without_address,
            managers,
            owners,
            occasions,
            groups,
            people,
        })
    }

    /// The same for an administrator.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn reminder_plan(&self, reader: &Person) -> Looked<ReminderPlan> {
        if reader.looks_after_all() { Ok(self.plan_reminders().await?) } else { Err(Refused::NotForYou) }
    }
}

fn by_group<'o>(all: &Outstanding, people: impl Iterator<Item = &'o OutstandingPerson>) -> Vec<(Vec<String>, usize)> {
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for person in people {
        let paths = person.groups.iter().filter_map(|group| all.groups.get(group));
        *counts.entry(paths.min().cloned().unwrap_or_default()).or_default() += 1;
    }
    counts.into_iter().collect()
}
