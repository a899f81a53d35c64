use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Timelike as _, Utc};

/// An hour and a day in milliseconds.
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// A moment, in milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub(super) u64);

impl Moment {
    /// Reads `2026-01-31`, the last millisecond of that day in the United Kingdom, or `2026-01-31T14:30`, a time of it by the clocks there: of two the
    /// later, and where they leave it out the first after it. `None`: it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.split_once('T').map_or((text, None), |(day, clock)| (day, Some(clock)));
        let day = read_day(day).filter(|day| *day > epoch() && *day < last_day())?;
        match clock {
            None => Some(Self(by_clocks(milliseconds(day) + DAY) - 1)),
            Some(clock) => {
                let time = NaiveTime::parse_from_str(clock, "%H:%M").ok()?;
                let seconds = u64::from(time.num_seconds_from_midnight());
                (time.format("%H:%M").to_string() == clock).then(|| Self(by_clocks(milliseconds(day) + seconds * 1000)))
            }
        }
    }

    /// Its day in the United Kingdom.
    pub(super) fn day(self) -> NaiveDate {
        let moment = self.0.min(milliseconds(last_day()));
        let shown = moment + if is_summer(moment) { HOUR } else { 0 };
        epoch().checked_add_days(Days::new(shown / DAY)).unwrap_or_else(last_day)
    }
}

/// Reads a day that is written as entries write it.
pub(super) fn read_day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

/// So many days later, and never after the last day of all.
pub(super) fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or_else(last_day).min(last_day())
}

/// So many days earlier.
pub(super) fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

fn epoch() -> NaiveDate {
    DateTime::<Utc>::UNIX_EPOCH.date_naive()
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9998, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// When a day begins in UTC.
fn milliseconds(day: NaiveDate) -> u64 {
    u64::try_from(day.signed_duration_since(epoch()).num_milliseconds()).unwrap_or_default()
}

/// The moment at which clocks show what they would in winter at another.
fn by_clocks(moment: u64) -> u64 {
    if is_summer(moment) && is_summer(moment - HOUR) { moment - HOUR } else { moment }
}

/// Whether clocks in the United Kingdom are put forward.
fn is_summer(moment: u64) -> bool {
    let day = epoch().checked_add_days(Days::new(moment / DAY)).unwrap_or_else(last_day);
    let begins = |month| milliseconds(last_sunday(day.year(), month)) + HOUR;
    (begins(3)..begins(10)).contains(&moment)
}

/// The last Sunday of March or October, which have 31 days.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap_or(NaiveDate::MAX);
    before(last, last.weekday().num_days_from_sunday())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> u64 {
        let moment: DateTime<Utc> = text.parse().unwrap();
        moment.timestamp_millis().try_into().unwrap()
    }

    #[test]
    fn a_day_ends_at_midnight_in_the_united_kingdom() {
        for (day, ends) in [("2026-01-31", "2026-01-31T23:59:59.999Z"), ("2026-07-01", "2026-07-01T22:59:59.999Z")] {
            let found = Moment::parse(day).unwrap();
            assert_eq!(found, Moment(moment(ends)), "{day}");
            assert_eq!((found.day(), Moment(found.0 + 1).day()), (read_day(day).unwrap(), after(found.day(), 1)));
        }
    }

    #[test]
    fn an_hour_that_comes_twice_or_never_is_some_moment() {
        let times =
            ["2026-03-29T00:59", "2026-03-29T01:30", "2026-03-29T02:30", "2026-10-25T00:30", "2026-10-25T01:30"];
        let moments = times.map(|time| Moment::parse(time).unwrap().0);
        let expected = ["2026-03-29T00:59:00Z", "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z", "2026-10-24T23:30:00Z"];
        assert_eq!(moments[..4], expected.map(moment));
        assert_eq!(moments[4], moment("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        let wrong = [
            "2026-1-31",
            "2026-02-30",
            "2026-01-31T",
            "2026-01-31T24:00",
            "2026-01-31T9:30",
            "1970-01-01",
            "9998-12-31",
        ];
        for text in wrong.into_iter().chain(["+2026-01-31", "2026-01-31 14:30", ""]) {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn no_day_is_after_the_last() {
        assert_eq!([Moment(1 << 53).day(), after(epoch(), u32::MAX)], [last_day(); 2]);
    }
}
