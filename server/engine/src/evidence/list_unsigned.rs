use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use model::AgreementSlug;

use crate::{
    catalogue::{Agreement, Shelf},
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, aside, local_date},
    people::{ListedPerson, Person, Reached, Right, Scope},
    record::{Decline, Everybody, Kept, Thing},
    standing::{Cell, Issued, Look, Situation},
};

/// Where people stand with an agreement, so far as that is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhoStands {
    /// Those who are asked for it and have no signature that counts.
    #[default]
    NotSigned,
    /// Those whom nobody asks for it and who have not signed it.
    NotAsked,
    /// Those whose signature counts.
    Signed,
}

/// Somebody, and where they stand with an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonStands {
    /// Who.
    pub person: ListedPerson,
    /// Where they stand, as every page says it.
    pub cell: Arc<Cell>,
    /// Whether everything that the agreement requires is passed.
    pub is_ready: bool,
    /// What they declined of it, where they have not signed since.
    pub declined: Option<Decline>,
}

/// Some of those who were asked about, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandsPage {
    /// Who of those that were looked at stands so; at most [`StandsPage::MOST`].
    pub people: Vec<PersonStands>,
    /// How many people were looked at: all of those who are in scope, or in the group.
    pub looked_at: usize,
    /// How many of them stand so, on this page and on all others.
    pub total: usize,
    /// After whom the next page begins. `None`: this is the last.
    pub next: Option<PersonId>,
}

impl StandsPage {
    /// How many people stand on a page at most.
    pub const MOST: usize = 50;
}

impl Engine {
    /// Who stands so with an agreement of those whose evidence somebody may see, by name: after somebody who stood last on the page before.
    /// Where each stands says `standing`, as on every other page, from what the board keeps in memory of everybody.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such agreement, or `after` is nobody.
    pub async fn list_unsigned(
        &self,
        reader: &Person,
        slug: &AgreementSlug,
        who: WhoStands,
        group: Option<GroupId>,
        after: Option<PersonId>,
    ) -> Looked<StandsPage> {
        let asked = self.stands_query(slug, who, group).await?;
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, asked.now) else {
            return Ok(StandsPage::default());
        };
        let reached = scope.reached(&mut self.store.read().await?).await?;
        aside(move || asked.page(&reached, after, StandsPage::MOST)).await
    }

    /// All of them to be taken away, as `written` writes them. That they were taken out is an entry of the signed log, with the digest of what was
    /// given and about how many people. What could not be written is given back as `written` says it, and nothing is noted.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may see nobody's evidence but their own; [`Refused::NotFound`] when there is no such agreement;
    /// [`Refused::Internal`] also when the log takes nothing: then nothing is given.
    pub async fn export_unsigned<E: Send + 'static>(
        &self,
        reader: &Person,
        slug: &AgreementSlug,
        who: WhoStands,
        group: Option<GroupId>,
        written: impl FnOnce(&StandsPage) -> Result<Vec<u8>, E> + Send + 'static,
    ) -> Looked<Result<Vec<u8>, E>> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        let scope = scope.ok_or(Refused::NotForYou)?;
        let asked = self.stands_query(slug, who, group).await?;
        let reached = scope.reached(&mut self.store.read().await?).await?;
        let made = aside(move || {
            let page = asked.page(&reached, None, usize::MAX)?;
            let people: Vec<PersonId> = page.people.iter().map(|one| one.person.id).collect();
            Ok::<_, Refused>((written(&page), people))
        });
        let (bytes, people) = match made.await? {
            (Ok(bytes), people) => (bytes, people),
            (Err(error), _) => return Ok(Err(error)),
        };
        self.note_export(reader, &bytes, people).await?;
        Ok(Ok(bytes))
    }

    async fn stands_query(&self, slug: &AgreementSlug, who: WhoStands, group: Option<GroupId>) -> Looked<StandsQuery> {
        let now = self.clock.now();
        let everybody = self.everybody_now().await?;
        let shelf = self.shelf();
        let agreement = shelf.current.agreements.get(slug).cloned().ok_or(Refused::NotFound)?;
        Ok(StandsQuery { everybody, shelf, agreement, who, group, now })
    }
}

/// What is asked, and of whom.
struct StandsQuery {
    everybody: Arc<Everybody>,
    shelf: Arc<Shelf>,
    agreement: Arc<Agreement>,
    who: WhoStands,
    group: Option<GroupId>,
    now: DateTime<Utc>,
}

impl StandsQuery {
    fn page(&self, reached: &Reached, after: Option<PersonId>, most: usize) -> Looked<StandsPage> {
        let today = local_date(self.now);
        let inside = self.group.map(|group| self.everybody.places().below(group, today));
        let is_wanted = |kept: &&Arc<Kept>| {
            let is_inside = |inside: &BTreeSet<GroupId>| {
                // Whoever is to begin is a member before their first day.
                let first = kept.facts.stays.iter().map(|stay| stay.begins_on).min();
                let day = first.map_or(today, |first| first.max(today));
                let memberships = kept.facts.memberships.iter();
                let mut held = memberships.filter(|fact| fact.holds(day, DateTime::<Utc>::MAX_UTC));
                held.any(|fact| inside.contains(&fact.what))
            };
            reached.sees(&kept.facts, false) && inside.as_ref().is_none_or(is_inside)
        };
        let mut people: Vec<&Arc<Kept>> = self.everybody.people().flatten().filter(is_wanted).collect();
        people.sort_by(|one, other| (&one.name_key, one.facts.id).cmp(&(&other.name_key, other.facts.id)));
        let looked_at = people.len();
        let issued = Issued::at(&self.shelf, self.now);
        let stand = people.into_iter().filter_map(|kept| self.stands(kept, &issued)).collect::<Vec<_>>();
        let first = match after {
            None => 0,
            Some(after) => {
                let mut everybody = self.everybody.people().flatten();
                let last = everybody.find(|kept| kept.facts.id == after).ok_or(Refused::NotFound)?;
                stand.partition_point(|(key, one)| (*key, one.person.id) <= (last.name_key.as_str(), after))
            }
        };
        let total = stand.len();
        let people: Vec<_> = stand.into_iter().skip(first).take(most).map(|(_, one)| one).collect();
        let is_last = first + people.len() >= total;
        let next = people.last().map(|last| last.person.id).filter(|_| !is_last);
        Ok(StandsPage { people, looked_at, total, next })
    }

    /// Where somebody stands, with what their name is put in order by. `None`: not so as is asked.
    fn stands<'k>(&self, kept: &'k Arc<Kept>, issued: &Issued) -> Option<(&'k str, PersonStands)> {
        let now = kept.last_recorded.map_or(self.now, |last| last.max(self.now));
        let (shelf, known) = (Arc::clone(&self.shelf), DateTime::<Utc>::MAX_UTC);
        let situation = Situation::new(Arc::clone(kept), shelf, Some(issued), now, known, Look::Now);
        let cell = situation.decide(&Thing::Agreement(self.agreement.slug.clone()));
        let is_asked = cell.wanted.is_some();
        let is_so = match self.who {
            WhoStands::Signed => cell.counts.is_some(),
            WhoStands::NotSigned => cell.counts.is_none() && is_asked,
            WhoStands::NotAsked => cell.counts.is_none() && !is_asked,
        };
        if !is_so {
            return None;
        }
        let is_passed = |module: &model::ModuleSlug| situation.decide(&Thing::Module(module.clone())).counts.is_some();
        let is_ready = self.agreement.requires.iter().all(is_passed);
        let person = ListedPerson { id: kept.facts.id, name: kept.facts.name.clone() };
        let declined = situation.declined(&self.agreement.slug).cloned();
        Some((&kept.name_key, PersonStands { person, cell: Arc::new(cell), is_ready, declined }))
    }
}
