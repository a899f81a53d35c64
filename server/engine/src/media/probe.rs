//! What can be told from the bytes of a file.

use std::io::{self, Read, Seek, SeekFrom};

use super::{MediaFormat, mp3, mp4, webm};

/// What was found out about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It is what its name says. How long it plays, in milliseconds, if it says so.
    Good(Option<u64>),
    /// It is not, and what it lacks.
    Bad(&'static str),
}

/// Looks whether a file is what its name says. It reads the beginning, and what it must of the rest.
///
/// # Errors
/// Whatever reading it fails with; a file that ends too early is no failure but a bad file.
pub(crate) fn probe(format: MediaFormat, file: &mut (impl Read + Seek), bytes: u64) -> io::Result<Probe> {
    let mut file = Source { file, bytes };
    let found = match format {
        MediaFormat::Mp4 | MediaFormat::M4a => mp4::probe(&mut file),
        MediaFormat::Webm => webm::probe(&mut file),
        MediaFormat::Mp3 => mp3::probe(&mut file),
        MediaFormat::Vtt => Ok(Probe::Good(None)),
    };
    match found {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Probe::Bad("its end is missing")),
        found => found,
    }
}

/// A file to look into.
pub(super) struct Source<'f, F> {
    file: &'f mut F,
    /// How long it is.
    pub(super) bytes: u64,
}

impl<F: Read + Seek> Source<'_, F> {
    /// So many bytes from a place on.
    pub(super) fn at<const N: usize>(&mut self, place: u64) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.seek(SeekFrom::Start(place))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// A number of at most eight bytes, the highest first.
    pub(super) fn number(&mut self, place: u64, bytes: u64) -> io::Result<u64> {
        let mut number = 0;
        for offset in 0..bytes.min(8) {
            let [byte] = self.at(place.saturating_add(offset))?;
            number = number << 8 | u64::from(byte);
        }
        Ok(number)
    }
}
