//! The gate: an agreement needs a current pass in each of the modules that it requires. It is written here, once.

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::{Agreement, Catalogue},
    ground::PersonId,
    record::{Completion, Standing, find_standing},
    store::{Linked, StoreError},
};

/// What an agreement requires, and what of that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The required modules in the agreement's order.
    pub items: Vec<GateItem>,
}

/// One module that an agreement requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateItem {
    /// Which module.
    pub module: ModuleSlug,
    /// Its title.
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// The pass that counts now, or why there is none.
    pub pass: Result<Completion, Missing>,
}

/// Why no pass counts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The module has not been passed.
    NotPassed,
    /// It was passed, and the time for which that counted has run out.
    Expired,
    /// It was passed in an edition that has since been replaced.
    Superseded,
}

impl Gate {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.items.iter().all(|item| item.pass.is_ok())
    }

    /// The passes that open it, or none while something is missing.
    #[must_use]
    pub fn passes(&self) -> Option<Vec<&Completion>> {
        self.items.iter().map(|item| item.pass.as_ref().ok()).collect()
    }

    /// How many modules are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.items.iter().filter(|item| item.pass.is_err()).count()
    }
}

/// Decides the gate from what the database holds at `now`. Inside a transaction that has locked the person, what it says
/// stays true until the transaction ends.
pub(crate) async fn decide(
    on_what: &mut impl Linked,
    catalogue: &Catalogue,
    agreement: &Agreement,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Gate, StoreError> {
    let mut items = Vec::with_capacity(agreement.requires.len());
    for slug in &agreement.requires {
        let pass = match find_standing(on_what, person, slug, now).await? {
            Standing::Current(pass) => Ok(pass),
            Standing::Never => Err(Missing::NotPassed),
            Standing::Expired(_) => Err(Missing::Expired),
            Standing::Superseded(_) => Err(Missing::Superseded),
        };
        let module = catalogue.modules.get(slug);
        items.push(GateItem {
            module: slug.clone(),
            title: module.map_or_else(|| slug.to_string(), |module| module.title.clone()),
            minutes: module.map_or(0, |module| module.minutes),
            pass,
        });
    }
    Ok(Gate { items })
}
