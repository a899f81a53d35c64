use serde::{Deserialize, Serialize};

/// Where a person stands with a module or an agreement. Shown always as a shape, a word and a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Past its due date and not done.
    Overdue,
    /// Past its due date: it was done, and has run out.
    Expired,
    /// To be done within the next seven days.
    DueSoon,
    /// Begun.
    InProgress,
    /// Not begun.
    NotStarted,
    /// Passed or signed, and it counts today.
    Passed,
    /// Excused from it.
    Exempt,
    /// Not asked of this person.
    NotRequired,
}

impl Status {
    /// Every status, in the order in which they count.
    pub const ALL: [Self; 8] = [
        Self::Overdue,
        Self::Expired,
        Self::DueSoon,
        Self::InProgress,
        Self::NotStarted,
        Self::Passed,
        Self::Exempt,
        Self::NotRequired,
    ];

    /// The word that people read.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Expired => "Expired",
            Self::DueSoon => "Due soon",
            Self::InProgress => "In progress",
            Self::NotStarted => "Not started",
            Self::Passed => "Passed",
            Self::Exempt => "Exempt",
            Self::NotRequired => "Not required",
        }
    }

    /// The word that style sheets and files use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Expired => "expired",
            Self::DueSoon => "due-soon",
            Self::InProgress => "in-progress",
            Self::NotStarted => "not-started",
            Self::Passed => "passed",
            Self::Exempt => "exempt",
            Self::NotRequired => "not-required",
        }
    }
}
