use std::collections::{HashMap, HashSet};

use audit::{Fact, PartKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ImportError,
    find_known::find_groups,
    plan::{InGroup, Work},
};
use crate::{
    catalogue::Audience,
    engine::Engine,
    ground::{GroupId, PersonId, name_key},
    log::{Act, Row, Said},
    people::{
        Identity, PersonDetails as Details, insert_audience, insert_duty, insert_membership, insert_stay, log_given,
    },
    record::{Actor, Duty, Role, Since},
    store::{Column, Link, Linked as _, Script, StoreError, Tx, on},
};

/// A line of a file with what it has written.
pub(super) type WorkLine = (i64, Work);

/// What a line has done, for whoever undoes it. Rows are named by their ids; of what ended, what is to begin again.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Did {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended_memberships: Vec<GroupId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended_audiences: Vec<Audience>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Uuid>,
    /// What was set of them before, and since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<(Details, Details)>,
}

const FIND_LAST_NUMBER: &str = "SELECT COALESCE(MAX(number), 0) FROM person";

const INSERT_PEOPLE: &str = "INSERT INTO person (id, number, revision, recorded_at, recorded_by)";
const INSERT_DETAILS: &str = "INSERT INTO person_detail (person_id, name, name_key, email, external_id)";
const INSERT_STAYS: &str = "INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by)";
const INSERT_AUDIENCES: &str = "INSERT INTO in_audience (id, person_id, audience, begins_on, recorded_at, recorded_by)";
const INSERT_MEMBERSHIPS: &str =
    "INSERT INTO membership (id, group_id, person_id, begins_on, recorded_at, recorded_by)";
const INSERT_DONE: &str = "INSERT INTO roster_done (import_id, line, person_id, did)";

const COUNT_OPEN_STAY: &str = "SELECT COUNT(*) FROM stay WHERE person_id = $1 AND (ends_before IS NULL OR (ends_before > $2 AND ends_before > begins_on))";

const COUNT_OPEN_MEMBERSHIP: &str =
    "SELECT COUNT(*) FROM membership WHERE group_id = $1 AND person_id = $2 AND ends_before IS NULL";

const COUNT_OPEN_AUDIENCE: &str =
    "SELECT COUNT(*) FROM in_audience WHERE person_id = $1 AND audience = $2 AND ends_before IS NULL";

/// What was to begin later is ended on the day on which it begins: it never holds.
const END_MEMBERSHIP: &str = "UPDATE membership SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1 AND ends_before IS NULL RETURNING group_id";

const END_AUDIENCE: &str = "UPDATE in_audience SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1 AND ends_before IS NULL RETURNING audience";

/// Who has one of these addresses: an array on PostgreSQL, JSON on SQLite.
const FIND_ADDRESSES: &str = "SELECT person_id, email FROM person_detail WHERE email = ANY($1::TEXT[])";
const FIND_ADDRESSES_SQLITE: &str =
    "SELECT d.person_id, d.email FROM json_each($1) j CROSS JOIN person_detail d WHERE d.email = j.value";

/// The same of external ids.
const FIND_EXTERNAL_IDS: &str = "SELECT person_id, external_id FROM person_detail WHERE external_id = ANY($1::TEXT[])";
const FIND_EXTERNAL_IDS_SQLITE: &str =
    "SELECT d.person_id, d.external_id FROM json_each($1) j CROSS JOIN person_detail d WHERE d.external_id = j.value";

const FIND_ORGANISED: &str = "SELECT r.number FROM revision r WHERE r.name = 'organised'";

/// The tree of groups as an earlier step has found it: a file has as many groups as it likes, and looking for each of them in each step
/// would take longer than writing.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The revision of what was found.
    organised: Option<i64>,
    at: HashMap<String, GroupId>,
    open: HashSet<GroupId>,
}

impl Tree {
    /// Reads it again if it was changed since, in a transaction in which nobody else can change it.
    async fn look_again(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let organised: i64 = on!(tx.link(), conn => sqlx::query_scalar(FIND_ORGANISED).fetch_one(conn).await)?;
        if self.organised != Some(organised) {
            let groups = find_groups(tx).await?;
            self.open = groups.iter().map(|(group, _)| *group).collect();
            self.at = groups.into_iter().map(|(group, path)| (path, group)).collect();
            self.organised = Some(organised);
        }
        Ok(())
    }
}

/// The rows of a step that are written together.
#[derive(Default)]
struct Rows {
    people: Vec<(PersonId, Details)>,
    stays: Vec<(Uuid, PersonId, NaiveDate)>,
    audiences: Vec<(Uuid, PersonId, Audience, NaiveDate)>,
    memberships: Vec<(Uuid, GroupId, PersonId, NaiveDate)>,
}

impl Engine {
    /// Writes some lines of an import, in a transaction that has locked the people and that seals the acts.
    pub(super) async fn carry_out(
        &self,
        tx: &mut Tx,
        import: Uuid,
        lines: &[WorkLine],
        by: Actor,
        tree: &mut Tree,
        acts: &mut Vec<Act>,
    ) -> Result<(), ImportError> {
        look_for_taken(tx, lines).await?;
        tree.look_again(tx).await?;
        let groups = self.groups_of(tx, lines, by, tree, acts).await?;
        let today = self.since_today(by);
        let mut rows = Rows::default();
        let mut done = Vec::with_capacity(lines.len());
        for (line, work) in lines {
            let since = Since { begins_on: work.begins_on, ..today };
            let group = match &work.group {
                Some(InGroup::Known(group)) => Some(*group),
                Some(InGroup::At(path)) => groups.get(path.as_str()).copied(),
                None => None,
            };
            let (person, did, act) = match work.person {
                None => self.begin_one(work, group, since, &mut rows),
                Some(person) => {
                    let (did, act) = self.change_one_of(tx, *line, person, work, group, since).await?;
                    (person, did, act)
                }
            };
            acts.push(act);
            done.push((*line, person, did));
        }
        write_rows(tx, rows, today).await?;
        // Of duties there are few.
        for ((_, work), (_, person, did)) in
            lines.iter().zip(&mut done).filter(|((_, work), _)| !work.duties.is_empty())
        {
            let since = Since { begins_on: work.begins_on, ..today };
            let over = match &work.group {
                Some(InGroup::Known(group)) => Some(*group),
                Some(InGroup::At(path)) => groups.get(path.as_str()).copied(),
                None => None,
            };
            let mut act = self.act_since(*person, since);
            for role in &work.duties {
                let duty = Duty { role: *role, over: over.filter(|_| *role == Role::Manager) };
                let id = self.new_id(since.recorded_at);
                insert_duty(tx, id, *person, duty, since).await?;
                act.says(Said::DutyGiven(duty), Row::of("duty", id));
                did.duties.push(id);
                log_given(*person, duty, (since.begins_on, None), by);
            }
            acts.push(act);
        }
        let mut numbers = Vec::with_capacity(done.len());
        let mut people = Vec::with_capacity(done.len());
        let mut told = Vec::with_capacity(done.len());
        for (line, person, did) in done {
            numbers.push(line);
            people.push(person.0);
            told.push(serde_json::to_string(&did).map_err(|_| unreadable())?);
        }
        let ids = Column::ids(vec![import; numbers.len()]);
        let columns = vec![ids, Column::numbers(numbers), Column::ids(people), Column::texts(told)];
        let mut script = Script::default();
        script.insert(INSERT_DONE, columns);
        script.run(tx).await?;
        Ok(())
    }

    /// The groups that are named by paths, made where they are missing; and sees that the others are there.
    async fn groups_of(
        &self,
        tx: &mut Tx,
        lines: &[WorkLine],
        by: Actor,
        tree: &Tree,
        acts: &mut Vec<Act>,
    ) -> Result<HashMap<String, GroupId>, ImportError> {
        let mut groups = HashMap::new();
        for (line, work) in lines {
            match &work.group {
                Some(InGroup::At(path)) if !groups.contains_key(path) => {
                    let group = match tree.at.get(path) {
                        Some(group) => *group,
                        None => {
                            let made = self.group_on(tx, path, by, acts).await;
                            made.map_err(|_| ImportError::Changed { line: line_of(*line) })?
                        }
                    };
                    groups.insert(path.clone(), group);
                }
                Some(InGroup::Known(group)) if !tree.open.contains(group) => {
                    return Err(ImportError::Changed { line: line_of(*line) });
                }
                _ => {}
            }
        }
        Ok(groups)
    }

    fn begin_one(&self, work: &Work, group: Option<GroupId>, since: Since, rows: &mut Rows) -> (PersonId, Did, Act) {
        let now = since.recorded_at;
        let id = PersonId(self.new_id(now));
        let details = work.details.clone().unwrap_or_default();
        let mut act = self.act_since(id, since).begins_person().with(PartKind::Id, &identity(&details));
        let stay = self.new_id(now);
        act.says(Said::Plain(Fact::Began), Row::of("stay", stay));
        rows.stays.push((stay, id, since.begins_on));
        let mut did = Did { stay: Some(stay), ..Did::default() };
        for audience in &work.audiences {
            let row = self.new_id(now);
            let fact = Fact::AudienceBegun { audience: audience.as_str().to_owned() };
            act.says(Said::Plain(fact), Row::of("in_audience", row));
            rows.audiences.push((row, id, audience.clone(), since.begins_on));
            did.audiences.push(row);
        }
        if let Some(group) = group.filter(|_| work.joins) {
            let row = self.new_id(now);
            act.says(Said::MembershipBegun(group), Row::of("membership", row));
            rows.memberships.push((row, group, id, since.begins_on));
            did.memberships.push(row);
        }
        rows.people.push((id, details));
        (id, did, act)
    }

    async fn change_one_of(
        &self,
        tx: &mut Tx,
        line: i64,
        person: PersonId,
        work: &Work,
        group: Option<GroupId>,
        since: Since,
    ) -> Result<(Did, Act), ImportError> {
        let changed = || ImportError::Changed { line: line_of(line) };
        tx.lock_person(person).await?;
        let now = since.recorded_at;
        let mut did = Did::default();
        let mut act = self.act_since(person, since);
        let here: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_OPEN_STAY)
            .bind(person).bind(since.begins_on).fetch_one(conn).await)?;
        if (here > 0) == work.comes_back {
            return Err(changed());
        }
        if work.comes_back {
            let row = self.new_id(now);
            insert_stay(tx, row, person, since).await?;
            act.says(Said::Plain(Fact::Began), Row::of("stay", row));
            did.stay = Some(row);
        }
        if let Some(details) = &work.details {
            let before = self.set_details(tx, person, details, since, &mut act).await?.ok_or_else(changed)?;
            did.details = Some((before, details.clone()));
        }
        for (row, group) in &work.leaves {
            end_row(tx, END_MEMBERSHIP, *row, since).await?.ok_or_else(changed)?;
            act.says(Said::MembershipEnded(*group), Row::of("membership/end", row));
            did.ended_memberships.push(*group);
        }
        for (row, audience) in &work.ends {
            end_audience(tx, *row, since).await?.ok_or_else(changed)?;
            let fact = Fact::AudienceEnded { audience: audience.as_str().to_owned() };
            act.says(Said::Plain(fact), Row::of("in_audience/end", row));
            did.ended_audiences.push(audience.clone());
        }
        if let Some(group) = group.filter(|_| work.joins) {
            let row = self.begin_membership(tx, group, person, since, &mut act).await?.ok_or_else(changed)?;
            did.memberships.push(row);
        }
        for audience in &work.audiences {
            let row = self.begin_in_audience(tx, person, audience, since, &mut act).await?.ok_or_else(changed)?;
            did.audiences.push(row);
        }
        Ok((did, act))
    }

    /// Puts somebody into a group. `None`: they are in it.
    pub(super) async fn begin_membership(
        &self,
        tx: &mut Tx,
        group: GroupId,
        person: PersonId,
        since: Since,
        act: &mut Act,
    ) -> Result<Option<Uuid>, StoreError> {
        let open: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_OPEN_MEMBERSHIP)
            .bind(group).bind(person).fetch_one(conn).await)?;
        if open > 0 {
            return Ok(None);
        }
        let row = self.new_id(since.recorded_at);
        insert_membership(tx, row, group, person, since).await?;
        act.says(Said::MembershipBegun(group), Row::of("membership", row));
        Ok(Some(row))
    }

    /// Puts somebody into an audience. `None`: they are in it.
    pub(super) async fn begin_in_audience(
        &self,
        tx: &mut Tx,
        person: PersonId,
        audience: &Audience,
        since: Since,
        act: &mut Act,
    ) -> Result<Option<Uuid>, StoreError> {
        let open: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_OPEN_AUDIENCE)
            .bind(person).bind(audience.as_str()).fetch_one(conn).await)?;
        if open > 0 {
            return Ok(None);
        }
        let row = self.new_id(since.recorded_at);
        insert_audience(tx, row, person, audience, since).await?;
        let fact = Fact::AudienceBegun { audience: audience.as_str().to_owned() };
        act.says(Said::Plain(fact), Row::of("in_audience", row));
        Ok(Some(row))
    }
}

/// Ends a membership, and says of which group. `None`: it has ended.
pub(super) async fn end_membership(tx: &mut Tx, row: Uuid, since: Since) -> Result<Option<GroupId>, StoreError> {
    end_row(tx, END_MEMBERSHIP, row, since).await
}

async fn end_row(tx: &mut Tx, text: &'static str, row: Uuid, since: Since) -> Result<Option<GroupId>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(text)
        .bind(row)
        .bind(since.begins_on)
        .bind(since.recorded_at)
        .bind(since.by.to_string())
        .fetch_optional(conn)
        .await)
}

/// Ends being in an audience, and says in which. `None`: it has ended.
pub(super) async fn end_audience(tx: &mut Tx, row: Uuid, since: Since) -> Result<Option<String>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(END_AUDIENCE)
        .bind(row)
        .bind(since.begins_on)
        .bind(since.recorded_at)
        .bind(since.by.to_string())
        .fetch_optional(conn)
        .await)
}

fn identity(details: &Details) -> Identity<'_> {
    Identity {
        email: details.email.as_deref().unwrap_or_default(),
        external_id: &details.external_id,
        name: &details.name,
    }
}

pub(super) fn line_of(line: i64) -> u32 {
    u32::try_from(line).unwrap_or_default()
}

pub(super) fn unreadable() -> StoreError {
    StoreError::unreadable("line of an import")
}

async fn write_rows(tx: &mut Tx, rows: Rows, today: Since) -> Result<(), StoreError> {
    let Rows { people, stays, audiences, memberships } = rows;
    let (at, by) = (today.recorded_at, today.by.to_string());
    let recorded = |rows: usize| [Column::moment(at, rows), Column::text(&by, rows)];
    let mut script = Script::default();
    if !people.is_empty() {
        let last: i64 = on!(tx.link(), conn => sqlx::query_scalar(FIND_LAST_NUMBER).fetch_one(conn).await)?;
        let ids = || Column::ids(people.iter().map(|(id, _)| id.0));
        let numbers = Column::numbers((last + 1..).take(people.len()));
        let mut columns = vec![ids(), numbers, Column::numbers(vec![0; people.len()])];
        columns.extend(recorded(people.len()));
        script.insert(INSERT_PEOPLE, columns);
        // What refers to somebody comes after them, on PostgreSQL in another trip.
        std::mem::take(&mut script).run(tx).await?;
        let columns = vec![
            ids(),
            Column::texts(people.iter().map(|(_, details)| details.name.clone())),
            Column::texts(people.iter().map(|(_, details)| name_key(&details.name))),
            Column::Texts(people.iter().map(|(_, details)| details.email.clone()).collect()),
            Column::Texts(people.iter().map(|(_, details)| details.external_id.clone()).collect()),
        ];
        script.insert(INSERT_DETAILS, columns);
    }
    let mut columns = vec![
        Column::ids(stays.iter().map(|(id, ..)| *id)),
        Column::ids(stays.iter().map(|(_, person, _)| person.0)),
        Column::Days(stays.iter().map(|(.., day)| *day).collect()),
    ];
    columns.extend(recorded(stays.len()));
    script.insert(INSERT_STAYS, columns);
    let mut columns = vec![
        Column::ids(audiences.iter().map(|(id, ..)| *id)),
        Column::ids(audiences.iter().map(|(_, person, ..)| person.0)),
        Column::texts(audiences.iter().map(|(_, _, audience, _)| audience.as_str().to_owned())),
        Column::Days(audiences.iter().map(|(.., day)| *day).collect()),
    ];
    columns.extend(recorded(audiences.len()));
    script.insert(INSERT_AUDIENCES, columns);
    let mut columns = vec![
        Column::ids(memberships.iter().map(|(id, ..)| *id)),
        Column::ids(memberships.iter().map(|(_, group, ..)| group.0)),
        Column::ids(memberships.iter().map(|(_, _, person, _)| person.0)),
        Column::Days(memberships.iter().map(|(.., day)| *day).collect()),
    ];
    columns.extend(recorded(memberships.len()));
    script.insert(INSERT_MEMBERSHIPS, columns);
    script.run(tx).await
}

/// Whether somebody has got an address or an external id since the plan was made.
async fn look_for_taken(tx: &mut Tx, lines: &[WorkLine]) -> Result<(), ImportError> {
    let mut addresses: HashMap<&str, (Option<PersonId>, i64)> = HashMap::new();
    let mut external_ids: HashMap<&str, (Option<PersonId>, i64)> = HashMap::new();
    for (line, work) in lines {
        let Some(details) = &work.details else { continue };
        addresses.extend(details.email.as_deref().map(|email| (email, (work.person, *line))));
        external_ids.extend(details.external_id.as_deref().map(|id| (id, (work.person, *line))));
    }
    let texts = match tx.is_sqlite() {
        true => [FIND_ADDRESSES_SQLITE, FIND_EXTERNAL_IDS_SQLITE],
        false => [FIND_ADDRESSES, FIND_EXTERNAL_IDS],
    };
    for (text, wanted) in texts.into_iter().zip([addresses, external_ids]) {
        if wanted.is_empty() {
            continue;
        }
        let values: Vec<&str> = wanted.keys().copied().collect();
        let found: Vec<(PersonId, String)> = match tx.link() {
            Link::Sqlite(conn, soundness) => {
                let values = serde_json::to_string(&values).map_err(|_| unreadable())?;
                let query = sqlx::query_as(text).bind(values);
                query.fetch_all(conn).await.map_err(|error| soundness.note(error))?
            }
            // A plan that is kept from when there were few people would read all of them.
            Link::Postgres(conn) => {
                let query = sqlx::query_as(text).persistent(false).bind(values);
                query.fetch_all(conn).await.map_err(StoreError::from)?
            }
        };
        let taken = found.iter().filter_map(|(person, value)| {
            wanted.get(value.as_str()).filter(|(whose, _)| *whose != Some(*person)).map(|(_, line)| *line)
        });
        if let Some(line) = taken.min() {
            return Err(ImportError::Changed { line: line_of(line) });
        }
    }
    Ok(())
}
