use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{engine::Engine, ground::PersonId, store::StoreError};

/// A form that was being sent when its sender's session had ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// Where it was going.
    pub address: String,
    /// Its names and values, in their order.
    pub fields: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    form: KeptForm,
    /// By the steady time.
    kept_at: DateTime<Utc>,
}

/// As long as somebody may need to find their password, and no longer.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

const KIND: &str = "kept form";

impl Engine {
    /// What a browser is given when somebody signs in, so that it is known later whose session it was that ended. It says nothing about
    /// them to anybody else.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn owner_tag(&self, person: PersonId) -> Result<String, StoreError> {
        Ok(self.installation_key().await?.digest("owner of kept forms", &person.to_string()).to_string())
    }

    /// Seals a form for the person with this tag, so that it can wait in a page on a shared device: nobody else can read it or send it
    /// on. `None`: it cannot be kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn keep_form(&self, owner: &str, form: KeptForm) -> Result<Option<String>, StoreError> {
        let key = self.installation_key().await?;
        let sealed = serde_json::to_string(&Sealed { form, kept_at: self.steady_now() }).ok();
        Ok(sealed.and_then(|text| key.seal(&*self.chance, KIND, owner, &text)))
    }

    /// The form that was kept. `None`: it is somebody else's, a day old, or no such thing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn kept_form(&self, person: PersonId, sealed: &str) -> Result<Option<KeptForm>, StoreError> {
        let owner = self.owner_tag(person).await?;
        let text = self.installation_key().await?.open(KIND, &owner, sealed);
        let sealed: Option<Sealed> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(sealed.filter(|sealed| self.steady_now() < sealed.kept_at + KEPT_FOR).map(|sealed| sealed.form))
    }
}
