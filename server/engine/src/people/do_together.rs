//! What is done to several people at once: all of it in one transaction, so that it is done for each of them or for none; noted as one, so
//! that it can be shown as one and undone as one.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Person, Right, Scope,
    scope::{ListedPerson, find_in_scope, scope_tree},
};
use crate::{
    engine::Engine,
    ground::{AssignmentId, ExemptionId, PersonId, TextFault, TogetherId},
    log::{Act, Row, Said},
    record::{Actor, DayFault},
    store::{Linked as _, StoreError, Tx, change, change_one, insert_all, on},
};

/// How many people something is done to at once: others wait meanwhile.
pub const MOST_TOGETHER: usize = 500;

/// What is done to several people at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Together {
    /// They are given a programme.
    Assign,
    /// They are excused from a module or an agreement.
    Exempt,
    /// They are given attempts.
    GiveAttempts,
    /// They are written to.
    Remind,
}

impl Together {
    /// The table of the rows that are written, as the database has it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Assign => "assignment",
            Self::Exempt => "exemption",
            Self::GiveAttempts => "attempts_given",
            Self::Remind => "reminder",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        [Self::Assign, Self::Exempt, Self::GiveAttempts, Self::Remind].into_iter().find(|kind| kind.code() == code)
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidTogether {
    /// As what it is kept.
    pub id: TogetherId,
    /// To how many people it was done.
    pub done: usize,
}

/// Why nothing was done to anybody. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum TogetherError {
    /// It is not for them to do, or not to any of these people.
    #[error("this is not for you to do")]
    NotForYou,
    /// These are more than [`MOST_TOGETHER`].
    #[error("these are too many at once")]
    TooMany,
    /// There is nobody among them to whom it could be done: all of them have it already.
    #[error("there is nobody left to do it to")]
    Nobody,
    /// No such programme, module or agreement is published.
    #[error("nothing of that name is published")]
    NoSuchThing,
    /// The reason cannot be kept.
    #[error("the reason cannot be used: {0}")]
    Reason(TextFault),
    /// It would end before or as it begins.
    #[error("it would end before it begins")]
    NoTime,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_TOGETHER: &str = "INSERT INTO done_together (id, kind, recorded_at, person_id) VALUES ($1, $2, $3, $4)";

const INSERT_ROWS: &str = "INSERT INTO done_together_row (done_id, row_id)";

/// For whoever did it, and for whoever looks after everybody. $4 is what was done.
const FIND_TOGETHER: &str = concat!(
    scope_tree!(),
    "SELECT t.kind, t.recorded_at, t.person_id, COALESCE((SELECT d.name FROM person_detail d WHERE d.person_id = t.person_id), '') \
     FROM done_together t WHERE t.id = $4 AND (t.person_id = $1 OR EXISTS (SELECT 1 FROM held WHERE group_id IS NULL))"
);

/// The assignments that were made together and have not ended. `CROSS JOIN` has SQLite go from the few to the many, here and below.
const FIND_ASSIGNMENTS: &str = "SELECT a.id, a.person_id, a.begins_on FROM done_together_row r CROSS JOIN assignment a \
     WHERE r.done_id = $1 AND a.id = r.row_id AND a.person_id IS NOT NULL AND a.ends_before IS NULL ORDER BY a.person_id";

const FIND_EXEMPTIONS: &str = "SELECT e.id, e.person_id, e.begins_on FROM done_together_row r CROSS JOIN exemption e \
     WHERE r.done_id = $1 AND e.id = r.row_id AND e.ends_before IS NULL ORDER BY e.person_id";

const END_ASSIGNMENT: &str = "UPDATE assignment SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

const END_EXEMPTION: &str = "UPDATE exemption SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

/// A transaction in which something is done to people, who are locked.
pub(super) struct Doing {
    pub tx: Tx,
    pub people: Vec<ListedPerson>,
}

impl Engine {
    /// Begins to do something to those of these people whom somebody may do it to.
    pub(super) async fn begin_together(&self, by: &Person, people: &[PersonId]) -> Result<Doing, TogetherError> {
        if people.len() > MOST_TOGETHER {
            return Err(TogetherError::TooMany);
        }
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(TogetherError::NotForYou)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        tx.lock_several(people).await?;
        let people = find_in_scope(&mut tx, &scope, people).await?;
        if people.is_empty() { Err(TogetherError::NotForYou) } else { Ok(Doing { tx, people }) }
    }

    /// Which of several people somebody may give programmes to or excuse, with their names, in the order in which they were named.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn may_organise(&self, by: &Person, people: &[PersonId]) -> Result<Vec<ListedPerson>, StoreError> {
        match Scope::of(by, Right::Assign, self.clock.now()) {
            Some(scope) => find_in_scope(&mut self.store.read().await?, &scope, people).await,
            None => Ok(Vec::new()),
        }
    }

    /// Ends what was done to several people at once, from today on, or from its beginning where that lies ahead: for those who are still
    /// theirs to do it to, and so far as nobody has ended it since. Whoever did it does so, or who looks after everybody. What it has asked or
    /// excused until then stays on record. Attempts that were given cannot be taken back, nor letters that were written. Gives for how many it
    /// was ended.
    ///
    /// # Errors
    /// [`TogetherError::NotForYou`] when it is not theirs to end, or they may no longer end it for anybody; [`TogetherError::Nobody`] when
    /// there is nothing of it to end.
    pub async fn undo_together(&self, by: &Person, id: TogetherId) -> Result<usize, TogetherError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(TogetherError::NotForYou)?;
        let since = self.since_today(Actor::Person(by.id));
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let kind = find_together(&mut tx, &scope, id).await?.ok_or(TogetherError::NotForYou)?.kind;
        let find = match kind {
            Together::Assign => FIND_ASSIGNMENTS,
            Together::Exempt => FIND_EXEMPTIONS,
            Together::GiveAttempts | Together::Remind => return Err(TogetherError::Nobody),
        };
        let open: Vec<(Uuid, PersonId, NaiveDate)> =
            on!(tx.link(), conn => sqlx::query_as(find).bind(id).fetch_all(conn).await)?;
        if open.is_empty() {
            return Err(TogetherError::Nobody);
        }
        let people: Vec<PersonId> = open.iter().map(|(_, person, _)| *person).collect();
        tx.lock_several(&people).await?;
        let theirs = find_in_scope(&mut tx, &scope, &people).await?;
        let mut acts: Vec<Act> = Vec::new();
        for (row, person, begins_on) in open {
            if theirs.iter().all(|listed| listed.id != person) {
                continue;
            }
            let since = crate::record::Since { begins_on: since.begins_on.max(begins_on), ..since };
            let end = if kind == Together::Assign { END_ASSIGNMENT } else { END_EXEMPTION };
            let ended = change!(
                tx,
                sqlx::query(end).bind(row).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
            )?;
            if ended == 0 {
                continue;
            }
            let (said, row) = match kind {
                Together::Assign => {
                    (Said::AssignmentEnded(AssignmentId(row)), Row::of("assignment/end", AssignmentId(row)))
                }
                _ => (Said::ExemptionEnded(ExemptionId(row)), Row::of("exemption/end", ExemptionId(row))),
            };
            acts.push(self.act_since(person, since).saying(said, row));
        }
        let ended = acts.len();
        if ended == 0 {
            return Err(TogetherError::NotForYou);
        }
        self.seal(tx, acts).await?;
        Ok(ended)
    }
}

/// What was done together, when and by whom.
pub(crate) struct FoundTogether {
    pub kind: Together,
    pub at: DateTime<Utc>,
    pub by: PersonId,
    /// Empty: it has been erased.
    pub by_name: String,
}

/// What was done together, for whoever did it and for whoever looks after everybody. `None`: it is neither's.
pub(crate) async fn find_together(
    on_what: &mut impl crate::store::Linked,
    scope: &Scope,
    id: TogetherId,
) -> Result<Option<FoundTogether>, StoreError> {
    let row: Option<(String, DateTime<Utc>, PersonId, String)> = on!(on_what.link(), conn => sqlx::query_as(FIND_TOGETHER)
        .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).bind(id).fetch_optional(conn).await)?;
    let read = |(kind, at, by, by_name): (String, DateTime<Utc>, PersonId, String)| {
        let kind = Together::parse(&kind).ok_or_else(|| StoreError::unreadable("what was done together"))?;
        Ok(FoundTogether { kind, at, by, by_name })
    };
    row.map(read).transpose()
}

/// Notes that these rows were written together.
pub(crate) async fn note_together(
    tx: &mut Tx,
    id: TogetherId,
    kind: Together,
    at: DateTime<Utc>,
    by: PersonId,
    rows: &[Uuid],
) -> Result<(), StoreError> {
    change_one!(tx, sqlx::query(INSERT_TOGETHER).bind(id).bind(kind.code()).bind(at).bind(by))?;
    insert_all!(tx, INSERT_ROWS, 2, rows, |query, row| query.bind(id).bind(row))
}
