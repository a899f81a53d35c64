//! What Induct knows: the catalogue of what authors wrote, marking, the gate, and the store. Everything that decides
//! stands here, once; pages, interfaces and the command line ask the [`Engine`].
//!
//! Each room imports from those before it in this list and from none after it (`make test` checks it). Rooms:
//! `ground`, `store`, `media`, `catalogue`, `content`, `gift`, `record`, `log`, `engine`, `mail`, `people`, `roster`, `provisioning`, `publishing`, `standing`, `opening`, `board`, `reminders`,
//! `quiz`, `workshops`, `signing`, `evidence`, `letting`, `jobs`, `backup`, `reading`, `administration`, `demo`.
//!
//! Invariants: nothing here knows of HTTP or of a browser; nothing reads the machine's clock or its randomness but
//! [`SystemClock`] and [`SystemChance`]; nothing writes a signature but [`Engine::sign_agreement`]; nothing writes a fact without sealing it.

pub mod catalogue;
pub mod content;
pub mod gift;
pub mod media;

mod administration;
mod backup;
mod board;
mod demo;
mod engine;
mod evidence;
mod ground;
mod jobs;
mod letting;
mod log;
mod mail;
mod opening;
mod people;
mod provisioning;
mod publishing;
mod quiz;
mod reading;
mod record;
mod reminders;
mod roster;
mod signing;
mod standing;
mod store;
mod workshops;

pub use administration::{
    Administration, ContactGap, ContactsAndCover, Deed, Doer, DoneAct, DoneActs, FolderStands, GivenTo, GroupThen,
    Holds, KindOfAct, LettersStand, NoticeOf, RoleCover, Setting, SettingChange, SettingShown, SettingsCheck,
    SettingsOf, SettingsShown, SettingsVersion, SiteContact, SiteContacts, ToSee, WhichActs,
};
pub use backup::{BackUpError, BackedUp, GoneOn, RestoreError, Restored};
pub use board::{
    AsAt, AssignmentReach, Assignments, ComparedCell, ComparedColumn, ComparedPerson, Comparison, DueWeek, LateAtOnce,
    ListedAssignment, Matrix, MatrixAnswer, MatrixCell, MatrixChoices, MatrixColumn, MatrixGroup, MatrixProgramme,
    MatrixQuery, MatrixRow, MatrixSort, MayGive, ModuleReach, NobodyHas, OtherPeople, OverdueBand, Overview,
    OverviewDay, OverviewGroup, Presence, ReachedPerson, Signed, SignedShare, Tally, Turn, WantedWorkshop, WrittenFor,
};
pub use catalogue::{Language, TwinName};
pub use demo::{Crowd, DEMO_PASSWORD, DemoError, Rehearsal};
pub use engine::{Engine, Looked, Refused};
pub use evidence::{
    BadgeKey, CosignError, Evidence, KeyRotated, LogHead, MadePack, Mismatch, NewPack, PackError, Parts, PersonStands,
    Proved, PublishedStands, RegisteredSignature, SignaturesPage, StampError, StandsPage, StillCounts, TilePlace,
    TimeStamp, WantedCosignature, WantedStamp, WhichSignatures, WhoStands,
};
pub use ground::{
    AssignmentId, AttemptId, Chance, Clock, CompletionId, CorrectionId, CredentialId, DeclineId, DiscussionId,
    EvidenceId, ExemptionId, FactorId, FormKey, GroupId, JoinCodeId, LetterId, LookId, ManualClock, PasskeyFault,
    PasskeyId, PasskeySite, PasswordError, PersonId, ReminderId, ResourceId, SavedViewId, SeededChance, Sha256Digest,
    SignatureId, SystemChance, SystemClock, TextFault, TogetherId, TokenId, TutorTaskId, WayInId, WorkshopId, composed,
    end_of, from_local, local, local_date, said_day, said_moment, typed_line,
};
pub use jobs::{Besides, Job, JobDone, JobStanding};
pub use letting::{
    Acted, EraseError, ErasurePlan, HeldColumn, HeldKind, HeldShown, HeldValue, Hindrance, LetGo, PersonData,
    PersonErased, held_tables, tables_about_nobody,
};
pub use log::LogError;
pub use mail::{
    LateGroup, LetterAbout, LetterKind, LetterState, LetterToSend, LettersPage, ListedLetter, Occasion, Reminded, Sent,
    SignInNews, ToReview,
};
pub use people::{
    AddEvidenceError, AddPasskeyError, AddPersonError, AssignError, AudienceError, Bearer, Begun, Caller,
    ChangePasswordError, ChoosePasswordError, CodeError, Device, DidTogether, DutyError, EndedGroup, EndedPasskey,
    EvidenceFault, ExemptError, ExemptSeveral, FactorCount, FactorError, FactorSetUp, FindCodeError, ForgotError,
    FoundPeople, FoundPerson, FoundSession, GroupError, GroupInTree, GroupPage, GroupTree, GroupWas, HalfSignedIn,
    JoinCode, JoinCodeError, JoinError, KeptForm, LONGEST_REFLECTION, LetterError, LinkedAccount, ListedGroup,
    ListedPerson, ListedToken, MOST_TOGETHER, MembershipError, NewDuty, NewEvidence, NewExemption, NewJoinCode,
    NewPerson, NewToken, OpenCode, OpenWayIn, OwnPasskey, OwnSession, PasskeyError, PasskeyMade, PasskeyQuestion,
    PasskeyShown, PasskeyWanted, PeoplePage, Person, PersonDetails, ReflectionError, RemoveFactorError, Right,
    SCOPE_STATEMENTS, SaveViewError, SavedView, Scope, SecondFactor, SignInError, SignOnError, SignOnTry, SignOutError,
    SignedIn, SignedInPage, SignedInPerson, SignedOn, SignedOutWith, StayError, StoredSession, Together, TogetherError,
    Token, TokenError, UnknownAudience, UnlinkError, Verified, WayIn, WayInError, WeakPassword, WhichPeople,
    WhichSignedIn, Whom, code_of, is_email,
};
pub use provisioning::{
    KeepGroupError, KeepUserError, Known, KnownGroup, KnownPerson, UserNameError, WantedGroup, WantedUser, WhichGroups,
    WhichKnown, known_as,
};
pub use publishing::{
    Absent, DiffRun, Difference, KeepMediaError, LostAudience, Older, PartChange, PartDifference, Passage, Publication,
    PublishError, Published, Republish, Version, WithdrawError, Words,
};
pub use quiz::{
    AllowError, AttemptResult, AttemptState, FirstModule, LONGEST_CORRECTION_REASON, MOST_SECONDS,
    MOST_SECONDS_AT_ONCE, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, NextTry, QuizEntry, QuizState,
    RefreshedPage, Refresher, Refreshes, SaveError, Sitting, StartError, StuckLearner, SubmitError, TakeWholeError,
    WithdrawPassError,
};
pub use reading::{
    AboutPerson, CalendarDay, CalendarError, CalendarKind, CalendarWorkshop, Certificate, CertificateEntry,
    CertificateStands, Changed, CpdEntry, CpdOrder, CpdQuery, CpdRecord, CpdYear, DoneThing, DoneTo, DoneTogether, Due,
    DueThing, EvidenceFile, Held, ListedExemption, ListedTogether, MissedThing, ModuleOverview, ModuleSummary,
    OthersAnswers, OwnCalendar, OwnNews, OwnPage, PageStep, PageView, PartStands, PersonRecord, ProgrammeChange,
    ProgrammePage, ProgrammePart, ProgrammeStanding, ProgrammeSummary, ProgrammeVersion, RecordDone, RecordEvent,
    RecordFact, RecordThing, SpotCount, TogetherPage, VerifyError, WeakSpot, WeakSpots, YearMinutes,
};
pub use record::{
    Actor, AssignedTo, AttendedWorkshop, CertificateCode, Completion, DayFault, Decline, Discussion, Duty, FileKind,
    HowEarned, HowLearned, Marks, NeutralName, NotTaken, OwnEvidence, OwnFile, PagesOpened, Role, Signature,
    SignatureWords, Thing, Withdrawn, WrongBecause,
};
pub use reminders::{
    Idle, ListedReminder, PlannedPerson, RemindPlan, ReminderError, ReminderPlan, ReminderResult, RemindersPage,
    Suppressed, Swept, WhichReminders,
};
pub use roster::{
    ColumnFault, Columns, Counts, DayOrder, DaysDiffer, Draft, Field, FieldChange, FileFault, Finished, ImportError,
    Imported, LARGEST_FILE, LastImported, LineFault, LinePlan, Mapping, MeantGroup, NotInFile, Outcome, Plan,
    Recognised, SaidOfFile, Stage, Table, UndoError, Undone, Upload, UploadError, typed_day,
};
pub use signing::{
    AgreementPage, AgreementSummary, Agreements, CameIn, DeclineError, DeclinedBefore, Gate, GateItem, Hold,
    LONGEST_DECLINE_REASON, ListedDecline, Look, LooksPage, MOST_TICKED, Missing, OwnSubmissions, Receipt, ReceiptPass,
    ShownDecline, SignError, SignForm, SignedAgreement, SignedBefore, Signing, Submission, SubmissionState,
    SubmissionsPage, TickError, WhichLooks,
};
pub use standing::{Asked, Cell, Demand, Done, Edition, Missed, Wanted, Why, standing};
pub use store::{Altered, CopyError, How, OpenError, Store, StoreError, Trouble, Unsealed};
pub use workshops::{
    Among, AnswerError, AtWhich, AtWorkshop, CallOffError, ComingWorkshop, ConfirmError, DiscussionsWith, Expected,
    GiveResourceError, HoldError, LedWorkshop, ListedDiscussion, NewDiscussion, NewResource, NewWorkshop, OwnWorkshops,
    PlanError, Resource, ResourceFault, SignInForError, SignedInTo, WhereWrong, Workshop, WorkshopResources,
    WorkshopSignInError,
};
