use super::workshop::find_workshop;
use crate::{
    engine::Engine,
    ground::{WorkshopId, local_date},
    people::{Over, Person, may_organise},
    record::{Actor, not_withdrawn},
    store::{Linked as _, StoreError, change, on},
};

/// Why no workshop was called off. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum CallOffError {
    /// There is no such workshop, or somebody else leads it.
    #[error("there is no such workshop")]
    NotTheirs,
    /// Somebody has a pass by it.
    #[error("somebody was there, and it counts")]
    Held,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const COUNT_PASSES: &str = concat!("SELECT COUNT(*) FROM completion c WHERE c.workshop_id = $1 AND ", not_withdrawn!());

const END_WORKSHOP: &str = "UPDATE workshop SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";

impl Engine {
    /// Calls off a workshop of which nobody has a pass that was not withdrawn: whoever leads it, or an administrator everywhere. Doing it twice does it once.
    ///
    /// # Errors
    /// [`CallOffError`]; nothing has been written.
    pub async fn call_off_workshop(&self, by: &Person, id: WorkshopId) -> Result<(), CallOffError> {
        let now = self.clock.now();
        let actor = Actor::Person(by.id);
        let mut tx = self.store.write().await?;
        // Alone, so that nobody gets a pass by it meanwhile.
        tx.lock_people().await?;
        let workshop = find_workshop(&mut tx, id).await?.ok_or(CallOffError::NotTheirs)?;
        if workshop.leader != Some(by.id) && !may_organise(&mut tx, actor, Over::Everything, local_date(now)).await? {
            return Err(CallOffError::NotTheirs);
        }
        let passes: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_PASSES).bind(id).fetch_one(conn).await)?;
        if passes > 0 {
            return Err(CallOffError::Held);
        }
        change!(tx, sqlx::query(END_WORKSHOP).bind(id).bind(now).bind(actor.to_string()))?;
        Ok(tx.commit().await?)
    }
}
