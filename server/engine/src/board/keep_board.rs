use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};

use super::{grid::Grid, matrix::MatrixAnswer, query::MatrixQuery};
use crate::{
    catalogue::Shelf,
    engine::{Engine, Looked},
    ground::aside,
    people::Reached,
    record::{Everybody, find_sums},
    standing::Look,
    store::StoreError,
};

/// How many moments that are past are kept of so many people: a grid of twenty thousand takes some eight megabytes. With fewer than an overview
/// asks for, each opening of one would decide all of them anew.
fn most_past(people: usize) -> usize {
    if people <= 20_000 { 12 } else { 8 }
}

/// How many answers are kept: the pages of one view, and readers who ask for the same, have the same.
const MOST_ANSWERS: usize = 8;

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
    /// Held by whoever looks for an answer or makes it, so that who asks for the same waits for it.
    answers: Mutex<Vec<Answer>>,
}

/// What somebody saw who asked for something, and may see so much.
struct Answer {
    reached: Reached,
    query: MatrixQuery,
    matrix: Arc<MatrixAnswer>,
}

impl Answer {
    fn is(&self, grid: &Arc<Grid>, reached: &Reached, query: &MatrixQuery) -> bool {
        self.matrix.is_of(grid) && self.reached == *reached && self.query == *query
    }
}

impl Board {
    /// What whoever reaches so much sees of a grid: as it was said before, if nothing has changed.
    pub(super) fn answer(&self, grid: &Arc<Grid>, reached: Reached, query: MatrixQuery) -> Looked<Arc<MatrixAnswer>> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(matrix) = found(&mut answers, grid, &reached, &query) {
            return Ok(matrix);
        }
        let matrix = Arc::new(MatrixAnswer::of(Arc::clone(grid), &reached, &query)?);
        // Of what was so until now, only what is past is asked for again.
        answers.retain(|answer| !answer.matrix.is_now || answer.matrix.is_of(grid));
        answers.truncate(MOST_ANSWERS - 1);
        answers.insert(0, Answer { reached, query, matrix: Arc::clone(&matrix) });
        Ok(matrix)
    }

    /// The same, if it was said before and nobody is making an answer meanwhile: nobody waits for that.
    pub(super) fn kept_answer(
        &self,
        grid: &Arc<Grid>,
        reached: &Reached,
        query: &MatrixQuery,
    ) -> Option<Arc<MatrixAnswer>> {
        found(&mut self.answers.try_lock().ok()?, grid, reached, query)
    }

    /// Where everybody stands at a moment that is past by what was known, or now, if that was decided before and still holds.
    fn kept_grid(
        &self,
        everybody: &Arc<Everybody>,
        shelf: &Shelf,
        now: DateTime<Utc>,
        as_at: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> Option<Arc<Grid>> {
        let is_of = |grid: &Grid| Arc::ptr_eq(&grid.everybody, everybody) && grid.shelf.revision == shelf.revision;
        match as_at {
            None => self.grid_of_now().filter(|grid| is_of(grid) && grid.is_still_so(now)),
            Some(at) => self.past().iter().find(|grid| is_of(grid) && (grid.moment, grid.known) == at).cloned(),
        }
    }

    fn grid_of_now(&self) -> Option<Arc<Grid>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn past(&self) -> MutexGuard<'_, Vec<Arc<Grid>>> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn everybody(&self) -> Arc<Everybody> {
        Arc::clone(&self.everybody.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The answer to a question that was asked before. Those that are asked for are kept longest.
fn found(
    answers: &mut [Answer],
    grid: &Arc<Grid>,
    reached: &Reached,
    query: &MatrixQuery,
) -> Option<Arc<MatrixAnswer>> {
    let place = answers.iter().position(|answer| answer.is(grid, reached, query))?;
    answers[..=place].rotate_right(1);
    answers.first().map(|answer| Arc::clone(&answer.matrix))
}

impl Engine {
    /// Reads what is recorded about everybody, so far as it is not in memory: the first matrix after a start waits for it otherwise.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn fill_board(&self) -> Result<(), StoreError> {
        self.grid(None).await.map(drop)
    }

    /// What is recorded about everybody now, for whoever decides something of each of them.
    pub(crate) async fn everybody_now(&self) -> Result<Arc<Everybody>, StoreError> {
        self.everybody(&self.keeps.of::<Board>()).await
    }

    /// What is recorded about everybody: at least all that was committed before this was called. Many who ask at once are answered by one who
    /// asks the database.
    pub(super) async fn everybody(&self, board: &Board) -> Result<Arc<Everybody>, StoreError> {
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
        // Mostly it is there, and another thread is asked only to decide it.
        if let Some(grid) = board.kept_grid(&everybody, &shelf, now, as_at) {
            return Ok(grid);
        }
        let decided = aside(move || {
            let _one = board.deciding.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(grid) = board.kept_grid(&everybody, &shelf, now, as_at) {
                return grid;
            }
            let (moment, known, look, before) = match as_at {
                None => (now, DateTime::<Utc>::MAX_UTC, Look::Now, board.grid_of_now()),
                Some((moment, known)) => {
                    let is_then = |grid: &&Arc<Grid>| (grid.moment, grid.known) == (moment, known);
                    (moment, known, Look::AsAt, board.past().iter().find(is_then).cloned())
                }
            };
            let grid =
                Arc::new(Grid::at(Arc::clone(&everybody), Arc::clone(&shelf), moment, known, look, before.as_deref()));
            if as_at.is_none() {
                *board.now.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&grid));
            } else {
                let mut past = board.past();
                past.retain(|grid| (grid.moment, grid.known) != (moment, known));
                past.truncate(most_past(everybody.people().len()) - 1);
                past.insert(0, Arc::clone(&grid));
            }
            grid
        });
        Ok(decided.await)
    }
}

#[cfg(test)]
mod tests {
    use super::super::overview::WEEKS_BACK;
    use super::most_past;

    #[test]
    fn the_days_of_an_overview_are_kept_however_many_people_there_are() {
        for people in [0, 20_000, 20_001, 1_000_000] {
            assert!(most_past(people) > WEEKS_BACK.len(), "{people}");
        }
    }
}
