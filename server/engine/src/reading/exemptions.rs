use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{ExemptionId, PersonId},
    people::{Person, Right, Scope, is_in_scope},
    record::{Thing, name_of_actor},
    store::{Linked as _, StoreError, on},
};

/// That somebody is excused from something, as whoever may excuse them sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedExemption {
    /// Its id.
    pub id: ExemptionId,
    /// From what.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// Why. `None`: the reason has been erased.
    pub reason: Option<String>,
    /// From which day on.
    pub begins_on: NaiveDate,
    /// The first day on which it no longer holds. `None`: it was given for good.
    pub given_before: Option<NaiveDate>,
    /// When it was given.
    pub recorded_at: DateTime<Utc>,
    /// Who gave it. `None`: nobody who is signed in, or their name has been erased.
    pub by: Option<String>,
}

const FIND_EXEMPTIONS: &str = "SELECT e.id, e.kind, e.slug, e.given_before, e.begins_on, e.recorded_at, e.recorded_by, r.reason \
     FROM exemption e LEFT JOIN exemption_reason r ON r.exemption_id = e.id \
     WHERE e.person_id = $1 AND e.ends_before IS NULL AND (e.given_before IS NULL OR e.given_before > $2) \
     ORDER BY e.recorded_at DESC, e.id DESC";

#[derive(sqlx::FromRow)]
struct ExemptionRow {
    id: ExemptionId,
    kind: String,
    slug: String,
    given_before: Option<NaiveDate>,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
    reason: Option<String>,
}

impl Engine {
    /// From what somebody is excused or is to be, and what they can be excused from, with their name: for whoever may do it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person, or it is not for this reader to excuse them.
    pub async fn exemptions_of(
        &self,
        reader: &Person,
        person: PersonId,
    ) -> Looked<(String, Vec<ListedExemption>, Vec<(Thing, String)>)> {
        let scope = Scope::of(reader, Right::Assign, self.clock.now()).ok_or(Refused::NotFound)?;
        let mut conn = self.store.read().await?;
        if !is_in_scope(&mut conn, &scope, person).await? {
            return Err(Refused::NotFound);
        }
        let situation = self.situation_on(&mut conn, person).await?;
        let rows: Vec<ExemptionRow> = on!(conn.link(), conn => sqlx::query_as(FIND_EXEMPTIONS)
            .bind(person).bind(situation.today).fetch_all(conn).await)?;
        let mut exemptions = Vec::new();
        for row in rows {
            let thing = Thing::parse(&row.kind, &row.slug).ok_or_else(|| StoreError::unreadable("exemption"))?;
            exemptions.push(ListedExemption {
                id: row.id,
                title: situation.title(&thing),
                thing,
                reason: row.reason,
                begins_on: row.begins_on,
                given_before: row.given_before,
                recorded_at: row.recorded_at,
                by: name_of_actor(&mut conn, &row.recorded_by).await?,
            });
        }
        drop(conn);
        self.note_look_at(reader, person, "record".to_owned()).await?;
        let asked = situation.things().into_iter().filter(|thing| situation.is_in_force(thing));
        let things = asked.map(|thing| (thing.clone(), situation.title(&thing))).collect();
        Ok((situation.dossier.facts.name.clone(), exemptions, things))
    }
}
