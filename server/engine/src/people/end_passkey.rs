use super::{Person, leave::end_sessions_but, session::digest, tell::tell_news};
use crate::{
    engine::Engine,
    ground::PasskeyId,
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, change},
};

const DELETE_PASSKEY: &str = "DELETE FROM passkey WHERE id = $1 AND person_id = $2";

impl Engine {
    /// Somebody takes one of their passkeys away: it lets nobody in any more. They stay signed in in their session `this` alone, because others may
    /// have been begun with it, and are told by letter. `false`: they have no such passkey, any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_passkey(&self, person: &Person, passkey: PasskeyId, this: &str) -> Result<bool, StoreError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if change!(tx, sqlx::query(DELETE_PASSKEY).bind(passkey).bind(person.id))? == 0 {
            return Ok(false);
        }
        end_sessions_but(&mut tx, person.id, &digest(this)).await?;
        tell_news(self, &mut tx, person.id, Actor::Person(person.id), SignInNews::PasskeyEnded).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a passkey was taken away by its owner; other sessions ended");
        Ok(true)
    }
}
