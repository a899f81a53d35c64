use chrono::{DateTime, Days, NaiveDate, Utc};

use super::actor::Actor;
use crate::ground::said_day;

/// Why a fact cannot take effect or end on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayFault {
    /// It lies more than a hundred years back or more than ten ahead.
    #[error("{} cannot be meant: it lies more than 100 years back or more than 10 ahead", said_day(*.0))]
    FarOff(NaiveDate),
    /// It would end before it begins. To take it back from its beginning, end it on the day on which it begins.
    #[error("it would end before it begins: it begins on {}", said_day(*.begins_on))]
    BeforeItBegins {
        /// Its first day.
        begins_on: NaiveDate,
    },
}

impl DayFault {
    /// The day, when somebody can have meant it `today`.
    pub(crate) fn unless_near(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Self> {
        let near = today - Days::new(36_525)..=today + Days::new(3_653);
        if near.contains(&day) { Ok(day) } else { Err(Self::FarOff(day)) }
    }

    /// Refuses an end before the beginning.
    pub(crate) fn unless_begun(begins_on: NaiveDate, end: Since) -> Result<(), Self> {
        if begins_on <= end.begins_on { Ok(()) } else { Err(Self::BeforeItBegins { begins_on }) }
    }
}

/// From when a fact holds or no longer holds, and when and by whom that was recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    /// The day on which it takes effect.
    pub begins_on: NaiveDate,
    pub recorded_at: DateTime<Utc>,
    pub by: Actor,
}
