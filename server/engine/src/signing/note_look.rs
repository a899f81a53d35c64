use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{LookId, PersonId, SignatureId, end_of, from_local, name_key},
    people::{Person, Right, Scope, by_scope, scope_people, scope_tree},
    store::{Conn, Linked as _, StoreError, change, on},
};

/// Somebody who opens the same again within this time has looked once.
const ONE_LOOK: TimeDelta = TimeDelta::minutes(15);

/// A look at what proves what somebody has signed, or at what is held about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which.
    pub id: LookId,
    /// When.
    pub at: DateTime<Utc>,
    /// The name of who looked. `None`: it has been erased.
    pub by: Option<String>,
    /// The name of whose record it is; likewise.
    pub of: Option<String>,
    /// At which signature. `None`: at something else of theirs.
    pub signature: Option<SignatureId>,
    /// At what, as it was noted: `signature/ID`, `record` for where they stand, `answers/ID` for those of an attempt, `decline/ID` for why they declined to sign something, `evidence/ID` for a file
    /// that they added from elsewhere, `data/ID` for all that is held
    /// about them, `pack/ID` for all that the log says of them, in an inspection pack.
    pub thing: String,
}

/// Which looks are wanted. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichLooks {
    /// A part of the name of whose record it is, in whatever case and with or without accents.
    pub of: String,
    /// A part of the name of who looked; likewise.
    pub by: String,
    /// From which day on; days are those of the United Kingdom.
    pub from: Option<NaiveDate>,
    /// Until which day, that day included.
    pub to: Option<NaiveDate>,
}

/// Some of the looks that were wanted, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LooksPage {
    /// At most [`LooksPage::MOST`].
    pub looks: Vec<Look>,
    /// After which look the next page begins. `None`: there is none.
    pub next: Option<LookId>,
}

impl LooksPage {
    /// How many looks stand on a page at most.
    pub const MOST: usize = 100;
}

/// That somebody's record was in an inspection pack.
pub(crate) const INSERT_LOOK_AT_PACK: &str =
    "INSERT INTO look (id, person_id, seen_by, thing, looked_at) VALUES ($1, $2, $3, $4, $5)";

const INSERT_LOOK: &str = "INSERT INTO look (id, person_id, seen_by, thing, looked_at) SELECT $1, $2, $3, $4, $5 \
     WHERE NOT EXISTS (SELECT 1 FROM look l WHERE l.person_id = $2 AND l.seen_by = $3 AND l.thing = $4 AND l.looked_at > $6 AND l.looked_at <= $5)";

const COUNT_LOOKS: &str = "SELECT COUNT(*) FROM look WHERE person_id = $1 AND thing LIKE 'signature/%'";

const COUNT_ALL_LOOKS: &str = "SELECT COUNT(*) FROM look WHERE person_id = $1";

const COUNT_RECORD_LOOKS: &str = "SELECT COUNT(*) FROM look WHERE person_id = $1 AND thing NOT LIKE 'signature/%'";

/// $5 is a part of the name of whose record it is and $6 of who looked, $7 and $8 are the first and the last moment, $9 and $10 before which look,
/// $11 is how many.
macro_rules! looks {
    ($from:literal) => {
        concat!(
            "SELECT l.id, l.looked_at, (SELECT d.name FROM person_detail d WHERE d.person_id = l.seen_by), \
               (SELECT d.name FROM person_detail d WHERE d.person_id = l.person_id), l.thing FROM ",
            $from,
            " AND ($5 = '' OR (SELECT o.name_key FROM person_detail o WHERE o.person_id = l.person_id) LIKE $5 ESCAPE '!') \
               AND ($6 = '' OR (SELECT b.name_key FROM person_detail b WHERE b.person_id = l.seen_by) LIKE $6 ESCAPE '!') \
               AND l.looked_at >= $7 AND l.looked_at <= $8 AND (l.looked_at < $9 OR (l.looked_at = $9 AND l.id < $10)) \
             ORDER BY l.looked_at DESC, l.id DESC LIMIT $11"
        )
    };
}

/// Looks at anybody, the newest first.
const LIST_ALL_LOOKS: &str =
    concat!(scope_tree!(), looks!("look l WHERE EXISTS (SELECT 1 FROM held WHERE group_id IS NULL)"));

/// Looks at those whom somebody sees who does not see everybody; likewise.
const LIST_LOOKS: &str =
    concat!(scope_tree!(), scope_people!(), looks!("seen CROSS JOIN look l WHERE l.person_id = seen.person_id"));

const FIND_MOMENT: &str = "SELECT looked_at FROM look WHERE id = $1";

type LookRow = (LookId, DateTime<Utc>, Option<String>, Option<String>, String);

impl Engine {
    /// Notes that somebody looked at what proves a signature of another. Nothing of it is shown to them that could not be noted.
    pub(crate) async fn note_look(
        &self,
        reader: &Person,
        person: PersonId,
        signature: SignatureId,
    ) -> Result<(), StoreError> {
        self.note_look_at(reader, person, format!("signature/{signature}")).await
    }

    /// Notes that somebody looked at something of another.
    pub(crate) async fn note_look_at(
        &self,
        reader: &Person,
        person: PersonId,
        thing: String,
    ) -> Result<(), StoreError> {
        if reader.id == person {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        change!(
            tx,
            sqlx::query(INSERT_LOOK)
                .bind(self.new_id(now))
                .bind(person)
                .bind(reader.id)
                .bind(thing)
                .bind(now)
                .bind(now - ONE_LOOK)
        )?;
        tx.commit().await
    }

    /// How often others have opened somebody's record, or answers of theirs.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn looks_at_record(&self, person: &Person) -> Result<u64, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_RECORD_LOOKS)
            .bind(person.id).fetch_one(conn).await)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// How often others have opened anything of somebody's that is noted: their record, their answers, what they signed, what is held about them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn looks_at_anything(&self, person: &Person) -> Result<u64, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 =
            on!(conn.link(), conn => sqlx::query_scalar(COUNT_ALL_LOOKS).bind(person.id).fetch_one(conn).await)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The looks at the records of those whose evidence somebody may see, the newest first, a page at a time: those after the one that stood last on the
    /// page before.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when `after` is no look.
    pub async fn looks(&self, reader: &Person, which: &WhichLooks, after: Option<LookId>) -> Looked<LooksPage> {
        let now = self.clock.now();
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, now) else { return Ok(LooksPage::default()) };
        let statement = if scope.is_everywhere() { LIST_ALL_LOOKS } else { LIST_LOOKS };
        let first = which.from.map_or(DateTime::<Utc>::UNIX_EPOCH, |day| from_local(day.and_time(NaiveTime::MIN)));
        let last = which.to.map_or(now, end_of);
        let mut conn = self.store.read().await?;
        let (moment, id) = match after {
            None => (last, LookId(Uuid::max())),
            Some(id) => {
                let at: Option<DateTime<Utc>> =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_MOMENT).bind(id).fetch_optional(conn).await)?;
                (at.ok_or(Refused::NotFound)?, id)
            }
        };
        let (of, by) = (part_of_name(&which.of), part_of_name(&which.by));
        let most = i64::try_from(LooksPage::MOST + 1).unwrap_or(i64::MAX);
        let rows: Vec<LookRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(statement), scope)
            .bind(&of).bind(&by).bind(first).bind(last).bind(moment).bind(id).bind(most).fetch_all(conn).await)?;
        let look = |(id, at, by, of, thing): LookRow| {
            let signature = thing.strip_prefix("signature/").and_then(SignatureId::parse);
            Look { id, at, by, of, signature, thing }
        };
        let mut looks: Vec<Look> = rows.into_iter().map(look).collect();
        let is_last = looks.len() <= LooksPage::MOST;
        looks.truncate(LooksPage::MOST);
        let next = looks.last().filter(|_| !is_last).map(|last| last.id);
        Ok(LooksPage { looks, next })
    }
}

/// What somebody typed of a name, as the statements take it. Empty: nothing is asked for.
fn part_of_name(typed: &str) -> String {
    let key = name_key(typed.trim()).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    if key.is_empty() { key } else { format!("%{key}%") }
}

/// How often others have looked at what proves what somebody has signed.
pub(super) async fn count_looks(conn: &mut Conn, person: PersonId) -> Result<u64, StoreError> {
    let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_LOOKS).bind(person).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}
