use audit::{Fact, PartKind};
use chrono::{DateTime, Days, NaiveDate, Utc};
use model::AgreementSlug;
use serde::Serialize;

use super::agreement_page::settled;
use crate::{
    catalogue::Agreement,
    engine::{Engine, Looked, Refused},
    ground::{DeclineId, PersonId, Sha256Digest, TextFault, local_date, typed_line},
    log::{Row, Said},
    people::{Person, Right, Scope, by_scope, in_scope, scope_tree},
    record::Actor,
    store::{Linked, StoreError, change_one, on},
};

/// That somebody declined to sign an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// Which.
    pub id: DeclineId,
    /// Which version, by its number.
    pub version: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// On which day they are asked again.
    pub asks_again_on: NaiveDate,
    /// Why. `None`: it has been let go of.
    pub reason: Option<String>,
}

/// A decline, as whoever it went to sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDecline {
    /// Who. `None`: their name has been let go of.
    pub name: Option<String>,
    /// Whose number it is.
    pub person: PersonId,
    /// Which agreement.
    pub agreement: AgreementSlug,
    /// Its title in that version.
    pub title: String,
    /// How people call that version.
    pub label: String,
    /// What they declined.
    pub decline: Decline,
    /// When they signed that agreement after all. `None`: they have not.
    pub signed_at: Option<DateTime<Utc>>,
}

/// Why nothing was declined. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum DeclineError {
    /// There is no such agreement, or it is for other people.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The reason cannot be kept.
    #[error("the reason cannot be used: {0}")]
    Reason(TextFault),
    /// The text has changed since they were shown it.
    #[error("the text has changed")]
    TextChanged,
    /// It is signed, and that counts. What was signed is not taken back by declining.
    #[error("it has been signed")]
    Signed,
}

impl From<StoreError> for DeclineError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// How many characters a reason has at most.
const LONGEST_REASON: usize = 500;

/// After how many days somebody is asked again, unless the provider says otherwise.
const ASKS_AGAIN_AFTER: u32 = 14;

/// How many are listed at most, the newest first.
const MOST: i64 = 200;

const INSERT_DECLINE: &str = "INSERT INTO decline (id, person_id, agreement, version, asks_again_on, declined_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const INSERT_REASON: &str = "INSERT INTO decline_reason (decline_id, reason) VALUES ($1, $2)";

const FIND_LAST: &str = "SELECT d.id, d.version, d.declined_at, d.asks_again_on, r.reason FROM decline d \
     LEFT JOIN decline_reason r ON r.decline_id = d.id WHERE d.person_id = $1 AND d.agreement = $2 AND d.version = $3 \
     ORDER BY d.declined_at DESC, d.id DESC LIMIT 1";

macro_rules! declines_of {
    ($which:expr) => {
        concat!(
            "SELECT d.id, d.version, d.declined_at, d.asks_again_on, r.reason, d.person_id, p.name, d.agreement, v.title, v.version AS label, \
               (SELECT MAX(s.signed_at) FROM signature s WHERE s.person_id = d.person_id AND s.agreement = d.agreement \
                 AND s.signed_at > d.declined_at) AS signed_at \
             FROM decline d JOIN agreement_version v ON v.agreement = d.agreement AND v.number = d.version \
             LEFT JOIN decline_reason r ON r.decline_id = d.id LEFT JOIN person_detail p ON p.person_id = d.person_id WHERE ",
            $which,
        )
    };
}

/// Those of agreements that are submitted to a role, $1 between commas.
const LIST_OF_ROLE: &str =
    declines_of!("$1 LIKE '%,' || d.agreement || ',%' ORDER BY d.declined_at DESC, d.id DESC LIMIT $2");

/// Those of people in scope, $5 at most.
const LIST_IN_SCOPE: &str = concat!(
    scope_tree!(),
    declines_of!(concat!(
        "(EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
        in_scope!("d.person_id"),
        ") ORDER BY d.declined_at DESC, d.id DESC LIMIT $5"
    ))
);

const FIND_EMAIL: &str = "SELECT email FROM person_detail WHERE person_id = $1";

#[derive(sqlx::FromRow)]
struct DeclineRow {
    id: DeclineId,
    version: i64,
    declined_at: DateTime<Utc>,
    asks_again_on: NaiveDate,
    reason: Option<String>,
}

impl TryFrom<DeclineRow> for Decline {
    type Error = StoreError;

    fn try_from(row: DeclineRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            version: u32::try_from(row.version).map_err(|_| StoreError::unreadable("decline"))?,
            at: row.declined_at,
            asks_again_on: row.asks_again_on,
            reason: row.reason,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    decline: DeclineRow,
    person_id: PersonId,
    name: Option<String>,
    agreement: String,
    title: String,
    label: String,
    signed_at: Option<DateTime<Utc>>,
}

impl TryFrom<ListedRow> for ListedDecline {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.name,
            person: row.person_id,
            agreement: AgreementSlug::new(row.agreement).map_err(|_| StoreError::unreadable("decline"))?,
            title: row.title,
            label: row.label,
            decline: row.decline.try_into()?,
            signed_at: row.signed_at,
        })
    }
}

/// Why, as the signed log has it apart from the rest.
#[derive(Serialize)]
struct Reason<'r> {
    reason: &'r str,
}

impl Engine {
    /// Declines to sign an agreement, with a reason, which goes to the role that the agreement is submitted to. It is asked for again after some
    /// days, and can be signed at any time. Whoever declines again before they are asked again has declined once.
    ///
    /// # Errors
    /// [`DeclineError`]; nothing has been written.
    pub async fn decline_agreement(
        &self,
        person: &Person,
        slug: &AgreementSlug,
        text: Sha256Digest,
        reason: &str,
    ) -> Result<DeclineId, DeclineError> {
        let reason = typed_line(reason, LONGEST_REASON).map_err(DeclineError::Reason)?;
        let mut tx = self.store.write_for(person.id).await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(person.id).await?;
        let situation = self.situation_on(&mut tx, person.id).await?;
        let agreement = self.agreement_for(&situation.person()?, slug)?;
        if text != agreement.canonical.sha256 {
            return Err(DeclineError::TextChanged);
        }
        if settled(&situation, &agreement).is_some() {
            return Err(DeclineError::Signed);
        }
        let today = local_date(situation.now);
        if let Some(before) = find_last(&mut tx, person.id, &agreement).await?
            && before.asks_again_on > today
        {
            return Ok(before.id);
        }
        let after = self.catalogue().organisation.ask_again_days.unwrap_or(ASKS_AGAIN_AFTER);
        let id = DeclineId(self.new_id(situation.now));
        change_one!(
            tx,
            sqlx::query(INSERT_DECLINE)
                .bind(id)
                .bind(person.id)
                .bind(slug.as_str())
                .bind(i64::from(agreement.number))
                .bind(today + Days::new(after.into()))
                .bind(situation.now)
        )?;
        change_one!(tx, sqlx::query(INSERT_REASON).bind(id).bind(&reason))?;
        let fact = Fact::Declined {
            agreement: slug.as_str().to_owned(),
            version: agreement.number,
            sha256: audit::Digest(agreement.canonical.sha256.0),
        };
        let act = self.act(person.id, situation.now, Actor::Person(person.id));
        let act = act.saying(Said::Plain(fact), Row::of("decline", id));
        self.seal(tx, [act.with(PartKind::Why, &Reason { reason: &reason })]).await?;
        Ok(id)
    }

    /// What people declined that the reader is to know of: those of the agreements that are submitted to a role which the reader holds, because the
    /// provider names their address for it, and those of the people whose evidence they may see. The newest 200.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when there are none for the reader to see, whoever declines.
    pub async fn declines(&self, reader: &Person) -> Looked<Vec<ListedDecline>> {
        let mut conn = self.store.read().await?;
        let held = self.agreements_for_role_of(&mut conn, reader).await?;
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        if held.is_empty() && scope.is_none() {
            return Err(Refused::NotForYou);
        }
        let mut rows: Vec<ListedRow> = Vec::new();
        if !held.is_empty() {
            let slugs: Vec<&str> = held.iter().map(AgreementSlug::as_str).collect();
            rows = on!(conn.link(), conn => sqlx::query_as(LIST_OF_ROLE)
                .bind(format!(",{},", slugs.join(","))).bind(MOST).fetch_all(conn).await)?;
        }
        if let Some(scope) = scope {
            let more: Vec<ListedRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(LIST_IN_SCOPE), scope)
                .bind(MOST).fetch_all(conn).await)?;
            let new = more.into_iter().filter(|row| rows.iter().all(|known| known.decline.id != row.decline.id));
            let new: Vec<ListedRow> = new.collect();
            rows.extend(new);
        }
        let mut declines: Vec<ListedDecline> =
            rows.into_iter().map(ListedDecline::try_from).collect::<Result<_, _>>()?;
        declines.sort_by_key(|listed| std::cmp::Reverse((listed.decline.at, listed.decline.id)));
        Ok(declines)
    }

    /// The agreements that are submitted to a role whose address is the reader's.
    async fn agreements_for_role_of(
        &self,
        on_what: &mut impl Linked,
        reader: &Person,
    ) -> Result<Vec<AgreementSlug>, StoreError> {
        let email: Option<Option<String>> =
            on!(on_what.link(), conn => sqlx::query_scalar(FIND_EMAIL).bind(reader.id).fetch_optional(conn).await)?;
        let Some(email) = email.flatten() else { return Ok(Vec::new()) };
        let catalogue = self.catalogue();
        let roles = catalogue.organisation.roles.iter().filter(|role| role.email.eq_ignore_ascii_case(&email));
        let roles: Vec<&str> = roles.map(|role| role.id.as_str()).collect();
        let submitted = catalogue.agreements.values();
        let submitted = submitted.filter(|agreement| agreement.submit_to.as_deref().is_some_and(|to| roles.contains(&to)));
        Ok(submitted.map(|agreement| agreement.slug.clone()).collect())
    }
}

/// What somebody declined last of the version that is in force.
pub(super) async fn find_last(
    on_what: &mut impl Linked,
    person: PersonId,
    agreement: &Agreement,
) -> Result<Option<Decline>, StoreError> {
    let row: Option<DeclineRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_LAST)
        .bind(person).bind(agreement.slug.as_str()).bind(i64::from(agreement.number)).fetch_optional(conn).await)?;
    row.map(Decline::try_from).transpose()
}
