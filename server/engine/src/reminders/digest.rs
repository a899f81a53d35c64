use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

use super::write_reminders::{AT_ONCE, find_addresses};
use crate::{
    board::{Outstanding, OutstandingManager},
    engine::Engine,
    ground::{LetterId, PersonId},
    mail::{LateGroup, LetterAbout, NewLetter},
    record::Actor,
    store::{Linked, StoreError, insert_all, on},
};

const FIND_TOLD: &str = "SELECT person_id FROM manager_digest WHERE week = $1";

const INSERT_DIGESTS: &str = "INSERT INTO manager_digest (person_id, week, planned_at, letter_id)";

impl Engine {
    /// Writes to each manager, once a week from a day of it on, how many of their people are late and since when; to whom nobody is late of no letter. Says how
    /// many letters were written.
    pub(super) async fn tell_managers(
        &self,
        all: &Outstanding,
        day: Weekday,
        today: NaiveDate,
        by: Actor,
    ) -> Result<usize, StoreError> {
        if !are_told_on(day, today) {
            return Ok(0);
        }
        let (now, week) = (self.clock.now(), monday_of(today));
        let mut written = 0;
        for some in all.managers.chunks(AT_ONCE) {
            let mut tx = self.store.write().await?;
            tx.lock_people().await?;
            let told = find_told(&mut tx, week).await?;
            let some: Vec<&OutstandingManager> = some.iter().filter(|manager| !told.contains(&manager.id)).collect();
            let ids: Vec<PersonId> = some.iter().map(|manager| manager.id).collect();
            let addresses = find_addresses(&mut tx, &ids).await?;
            let mut rows: Vec<(PersonId, Option<LetterId>)> = Vec::new();
            let mut letters: Vec<(PersonId, &str, LetterAbout)> = Vec::new();
            for manager in some {
                // Of whom everything was erased since nobody is told anything.
                let Some(address) = addresses.get(&manager.id) else { continue };
                rows.push((manager.id, None));
                if let Some((address, about)) = address.as_deref().zip(digest(all, manager, today)) {
                    letters.push((manager.id, address, about));
                }
            }
            let new = letters.iter().map(|(person, address, about)| NewLetter {
                person: *person,
                address,
                about,
                instead_of: None,
            });
            let new: Vec<NewLetter<'_>> = new.collect();
            let ids = self.write_letters(&mut tx, &new, by).await?;
            let of_whom: BTreeMap<PersonId, LetterId> = letters.iter().map(|(person, ..)| *person).zip(ids).collect();
            for (person, letter) in &mut rows {
                *letter = of_whom.get(person).copied();
            }
            if !rows.is_empty() {
                insert_all!(tx, INSERT_DIGESTS, 4, &rows, |query, row| query
                    .bind(row.0)
                    .bind(week)
                    .bind(now)
                    .bind(row.1))?;
            }
            tx.commit().await?;
            written += letters.len();
        }
        Ok(written)
    }
}

/// How many managers the letters of a day would tell how many of their people are late.
pub(super) async fn count_managers_to_tell(
    on_what: &mut impl Linked,
    all: &Outstanding,
    day: Weekday,
    today: NaiveDate,
) -> Result<usize, StoreError> {
    if !are_told_on(day, today) {
        return Ok(0);
    }
    let told = find_told(on_what, monday_of(today)).await?;
    let mut count = 0;
    for some in all.managers.chunks(AT_ONCE) {
        let ids: Vec<PersonId> = some.iter().map(|manager| manager.id).collect();
        let addresses = find_addresses(on_what, &ids).await?;
        let has_address = |id: PersonId| addresses.get(&id).is_some_and(Option::is_some);
        let some = some.iter().filter(|manager| !told.contains(&manager.id) && has_address(manager.id));
        count += some.filter(|manager| digest(all, manager, today).is_some()).count();
    }
    Ok(count)
}

/// Which managers have been told in a week.
async fn find_told(on_what: &mut impl Linked, week: NaiveDate) -> Result<BTreeSet<PersonId>, StoreError> {
    let told: Vec<PersonId> =
        on!(on_what.link(), conn => sqlx::query_scalar(FIND_TOLD).bind(week).fetch_all(conn).await)?;
    Ok(told.into_iter().collect())
}

/// Whether letters that come once a week, from a day of it on, are written on a day.
pub(super) fn are_told_on(day: Weekday, today: NaiveDate) -> bool {
    today.weekday().num_days_from_monday() >= day.num_days_from_monday()
}

/// How many people of a manager are late, besides themselves, and since when. `None`: nobody is.
fn digest(all: &Outstanding, manager: &OutstandingManager, today: NaiveDate) -> Option<LetterAbout> {
    let mut groups: BTreeMap<&[String], (usize, NaiveDate)> = BTreeMap::new();
    let mut people = 0;
    for person in all.people.iter().filter(|person| person.id != manager.id) {
        let late = person.wanted.iter().map(|wanted| wanted.due_on).filter(|due_on| *due_on < today);
        let Some(since) = late.min() else { continue };
        let theirs: Vec<_> = person.groups.iter().filter(|group| manager.groups.contains(*group)).collect();
        people += usize::from(!theirs.is_empty());
        for path in theirs.into_iter().filter_map(|group| all.groups.get(group)) {
            let (late, earliest) = groups.entry(path).or_insert((0, since));
            (*late, *earliest) = (*late + 1, since.min(*earliest));
        }
    }
    let groups = groups.into_iter().map(|(path, (late, since))| LateGroup {
        group: path.join(" / "),
        people: late,
        since: Some(since),
        days: (today - since).num_days(),
    });
    let groups = groups.collect();
    (people > 0).then(|| LetterAbout::Digest { name: manager.name.clone(), people, groups })
}

pub(super) fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
