use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    add_person::readable_email,
    find_person::find_by_email,
    scope::{Right, Scope, are_in_scope, is_in_scope},
    way_in::find_for,
};
use crate::{
    ground::PersonId,
    record::Role,
    store::{Linked, StoreError, on},
};

/// Somebody who is told of something that another did.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Overseer {
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
}

/// Who holds a role on a day, is here and can be written to. Few do.
const EVERY_HOLDER: &str = "SELECT DISTINCT u.person_id, d.name, d.email FROM duty u CROSS JOIN person_detail d \
     WHERE d.person_id = u.person_id AND d.email IS NOT NULL AND u.role = $1 AND u.begins_on <= $2 AND (u.ends_before IS NULL OR u.ends_before > $2) \
       AND (SELECT COUNT(*) FROM stay h WHERE h.person_id = u.person_id AND h.begins_on <= $2 AND (h.ends_before IS NULL OR h.ends_before > $2)) > 0 \
     ORDER BY u.person_id";

/// The administrators everywhere, on a day, who are here and can be written to.
const EVERY_ADMINISTRATOR: &str = "SELECT DISTINCT u.person_id, d.name, d.email FROM duty u CROSS JOIN person_detail d \
     WHERE d.person_id = u.person_id AND d.email IS NOT NULL AND u.role = 'administrator' AND u.group_id IS NULL \
       AND u.begins_on <= $1 AND (u.ends_before IS NULL OR u.ends_before > $1) \
       AND (SELECT COUNT(*) FROM stay h WHERE h.person_id = u.person_id AND h.begins_on <= $1 AND (h.ends_before IS NULL OR h.ends_before > $1)) > 0 \
     ORDER BY u.person_id";

/// The administrators everywhere on a day.
pub(super) async fn find_administrators(
    on_what: &mut impl Linked,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(EVERY_ADMINISTRATOR).bind(day).fetch_all(conn).await)
}

/// Who is told of something about what somebody signs: whose address is named, and otherwise the safeguarding leads, and where there are none the
/// administrators. Each of them may see that person's evidence, and none is told of themselves. Empty: there is nobody.
pub(crate) async fn find_overseers(
    on_what: &mut impl Linked,
    of: PersonId,
    named: Option<&str>,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    if let Some(email) = named.and_then(|email| readable_email(email).ok())
        && let Some(person) = find_by_email(on_what, &email).await?
        && oversees(on_what, person, of, day).await?
        && let Some(found) = find_for(on_what, person, day).await?
    {
        return Ok(vec![Overseer { person_id: person, name: found.name, email: found.email }]);
    }
    for role in [Role::Dsl, Role::Administrator] {
        let holders: Vec<Overseer> = on!(on_what.link(), conn => sqlx::query_as(EVERY_HOLDER)
            .bind(role.code()).bind(day).fetch_all(conn).await)?;
        let mut found = Vec::new();
        for holder in holders {
            if oversees(on_what, holder.person_id, of, day).await? {
                found.push(holder);
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// About which of several people somebody is told of what they sign, where nobody is named ([`find_overseers`]).
pub(super) async fn find_overseen(
    on_what: &mut impl Linked,
    reader: PersonId,
    of: BTreeSet<PersonId>,
    day: NaiveDate,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let (mut left, mut found): (Vec<PersonId>, _) = (of.into_iter().collect(), BTreeSet::new());
    for role in [Role::Dsl, Role::Administrator] {
        if left.is_empty() {
            break;
        }
        let holders: Vec<Overseer> = on!(on_what.link(), conn => sqlx::query_as(EVERY_HOLDER)
            .bind(role.code()).bind(day).fetch_all(conn).await)?;
        let mut told = BTreeSet::new();
        for Overseer { person_id: holder, .. } in holders {
            let scope = Scope::for_changes(holder, Right::SeeEvidence, day);
            let mut theirs = are_in_scope(on_what, &scope, &left).await?;
            theirs.remove(&holder);
            if holder == reader {
                found.extend(theirs.iter().copied());
            }
            told.extend(theirs);
        }
        left.retain(|person| !told.contains(person));
    }
    Ok(found)
}

async fn oversees(
    on_what: &mut impl Linked,
    person: PersonId,
    of: PersonId,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    Ok(person != of && is_in_scope(on_what, &Scope::for_changes(person, Right::SeeEvidence, day), of).await?)
}
