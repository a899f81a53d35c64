//! Checks a bundle and says what it proves, and what it does not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    bundle::{Bundle, Erased, Manifest, Opened, digest_of_text},
    bytes::{Digest, Pseudonym},
    canonical::from_canonical,
    checkpoint::{Checkpoint, PinnedKey},
    extract::{Entry, Extract},
    fact::{Earned, Envelope, Fact, PartKind},
    key_chain::{KeyChain, handed_over},
    leaf::{Leaf, LeafError},
    opening::{commit, digest_of_part, link},
    proof::Proof,
    report::{Fault, Note, Report, Verdict},
    tree::Tree,
    witness::{Seen, Witness},
};

/// What was decided is appended within a minute: with more between, one of the two clocks was wrong, or somebody held it back.
const LONGEST_HELD_MS: u64 = 60_000;

/// What holds from a day this long before it was recorded was entered late, and is always listed.
const LATE_MS: i64 = 7 * 24 * 3_600_000;

/// After so many entries it is told how much is done.
const TELL_EVERY: u64 = 512;

/// What somebody has from elsewhere, against which a log is checked.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// The key that they trust. `None`: the one that the bundle names, and then nothing is proved to who fears another log.
    pub key: Option<PinnedKey>,
    /// A signed head that they kept.
    pub known_head: Option<String>,
    /// A witness whose word they take for which heads there were.
    pub witness: Option<Witness>,
}

impl Trusted {
    /// That the witness saw a head.
    pub(crate) fn seen(&self, head: &Checkpoint, note: &str) -> Option<Seen> {
        let witness = self.witness.as_ref()?;
        let at = witness.cosigned_at(note)?;
        Some(Seen { by: witness.name().to_owned(), size: head.size, at })
    }
}

/// The gate of a signature, as it is written beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The numbers of the leaves of the passes that opened it.
    pub passes: Vec<u64>,
}

/// Checks a bundle against what somebody has from elsewhere.
#[must_use]
pub fn verify(bundle: &Bundle, trusted: &Trusted) -> Report {
    verify_telling(bundle, trusted, &mut |_| {})
}

/// The same, and tells now and then how much of it is done, in thousandths.
#[must_use]
pub fn verify_telling(bundle: &Bundle, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> Report {
    let mut check = Check::of(bundle);
    let leaves = check.leaves();
    tell(150);
    let mut tree = Tree::default();
    for bytes in &bundle.leaves {
        tree.append(crate::tree::leaf_hash(bytes));
    }
    tell(250);
    check.openings(&leaves, tell);
    tell(950);
    // Which keys signed, the entries say.
    let keys = check.keys(trusted);
    if let Some(keys) = &keys {
        check.heads(&tree, keys);
    }
    check.restored(&tree);
    check.erased_list();
    check.texts(Texts::All);
    check.discussions();
    let signatures = check.gates();
    let is_known = match (&trusted.known_head, &keys) {
        (Some(head), Some(keys)) => Some(goes_on_from(&tree, head, keys)),
        _ => None,
    };
    let seen = keys.as_ref().and_then(|keys| {
        let heads = bundle.checkpoints.values().rev();
        heads.filter_map(|note| trusted.seen(&keys.open(note)?, note)).next()
    });
    let Check { faults, notes, acts, of_former, .. } = check;
    let not_understood = notes.iter().any(|note| matches!(note, Note::NotUnderstood(_)));
    let verdict = match () {
        () if !faults.is_empty() => Verdict::Invalid,
        () if is_known == Some(false) || of_former => Verdict::Diverged,
        () if not_understood => Verdict::NotUnderstood,
        () if trusted.key.is_none() || is_known.is_none() && seen.is_none() => Verdict::NotAnchored,
        () => Verdict::Valid,
    };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let erased = leaves.iter().flatten().filter(|leaf| bundle.erased.has_envelope(leaf.number)).count();
    Report {
        verdict,
        leaves: count(bundle.leaves.len()),
        opened: count(acts.len()),
        erased: count(erased),
        signatures,
        seen,
        faults,
        notes,
    }
}

/// Checks an extract against what somebody has from elsewhere: that each entry is in the log, and what the entries say. That nothing is
/// left out cannot be seen from it.
#[must_use]
pub fn verify_extract(extract: &Extract, trusted: &Trusted) -> Report {
    let texts = extract.texts.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let bundle = Bundle {
        manifest: Manifest {
            format: extract.format,
            origin: extract.origin.clone(),
            key: extract.key.clone(),
            size: 0,
            withheld: PartKind::EVERY.to_vec(),
        },
        leaves: Vec::new(),
        openings: extract.entries.iter().map(|entry| (entry.opened.n, entry.opened.clone())).collect(),
        erased: Erased::default(),
        erased_bytes: None,
        texts,
        checkpoints: BTreeMap::new(),
    };
    let mut check = Check::of(&bundle);
    let keys = check.keys_of_extract(&extract.keys, trusted);
    let (mut heads, mut seen) = (Vec::new(), Vec::new());
    let mut last = None;
    for (place, entry) in (0..).zip(&extract.entries) {
        let leaf = match Leaf::parse(entry.leaf.as_bytes()) {
            Ok(leaf) => leaf,
            Err(LeafError::UnknownFormat(_)) => {
                check.notes.insert(Note::NotUnderstood(entry.opened.n));
                continue;
            }
            Err(LeafError::NotALeaf) => {
                check.faults.insert(Fault::NotALeaf(place));
                continue;
            }
        };
        if leaf.number != entry.opened.n || last.is_some_and(|last| leaf.number <= last) {
            check.faults.insert(Fault::OutOfPlace(leaf.number));
        }
        last = Some(leaf.number);
        let proof = keys.as_ref().zip(Proof::parse(&entry.proof).ok());
        let proved = proof.and_then(|(keys, proof)| {
            let head = proof.check_by(&leaf, |note| keys.open(note))?;
            let seen = trusted.seen(&head, &proof.checkpoint);
            Some((head, seen))
        });
        match proved {
            Some((head, by_witness)) => {
                heads.push(head);
                seen.push(by_witness);
            }
            None => drop(check.faults.insert(Fault::NotProved(leaf.number))),
        }
        check.opening(&leaf, &entry.opened);
    }
    check.texts(Texts::OfSignatures);
    let signatures = check.gates();
    if extract.entries.is_empty() {
        check.faults.insert(Fault::NoHead);
    }
    let known = trusted.known_head.as_ref().zip(keys.as_ref()).map(|(head, keys)| keys.open(head));
    let is_known =
        |head: &Checkpoint| known.as_ref().and_then(|known| known.as_ref()).is_some_and(|known| known == head);
    let other = |head: &Checkpoint| match &known {
        Some(Some(known)) => known.size == head.size && known.root != head.root,
        Some(None) => true,
        None => false,
    };
    // That a witness saw a head is worth something only if all of it is in that one.
    let seen: Option<Vec<Seen>> = seen.into_iter().collect();
    let seen = seen.and_then(|seen| seen.into_iter().min_by_key(|seen| seen.size));
    let verdict = match () {
        () if !check.faults.is_empty() => Verdict::Invalid,
        () if heads.iter().any(other) => Verdict::Diverged,
        () if check.notes.iter().any(|note| matches!(note, Note::NotUnderstood(_))) => Verdict::NotUnderstood,
        () if trusted.key.is_some() && (heads.iter().all(is_known) || seen.is_some()) => Verdict::Valid,
        () => Verdict::NotAnchored,
    };
    let opened = u64::try_from(check.acts.len()).unwrap_or(u64::MAX);
    let Check { faults, notes, .. } = check;
    let leaves = u64::try_from(extract.entries.len()).unwrap_or(u64::MAX);
    Report { verdict, leaves, opened, erased: 0, signatures, seen, faults, notes }
}

/// Which texts must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// All that was published and signed.
    All,
    /// What was signed, and beside which words. Modules have their answers in them, and nobody who signed gets those.
    OfSignatures,
}

/// Whether a tree went on from a head that was signed by its key.
fn goes_on_from(tree: &Tree, head: &str, keys: &KeyChain) -> bool {
    keys.open(head).is_some_and(|known| tree.root_at(known.size) == Some(known.root))
}

/// A leaf that could be read.
struct Act {
    envelope: Envelope,
    person: Option<Pseudonym>,
    /// What stands in its gate, where it has one that is there.
    gate: Option<Gate>,
    appended_at: u64,
}

struct Check<'b> {
    bundle: &'b Bundle,
    faults: BTreeSet<Fault>,
    notes: BTreeSet<Note>,
    acts: BTreeMap<u64, Act>,
    /// Where an administrator last said that a clock was right although it had gone back: when that leaf was appended, and by how many
    /// milliseconds.
    set_back: Option<(u64, u64)>,
    /// The key that is trusted is of the log from which a copy was restored, and not of this one.
    of_former: bool,
}

impl<'b> Check<'b> {
    fn of(bundle: &'b Bundle) -> Self {
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
    fn leaves(&mut self) -> Vec<Option<Leaf>> {
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

    /// The keys that signed, as the entries hand them over, from the key that is trusted or by it to the one that the bundle names.
    fn keys(&mut self, trusted: &Trusted) -> Option<KeyChain> {
        self.of_former = self.is_of_former(trusted);
        let named = self.named_key(trusted)?;
        let mut chain: Option<KeyChain> = None;
        // What was handed over before a copy was restored is of another log.
        let begins = self.restores().last().map_or(0, |(number, _)| *number);
        let handed =
            self.acts.iter().flat_map(|(number, act)| act.envelope.facts.iter().map(move |fact| (*number, fact)));
        let handed = handed.filter(|(number, fact)| *number >= begins && matches!(fact, Fact::KeyChanged { .. }));
        let handed: Vec<_> = handed.map(|(number, fact)| (number, handed_over(fact))).collect();
        for (number, handed) in handed {
            let next = handed.and_then(|handed| {
                let before = chain.clone().unwrap_or_else(|| KeyChain::of(handed.0.clone()));
                before.handed_over(number, &handed)
            });
            match next {
                Some(next) => chain = Some(next),
                None => drop(self.faults.insert(Fault::NotHandedOver(number))),
            }
            if !self.bundle.checkpoints.contains_key(&(number + 1)) {
                self.faults.insert(Fault::NotHandedOver(number));
            }
        }
        let chain = chain.unwrap_or_else(|| KeyChain::of(named.clone()));
        self.trusts(chain, &named, trusted)
    }

    /// The leaves that say that the log goes on from a copy, with the head of that copy.
    fn restores(&self) -> Vec<(u64, String)> {
        let facts =
            self.acts.iter().flat_map(|(number, act)| act.envelope.facts.iter().map(move |fact| (*number, fact)));
        let restores = facts.filter_map(|(number, fact)| match fact {
            Fact::Restored { head } => Some((number, head.clone())),
            _ => None,
        });
        restores.collect()
    }

    /// Whether the key that is trusted signed the copy from which this log goes on.
    fn is_of_former(&self, trusted: &Trusted) -> bool {
        let Some(key) = trusted.key.as_ref().filter(|key| key.origin().as_str() != self.bundle.manifest.origin) else {
            return false;
        };
        self.restores().iter().any(|(_, head)| Checkpoint::open(head, key).is_ok())
    }

    /// The head of a copy is that of the leaves before the one that says so, and of a log of another name.
    fn restored(&mut self, tree: &Tree) {
        let restores = self.restores();
        for (place, (number, head)) in restores.iter().enumerate() {
            let head = Checkpoint::of_any_log(head);
            let next = restores.get(place + 1).and_then(|(_, next)| Checkpoint::of_any_log(next));
            let goes_on_as = next.map_or(self.bundle.manifest.origin.clone(), |next| next.origin.to_string());
            let fits = head.is_some_and(|head| {
                head.size == *number && tree.root_at(*number) == Some(head.root) && head.origin.as_str() != goes_on_as
            });
            if !fits {
                self.faults.insert(Fault::NotRestored(*number));
            }
        }
    }

    /// The same of an extract, which brings along the entries that hand over.
    fn keys_of_extract(&mut self, entries: &[Entry], trusted: &Trusted) -> Option<KeyChain> {
        let named = self.named_key(trusted)?;
        match KeyChain::of_entries(&named, entries) {
            Ok(chain) => {
                self.notes.extend(entries.iter().map(|entry| Note::KeyChanged(entry.opened.n)));
                self.trusts(chain, &named, trusted)
            }
            Err(fault) => {
                self.faults.insert(fault.map_or(Fault::OtherKey, Fault::NotHandedOver));
                None
            }
        }
    }

    /// The key that the bundle names.
    fn named_key(&mut self, trusted: &Trusted) -> Option<PinnedKey> {
        let origin = &self.bundle.manifest.origin;
        if !self.of_former && trusted.key.as_ref().is_some_and(|key| key.origin().as_str() != origin) {
            self.faults.insert(Fault::OtherLog);
        }
        let Ok(named) = PinnedKey::parse(&self.bundle.manifest.key) else {
            self.faults.insert(Fault::NoKey);
            return None;
        };
        if named.origin().as_str() != origin {
            self.faults.insert(Fault::OtherLog);
        }
        Some(named)
    }

    fn trusts(&mut self, chain: KeyChain, named: &PinnedKey, trusted: &Trusted) -> Option<KeyChain> {
        let is_trusted = self.of_former || trusted.key.as_ref().is_none_or(|key| chain.has(key));
        if chain.last() != named || !is_trusted {
            self.faults.insert(Fault::OtherKey);
        }
        Some(chain)
    }

    fn heads(&mut self, tree: &Tree, keys: &KeyChain) {
        for (size, note) in &self.bundle.checkpoints {
            let fits =
                keys.open(note).is_some_and(|head| head.size == *size && tree.root_at(head.size) == Some(head.root));
            if !fits {
                self.faults.insert(Fault::WrongHead(*size));
            }
        }
        if !self.bundle.checkpoints.contains_key(&tree.size()) {
            self.faults.insert(Fault::NoHead);
        }
    }

    /// They take most of the time: from 250 to 950 thousandths of it.
    fn openings(&mut self, leaves: &[Option<Leaf>], tell: &mut dyn FnMut(u32)) {
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

    fn opening(&mut self, leaf: &Leaf, opened: &Opened) {
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
            if !self.bundle.manifest.withheld.contains(kind) && !self.bundle.erased.has_part(*kind, number) {
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
    fn erased_list(&mut self) {
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

    fn texts(&mut self, which: Texts) {
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

    /// Decides each gate anew, and gives how many were shown to have been open.
    fn gates(&mut self) -> u64 {
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
    fn discussions(&mut self) {
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
