use chrono::{DateTime, NaiveDate, Utc};

/// A fact that holds from a day on, and, once it has been ended, only before another day. Both its beginning and its end were
/// recorded once, at a moment of their own, which may be later than the day on which they take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dated<T> {
    pub what: T,
    pub begins_on: NaiveDate,
    pub recorded_at: DateTime<Utc>,
    /// The first day on which it no longer holds, and when that was recorded.
    pub end: Option<(NaiveDate, DateTime<Utc>)>,
}

impl<T> Dated<T> {
    /// The same times for another fact.
    pub(crate) fn of<U>(self, what: U) -> Dated<U> {
        Dated { what, begins_on: self.begins_on, recorded_at: self.recorded_at, end: self.end }
    }

    /// The first day on which it no longer held, by what was recorded until `known`. `None`: no end was known.
    pub(crate) fn ends_before(&self, known: DateTime<Utc>) -> Option<NaiveDate> {
        self.end.filter(|(_, recorded_at)| *recorded_at <= known).map(|(day, _)| day)
    }

    /// Whether it holds on a day, by what was recorded until `known`.
    pub(crate) fn holds(&self, day: NaiveDate, known: DateTime<Utc>) -> bool {
        self.begins_on <= day && self.is_not_over(day, known)
    }

    /// Whether it holds on a day or is to begin later, by what was recorded until `known`.
    pub(crate) fn is_not_over(&self, day: NaiveDate, known: DateTime<Utc>) -> bool {
        self.recorded_at <= known && self.ends_before(known).is_none_or(|end| day < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    fn day(day: &str) -> NaiveDate {
        day.parse().unwrap()
    }

    #[test]
    fn it_holds_from_its_first_day_and_not_on_the_day_of_its_end() {
        let end = Some((day("2026-03-05"), at("2026-03-05")));
        let fact = Dated { what: (), begins_on: day("2026-03-01"), recorded_at: at("2026-03-01"), end };
        let known = at("2026-12-31");
        for (on, holds) in [("2026-02-28", false), ("2026-03-01", true), ("2026-03-04", true), ("2026-03-05", false)] {
            assert_eq!(fact.holds(day(on), known), holds, "{on}");
        }
    }

    #[test]
    fn what_was_recorded_later_was_not_known_before() {
        let end = Some((day("2026-03-05"), at("2026-04-01")));
        let fact = Dated { what: (), begins_on: day("2026-01-01"), recorded_at: at("2026-03-01"), end };
        assert!(!fact.holds(day("2026-02-01"), at("2026-02-28")));
        assert!(fact.holds(day("2026-02-01"), at("2026-03-01")));
        assert!(fact.holds(day("2026-03-20"), at("2026-03-31")));
        assert!(!fact.holds(day("2026-03-20"), at("2026-04-01")));
    }
}
