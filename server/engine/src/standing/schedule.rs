use chrono::{Datelike as _, Days, NaiveDate};

use crate::catalogue::{CompanyYear, Schedule};

impl Schedule {
    /// By when all of it is due the next time, once all of it is done for now. `None`: it is done once.
    pub(crate) fn next_due(self, from: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let year = self.year(from)?;
        let next = year.next(year.beginning(today));
        // What is done within the window is done for the year to come.
        Some(year.due_in(if year.is_open(next, today) { year.next(next) } else { next }, from))
    }
}

impl CompanyYear {
    /// By when somebody of whom it is asked from `start` on has to do a part, given when they last did it. `None`: it is done for now.
    pub(super) fn part_due(self, start: NaiveDate, done: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
        let this = self.beginning(today);
        let next = self.next(this);
        let counts = |year: NaiveDate| done.is_some_and(|done| done >= before(year, self.window));
        if !counts(this) {
            Some(self.due_in(this, start))
        } else if self.is_open(next, today) && !counts(next) {
            Some(self.due_in(next, start))
        } else {
            None
        }
    }

    /// The company years, each by its first day, that were over before `today` and in which nothing of what was done on these days
    /// counted; with the day by which it was due then. Whose days to do it went on into the next year missed nothing.
    pub(super) fn missed(
        self,
        start: NaiveDate,
        done: &[NaiveDate],
        today: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        let this = self.beginning(today);
        let years = std::iter::successors(Some(self.beginning(start)), move |year| Some(self.next(*year)));
        years.take_while(move |year| *year < this).filter_map(move |year| {
            let (opens, next) = (before(year, self.window), self.next(year));
            let by = self.due_in(year, start);
            let was_done = done.iter().any(|done| (opens..next).contains(done));
            (by < next && !was_done).then_some((year, by))
        })
    }

    /// By when a part is due in the newest company year for which what is done today counts.
    pub(super) fn newest_due(self, start: NaiveDate, today: NaiveDate) -> NaiveDate {
        let this = self.beginning(today);
        let next = self.next(this);
        self.due_in(if self.is_open(next, today) { next } else { this }, start)
    }

    fn beginning(self, day: NaiveDate) -> NaiveDate {
        beginning_of_year(self.first_day, day)
    }

    fn next(self, beginning: NaiveDate) -> NaiveDate {
        first_of(self.first_day, beginning.year() + 1)
    }

    /// Whether what is done today counts for the company year that begins on `beginning`.
    fn is_open(self, beginning: NaiveDate, today: NaiveDate) -> bool {
        today >= before(beginning, self.window)
    }

    /// By when its parts are due in the company year that begins on `beginning`; who begins later has as long from then.
    fn due_in(self, beginning: NaiveDate, start: NaiveDate) -> NaiveDate {
        after(beginning.max(start), self.due_days)
    }
}

/// The first day of the year in which a day lies, when years begin with the day and month of `first_day`.
pub(crate) fn beginning_of_year(first_day: NaiveDate, day: NaiveDate) -> NaiveDate {
    let first = first_of(first_day, day.year());
    if first <= day { first } else { first_of(first_day, day.year() - 1) }
}

/// The day with which such a year begins that begins in the calendar year `year`. Only a day that every year has can be the first, so the
/// year is as good as any.
pub(crate) fn first_of(first_day: NaiveDate, year: i32) -> NaiveDate {
    first_day.with_year(year).unwrap_or(first_day)
}

/// So many days later.
pub(super) fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// By when a part is due in a year from 1 September with a window of 90 days (from 3 June) and 30 days to do it.
    fn due(start: &str, done: Option<&str>, today: &str) -> Option<NaiveDate> {
        let year = CompanyYear { first_day: day("2000-09-01"), window: 90, due_days: 30 };
        year.part_due(day(start), done.map(day), day(today))
    }

    #[test]
    fn who_was_there_before_has_the_days_from_the_first_of_the_year() {
        assert_eq!(due("2020-01-01", None, "2026-09-01"), Some(day("2026-10-01")));
        assert_eq!(due("2020-01-01", None, "2026-08-31"), Some(day("2025-10-01")));
    }

    #[test]
    fn who_begins_within_the_year_has_as_long_from_then() {
        assert_eq!(due("2026-11-22", None, "2026-11-22"), Some(day("2026-12-22")));
    }

    #[test]
    fn what_is_done_in_the_window_counts_for_the_year_to_come() {
        assert_eq!(due("2020-01-01", Some("2026-06-03"), "2026-08-31"), None);
        assert_eq!(due("2020-01-01", Some("2026-06-03"), "2027-06-02"), None);
        assert_eq!(due("2020-01-01", Some("2026-06-03"), "2027-06-03"), Some(day("2027-10-01")));
    }

    #[test]
    fn what_is_done_before_the_window_does_not() {
        assert_eq!(due("2020-01-01", Some("2026-06-02"), "2026-06-02"), None);
        assert_eq!(due("2020-01-01", Some("2026-06-02"), "2026-06-03"), Some(day("2026-10-01")));
        assert_eq!(due("2020-01-01", Some("2026-06-02"), "2026-09-01"), Some(day("2026-10-01")));
    }

    #[test]
    fn a_year_may_begin_with_january() {
        let year = CompanyYear { first_day: day("2000-01-01"), window: 0, due_days: 0 };
        assert_eq!(year.part_due(day("2020-05-05"), Some(day("2026-12-31")), day("2026-12-31")), None);
        assert_eq!(
            year.part_due(day("2020-05-05"), Some(day("2026-12-31")), day("2027-01-01")),
            Some(day("2027-01-01"))
        );
    }
}
