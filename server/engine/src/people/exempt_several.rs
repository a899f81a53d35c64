use audit::{Fact, PartKind};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{
    Person,
    do_together::{DidTogether, Doing, Together, TogetherError, note_together},
    exempt::{LONGEST_REASON, Reason},
};
use crate::{
    engine::Engine,
    ground::{ExemptionId, PersonId, TogetherId, typed_line},
    log::{Row, Said},
    record::{Actor, Thing},
    store::{Linked as _, insert_all, on},
};

/// Several people to be excused from a module or an agreement.
#[derive(Clone, Debug)]
pub struct ExemptSeveral {
    /// Who.
    pub people: Vec<PersonId>,
    /// From what.
    pub thing: Thing,
    /// Why, in one line; 1 to 500 characters. It is kept for each of them.
    pub reason: String,
    /// From which day on.
    pub begins_on: NaiveDate,
    /// The first day on which it no longer holds. `None`: it is given for good.
    pub given_before: Option<NaiveDate>,
}

const INSERT_EXEMPTIONS: &str =
    "INSERT INTO exemption (id, person_id, kind, slug, given_before, begins_on, recorded_at, recorded_by)";

const INSERT_REASONS: &str = "INSERT INTO exemption_reason (exemption_id, reason)";

/// How many exemptions of somebody from something hold from a day on for good, or for as long.
const COUNT_EXEMPTIONS: &str = "SELECT COUNT(*) FROM exemption WHERE person_id = $1 AND kind = $2 AND slug = $3 AND begins_on <= $4 \
     AND ends_before IS NULL AND (given_before IS NULL OR given_before >= $5)";

/// Whoever is excused for so long is excused for good: no later day can be given.
const FOR_GOOD: Days = Days::new(36_525);

impl Engine {
    /// Excuses several people at once from a module or an agreement, for one reason. Who is excused for as long already is left as they are. A
    /// gate is not opened by it.
    ///
    /// # Errors
    /// [`TogetherError`]; nothing has been written for anybody.
    pub async fn exempt_several(&self, by: &Person, new: ExemptSeveral) -> Result<DidTogether, TogetherError> {
        let catalogue = self.catalogue();
        let is_there = match &new.thing {
            Thing::Module(module) => catalogue.modules.contains_key(module),
            Thing::Agreement(agreement) => catalogue.agreements.contains_key(agreement),
        };
        if !is_there {
            return Err(TogetherError::NoSuchThing);
        }
        if new.given_before.is_some_and(|end| end <= new.begins_on) {
            return Err(TogetherError::NoTime);
        }
        let reason = typed_line(&new.reason, LONGEST_REASON).map_err(TogetherError::Reason)?;
        let since = self.since(new.begins_on, Actor::Person(by.id))?;
        let Doing { mut tx, people } = self.begin_together(by, &new.people).await?;
        let mut rows: Vec<(ExemptionId, PersonId)> = Vec::new();
        for person in people {
            let until = new.given_before.unwrap_or(since.begins_on + FOR_GOOD);
            let held: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_EXEMPTIONS)
                .bind(person.id).bind(new.thing.kind()).bind(new.thing.slug()).bind(since.begins_on).bind(until)
                .fetch_one(conn).await)?;
            if held == 0 {
                rows.push((ExemptionId(self.new_id(since.recorded_at)), person.id));
            }
        }
        if rows.is_empty() {
            return Err(TogetherError::Nobody);
        }
        let recorded_by = since.by.to_string();
        insert_all!(tx, INSERT_EXEMPTIONS, 8, &rows, |query, row| query
            .bind(row.0)
            .bind(row.1)
            .bind(new.thing.kind())
            .bind(new.thing.slug())
            .bind(new.given_before)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(&recorded_by))?;
        insert_all!(tx, INSERT_REASONS, 2, &rows, |query, row| query.bind(row.0).bind(&reason))?;
        let id = TogetherId(self.new_id(since.recorded_at));
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| id.0).collect();
        note_together(&mut tx, id, Together::Exempt, since.recorded_at, by.id, &ids).await?;
        let thing = format!("{}/{}", new.thing.kind(), new.thing.slug());
        let acts: Vec<_> = rows
            .iter()
            .map(|(id, person)| {
                let until = new.given_before.map(|day| day.to_string());
                let said = Said::Plain(Fact::Exempted { thing: thing.clone(), until });
                let act = self.act_since(*person, since).saying(said, Row::of("exemption", id));
                act.with(PartKind::Why, &Reason { reason: &reason })
            })
            .collect();
        self.seal(tx, acts).await?;
        Ok(DidTogether { id, done: rows.len() })
    }
}
