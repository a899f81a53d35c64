use std::sync::Arc;

use model::AgreementSlug;

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId},
    people::{ListedPerson, Person, Right, Scope, Whom},
    standing::{Cell, Situation},
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
}

/// Some of those who were asked about, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandsPage {
    /// Who of those that were looked at stands so.
    pub people: Vec<PersonStands>,
    /// How many people were looked at.
    pub looked_at: usize,
    /// After whom the next page begins. `None`: there is nobody.
    pub next: Option<PersonId>,
}

/// A page is ended with so many people on it.
const ENOUGH: usize = 50;

/// A page is ended when so many people have been looked at, however few of them stand on it.
const MOST_LOOKED_AT: usize = 1_000;

impl Engine {
    /// Who stands so with an agreement of those whose evidence somebody may see, by name: after somebody who stood last on the page before.
    /// Where each stands says `standing`, as on every other page.
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
        if !self.catalogue().agreements.contains_key(slug) {
            return Err(Refused::NotFound);
        }
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, self.clock.now()) else {
            return Ok(StandsPage::default());
        };
        let whom = group.map_or(Whom::Here, Whom::In);
        let mut found = StandsPage { next: after, ..StandsPage::default() };
        loop {
            let page = self.people_in(&scope, whom, found.next).await?;
            for person in page.people {
                found.looked_at += 1;
                found.next = Some(person.id);
                let situation = self.situation(person.id).await?;
                found.people.extend(stands(&situation, slug, who, person));
                if found.people.len() >= ENOUGH {
                    return Ok(found);
                }
            }
            found.next = page.next;
            if found.next.is_none() || found.looked_at >= MOST_LOOKED_AT {
                return Ok(found);
            }
        }
    }
}

fn stands(situation: &Situation, slug: &AgreementSlug, who: WhoStands, person: ListedPerson) -> Option<PersonStands> {
    let cell = situation.agreement_cell(slug);
    let is_asked = cell.wanted.is_some();
    let is_so = match who {
        WhoStands::Signed => cell.counts.is_some(),
        WhoStands::NotSigned => cell.counts.is_none() && is_asked,
        WhoStands::NotAsked => cell.counts.is_none() && !is_asked,
    };
    let agreement = situation.catalogue().agreements.get(slug)?;
    let is_ready = agreement.requires.iter().all(|module| situation.module_cell(module).counts.is_some());
    is_so.then_some(PersonStands { person, cell, is_ready })
}
