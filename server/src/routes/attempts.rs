use app::pages::{attempt, refresher_over, result, review, superseded, withdrawn};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use engine::{AttemptId, AttemptState, SaveError, SubmitError, TakeWholeError, local_date};
use model::Given;
use serde::Deserialize;

use super::time_spent::Counted;
use crate::door::{Fail, Form, Path, Query, Visit};

/// Which question is on the screen.
#[derive(Default, Deserialize)]
pub(crate) struct At {
    /// Counted from 1; the first without an answer when it is missing.
    question: Option<u32>,
}

/// `GET /attempts/ID`: the questions while it is open, the result afterwards.
pub(crate) async fn show(visit: Visit, Path(id): Path<AttemptId>, Query(at): Query<At>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = visit.reader()?;
    Ok(match engine.attempt_as_found(&reader.person, id, reader.attempt.as_ref()).await? {
        AttemptState::Open(sitting) => {
            let questions = &sitting.paper.questions;
            let Some(number) = at.question else {
                // The address names the question, so that Back leads to that one and not to the next without an answer.
                let unanswered = questions.iter().find(|question| !question.is_answered());
                return Ok(to_question(id, unanswered.map_or(1, |question| question.number)));
            };
            let count = u32::try_from(questions.len()).unwrap_or(u32::MAX);
            visit.html(attempt(&visit.frame(), &sitting, number.clamp(1, count.max(1)) - 1))
        }
        AttemptState::HandedIn(marked) => {
            let own = engine.own_page(&reader.person).await?;
            // What is late comes first, also where it renews what still counts.
            let today = local_date(engine.now());
            let after = own.due.iter().find(|due| !due.hold.waits() && (!due.renews || due.wanted.by < today));
            let is_sensitive =
                engine.catalogue().modules.get(&marked.module).is_some_and(|module| module.is_sensitive());
            visit.html(result(&visit.frame(), &marked, is_sensitive, after, engine.now()))
        }
        AttemptState::Superseded(sitting) => visit.html(superseded(&visit.frame(), &sitting)),
        AttemptState::Withdrawn(sitting) => visit.html(withdrawn(&visit.frame(), &sitting)),
        AttemptState::RefresherOver(sitting) => visit.html(refresher_over(&visit.frame(), &sitting)),
    })
}

/// `GET /attempts/ID/review`
pub(crate) async fn review_page(visit: Visit, Path(id): Path<AttemptId>) -> Result<Response, Fail> {
    let reader = visit.reader()?;
    Ok(match visit.state.engine.attempt_as_found(&reader.person, id, reader.attempt.as_ref()).await? {
        AttemptState::Open(sitting) => visit.html(review(&visit.frame(), &sitting)),
        AttemptState::HandedIn(_)
        | AttemptState::Superseded(_)
        | AttemptState::Withdrawn(_)
        | AttemptState::RefresherOver(_) => to_attempt(id),
    })
}

/// `POST /attempts/ID/answers`: keeps an answer and goes on. The quiz island sends the same form and takes JSON back. The form
/// holds
/// - `question`: its place in the attempt, counted from 1; and the answer's fields (see [`Given::from_fields`]);
/// - `was`: the answer when the page was made (see [`Given::summary`]). A form in which nothing has changed since writes
///   nothing: an old tab must not clear what another has saved;
/// - `ago`: how many milliseconds before it was sent the answer was given; none when it is missing;
/// - `go`: where to go afterwards: `next`, `review`, or the number of a question.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<AttemptId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let question: u32 = field("question").and_then(|number| number.parse().ok()).ok_or(Fail::NotUnderstood)?;
    let given = Given::from_fields(&fields).ok_or(Fail::NotUnderstood)?;
    let ago: u32 = field("ago").map_or(Ok(0), str::parse).map_err(|_| Fail::NotUnderstood)?;
    let person = &visit.reader()?.person;
    let engine = &visit.state.engine;
    if field("was").is_none_or(|was| was != given.summary()) {
        match engine.save_answer(person, id, question, &given, TimeDelta::milliseconds(ago.into())).await {
            Ok(saved) if visit.wants_json() => return Ok(Json(saved).into_response()),
            Ok(_) => {}
            Err(SaveError::HandedIn | SaveError::Superseded) if visit.wants_json() => {
                return Ok(StatusCode::CONFLICT.into_response());
            }
            Err(SaveError::HandedIn | SaveError::Superseded) => return Ok(to_attempt(id)),
            Err(SaveError::NoSuchAnswer) => return Err(Fail::NotUnderstood),
            Err(SaveError::Refused(refused)) => return Err(refused.into()),
        }
    }
    let AttemptState::Open(sitting) = engine.attempt(person, id).await? else { return Ok(to_attempt(id)) };
    let count = u32::try_from(sitting.paper.questions.len()).unwrap_or(u32::MAX);
    if !(1..=count).contains(&question) {
        return Err(Fail::NotUnderstood);
    }
    Ok(match field("go").unwrap_or_default() {
        "next" | "" if question < count => to_question(id, question + 1),
        "next" | "" | "review" => Redirect::to(&format!("/attempts/{id}/review")).into_response(),
        number => to_question(id, number.parse().unwrap_or(question)),
    })
}

/// `POST /attempts/ID/submit`: hands the attempt in, with what the page before it has counted.
pub(crate) async fn submit(
    visit: Visit,
    Path(id): Path<AttemptId>,
    Form(counted): Form<Counted>,
) -> Result<Response, Fail> {
    match visit.state.engine.submit_quiz(&visit.reader()?.person, id, counted.seconds()).await {
        Ok(()) | Err(SubmitError::Superseded { .. } | SubmitError::RefresherOver) => Ok(to_attempt(id)),
        Err(SubmitError::Refused(refused)) => Err(refused.into()),
    }
}

/// `POST /attempts/ID/whole`: of a refresher, goes on with the whole quiz; where there are pages to open first, to the module.
pub(crate) async fn take_whole(visit: Visit, Path(id): Path<AttemptId>) -> Result<Response, Fail> {
    let person = &visit.reader()?.person;
    match visit.state.engine.take_whole(person, id).await {
        Ok(()) => Ok(to_attempt(id)),
        Err(TakeWholeError::PagesFirst { module }) => Ok(Redirect::to(&format!("/modules/{module}")).into_response()),
        Err(TakeWholeError::Refused(refused)) => Err(refused.into()),
    }
}

fn to_attempt(id: AttemptId) -> Response {
    Redirect::to(&format!("/attempts/{id}")).into_response()
}

fn to_question(id: AttemptId, number: u32) -> Response {
    Redirect::to(&format!("/attempts/{id}?question={number}")).into_response()
}
