use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{PersonId, TogetherId},
    people::{Person, Right, Scope, Together, find_in_scope, find_together, scope_tree},
    record::Thing,
    store::{Linked as _, StoreError, on},
};

/// What was done to several people at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneTogether {
    /// Which.
    pub id: TogetherId,
    /// What.
    pub kind: Together,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it. `None`: whoever is looking.
    pub by: Option<String>,
    /// To whom, by name, so far as they are still in the scope of whoever is looking.
    pub people: Vec<DoneTo>,
    /// To how many others.
    pub others: usize,
}

/// Something that was done to several people at once, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTogether {
    /// Which.
    pub id: TogetherId,
    /// What.
    pub kind: Together,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it. `None`: whoever is looking. Empty: their name has been erased.
    pub by: Option<String>,
    /// To how many people.
    pub people: u32,
    /// Of how many it has not been taken back; of what can be taken back alone.
    pub open: u32,
    /// The title of the programme, module or agreement. `None`: it is about several.
    pub what: Option<String>,
}

/// Some of what was done to several people at once, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TogetherPage {
    /// At most [`TogetherPage::MOST`].
    pub listed: Vec<ListedTogether>,
    /// Which page this is, from 0 on.
    pub page: u32,
    /// Whether another follows.
    pub has_next: bool,
    /// Whether it is what everybody did, and not what the reader did alone.
    pub of_everybody: bool,
}

impl TogetherPage {
    /// How many stand on a page.
    pub const MOST: usize = 25;
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
    /// The first day for which it was not given. `None`: it was given for good.
    pub given_before: Option<NaiveDate>,
}

const FIND_ASSIGNED: &str = "SELECT a.person_id, COALESCE(d.name, ''), 'programme', a.programme, a.begins_on, a.ends_before, NULL \
     FROM done_together_row r CROSS JOIN assignment a LEFT JOIN person_detail d ON d.person_id = a.person_id \
     WHERE r.done_id = $1 AND a.id = r.row_id ORDER BY d.name_key, a.person_id";

const FIND_EXEMPTED: &str = "SELECT e.person_id, COALESCE(d.name, ''), e.kind, e.slug, e.begins_on, e.ends_before, e.given_before \
     FROM done_together_row r CROSS JOIN exemption e LEFT JOIN person_detail d ON d.person_id = e.person_id \
     WHERE r.done_id = $1 AND e.id = r.row_id ORDER BY d.name_key, e.person_id";

const FIND_ALLOWED: &str = "SELECT g.person_id, COALESCE(d.name, ''), 'module', t.module, NULL, NULL, NULL \
     FROM done_together_row r CROSS JOIN attempts_given g CROSS JOIN tutor_task t \
     LEFT JOIN person_detail d ON d.person_id = g.person_id \
     WHERE r.done_id = $1 AND g.id = r.row_id AND t.id = g.task_id ORDER BY d.name_key, g.person_id";

const FIND_REMINDED: &str = "SELECT m.person_id, COALESCE(d.name, ''), m.kind, m.slug, m.planned_on, NULL, NULL \
     FROM done_together_row r CROSS JOIN reminder m LEFT JOIN person_detail d ON d.person_id = m.person_id \
     WHERE r.done_id = $1 AND m.id = r.row_id ORDER BY d.name_key, m.person_id, m.place";

/// A page of what was done together: to how many, how many of the rows have not ended, and what they are about, where all are about one.
/// `CROSS JOIN` has SQLite go from the few to the many.
macro_rules! list_together {
    ($whose:literal) => {
        concat!(
            "SELECT t.id, t.kind, t.recorded_at, t.person_id, COALESCE((SELECT n.name FROM person_detail n WHERE n.person_id = t.person_id), ''), \
               CASE t.kind \
                 WHEN 'assignment' THEN (SELECT COUNT(DISTINCT a.person_id) FROM done_together_row r CROSS JOIN assignment a \
                   WHERE r.done_id = t.id AND a.id = r.row_id) \
                 WHEN 'exemption' THEN (SELECT COUNT(DISTINCT e.person_id) FROM done_together_row r CROSS JOIN exemption e \
                   WHERE r.done_id = t.id AND e.id = r.row_id) \
                 WHEN 'attempts_given' THEN (SELECT COUNT(DISTINCT g.person_id) FROM done_together_row r CROSS JOIN attempts_given g \
                   WHERE r.done_id = t.id AND g.id = r.row_id) \
                 ELSE (SELECT COUNT(DISTINCT m.person_id) FROM done_together_row r CROSS JOIN reminder m \
                   WHERE r.done_id = t.id AND m.id = r.row_id) END, \
               CASE t.kind \
                 WHEN 'assignment' THEN (SELECT COUNT(*) FROM done_together_row r CROSS JOIN assignment a \
                   WHERE r.done_id = t.id AND a.id = r.row_id AND a.ends_before IS NULL) \
                 WHEN 'exemption' THEN (SELECT COUNT(*) FROM done_together_row r CROSS JOIN exemption e \
                   WHERE r.done_id = t.id AND e.id = r.row_id AND e.ends_before IS NULL) \
                 ELSE 0 END, \
               CASE t.kind \
                 WHEN 'assignment' THEN (SELECT MIN('programme ' || a.programme) FROM done_together_row r CROSS JOIN assignment a \
                   WHERE r.done_id = t.id AND a.id = r.row_id) \
                 WHEN 'exemption' THEN (SELECT MIN(e.kind || ' ' || e.slug) FROM done_together_row r CROSS JOIN exemption e \
                   WHERE r.done_id = t.id AND e.id = r.row_id) END \
             FROM done_together t WHERE ",
            $whose,
            " ORDER BY t.recorded_at DESC, t.id DESC LIMIT 26 OFFSET $4"
        )
    };
}

/// What somebody did. The duties of $1 on $2 by the roles $3 count for nothing, so that both statements take the same.
const LIST_OWN: &str = concat!(scope_tree!(), list_together!("t.person_id = $1"));

/// What everybody did, for whoever looks after everybody.
const LIST_ALL: &str = concat!(scope_tree!(), list_together!("EXISTS (SELECT 1 FROM held WHERE group_id IS NULL)"));

/// Which, kind, time, by whom, their name, to how many people, rows that have not ended, kind and name of what it is about.
type ListedRow = (TogetherId, String, DateTime<Utc>, PersonId, String, i64, i64, Option<String>);

/// Person, name, kind and name of what it is about, first day, end, end that was given with it.
type DoneRow = (PersonId, String, String, String, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);

impl Engine {
    /// What was done to several people at once, the latest first: what somebody did themselves, and to whoever looks after everybody what all
    /// did. `page` is counted from 0.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when it is not for them to do such things.
    pub async fn all_done_together(&self, by: &Person, page: u32) -> Looked<TogetherPage> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        let of_everybody = scope.reached(&mut conn).await?.is_everywhere();
        let list = if of_everybody { LIST_ALL } else { LIST_OWN };
        let most = i64::try_from(TogetherPage::MOST).unwrap_or(i64::MAX);
        let rows: Vec<ListedRow> = on!(conn.link(), conn => sqlx::query_as(list)
            .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).bind(i64::from(page) * most)
            .fetch_all(conn).await)?;
        let has_next = rows.len() > TogetherPage::MOST;
        let listed = rows.into_iter().take(TogetherPage::MOST).map(|(id, kind, at, who, name, people, open, what)| {
            let what = what.as_deref().and_then(|what| what.split_once(' '));
            Ok(ListedTogether {
                id,
                kind: Together::parse(&kind).ok_or_else(|| StoreError::unreadable("what was done together"))?,
                at,
                by: (who != by.id).then_some(name),
                people: u32::try_from(people).unwrap_or(u32::MAX),
                open: u32::try_from(open).unwrap_or(u32::MAX),
                what: what.map(|(kind, slug)| self.title_of(kind, slug)),
            })
        });
        Ok(TogetherPage { listed: listed.collect::<Result<_, StoreError>>()?, page, has_next, of_everybody })
    }

    /// What was done to several people at once, for whoever did it and for whoever looks after everybody. Of people who are no longer theirs
    /// it says no more than how many they are.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when it is neither's; [`Refused::NotForYou`] when it is not for them to do such things.
    pub async fn done_together(&self, by: &Person, id: TogetherId) -> Looked<DoneTogether> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        let found = find_together(&mut conn, &scope, id).await?.ok_or(Refused::NotFound)?;
        let find = match found.kind {
            Together::Assign => FIND_ASSIGNED,
            Together::Exempt => FIND_EXEMPTED,
            Together::GiveAttempts => FIND_ALLOWED,
            Together::Remind => FIND_REMINDED,
        };
        let rows: Vec<DoneRow> = on!(conn.link(), conn => sqlx::query_as(find).bind(id).fetch_all(conn).await)?;
        let all: BTreeSet<PersonId> = rows.iter().map(|(person, ..)| *person).collect();
        let theirs = find_in_scope(&mut conn, &scope, &all.iter().copied().collect::<Vec<_>>()).await?;
        let theirs: BTreeSet<PersonId> = theirs.into_iter().map(|listed| listed.id).collect();
        let people = rows.into_iter().filter(|(person, ..)| theirs.contains(person));
        let people = people.map(|(person, name, kind, slug, begins_on, ended_on, given_before)| DoneTo {
            person,
            name,
            what: self.title_of(&kind, &slug),
            begins_on,
            ended_on,
            given_before,
        });
        Ok(DoneTogether {
            id,
            kind: found.kind,
            at: found.at,
            by: (found.by != by.id).then_some(found.by_name),
            people: people.collect(),
            others: all.len() - theirs.len(),
        })
    }

    /// What a programme, a module or an agreement is called; its name in addresses where nothing of it is published any more.
    fn title_of(&self, kind: &str, slug: &str) -> String {
        let shelf = self.shelf();
        let found = match Thing::parse(kind, slug) {
            Some(Thing::Module(module)) => shelf.modules.get(&module).map(|history| history.title.clone()),
            Some(Thing::Agreement(agreement)) => shelf.agreements.get(&agreement).map(|history| history.title.clone()),
            None => {
                let programmes = &shelf.current.programmes;
                programmes.iter().find(|other| other.slug.as_str() == slug).map(|other| other.title.clone())
            }
        };
        found.unwrap_or_else(|| slug.to_owned())
    }
}
