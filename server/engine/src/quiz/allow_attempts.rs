use audit::Fact;
use chrono::{DateTime, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::Language,
    engine::Engine,
    ground::{PersonId, TutorTaskId},
    log::{Row, Said},
    people::{Person, Right, Scope, by_scope, in_scope, scope_tree},
    record::Actor,
    store::{Linked, StoreError, on},
};

/// A learner who has used up their attempts and waits for their tutor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckLearner {
    /// The task to step in.
    pub task: TutorTaskId,
    /// Who they are.
    pub person: PersonId,
    /// The learner's name.
    pub name: String,
    /// Which module.
    pub module: ModuleSlug,
    /// That module's title.
    pub title: String,
    /// The language of that title.
    pub language: Language,
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

/// The open tasks of people in scope: all of them, or the one that is $5. CROSS JOIN keeps SQLite from reading everybody's names first,
/// and is an ordinary join everywhere else.
const FIND_TASKS: &str = concat!(
    scope_tree!(),
    "SELECT t.id, t.person_id, d.name, t.module, t.edition, t.opened_at FROM tutor_task t CROSS JOIN person_detail d \
     WHERE d.person_id = t.person_id AND (t.id = $5 OR $5 IS NULL) \
       AND NOT EXISTS (SELECT 1 FROM attempts_given g WHERE g.task_id = t.id) AND ",
    in_scope!("t.person_id"),
    " ORDER BY t.opened_at, t.id"
);

/// Gives $7 attempts for the task $6, if whom it is about is in scope now.
pub(super) const GIVE_ATTEMPTS: &str = concat!(
    scope_tree!(),
    "INSERT INTO attempts_given (id, task_id, person_id, attempts, recorded_at, recorded_by) \
     SELECT $5, t.id, t.person_id, $7, $8, $9 FROM tutor_task t \
     WHERE t.id = $6 AND NOT EXISTS (SELECT 1 FROM attempts_given g WHERE g.task_id = t.id) AND ",
    in_scope!("t.person_id"),
    " ON CONFLICT (task_id) DO NOTHING RETURNING person_id"
);

const FIND_GIVEN: &str = "SELECT t.person_id, d.name, t.module, t.opened_at, g.attempts FROM attempts_given g JOIN tutor_task t ON t.id = g.task_id \
     JOIN person_detail d ON d.person_id = t.person_id WHERE g.task_id = $1 AND g.recorded_by = $2";

type TaskRow = (TutorTaskId, PersonId, String, String, i64, DateTime<Utc>);

impl Engine {
    /// The learners whom this person may give attempts and who have used up theirs at what is current, longest waiting first.
    /// Safeguarding leads and administrators see everybody's, so that nobody is stuck for want of a manager.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stuck_learners(&self, reader: &Person) -> Result<Vec<StuckLearner>, StoreError> {
        match Scope::of(reader, Right::GiveAttempts, self.clock.now()) {
            None => Ok(Vec::new()),
            Some(scope) => self.tasks_in(&scope, None).await,
        }
    }

    async fn tasks_in(&self, scope: &Scope, task: Option<TutorTaskId>) -> Result<Vec<StuckLearner>, StoreError> {
        let mut conn = self.store.read().await?;
        let rows: Vec<TaskRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(FIND_TASKS), scope)
            .bind(task).fetch_all(conn).await)?;
        let catalogue = self.catalogue();
        let mut stuck = Vec::new();
        for (task, person, name, module, edition, since) in rows {
            let module = ModuleSlug::new(module).map_err(|_| StoreError::unreadable("task"))?;
            // Whoever was stuck in an edition that has been replaced starts afresh in the new one.
            let Some(current) = catalogue.modules.get(&module).filter(|current| i64::from(current.edition) == edition)
            else {
                continue;
            };
            stuck.push(StuckLearner {
                task,
                person,
                name,
                title: current.title.clone(),
                language: current.language,
                attempts: current.quiz.attempts,
                module,
                since,
            });
        }
        Ok(stuck)
    }

    /// The learner to whom this person gave more attempts, and how many. `None`: somebody else did, or nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn attempts_given_by(
        &self,
        tutor: &Person,
        task: TutorTaskId,
    ) -> Result<Option<StuckLearner>, StoreError> {
        let mut conn = self.store.read().await?;
        let row: Option<(PersonId, String, String, DateTime<Utc>, i64)> = on!(conn.link(), conn => sqlx::query_as(FIND_GIVEN)
            .bind(task).bind(Actor::Person(tutor.id).to_string()).fetch_optional(conn).await)?;
        let Some((person, name, module, since, attempts)) = row else { return Ok(None) };
        let module = ModuleSlug::new(module).map_err(|_| StoreError::unreadable("task"))?;
        let attempts = u32::try_from(attempts).map_err(|_| StoreError::unreadable("task"))?;
        let catalogue = self.catalogue();
        let current = catalogue.modules.get(&module);
        let title = current.map_or_else(|| module.to_string(), |module| module.title.clone());
        let language = current.map_or(Language::ENGLISH, |module| module.language);
        Ok(Some(StuckLearner { task, person, name, module, title, language, since, attempts }))
    }

    /// Gives a stuck learner as many attempts again as the quiz allows, and closes the task. Doing it twice gives them
    /// once.
    ///
    /// # Errors
    /// [`AllowError::NotFound`] when there is no such open task about anybody whom this person may help.
    pub async fn allow_attempts(&self, tutor: &Person, task: TutorTaskId) -> Result<StuckLearner, AllowError> {
        let now = self.clock.now();
        let scope = Scope::of(tutor, Right::GiveAttempts, now).ok_or(AllowError::NotFound)?;
        let stuck = self.tasks_in(&scope, Some(task)).await?.pop().ok_or(AllowError::NotFound)?;
        let mut tx = self.store.write().await?;
        let (id, by) = (self.new_id(now), Actor::Person(tutor.id));
        let given: Vec<PersonId> = on!(tx.link(), conn => by_scope!(sqlx::query_scalar(GIVE_ATTEMPTS), scope)
            .bind(id)
            .bind(task)
            .bind(i64::from(stuck.attempts))
            .bind(now)
            .bind(by.to_string())
            .fetch_all(conn)
            .await)?;
        let Some(person) = given.first() else {
            // Somebody else was quicker, or it is not for this tutor to give any more.
            return Err(AllowError::NotFound);
        };
        let fact = Fact::AttemptsGiven { module: stuck.module.as_str().to_owned(), attempts: stuck.attempts };
        let act = self.act(*person, now, by).saying(Said::Plain(fact), Row::of("attempts_given", id));
        self.seal(tx, [act]).await?;
        tracing::info!(target: "security", by = %tutor.id, %task, "more attempts were given");
        Ok(stuck)
    }
}
