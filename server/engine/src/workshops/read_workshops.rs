use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use model::ModuleSlug;

use super::workshop::{Workshop, WorkshopRow, find_workshop, workshop_columns};
use crate::{
    catalogue::Language,
    engine::{Engine, Looked, Refused},
    ground::{PersonId, WorkshopId},
    people::{Person, Right, Scope, find_in_scope},
    record::{Actor, Withdrawn, not_withdrawn, withdrawn},
    store::{Conn, Linked as _, StoreError, on},
};

/// How many are listed at most.
const MOST: i64 = 100;

/// Among how many, of all groups, are those looked for to which somebody can go: the next ones.
const MOST_COMING: i64 = 2000;

/// For so long after it began a workshop stands in lists.
const LISTED_FOR: TimeDelta = TimeDelta::days(60);

/// A workshop to come that somebody can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComingWorkshop {
    /// The workshop.
    pub workshop: Workshop,
    /// The title of its module.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// Whether they have signed in to it.
    pub signed_in: bool,
}

/// The workshops of somebody: what is said beside a module that they pass at one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWorkshops {
    /// Those of today and to come that they can go to, the next first.
    pub coming: Vec<ComingWorkshop>,
    /// Those to which they signed in and of which nobody has said yet that they were there, the latest first, while it can be said.
    pub unconfirmed: Vec<Workshop>,
}

/// When somebody passes a module at a workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtWhich<'w> {
    /// They were at this one, and whoever led it is still to say so.
    Unconfirmed(&'w Workshop),
    /// This is the next that they can go to.
    Next(&'w ComingWorkshop),
    /// None is planned for them.
    NotPlanned,
}

impl OwnWorkshops {
    /// When they pass this module at one.
    #[must_use]
    pub fn of(&self, module: &ModuleSlug) -> AtWhich<'_> {
        if let Some(was) = self.unconfirmed.iter().find(|workshop| workshop.module == *module) {
            return AtWhich::Unconfirmed(was);
        }
        self.coming.iter().find(|coming| coming.workshop.module == *module).map_or(AtWhich::NotPlanned, AtWhich::Next)
    }
}

/// A workshop as whoever leads it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedWorkshop {
    /// The workshop.
    pub workshop: Workshop,
    /// The title of its module.
    pub title: String,
    /// The name of the group that it is for. `None`: it is for everybody, or the group has ended.
    pub group: Option<String>,
    /// Who signed in, in that order. Empty in a list.
    pub there: Vec<AtWorkshop>,
    /// How many signed in.
    pub signed_in: u64,
    /// How many have a pass by it that was not withdrawn.
    pub passed: u64,
    /// Of how many who signed in it was never said that they were there.
    pub unsaid: u64,
}

/// Somebody who signed in to a workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtWorkshop {
    /// Who.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// When they signed in.
    pub at: DateTime<Utc>,
    /// Whether whoever leads it signed them in, who could not type its code.
    pub by_leader: bool,
    /// Whether they have a pass by it that was not withdrawn.
    pub passed: bool,
    /// That the pass was withdrawn that they had by it last. `None`: they have one that counts, or never had any.
    pub withdrawn: Option<Withdrawn>,
    /// Whether whoever leads it may say that they were there.
    pub theirs: bool,
    /// Whether it is said now that they were there, where they have no pass that counts.
    pub open: bool,
}

const LIST_COMING: &str = concat!(
    "SELECT ",
    workshop_columns!(),
    " FROM workshop w WHERE w.ended_at IS NULL AND w.starts_at > $1 ORDER BY w.starts_at, w.id LIMIT $2"
);

const LIST_SIGNED_IN: &str = concat!(
    "SELECT ",
    workshop_columns!(),
    " FROM workshop_sign_in s CROSS JOIN workshop w WHERE s.person_id = $1 AND w.id = s.workshop_id \
       AND w.ended_at IS NULL AND w.starts_at > $2 ORDER BY w.starts_at DESC, w.id DESC"
);

const LIST_LED: &str = concat!(
    "SELECT ",
    workshop_columns!(),
    " FROM workshop w WHERE w.recorded_by = $1 AND w.starts_at > $2 ORDER BY w.starts_at DESC, w.id DESC LIMIT $3"
);

const LIST_EVERY: &str = concat!(
    "SELECT ",
    workshop_columns!(),
    " FROM workshop w WHERE w.starts_at > $1 ORDER BY w.starts_at DESC, w.id DESC"
);

const FIND_NAME: &str = "SELECT name FROM person_detail WHERE person_id = $1";

const FIND_THERE: &str = "SELECT s.person_id, (SELECT d.name FROM person_detail d WHERE d.person_id = s.person_id), s.signed_in_at, s.recorded_by \
     FROM workshop_sign_in s WHERE s.workshop_id = $1 ORDER BY s.signed_in_at, s.person_id";

/// Every pass by a workshop, the oldest first, with what is said of it where it was withdrawn.
const FIND_PASSES: &str = "SELECT c.person_id, k.recorded_at, k.code FROM completion c LEFT JOIN correction k ON k.completion_id = c.id \
     WHERE c.workshop_id = $1 ORDER BY c.completed_at, c.id";

const COUNT_THERE: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM workshop_sign_in s WHERE s.workshop_id = $1), \
       (SELECT COUNT(*) FROM completion c WHERE c.workshop_id = $1 AND ",
    not_withdrawn!(),
    "), (SELECT COUNT(*) FROM workshop_sign_in s WHERE s.workshop_id = $1 \
          AND (SELECT COUNT(*) FROM completion c WHERE c.workshop_id = s.workshop_id AND c.person_id = s.person_id) = 0)"
);

/// Who signed in, what they are called, when, and who did so for them.
type ThereRow = (PersonId, Option<String>, DateTime<Utc>, Option<String>);

const FIND_GROUP: &str = "SELECT name FROM group_place WHERE group_id = $1 AND ends_before IS NULL";

impl Engine {
    /// The workshops of today and to come for somebody: of what is theirs, for everybody or for one of their groups.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when they have left.
    pub async fn coming_workshops(&self, person: &Person) -> Looked<Vec<ComingWorkshop>> {
        Ok(self.own_workshops(person).await?.coming)
    }

    /// The same, with those to which they signed in and of which whoever led it can still say that they were there.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when they have left.
    pub async fn own_workshops(&self, person: &Person) -> Looked<OwnWorkshops> {
        self.own_workshops_among(person, true, true).await
    }

    /// The same, asked only as far as there may be any: whether any is to come for anybody, and whether they ever signed in to one.
    pub(crate) async fn own_workshops_among(
        &self,
        person: &Person,
        coming: bool,
        signed_in: bool,
    ) -> Looked<OwnWorkshops> {
        if !coming && !signed_in {
            return Ok(OwnWorkshops::default());
        }
        let now = self.clock.now();
        let since = now - Workshop::LISTED_SINCE;
        let mut conn = self.store.read().await?;
        let rows: Vec<WorkshopRow> = if coming {
            on!(conn.link(), conn => sqlx::query_as(LIST_COMING)
                .bind(since).bind(MOST_COMING).fetch_all(conn).await)?
        } else {
            Vec::new()
        };
        let signed_in: Vec<WorkshopRow> = if signed_in {
            on!(conn.link(), conn => sqlx::query_as(LIST_SIGNED_IN)
                .bind(person.id).bind(now - Workshop::CONFIRMED_WITHIN).fetch_all(conn).await)?
        } else {
            Vec::new()
        };
        if rows.is_empty() && signed_in.is_empty() {
            return Ok(OwnWorkshops::default());
        }
        drop(conn);
        let signed_in = signed_in.into_iter().map(Workshop::try_from).collect::<Result<Vec<_>, _>>()?;
        let situation = self.situation_of(person).await?;
        let passes = |workshop: &Workshop| {
            let id = Some(workshop.id);
            situation.dossier.completions.iter().filter(move |pass| pass.workshop == id)
        };
        let catalogue = situation.catalogue();
        let mut coming = Vec::new();
        for row in rows {
            let workshop = Workshop::try_from(row)?;
            let Some(module) = catalogue.modules.get(&workshop.module) else { continue };
            let is_over = workshop.starts_at < now && !workshop.takes_code(now);
            let is_asked = workshop.is_for(&situation.dossier.facts);
            let was_there = passes(&workshop).any(|pass| pass.withdrawn.is_none());
            if !is_over && !was_there && is_asked && situation.is_theirs(person, &**module) {
                coming.push(ComingWorkshop {
                    title: module.title.clone(),
                    language: module.language,
                    signed_in: signed_in.iter().any(|theirs| theirs.id == workshop.id),
                    workshop,
                });
            }
        }
        let mut unconfirmed = signed_in;
        unconfirmed.retain(|workshop| workshop.starts_at <= now && passes(workshop).next().is_none());
        Ok(OwnWorkshops { coming, unconfirmed })
    }

    /// The workshops that somebody leads, of the last 60 days and to come, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn led_workshops(&self, leader: &Person) -> Result<Vec<LedWorkshop>, StoreError> {
        let since = self.clock.now() - LISTED_FOR;
        let mut conn = self.store.read().await?;
        let rows: Vec<WorkshopRow> = on!(conn.link(), conn => sqlx::query_as(LIST_LED)
            .bind(Actor::Person(leader.id).to_string()).bind(since).bind(MOST).fetch_all(conn).await)?;
        let mut led = Vec::with_capacity(rows.len());
        for row in rows {
            led.push(self.led(&mut conn, Workshop::try_from(row)?).await?);
        }
        Ok(led)
    }

    /// The workshops that somebody led and of which they are still to say who was there, the latest first: somebody signed in of whom they never said
    /// so, and it can still be said.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn workshops_to_confirm(&self, leader: &Person) -> Result<Vec<LedWorkshop>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let rows: Vec<WorkshopRow> = on!(conn.link(), conn => sqlx::query_as(LIST_LED)
            .bind(Actor::Person(leader.id).to_string()).bind(now - Workshop::CONFIRMED_WITHIN).bind(MOST).fetch_all(conn).await)?;
        let mut waiting = Vec::new();
        for row in rows {
            let workshop = Workshop::try_from(row)?;
            if workshop.is_confirmed_at(now) {
                waiting.push(self.led(&mut conn, workshop).await?);
            }
        }
        waiting.retain(|led| led.unsaid > 0);
        Ok(waiting)
    }

    /// Every workshop of the last 60 days and to come, the latest first, each with the name of whoever leads it, if that is kept: for the command
    /// line.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn every_workshop(&self) -> Result<Vec<(LedWorkshop, Option<String>)>, StoreError> {
        let since = self.clock.now() - LISTED_FOR;
        let mut conn = self.store.read().await?;
        let rows: Vec<WorkshopRow> =
            on!(conn.link(), conn => sqlx::query_as(LIST_EVERY).bind(since).fetch_all(conn).await)?;
        let mut every = Vec::with_capacity(rows.len());
        for row in rows {
            let led = self.led(&mut conn, Workshop::try_from(row)?).await?;
            let name: Option<String> = match led.workshop.leader {
                Some(leader) => {
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(leader).fetch_optional(conn).await)?
                }
                None => None,
            };
            every.push((led, name));
        }
        Ok(every)
    }

    /// A workshop with who signed in to it: for whoever leads it, and for administrators everywhere.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such workshop, or it is not for them.
    pub async fn workshop(&self, reader: &Person, id: WorkshopId) -> Looked<LedWorkshop> {
        let scope = Scope::of(reader, Right::Assign, self.clock.now()).ok_or(Refused::NotFound)?;
        let mut conn = self.store.read().await?;
        let workshop = find_workshop(&mut conn, id).await?.ok_or(Refused::NotFound)?;
        if workshop.leader != Some(reader.id) && !reader.looks_after_all() {
            return Err(Refused::NotFound);
        }
        let rows: Vec<ThereRow> = on!(conn.link(), conn => sqlx::query_as(FIND_THERE).bind(id).fetch_all(conn).await)?;
        let passes: Vec<(PersonId, Option<DateTime<Utc>>, Option<String>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_PASSES).bind(id).fetch_all(conn).await)?;
        let pass = |(person, at, code): (PersonId, Option<DateTime<Utc>>, Option<String>)| {
            withdrawn(at, code.as_deref()).map(|withdrawn| (person, withdrawn))
        };
        // Of several the last alone can count.
        let passes: BTreeMap<PersonId, Option<Withdrawn>> =
            passes.into_iter().map(pass).collect::<Result<_, StoreError>>()?;
        let people: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
        let theirs = if workshop.leader == Some(reader.id) {
            find_in_scope(&mut conn, &scope, &people).await?
        } else {
            Vec::new()
        };
        let now = self.clock.now();
        let there = rows.into_iter().map(|(person, name, at, signed_in_by)| {
            let withdrawn = passes.get(&person).copied().flatten();
            AtWorkshop {
                person,
                name,
                at,
                by_leader: signed_in_by.is_some(),
                passed: passes.get(&person).is_some_and(Option::is_none),
                withdrawn,
                theirs: theirs.iter().any(|one| one.id == person),
                open: workshop.is_said_of(withdrawn.map(|withdrawn| withdrawn.at), now),
            }
        });
        let there = there.collect();
        Ok(LedWorkshop { there, ..self.led(&mut conn, workshop).await? })
    }

    async fn led(&self, conn: &mut Conn, workshop: Workshop) -> Result<LedWorkshop, StoreError> {
        let (signed_in, passed, unsaid): (i64, i64, i64) =
            on!(conn.link(), conn => sqlx::query_as(COUNT_THERE).bind(workshop.id).fetch_one(conn).await)?;
        let group: Option<String> = match workshop.group {
            Some(group) => {
                on!(conn.link(), conn => sqlx::query_scalar(FIND_GROUP).bind(group).fetch_optional(conn).await)?
            }
            None => None,
        };
        let catalogue = self.catalogue();
        let module = catalogue.modules.get(&workshop.module);
        Ok(LedWorkshop {
            title: module.map_or_else(|| workshop.module.to_string(), |module| module.title.clone()),
            group,
            there: Vec::new(),
            signed_in: u64::try_from(signed_in).unwrap_or_default(),
            passed: u64::try_from(passed).unwrap_or_default(),
            unsaid: u64::try_from(unsaid).unwrap_or_default(),
            workshop,
        })
    }
}
