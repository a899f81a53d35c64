use std::time::Duration;

use app::pages::{Others, home};
use axum::response::Response;
use engine::{MatrixQuery, Person, Right, Scope, TutorTaskId};
use model::Status;
use serde::Deserialize;
use tokio::time::timeout;

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
    let others = others(&visit, person).await?;
    Ok(visit.html(home(&visit.frame(), &page, &person.duties, others, given.as_ref(), engine.now())))
}

/// How long somebody's own page waits for what is known of others: after a start it takes some seconds.
const LONGEST_WAIT: Duration = Duration::from_millis(300);

/// How many of those whom somebody looks after are late. `None`: they look after nobody, or it is not known yet.
async fn others(visit: &Visit, person: &Person) -> Result<Option<Others>, Fail> {
    let engine = &visit.state.engine;
    let Some(scope) = Scope::of(person, Right::See, engine.now()) else { return Ok(None) };
    let query = MatrixQuery { statuses: [Status::Overdue, Status::Expired].into(), ..MatrixQuery::default() };
    match timeout(LONGEST_WAIT, engine.matrix(&scope, &query)).await {
        Ok(seen) => seen.map(|seen| Some(Others { late: seen.people, of: seen.of_people })).map_err(Fail::from),
        Err(_) => Ok(None),
    }
}
