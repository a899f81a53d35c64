use serde::{Deserialize, Serialize};

/// The provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its sites with whom to talk to there.
    pub sites: Vec<Site>,
    /// Named roles that get receipts.
    pub roles: Vec<NamedRole>,
    /// What comes before a quiz.
    #[serde(default, skip_serializing_if = "QuizAfter::is_nothing")]
    pub quiz_after: QuizAfter,
}

/// What the provider asks people to do before a quiz.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuizAfter {
    /// Nothing: who knows it already need not read it.
    #[default]
    Nothing,
    /// To open each page of the module. A page that helps people to find help is never asked for.
    Pages,
}

impl QuizAfter {
    fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

/// A place where the provider works.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Site {
    /// Its name; a group of the same name makes it the site of that group's people.
    pub name: String,
    /// Whom to talk to there, the designated safeguarding lead first.
    #[serde(rename = "contact", default)]
    pub contacts: Vec<Contact>,
}

/// Somebody to talk to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: String,
    /// Their phone number, as people write it.
    pub phone: String,
    /// Their e-mail address.
    pub email: String,
    /// When they can be reached.
    pub hours: String,
}

/// A role that things are sent to, and who holds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct NamedRole {
    /// How agreements name it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is reached.
    pub email: String,
}
