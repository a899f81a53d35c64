//! What an envelope says: the facts of one act, when it takes effect and when it was decided, and what its parts are.
//!
//! Days are written `2026-11-29`, moments as whole milliseconds since 1970 in UTC, things as `module/four-cs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bytes::{Digest, Link};

/// One act about one person, or about nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// When it was decided, in milliseconds.
    pub at: u64,
    /// It was on record before there was a log, and is worth as much as what it was copied from.
    #[serde(default, skip_serializing_if = "is_false")]
    pub claimed: bool,
    /// What was done; an import's line may do several things at once.
    pub facts: Vec<Fact>,
    /// The day from which it holds. `None`: that of `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// What stands apart, so that it can be deleted by itself.
    pub parts: BTreeMap<PartKind, Digest>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// How it was done: typed name, when it was shown, how they had signed in, score; what was learned elsewhere, and with whom.
    Act,
    /// Who did it, if that is somebody else.
    By,
    /// The numbers of the leaves of the passes that opened a gate.
    Gate,
    /// Name, e-mail address, whether under 18, who countersigned.
    Id,
    /// Shortened address and family of the browser.
    Net,
    /// What a group is called.
    Title,
    /// Reasons in words.
    Why,
    /// Digest of an attempt's seed and answers, from which its marks can be worked out again.
    Work,
}

impl PartKind {
    /// All of them.
    pub const EVERY: [Self; 8] =
        [Self::Act, Self::By, Self::Gate, Self::Id, Self::Net, Self::Title, Self::Why, Self::Work];

    /// Those that name people or groups, or are about them in words.
    pub const NAMING: [Self; 6] = [Self::Act, Self::By, Self::Id, Self::Net, Self::Title, Self::Why];

    /// What envelopes call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::By => "by",
            Self::Gate => "gate",
            Self::Id => "id",
            Self::Net => "net",
            Self::Title => "title",
            Self::Why => "why",
            Self::Work => "work",
        }
    }
}

/// Whom a programme is given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// Everybody in an audience.
    Audience(String),
    /// Everybody in a group or one below it.
    Group(u64),
    /// The person to whom a leaf with this link belongs.
    Person(Link),
}

/// Why a fact was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// It was entered for another person.
    WrongPerson,
    /// Its date was wrong.
    WrongDate,
    /// It never happened.
    NeverHappened,
    /// What was answered or signed was not their own.
    NotTheirOwn,
    /// Something else, which stands in its reasons.
    Other,
}

/// How a pass was earned, unless by an attempt at the whole quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Earned {
    /// By an attempt that asked about what changed since an earlier pass, and what had been answered wrongly.
    Refresher,
    /// By having been at a workshop.
    Workshop,
    /// By an attempt at the whole quiz, after the module had been worked through with a tutor, as both confirmed.
    SideBySide,
}

/// Something that was recorded. Each says the least that decides where somebody stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "what a field is called is the format, and the words above each fact say what it means"
)]
pub enum Fact {
    /// A group was made, in a parent or at the top.
    GroupMade { group: u64, parent: Option<u64> },
    /// A group was put somewhere else in the tree.
    GroupMoved { group: u64, parent: Option<u64> },
    /// A group got another title.
    GroupRenamed { group: u64 },
    /// A group ended.
    GroupEnded { group: u64 },
    /// What the provider says of itself was published anew. Nothing of it decides where anybody stands.
    SettingsChanged { sha256: Digest },
    /// A version was published. Of an agreement it says which modules one must have passed before signing it.
    Published {
        thing: String,
        version: u32,
        sha256: Digest,
        edition: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        requires: Vec<String>,
    },
    /// A thing was withdrawn.
    Withdrawn { thing: String, version: u32 },
    /// A programme was given.
    Assigned { programme: String, to: Recipient },
    /// What the leaf of that number gave was ended.
    AssignmentEnded { leaf: u64 },
    /// Somebody began, or came back.
    Began,
    /// They left.
    Left,
    /// They came to be in an audience.
    AudienceBegun { audience: String },
    /// They are no longer in it.
    AudienceEnded { audience: String },
    /// They came into a group.
    MembershipBegun { group: u64 },
    /// They are no longer in it.
    MembershipEnded { group: u64 },
    /// A duty was given, over a group or everywhere.
    DutyGiven { role: String, group: Option<u64> },
    /// It was ended.
    DutyEnded { role: String, group: Option<u64> },
    /// Their name, address or other identity was set anew; what it is stands apart.
    DetailsSet,
    /// They were excused, until a day or for good.
    Exempted { thing: String, until: Option<String> },
    /// They are no longer excused by the leaf of that number.
    ExemptionEnded { leaf: u64 },
    /// They were given more attempts.
    AttemptsGiven { module: String, attempts: u32 },
    /// They added something that they learned elsewhere, on a day, with the digest of its file. Nobody checked it.
    EvidenceAdded { day: String, minutes: u32, sha256: Option<Digest> },
    /// They took back what the leaf of that number added.
    EvidenceEnded { leaf: u64 },
    /// They were said to have worked a module through with whoever says it, on a day.
    Discussed { module: String, version: u32, sha256: Digest, edition: u32, day: String },
    /// They say themselves of what that leaf says whether it was held.
    DiscussionAnswered { leaf: u64, held: bool },
    /// They passed a module. `until` in milliseconds.
    Completed {
        module: String,
        version: u32,
        sha256: Digest,
        edition: u32,
        until: u64,
        minutes: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Earned>,
    },
    /// They signed an agreement. `statement` is the digest of the words beside the name; `until` in milliseconds, or for ever.
    Signed { agreement: String, version: u32, sha256: Digest, statement: Digest, until: Option<u64> },
    /// They declined to sign.
    Declined { agreement: String, version: u32, sha256: Digest },
    /// What an earlier leaf says was wrong.
    Corrected { leaf: u64, code: Correction, replaced_by: Option<u64> },
    /// Openings were let go. `sha256` is the digest of the whole list of what is gone.
    Erased { basis: String, leaves: u64, parts: u64, sha256: Digest },
    /// A bundle was given to somebody.
    Exported { sha256: Digest, people: u64 },
    /// People came from a file: its digest, how many began with it, and how many others it changed.
    PeopleImported { sha256: Digest, began: u32, changed: u32 },
    /// What the import of that file began was ended.
    ImportUndone { sha256: Digest },
    /// Another key signs from here on; both by their public halves. The head behind this leaf is signed by both.
    KeyChanged { key: String, was: String },
    /// A copy was restored; the head that was known last, as a note.
    Restored { head: String },
    /// An administrator said that the clock is right although it stepped, by so many seconds.
    ClockStepped { seconds: i64 },
    /// An outside authority stamped a head: the digest of its token, and the size of that head.
    TimeStamped { sha256: Digest, size: u64 },
}

/// About whom a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Somebody,
    Nobody,
    /// Whomever the leaf of that number is about, which it ends.
    WhomThatIs(u64),
}

impl Fact {
    /// About whom it is. The leaf of what is about somebody belongs to them.
    pub(crate) fn about(&self) -> About {
        match self {
            Self::GroupMade { .. }
            | Self::GroupMoved { .. }
            | Self::GroupRenamed { .. }
            | Self::GroupEnded { .. }
            | Self::SettingsChanged { .. }
            | Self::Published { .. }
            | Self::Withdrawn { .. }
            | Self::Assigned { to: Recipient::Audience(_) | Recipient::Group(_), .. }
            | Self::Erased { .. }
            | Self::Exported { .. }
            | Self::PeopleImported { .. }
            | Self::ImportUndone { .. }
            | Self::KeyChanged { .. }
            | Self::Restored { .. }
            | Self::ClockStepped { .. }
            | Self::TimeStamped { .. } => About::Nobody,
            Self::AssignmentEnded { leaf } => About::WhomThatIs(*leaf),
            Self::Assigned { to: Recipient::Person(_), .. }
            | Self::Began
            | Self::Left
            | Self::AudienceBegun { .. }
            | Self::AudienceEnded { .. }
            | Self::MembershipBegun { .. }
            | Self::MembershipEnded { .. }
            | Self::DutyGiven { .. }
            | Self::DutyEnded { .. }
            | Self::DetailsSet
            | Self::Exempted { .. }
            | Self::ExemptionEnded { .. }
            | Self::AttemptsGiven { .. }
            | Self::EvidenceAdded { .. }
            | Self::EvidenceEnded { .. }
            | Self::Discussed { .. }
            | Self::DiscussionAnswered { .. }
            | Self::Completed { .. }
            | Self::Signed { .. }
            | Self::Declined { .. }
            | Self::Corrected { .. } => About::Somebody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{from_canonical, to_canonical};

    fn written(envelope: &Envelope) -> String {
        String::from_utf8(to_canonical(envelope).unwrap()).unwrap()
    }

    #[test]
    fn an_envelope_says_no_more_than_it_must() {
        let digest = Digest([1; 32]);
        let pass = Fact::Completed {
            module: "four-cs".to_owned(),
            version: 2,
            sha256: digest,
            edition: 1,
            until: 1_821_536_000_000,
            minutes: 25,
            how: None,
        };
        let envelope = Envelope {
            at: 1_790_000_000_123,
            claimed: false,
            facts: vec![pass],
            on: None,
            parts: [(PartKind::Act, digest)].into(),
        };
        let hex = digest.to_hex();
        assert_eq!(
            written(&envelope),
            format!(
                r#"{{"at":1790000000123,"facts":[{{"edition":1,"kind":"completed","minutes":25,"module":"four-cs","sha256":"{hex}","until":1821536000000,"version":2}}],"parts":{{"act":"{hex}"}}}}"#
            )
        );
        assert_eq!(from_canonical::<Envelope>(written(&envelope).as_bytes()).unwrap(), envelope);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for wrong in [
            r#"{"at":1,"facts":[{"kind":"promised"}],"parts":{}}"#,
            r#"{"at":1,"facts":[{"kind":"left","why":"x"}],"parts":{}}"#,
            r#"{"at":1,"claimed":false,"facts":[],"parts":{}}"#,
            r#"{"at":1,"facts":[],"more":1,"parts":{}}"#,
            r#"{"at":1,"facts":[{"edition":1,"how":"asleep","kind":"completed","minutes":25,"module":"four-cs","sha256":"0000000000000000000000000000000000000000000000000000000000000000","until":2,"version":2}],"parts":{}}"#,
            r#"{"at":1,"facts":[],"parts":{"salary":"00"}}"#,
        ] {
            assert!(from_canonical::<Envelope>(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_is_called_what_envelopes_call_it() {
        for kind in PartKind::EVERY {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
