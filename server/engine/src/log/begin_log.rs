use std::{
    collections::BTreeSet,
    fmt, io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use audit::{Checkpoint, LogKey, Origin, PinnedKey, Pseudonym};
use chrono::TimeDelta;

use super::{
    act::Act,
    clock::{MOST_AHEAD, Watch},
    head::{Head, find_head, find_note, signed},
    key_file::KeyFolder,
};
use crate::{
    ground::{Chance, Clock},
    store::{Linked as _, Store, StoreError, Tx, Unsealed, change_one},
};

/// The signed log as this process has it: its key, what it has seen of it, and the clock that it goes by.
#[derive(Clone)]
pub(crate) struct Log(Arc<Kept>);

struct Kept {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    /// Where keys are kept, and the host after which a new log is called. `None`: this process appends nothing.
    place: Option<(KeyFolder, String)>,
    key: RwLock<Option<Arc<LogKey>>>,
    seen: Mutex<Option<Seen>>,
    watch: Watch,
    /// By even time, when the state file was last written.
    state_kept_at: Mutex<TimeDelta>,
}

/// A head that was signed and committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub size: u64,
    /// In hexadecimal digits.
    pub root: String,
}

/// Why a log cannot simply go on with what was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotExact {
    /// Its key is not here.
    NoKey,
    /// It is known to have had more entries.
    Older { known: u64 },
    /// It is known to have had other entries.
    Other,
}

/// Why the log could not be begun. Its text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The key of a new log could not be kept.
    #[error(
        "the key of the signed log could not be kept in {folder}: {reason}; give a folder that can be written to with INDUCT_DATA_DIR"
    )]
    Key {
        /// Where it was to be kept.
        folder: String,
        /// Why not.
        reason: io::Error,
    },
    /// That somebody is erased could not be noted.
    #[error(
        "it could not be noted in {folder} that somebody is erased: {reason}; a back-up from before would bring them back"
    )]
    Note {
        /// Where it was to be noted.
        folder: String,
        /// Why not.
        reason: io::Error,
    },
    /// The database was being filled from a back-up, and whoever did it was stopped.
    #[error(
        "this database was being restored from a back-up, and that was not finished: do not use it; remove it, or its tables, and restore it again"
    )]
    Restoring,
    /// The database is being filled with demonstration people, or whoever did it was stopped. It had nobody in it before.
    #[error(
        "this database is being filled with demonstration people, or was when that was stopped, and nobody else is in it: wait until it is done, or, if nothing fills it any more, remove it (its file, with those beside it that end in -wal and -shm, or its tables) and fill it again"
    )]
    HalfFilled,
    /// The host cannot be a part of a log's name.
    #[error("a log cannot be named after {0:?}")]
    Host(String),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// How often the state file is written, at most.
const KEEP_STATE_EVERY: TimeDelta = TimeDelta::hours(1);

/// What the random end of an origin is drawn from.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

const INSERT_HEAD: &str = "INSERT INTO log_head (id, origin, public_key, size, frontier, appended_at, clock_at) \
     VALUES (1, $1, $2, 0, '', $3, $3)";

const INSERT_FORMER: &str = "INSERT INTO log_former (ends, origin) VALUES ($1, $2)";

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log(…)")
    }
}

impl Log {
    /// A log without a key, to which nothing can be appended.
    pub(crate) fn new(clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self::with(clock, chance, None, MOST_AHEAD)
    }

    /// The same log, with its key and state in a folder. If it has to be begun it is called after a host.
    pub(crate) fn kept_in(&self, folder: PathBuf, host: &str) -> Self {
        let Kept { clock, chance, .. } = &*self.0;
        Self::with(Arc::clone(clock), Arc::clone(chance), Some((KeyFolder::new(folder), host.to_owned())), MOST_AHEAD)
    }

    /// The same log, which believes a clock that is ahead of its last leaf by no more than that.
    pub(crate) fn bearing(&self, most_ahead: TimeDelta) -> Self {
        let Kept { clock, chance, place, .. } = &*self.0;
        Self::with(Arc::clone(clock), Arc::clone(chance), place.clone(), most_ahead)
    }

    fn with(
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        place: Option<(KeyFolder, String)>,
        most_ahead: TimeDelta,
    ) -> Self {
        Self(Arc::new(Kept {
            key: RwLock::default(),
            seen: Mutex::default(),
            watch: Watch::begin(&*clock, most_ahead),
            state_kept_at: Mutex::new(clock.steady()),
            place,
            clock,
            chance,
        }))
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(super) fn chance(&self) -> &dyn Chance {
        &*self.0.chance
    }

    pub(super) fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// Finds the log of a database, or begins it where there is none yet, and takes its key, if it is here.
    ///
    /// # Errors
    /// [`LogError`] when a new key cannot be kept, the database was being restored, or fails.
    pub(crate) async fn begin(&self, store: &Store) -> Result<(), LogError> {
        if store.is_being_restored().await? {
            return Err(LogError::Restoring);
        }
        if store.is_being_filled().await? {
            return Err(LogError::HalfFilled);
        }
        let head = find_head(&mut store.read().await?, 0).await?;
        let head = match head {
            Some(head) => head,
            None => match self.make(store).await? {
                Some(head) => head,
                None => return Ok(()),
            },
        };
        if self.take_key(&head).is_none() {
            tracing::error!(origin = head.origin, "nothing can be saved: {}", self.lacks(&head));
        }
        Ok(())
    }

    /// Makes a log and its key. `None`: this process keeps no keys.
    async fn make(&self, store: &Store) -> Result<Option<Head>, LogError> {
        let Some((folder, host)) = &self.0.place else { return Ok(None) };
        let mut tx = store.write().await?;
        tx.lock_log().await?;
        // Another process may have been quicker.
        if let Some(head) = find_head(&mut tx, 0).await? {
            return Ok(Some(head));
        }
        let key = self.draw_key(host)?;
        // First the key: without it a log could never be added to.
        folder.keep_key(&key).map_err(|reason| LogError::Key { folder: folder.shown(), reason })?;
        let now = self.0.clock.now().timestamp();
        change_one!(tx, sqlx::query(INSERT_HEAD).bind(key.origin().as_str()).bind(key.public().to_string()).bind(now))?;
        let head = find_head(&mut tx, 0).await?;
        tx.commit().await?;
        tracing::info!(target: "security", key = %key.public(), "the signed log was begun");
        Ok(head)
    }

    /// The key of this log, if it is here. One that was put here while the process runs is found.
    pub(super) fn take_key(&self, head: &Head) -> Option<Arc<LogKey>> {
        let is_its = |key: &LogKey| key.public().to_string() == head.public_key;
        let kept = self.0.key.read().unwrap_or_else(PoisonError::into_inner).clone();
        if kept.as_deref().is_some_and(is_its) {
            return kept;
        }
        let (folder, _) = self.0.place.as_ref()?;
        let origin = Origin::new(head.origin.clone()).ok()?;
        let key = Arc::new(folder.find_key(&origin, &head.public_key)?);
        *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&key));
        // It guards against accidents, and another key may have signed it.
        let state = folder.find_state(&origin).and_then(|note| Checkpoint::unverified(&note, &origin));
        if let Some(state) = state {
            self.sees(Seen { size: state.size, root: hex::encode(state.root.0) });
        }
        Some(key)
    }

    /// The key of this log, for what else it signs.
    ///
    /// # Errors
    /// [`Unsealed::NoKey`] or [`Unsealed::FormerKey`] when this process does not have it.
    pub(crate) fn signing_key(&self, head: &Head) -> Result<Arc<LogKey>, Unsealed> {
        self.take_key(head).ok_or_else(|| self.lacks(head))
    }

    /// Notes beside the state file that everything about somebody is erased, by their pseudonym, so that a copy from before does not bring them back.
    /// Before that is committed: whoever is stopped in between leaves a note, by which it is finished, and nobody erased without one.
    ///
    /// # Errors
    /// [`LogError`] when there is no key of this log here, or it cannot be noted beside it.
    pub(crate) async fn note_erasing(&self, tx: &mut Tx, person: &Pseudonym) -> Result<(), LogError> {
        let head = find_head(tx, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
        self.take_key(&head).ok_or_else(|| StoreError::from(self.lacks(&head)))?;
        self.write_note(person, KeyFolder::note_erased).await
    }

    /// Notes that nothing about somebody was erased after all.
    pub(crate) async fn note_not_erased(&self, person: &Pseudonym) {
        if let Err(error) = self.write_note(person, KeyFolder::note_not_erased).await {
            tracing::error!(%error, "it is noted beside the key of the log that somebody was erased who was not");
        }
    }

    async fn write_note(
        &self,
        person: &Pseudonym,
        note: fn(&KeyFolder, &Origin, &str) -> io::Result<()>,
    ) -> Result<(), LogError> {
        let (Some((folder, _)), Some(key)) = (self.0.place.clone(), self.key()) else {
            return Err(StoreError::from(Unsealed::NoKey).into());
        };
        let (person, shown) = (person.to_hex(), folder.shown());
        let noted = tokio::task::spawn_blocking(move || note(&folder, key.origin(), &person)).await;
        let noted = noted.unwrap_or_else(|_| Err(io::Error::other("it was cut short")));
        noted.map_err(|reason| LogError::Note { folder: shown, reason })
    }

    /// Of whom everything was erased, as it is noted there.
    ///
    /// # Errors
    /// [`LogError`] when the notes cannot be read.
    pub(crate) fn find_erased(&self) -> Result<BTreeSet<String>, LogError> {
        let Some((folder, _)) = &self.0.place else { return Ok(BTreeSet::new()) };
        folder.find_erased().map_err(|reason| LogError::Key { folder: folder.shown(), reason })
    }

    /// Goes on with the log of a copy under another name and another key: the first leaf says so, with the head of the copy. `act` makes the act of
    /// that head.
    ///
    /// # Errors
    /// [`LogError`] when the new key cannot be kept, or the database fails; the log is then as it was copied.
    pub(crate) async fn begin_anew(&self, store: &Store, act: impl FnOnce(String) -> Act) -> Result<(), LogError> {
        let (folder, host) = self.0.place.as_ref().ok_or(StoreError::from(Unsealed::NoKey))?;
        let mut tx = store.write().await?;
        tx.lock_log().await?;
        let head = find_head(&mut tx, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
        let seen = Seen { size: head.size(), root: hex::encode(head.root().0) };
        let note = find_note(&mut tx, &seen).await?.ok_or(StoreError::unreadable("head of the log"))?;
        let key = self.draw_key(host)?;
        folder.keep_key(&key).map_err(|reason| LogError::Key { folder: folder.shown(), reason })?;
        change_one!(tx, sqlx::query(INSERT_FORMER).bind(signed(head.size())).bind(&head.origin))?;
        self.seal_anew(tx, &head, key, act(note)).await?;
        Ok(())
    }

    /// A new key of a new log.
    fn draw_key(&self, host: &str) -> Result<LogKey, LogError> {
        let mut drawn = [0; 8];
        self.0.chance.fill(&mut drawn);
        let name: String = drawn.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        let origin = Origin::new(format!("{host}/{name}")).map_err(|_| LogError::Host(host.to_owned()))?;
        let mut seed = [0; 32];
        self.0.chance.fill(&mut seed);
        Ok(LogKey::from_seed(origin, &seed))
    }

    /// What keeps a process from signing that does not have the key: it has none, or one that another has followed.
    pub(super) fn lacks(&self, head: &Head) -> Unsealed {
        let origin = Origin::new(head.origin.clone()).ok();
        let folder = self.0.place.as_ref().map(|(folder, _)| folder);
        let has_another = origin.zip(folder).is_some_and(|(origin, folder)| folder.has_key(&origin));
        if has_another { Unsealed::FormerKey } else { Unsealed::NoKey }
    }

    /// The key that is to follow the one that signs now: the one that was kept for that, or a new one, which is then kept.
    ///
    /// # Errors
    /// [`LogError`] when it cannot be kept.
    pub(super) fn next_key(&self, origin: &Origin) -> Result<LogKey, LogError> {
        let (folder, _) = self.0.place.as_ref().ok_or(StoreError::from(Unsealed::NoKey))?;
        if let Some(next) = folder.find_next(origin) {
            return Ok(next);
        }
        let mut seed = [0; 32];
        self.0.chance.fill(&mut seed);
        let next = LogKey::from_seed(origin.clone(), &seed);
        folder.keep_next(&next).map_err(|reason| LogError::Key { folder: folder.shown(), reason })?;
        Ok(next)
    }

    /// Signs with this key from now on.
    pub(super) fn has(&self, key: LogKey) {
        *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(key));
    }

    /// Signs with another key from now on, which stands in the log.
    pub(super) fn takes(&self, next: LogKey) {
        if let Some((folder, _)) = &self.0.place
            && let Err(error) = folder.put_in_place(next.origin(), &next.public().to_string())
        {
            tracing::warn!(%error, "the new key of the signed log could not be put in the place of the one before");
        }
        self.has(next);
    }

    /// Whether this key is in its file, as the one that signs.
    ///
    /// # Errors
    /// [`LogError::Key`] when it is not: it would be lost with this process.
    pub(super) fn is_in_place(&self, key: &PinnedKey) -> Result<(), LogError> {
        let (folder, _) = self.0.place.as_ref().ok_or(StoreError::from(Unsealed::NoKey))?;
        if folder.has_in_place(key.origin(), &key.to_string()) {
            return Ok(());
        }
        let reason = io::Error::other(
            "the new key signs already, and is not in its file: keep every file of this folder and look why",
        );
        Err(LogError::Key { folder: folder.shown(), reason })
    }

    /// The key that this process has, without looking for it.
    pub(super) fn key(&self) -> Option<Arc<LogKey>> {
        self.0.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest head that is known to have been committed.
    pub(super) fn seen(&self) -> Option<Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn sees(&self, head: Seen) {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.as_ref().is_none_or(|before| before.size < head.size) {
            *seen = Some(head);
        }
    }

    /// What keeps the log from being added to, if anything does.
    pub(super) fn fault(&self, head: &Head, seen: Option<&Seen>) -> Option<Unsealed> {
        let rolled_back =
            |seen: &Seen| seen.size > 0 && (head.size() < seen.size || head.root_then.as_ref() != Some(&seen.root));
        if seen.is_some_and(rolled_back) {
            return Some(Unsealed::RolledBack);
        }
        self.0.watch.fault(&*self.0.clock, head.last_clock())
    }

    /// Whether the log would take something now.
    ///
    /// # Errors
    /// [`StoreError`] says what is the matter.
    pub(crate) async fn ready(&self, store: &Store) -> Result<(), StoreError> {
        let seen = self.seen();
        let head = find_head(&mut store.read().await?, seen.as_ref().map_or(0, |seen| seen.size)).await?;
        let head = head.ok_or(Unsealed::NoKey)?;
        self.take_key(&head).ok_or_else(|| self.lacks(&head))?;
        self.fault(&head, seen.as_ref()).map_or(Ok(()), |fault| Err(fault.into()))
    }

    /// Whether what a database holds of this log goes on from what is known of it by the files that are kept apart. `None`: it does.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn goes_on_with(&self, store: &Store) -> Result<Option<NotExact>, StoreError> {
        let mut conn = store.read().await?;
        let Some(head) = find_head(&mut conn, 0).await? else { return Ok(None) };
        if self.take_key(&head).is_none() {
            return Ok(Some(NotExact::NoKey));
        }
        let Some(seen) = self.seen() else { return Ok(None) };
        if seen.size > head.size() {
            return Ok(Some(NotExact::Older { known: seen.size }));
        }
        let then = find_head(&mut conn, seen.size).await?.and_then(|head| head.root_then);
        Ok((seen.size > 0 && then != Some(seen.root)).then_some(NotExact::Other))
    }

    /// Keeps the newest head that this process has seen committed, before it ends.
    pub(crate) async fn keep_state_of(&self, store: &Store) -> Result<(), StoreError> {
        let Some(seen) = self.seen() else { return Ok(()) };
        let note = find_note(&mut store.read().await?, &seen).await?;
        if let Some(note) = note {
            self.keep_state(&note).await;
        }
        Ok(())
    }

    /// Writes the state file, when that was last done long enough ago.
    pub(super) async fn keep_state_now_and_then(&self, note: &str) {
        let now = self.0.clock.steady();
        {
            let mut kept_at = self.0.state_kept_at.lock().unwrap_or_else(PoisonError::into_inner);
            if now - *kept_at < KEEP_STATE_EVERY {
                return;
            }
            *kept_at = now;
        }
        self.keep_state(note).await;
    }

    /// Writes the state file.
    pub(crate) async fn keep_state(&self, note: &str) {
        let (Some((folder, _)), Some(key)) = (self.0.place.clone(), self.key()) else { return };
        let note = note.to_owned();
        let kept = tokio::task::spawn_blocking(move || {
            // Another process may have kept a newer one.
            let kept = folder.find_state(key.origin()).and_then(|kept| Checkpoint::unverified(&kept, key.origin()));
            let is_newer = |new: Checkpoint| kept.is_none_or(|kept| kept.size < new.size);
            let is_wanted = Checkpoint::open(&note, &key.public()).is_ok_and(is_newer);
            if is_wanted { folder.keep_state(key.origin(), &note) } else { Ok(()) }
        })
        .await;
        if let Ok(Err(error)) = kept {
            tracing::warn!(%error, "the state of the signed log could not be kept beside its key");
        }
    }
}
