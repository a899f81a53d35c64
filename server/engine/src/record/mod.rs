//! Facts as they were recorded: each once, with the moment and by whom; where one ends, its end once, too.
//!
//! Invariants: what decides is never overwritten, and the database refuses to; what is about a person and decides nothing (names,
//! addresses, typed names, reasons) stands in tables of its own, from which it can be erased; who is counted as what on a day is
//! decided elsewhere.

mod actor;
mod attended_workshop;
mod certificate_code;
mod completion;
mod decline;
mod discussion;
mod dossier;
mod everybody;
mod marks;
mod neutral_name;
mod own_evidence;
mod person_facts;
mod role;
mod signature;
mod since;
mod thing;
mod workshop_times;

pub use actor::Actor;
pub(crate) use actor::{find_names, name_of_actor};
pub use attended_workshop::AttendedWorkshop;
pub(crate) use attended_workshop::find_attended;
pub use certificate_code::CertificateCode;
pub use completion::{Completion, HowEarned, PagesOpened, Withdrawn, WrongBecause};
pub(crate) use completion::{insert_completions, not_withdrawn, withdrawn};
pub use decline::Decline;
pub(crate) use decline::DeclineRow;
pub use discussion::Discussion;
pub(crate) use discussion::{DiscussionRow, discussion_columns, find_discussions, find_unused_discussion, name_tutors};
pub use dossier::AssignedTo;
pub(crate) use dossier::{
    Assignment, AttemptFact, Dossier, Dossiers, Exemption, Revisions, find_dossier, find_revisions, kept_twin,
    revision_columns,
};
pub(crate) use everybody::{Everybody, Kept, find_sums};
pub use marks::Marks;
pub use neutral_name::NeutralName;
pub use own_evidence::{FileKind, HowLearned, NotTaken, OwnEvidence, OwnFile};
pub(crate) use own_evidence::{SaidOfEvidence, find_own_evidence, logged_digest, whole_file};
pub(crate) use person_facts::{GroupPlace, PersonFacts, Places, find_person_facts};
pub use role::{Duty, Role};
pub(crate) use signature::find_signature;
pub use signature::{Signature, SignatureWords};
pub use since::DayFault;
pub(crate) use since::Since;
pub use thing::Thing;
pub(crate) use workshop_times::{WORKSHOP_CONFIRMED_WITHIN, WORKSHOP_LISTED_SINCE};
