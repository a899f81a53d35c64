use chrono::{DateTime, Days, NaiveDate, Utc};

use super::write_reminders::Suppressed;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{PersonId, ReminderId, local_date},
    mail::Occasion,
    people::Person,
    record::Thing,
    store::{Linked as _, on},
};

/// What became of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderResult {
    /// Its letter waits.
    Waiting,
    /// Its letter was sent.
    Sent,
    /// Its letter was given up.
    GivenUp,
    /// It was not told.
    Suppressed,
}

impl ReminderResult {
    /// All of them.
    pub const EVERY: [Self; 4] = [Self::Sent, Self::Waiting, Self::Suppressed, Self::GivenUp];

    /// As addresses and the query have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
            Self::Suppressed => "not-told",
        }
    }

    /// What [`ReminderResult::code`] gave.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|result| result.code() == code)
    }
}

/// Which reminders are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhichReminders {
    /// For this reason alone.
    pub occasion: Option<Occasion>,
    /// Of which this became alone.
    pub result: Option<ReminderResult>,
    /// Older than this one.
    pub after: Option<ReminderId>,
}

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedReminder {
    /// Which.
    pub id: ReminderId,
    /// Of whom.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// What a module or an agreement is called.
    pub title: String,
    /// By when it was wanted.
    pub due_on: NaiveDate,
    /// Why it was told. `None`: it is of another version.
    pub occasion: Option<Occasion>,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// What became of it.
    pub result: ReminderResult,
    /// Why it was not told. `None`: it was, or is to be.
    pub suppressed: Option<Suppressed>,
}

/// Some of the reminders, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemindersPage {
    /// How many were planned within the last 30 days.
    pub planned: u64,
    /// How many of these were not told.
    pub suppressed: u64,
    /// Those of this page.
    pub reminders: Vec<ListedReminder>,
    /// After which the next page begins. `None`: this is the last.
    pub next: Option<ReminderId>,
}

/// How many stand on a page.
const ON_A_PAGE: usize = 50;

/// Over which time they are counted.
const COUNTED: Days = Days::new(30);

const COUNT_PLANNED: &str = "SELECT COUNT(*), COUNT(suppressed) FROM reminder WHERE planned_on > $1";

/// Letters are forgotten sooner; those that are were sent, but for a few. Ids begin with the time.
const LIST_REMINDERS: &str = "SELECT w.id, w.person_id, (SELECT d.name FROM person_detail d WHERE d.person_id = w.person_id) AS name, \
       w.kind, w.slug, w.due_on, w.occasion, w.planned_at, w.suppressed, w.result FROM ( \
         SELECT r.id, r.person_id, r.kind, r.slug, r.due_on, r.occasion, r.planned_at, r.suppressed, \
           CASE WHEN r.suppressed IS NOT NULL THEN 'not-told' WHEN l.given_up_at IS NOT NULL THEN 'given-up' \
             WHEN l.next_try_at IS NOT NULL THEN 'waiting' ELSE 'sent' END AS result \
         FROM reminder r LEFT JOIN letter l ON l.id = r.letter_id WHERE r.id < $1) w \
     WHERE ($3 = '' OR w.occasion = $3) AND ($4 = '' OR w.result = $4) ORDER BY w.id DESC LIMIT $2";

#[derive(sqlx::FromRow)]
struct ReminderRow {
    id: ReminderId,
    person_id: PersonId,
    name: Option<String>,
    kind: String,
    slug: String,
    due_on: NaiveDate,
    occasion: String,
    planned_at: DateTime<Utc>,
    suppressed: Option<String>,
    result: String,
}

impl Engine {
    /// Of what people were reminded, the newest first, for an administrator.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn reminders(&self, reader: &Person, which: WhichReminders) -> Looked<RemindersPage> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let since = local_date(self.clock.now()) - COUNTED;
        let mut conn = self.store.read().await?;
        let (planned, suppressed): (i64, i64) =
            on!(conn.link(), conn => sqlx::query_as(COUNT_PLANNED).bind(since).fetch_one(conn).await)?;
        let before = which.after.unwrap_or(ReminderId(uuid::Uuid::max()));
        let most = ON_A_PAGE as i64 + 1;
        let occasion = which.occasion.map_or("", Occasion::name);
        let result = which.result.map_or("", ReminderResult::code);
        let rows: Vec<ReminderRow> = on!(conn.link(), conn => sqlx::query_as(LIST_REMINDERS)
            .bind(before).bind(most).bind(occasion).bind(result).fetch_all(conn).await)?;
        let shelf = self.shelf();
        let title = |kind: &str, slug: &str| {
            let found = match Thing::parse(kind, slug) {
                Some(Thing::Module(module)) => shelf.modules.get(&module).map(|history| history.title.clone()),
                Some(Thing::Agreement(agreement)) => {
                    shelf.agreements.get(&agreement).map(|history| history.title.clone())
                }
                None => None,
            };
            found.unwrap_or_else(|| slug.to_owned())
        };
        let more = rows.len() > ON_A_PAGE;
        let reminders = rows.into_iter().take(ON_A_PAGE).map(|row| ListedReminder {
            id: row.id,
            person: row.person_id,
            name: row.name,
            title: title(&row.kind, &row.slug),
            due_on: row.due_on,
            occasion: Occasion::parse(&row.occasion),
            planned_at: row.planned_at,
            result: ReminderResult::parse(&row.result).unwrap_or(ReminderResult::Sent),
            suppressed: row.suppressed.as_deref().and_then(Suppressed::parse),
        });
        let reminders: Vec<ListedReminder> = reminders.collect();
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(RemindersPage {
            planned: count(planned),
            suppressed: count(suppressed),
            next: reminders.last().map(|reminder| reminder.id).filter(|_| more),
            reminders,
        })
    }
}
