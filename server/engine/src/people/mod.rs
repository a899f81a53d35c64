//! People: who they are, what they may do, how they sign in and stay signed in.
//!
//! Invariants: a password is kept only as its Argon2id hash, a session only as a digest of its id; no failure to sign in says
//! whether there is such an account.

mod add_person;
mod person;
mod session;
mod sign_in;

pub use add_person::{AddPersonError, NewPerson, ResetPasswordError};
pub(crate) use person::is_for;
pub use person::{Person, Role};
pub use session::{FoundSession, StoredSession};
pub use sign_in::SignInError;
