use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{ground::Clock, store::Unsealed};

/// A clock that is behind the last leaf by no more than this may still be right: another server's may be as much ahead.
pub(super) const MOST_BEHIND: i64 = 5;

/// A clock that is ahead of the last leaf by more than this may have been set wrongly: what is sealed by it could not be taken back. A provider
/// may bear more.
pub(super) const MOST_AHEAD: TimeDelta = TimeDelta::days(7);

/// By how much a clock that is kept right may differ from even time.
const KEPT_RIGHT: TimeDelta = TimeDelta::minutes(1);

/// Whether the clock may be believed, by what the log says and by even time since it was last known to be right.
#[derive(Debug)]
pub(super) struct Watch {
    right: Mutex<Reading>,
    /// In seconds.
    most_ahead: i64,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    clock: DateTime<Utc>,
    steady: TimeDelta,
}

impl Reading {
    fn of(clock: &dyn Clock) -> Self {
        Self { clock: clock.now(), steady: clock.steady() }
    }
}

impl Watch {
    /// Believes a clock that is ahead of the last leaf by no more than that.
    pub(super) fn begin(clock: &dyn Clock, most_ahead: TimeDelta) -> Self {
        Self { right: Mutex::new(Reading::of(clock)), most_ahead: most_ahead.num_seconds() }
    }

    /// The clock was right just now.
    pub(super) fn was_right(&self, clock: &dyn Clock) {
        *self.right.lock().unwrap_or_else(PoisonError::into_inner) = Reading::of(clock);
    }

    /// What is wrong with the clock, if anything is. `last` is what it said when the last leaf was appended, in seconds since 1970;
    /// `None`: there is none.
    ///
    /// Weeks may go by in which nobody does anything. A server that was running meanwhile knows that they did, by even time.
    pub(super) fn fault(&self, clock: &dyn Clock, last: Option<i64>) -> Option<Unsealed> {
        let last = last?;
        let now = Reading::of(clock);
        let ahead = now.clock.timestamp() - last;
        if ahead < -MOST_BEHIND {
            return Some(Unsealed::ClockBehind(-ahead));
        }
        let before = *self.right.lock().unwrap_or_else(PoisonError::into_inner);
        let was_right = before.clock.timestamp() - last <= self.most_ahead;
        let went_evenly = now.clock <= before.clock + (now.steady - before.steady) + KEPT_RIGHT;
        (ahead > self.most_ahead && !(was_right && went_evenly)).then_some(Unsealed::ClockAhead(ahead))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;
    use crate::ground::ManualClock;

    fn begin() -> (ManualClock, Watch, Option<i64>) {
        let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap());
        let watch = Watch::begin(&clock, MOST_AHEAD);
        let last = Some(clock.now().timestamp());
        (clock, watch, last)
    }

    #[test]
    fn five_seconds_behind_are_borne_and_no_more() {
        let (clock, watch, last) = begin();
        clock.step(-TimeDelta::seconds(5));
        assert_eq!(watch.fault(&clock, last), None);
        clock.step(-TimeDelta::seconds(1));
        assert_eq!(watch.fault(&clock, last), Some(Unsealed::ClockBehind(6)));
        assert_eq!(watch.fault(&clock, None), None);
    }

    #[test]
    fn a_clock_that_jumps_ahead_is_believed_for_seven_days_and_no_more() {
        let (clock, watch, last) = begin();
        clock.step(TimeDelta::days(7));
        assert_eq!(watch.fault(&clock, last), None);
        clock.step(TimeDelta::seconds(1));
        assert_eq!(watch.fault(&clock, last), Some(Unsealed::ClockAhead(7 * 86_400 + 1)));
        watch.was_right(&clock);
        assert_eq!(watch.fault(&clock, Some(clock.now().timestamp())), None);
    }

    #[test]
    fn a_server_that_was_running_knows_that_weeks_went_by() {
        let (clock, watch, last) = begin();
        clock.advance(TimeDelta::days(30));
        assert_eq!(watch.fault(&clock, last), None);
        clock.step(TimeDelta::minutes(2));
        assert!(watch.fault(&clock, last).is_some());
        // One that was begun afterwards does not.
        assert!(Watch::begin(&clock, MOST_AHEAD).fault(&clock, last).is_some());
    }

    #[test]
    fn a_provider_may_bear_a_longer_pause() {
        let (clock, _, last) = begin();
        clock.step(TimeDelta::days(40));
        assert!(Watch::begin(&clock, TimeDelta::days(39)).fault(&clock, last).is_some());
        assert_eq!(Watch::begin(&clock, TimeDelta::days(40)).fault(&clock, last), None);
    }
}
