use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    Known, NotRecomputed,
    day::Moment,
    programme::{Demand, Programme},
    record::{Assignment, Entry, Held, Person, Record, To, Version},
    stands::{Edition, Stands, stands},
};
use crate::{
    bundle::Bundle,
    bytes::{Digest, Pseudonym},
};

/// What is asked of everybody at a moment, by what is known.
pub(super) struct Asking<'r> {
    record: &'r Record,
    at: Moment,
    today: NaiveDate,
    known: Known,
    /// Of each thing in force the editions that there were by then, the oldest first.
    in_force: BTreeMap<&'r str, Vec<Edition>>,
    /// Each programme in force, and what it asks, with the day since which.
    programmes: BTreeMap<&'r str, (Programme, BTreeMap<String, NaiveDate>)>,
    /// To audiences and groups.
    assignments: Vec<&'r Held<Assignment>>,
    /// To one person.
    own: BTreeMap<Pseudonym, Vec<&'r Held<Assignment>>>,
}

const PROGRAMME: &str = "programme/";

impl<'r> Asking<'r> {
    pub(super) fn new(record: &'r Record, bundle: &Bundle, at: Moment, known: Known) -> Result<Self, NotRecomputed> {
        let today = at.day();
        let (in_force, programmes) = (BTreeMap::new(), BTreeMap::new());
        let (assignments, own) = (Vec::new(), BTreeMap::new());
        let mut asking = Self { record, at, today, known, in_force, programmes, assignments, own };
        for given in record.assignments.iter().filter(|given| given.holds(today, |entry| known.has(entry, at))) {
            match &given.what.to {
                To::Person(person) => asking.own.entry(*person).or_default().push(given),
                To::Audience(_) | To::Group(_) => asking.assignments.push(given),
                To::Nobody => {}
            }
        }
        for (thing, versions) in &record.versions {
            let (then, Some(now)) = asking.versions(versions) else { continue };
            match thing.strip_prefix(PROGRAMME) {
                None => drop(asking.in_force.insert(thing, asking.editions(&then))),
                Some(name) => {
                    let mut texts = BTreeMap::new();
                    for version in &then {
                        texts.insert(version.sha256, programme(bundle, &version.sha256)?);
                    }
                    let asks = |version: &Version, part: &str| {
                        texts.get(&version.sha256).is_some_and(|programme| programme.parts.contains(part))
                    };
                    let parts = texts.get(&now.sha256).map(|programme| programme.parts.clone()).unwrap_or_default();
                    let since = |part: String| {
                        let since = asking.since(&then, now, |version| asks(version, &part));
                        (part, since)
                    };
                    let parts = parts.into_iter().map(since).collect();
                    if let Some(programme) = texts.remove(&now.sha256) {
                        asking.programmes.insert(name, (programme, parts));
                    }
                }
            }
        }
        Ok(asking)
    }

    fn knows(&self, entry: &Entry) -> bool {
        self.known.has(entry, self.at)
    }

    fn is_by_then(&self, entry: &Entry) -> bool {
        self.knows(entry) && entry.at <= self.at
    }

    fn is_withdrawn(&self, version: &Version) -> bool {
        version.withdrawn.is_some_and(|withdrawn| self.is_by_then(&withdrawn))
    }

    /// The versions that there were, the newest first, and the one in force.
    fn versions(&self, versions: &'r [Version]) -> (Vec<&'r Version>, Option<&'r Version>) {
        let mut then: Vec<&Version> = versions.iter().filter(|version| self.is_by_then(&version.entry)).collect();
        then.sort_by_key(|version| std::cmp::Reverse(version.number));
        let newest = then.first().copied().filter(|newest| !self.is_withdrawn(newest));
        (then, newest)
    }

    /// Since which day all that was in force, without a break, was alike.
    fn since(&self, then: &[&Version], now: &Version, alike: impl Fn(&Version) -> bool) -> NaiveDate {
        let earlier = then.iter().skip(1).take_while(|version| !self.is_withdrawn(version) && alike(version));
        earlier.last().map_or(now.entry.at, |version| version.entry.at).day()
    }

    /// The editions that there were, the oldest first. Of each of them there was a version with none of another between. One that was withdrawn and came
    /// again came then.
    fn editions(&self, then: &[&Version]) -> Vec<Edition> {
        let mut editions: Vec<Edition> = Vec::new();
        let mut was_withdrawn = false;
        for version in then.iter().rev() {
            let edition = Edition { number: version.edition, came: version.entry.at };
            match editions.last_mut().filter(|last| last.number == edition.number) {
                Some(last) if was_withdrawn => *last = edition,
                Some(_) => {}
                None => editions.push(edition),
            }
            was_withdrawn = self.is_withdrawn(version);
        }
        editions
    }

    /// Where somebody stands with everything that is asked of them, in the order of the things, each with the programmes that ask it.
    pub(super) fn row(&self, pseudonym: &Pseudonym, person: &'r Person) -> Vec<(&str, Vec<&str>, Stands)> {
        let mut demands: BTreeMap<&str, Vec<Demand<'_>>> = BTreeMap::new();
        for (name, began) in self.theirs(pseudonym, person) {
            let Some((programme, parts)) = self.programmes.get(name) else { continue };
            for (part, since) in parts {
                let demand = Demand { programme: name, schedule: programme.schedule, from: began.max(*since), began };
                demands.entry(part).or_default().push(demand);
            }
        }
        let cells = demands.into_iter().filter_map(|(thing, demands)| {
            let editions = self.in_force.get(thing)?;
            let done = person.done.iter().filter(|done| done.thing == thing && self.is_by_then(&done.entry));
            let done: Vec<_> = done.filter(|done| !done.corrected.iter().any(|entry| self.knows(entry))).collect();
            let wants: &[Demand<'_>] = if self.is_excused(person, thing) { &[] } else { &demands };
            let stands = stands(&done, editions, wants, self.at);
            Some((thing, demands.iter().map(|demand| demand.programme).collect(), stands))
        });
        cells.collect()
    }

    /// The programmes that were given to somebody, in the order of their names, each with the day on which it became theirs.
    fn theirs(&self, pseudonym: &Pseudonym, person: &'r Person) -> BTreeMap<&'r str, NaiveDate> {
        let stays = person.stays.iter().filter(|stay| stay.holds(self.today, |entry| self.knows(entry)));
        let Some(start) = stays.map(|stay| stay.given.on).min() else { return BTreeMap::new() };
        let groups = self.groups(person);
        let mut theirs = BTreeMap::new();
        for given in self.assignments.iter().chain(self.own.get(pseudonym).into_iter().flatten()) {
            let since = match &given.what.to {
                To::Audience(audience) => self.in_audience(person, audience),
                To::Group(group) => groups.get(group).copied(),
                To::Person(_) => Some(start),
                To::Nobody => None,
            };
            if let Some(since) = since {
                let since = since.max(given.given.on).max(start);
                let earliest = theirs.entry(given.what.programme.as_str()).or_insert(since);
                *earliest = since.min(*earliest);
            }
        }
        theirs
    }

    fn in_audience(&self, person: &Person, audience: &str) -> Option<NaiveDate> {
        let of_it = person.audiences.iter().filter(|held| held.what == audience);
        of_it.filter(|held| held.holds(self.today, |entry| self.knows(entry))).map(|held| held.given.on).min()
    }

    /// The groups in which somebody is and those above them, each with the day since which, without a day between on which they were not.
    fn groups(&self, person: &Person) -> BTreeMap<u64, NaiveDate> {
        let mut groups = self.groups_on(person, self.today);
        let mut earlier: BTreeMap<NaiveDate, BTreeMap<u64, NaiveDate>> = BTreeMap::new();
        for (group, since) in &mut groups {
            while let Some(eve) = since.pred_opt() {
                let then = earlier.entry(eve).or_insert_with(|| self.groups_on(person, eve));
                let Some(before) = then.get(group) else { break };
                *since = *before;
            }
        }
        groups
    }

    /// The same on a day, each with the day since which what puts them there has done so.
    fn groups_on(&self, person: &Person, day: NaiveDate) -> BTreeMap<u64, NaiveDate> {
        let own = person.memberships.iter().filter(|held| held.holds(day, |entry| self.knows(entry)));
        let mut waiting: Vec<(u64, NaiveDate)> = own.map(|held| (held.what, held.given.on)).collect();
        let (mut groups, mut seen) = (BTreeMap::new(), BTreeSet::new());
        while let Some((group, since)) = waiting.pop() {
            let places = self.record.places.get(&group).map(|places| places.iter());
            let place = places.and_then(|mut of| of.find(|place| place.holds(day, |entry| self.knows(entry))));
            let Some(place) = place.filter(|_| seen.insert((group, since))) else { continue };
            let since = since.max(place.given.on);
            let earliest = groups.entry(group).or_insert(since);
            *earliest = since.min(*earliest);
            waiting.extend(place.what.map(|parent| (parent, since)));
        }
        groups
    }

    fn is_excused(&self, person: &Person, thing: &str) -> bool {
        let exemptions = person.exemptions.iter().filter(|held| held.what.thing == thing);
        let mut held = exemptions.filter(|held| held.holds(self.today, |entry| self.knows(entry)));
        held.any(|held| held.what.until.is_none_or(|until| self.today < until))
    }
}

/// The programme whose text has a digest.
fn programme(bundle: &Bundle, sha256: &Digest) -> Result<Programme, NotRecomputed> {
    let name = sha256.to_hex();
    let text = bundle.texts.get(&name).and_then(|text| Programme::read(text));
    text.ok_or(NotRecomputed::NoProgramme(name))
}
