use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::back_up::{BackUpError, BackedUp};
use crate::{
    engine::Engine,
    ground::{Chance, Clock},
    log::{Log, NotExact},
    store::{CopyError, OpenError, Store, StoreError, fill_postgres, make_private, path_of_sqlite},
};

/// A database that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in the back-up.
    pub copy: BackedUp,
}

/// Why nothing was restored. Its text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is a database.
    #[error(
        "there is a database already, or a file of one that ends in -wal, -shm or -journal, and nothing is put in its place: give the address of one that is not there, or has no tables"
    )]
    NotEmpty,
    /// The file is a back-up of the other kind of database.
    #[error("it is a back-up of {0}: give the address of such a database")]
    OtherKind(&'static str),
    /// What was copied is not as it should be.
    #[error("the back-up does not verify, so it was not restored: {0}")]
    NotValid(String),
    /// What was copied is not as it should be, and the database has it already.
    #[error("what was restored does not verify: {0}; do not use this database, and remove it")]
    RestoredNotValid(String),
    /// The key of its log is not here.
    #[error(
        "the key of the signed log {origin} is not in {folder}: put the files log-….key and log-….head there that were kept apart from the back-up"
    )]
    NoKey {
        /// The name of the log.
        origin: String,
        /// Where keys are kept.
        folder: PathBuf,
    },
    /// The log went on after the back-up.
    #[error(
        "the log had {known} entries, and the back-up has {size} of them: what came after it would be lost, so this is no exact move; restore a newer back-up"
    )]
    Older {
        /// How many entries are known to have been signed.
        known: u64,
        /// How many the back-up has.
        size: u64,
    },
    /// The log that is known had other entries.
    #[error("the back-up is of another log than the one whose head is kept beside the key")]
    Other,
    /// It could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<io::Error> for RestoreError {
    fn from(error: io::Error) -> Self {
        Self::Copy(error.into())
    }
}

impl From<OpenError> for RestoreError {
    fn from(error: OpenError) -> Self {
        Self::Copy(error.into())
    }
}

impl From<BackUpError> for RestoreError {
    fn from(error: BackUpError) -> Self {
        match error {
            BackUpError::NotValid(why) => Self::NotValid(why),
            BackUpError::IsThere(path) => Self::Copy(io::Error::other(path.display().to_string()).into()),
            BackUpError::Copy(error) => Self::Copy(error),
            BackUpError::Internal(error) => Self::Internal(error),
        }
    }
}

/// What a database of SQLite begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What an archive begins with.
const ARCHIVE: &[u8] = b"PK";

impl Engine {
    /// Fills the empty database at `url` from a back-up, and looks whether it is an exact move: the key of its log is in `folder`, and the head that
    /// is kept beside it is one that the back-up has.
    ///
    /// # Errors
    /// [`RestoreError`] says what to do. In SQLite nothing is there then, or, where its tables and triggers are not those of Induct, a file that must
    /// not be used. In PostgreSQL tables may be, empty ones or, where it is
    /// [`RestoreError::RestoredNotValid`], [`RestoreError::NoKey`], [`RestoreError::Older`] or [`RestoreError::Other`], full ones that must not be used.
    pub async fn restore(
        url: &str,
        file: &Path,
        folder: &Path,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Restored, RestoreError> {
        let begins = beginning_of(file)?;
        let into = path_of_sqlite(url)?;
        let engine = |store| Self::new(store, Arc::clone(&clock), Arc::clone(&chance));
        let log = Log::new(Arc::clone(&clock), Arc::clone(&chance)).kept_in(folder.to_owned(), "");
        let copy = match into {
            Some(path) if begins.starts_with(SQLITE) => {
                // SQLite would play what is left of a former database's log into this one.
                let beside = ["", "-wal", "-shm", "-journal"].map(|ending| {
                    let mut name = path.as_os_str().to_owned();
                    name.push(ending);
                    PathBuf::from(name)
                });
                if beside.iter().any(|path| path.exists()) {
                    return Err(RestoreError::NotEmpty);
                }
                let copy = engine(Store::open_copy(file).await?).check_whole().await?;
                is_exact(&log, &engine(Store::open_copy(file).await?), &copy, folder).await?;
                let mut part = path.as_os_str().to_owned();
                part.push(".part");
                let part = PathBuf::from(part);
                make_private(&part)?;
                fs::copy(file, &part)?;
                File::open(&part)?.sync_all()?;
                fs::rename(&part, &path)?;
                let store = Store::open(url).await?;
                store.compare_schema().await?;
                store.close().await;
                copy
            }
            None if begins.starts_with(ARCHIVE) => {
                if !Store::has_no_tables(url).await? {
                    return Err(RestoreError::NotEmpty);
                }
                fill_postgres(url, File::open(file)?).await?;
                let store = Store::open(url).await?;
                store.compare_schema().await?;
                let copy = engine(store).check_whole().await.map_err(|error| match error {
                    BackUpError::NotValid(why) => RestoreError::RestoredNotValid(why),
                    error => error.into(),
                })?;
                is_exact(&log, &engine(Store::open(url).await?), &copy, folder).await?;
                copy
            }
            Some(_) if begins.starts_with(ARCHIVE) => return Err(RestoreError::OtherKind("PostgreSQL")),
            None if begins.starts_with(SQLITE) => return Err(RestoreError::OtherKind("SQLite")),
            _ => return Err(CopyError::Broken("it begins otherwise".to_owned()).into()),
        };
        if !copy.head.is_empty() {
            log.keep_state(&copy.head).await;
        }
        Ok(Restored { copy })
    }
}

fn beginning_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut begins = Vec::new();
    File::open(file)?.take(16).read_to_end(&mut begins)?;
    Ok(begins)
}

/// Whether the log can go on with what was restored.
async fn is_exact(log: &Log, restored: &Engine, copy: &BackedUp, folder: &Path) -> Result<(), RestoreError> {
    let found = log.goes_on_with(&restored.store).await;
    restored.store.close().await;
    match found? {
        None => Ok(()),
        Some(NotExact::NoKey) => Err(RestoreError::NoKey { origin: copy.origin.clone(), folder: folder.to_owned() }),
        Some(NotExact::Older { known }) => Err(RestoreError::Older { known, size: copy.size }),
        Some(NotExact::Other) => Err(RestoreError::Other),
    }
}
