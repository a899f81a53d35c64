use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use model::{ProgrammeSlug, Status};

use crate::{
    catalogue::Audience,
    ground::{GroupId, PersonId, end_of, from_local},
    record::Thing,
};

/// A moment that is past, and whether it is looked at by what is known today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsAt {
    /// The moment.
    pub moment: DateTime<Utc>,
    /// `false`: by what had been recorded by then. `true`: by what is recorded now.
    pub as_known_now: bool,
}

impl AsAt {
    /// Reads a moment as people write it in an address: `2026-01-01` is the end of that day in the United Kingdom, `2026-01-01T14:30` a time
    /// there, and what names its zone (`2026-01-01T14:30:00Z`) is that. `None`: it is none of these, or its year has not four digits, and no day
    /// could be counted from it.
    #[must_use]
    pub fn parse(text: &str) -> Option<DateTime<Utc>> {
        let text = text.trim();
        let local = || {
            ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
                .into_iter()
                .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        };
        let day = text.parse::<NaiveDate>().ok().map(end_of);
        let moment = day.or_else(|| local().map(from_local)).or_else(|| text.parse::<DateTime<Utc>>().ok());
        moment.filter(|moment| (1000..=9999).contains(&moment.year()))
    }
}

/// What somebody wants to see of the matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MatrixQuery {
    /// `None`: now. A moment that lies ahead is now, too.
    pub as_at: Option<AsAt>,
    /// Only people of this group and those below it.
    pub group: Option<GroupId>,
    /// Only people of this audience.
    pub audience: Option<Audience>,
    /// Only what this programme asks.
    pub programme: Option<ProgrammeSlug>,
    /// The thing whose status and due date are meant by those below. `None`: any.
    pub thing: Option<Thing>,
    /// Only people with one of these. Empty: whatever they have.
    pub statuses: BTreeSet<Status>,
    /// Only people with something that is wanted before this day.
    pub due_before: Option<NaiveDate>,
    /// Only people whose names have each of these words in them.
    pub name: String,
    /// Only these people. Empty: whoever fits the rest.
    pub people: BTreeSet<PersonId>,
    /// In which order, within each group.
    pub sort: MatrixSort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// The groups whose people are not listed.
    pub folded: BTreeSet<GroupId>,
}

/// In which order people stand within their group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum MatrixSort {
    /// Who is late with most comes first, then who is to do something soonest.
    #[default]
    Urgency,
    /// By name.
    Name,
    /// By how they stand with one thing.
    Thing(Thing),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_write_them() {
        let read = |text: &str| AsAt::parse(text).map(|moment| moment.to_rfc3339());
        assert_eq!(read("2026-07-01").as_deref(), Some("2026-07-01T22:59:59.999999+00:00"));
        assert_eq!(read("2026-07-01T14:30").as_deref(), Some("2026-07-01T13:30:00+00:00"));
        assert_eq!(read(" 2026-07-01T14:30:00Z ").as_deref(), Some("2026-07-01T14:30:00+00:00"));
        for nothing in ["", "yesterday", "2026-02-30", "01/02/2026", "2026-01-01T25:00"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
        // There is no day before the first of these, and none after the second.
        for far in ["-262143-01-01T00:00:00Z", "+262142-12-31", "-262143-01-01", "+10000-01-01T00:00"] {
            assert_eq!(read(far), None, "{far}");
        }
    }
}
