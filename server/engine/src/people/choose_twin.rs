use super::person::Person;
use crate::{
    catalogue::TwinName,
    engine::{Engine, Looked, Refused},
    store::{Linked as _, change},
};

const CHOOSE: &str = "INSERT INTO chosen_twin (person_id, twin) VALUES ($1, $2) \
     ON CONFLICT (person_id) DO UPDATE SET twin = excluded.twin WHERE chosen_twin.twin <> excluded.twin";

const CHOOSE_NONE: &str = "DELETE FROM chosen_twin WHERE person_id = $1";

impl Engine {
    /// Remembers in which words somebody reads from now on, on whatever device. `None`: what was written first. Where a text has no such
    /// twin, or none that they may have, they read what was written first.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when nothing that is published has such a twin.
    pub async fn choose_twin(&self, person: &Person, twin: Option<TwinName>) -> Looked<()> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        match twin {
            Some(twin) => {
                let catalogue = self.catalogue();
                let of_module = catalogue.modules.values().any(|module| module.twins.contains_key(&twin));
                if !of_module && !catalogue.agreements.values().any(|text| text.twins.contains_key(&twin)) {
                    return Err(Refused::NotFound);
                }
                change!(tx, sqlx::query(CHOOSE).bind(person.id).bind(twin.to_string()))?;
            }
            None => {
                change!(tx, sqlx::query(CHOOSE_NONE).bind(person.id))?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
