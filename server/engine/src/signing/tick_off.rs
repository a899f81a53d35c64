use std::collections::{BTreeMap, BTreeSet};

use crate::{
    engine::Engine,
    ground::{PersonId, SignatureId, local_date},
    people::{Over, find_roles_held, find_told_of, may_organise},
    record::Actor,
    store::{Linked as _, StoreError, Tx, fetch_of, on},
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

/// The places of the signatures follow.
const FIND_SUBMISSIONS: &str = "SELECT signature_id, person_id, role FROM submission WHERE signature_id IN ";

/// The values of each tick follow, and then [`UNLESS_TICKED`].
const INSERT_TICKS: &str = "INSERT INTO submission_tick (id, signature_id, person_id, recorded_at, recorded_by)";

const UNLESS_TICKED: &str = "ON CONFLICT (signature_id) WHERE ended_at IS NULL DO NOTHING";

/// The places of the signatures follow.
const END_TICKS: &str =
    "UPDATE submission_tick SET ended_at = $1, ended_by = $2 WHERE ended_at IS NULL AND signature_id IN ";

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
        let found = find_submissions(&mut tx, signatures).await?;
        let mut of_role: BTreeMap<&str, BTreeSet<PersonId>> = BTreeMap::new();
        for (signer, role) in found.values().filter(|(_, role)| !all && held.iter().all(|one| one.id != *role)) {
            of_role.entry(role).or_default().insert(*signer);
        }
        let mut told: BTreeSet<(&str, PersonId)> = BTreeSet::new();
        if let Some(reader) = by.person() {
            for (role, signers) in of_role {
                let named = catalogue.organisation.roles.iter().find(|one| one.id == role);
                let theirs = find_told_of(&mut tx, named, signers, reader, today).await?;
                told.extend(theirs.into_iter().map(|signer| (role, signer)));
            }
        }
        let mut theirs = Vec::with_capacity(signatures.len());
        for signature in signatures {
            let (signer, role) = found.get(signature).ok_or(TickError::NotTheirs)?;
            if !all && held.iter().all(|one| one.id != *role) && !told.contains(&(role.as_str(), *signer)) {
                return Err(TickError::NotTheirs);
            }
            if by.person() == Some(*signer) {
                return Err(TickError::Oneself);
            }
            theirs.push((self.new_id(now), *signature, *signer));
        }
        let by = by.to_string();
        let changed = if ticked {
            let places = tx.link().places(0, theirs.len(), 5);
            let text = format!("{INSERT_TICKS} VALUES {places} {UNLESS_TICKED}");
            on!(tx.link(), conn => {
                let mut query = sqlx::query(sqlx::AssertSqlSafe(text));
                for (id, signature, signer) in &theirs {
                    query = query.bind(id).bind(signature).bind(signer).bind(now).bind(&by);
                }
                query.execute(conn).await.map(|done| done.rows_affected())
            })?
        } else {
            let places: Vec<String> = (3..3 + signatures.len()).map(|place| format!("${place}")).collect();
            let text = format!("{END_TICKS}({})", places.join(", "));
            on!(tx.link(), conn => {
                let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(now).bind(&by);
                for signature in signatures {
                    query = query.bind(signature);
                }
                query.execute(conn).await.map(|done| done.rows_affected())
            })?
        };
        tx.commit().await?;
        Ok(changed)
    }
}

/// Who signed what came in, and for which role it is.
async fn find_submissions(
    tx: &mut Tx,
    signatures: &[SignatureId],
) -> Result<BTreeMap<SignatureId, (PersonId, String)>, StoreError> {
    let places: Vec<String> = (1..=signatures.len()).map(|place| format!("${place}")).collect();
    let text = format!("{FIND_SUBMISSIONS}({})", places.join(", "));
    let rows: Vec<(SignatureId, PersonId, String)> = fetch_of!(tx, text, signatures)?;
    Ok(rows.into_iter().map(|(signature, signer, role)| (signature, (signer, role))).collect())
}
