//! People: who they are, what they may do, how they sign in and stay signed in.
//!
//! Invariants: a password is kept only as its Argon2id hash, a session only as a digest of its id; no failure to sign in says
//! whether there is such an account.

mod add_person;
mod assign;
mod exempt;
mod give_duty;
mod join_group;
mod keep_groups;
mod leave;
mod person;
mod reset_password;
mod session;
mod sign_in;

pub(crate) use add_person::LONGEST_NAME;
pub use add_person::{AddPersonError, NewPerson};
pub use assign::AssignError;
pub use exempt::{ExemptError, NewExemption};
pub use give_duty::DutyError;
pub(crate) use join_group::{end_membership, insert_membership};
pub use keep_groups::GroupError;
pub(crate) use leave::{end_stay, insert_stay};
pub use person::Person;
pub(crate) use person::{is_for, may_read};
pub use reset_password::ResetPasswordError;
pub use session::{FoundSession, StoredSession};
pub use sign_in::SignInError;
