//! People: who they are, what they may do, how they sign in and stay signed in.
//!
//! Invariants: a password is kept only as its Argon2id hash, a session only as a digest of its id, a token only as a digest with the
//! installation's key; a session begins only in a transaction that finds the verified password
//! still to be theirs, and their second factor shown if they have one; no code is taken twice; no failure to sign
//! in says whether there is such an account; other people are found by a `Scope` alone; whoever is signed in changes what is recorded of others
//! only where `may_organise` says so, in the transaction that writes.

mod add_evidence;
mod add_passkey;
mod add_person;
mod assign;
mod assign_several;
mod begin_audience;
mod change_password;
mod choose_twin;
mod clear_picture;
mod correct_details;
mod create_token;
mod device;
mod do_together;
mod end_evidence;
mod end_passkey;
mod exempt;
mod exempt_several;
mod find_addressees;
mod find_overseers;
mod find_people;
mod find_person;
mod forgot_password;
mod give_duty;
mod installation_key;
mod join_code;
mod join_group;
mod keep_form;
mod keep_groups;
mod leave;
mod list_groups;
mod list_sessions;
mod look_after_letters;
mod make_calendar;
mod may_organise;
mod news;
mod note_signed_out;
mod passkey;
mod person;
mod remove_factor;
mod require_factor;
mod reset_password;
mod save_view;
mod scope;
mod second_factor;
mod session;
mod set_up_factor;
mod sign_in;
mod sign_in_with_code;
mod sign_in_with_passkey;
mod sign_on;
mod tell;
mod try_code;
mod try_sign_in;
mod unlink_account;
mod way_in;
mod weak_password;
mod write_reflection;

pub use add_evidence::{AddEvidenceError, EvidenceFault, NewEvidence};
pub(crate) use add_evidence::{CheckedFile, checked_file, keep_pieces};
pub use add_passkey::{AddPasskeyError, PasskeyMade, PasskeyWanted};
pub use add_person::{AddPersonError, NewDuty, NewPerson, is_email};
pub(crate) use add_person::{Identity, LONGEST_NAME, checked_email, readable_email};
pub use assign::AssignError;
pub(crate) use assign::assigned_to;
pub(crate) use begin_audience::insert_audience;
pub use begin_audience::{AudienceError, UnknownAudience};
pub use change_password::ChangePasswordError;
pub use correct_details::PersonDetails;
pub(crate) use correct_details::find_details;
pub use create_token::{Bearer, ListedToken, NewToken, Token, TokenError};
pub use device::Device;
pub use do_together::{DidTogether, MOST_TOGETHER, Together, TogetherError};
pub(crate) use do_together::{find_together, note_together};
pub use end_passkey::EndedPasskey;
pub use exempt::{ExemptError, NewExemption};
pub use exempt_several::ExemptSeveral;
pub(crate) use find_addressees::{
    find_addressees, find_all_holders, find_owners, find_roles_held, find_told_of, names_in_role,
};
pub(crate) use find_overseers::{Overseer, find_overseers};
pub(crate) use find_people::name_groups_of;
pub use find_people::{FoundPeople, FoundPerson, WhichPeople};
pub use forgot_password::ForgotError;
pub use give_duty::DutyError;
pub(crate) use give_duty::{insert_duty, log_given};
pub use join_code::{FindCodeError, JoinCode, JoinCodeError, JoinError, NewJoinCode, OpenCode};
pub(crate) use join_code::{draw_code, read_code};
pub use join_group::MembershipError;
pub(crate) use join_group::{end_membership, insert_membership};
pub use keep_form::KeptForm;
pub use keep_groups::GroupError;
pub(crate) use keep_groups::{checked_name as checked_group_name, is_open};
pub use leave::StayError;
pub(crate) use leave::{end_sessions, find_stay, insert_stay};
pub use list_groups::{EndedGroup, GroupInTree, GroupPage, GroupTree, GroupWas};
pub use list_sessions::{SignOutError, SignedInPage, SignedInPerson, WhichSignedIn};
pub use look_after_letters::LetterError;
pub(crate) use make_calendar::calendar_digest;
pub(crate) use may_organise::{Over, may_organise, may_organise_with_duties};
pub(crate) use news::find_maybe_news;
pub use note_signed_out::SignedOutWith;
pub use passkey::{OwnPasskey, PasskeyQuestion};
pub use person::Person;
pub(crate) use person::{is_for, is_there, may_read};
pub use remove_factor::RemoveFactorError;
pub use require_factor::FactorCount;
pub use save_view::{SaveViewError, SavedView};
pub use scope::{ListedGroup, ListedPerson, PeoplePage, Right, SCOPE_STATEMENTS, Scope, Whom};
pub(crate) use scope::{
    Reached, by_scope, find_in_scope, in_scope, is_here, is_in_scope, is_member, scope_people, scope_tree,
};
pub use second_factor::{SecondFactor, code_of};
pub use session::{Begun, FoundSession, OwnSession, StoredSession};
pub use set_up_factor::{FactorError, FactorSetUp};
pub(crate) use sign_in::still_counts;
pub use sign_in::{Caller, SignInError, SignedIn, Verified};
pub use sign_in_with_code::{CodeError, HalfSignedIn};
pub use sign_in_with_passkey::{PasskeyError, PasskeyShown};
pub(crate) use sign_on::is_own_word;
pub use sign_on::{SignOnError, SignOnTry, SignedOn};
pub(crate) use tell::tell;
pub(crate) use try_code::CodeKind;
pub use unlink_account::{LinkedAccount, UnlinkError};
pub use way_in::{ChoosePasswordError, OpenWayIn, WayIn, WayInError};
pub use weak_password::WeakPassword;
pub use write_reflection::{LONGEST_REFLECTION, ReflectionError};
