//! Who is here, in which groups and with which duties: what those see and change who look after people.

mod change;
mod choose;
mod group;
mod groups;
mod import;
mod look_for;
mod new_person;
mod people;
mod sessions;
mod tabs;
mod withdraw;

pub use change::{Changed as PersonChanged, DUTY_SINCE, DUTY_UNTIL, change_person};
pub use choose::EVERYBODY;
pub use group::{GroupChange, GroupView, group};
pub use groups::{GroupsView, groups};
pub use import::{IMPORT_LINES, ImportView, LinesWanted, UploadView, import_file, import_people};
pub use new_person::{NewPersonForm, new_person};
pub use people::{PeopleView, people};
pub use sessions::{SessionsView, sessions, sign_out_everywhere};
pub use withdraw::{WithdrawForm, withdraw_pass};
