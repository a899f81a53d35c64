use super::{
    leave::end_sessions, may_organise::may_change_sign_in, note_signed_out::SignedOutWith, passkey::end_passkeys_of,
    person::is_there, tell::tell_news,
};
use crate::{
    engine::Engine,
    ground::{PersonId, local_date},
    mail::SignInNews,
    record::Actor,
    store::StoreError,
};

/// Why the second factor of somebody was not removed. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum RemoveFactorError {
    /// It is for an administrator of theirs to do; of somebody who does something for others, for one who looks after everybody.
    #[error("this is for an administrator of these people to do; nobody does it for themselves")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// They have no second factor.
    #[error("they have no second factor and no passkey")]
    HasNone,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl Engine {
    /// Takes away the second factor and the passkeys of somebody who cannot show them any more. Every session of theirs ends, who did it is noted for ever, and they are
    /// told by letter.
    ///
    /// # Errors
    /// [`RemoveFactorError`]; nothing has been written.
    pub async fn remove_second_factor(&self, person: PersonId, by: Actor) -> Result<(), RemoveFactorError> {
        if by == Actor::Person(person) {
            return Err(RemoveFactorError::NotTheirs);
        }
        let today = local_date(self.clock.now());
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        if !is_there(&mut tx, person).await? {
            return Err(RemoveFactorError::NoSuchPerson);
        }
        // As with a link to choose their password: with both, somebody could take the account, and with it what its owner may do.
        if !may_change_sign_in(&mut tx, by, person, today).await? {
            return Err(RemoveFactorError::NotTheirs);
        }
        let (had_codes, passkeys) =
            (self.end_factor_of(&mut tx, person, by).await?, end_passkeys_of(&mut tx, person).await?);
        if passkeys > 0 {
            tell_news(self, &mut tx, person, by, SignInNews::PasskeyEnded).await?;
        } else if !had_codes {
            return Err(RemoveFactorError::HasNone);
        }
        end_sessions(&mut tx, person).await?;
        self.note_signed_out(&mut tx, person, SignedOutWith::Factor, by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, "a second factor was removed; sessions ended");
        Ok(())
    }
}
