//! A video or a sound with what is read along with it.

use std::collections::BTreeMap;

use super::media_file::Found;
use crate::content::problems::Problem;
use crate::{catalogue::Media, media::MediaFormat};

/// The files of a module that can be played, by their names within its folder.
pub(crate) type MediaFiles<'f> = BTreeMap<&'f str, Found>;

/// The clips of a module or a twin by the names of what is played.
pub(crate) type Clips<'f> = BTreeMap<&'f str, Clip<'f>>;

/// A video or a sound with what is read along with it, as far as it is there and has no error.
#[derive(Debug)]
pub(crate) struct Clip<'f> {
    pub(crate) format: MediaFormat,
    pub(crate) played: Option<Media>,
    pub(crate) captions: Option<Media>,
    /// The path of its file and the text.
    pub(crate) transcript: Option<(String, &'f str)>,
    /// What is wrong with its captions and its transcript.
    pub(crate) problems: Vec<Problem>,
}

/// How much there is to load, rounded up: "3.4 MB".
pub(crate) fn size(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    if tenths < 2 { format!("{} KB", bytes.div_ceil(1000)) } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
}
