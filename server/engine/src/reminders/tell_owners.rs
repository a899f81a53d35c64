use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use super::digest::{are_told_on, monday_of};
use crate::{
    catalogue::{Catalogue, Module},
    engine::Engine,
    ground::{LetterId, PersonId},
    mail::{LetterAbout, NewLetter, ToReview},
    people::{Overseer, find_owners},
    record::Actor,
    store::{Linked, StoreError, insert_all, on},
};

const FIND_TOLD: &str = "SELECT person_id FROM review_digest WHERE week = $1";

const INSERT_DIGESTS: &str = "INSERT INTO review_digest (person_id, week, planned_at, letter_id)";

impl Engine {
    /// Writes to whoever owns modules and agreements, once a week from a day of it on, which of them are to be reviewed and which rest on facts that are to be
    /// checked. The owner is whoever holds, or stands in for, the named role of that title; where nobody does, the administrators everywhere. Says how many
    /// letters were written.
    pub(super) async fn tell_owners(&self, day: Weekday, today: NaiveDate, by: Actor) -> Result<usize, StoreError> {
        if !are_told_on(day, today) {
            return Ok(0);
        }
        let catalogue = self.catalogue();
        let stale = stale(&catalogue, today);
        if stale.is_empty() {
            return Ok(0);
        }
        let (now, week) = (self.clock.now(), monday_of(today));
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let letters: Vec<(Overseer, LetterAbout)> = owners_to_tell(&mut tx, &catalogue, stale, today)
            .await?
            .into_iter()
            .map(|(owner, mut things)| {
                things.sort_by(|one, other| one.title.cmp(&other.title));
                let about = LetterAbout::Reviews { name: owner.name.clone(), things };
                (owner, about)
            })
            .collect();
        if letters.is_empty() {
            return Ok(0);
        }
        let new: Vec<NewLetter<'_>> = letters
            .iter()
            .map(|(owner, about)| NewLetter { person: owner.person_id, address: &owner.email, about, instead_of: None })
            .collect();
        let ids = self.write_letters(&mut tx, &new, by).await?;
        let rows: Vec<(PersonId, LetterId)> = letters.iter().map(|(owner, _)| owner.person_id).zip(ids).collect();
        insert_all!(tx, INSERT_DIGESTS, 4, &rows, |query, row| query.bind(row.0).bind(week).bind(now).bind(row.1))?;
        tx.commit().await?;
        Ok(rows.len())
    }

    /// How many owners the letters of a day would tell what is to be reviewed.
    pub(super) async fn count_owners_to_tell(
        &self,
        on_what: &mut impl Linked,
        day: Weekday,
        today: NaiveDate,
    ) -> Result<usize, StoreError> {
        if !are_told_on(day, today) {
            return Ok(0);
        }
        let catalogue = self.catalogue();
        let stale = stale(&catalogue, today);
        Ok(owners_to_tell(on_what, &catalogue, stale, today).await?.len())
    }
}

/// Whose it is that is to be reviewed, of those who have not been told so in the week of a day, with what of it.
async fn owners_to_tell(
    on_what: &mut impl Linked,
    catalogue: &Catalogue,
    stale: BTreeMap<String, Vec<ToReview>>,
    today: NaiveDate,
) -> Result<Vec<(Overseer, Vec<ToReview>)>, StoreError> {
    let week = monday_of(today);
    let told: Vec<PersonId> =
        on!(on_what.link(), conn => sqlx::query_scalar(FIND_TOLD).bind(week).fetch_all(conn).await)?;
    let told: BTreeSet<PersonId> = told.into_iter().collect();
    let mut owners: BTreeMap<PersonId, (Overseer, Vec<ToReview>)> = BTreeMap::new();
    for (title, things) in stale {
        let role = catalogue.organisation.roles.iter().find(|role| role.title.to_lowercase() == title);
        for owner in find_owners(on_what, role, today).await? {
            if !told.contains(&owner.person_id) {
                let theirs = &mut owners.entry(owner.person_id).or_insert_with(|| (owner, Vec::new())).1;
                theirs.extend(things.iter().cloned());
            }
        }
    }
    Ok(owners.into_values().collect())
}

/// What is to be reviewed, by the title of whoever owns it in small letters.
pub(crate) fn stale(catalogue: &Catalogue, today: NaiveDate) -> BTreeMap<String, Vec<ToReview>> {
    let mut stale: BTreeMap<String, Vec<ToReview>> = BTreeMap::new();
    for module in catalogue.modules.values() {
        let by = Some(module.review_by).filter(|by| *by < today);
        let facts = facts_to_check(module, today);
        if by.is_some() || facts > 0 {
            let thing = ToReview { title: module.title.clone(), by, facts };
            stale.entry(module.owner.to_lowercase()).or_default().push(thing);
        }
    }
    for agreement in catalogue.agreements.values() {
        let version = agreement.current();
        if version.next_review < today {
            let thing = ToReview { title: agreement.title.clone(), by: Some(version.next_review), facts: 0 };
            stale.entry(version.lead.to_lowercase()).or_default().push(thing);
        }
    }
    stale
}

/// How many of the facts that a module's pages cite were to be checked before today.
fn facts_to_check(module: &Module, today: NaiveDate) -> usize {
    let facts = module.pages.iter().flat_map(|page| &page.prose.facts);
    facts.filter(|fact| fact.review_by < today).map(|fact| &fact.id).collect::<BTreeSet<_>>().len()
}
