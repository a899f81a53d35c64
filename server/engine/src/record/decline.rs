use chrono::{DateTime, NaiveDate, Utc};
use model::AgreementSlug;

use crate::{
    ground::{DeclineId, PersonId},
    store::{Linked, StoreError, on},
};

/// That somebody declined to sign a version of an agreement. It is never changed; that they sign after all answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// Its id.
    pub id: DeclineId,
    /// Which agreement.
    pub agreement: AgreementSlug,
    /// Which version of it, by its number.
    pub version: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// The day from which on they are asked again.
    pub asks_again_on: NaiveDate,
}

impl Decline {
    /// Whether they are not asked again yet on a day.
    #[must_use]
    pub fn waits_on(&self, day: NaiveDate) -> bool {
        day < self.asks_again_on
    }

    /// The decline that stands at a moment: the last of this version by then, unless something was signed since. `None`: none does.
    pub(crate) fn standing<'d>(
        declines: &'d [Self],
        agreement: &AgreementSlug,
        version: u32,
        last_signed: Option<DateTime<Utc>>,
        by_then: DateTime<Utc>,
    ) -> Option<&'d Self> {
        let of_it = |decline: &&Self| decline.agreement == *agreement && decline.version == version;
        let last = declines.iter().filter(of_it).rfind(|decline| decline.at <= by_then)?;
        last_signed.is_none_or(|signed| signed < last.at).then_some(last)
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct DeclineRow {
    pub id: DeclineId,
    pub agreement: String,
    pub version: i64,
    pub declined_at: DateTime<Utc>,
    pub asks_again_on: NaiveDate,
}

impl TryFrom<DeclineRow> for Decline {
    type Error = StoreError;

    fn try_from(row: DeclineRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::unreadable("decline");
        Ok(Self {
            id: row.id,
            agreement: AgreementSlug::new(row.agreement).map_err(|_| unreadable())?,
            version: u32::try_from(row.version).map_err(|_| unreadable())?,
            at: row.declined_at,
            asks_again_on: row.asks_again_on,
        })
    }
}

const FIND_DECLINES: &str = "SELECT id, agreement, version, declined_at, asks_again_on FROM decline \
     WHERE person_id = $1 ORDER BY declined_at, id";

/// What somebody declined, oldest first.
pub(super) async fn find_declines(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<Decline>, StoreError> {
    let rows: Vec<DeclineRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_DECLINES).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Decline::try_from).collect()
}
