use app::pages::{quiz_entry, refresher as refresher_page};
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
        Err(StartError::Refused(refused)) => return Err(refused.into()),
        Err(_) => format!("/modules/{slug}/quiz"),
    };
    Ok(Redirect::to(&address).into_response())
}

/// `GET /modules/SLUG/quiz/refresher`: what a refresher would ask of them; where there is none for them now, the page before the quiz.
pub(crate) async fn refresher(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    Ok(match engine.refresher(&visit.reader()?.person, &slug).await? {
        Some(offer) => visit.html(refresher_page(&visit.frame(), &offer, engine.now())),
        None => Redirect::to(&format!("/modules/{slug}/quiz")).into_response(),
    })
}

/// `POST /modules/SLUG/quiz/refresher`: begins a refresher, or goes on with the open attempt. When none may begin, the page before it says why.
pub(crate) async fn start_refresher(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let address = match visit.state.engine.start_refresher(&visit.reader()?.person, &slug).await {
        Ok(attempt) => format!("/attempts/{attempt}"),
        Err(StartError::Refused(refused)) => return Err(refused.into()),
        Err(_) => format!("/modules/{slug}/quiz/refresher"),
    };
    Ok(Redirect::to(&address).into_response())
}
