use std::collections::{BTreeMap, BTreeSet};

use super::{
    entries::{Act, Check},
    trusted::Gate,
};
use crate::{
    bytes::{Digest, Pseudonym},
    fact::{Earned, Fact},
    report::{Fault, Note, Signatures},
};

impl Check<'_> {
    /// Decides each gate anew, and gives what came of the signatures.
    pub(super) fn gates(&mut self) -> Signatures {
        let mut signatures = Signatures::default();
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
                        signatures.all += 1;
                        match self.gate(
                            *number,
                            act,
                            published.agreement(agreement, *version, sha256),
                            &published,
                            &corrected,
                        ) {
                            Ok(_) if act.envelope.claimed => signatures.claimed += 1,
                            Ok(stands) => {
                                signatures.shown += 1;
                                signatures.on_claimed += u64::from(stands == Stands::OnClaimed);
                            }
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
        signatures
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
                        if !held.contains_key(leaf) && self.is_beyond(*leaf) {
                            continue;
                        }
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
                            None if self.may_be_beyond(*number) => {}
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
    ) -> Result<Stands, Shut> {
        let Some(requires) = requires else {
            let may_be = self.may_be_beyond(number);
            return Err(if may_be { Shut::NotShown } else { Shut::Fault(Fault::NotPublished(number)) });
        };
        let passes: &[u64] = act.gate.as_ref().map_or(&[], |Gate { passes }| passes);
        let mut stands = Stands::OnWhatWasRecorded;
        for module in requires {
            let counts = |fact: &Fact| match fact {
                Fact::Completed { module: of, edition, until, .. } => {
                    of == module && *until > act.envelope.at && *edition >= published.edition(module)
                }
                _ => false,
            };
            let opening = passes.iter().filter(|pass| **pass < number && !corrected.contains_key(pass));
            let opening = opening.filter_map(|pass| self.acts.get(pass)).filter(|passed| {
                act.person.is_some()
                    && passed.person == act.person
                    && passed.envelope.at <= act.envelope.at
                    && passed.appended_at <= act.appended_at
                    && passed.envelope.facts.iter().any(counts)
            });
            match opening.map(|passed| passed.envelope.claimed).reduce(|one, other| one && other) {
                Some(true) => stands = Stands::OnClaimed,
                Some(false) => {}
                None if passes.iter().any(|pass| *pass < number && self.is_beyond(*pass)) => {
                    return Err(Shut::NotShown);
                }
                None => return Err(Shut::Fault(Fault::GateNotOpen { signature: number, module: module.clone() })),
            }
        }
        Ok(stands)
    }

    /// Whether the entry of that number is of a later format.
    fn is_beyond(&self, number: u64) -> bool {
        self.notes.contains(&Note::NotUnderstood(number))
    }
}

/// What opened a gate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Passes that were recorded as they were earned.
    OnWhatWasRecorded,
    /// Of one module at least only a pass that was on record before the log began.
    OnClaimed,
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
