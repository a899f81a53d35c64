use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use audit::Fact;

use super::{
    back_up::{BackUpError, BackedUp},
    seal_copy::{CopySeal, seal_of},
};
use crate::{
    engine::Engine,
    ground::{Chance, Clock, PersonId, local_date},
    letting::EraseError,
    log::{Log, NotExact, Row, Said},
    people::StayError,
    record::Actor,
    store::{CopyError, OpenError, Store, StoreError, fill_postgres, make_private, mark_restoring, path_of_sqlite},
};

/// A database that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in the back-up.
    pub copy: BackedUp,
    /// Whether the back-up has a digest of itself, which fits. Without one, of what the signed log does not speak of nothing shows whether it is
    /// what was copied.
    pub has_digest: bool,
    /// What it goes on as, where it goes on under another name. `None`: it is an exact move.
    pub anew: Option<GoneOn>,
}

/// A log that goes on from a copy under another name and another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoneOn {
    /// Its name, its key and its head now.
    pub log: BackedUp,
    /// How many people of the copy have been erased again, because everything about them had been erased since.
    pub erased: usize,
    /// How many should have been and could not be.
    pub not_erased: usize,
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
        "the log had {known} entries, and the back-up has {size} of them: what came after it would be lost, so this is no exact move; restore a newer back-up, or go on under another name, which the log then says: --new-origin HOST"
    )]
    Older {
        /// How many entries are known to have been signed.
        known: u64,
        /// How many the back-up has.
        size: u64,
    },
    /// Everything about somebody was erased after the back-up, which would bring it back.
    #[error(
        "since this back-up everything about {people} of its people was erased, and an exact move would bring it back: restore a newer back-up, or go on under another \
         name, which erases it again: --new-origin HOST"
    )]
    Erased {
        /// How many they are.
        people: usize,
    },
    /// The log that is known had other entries.
    #[error("the back-up is of another log than the one whose head is kept beside the key")]
    Other,
    /// It cannot be gone on with under another name.
    #[error(
        "the back-up was put in its place, and nobody can go on with it: {0}; do not use this database, and remove it"
    )]
    NotAnew(String),
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
        let (copy, has_digest) = Self::fill_from(url, file, folder, (&clock, &chance), true).await?;
        end_restoring(url).await?;
        Ok(Restored { copy, has_digest, anew: None })
    }

    /// The same, and goes on with the log under another name, after a host, and another key: for a back-up that is older than its log, or whose key is lost. The
    /// first entry says so, with the head of the copy. Of whom everything was erased since, by what is noted beside the keys in `folder`, everything is
    /// erased again; who was still here then leaves today. Whoever is stopped before all of that was done leaves a database that no server goes on with.
    ///
    /// # Errors
    /// As [`Engine::restore`], but that neither key nor head of the former log are asked for; and [`RestoreError::NotAnew`].
    pub async fn restore_anew(
        url: &str,
        file: &Path,
        folder: &Path,
        host: &str,
        (clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>),
    ) -> Result<Restored, RestoreError> {
        let (copy, has_digest) = Self::fill_from(url, file, folder, (&clock, &chance), false).await?;
        let not_anew = |error: &dyn std::fmt::Display| RestoreError::NotAnew(error.to_string());
        let engine = Self::new(Store::open(url).await?, clock, chance).with_log_in(folder.to_owned(), host);
        let now = engine.clock.now();
        let act = |head: String| {
            let fact = Fact::Restored { head };
            engine
                .act_of_all(now, Actor::CommandLine)
                .saying(Said::Plain(fact), Row::of("restored", engine.new_id(now)))
        };
        engine.log.begin_anew(&engine.store, act).await.map_err(|error| not_anew(&error))?;
        let gone = engine.log.find_erased().map_err(|error| not_anew(&error))?;
        let (mut erased, mut not_erased) = (0, 0);
        for person in engine.people_of(&gone).await? {
            match engine.erase_again(person).await {
                Ok(()) => erased += 1,
                Err(error) => {
                    not_erased += 1;
                    tracing::error!(%person, %error, "everything about somebody was erased since the back-up, and could not be erased again");
                }
            }
        }
        let log = engine.check_whole().await.map_err(|error| not_anew(&error))?;
        end_restoring(url).await?;
        Ok(Restored { copy, has_digest, anew: Some(GoneOn { log, erased, not_erased }) })
    }

    async fn erase_again(&self, person: PersonId) -> Result<(), EraseError> {
        let today = local_date(self.clock.now());
        match self.leave(person, today, Actor::CommandLine).await {
            // They had left.
            Ok(()) | Err(StayError::NotHere) => {}
            Err(error) => tracing::warn!(%person, %error, "that somebody left could not be recorded"),
        }
        self.erase_person(person, Actor::CommandLine).await.map(drop)
    }

    /// Fills the empty database from a back-up, and marks it as one with which nobody goes on: [`Engine::begin_log`] refuses it until
    /// [`end_restoring`]. `exact`: its log must be able to go on as it is. Says also whether the back-up has a digest of itself.
    async fn fill_from(
        url: &str,
        file: &Path,
        folder: &Path,
        (clock, chance): (&Arc<dyn Clock>, &Arc<dyn Chance>),
        exact: bool,
    ) -> Result<(BackedUp, bool), RestoreError> {
        let begins = beginning_of(file)?;
        let into = path_of_sqlite(url)?;
        let engine = |store| Self::new(store, Arc::clone(clock), Arc::clone(chance));
        let log = Log::new(Arc::clone(clock), Arc::clone(chance)).kept_in(folder.to_owned(), "");
        let (copy, has_digest) = match into {
            Some(path) if begins.starts_with(SQLITE) => {
                // SQLite would play what is left of a former database's log into this one.
                let files = ["", "-wal", "-shm", "-journal"].map(|ending| beside(&path, ending));
                if files.iter().any(|path| path.exists()) {
                    return Err(RestoreError::NotEmpty);
                }
                let seal = seal_of(file)?;
                if seal == CopySeal::Broken {
                    return Err(RestoreError::NotValid(CopyError::Altered.to_string()));
                }
                let copy = engine(Store::open_copy(file).await?).check_whole().await?;
                if exact {
                    is_exact(&log, &engine(Store::open_copy(file).await?), &copy, folder).await?;
                }
                let part = beside(&path, ".part");
                // SQLite would play into it what is left of one that was stopped.
                for left in ["", "-wal", "-shm", "-journal"].map(|ending| beside(&part, ending)) {
                    if left.exists() {
                        fs::remove_file(left)?;
                    }
                }
                make_private(&part)?;
                fs::copy(file, &part)?;
                if let CopySeal::Fits { database } = seal {
                    OpenOptions::new().write(true).open(&part)?.set_len(database)?;
                }
                mark_restoring(&part).await?;
                File::open(&part)?.sync_all()?;
                fs::rename(&part, &path)?;
                let store = Store::open(url).await?;
                store.compare_schema().await?;
                store.close().await;
                (copy, seal != CopySeal::Missing)
            }
            None if begins.starts_with(ARCHIVE) => {
                if !Store::has_no_tables(url).await? {
                    return Err(RestoreError::NotEmpty);
                }
                fill_postgres(url, File::open(file)?).await.map_err(|error| match error {
                    CopyError::Altered => RestoreError::NotValid(error.to_string()),
                    error => error.into(),
                })?;
                let store = Store::open(url).await?;
                store.compare_schema().await?;
                let copy = engine(store).check_whole().await.map_err(|error| match error {
                    BackUpError::NotValid(why) => RestoreError::RestoredNotValid(why),
                    error => error.into(),
                })?;
                if exact {
                    is_exact(&log, &engine(Store::open(url).await?), &copy, folder).await?;
                }
                // Each table in an archive has its own.
                (copy, true)
            }
            Some(_) if begins.starts_with(ARCHIVE) => return Err(RestoreError::OtherKind("PostgreSQL")),
            None if begins.starts_with(SQLITE) => return Err(RestoreError::OtherKind("SQLite")),
            _ => return Err(CopyError::Broken("it begins otherwise".to_owned()).into()),
        };
        if exact && !copy.head.is_empty() {
            log.keep_state(&copy.head).await;
        }
        Ok((copy, has_digest))
    }
}

/// A database that was restored can be gone on with.
async fn end_restoring(url: &str) -> Result<(), RestoreError> {
    let store = Store::open(url).await?;
    store.end_restoring().await?;
    store.close().await;
    Ok(())
}

/// What is called like a file, with more at its end.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn beginning_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut begins = Vec::new();
    File::open(file)?.take(16).read_to_end(&mut begins)?;
    Ok(begins)
}

/// Whether the log can go on with what was restored.
async fn is_exact(log: &Log, restored: &Engine, copy: &BackedUp, folder: &Path) -> Result<(), RestoreError> {
    let found = log.goes_on_with(&restored.store).await;
    let gone = match log.find_erased() {
        Ok(gone) => restored.people_of(&gone).await.map_err(RestoreError::from),
        Err(error) => Err(io::Error::other(error.to_string()).into()),
    };
    restored.store.close().await;
    match found? {
        None => match gone?.len() {
            0 => Ok(()),
            people => Err(RestoreError::Erased { people }),
        },
        Some(NotExact::NoKey) => Err(RestoreError::NoKey { origin: copy.origin.clone(), folder: folder.to_owned() }),
        Some(NotExact::Older { known }) => Err(RestoreError::Older { known, size: copy.size }),
        Some(NotExact::Other) => Err(RestoreError::Other),
    }
}
