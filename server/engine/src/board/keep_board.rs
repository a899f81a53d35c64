use std::sync::{
    Arc, Mutex, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};

use super::grid::Grid;
use crate::{
    engine::Engine,
    record::{Everybody, find_sums},
    standing::Look,
    store::StoreError,
};

/// How many moments that are past are kept.
const MOST_PAST: usize = 4;

/// What is in memory of everybody, kept current by asking for the sums of all revisions.
#[derive(Default)]
pub(super) struct Board {
    /// How many times it was begun to be asked what holds.
    asked: AtomicU64,
    /// How many times that had been begun when what is kept was read. Held by whoever asks.
    answered: tokio::sync::Mutex<u64>,
    everybody: RwLock<Arc<Everybody>>,
    now: Mutex<Option<Arc<Grid>>>,
    past: Mutex<Vec<Arc<Grid>>>,
    /// Held by whoever decides anew where everybody stands.
    deciding: Mutex<()>,
}

impl Board {
    fn everybody(&self) -> Arc<Everybody> {
        Arc::clone(&self.everybody.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Engine {
    /// Reads what is recorded about everybody, so far as it is not in memory: the first matrix after a start waits for it otherwise.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn fill_board(&self) -> Result<(), StoreError> {
        self.grid(None).await.map(drop)
    }

    /// What is recorded about everybody: at least all that was committed before this was called. Many who ask at once are answered by one who
    /// asks the database.
    async fn everybody(&self, board: &Board) -> Result<Arc<Everybody>, StoreError> {
        let arrived = board.asked.load(Ordering::Acquire);
        let mut answered = board.answered.lock().await;
        if *answered > arrived {
            return Ok(board.everybody());
        }
        let turn = board.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let mut conn = self.store.read().await?;
        let sums = find_sums(&mut conn).await?;
        self.catch_up(&mut conn, sums.published).await?;
        let known = board.everybody();
        if !known.is(sums) {
            let next = Arc::new(known.caught_up(&mut conn, sums).await?);
            *board.everybody.write().unwrap_or_else(PoisonError::into_inner) = next;
        }
        *answered = turn;
        Ok(board.everybody())
    }

    /// Where everybody stands now, or stood at a moment by what was known.
    pub(super) async fn grid(&self, as_at: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Result<Arc<Grid>, StoreError> {
        let board = self.keeps.of::<Board>();
        let everybody = self.everybody(&board).await?;
        let shelf = self.shelf();
        let now = self.clock.now();
        let decided = tokio::task::spawn_blocking(move || {
            let is_of = |grid: &Grid| Arc::ptr_eq(&grid.everybody, &everybody) && grid.shelf.revision == shelf.revision;
            let found = |kept: &Option<Arc<Grid>>| kept.clone().filter(|grid| is_of(grid) && grid.is_still_so(now));
            let found_past = |kept: &[Arc<Grid>], (moment, known)| {
                kept.iter().find(|grid| is_of(grid) && (grid.moment, grid.known) == (moment, known)).cloned()
            };
            let kept_now = || board.now.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let kept_past = || board.past.lock().unwrap_or_else(PoisonError::into_inner);
            let find = || match as_at {
                None => found(&kept_now()),
                Some(at) => found_past(&kept_past(), at),
            };
            if let Some(grid) = find() {
                return grid;
            }
            let _one = board.deciding.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(grid) = find() {
                return grid;
            }
            match as_at {
                None => {
                    let before = kept_now();
                    let known = DateTime::<Utc>::MAX_UTC;
                    let grid =
                        Grid::at(Arc::clone(&everybody), Arc::clone(&shelf), now, known, Look::Now, before.as_deref());
                    let grid = Arc::new(grid);
                    *board.now.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&grid));
                    grid
                }
                Some((moment, known)) => {
                    let before = kept_past().iter().find(|grid| (grid.moment, grid.known) == (moment, known)).cloned();
                    let grid = Grid::at(
                        Arc::clone(&everybody),
                        Arc::clone(&shelf),
                        moment,
                        known,
                        Look::AsAt,
                        before.as_deref(),
                    );
                    let grid = Arc::new(grid);
                    let mut past = kept_past();
                    past.retain(|grid| (grid.moment, grid.known) != (moment, known));
                    past.truncate(MOST_PAST - 1);
                    past.insert(0, Arc::clone(&grid));
                    grid
                }
            }
        });
        match decided.await {
            Ok(grid) => Ok(grid),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
