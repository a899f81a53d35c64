/// What kind of file is played, or read along with what is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaFormat {
    /// Video, `.mp4`.
    Mp4,
    /// Video, `.webm`.
    Webm,
    /// Sound, `.m4a`.
    M4a,
    /// Sound, `.mp3`.
    Mp3,
    /// Captions, `.vtt`.
    Vtt,
}

impl MediaFormat {
    /// Those that are played.
    pub const PLAYED: [Self; 4] = [Self::Mp4, Self::Webm, Self::M4a, Self::Mp3];

    /// The format that the ending of a file's name stands for.
    #[must_use]
    pub fn of_file(file: &str) -> Option<Self> {
        let (_, ending) = file.rsplit_once('.')?;
        Self::PLAYED.into_iter().chain([Self::Vtt]).find(|format| format.ending() == ending)
    }

    /// The format of a file that is played.
    #[must_use]
    pub fn of_played(file: &str) -> Option<Self> {
        Self::of_file(file).filter(|format| *format != Self::Vtt)
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
            Self::Vtt => "vtt",
        }
    }

    /// What a browser is told that it is.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::M4a => "audio/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Vtt => "text/vtt",
        }
    }

    /// Whether there is something to see, so that it needs captions.
    #[must_use]
    pub const fn is_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::Webm)
    }
}
