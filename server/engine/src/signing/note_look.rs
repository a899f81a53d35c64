use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    engine::Engine,
    ground::{PersonId, SignatureId},
    people::{Person, Right, Scope, by_scope, scope_people, scope_tree},
    store::{Conn, Linked as _, StoreError, change, on},
};

/// Somebody who opens the same again within this time has looked once.
const ONE_LOOK: TimeDelta = TimeDelta::minutes(15);

/// A look at what proves what somebody has signed, or at what is held about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
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

/// That somebody's record was in an inspection pack.
pub(crate) const INSERT_LOOK_AT_PACK: &str =
    "INSERT INTO look (id, person_id, seen_by, thing, looked_at) VALUES ($1, $2, $3, $4, $5)";

/// How many looks are listed.
const MOST: i64 = 200;

const INSERT_LOOK: &str = "INSERT INTO look (id, person_id, seen_by, thing, looked_at) SELECT $1, $2, $3, $4, $5 \
     WHERE NOT EXISTS (SELECT 1 FROM look l WHERE l.person_id = $2 AND l.seen_by = $3 AND l.thing = $4 AND l.looked_at > $6 AND l.looked_at <= $5)";

const COUNT_LOOKS: &str = "SELECT COUNT(*) FROM look WHERE person_id = $1 AND thing LIKE 'signature/%'";

const COUNT_RECORD_LOOKS: &str = "SELECT COUNT(*) FROM look WHERE person_id = $1 AND thing NOT LIKE 'signature/%'";

/// $5 is how many.
macro_rules! looks {
    ($from:literal) => {
        concat!(
            "SELECT l.looked_at, (SELECT d.name FROM person_detail d WHERE d.person_id = l.seen_by), \
               (SELECT d.name FROM person_detail d WHERE d.person_id = l.person_id), l.thing FROM ",
            $from,
            " ORDER BY l.looked_at DESC, l.id DESC LIMIT $5"
        )
    };
}

/// The newest looks at anybody, $5 at most.
const LIST_ALL_LOOKS: &str =
    concat!(scope_tree!(), looks!("look l WHERE EXISTS (SELECT 1 FROM held WHERE group_id IS NULL)"));

/// The newest looks at those whom somebody sees who does not see everybody, $5 at most.
const LIST_LOOKS: &str =
    concat!(scope_tree!(), scope_people!(), looks!("seen CROSS JOIN look l WHERE l.person_id = seen.person_id"));

type LookRow = (DateTime<Utc>, Option<String>, Option<String>, String);

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

    /// The newest looks at the records of those whose evidence somebody may see, at most 200. Empty: there is nobody.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn looks(&self, reader: &Person) -> Result<Vec<Look>, StoreError> {
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, self.clock.now()) else { return Ok(Vec::new()) };
        let statement = if scope.is_everywhere() { LIST_ALL_LOOKS } else { LIST_LOOKS };
        let mut conn = self.store.read().await?;
        let rows: Vec<LookRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(statement), scope)
            .bind(MOST).fetch_all(conn).await)?;
        let look = |(at, by, of, thing): LookRow| {
            let signature = thing.strip_prefix("signature/").and_then(SignatureId::parse);
            Look { at, by, of, signature, thing }
        };
        Ok(rows.into_iter().map(look).collect())
    }
}

/// How often others have looked at what proves what somebody has signed.
pub(super) async fn count_looks(conn: &mut Conn, person: PersonId) -> Result<u64, StoreError> {
    let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_LOOKS).bind(person).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}
