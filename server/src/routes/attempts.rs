use app::pages::{attempt, result, review, superseded};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{AttemptId, AttemptState, SaveError, SubmitError};
use model::{Given, QuestionId};
use serde::Deserialize;

use crate::{
    fail::Fail,
    form::{Form, Path, Query},
    visit::Visit,
};

/// Which question is on the screen.
#[derive(Default, Deserialize)]
pub(crate) struct At {
    /// Counted from 1; the first without an answer when it is missing.
    question: Option<u32>,
}

/// `GET /attempts/ID`: the questions while it is open, the result afterwards.
pub(crate) async fn show(visit: Visit, Path(id): Path<AttemptId>, Query(at): Query<At>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    Ok(match engine.attempt(&visit.reader()?.person, id).await? {
        AttemptState::Open(sitting) => {
            let questions = &sitting.paper.questions;
            let count = u32::try_from(questions.len()).unwrap_or(u32::MAX);
            let unanswered = questions.iter().position(|question| !question.is_answered());
            let first = unanswered.and_then(|place| u32::try_from(place).ok()).unwrap_or(0);
            let place = at.question.map_or(first, |number| number.clamp(1, count.max(1)) - 1);
            visit.html(attempt(&visit.frame(), &sitting, place))
        }
        AttemptState::HandedIn(marked) => visit.html(result(&visit.frame(), &marked, engine.now())),
        AttemptState::Superseded(sitting) => visit.html(superseded(&visit.frame(), &sitting)),
    })
}

/// `GET /attempts/ID/review`
pub(crate) async fn review_page(visit: Visit, Path(id): Path<AttemptId>) -> Result<Response, Fail> {
    Ok(match visit.state.engine.attempt(&visit.reader()?.person, id).await? {
        AttemptState::Open(sitting) => visit.html(review(&visit.frame(), &sitting)),
        AttemptState::HandedIn(_) | AttemptState::Superseded(_) => to_attempt(id),
    })
}

/// `POST /attempts/ID/answers`: keeps an answer and goes on. The form holds `question`, the answer's fields (see
/// [`Given::from_fields`]) and `go`: `next`, `review`, or the number of a question. The quiz island sends the same form and
/// takes JSON back.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<AttemptId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let question = field("question").and_then(|id| QuestionId::new(id).ok()).ok_or(Fail::NotUnderstood)?;
    let given = Given::from_fields(&fields).ok_or(Fail::NotUnderstood)?;
    let go = field("go").unwrap_or_default();
    let person = &visit.reader()?.person;
    match visit.state.engine.save_answer(person, id, &question, &given).await {
        Ok(saved) if visit.wants_json() => Ok(Json(saved).into_response()),
        Ok(saved) => {
            let here = place_of(&visit, id, &question).await?;
            Ok(match go {
                "next" | "" if here < saved.of => to_question(id, here + 1),
                "next" | "" | "review" => Redirect::to(&format!("/attempts/{id}/review")).into_response(),
                number => to_question(id, number.parse().unwrap_or(here)),
            })
        }
        Err(SaveError::HandedIn | SaveError::Superseded) if visit.wants_json() => {
            Ok(StatusCode::CONFLICT.into_response())
        }
        Err(SaveError::HandedIn | SaveError::Superseded) => Ok(to_attempt(id)),
        Err(SaveError::NoSuchAnswer) => Err(Fail::NotUnderstood),
        Err(SaveError::Refused(refused)) => Err(refused.into()),
    }
}

/// `POST /attempts/ID/submit`: hands the attempt in.
pub(crate) async fn submit(visit: Visit, Path(id): Path<AttemptId>) -> Result<Response, Fail> {
    match visit.state.engine.submit_quiz(&visit.reader()?.person, id).await {
        Ok(()) | Err(SubmitError::Superseded { .. }) => Ok(to_attempt(id)),
        Err(SubmitError::Refused(refused)) => Err(refused.into()),
    }
}

/// The number of a question within its attempt, counted from 1.
async fn place_of(visit: &Visit, id: AttemptId, question: &QuestionId) -> Result<u32, Fail> {
    let place = match visit.state.engine.attempt(&visit.reader()?.person, id).await? {
        AttemptState::Open(sitting) => sitting.paper.questions.iter().position(|asked| asked.id == *question),
        AttemptState::HandedIn(_) | AttemptState::Superseded(_) => None,
    };
    Ok(place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(1))
}

fn to_attempt(id: AttemptId) -> Response {
    Redirect::to(&format!("/attempts/{id}")).into_response()
}

fn to_question(id: AttemptId, number: u32) -> Response {
    Redirect::to(&format!("/attempts/{id}?question={number}")).into_response()
}
