use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    catalogue::Audience,
    ground::{GroupId, PersonId},
    record::{Actor, Role},
    store::{Conn, Linked, StoreError, on},
};

/// Who is known, and which groups there are.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub people: Vec<KnownPerson>,
    /// Those that have not ended, each with its path from the top.
    pub groups: Vec<(GroupId, String)>,
}

/// Somebody who is or was here.
#[derive(Debug)]
pub(super) struct KnownPerson {
    pub id: PersonId,
    pub name: String,
    pub email: Option<String>,
    pub external_id: Option<String>,
    /// `None`: they are not here, nor are they to begin.
    pub here_since: Option<NaiveDate>,
    /// The first day on which they were no longer here. `None` where they are not here, either: every stay of theirs was taken back, so that they were never here.
    pub left_on: Option<NaiveDate>,
    /// Each with the row that says so.
    pub member_of: Vec<(Uuid, GroupId)>,
    pub audiences: Vec<(Uuid, Audience)>,
    pub duties: Vec<(Role, Option<GroupId>)>,
    /// They began by a join code with an address that they typed, and no other system has known them since: that it is theirs nobody has said.
    pub is_own_word: bool,
}

const EVERY_DETAIL: &str = "SELECT person_id, name, email, external_id FROM person_detail";

/// The last that began of each, of those that held on a day or are to: what was taken back says nothing of when they were here.
const EVERY_STAY: &str = "SELECT person_id, begins_on, ends_before FROM stay \
     WHERE ends_before IS NULL OR ends_before > begins_on ORDER BY begins_on";

/// Who came in by a code, with who recorded that they are here.
const EVERY_CODE_USE: &str = "SELECT u.person_id, s.recorded_by FROM join_code_use u JOIN stay s ON s.person_id = u.person_id \
     WHERE s.recorded_by LIKE 'person:%'";

const EVERY_MEMBERSHIP: &str = "SELECT person_id, id, group_id FROM membership WHERE ends_before IS NULL";

const EVERY_AUDIENCE: &str = "SELECT person_id, id, audience FROM in_audience WHERE ends_before IS NULL";

/// Also those whose end is recorded and has not come by the day $1: an auditor’s always is.
const EVERY_DUTY: &str = "SELECT person_id, role, group_id FROM duty \
     WHERE ends_before IS NULL OR (ends_before > $1 AND ends_before > begins_on)";

const EVERY_OPEN_PLACE: &str = "SELECT group_id, parent_id, name FROM group_place WHERE ends_before IS NULL";

type DetailRow = (PersonId, String, Option<String>, Option<String>);

/// Who is known on a day. Each kind of row is let go of before the next is read.
pub(super) async fn find_known(conn: &mut Conn, today: NaiveDate) -> Result<Known, StoreError> {
    let rows: Vec<DetailRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_DETAIL).fetch_all(conn).await)?;
    let people = rows.into_iter().map(|(id, name, email, external_id)| KnownPerson {
        id,
        name,
        email,
        external_id,
        here_since: None,
        left_on: None,
        member_of: Vec::new(),
        audiences: Vec::new(),
        duties: Vec::new(),
        is_own_word: false,
    });
    let mut people: Vec<KnownPerson> = people.collect();
    let places: HashMap<PersonId, usize> =
        people.iter().enumerate().map(|(place, person)| (person.id, place)).collect();
    let place = |id: &PersonId| places.get(id).copied();
    {
        let rows: Vec<(PersonId, NaiveDate, Option<NaiveDate>)> =
            on!(conn.link(), conn => sqlx::query_as(EVERY_STAY).fetch_all(conn).await)?;
        for (id, begins_on, ends_before) in rows {
            let Some(place) = place(&id) else { continue };
            let person = &mut people[place];
            // Until the day on which they leave they are here.
            let is_over = ends_before.is_some_and(|end| end <= today);
            person.here_since = (!is_over).then_some(begins_on);
            person.left_on = ends_before;
        }
    }
    {
        let rows: Vec<(PersonId, String)> =
            on!(conn.link(), conn => sqlx::query_as(EVERY_CODE_USE).fetch_all(conn).await)?;
        for (id, recorded_by) in rows {
            let Some(place) = place(&id) else { continue };
            let person = &mut people[place];
            let began_by_it = recorded_by == Actor::Person(id).to_string();
            person.is_own_word |= began_by_it && person.external_id.is_none();
        }
    }
    {
        let rows: Vec<(PersonId, Uuid, GroupId)> =
            on!(conn.link(), conn => sqlx::query_as(EVERY_MEMBERSHIP).fetch_all(conn).await)?;
        for (id, row, group) in rows {
            place(&id).into_iter().for_each(|place| people[place].member_of.push((row, group)));
        }
    }
    {
        let rows: Vec<(PersonId, Uuid, String)> =
            on!(conn.link(), conn => sqlx::query_as(EVERY_AUDIENCE).fetch_all(conn).await)?;
        for (id, row, audience) in rows {
            let audience = Audience::new(audience).map_err(|_| StoreError::unreadable("audience"))?;
            place(&id).into_iter().for_each(|place| people[place].audiences.push((row, audience.clone())));
        }
    }
    {
        let rows: Vec<(PersonId, String, Option<GroupId>)> =
            on!(conn.link(), conn => sqlx::query_as(EVERY_DUTY).bind(today).fetch_all(conn).await)?;
        for (id, role, over) in rows {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            place(&id).into_iter().for_each(|place| people[place].duties.push((role, over)));
        }
    }
    Ok(Known { people, groups: find_groups(conn).await? })
}

/// The groups that have not ended, each with its path from the top.
pub(super) async fn find_groups(on_what: &mut impl Linked) -> Result<Vec<(GroupId, String)>, StoreError> {
    let rows: Vec<(GroupId, Option<GroupId>, String)> =
        on!(on_what.link(), conn => sqlx::query_as(EVERY_OPEN_PLACE).fetch_all(conn).await)?;
    Ok(group_paths(&rows))
}

/// The path of each group from the top.
pub(crate) fn group_paths(rows: &[(GroupId, Option<GroupId>, String)]) -> Vec<(GroupId, String)> {
    let of: HashMap<GroupId, (Option<GroupId>, &str)> =
        rows.iter().map(|(id, parent, name)| (*id, (*parent, name.as_str()))).collect();
    let path = |id: GroupId| {
        let mut names = Vec::new();
        let mut at = Some(id);
        // No group stands below itself; should one, it must not go on for ever.
        while let Some((parent, name)) = at.and_then(|at| of.get(&at)).filter(|_| names.len() <= of.len()) {
            names.push(*name);
            at = *parent;
        }
        names.reverse();
        names.join("/")
    };
    rows.iter().map(|(id, ..)| (*id, path(*id))).collect()
}
