use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::{
    catalogue::{Catalogue, NamedRole},
    engine::{Engine, Looked, Refused},
    ground::{PersonId, SignatureId, local_date},
    people::{
        Overseer, Person, Right, Scope, by_scope, find_addressees, find_all_holders, find_roles_held, find_told_of,
        in_scope, scope_tree,
    },
    record::{Role, name_of_actor},
    store::{Conn, Linked as _, StoreError, on},
};

/// Whether somebody has ticked off what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Nobody has.
    Open,
    /// Somebody has.
    Ticked,
}

impl SubmissionState {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Open, Self::Ticked];

    /// How addresses and commands write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ticked => "ticked",
        }
    }

    /// Reads what [`SubmissionState::code`] wrote. `None`: it is something else.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// An agreement that somebody signed, as it came in for the named role to which it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Which signature.
    pub signature: SignatureId,
    /// Who signed.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// What the agreement was called in that version.
    pub title: String,
    /// What people call that version.
    pub version: String,
    /// When it was signed, and so came in.
    pub at: DateTime<Utc>,
    /// When it was ticked off, and by whom, by name; no name: it was done by command, or it has been let go of. `None`: it is not ticked off.
    pub ticked: Option<(DateTime<Utc>, Option<String>)>,
    /// Whether the reader may see what proves it.
    pub shows_evidence: bool,
    /// Whether the reader may tick it off, or take the tick back.
    pub may_tick: bool,
}

/// Some of what came in for a role, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionsPage {
    /// For which role: its id and its title. `None`: no agreement is submitted to anybody.
    pub role: Option<(String, String)>,
    /// The roles that the reader may ask for, likewise.
    pub roles: Vec<(String, String)>,
    /// At most [`SubmissionsPage::MOST`].
    pub submissions: Vec<Submission>,
    /// How many there are in all of those that were asked for.
    pub total: u64,
    /// How many of what the reader may see, and others signed, nobody has ticked off.
    pub open: u64,
    /// What the reader signed themselves and nobody has ticked off. `None`: there is nothing.
    pub own: Option<OwnSubmissions>,
    /// After which signature the next page begins. `None`: there is none.
    pub next: Option<SignatureId>,
}

/// What somebody signed themselves who may see what came in. It is nothing that they have to do, and so does not stand among what is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSubmissions {
    /// How many, at least one.
    pub open: u64,
    /// The names of those who look at it: who stands in or else holds the role, or whoever is told in their place. Empty: nobody is there.
    pub goes_to: Vec<String>,
}

impl SubmissionsPage {
    /// How many stand on a page at most.
    pub const MOST: usize = 50;
}

/// How much waits for somebody who holds a named role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameIn {
    /// The id of the role.
    pub role: String,
    /// Its title.
    pub title: String,
    /// How many that others signed nobody has ticked off.
    pub open: u64,
    /// Who signed them, where they are the reader's only because nobody else holds the role: the name of its one holder. `None`: the reader holds the
    /// role or stands in.
    pub instead_of: Option<String>,
}

/// What is read of each, from `m`, `v` and `t`.
macro_rules! submission_columns {
    () => {
        "m.signature_id, m.person_id, (SELECT d.name FROM person_detail d WHERE d.person_id = m.person_id) AS name, v.title, v.version, \
         m.submitted_at, t.recorded_at AS ticked_at, t.recorded_by AS ticked_by"
    };
}

/// From where, in this order on SQLite.
macro_rules! submission_tables {
    () => {
        " FROM submission m CROSS JOIN signature s CROSS JOIN agreement_version v \
         LEFT JOIN submission_tick t ON t.signature_id = m.signature_id AND t.ended_at IS NULL \
         WHERE s.id = m.signature_id AND v.agreement = s.agreement AND v.number = s.version "
    };
}

/// Which of them, in a statement of a scope: of the role $5; all of them where $6, otherwise of those who are in scope; open ones where $7, ticked ones where $8.
/// What the reader $1 signed themselves is open for somebody else, and so stands only among all.
macro_rules! asked_submissions {
    () => {
        concat!(
            " AND m.role = $5 AND ($6 OR EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
            in_scope!("m.person_id"),
            ") AND ((t.id IS NULL AND $7 AND (m.person_id <> $1 OR $8)) OR (t.id IS NOT NULL AND $8))"
        )
    };
}

/// A page of them: those before the moment $9 and the signature $10, $11 at most.
const LIST_SUBMISSIONS: &str = concat!(
    scope_tree!(),
    "SELECT ",
    submission_columns!(),
    ", CAST(CASE WHEN EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
    in_scope!("m.person_id"),
    " THEN 1 ELSE 0 END AS BIGINT) AS evident",
    submission_tables!(),
    asked_submissions!(),
    " AND (m.submitted_at < $9 OR (m.submitted_at = $9 AND m.signature_id < $10)) \
      ORDER BY m.submitted_at DESC, m.signature_id DESC LIMIT $11"
);

const COUNT_SUBMISSIONS: &str = concat!(scope_tree!(), "SELECT COUNT(*)", submission_tables!(), asked_submissions!());

/// For the command line: everybody's, of the role $1; open ones where $2, ticked ones where $3.
const EVERY_SUBMISSION: &str = concat!(
    "SELECT ",
    submission_columns!(),
    ", CAST(1 AS BIGINT) AS evident",
    submission_tables!(),
    " AND m.role = $1 AND ((t.id IS NULL AND $2) OR (t.id IS NOT NULL AND $3)) ORDER BY m.submitted_at DESC, m.signature_id DESC"
);

/// What is open of the role $1 and is not $2's own.
const COUNT_OPEN: &str = "SELECT COUNT(*) FROM submission m WHERE m.role = $1 AND m.person_id <> $2 \
     AND NOT EXISTS (SELECT 1 FROM submission_tick t WHERE t.signature_id = m.signature_id AND t.ended_at IS NULL)";

/// What is open of the role $1 and $2 signed.
const COUNT_OWN: &str = "SELECT COUNT(*) FROM submission m WHERE m.person_id = $2 AND m.role = $1 \
     AND NOT EXISTS (SELECT 1 FROM submission_tick t WHERE t.signature_id = m.signature_id AND t.ended_at IS NULL)";

const FIND_MOMENT: &str = "SELECT submitted_at FROM submission WHERE signature_id = $1";

#[derive(sqlx::FromRow)]
struct SubmissionRow {
    signature_id: SignatureId,
    person_id: PersonId,
    name: Option<String>,
    title: String,
    version: String,
    submitted_at: DateTime<Utc>,
    ticked_at: Option<DateTime<Utc>>,
    ticked_by: Option<String>,
    evident: i64,
}

/// Later than anything is signed; both databases can keep it.
pub(super) fn far_away() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 1, 1)
        .map_or(DateTime::<Utc>::UNIX_EPOCH, |day| day.and_time(NaiveTime::MIN).and_utc())
}

/// Whether open ones are wanted, and ticked ones.
fn states(state: Option<SubmissionState>) -> (bool, bool) {
    (state != Some(SubmissionState::Ticked), state != Some(SubmissionState::Open))
}

/// For which role somebody asks, and what they may see of it.
pub(super) struct Asked {
    pub(super) role: Option<NamedRole>,
    roles: Vec<NamedRole>,
    /// Whether they hold it today, or stand in.
    holds: bool,
    scope: Scope,
}

impl Engine {
    /// What waits for somebody, by the named roles that they hold today or stand in for; and what the one holder of a role signed, which waits for
    /// whoever is told in their place. Empty: they hold none, and nothing waits in another's place.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn came_in(&self, reader: &Person) -> Result<Vec<CameIn>, StoreError> {
        let catalogue = self.catalogue();
        let today = local_date(self.clock.now());
        let mut conn = self.store.read().await?;
        let roles = submitted_to(&catalogue);
        let mut found = Vec::new();
        let held = find_roles_held(&mut conn, &roles, reader.id, today).await?;
        for NamedRole { id, title, .. } in &held {
            let open: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_OPEN)
                .bind(id).bind(reader.id).fetch_one(conn).await)?;
            let open = u64::try_from(open).unwrap_or_default();
            found.push(CameIn { role: id.clone(), title: title.clone(), open, instead_of: None });
        }
        if !may_be_told(reader) {
            return Ok(found);
        }
        for role in roles.iter().filter(|role| held.iter().all(|one| one.id != role.id)) {
            let holders = find_all_holders(&mut conn, role, today).await?;
            let [Overseer { person_id: only, name, .. }] = &holders[..] else { continue };
            let open = count_own(&mut conn, role, *only).await?;
            if open == 0 {
                continue;
            }
            if !find_told_of(&mut conn, Some(role), [*only].into(), reader.id, today).await?.is_empty() {
                let (role, title) = (role.id.clone(), role.title.clone());
                found.push(CameIn { role, title, open, instead_of: Some(name.clone()) });
            }
        }
        Ok(found)
    }

    /// The titles of the roles to which agreements are submitted and that nobody who is here holds today.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn vacant_roles(&self) -> Result<Vec<String>, StoreError> {
        let catalogue = self.catalogue();
        let today = local_date(self.clock.now());
        let mut conn = self.store.read().await?;
        let mut vacant = Vec::new();
        for role in submitted_to(&catalogue) {
            if find_all_holders(&mut conn, &role, today).await?.is_empty() {
                vacant.push(role.title);
            }
        }
        Ok(vacant)
    }

    /// Whether somebody may see what others signed, as it came in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sees_submissions(&self, reader: &Person) -> Result<bool, StoreError> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now());
        Ok(scope.is_some_and(|scope| !scope.is_oneself()) || !self.came_in(reader).await?.is_empty())
    }

    /// What came in for a named role, the newest first, a page at a time: those after the one that stood last on the page before. Whoever holds the role on
    /// that day, or stands in, sees all of it; whoever may see what others signed sees what came in of these. `role`: one of those that the reader may ask for;
    /// without one it is the first.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when the reader may see nothing of the kind, [`Refused::NotFound`] when that role, or `after`, is none.
    pub async fn submissions(
        &self,
        reader: &Person,
        role: Option<&str>,
        state: Option<SubmissionState>,
        after: Option<SignatureId>,
    ) -> Looked<SubmissionsPage> {
        let mut conn = self.store.read().await?;
        let asked = self.asked_for(&mut conn, reader, role).await?;
        let named = |role: &NamedRole| (role.id.clone(), role.title.clone());
        let mut page = SubmissionsPage {
            role: asked.role.as_ref().map(named),
            roles: asked.roles.iter().map(named).collect(),
            ..SubmissionsPage::default()
        };
        let Some(role) = &asked.role else { return Ok(page) };
        let after = match after {
            None => (far_away(), SignatureId(uuid::Uuid::max())),
            Some(id) => {
                let at: Option<DateTime<Utc>> =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_MOMENT).bind(id).fetch_optional(conn).await)?;
                (at.ok_or(Refused::NotFound)?, id)
            }
        };
        page.open = count(&mut conn, &asked, role, Some(SubmissionState::Open)).await?;
        page.total = match state {
            Some(SubmissionState::Open) => page.open,
            state => count(&mut conn, &asked, role, state).await?,
        };
        let most = SubmissionsPage::MOST;
        page.submissions = list(&mut conn, &asked, role, state, after, most + 1).await?;
        let is_last = page.submissions.len() <= most;
        page.submissions.truncate(most);
        page.next = page.submissions.last().filter(|_| !is_last).map(|last| last.signature);
        let today = local_date(self.clock.now());
        let open = count_own(&mut conn, role, reader.id).await?;
        if open > 0 {
            let (told, _) = find_addressees(&mut conn, Some(role), reader.id, today).await?;
            page.own = Some(OwnSubmissions { open, goes_to: told.into_iter().map(|one| one.name).collect() });
        }
        if asked.holds || reader.looks_after_all() {
            for one in &mut page.submissions {
                one.may_tick = one.person != reader.id;
            }
        } else if may_be_told(reader) {
            let holders = find_all_holders(&mut conn, role, today).await?;
            let has_no_other = |signer: &PersonId| holders.iter().all(|holder| holder.person_id == *signer);
            let signers = page.submissions.iter().map(|one| one.person).filter(has_no_other).collect();
            let told = find_told_of(&mut conn, Some(role), signers, reader.id, today).await?;
            for one in &mut page.submissions {
                one.may_tick = told.contains(&one.person);
            }
        }
        Ok(page)
    }

    /// All that came in for a role, the newest first: for the command line alone.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when the provider names no such role.
    pub async fn every_submission(&self, role: &str, state: Option<SubmissionState>) -> Looked<Vec<Submission>> {
        if self.catalogue().organisation.roles.iter().all(|named| named.id != role) {
            return Err(Refused::NotFound);
        }
        let (open, ticked) = states(state);
        let mut conn = self.store.read().await?;
        let rows: Vec<SubmissionRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_SUBMISSION)
            .bind(role).bind(open).bind(ticked).fetch_all(conn).await)?;
        Ok(named(&mut conn, rows, true).await?)
    }

    /// What a reader asks for, if they may.
    pub(super) async fn asked_for(&self, conn: &mut Conn, reader: &Person, role: Option<&str>) -> Looked<Asked> {
        let now = self.clock.now();
        let catalogue = self.catalogue();
        let scope = Scope::of(reader, Right::SeeEvidence, now).ok_or(Refused::NotForYou)?;
        let mut roles = submitted_to(&catalogue);
        let held = find_roles_held(conn, &roles, reader.id, local_date(now)).await?;
        let is_held = |role: &NamedRole| held.iter().any(|one| one.id == role.id);
        roles.retain(|role| is_held(role) || !scope.is_oneself());
        // What is theirs stands first.
        roles.sort_by_key(|role| !is_held(role));
        if roles.is_empty() && scope.is_oneself() {
            return Err(Refused::NotForYou);
        }
        let role = match role {
            None => roles.first().cloned(),
            Some(id) => Some(roles.iter().find(|role| role.id == id).cloned().ok_or(Refused::NotFound)?),
        };
        let holds = role.as_ref().is_some_and(is_held);
        Ok(Asked { role, roles, holds, scope })
    }
}

/// The roles to which agreements are submitted.
pub(crate) fn submitted_to(catalogue: &Catalogue) -> Vec<NamedRole> {
    let is_named = |role: &&NamedRole| {
        catalogue.agreements.values().any(|agreement| agreement.submit_to.as_ref() == Some(&role.id))
    };
    catalogue.organisation.roles.iter().filter(is_named).cloned().collect()
}

/// Whether somebody has a duty with which they may be told of what others signed.
pub(crate) fn may_be_told(reader: &Person) -> bool {
    reader.duties.iter().any(|duty| matches!(duty.role, Role::Dsl | Role::Administrator))
}

async fn count_own(conn: &mut Conn, role: &NamedRole, signer: PersonId) -> Result<u64, StoreError> {
    let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_OWN)
        .bind(&role.id).bind(signer).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

async fn count(
    conn: &mut Conn,
    asked: &Asked,
    role: &NamedRole,
    state: Option<SubmissionState>,
) -> Result<u64, StoreError> {
    let (open, ticked) = states(state);
    let scope = &asked.scope;
    let count: i64 = on!(conn.link(), conn => by_scope!(sqlx::query_scalar(COUNT_SUBMISSIONS), scope)
        .bind(&role.id).bind(asked.holds).bind(open).bind(ticked).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

pub(super) async fn list(
    conn: &mut Conn,
    asked: &Asked,
    role: &NamedRole,
    state: Option<SubmissionState>,
    (moment, last): (DateTime<Utc>, SignatureId),
    most: usize,
) -> Result<Vec<Submission>, StoreError> {
    let (open, ticked) = states(state);
    let scope = &asked.scope;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<SubmissionRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(LIST_SUBMISSIONS), scope)
        .bind(&role.id).bind(asked.holds).bind(open).bind(ticked).bind(moment).bind(last).bind(most)
        .fetch_all(conn).await)?;
    named(conn, rows, false).await
}

/// The same with the names of those who ticked something off. `may_tick`: whether whoever reads it may do so with each.
async fn named(conn: &mut Conn, rows: Vec<SubmissionRow>, may_tick: bool) -> Result<Vec<Submission>, StoreError> {
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let ticked = match (row.ticked_at, row.ticked_by) {
            (Some(at), Some(by)) => {
                if !names.contains_key(&by) {
                    let name = name_of_actor(conn, &by).await?;
                    names.insert(by.clone(), name);
                }
                Some((at, names.get(&by).cloned().flatten()))
            }
            _ => None,
        };
        found.push(Submission {
            signature: row.signature_id,
            person: row.person_id,
            name: row.name,
            title: row.title,
            version: row.version,
            at: row.submitted_at,
            ticked,
            shows_evidence: row.evident > 0,
            may_tick,
        });
    }
    Ok(found)
}
