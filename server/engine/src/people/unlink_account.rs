//! Taking away that an account of somebody's organisation lets them in.

use chrono::{DateTime, Utc};

use super::{
    Person,
    correct_details::PersonDetails,
    leave::{end_sessions, end_sessions_but},
    may_organise::may_change_sign_in,
    note_signed_out::SignedOutWith,
    person::is_there,
    session::digest,
    sign_in::{Caller, SignInError, still_counts},
    tell::tell_news,
};
use crate::{
    engine::Engine,
    ground::{PersonId, local_date},
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, on},
};

/// An account of their organisation by which somebody is known, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAccount {
    /// The organisation, as it calls itself: an address.
    pub issuer: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When they took it away themselves. `None`: it lets them in.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Why an account of an organisation goes on to let somebody in. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// It is for an administrator of theirs to do; of somebody who does something for others, for one who looks after everybody.
    #[error("this is for an administrator of these people to do")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// No account of an organisation is known as theirs.
    #[error("no account of an organisation is known as theirs")]
    HasNone,
    /// It is the only way in that they have.
    #[error("it is the only way in that they have")]
    NoOtherWay,
    /// Their password was not typed right, or was tried too often.
    #[error(transparent)]
    Password(#[from] SignInError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_ACCOUNTS: &str =
    "SELECT issuer, recorded_at, ended_at FROM identity WHERE person_id = $1 ORDER BY recorded_at, issuer, subject";

const COUNT_PASSWORDS: &str = "SELECT COUNT(*) FROM password WHERE person_id = $1";

const END_ACCOUNTS: &str = "UPDATE identity SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL";

const DELETE_ACCOUNTS: &str = "DELETE FROM identity WHERE person_id = $1";

const DELETE_ACCOUNTS_FOUND_BY: &str = "DELETE FROM identity WHERE person_id = $1 AND found_through = $2";

impl Engine {
    /// The accounts of an organisation by which somebody is known, or was, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn linked_accounts(&self, person: &Person) -> Result<Vec<LinkedAccount>, StoreError> {
        let mut conn = self.store.read().await?;
        let rows: Vec<(String, DateTime<Utc>, Option<DateTime<Utc>>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_ACCOUNTS).bind(person.id).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(issuer, since, ended_at)| LinkedAccount { issuer, since, ended_at }).collect())
    }

    /// Whether somebody has a way in besides the account of their organisation.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_another_way_in(&self, person: &Person) -> Result<bool, StoreError> {
        if self.sign_on_only() {
            return Ok(false);
        }
        let mut conn = self.store.read().await?;
        let passwords: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_PASSWORDS)
            .bind(person.id).fetch_one(conn).await)?;
        Ok(passwords > 0)
    }

    /// Somebody takes away that the account of their organisation lets them in. It stays away, also where they would be found by it anew, until an
    /// administrator allows it with [`Engine::unlink_accounts`]. They stay signed in in their session `this` alone, because others may have been begun
    /// with that account, and are told by letter.
    ///
    /// # Errors
    /// [`UnlinkError`]; a wrong password counts as a try to sign in does.
    pub async fn unlink_own_account(
        &self,
        person: &Person,
        password: &str,
        this: &str,
        caller: impl Into<Caller>,
    ) -> Result<(), UnlinkError> {
        if !self.has_another_way_in(person).await? {
            return Err(UnlinkError::NoOtherWay);
        }
        let shown = self.confirm_password(person, password, caller).await?;
        let (now, by) = (self.clock.now(), Actor::Person(person.id));
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if !still_counts(&mut tx, person.id, &shown).await? {
            return Err(SignInError::Wrong.into());
        }
        if change!(tx, sqlx::query(END_ACCOUNTS).bind(person.id).bind(now))? == 0 {
            return Err(UnlinkError::HasNone);
        }
        end_sessions_but(&mut tx, person.id, &digest(this)).await?;
        tell_news(self, &mut tx, person.id, by, SignInNews::AccountUnlinked).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "an account of the organisation was taken away by its owner; other sessions ended");
        Ok(())
    }

    /// No account of an organisation is known as somebody's any more, nor is it kept that they took one away: whoever is found by their address or id
    /// the next time is known as them from then on. Their sessions end, and they are told by letter.
    ///
    /// # Errors
    /// [`UnlinkError`]; nothing has been written.
    pub async fn unlink_accounts(&self, person: PersonId, by: Actor) -> Result<(), UnlinkError> {
        if by == Actor::Person(person) {
            return Err(UnlinkError::NotTheirs);
        }
        let today = local_date(self.clock.now());
        let mut tx = self.store.write().await?;
        tx.lock_person(person).await?;
        if !is_there(&mut tx, person).await? {
            return Err(UnlinkError::NoSuchPerson);
        }
        // With their address, which an administrator sets, whoever holds that account would be let in next.
        if !may_change_sign_in(&mut tx, by, person, today).await? {
            return Err(UnlinkError::NotTheirs);
        }
        if change!(tx, sqlx::query(DELETE_ACCOUNTS).bind(person))? == 0 {
            return Err(UnlinkError::HasNone);
        }
        end_sessions(&mut tx, person).await?;
        self.note_signed_out(&mut tx, person, SignedOutWith::Account, by).await?;
        tell_news(self, &mut tx, person, by, SignInNews::AccountUnlinked).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, "accounts of the organisation were taken away; sessions ended");
        Ok(())
    }

    /// Takes away accounts that were found by an address or an id which is another from now on: it is somebody else who has them. In a transaction
    /// that has locked the person, and after that was changed.
    pub(super) async fn unlink_what_was_found_by_another(
        &self,
        tx: &mut Tx,
        person: PersonId,
        (before, now): (&PersonDetails, &PersonDetails),
        by: Actor,
    ) -> Result<(), StoreError> {
        let mut ended = 0;
        for (found_through, is_another) in
            [("email", before.email != now.email), ("external_id", before.external_id != now.external_id)]
        {
            if is_another {
                ended += change!(tx, sqlx::query(DELETE_ACCOUNTS_FOUND_BY).bind(person).bind(found_through))?;
            }
        }
        if ended == 0 {
            return Ok(());
        }
        end_sessions(tx, person).await?;
        tracing::warn!(target: "security", %person, %by, "accounts of the organisation were taken away, since the address or id that they were found by was changed; sessions ended");
        tell_news(self, tx, person, by, SignInNews::AccountUnlinked).await
    }
}
