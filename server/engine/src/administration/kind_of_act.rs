/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindOfAct {
    /// People began, left, came to be in an audience or were called something else.
    People,
    /// People were brought in from a file.
    Imports,
    /// Groups, and who is in them.
    Groups,
    /// Duties.
    Duties,
    /// Links to choose a password, join codes, tokens, and signing out.
    WaysIn,
    /// Programmes were given and taken back.
    Assignments,
    /// People were excused, or given more attempts.
    Excused,
    /// What others said of what somebody did.
    Passes,
    /// What was published and withdrawn.
    Published,
    /// What was taken out, erased and let go of.
    TakenOut,
    /// The signed log itself, letters and reminders that were held back.
    Keeping,
}

impl KindOfAct {
    /// All of them, in the order of pages.
    pub const EVERY: [Self; 11] = [
        Self::People,
        Self::Imports,
        Self::Groups,
        Self::Duties,
        Self::WaysIn,
        Self::Assignments,
        Self::Excused,
        Self::Passes,
        Self::Published,
        Self::TakenOut,
        Self::Keeping,
    ];

    /// What addresses call it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Imports => "imports",
            Self::Groups => "groups",
            Self::Duties => "duties",
            Self::WaysIn => "ways-in",
            Self::Assignments => "assignments",
            Self::Excused => "excused",
            Self::Passes => "passes",
            Self::Published => "published",
            Self::TakenOut => "taken-out",
            Self::Keeping => "keeping",
        }
    }

    /// Reads what [`KindOfAct::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|kind| kind.code() == code)
    }

    /// Of which rows its entries in the signed log are evidence.
    pub(super) fn rows(self) -> &'static [&'static str] {
        match self {
            Self::People => &["stay", "stay/end", "in_audience", "in_audience/end", "detail_set"],
            Self::Imports => &["roster_import", "roster_import/end"],
            Self::Groups => &["people_group", "group_place", "group_place/end", "membership", "membership/end"],
            Self::Duties => &["duty", "duty/end"],
            Self::WaysIn => &[],
            Self::Assignments => &["assignment", "assignment/end"],
            Self::Excused => &["exemption", "exemption/end", "attempts_given"],
            Self::Passes => &["completion", "discussion", "correction"],
            Self::Published => {
                &["module_version", "agreement_version", "programme_version", "provider_version", "withdrawal"]
            }
            Self::TakenOut => &["export", "erasure"],
            Self::Keeping => &["key", "clock", "restored", "time_stamp"],
        }
    }

    /// What entries of this kind say of which an end that was brought forward is the row, as a pattern: rows of that kind alone are of several kinds of
    /// acts. `None`: nothing of this kind is brought forward.
    pub(super) fn sooner(self) -> Option<&'static str> {
        match self {
            Self::People => Some("%\"kind\":\"left\"%"),
            Self::Duties => Some("%\"kind\":\"duty-ended\"%"),
            _ => None,
        }
    }

    /// Which rows besides the log say that it was done.
    pub(super) fn besides(self) -> &'static [Beside] {
        match self {
            Self::WaysIn => &[Beside::Link, Beside::Password, Beside::SignedOut, Beside::Code, Beside::Token],
            Self::Keeping => &[Beside::Letters, Beside::Reminders],
            _ => &[],
        }
    }
}

/// What decides nothing, and so stands in no log, but who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Link,
    Password,
    SignedOut,
    Code,
    Token,
    Letters,
    Reminders,
}

impl Beside {
    pub const EVERY: [Self; 7] = [
        Self::Link,
        Self::Password,
        Self::SignedOut,
        Self::Code,
        Self::Token,
        Self::Letters,
        Self::Reminders,
    ];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_kind_has_one_name_and_no_row_is_of_two_kinds() {
        let mut rows = BTreeSet::new();
        for kind in KindOfAct::EVERY {
            assert_eq!(KindOfAct::parse(kind.code()), Some(kind));
            assert!(kind.rows().iter().all(|row| rows.insert(*row)), "{kind:?}");
        }
        assert_eq!(KindOfAct::parse("everything"), None);
    }
}
