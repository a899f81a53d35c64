use serde::{Deserialize, Serialize};

use crate::ground::GroupId;

/// What somebody may do for others. One person may have several; as whom they are here themselves is their audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks after the people of some groups.
    Manager,
    /// Designated safeguarding lead.
    Dsl,
    /// Writes modules.
    Author,
    /// Checks evidence and changes nothing.
    Auditor,
    /// Runs this installation.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Manager, Self::Dsl, Self::Author, Self::Auditor, Self::Administrator];

    /// Those who may read what is written for others: who helps learners has to know what learners are told.
    pub const READERS: [Self; 4] = [Self::Manager, Self::Dsl, Self::Auditor, Self::Administrator];

    /// How it is written in the database and in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Dsl => "dsl",
            Self::Author => "author",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Reads what [`Role::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A role, and over whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What they may do.
    pub role: Role,
    /// Over the people of this group and of those below it. `None`: everywhere.
    pub over: Option<GroupId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::ROLE_CODES;

    #[test]
    fn no_audience_is_called_like_a_role() {
        assert_eq!(Role::ALL.map(Role::code), ROLE_CODES);
    }
}
