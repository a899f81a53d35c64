//! What people look at: their own page, the modules, a page, what it plays, certificates, the record and the answers of somebody whom they look
//! after, what whole cohorts get wrong.
//!
//! Invariants: it decides nothing about standing; it reads what `standing` says. That another opened somebody's record or answers
//! is noted before they are handed out.

mod about_person;
mod calendar;
mod certificate;
mod cpd_record;
mod done_together;
mod evidence_file;
mod exemptions;
mod module_overview;
mod others_answers;
mod own_news;
mod own_page;
mod person_record;
mod programme_page;
mod read_media;
mod read_page;
mod record_attempts;
mod record_entries;
mod record_events;
mod record_things;
mod verify_certificate;
mod weak_spots;

pub use about_person::{AboutPerson, Held};
pub use calendar::{CalendarDay, CalendarError, CalendarKind, CalendarWorkshop, OwnCalendar};
pub use certificate::{Certificate, CertificateEntry, CertificateStands};
pub use cpd_record::{CpdEntry, CpdOrder, CpdQuery, CpdRecord, CpdYear, YearMinutes};
pub use done_together::{DoneTo, DoneTogether, ListedTogether, TogetherPage};
pub use evidence_file::EvidenceFile;
pub use exemptions::ListedExemption;
pub use module_overview::{Changed, ModuleOverview, ModuleSummary, PageStep};
pub use others_answers::OthersAnswers;
pub use own_news::OwnNews;
pub use own_page::{DoneThing, Due, DueThing, MissedThing, OwnPage, ProgrammeStanding};
pub use person_record::{PersonRecord, RecordDone, RecordEvent, RecordFact, RecordThing};
pub use programme_page::{
    PartStands, ProgrammeChange, ProgrammePage, ProgrammePart, ProgrammeSummary, ProgrammeVersion,
};
pub use read_page::PageView;
pub use verify_certificate::VerifyError;
pub use weak_spots::{SpotCount, WeakSpot, WeakSpots};
