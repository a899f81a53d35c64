use std::collections::BTreeSet;

use chrono::NaiveDate;
use model::ProgrammeSlug;
use uuid::Uuid;

use super::{
    Person,
    do_together::{DidTogether, Doing, Together, TogetherError, note_together},
};
use crate::{
    engine::Engine,
    ground::{AssignmentId, PersonId, TogetherId},
    log::{Row, Said},
    record::{Actor, AssignedTo},
    store::{Linked, StoreError, insert_all, on},
};

const INSERT_ASSIGNMENTS: &str =
    "INSERT INTO assignment (id, programme, person_id, begins_on, recorded_at, recorded_by)";

/// What is given to one person by themselves and has not ended.
const FIND_GIVEN: &str = "SELECT programme FROM assignment WHERE person_id = $1 AND ends_before IS NULL";

impl Engine {
    /// Gives a programme to several people at once, each by themselves, from a day on. Who has been given it by themselves already is left as
    /// they are.
    ///
    /// # Errors
    /// [`TogetherError`]; nothing has been written for anybody.
    pub async fn assign_several(
        &self,
        by: &Person,
        programme: &ProgrammeSlug,
        people: &[PersonId],
        begins_on: NaiveDate,
    ) -> Result<DidTogether, TogetherError> {
        if !self.catalogue().programmes.iter().any(|published| published.slug == *programme) {
            return Err(TogetherError::NoSuchThing);
        }
        let since = self.since(begins_on, Actor::Person(by.id))?;
        let Doing { mut tx, people } = self.begin_together(by, people).await?;
        let mut rows: Vec<(AssignmentId, PersonId)> = Vec::new();
        for person in people {
            if !find_given(&mut tx, person.id).await?.contains(programme.as_str()) {
                rows.push((AssignmentId(self.new_id(since.recorded_at)), person.id));
            }
        }
        if rows.is_empty() {
            return Err(TogetherError::Nobody);
        }
        let recorded_by = since.by.to_string();
        insert_all!(tx, INSERT_ASSIGNMENTS, 6, &rows, |query, row| query
            .bind(row.0)
            .bind(programme.as_str())
            .bind(row.1)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(&recorded_by))?;
        let id = TogetherId(self.new_id(since.recorded_at));
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| id.0).collect();
        note_together(&mut tx, id, Together::Assign, since.recorded_at, by.id, &ids).await?;
        let acts: Vec<_> = rows
            .iter()
            .map(|(id, person)| {
                let said = Said::Assigned { programme: programme.as_str().to_owned(), to: AssignedTo::Person(*person) };
                self.act_since(*person, since).saying(said, Row::of("assignment", id))
            })
            .collect();
        self.seal(tx, acts).await?;
        Ok(DidTogether { id, done: rows.len() })
    }
}

/// The programmes that are given to somebody by themselves.
async fn find_given(on_what: &mut impl Linked, person: PersonId) -> Result<BTreeSet<String>, StoreError> {
    let given: Vec<String> =
        on!(on_what.link(), conn => sqlx::query_scalar(FIND_GIVEN).bind(person).fetch_all(conn).await)?;
    Ok(given.into_iter().collect())
}
