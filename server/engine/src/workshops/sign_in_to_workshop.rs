use chrono::{DateTime, Utc};

use super::workshop::{Workshop, WorkshopRow, workshop_columns};
use crate::{
    engine::{Engine, Refused},
    people::{CodeKind, Person, read_code},
    store::{Linked as _, StoreError, change, on},
};

/// A workshop to which somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInTo {
    /// The workshop.
    pub workshop: Workshop,
    /// The title of its module.
    pub title: String,
}

/// Why nobody signed in. Nothing has been written of them.
#[derive(Debug, thiserror::Error)]
pub enum WorkshopSignInError {
    /// No workshop of today has this code.
    #[error("no workshop of today has this code")]
    NoSuchCode,
    /// What is worked through is not theirs.
    #[error("this workshop is for others")]
    ForOthers,
    /// It is for a group to which they do not belong on its day, nor to one below it.
    #[error("this workshop is for another group")]
    NotOfGroup,
    /// Too many codes that lead nowhere were tried from there.
    #[error("too many codes were tried")]
    TooMany {
        /// When the next try is allowed.
        retry_at: DateTime<Utc>,
    },
    /// They are no longer here, or the database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for WorkshopSignInError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// A class that types what stands on the wall shares one address, and some of them mistype it more than once.
const OF_WORKSHOPS: CodeKind = CodeKind { purpose: "place of a workshop's code", most_at_place: 200 };

const FIND_BY_CODE: &str = concat!("SELECT ", workshop_columns!(), " FROM workshop w WHERE w.code = $1");

const INSERT_SIGN_IN: &str = "INSERT INTO workshop_sign_in (workshop_id, person_id, signed_in_at) SELECT $1, $2, $3 \
     WHERE NOT EXISTS (SELECT 1 FROM workshop_sign_in s WHERE s.workshop_id = $1 AND s.person_id = $2)";

impl Engine {
    /// Somebody for whom a workshop is says that they are at it, by the code that is shown there on its day, however they type it. It counts for nothing until whoever leads
    /// it says that they were there. Signing in twice is signing in once. `place` is as for signing in.
    ///
    /// # Errors
    /// [`WorkshopSignInError`]; codes that lead nowhere are limited by place.
    pub async fn sign_in_to_workshop(
        &self,
        person: &Person,
        typed: &str,
        place: &str,
    ) -> Result<SignedInTo, WorkshopSignInError> {
        let Some(code) = read_code(typed) else { return Err(WorkshopSignInError::NoSuchCode) };
        let now = self.clock.now();
        let place = self.code_place(&OF_WORKSHOPS, place).await?;
        let mut conn = self.store.read().await?;
        if let Some(retry_at) = self.next_code_at(&mut conn, &OF_WORKSHOPS, &place).await? {
            return Err(WorkshopSignInError::TooMany { retry_at });
        }
        let row: Option<WorkshopRow> =
            on!(conn.link(), conn => sqlx::query_as(FIND_BY_CODE).bind(&code).fetch_optional(conn).await)?;
        drop(conn);
        let found = row.map(Workshop::try_from).transpose()?.filter(|workshop| workshop.takes_code(now));
        let catalogue = self.catalogue();
        let Some((workshop, module)) =
            found.and_then(|workshop| Some((catalogue.modules.get(&workshop.module)?, workshop))).map(|(m, w)| (w, m))
        else {
            self.note_code(&place).await?;
            return Err(WorkshopSignInError::NoSuchCode);
        };
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let situation = self.situation_on(&mut tx, person.id).await?;
        if !situation.is_theirs(&situation.person()?, &**module) {
            return Err(WorkshopSignInError::ForOthers);
        }
        if !workshop.is_for(&situation.dossier.facts) {
            return Err(WorkshopSignInError::NotOfGroup);
        }
        change!(tx, sqlx::query(INSERT_SIGN_IN).bind(workshop.id).bind(person.id).bind(now))?;
        tx.commit().await?;
        Ok(SignedInTo { title: module.title.clone(), workshop })
    }
}
