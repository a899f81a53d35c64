use std::collections::BTreeMap;

use audit::{Envelope, Fact, Recipient};

use crate::{
    catalogue::Audience,
    engine::Engine,
    ground::GroupId,
    people::SignedOutWith,
    record::{Role, Thing},
    store::{Conn, Linked as _, StoreError, on},
};

/// A group that something was done with, as it is called now. `None`: it is not known any more.
pub type GroupThen = Option<(GroupId, String)>;

/// To whom a programme was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenTo {
    /// To everybody of an audience, in the provider's word for them.
    Audience(String),
    /// To everybody in a group and in those below it.
    Group(GroupThen),
    /// To the person whom it is about.
    Person,
}

/// Something that somebody did for others, so far as it says nothing of where these stand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words above each deed say what it means, and its fields are called what they are")]
pub enum Deed {
    /// A group was made.
    GroupMade(GroupThen),
    /// It was put somewhere else.
    GroupMoved(GroupThen),
    /// It was called something else.
    GroupRenamed(GroupThen),
    /// It was ended.
    GroupEnded(GroupThen),
    /// Settings, contacts, facts or pages of the provider's own were published.
    SettingsChanged,
    /// A version was published.
    Published { title: String, version: u32 },
    /// Something was withdrawn.
    Withdrawn { title: String },
    /// A programme was given.
    Assigned { programme: String, to: GivenTo },
    /// A programme was taken back. `None`: which is not known any more.
    AssignmentEnded(Option<(String, GivenTo)>),
    /// Somebody began, or came back.
    Began,
    /// They left.
    Left,
    /// They came to be in an audience, in the provider's word for one of them.
    AudienceBegun(String),
    /// They are no longer in it.
    AudienceEnded(String),
    /// They came into a group.
    MembershipBegun(GroupThen),
    /// They are no longer in it.
    MembershipEnded(GroupThen),
    /// They were given a duty. `over`: `None` for everybody.
    DutyGiven { role: Option<Role>, over: Option<GroupThen> },
    /// It was ended.
    DutyEnded { role: Option<Role>, over: Option<GroupThen> },
    /// Their name, address or id was set anew.
    DetailsSet,
    /// They were excused from something.
    Excused,
    /// They no longer are.
    NoLongerExcused,
    /// They were given more attempts.
    AttemptsGiven,
    /// It was said that they did something with whoever says it.
    Confirmed,
    /// It was said that a pass of theirs was recorded wrongly.
    PassWithdrawn,
    /// All that could be let go of about somebody was erased because they asked.
    Erased,
    /// The provider's rules let go of names.
    LetGo,
    /// A list, a pack or all that is held about somebody was taken out; of so many people.
    TakenOut { people: u64 },
    /// People were brought in from a file.
    Imported { began: u32, changed: u32 },
    /// That was undone.
    ImportUndone,
    /// Another key signs the log.
    KeyChanged,
    /// A copy was restored.
    Restored,
    /// It was said that the server's clock is right.
    ClockAccepted,
    /// An authority outside stamped the log.
    TimeStamped,
    /// A link was made with which they choose a password.
    LinkMade,
    /// A password was set for them.
    PasswordSet,
    /// They were signed out in every browser, alone or with what was taken away.
    SignedOut(SignedOutWith),
    /// A code was made with which people come into a group.
    CodeMade(GroupThen),
    /// A token was made for a program.
    TokenMade(String),
    /// Letters were held back.
    LettersHeld,
    /// Reminders were held back.
    RemindersHeld,
    /// Something that this version does not know.
    Unknown,
}

/// How groups are called now, by the numbers that the log has for them.
pub(super) struct GroupNames(BTreeMap<u64, (GroupId, String)>);

/// Of each group its newest name, whether or not it has ended. There are few groups.
const FIND_GROUPS: &str = "SELECT g.number, g.id, (SELECT p.name FROM group_place p WHERE p.group_id = g.id \
     ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1) FROM people_group g";

impl GroupNames {
    pub(super) async fn find(conn: &mut Conn) -> Result<Self, StoreError> {
        let rows: Vec<(i64, GroupId, Option<String>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_GROUPS).fetch_all(conn).await)?;
        let named = rows.into_iter().filter_map(|(number, id, name)| Some((u64::try_from(number).ok()?, (id, name?))));
        Ok(Self(named.collect()))
    }

    fn of(&self, number: u64) -> GroupThen {
        self.0.get(&number).cloned()
    }

    pub(super) fn of_id(&self, group: GroupId) -> GroupThen {
        self.0.values().find(|(id, _)| *id == group).cloned()
    }
}

impl Engine {
    /// What an entry of the signed log says, one after the other. `given`: what the entries say to which it refers.
    pub(super) fn deeds(&self, envelope: &Envelope, groups: &GroupNames, given: &BTreeMap<u64, Envelope>) -> Vec<Deed> {
        envelope.facts.iter().map(|fact| self.deed(fact, groups, given)).collect()
    }

    fn deed(&self, fact: &Fact, groups: &GroupNames, given: &BTreeMap<u64, Envelope>) -> Deed {
        let over = |group: Option<u64>| group.map(|group| groups.of(group));
        match fact {
            Fact::GroupMade { group, .. } => Deed::GroupMade(groups.of(*group)),
            Fact::GroupMoved { group, .. } => Deed::GroupMoved(groups.of(*group)),
            Fact::GroupRenamed { group } => Deed::GroupRenamed(groups.of(*group)),
            Fact::GroupEnded { group } => Deed::GroupEnded(groups.of(*group)),
            Fact::SettingsChanged { .. } => Deed::SettingsChanged,
            Fact::Published { thing, version, .. } => {
                Deed::Published { title: self.title_in_log(thing), version: *version }
            }
            Fact::Withdrawn { thing, .. } => Deed::Withdrawn { title: self.title_in_log(thing) },
            Fact::Assigned { programme, to } => {
                let (programme, to) = self.given(programme, to, groups);
                Deed::Assigned { programme, to }
            }
            Fact::AssignmentEnded { leaf } => {
                let first = given.get(leaf).and_then(|envelope| envelope.facts.first());
                Deed::AssignmentEnded(match first {
                    Some(Fact::Assigned { programme, to }) => Some(self.given(programme, to, groups)),
                    _ => None,
                })
            }
            Fact::Began => Deed::Began,
            Fact::Left => Deed::Left,
            Fact::AudienceBegun { audience } => Deed::AudienceBegun(self.one_of(audience)),
            Fact::AudienceEnded { audience } => Deed::AudienceEnded(self.one_of(audience)),
            Fact::MembershipBegun { group } => Deed::MembershipBegun(groups.of(*group)),
            Fact::MembershipEnded { group } => Deed::MembershipEnded(groups.of(*group)),
            Fact::DutyGiven { role, group } => Deed::DutyGiven { role: Role::parse(role), over: over(*group) },
            Fact::DutyEnded { role, group } => Deed::DutyEnded { role: Role::parse(role), over: over(*group) },
            Fact::DetailsSet => Deed::DetailsSet,
            Fact::Exempted { .. } => Deed::Excused,
            Fact::ExemptionEnded { .. } => Deed::NoLongerExcused,
            Fact::AttemptsGiven { .. } => Deed::AttemptsGiven,
            Fact::Completed { .. } | Fact::Discussed { .. } => Deed::Confirmed,
            Fact::Corrected { .. } => Deed::PassWithdrawn,
            Fact::Erased { basis, .. } if basis == "request" => Deed::Erased,
            Fact::Erased { .. } => Deed::LetGo,
            Fact::Exported { people, .. } => Deed::TakenOut { people: *people },
            Fact::PeopleImported { began, changed, .. } => Deed::Imported { began: *began, changed: *changed },
            Fact::ImportUndone { .. } => Deed::ImportUndone,
            Fact::KeyChanged { .. } => Deed::KeyChanged,
            Fact::Restored { .. } => Deed::Restored,
            Fact::ClockStepped { .. } => Deed::ClockAccepted,
            Fact::TimeStamped { .. } => Deed::TimeStamped,
            // What people do themselves is in nobody else's name.
            Fact::EvidenceAdded { .. }
            | Fact::EvidenceEnded { .. }
            | Fact::DiscussionAnswered { .. }
            | Fact::Signed { .. }
            | Fact::Declined { .. } => Deed::Unknown,
        }
    }

    /// What a programme is called, and to whom it was given.
    fn given(&self, programme: &str, to: &Recipient, groups: &GroupNames) -> (String, GivenTo) {
        let to = match to {
            Recipient::Audience(audience) => {
                let catalogue = self.catalogue();
                let many = Audience::new(audience.as_str()).map(|id| catalogue.organisation.many(&id).to_owned());
                GivenTo::Audience(many.unwrap_or_else(|_| audience.clone()))
            }
            Recipient::Group(group) => GivenTo::Group(groups.of(*group)),
            Recipient::Person(_) => GivenTo::Person,
        };
        (self.title_in_log(&format!("programme/{programme}")), to)
    }

    /// What one of an audience is called; its name when it is not listed any more.
    fn one_of(&self, audience: &str) -> String {
        let listed = Audience::new(audience).ok();
        let catalogue = self.catalogue();
        let listed = listed.and_then(|id| catalogue.organisation.audience(&id).map(|listed| listed.one.clone()));
        listed.unwrap_or_else(|| audience.to_owned())
    }

    /// What a thing is called that the log names as `module/four-cs`; that name where nothing of it was ever published here.
    fn title_in_log(&self, thing: &str) -> String {
        let shelf = self.shelf();
        let found = thing.split_once('/').and_then(|(kind, slug)| match Thing::parse(kind, slug) {
            Some(Thing::Module(module)) => shelf.modules.get(&module).map(|history| history.title.clone()),
            Some(Thing::Agreement(agreement)) => shelf.agreements.get(&agreement).map(|history| history.title.clone()),
            None => {
                let mut programmes = shelf.programmes.iter();
                programmes.find(|(other, _)| other.as_str() == slug).map(|(_, history)| history.title.clone())
            }
        });
        found.unwrap_or_else(|| thing.to_owned())
    }
}
