//! A crowd with a past: that it is the same each time, and that everything stands in it for which there is one.

use std::{
    cell::Cell,
    future::{Future as _, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use crate::signed_log::is_valid;
use chrono::TimeDelta;
use engine::{
    Crowd, DemoError, Engine, LogError, ManualClock, SeededChance, Store,
    catalogue::Catalogue,
    content::{Sources, compile},
    local_date,
};
use world::{Database, Kind, Raw, keys_of, monday, sources};

#[test]
fn a_crowd_follows_from_its_seed_and_has_a_past_on_sqlite() {
    a_crowd_follows_from_its_seed_and_has_a_past(Kind::Sqlite);
}

#[test]
fn a_crowd_follows_from_its_seed_and_has_a_past_on_postgresql() {
    a_crowd_follows_from_its_seed_and_has_a_past(Kind::Postgres);
}

#[test]
fn whoever_is_stopped_while_filling_leaves_nothing_that_looks_whole_on_sqlite() {
    whoever_is_stopped_while_filling_leaves_nothing_that_looks_whole(Kind::Sqlite);
}

#[test]
fn whoever_is_stopped_while_filling_leaves_nothing_that_looks_whole_on_postgresql() {
    whoever_is_stopped_while_filling_leaves_nothing_that_looks_whole(Kind::Postgres);
}

fn whoever_is_stopped_while_filling_leaves_nothing_that_looks_whole(kind: Kind) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let sources = sources();
        let catalogue = compile(&sources, local_date(monday())).catalogue;

        // As if the process were killed when some of the people are there.
        let stopped = Filled::empty(kind).await;
        {
            // One step at a time, so that it cannot be at its end before anybody has looked.
            let mut filling = pin!(stopped.engine.fill_with_demonstration(&catalogue));
            while stopped.raw.count("person").await < 3 {
                let step = poll_fn(|context| Poll::Ready(filling.as_mut().poll(context))).await;
                assert!(step.is_pending(), "it was not stopped");
            }
        }
        stopped.is_refused_and_says_so().await;
        stopped.ends().await;

        // Likewise when most of a crowd are there: after the first transaction there is another.
        let (stopped, most_are_there) = (Filled::empty(kind).await, Cell::new(false));
        tokio::select! {
            biased;
            () = poll_fn(|_| if most_are_there.get() { Poll::Ready(()) } else { Poll::Pending }) => {}
            filled = stopped.engine.fill_with_crowd(&catalogue, &sources, crowd(260), |_| most_are_there.set(true)) => {
                panic!("it was not stopped: {filled:?}")
            }
        }
        stopped.is_refused_and_says_so().await;
        stopped.ends().await;

        // What was filled to the end is gone on with.
        let whole = Filled::empty(kind).await;
        whole.engine.fill_with_demonstration(&catalogue).await.unwrap();
        whole.engine.begin_log().await.unwrap();
        assert!(whole.engine.is_demonstration().await.unwrap());
        // Whoever tries an inspection begins with the head that everybody may see, and everybody is below it.
        let head = whole.engine.log_head().await.unwrap().unwrap().note;
        assert_eq!(whole.engine.published_head(TimeDelta::hours(1)).await.unwrap(), Some(head));
        whole.ends().await;
    });
}

/// What is held against the same of another database, by table.
const FACTS: [(&str, &str); 6] = [
    ("person_detail", "t.name, t.email"),
    ("stay", "CAST(t.begins_on AS TEXT), CAST(t.ends_before AS TEXT)"),
    ("membership", "CAST(t.begins_on AS TEXT), CAST(t.ends_before AS TEXT)"),
    ("attempt", "t.module, CAST(t.version AS TEXT), CAST(t.started_at AS TEXT), CAST(t.earned AS TEXT)"),
    ("completion", "t.module, CAST(t.version AS TEXT), CAST(t.completed_at AS TEXT), CAST(t.expires_at AS TEXT)"),
    ("signature", "t.agreement, CAST(t.signed_at AS TEXT)"),
];

fn a_crowd_follows_from_its_seed_and_has_a_past(kind: Kind) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let sources = sources();
        let compiled = compile(&sources, local_date(monday()));
        assert!(!compiled.has_errors(), "{:?}", compiled.problems);
        let catalogue = compiled.catalogue;
        let first = Filled::with(kind, &sources, &catalogue, 60).await;
        // The same again, and more of them: they are the same people, with the same past.
        let larger = Filled::with(kind, &sources, &catalogue, 70).await;
        for (what, columns) in FACTS {
            let rows = first.of_the_first(60, what, columns).await;
            assert!(rows.len() > 10, "{what}: {}", rows.len());
            assert_eq!(rows, larger.of_the_first(60, what, columns).await, "{what}");
        }
        assert_eq!(larger.of_the_first(100, "person_detail", "t.name, t.email").await.len(), 70);
        larger.ends().await;

        // Everything that is looked for at size is there.
        for (what, query) in [
            ("somebody who left", "SELECT COUNT(*) FROM stay WHERE ends_before IS NOT NULL AND person_id IN (SELECT person_id FROM person_detail WHERE external_id IS NOT NULL)"),
            ("somebody who came back", "SELECT COUNT(*) FROM (SELECT s.person_id FROM stay s JOIN person_detail d ON d.person_id = s.person_id WHERE d.external_id IS NOT NULL GROUP BY s.person_id HAVING COUNT(*) > 1) back"),
            ("somebody who moved", "SELECT COUNT(*) FROM membership WHERE ends_before IS NOT NULL AND person_id IN (SELECT person_id FROM membership WHERE ends_before IS NULL)"),
            ("somebody who failed", "SELECT COUNT(*) FROM attempt WHERE NOT passed"),
            ("a pass", "SELECT COUNT(*) FROM completion"),
            ("a pass of an earlier version", "SELECT COUNT(*) FROM completion c WHERE EXISTS (SELECT 1 FROM module_version v WHERE v.module = c.module AND v.number > c.version)"),
            ("a pass that has run out", "SELECT COUNT(*) FROM completion WHERE expires_at < (SELECT MAX(completed_at) FROM completion)"),
            ("a signature", "SELECT COUNT(*) FROM signature"),
            ("somebody who looks after a group", "SELECT COUNT(*) FROM duty WHERE group_id IS NOT NULL AND person_id IN (SELECT person_id FROM person_detail WHERE external_id IS NOT NULL)"),
        ] {
            assert!(first.raw.number(query).await > 0, "nobody is {what}");
        }
        // Nothing that verbs would not have written: each row has its entry in the log, and each entry its rows.
        is_valid(&first.engine).await;
        let full = first.engine.fill_with_crowd(&catalogue, &sources, crowd(60), |_| ()).await;
        assert!(matches!(full, Err(DemoError::NotEmpty)));
        first.ends().await;
    });
}

fn crowd(people: u32) -> Crowd {
    Crowd { people, seed: 7, years: 3 }
}

/// A database with a crowd in it.
struct Filled {
    database: Database,
    engine: Engine,
    raw: Raw,
}

impl Filled {
    async fn with(kind: Kind, sources: &Sources, catalogue: &Catalogue, people: u32) -> Self {
        let filled = Self::empty(kind).await;
        let mut there = Vec::new();
        let said = |so_many| there.push(so_many);
        filled.engine.fill_with_crowd(catalogue, sources, crowd(people), said).await.unwrap();
        assert_eq!(there, [people]);
        filled
    }

    /// One in which there is nobody yet.
    async fn empty(kind: Kind) -> Self {
        let database = Database::fresh(kind).await;
        let url = database.url();
        let store = Store::open(&url).await.unwrap();
        let clock = Arc::new(ManualClock::at(monday()));
        let engine =
            Engine::new(store, clock, Arc::new(SeededChance::new(1))).with_log_in(keys_of(&url), "northfield.example");
        engine.begin_log().await.unwrap();
        engine.refresh().await.unwrap();
        Self { database, engine, raw: Raw::open(&url).await }
    }

    /// Whoever begins with it, as every server and command does, is refused and told in one line what to do.
    async fn is_refused_and_says_so(&self) {
        let refused = self.engine.begin_log().await.unwrap_err();
        assert!(matches!(refused, LogError::HalfFilled), "{refused:?}");
        let said = refused.to_string();
        assert!(said.contains("remove it") && said.contains("fill it again") && !said.contains('\n'), "{said}");
    }

    async fn ends(self) {
        self.engine.close().await;
        self.raw.close().await;
        self.database.drop().await;
    }

    /// Rows about the first of the crowd.
    async fn of_the_first(&self, people: u32, table: &str, columns: &str) -> Vec<Vec<Option<String>>> {
        let query = format!(
            "SELECT d.external_id, {columns} FROM {table} t JOIN person_detail d ON d.person_id = t.person_id \
             WHERE d.external_id < 'C{people:06}' ORDER BY 1, 2, 3"
        );
        self.raw.texts(&query).await
    }
}
