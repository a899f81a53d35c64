use crate::{
    engine::Engine,
    ground::PersonId,
    record::Actor,
    store::{Linked as _, StoreError, Tx, change_one},
};

/// What was taken away from somebody by another, with which all of their sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOutWith {
    /// Nothing: they were signed out.
    Sessions,
    /// What they show besides a password, and their passkeys.
    Factor,
    /// That an account of their organisation lets them in.
    Account,
    /// Their password.
    Password,
}

impl SignedOutWith {
    /// All of them.
    pub const EVERY: [Self; 4] = [Self::Sessions, Self::Factor, Self::Account, Self::Password];

    /// As it is kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Factor => "factor",
            Self::Account => "account",
            Self::Password => "password",
        }
    }

    /// Reads what [`SignedOutWith::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|with| with.code() == code)
    }
}

const NOTE_SIGNED_OUT: &str =
    "INSERT INTO signed_out (id, person_id, what, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)";

impl Engine {
    /// Keeps who ended all sessions of somebody, and what they took away with them, in the transaction that does it.
    pub(super) async fn note_signed_out(
        &self,
        tx: &mut Tx,
        person: PersonId,
        with: SignedOutWith,
        by: Actor,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        change_one!(
            tx,
            sqlx::query(NOTE_SIGNED_OUT)
                .bind(self.new_id(now))
                .bind(person)
                .bind(with.code())
                .bind(now)
                .bind(by.to_string())
        )
    }
}
