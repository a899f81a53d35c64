use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{FactId, NotAName};
use serde::{Deserialize, Serialize};

use super::{Audience, TwinName};

/// A law, figure or help service, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name.
    pub id: FactId,
    /// What stands in the sentence.
    pub text: String,
    /// What stands in the sentence of a text in another language or in Easy Read. Of a version, only what that version says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<TwinName, String>,
    /// Where it comes from.
    pub source: String,
    /// Edition or date of the source.
    pub edition: String,
    /// When somebody last held it against the source. `None` when it must be checked before release.
    pub checked: Option<NaiveDate>,
    /// When it must be checked again.
    pub review_by: NaiveDate,
    /// What was seen in place of its source, or what to look for there: for whoever confirms facts. No version keeps it.
    #[serde(skip)]
    pub why: Option<String>,
    /// How to reach it, when it is a help service.
    pub helpline: Option<Helpline>,
}

impl Fact {
    /// The edition of what a provider settles in its own way.
    pub(crate) const OWN_RULE: &'static str = "this organisation";

    /// Whether it is a rule of the provider's own, from `organisation.toml`.
    #[must_use]
    pub fn is_own_rule(&self) -> bool {
        self.edition == Self::OWN_RULE
    }
}

/// A help service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helpline {
    /// Its name.
    pub name: String,
    /// Its phone number, as people write it.
    #[serde(default)]
    pub phone: Option<String>,
    /// What to text and to which number, in words, such as "Text SHOUT to 85258".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its address on the web.
    #[serde(default)]
    pub url: Option<String>,
    /// Whom it is for, in words.
    #[serde(rename = "for")]
    pub for_whom: String,
    /// Under which heading it stands.
    pub audience: HelplineAudience,
    /// Under which headings it stands besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_under: Vec<HelplineAudience>,
    /// What it does.
    pub about: String,
    /// When it can be reached.
    #[serde(default)]
    pub hours: Option<String>,
    /// What it costs to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// What it cannot do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cannot: Option<String>,
    /// Whether it stands on the card that people print and keep.
    #[serde(default, skip_serializing_if = "is_not")]
    pub on_card: bool,
}

impl Helpline {
    /// Whether it stands under a heading.
    #[must_use]
    pub fn stands_under(&self, heading: &HelplineAudience) -> bool {
        self.audience == *heading || self.also_under.contains(heading)
    }

    /// Whether its hours say that it answers day and night. They are words, so it is said in one of these ways.
    #[must_use]
    pub fn answers_at_any_hour(&self) -> bool {
        const SAID: [&str; 6] = ["day and night", "day or night", "24 hours", "24/7", "any time", "any hour"];
        self.hours.as_deref().is_some_and(|hours| {
            let hours = hours.to_lowercase();
            SAID.iter().any(|said| hours.contains(said))
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_not(value: &bool) -> bool {
    !value
}

/// Under which heading a help service stands: by how old somebody is, or by as whom they are here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HelplineAudience {
    /// "If you are under 18".
    Young,
    /// "If you are 18 or over".
    Adult,
    /// "Everyone".
    Everyone,
    /// Those of one audience, such as "For staff".
    Of(Audience),
}

impl HelplineAudience {
    /// The headings by age, as files write them: no audience bears such a name.
    pub const BY_AGE: [(&'static str, Self); 3] =
        [("young", Self::Young), ("adult", Self::Adult), ("everyone", Self::Everyone)];
}

impl TryFrom<String> for HelplineAudience {
    type Error = NotAName;

    fn try_from(written: String) -> Result<Self, NotAName> {
        match Self::BY_AGE.into_iter().find(|(word, _)| *word == written) {
            Some((_, by_age)) => Ok(by_age),
            None => Audience::new(written).map(Self::Of),
        }
    }
}

impl From<HelplineAudience> for String {
    fn from(audience: HelplineAudience) -> Self {
        match audience {
            HelplineAudience::Young => "young".to_owned(),
            HelplineAudience::Adult => "adult".to_owned(),
            HelplineAudience::Everyone => "everyone".to_owned(),
            HelplineAudience::Of(audience) => audience.into(),
        }
    }
}
