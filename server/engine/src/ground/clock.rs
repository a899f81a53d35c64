use std::sync::Mutex;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

/// Says what time it is. It is handed to the [`crate::Engine`], so that a test can live through a year.
pub trait Clock: Send + Sync + 'static {
    /// The time in UTC, cut to microseconds, which both databases keep exactly.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        cut(Utc::now())
    }
}

/// A clock that stands still until it is moved: for tests, and for demonstration data that lie in the past.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(cut(now)))
    }

    /// Puts the clock to `now`.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = cut(now);
    }

    /// Moves the clock on; a negative span moves it back.
    pub fn advance(&self, by: TimeDelta) {
        let now = self.now() + by;
        self.set(now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn cut(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time)
}
