use chrono::{DateTime, Utc};
use model::ModuleSlug;

use crate::{
    engine::Engine,
    ground::TutorTaskId,
    people::{Person, Role},
    store::{Linked, StoreError, change, on},
};

/// A learner who has used up their attempts and waits for their tutor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckLearner {
    /// The task to step in.
    pub task: TutorTaskId,
    /// The learner's name.
    pub name: String,
    /// Which module.
    pub module: ModuleSlug,
    /// That module's title.
    pub title: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many further attempts stepping in gives.
    pub attempts: u32,
}

/// Why no further attempts were given.
#[derive(Debug, thiserror::Error)]
pub enum AllowError {
    /// There is no such open task among the groups that they look after.
    #[error("there is no such task")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// The open tasks of people in the groups that $1 looks after, and in the groups below those; all open tasks when $2.
const FIND_TASKS: &str = "WITH RECURSIVE below (id) AS ( \
     SELECT group_id FROM group_manager WHERE person_id = $1 \
     UNION SELECT g.id FROM people_group g JOIN below ON g.parent_id = below.id) \
     SELECT t.id, p.name, t.module, t.edition, t.opened_at FROM tutor_task t JOIN person p ON p.id = t.person_id \
     WHERE t.closed_at IS NULL AND ($2 OR EXISTS ( \
       SELECT 1 FROM group_member m JOIN below ON below.id = m.group_id WHERE m.person_id = t.person_id)) \
     ORDER BY t.opened_at, t.id";

const CLOSE_TASK: &str = "UPDATE tutor_task SET closed_at = $2, closed_by = $3, attempts_granted = $4 \
     WHERE id = $1 AND closed_at IS NULL";

type TaskRow = (TutorTaskId, String, String, i64, DateTime<Utc>);

impl Engine {
    /// The learners in this person's groups who have used up their attempts at what is current, longest waiting first.
    /// Safeguarding leads and
    /// administrators see everybody's, so that nobody is stuck for want of a manager.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stuck_learners(&self, reader: &Person) -> Result<Vec<StuckLearner>, StoreError> {
        let everybody = reader.is(Role::Dsl) || reader.is(Role::Administrator);
        if !everybody && !reader.is(Role::Manager) {
            return Ok(Vec::new());
        }
        let mut conn = self.store.read().await?;
        let rows: Vec<TaskRow> = on!(conn.link(), conn => sqlx::query_as(FIND_TASKS)
            .bind(reader.id).bind(everybody).fetch_all(conn).await)?;
        let catalogue = self.catalogue();
        let mut stuck = Vec::new();
        for (task, name, module, edition, since) in rows {
            let module = ModuleSlug::new(module).map_err(|_| StoreError::unreadable("task"))?;
            // Whoever was stuck in an edition that has been replaced starts afresh in the new one.
            let Some(current) = catalogue.modules.get(&module).filter(|current| i64::from(current.edition) == edition)
            else {
                continue;
            };
            stuck.push(StuckLearner {
                task,
                name,
                title: current.title.clone(),
                attempts: current.quiz.attempts,
                module,
                since,
            });
        }
        Ok(stuck)
    }

    /// Gives a stuck learner as many attempts again as the quiz allows, and closes the task. Doing it twice gives them
    /// once.
    ///
    /// # Errors
    /// [`AllowError::NotFound`] when there is no such open task among this person's groups.
    pub async fn allow_attempts(&self, tutor: &Person, task: TutorTaskId) -> Result<StuckLearner, AllowError> {
        let stuck = self.stuck_learners(tutor).await?.into_iter().find(|stuck| stuck.task == task);
        let stuck = stuck.ok_or(AllowError::NotFound)?;
        let mut tx = self.store.write().await?;
        change!(
            tx,
            sqlx::query(CLOSE_TASK).bind(task).bind(self.clock.now()).bind(tutor.id).bind(i64::from(stuck.attempts))
        )?;
        tx.commit().await?;
        Ok(stuck)
    }
}
