use serde::{Deserialize, Serialize};

/// For whom something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// People on a course or an apprenticeship.
    Learner,
    /// Everybody who works for the provider.
    Staff,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 2] = [Self::Learner, Self::Staff];

    /// How it is written in files and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Staff => "staff",
        }
    }

    /// Reads what [`Audience::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.code() == code)
    }
}
