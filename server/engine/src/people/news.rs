//! What may have come to somebody's own page, asked in the row of the session with which they ask.

use chrono::{DateTime, Utc};

use crate::{
    ground::PersonId,
    record::{Revisions, WORKSHOP_LISTED_SINCE},
    store::{Linked, StoreError, on},
};

/// What was read with the session with which somebody asks, a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The revisions that held.
    pub revisions: Revisions,
    /// `None`: they were not asked for.
    pub news: Option<MaybeNews>,
}

/// What there could be for somebody besides what is asked of them. Most people have none of it on most days.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MaybeNews {
    /// Their address, by which they may hold a named role.
    pub email: Option<String>,
    /// More than 0: a workshop is to come, for anybody.
    pub coming: i64,
    /// How often they signed in to a workshop.
    pub signed_in: i64,
    /// How many discussions were held with them.
    pub discussions: i64,
}

/// The columns of [`MaybeNews`], of a person, with workshops from a moment on. Each is found by an index.
macro_rules! news_columns {
    ($person:literal, $since:literal) => {
        concat!(
            "(SELECT d.email FROM person_detail d WHERE d.person_id = ",
            $person,
            ") AS email, \
             (SELECT COUNT(*) FROM (SELECT 1 FROM workshop w WHERE w.starts_at > ",
            $since,
            " AND w.ended_at IS NULL LIMIT 1) one) AS coming, \
             (SELECT COUNT(*) FROM workshop_sign_in i WHERE i.person_id = ",
            $person,
            ") AS signed_in, \
             (SELECT COUNT(*) FROM discussion h WHERE h.person_id = ",
            $person,
            ") AS discussions"
        )
    };
}
pub(crate) use news_columns;

const FIND_NEWS: &str = concat!("SELECT ", news_columns!("$1", "$2"));

/// What there could be for somebody who was not found by a session.
pub(crate) async fn find_maybe_news(
    on_what: &mut impl Linked,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<MaybeNews, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_NEWS)
        .bind(person).bind(now - WORKSHOP_LISTED_SINCE).fetch_one(conn).await)
}
