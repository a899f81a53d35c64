use super::Person;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::EvidenceId,
    log::{Row, Said},
    record::Actor,
    store::{Linked as _, change, on},
};

const END_EVIDENCE: &str = "UPDATE evidence SET ended_at = $3, ended_by = $4 \
     WHERE id = $1 AND person_id = $2 AND ended_at IS NULL";

const COUNT_ENDED: &str = "SELECT COUNT(*) FROM evidence WHERE id = $1 AND person_id = $2";

const DELETE_PIECES: &str = "DELETE FROM evidence_piece WHERE evidence_id = $1";

impl Engine {
    /// Somebody takes back what they added from elsewhere. It counts no longer, and its file is gone; that it was added and taken back stays.
    /// What was taken back already stays as it is.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when they have added no such thing.
    pub async fn end_evidence(&self, person: &Person, id: EvidenceId) -> Looked<()> {
        let (now, by) = (self.clock.now(), Actor::Person(person.id));
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let ended = change!(tx, sqlx::query(END_EVIDENCE).bind(id).bind(person.id).bind(now).bind(by.to_string()))?;
        if ended == 0 {
            let theirs: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_ENDED)
                .bind(id).bind(person.id).fetch_one(conn).await)?;
            return if theirs > 0 { Ok(()) } else { Err(Refused::NotFound) };
        }
        change!(tx, sqlx::query(DELETE_PIECES).bind(id))?;
        let act = self.act(person.id, now, by).saying(Said::EvidenceEnded(id), Row::of("evidence/end", id));
        self.seal(tx, [act]).await?;
        Ok(())
    }
}
