use app::pages::quiz_entry;
use axum::response::{IntoResponse as _, Redirect, Response};
use engine::StartError;
use model::ModuleSlug;

use crate::door::{Fail, Path, Visit};

/// `GET /modules/SLUG/quiz`
pub(crate) async fn show(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let entry = engine.quiz_entry(&visit.reader()?.person, &slug).await?;
    Ok(visit.html(quiz_entry(&visit.frame(), &entry, engine.now())))
}

/// `POST /modules/SLUG/quiz`: begins an attempt, or goes on with the open one. When none may begin, the page before the
/// quiz says why.
pub(crate) async fn start(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let address = match visit.state.engine.start_attempt(&visit.reader()?.person, &slug).await {
        Ok(attempt) => format!("/attempts/{attempt}"),
        Err(StartError::PagesFirst | StartError::CoolingDown { .. } | StartError::LockedOut | StartError::Passed) => {
            format!("/modules/{slug}/quiz")
        }
        Err(StartError::Refused(refused)) => return Err(refused.into()),
    };
    Ok(Redirect::to(&address).into_response())
}
