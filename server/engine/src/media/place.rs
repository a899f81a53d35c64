use std::{fmt, path::PathBuf, sync::Arc};

/// Where the bytes of a file are before they are published.
#[derive(Clone, PartialEq, Eq)]
pub enum MediaPlace {
    /// In a file, which is read when it is needed.
    File(PathBuf),
    /// Here: captions, which are small.
    Bytes(Arc<[u8]>),
}

impl fmt::Debug for MediaPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}
