use audit::{Fact, PartKind};
use serde::{Deserialize, Serialize};

use super::{
    add_person::{AddPersonError, Identity, LONGEST_NAME, checked_email},
    may_organise::may_organise_with_duties,
    person::Person,
};
use crate::{
    engine::Engine,
    ground::{PersonId, local_date, name_key, typed_line},
    log::{Act, Row, Said},
    record::{Actor, Since},
    store::{Linked, StoreError, Tx, change_one, on},
};

/// What somebody is called, and what they are known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetails {
    /// Their name.
    pub name: String,
    /// What they sign in with. `None`: with nothing of ours.
    pub email: Option<String>,
    /// What another system of the provider knows them by.
    pub external_id: Option<String>,
}

const FIND_DETAIL: &str = "SELECT name, email, external_id FROM person_detail WHERE person_id = $1";

const SET_DETAIL: &str =
    "UPDATE person_detail SET name = $2, name_key = $3, email = $4, external_id = $5 WHERE person_id = $1";

const INSERT_DETAIL_SET: &str =
    "INSERT INTO detail_set (id, person_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4)";

const FIND_TAKEN: &str = "SELECT 'email' AS taken FROM person_detail WHERE email = $1 AND person_id <> $3 \
     UNION ALL SELECT 'external_id' FROM person_detail WHERE external_id = $2 AND person_id <> $3 ORDER BY taken";

impl PersonDetails {
    /// The same as it is kept, or all that is wrong with it: at least one thing.
    fn checked(&self) -> Result<Self, Vec<AddPersonError>> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let mut faults = Vec::new();
        let mut noted = |fault| faults.push(fault);
        let name = typed_line(&self.name, LONGEST_NAME).map_err(|fault| noted(AddPersonError::Name(fault)));
        let email = filled(&self.email).map(|email| checked_email(&email)).transpose().map_err(&mut noted);
        let external_id = filled(&self.external_id).map(|id| typed_line(&id, LONGEST_NAME)).transpose();
        let external_id = external_id.map_err(|fault| noted(AddPersonError::ExternalId(fault)));
        match (name, email, external_id) {
            (Ok(name), Ok(email), Ok(external_id)) => Ok(Self { name, email, external_id }),
            _ => Err(faults),
        }
    }
}

type DetailRow = (String, Option<String>, Option<String>);

impl Engine {
    /// What whoever asks is called and known by. `None`: there is nothing of them any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own_details(&self, reader: &Person) -> Result<Option<PersonDetails>, StoreError> {
        find_details(&mut self.store.read().await?, reader.id).await
    }

    /// All that is wrong with what somebody is to be called and known by: what cannot be kept, and what others have already. Whoever fills in a form
    /// is told of all of it at once, and [`Engine::correct_details`] refuses the first of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn faults_of_details(
        &self,
        person: PersonId,
        details: &PersonDetails,
    ) -> Result<Vec<AddPersonError>, StoreError> {
        let mut faults = details.checked().err().unwrap_or_default();
        let email = details.email.as_deref().and_then(|email| checked_email(email).ok());
        let external_id = details.external_id.as_deref().and_then(|id| typed_line(id, LONGEST_NAME).ok());
        let mut conn = self.store.read().await?;
        let taken: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_TAKEN)
            .bind(&email).bind(&external_id).bind(person).fetch_all(conn).await)?;
        faults.extend(taken.iter().map(|taken| AddPersonError::taken(taken)));
        Ok(faults)
    }

    /// Sets what somebody is called and known by. What they have signed keeps the name that they had then. Of who looks after others than
    /// whoever writes does, somebody sets it who looks after those as well: what they sign in with is theirs no longer. Nor does an account of their
    /// organisation let them in that was found by what is another now.
    ///
    /// # Errors
    /// [`AddPersonError`] says which field is wrong, or what is taken; nothing has been written.
    pub async fn correct_details(
        &self,
        person: PersonId,
        details: &PersonDetails,
        by: Actor,
    ) -> Result<(), AddPersonError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        tx.lock_person(person).await?;
        if let Some(act) = self.correct_details_on(&mut tx, person, details, self.since_today(by)).await? {
            self.seal(tx, [act]).await?;
        }
        Ok(())
    }

    /// The same in a transaction that has locked the people and the person and that seals the act. `None`: they were called and known by that before,
    /// or there is nothing of them any more; then the transaction has nothing of it to keep.
    pub(crate) async fn correct_details_on(
        &self,
        tx: &mut Tx,
        person: PersonId,
        details: &PersonDetails,
        since: Since,
    ) -> Result<Option<Act>, AddPersonError> {
        let details = details.checked().map_err(|mut faults| faults.remove(0))?;
        let today = local_date(since.recorded_at);
        if !may_organise_with_duties(tx, since.by, person, today).await? {
            return Err(AddPersonError::NotTheirs);
        }
        if find_details(tx, person).await?.is_none_or(|before| before == details) {
            return Ok(None);
        }
        let taken: Option<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_TAKEN)
            .bind(&details.email).bind(&details.external_id).bind(person).fetch_optional(conn).await)?;
        if let Some(taken) = taken {
            return Err(AddPersonError::taken(&taken));
        }
        let mut act = self.act_since(person, since);
        if let Some(before) = self.set_details(tx, person, &details, since, &mut act).await? {
            self.unlink_what_was_found_by_another(tx, person, (&before, &details), since.by).await?;
        }
        Ok(Some(act))
    }

    /// Sets what somebody is called, and gives what it was. `None`: there is nothing of them any more. The act says so.
    pub(crate) async fn set_details(
        &self,
        tx: &mut Tx,
        person: PersonId,
        details: &PersonDetails,
        since: Since,
        act: &mut Act,
    ) -> Result<Option<PersonDetails>, StoreError> {
        let Some(before) = find_details(tx, person).await? else { return Ok(None) };
        let PersonDetails { name: new_name, email: new_email, external_id: new_id } = details;
        change_one!(
            tx,
            sqlx::query(SET_DETAIL).bind(person).bind(new_name).bind(name_key(new_name)).bind(new_email).bind(new_id)
        )?;
        let id = self.new_id(since.recorded_at);
        let by = since.by.to_string();
        change_one!(tx, sqlx::query(INSERT_DETAIL_SET).bind(id).bind(person).bind(since.recorded_at).bind(by))?;
        act.says(Said::Plain(Fact::DetailsSet), Row::of("detail_set", id));
        let identity =
            Identity { email: new_email.as_deref().unwrap_or_default(), external_id: new_id, name: new_name };
        act.part(PartKind::Id, &identity);
        Ok(Some(before))
    }
}

/// What somebody is called and known by. `None`: there is nothing of them any more.
pub(crate) async fn find_details(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Option<PersonDetails>, StoreError> {
    let row: Option<DetailRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_DETAIL).bind(person).fetch_optional(conn).await)?;
    Ok(row.map(|(name, email, external_id)| PersonDetails { name, email, external_id }))
}
