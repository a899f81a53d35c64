use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{PersonId, TogetherId},
    people::{Person, Together, find_together},
    record::Thing,
    store::{Linked as _, on},
};

/// What somebody did to several people at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneTogether {
    /// Which.
    pub id: TogetherId,
    /// What.
    pub kind: Together,
    /// When.
    pub at: DateTime<Utc>,
    /// To whom, by name.
    pub people: Vec<DoneTo>,
}

/// What was done to one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneTo {
    /// To whom.
    pub person: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: String,
    /// The title of the programme, module or agreement.
    pub what: String,
    /// From which day on it holds, or when they were reminded. `None`: attempts, which are given at once.
    pub begins_on: Option<NaiveDate>,
    /// The first day on which it no longer holds, where somebody has ended it.
    pub ended_on: Option<NaiveDate>,
}

const FIND_ASSIGNED: &str = "SELECT a.person_id, COALESCE(d.name, ''), 'programme', a.programme, a.begins_on, a.ends_before \
     FROM done_together_row r CROSS JOIN assignment a LEFT JOIN person_detail d ON d.person_id = a.person_id \
     WHERE r.done_id = $1 AND a.id = r.row_id ORDER BY d.name_key, a.person_id";

const FIND_EXEMPTED: &str = "SELECT e.person_id, COALESCE(d.name, ''), e.kind, e.slug, e.begins_on, e.ends_before \
     FROM done_together_row r CROSS JOIN exemption e LEFT JOIN person_detail d ON d.person_id = e.person_id \
     WHERE r.done_id = $1 AND e.id = r.row_id ORDER BY d.name_key, e.person_id";

const FIND_ALLOWED: &str = "SELECT g.person_id, COALESCE(d.name, ''), 'module', t.module, NULL, NULL \
     FROM done_together_row r CROSS JOIN attempts_given g CROSS JOIN tutor_task t \
     LEFT JOIN person_detail d ON d.person_id = g.person_id \
     WHERE r.done_id = $1 AND g.id = r.row_id AND t.id = g.task_id ORDER BY d.name_key, g.person_id";

const FIND_REMINDED: &str = "SELECT m.person_id, COALESCE(d.name, ''), m.kind, m.slug, m.planned_on, NULL \
     FROM done_together_row r CROSS JOIN reminder m LEFT JOIN person_detail d ON d.person_id = m.person_id \
     WHERE r.done_id = $1 AND m.id = r.row_id ORDER BY d.name_key, m.person_id, m.place";

/// Person, name, kind and name of what it is about, first day, end.
type DoneRow = (PersonId, String, String, String, Option<NaiveDate>, Option<NaiveDate>);

impl Engine {
    /// What somebody did to several people at once, for whoever did it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when they have done no such thing.
    pub async fn done_together(&self, by: &Person, id: TogetherId) -> Looked<DoneTogether> {
        let mut conn = self.store.read().await?;
        let (kind, at) = find_together(&mut conn, by, id).await?.ok_or(Refused::NotFound)?;
        let find = match kind {
            Together::Assign => FIND_ASSIGNED,
            Together::Exempt => FIND_EXEMPTED,
            Together::GiveAttempts => FIND_ALLOWED,
            Together::Remind => FIND_REMINDED,
        };
        let rows: Vec<DoneRow> = on!(conn.link(), conn => sqlx::query_as(find).bind(id).fetch_all(conn).await)?;
        let shelf = self.shelf();
        let title = |kind: &str, slug: &str| {
            let found = match Thing::parse(kind, slug) {
                Some(Thing::Module(module)) => shelf.modules.get(&module).map(|history| history.title.clone()),
                Some(Thing::Agreement(agreement)) => {
                    shelf.agreements.get(&agreement).map(|history| history.title.clone())
                }
                None => {
                    let programmes = &shelf.current.programmes;
                    programmes.iter().find(|other| other.slug.as_str() == slug).map(|other| other.title.clone())
                }
            };
            found.unwrap_or_else(|| slug.to_owned())
        };
        let people = rows.into_iter().map(|(person, name, kind, slug, begins_on, ended_on)| DoneTo {
            person,
            name,
            what: title(&kind, &slug),
            begins_on,
            ended_on,
        });
        Ok(DoneTogether { id, kind, at, people: people.collect() })
    }
}
