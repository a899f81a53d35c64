use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Lines in which people wait for one another, each under a name of its own. A line is there while somebody is in it.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<HashMap<String, Line>>>);

struct Line {
    turns: Arc<Semaphore>,
    present: usize,
}

/// How a line is kept. It is the same for everybody who enters a line of one name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// So many have their turn at one time; the others wait, and whoever came first is next.
    pub(crate) abreast: usize,
    /// So many may wait.
    pub(crate) waiting: usize,
    /// For so long.
    pub(crate) patience: Duration,
}

/// Somebody's turn, until it is dropped.
pub(crate) struct Turn {
    // Given back before the line may go.
    _turn: OwnedSemaphorePermit,
    _present: Present,
}

struct Present {
    lines: Lines,
    name: String,
}

impl Lines {
    /// Waits for a turn. `None`: the line is too long, or it was too long a wait. Whoever stops waiting has left the line.
    pub(crate) async fn enter(&self, name: String, rule: Rule) -> Option<Turn> {
        let turns = {
            let mut lines = self.lines();
            let line = lines.entry(name.clone());
            let line = line.or_insert_with(|| Line { turns: Arc::new(Semaphore::new(rule.abreast)), present: 0 });
            if line.present >= rule.abreast + rule.waiting {
                return None;
            }
            line.present += 1;
            Arc::clone(&line.turns)
        };
        let present = Present { lines: self.clone(), name };
        let turn = timeout(rule.patience, turns.acquire_owned()).await.ok()?.ok()?;
        Some(Turn { _turn: turn, _present: present })
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut lines = self.lines.lines();
        if let Some(line) = lines.get_mut(&self.name) {
            line.present -= 1;
            if line.present == 0 {
                lines.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    const RULE: Rule = Rule { abreast: 2, waiting: 3, patience: Duration::from_secs(20) };

    fn name() -> String {
        "the line".to_owned()
    }

    /// Runs by a clock that jumps to whatever is waited for.
    fn run<F: Future<Output = ()>>(test: F) {
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(test);
    }

    #[test]
    fn whoever_came_first_is_next_and_a_full_line_takes_nobody() {
        run(async {
            let (lines, begun) = (Lines::default(), Instant::now());
            let one = |number: u64| {
                let lines = lines.clone();
                tokio::spawn(async move {
                    sleep(Duration::from_millis(number)).await;
                    let _turn = lines.enter(name(), RULE).await?;
                    let waited = begun.elapsed().as_secs();
                    sleep(Duration::from_secs(4)).await;
                    Some(waited)
                })
            };
            let mut came = Vec::new();
            for entered in (0..6).map(one).collect::<Vec<_>>() {
                came.push(entered.await.unwrap());
            }
            assert_eq!(came, [Some(0), Some(0), Some(4), Some(4), Some(8), None]);
            assert!(lines.lines().is_empty());
        });
    }

    #[test]
    fn whoever_stops_waiting_has_left_the_line() {
        run(async {
            let lines = Lines::default();
            let turns = (lines.enter(name(), RULE).await.unwrap(), lines.enter(name(), RULE).await.unwrap());
            for _ in 0..10 {
                assert!(timeout(Duration::from_secs(1), lines.enter(name(), RULE)).await.is_err());
            }
            assert!(lines.enter("another".to_owned(), RULE).await.is_some());
            let begun = Instant::now();
            assert!(lines.enter(name(), RULE).await.is_none());
            assert_eq!(begun.elapsed(), RULE.patience);
            drop(turns);
            assert!(lines.lines().is_empty());
        });
    }
}
