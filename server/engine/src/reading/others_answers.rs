use crate::{
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, PersonId},
    people::{Person, Right, Scope, find_in_scope},
    quiz::AttemptResult,
};

/// What somebody answered in an attempt that they handed in, for whoever teaches them.
#[derive(Clone, Debug)]
pub struct OthersAnswers {
    /// Whose they are.
    pub person: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: String,
    /// What came of the attempt.
    pub result: AttemptResult,
}

impl Engine {
    /// What somebody answered in an attempt that they handed in: for whoever teaches them, and for safeguarding leads. That somebody looked is
    /// noted, and nothing is shown that could not be noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such attempt of theirs, it was not handed in, or it is not the reader's to see.
    pub async fn others_answers(&self, reader: &Person, person: PersonId, id: AttemptId) -> Looked<OthersAnswers> {
        let scope = Scope::of(reader, Right::SeeAnswers, self.clock.now()).ok_or(Refused::NotFound)?;
        let mut conn = self.store.read().await?;
        // Of whom the reader may not see nothing more is read, so that how long it takes to say no tells nothing of them.
        if find_in_scope(&mut conn, &scope, &[person]).await?.is_empty() {
            return Err(Refused::NotFound);
        }
        let (attempt, answers) = self.find_attempt(&mut conn, id, person).await?;
        let outcome = attempt.outcome.ok_or(Refused::NotFound)?;
        let module = self.module_version(&mut conn, &attempt.module, attempt.version).await?;
        let result = self.result_of(&mut conn, person, (&attempt, outcome), &module, &answers).await?;
        // Duties are looked at last, so that one that was ended meanwhile gives nothing.
        let name = find_in_scope(&mut conn, &scope, &[person]).await?.pop().ok_or(Refused::NotFound)?.name;
        drop(conn);
        self.note_look_at(reader, person, format!("answers/{id}")).await?;
        Ok(OthersAnswers { person, name, result })
    }
}
