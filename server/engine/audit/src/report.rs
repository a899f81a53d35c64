//! What came of checking a log, for a program and in words for a person.

use std::{collections::BTreeSet, fmt, ops::AddAssign};

use crate::{bytes::Digest, fact::PartKind, witness::Seen};

/// What is wrong, each with the number of a leaf where it is of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The key that is trusted belongs to another log.
    OtherLog,
    /// The bundle names a key that is not one.
    NoKey,
    /// The bundle names another key than the one that is trusted.
    OtherKey,
    /// This leaf hands over to another key, and not from the one before, or the head behind it is not there.
    NotHandedOver(u64),
    /// This leaf says that the log goes on from a copy, and the head that it names is not that of the leaves before it.
    NotRestored(u64),
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
    /// It is about somebody, and what opens it does not say about whom.
    NoPerson(u64),
    /// Its envelope cannot be read.
    UnreadableEnvelope(u64),
    /// A part is not the one that its envelope names.
    WrongPart(u64, PartKind),
    /// It lacks what opens it, and it is not listed as erased.
    Unexplained(u64),
    /// A part is missing, and it is neither withheld nor listed as erased; or it is a gate, which never is.
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
    /// It says whether a discussion was held that no earlier leaf says of that person, or that was answered before.
    AnswersNothing(u64),
    /// A pass after a discussion that both confirmed, and no earlier leaves say so.
    NotDiscussed(u64),
    /// A signature of something that was not published by then.
    NotPublished(u64),
    /// Its proof does not show that it is in the log.
    NotProved(u64),
}

/// What is no fault and must be seen. What matters most to who relies on the log comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// The log goes on from a copy that was restored.
    Restored(u64),
    /// It is of a format that this program does not understand.
    NotUnderstood(u64),
    /// The gate of a signature cannot be shown, because what it stands on is in an entry of a later format.
    GateNotShown(u64),
    /// A pass on which a signature stood has been corrected since.
    PassCorrected {
        /// The number of the signature's leaf.
        signature: u64,
        /// The number of the pass's leaf.
        pass: u64,
    },
    /// An administrator said that the clock was right although it stepped.
    ClockStepped(u64),
    /// Another key signs from this leaf on, and the one before it has signed that.
    KeyChanged(u64),
    /// An earlier leaf was corrected by it.
    Corrected {
        /// The number of the leaf that was wrong.
        leaf: u64,
        /// The number of the one that says so.
        by: u64,
    },
    /// It holds from a day more than a week before it was recorded.
    Late(u64),
    /// It was on record before the log began.
    Claimed(u64),
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

/// What came of the signatures that could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// How many there are.
    pub all: u64,
    /// Of how many it is shown that their gate was open when they were recorded as they were made.
    pub shown: u64,
    /// Of those, how many stand on a pass that was on record before the log began.
    pub on_claimed: u64,
    /// How many were on record themselves before the log began. Their gate was open by what was copied with them.
    pub claimed: u64,
}

impl Signatures {
    /// Of how many nothing shows on what they stand.
    #[must_use]
    pub fn not_shown(&self) -> u64 {
        self.all.saturating_sub(self.shown + self.claimed)
    }
}

impl AddAssign for Signatures {
    fn add_assign(&mut self, more: Self) {
        self.all += more.all;
        self.shown += more.shown;
        self.on_claimed += more.on_claimed;
        self.claimed += more.claimed;
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
    /// What came of the signatures in it.
    pub signatures: Signatures,
    /// The last head in it that the witness saw who is trusted.
    pub seen: Option<Seen>,
    /// What is wrong.
    pub faults: BTreeSet<Fault>,
    /// What must be seen.
    pub notes: BTreeSet<Note>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherLog => write!(f, "the key belongs to another log"),
            Self::NoKey => write!(f, "the bundle names no key"),
            Self::OtherKey => write!(
                f,
                "it names another key than the one that you gave: what was handed out before another key signed is checked with the key of then"
            ),
            Self::NotHandedOver(number) => {
                write!(f, "entry {number} does not hand over from the key before it to another")
            }
            Self::NotRestored(number) => {
                write!(f, "entry {number} says that the log goes on from a copy, which is not what stands before it")
            }
            Self::Size { said, found } => write!(f, "there should be {said} entries, and there are {found}"),
            Self::NotALeaf(number) => write!(f, "entry {number} is no entry"),
            Self::OutOfPlace(number) => write!(f, "entry {number} stands in another place than it says"),
            Self::TimeGoesBack(number) => write!(f, "entry {number} is dated before the one before it"),
            Self::NoHead => write!(f, "there is no signed head of the whole log"),
            Self::WrongHead(size) => {
                write!(f, "the head of {size} entries is not signed by the key, or not of these entries")
            }
            Self::DoesNotOpen(number) => write!(f, "entry {number} is not what it is said to be"),
            Self::NoPerson(number) => {
                write!(f, "entry {number} is about somebody, and what opens it does not say about whom")
            }
            Self::UnreadableEnvelope(number) => write!(f, "what entry {number} says cannot be read"),
            Self::WrongPart(number, kind) => write!(f, "a part of entry {number} ({}) was altered", kind.name()),
            Self::Unexplained(number) => write!(f, "entry {number} cannot be opened, and is not listed as erased"),
            Self::UnexplainedPart(number, PartKind::Gate) => {
                write!(f, "what signature {number} stands on (its gate) is left out, and nobody may do that")
            }
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
            Self::AnswersNothing(number) => {
                write!(f, "entry {number} answers for a discussion that is not there, or was answered before")
            }
            Self::NotDiscussed(number) => {
                write!(
                    f,
                    "entry {number} is a pass after a discussion that both confirmed, and no entries before it say so"
                )
            }
            Self::NotProved(number) => write!(f, "entry {number} is not shown to be in the log"),
            Self::NotPublished(number) => write!(f, "signature {number} is of a text that was not published by then"),
        }
    }
}

impl Note {
    /// What is said of so many more of its kind.
    #[must_use]
    pub fn and_more(&self, count: usize) -> String {
        let what = match self {
            Self::Restored(_) => "times that a copy was restored",
            Self::NotUnderstood(_) => "entries of a format that is not understood",
            Self::GateNotShown(_) => "signatures of which it is not shown what they stand on",
            Self::PassCorrected { .. } => "passes on which signatures stand, and which were corrected",
            Self::ClockStepped(_) => "times that the clock stepped",
            Self::KeyChanged(_) => "times that another key followed",
            Self::Corrected { .. } => "entries that were corrected",
            Self::Late(_) => "entries that hold from a day more than a week before they were recorded",
            Self::Claimed(_) => "entries that were on record before the log began",
        };
        format!("… and {count} more {what}")
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
                write!(f, "what signature {number} stands on is in an entry that is not understood, so it is not shown")
            }
            Self::ClockStepped(number) => {
                write!(f, "at entry {number} the clock stepped, and an administrator said that it was right")
            }
            Self::KeyChanged(number) => {
                write!(f, "from entry {number} on another key signs, and the key before it has signed that")
            }
            Self::Restored(number) => write!(f, "at entry {number} the log goes on from a copy that was restored"),
            Self::NotUnderstood(number) => write!(f, "entry {number} is of a format that is not understood"),
        }
    }
}
