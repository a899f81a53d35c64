//! Versions: what was published, what changed between two, and what may be published.
//!
//! Invariants: a published version is never changed; its digest is that of the very bytes that are kept.

mod difference;
mod find_published;
mod keep_media;
mod publish;
mod unpublishable;
mod versions;

pub use difference::{Difference, PartChange, PartDifference, Run};
pub(crate) use keep_media::CHUNK;
pub use keep_media::KeepMediaError;
pub use publish::{PublishError, Published};
pub use versions::Version;
