use super::{
    person::Person,
    second_factor::factor_that_counts,
    sign_in::{Caller, SignInError, still_counts},
    weak_password::{WeakPassword, check_password, check_password_beside_factor, is_short},
};
use crate::{engine::Engine, ground::PasswordError, record::Actor, store::StoreError};

/// Why somebody's password was not changed. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The password that they have was not typed right, or was tried too often.
    #[error(transparent)]
    Current(#[from] SignInError),
    /// The new one is not taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// It is the one that they have.
    #[error("this is the password that they have")]
    Same,
    /// They have no e-mail address to sign in with.
    #[error("they have no e-mail address to sign in with")]
    NoEmail,
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl Engine {
    /// Somebody who is signed in chooses another password. Every session of theirs ends, the one with which they ask as well, and every token.
    /// Whoever has a second factor that counts may choose a shorter one.
    /// Gives back the address with which they sign in anew.
    ///
    /// # Errors
    /// [`ChangePasswordError`]; nothing has been written. A wrong current password counts as a try to sign in does.
    pub async fn change_password(
        &self,
        person: &Person,
        current: &str,
        new: &str,
        caller: impl Into<Caller>,
    ) -> Result<String, ChangePasswordError> {
        let details = self.own_details(person).await?;
        let email = details.and_then(|details| details.email).ok_or(ChangePasswordError::NoEmail)?;
        let catalogue = self.catalogue();
        let known = [&*person.name, &*email, &*catalogue.organisation.name];
        let has_factor = factor_that_counts(&mut self.store.read().await?, person.id).await?.is_some();
        if has_factor {
            check_password_beside_factor(new, &known)?;
        } else {
            check_password(new, &known)?;
        }
        if new == current {
            return Err(ChangePasswordError::Same);
        }
        let shown = self.confirm_password(person, current, caller).await?;
        let key = self.installation_key().await?;
        let phc = self.hasher.hash(&*self.chance, new).await?;
        let by = Actor::Person(person.id);
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        // Somebody may have chosen another by a link while this one was hashed.
        if !still_counts(&mut tx, person.id, &shown).await? {
            return Err(SignInError::Wrong.into());
        }
        // Nor does their second factor stand still meanwhile.
        let is_short = is_short(new);
        if is_short && factor_that_counts(&mut tx, person.id).await?.is_none() {
            return Err(WeakPassword::Short.into());
        }
        self.replace_password(&mut tx, key, person.id, (&phc, is_short), by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a password was changed by its owner; sessions and tokens ended");
        Ok(email)
    }
}
