use std::collections::BTreeMap;

use audit::PartKind;
use chrono::{DateTime, Utc};

use super::{
    lead_workshop::{Led, NotLed},
    workshop::Workshop,
};
use crate::{
    engine::{Engine, Refused},
    ground::{CompletionId, PersonId, WorkshopId},
    log::{Act, Row, Said},
    mail::LetterAbout,
    people::{ListedPerson, Person, tell},
    quiz::{HowAttended, completed_fact, take_seconds, taught},
    record::{Actor, Completion, Marks, insert_completions},
    store::{Linked as _, StoreError, Tx, on},
};

/// Why nobody got a pass. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// It is not theirs to lead, or nobody was chosen, or too many.
    #[error(transparent)]
    NotLed(#[from] NotLed),
    /// It has not begun, is more than a week over, as is the withdrawal of a pass by it, or was called off.
    #[error("who was there is said from its beginning on, within a week")]
    NotNow,
    /// Whoever was chosen has their pass.
    #[error("each of these has their pass already")]
    AllPassed,
    /// Somebody who was chosen has not signed in, or is not theirs to look after: oneself, too.
    #[error("one of these has not signed in, or is not yours to look after")]
    NotThere,
    /// The module has been withdrawn, or its author no longer lets a workshop count.
    #[error("no workshop counts for this module any more")]
    NoSuchModule,
    /// The database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for ConfirmError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const FIND_THERE: &str = "SELECT person_id, recorded_by FROM workshop_sign_in WHERE workshop_id = $1";

/// Every pass by a workshop, the oldest first, with when it was withdrawn.
const FIND_PASSES: &str = "SELECT c.person_id, k.recorded_at FROM completion c LEFT JOIN correction k ON k.completion_id = c.id \
     WHERE c.workshop_id = $1 ORDER BY c.completed_at, c.id";

impl Engine {
    /// Says of people who signed in to a workshop that they were there: each of them gets a pass in its module, in the version that is published now, with how, where
    /// and by whom in the signed log, and a letter where there is a mail server; all of them or none. Whoever leads the workshop does it, within a week of its beginning, of whom they
    /// may give programmes to, and never of themselves. Whoever has their pass is left as they are. Whose pass was withdrawn gets another, also within a week of that. Says how many got one.
    ///
    /// # Errors
    /// [`ConfirmError`]; nothing has been written for anybody.
    pub async fn confirm_workshop(
        &self,
        by: &Person,
        id: WorkshopId,
        people: &[PersonId],
    ) -> Result<usize, ConfirmError> {
        let Led { mut tx, workshop, theirs, now } = self.lead(by, id, people).await?;
        let passes: Vec<(PersonId, Option<DateTime<Utc>>)> =
            on!(tx.link(), conn => sqlx::query_as(FIND_PASSES).bind(id).fetch_all(conn).await)?;
        // Of several the last alone can count.
        let passes: BTreeMap<PersonId, Option<DateTime<Utc>>> = passes.into_iter().collect();
        let has_passed = |person: &PersonId| passes.get(person).is_some_and(Option::is_none);
        let is_said = |person: &PersonId| workshop.is_said_of(passes.get(person).copied().flatten(), now);
        if !people.iter().all(|person| has_passed(person) || is_said(person)) {
            return Err(ConfirmError::NotNow);
        }
        // Each with who signed them in, where they did not do so themselves.
        let there: Vec<(PersonId, Option<String>)> =
            on!(tx.link(), conn => sqlx::query_as(FIND_THERE).bind(id).fetch_all(conn).await)?;
        let there: BTreeMap<PersonId, Option<String>> = there.into_iter().collect();
        let theirs = theirs.filter(|_| people.iter().all(|person| there.contains_key(person)));
        let theirs = theirs.ok_or(ConfirmError::NotThere)?;
        let mut acts = Vec::new();
        for person in theirs.into_iter().filter(|person| !has_passed(&person.id)) {
            let by_leader = there.get(&person.id).is_some_and(Option::is_some);
            acts.push(self.give_pass(&mut tx, &person, (&workshop, by_leader), by).await?);
        }
        let given = acts.len();
        if given == 0 {
            return Err(ConfirmError::AllPassed);
        }
        self.seal(tx, acts).await?;
        Ok(given)
    }

    async fn give_pass(
        &self,
        tx: &mut Tx,
        person: &ListedPerson,
        (workshop, by_leader): (&Workshop, bool),
        by: &Person,
    ) -> Result<Act, ConfirmError> {
        let situation = self.situation_on(tx, person.id).await?;
        let now = situation.now;
        let module = situation.catalogue().modules.get(&workshop.module).filter(|module| module.has_workshops());
        let module = module.ok_or(ConfirmError::NoSuchModule)?;
        if !situation.is_theirs(&situation.person()?, &**module) {
            return Err(ConfirmError::NotThere);
        }
        let pass = Completion {
            id: CompletionId(self.new_id(now)),
            module: module.slug.clone(),
            version: module.number,
            edition: module.edition,
            attempt: None,
            workshop: Some(workshop.id),
            discussion: None,
            refreshes: None,
            earned: Marks::default(),
            possible: Marks::default(),
            minutes: module.minutes,
            pages_opened: 0,
            pages: u32::try_from(taught(module).count()).unwrap_or(u32::MAX),
            twin: None,
            started_at: workshop.starts_at,
            completed_at: now,
            expires_at: situation.pass_until(module),
            withdrawn: None,
        };
        insert_completions(tx, &*self.chance, person.id, std::slice::from_ref(&pass)).await?;
        // The workshop took as long as it took; what was spent on pages before is no part of this pass.
        take_seconds(tx, person.id, &module.slug).await?;
        let actor = Actor::Person(by.id);
        tell(self, tx, person.id, actor, |name| LetterAbout::Attended { name, completion: pass.id }).await?;
        let act = self.act(person.id, now, actor);
        let act = act.saying(Said::Plain(completed_fact(&pass, module)), Row::of("completion", pass.id));
        Ok(act.with(PartKind::Act, &HowAttended::at(&workshop.place, workshop.starts_at, by_leader)))
    }
}
