use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::workshop::{Workshop, find_workshop};
use crate::{
    engine::{Engine, Refused},
    ground::{PersonId, WorkshopId},
    people::{ListedPerson, MOST_TOGETHER, Person, Right, Scope, find_in_scope},
    store::{StoreError, Tx},
};

/// What whoever leads a workshop begins with who writes something of people: nobody else does meanwhile.
pub(super) struct Led {
    /// The transaction, in which publishing is held off and these people are locked.
    pub tx: Tx,
    /// The workshop.
    pub workshop: Workshop,
    /// The people, each once, in the order in which they were named. `None`: one of them is not theirs to look after; nobody is so to themselves.
    pub theirs: Option<Vec<ListedPerson>>,
    /// When they were locked.
    pub now: DateTime<Utc>,
}

/// Why whoever leads a workshop does not begin to write something of people.
#[derive(Debug, thiserror::Error)]
pub enum NotLed {
    /// There is no such workshop, or somebody else leads it.
    #[error("there is no such workshop")]
    NotTheirs,
    /// Nobody was chosen.
    #[error("choose at least one person")]
    Nobody,
    /// More than [`MOST_TOGETHER`] were chosen.
    #[error("{MOST_TOGETHER} can be chosen at once")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for NotLed {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl Engine {
    /// Finds a workshop for whoever leads it, and those of some people to whom they may give programmes at that moment, under the locks that keep both so.
    pub(super) async fn lead(&self, by: &Person, id: WorkshopId, people: &[PersonId]) -> Result<Led, NotLed> {
        if people.is_empty() {
            return Err(NotLed::Nobody);
        }
        if people.len() > MOST_TOGETHER {
            return Err(NotLed::TooMany);
        }
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(NotLed::NotTheirs)?;
        let mut tx = self.store.write().await?;
        tx.hold_off_publishing().await?;
        tx.lock_people().await?;
        tx.lock_several(people).await?;
        let now = self.clock.now();
        let workshop = find_workshop(&mut tx, id).await?.filter(|workshop| workshop.leader == Some(by.id));
        let workshop = workshop.ok_or(NotLed::NotTheirs)?;
        let asked: BTreeSet<PersonId> = people.iter().copied().collect();
        let theirs = find_in_scope(&mut tx, &scope, people).await?;
        let theirs = (theirs.len() == asked.len()).then_some(theirs);
        Ok(Led { tx, workshop, theirs, now })
    }
}
