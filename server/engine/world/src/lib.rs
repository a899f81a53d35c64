//! A small provider with a clock that can be moved, on a database of its own: what every test begins with.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]
#![expect(missing_docs, reason = "tests read as sentences made of these names")]

mod between;
mod content;
mod database;
mod people;
mod random;
mod raw;

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use engine::{
    Actor, Chance as _, Engine, ManualClock, PublishError, Published, Republish, Role, SeededChance, Store,
    catalogue::Catalogue,
    content::{Problem, Sources, compile},
    local_date,
};
use uuid::Uuid;

pub use between::{Between, Seen};
pub use content::{Files, KEPT_BACK, asking, media};
pub use database::{Database, Kind, keys_of};
pub use people::{Arrival, PASSWORD, Phone, Someone, agreement, audience, email, group, now, slug, today};
pub use random::Random;
pub use raw::Raw;

/// Makes of each test one on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[test]
                fn $test() {
                    $crate::run($crate::Kind::Sqlite, super::$test);
                }
            )*
        }

        mod postgres {
            $(
                #[test]
                fn $test() {
                    $crate::run($crate::Kind::Postgres, super::$test);
                }
            )*
        }
    };
}
/// Runs a test in a world of its own, and clears up behind it whatever came of it.
pub fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(World) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let database = runtime.block_on(Database::fresh(kind));
    let url = database.url();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let world = World::begin(&url, content::files()).await;
            let engine = world.engine.clone();
            test(world).await;
            engine.close().await;
        });
    }));
    runtime.block_on(database.drop());
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

/// A provider: its database, its content, and the time there.
#[derive(Clone)]
pub struct World {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub raw: Raw,
    chance: Arc<SeededChance>,
    url: String,
    files: Arc<Mutex<Files>>,
}

impl World {
    /// A world in which the content is published and nobody is there yet.
    pub async fn begin(url: &str, files: Files) -> Self {
        let clock = Arc::new(ManualClock::at(monday()));
        let world = Self::open(url, clock, Arc::new(SeededChance::new(1)), Arc::new(Mutex::new(files))).await;
        world.publishes().await.unwrap();
        world
    }

    /// The same world, where there is a mail server.
    #[must_use]
    pub fn with_letters(&self) -> Self {
        Self { engine: self.engine.with_letters(), ..self.clone() }
    }

    /// What stands at an address already, opened by a process that makes ids of its own.
    pub async fn at(url: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let seed = u64::from(process::id()) << 32 | u64::from(COUNT.fetch_add(1, Relaxed));
        let clock = Arc::new(ManualClock::at(monday()));
        Self::open(url, clock, Arc::new(SeededChance::new(seed)), Arc::new(Mutex::new(content::files()))).await
    }

    /// Lets go of the database.
    pub async fn closes(&self) {
        self.engine.close().await;
        self.raw.close().await;
    }

    /// Looks whether the database is as Induct made it, to its last page.
    pub async fn is_sound(&self) {
        let store = Store::open(&self.url).await.unwrap();
        store.compare_schema().await.unwrap();
        store.close().await;
        if self.raw.is_sqlite() {
            assert_eq!(self.raw.texts("PRAGMA integrity_check").await, [[Some("ok".to_owned())]]);
            assert_eq!(self.raw.texts("PRAGMA foreign_key_check").await, Vec::<Vec<_>>::new());
        }
    }

    async fn open(url: &str, clock: Arc<ManualClock>, chance: Arc<SeededChance>, files: Arc<Mutex<Files>>) -> Self {
        let store = Store::open(url).await.unwrap();
        let engine = Engine::new(store, Arc::<ManualClock>::clone(&clock), Arc::<SeededChance>::clone(&chance))
            .with_log_in(keys_of(url), "northfield.example");
        engine.begin_log().await.unwrap();
        engine.refresh().await.unwrap();
        Self { engine, clock, raw: Raw::open(url).await, chance, url: url.to_owned(), files }
    }

    /// Another node on the same database, which knows the content as it is now.
    pub async fn another_node(&self) -> Self {
        let files = Arc::new(Mutex::new(self.files.lock().unwrap().clone()));
        Self::open(&self.url, Arc::clone(&self.clock), Arc::clone(&self.chance), files).await
    }

    /// The address of the database, as settings give it.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn learner(&self, name: &'static str) -> Arrival {
        self.person(name, &[]).also("learner")
    }

    pub fn staff(&self, name: &'static str) -> Arrival {
        self.person(name, &[]).also("staff")
    }

    /// Somebody with these roles, who is staff unless it is said as whom they are here.
    pub fn person(&self, name: &'static str, roles: &[Role]) -> Arrival {
        Arrival::new(self.clone(), name, roles)
    }

    /// Lets time go by.
    pub fn waits(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Somebody sets the machine's clock.
    pub fn sets_clock(&self, by: TimeDelta) {
        self.clock.step(by);
    }

    /// Replaces what stands in a file, which must be there exactly once.
    pub fn edits(&self, path: &str, from: &str, to: &str) {
        let mut files = self.files.lock().unwrap();
        let text = files.get_mut(path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        *text = text.replace(from, to);
    }

    /// Writes a file, in place of what it held.
    pub fn writes(&self, path: &str, text: &str) {
        self.files.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    /// Replaces it wherever it stands in a file, at least once.
    #[allow(dead_code, reason = "only the server's tests use it")]
    pub fn edits_all(&self, path: &str, from: &str, to: &str) {
        let mut files = self.files.lock().unwrap();
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from), "{from:?} in {path}");
        *text = text.replace(from, to);
    }

    /// Takes a folder out of the content. What was published of it stays so.
    pub fn takes_away(&self, folder: &str) {
        self.files.lock().unwrap().retain(|path, _| !path.starts_with(&format!("{folder}/")));
    }

    /// Publishes the files as they are now.
    pub async fn publishes(&self) -> Result<Vec<Published>, PublishError> {
        let publication = self.engine.publish(&self.compiles(), Republish::No, Actor::CommandLine).await?;
        Ok(publication.new)
    }

    /// The files as they are now, compiled.
    pub fn compiles(&self) -> Catalogue {
        catalogue(&self.files.lock().unwrap(), self.clock.as_ref())
    }

    /// What publishing the files as they are now would refuse.
    pub async fn unpublishable(&self) -> Vec<Problem> {
        let files = self.files.lock().unwrap().clone();
        self.engine.unpublishable(&self.compiles(), &Sources::from_files(files)).await.unwrap()
    }

    /// Publishes the second edition of a module, which everybody must take anew.
    pub async fn publishes_new_edition_of(&self, module: &str) {
        self.edits(&format!("modules/{module}/module.toml"), "edition = 1", "edition = 2");
        self.publishes().await.unwrap();
    }

    /// Publishes a module that is passed at a workshop only, which the learners' programme asks for.
    pub async fn adds_live_day(&self) {
        self.writes("modules/live-day/module.toml", content::LIVE_DAY);
        self.writes("modules/live-day/10-what-it-is.md", "# What it is\n\nWe meet, and you meet the team.\n");
        self.edits("programmes/learner-induction.toml", "\"sharing-nudes\"]", "\"sharing-nudes\", \"live-day\"]");
        self.publishes().await.unwrap();
    }

    /// Publishes version 1.1 of an agreement, which everybody must sign anew.
    pub async fn publishes_new_version_of(&self, agreement: &str) {
        let path = format!("agreements/{agreement}.md");
        let row = "  - version: \"1.1\"\n    date: 2026-11-23\n    change: One more rule\n    \
             lead: Head of Digital and ICT\n    reviewed: 2026-11-23\n    next_review: 2027-09-01\n";
        self.edits(&path, "2027-09-01\n---\n", &format!("2027-09-01\n{row}---\n2. One more rule.\n"));
        self.publishes().await.unwrap();
    }

    /// An id as a query writes it.
    pub fn id_of(&self, id: Uuid) -> String {
        if self.raw.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    }

    /// An id that nobody can guess.
    pub fn random_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.chance.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// What a world's content is made of.
pub fn sources() -> Sources {
    Sources::from_files(content::files()).with_media(media())
}

/// When every world begins.
pub fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap()
}

fn catalogue(files: &Files, clock: &dyn engine::Clock) -> Catalogue {
    // Only the small content plays something.
    let media = if files.contains_key("modules/four-cs/asking.vtt") { media() } else { Vec::new() };
    let compiled = compile(&Sources::from_files(files.clone()).with_media(media), local_date(clock.now()));
    assert!(!compiled.has_errors(), "{:#?}", compiled.problems);
    compiled.catalogue
}
