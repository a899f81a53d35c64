//! The gate, agreements, signatures and receipts.
//!
//! Invariants: nothing writes a signature but [`Engine::sign_agreement`](crate::Engine::sign_agreement), which decides the gate inside
//! the transaction that writes, and refuses whoever has not shown for too long who they are.

mod agreement_page;
mod decline_agreement;
mod form_key;
pub(crate) mod gate;
mod hold;
mod note_look;
mod receipt;
mod show_decline;
mod sign_agreement;

pub use agreement_page::{
    AgreementPage, AgreementSummary, Agreements, DeclinedBefore, SignedAgreement, SignedBefore, Signing,
};
pub use decline_agreement::{DeclineError, LONGEST_DECLINE_REASON};
pub(crate) use form_key::drawn_at;
pub use gate::{Gate, GateItem, Missing};
pub use hold::Hold;
pub(crate) use hold::module_hold;
pub(crate) use note_look::INSERT_LOOK_AT_PACK;
pub use note_look::Look;
pub(crate) use receipt::find_evident;
pub use receipt::{Receipt, ReceiptPass};
pub use show_decline::{ListedDecline, ShownDecline};
pub(crate) use sign_agreement::HowSigned;
pub use sign_agreement::{SignError, SignForm};
