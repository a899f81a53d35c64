use std::collections::BTreeSet;

use super::{
    lead_workshop::{Led, NotLed},
    workshop::{Workshop, find_workshop},
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{PersonId, WorkshopId, name_key},
    people::{ListedPerson, PeoplePage, Person},
    record::Actor,
    store::{Linked as _, StoreError, change, on},
};

/// Those who may come to a workshop and have not signed in, as whoever leads it sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The workshop.
    pub workshop: Workshop,
    /// The title of its module.
    pub title: String,
    /// Those who are wanted of them: first those of whom the module is wanted, each by name.
    pub people: Vec<ListedPerson>,
    /// How many fit what was asked for.
    pub of: usize,
}

/// Which of them are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    /// Those in whose names this stands somewhere; the first [`PeoplePage::MOST`] where they are more. Empty: anybody.
    Named(&'a str),
    /// Those of these who are among them.
    These(&'a [PersonId]),
}

/// Why nobody was signed in. Nothing has been written of anybody.
#[derive(Debug, thiserror::Error)]
pub enum SignInForError {
    /// It is not theirs to lead, or nobody was chosen, or too many.
    #[error(transparent)]
    NotLed(#[from] NotLed),
    /// Its day has not come, it is more than a week over, or it was called off.
    #[error("people are signed in on the day, and within a week of its beginning")]
    NotNow,
    /// Somebody who was chosen is not theirs to look after (oneself, too), or what is worked through is not for them.
    #[error("one of these is not yours to look after, or what the workshop is about is written for others")]
    NotExpected,
    /// Somebody who was chosen did not belong to the group that the workshop is for, or to one below it, on its day.
    #[error("the workshop is for a group, and one of these was not in it on that day")]
    NotOfGroup,
    /// The module has been withdrawn, or its author no longer lets a workshop count.
    #[error("no workshop counts for this module any more")]
    NoSuchModule,
    /// The database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for SignInForError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const INSERT_SIGN_IN: &str = "INSERT INTO workshop_sign_in (workshop_id, person_id, signed_in_at, recorded_by) SELECT $1, $2, $3, $4 \
     WHERE NOT EXISTS (SELECT 1 FROM workshop_sign_in s WHERE s.workshop_id = $1 AND s.person_id = $2)";

const FIND_THERE: &str = "SELECT person_id FROM workshop_sign_in WHERE workshop_id = $1";

impl Engine {
    /// Whoever leads a workshop signs people in who cannot type its code: on its day and as long as it is said who was there, of those whom it is for on its day, of whom they may give
    /// programmes to at that moment, and never themselves. Their sign-ins say by whom, and so do their passes. Like a code that was typed it counts for nothing until whoever leads
    /// it says that they were there. Who has signed in already stays as they are. Says how many were signed in.
    ///
    /// # Errors
    /// [`SignInForError`]; nothing has been written of anybody.
    pub async fn sign_in_for(&self, by: &Person, id: WorkshopId, people: &[PersonId]) -> Result<u64, SignInForError> {
        let Led { mut tx, workshop, theirs, now } = self.lead(by, id, people).await?;
        if !workshop.signs_in_at(now) {
            return Err(SignInForError::NotNow);
        }
        let theirs = theirs.ok_or(SignInForError::NotExpected)?;
        let actor = Actor::Person(by.id).to_string();
        let mut signed_in = 0;
        for person in theirs {
            let situation = self.situation_on(&mut tx, person.id).await?;
            let module = situation.catalogue().modules.get(&workshop.module).filter(|module| module.has_workshops());
            let module = module.ok_or(SignInForError::NoSuchModule)?;
            if !situation.is_theirs(&situation.person()?, &**module) {
                return Err(SignInForError::NotExpected);
            }
            if !workshop.is_for(&situation.dossier.facts) {
                return Err(SignInForError::NotOfGroup);
            }
            signed_in +=
                change!(tx, sqlx::query(INSERT_SIGN_IN).bind(workshop.id).bind(person.id).bind(now).bind(&actor))?;
        }
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Those whom whoever leads a workshop can sign in: of the group that it is for, on its day, or of everybody, whom they may give programmes to, to whom the module is open, and who have not
    /// signed in.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such workshop, somebody else leads it, nobody is signed in to it now, or its module has been withdrawn.
    pub async fn expected_at(&self, reader: &Person, id: WorkshopId, among: Among<'_>) -> Looked<Expected> {
        let mut conn = self.store.read().await?;
        let workshop = find_workshop(&mut conn, id).await?.filter(|workshop| workshop.leader == Some(reader.id));
        let workshop = workshop.filter(|workshop| workshop.signs_in_at(self.clock.now())).ok_or(Refused::NotFound)?;
        let there: Vec<PersonId> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_THERE).bind(id).fetch_all(conn).await)?;
        drop(conn);
        let there: BTreeSet<PersonId> = there.into_iter().collect();
        let group = workshop.group.map(|group| (group, workshop.day()));
        let mut people = self.who_may_come(reader, &workshop.module, group).await?;
        people.retain(|person| !there.contains(&person.id));
        let of = match among {
            Among::Named(find) => {
                let wanted = name_key(find);
                people.retain(|person| name_key(&person.name).contains(&wanted));
                let of = people.len();
                people.truncate(PeoplePage::MOST);
                of
            }
            Among::These(these) => {
                people.retain(|person| these.contains(&person.id));
                people.len()
            }
        };
        let module = self.catalogue().modules.get(&workshop.module).cloned().ok_or(Refused::NotFound)?;
        Ok(Expected { title: module.title.clone(), workshop, people, of })
    }
}
