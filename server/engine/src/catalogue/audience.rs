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
