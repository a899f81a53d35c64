//! What somebody sees who looks after a provider's installation: all its parts with what needs them, the provider's settings and what a change of
//! them would do, who is to be talked to and who stands in, and who did what.
//!
//! Invariants: nothing here writes; what stands here of one person is that something was done to them and by whom, and never what their record
//! says, so that reading it is no look at anybody's record.

mod administer;
mod check_settings;
mod contacts;
mod deed;
mod doer;
mod folder_stands;
mod kind_of_act;
mod list_acts;
mod list_settings;
mod settings;

pub use administer::{Administration, LettersStand, ToSee};
pub use check_settings::{SettingChange, SettingsCheck};
pub use contacts::{ContactGap, ContactsAndCover, Holds, NoticeOf, RoleCover, SiteContact, SiteContacts};
pub use deed::{Deed, GivenTo, GroupThen};
pub use doer::Doer;
pub use folder_stands::FolderStands;
pub use kind_of_act::KindOfAct;
pub use list_acts::{DoneAct, DoneActs, WhichActs};
pub use list_settings::{SettingShown, SettingsShown, SettingsVersion};
pub use settings::{Setting, SettingsOf};
