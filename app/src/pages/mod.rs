//! The pages. Each is a function from what the engine said to HTML, and is rendered on the server alone.
//!
//! Each room imports from those before it in this list; those in brackets stand beside one another and import nothing from each other.
//! Rooms: `parts`, `surroundings`, `frame`, (`administration`, `agreement`, `assignments`, `audit`, `matrix`, `module`, `organise`, `people`, `quiz`, `sheets`, `workshops`), `preview`.
//!
//! `parts/` are small things that pages share, `surroundings` what is the same around the pages of many, and `frame` is what stands around a page; all
//! know nobody's page. The pages of
//! an area stand in a room beside each other and know no other area's. What is put around every page from elsewhere, as a
//! preview does, goes into the frame's slots.

mod administration;
mod agreement;
mod assignments;
mod audit;
mod fault;
mod frame;
mod help;
mod jobs;
mod letters;
mod matrix;
mod module;
mod organise;
mod parts;
mod people;
pub mod preview;
mod programme;
mod provider_page;
mod quiz;
mod reminders;
mod sheets;
mod surroundings;
mod verify;
mod versions;
mod workshops;

pub use administration::{SettingsView, administration, contacts_and_cover, settings};
pub use agreement::{
    DeclineForm, ShowAgain, SignFaults, SubmissionsView, Ticked, agreement, agreements, decline, declined_agreement,
    evidence, receipt, submitted,
};
pub use assignments::{
    AssignmentForm, ExcuseForm, Excused, assignment_preview, assignments, end_assignment, excuse, read_to,
};
pub use audit::{
    Acts, Looks, Packing, Register, Unsigned, acts, declined, looks, pack, register, unsigned, verify_file,
};
pub use fault::{Fault, fault};
pub use frame::{Files, Frame, NEUTRAL, Place, Rendered, SignOnOffer, Slot, Slots, Verifier};
pub use help::help;
pub use jobs::jobs;
pub use letters::{LetterDone, LettersView, letters};
pub use matrix::{
    Beside, Chosen, ChosenPeople, MATRIX_ROWS, MatrixView, OverviewPage, Paper, Typed, all_done_together, as_at,
    between, cell_detail, cell_word, changed, changes, done_together, matrix, matrix_on_paper, matrix_rows, month_of,
    overview, person_record, said, selected, turn_word,
};
pub use module::{module, module_page, modules};
pub use organise::{
    DUTY_SINCE, DUTY_UNTIL, EVERYBODY, GroupChange, GroupView, GroupsView, IMPORT_LINES, ImportView, LinesWanted,
    NewPersonForm, PeopleView, PersonChanged, SessionsView, UploadView, WithdrawForm, change_person, group, groups,
    import_file, import_people, new_person, people, sessions, sign_out_everywhere, withdraw_pass,
};
pub use parts::{
    Done, FIRST as FIRST_WORDS, Faults, Sent, attended, group_path, listed, module_mark_svg, not_before, text_words,
    typed_day, worked_through,
};
pub use people::{
    AccountDone, AccountView, AddPasskey, Beginning, CodeFault, CpdView, DataFor, ElsewhereForm, EraseFaults,
    ForOthers, Forgotten, JoinFault, MustSetUp, Others, PasskeyDone, ReflectionForm, SignInFault, StopLetters,
    WasSending, Welcome, account, add_elsewhere, calendar_made, carry_on, change_password, cpd, dropped, end_elsewhere,
    end_only_passkey, erase_person, forgotten, home, how_learned, join, join_code, passkeys, person_data,
    recovery_codes, reflection, second_factor, sign_in, sign_in_code, signed_in_already, signed_out, stop_letters,
    too_many_tries, unlink_account, welcome,
};
pub use programme::{programme, programmes};
pub use provider_page::provider_page;
pub use quiz::{attempt, others_answers, quiz_entry, refresher, refresher_over, result, review, superseded, withdrawn};
pub use reminders::{RemindersView, reminders};
pub use sheets::{card, join_sheet, poster, ways_in};
pub use surroundings::{OwnLook, Surroundings};
pub use verify::{VerifyFault, verified, verify};
pub use versions::{Versioned, difference, old_agreement, old_module, versions};
pub use workshops::{
    DiscussionDone, HoldForm, PlanForm, ResourceDone, ResourceForm, SignInForView, WorkshopDone, WorkshopsView,
    discussion, discussions, discussions_with, plan_workshop, run_sheet, sign_in_for, workshop, workshop_resources,
    workshops,
};
