//! What everything else stands on: the clock, chance, ids, dates, digests and the hashing of passwords, each handed in.
//!
//! Invariants: it knows nothing of Induct's nouns and performs no I/O; only [`SystemClock`] and [`SystemChance`] ask the machine.

mod chance;
mod clock;
mod date;
mod digest;
mod ids;
mod password;

pub use chance::{Chance, SeededChance, SystemChance};
pub use clock::{Clock, ManualClock, SystemClock};
pub use date::{local, local_date};
pub use digest::Sha256Digest;
pub use ids::{AttemptId, CompletionId, FormKey, GroupId, PersonId, SignatureId, TutorTaskId};
pub(crate) use password::Hasher;
pub use password::PasswordError;
