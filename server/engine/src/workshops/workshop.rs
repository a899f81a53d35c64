use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::ModuleSlug;

use crate::{
    ground::{GroupId, PersonId, WorkshopId, local_date},
    record::{Actor, PersonFacts, WORKSHOP_CONFIRMED_WITHIN, WORKSHOP_LISTED_SINCE},
    store::{Linked, StoreError, on},
};

/// A workshop, as it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workshop {
    /// Which.
    pub id: WorkshopId,
    /// Which module is worked through.
    pub module: ModuleSlug,
    /// For whom: those of this group and of those below it. `None`: everybody.
    pub group: Option<GroupId>,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// What is typed on the day by those who are there, as it is kept.
    pub code: String,
    /// Who planned it, and leads it.
    pub leader: Option<PersonId>,
    /// When it was called off. `None`: it was not.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Workshop {
    /// One that began so long ago or less is listed among those to come, until its day is over.
    pub(crate) const LISTED_SINCE: TimeDelta = WORKSHOP_LISTED_SINCE;

    /// For how long after it began whoever leads it says who was there.
    pub const CONFIRMED_WITHIN: TimeDelta = WORKSHOP_CONFIRMED_WITHIN;

    /// The day on which it is.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        local_date(self.starts_at)
    }

    /// Whether it is for somebody, by where they belong on its day, or on their first day where they are to begin later.
    #[must_use]
    pub(crate) fn is_for(&self, facts: &PersonFacts) -> bool {
        self.group.is_none_or(|group| facts.belongs_to(group, self.day()))
    }

    /// Whether its code is taken at a moment: on its day, until it is called off.
    #[must_use]
    pub fn takes_code(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && local_date(now) == self.day()
    }

    /// Whether it is said at a moment who was there.
    #[must_use]
    pub fn is_confirmed_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.starts_at <= now && now < self.starts_at + Self::CONFIRMED_WITHIN
    }

    /// Whether it is said at a moment of somebody that they were there, by what became of the pass that they had by it last: also within as long of when that was
    /// withdrawn. `None`: they never had any.
    #[must_use]
    pub(crate) fn is_said_of(&self, withdrawn_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        let again = withdrawn_at.is_some_and(|at| now < at + Self::CONFIRMED_WITHIN);
        self.is_confirmed_at(now) || again && self.ended_at.is_none()
    }

    /// Whether whoever leads it signs people in at a moment who cannot type its code: on its day, and as long as it is said who was there.
    #[must_use]
    pub fn signs_in_at(&self, now: DateTime<Utc>) -> bool {
        self.takes_code(now) || self.is_confirmed_at(now)
    }

    /// The code as it is shown: `ABCD-EFGH`.
    #[must_use]
    pub fn shown_code(&self) -> String {
        let (first, second) = self.code.split_at(self.code.len() / 2);
        format!("{first}-{second}")
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct WorkshopRow {
    id: WorkshopId,
    module: String,
    group_id: Option<GroupId>,
    starts_at: DateTime<Utc>,
    place: String,
    code: String,
    recorded_by: String,
    ended_at: Option<DateTime<Utc>>,
}

impl TryFrom<WorkshopRow> for Workshop {
    type Error = StoreError;

    fn try_from(row: WorkshopRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("workshop"))?,
            group: row.group_id,
            starts_at: row.starts_at,
            place: row.place,
            code: row.code,
            leader: Actor::parse(&row.recorded_by).and_then(Actor::person),
            ended_at: row.ended_at,
        })
    }
}

/// What is read of a workshop, from `w`.
macro_rules! workshop_columns {
    () => {
        "w.id, w.module, w.group_id, w.starts_at, w.place, w.code, w.recorded_by, w.ended_at"
    };
}
pub(super) use workshop_columns;

const FIND_WORKSHOP: &str = concat!("SELECT ", workshop_columns!(), " FROM workshop w WHERE w.id = $1");

/// The workshop of that id. `None`: there is none.
pub(super) async fn find_workshop(on_what: &mut impl Linked, id: WorkshopId) -> Result<Option<Workshop>, StoreError> {
    let row: Option<WorkshopRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_WORKSHOP).bind(id).fetch_optional(conn).await)?;
    row.map(Workshop::try_from).transpose()
}
