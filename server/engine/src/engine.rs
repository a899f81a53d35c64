use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::ModuleSlug;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    catalogue::{Catalogue, Module, Shelf, TwinName},
    ground::{
        Cache, Chance, Clock, Hasher, InstallationKey, Keeps, Lines, PersonId, Sha256Digest, SteadyTime, local_date,
    },
    log::{Act, Log, LogError},
    record::{Actor, DayFault, Dossiers, Since},
    store::{Store, StoreError, Tx},
};

/// How many people's dossiers are kept in memory, at most twice: some kilobytes each.
const MOST_DOSSIERS: usize = 4096;

/// How many versions that are no longer current are kept in memory, at most twice; and how many modules in the words of a twin.
const MOST_OLDER: usize = 64;

/// Everything that Induct can be asked to do. Cheap to clone: clones share the database, what was read of it and the clock.
#[derive(Clone)]
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) hasher: Hasher,
    pub(crate) key: Arc<OnceCell<InstallationKey>>,
    /// In which people wait who try to sign in.
    pub(crate) lines: Lines,
    steady: Arc<SteadyTime>,
    pub(crate) dossiers: Arc<Dossiers>,
    /// Modules rebuilt from published versions that are no longer current, for attempts begun on them.
    pub(crate) older: Arc<Cache<(ModuleSlug, u32), (), Module>>,
    /// Modules in the words of their twins.
    pub(crate) worded: Arc<Cache<(ModuleSlug, u32, TwinName), Sha256Digest, Module>>,
    /// What rooms after this one keep.
    pub(crate) keeps: Arc<Keeps>,
    pub(crate) log: Log,
    /// Whether what is done by this engine's clock is said to have been done before there was a log.
    claims: bool,
    /// Whether there is a mail server.
    sends_letters: bool,
    /// Whether people sign in with nothing but an account of their organisation.
    sign_on_only: bool,
    shelf: Arc<RwLock<Arc<Shelf>>>,
    /// Held by whoever reads the shelf anew, so that many who notice a publication at once read it once.
    pub(crate) refreshing: Arc<tokio::sync::Mutex<()>>,
}

/// Why somebody cannot look at or do something, whatever it is.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is none of that name, or it is not theirs to know of.
    #[error("there is no such thing")]
    NotFound,
    /// It is written for other people.
    #[error("this is not for you")]
    NotForYou,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// What a verb that only looks gives back.
pub type Looked<T> = Result<T, Refused>;

impl Engine {
    /// An engine on this database, which knows nothing yet of what is published there: enough to look after people. Whoever
    /// serves calls [`Engine::refresh`] first, and whoever saves anything [`Engine::with_log_in`] and [`Engine::begin_log`].
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self {
            store,
            steady: Arc::new(SteadyTime::by(&*clock)),
            log: Log::new(Arc::clone(&clock), Arc::clone(&chance)),
            claims: false,
            sends_letters: false,
            sign_on_only: false,
            clock,
            hasher: Hasher::new(&*chance),
            key: Arc::default(),
            lines: Lines::default(),
            chance,
            dossiers: Arc::new(Dossiers::new(MOST_DOSSIERS)),
            older: Arc::new(Cache::new(MOST_OLDER)),
            worded: Arc::new(Cache::new(MOST_OLDER)),
            shelf: Arc::default(),
            refreshing: Arc::default(),
            keeps: Arc::default(),
        }
    }

    /// The same engine by another clock: for demonstration data that lie in the past. The signed log goes by its own clock on, and says of
    /// what is done so that it is claimed. Nobody is written to.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { steady: Arc::new(SteadyTime::by(&*clock)), clock, claims: true, sends_letters: false, ..self.clone() }
    }

    /// The same engine, with the key of the signed log and its state in a folder. A log that has to be begun is called after a host.
    #[must_use]
    pub fn with_log_in(&self, folder: PathBuf, host: &str) -> Self {
        Self { log: self.log.kept_in(folder, host), ..self.clone() }
    }

    /// The same engine, which believes a clock that is ahead of the last entry of the signed log by no more than that; otherwise by seven
    /// days. To be said before [`Engine::begin_log`].
    #[must_use]
    pub fn with_clock_limit(&self, most_ahead: TimeDelta) -> Self {
        Self { log: self.log.bearing(most_ahead), ..self.clone() }
    }

    /// The same engine, which knows that there is a mail server: so letters are written that nobody asks for, such as that a password was chosen.
    #[must_use]
    pub fn with_letters(&self) -> Self {
        Self { sends_letters: true, ..self.clone() }
    }

    /// Whether what is done happens now, and not in a past that is only told, as a demonstration's is.
    pub(crate) fn is_present(&self) -> bool {
        !self.claims
    }

    /// Whether there is a mail server.
    #[must_use]
    pub fn sends_letters(&self) -> bool {
        self.sends_letters
    }

    /// The same engine, where people sign in with nothing but an account of their organisation: a link to choose a password lets in only whom
    /// somebody made it for at the command line, so that there is a way in when that organisation is away.
    #[must_use]
    pub fn with_sign_on_only(&self) -> Self {
        Self { sign_on_only: true, ..self.clone() }
    }

    /// Whether people sign in with nothing but an account of their organisation.
    pub(crate) fn sign_on_only(&self) -> bool {
        self.sign_on_only
    }

    /// Finds the signed log of this database, or begins it. Where its key is not here, everything can be read and nothing saved.
    ///
    /// # Errors
    /// [`LogError`] when a new key cannot be kept, or the database fails.
    pub async fn begin_log(&self) -> Result<(), LogError> {
        self.log.begin(&self.store).await
    }

    /// Seals what was done in a transaction, and commits it.
    pub(crate) async fn seal(&self, tx: Tx, acts: impl IntoIterator<Item = Act>) -> Result<(), StoreError> {
        self.log.seal(tx, acts.into_iter().collect()).await
    }

    /// An act about somebody.
    pub(crate) fn act(&self, person: PersonId, at: DateTime<Utc>, by: Actor) -> Act {
        Act::new(Some(person), at, by, self.claims)
    }

    /// An act about somebody that takes effect on a day.
    pub(crate) fn act_since(&self, person: PersonId, since: Since) -> Act {
        self.act(person, since.recorded_at, since.by).since(since)
    }

    /// An act about nobody.
    pub(crate) fn act_of_all(&self, at: DateTime<Utc>, by: Actor) -> Act {
        Act::new(None, at, by, self.claims)
    }

    /// What is published and not withdrawn, as this server last read it.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.shelf().current)
    }

    pub(crate) fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another shelf in place; requests under way go on with the one they began with. What is older stays out: two may have
    /// read the database at the same time.
    pub(crate) fn replace_shelf(&self, shelf: Arc<Shelf>) {
        let mut kept = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if kept.revision <= shelf.revision {
            *kept = shelf;
        }
    }

    /// The time by the engine's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The time by a clock that nobody sets: when the engine's is set, this follows it slowly. Sessions and limits go by it, so that
    /// nobody is signed out, and nobody gets more tries, because a clock was put right. Never for the record. That the clock was set is
    /// said in the log when somebody asks.
    #[must_use]
    pub fn steady_now(&self) -> DateTime<Utc> {
        let (now, step) = self.steady.read(&*self.clock);
        if let Some(step) = step {
            tracing::warn!(
                target: "security",
                seconds = step.num_seconds(),
                "the machine's clock was set: what is recorded from now on bears the new time, sessions and limits follow it slowly"
            );
        }
        now
    }

    /// Says in the log whether the machine's clock was set since this was last asked.
    pub fn notice_clock(&self) {
        let _ = self.steady_now();
    }

    /// By how much the clock is ahead of [`Engine::steady_now`].
    pub(crate) fn ahead(&self) -> TimeDelta {
        let steady = self.steady_now();
        self.clock.now() - steady
    }

    /// Whether what people write now would last, and the signed log would take it.
    ///
    /// # Errors
    /// [`StoreError`] when it would not, or when the database does not say so within three seconds.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.store.ready().await?;
        self.log.ready(&self.store).await
    }

    /// Lets go of the database, after what is under way has ended. The head that the log then has is kept beside its key.
    pub async fn close(&self) {
        if let Err(error) = self.log.keep_state_of(&self.store).await {
            tracing::warn!(%error, "the state of the signed log could not be kept beside its key");
        }
        self.store.close().await;
    }

    /// From today on, recorded now.
    pub(crate) fn since_today(&self, by: Actor) -> Since {
        let recorded_at = self.clock.now();
        Since { begins_on: local_date(recorded_at), recorded_at, by }
    }

    /// From a day on, recorded now.
    pub(crate) fn since(&self, day: NaiveDate, by: Actor) -> Result<Since, DayFault> {
        let today = self.since_today(by);
        Ok(Since { begins_on: DayFault::unless_near(day, today.begins_on)?, ..today })
    }

    /// A number that people can quote and that finds an error in the log.
    #[must_use]
    pub fn error_number(&self) -> String {
        let mut random = [0; 4];
        self.chance.fill(&mut random);
        hex::encode_upper(random)
    }

    /// A new id: time first (UUIDv7), so that rows stay in the order in which they were made.
    pub(crate) fn new_id(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.chance.fill(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
