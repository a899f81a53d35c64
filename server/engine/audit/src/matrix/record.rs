use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    NotRecomputed,
    day::{Moment, read_day},
};
use crate::{
    bundle::{Bundle, Opened},
    bytes::{Digest, Link, Pseudonym},
    canonical::from_canonical,
    fact::{Envelope, Fact, PartKind, Recipient},
    leaf::Leaf,
};

/// An entry of the log, so far as it decides what holds when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub number: u64,
    pub at: Moment,
    /// The day from which it holds.
    pub on: NaiveDate,
}

/// What holds from a day on, and before another once an entry ends it.
#[derive(Debug)]
pub(super) struct Held<T> {
    pub what: T,
    pub given: Entry,
    /// The entries that end it, the last of which holds.
    ends: Vec<Entry>,
}

/// Somebody, by what entries say of them.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// What they were called last. Empty: nothing says it, or no more.
    pub name: String,
    pub stays: Vec<Held<()>>,
    pub audiences: Vec<Held<String>>,
    pub memberships: Vec<Held<u64>>,
    pub exemptions: Vec<Held<Exemption>>,
    pub done: Vec<Done>,
}

#[derive(Debug)]
pub(super) struct Exemption {
    pub thing: String,
    /// The first day without. `None`: it was given for good.
    pub until: Option<NaiveDate>,
}

/// A pass or a signature.
#[derive(Debug)]
pub(super) struct Done {
    pub entry: Entry,
    pub thing: String,
    /// Of an agreement: its version.
    pub edition: u32,
    /// `None`: for ever.
    pub until: Option<Moment>,
    /// The entries that say that it was wrong.
    pub corrected: Vec<Entry>,
}

#[derive(Debug)]
pub(super) struct Assignment {
    pub programme: String,
    pub to: To,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum To {
    Audience(String),
    Group(u64),
    Person(Pseudonym),
    /// Somebody of whom nothing can be said any more.
    Nobody,
}

#[derive(Debug)]
pub(super) struct Version {
    pub entry: Entry,
    pub number: u32,
    pub edition: u32,
    pub sha256: Digest,
    pub withdrawn: Option<Entry>,
}

/// What a whole log says, put together.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub people: BTreeMap<Pseudonym, Person>,
    /// Below which group each group stands and stood.
    pub places: BTreeMap<u64, Vec<Held<Option<u64>>>>,
    /// By thing, oldest first.
    pub versions: BTreeMap<String, Vec<Version>>,
    pub assignments: Vec<Held<Assignment>>,
    links: Vec<(usize, Link)>,
    /// Whose passes and exemptions the entry of a number has.
    owners: BTreeMap<u64, Pseudonym>,
}

/// The part `id`, of which the name counts.
#[derive(Deserialize)]
struct Called {
    #[serde(default)]
    name: Option<String>,
}

impl<T> Held<T> {
    fn new(what: T, given: Entry) -> Self {
        Self { what, given, ends: Vec::new() }
    }

    /// Whether it holds on a day, by the entries that are known.
    pub(super) fn holds(&self, day: NaiveDate, known: impl Fn(&Entry) -> bool) -> bool {
        let end = self.ends.iter().rfind(|end| known(end));
        known(&self.given) && self.given.on <= day && end.is_none_or(|end| day < end.on)
    }

    /// What ends before it begins never held.
    fn end(&mut self, by: Entry) {
        self.ends.push(Entry { on: by.on.max(self.given.on), ..by });
    }

    fn last_end(&self) -> Option<NaiveDate> {
        self.ends.last().map(|end| end.on)
    }
}

impl Record {
    pub(super) fn of(bundle: &Bundle) -> Result<Self, NotRecomputed> {
        let mut record = Self::default();
        for opened in bundle.openings.values() {
            let unreadable = || NotRecomputed::Unreadable(opened.n);
            let envelope: Envelope = from_canonical(opened.envelope.as_bytes()).map_err(|_| unreadable())?;
            let at = Moment(envelope.at);
            let on = envelope.on.as_deref().map_or(Some(at.day()), read_day).ok_or_else(unreadable)?;
            let entry = Entry { number: opened.n, at, on };
            for fact in envelope.facts {
                record.add(opened, entry, fact)?;
            }
        }
        record.find_recipients(bundle);
        Ok(record)
    }

    fn add(&mut self, opened: &Opened, entry: Entry, fact: Fact) -> Result<(), NotRecomputed> {
        match fact {
            Fact::GroupMade { group, parent } | Fact::GroupMoved { group, parent } => {
                let places = self.places.entry(group).or_default();
                end_newest(places, entry, |_| true);
                places.push(Held::new(parent, entry));
            }
            Fact::GroupEnded { group } => end_newest(self.places.entry(group).or_default(), entry, |_| true),
            Fact::Published { thing, version, sha256, edition, .. } => {
                let version = Version { entry, number: version, edition, sha256, withdrawn: None };
                self.versions.entry(thing).or_default().push(version);
            }
            Fact::Withdrawn { thing, version } => {
                let versions = self.versions.entry(thing).or_default().iter_mut();
                for of_it in versions.filter(|of_it| of_it.number == version && of_it.withdrawn.is_none()) {
                    of_it.withdrawn = Some(entry);
                }
            }
            Fact::Assigned { programme, to } => {
                let to = match to {
                    Recipient::Audience(audience) => To::Audience(audience),
                    Recipient::Group(group) => To::Group(group),
                    Recipient::Person(link) => {
                        self.links.push((self.assignments.len(), link));
                        To::Nobody
                    }
                };
                self.assignments.push(Held::new(Assignment { programme, to }, entry));
            }
            Fact::AssignmentEnded { leaf } => {
                let first = self.assignments.partition_point(|given| given.given.number < leaf);
                let of_it = self.assignments[first..].iter_mut().take_while(|given| given.given.number == leaf);
                of_it.for_each(|given| given.end(entry));
            }
            Fact::ExemptionEnded { leaf } => {
                let exemptions = self.owner_of(leaf).map(|owner| owner.exemptions.iter_mut());
                let of_it = exemptions.into_iter().flatten().filter(|exemption| exemption.given.number == leaf);
                of_it.for_each(|exemption| exemption.end(entry));
            }
            Fact::Corrected { leaf, .. } => {
                let done = self.owner_of(leaf).map(|owner| owner.done.iter_mut());
                // A signature is not corrected.
                let passes = done.into_iter().flatten().filter(|done| done.thing.starts_with(MODULE));
                passes.filter(|done| done.entry.number == leaf).for_each(|pass| pass.corrected.push(entry));
            }
            of_person => {
                if let Some(pseudonym) = opened.person {
                    if matches!(of_person, Fact::Exempted { .. } | Fact::Completed { .. }) {
                        self.owners.insert(entry.number, pseudonym);
                    }
                    self.people.entry(pseudonym).or_default().add(opened, entry, of_person)?;
                }
            }
        }
        Ok(())
    }

    fn owner_of(&mut self, leaf: u64) -> Option<&mut Person> {
        self.people.get_mut(self.owners.get(&leaf)?)
    }

    /// Finds to whom the programmes were given that were given to one person: whose entry has the link that they name.
    fn find_recipients(&mut self, bundle: &Bundle) {
        let named: BTreeSet<Link> = self.links.iter().map(|(_, link)| *link).collect();
        let found = |opened: &Opened| {
            let leaf = Leaf::parse(bundle.leaves.get(usize::try_from(opened.n).ok()?)?).ok()?;
            named.contains(&leaf.link).then_some((leaf.link, opened.person?))
        };
        let found: BTreeMap<Link, Pseudonym> = match named.is_empty() {
            true => BTreeMap::new(),
            false => bundle.openings.values().filter_map(found).collect(),
        };
        for (place, link) in std::mem::take(&mut self.links) {
            if let Some(person) = found.get(&link) {
                self.assignments[place].what.to = To::Person(*person);
            }
        }
    }
}

/// How the names of modules and agreements begin where they are things.
const MODULE: &str = "module/";
const AGREEMENT: &str = "agreement/";

impl Person {
    fn add(&mut self, opened: &Opened, entry: Entry, fact: Fact) -> Result<(), NotRecomputed> {
        match fact {
            Fact::Began => {
                self.stays.push(Held::new((), entry));
                self.is_called(opened);
            }
            Fact::DetailsSet => self.is_called(opened),
            Fact::Left => self.leaves(entry),
            Fact::AudienceBegun { audience } => self.audiences.push(Held::new(audience, entry)),
            Fact::AudienceEnded { audience } => end_newest(&mut self.audiences, entry, |in_it| *in_it == audience),
            Fact::MembershipBegun { group } => self.memberships.push(Held::new(group, entry)),
            Fact::MembershipEnded { group } => end_newest(&mut self.memberships, entry, |of| *of == group),
            Fact::Exempted { thing, until } => {
                let until =
                    until.map(|day| read_day(&day).ok_or(NotRecomputed::Unreadable(entry.number))).transpose()?;
                self.exemptions.push(Held::new(Exemption { thing, until }, entry));
            }
            Fact::Completed { module, edition, until, .. } => {
                self.does(entry, format!("{MODULE}{module}"), edition, Some(until));
            }
            Fact::Signed { agreement, version, until, .. } => {
                self.does(entry, format!("{AGREEMENT}{agreement}"), version, until);
            }
            _ => {}
        }
        Ok(())
    }

    fn does(&mut self, entry: Entry, thing: String, edition: u32, until: Option<u64>) {
        self.done.push(Done { entry, thing, edition, until: until.map(Moment), corrected: Vec::new() });
    }

    fn is_called(&mut self, opened: &Opened) {
        let part = opened.parts.get(&PartKind::Id).map(|part| part.part.as_bytes());
        let called = part.and_then(|part| serde_json::from_slice::<Called>(part).ok());
        if let Some(name) = called.and_then(|called| called.name) {
            self.name = name;
        }
    }

    /// Ends the stay that has no end, or says of the last one to end that it ends sooner.
    fn leaves(&mut self, entry: Entry) {
        let lasting = self.stays.iter_mut().filter(|stay| stay.last_end().is_none_or(|end| stay.given.on < end));
        if let Some(stay) = lasting.max_by_key(|stay| stay.last_end().unwrap_or(NaiveDate::MAX)) {
            stay.end(entry);
        }
    }
}

/// Ends the newest of these that has no end.
fn end_newest<T>(held: &mut [Held<T>], entry: Entry, is_it: impl Fn(&T) -> bool) {
    if let Some(held) = held.iter_mut().rfind(|held| held.ends.is_empty() && is_it(&held.what)) {
        held.end(entry);
    }
}

/// The parts of a programme, as things.
pub(super) fn things(modules: &[String], agreements: &[String]) -> BTreeSet<String> {
    let modules = modules.iter().map(|module| format!("{MODULE}{module}"));
    modules.chain(agreements.iter().map(|agreement| format!("{AGREEMENT}{agreement}"))).collect()
}
