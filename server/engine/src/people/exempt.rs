use audit::{Fact, PartKind};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    person::{Person, is_there},
    scope::{Right, Scope, is_in_scope},
};
use crate::{
    engine::Engine,
    ground::{ExemptionId, PersonId, TextFault, local_date, typed_line},
    log::{Row, Said},
    record::{Actor, DayFault, Thing},
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

/// Somebody to be excused from a module or an agreement.
#[derive(Clone, Debug)]
pub struct NewExemption {
    /// Who.
    pub person: PersonId,
    /// From what.
    pub thing: Thing,
    /// Why, in one line; 1 to 500 characters.
    pub reason: String,
    /// From which day on.
    pub begins_on: NaiveDate,
    /// The first day on which it no longer holds. `None`: it is given for good.
    pub given_before: Option<NaiveDate>,
}

/// Why nobody was excused, or an exemption was not ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum ExemptError {
    /// The reason cannot be kept.
    #[error("the reason cannot be used: {0}")]
    Reason(TextFault),
    /// It would end before or as it begins.
    #[error("it would end before it begins")]
    NoTime,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They are not theirs to look after.
    #[error("this is for somebody else to do")]
    NotTheirs,
    /// Nobody excuses themselves.
    #[error("nobody excuses themselves")]
    Oneself,
    /// There is no such exemption, or it has ended.
    #[error("there is no such exemption")]
    NoSuchExemption,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_EXEMPTION: &str = "INSERT INTO exemption (id, person_id, kind, slug, given_before, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const INSERT_REASON: &str = "INSERT INTO exemption_reason (exemption_id, reason) VALUES ($1, $2)";

const FIND_OPEN: &str = "SELECT person_id, begins_on FROM exemption WHERE id = $1 AND ends_before IS NULL";

const END_EXEMPTION: &str = "UPDATE exemption SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

pub(super) const LONGEST_REASON: usize = 500;

/// Why, as the signed log has it apart from the rest.
#[derive(Serialize)]
pub(super) struct Reason<'r> {
    pub reason: &'r str,
}

impl Engine {
    /// All that is wrong with why, from when and until when somebody is to be excused, so far as it can be seen in that. Whoever fills in a form is told
    /// of all of it at once, and [`Engine::exempt`] refuses the first of it. `begins_on`: `None` where no day was filled in, and nothing is said of it.
    #[must_use]
    pub fn faults_of_exemption(
        &self,
        reason: &str,
        begins_on: Option<NaiveDate>,
        given_before: Option<NaiveDate>,
    ) -> Vec<ExemptError> {
        let no_time = begins_on.zip(given_before).is_some_and(|(begins_on, end)| end <= begins_on);
        let reason = typed_line(reason, LONGEST_REASON).err().map(ExemptError::Reason);
        let today = local_date(self.clock.now());
        let day = begins_on.and_then(|day| DayFault::unless_near(day, today).err()).map(ExemptError::Day);
        [no_time.then_some(ExemptError::NoTime), reason, day].into_iter().flatten().collect()
    }

    /// Excuses somebody from a module or an agreement. A gate is not opened by it: who is excused from a module and not from the
    /// agreement that requires it still passes the module before they sign.
    ///
    /// # Errors
    /// [`ExemptError`]; nothing has been written.
    pub async fn exempt(&self, new: NewExemption, by: Actor) -> Result<ExemptionId, ExemptError> {
        self.exempt_within(None, new, by).await
    }

    /// The same by somebody who is signed in: an administrator, or a manager of theirs.
    ///
    /// # Errors
    /// [`ExemptError`]; [`ExemptError::NotTheirs`] where their duty does not reach.
    pub async fn exempt_as(&self, by: &Person, new: NewExemption) -> Result<ExemptionId, ExemptError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(ExemptError::NotTheirs)?;
        self.exempt_within(Some(&scope), new, Actor::Person(by.id)).await
    }

    async fn exempt_within(
        &self,
        scope: Option<&Scope>,
        new: NewExemption,
        by: Actor,
    ) -> Result<ExemptionId, ExemptError> {
        if by == Actor::Person(new.person) {
            return Err(ExemptError::Oneself);
        }
        let faults = self.faults_of_exemption(&new.reason, Some(new.begins_on), new.given_before);
        if let Some(fault) = faults.into_iter().next() {
            return Err(fault);
        }
        let reason = typed_line(&new.reason, LONGEST_REASON).map_err(ExemptError::Reason)?;
        let since = self.since(new.begins_on, by)?;
        let id = ExemptionId(self.new_id(since.recorded_at));
        let mut tx = self.store.write().await?;
        tx.lock_person(new.person).await?;
        if !is_there(&mut tx, new.person).await? {
            return Err(ExemptError::NoSuchPerson);
        }
        unless_theirs(&mut tx, scope, new.person).await?;
        change_one!(
            tx,
            sqlx::query(INSERT_EXEMPTION)
                .bind(id)
                .bind(new.person)
                .bind(new.thing.kind())
                .bind(new.thing.slug())
                .bind(new.given_before)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        change_one!(tx, sqlx::query(INSERT_REASON).bind(id).bind(&reason))?;
        let thing = format!("{}/{}", new.thing.kind(), new.thing.slug());
        let exempted = Fact::Exempted { thing, until: new.given_before.map(|day| day.to_string()) };
        let act = self.act_since(new.person, since).saying(Said::Plain(exempted), Row::of("exemption", id));
        self.seal(tx, [act.with(PartKind::Why, &Reason { reason: &reason })]).await?;
        Ok(id)
    }

    /// Ends an exemption: `on` is the first day on which it no longer holds.
    ///
    /// # Errors
    /// [`ExemptError::NoSuchExemption`], [`ExemptError::Oneself`], [`ExemptError::Day`].
    pub async fn end_exemption(&self, id: ExemptionId, on: NaiveDate, by: Actor) -> Result<(), ExemptError> {
        self.end_exemption_within(None, id, on, by).await
    }

    /// The same by somebody who is signed in: an administrator, or a manager of theirs.
    ///
    /// # Errors
    /// As [`Engine::end_exemption`]; [`ExemptError::NoSuchExemption`] also where their duty does not reach.
    pub async fn end_exemption_as(&self, by: &Person, id: ExemptionId, on: NaiveDate) -> Result<(), ExemptError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(ExemptError::NoSuchExemption)?;
        match self.end_exemption_within(Some(&scope), id, on, Actor::Person(by.id)).await {
            Err(ExemptError::NotTheirs) => Err(ExemptError::NoSuchExemption),
            ended => ended,
        }
    }

    async fn end_exemption_within(
        &self,
        scope: Option<&Scope>,
        id: ExemptionId,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), ExemptError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        let found: Option<(PersonId, NaiveDate)> =
            on!(tx.link(), conn => sqlx::query_as(FIND_OPEN).bind(id).fetch_optional(conn).await)?;
        let (person, begins_on) = found.ok_or(ExemptError::NoSuchExemption)?;
        if by == Actor::Person(person) {
            return Err(ExemptError::Oneself);
        }
        unless_theirs(&mut tx, scope, person).await?;
        DayFault::unless_begun(begins_on, since)?;
        let ended = change!(
            tx,
            sqlx::query(END_EXEMPTION)
                .bind(id)
                .bind(since.begins_on)
                .bind(since.recorded_at)
                .bind(since.by.to_string())
        )?;
        if ended == 0 {
            return Err(ExemptError::NoSuchExemption);
        }
        let act = self.act_since(person, since).saying(Said::ExemptionEnded(id), Row::of("exemption/end", id));
        self.seal(tx, [act]).await?;
        Ok(())
    }
}

/// Refuses what is done to somebody whom a scope does not reach. No scope: whoever it is may reach everybody.
async fn unless_theirs(tx: &mut Tx, scope: Option<&Scope>, person: PersonId) -> Result<(), ExemptError> {
    match scope {
        Some(scope) if !is_in_scope(tx, scope, person).await? => Err(ExemptError::NotTheirs),
        Some(_) | None => Ok(()),
    }
}
