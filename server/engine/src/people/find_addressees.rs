use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    add_person::readable_email,
    find_overseers::{Overseer, find_administrators, find_overseen, find_overseers},
    find_person::find_by_email,
    sign_on::is_own_word,
    way_in::find_for,
};
use crate::{
    catalogue::NamedRole,
    ground::PersonId,
    store::{Linked, StoreError},
};

/// Who gets what somebody hands in to a named role on a day: whoever stands in, otherwise whoever holds it; never `of`. Where there is nobody, or no
/// such role any more, those who are told of what that person signs; and then the second value is `true`.
pub(crate) async fn find_addressees(
    on_what: &mut impl Linked,
    role: Option<&NamedRole>,
    of: PersonId,
    day: NaiveDate,
) -> Result<(Vec<Overseer>, bool), StoreError> {
    let found = find_holders(on_what, role, of, day).await?;
    if found.is_empty() { Ok((find_overseers(on_what, of, None, day).await?, true)) } else { Ok((found, false)) }
}

/// Which of several people somebody gets what they hand in of, to a named role on a day: of whom [`find_addressees`] names them.
pub(crate) async fn find_told_of(
    on_what: &mut impl Linked,
    role: Option<&NamedRole>,
    of: BTreeSet<PersonId>,
    reader: PersonId,
    day: NaiveDate,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let nobody = PersonId(Uuid::nil());
    let (cover, holders) = match role {
        Some(role) => (
            find_named(on_what, &role.cover_on(day), nobody, day).await?,
            find_named(on_what, &role.holders_on(day), nobody, day).await?,
        ),
        None => (Vec::new(), Vec::new()),
    };
    let (mut told, mut unheld) = (BTreeSet::new(), BTreeSet::new());
    for signer in of {
        let has_others = |named: &[Overseer]| named.iter().any(|one| one.person_id != signer);
        let named = if has_others(&cover) { &cover } else { &holders };
        if !has_others(named) {
            unheld.insert(signer);
        } else if signer != reader && named.iter().any(|one| one.person_id == reader) {
            told.insert(signer);
        }
    }
    told.extend(find_overseen(on_what, reader, unheld, day).await?);
    Ok(told)
}

/// Who looks after what belongs to a named role on a day: whoever stands in, otherwise whoever holds it, otherwise the administrators everywhere.
pub(crate) async fn find_owners(
    on_what: &mut impl Linked,
    role: Option<&NamedRole>,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    let found = find_holders(on_what, role, PersonId(Uuid::nil()), day).await?;
    if found.is_empty() { find_administrators(on_what, day).await } else { Ok(found) }
}

/// Who stands in for a role on a day, otherwise who holds it; never `of`.
async fn find_holders(
    on_what: &mut impl Linked,
    role: Option<&NamedRole>,
    of: PersonId,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    let Some(role) = role else { return Ok(Vec::new()) };
    let cover = find_named(on_what, &role.cover_on(day), of, day).await?;
    if cover.is_empty() { find_named(on_what, &role.holders_on(day), of, day).await } else { Ok(cover) }
}

/// Everybody who is here and holds a role on a day, or stands in; each once.
pub(crate) async fn find_all_holders(
    on_what: &mut impl Linked,
    role: &NamedRole,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    let named: Vec<&str> = role.cover_on(day).into_iter().chain(role.holders_on(day)).collect();
    find_named(on_what, &named, PersonId(Uuid::nil()), day).await
}

/// Whether a role names whoever has this address, on a day, as holder or as who stands in.
pub(crate) fn names_in_role(role: &NamedRole, email: &str, day: NaiveDate) -> bool {
    let named = role.holders_on(day).into_iter().chain(role.cover_on(day));
    named.filter_map(|named| readable_email(named).ok()).any(|named| named == email)
}

/// Which of these roles somebody holds on a day, or stands in for: by the address with which they sign in.
pub(crate) async fn find_roles_held(
    on_what: &mut impl Linked,
    roles: &[NamedRole],
    person: PersonId,
    day: NaiveDate,
) -> Result<Vec<NamedRole>, StoreError> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let Some(known) = find_for(on_what, person, day).await? else { return Ok(Vec::new()) };
    let held: Vec<NamedRole> = roles.iter().filter(|role| names_in_role(role, &known.email, day)).cloned().collect();
    if held.is_empty() || is_own_word(on_what, person, day).await? {
        return Ok(Vec::new());
    }
    Ok(held)
}

/// Those of several addresses who are here and can be written to, each once. An address that is only its owner's own word names nobody: in an induction
/// room anybody could type it.
async fn find_named(
    on_what: &mut impl Linked,
    emails: &[&str],
    of: PersonId,
    day: NaiveDate,
) -> Result<Vec<Overseer>, StoreError> {
    let mut found: Vec<Overseer> = Vec::new();
    for email in emails.iter().filter_map(|email| readable_email(email).ok()) {
        let Some(person) = find_by_email(on_what, &email).await? else { continue };
        if person == of || found.iter().any(|one| one.person_id == person) || is_own_word(on_what, person, day).await? {
            continue;
        }
        if let Some(known) = find_for(on_what, person, day).await? {
            found.push(Overseer { person_id: person, name: known.name, email: known.email });
        }
    }
    Ok(found)
}
