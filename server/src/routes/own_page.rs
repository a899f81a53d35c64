use app::pages::home;
use axum::response::Response;
use engine::TutorTaskId;
use serde::Deserialize;

use crate::door::{Fail, Query, Visit};

/// What somebody has just done, which the page confirms.
#[derive(Default, Deserialize)]
pub(crate) struct JustDone {
    /// The task of a learner to whom they have given more attempts.
    given: Option<String>,
}

/// `GET /`: the reader's own page.
pub(crate) async fn show(visit: Visit, Query(just): Query<JustDone>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let page = engine.own_page(person).await?;
    let given = match just.given.as_deref().and_then(TutorTaskId::parse) {
        Some(task) => engine.attempts_given_by(person, task).await?,
        None => None,
    };
    Ok(visit.html(home(&visit.frame(), &page, &person.duties, given.as_ref(), engine.now())))
}
