use std::time::Duration;

use audit::{Digest, Fact};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Plan,
    carry_out::{Tree, WorkLine, line_of, unreadable},
    plan::Packed,
};
use crate::{
    engine::Engine,
    ground::Sha256Digest,
    log::{Row, Said},
    people::{Over, may_organise},
    record::Actor,
    store::{Column, Linked, Script, StoreError, Tx, change, change_one, on},
};

/// What an import has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many people began.
    pub began: u32,
    /// How many others it changed.
    pub changed: u32,
    /// In how many transactions it was written.
    pub steps: u32,
    /// How long the longest of them kept others from writing.
    pub longest: TimeDelta,
}

/// Why people were not brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something is wrong with so many lines. Nothing has been written.
    #[error("{0} lines cannot be carried out: nothing has been changed")]
    Refused(u32),
    /// It is for an administrator who looks after everybody. Nothing has been written.
    #[error("this is for an administrator who looks after everybody")]
    NotTheirs,
    /// An earlier import, or its undoing, was stopped before it was finished. Nothing has been written.
    #[error("an earlier import is not finished yet: finish it or undo it first")]
    Unfinished,
    /// Since the plan was made somebody has changed what this line is about. What was written of the import has been taken back.
    #[error(
        "line {line}: since the file was looked at, what it is about was changed: nothing has been brought in; look at the file again"
    )]
    Changed {
        /// Which.
        line: u32,
    },
    /// The database failed. An import of which something was written is finished or undone later.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// How long the database is left to others between two transactions: whoever waits for SQLite looks again every 7 ms.
const PAUSE: Duration = Duration::from_millis(15);

/// How many lines are written in one transaction, in which others cannot write: as many as take [`Pace::HELD`], by how long the last took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace(usize);

impl Pace {
    /// Before anything is known of the machine.
    pub(super) const FIRST: Self = Self(100);
    const MOST: usize = 2_000;
    const FEWEST: usize = LINES;
    /// In milliseconds.
    const HELD: i64 = 50;

    /// How many lines the next transaction writes.
    pub(super) fn lines(self) -> usize {
        self.0
    }

    /// The pace after some lines took so long.
    pub(super) fn after(self, lines: usize, held: TimeDelta) -> Self {
        let held = usize::try_from(held.num_milliseconds().max(1)).unwrap_or(usize::MAX);
        let fitting = lines.saturating_mul(Self::HELD.unsigned_abs() as usize) / held;
        Self(fitting.clamp(Self::FEWEST, Self::MOST))
    }
}

/// How many lines stand together in one row until they are carried out.
const LINES: usize = 20;

/// How many lines that are only kept or thrown away are written in one transaction.
const KEPT_AT_ONCE: usize = 4_000;

const FIND_LAST: &str = "SELECT id, sha256, recorded_at, ended_at FROM roster_import ORDER BY number DESC LIMIT 1";

const INSERT_IMPORT: &str = "INSERT INTO roster_import (id, number, sha256, began, changed, recorded_at, recorded_by) \
     SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6 FROM roster_import";

const INSERT_LINES: &str = "INSERT INTO roster_line (import_id, line, lines, work)";

const COUNT_LINES: &str = "SELECT CAST(COALESCE(SUM(lines), 0) AS BIGINT) FROM roster_line WHERE import_id = $1";

const COUNT_DONE: &str = "SELECT COUNT(*) FROM roster_done WHERE import_id = $1";

/// From behind the lines that were written last on: PostgreSQL would step over each of those that are gone.
const FIND_LINES: &str = "SELECT work FROM roster_line WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3";

const DELETE_LINES: &str = "DELETE FROM roster_line WHERE import_id = $1 AND line <= $2";

/// Lines of an import that was never decided, because whoever kept them was stopped.
const DELETE_STRAY_LINES: &str = "DELETE FROM roster_line WHERE (import_id, line) IN (SELECT l.import_id, l.line FROM roster_line l \
     WHERE NOT EXISTS (SELECT 1 FROM roster_import i WHERE i.id = l.import_id) LIMIT $1)";

/// Only the last import can be undone.
const DELETE_OLDER_DONE: &str = "DELETE FROM roster_done WHERE (import_id, line) IN (SELECT d.import_id, d.line FROM roster_done d \
     WHERE d.import_id <> $1 LIMIT $2)";

const DELETE_SOME_LINES: &str = "DELETE FROM roster_line WHERE (import_id, line) IN (SELECT l.import_id, l.line FROM roster_line l \
     WHERE l.import_id = $1 LIMIT $2)";

/// The import that was decided last.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct LastImport {
    pub id: Uuid,
    pub sha256: String,
    pub recorded_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl LastImport {
    pub(super) fn digest(&self) -> Result<Digest, StoreError> {
        Digest::parse(&self.sha256).map_err(|_| StoreError::unreadable("digest of an import"))
    }
}

pub(super) async fn find_last(on_what: &mut impl Linked) -> Result<Option<LastImport>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_LAST).fetch_optional(conn).await)
}

/// Whether there are lines of an import that are still to be written.
pub(super) async fn has_lines(on_what: &mut impl Linked, import: Uuid) -> Result<bool, StoreError> {
    let count: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_LINES).bind(import).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Whether there are lines of an import that were written and can be undone.
pub(super) async fn has_done(on_what: &mut impl Linked, import: Uuid) -> Result<bool, StoreError> {
    let count: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_DONE).bind(import).fetch_one(conn).await)?;
    Ok(count > 0)
}

impl Engine {
    /// Carries a plan out: all of it, or nothing. `file` is the digest of the file that it was made from. `said` is told now and then how many
    /// lines are written, of how many.
    ///
    /// What fits into one step is one transaction. More is first kept beside the record, where it counts for nothing; then, with the first
    /// step, it is decided, and written step by step, so that nobody else waits for longer than one of them takes. Whatever stops it in
    /// between, [`Engine::finish_import`] goes on with it, and where something was changed by others meanwhile, it is taken back.
    ///
    /// # Errors
    /// [`ImportError`].
    pub async fn import_people(
        &self,
        plan: Plan,
        file: Sha256Digest,
        by: Actor,
        said: impl FnMut(usize, usize),
    ) -> Result<Imported, ImportError> {
        self.import_as(self.new_id(self.clock.now()), plan, file, by, said).await
    }

    /// The same, with an id that is known before.
    pub(super) async fn import_as(
        &self,
        import: Uuid,
        plan: Plan,
        file: Sha256Digest,
        by: Actor,
        mut said: impl FnMut(usize, usize),
    ) -> Result<Imported, ImportError> {
        let counts = plan.counts();
        if counts.refused > 0 {
            return Err(ImportError::Refused(counts.refused));
        }
        let all = plan.lines.iter().filter(|line| line.work.is_some()).count();
        if all == 0 {
            return Ok(Imported::default());
        }
        self.throw_away(DELETE_STRAY_LINES, None).await?;
        // Of a large file each line is let go of once it is kept.
        let mut planned = plan.lines.into_iter().filter_map(|line| Some((line.line, line.work?)));
        let first = planned.by_ref().take(Pace::FIRST.lines());
        let work = first.map(|(line, work)| Ok((i64::from(line), work.open()?)));
        let work: Vec<WorkLine> = work.collect::<Result<_, StoreError>>()?;
        let kept = self.keep_lines(import, planned).await?;
        let mut imported = Imported { began: counts.new, changed: counts.changed, ..Imported::default() };
        let mut tx = self.store.write().await?;
        let begun = self.clock.steady();
        tx.lock_people().await?;
        if !may_organise(&mut tx, by, Over::Everything, self.since_today(by).begins_on).await? {
            return Err(ImportError::NotTheirs);
        }
        self.decide(&mut tx, import, kept).await?;
        let sha256 = Digest(file.0);
        let now = self.clock.now();
        change_one!(
            tx,
            sqlx::query(INSERT_IMPORT)
                .bind(import)
                .bind(sha256.to_hex())
                .bind(i64::from(counts.new))
                .bind(i64::from(counts.changed))
                .bind(now)
                .bind(by.to_string())
        )?;
        let fact = Fact::PeopleImported { sha256, began: counts.new, changed: counts.changed };
        let mut acts = vec![self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("roster_import", import))];
        self.carry_out(&mut tx, import, &work, by, &mut Tree::default(), &mut acts).await?;
        self.seal(tx, acts).await?;
        imported.steps = 1;
        imported.longest = self.clock.steady() - begun;
        tracing::info!(target: "security", %import, %by, new = counts.new, changed = counts.changed, "people were imported");
        said(work.len(), all);
        drop(work);
        self.go_on(import, by, &mut imported, |left| said(all - left, all)).await?;
        self.throw_away(DELETE_OLDER_DONE, Some(import)).await?;
        Ok(imported)
    }

    /// Sees that no other import is under way, and that what was kept of this one is still there.
    async fn decide(&self, tx: &mut Tx, import: Uuid, kept: usize) -> Result<(), ImportError> {
        if let Some(last) = find_last(tx).await? {
            let is_undoing = last.ended_at.is_some() && has_done(tx, last.id).await?;
            if is_undoing || has_lines(tx, last.id).await? {
                return Err(ImportError::Unfinished);
            }
        }
        let found: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_LINES).bind(import).fetch_one(conn).await)?;
        // Somebody else who began to import meanwhile may have thrown them away.
        if usize::try_from(found).is_ok_and(|found| found == kept) { Ok(()) } else { Err(ImportError::Unfinished) }
    }

    /// Keeps lines until they are carried out, and says how many they are.
    async fn keep_lines(
        &self,
        import: Uuid,
        mut lines: impl Iterator<Item = (u32, Packed)> + Send,
    ) -> Result<usize, StoreError> {
        let mut kept = 0;
        loop {
            let (mut last, mut counts, mut works) = (Vec::new(), Vec::new(), Vec::new());
            while works.len() < KEPT_AT_ONCE / LINES {
                let together: Vec<(u32, Packed)> = lines.by_ref().take(LINES).collect();
                let Some((line, _)) = together.last() else { break };
                last.push(i64::from(*line));
                counts.push(i64::try_from(together.len()).unwrap_or(i64::MAX));
                // Read again as an array of [`WorkLine`].
                let written: Vec<String> =
                    together.iter().map(|(line, Packed(work))| format!("[{line},{work}]")).collect();
                works.push(format!("[{}]", written.join(",")));
                kept += together.len();
            }
            if works.is_empty() {
                return Ok(kept);
            }
            let mut tx = self.store.write().await?;
            let mut script = Script::default();
            let ids = Column::ids(vec![import; works.len()]);
            let columns = vec![ids, Column::numbers(last), Column::numbers(counts), Column::texts(works)];
            script.insert(INSERT_LINES, columns);
            script.run(&mut tx).await?;
            tx.commit().await?;
            self.pause().await;
        }
    }

    /// Leaves the database to others. On PostgreSQL nobody needs it: whoever waits for a lock there has it next.
    pub(super) async fn pause(&self) {
        if self.store.is_sqlite() {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Deletes what is no longer needed, some at a time.
    pub(super) async fn throw_away(&self, text: &'static str, import: Option<Uuid>) -> Result<(), StoreError> {
        loop {
            let mut tx = self.store.write().await?;
            let most = i64::try_from(KEPT_AT_ONCE).unwrap_or(i64::MAX);
            let gone = match import {
                Some(import) => change!(tx, sqlx::query(text).bind(import).bind(most))?,
                None => change!(tx, sqlx::query(text).bind(most))?,
            };
            tx.commit().await?;
            if gone > 0 {
                self.pause().await;
            }
            if gone < KEPT_AT_ONCE as u64 {
                return Ok(());
            }
        }
    }

    /// Deletes what is still to be written of an import.
    pub(super) async fn drop_lines(&self, import: Uuid) -> Result<(), StoreError> {
        self.throw_away(DELETE_SOME_LINES, Some(import)).await
    }

    /// Writes what is left of an import that was decided. `left` is told how many lines are.
    pub(super) async fn go_on(
        &self,
        import: Uuid,
        by: Actor,
        imported: &mut Imported,
        mut left: impl FnMut(usize),
    ) -> Result<(), ImportError> {
        let mut pace = Pace::FIRST;
        let mut tree = Tree::default();
        // Counting them takes the longer the more there are.
        let (mut behind, mut still) = (i64::MIN, None);
        loop {
            if imported.steps > 0 {
                self.pause().await;
            }
            let mut tx = self.store.write().await?;
            let begun = self.clock.steady();
            tx.lock_people().await?;
            // Somebody may have undone it meanwhile.
            if find_last(&mut tx).await?.is_none_or(|last| last.id != import || last.ended_at.is_some()) {
                return Err(ImportError::Unfinished);
            }
            let most = i64::try_from(pace.lines().div_ceil(LINES)).unwrap_or(i64::MAX);
            let rows: Vec<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_LINES)
                .bind(import).bind(behind).bind(most).fetch_all(conn).await)?;
            let mut lines: Vec<WorkLine> = Vec::with_capacity(rows.len() * LINES);
            for work in rows {
                lines.extend(serde_json::from_str::<Vec<WorkLine>>(&work).map_err(|_| unreadable())?);
            }
            let Some((last, _)) = lines.last() else { return Ok(()) };
            let last = *last;
            let mut acts = Vec::with_capacity(lines.len());
            match self.carry_out(&mut tx, import, &lines, by, &mut tree, &mut acts).await {
                Ok(()) => {}
                Err(ImportError::Changed { line }) => {
                    drop(tx);
                    self.take_back(import, by).await?;
                    return Err(ImportError::Changed { line });
                }
                Err(error) => return Err(error),
            }
            change!(tx, sqlx::query(DELETE_LINES).bind(import).bind(last))?;
            let now_left: i64 = match still {
                Some(before) => before - i64::try_from(lines.len()).unwrap_or(i64::MAX),
                None => on!(tx.link(), conn => sqlx::query_scalar(COUNT_LINES).bind(import).fetch_one(conn).await)?,
            };
            self.seal(tx, acts).await?;
            (behind, still) = (last, Some(now_left));
            imported.steps += 1;
            let held = self.clock.steady() - begun;
            pace = pace.after(lines.len(), held);
            imported.longest = imported.longest.max(held);
            left(line_of(now_left) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_as_long_as_others_can_wait() {
        let after = |lines, held| Pace::FIRST.after(lines, TimeDelta::milliseconds(held)).lines();
        assert_eq!(after(100, 50), 100);
        assert_eq!(after(100, 200), 25);
        assert_eq!(after(100, 2), Pace::MOST);
        assert_eq!(after(2_000, 60_000), Pace::FEWEST);
        // The last step has few lines, and a clock of a test stands still.
        assert_eq!(after(3, 0), 150);
        // No fewer than stand in one row.
        assert_eq!(after(100, 8_000), LINES);
    }
}
