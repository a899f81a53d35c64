use chrono::{DateTime, NaiveDate, Utc};

use super::actor::Actor;

/// From when a fact holds or no longer holds, and when and by whom that was recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    /// The day on which it takes effect.
    pub begins_on: NaiveDate,
    pub recorded_at: DateTime<Utc>,
    pub by: Actor,
}
