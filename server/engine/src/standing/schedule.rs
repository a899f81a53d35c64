use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    catalogue::{Catalogue, CompanyYear, Programme, Schedule},
    people::Person,
    people::is_for,
};

impl Programme {
    /// By when somebody who began on `start` has to do a part of it, given when they last did that part so that it still
    /// counts; none while there is nothing to do. Once it is done, a programme that is done once asks for nothing: when
    /// what was done expires, it is renewed for its own sake.
    pub(crate) fn part_due(&self, start: NaiveDate, done: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
        match (self.schedule, done) {
            (Schedule::Once { .. }, Some(_)) => None,
            (Schedule::Once { days }, None) => Some(after(start, days)),
            (Schedule::CompanyYear(year), done) => year.part_due(start, done, today),
        }
    }

    /// By when all of it is due the next time, once all of it is done for now; none for a programme that is done once.
    pub(crate) fn next_due(&self, start: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let Schedule::CompanyYear(year) = self.schedule else { return None };
        let next = year.next(year.beginning(today));
        // What is done within the window is done for the year to come.
        Some(year.due_in(if year.is_open(next, today) { year.next(next) } else { next }, start))
    }
}

impl CompanyYear {
    fn part_due(self, start: NaiveDate, done: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
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

    /// The first day of the company year in which a day lies.
    fn beginning(self, day: NaiveDate) -> NaiveDate {
        let first = self.first_of(day.year());
        if first <= day { first } else { self.first_of(day.year() - 1) }
    }

    fn next(self, beginning: NaiveDate) -> NaiveDate {
        self.first_of(beginning.year() + 1)
    }

    /// Only a day that every year has can be the first, so the year is as good as any.
    fn first_of(self, year: i32) -> NaiveDate {
        self.first_day.with_year(year).unwrap_or(self.first_day)
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

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

/// By when the programmes of somebody that have this part ask for it again, although what they did on `done` still counts; none when
/// none of them does.
pub(crate) fn asked_anew_by(
    catalogue: &Catalogue,
    person: &Person,
    has_part: impl Fn(&Programme) -> bool,
    done: NaiveDate,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let theirs = catalogue.programmes.iter().filter(|programme| is_for(&programme.audience, person));
    let asking = theirs.filter(|programme| has_part(programme));
    asking.filter_map(|programme| programme.part_due(person.start_date, Some(done), today)).min()
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
