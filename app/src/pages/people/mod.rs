//! What people find of themselves: coming in by a code or a link, signing in, carrying on after a session has ended, and their own page.

mod account;
mod calendar;
mod carry_on;
mod cpd;
mod data;
mod elsewhere;
mod erase;
mod forgotten;
mod home;
mod join;
mod lead;
mod linked_account;
mod reflection;
mod second_factor;
mod sign_in;
mod sign_in_code;
mod stop_letters;
mod welcome;

pub use account::{AccountDone, AccountView, account, change_password};
pub use calendar::calendar_made;
pub use carry_on::{carry_on, dropped};
pub use cpd::{CpdView, cpd};
pub use data::{DataFor, person_data};
pub use elsewhere::{ElsewhereForm, add_elsewhere, end_elsewhere, how_learned};
pub use erase::{EraseFaults, erase_person};
pub use forgotten::{Forgotten, forgotten};
pub use home::{ForOthers, Others, home};
pub use join::{Beginning, JoinFault, join, join_code};
pub use linked_account::unlink_account;
pub use reflection::{ReflectionForm, reflection};
pub use second_factor::{MustSetUp, recovery_codes, second_factor};
pub use sign_in::{SignInFault, WasSending, sign_in, signed_out, too_many_tries};
pub use sign_in_code::{CodeFault, sign_in_code};
pub use stop_letters::{StopLetters, stop_letters};
pub use welcome::{Welcome, welcome};
