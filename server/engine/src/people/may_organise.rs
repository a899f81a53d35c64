use chrono::NaiveDate;

use super::{
    leave::find_duties,
    scope::{Right, Scope, in_scope, scope_tree},
};
use crate::{
    ground::{GroupId, PersonId},
    record::{Actor, Role},
    store::{Linked, StoreError, on},
};

/// What somebody wants to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// What is recorded about a person.
    Person(PersonId),
    /// A group, or who is in it.
    Group(GroupId),
    /// What is everybody's: the top of the tree, a duty over everybody, a file of people.
    Everything,
}

/// Whether $5 is in scope, also when they have left.
const MAY_CHANGE_PERSON: &str = concat!(
    scope_tree!(),
    "SELECT COUNT(*) FROM person p WHERE p.id = $5 AND p.id <> $1 AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
    in_scope!("p.id"),
    " OR (SELECT COUNT(*) FROM membership w WHERE w.person_id = p.id AND w.ends_before IS NULL \
       AND w.group_id IN (SELECT id FROM below)) > 0)"
);

/// Whether the group $4 is reached.
const MAY_CHANGE_GROUP: &str = concat!(
    scope_tree!(),
    "SELECT COUNT(*) FROM people_group g WHERE g.id = $4 \
       AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR g.id IN (SELECT id FROM below))"
);

const FIND_TOKEN_OVER_ALL: &str =
    "SELECT COUNT(*) FROM token WHERE id = $1 AND role = $2 AND group_id IS NULL AND ended_at IS NULL";

const MAY_CHANGE_EVERYTHING: &str = concat!(scope_tree!(), "SELECT COUNT(*) FROM held WHERE group_id IS NULL");

/// Whether whoever writes may change that now. The command line and the server may change everything; somebody who is signed in, what their
/// duty as an administrator is over; a program everything, if its token has that duty over everybody, and else nothing. Duties and tokens are looked at in the transaction that writes, so that one that was ended a
/// moment ago gives nothing. One's own record is nobody's own to change.
pub(crate) async fn may_organise(
    on_what: &mut impl Linked,
    by: Actor,
    over: Over,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    let asker = match by {
        Actor::CommandLine | Actor::Server => return Ok(true),
        Actor::Token(token) => {
            let found: i64 = on!(on_what.link(), conn => sqlx::query_scalar(FIND_TOKEN_OVER_ALL)
                .bind(token).bind(Role::Administrator.code()).fetch_one(conn).await)?;
            return Ok(found > 0);
        }
        Actor::Person(asker) => asker,
    };
    let scope = Scope::for_changes(asker, Right::Organise, day);
    let found: i64 = match over {
        Over::Person(person) => on!(on_what.link(), conn => sqlx::query_scalar(MAY_CHANGE_PERSON)
            .bind(asker).bind(day).bind(scope.roles()).bind(scope.oneself()).bind(person).fetch_one(conn).await)?,
        Over::Group(group) => on!(on_what.link(), conn => sqlx::query_scalar(MAY_CHANGE_GROUP)
            .bind(asker).bind(day).bind(scope.roles()).bind(group).fetch_one(conn).await)?,
        Over::Everything => on!(on_what.link(), conn => sqlx::query_scalar(MAY_CHANGE_EVERYTHING)
            .bind(asker).bind(day).bind(scope.roles()).fetch_one(conn).await)?,
    };
    Ok(found > 0)
}

/// Whether whoever writes may change how somebody signs in: that is as good as taking the account, and with it what its owner may do. Of somebody
/// who has duties on that day, or will have, only whoever may change everything.
pub(crate) async fn may_change_sign_in(
    on_what: &mut impl Linked,
    by: Actor,
    person: PersonId,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    Ok(may_organise(on_what, by, Over::Person(person), day).await?
        && (find_duties(on_what, person, day).await?.is_empty()
            || may_organise(on_what, by, Over::Everything, day).await?))
}

/// Whether whoever writes looks after somebody and all of those after whom that person looks, now or later: of who looks after others, less
/// would let anybody take away what stands above them.
pub(crate) async fn may_organise_with_duties(
    on_what: &mut impl Linked,
    by: Actor,
    person: PersonId,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    let over = [Over::Person(person)].into_iter().chain(find_duties(on_what, person, day).await?);
    may_organise_all(on_what, by, over, day).await
}

/// Whether whoever made something, as it is recorded, may still make it: what opens a door to others holds no longer than the duty by which
/// it was made.
pub(super) async fn maker_may(
    on_what: &mut impl Linked,
    recorded_by: &str,
    over: Over,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    match Actor::parse(recorded_by) {
        Some(maker) => may_organise(on_what, maker, over, day).await,
        None => Ok(false),
    }
}

/// The same for all of these at once.
pub(crate) async fn may_organise_all(
    on_what: &mut impl Linked,
    by: Actor,
    over: impl IntoIterator<Item = Over>,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    for one in over {
        if !may_organise(on_what, by, one, day).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
