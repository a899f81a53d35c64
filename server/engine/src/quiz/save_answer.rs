use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use model::{AnswerSaved, Given};
use sqlx::types::Json;

use super::{
    attempt::{given as as_given, questions_of},
    draw::Drawn,
    mark::Answer,
};
use crate::{
    catalogue::QuestionForm,
    engine::{Engine, Refused},
    ground::AttemptId,
    people::Person,
    store::{Linked, StoreError, change},
};

/// Why an answer was not kept. What was kept before still is.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is no such attempt, or it is somebody else's.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The attempt has been handed in, perhaps in another tab.
    #[error("the attempt has been handed in")]
    HandedIn,
    /// The module was replaced by an edition that must be taken anew.
    #[error("the module has been replaced by a new edition")]
    Superseded,
    /// The attempt does not ask that question, or the question has no such option, or takes only one.
    #[error("this is no answer to a question of this attempt")]
    NoSuchAnswer,
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const SAVE_ANSWER: &str = "INSERT INTO answer (attempt_id, question, given, answered_at, saved_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (attempt_id, question) DO UPDATE \
     SET given = excluded.given, answered_at = excluded.answered_at, saved_at = excluded.saved_at \
     WHERE answer.answered_at <= excluded.answered_at";

impl Engine {
    /// Keeps the answer to one question of an open attempt, in place of what was chosen before; choosing nothing clears it.
    /// `number` is the question's place in the attempt, counted from 1; `ago` is how long before now it was answered, which
    /// an answer says that had to wait for a connection. Of two answers the one given later stands, whichever comes last.
    /// Nothing was answered in the future or before the attempt began, whatever `ago` says. Says how many questions have an
    /// answer now.
    ///
    /// # Errors
    /// [`SaveError`]; none of them loses what was kept before.
    pub async fn save_answer(
        &self,
        person: &Person,
        id: AttemptId,
        number: u32,
        given: &Given,
        ago: TimeDelta,
    ) -> Result<AnswerSaved, SaveError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let (attempt, mut answers) = self.find_attempt(&mut tx, id, person.id).await?;
        if attempt.outcome.is_some() {
            return Err(SaveError::HandedIn);
        }
        if self.is_superseded(&attempt) {
            return Err(SaveError::Superseded);
        }
        let module = self.module_version(&mut tx, &attempt.module, attempt.version).await?;
        let paper = questions_of(&attempt, &module);
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let drawn = place.and_then(|place| paper.get(place)).ok_or(SaveError::NoSuchAnswer)?;
        let question = &drawn.question.id;
        let answer = answer(drawn, given)?;
        let now = self.clock.now();
        let answered_at = now.checked_sub_signed(ago.max(TimeDelta::zero())).unwrap_or(attempt.started_at);
        let stands = change!(
            tx,
            sqlx::query(SAVE_ANSWER)
                .bind(id)
                .bind(question.as_str())
                .bind(answer.as_ref().map(Json))
                .bind(answered_at.max(attempt.started_at))
                .bind(now)
        )? > 0;
        if stands {
            match answer {
                Some(answer) => answers.insert(question.clone(), answer),
                None => answers.remove(question),
            };
        }
        let is_whole =
            |drawn: &&Drawn<'_>| answers.get(&drawn.question.id).is_some_and(|answer| is_whole(drawn, answer));
        let answered = paper.iter().filter(is_whole).count();
        tx.commit().await?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let later = (!stands).then(|| answers.get(question).map(|answer| as_given(drawn, answer)).unwrap_or_default());
        Ok(AnswerSaved { answered: count(answered), of: count(paper.len()), later })
    }
}

/// The longest text that is kept of a short answer, in characters.
const LONGEST_TEXT: usize = 200;

/// What was given, by the author's places. `None` when nothing was.
fn answer(drawn: &Drawn<'_>, given: &Given) -> Result<Option<Answer>, SaveError> {
    let option = |letter| drawn.option_at(letter).ok_or(SaveError::NoSuchAnswer);
    let row = |letter| drawn.row_at(letter).ok_or(SaveError::NoSuchAnswer);
    Ok(match &drawn.wording.form {
        form @ (QuestionForm::One(_) | QuestionForm::Several(_) | QuestionForm::TrueFalse(_)) => {
            let chosen: BTreeSet<usize> =
                given.chosen.iter().map(|letter| option(*letter)).collect::<Result<_, _>>()?;
            if chosen.len() > 1 && !matches!(form, QuestionForm::Several(_)) {
                return Err(SaveError::NoSuchAnswer);
            }
            (!chosen.is_empty()).then_some(Answer::Chosen(chosen))
        }
        QuestionForm::Order(_) | QuestionForm::Match(_) => {
            let pairs = given.paired.iter().map(|(filled, put)| Ok((row(*filled)?, option(*put)?)));
            let paired = pairs.collect::<Result<BTreeMap<usize, usize>, SaveError>>()?;
            (!paired.is_empty()).then_some(Answer::Paired(paired))
        }
        QuestionForm::Text(_) => {
            let text: String =
                given.text.trim().chars().filter(|character| !character.is_control()).take(LONGEST_TEXT).collect();
            (!text.is_empty()).then_some(Answer::Text(text))
        }
    })
}

/// Whether nothing of an answer is missing.
fn is_whole(drawn: &Drawn<'_>, answer: &Answer) -> bool {
    match answer {
        Answer::Paired(paired) => paired.len() == drawn.rows().count(),
        Answer::Chosen(_) | Answer::Text(_) => true,
    }
}
