use std::sync::Arc;

use chrono::TimeDelta;
use model::ModuleSlug;

use crate::{
    catalogue::{Language, Module},
    engine::{Engine, Looked, Refused},
    ground::{DiscussionId, PersonId},
    people::{Person, Right, Scope, find_in_scope},
    record::{Actor, Discussion, DiscussionRow, discussion_columns, find_discussions, name_tutors},
    store::{Conn, Linked, StoreError, on},
};

/// How many are listed at most.
const MOST: i64 = 200;

/// For so long after it was marked as held a discussion stands in the list of whoever held it.
const LISTED_FOR: TimeDelta = TimeDelta::days(60);

/// For so long whoever held a discussion is told on their own page that it was denied.
const TOLD_FOR: TimeDelta = TimeDelta::days(14);

/// A discussion as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDiscussion {
    /// The discussion, with the name of the tutor.
    pub discussion: Discussion,
    /// The name of whom it was with. `None`: it has been let go of.
    pub name: Option<String>,
    /// The title of its module.
    pub title: String,
    /// The language of that title.
    pub language: Language,
}

/// The discussions with somebody, for whoever may hold one with them.
#[derive(Clone, Debug)]
pub struct DiscussionsWith {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Those that were held, the newest first.
    pub held: Vec<ListedDiscussion>,
    /// The modules that can be worked through with them, by title.
    pub modules: Vec<Arc<Module>>,
}

const FIND_DISCUSSION: &str = concat!("SELECT ", discussion_columns!(), " WHERE d.id = $1");

const LIST_HELD: &str = concat!(
    "SELECT ",
    discussion_columns!(),
    " WHERE d.recorded_by = $1 AND d.recorded_at > $2 ORDER BY d.recorded_at DESC, d.id DESC LIMIT $3"
);

/// The discussion of that id, without the name of the tutor. `None`: there is none.
pub(super) async fn find_discussion(
    on_what: &mut impl Linked,
    id: DiscussionId,
) -> Result<Option<Discussion>, StoreError> {
    let row: Option<DiscussionRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_DISCUSSION).bind(id).fetch_optional(conn).await)?;
    row.map(Discussion::try_from).transpose()
}

impl Engine {
    /// The modules that can be worked through side by side, for whoever may do so with anybody, by title.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may do so with nobody.
    pub fn run_sheets(&self, reader: &Person) -> Looked<Vec<Arc<Module>>> {
        Scope::of(reader, Right::Assign, self.clock.now()).ok_or(Refused::NotForYou)?;
        Ok(self.side_by_side(|_| true))
    }

    /// The module whose run sheet is asked for, likewise.
    ///
    /// # Errors
    /// [`Refused::NotForYou`], as [`Engine::run_sheets`]; [`Refused::NotFound`] when its author does not have it worked through so.
    pub fn run_sheet(&self, reader: &Person, slug: &ModuleSlug) -> Looked<Arc<Module>> {
        Scope::of(reader, Right::Assign, self.clock.now()).ok_or(Refused::NotForYou)?;
        let module = self.catalogue().modules.get(slug).cloned().filter(|module| !module.side_by_side.is_empty());
        module.ok_or(Refused::NotFound)
    }

    fn side_by_side(&self, wanted: impl Fn(&Module) -> bool) -> Vec<Arc<Module>> {
        let catalogue = self.catalogue();
        let modules = catalogue.modules.values().filter(|module| !module.side_by_side.is_empty() && wanted(module));
        let mut modules: Vec<_> = modules.cloned().collect();
        modules.sort_by(|one, other| one.title.cmp(&other.title));
        modules
    }

    /// The discussions with somebody, and what can be worked through with them: for whoever may give them programmes.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person, they have left, or are not in scope: nobody is in their own.
    pub async fn discussions_with(&self, reader: &Person, person: PersonId) -> Looked<DiscussionsWith> {
        let scope = Scope::of(reader, Right::Assign, self.clock.now()).ok_or(Refused::NotFound)?;
        let mut conn = self.store.read().await?;
        let theirs = find_in_scope(&mut conn, &scope, &[person]).await?.pop().ok_or(Refused::NotFound)?;
        let held = find_discussions(&mut conn, person).await?;
        let held = self.listed(&mut conn, held).await?;
        let situation = self.situation_on(&mut conn, person).await?;
        let them = situation.person()?;
        let modules = self.side_by_side(|module| situation.is_theirs(&them, module));
        drop(conn);
        self.note_look_at(reader, person, "record".to_owned()).await?;
        Ok(DiscussionsWith { person, name: theirs.name, held, modules })
    }

    /// The discussions of the last 60 days that somebody marked as held, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn discussions_held(&self, tutor: &Person) -> Result<Vec<ListedDiscussion>, StoreError> {
        let since = self.clock.now() - LISTED_FOR;
        let mut conn = self.store.read().await?;
        let rows: Vec<DiscussionRow> = on!(conn.link(), conn => sqlx::query_as(LIST_HELD)
            .bind(Actor::Person(tutor.id).to_string()).bind(since).bind(MOST).fetch_all(conn).await)?;
        let held = rows.into_iter().map(Discussion::try_from).collect::<Result<_, _>>()?;
        self.listed(&mut conn, held).await
    }

    /// The discussions that somebody marked as held and of which the other said within the last fortnight that they were not, the newest first.
    /// Where they have marked another of the same module with the same person since, that one tells.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn discussions_denied(&self, tutor: &Person) -> Result<Vec<ListedDiscussion>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let rows: Vec<DiscussionRow> = on!(conn.link(), conn => sqlx::query_as(LIST_HELD)
            .bind(Actor::Person(tutor.id).to_string()).bind(now - Discussion::ANSWERED_WITHIN - TOLD_FOR).bind(MOST)
            .fetch_all(conn).await)?;
        let held: Vec<Discussion> = rows.into_iter().map(Discussion::try_from).collect::<Result<_, _>>()?;
        let is_denied = |one: &Discussion| one.answer.is_some_and(|(held, at)| !held && now < at + TOLD_FOR);
        let of_the_same =
            |one: &Discussion, newer: &Discussion| one.person == newer.person && one.module == newer.module;
        let denied = held.iter().enumerate();
        let denied =
            denied.filter(|(place, one)| is_denied(one) && !held[..*place].iter().any(|newer| of_the_same(one, newer)));
        let denied = denied.map(|(_, one)| one.clone()).collect();
        self.listed(&mut conn, denied).await
    }

    /// The discussions of which somebody is asked whether they were held, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn discussions_to_answer(&self, person: &Person) -> Result<Vec<ListedDiscussion>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let mut held = find_discussions(&mut conn, person.id).await?;
        held.retain(|one| one.waits_at(now));
        self.listed(&mut conn, held).await
    }

    /// A discussion: for whom it was with, and for whoever held it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such discussion, or it is not theirs.
    pub async fn discussion(&self, reader: &Person, id: DiscussionId) -> Looked<ListedDiscussion> {
        let mut conn = self.store.read().await?;
        let found = find_discussion(&mut conn, id).await?;
        let found = found.filter(|one| one.person == reader.id || one.tutor == Some(reader.id));
        let found = found.ok_or(Refused::NotFound)?;
        self.listed(&mut conn, vec![found]).await?.pop().ok_or(Refused::NotFound)
    }

    async fn listed(&self, conn: &mut Conn, mut held: Vec<Discussion>) -> Result<Vec<ListedDiscussion>, StoreError> {
        let names = name_tutors(conn, &mut held).await?;
        let mut listed = Vec::with_capacity(held.len());
        for discussion in held {
            let name = names.get(&discussion.person).cloned();
            let module = self.module_version(conn, &discussion.module, discussion.version).await?;
            listed.push(ListedDiscussion { discussion, name, title: module.title.clone(), language: module.language });
        }
        Ok(listed)
    }
}
