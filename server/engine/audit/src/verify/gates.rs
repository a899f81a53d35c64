use std::collections::{BTreeMap, BTreeSet};

use super::entries::{Act, Check};
use crate::{
    bytes::{Digest, Pseudonym},
    fact::{Earned, Fact},
    report::{Fault, Note},
};

impl Check<'_> {
    /// Decides each gate anew, and gives how many were shown to have been open.
    pub(super) fn gates(&mut self) -> u64 {
        let mut shown = 0;
        let mut published = Published::default();
        let mut corrected: BTreeMap<u64, u64> = BTreeMap::new();
        let mut findings: (BTreeSet<Fault>, BTreeSet<Note>) = Default::default();
        for (number, act) in &self.acts {
            for fact in &act.envelope.facts {
                match fact {
                    Fact::Published { thing, version, sha256, edition, requires } => {
                        published.add(thing, *version, *sha256, *edition, requires);
                    }
                    Fact::Corrected { leaf, .. } => {
                        corrected.entry(*leaf).or_insert(*number);
                    }
                    Fact::Signed { agreement, version, sha256, .. } => {
                        match self.gate(
                            *number,
                            act,
                            published.agreement(agreement, *version, sha256),
                            &published,
                            &corrected,
                        ) {
                            Ok(()) => shown += 1,
                            Err(Shut::Fault(fault)) => drop(findings.0.insert(fault)),
                            Err(Shut::NotShown) => drop(findings.1.insert(Note::GateNotShown(*number))),
                        }
                    }
                    _ => {}
                }
            }
        }
        // What was corrected after the signature does not undo it, and is said.
        for (number, act) in &self.acts {
            let passes = act.gate.iter().flat_map(|gate| &gate.passes);
            let since = passes.filter(|pass| corrected.contains_key(pass));
            findings.1.extend(since.map(|pass| Note::PassCorrected { signature: *number, pass: *pass }));
        }
        self.faults.extend(findings.0);
        self.notes.extend(findings.1);
        shown
    }

    /// Whether each discussion was answered once by whom it was with, and each pass after one has a discussion of its own that both confirmed. Only
    /// the whole log has all of them.
    pub(super) fn discussions(&mut self) {
        let mut held: BTreeMap<u64, (Pseudonym, &str, u32)> = BTreeMap::new();
        let mut confirmed: BTreeSet<u64> = BTreeSet::new();
        let mut faults = BTreeSet::new();
        let mut answered: BTreeSet<u64> = BTreeSet::new();
        for (number, act) in &self.acts {
            let Some(person) = act.person else { continue };
            for fact in &act.envelope.facts {
                match fact {
                    Fact::Discussed { module, edition, .. } => {
                        held.insert(*number, (person, module, *edition));
                    }
                    Fact::DiscussionAnswered { leaf, held: was_held } => {
                        let theirs = held.get(leaf).is_some_and(|(whose, ..)| *whose == person);
                        if !theirs || !answered.insert(*leaf) {
                            faults.insert(Fault::AnswersNothing(*number));
                        } else if *was_held {
                            confirmed.insert(*leaf);
                        }
                    }
                    Fact::Completed { module, edition, how: Some(Earned::SideBySide), .. } => {
                        let of_it = |leaf: &&u64| held.get(*leaf) == Some(&(person, module.as_str(), *edition));
                        match confirmed.iter().rev().find(of_it).copied() {
                            Some(leaf) => drop(confirmed.remove(&leaf)),
                            None => drop(faults.insert(Fault::NotDiscussed(*number))),
                        }
                    }
                    _ => {}
                }
            }
        }
        self.faults.extend(faults);
    }

    fn gate(
        &self,
        number: u64,
        act: &Act,
        requires: Option<&[String]>,
        published: &Published,
        corrected: &BTreeMap<u64, u64>,
    ) -> Result<(), Shut> {
        let requires = requires.ok_or(Shut::Fault(Fault::NotPublished(number)))?;
        if requires.is_empty() {
            return Ok(());
        }
        let (Some(gate), Some(person)) = (&act.gate, act.person) else { return Err(Shut::NotShown) };
        for module in requires {
            let mut gone = false;
            let opens = gate.passes.iter().any(|pass| {
                let Some(passed) = self.acts.get(pass) else {
                    gone |= *pass < number && self.bundle.erased.has_envelope(*pass);
                    return false;
                };
                let counts = |fact: &Fact| match fact {
                    Fact::Completed { module: of, edition, until, .. } => {
                        of == module && *until > act.envelope.at && *edition >= published.edition(module)
                    }
                    _ => false,
                };
                *pass < number
                    && passed.person == Some(person)
                    && passed.envelope.at <= act.envelope.at
                    && passed.appended_at <= act.appended_at
                    && !corrected.contains_key(pass)
                    && passed.envelope.facts.iter().any(counts)
            });
            if !opens && gone {
                return Err(Shut::NotShown);
            }
            if !opens {
                return Err(Shut::Fault(Fault::GateNotOpen { signature: number, module: module.clone() }));
            }
        }
        Ok(())
    }
}

enum Shut {
    Fault(Fault),
    NotShown,
}

/// What was published by a leaf.
#[derive(Default)]
struct Published {
    editions: BTreeMap<String, u32>,
    agreements: BTreeMap<(String, u32), (Digest, Vec<String>)>,
}

impl Published {
    fn add(&mut self, thing: &str, version: u32, sha256: Digest, edition: u32, requires: &[String]) {
        match thing.split_once('/') {
            Some(("module", module)) => {
                self.editions.insert(module.to_owned(), edition);
            }
            Some(("agreement", agreement)) => {
                self.agreements.insert((agreement.to_owned(), version), (sha256, requires.to_vec()));
            }
            _ => {}
        }
    }

    fn edition(&self, module: &str) -> u32 {
        self.editions.get(module).copied().unwrap_or(0)
    }

    fn agreement(&self, name: &str, version: u32, sha256: &Digest) -> Option<&[String]> {
        let (published, requires) = self.agreements.get(&(name.to_owned(), version))?;
        (published == sha256).then_some(&requires[..])
    }
}
