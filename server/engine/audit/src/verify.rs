//! Checks a bundle and says what it proves, and what it does not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use crate::{
    bundle::{Bundle, Opened, digest_of_text},
    bytes::{Digest, Pseudonym},
    canonical::from_canonical,
    checkpoint::{Checkpoint, PinnedKey},
    fact::{Envelope, Fact, PartKind},
    leaf::{Leaf, LeafError},
    opening::{commit, digest_of_part, link},
    tree::Tree,
};

/// What was decided is appended within a minute: with more between, one of the two clocks was wrong, or somebody held it back.
const LONGEST_HELD_MS: u64 = 60_000;

/// What holds from a day this long before it was recorded was entered late, and is always listed.
const LATE_MS: u64 = 7 * 24 * 3_600_000;

/// What somebody has from elsewhere, against which a log is checked.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// The key that they trust. `None`: the one that the bundle names, and then nothing is proved to who fears another log.
    pub key: Option<PinnedKey>,
    /// A signed head that they kept.
    pub known_head: Option<String>,
}

/// The gate of a signature, as it is written beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The numbers of the leaves of the passes that opened it.
    pub passes: Vec<u64>,
}

/// What is wrong, each with the number of a leaf where it is of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The key that is trusted belongs to another log.
    OtherLog,
    /// The bundle names a key that is not one.
    NoKey,
    /// There are fewer or more leaves than the bundle says.
    Size {
        /// How many it says.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// These bytes are no leaf.
    NotALeaf(u64),
    /// It stands in another place than it says.
    OutOfPlace(u64),
    /// It is dated before the one that it follows.
    TimeGoesBack(u64),
    /// There is no signed head for the whole of it.
    NoHead,
    /// A signed head does not fit its leaves, or is not signed by the key.
    WrongHead(u64),
    /// What is said to open it does not.
    DoesNotOpen(u64),
    /// Its envelope cannot be read.
    UnreadableEnvelope(u64),
    /// A part is not the one that its envelope names.
    WrongPart(u64, PartKind),
    /// It lacks what opens it, and it is not listed as erased.
    Unexplained(u64),
    /// A part is missing, and it is neither withheld nor listed as erased.
    UnexplainedPart(u64, PartKind),
    /// It is listed as erased and is there all the same.
    ErasedYetThere(u64),
    /// The list of what was erased is not the one that the log has.
    WrongErasedList,
    /// It was decided after it was appended, or held back for more than a minute.
    TimeDiffers(u64),
    /// A text is missing.
    TextMissing(u64),
    /// A text is not what its digest says.
    WrongText(Digest),
    /// A signature without its gate: a module that was required has no pass that counted.
    GateNotOpen {
        /// The number of the signature's leaf.
        signature: u64,
        /// The module.
        module: String,
    },
    /// A signature of something that was not published by then.
    NotPublished(u64),
}

/// What is no fault and must be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// It holds from a day more than a week before it was recorded.
    Late(u64),
    /// It was on record before the log began.
    Claimed(u64),
    /// An earlier leaf was corrected by it.
    Corrected {
        /// The number of the leaf that was wrong.
        leaf: u64,
        /// The number of the one that says so.
        by: u64,
    },
    /// A pass on which a signature stood has been corrected since.
    PassCorrected {
        /// The number of the signature's leaf.
        signature: u64,
        /// The number of the pass's leaf.
        pass: u64,
    },
    /// The gate of a signature cannot be shown, because what it stands on was erased or withheld.
    GateNotShown(u64),
    /// An administrator said that the clock was right although it stepped.
    ClockStepped(u64),
    /// The log goes on from a copy that was restored.
    Restored(u64),
    /// It is of a format that this program does not understand.
    NotUnderstood(u64),
}

/// What may be made of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds, by a key and a head from elsewhere.
    Valid,
    /// It holds in itself; nothing from elsewhere shows that it is the only one.
    NotAnchored,
    /// It is whole, and has leaves of a later format.
    NotUnderstood,
    /// It does not go on from the head that was known.
    Diverged,
    /// It does not hold.
    Invalid,
}

impl Verdict {
    /// The status with which a program ends that has checked it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::NotAnchored => 10,
            Self::NotUnderstood => 20,
            Self::Diverged => 30,
            Self::Invalid => 40,
        }
    }
}

/// What came of checking a bundle.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The whole of it in a word.
    pub verdict: Verdict,
    /// How many leaves there are.
    pub leaves: u64,
    /// How many of them could be read.
    pub opened: u64,
    /// How many were erased.
    pub erased: u64,
    /// How many signatures there are whose gate was shown to have been open.
    pub signatures: u64,
    /// What is wrong.
    pub faults: BTreeSet<Fault>,
    /// What must be seen.
    pub notes: BTreeSet<Note>,
}

/// Checks a bundle against what somebody has from elsewhere.
#[must_use]
pub fn verify(bundle: &Bundle, trusted: &Trusted) -> Report {
    let mut check = Check { bundle, faults: BTreeSet::new(), notes: BTreeSet::new(), acts: BTreeMap::new() };
    let leaves = check.leaves();
    let key = check.key(trusted);
    let mut tree = Tree::default();
    for bytes in &bundle.leaves {
        tree.append(crate::tree::leaf_hash(bytes));
    }
    if let Some(key) = &key {
        check.heads(&tree, key);
    }
    check.openings(&leaves);
    check.erased_list();
    check.texts();
    let signatures = check.gates();
    let is_known = match (&trusted.known_head, &key) {
        (Some(head), Some(key)) => Some(goes_on_from(&tree, head, key)),
        _ => None,
    };
    let Check { faults, notes, acts, .. } = check;
    let not_understood = notes.iter().any(|note| matches!(note, Note::NotUnderstood(_)));
    let verdict = match () {
        () if !faults.is_empty() => Verdict::Invalid,
        () if is_known == Some(false) => Verdict::Diverged,
        () if not_understood => Verdict::NotUnderstood,
        () if trusted.key.is_none() || is_known.is_none() => Verdict::NotAnchored,
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
        faults,
        notes,
    }
}

/// Whether a tree went on from a head that was signed by its key.
fn goes_on_from(tree: &Tree, head: &str, key: &PinnedKey) -> bool {
    Checkpoint::open(head, key).is_ok_and(|known| tree.root_at(known.size) == Some(known.root))
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

    fn key(&mut self, trusted: &Trusted) -> Option<PinnedKey> {
        let key = match &trusted.key {
            Some(key) => Some(key.clone()),
            None => PinnedKey::parse(&self.bundle.manifest.key).ok(),
        };
        match &key {
            None => self.faults.insert(Fault::NoKey),
            Some(key) if key.origin().as_str() != self.bundle.manifest.origin => self.faults.insert(Fault::OtherLog),
            Some(_) => false,
        };
        key
    }

    fn heads(&mut self, tree: &Tree, key: &PinnedKey) {
        for (size, note) in &self.bundle.checkpoints {
            let fits = Checkpoint::open(note, key)
                .is_ok_and(|head| head.size == *size && tree.root_at(head.size) == Some(head.root));
            if !fits {
                self.faults.insert(Fault::WrongHead(*size));
            }
        }
        if !self.bundle.checkpoints.contains_key(&tree.size()) {
            self.faults.insert(Fault::NoHead);
        }
    }

    fn openings(&mut self, leaves: &[Option<Leaf>]) {
        let bundle = self.bundle;
        let beyond = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        self.faults.extend(bundle.openings.range(beyond..).map(|(number, _)| Fault::DoesNotOpen(*number)));
        for leaf in leaves.iter().flatten() {
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
        if envelope.claimed {
            self.notes.insert(Note::Claimed(number));
        } else if envelope.at > ends || envelope.at + LONGEST_HELD_MS < begins {
            self.faults.insert(Fault::TimeDiffers(number));
        }
        if envelope.on.as_deref().and_then(first_moment_of).is_some_and(|on| on + LATE_MS < begins) {
            self.notes.insert(Note::Late(number));
        }
        for fact in &envelope.facts {
            let note = match fact {
                Fact::Corrected { leaf, .. } => Note::Corrected { leaf: *leaf, by: number },
                Fact::ClockStepped { .. } => Note::ClockStepped(number),
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
        if said != self.bundle.erased_bytes.as_deref().map(digest_of_text) {
            self.faults.insert(Fault::WrongErasedList);
        }
    }

    fn texts(&mut self) {
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
        let missing = named.filter_map(|(number, fact)| match fact {
            Fact::Published { sha256, .. } if !good.contains(sha256) => Some(Fault::TextMissing(*number)),
            Fact::Signed { statement, .. } if !good.contains(statement) => Some(Fault::TextMissing(*number)),
            _ => None,
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

/// The first moment of a day in UTC, in milliseconds. `None`: it is no day from 1970 on.
fn first_moment_of(day: &str) -> Option<u64> {
    let [year, month, date] = day.split('-').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<_>>>()?[..]
    else {
        return None;
    };
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&date) {
        return None;
    }
    // Years are counted from March on, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date - 1;
    Some((days - 719_468) * 86_400_000)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherLog => write!(f, "the key belongs to another log"),
            Self::NoKey => write!(f, "the bundle names no key"),
            Self::Size { said, found } => write!(f, "there should be {said} entries, and there are {found}"),
            Self::NotALeaf(number) => write!(f, "entry {number} is no entry"),
            Self::OutOfPlace(number) => write!(f, "entry {number} stands in another place than it says"),
            Self::TimeGoesBack(number) => write!(f, "entry {number} is dated before the one before it"),
            Self::NoHead => write!(f, "there is no signed head of the whole log"),
            Self::WrongHead(size) => {
                write!(f, "the head of {size} entries is not signed by the key, or not of these entries")
            }
            Self::DoesNotOpen(number) => write!(f, "entry {number} is not what it is said to be"),
            Self::UnreadableEnvelope(number) => write!(f, "what entry {number} says cannot be read"),
            Self::WrongPart(number, kind) => write!(f, "a part of entry {number} ({}) was altered", kind.name()),
            Self::Unexplained(number) => write!(f, "entry {number} cannot be opened, and is not listed as erased"),
            Self::UnexplainedPart(number, kind) => {
                write!(f, "a part of entry {number} ({}) is missing, and is not listed as erased", kind.name())
            }
            Self::ErasedYetThere(number) => write!(f, "entry {number} is listed as erased, and is there"),
            Self::WrongErasedList => write!(f, "the list of what was erased is not the one that the log has"),
            Self::TimeDiffers(number) => write!(f, "entry {number} was not appended when it was decided"),
            Self::TextMissing(number) => write!(f, "the text of entry {number} is missing"),
            Self::WrongText(digest) => write!(f, "the text {} was altered", digest.to_hex()),
            Self::GateNotOpen { signature, module } => {
                write!(f, "signature {signature} was made without a pass of {module} that counted")
            }
            Self::NotPublished(number) => write!(f, "signature {number} is of a text that was not published by then"),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late(number) => write!(f, "entry {number} holds from a day more than a week before it was recorded"),
            Self::Claimed(number) => write!(f, "entry {number} was on record before the log began"),
            Self::Corrected { leaf, by } => write!(f, "entry {leaf} was corrected by entry {by}"),
            Self::PassCorrected { signature, pass } => {
                write!(f, "entry {pass}, on which signature {signature} stands, was corrected")
            }
            Self::GateNotShown(number) => {
                write!(f, "what signature {number} stands on was erased or withheld, so its gate is not shown")
            }
            Self::ClockStepped(number) => {
                write!(f, "at entry {number} the clock stepped, and an administrator said that it was right")
            }
            Self::Restored(number) => write!(f, "at entry {number} the log goes on from a copy that was restored"),
            Self::NotUnderstood(number) => write!(f, "entry {number} is of a format that is not understood"),
        }
    }
}
