//! Reminders: who is told by letter what is wanted of them, and when; of each the ledger.
//!
//! Invariants: what is wanted is what the board says of everybody, and is looked at again before a letter goes; each thing is told once for each
//! day by which it is wanted and each occasion, and nobody gets more than one such letter a day, because the database refuses a second row; a
//! letter and what the ledger says of it are written in one transaction; managers are told numbers once a week, and no names; whoever owns what is to be reviewed is told once a week.

mod decide;
mod digest;
mod list_reminders;
mod look_again;
mod pause_reminders;
mod plan_reminders;
mod remind_several;
mod stop_reminders;
mod sweep;
mod tell_owners;
mod write_reminders;

pub use list_reminders::{ListedReminder, ReminderResult, RemindersPage, WhichReminders};
pub use pause_reminders::ReminderError;
pub use plan_reminders::{PlannedPerson, ReminderPlan};
pub use remind_several::RemindPlan;
pub use sweep::{Idle, Swept};
pub(crate) use tell_owners::stale;
pub use write_reminders::Suppressed;
