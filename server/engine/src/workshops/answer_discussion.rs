use super::read_discussions::find_discussion;
use crate::{
    engine::Engine,
    ground::DiscussionId,
    log::{Row, Said},
    people::Person,
    record::Actor,
    store::{Linked as _, StoreError, change_one},
};

/// Why nothing was said of a discussion. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such discussion with them.
    #[error("there is no such discussion")]
    NotTheirs,
    /// They said the opposite before.
    #[error("you have answered this before")]
    Answered,
    /// It was marked as held more than a fortnight ago.
    #[error("it was marked as held too long ago; whoever held it can mark it again")]
    TooLate,
    /// The module has been withdrawn, or another edition has replaced what was worked through.
    #[error("a new edition has replaced what you worked through")]
    Superseded,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_ANSWER: &str =
    "INSERT INTO discussion_answer (discussion_id, person_id, held, answered_at) VALUES ($1, $2, $3, $4)";

impl Engine {
    /// Somebody says themselves of a discussion with them whether it was held, within a fortnight of its being marked as held. Saying the same twice says it once.
    ///
    /// # Errors
    /// [`AnswerError`]; nothing has been written.
    pub async fn answer_discussion(&self, person: &Person, id: DiscussionId, held: bool) -> Result<(), AnswerError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(person.id).await?;
        let now = self.clock.now();
        let found = find_discussion(&mut tx, id).await?.filter(|found| found.person == person.id);
        let found = found.ok_or(AnswerError::NotTheirs)?;
        match found.answer {
            Some((before, _)) if before == held => return Ok(()),
            Some(_) => return Err(AnswerError::Answered),
            None if !found.waits_at(now) => return Err(AnswerError::TooLate),
            None => {}
        }
        let catalogue = self.catalogue();
        let current = catalogue.modules.get(&found.module).map(|module| module.edition);
        if held && current != Some(found.edition) {
            return Err(AnswerError::Superseded);
        }
        change_one!(tx, sqlx::query(INSERT_ANSWER).bind(id).bind(person.id).bind(held).bind(now))?;
        let act = self.act(person.id, now, Actor::Person(person.id));
        let said = Said::DiscussionAnswered { discussion: id, held };
        self.seal(tx, [act.saying(said, Row::of("discussion_answer", id))]).await?;
        Ok(())
    }
}
