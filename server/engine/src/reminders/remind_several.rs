use std::collections::BTreeSet;

use super::{
    decide::asked,
    write_reminders::{AT_ONCE, find_known},
};
use crate::{
    board::OutstandingPerson,
    engine::Engine,
    ground::{PersonId, TogetherId, local_date},
    people::{DidTogether, MOST_TOGETHER, Person, Right, Scope, Together, TogetherError, find_in_scope, note_together},
    record::Actor,
    store::StoreError,
};

/// Whom of several people a letter would go to, if somebody had them reminded now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemindPlan {
    /// Who would get one.
    pub letters: Vec<PersonId>,
    /// Of whom something is wanted, and who has no address to write to.
    pub without_address: Vec<PersonId>,
    /// Of whom something is wanted, and who was written to today.
    pub today: usize,
    /// Of how many nothing is wanted now.
    pub nothing: usize,
}

impl Engine {
    /// Whom of several people a letter would go to, of those whom somebody may have reminded.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn remind_plan(&self, by: &Person, people: &[PersonId]) -> Result<RemindPlan, StoreError> {
        let today = local_date(self.clock.now());
        let theirs: BTreeSet<PersonId> = self.may_organise(by, people).await?.iter().map(|person| person.id).collect();
        let all = self.outstanding().await?;
        let wanted: Vec<&OutstandingPerson> = all.people.iter().filter(|person| theirs.contains(&person.id)).collect();
        let mut plan = RemindPlan { nothing: theirs.len(), ..RemindPlan::default() };
        let mut conn = self.store.read().await?;
        for some in wanted.chunks(AT_ONCE) {
            let known = find_known(&mut conn, some, today).await?;
            for person in some {
                let has_any = !asked(person, &all.things, &[], today).is_empty();
                let has_more = !asked(person, &all.things, known.told(person.id), today).is_empty();
                match known.has_address(person.id) {
                    Some(true) if has_more => plan.letters.push(person.id),
                    Some(false) if has_more => plan.without_address.push(person.id),
                    Some(_) if has_any => plan.today += 1,
                    _ => continue,
                }
                plan.nothing -= 1;
            }
        }
        Ok(plan)
    }

    /// Writes to each of several people of whom something is wanted what that is, also where reminders are not switched on; says to how many.
    /// Whoever was reminded today, and whoever has no address, gets none.
    ///
    /// # Errors
    /// [`TogetherError`]; nothing has been written to anybody.
    pub async fn remind_several(&self, by: &Person, people: &[PersonId]) -> Result<DidTogether, TogetherError> {
        if people.len() > MOST_TOGETHER {
            return Err(TogetherError::TooMany);
        }
        let now = self.clock.now();
        let today = local_date(now);
        let scope = Scope::of(by, Right::Assign, now).ok_or(TogetherError::NotForYou)?;
        let all = self.outstanding().await?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let theirs = find_in_scope(&mut tx, &scope, people).await?;
        if theirs.is_empty() {
            return Err(TogetherError::NotForYou);
        }
        let theirs: BTreeSet<PersonId> = theirs.iter().map(|person| person.id).collect();
        let wanted: Vec<&OutstandingPerson> = all.people.iter().filter(|person| theirs.contains(&person.id)).collect();
        let decide = |person: &OutstandingPerson, told: &[_]| asked(person, &all.things, told, today);
        let written = self.write_reminders(&mut tx, &all, &wanted, today, Actor::Person(by.id), decide).await?;
        if written.letters == 0 {
            return Err(TogetherError::Nobody);
        }
        let id = TogetherId(self.new_id(now));
        let rows: Vec<uuid::Uuid> = written.told.iter().map(|id| id.0).collect();
        note_together(&mut tx, id, Together::Remind, now, by.id, &rows).await?;
        tx.commit().await?;
        tracing::info!(target: "security", by = %by.id, people = written.letters, "several people were reminded");
        Ok(DidTogether { id, done: written.letters })
    }
}
