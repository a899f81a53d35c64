//! What everything else stands on: the clock, chance, ids, dates, digests, keys, lines to wait in, the hashing of passwords and
//! work on every core, each handed in.
//!
//! Invariants: it knows nothing of Induct's nouns and performs no I/O; only [`SystemClock`] and [`SystemChance`] ask the machine, and `cores` how many
//! it has.

mod aside;
mod cache;
mod chance;
mod clock;
mod cores;
mod count;
mod date;
mod dated;
mod dice;
mod digest;
mod ids;
mod keeps;
mod key;
mod lines;
mod name_key;
mod once;
mod one_time_code;
mod passkey_proof;
mod password;
mod typed_text;

pub(crate) use aside::{aside, aside_holding};
pub(crate) use cache::Cache;
pub use chance::{Chance, SeededChance, SystemChance};
pub(crate) use clock::SteadyTime;
pub use clock::{Clock, ManualClock, SystemClock};
pub(crate) use cores::on_every_core;
pub use count::count;
pub use date::{end_of, from_local, local, local_date, said_day, said_moment};
pub(crate) use dated::Dated;
pub(crate) use dice::Dice;
pub use digest::Sha256Digest;
pub use ids::{
    AssignmentId, AttemptId, CompletionId, CorrectionId, CredentialId, DeclineId, DiscussionId, EvidenceId,
    ExemptionId, FactorId, FormKey, GroupId, JoinCodeId, LetterId, LookId, PasskeyId, PersonId, ReminderId, ResourceId,
    SavedViewId, SignatureId, TogetherId, TokenId, TutorTaskId, WayInId, WorkshopId,
};
pub(crate) use keeps::Keeps;
pub(crate) use key::InstallationKey;
pub(crate) use lines::{Lines, Rule, Turn};
pub(crate) use name_key::name_key;
pub(crate) use one_time_code::CodeSecret;
pub(crate) use passkey_proof::{Authenticator, Ceremony, PasskeyKey, check_client_data};
pub use passkey_proof::{PasskeyFault, PasskeySite};
pub(crate) use password::Hasher;
pub use password::PasswordError;
pub use typed_text::{TextFault, composed, typed_line};
pub(crate) use typed_text::{at_least_two_letters, share_a_word, typed_text};
