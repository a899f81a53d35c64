use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    catalogue::{Catalogue, Module},
    ground::{Chance, Clock, Hasher, Sha256Digest},
    store::{Linked, Store, StoreError, change},
};

/// Everything that Induct can be asked to do. Cheap to clone: clones share the database, the catalogue and the clock.
#[derive(Clone)]
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) hasher: Hasher,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
    /// Modules rebuilt from published versions that are no longer current, for attempts begun on them.
    pub(crate) older: Arc<RwLock<HashMap<Sha256Digest, Arc<Module>>>>,
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
    /// An engine on this database and this catalogue. What people see is what has been published: call
    /// [`Engine::publish`] before serving.
    #[must_use]
    pub fn new(store: Store, catalogue: Catalogue, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self {
            store,
            clock,
            hasher: Hasher::new(&*chance),
            chance,
            catalogue: Arc::new(RwLock::new(Arc::new(catalogue))),
            older: Arc::default(),
        }
    }

    /// The same engine by another clock: for demonstration data that lie in the past.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// What authors wrote, as it is now.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another catalogue in place; requests under way go on with the one they began with.
    pub fn replace_catalogue(&self, catalogue: Catalogue) {
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalogue);
    }

    /// The time by the engine's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let mut conn = self.store.read().await?;
        change!(conn, sqlx::query("SELECT 1"))?;
        Ok(())
    }

    /// Lets go of the database, after what is under way has ended.
    pub async fn close(&self) {
        self.store.close().await;
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
