use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::{Europe::London, Tz};

/// A moment as clocks in the United Kingdom show it: Induct's people live there, and a due date ends at their midnight.
#[must_use]
pub fn local(time: DateTime<Utc>) -> DateTime<Tz> {
    time.with_timezone(&London)
}

/// The date in the United Kingdom at this moment.
#[must_use]
pub fn local_date(time: DateTime<Utc>) -> NaiveDate {
    // Since 1972 clocks in the United Kingdom are an hour ahead or not at all: the date is in doubt in the last hour of a day alone, and a
    // page asks for dates dozens of times.
    let date = time.date_naive();
    if date.year() >= 1972 && time.hour() < 23 { date } else { local(time).date_naive() }
}

/// The moment at which clocks in the United Kingdom show this. Where they show it twice, the later; where never, because they are put
/// forward, the first after it.
#[must_use]
pub fn from_local(time: NaiveDateTime) -> DateTime<Utc> {
    let later = [0, 1, 2].into_iter().map(|hours| time + chrono::TimeDelta::hours(hours));
    let shown = later.filter_map(|time| time.and_local_timezone(London).latest());
    shown.map(|time| time.with_timezone(&Utc)).next().unwrap_or_else(|| time.and_utc())
}

/// The last moment of a day in the United Kingdom: a microsecond before the next.
#[must_use]
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day).and_time(chrono::NaiveTime::MIN);
    from_local(next) - chrono::TimeDelta::microseconds(1)
}

/// A day as people read it: "6 December 2026".
#[must_use]
pub fn said_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A moment as people read it: "6 December 2026 at 14:35".
#[must_use]
pub fn said_moment(time: DateTime<Utc>) -> String {
    local(time).format("%-d %B %Y at %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_the_united_kingdom() {
        let ends = |day: &str| end_of(day.parse().unwrap()).to_rfc3339();
        assert_eq!(ends("2026-01-01"), "2026-01-01T23:59:59.999999+00:00");
        assert_eq!(ends("2026-07-01"), "2026-07-01T22:59:59.999999+00:00");
    }

    #[test]
    fn the_date_is_that_of_clocks_in_the_united_kingdom() {
        for year in [1847, 1941, 1947, 1969, 1971, 1972, 1999, 2026, 2037, 2038, 2060] {
            let begins = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_time(chrono::NaiveTime::MIN).and_utc();
            for half_hour in 0..2 * 24 * 366 {
                let time = begins + chrono::TimeDelta::minutes(30 * half_hour);
                assert_eq!(local_date(time), local(time).date_naive(), "{time}");
            }
        }
    }

    #[test]
    fn an_hour_that_comes_twice_or_never_is_some_moment() {
        let at = |time: &str| from_local(time.parse().unwrap()).to_rfc3339();
        assert_eq!(at("2026-10-25T01:30:00"), "2026-10-25T01:30:00+00:00");
        assert_eq!(at("2026-03-29T01:30:00"), "2026-03-29T01:30:00+00:00");
    }
}
