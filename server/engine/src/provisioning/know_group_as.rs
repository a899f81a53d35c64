use super::know_user_as::known_as;
use crate::{
    ground::GroupId,
    people::GroupError,
    store::{Linked as _, Tx, change, on},
};

const FIND_OTHER: &str = "SELECT COUNT(*) FROM group_known_as WHERE external_id = $1 AND group_id <> $2";

const FORGET: &str = "DELETE FROM group_known_as WHERE group_id = $1";

const KNOW: &str = "INSERT INTO group_known_as (group_id, external_id) VALUES ($1, $2)";

/// Keeps what a system of the provider's knows a group by, in a transaction that has locked the people. `None`: by nothing any more.
///
/// # Errors
/// [`GroupError::Name`] when it cannot be kept, [`GroupError::NameTaken`] when another group is known by it.
pub(super) async fn know_group_as(tx: &mut Tx, group: GroupId, external_id: Option<&str>) -> Result<(), GroupError> {
    let external_id = external_id.map(known_as).transpose().map_err(GroupError::Name)?;
    change!(tx, sqlx::query(FORGET).bind(group))?;
    if let Some(id) = external_id {
        let others: i64 = on!(tx.link(), conn => sqlx::query_scalar(FIND_OTHER)
            .bind(&id).bind(group).fetch_one(conn).await)?;
        if others > 0 {
            return Err(GroupError::NameTaken);
        }
        change!(tx, sqlx::query(KNOW).bind(group).bind(&id))?;
    }
    Ok(())
}
