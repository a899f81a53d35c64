use chrono::TimeDelta;

/// A workshop that began so long ago or less is listed among those to come, until its day is over.
pub(crate) const WORKSHOP_LISTED_SINCE: TimeDelta = TimeDelta::days(1);

/// For how long after a workshop began it is said who was there: whoever signed in to it waits for that, and for no other.
pub(crate) const WORKSHOP_CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(7);
