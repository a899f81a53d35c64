use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use audit::{Envelope, Fact, Leaf};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::{
    deed::{Deed, GroupNames},
    doer::{Doer, Doers},
    kind_of_act::{Beside, KindOfAct},
};
use crate::{
    engine::{Engine, Looked, Refused},
    evidence::leaves_before,
    ground::{GroupId, PersonId, from_local, local_date},
    log::{find_head, milliseconds, named_in, part_naming},
    people::{Person, SignedOutWith},
    record::Actor,
    store::{Conn, Linked as _, StoreError, on},
};

/// Which acts are wanted. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichActs {
    /// By whom, as [`Doer::code`] writes it.
    pub by: String,
    /// What they are about. `None`: whatever.
    pub kind: Option<KindOfAct>,
    /// From which day on; days are those of the United Kingdom.
    pub from: Option<NaiveDate>,
    /// Until which day, that day included.
    pub to: Option<NaiveDate>,
    /// After which act, as [`DoneActs::next`] has it. Anything else: from the newest on.
    pub after: String,
}

/// Something that somebody did, in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneAct {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it is said to have been done, where that was recorded later.
    pub said_of: Option<DateTime<Utc>>,
    /// From which day on it holds, where that is another than the one on which it was recorded.
    pub on: Option<NaiveDate>,
    /// Who did it.
    pub by: Doer,
    /// To whom, and what they are called. The name is `None` where it has been erased.
    pub of: Option<(PersonId, Option<String>)>,
    /// What.
    pub deeds: Vec<Deed>,
    /// The number of its entry in the signed log. `None`: it decides nothing, and is in none.
    pub entry: Option<u64>,
}

/// Some of what was done, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoneActs {
    /// At most [`DoneActs::MOST`].
    pub acts: Vec<DoneAct>,
    /// Everybody who ever did something that is in the signed log, by name; then programs, the command line and the server.
    pub doers: Vec<Doer>,
    /// After which act the next page begins. `None`: this is the last.
    pub next: Option<String>,
}

impl DoneActs {
    /// How many stand on a page at most.
    pub const MOST: usize = 50;
}

/// Everything behind $1 and not before $2 that others did, with what opens it; $3 at most. `$each`: how an entry is kept to one row.
macro_rules! entries {
    ($number:literal, $by:literal, $from:literal, $each:literal) => {
        concat!(
            "SELECT ",
            $number,
            ", ",
            $by,
            ", (SELECT e.envelope FROM log_envelope e WHERE e.number = ",
            $number,
            "), (SELECT o.person_id FROM log_envelope o WHERE o.number = ",
            $number,
            "), (SELECT l.leaf FROM log_leaf l WHERE l.number = ",
            $number,
            ") FROM ",
            $from,
            " AND ",
            $number,
            " < $1 AND ",
            $number,
            " >= $2",
            $each,
            " ORDER BY ",
            $number,
            " DESC LIMIT $3"
        )
    };
}

const LIST_ENTRIES: &str = entries!("p.number", "p.part", "log_part p WHERE p.kind = 'by'", "");

/// What $4 did.
const LIST_ENTRIES_BY: &str = entries!("p.number", "p.part", "log_part p WHERE p.kind = 'by' AND p.part = $4", "");

/// What is evidence of rows of the kind $4 and was done by others. Of some kinds people did nearly all themselves, of others nobody did; so
/// it goes from the newest that is of the kind to the newest by others that is no newer, from there to the newest of the kind that is no newer, and so on:
/// where both come to one entry, that is one. What lies between is read on neither side. `$by`: how what others did is narrowed.
macro_rules! entries_of {
    ($by:literal) => {
        concat!(
            "WITH RECURSIVE walk (number, earlier, side, found) AS (SELECT (SELECT r.number FROM log_row r \
               WHERE r.kind = $4 AND r.number < $1 ORDER BY r.number DESC LIMIT 1), CAST(NULL AS BIGINT), 0, 0 \
             UNION ALL SELECT CASE WHEN walk.side = 0 THEN (SELECT b.number FROM log_part b WHERE b.kind = 'by'",
            $by,
            " AND b.number <= walk.number ORDER BY b.number DESC LIMIT 1) \
               ELSE (SELECT n.number FROM log_row n WHERE n.kind = $4 \
                 AND n.number <= walk.number - CASE WHEN walk.number = walk.earlier THEN 1 ELSE 0 END ORDER BY n.number DESC LIMIT 1) END, \
               walk.number, 1 - walk.side, \
               walk.found + CASE WHEN walk.side = 1 AND walk.number = walk.earlier THEN 1 ELSE 0 END \
               FROM walk WHERE walk.number >= $2 AND walk.found < $3) ",
            entries!(
                "w.number",
                "(SELECT p.part FROM log_part p WHERE p.number = w.number AND p.kind = 'by')",
                "walk w WHERE w.side = 1 AND w.number = w.earlier",
                ""
            )
        )
    };
}

const LIST_ENTRIES_OF: &str = entries_of!("");

/// The same of what $5 did.
const LIST_ENTRIES_OF_BY: &str = entries_of!(" AND b.part = $5");

/// What is evidence of ends that were brought forward, by $5 if that says anything, of which the entry says what $6 has. There are few.
const LIST_ENTRIES_SOONER: &str = entries!(
    "r.number",
    "(SELECT p.part FROM log_part p WHERE p.number = r.number AND p.kind = 'by')",
    "log_row r WHERE r.kind = $4 AND (SELECT COUNT(*) FROM log_part b WHERE b.number = r.number AND b.kind = 'by' AND ($5 = '' OR b.part = $5)) > 0 \
       AND (SELECT COUNT(*) FROM log_envelope s WHERE s.number = r.number AND s.envelope LIKE $6) > 0",
    " GROUP BY r.number"
);

/// Each who did something, found from the one before: there are few, and they did much.
const FIND_DOERS: &str = "WITH RECURSIVE doer (part) AS (SELECT (SELECT p.part FROM log_part p WHERE p.kind = 'by' AND p.part > '' \
       ORDER BY p.part LIMIT 1) \
     UNION ALL SELECT (SELECT n.part FROM log_part n WHERE n.kind = 'by' AND n.part > doer.part ORDER BY n.part LIMIT 1) \
       FROM doer WHERE doer.part IS NOT NULL) \
     SELECT doer.part FROM doer WHERE doer.part IS NOT NULL LIMIT 1000";

const FIND_ENVELOPE: &str = "SELECT envelope FROM log_envelope WHERE number = $1";

/// Rows behind the id $1 and not before $2, $3 at most, by $4 if that says anything: ids are in the order in which they were made.
macro_rules! beside {
    ($columns:literal, $from:literal) => {
        concat!(
            "SELECT w.id, w.recorded_at, w.recorded_by, ",
            $columns,
            " FROM ",
            $from,
            " w.id < $1 AND w.id >= $2 AND ($4 = '' OR w.recorded_by = $4) ORDER BY w.id DESC LIMIT $3"
        )
    };
}

const FIND_LINKS: &str = beside!("w.person_id, NULL, ''", "way_in w WHERE");

const FIND_PASSWORDS: &str =
    beside!("w.person_id, NULL, ''", "password_set w WHERE w.recorded_by = 'command-line' AND");

const FIND_SIGNED_OUT: &str = beside!("w.person_id, NULL, w.what", "signed_out w WHERE");

const FIND_CODES: &str = beside!("NULL, w.group_id, ''", "join_code w WHERE");

const FIND_TOKENS: &str = beside!("w.person_id, NULL, w.name", "token w WHERE");

const FIND_LETTERS_HELD: &str = beside!("NULL, NULL, ''", "letter_pause w WHERE");

const FIND_REMINDERS_HELD: &str = beside!("NULL, NULL, ''", "reminder_pause w WHERE");

impl Beside {
    fn find(self) -> &'static str {
        match self {
            Self::Link => FIND_LINKS,
            Self::Password => FIND_PASSWORDS,
            Self::SignedOut => FIND_SIGNED_OUT,
            Self::Code => FIND_CODES,
            Self::Token => FIND_TOKENS,
            Self::Letters => FIND_LETTERS_HELD,
            Self::Reminders => FIND_REMINDERS_HELD,
        }
    }
}

/// Number, who did it, what it says, about whom, leaf. What was let go of is no longer there.
type EntryRow = (i64, Option<String>, Option<String>, Option<PersonId>, Option<String>);

/// Id, when, by whom, about whom, with which group, and a name.
type BesideRow = (Uuid, DateTime<Utc>, String, Option<PersonId>, Option<GroupId>, String);

/// Up to where a page has come, in the log and besides: of each the last that stood on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct After {
    entry: i64,
    beside: Uuid,
}

impl After {
    const NOTHING: Self = Self { entry: i64::MAX, beside: Uuid::max() };

    fn parse(text: &str) -> Option<Self> {
        let (entry, beside) = text.split_once('-')?;
        Some(Self { entry: entry.parse().ok()?, beside: Uuid::try_parse(beside).ok()? })
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.entry, self.beside.simple())
    }
}

/// An entry, or a row besides, before it is told.
enum Found {
    Entry {
        number: i64,
        by: Actor,
        of: Option<PersonId>,
        envelope: Envelope,
        at: DateTime<Utc>,
    },
    Beside {
        id: Uuid,
        by: Actor,
        of: Option<PersonId>,
        group: Option<GroupId>,
        name: String,
        what: Beside,
        at: DateTime<Utc>,
    },
}

impl Found {
    fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Entry { at, .. } | Self::Beside { at, .. } => *at,
        }
    }

    fn by(&self) -> Actor {
        match self {
            Self::Entry { by, .. } | Self::Beside { by, .. } => *by,
        }
    }

    fn of(&self) -> Option<PersonId> {
        match self {
            Self::Entry { of, .. } | Self::Beside { of, .. } => *of,
        }
    }
}

impl Engine {
    /// What was done for others, and by whom, the newest first, a page at a time. It says nothing of where those stand to whom it was done, and so
    /// is no look at a record of theirs. Of whoever was erased it is not said what they did that is in the log; of the rest not who they were.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an auditor or an administrator over everybody.
    pub async fn acts(&self, reader: &Person, which: &WhichActs) -> Looked<DoneActs> {
        if !reader.checks_all() {
            return Err(Refused::NotForYou);
        }
        let after = After::parse(&which.after).unwrap_or(After::NOTHING);
        let mut conn = self.store.read().await?;
        let found = if which.by.is_empty() || Actor::parse(&which.by).is_some() {
            let entries = find_entries(&mut conn, which, after.entry).await?;
            newest_of(entries, find_besides(&mut conn, which, after.beside).await?)
        } else {
            Vec::new()
        };
        let is_last = found.len() <= DoneActs::MOST;
        let found: Vec<Found> = found.into_iter().take(DoneActs::MOST).collect();
        let next = (!is_last).then(|| behind(&found, after).to_string());
        let doers = find_doers(&mut conn).await?;
        let actors: Vec<Actor> = found.iter().map(Found::by).chain(doers.iter().copied()).collect();
        let named = Doers::of(&mut conn, &actors, found.iter().filter_map(Found::of).collect()).await?;
        let groups = GroupNames::find(&mut conn).await?;
        let given = find_given(&mut conn, &found).await?;
        let acts = found.into_iter().map(|found| self.told(found, &named, &groups, &given)).collect();
        let mut doers: Vec<Doer> = doers.into_iter().map(|actor| named.doer(actor)).collect();
        doers.sort_by_cached_key(in_order);
        Ok(DoneActs { acts, doers, next })
    }

    fn told(&self, found: Found, named: &Doers, groups: &GroupNames, given: &BTreeMap<u64, Envelope>) -> DoneAct {
        let (at, by) = (found.at(), named.doer(found.by()));
        let of = found.of().map(|person| (person, named.name_of(person)));
        match found {
            Found::Entry { number, envelope, .. } => {
                let decided = i64::try_from(envelope.at).ok().and_then(DateTime::from_timestamp_millis);
                let on = envelope.on.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
                DoneAct {
                    at,
                    said_of: decided.filter(|_| envelope.claimed),
                    on: on.filter(|day| decided.is_none_or(|decided| *day != local_date(decided))),
                    by,
                    of,
                    deeds: self.deeds(&envelope, groups, given),
                    entry: u64::try_from(number).ok(),
                }
            }
            Found::Beside { group, name, what, .. } => {
                let deed = match what {
                    Beside::Link => Deed::LinkMade,
                    Beside::Password => Deed::PasswordSet,
                    Beside::SignedOut => SignedOutWith::parse(&name).map_or(Deed::Unknown, Deed::SignedOut),
                    Beside::Code => Deed::CodeMade(group.and_then(|group| groups.of_id(group))),
                    Beside::Token => Deed::TokenMade(name),
                    Beside::Letters => Deed::LettersHeld,
                    Beside::Reminders => Deed::RemindersHeld,
                };
                DoneAct { at, said_of: None, on: None, by, of, deeds: vec![deed], entry: None }
            }
        }
    }
}

/// People by name, then whoever has none, then programs, then machines.
fn in_order(doer: &Doer) -> (u8, String) {
    match doer {
        Doer::Person(_, Some(name)) => (0, name.to_lowercase()),
        Doer::Person(id, None) => (1, id.to_string()),
        Doer::Program(_, name) => (2, name.to_lowercase()),
        Doer::CommandLine => (3, String::new()),
        Doer::Server => (4, String::new()),
    }
}

/// The moment at which a day begins.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    from_local(day.and_time(NaiveTime::MIN))
}

/// The least id that could have been made at a moment.
fn first_id(moment: DateTime<Utc>) -> Uuid {
    Uuid::from_u128(u128::from(milliseconds(moment)) << 80)
}

/// One more than fit on a page, so that it is seen whether there is another.
fn most() -> i64 {
    i64::try_from(DoneActs::MOST + 1).unwrap_or(i64::MAX)
}

async fn find_entries(conn: &mut Conn, which: &WhichActs, before: i64) -> Result<Vec<Found>, StoreError> {
    let Some(head) = find_head(conn, 0).await? else { return Ok(Vec::new()) };
    let mut end = before.min(i64::try_from(head.size()).unwrap_or(i64::MAX));
    let mut first = 0;
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    if let Some(from) = which.from {
        first = number(leaves_before(conn, head.size(), begins(from).timestamp()).await?);
    }
    if let Some(day) = which.to.and_then(|day| day.checked_add_days(Days::new(1))) {
        end = end.min(number(leaves_before(conn, head.size(), begins(day).timestamp()).await?));
    }
    let part = Actor::parse(&which.by).map(part_naming).unwrap_or_default();
    let mut rows: Vec<EntryRow> = match which.kind {
        None if part.is_empty() => on!(conn.link(), conn => sqlx::query_as(LIST_ENTRIES)
            .bind(end).bind(first).bind(most()).fetch_all(conn).await)?,
        None => on!(conn.link(), conn => sqlx::query_as(LIST_ENTRIES_BY)
            .bind(end).bind(first).bind(most()).bind(&part).fetch_all(conn).await)?,
        Some(kind) => {
            let mut rows = Vec::new();
            for row in kind.rows() {
                let some: Vec<EntryRow> = if part.is_empty() {
                    on!(conn.link(), conn => sqlx::query_as(LIST_ENTRIES_OF)
                        .bind(end).bind(first).bind(most()).bind(*row).fetch_all(conn).await)?
                } else {
                    on!(conn.link(), conn => sqlx::query_as(LIST_ENTRIES_OF_BY)
                        .bind(end).bind(first).bind(most()).bind(*row).bind(&part).fetch_all(conn).await)?
                };
                rows.extend(some);
            }
            if let Some(said) = kind.sooner() {
                let some: Vec<EntryRow> = on!(conn.link(), conn => sqlx::query_as(LIST_ENTRIES_SOONER)
                    .bind(end).bind(first).bind(most()).bind("brought_forward").bind(&part).bind(said).fetch_all(conn).await)?;
                rows.extend(some);
            }
            rows
        }
    };
    // An entry may be evidence of rows of several kinds.
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    rows.dedup_by_key(|row| row.0);
    rows.into_iter().filter_map(|row| entry_of(row).transpose()).collect()
}

/// `None`: what it said has been let go of.
fn entry_of((number, part, envelope, of, leaf): EntryRow) -> Result<Option<Found>, StoreError> {
    let unreadable = || StoreError::unreadable("entry of the log");
    let (Some(part), Some(envelope), Some(leaf)) = (part, envelope, leaf) else { return Ok(None) };
    let by = named_in(&part).ok_or_else(unreadable)?;
    let envelope: Envelope = serde_json::from_str(&envelope).map_err(|_| unreadable())?;
    let leaf = Leaf::parse(leaf.as_bytes()).map_err(|_| unreadable())?;
    let at =
        i64::try_from(leaf.appended_at).ok().and_then(|at| DateTime::from_timestamp(at, 0)).ok_or_else(unreadable)?;
    Ok(Some(Found::Entry { number, by, of, envelope, at }))
}

async fn find_besides(conn: &mut Conn, which: &WhichActs, before: Uuid) -> Result<Vec<Found>, StoreError> {
    let first = which.from.map_or(Uuid::nil(), |from| first_id(begins(from)));
    let end = which.to.and_then(|day| day.checked_add_days(Days::new(1)));
    let end = end.map_or(before, |day| before.min(first_id(begins(day))));
    let wanted = which.kind.map_or(&Beside::EVERY[..], KindOfAct::besides);
    let mut found = Vec::new();
    for what in wanted.iter().copied() {
        let rows: Vec<BesideRow> = on!(conn.link(), conn => sqlx::query_as(what.find())
            .bind(end).bind(first).bind(most()).bind(&which.by).fetch_all(conn).await)?;
        for (id, at, by, of, group, name) in rows {
            let by = Actor::parse(&by).ok_or_else(|| StoreError::unreadable("who did something"))?;
            found.push(Found::Beside { id, by, of, group, name, what, at });
        }
    }
    found.sort_by_key(|found| std::cmp::Reverse(id_of(found)));
    Ok(found)
}

fn id_of(found: &Found) -> Uuid {
    match found {
        Found::Beside { id, .. } => *id,
        Found::Entry { .. } => Uuid::nil(),
    }
}

/// Both put together, the newest first, one more than a page has at most. Each keeps its own order, whatever its times say, so that a page goes on
/// where the one before ended.
fn newest_of(entries: Vec<Found>, besides: Vec<Found>) -> Vec<Found> {
    let (mut entries, mut besides) = (entries.into_iter().peekable(), besides.into_iter().peekable());
    let mut found = Vec::with_capacity(DoneActs::MOST + 1);
    while found.len() <= DoneActs::MOST {
        let next = match (entries.peek(), besides.peek()) {
            (Some(entry), Some(beside)) if beside.at() > entry.at() => besides.next(),
            (Some(_), _) => entries.next(),
            (None, _) => besides.next(),
        };
        let Some(next) = next else { break };
        found.push(next);
    }
    found
}

/// Up to where a page comes that has these.
fn behind(found: &[Found], after: After) -> After {
    found.iter().fold(after, |after, found| match found {
        Found::Entry { number, .. } => After { entry: *number, ..after },
        Found::Beside { id, .. } => After { beside: *id, ..after },
    })
}

async fn find_doers(conn: &mut Conn) -> Result<Vec<Actor>, StoreError> {
    let parts: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_DOERS).fetch_all(conn).await)?;
    Ok(parts.iter().filter_map(|part| named_in(part)).collect())
}

/// What the entries say to which these refer, by their numbers.
async fn find_given(conn: &mut Conn, found: &[Found]) -> Result<BTreeMap<u64, Envelope>, StoreError> {
    let facts = found.iter().filter_map(|found| match found {
        Found::Entry { envelope, .. } => Some(&envelope.facts),
        Found::Beside { .. } => None,
    });
    let referred: BTreeSet<u64> = facts
        .flatten()
        .filter_map(|fact| match fact {
            Fact::AssignmentEnded { leaf } => Some(*leaf),
            _ => None,
        })
        .collect();
    let mut given = BTreeMap::new();
    for number in referred {
        let envelope: Option<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_ENVELOPE)
            .bind(i64::try_from(number).unwrap_or(i64::MAX)).fetch_optional(conn).await)?;
        let envelope = envelope.and_then(|envelope| serde_json::from_str(&envelope).ok());
        given.extend(envelope.map(|envelope| (number, envelope)));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_after_what_the_next_begins() {
        let after = After { entry: 7, beside: Uuid::from_u128(8) };
        assert_eq!(After::parse(&after.to_string()), Some(after));
        for nothing in ["", "7", "7-", "x-0", "7-8-9"] {
            assert_eq!(After::parse(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn an_id_that_is_made_on_a_day_is_no_less_than_the_first_of_it() {
        let moment = "2026-11-23T10:00:00Z".parse().unwrap();
        let made = uuid::Builder::from_unix_timestamp_millis(milliseconds(moment), &[0; 10]).into_uuid();
        assert!(made >= first_id(moment));
        assert!(made < first_id(moment + chrono::TimeDelta::milliseconds(1)));
    }
}
