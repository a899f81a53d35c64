use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use audit::{PinnedKey, Trusted, Verdict, verify};

use super::seal_copy::seal_copy;
use crate::{
    engine::Engine,
    evidence::Parts,
    store::{CopyError, OpenError, Snapshot, Store, StoreError},
};

/// A back-up that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// The name of the signed log.
    pub origin: String,
    /// Its public key.
    pub key: String,
    /// How many entries it has.
    pub size: u64,
    /// Its head, as a note; empty where it has no entries.
    pub head: String,
}

/// Why there is no back-up. Its text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    /// There is a file of that name.
    #[error("{0} is there already: give a file that is not")]
    IsThere(PathBuf),
    /// The log, or the rows that it is evidence of, are not as they should be.
    #[error("the database does not verify, so no back-up was made: {0}; `induct audit verify --db` says all of it")]
    NotValid(String),
    /// It could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<io::Error> for BackUpError {
    fn from(error: io::Error) -> Self {
        Self::Copy(error.into())
    }
}

impl From<OpenError> for BackUpError {
    fn from(error: OpenError) -> Self {
        Self::Copy(error.into())
    }
}

impl Engine {
    /// Copies the whole database at `url`, which is this engine's, into a file that is not there yet, while others write. What is copied is one
    /// moment of it. The head that it then has is kept beside the log's key, so that an older copy is known for what it is.
    ///
    /// # Errors
    /// [`BackUpError`] says what to do; nothing is left behind.
    pub async fn back_up(&self, url: &str, file: &Path) -> Result<BackedUp, BackUpError> {
        if file.exists() {
            return Err(BackUpError::IsThere(file.to_owned()));
        }
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let copied = self.copy_and_check(url, &part).await;
        let done = match copied {
            // What it is called says that it is whole.
            Ok(done) => fs::rename(&part, file).map(|()| done).map_err(BackUpError::from),
            Err(error) => Err(error),
        };
        // What another is writing is not this one's to remove.
        if done.as_ref().is_err_and(|error| !matches!(error, BackUpError::IsThere(_))) {
            drop(fs::remove_file(&part));
        }
        let done = done?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        if !done.head.is_empty() {
            self.log.keep_state(&done.head).await;
        }
        Ok(done)
    }

    async fn copy_and_check(&self, url: &str, part: &Path) -> Result<BackedUp, BackUpError> {
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part);
        let file = opened.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackUpError::IsThere(part.to_owned()),
            _ => error.into(),
        })?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        if self.store.is_sqlite() {
            self.store.copy_to_file(part).await?;
            file.sync_all()?;
            let copy = Store::open_copy(part).await?;
            let checked = self.on_another(copy).check_whole().await?;
            seal_copy(part)?;
            return Ok(checked);
        }
        let snapshot = Snapshot::take(url).await?;
        let seen = Store::open_snapshot(url, &snapshot.id).await?;
        let checked = self.on_another(seen).check_whole().await?;
        snapshot.write_to(file).await?;
        Ok(checked)
    }

    /// The same by the same clock, on another database.
    fn on_another(&self, store: Store) -> Self {
        Self::new(store, Arc::clone(&self.clock), Arc::clone(&self.chance))
    }

    /// Checks the log of this database and the rows that it is evidence of, and lets go of it.
    pub(super) async fn check_whole(&self) -> Result<BackedUp, BackUpError> {
        let checked = self.check().await;
        self.store.close().await;
        checked
    }

    async fn check(&self) -> Result<BackedUp, BackUpError> {
        let bundle = self.export_log(Parts::All).await?;
        let not_valid = |why: String| Err(BackUpError::NotValid(why));
        let Ok(key) = PinnedKey::parse(&bundle.manifest.key) else { return not_valid("its key is none".to_owned()) };
        let size = bundle.manifest.size;
        if size > 0 {
            let report = verify(&bundle, &Trusted { key: Some(key), ..Trusted::default() });
            if report.verdict > Verdict::NotUnderstood {
                let first = report.faults.iter().next().map(ToString::to_string);
                return not_valid(first.unwrap_or_else(|| "it diverged".to_owned()));
            }
        }
        if let Some(differs) = self.compare_rows().await?.first() {
            return not_valid(differs.to_string());
        }
        let head = bundle.checkpoints.get(&size).cloned().unwrap_or_default();
        Ok(BackedUp { origin: bundle.manifest.origin, key: bundle.manifest.key, size, head })
    }
}
