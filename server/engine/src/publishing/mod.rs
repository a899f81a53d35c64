//! Versions: what was published, what changed between two, and what may be published.
//!
//! Invariants: a published version is never changed; its digest is that of the very bytes that are kept.

mod canonical_forms;
mod difference;
mod differs;
mod find_published;
mod in_words;
mod keep_media;
mod lost_audiences;
mod provider_versions;
mod publish;
mod read_shelf;
mod unpublishable;
mod versions;
mod withdraw;

pub use difference::{DiffRun, Difference, PartChange, PartDifference, Passage};
pub(crate) use difference::{agreements_differ, changed_pages, changed_questions, modules_differ};
pub(crate) use find_published::rebuilt_agreement;
pub use in_words::Words;
pub(crate) use keep_media::CHUNK;
pub use keep_media::KeepMediaError;
pub use lost_audiences::LostAudience;
pub(crate) use provider_versions::{ProviderVersion, find_provider_versions};
pub use publish::{Absent, Older, Publication, PublishError, Published, Republish};
pub(crate) use read_shelf::is_demonstration;
pub use versions::Version;
pub(crate) use versions::{FIND_AGREEMENT_VERSIONS, FIND_MODULE_VERSIONS, find_versions};
pub use withdraw::WithdrawError;
