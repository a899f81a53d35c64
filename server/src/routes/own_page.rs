use std::time::Duration;

use app::pages::{ForOthers, Others, home};
use axum::response::Response;
use engine::{MatrixQuery, OwnNews, Person, Right, Scope, TutorTaskId, WantedWorkshop};
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
    let (others, wanted) = tokio::join!(others(&visit, person), wanted_workshops(&visit, person));
    let OwnNews { came_in, workshops, to_answer } = engine.own_news(person).await?;
    let for_others = ForOthers { duties: &person.duties, others, came_in: &came_in, wanted: &wanted };
    Ok(visit.html(home(&visit.frame(), &page, for_others, (&workshops, &to_answer), given.as_ref(), engine.now())))
}

/// How long somebody's own page waits for what is known of others: after a start it takes some seconds.
const LONGEST_WAIT: Duration = Duration::from_millis(300);

/// How many of those whom somebody sees in the matrix are late. `None`: they see nobody but themselves, or it is not known just now.
async fn others(visit: &Visit, person: &Person) -> Option<Others> {
    let engine = &visit.state.engine;
    let scope = Scope::of(person, Right::See, engine.now()).filter(|scope| !scope.is_oneself())?;
    let query = MatrixQuery { statuses: [Status::Overdue, Status::Expired].into(), ..MatrixQuery::default() };
    match timeout(LONGEST_WAIT, engine.matrix(&scope, &query)).await {
        Ok(Ok(seen)) => Some(Others { late: seen.people, of: seen.of_people }),
        Ok(Err(error)) => {
            // Their own page is there all the same.
            tracing::error!(%error, "who is late could not be told");
            None
        }
        Err(_) => None,
    }
}

/// Of which modules people need a workshop that somebody may plan, and none is planned. Empty also where it is not known just now.
pub(super) async fn wanted_workshops(visit: &Visit, person: &Person) -> Vec<WantedWorkshop> {
    match timeout(LONGEST_WAIT, visit.state.engine.workshops_wanted(person)).await {
        Ok(Ok(wanted)) => wanted,
        Ok(Err(error)) => {
            tracing::error!(%error, "which workshops are wanted could not be told");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}
