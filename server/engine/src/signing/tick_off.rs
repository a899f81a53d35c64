use crate::{
    engine::Engine,
    ground::{PersonId, SignatureId, local_date},
    people::{Over, find_addressees, find_roles_held, may_organise},
    record::Actor,
    store::{Linked as _, StoreError, change, on},
};

/// How many can be ticked off at once at most.
pub const MOST_TICKED: usize = 500;

/// Why nothing was ticked off. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum TickError {
    /// Nothing was chosen.
    #[error("choose at least one")]
    Nothing,
    /// They are more than [`MOST_TICKED`].
    #[error("{MOST_TICKED} can be ticked off at once")]
    TooMany,
    /// One of them is neither for a role that whoever asks holds today, nor for them in place of somebody who holds it.
    #[error("one of these is not yours to tick off")]
    NotTheirs,
    /// One of them is their own.
    #[error("nobody ticks off what they signed themselves: somebody else looks at it")]
    Oneself,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_SUBMISSION: &str = "SELECT person_id, role FROM submission WHERE signature_id = $1";

const INSERT_TICK: &str = "INSERT INTO submission_tick (id, signature_id, person_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (signature_id) WHERE ended_at IS NULL DO NOTHING";

const END_TICK: &str =
    "UPDATE submission_tick SET ended_at = $2, ended_by = $3 WHERE signature_id = $1 AND ended_at IS NULL";

impl Engine {
    /// Ticks off what came in for a named role, or takes the ticks back: all of these or none. It is for whoever holds the role or stands in on that day, for
    /// whoever would be told in their place where nobody else holds it, as of what its one holder signed, and for administrators over everybody. Says how many are otherwise than before; what is so already stays as it is.
    ///
    /// # Errors
    /// [`TickError`]; nothing has been written.
    pub async fn tick_off(&self, signatures: &[SignatureId], ticked: bool, by: Actor) -> Result<u64, TickError> {
        if signatures.is_empty() {
            return Err(TickError::Nothing);
        }
        if signatures.len() > MOST_TICKED {
            return Err(TickError::TooMany);
        }
        let now = self.clock.now();
        let today = local_date(now);
        let catalogue = self.catalogue();
        let mut tx = self.store.write().await?;
        let all = may_organise(&mut tx, by, Over::Everything, today).await?;
        let held = match by.person() {
            Some(person) if !all => find_roles_held(&mut tx, &catalogue.organisation.roles, person, today).await?,
            _ => Vec::new(),
        };
        let mut changed = 0;
        for signature in signatures {
            let found: Option<(PersonId, String)> = on!(tx.link(), conn => sqlx::query_as(FIND_SUBMISSION)
                .bind(signature).fetch_optional(conn).await)?;
            let (signer, role) = found.ok_or(TickError::NotTheirs)?;
            if !all && held.iter().all(|one| one.id != role) {
                let named = catalogue.organisation.roles.iter().find(|one| one.id == role);
                let (told, _) = find_addressees(&mut tx, named, signer, today).await?;
                if told.iter().all(|one| by.person() != Some(one.person_id)) {
                    return Err(TickError::NotTheirs);
                }
            }
            if by.person() == Some(signer) {
                return Err(TickError::Oneself);
            }
            changed += if ticked {
                let id = self.new_id(now);
                change!(
                    tx,
                    sqlx::query(INSERT_TICK).bind(id).bind(signature).bind(signer).bind(now).bind(by.to_string())
                )?
            } else {
                change!(tx, sqlx::query(END_TICK).bind(signature).bind(now).bind(by.to_string()))?
            };
        }
        tx.commit().await?;
        Ok(changed)
    }
}
