use chrono::{DateTime, Utc};

use crate::{
    engine::Engine,
    ground::{PersonId, local_date},
    people::{Over, StayError, end_sessions, find_stay, is_there, may_organise, may_organise_with_duties},
    record::{Actor, DayFault},
    store::{Linked as _, StoreError, Tx, change},
};

const TAKE_OUT: &str =
    "INSERT INTO unprovisioned (person_id, taken_out_at) VALUES ($1, $2) ON CONFLICT (person_id) DO NOTHING";

const TAKE_IN: &str = "DELETE FROM unprovisioned WHERE person_id = $1";

impl Engine {
    /// Takes somebody out: they leave today, if they are here, also where it is recorded that they leave on a later day, and the system that did it
    /// finds them no more. Nothing of what they did is lost. `false`: it had done so before.
    ///
    /// # Errors
    /// [`StayError`]; nothing has been written. [`StayError::Day`] when they are to begin on a later day.
    pub async fn take_out(&self, person: PersonId, by: Actor) -> Result<bool, StayError> {
        if by == Actor::Person(person) {
            return Err(StayError::Oneself);
        }
        let since = self.since_today(by);
        let today = local_date(since.recorded_at);
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        if !is_there(&mut tx, person).await? {
            return Err(StayError::NoSuchPerson);
        }
        if !may_organise_with_duties(&mut tx, by, person, today).await? {
            return Err(StayError::NotTheirs);
        }
        let is_new = note_taken_out(&mut tx, person, since.recorded_at).await?;
        let Some(stay) = find_stay(&mut tx, person, today).await? else {
            tx.commit().await?;
            return Ok(is_new);
        };
        DayFault::unless_begun(stay.begins_on, since)?;
        let mut act = self.act_since(person, since);
        self.end_stay(&mut tx, person, stay, since, &mut act).await?;
        end_sessions(&mut tx, person).await?;
        self.seal(tx, [act]).await?;
        Ok(is_new)
    }

    /// The system that took somebody out finds them again; whether they are here is another matter ([`Engine::come_back`]).
    ///
    /// # Errors
    /// [`StayError::NotTheirs`].
    pub async fn take_in(&self, person: PersonId, by: Actor) -> Result<(), StayError> {
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let today = local_date(self.clock.now());
        let looks_after = may_organise(&mut tx, by, Over::Person(person), today).await?;
        if !looks_after || !may_organise(&mut tx, by, Over::Everything, today).await? {
            return Err(StayError::NotTheirs);
        }
        take_in(&mut tx, person).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The same in a transaction that has locked the person, for whoever may change everything.
pub(super) async fn take_in(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    change!(tx, sqlx::query(TAKE_IN).bind(person))?;
    Ok(())
}

/// Notes that somebody is taken out. `false`: they were before.
async fn note_taken_out(tx: &mut Tx, person: PersonId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(change!(tx, sqlx::query(TAKE_OUT).bind(person).bind(now))? > 0)
}
