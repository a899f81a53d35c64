use audit::Fact;
use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    may_organise::{Over, may_organise, may_organise_with_duties},
    person::is_there,
};
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, local_date, said_day},
    log::{Act, Row, Said},
    record::{Actor, DayFault, Duty, Role, Since},
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// Why nobody left or came back. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum StayError {
    /// Nobody records of themselves that they leave or come back: it decides what is asked of them.
    #[error("nobody records of themselves that they leave or come back")]
    Oneself,
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They have left already.
    #[error("they have left already")]
    NotHere,
    /// It is recorded when they leave, and that day can only be brought forward.
    #[error("it is recorded that they leave on {}: choose an earlier day, or that they are back from then on", said_day(*.leaves_on))]
    LeavesSooner {
        /// The first day on which they are no longer to be here.
        leaves_on: NaiveDate,
    },
    /// They are here, or are to begin.
    #[error("they have not left: they are here from {} on", said_day(*.begins_on))]
    StillHere {
        /// The first day of that stay.
        begins_on: NaiveDate,
    },
    /// They were still here then.
    #[error("they cannot come back before {}, when they left", said_day(*.left_on))]
    BeforeTheyLeft {
        /// The first day on which they were no longer here.
        left_on: NaiveDate,
    },
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_OPEN: &str = "SELECT begins_on FROM stay WHERE person_id = $1 AND ends_before IS NULL";

/// The stay that nobody has ended, or the last that has not come to its end on the day $2.
const FIND_STAY: &str = "SELECT id, begins_on, ends_before FROM stay \
     WHERE person_id = $1 AND (ends_before IS NULL OR (ends_before > $2 AND ends_before > begins_on)) \
     ORDER BY CASE WHEN ends_before IS NULL THEN 0 ELSE 1 END, ends_before DESC LIMIT 1";

const FIND_DUTIES: &str =
    "SELECT group_id FROM duty WHERE person_id = $1 AND (ends_before IS NULL OR ends_before > $2)";

/// How many stays somebody has, and when the last ended of those that held on a day.
const FIND_LAST_END: &str =
    "SELECT COUNT(*), MAX(CASE WHEN ends_before > begins_on THEN ends_before END) FROM stay WHERE person_id = $1";

const END_STAY: &str = "UPDATE stay SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE person_id = $1 AND ends_before IS NULL RETURNING id";

const INSERT_STAY: &str =
    "INSERT INTO stay (id, person_id, begins_on, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)";

/// A duty that was to begin later is ended on the day on which it begins: it never holds.
const END_DUTIES: &str = "UPDATE duty SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE person_id = $1 AND ends_before IS NULL RETURNING id, role, group_id";

const KEEP_END_OF_STAY: &str = "INSERT INTO brought_forward (id, person_id, stay_id, was_to_end_before, end_recorded_at, end_recorded_by, ends_before, \
       recorded_at, recorded_by) \
     SELECT $1, person_id, id, ends_before, end_recorded_at, end_recorded_by, $3, $4, $5 FROM stay WHERE id = $2";

const END_STAY_SOONER: &str =
    "UPDATE stay SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1";

/// The duties that were to end later than on the day $2, of which the end has not come, or than on the day on which they begin, if that is later.
const FIND_LATER_DUTIES: &str = "SELECT id, role, group_id, begins_on FROM duty \
     WHERE person_id = $1 AND ends_before > $2 AND ends_before > begins_on ORDER BY id";

const KEEP_END_OF_DUTY: &str = "INSERT INTO brought_forward (id, person_id, duty_id, was_to_end_before, end_recorded_at, end_recorded_by, ends_before, \
       recorded_at, recorded_by) \
     SELECT $1, person_id, id, ends_before, end_recorded_at, end_recorded_by, $3, $4, $5 FROM duty WHERE id = $2";

const END_DUTY_SOONER: &str =
    "UPDATE duty SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1";

const END_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1";

const END_OTHER_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1 AND id_sha256 <> $2";

/// A stay that is not over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stay {
    id: Uuid,
    /// Its first day.
    pub begins_on: NaiveDate,
    /// The first day on which it is to be over. `None`: nobody has ended it.
    pub leaves_on: Option<NaiveDate>,
}

impl Stay {
    /// Whether it is the stay of this row.
    pub(crate) fn is(&self, row: Uuid) -> bool {
        self.id == row
    }
}

impl Engine {
    /// Records that somebody leaves: `on` is the first day on which they are no longer here. Where it is recorded that they leave on a later day,
    /// that is brought forward. Their duties end with it, also those that were to begin or to end later, and their sessions at once if that day has
    /// come. Nothing of what they did is lost. Who looks after others than whoever writes does is for somebody to do who looks after those as well.
    ///
    /// # Errors
    /// [`StayError`]; nothing has been written.
    pub async fn leave(&self, person: PersonId, on: NaiveDate, by: Actor) -> Result<(), StayError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let act = self.leave_on(&mut tx, person, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the person and that seals the act.
    pub(crate) async fn leave_on(&self, tx: &mut Tx, person: PersonId, since: Since) -> Result<Act, StayError> {
        let stay = stay_to_end(tx, person, since).await?;
        let mut act = self.act_since(person, since);
        self.end_stay(tx, person, stay, since, &mut act).await?;
        if since.begins_on <= local_date(since.recorded_at) {
            end_sessions(tx, person).await?;
        }
        Ok(act)
    }

    /// Records that somebody who left is here again from a day on. Duties are given to them anew.
    ///
    /// # Errors
    /// [`StayError`]; nothing has been written.
    pub async fn come_back(&self, person: PersonId, on: NaiveDate, by: Actor) -> Result<(), StayError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let act = self.come_back_on(&mut tx, person, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the person and that seals the act.
    pub(crate) async fn come_back_on(&self, tx: &mut Tx, person: PersonId, since: Since) -> Result<Act, StayError> {
        if since.by == Actor::Person(person) {
            return Err(StayError::Oneself);
        }
        if !may_organise(tx, since.by, Over::Person(person), local_date(since.recorded_at)).await? {
            return Err(StayError::NotTheirs);
        }
        if let Some(begins_on) = find_open(tx, person).await? {
            return Err(StayError::StillHere { begins_on });
        }
        let (stays, last): (i64, Option<NaiveDate>) = on!(tx.link(), conn => sqlx::query_as(FIND_LAST_END)
            .bind(person).fetch_one(conn).await)?;
        if stays == 0 {
            return Err(StayError::NoSuchPerson);
        }
        if let Some(left_on) = last.filter(|left_on| since.begins_on < *left_on) {
            return Err(StayError::BeforeTheyLeft { left_on });
        }
        let id = self.new_id(since.recorded_at);
        insert_stay(tx, id, person, since).await?;
        Ok(self.act_since(person, since).saying(Said::Plain(Fact::Began), Row::of("stay", id)))
    }

    /// Ends a stay, or brings its end forward, and the duties with it: who comes back is given them anew. The act says so. A stay that was to end later
    /// and had not begun ends on the day on which it begins.
    pub(crate) async fn end_stay(
        &self,
        tx: &mut Tx,
        person: PersonId,
        stay: Stay,
        since: Since,
        act: &mut Act,
    ) -> Result<(), StoreError> {
        match stay.leaves_on {
            None => {
                let ended: Vec<Uuid> = on!(tx.link(), conn => sqlx::query_scalar(END_STAY)
                    .bind(person)
                    .bind(since.begins_on)
                    .bind(since.recorded_at)
                    .bind(since.by.to_string())
                    .fetch_all(conn)
                    .await)?;
                StoreError::unless_one(ended.len() as u64)?;
                act.says(Said::Plain(Fact::Left), Row::of("stay/end", stay.id));
            }
            Some(_) => {
                let sooner = Since { begins_on: stay.begins_on.max(since.begins_on), ..since };
                let kept = self.bring_forward(tx, (KEEP_END_OF_STAY, END_STAY_SOONER), stay.id, sooner).await?;
                act.says(Said::Plain(Fact::Left), Row::of("brought_forward", kept));
            }
        }
        self.end_duties(tx, person, since, act).await
    }

    /// Ends every duty of somebody, also those that were to end later. The act says so.
    pub(crate) async fn end_duties(
        &self,
        tx: &mut Tx,
        person: PersonId,
        since: Since,
        act: &mut Act,
    ) -> Result<(), StoreError> {
        let duties: Vec<(Uuid, String, Option<GroupId>)> = on!(tx.link(), conn => sqlx::query_as(END_DUTIES)
            .bind(person).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string()).fetch_all(conn).await)?;
        for (id, role, over) in duties {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            act.says(Said::DutyEnded(Duty { role, over }), Row::of("duty/end", id));
        }
        let later: Vec<(Uuid, String, Option<GroupId>, NaiveDate)> = on!(tx.link(), conn => sqlx::query_as(FIND_LATER_DUTIES)
            .bind(person).bind(since.begins_on.max(local_date(since.recorded_at))).fetch_all(conn).await)?;
        for (id, role, over, begins_on) in later {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            let sooner = Since { begins_on: begins_on.max(since.begins_on), ..since };
            let kept = self.bring_forward(tx, (KEEP_END_OF_DUTY, END_DUTY_SOONER), id, sooner).await?;
            act.says(Said::DutyEnded(Duty { role, over }), Row::of("brought_forward", kept));
        }
        Ok(())
    }

    /// Brings forward the end of a duty that has one. Gives the id of what is kept of the former.
    pub(super) async fn end_duty_sooner(&self, tx: &mut Tx, duty: Uuid, since: Since) -> Result<Uuid, StoreError> {
        self.bring_forward(tx, (KEEP_END_OF_DUTY, END_DUTY_SOONER), duty, since).await
    }

    /// Keeps the end that was recorded of a row and writes the one in its place. Gives the id of what was kept.
    async fn bring_forward(
        &self,
        tx: &mut Tx,
        (keep, end): (&'static str, &'static str),
        row: Uuid,
        since: Since,
    ) -> Result<Uuid, StoreError> {
        let id = self.new_id(since.recorded_at);
        let by = since.by.to_string();
        change_one!(
            tx,
            sqlx::query(keep).bind(id).bind(row).bind(since.begins_on).bind(since.recorded_at).bind(by.clone())
        )?;
        change_one!(tx, sqlx::query(end).bind(row).bind(since.begins_on).bind(since.recorded_at).bind(by.clone()))?;
        Ok(id)
    }
}

/// The stay of somebody that ends with a day, or ends sooner, in the transaction that has locked the person and is to write it.
async fn stay_to_end(tx: &mut Tx, person: PersonId, since: Since) -> Result<Stay, StayError> {
    if since.by == Actor::Person(person) {
        return Err(StayError::Oneself);
    }
    let today = local_date(since.recorded_at);
    if !may_organise_with_duties(tx, since.by, person, today).await? {
        return Err(StayError::NotTheirs);
    }
    let Some(stay) = find_stay(tx, person, today).await? else {
        return Err(if is_there(tx, person).await? { StayError::NotHere } else { StayError::NoSuchPerson });
    };
    DayFault::unless_begun(stay.begins_on, since)?;
    match stay.leaves_on {
        Some(leaves_on) if since.begins_on >= leaves_on => Err(StayError::LeavesSooner { leaves_on }),
        _ => Ok(stay),
    }
}

/// Over whom somebody has duties on a day, or will have.
pub(super) async fn find_duties(
    on_what: &mut impl Linked,
    person: PersonId,
    today: NaiveDate,
) -> Result<Vec<Over>, StoreError> {
    let over: Vec<Option<GroupId>> =
        on!(on_what.link(), conn => sqlx::query_scalar(FIND_DUTIES).bind(person).bind(today).fetch_all(conn).await)?;
    Ok(over.into_iter().map(|over| over.map_or(Over::Everything, Over::Group)).collect())
}

/// When the stay began that nobody has ended. `None`: they are not here, or it is recorded when they leave.
async fn find_open(tx: &mut Tx, person: PersonId) -> Result<Option<NaiveDate>, StoreError> {
    on!(tx.link(), conn => sqlx::query_scalar(FIND_OPEN).bind(person).fetch_optional(conn).await)
}

/// The stay of somebody that is not over on a day. `None`: they are not here, and are not to begin.
pub(crate) async fn find_stay(tx: &mut Tx, person: PersonId, day: NaiveDate) -> Result<Option<Stay>, StoreError> {
    let found: Option<(Uuid, NaiveDate, Option<NaiveDate>)> = on!(tx.link(), conn => sqlx::query_as(FIND_STAY)
        .bind(person).bind(day).fetch_optional(conn).await)?;
    Ok(found.map(|(id, begins_on, leaves_on)| Stay { id, begins_on, leaves_on }))
}

/// Ends every session of somebody.
pub(crate) async fn end_sessions(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    change!(tx, sqlx::query(END_SESSIONS).bind(person))?;
    Ok(())
}

/// Ends every session of somebody but one, by the digest of its id. Says how many those were.
pub(super) async fn end_sessions_but(tx: &mut Tx, person: PersonId, digest: &str) -> Result<u64, StoreError> {
    change!(tx, sqlx::query(END_OTHER_SESSIONS).bind(person).bind(digest))
}

pub(crate) async fn insert_stay(tx: &mut Tx, id: Uuid, person: PersonId, since: Since) -> Result<(), StoreError> {
    change_one!(
        tx,
        sqlx::query(INSERT_STAY)
            .bind(id)
            .bind(person)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
    )
}
