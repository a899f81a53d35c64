//! What is handed out of the signed log, and what it is held against: bundles, receipts, inspection packs, the rows of the
//! record.
//!
//! Invariants: nobody gets a module's answers who is not to run this installation, so a receipt holds no text of a module; nothing here
//! decides what a log proves, which is said by the crate `audit`.

mod accept_clock;
mod compare_rows;
mod cosign_head;
mod expected_rows;
mod export_log;
mod export_register;
mod key_chain;
mod list_signatures;
mod list_unsigned;
mod make_pack;
mod publish_head;
mod read_head;
mod receipt_file;
mod rotate_key;
mod sign_badge;
mod signature_evidence;
mod time_stamp;

pub use compare_rows::Mismatch;
pub use cosign_head::{CosignError, WantedCosignature};
pub use export_log::Parts;
pub(crate) use export_log::find_checkpoint;
pub(crate) use key_chain::handover_entries;
pub use list_signatures::{RegisteredSignature, SignaturesPage, WhichSignatures};
pub use list_unsigned::{PersonStands, StandsPage, WhoStands};
pub use make_pack::{MadePack, NewPack, PackError};
pub(crate) use publish_head::leaves_before;
pub use publish_head::{PublishedStands, TilePlace};
pub use read_head::LogHead;
pub(crate) use receipt_file::find_leaf;
pub use rotate_key::KeyRotated;
pub use sign_badge::BadgeKey;
pub use signature_evidence::{Evidence, Proved, StillCounts};
pub use time_stamp::{StampError, TimeStamp, WantedStamp};
