use crate::{
    engine::Engine,
    ground::{PersonId, TextFault, composed, local_date, typed_line},
    people::{LONGEST_NAME, Over, may_organise},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, on},
};

/// Why what a directory calls somebody was not kept. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum UserNameError {
    /// It cannot be kept.
    #[error("userName cannot be kept: {0}")]
    Name(TextFault),
    /// Somebody else is called that there.
    #[error("somebody has that userName already")]
    Taken,
    /// It is for whoever may change everything.
    #[error("this is for an administrator of everybody to do")]
    NotTheirs,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_OTHER: &str = "SELECT COUNT(*) FROM user_name WHERE user_name_key = $1 AND person_id <> $2";

const FORGET: &str = "DELETE FROM user_name WHERE person_id = $1";

const KNOW: &str = "INSERT INTO user_name (person_id, user_name, user_name_key) VALUES ($1, $2, $3)";

impl Engine {
    /// Keeps what a directory calls somebody, where that is not their e-mail address. `None`: there it is their address. Neither case nor how accents are
    /// written counts where it is looked for.
    ///
    /// # Errors
    /// [`UserNameError`]; nothing has been written.
    pub async fn know_user_as(
        &self,
        person: PersonId,
        user_name: Option<&str>,
        by: Actor,
    ) -> Result<(), UserNameError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if !may_organise(&mut tx, by, Over::Everything, local_date(self.clock.now())).await? {
            return Err(UserNameError::NotTheirs);
        }
        know_user_as(&mut tx, person, user_name).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The same in a transaction that has locked the people, for whoever may change everything.
pub(super) async fn know_user_as(tx: &mut Tx, person: PersonId, user_name: Option<&str>) -> Result<(), UserNameError> {
    let user_name = user_name.map(known_as).transpose().map_err(UserNameError::Name)?;
    change!(tx, sqlx::query(FORGET).bind(person))?;
    if let Some(name) = user_name {
        let key = user_name_key(&name);
        let others: i64 = on!(tx.link(), conn => sqlx::query_scalar(FIND_OTHER)
            .bind(&key).bind(person).fetch_one(conn).await)?;
        if others > 0 {
            return Err(UserNameError::Taken);
        }
        change!(tx, sqlx::query(KNOW).bind(person).bind(&name).bind(&key))?;
    }
    Ok(())
}

/// By what another system knows somebody or a group, as it is kept.
///
/// # Errors
/// [`TextFault`] when it cannot be kept.
pub fn known_as(name: &str) -> Result<String, TextFault> {
    typed_line(name, LONGEST_NAME)
}

/// A name of a directory as it is looked for, however its accents are written.
pub(super) fn user_name_key(name: &str) -> String {
    composed(name.trim()).to_lowercase()
}
