use std::collections::{BTreeMap, BTreeSet};

use super::trusted::Gate;
use crate::{
    bundle::{Bundle, Opened, digest_of_text},
    bytes::{Digest, Pseudonym},
    canonical::from_canonical,
    fact::{About, Envelope, Fact, PartKind},
    leaf::{Leaf, LeafError},
    opening::{commit, digest_of_part, link},
    report::{Fault, Note},
};

/// What was decided is appended within a minute: with more between, one of the two clocks was wrong, or somebody held it back.
const LONGEST_HELD_MS: u64 = 60_000;

/// What holds from a day this long before it was recorded was entered late, and is always listed.
const LATE_MS: i64 = 7 * 24 * 3_600_000;

/// After so many entries it is told how much is done.
const TELL_EVERY: u64 = 512;

/// Which texts must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    /// All that was published and signed.
    All,
    /// What was signed, and beside which words. Modules have their answers in them, and nobody who signed gets those.
    OfSignatures,
}

/// A leaf that could be read.
pub(super) struct Act {
    pub envelope: Envelope,
    pub person: Option<Pseudonym>,
    /// What stands in its gate, where it has one that is there.
    pub gate: Option<Gate>,
    pub appended_at: u64,
}

pub(super) struct Check<'b> {
    pub bundle: &'b Bundle,
    pub faults: BTreeSet<Fault>,
    pub notes: BTreeSet<Note>,
    pub acts: BTreeMap<u64, Act>,
    /// Where an administrator last said that a clock was right although it had gone back: when that leaf was appended, and by how many
    /// milliseconds.
    set_back: Option<(u64, u64)>,
    /// The key that is trusted is of the log from which a copy was restored, and not of this one.
    pub of_former: bool,
}

impl<'b> Check<'b> {
    pub(super) fn of(bundle: &'b Bundle) -> Self {
        Self {
            bundle,
            faults: BTreeSet::new(),
            notes: BTreeSet::new(),
            acts: BTreeMap::new(),
            set_back: None,
            of_former: false,
        }
    }
}

impl Check<'_> {
    /// Reads each leaf and looks at its place and time. `None` for one that cannot be read.
    pub(super) fn leaves(&mut self) -> Vec<Option<Leaf>> {
        let mut leaves = Vec::with_capacity(self.bundle.leaves.len());
        let mut last = 0;
        for (number, bytes) in (0..).zip(&self.bundle.leaves) {
            let leaf = match Leaf::parse(bytes) {
                Ok(leaf) => Some(leaf),
                Err(LeafError::UnknownFormat(_)) => {
                    self.notes.insert(Note::NotUnderstood(number));
                    None
                }
                Err(LeafError::NotALeaf) => {
                    self.faults.insert(Fault::NotALeaf(number));
                    None
                }
            };
            if let Some(leaf) = leaf {
                if leaf.number != number {
                    self.faults.insert(Fault::OutOfPlace(number));
                }
                if leaf.appended_at < last {
                    self.faults.insert(Fault::TimeGoesBack(number));
                }
                last = last.max(leaf.appended_at);
            }
            leaves.push(leaf);
        }
        let found = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        if found != self.bundle.manifest.size {
            self.faults.insert(Fault::Size { said: self.bundle.manifest.size, found });
        }
        leaves
    }

    /// They take most of the time: from 250 to 950 thousandths of it.
    pub(super) fn openings(&mut self, leaves: &[Option<Leaf>], tell: &mut dyn FnMut(u32)) {
        let bundle = self.bundle;
        let beyond = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        self.faults.extend(bundle.openings.range(beyond..).map(|(number, _)| Fault::DoesNotOpen(*number)));
        for leaf in leaves.iter().flatten() {
            if leaf.number % TELL_EVERY == 0 {
                tell(250 + u32::try_from(leaf.number * 700 / beyond.max(1)).unwrap_or(700).min(700));
            }
            match (bundle.openings.get(&leaf.number), bundle.erased.has_envelope(leaf.number)) {
                (Some(_), true) => {
                    self.faults.insert(Fault::ErasedYetThere(leaf.number));
                }
                (Some(opened), false) => self.opening(leaf, opened),
                (None, false) => {
                    self.faults.insert(Fault::Unexplained(leaf.number));
                }
                (None, true) => {}
            }
        }
    }

    pub(super) fn opening(&mut self, leaf: &Leaf, opened: &Opened) {
        let number = leaf.number;
        let is_theirs = opened.person.is_none_or(|person| link(&opened.salt, &person) == leaf.link);
        if !is_theirs || commit(&opened.salt, opened.envelope.as_bytes()) != leaf.commitment {
            self.faults.insert(Fault::DoesNotOpen(number));
            return;
        }
        let Ok(envelope) = from_canonical::<Envelope>(opened.envelope.as_bytes()) else {
            self.faults.insert(Fault::UnreadableEnvelope(number));
            return;
        };
        for (kind, opened_part) in &opened.parts {
            let digest = digest_of_part(&opened_part.salt, *kind, opened_part.part.as_bytes());
            if envelope.parts.get(kind) != Some(&digest) {
                self.faults.insert(Fault::WrongPart(number, *kind));
            }
            if self.bundle.erased.has_part(*kind, number) {
                self.faults.insert(Fault::ErasedYetThere(number));
            }
        }
        for kind in envelope.parts.keys().filter(|kind| !opened.parts.contains_key(kind)) {
            let is_explained =
                self.bundle.manifest.withheld.contains(kind) || self.bundle.erased.has_part(*kind, number);
            // A gate names nobody, and without it a signature shows nothing: whoever leaves it out has something to hide.
            if *kind == PartKind::Gate || !is_explained {
                self.faults.insert(Fault::UnexplainedPart(number, *kind));
            }
        }
        let gate = opened.parts.get(&PartKind::Gate).map(|part| from_canonical::<Gate>(part.part.as_bytes()));
        let gate = match gate {
            Some(Err(_)) => {
                self.faults.insert(Fault::WrongPart(number, PartKind::Gate));
                None
            }
            Some(Ok(gate)) => Some(gate),
            None => None,
        };
        self.times(leaf, &envelope);
        self.acts.insert(number, Act { envelope, person: opened.person, gate, appended_at: leaf.appended_at });
    }

    /// Whether whatever is about somebody says about whom: who is not named cannot be told from another.
    pub(super) fn people(&mut self) {
        let is_about_somebody = |fact: &Fact| match fact.about() {
            About::Somebody => true,
            About::Nobody => false,
            About::WhomThatIs(leaf) => self
                .acts
                .get(&leaf)
                .is_some_and(|given| given.envelope.facts.iter().any(|fact| fact.about() == About::Somebody)),
        };
        let nameless = self.acts.iter().filter(|(_, act)| act.person.is_none());
        let nameless = nameless.filter(|(_, act)| act.envelope.facts.iter().any(is_about_somebody));
        let faults: Vec<Fault> = nameless.map(|(number, _)| Fault::NoPerson(*number)).collect();
        self.faults.extend(faults);
    }

    /// Whether there is an entry of a later format with a smaller number: what this one stands on may be there.
    pub(super) fn may_be_beyond(&self, number: u64) -> bool {
        self.notes.range(Note::NotUnderstood(0)..Note::NotUnderstood(number)).next().is_some()
    }

    fn times(&mut self, leaf: &Leaf, envelope: &Envelope) {
        let number = leaf.number;
        // A leaf is dated in whole seconds, and what was decided within that second is not after it.
        let (begins, ends) = (leaf.appended_at.saturating_mul(1000), leaf.appended_at.saturating_mul(1000) + 999);
        for fact in &envelope.facts {
            if let Fact::ClockStepped { seconds } = fact
                && *seconds < 0
            {
                self.set_back = Some((leaf.appended_at, seconds.unsigned_abs().saturating_mul(1000)));
            }
        }
        // The log's time waits there until the clock has come so far again.
        let behind = self.set_back.filter(|(at, _)| *at == leaf.appended_at).map_or(0, |(_, behind)| behind);
        if envelope.claimed {
            self.notes.insert(Note::Claimed(number));
        } else if envelope.at > ends || envelope.at.saturating_add(LONGEST_HELD_MS + behind) < begins {
            self.faults.insert(Fault::TimeDiffers(number));
        }
        match envelope.on.as_deref().map(first_moment_of) {
            Some(None) => drop(self.faults.insert(Fault::UnreadableEnvelope(number))),
            Some(Some(on)) if i64::try_from(begins).is_ok_and(|begins| on + LATE_MS < begins) => {
                self.notes.insert(Note::Late(number));
            }
            _ => {}
        }
        for fact in &envelope.facts {
            let note = match fact {
                Fact::Corrected { leaf, .. } => Note::Corrected { leaf: *leaf, by: number },
                Fact::ClockStepped { .. } => Note::ClockStepped(number),
                Fact::KeyChanged { .. } => Note::KeyChanged(number),
                Fact::Restored { .. } => Note::Restored(number),
                _ => continue,
            };
            self.notes.insert(note);
        }
    }

    /// The newest of the leaves that say something was erased holds the digest of the whole list.
    pub(super) fn erased_list(&mut self) {
        let erased = self.acts.values().rev().flat_map(|act| act.envelope.facts.iter().rev());
        let said =
            erased.filter_map(|fact| if let Fact::Erased { sha256, .. } = fact { Some(*sha256) } else { None }).next();
        let leaves = u64::try_from(self.bundle.leaves.len()).unwrap_or(u64::MAX);
        let is_its = said == self.bundle.erased_bytes.as_deref().map(digest_of_text);
        if !is_its || !self.bundle.erased.is_in_order(leaves) {
            self.faults.insert(Fault::WrongErasedList);
        }
        // What is listed was there: a part that an envelope never named cannot be gone.
        for (kind, ranges) in &self.bundle.erased.parts {
            let listed = ranges.iter().flat_map(|(first, last)| self.acts.range(*first..=*last.max(first)));
            if listed.into_iter().any(|(_, act)| !act.envelope.parts.contains_key(kind)) {
                self.faults.insert(Fault::WrongErasedList);
            }
        }
    }

    pub(super) fn texts(&mut self, which: Texts) {
        let mut good = BTreeSet::new();
        for (name, bytes) in &self.bundle.texts {
            let digest = digest_of_text(bytes);
            if digest.to_hex() == *name {
                good.insert(digest);
            } else {
                self.faults.insert(Fault::WrongText(Digest::parse(name).unwrap_or(digest)));
            }
        }
        let named =
            self.acts.iter().flat_map(|(number, act)| act.envelope.facts.iter().map(move |fact| (number, fact)));
        let missing = named.filter_map(|(number, fact)| {
            let needed = match (which, fact) {
                (_, Fact::Signed { statement, sha256, .. }) => vec![statement, sha256],
                (Texts::All, Fact::Published { sha256, .. } | Fact::SettingsChanged { sha256 }) => vec![sha256],
                _ => Vec::new(),
            };
            needed.iter().any(|digest| !good.contains(digest)).then_some(Fault::TextMissing(*number))
        });
        let missing: Vec<_> = missing.collect();
        self.faults.extend(missing);
    }
}

/// The first moment of a day in UTC, in milliseconds since 1970; before that it is negative. `None`: it is no day.
fn first_moment_of(day: &str) -> Option<i64> {
    let [year, month, date] = day.split('-').collect::<Vec<_>>()[..] else { return None };
    let number = |text: &str, digits: usize| {
        let is_one = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        is_one.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (year, month, date) = (number(year, 4)?, number(month, 2)?, number(date, 2)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if year < 1 || !(1..=longest).contains(&date) {
        return None;
    }
    // Years are counted from March on, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date - 1;
    Some((days - 719_468) * 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days() {
        assert_eq!(first_moment_of("1970-01-01"), Some(0));
        assert_eq!(first_moment_of("2026-11-29"), Some(1_795_910_400_000));
        assert_eq!(first_moment_of("1965-03-01"), Some(-152_668_800_000));
        assert!(first_moment_of("2024-02-29").is_some());
        for wrong in [
            "2026-02-29",
            "2026-1-01",
            "+026-01-01",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "0000-01-01",
            "20260101",
            "",
        ] {
            assert_eq!(first_moment_of(wrong), None, "{wrong}");
        }
    }
}
