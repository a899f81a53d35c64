use std::collections::BTreeMap;

use audit::{Opened, OpenedPart, PartKind, PersonKey, Salt};

use super::origins::Origins;
use crate::{
    ground::PersonId,
    store::{Linked, StoreError, on},
};

/// What opens a leaf, and whom it is about.
#[derive(Clone, Debug)]
pub(crate) struct OpenedRow {
    pub opened: Opened,
    pub person: Option<PersonId>,
}

const FIND_LEAVES: &str = "SELECT leaf FROM log_leaf WHERE number >= $1 AND number < $2 ORDER BY number";

const FIND_ENVELOPES: &str = "SELECT e.number, e.envelope, e.person_id, e.salt, k.secret FROM log_envelope e \
     LEFT JOIN person_key k ON k.person_id = e.person_id WHERE e.number >= $1 AND e.number < $2 ORDER BY e.number";

const FIND_PARTS: &str = "SELECT number, kind, salt, part FROM log_part WHERE number >= $1 AND number < $2";

const EVERY_LOG_ROW: &str = "SELECT kind, id, number FROM log_row ORDER BY number, kind, id";

#[derive(sqlx::FromRow)]
struct EnvelopeRow {
    number: i64,
    envelope: String,
    person_id: Option<PersonId>,
    salt: Option<String>,
    secret: Option<String>,
}

/// The bytes of the leaves from one number to before another.
pub(crate) async fn read_leaves(on_what: &mut impl Linked, from: i64, to: i64) -> Result<Vec<String>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_LEAVES).bind(from).bind(to).fetch_all(conn).await)
}

/// What opens the leaves from one number to before another, so far as it has not been let go of.
pub(crate) async fn read_openings(
    on_what: &mut impl Linked,
    origins: &Origins,
    from: i64,
    to: i64,
) -> Result<Vec<OpenedRow>, StoreError> {
    let unreadable = || StoreError::unreadable("opening of a leaf");
    let rows: Vec<EnvelopeRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_ENVELOPES).bind(from).bind(to).fetch_all(conn).await)?;
    let part_rows: Vec<(i64, String, String, String)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_PARTS).bind(from).bind(to).fetch_all(conn).await)?;
    let mut parts: BTreeMap<i64, BTreeMap<PartKind, OpenedPart>> = BTreeMap::new();
    for (number, kind, salt, part) in part_rows {
        let kind = PartKind::EVERY.into_iter().find(|known| known.name() == kind).ok_or_else(unreadable)?;
        let salt = Salt::parse(&salt).map_err(|_| unreadable())?;
        parts.entry(number).or_default().insert(kind, OpenedPart { part, salt });
    }
    let opened = rows.into_iter().map(|row| {
        let n = u64::try_from(row.number).map_err(|_| unreadable())?;
        let (salt, person) = match (&row.salt, &row.secret) {
            (Some(salt), None) => (Salt::parse(salt).map_err(|_| unreadable())?, None),
            (None, Some(secret)) => {
                let opening = PersonKey::parse(secret).map_err(|_| unreadable())?.opening(origins.of(n), n);
                (opening.salt, Some(opening.person))
            }
            _ => return Err(unreadable()),
        };
        let parts = parts.remove(&row.number).unwrap_or_default();
        let opened = Opened { envelope: row.envelope, n, parts, person, salt };
        Ok(OpenedRow { opened, person: row.person_id })
    });
    opened.collect()
}

/// Of which rows the leaves are evidence: table, id and the number of the leaf.
pub(crate) async fn read_rows(on_what: &mut impl Linked) -> Result<Vec<(String, String, i64)>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(EVERY_LOG_ROW).fetch_all(conn).await)
}
