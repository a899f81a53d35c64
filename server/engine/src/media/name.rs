use std::fmt;

use super::MediaFormat;
use crate::ground::Sha256Digest;

/// What a file is known by, for ever: the digest of its bytes and its format. It is written `SHA256.mp4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaName {
    /// The digest of its bytes.
    pub sha256: Sha256Digest,
    /// What it is played as.
    pub format: MediaFormat,
}

impl MediaName {
    /// Reads a name as addresses write it; there is one way to write each.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (digest, _) = text.split_once('.')?;
        let name = Self { sha256: Sha256Digest::parse(digest)?, format: MediaFormat::of_file(text)? };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sha256, self.format.ending())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_one_way() {
        let name = MediaName { sha256: Sha256Digest::of(b""), format: MediaFormat::Mp4 };
        let text = name.to_string();
        assert_eq!(MediaName::parse(&text), Some(name));
        let digest = name.sha256.to_string();
        for other in [text.to_uppercase(), format!("{digest}.exe"), format!("{digest}.x.mp4"), digest, String::new()] {
            assert_eq!(MediaName::parse(&other), None, "{other}");
        }
    }
}
