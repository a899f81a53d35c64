use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::ModuleSlug;

use super::{Actor, actor::find_names};
use crate::{
    ground::{DiscussionId, PersonId},
    store::{Conn, Linked, StoreError, on},
};

/// That a module was worked through side by side: whoever had somebody in their care says so, and they say themselves whether it was so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discussion {
    /// Which.
    pub id: DiscussionId,
    /// With whom.
    pub person: PersonId,
    /// Which module.
    pub module: ModuleSlug,
    /// The number of the version whose run sheet was followed.
    pub version: u32,
    /// Which edition that version belongs to.
    pub edition: u32,
    /// On which day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// When it was marked as held.
    pub recorded_at: DateTime<Utc>,
    /// Who held it, and marked it as held. `None`: nobody who is signed in.
    pub tutor: Option<PersonId>,
    /// Their name, if that is kept.
    pub tutor_name: Option<String>,
    /// Whether they say themselves that it was held, and when they said so. `None`: they have not said it yet.
    pub answer: Option<(bool, DateTime<Utc>)>,
}

impl Discussion {
    /// For how long after it was marked as held they say whether it was.
    pub const ANSWERED_WITHIN: TimeDelta = TimeDelta::days(14);

    /// Whether both confirmed it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.answer.is_some_and(|(held, _)| held)
    }

    /// Whether they are asked at a moment whether it was held.
    #[must_use]
    pub fn waits_at(&self, now: DateTime<Utc>) -> bool {
        self.answer.is_none() && now < self.recorded_at + Self::ANSWERED_WITHIN
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct DiscussionRow {
    id: DiscussionId,
    person_id: PersonId,
    module: String,
    version: i64,
    edition: i64,
    held_on: NaiveDate,
    place: String,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
    held: Option<bool>,
    answered_at: Option<DateTime<Utc>>,
}

impl TryFrom<DiscussionRow> for Discussion {
    type Error = StoreError;

    /// Without the name of the tutor, which stands elsewhere.
    fn try_from(row: DiscussionRow) -> Result<Self, StoreError> {
        let count = |number: i64| u32::try_from(number).map_err(|_| StoreError::unreadable("discussion"));
        Ok(Self {
            id: row.id,
            person: row.person_id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("discussion"))?,
            version: count(row.version)?,
            edition: count(row.edition)?,
            held_on: row.held_on,
            place: row.place,
            recorded_at: row.recorded_at,
            tutor: Actor::parse(&row.recorded_by).and_then(Actor::person),
            tutor_name: None,
            answer: row.held.zip(row.answered_at),
        })
    }
}

/// What is read of a discussion, from `d` and its answer, `a`.
macro_rules! discussion_columns {
    () => {
        "d.id, d.person_id, d.module, d.version, d.edition, d.held_on, d.place, d.recorded_at, d.recorded_by, a.held, a.answered_at \
         FROM discussion d LEFT JOIN discussion_answer a ON a.discussion_id = d.id"
    };
}
pub(crate) use discussion_columns;

const FIND_DISCUSSIONS: &str =
    concat!("SELECT ", discussion_columns!(), " WHERE d.person_id = $1 ORDER BY d.recorded_at DESC, d.id DESC");

const FIND_UNUSED: &str = concat!(
    "SELECT ",
    discussion_columns!(),
    " WHERE d.person_id = $1 AND d.module = $2 AND d.edition = $3 AND a.held \
       AND d.recorded_at > COALESCE((SELECT MAX(c.completed_at) FROM completion c WHERE c.person_id = $1 AND c.module = $2), $4) \
     ORDER BY d.recorded_at DESC, d.id DESC LIMIT 1"
);

/// All discussions with somebody, the newest first, without the names of tutors.
pub(crate) async fn find_discussions(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Vec<Discussion>, StoreError> {
    let rows: Vec<DiscussionRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_DISCUSSIONS).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Discussion::try_from).collect()
}

/// Gives discussions the names of their tutors, and says what everybody in them is called, so far as these are kept.
pub(crate) async fn name_tutors(
    conn: &mut Conn,
    held: impl IntoIterator<Item = &mut Discussion>,
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let held: Vec<&mut Discussion> = held.into_iter().collect();
    let people = held.iter().flat_map(|one| [Some(one.person), one.tutor]).flatten().collect();
    let names = find_names(conn, &people).await?;
    for one in held {
        one.tutor_name = one.tutor.and_then(|tutor| names.get(&tutor).cloned());
    }
    Ok(names)
}

/// The discussion of a module, in this edition, that both confirmed and that no pass came after. `None`: there is none.
pub(crate) async fn find_unused_discussion(
    on_what: &mut impl Linked,
    person: PersonId,
    module: &ModuleSlug,
    edition: u32,
) -> Result<Option<Discussion>, StoreError> {
    let row: Option<DiscussionRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_UNUSED)
        .bind(person).bind(module.as_str()).bind(i64::from(edition)).bind(DateTime::<Utc>::UNIX_EPOCH)
        .fetch_optional(conn).await)?;
    row.map(Discussion::try_from).transpose()
}
