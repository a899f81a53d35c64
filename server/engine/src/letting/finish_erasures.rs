use std::collections::BTreeSet;

use audit::PersonKey;

use crate::{
    engine::Engine,
    ground::PersonId,
    log::LogError,
    record::Actor,
    store::{Linked as _, StoreError, on},
};

const EVERY_KEY: &str = "SELECT person_id, secret FROM person_key ORDER BY person_id";

impl Engine {
    /// Erases those of whom the notes beside the keys say that everything was erased and of whom there still is something: whoever did it was stopped
    /// before it was committed, or the database was put back as it was before. Who is here is left alone, and it is said in the log. Says how many
    /// were erased.
    ///
    /// # Errors
    /// [`LogError`] when the notes cannot be read, or the database fails.
    pub async fn finish_erasures(&self) -> Result<usize, LogError> {
        let noted = self.log.find_erased()?;
        let mut erased = 0;
        for person in self.people_of(&noted).await? {
            match self.erase_person(person, Actor::Server).await {
                Ok(_) => erased += 1,
                Err(error) => {
                    tracing::error!(target: "security", %person, %error, "everything about somebody is noted as erased, and is still there");
                }
            }
        }
        Ok(erased)
    }

    /// The people of these pseudonyms about whom there is anything.
    pub(crate) async fn people_of(&self, pseudonyms: &BTreeSet<String>) -> Result<Vec<PersonId>, StoreError> {
        if pseudonyms.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = self.store.read().await?;
        let keys: Vec<(PersonId, String)> = on!(conn.link(), conn => sqlx::query_as(EVERY_KEY).fetch_all(conn).await)?;
        let is_one =
            |secret: &str| PersonKey::parse(secret).is_ok_and(|key| pseudonyms.contains(&key.pseudonym().to_hex()));
        Ok(keys.into_iter().filter(|(_, secret)| is_one(secret)).map(|(person, _)| person).collect())
    }
}
