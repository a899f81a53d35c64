use audit::Fact;
use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    may_organise::{Over, may_organise},
    person::is_there,
};
use crate::{
    catalogue::{Audience, Organisation},
    content::nearest,
    engine::Engine,
    ground::{PersonId, local_date, said_day},
    log::{Act, Row, Said},
    record::{Actor, DayFault, Since},
    store::{Linked as _, StoreError, Tx, change_one, on},
};

/// The provider does not list an audience of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no audience `{written}`{}", .nearest.as_ref().map(|nearest| format!(": did you mean `{nearest}`?")).unwrap_or_default())]
pub struct UnknownAudience {
    /// What was asked for.
    pub written: Audience,
    /// The one that is listed and is nearest to it, if any is near.
    pub nearest: Option<Audience>,
}

impl UnknownAudience {
    pub(super) fn unless_known(audience: &Audience, provider: &Organisation) -> Result<(), Self> {
        if provider.knows(audience) {
            return Ok(());
        }
        let listed = provider.audiences.iter().map(|listed| listed.id.as_str());
        let nearest = nearest(audience.as_str(), listed).and_then(|near| Audience::new(near).ok());
        Err(Self { written: audience.clone(), nearest })
    }
}

/// Why somebody was neither put into an audience nor taken out of it. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// Nobody changes as whom they are here themselves: it decides what is asked of them.
    #[error("nobody changes as whom they are here themselves")]
    Oneself,
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// The provider does not list such an audience.
    #[error(transparent)]
    Unknown(#[from] UnknownAudience),
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They are in it already, or from a later day on; that has to be ended first.
    #[error("they are in it already, from {} on", said_day(*.begins_on))]
    AlreadyIn {
        /// The first day.
        begins_on: NaiveDate,
    },
    /// They are not in that audience.
    #[error("they are not in that audience")]
    NotIn,
    /// The day cannot be used.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_AUDIENCE: &str = "INSERT INTO in_audience (id, person_id, audience, begins_on, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const FIND_OPEN: &str =
    "SELECT id, begins_on FROM in_audience WHERE person_id = $1 AND audience = $2 AND ends_before IS NULL";

const END_AUDIENCE: &str = "UPDATE in_audience SET ends_before = $2, end_recorded_at = $3, end_recorded_by = $4 \
     WHERE id = $1 AND ends_before IS NULL";

impl Engine {
    /// Puts somebody into an audience from a day on: from then on, what is written for it and given to it is theirs.
    ///
    /// # Errors
    /// [`AudienceError`]; nothing has been written.
    pub async fn begin_audience(
        &self,
        person: PersonId,
        audience: &Audience,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), AudienceError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let act = self.begin_audience_on(&mut tx, person, audience, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the person and that seals the act.
    pub(crate) async fn begin_audience_on(
        &self,
        tx: &mut Tx,
        person: PersonId,
        audience: &Audience,
        since: Since,
    ) -> Result<Act, AudienceError> {
        if since.by == Actor::Person(person) {
            return Err(AudienceError::Oneself);
        }
        UnknownAudience::unless_known(audience, &self.catalogue().organisation)?;
        if !is_there(tx, person).await? {
            return Err(AudienceError::NoSuchPerson);
        }
        if !may_organise(tx, since.by, Over::Person(person), local_date(since.recorded_at)).await? {
            return Err(AudienceError::NotTheirs);
        }
        if let Some((_, begins_on)) = find_open(tx, person, audience).await? {
            return Err(AudienceError::AlreadyIn { begins_on });
        }
        let id = self.new_id(since.recorded_at);
        insert_audience(tx, id, person, audience, since).await?;
        let begun = Fact::AudienceBegun { audience: audience.as_str().to_owned() };
        Ok(self.act_since(person, since).saying(Said::Plain(begun), Row::of("in_audience", id)))
    }

    /// Takes somebody out of an audience: `on` is the first day on which they are no longer in it. That they were stays on record. An
    /// audience that the provider no longer lists can be ended like any other.
    ///
    /// # Errors
    /// [`AudienceError::NotIn`], [`AudienceError::Oneself`], [`AudienceError::Day`].
    pub async fn end_audience(
        &self,
        person: PersonId,
        audience: &Audience,
        on: NaiveDate,
        by: Actor,
    ) -> Result<(), AudienceError> {
        let since = self.since(on, by)?;
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        let act = self.end_audience_on(&mut tx, person, audience, since).await?;
        self.seal(tx, [act]).await?;
        Ok(())
    }

    /// The same in a transaction that has locked the person and that seals the act.
    pub(crate) async fn end_audience_on(
        &self,
        tx: &mut Tx,
        person: PersonId,
        audience: &Audience,
        since: Since,
    ) -> Result<Act, AudienceError> {
        if since.by == Actor::Person(person) {
            return Err(AudienceError::Oneself);
        }
        if !may_organise(tx, since.by, Over::Person(person), local_date(since.recorded_at)).await? {
            return Err(AudienceError::NotTheirs);
        }
        let (id, begins_on) = find_open(tx, person, audience).await?.ok_or(AudienceError::NotIn)?;
        DayFault::unless_begun(begins_on, since)?;
        change_one!(
            tx,
            sqlx::query(END_AUDIENCE).bind(id).bind(since.begins_on).bind(since.recorded_at).bind(since.by.to_string())
        )?;
        let ended = Fact::AudienceEnded { audience: audience.as_str().to_owned() };
        Ok(self.act_since(person, since).saying(Said::Plain(ended), Row::of("in_audience/end", id)))
    }
}

async fn find_open(
    tx: &mut Tx,
    person: PersonId,
    audience: &Audience,
) -> Result<Option<(Uuid, NaiveDate)>, StoreError> {
    on!(tx.link(), conn => sqlx::query_as(FIND_OPEN)
        .bind(person).bind(audience.as_str()).fetch_optional(conn).await)
}

pub(crate) async fn insert_audience(
    tx: &mut Tx,
    id: Uuid,
    person: PersonId,
    audience: &Audience,
    since: Since,
) -> Result<(), StoreError> {
    change_one!(
        tx,
        sqlx::query(INSERT_AUDIENCE)
            .bind(id)
            .bind(person)
            .bind(audience.as_str())
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
    )
}
