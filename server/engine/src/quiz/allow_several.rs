use std::collections::BTreeSet;

use audit::Fact;
use uuid::Uuid;

use super::allow_attempts::{GIVE_ATTEMPTS, StuckLearner};
use crate::{
    engine::Engine,
    ground::{PersonId, TogetherId},
    log::{Act, Row, Said},
    people::{DidTogether, MOST_TOGETHER, Person, Right, Scope, Together, TogetherError, by_scope, note_together},
    record::Actor,
    store::{Linked as _, StoreError, on},
};

impl Engine {
    /// Which of several people have used up their attempts and wait for somebody like this person, longest waiting first. Whoever waits for
    /// two modules stands there twice.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stuck_among(&self, by: &Person, people: &[PersonId]) -> Result<Vec<StuckLearner>, StoreError> {
        let wanted: BTreeSet<PersonId> = people.iter().copied().collect();
        let stuck = self.stuck_learners(by).await?;
        Ok(stuck.into_iter().filter(|stuck| wanted.contains(&stuck.person)).collect())
    }

    /// Gives those of several people who wait for it as many attempts again as the quiz allows, all at once.
    ///
    /// # Errors
    /// [`TogetherError`]; nothing has been given to anybody.
    pub async fn allow_several(&self, by: &Person, people: &[PersonId]) -> Result<DidTogether, TogetherError> {
        if people.len() > MOST_TOGETHER {
            return Err(TogetherError::TooMany);
        }
        let now = self.clock.now();
        let scope = Scope::of(by, Right::GiveAttempts, now).ok_or(TogetherError::NotForYou)?;
        let stuck = self.stuck_among(by, people).await?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        tx.lock_several(people).await?;
        let actor = Actor::Person(by.id);
        let (mut rows, mut acts): (Vec<Uuid>, Vec<Act>) = (Vec::new(), Vec::new());
        let mut helped = BTreeSet::new();
        for stuck in &stuck {
            let id = self.new_id(now);
            let given: Vec<PersonId> = on!(tx.link(), conn => by_scope!(sqlx::query_scalar(GIVE_ATTEMPTS), scope)
                .bind(id)
                .bind(stuck.task)
                .bind(i64::from(stuck.attempts))
                .bind(now)
                .bind(actor.to_string())
                .fetch_all(conn)
                .await)?;
            // Whom somebody else has helped meanwhile is helped.
            let Some(person) = given.first() else { continue };
            let fact = Fact::AttemptsGiven { module: stuck.module.as_str().to_owned(), attempts: stuck.attempts };
            acts.push(self.act(*person, now, actor).saying(Said::Plain(fact), Row::of("attempts_given", id)));
            rows.push(id);
            helped.insert(*person);
        }
        if rows.is_empty() {
            return Err(TogetherError::Nobody);
        }
        let id = TogetherId(self.new_id(now));
        note_together(&mut tx, id, Together::GiveAttempts, now, by.id, &rows).await?;
        self.seal(tx, acts).await?;
        tracing::info!(target: "security", by = %by.id, people = helped.len(), "more attempts were given to several");
        Ok(DidTogether { id, done: helped.len() })
    }
}
