use chrono::{DateTime, TimeDelta, Utc};

use super::{LetterKind, pause_letters::paused_since};
use crate::{
    engine::Engine,
    ground::{LetterId, PersonId},
    store::{Linked, StoreError, on},
};

/// What became of a letter, or has not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterState {
    /// It is to be sent.
    Waiting,
    /// A mail server took it.
    Sent,
    /// Nobody tries any more.
    GivenUp,
}

impl LetterState {
    /// All of them.
    pub const EVERY: [Self; 3] = [Self::Waiting, Self::Sent, Self::GivenUp];

    /// As addresses have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|state| state.code() == code)
    }
}

/// A letter, without what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedLetter {
    /// Which.
    pub id: LetterId,
    /// What kind. `None`: of another version of Induct.
    pub kind: Option<LetterKind>,
    /// To whom.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// Where it goes.
    pub address: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// How often somebody has begun to send it.
    pub tries: u32,
    /// What became of it.
    pub state: LetterState,
    /// When it was sent or given up, or is tried next.
    pub at: DateTime<Utc>,
    /// What the mail server said last, or why it was given up.
    pub fault: Option<String>,
    /// Whether another was written in its place.
    pub replaced: bool,
}

/// Some of the letters, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LettersPage {
    /// Since when none is sent. `None`: they are sent.
    pub paused_since: Option<DateTime<Utc>>,
    /// How many wait.
    pub waiting: u64,
    /// How many were sent within the last 30 days.
    pub sent: u64,
    /// How many were given up within the last 30 days.
    pub given_up: u64,
    /// Those of this page.
    pub letters: Vec<ListedLetter>,
    /// After which the next page begins. `None`: this is the last.
    pub next: Option<LetterId>,
}

/// How many stand on a page.
const ON_A_PAGE: usize = 50;

/// Over which time the letters that have ended are counted.
const COUNTED: TimeDelta = TimeDelta::days(30);

const COUNT_WAITING: &str = "SELECT COUNT(*) FROM letter WHERE next_try_at IS NOT NULL";

const COUNT_ENDED: &str = "SELECT COUNT(sent_at), COUNT(given_up_at) FROM letter WHERE written_at > $1";

/// Ids begin with the time, so that they are in the order in which letters were written.
macro_rules! letters {
    () => {
        "SELECT l.id, l.kind, l.person_id, (SELECT d.name FROM person_detail d WHERE d.person_id = l.person_id) AS name, \
           l.address, l.written_at, l.tries, l.next_try_at, l.sent_at, l.given_up_at, l.fault, \
           (SELECT COUNT(*) FROM letter n WHERE n.instead_of = l.id) AS replaced \
         FROM letter l WHERE l.id < $1"
    };
}

const LIST_ALL: &str = concat!(letters!(), " ORDER BY l.id DESC LIMIT $2");

const LIST_WAITING: &str = concat!(letters!(), " AND l.next_try_at IS NOT NULL ORDER BY l.id DESC LIMIT $2");

const LIST_SENT: &str = concat!(letters!(), " AND l.sent_at IS NOT NULL ORDER BY l.id DESC LIMIT $2");

const LIST_GIVEN_UP: &str = concat!(letters!(), " AND l.given_up_at IS NOT NULL ORDER BY l.id DESC LIMIT $2");

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: LetterId,
    kind: String,
    person_id: PersonId,
    name: Option<String>,
    address: String,
    written_at: DateTime<Utc>,
    tries: i64,
    next_try_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    given_up_at: Option<DateTime<Utc>>,
    fault: Option<String>,
    replaced: i64,
}

impl Engine {
    /// Letters in this state, or all, the newest first. Whoever calls it has looked who may.
    pub(crate) async fn list_letters(
        &self,
        state: Option<LetterState>,
        after: Option<LetterId>,
    ) -> Result<LettersPage, StoreError> {
        let mut conn = self.store.read().await?;
        let paused_since = paused_since(&mut conn).await?;
        let waiting: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_WAITING).fetch_one(conn).await)?;
        let since = self.clock.now() - COUNTED;
        let (sent, given_up): (i64, i64) =
            on!(conn.link(), conn => sqlx::query_as(COUNT_ENDED).bind(since).fetch_one(conn).await)?;
        let text = match state {
            None => LIST_ALL,
            Some(LetterState::Waiting) => LIST_WAITING,
            Some(LetterState::Sent) => LIST_SENT,
            Some(LetterState::GivenUp) => LIST_GIVEN_UP,
        };
        let before = after.unwrap_or(LetterId(uuid::Uuid::max()));
        let most = ON_A_PAGE as i64 + 1;
        let rows: Vec<LetterRow> =
            on!(conn.link(), conn => sqlx::query_as(text).bind(before).bind(most).fetch_all(conn).await)?;
        let more = rows.len() > ON_A_PAGE;
        let letters: Vec<ListedLetter> = rows.into_iter().take(ON_A_PAGE).map(ListedLetter::from).collect();
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(LettersPage {
            paused_since,
            waiting: count(waiting),
            sent: count(sent),
            given_up: count(given_up),
            next: letters.last().map(|letter| letter.id).filter(|_| more),
            letters,
        })
    }
}

impl From<LetterRow> for ListedLetter {
    fn from(row: LetterRow) -> Self {
        let (state, at) = match (row.sent_at, row.given_up_at) {
            (Some(at), _) => (LetterState::Sent, at),
            (None, Some(at)) => (LetterState::GivenUp, at),
            (None, None) => (LetterState::Waiting, row.next_try_at.unwrap_or(row.written_at)),
        };
        Self {
            id: row.id,
            kind: LetterKind::parse(&row.kind),
            person: row.person_id,
            name: row.name,
            address: row.address,
            written_at: row.written_at,
            tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
            state,
            at,
            fault: row.fault,
            replaced: row.replaced > 0,
        }
    }
}
