use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::London;
use model::AgreementSlug;

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, SignatureId, name_key},
    people::{Person, Right, Scope, by_scope, in_scope, name_groups_of, scope_tree},
    store::{Conn, Linked as _, StoreError, fetch_of, on},
};

/// Which signatures are wanted. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichSignatures {
    /// A part of the signer's name, in whatever case and with or without accents.
    pub name: String,
    /// Of which agreement.
    pub agreement: Option<AgreementSlug>,
    /// Of which of its versions, as people call it.
    pub version: String,
    /// Of people who are in this group or in one below it.
    pub group: Option<GroupId>,
    /// From which day on; days are those of the United Kingdom.
    pub from: Option<NaiveDate>,
    /// Until which day, that day included.
    pub to: Option<NaiveDate>,
}

/// A signature in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredSignature {
    /// Which.
    pub id: SignatureId,
    /// Who signed.
    pub person: PersonId,
    /// Their name as it is now. `None`: it has been erased.
    pub name: Option<String>,
    /// What the agreement was called in that version.
    pub title: String,
    /// What people call that version.
    pub version: String,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// Until when it counts. `None`: for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// The number of its entry in the signed log.
    pub entry: Option<u64>,
    /// The groups of whoever signed that the reader sees, as they are now, by name. Empty: they are in none, or it is not for a file.
    pub groups: Vec<String>,
}

/// Some of the signatures that were wanted, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignaturesPage {
    /// At most [`SignaturesPage::MOST`].
    pub signatures: Vec<RegisteredSignature>,
    /// How many there are in all.
    pub total: u64,
    /// After which signature the next page begins. `None`: there is none.
    pub next: Option<SignatureId>,
}

impl SignaturesPage {
    /// How many signatures stand on a page at most.
    pub const MOST: usize = 50;
}

/// The signatures that are wanted: $5 part of a name, $6 an agreement, $7 a version, $8 and $9 from and before a moment, $10 a group.
macro_rules! wanted {
    ($select:literal) => {
        concat!(
            scope_tree!(),
            ", inside (id) AS (SELECT g.id FROM people_group g WHERE g.id = $10 UNION SELECT p.group_id FROM inside CROSS JOIN group_place p \
               WHERE p.parent_id = inside.id AND p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2)) SELECT ",
            $select,
            " FROM signature s JOIN agreement_version v ON v.agreement = s.agreement AND v.number = s.version \
              LEFT JOIN person_detail d ON d.person_id = s.person_id \
             WHERE (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
            in_scope!("s.person_id"),
            ") AND ($5 = '' OR d.name_key LIKE $5 ESCAPE '!') AND ($6 = '' OR s.agreement = $6) AND ($7 = '' OR v.version = $7) \
               AND s.signed_at >= $8 AND s.signed_at < $9 \
               AND ($10 IS NULL OR (SELECT COUNT(*) FROM membership m WHERE m.person_id = s.person_id \
                 AND m.group_id IN (SELECT id FROM inside) AND ",
            $crate::people::is_member!("m"),
            ") > 0)"
        )
    };
}

/// A page of them: those before the moment $11 and the signature $12, $13 at most.
const LIST_SIGNATURES: &str = concat!(
    wanted!("s.id, s.person_id, d.name, v.title, v.version, s.signed_at, s.expires_at"),
    " AND (s.signed_at < $11 OR (s.signed_at = $11 AND s.id < $12)) ORDER BY s.signed_at DESC, s.id DESC LIMIT $13"
);

const COUNT_SIGNATURES: &str = wanted!("COUNT(*)");

const FIND_MOMENT: &str = "SELECT signed_at FROM signature WHERE id = $1";

type Row = (SignatureId, PersonId, Option<String>, String, String, DateTime<Utc>, Option<DateTime<Utc>>);

/// What is asked for, as the statements take it.
struct Sought {
    name: String,
    agreement: String,
    version: String,
    from: DateTime<Utc>,
    before: DateTime<Utc>,
    group: Option<GroupId>,
}

impl From<&WhichSignatures> for Sought {
    fn from(which: &WhichSignatures) -> Self {
        let key = name_key(which.name.trim());
        let key = key.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).map_or_else(far_away, begins_at);
        Self {
            name: if key.is_empty() { key } else { format!("%{key}%") },
            agreement: which.agreement.as_ref().map(ToString::to_string).unwrap_or_default(),
            version: which.version.trim().to_owned(),
            from: which.from.map_or(DateTime::<Utc>::UNIX_EPOCH, begins_at),
            before: which.to.map_or_else(far_away, after),
            group: which.group,
        }
    }
}

/// Midnight in the United Kingdom, where clocks are changed at another hour.
fn begins_at(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(London).latest();
    midnight.map_or_else(DateTime::<Utc>::default, |midnight| midnight.with_timezone(&Utc))
}

/// Later than anything is signed; both databases can keep it.
fn far_away() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 1, 1).map_or(DateTime::<Utc>::UNIX_EPOCH, begins_at)
}

macro_rules! by_sought {
    ($query:expr, $scope:expr, $sought:expr) => {
        by_scope!($query, $scope)
            .bind(&$sought.name)
            .bind(&$sought.agreement)
            .bind(&$sought.version)
            .bind($sought.from)
            .bind($sought.before)
            .bind($sought.group)
    };
}

impl Engine {
    /// The signatures of those whose evidence somebody may see, the newest first, a page at a time: those after the one that stood last on
    /// the page before.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when `after` is no signature.
    pub async fn list_signatures(
        &self,
        reader: &Person,
        which: &WhichSignatures,
        after: Option<SignatureId>,
    ) -> Looked<SignaturesPage> {
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, self.clock.now()) else {
            return Ok(SignaturesPage::default());
        };
        let mut conn = self.store.read().await?;
        let after = match after {
            None => (far_away(), SignatureId(uuid::Uuid::max())),
            Some(id) => {
                let at: Option<DateTime<Utc>> =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_MOMENT).bind(id).fetch_optional(conn).await)?;
                (at.ok_or(Refused::NotFound)?, id)
            }
        };
        let sought = Sought::from(which);
        let most = SignaturesPage::MOST;
        let total: i64 = on!(conn.link(), conn => by_sought!(sqlx::query_scalar(COUNT_SIGNATURES), scope, sought)
            .fetch_one(conn).await)?;
        let mut signatures = read_signatures(&mut conn, &scope, &sought, after, most + 1).await?;
        let is_last = signatures.len() <= most;
        signatures.truncate(most);
        let next = signatures.last().filter(|_| !is_last).map(|last| last.id);
        Ok(SignaturesPage { signatures, total: u64::try_from(total).unwrap_or_default(), next })
    }

    /// All of the signatures that are wanted, the newest first, with the groups of whoever signed.
    pub(super) async fn every_signature(
        &self,
        scope: &Scope,
        which: &WhichSignatures,
    ) -> Result<Vec<RegisteredSignature>, StoreError> {
        let mut conn = self.store.read().await?;
        let after = (far_away(), SignatureId(uuid::Uuid::max()));
        let mut found = read_signatures(&mut conn, scope, &Sought::from(which), after, usize::MAX).await?;
        let named = name_groups_of(&mut conn, found.iter().map(|signature| signature.person), scope).await?;
        for signature in &mut found {
            signature.groups = named.get(&signature.person).cloned().unwrap_or_default();
        }
        Ok(found)
    }
}

async fn read_signatures(
    conn: &mut Conn,
    scope: &Scope,
    sought: &Sought,
    (moment, last): (DateTime<Utc>, SignatureId),
    most: usize,
) -> Result<Vec<RegisteredSignature>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<Row> = on!(conn.link(), conn => by_sought!(sqlx::query_as(LIST_SIGNATURES), scope, sought)
        .bind(moment).bind(last).bind(most).fetch_all(conn).await)?;
    let mut entries = entries_of(conn, rows.iter().map(|row| row.0)).await?;
    let registered = |(id, person, name, title, version, signed_at, expires_at): Row| {
        let entry = entries.remove(&id.to_string());
        RegisteredSignature { id, person, name, title, version, signed_at, expires_at, entry, groups: Vec::new() }
    };
    Ok(rows.into_iter().map(registered).collect())
}

/// The numbers of the entries of signatures in the log.
async fn entries_of(
    conn: &mut Conn,
    ids: impl Iterator<Item = SignatureId>,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    let mut entries = BTreeMap::new();
    for ids in ids.chunks(500) {
        let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
        let text = format!(
            "SELECT r.id, r.number FROM log_row r WHERE r.kind = 'signature' AND r.id IN ({})",
            places.join(", ")
        );
        let rows: Vec<(String, i64)> = fetch_of!(conn, text, ids)?;
        entries.extend(rows.into_iter().filter_map(|(id, number)| Some((id, u64::try_from(number).ok()?))));
    }
    Ok(entries)
}
