use super::{Person, leave::end_sessions_but, session::digest, tell::tell_news};
use crate::{
    engine::Engine,
    ground::PasskeyId,
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, change, on},
};

const DELETE_PASSKEY: &str = "DELETE FROM passkey WHERE id = $1 AND person_id = $2";

const COUNT_WAYS_IN: &str = "SELECT (SELECT COUNT(*) FROM password WHERE person_id = $1) \
     + (SELECT COUNT(*) FROM passkey WHERE person_id = $1) \
     + (SELECT COUNT(*) FROM identity WHERE person_id = $1 AND ended_at IS NULL)";

/// What became of a passkey that its owner takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedPasskey {
    /// It lets nobody in any more.
    Yes,
    /// They have no such passkey, any more.
    NotThere,
    /// It is there as before: it is the only way in that they have, and they have not said that they know.
    OnlyWayIn,
}

impl Engine {
    /// Somebody takes one of their passkeys away: it lets nobody in any more. They stay signed in in their session `this` alone, because others may
    /// have been begun with it, and are told by letter. `sure`: they know that it is the only way in that they have, if it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_passkey(
        &self,
        person: &Person,
        passkey: PasskeyId,
        this: &str,
        sure: bool,
    ) -> Result<EndedPasskey, StoreError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if change!(tx, sqlx::query(DELETE_PASSKEY).bind(passkey).bind(person.id))? == 0 {
            return Ok(EndedPasskey::NotThere);
        }
        let ways_in: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_WAYS_IN)
            .bind(person.id).fetch_one(conn).await)?;
        if ways_in == 0 && !sure {
            return Ok(EndedPasskey::OnlyWayIn);
        }
        end_sessions_but(&mut tx, person.id, &digest(this)).await?;
        tell_news(self, &mut tx, person.id, Actor::Person(person.id), SignInNews::PasskeyEnded).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %person.id, "a passkey was taken away by its owner; other sessions ended");
        Ok(EndedPasskey::Yes)
    }
}
