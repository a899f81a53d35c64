use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::record::{NeutralName, Thing};

/// Something that a letter reminds somebody of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// What.
    pub thing: Thing,
    /// Its title, which the letter itself does not say.
    pub title: String,
    /// What the letter calls it.
    #[serde(default)]
    pub called: NeutralName,
    /// By when it is wanted.
    pub due_on: NaiveDate,
    /// Why it is told now.
    pub occasion: Occasion,
}

/// Why somebody is reminded of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// It is too late.
    Overdue,
    /// This is the last day.
    DueToday,
    /// The day comes near.
    DueSoon,
    /// What was done was replaced, so that it is wanted anew.
    Again,
    /// What was done still counts or has run out, and may be done again from now on.
    WindowOpened,
    /// They declined to sign it, and the day has come from which on they are asked again.
    Declined,
    /// Somebody who looks after them had them reminded.
    Asked,
}

impl Occasion {
    /// All of them, the most urgent first.
    pub const EVERY: [Self; 7] =
        [Self::Overdue, Self::DueToday, Self::DueSoon, Self::Again, Self::WindowOpened, Self::Declined, Self::Asked];

    /// As the database and addresses have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueToday => "due-today",
            Self::DueSoon => "due-soon",
            Self::Again => "again",
            Self::WindowOpened => "window-opened",
            Self::Declined => "declined",
            Self::Asked => "asked",
        }
    }

    /// Whether people may stop being told for this reason: it comes before anything is late, and the day itself is told all the same.
    #[must_use]
    pub fn may_be_stopped(self) -> bool {
        matches!(self, Self::DueSoon | Self::WindowOpened)
    }

    /// The occasion of that name. `None`: it is of another version.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|occasion| occasion.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_occasion_has_one_name_and_it_is_what_a_letter_says() {
        for occasion in Occasion::EVERY {
            assert_eq!(Occasion::parse(occasion.name()), Some(occasion));
            assert_eq!(serde_json::to_value(occasion).unwrap_or_default(), occasion.name());
        }
    }
}
