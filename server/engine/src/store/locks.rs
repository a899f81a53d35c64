//! What keeps writers apart.
//!
//! SQLite has one writer at a time, and needs none of this. On PostgreSQL whoever takes several of these in one transaction takes them
//! in this order, so that no two ever wait for each other:
//!
//! 1. publishing, alone or shared ([`Tx::lock_publishing`], [`Tx::hold_off_publishing`]);
//! 2. people and the tree of groups, alone or shared ([`Tx::lock_people`], [`Tx::keep_groups_still`]);
//! 3. a person ([`Tx::lock_person`]), one in a transaction; several ([`Tx::lock_several`]) only for whoever holds the lock on people alone;
//! 4. the head of the signed log, at the very end (`log::seal`): nobody takes anything after it, and every insert with a key that others
//!    may wait for comes before it.
//!
//! Triggers raise revisions: that of a person whom a fact is about, and those in `revision`, for everybody. Whoever writes facts about several
//! people in one transaction, as who ends a group does, holds the lock on people and groups alone, and writes what raises `revision` last.
//!
//! Each number of an advisory lock stands here and nowhere else. sqlx takes one of its own while it migrates, on a connection that
//! holds none of these.

use super::{StoreError, Tx};
use crate::ground::PersonId;

const LOCK_PUBLISHING: &str = "SELECT pg_advisory_xact_lock(4672)";

const HOLD_OFF_PUBLISHING: &str = "SELECT pg_advisory_xact_lock_shared(4672)";

const LOCK_PEOPLE: &str = "SELECT pg_advisory_xact_lock(4675)";

const KEEP_GROUPS_STILL: &str = "SELECT pg_advisory_xact_lock_shared(4675)";

const LOCK_LOG: &str = "SELECT pg_advisory_xact_lock(4676)";

const LOCK_PERSON: &str = "SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE";

const LOCK_SEVERAL: &str = "SELECT id FROM person WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

impl Tx {
    /// Lets nobody else write for this person until the transaction ends, so that what was read still holds when it is
    /// written. SQLite has one writer at a time anyway.
    pub(crate) async fn lock_person(&mut self, person: PersonId) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(LOCK_PERSON).bind(person).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// The same for several people at once, for whoever holds the lock on people alone ([`Tx::lock_people`]).
    pub(crate) async fn lock_several(&mut self, people: &[PersonId]) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            let people: Vec<uuid::Uuid> = people.iter().map(|person| person.0).collect();
            sqlx::query(LOCK_SEVERAL).bind(people).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else add people or change the tree of groups until the transaction ends.
    pub(crate) async fn lock_people(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(LOCK_PEOPLE).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody add people or change the tree of groups until the transaction ends, so that a group that was found to be there is
    /// there when somebody has been put into it. Others may keep it still at the same time.
    pub(crate) async fn keep_groups_still(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(KEEP_GROUPS_STILL).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else begin the signed log until the transaction ends.
    pub(crate) async fn lock_log(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(LOCK_LOG).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody else publish until the transaction ends.
    pub(crate) async fn lock_publishing(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(LOCK_PUBLISHING).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Lets nobody publish until the transaction ends, so that what it found to be current is so when it is committed.
    /// Others may hold publishing off at the same time.
    pub(crate) async fn hold_off_publishing(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(tx, _) = self {
            sqlx::query(HOLD_OFF_PUBLISHING).execute(&mut **tx).await?;
        }
        Ok(())
    }
}
