//! What Induct knows: the catalogue of what authors wrote, marking, the gate, and the store. Everything that decides
//! stands here, once; pages, interfaces and the command line ask the [`Engine`].
//!
//! Invariants: nothing here knows of HTTP or of a browser; nothing reads the machine's clock or its randomness but
//! [`SystemClock`] and [`SystemChance`]; nothing writes a signature but [`Engine::sign_agreement`].

pub mod catalogue;
pub mod content;
pub mod gift;
pub mod media;

mod agreement_page;
mod allow_attempts;
mod attempt;
mod attempt_result;
mod chance;
mod clock;
mod completion;
mod date;
mod demo;
mod difference;
mod draw;
mod engine;
mod gate;
#[cfg(test)]
mod guessing;
mod ids;
mod keep_media;
mod language;
mod mark;
mod marks;
mod module_overview;
mod own_page;
mod password;
mod people;
mod person;
mod publish;
mod quiz_entry;
mod read_media;
mod read_page;
mod receipt;
mod save_answer;
mod schedule;
mod session;
mod sign_agreement;
mod sign_in;
mod signature;
mod start_attempt;
mod store;
mod submit_quiz;
mod unpublishable;
mod versions;

pub use agreement_page::{AgreementPage, Signing};
pub use allow_attempts::{AllowError, StuckLearner};
pub use attempt::{AttemptState, Sitting};
pub use attempt_result::{AttemptResult, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, NextTry};
pub use chance::{Chance, SeededChance, SystemChance};
pub use clock::{Clock, ManualClock, SystemClock};
pub use completion::Completion;
pub use date::{local, local_date};
pub use demo::{DEMO_PASSWORD, DemoError, Rehearsal};
pub use difference::{Difference, PartChange, PartDifference, Run};
pub use engine::{Engine, Looked, Refused};
pub use gate::{Gate, GateItem, Missing};
pub use ids::{AttemptId, CompletionId, FormKey, GroupId, PersonId, SignatureId, TutorTaskId};
pub use keep_media::KeepMediaError;
pub use language::{Language, TwinName};
pub use marks::Marks;
pub use module_overview::{ModuleOverview, ModuleSummary, PageStep};
pub use own_page::{Done, Due, DueThing, OwnPage, ProgrammeStanding};
pub use password::PasswordError;
pub use people::{AddPersonError, NewPerson, ResetPasswordError};
pub use person::{Person, Role};
pub use publish::{PublishError, Published};
pub use quiz_entry::{QuizEntry, QuizState};
pub use read_page::PageView;
pub use receipt::{Receipt, ReceiptPass};
pub use save_answer::SaveError;
pub use session::{FoundSession, StoredSession};
pub use sign_agreement::{SignError, SignForm, SignedIn};
pub use sign_in::SignInError;
pub use signature::Signature;
pub use start_attempt::StartError;
pub use store::{OpenError, Store, StoreError};
pub use submit_quiz::SubmitError;
pub use versions::Version;
