use std::collections::BTreeMap;

use audit::{Digest, Fact, Recipient, digest_of_text, to_canonical};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    ground::{DiscussionId, FormKey, GroupId, PersonId, WorkshopId},
    log::{milliseconds, milliseconds_up},
    quiz::{HowAttended, HowPassed, WhereDiscussed},
    record::{HowEarned, SaidOfEvidence, WrongBecause},
    signing::{HowSigned, drawn_at},
    store::{Conn, Linked as _, StoreError, on},
    workshops::WhereHeld,
};

/// What a leaf must say of a row.
pub(super) struct Expected {
    pub kind: &'static str,
    pub id: String,
    pub person: Option<PersonId>,
    pub says: Says,
    /// When it takes effect.
    pub on: Option<NaiveDate>,
    /// The same as another row says it: of an end what was brought forward from it, or what holds now.
    pub again: Option<NaiveDate>,
    /// Of an end the day on which began what it ends: what was to begin later is ended on that day, whatever day was said.
    pub begins: Option<NaiveDate>,
    /// When it was decided, where the row says so; for what has no other time, when it was recorded.
    pub at: Option<u64>,
    /// The same as another row says it, like `again`.
    pub again_at: Option<u64>,
    /// The passes that opened its gate.
    pub gate: Option<Vec<String>>,
    /// How it was done, in its canonical form, where the row says so.
    pub act: Option<Vec<u8>>,
}

/// What one of its facts must be.
pub(super) enum Says {
    Fact(Fact),
    /// That the leaf of a pass was wrong.
    Withdrawn {
        pass: String,
        why: WrongBecause,
    },
    /// Whether the discussion of that leaf was held.
    DiscussionAnswered {
        held: bool,
    },
    /// One of these about a group.
    Place {
        group: u64,
        parent: Option<u64>,
    },
    PlaceEnded {
        group: u64,
    },
    GroupMade {
        group: u64,
    },
    AssignedToThem {
        programme: String,
    },
    /// That the leaf of that row was ended.
    Ended(&'static str),
    Published {
        thing: String,
        version: u32,
        sha256: Digest,
        edition: u32,
    },
}

/// What the leaves must say of all rows of the record.
pub(super) async fn expected(conn: &mut Conn) -> Result<Vec<Expected>, StoreError> {
    let found: Vec<(GroupId, i64, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_GROUP).fetch_all(conn).await)?;
    let (mut groups, mut rows) = (BTreeMap::new(), Vec::new());
    for (id, number, recorded_at) in found {
        let group = u64::try_from(number).map_err(|_| unreadable())?;
        groups.insert(id, group);
        rows.push(Expected::of("people_group", &id, None, Says::GroupMade { group }).at(recorded_at));
    }
    dated(conn, &groups, &mut rows).await?;
    given(conn, &groups, &mut rows).await?;
    done(conn, &mut rows).await?;
    discussed(conn, &mut rows).await?;
    learned(conn, &mut rows).await?;
    published(conn, &mut rows).await?;
    imported(conn, &mut rows).await?;
    Ok(rows)
}

pub(super) fn unreadable() -> StoreError {
    StoreError::unreadable("row that is held against the log")
}

const EVERY_GROUP: &str = "SELECT id, number, recorded_at FROM people_group";

/// What holds from a day on, as it began and as it ended: at first, and where that was brought forward; each with when that was recorded. `again` is
/// what stands behind an end that was brought forward: what was brought forward from it once more, or the end that holds now. So each day of a chain
/// is held against the entry that said it.
const EVERY_DATED_FACT: &str = "\
     SELECT 'duty' AS kind, id, person_id, role AS word, group_id, begins_on AS day, begins_on AS begins, CAST(NULL AS DATE) AS again, \
       recorded_at AS said_at, CAST(NULL AS TIMESTAMPTZ) AS again_at FROM duty \
     UNION ALL SELECT 'duty/end', d.id, d.person_id, d.role, d.group_id, \
       COALESCE((SELECT MAX(b.was_to_end_before) FROM brought_forward b WHERE b.duty_id = d.id), d.ends_before), d.begins_on, NULL, \
       COALESCE((SELECT b.end_recorded_at FROM brought_forward b WHERE b.duty_id = d.id ORDER BY b.was_to_end_before DESC LIMIT 1), \
       d.end_recorded_at), NULL FROM duty d WHERE d.ends_before IS NOT NULL \
     UNION ALL SELECT 'stay', id, person_id, '', NULL, begins_on, begins_on, NULL, recorded_at, NULL FROM stay \
     UNION ALL SELECT 'stay/end', s.id, s.person_id, '', NULL, \
       COALESCE((SELECT MAX(b.was_to_end_before) FROM brought_forward b WHERE b.stay_id = s.id), s.ends_before), s.begins_on, NULL, \
       COALESCE((SELECT b.end_recorded_at FROM brought_forward b WHERE b.stay_id = s.id ORDER BY b.was_to_end_before DESC LIMIT 1), \
       s.end_recorded_at), NULL FROM stay s WHERE s.ends_before IS NOT NULL \
     UNION ALL SELECT 'brought_forward', b.id, b.person_id, COALESCE(d.role, ''), d.group_id, b.ends_before, COALESCE(d.begins_on, s.begins_on), \
       COALESCE((SELECT MAX(n.was_to_end_before) FROM brought_forward n WHERE n.stay_id = b.stay_id AND n.was_to_end_before < b.was_to_end_before), \
       (SELECT MAX(n.was_to_end_before) FROM brought_forward n WHERE n.duty_id = b.duty_id AND n.was_to_end_before < b.was_to_end_before), \
       d.ends_before, s.ends_before), b.recorded_at, \
       COALESCE((SELECT n.end_recorded_at FROM brought_forward n WHERE n.stay_id = b.stay_id AND n.was_to_end_before < b.was_to_end_before \
       ORDER BY n.was_to_end_before DESC LIMIT 1), \
       (SELECT n.end_recorded_at FROM brought_forward n WHERE n.duty_id = b.duty_id AND n.was_to_end_before < b.was_to_end_before \
       ORDER BY n.was_to_end_before DESC LIMIT 1), d.end_recorded_at, s.end_recorded_at) \
       FROM brought_forward b LEFT JOIN duty d ON d.id = b.duty_id LEFT JOIN stay s ON s.id = b.stay_id \
     UNION ALL SELECT 'in_audience', id, person_id, audience, NULL, begins_on, begins_on, NULL, recorded_at, NULL FROM in_audience \
     UNION ALL SELECT 'in_audience/end', id, person_id, audience, NULL, ends_before, begins_on, NULL, end_recorded_at, NULL \
       FROM in_audience WHERE ends_before IS NOT NULL \
     UNION ALL SELECT 'membership', id, person_id, '', group_id, begins_on, begins_on, NULL, recorded_at, NULL FROM membership \
     UNION ALL SELECT 'membership/end', id, person_id, '', group_id, ends_before, begins_on, NULL, end_recorded_at, NULL \
       FROM membership WHERE ends_before IS NOT NULL";

const EVERY_PLACE: &str =
    "SELECT id, group_id, parent_id, begins_on, ends_before, recorded_at, end_recorded_at FROM group_place";

const EVERY_ASSIGNMENT: &str = "SELECT id, programme, audience, group_id, person_id, begins_on, ends_before, recorded_at, end_recorded_at FROM assignment";

const EVERY_EXEMPTION: &str = "SELECT id, person_id, kind, slug, given_before, begins_on, ends_before, recorded_at, end_recorded_at FROM exemption";

const EVERY_GIFT: &str = "SELECT g.id, g.person_id, t.module, g.attempts, g.recorded_at FROM attempts_given g JOIN tutor_task t ON t.id = g.task_id";

const EVERY_COMPLETION: &str = "SELECT c.id, c.person_id, c.module, c.version, v.sha256, c.edition, c.minutes, c.completed_at, \
     c.expires_at, c.earned, c.possible, c.pages_opened, c.pages, c.started_at, c.twin, c.refreshes, c.workshop_id, (SELECT w.place FROM workshop w WHERE w.id = c.workshop_id) AS place, \
     (SELECT s.recorded_by FROM workshop_sign_in s WHERE s.workshop_id = c.workshop_id AND s.person_id = c.person_id) AS signed_in_by, c.discussion_id, d.held_on, d.place AS discussed_at \
     FROM completion c LEFT JOIN discussion d ON d.id = c.discussion_id JOIN module_version v ON v.module = c.module AND v.number = c.version";

const EVERY_SIGNATURE: &str = "SELECT s.id, s.person_id, s.agreement, s.version, v.sha256, s.statement, s.signed_at, s.expires_at, \
     s.sign_in_method, s.signed_in_at, s.form_key, s.twin, w.typed_name, w.confirmed FROM signature s \
     JOIN agreement_version v ON v.agreement = s.agreement AND v.number = s.version LEFT JOIN signature_words w ON w.signature_id = s.id";

const EVERY_OWN_EVIDENCE: &str = "SELECT e.id, e.person_id, e.done_on, e.minutes, e.how, e.sha256, e.recorded_at, e.ended_at, w.title, w.provider \
     FROM evidence e LEFT JOIN evidence_words w ON w.evidence_id = e.id";

const EVERY_DECLINE: &str = "SELECT d.id, d.person_id, d.agreement, d.version, v.sha256, d.declined_at FROM decline d \
     JOIN agreement_version v ON v.agreement = d.agreement AND v.number = d.version";

const EVERY_CORRECTION: &str = "SELECT id, person_id, completion_id, code, recorded_at FROM correction";

const EVERY_DISCUSSION: &str = "SELECT d.id, d.person_id, d.module, d.version, v.sha256, d.edition, d.held_on, d.place, d.recorded_at, a.held, a.answered_at \
     FROM discussion d JOIN module_version v ON v.module = d.module AND v.number = d.version LEFT JOIN discussion_answer a ON a.discussion_id = d.id";

const EVERY_GATE: &str = "SELECT signature_id, completion_id FROM signature_completion";

const EVERY_VERSION: &str = "SELECT 'module' AS kind, module AS slug, number, sha256, edition, published_at FROM module_version \
     UNION ALL SELECT 'agreement', agreement, number, sha256, number, published_at FROM agreement_version \
     UNION ALL SELECT 'programme', programme, number, sha256, number, published_at FROM programme_version";

const EVERY_PROVIDER: &str = "SELECT number, sha256, published_at FROM provider_version";

const EVERY_WITHDRAWAL: &str = "SELECT id, kind, slug, number, recorded_at FROM withdrawal";

const EVERY_IMPORT: &str = "SELECT id, sha256, began, changed, recorded_at, ended_at FROM roster_import";

const EVERY_ERASURE: &str = "SELECT id, basis, leaves, parts, sha256, recorded_at FROM erasure";

const EVERY_STAMP: &str = "SELECT id, sha256, size, recorded_at FROM time_stamp";

const EVERY_DETAIL_SET: &str = "SELECT id, person_id, recorded_at FROM detail_set";

impl Expected {
    fn of(kind: &'static str, id: &impl ToString, person: Option<PersonId>, says: Says) -> Self {
        Self {
            kind,
            id: id.to_string(),
            person,
            says,
            on: None,
            again: None,
            begins: None,
            at: None,
            again_at: None,
            gate: None,
            act: None,
        }
    }

    fn on(self, day: NaiveDate) -> Self {
        Self { on: Some(day), ..self }
    }

    fn at(self, moment: DateTime<Utc>) -> Self {
        Self { at: Some(milliseconds(moment)), ..self }
    }

    /// It says how it was done.
    fn done_as(self, how: &impl Serialize) -> Self {
        Self { act: to_canonical(how).ok(), ..self }
    }
}

#[derive(sqlx::FromRow)]
struct DatedRow {
    kind: String,
    id: Uuid,
    person_id: PersonId,
    word: String,
    group_id: Option<GroupId>,
    day: NaiveDate,
    begins: NaiveDate,
    again: Option<NaiveDate>,
    said_at: DateTime<Utc>,
    again_at: Option<DateTime<Utc>>,
}

type PlaceRow = (Uuid, GroupId, Option<GroupId>, NaiveDate, Option<NaiveDate>, DateTime<Utc>, Option<DateTime<Utc>>);

async fn dated(conn: &mut Conn, groups: &BTreeMap<GroupId, u64>, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let number = |group: GroupId| groups.get(&group).copied().ok_or_else(unreadable);
    let perhaps = |group: Option<GroupId>| group.map(number).transpose();
    let found: Vec<DatedRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_DATED_FACT).fetch_all(conn).await)?;
    for DatedRow { kind, id, person_id, word, group_id: group, day, begins, again, said_at, again_at } in found {
        let of_group = || group.ok_or_else(unreadable).and_then(number);
        let (kind, fact) = match kind.as_str() {
            "duty" => ("duty", Fact::DutyGiven { role: word, group: perhaps(group)? }),
            "duty/end" => ("duty/end", Fact::DutyEnded { role: word, group: perhaps(group)? }),
            "stay" => ("stay", Fact::Began),
            "stay/end" => ("stay/end", Fact::Left),
            "brought_forward" if word.is_empty() => ("brought_forward", Fact::Left),
            "brought_forward" => ("brought_forward", Fact::DutyEnded { role: word, group: perhaps(group)? }),
            "in_audience" => ("in_audience", Fact::AudienceBegun { audience: word }),
            "in_audience/end" => ("in_audience/end", Fact::AudienceEnded { audience: word }),
            "membership" => ("membership", Fact::MembershipBegun { group: of_group()? }),
            _ => ("membership/end", Fact::MembershipEnded { group: of_group()? }),
        };
        let is_end = kind.ends_with("/end") || kind == "brought_forward";
        let begins = Some(begins).filter(|_| is_end);
        let again_at = again_at.map(milliseconds);
        let expected = Expected::of(kind, &id, Some(person_id), Says::Fact(fact)).on(day).at(said_at);
        rows.push(Expected { again, begins, again_at, ..expected });
    }
    let found: Vec<PlaceRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_PLACE).fetch_all(conn).await)?;
    for (id, group, parent, begins_on, ends_before, recorded_at, end_recorded_at) in found {
        let (group, parent) = (number(group)?, perhaps(parent)?);
        let place = Expected::of("group_place", &id, None, Says::Place { group, parent });
        rows.push(place.on(begins_on).at(recorded_at));
        let ended = || Expected::of("group_place/end", &id, None, Says::PlaceEnded { group });
        rows.extend(ends_before.zip(end_recorded_at).map(|(day, at)| ended().on(day).at(at)));
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AssignmentRow {
    id: Uuid,
    programme: String,
    audience: Option<String>,
    group_id: Option<GroupId>,
    person_id: Option<PersonId>,
    begins_on: NaiveDate,
    ends_before: Option<NaiveDate>,
    recorded_at: DateTime<Utc>,
    end_recorded_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct ExemptionRow {
    id: Uuid,
    person_id: PersonId,
    kind: String,
    slug: String,
    given_before: Option<NaiveDate>,
    begins_on: NaiveDate,
    ends_before: Option<NaiveDate>,
    recorded_at: DateTime<Utc>,
    end_recorded_at: Option<DateTime<Utc>>,
}

async fn given(conn: &mut Conn, groups: &BTreeMap<GroupId, u64>, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<AssignmentRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_ASSIGNMENT).fetch_all(conn).await)?;
    for row in found {
        let (programme, person) = (row.programme, row.person_id);
        let says = match (row.audience, row.group_id) {
            (Some(audience), _) => Says::Fact(Fact::Assigned { programme, to: Recipient::Audience(audience) }),
            (None, Some(group)) => {
                let group = groups.get(&group).copied().ok_or_else(unreadable)?;
                Says::Fact(Fact::Assigned { programme, to: Recipient::Group(group) })
            }
            (None, None) => Says::AssignedToThem { programme },
        };
        rows.push(Expected::of("assignment", &row.id, person, says).on(row.begins_on).at(row.recorded_at));
        let ended = || Expected::of("assignment/end", &row.id, person, Says::Ended("assignment"));
        rows.extend(row.ends_before.zip(row.end_recorded_at).map(|(day, at)| ended().on(day).at(at)));
    }
    let found: Vec<ExemptionRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_EXEMPTION).fetch_all(conn).await)?;
    for row in found {
        let (thing, person) = (format!("{}/{}", row.kind, row.slug), Some(row.person_id));
        let fact = Fact::Exempted { thing, until: row.given_before.map(|day| day.to_string()) };
        let exempted = Expected::of("exemption", &row.id, person, Says::Fact(fact));
        rows.push(exempted.on(row.begins_on).at(row.recorded_at));
        let ended = || Expected::of("exemption/end", &row.id, person, Says::Ended("exemption"));
        rows.extend(row.ends_before.zip(row.end_recorded_at).map(|(day, at)| ended().on(day).at(at)));
    }
    let found: Vec<(Uuid, PersonId, String, i64, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_GIFT).fetch_all(conn).await)?;
    for (id, person, module, attempts, recorded_at) in found {
        let fact = Fact::AttemptsGiven { module, attempts: count(attempts)? };
        rows.push(Expected::of("attempts_given", &id, Some(person), Says::Fact(fact)).at(recorded_at));
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    id: Uuid,
    person_id: PersonId,
    module: String,
    version: i64,
    sha256: String,
    edition: i64,
    minutes: i64,
    completed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    earned: i64,
    possible: i64,
    pages_opened: i64,
    pages: i64,
    started_at: DateTime<Utc>,
    twin: Option<String>,
    refreshes: Option<i64>,
    workshop_id: Option<WorkshopId>,
    place: Option<String>,
    signed_in_by: Option<String>,
    discussion_id: Option<DiscussionId>,
    held_on: Option<NaiveDate>,
    discussed_at: Option<String>,
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    id: Uuid,
    person_id: PersonId,
    agreement: String,
    version: i64,
    sha256: String,
    statement: String,
    signed_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    sign_in_method: String,
    signed_in_at: DateTime<Utc>,
    form_key: FormKey,
    twin: Option<String>,
    typed_name: Option<String>,
    confirmed: Option<bool>,
}

type DeclineRow = (Uuid, PersonId, String, i64, String, DateTime<Utc>);

async fn done(conn: &mut Conn, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<CompletionRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_COMPLETION).fetch_all(conn).await)?;
    for row in found {
        let since = row.refreshes.map(count).transpose()?;
        let fact = Fact::Completed {
            module: row.module,
            version: count(row.version)?,
            sha256: digest(&row.sha256)?,
            edition: count(row.edition)?,
            until: milliseconds_up(row.expires_at),
            minutes: count(row.minutes)?,
            how: HowEarned::of(since, row.workshop_id, row.discussion_id).logged(),
        };
        let expected = Expected::of("completion", &row.id, Some(row.person_id), Says::Fact(fact)).at(row.completed_at);
        if let Some(place) = &row.place {
            rows.push(expected.done_as(&HowAttended::at(place, row.started_at, row.signed_in_by.is_some())));
            continue;
        }
        let discussed = row.held_on.zip(row.discussed_at.as_deref());
        let how = HowPassed {
            discussed: discussed.map(|(day, place)| WhereDiscussed::at(day, place)),
            earned: count(row.earned)?,
            pages: count(row.pages)?,
            pages_opened: count(row.pages_opened)?,
            possible: count(row.possible)?,
            since,
            started: milliseconds(row.started_at),
            twin: row.twin,
        };
        rows.push(expected.done_as(&how));
    }
    let found: Vec<SignatureRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_SIGNATURE).fetch_all(conn).await)?;
    let passes: Vec<(Uuid, Uuid)> = on!(conn.link(), conn => sqlx::query_as(EVERY_GATE).fetch_all(conn).await)?;
    let mut gates: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for (signature, pass) in passes {
        gates.entry(signature).or_default().push(pass.to_string());
    }
    for row in found {
        let fact = Fact::Signed {
            agreement: row.agreement,
            version: count(row.version)?,
            sha256: digest(&row.sha256)?,
            statement: digest_of_text(row.statement.as_bytes()),
            until: row.expires_at.map(milliseconds_up),
        };
        let mut expected = Expected::of("signature", &row.id, Some(row.person_id), Says::Fact(fact)).at(row.signed_at);
        if let (Some(typed_name), Some(confirmed)) = (&row.typed_name, row.confirmed) {
            expected = expected.done_as(&HowSigned {
                confirmed,
                shown: drawn_at(row.form_key, row.signed_at).map(milliseconds),
                sign_in: &row.sign_in_method,
                signed_in: milliseconds(row.signed_in_at),
                twin: row.twin,
                typed_name,
            });
        }
        rows.push(Expected { gate: gates.remove(&row.id), ..expected });
    }
    let found: Vec<(Uuid, PersonId, Uuid, String, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_CORRECTION).fetch_all(conn).await)?;
    for (id, person, pass, code, recorded_at) in found {
        let says = Says::Withdrawn { pass: pass.to_string(), why: WrongBecause::parse(&code).ok_or_else(unreadable)? };
        rows.push(Expected::of("correction", &id, Some(person), says).at(recorded_at));
    }
    let found: Vec<DeclineRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_DECLINE).fetch_all(conn).await)?;
    for (id, person, agreement, version, sha256, declined_at) in found {
        let fact = Fact::Declined { agreement, version: count(version)?, sha256: digest(&sha256)? };
        rows.push(Expected::of("decline", &id, Some(person), Says::Fact(fact)).at(declined_at));
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct DiscussionRow {
    id: Uuid,
    person_id: PersonId,
    module: String,
    version: i64,
    sha256: String,
    edition: i64,
    held_on: NaiveDate,
    place: String,
    recorded_at: DateTime<Utc>,
    held: Option<bool>,
    answered_at: Option<DateTime<Utc>>,
}

/// What was worked through side by side, and what they say of it themselves.
async fn discussed(conn: &mut Conn, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<DiscussionRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_DISCUSSION).fetch_all(conn).await)?;
    for row in found {
        let fact = Fact::Discussed {
            module: row.module,
            version: count(row.version)?,
            sha256: digest(&row.sha256)?,
            edition: count(row.edition)?,
            day: row.held_on.to_string(),
        };
        let expected = Expected::of("discussion", &row.id, Some(row.person_id), Says::Fact(fact)).at(row.recorded_at);
        rows.push(expected.done_as(&WhereHeld { place: &row.place }));
        rows.extend(row.held.zip(row.answered_at).map(|(held, answered_at)| {
            let says = Says::DiscussionAnswered { held };
            Expected::of("discussion_answer", &row.id, Some(row.person_id), says).at(answered_at)
        }));
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EvidenceRow {
    id: Uuid,
    person_id: PersonId,
    done_on: NaiveDate,
    minutes: i64,
    how: String,
    sha256: Option<String>,
    recorded_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    title: Option<String>,
    provider: Option<String>,
}

/// What people added from elsewhere, and took back.
async fn learned(conn: &mut Conn, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<EvidenceRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_OWN_EVIDENCE).fetch_all(conn).await)?;
    for row in found {
        let fact = Fact::EvidenceAdded {
            day: row.done_on.to_string(),
            minutes: count(row.minutes)?,
            sha256: row.sha256.as_deref().map(digest).transpose()?,
        };
        let mut expected = Expected::of("evidence", &row.id, Some(row.person_id), Says::Fact(fact)).at(row.recorded_at);
        if let (Some(title), Some(provider)) = (&row.title, &row.provider) {
            expected = expected.done_as(&SaidOfEvidence { how: &row.how, provider, title });
        }
        rows.push(expected);
        let ended = |at| Expected::of("evidence/end", &row.id, Some(row.person_id), Says::Ended("evidence")).at(at);
        rows.extend(row.ended_at.map(ended));
    }
    Ok(())
}

async fn published(conn: &mut Conn, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<(String, String, i64, String, i64, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_VERSION).fetch_all(conn).await)?;
    for (of, slug, number, sha256, edition, published_at) in found {
        let kind = match of.as_str() {
            "module" => "module_version",
            "agreement" => "agreement_version",
            _ => "programme_version",
        };
        let says = Says::Published {
            thing: format!("{of}/{slug}"),
            version: count(number)?,
            sha256: digest(&sha256)?,
            edition: count(edition)?,
        };
        rows.push(Expected::of(kind, &format!("{slug}/{number}"), None, says).at(published_at));
    }
    let found: Vec<(i64, String, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_PROVIDER).fetch_all(conn).await)?;
    for (number, sha256, published_at) in found {
        let fact = Fact::SettingsChanged { sha256: digest(&sha256)? };
        rows.push(Expected::of("provider_version", &number, None, Says::Fact(fact)).at(published_at));
    }
    let found: Vec<(Uuid, String, String, i64, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_WITHDRAWAL).fetch_all(conn).await)?;
    for (id, kind, slug, number, recorded_at) in found {
        let fact = Fact::Withdrawn { thing: format!("{kind}/{slug}"), version: count(number)? };
        rows.push(Expected::of("withdrawal", &id, None, Says::Fact(fact)).at(recorded_at));
    }
    Ok(())
}

/// An import: which, of what file, how many began and changed, when it was recorded and when it was undone.
type ImportRow = (Uuid, String, i64, i64, DateTime<Utc>, Option<DateTime<Utc>>);

async fn imported(conn: &mut Conn, rows: &mut Vec<Expected>) -> Result<(), StoreError> {
    let found: Vec<ImportRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_IMPORT).fetch_all(conn).await)?;
    for (id, sha256, began, changed, recorded_at, ended_at) in found {
        let sha256 = digest(&sha256)?;
        let fact = Fact::PeopleImported { sha256, began: count(began)?, changed: count(changed)? };
        rows.push(Expected::of("roster_import", &id, None, Says::Fact(fact)).at(recorded_at));
        let undone = || Expected::of("roster_import/end", &id, None, Says::Fact(Fact::ImportUndone { sha256 }));
        rows.extend(ended_at.map(|at| undone().at(at)));
    }
    let found: Vec<(Uuid, String, i64, i64, String, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_ERASURE).fetch_all(conn).await)?;
    for (id, basis, leaves, parts, sha256, recorded_at) in found {
        let number = |number: i64| u64::try_from(number).map_err(|_| unreadable());
        let fact = Fact::Erased { basis, leaves: number(leaves)?, parts: number(parts)?, sha256: digest(&sha256)? };
        rows.push(Expected::of("erasure", &id, None, Says::Fact(fact)).at(recorded_at));
    }
    let found: Vec<(Uuid, String, i64, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_STAMP).fetch_all(conn).await)?;
    for (id, sha256, size, recorded_at) in found {
        let size = u64::try_from(size).map_err(|_| unreadable())?;
        let fact = Fact::TimeStamped { sha256: digest(&sha256)?, size };
        rows.push(Expected::of("time_stamp", &id, None, Says::Fact(fact)).at(recorded_at));
    }
    let found: Vec<(Uuid, PersonId, DateTime<Utc>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_DETAIL_SET).fetch_all(conn).await)?;
    rows.extend(found.into_iter().map(|(id, person, recorded_at)| {
        Expected::of("detail_set", &id, Some(person), Says::Fact(Fact::DetailsSet)).at(recorded_at)
    }));
    Ok(())
}

fn count(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| unreadable())
}

fn digest(text: &str) -> Result<Digest, StoreError> {
    Digest::parse(text).map_err(|_| unreadable())
}
