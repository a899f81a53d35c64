use super::know_user_as::known_as;
use crate::{
    engine::Engine,
    ground::{GroupId, local_date},
    people::{GroupError, Over, may_organise},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, on},
};

const FIND_OTHER: &str = "SELECT COUNT(*) FROM group_known_as WHERE external_id = $1 AND group_id <> $2";

const FORGET: &str = "DELETE FROM group_known_as WHERE group_id = $1";

const KNOW: &str = "INSERT INTO group_known_as (group_id, external_id) VALUES ($1, $2)";

impl Engine {
    /// Keeps what a system of the provider's knows a group by. `None`: by nothing any more.
    ///
    /// # Errors
    /// [`GroupError::Name`] when it cannot be kept, [`GroupError::NameTaken`] when another group is known by it, [`GroupError::NotTheirs`].
    pub async fn know_group_as(&self, group: GroupId, external_id: Option<&str>, by: Actor) -> Result<(), GroupError> {
        let external_id = external_id.map(known_as).transpose().map_err(GroupError::Name)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if !may_organise(&mut tx, by, Over::Everything, local_date(self.clock.now())).await? {
            return Err(GroupError::NotTheirs);
        }
        forget_group(&mut tx, group).await?;
        if let Some(id) = external_id {
            let others: i64 = on!(tx.link(), conn => sqlx::query_scalar(FIND_OTHER)
                .bind(&id).bind(group).fetch_one(conn).await)?;
            if others > 0 {
                return Err(GroupError::NameTaken);
            }
            change!(tx, sqlx::query(KNOW).bind(group).bind(&id))?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Another group may be known by it from then on.
pub(super) async fn forget_group(tx: &mut Tx, group: GroupId) -> Result<(), StoreError> {
    change!(tx, sqlx::query(FORGET).bind(group))?;
    Ok(())
}
