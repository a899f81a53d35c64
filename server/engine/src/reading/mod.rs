//! What people look at: their own page, the modules, a page, what it plays.
//!
//! Invariant: it decides nothing about standing; it reads what `standing` says.

mod cpd_record;
mod module_overview;
mod own_page;
mod read_media;
mod read_page;

pub use cpd_record::{CpdEntry, CpdRecord, CpdYear};
pub use module_overview::{Changed, ModuleOverview, ModuleSummary, PageStep};
pub use own_page::{DoneThing, Due, DueThing, Hold, OwnPage, ProgrammeStanding, Required};
pub use read_page::PageView;
