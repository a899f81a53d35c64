use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::name_of_actor;
use crate::{
    ground::{CompletionId, PersonId},
    store::{Conn, Linked as _, StoreError, on},
};

/// The workshop by which somebody has a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendedWorkshop {
    /// Where it was.
    pub place: String,
    /// When it began.
    pub starts_at: DateTime<Utc>,
    /// The name of whoever led it, if that is kept.
    pub leader_name: Option<String>,
    /// Whether whoever led it signed them in, who did not type its code.
    pub by_leader: bool,
}

const FIND_ATTENDED: &str = "SELECT c.id, w.place, w.starts_at, w.recorded_by, \
       (SELECT s.recorded_by FROM workshop_sign_in s WHERE s.workshop_id = c.workshop_id AND s.person_id = c.person_id) \
     FROM completion c CROSS JOIN workshop w WHERE c.person_id = $1 AND w.id = c.workshop_id";

/// A pass, and its workshop's place, beginning and leader, and who signed in for somebody.
type AttendedRow = (CompletionId, String, DateTime<Utc>, String, Option<String>);

/// The workshops by which somebody has passes, by these.
pub(crate) async fn find_attended(
    conn: &mut Conn,
    person: PersonId,
) -> Result<BTreeMap<CompletionId, AttendedWorkshop>, StoreError> {
    let rows: Vec<AttendedRow> =
        on!(conn.link(), conn => sqlx::query_as(FIND_ATTENDED).bind(person).fetch_all(conn).await)?;
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut attended = BTreeMap::new();
    for (completion, place, starts_at, leader, signed_in_by) in rows {
        let leader_name = match names.get(&leader) {
            Some(known) => known.clone(),
            None => {
                let name = name_of_actor(conn, &leader).await?;
                names.insert(leader, name.clone());
                name
            }
        };
        let by_leader = signed_in_by.is_some();
        attended.insert(completion, AttendedWorkshop { place, starts_at, leader_name, by_leader });
    }
    Ok(attended)
}
