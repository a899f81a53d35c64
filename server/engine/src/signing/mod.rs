//! The gate, agreements, signatures and receipts.
//!
//! Invariants: nothing writes a signature but [`Engine::sign_agreement`](crate::Engine::sign_agreement), which decides the gate inside
//! the transaction that writes, and refuses whoever has not shown for too long who they are.

mod agreement_page;
mod form_key;
mod gate;
mod note_look;
mod receipt;
mod sign_agreement;

pub use agreement_page::{AgreementPage, AgreementSummary, Agreements, SignedAgreement, SignedBefore, Signing};
pub(crate) use form_key::drawn_at;
pub use gate::{Gate, GateItem, Missing};
pub(crate) use note_look::INSERT_LOOK_AT_PACK;
pub use note_look::Look;
pub(crate) use receipt::find_evident;
pub use receipt::{Receipt, ReceiptPass};
pub(crate) use sign_agreement::HowSigned;
pub use sign_agreement::{SignError, SignForm};
