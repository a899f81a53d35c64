use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{Europe::London, Tz};

/// A moment as clocks in the United Kingdom show it: Induct's people live there, and a due date ends at their midnight.
#[must_use]
pub fn local(time: DateTime<Utc>) -> DateTime<Tz> {
    time.with_timezone(&London)
}

/// The date in the United Kingdom at this moment.
#[must_use]
pub fn local_date(time: DateTime<Utc>) -> NaiveDate {
    local(time).date_naive()
}
