//! Drawings, video and sound, and captions: what their files hold, whoever shows them.
//!
//! Invariants: of a drawing nothing gets through that is not on a list; video and sound are known by their digests and never
//! held in memory.

mod captions;
mod clip;
mod drawing;
mod media_file;

pub(super) use captions::check_captions;
pub(super) use clip::{Clip, Clips, MediaFiles, size};
pub(super) use drawing::{Drawings, is_drawing, read_drawing};
pub(super) use media_file::{CanonicalMedia, Found, MOST_BYTES, MediaFile, Played};
