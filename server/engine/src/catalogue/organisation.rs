use std::fmt;

use chrono::{NaiveDate, Weekday};
use model::FactId;
use serde::{Deserialize, Serialize};

use super::{Audience, ListedAudience, Look};
use crate::ground::GroupId;

/// The provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its sites with whom to talk to there.
    pub sites: Vec<Site>,
    /// Named roles that get receipts.
    pub roles: Vec<NamedRole>,
    /// Everybody whom something can be written for, in the order in which they are offered. Empty: the provider has not said.
    #[serde(default)]
    pub audiences: Vec<ListedAudience>,
    /// As whom somebody is here who is given a duty and is in no other audience. `None`: in none.
    #[serde(default)]
    pub roles_are: Option<Audience>,
    /// The help services that anybody finds first at night, besides those of their audience: ids of facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_any_hour: Vec<FactId>,
    /// What comes before a quiz.
    #[serde(default, skip_serializing_if = "QuizAfter::is_nothing")]
    pub quiz_after: QuizAfter,
    /// How CPD is counted.
    #[serde(default, skip_serializing_if = "Cpd::is_as_usual")]
    pub cpd: Cpd,
    /// What is let go of, and when.
    #[serde(default, skip_serializing_if = "Retention::is_nothing")]
    pub retention: Retention,
    /// When people are reminded of what is wanted of them.
    #[serde(default, skip_serializing_if = "Reminders::is_as_usual")]
    pub reminders: Reminders,
    /// After so many days somebody is asked again who declined to sign an agreement. `None`: the provider has not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_again_days: Option<u32>,
    /// Who must have a code asked of them at sign-in.
    #[serde(default, skip_serializing_if = "SecondFactors::is_nothing")]
    pub second_factors: SecondFactors,
    /// Whether readers are shown what is in another language or in Easy Read before somebody has reviewed it. It says so then.
    #[serde(default, skip_serializing_if = "is_not")]
    pub unreviewed_twins: bool,
    /// How its pages look.
    #[serde(default, skip_serializing_if = "Look::is_as_usual")]
    pub look: Look,
    /// How it is reached with anything that is no worry about somebody. `None`: the foot of the page does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ProviderContact>,
}

/// How a provider is reached; one of the two is there at least.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderContact {
    /// Its phone number, as people write it.
    pub phone: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_not(value: &bool) -> bool {
    !value
}

impl Organisation {
    /// After how many days somebody is asked again who declined to sign an agreement, where the provider does not say.
    pub const ASK_AGAIN_DAYS: u32 = 14;

    /// After how many days somebody is asked again who declined to sign an agreement.
    #[must_use]
    pub fn asks_again_after(&self) -> u32 {
        self.ask_again_days.unwrap_or(Self::ASK_AGAIN_DAYS)
    }

    /// An audience as it is listed. `None`: it is not, or is no longer.
    #[must_use]
    pub fn audience(&self, id: &Audience) -> Option<&ListedAudience> {
        self.audiences.iter().find(|listed| listed.id == *id)
    }

    /// The sites whose contacts somebody in these groups is shown: those that bear the name of one of them or of a group above it; all of them
    /// for somebody in none, or not signed in. `groups` are those with the groups above them, each with its name.
    #[must_use]
    pub fn sites_for(&self, groups: &[(GroupId, String)]) -> Vec<&Site> {
        let is_theirs = |site: &&Site| groups.iter().any(|(_, name)| *name == site.name);
        let theirs: Vec<&Site> = self.sites.iter().filter(is_theirs).collect();
        if theirs.is_empty() { self.sites.iter().collect() } else { theirs }
    }

    /// Whether an audience may be named: it is listed, or the provider lists none.
    #[must_use]
    pub fn knows(&self, id: &Audience) -> bool {
        self.audiences.is_empty() || self.audience(id).is_some()
    }

    /// What those of an audience are called together; its name when it is not listed.
    #[must_use]
    pub fn many<'a>(&'a self, id: &'a Audience) -> &'a str {
        self.audience(id).map_or(id.as_str(), |listed| listed.many.as_str())
    }

    /// What those of each of these audiences are called together, in this order.
    pub(crate) fn all_many(&self, audiences: &[Audience]) -> Vec<String> {
        audiences.iter().map(|audience| self.many(audience).to_owned()).collect()
    }
}

/// How a provider counts continuing professional development (CPD).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpd {
    /// The day with which its years begin, in any year; never 29 February.
    pub year_begins: NaiveDate,
    /// How many minutes somebody should have in a year. `None`: the provider names no target.
    pub target_minutes: Option<u32>,
    /// The audiences that should have them; none: everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_for: Vec<Audience>,
    /// Whether what is passed here counts as off-the-job training.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off_the_job: bool,
    /// Whether it is counted how long people spend on a module and its quiz.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub time_spent: bool,
}

impl Cpd {
    /// How many minutes somebody in these audiences should have in a year. `None`: no target is named for them.
    pub(crate) fn target_of<'a>(&self, mut audiences: impl Iterator<Item = &'a Audience>) -> Option<u32> {
        let is_meant = self.target_for.is_empty() || audiences.any(|audience| self.target_for.contains(audience));
        self.target_minutes.filter(|_| is_meant)
    }

    fn is_as_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Cpd {
    /// The academic year of English further education, from 1 September, without a target.
    fn default() -> Self {
        Self {
            year_begins: NaiveDate::from_ymd_opt(2000, 9, 1).unwrap_or_default(),
            target_minutes: None,
            target_for: Vec::new(),
            off_the_job: false,
            time_spent: false,
        }
    }
}

/// For how long a provider keeps what is about people who have left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// So many days after somebody left, what they answered in quizzes goes. `None`: it is kept.
    pub answers_of_leavers_days: Option<u32>,
    /// So many years after they left, their name goes, and what else is about them and decides nothing. `None`: it is kept.
    pub names_of_leavers_years: Option<u32>,
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.answers_of_leavers_days {
            Some(days) => write!(f, "answers go {days} days after somebody left, ")?,
            None => f.write_str("answers are kept, ")?,
        }
        match self.names_of_leavers_years {
            Some(years) => write!(f, "names go {years} years after"),
            None => f.write_str("names are kept"),
        }
    }
}

impl Retention {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// When a provider has people reminded by letter of what is wanted of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// Whether anybody is reminded at all.
    pub on: bool,
    /// So many days before something is due, the most first.
    pub days_before: Vec<u32>,
    /// Once something is late, every so many days.
    pub overdue_every_days: u32,
    /// How often somebody is told at most that something is late.
    pub overdue_at_most: u32,
    /// On which days of the week nobody is written to.
    pub quiet_days: Vec<Weekday>,
    /// From which hour of the day on letters are written, in the United Kingdom.
    pub hour: u32,
    /// On which day of the week managers are told how many of their people are late. `None`: they are not.
    #[serde(default)]
    pub digest_day: Option<Weekday>,
}

impl Reminders {
    fn is_as_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Reminders {
    /// None, unless the provider switches them on; then two weeks and three days before, and four times after, a week apart, at nine in the
    /// morning, and not at weekends.
    fn default() -> Self {
        Self {
            on: false,
            days_before: vec![14, 3],
            overdue_every_days: 7,
            overdue_at_most: 4,
            quiet_days: vec![Weekday::Sat, Weekday::Sun],
            hour: 9,
            digest_day: None,
        }
    }
}

/// Of whom a provider wants a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactors {
    /// From which day on whoever sees other people's records must have one. `None`: nobody must.
    pub required_from: Option<NaiveDate>,
}

impl SecondFactors {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
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
    /// Who holds it, and when. Empty: whoever signs in with the address at which it is reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<RoleHolder>,
    /// Who stands in for them, and when. Letters go to these meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cover: Vec<RoleHolder>,
}

impl NamedRole {
    /// The addresses of those who hold it on a day.
    #[must_use]
    pub fn holders_on(&self, day: NaiveDate) -> Vec<&str> {
        if self.holders.is_empty() { vec![&self.email] } else { in_force(&self.holders, day) }
    }

    /// The addresses of those who stand in on a day.
    #[must_use]
    pub fn cover_on(&self, day: NaiveDate) -> Vec<&str> {
        in_force(&self.cover, day)
    }
}

fn in_force(held: &[RoleHolder], day: NaiveDate) -> Vec<&str> {
    held.iter().filter(|one| one.holds_on(day)).map(|one| one.email.as_str()).collect()
}

/// Somebody who holds a named role, or stands in for who does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct RoleHolder {
    /// With what they sign in.
    pub email: String,
    /// From which day on. `None`: all along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day on which they do. `None`: no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl RoleHolder {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}
