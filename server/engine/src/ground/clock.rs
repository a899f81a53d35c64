use std::{
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use rustix::time::{ClockId, clock_gettime};

/// Says what time it is. It is handed to the [`crate::Engine`], so that a test can live through a year.
pub trait Clock: Send + Sync + 'static {
    /// The time in UTC, cut to microseconds, which both databases keep exactly.
    fn now(&self) -> DateTime<Utc>;

    /// The time since some moment in the past. Nobody can set it: it goes on evenly when the time of day is put right, and while
    /// the machine sleeps.
    fn steady(&self) -> TimeDelta;

    /// Ends when so much time has gone by: for whoever is kept waiting.
    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        cut(Utc::now())
    }

    fn steady(&self) -> TimeDelta {
        // Both go on while the machine sleeps, which `std::time::Instant` does not.
        #[cfg(target_os = "linux")]
        const EVEN: ClockId = ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        const EVEN: ClockId = ClockId::Monotonic;
        let time = clock_gettime(EVEN);
        TimeDelta::seconds(time.tv_sec) + TimeDelta::nanoseconds(time.tv_nsec)
    }

    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// A clock that stands still until it is moved, and keeps nobody waiting: for tests, and for demonstration data that lie in the past.
#[derive(Debug)]
pub struct ManualClock(Mutex<Hands>);

#[derive(Clone, Copy, Debug)]
struct Hands {
    now: DateTime<Utc>,
    steady: TimeDelta,
    paused: Duration,
}

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(Hands { now: cut(now), steady: TimeDelta::zero(), paused: Duration::ZERO }))
    }

    /// Puts the clock to `now`; all the time between has gone by.
    pub fn set(&self, now: DateTime<Utc>) {
        self.advance(now - self.now());
    }

    /// Moves the clock on; a negative span moves it back.
    pub fn advance(&self, by: TimeDelta) {
        let mut hands = self.hands();
        hands.now = cut(hands.now + by);
        hands.steady += by;
    }

    /// Puts the time of day on or back by so much, while no time goes by: somebody has set the machine's clock.
    pub fn step(&self, by: TimeDelta) {
        let mut hands = self.hands();
        hands.now = cut(hands.now + by);
    }

    /// How long everybody together has been told to wait.
    #[must_use]
    pub fn paused(&self) -> Duration {
        self.hands().paused
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.hands().now
    }

    fn steady(&self) -> TimeDelta {
        self.hands().steady
    }

    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.hands().paused += time;
        Box::pin(std::future::ready(()))
    }
}

/// The time of a clock without its jumps: when somebody sets the clock, this goes a twentieth faster or slower until the two agree
/// again, as those who keep clocks right do. So nothing that is counted by it ends because a clock was set, and servers on one
/// database do not stay apart for ever.
#[derive(Debug)]
pub(crate) struct SteadyTime(Mutex<Reading>);

#[derive(Clone, Copy, Debug)]
struct Reading {
    steady: TimeDelta,
    shown: DateTime<Utc>,
    /// By how much the clock was ahead of what was shown.
    ahead: TimeDelta,
}

/// It gains or loses one part in so many at most.
const SLOWLY: i32 = 20;

/// Between two readings what keeps a clock right moves it by less than this; more, and somebody has set it.
const A_STEP: TimeDelta = TimeDelta::seconds(2);

impl SteadyTime {
    /// Begins with what the clock says.
    pub(crate) fn by(clock: &dyn Clock) -> Self {
        Self(Mutex::new(Reading { steady: clock.steady(), shown: clock.now(), ahead: TimeDelta::zero() }))
    }

    /// The time, and by how much the clock was set since this was last read, if it was.
    pub(crate) fn read(&self, clock: &dyn Clock) -> (DateTime<Utc>, Option<TimeDelta>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (steady, now) = (clock.steady(), clock.now());
        let gone_by = steady - last.steady;
        let gap = now - (last.shown + gone_by);
        let most = (gone_by / SLOWLY).abs();
        let shown = cut(last.shown + gone_by + gap.clamp(-most, most));
        let step = Some(gap - last.ahead).filter(|step| step.abs() >= A_STEP);
        *last = Reading { steady, shown, ahead: now - shown };
        (shown, step)
    }
}

fn cut(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn begin() -> (ManualClock, SteadyTime) {
        let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap());
        let time = SteadyTime::by(&clock);
        (clock, time)
    }

    #[test]
    fn steady_time_is_the_clocks_while_nobody_sets_it() {
        let (clock, time) = begin();
        for by in [1, 3_600_000, 7] {
            clock.advance(TimeDelta::milliseconds(by));
            assert_eq!(time.read(&clock), (clock.now(), None));
        }
    }

    #[test]
    fn a_clock_that_is_set_is_followed_slowly() {
        let (clock, time) = begin();
        let before = clock.now();
        clock.step(TimeDelta::hours(2));
        assert_eq!(time.read(&clock), (before, Some(TimeDelta::hours(2))));
        clock.advance(TimeDelta::hours(1));
        assert_eq!(time.read(&clock), (before + TimeDelta::minutes(63), None));
        clock.advance(TimeDelta::hours(39));
        assert_eq!(time.read(&clock), (clock.now(), None));
        clock.step(-TimeDelta::hours(2));
        let (shown, step) = time.read(&clock);
        assert_eq!((shown - clock.now(), step), (TimeDelta::hours(2), Some(-TimeDelta::hours(2))));
        clock.advance(TimeDelta::hours(40));
        assert_eq!(time.read(&clock), (clock.now(), None));
    }

    #[test]
    fn keeping_a_clock_right_is_no_step() {
        let (clock, time) = begin();
        clock.step(TimeDelta::milliseconds(1_900));
        assert_eq!(time.read(&clock).1, None);
        clock.step(TimeDelta::milliseconds(-1_900));
        assert_eq!(time.read(&clock).1, None);
    }

    #[test]
    fn the_machines_steady_time_goes_on() {
        let (one, other) = (SystemClock.steady(), SystemClock.steady());
        assert!(TimeDelta::zero() < one && one <= other);
    }
}
