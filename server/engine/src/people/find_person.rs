use super::add_person::readable_email;
use crate::{
    engine::{Engine, Looked},
    ground::PersonId,
    store::{Linked, StoreError, on},
};

const FIND_PERSON_BY_EMAIL: &str = "SELECT person_id FROM person_detail WHERE email = $1";

impl Engine {
    /// Who signs in with an e-mail address, however it is written. `None`: nobody does, or it is no such address.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn find_person(&self, email: &str) -> Looked<Option<PersonId>> {
        let Ok(email) = readable_email(email) else { return Ok(None) };
        Ok(find_by_email(&mut self.store.read().await?, &email).await?)
    }
}

/// Who signs in with an address that has been made readable.
pub(super) async fn find_by_email(on_what: &mut impl Linked, email: &str) -> Result<Option<PersonId>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_PERSON_BY_EMAIL).bind(email).fetch_optional(conn).await)
}
