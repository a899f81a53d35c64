//! Video and sound: which files are played, how one is named for ever, and what can be told from the bytes of one.

mod format;
mod mp3;
mod mp4;
mod name;
mod place;
mod probe;
mod webm;

pub use format::MediaFormat;
pub use name::MediaName;
pub use place::MediaPlace;
pub(crate) use probe::{Probe, probe};
