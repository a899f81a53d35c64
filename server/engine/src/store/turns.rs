use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::OwnedMutexGuard, time::timeout};

use crate::ground::PersonId;

/// Whose turn it is to write: one after the other for each person, before anybody takes a connection. Somebody who presses a button forty
/// times while a row of theirs is locked has one connection wait for it and not every one that there is.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<PersonId, Arc<tokio::sync::Mutex<()>>>>);

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    guard: Option<OwnedMutexGuard<()>>,
    person: PersonId,
    turns: Arc<Turns>,
}

impl Turns {
    /// Waits until nobody else in this process writes for that person. `None`: that took too long.
    pub(super) async fn wait(self: &Arc<Self>, person: PersonId, longest: Duration) -> Option<Turn> {
        let line = Arc::clone(self.lines().entry(person).or_default());
        let mut turn = Turn { guard: None, person, turns: Arc::clone(self) };
        turn.guard = Some(timeout(longest, line.lock_owned()).await.ok()?);
        Some(turn)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<PersonId, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut lines = self.turns.lines();
        // Whoever waits has a hold of the line, and takes hold of it only while the lines are locked.
        if lines.get(&self.person).is_some_and(|line| Arc::strong_count(line) == 1) {
            lines.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn one_after_the_other_and_nobody_is_remembered() {
        let turns = Arc::<Turns>::default();
        let (amy, ben) = (PersonId(uuid::Uuid::from_u128(1)), PersonId(uuid::Uuid::from_u128(2)));
        let first = turns.wait(amy, SHORT).await.unwrap();
        assert!(turns.wait(amy, SHORT).await.is_none());
        let other = turns.wait(ben, SHORT).await.unwrap();
        let (second, ()) = tokio::join!(turns.wait(amy, Duration::from_secs(5)), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert!(second.is_some());
        drop((second, other));
        assert!(turns.lines().is_empty());
    }
}
