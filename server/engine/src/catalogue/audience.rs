use std::fmt;

use model::{FactId, ModuleSlug, NotAName};
use serde::{Deserialize, Serialize};

/// For whom something is written, and as whom somebody is here: one of the provider's own list, by its name there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Audience(String);

impl Audience {
    /// Takes a name as files and the database write it: 1 to 64 small letters, digits and hyphens.
    ///
    /// # Errors
    /// [`NotAName`] when it cannot be one.
    pub fn new(name: impl Into<String>) -> Result<Self, NotAName> {
        // What names look like is the same for all of them.
        ModuleSlug::new(name).map(|name| Self(name.into()))
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Audience {
    type Error = NotAName;

    fn try_from(name: String) -> Result<Self, NotAName> {
        Self::new(name)
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> Self {
        audience.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What roles over others are called: on the command line they stand where audiences stand, and so no audience is called like one.
pub(crate) const ROLE_CODES: [&str; 5] = ["manager", "dsl", "author", "auditor", "administrator"];

/// An audience as the provider lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedAudience {
    /// Its name.
    pub id: Audience,
    /// What one of them is called, with its article: "a learner".
    pub one: String,
    /// What they are called together: "learners".
    pub many: String,
    /// The reading age, in years, that what is written for them should need at most. `None`: nobody is warned.
    #[serde(default)]
    pub reading_age: Option<u32>,
    /// The help services that every page names to them, in this order; none: those that others are shown.
    #[serde(default)]
    pub helplines: Vec<FactId>,
}
