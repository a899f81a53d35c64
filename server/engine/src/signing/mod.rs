//! The gate, agreements, signatures, receipts, and what came in for the role to which an agreement is submitted.
//!
//! Invariants: nothing writes a signature but [`Engine::sign_agreement`](crate::Engine::sign_agreement), which decides the gate inside
//! the transaction that writes, and refuses whoever has not shown for too long who they are.

mod agreement_page;
mod decline_agreement;
mod export_submissions;
mod form_key;
pub(crate) mod gate;
mod hold;
mod list_submissions;
mod note_export;
mod note_look;
mod receipt;
mod show_decline;
mod sign_agreement;
mod submit_agreement;
mod tick_off;

pub use agreement_page::{
    AgreementPage, AgreementSummary, Agreements, DeclinedBefore, SignedAgreement, SignedBefore, Signing,
};
pub use decline_agreement::{DeclineError, LONGEST_DECLINE_REASON};
pub(crate) use form_key::drawn_at;
pub use gate::{Gate, GateItem, Missing};
pub use hold::Hold;
pub(crate) use hold::{agreement_gate, module_gate, module_hold};
pub use list_submissions::{CameIn, OwnSubmissions, Submission, SubmissionState, SubmissionsPage};
pub(crate) use list_submissions::{may_be_told, submitted_to};
pub(crate) use note_look::INSERT_LOOK_AT_PACK;
pub use note_look::{Look, LooksPage, WhichLooks};
pub(crate) use receipt::find_evident;
pub use receipt::{Receipt, ReceiptPass};
pub use show_decline::{ListedDecline, ShownDecline};
pub(crate) use sign_agreement::HowSigned;
pub use sign_agreement::{SignError, SignForm};
pub use tick_off::{MOST_TICKED, TickError};
