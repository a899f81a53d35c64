//! What Induct knows: the catalogue of what authors wrote, marking, the gate, and the store. Everything that decides
//! stands here, once; pages, interfaces and the command line ask the [`Engine`].
//!
//! Rooms, from the ground up; none imports from one below it in this list:
//! `ground`, `store`, `media`, `catalogue`, `content`, `gift`, `engine`, `people`, `publishing`, `record`, `standing`, `quiz`,
//! `signing`, `reading`, `demo`.
//!
//! Invariants: nothing here knows of HTTP or of a browser; nothing reads the machine's clock or its randomness but
//! [`SystemClock`] and [`SystemChance`]; nothing writes a signature but [`Engine::sign_agreement`].

pub mod catalogue;
pub mod content;
pub mod gift;
pub mod media;

mod demo;
mod engine;
mod ground;
mod people;
mod publishing;
mod quiz;
mod reading;
mod record;
mod signing;
mod standing;
mod store;

pub use catalogue::{Language, TwinName};
pub use demo::{DEMO_PASSWORD, DemoError, Rehearsal};
pub use engine::{Engine, Looked, Refused};
pub use ground::{
    AttemptId, Chance, Clock, CompletionId, FormKey, GroupId, ManualClock, PasswordError, PersonId, SeededChance,
    Sha256Digest, SignatureId, SystemChance, SystemClock, TutorTaskId, local, local_date,
};
pub use people::{
    AddPersonError, FoundSession, NewPerson, Person, ResetPasswordError, Role, SignInError, StoredSession,
};
pub use publishing::{Difference, KeepMediaError, PartChange, PartDifference, PublishError, Published, Run, Version};
pub use quiz::{
    AllowError, AttemptResult, AttemptState, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, NextTry, QuizEntry,
    QuizState, SaveError, Sitting, StartError, StuckLearner, SubmitError,
};
pub use reading::{Done, Due, DueThing, ModuleOverview, ModuleSummary, OwnPage, PageStep, PageView, ProgrammeStanding};
pub use record::{Completion, Marks, Signature};
pub use signing::{
    AgreementPage, Gate, GateItem, Missing, Receipt, ReceiptPass, SignError, SignForm, SignedIn, Signing,
};
pub use store::{OpenError, Store, StoreError};
