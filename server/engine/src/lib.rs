//! What Induct knows: the catalogue of what authors wrote, marking, the gate, and the store. Everything that decides
//! stands here, once; pages, interfaces and the command line ask the [`Engine`].
//!
//! Each room imports from those before it in this list and from none after it (`make test` checks it). Rooms:
//! `ground`, `store`, `media`, `catalogue`, `content`, `gift`, `record`, `log`, `engine`, `people`, `roster`, `publishing`, `standing`, `board`,
//! `quiz`, `signing`, `evidence`, `backup`, `reading`, `demo`.
//!
//! Invariants: nothing here knows of HTTP or of a browser; nothing reads the machine's clock or its randomness but
//! [`SystemClock`] and [`SystemChance`]; nothing writes a signature but [`Engine::sign_agreement`]; nothing writes a fact without sealing it.

pub mod catalogue;
pub mod content;
pub mod gift;
pub mod media;

mod backup;
mod board;
mod demo;
mod engine;
mod evidence;
mod ground;
mod log;
mod people;
mod publishing;
mod quiz;
mod reading;
mod record;
mod roster;
mod signing;
mod standing;
mod store;

pub use backup::{BackUpError, BackedUp, RestoreError, Restored};
pub use board::{
    AsAt, Matrix, MatrixCell, MatrixChoices, MatrixColumn, MatrixGroup, MatrixProgramme, MatrixQuery, MatrixRow,
    MatrixSort, Tally,
};
pub use catalogue::{Language, TwinName};
pub use demo::{Crowd, DEMO_PASSWORD, DemoError, Rehearsal};
pub use engine::{Engine, Looked, Refused};
pub use evidence::{
    Evidence, LogHead, MadePack, Mismatch, NewPack, PackError, Parts, PersonStands, Proved, RegisteredSignature,
    SignaturesPage, StandsPage, StillCounts, TilePlace, WhichSignatures, WhoStands,
};
pub use ground::{
    AssignmentId, AttemptId, Chance, Clock, CompletionId, CredentialId, ExemptionId, FormKey, GroupId, ManualClock,
    PasswordError, PersonId, SeededChance, Sha256Digest, SignatureId, SystemChance, SystemClock, TextFault, TokenId,
    TutorTaskId, end_of, from_local, local, local_date, typed_line,
};
pub use log::LogError;
pub use people::{
    AddPersonError, AssignError, AudienceError, Bearer, Begun, Caller, Device, DutyError, ExemptError, FoundSession,
    GroupError, KeptForm, ListedGroup, ListedPerson, MembershipError, NewExemption, NewPerson, NewToken, PeoplePage,
    Person, ResetPasswordError, Right, SCOPE_STATEMENTS, Scope, SignInError, SignedIn, StayError, StoredSession, Token,
    TokenError, UnknownAudience, Verified, Whom,
};
pub use publishing::{
    Absent, DiffRun, Difference, KeepMediaError, LostAudience, Older, PartChange, PartDifference, Publication,
    PublishError, Published, Republish, Version, WithdrawError, Words,
};
pub use quiz::{
    AllowError, AttemptResult, AttemptState, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, NextTry, QuizEntry,
    QuizState, SaveError, Sitting, StartError, StuckLearner, SubmitError,
};
pub use reading::{
    Changed, CpdEntry, CpdRecord, CpdYear, DoneThing, Due, DueThing, Hold, ModuleOverview, ModuleSummary, OwnPage,
    PageStep, PageView, PersonRecord, ProgrammeStanding, RecordDone, RecordEvent, RecordFact, RecordThing, Required,
};
pub use record::{Actor, AssignedTo, Completion, DayFault, Duty, Marks, Role, Signature, SignatureWords, Thing};
pub use roster::{
    ColumnFault, Columns, Counts, DayOrder, Field, FieldChange, FileFault, Finished, ImportError, Imported,
    LARGEST_FILE, LineFault, LinePlan, Mapping, NotInFile, Outcome, Plan, Recognised, Table, UndoError, Undone,
};
pub use signing::{
    AgreementPage, AgreementSummary, Agreements, Gate, GateItem, Look, Missing, Receipt, ReceiptPass, SignError,
    SignForm, SignedAgreement, SignedBefore, Signing,
};
pub use standing::{Asked, Cell, Demand, Done, Missed, Wanted, Why, standing};
pub use store::{Altered, CopyError, How, OpenError, Store, StoreError, Trouble, Unsealed};
