//! People and groups as another system of the provider's keeps them in step with its own, one request at a time: who is known, whoever that is; and
//! taking somebody out. The changes themselves are those of `people`, with a token that has the duty of an administrator over everybody.
//!
//! Invariants: what one request asks for is looked at and done in one transaction, or nothing of it is; nobody is deleted. Who is taken out leaves,
//! and to that system is not there any more.

mod keep_group;
mod keep_user;
mod know_group_as;
mod know_user_as;
mod known_groups;
mod known_people;
mod take_out;

pub use keep_group::{KeepGroupError, WantedGroup};
pub use keep_user::{KeepUserError, WantedUser};
pub use know_user_as::{UserNameError, known_as};
pub use known_groups::{KnownGroup, WhichGroups};
pub use known_people::{Known, KnownPerson, WhichKnown};
