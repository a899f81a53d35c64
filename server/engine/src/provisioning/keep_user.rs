use std::collections::BTreeSet;

use super::{
    know_user_as::{UserNameError, know_user_as},
    known_people::{KnownPerson, WhichKnown, find_people},
    take_out::take_in,
};
use crate::{
    catalogue::Audience,
    engine::Engine,
    ground::{PersonId, local_date},
    log::Act,
    people::{AddPersonError, AudienceError, NewPerson, Over, PersonDetails, StayError, may_organise},
    record::{Actor, Since},
    store::{StoreError, Tx},
};

/// What somebody is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedUser {
    /// What they are called, and what they are known by.
    pub details: PersonDetails,
    /// What the directory calls them. `None`: by their address.
    pub user_name: Option<String>,
    /// As whom they are here. `None`: it is not said.
    pub audiences: Option<Vec<Audience>>,
    /// Whether they are here. `None`: it is not said.
    pub is_here: Option<bool>,
}

/// Why somebody was not made what a directory wants them to be. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum KeepUserError {
    /// It is for whoever may change everything.
    #[error("this is for an administrator of everybody to do")]
    NotTheirs,
    /// There is no such person, or the directory took them out.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They typed their address themselves: whoever typed that of another would keep their password to what its owner is from then on.
    #[error("that the address is theirs nobody says but themselves")]
    OwnWord,
    /// What they are called or known by cannot be so, or is somebody else's; or somebody new would be in no audience.
    #[error(transparent)]
    Details(#[from] AddPersonError),
    /// What the directory calls them cannot be kept, or is what it calls somebody else.
    #[error(transparent)]
    UserName(#[from] UserNameError),
    /// As whom they are here cannot be changed so.
    #[error(transparent)]
    Audience(#[from] AudienceError),
    /// They cannot leave or come back now.
    #[error(transparent)]
    Stay(#[from] StayError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl Engine {
    /// Adds somebody from today on, or takes in again whom the directory had taken out: by what it calls them, or else by their address. Somebody who
    /// is not to be here begins today and leaves today.
    ///
    /// # Errors
    /// [`KeepUserError`]; nothing has been written.
    pub async fn bring_user(&self, wanted: WantedUser, by: Actor) -> Result<PersonId, KeepUserError> {
        let since = self.since_today(by);
        let mut tx = self.store.write().await?;
        self.begin_with_users(&mut tx, since).await?;
        let email = wanted.details.email.clone().unwrap_or_default();
        let there = find_people(&mut tx, &WhichKnown::Email(email), since.begins_on).await?;
        if there.iter().any(|person| person.is_own_word) {
            return Err(KeepUserError::OwnWord);
        }
        let called = find_called(&mut tx, &wanted, since).await?;
        if called.as_ref().is_some_and(|person| !person.is_taken_out) {
            return Err(UserNameError::Taken.into());
        }
        let mut acts = Vec::new();
        // Nobody is found by the address alone who is here: an address may have been somebody else's before.
        let known = called.into_iter().chain(there).find(|person| person.is_taken_out);
        let is_new = known.is_none();
        let person = match known {
            Some(known) => {
                let wanted = WantedUser { is_here: wanted.is_here.or(Some(true)), ..wanted };
                self.change_user_on(&mut tx, &known, &wanted, since, &mut acts).await?;
                take_in(&mut tx, known.id).await?;
                known.id
            }
            None => self.add_user_on(&mut tx, wanted, since, &mut acts).await?,
        };
        self.seal(tx, acts).await?;
        if is_new {
            tracing::info!(target: "security", person = %person, %by, "a person was added");
        }
        Ok(person)
    }

    /// Makes somebody what they are to be. `wanted` says it of how they are known when it is written.
    ///
    /// # Errors
    /// [`KeepUserError`], and what `wanted` refuses; nothing has been written.
    pub async fn change_user<E: From<KeepUserError>>(
        &self,
        person: PersonId,
        by: Actor,
        wanted: impl FnOnce(KnownPerson) -> Result<WantedUser, E>,
    ) -> Result<(), E> {
        let since = self.since_today(by);
        let mut tx = self.store.write().await.map_err(KeepUserError::from)?;
        self.begin_with_users(&mut tx, since).await?;
        let found = find_people(&mut tx, &WhichKnown::Person(person), since.begins_on).await;
        let known = found.map_err(KeepUserError::from)?.into_iter().find(|person| !person.is_taken_out);
        let known = known.ok_or(KeepUserError::NoSuchPerson)?;
        let wanted = wanted(known.clone())?;
        let mut acts = Vec::new();
        self.change_user_on(&mut tx, &known, &wanted, since, &mut acts).await?;
        self.seal(tx, acts).await.map_err(KeepUserError::from)?;
        Ok(())
    }

    /// Locks the people, and refuses whoever may not change all of them.
    async fn begin_with_users(&self, tx: &mut Tx, since: Since) -> Result<(), KeepUserError> {
        tx.lock_people().await?;
        if may_organise(tx, since.by, Over::Everything, local_date(since.recorded_at)).await? {
            Ok(())
        } else {
            Err(KeepUserError::NotTheirs)
        }
    }

    async fn add_user_on(
        &self,
        tx: &mut Tx,
        wanted: WantedUser,
        since: Since,
        acts: &mut Vec<Act>,
    ) -> Result<PersonId, KeepUserError> {
        let WantedUser { details, user_name, audiences, is_here } = wanted;
        let new = NewPerson {
            name: details.name,
            email: details.email.unwrap_or_default(),
            external_id: details.external_id,
            password: None,
            start_date: since.begins_on,
            duties: Vec::new(),
            audiences: audiences.ok_or(AddPersonError::NoRole)?,
            member_of: Vec::new(),
        };
        let person = PersonId(self.new_id(since.recorded_at));
        acts.extend(self.add_person_on(tx, person, &new, since.by).await?);
        if user_name.is_some() {
            know_user_as(tx, person, user_name.as_deref()).await?;
        }
        if is_here == Some(false) {
            acts.push(self.leave_on(tx, person, since).await?);
        }
        Ok(person)
    }

    async fn change_user_on(
        &self,
        tx: &mut Tx,
        person: &KnownPerson,
        wanted: &WantedUser,
        since: Since,
        acts: &mut Vec<Act>,
    ) -> Result<(), KeepUserError> {
        let changes_audiences = wanted.audiences.as_ref().is_some_and(|audiences| *audiences != person.audiences);
        if person.is_own_word && (wanted.details != person.details || changes_audiences) {
            return Err(KeepUserError::OwnWord);
        }
        tx.lock_person(person.id).await?;
        if wanted.user_name != person.user_name {
            let called = find_called(tx, wanted, since).await?;
            if called.is_some_and(|other| other.id != person.id) {
                return Err(UserNameError::Taken.into());
            }
            know_user_as(tx, person.id, wanted.user_name.as_deref()).await?;
        }
        if wanted.details != person.details {
            acts.extend(self.correct_details_on(tx, person.id, &wanted.details, since).await?);
        }
        let audiences = wanted.audiences.as_ref().unwrap_or(&person.audiences);
        for begun in only_in(audiences, &person.audiences) {
            acts.push(self.begin_audience_on(tx, person.id, begun, since).await?);
        }
        for ended in only_in(&person.audiences, audiences) {
            acts.push(self.end_audience_on(tx, person.id, ended, since).await?);
        }
        match wanted.is_here {
            Some(false) if person.is_here => acts.push(self.leave_on(tx, person.id, since).await?),
            Some(true) if !person.is_here => acts.push(self.come_back_on(tx, person.id, since).await?),
            _ => {}
        }
        Ok(())
    }
}

/// Whom the directory calls what somebody is to be called, where that is no address.
async fn find_called(tx: &mut Tx, wanted: &WantedUser, since: Since) -> Result<Option<KnownPerson>, StoreError> {
    let Some(name) = &wanted.user_name else { return Ok(None) };
    let found = find_people(tx, &WhichKnown::UserName(name.clone()), since.begins_on).await?;
    Ok(found.into_iter().next())
}

/// What stands in one list and not in another, each once.
fn only_in<'a>(these: &'a [Audience], those: &[Audience]) -> BTreeSet<&'a Audience> {
    these.iter().filter(|audience| !those.contains(audience)).collect()
}
