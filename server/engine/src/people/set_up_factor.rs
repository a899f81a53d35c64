use super::{
    Person,
    leave::end_sessions_but,
    second_factor::{SETTING_UP, find_factor, has_short_password, sealed},
    session::digest,
    sign_in::{Caller, SignInError, still_counts},
    tell::tell_news,
};
use crate::{
    engine::Engine,
    ground::{CodeSecret, FactorId},
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, change_one},
};

/// Why somebody's second factor was not changed. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// Their password was not typed right, or was tried too often.
    #[error(transparent)]
    Password(SignInError),
    /// The code was not right, or was tried too often.
    #[error(transparent)]
    Code(SignInError),
    /// They have one already.
    #[error("they have a second factor already")]
    HasOne,
    /// They have none, or began to set one up too long ago.
    #[error("they have no second factor, or began to set it up too long ago")]
    HasNone,
    /// Their password is too short to be enough alone: they choose another first.
    #[error("their password is too short to be enough without a code")]
    ShortPassword,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// A second factor that counts from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorSetUp {
    /// Which.
    pub factor: FactorId,
    /// What is shown once in place of a code, as people read it. Nobody sees these again.
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for FactorSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FactorSetUp").field("factor", &self.factor).finish_non_exhaustive()
    }
}

const INSERT_FACTOR: &str = "INSERT INTO second_factor (id, person_id, kind, secret, recorded_at, recorded_by) \
     VALUES ($1, $2, 'totp', $3, $4, $5)";

impl Engine {
    /// Somebody who is signed in begins to set up a second factor: a secret is made that their phone is to know. It counts for nothing before it
    /// is confirmed, and one that they began before is forgotten.
    ///
    /// # Errors
    /// [`FactorError::Password`] and [`FactorError::HasOne`]; a wrong password counts as a try to sign in does.
    pub async fn begin_second_factor(
        &self,
        person: &Person,
        password: &str,
        caller: impl Into<Caller>,
    ) -> Result<(), FactorError> {
        let shown = self.confirm_password(person, password, caller).await.map_err(FactorError::Password)?;
        let key = self.installation_key().await?;
        let (now, by) = (self.clock.now(), Actor::Person(person.id));
        let secret = CodeSecret::new(&*self.chance);
        let id = FactorId(self.new_id(now));
        let sealed = sealed(self, key, id, &secret).ok_or_else(|| StoreError::unreadable("second factor"))?;
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if !still_counts(&mut tx, person.id, &shown).await? {
            return Err(FactorError::Password(SignInError::Wrong));
        }
        let found = find_factor(&mut tx, key, person.id).await?;
        if found.is_some_and(|factor| factor.confirmed_at.is_some()) {
            return Err(FactorError::HasOne);
        }
        self.end_factor_of(&mut tx, person.id, by).await?;
        change_one!(
            tx,
            sqlx::query(INSERT_FACTOR).bind(id).bind(person.id).bind(sealed).bind(now).bind(by.to_string())
        )?;
        Ok(tx.commit().await?)
    }

    /// A code shows that their phone knows the secret: it is asked for from now on, whenever they sign in. Every session of theirs ends but the one
    /// with which they ask, whose id is `this`.
    ///
    /// # Errors
    /// [`FactorError::Code`] and [`FactorError::HasNone`]. Wrong codes are not counted: the secret is on the screen.
    pub async fn confirm_second_factor(
        &self,
        person: &Person,
        code: &str,
        this: &str,
    ) -> Result<FactorSetUp, FactorError> {
        let key = self.installation_key().await?;
        let now = self.clock.now();
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let found = find_factor(&mut tx, key, person.id).await?.ok_or(FactorError::HasNone)?;
        if found.confirmed_at.is_some() {
            return Err(FactorError::HasOne);
        }
        if found.recorded_at + SETTING_UP <= now {
            return Err(FactorError::HasNone);
        }
        let code: String = code.split_whitespace().collect();
        let step = found.secret.step_of(&code, now).ok_or(FactorError::Code(SignInError::Wrong))?;
        self.confirm(&mut tx, found.id, step).await?;
        let recovery_codes = self.make_recovery_codes(&mut tx, key, person.id, found.id).await?;
        end_sessions_but(&mut tx, person.id, &digest(this)).await?;
        tell_news(self, &mut tx, person.id, Actor::Person(person.id), SignInNews::CodesOn).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a second factor was set up by its owner; other sessions ended");
        Ok(FactorSetUp { factor: found.id, recovery_codes })
    }

    /// Makes recovery codes in place of those that somebody had.
    ///
    /// # Errors
    /// [`FactorError`]; wrong tries count.
    pub async fn make_new_recovery_codes(
        &self,
        person: &Person,
        password: &str,
        code: &str,
        caller: impl Into<Caller>,
    ) -> Result<FactorSetUp, FactorError> {
        let factor = self.show_both(person, password, code, caller.into()).await?;
        let key = self.installation_key().await?;
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let found = find_factor(&mut tx, key, person.id).await?;
        found.filter(|found| found.id == factor).ok_or(FactorError::HasNone)?;
        let recovery_codes = self.make_recovery_codes(&mut tx, key, person.id, factor).await?;
        tell_news(self, &mut tx, person.id, Actor::Person(person.id), SignInNews::RecoveryCodesMade).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "recovery codes were made anew by their owner");
        Ok(FactorSetUp { factor, recovery_codes })
    }

    /// Somebody has no second factor any more: they stay signed in in their session `this` alone, because the others were begun with that factor. They are told by
    /// letter, so that they hear of it if it was somebody else.
    ///
    /// # Errors
    /// [`FactorError`]; wrong tries count.
    pub async fn end_second_factor(
        &self,
        person: &Person,
        password: &str,
        code: &str,
        this: &str,
        caller: impl Into<Caller>,
    ) -> Result<(), FactorError> {
        // Before a code is used up.
        if has_short_password(&mut self.store.read().await?, person.id).await? {
            return Err(FactorError::ShortPassword);
        }
        self.show_both(person, password, code, caller.into()).await?;
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if has_short_password(&mut tx, person.id).await? {
            return Err(FactorError::ShortPassword);
        }
        self.end_factor_of(&mut tx, person.id, Actor::Person(person.id)).await?;
        end_sessions_but(&mut tx, person.id, &digest(this)).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a second factor was ended by its owner");
        Ok(())
    }

    /// Somebody who is signed in shows their password and a code again.
    async fn show_both(
        &self,
        person: &Person,
        password: &str,
        code: &str,
        caller: Caller,
    ) -> Result<FactorId, FactorError> {
        self.confirm_password(person, password, caller.clone()).await.map_err(FactorError::Password)?;
        let known = self.where_they_are_signed_in(person.id).await?;
        self.show_code(person.id, code, &caller, Some(known)).await.map_err(FactorError::Code)
    }
}
