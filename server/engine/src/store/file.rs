use std::{
    fs::{DirBuilder, OpenOptions, Permissions, metadata, set_permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// The file of a SQLite database, as it was when it was opened.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    /// Device and number, which another file at the same path does not have.
    identity: (u64, u64),
}

impl DatabaseFile {
    /// The file that stands there now.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let found = metadata(path)?;
        Ok(Self { path: path.to_owned(), identity: (found.dev(), found.ino()) })
    }

    /// Whether it still stands where it was opened. SQLite goes on writing to a file that was deleted or replaced, and all of it would be
    /// lost when the server ends. Looking takes a microsecond, so that each write can.
    pub(super) fn is_there(&self) -> bool {
        metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.identity)
    }
}

/// Makes the file of a database and its folder when they are missing, and lets nobody else read what is there, whatever the umask: only
/// the one who runs Induct has any business in it. SQLite gives the files that it puts beside it the same permissions.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(made) => made.set_permissions(Permissions::from_mode(0o600))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    for ending in ["", "-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        close_to_others(Path::new(&beside));
    }
    Ok(())
}

fn close_to_others(path: &Path) {
    let Ok(found) = metadata(path) else { return };
    let mode = found.permissions().mode();
    if mode & 0o077 == 0 {
        return;
    }
    if let Err(error) = set_permissions(path, Permissions::from_mode(mode & 0o700)) {
        tracing::warn!(%error, path = %path.display(), "others on this machine can read the database");
    }
}
