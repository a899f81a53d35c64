use app::pages;
use axum::response::{IntoResponse as _, Redirect, Response};
use engine::{OwnWorkshops, QuizState};
use model::{ModuleSlug, PageSlug};

use crate::door::{Fail, Path, Visit};

/// `GET /modules`
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let modules = engine.modules(&visit.reader()?.person).await?;
    Ok(visit.html(pages::modules(&visit.frame(), &modules, engine.now())))
}

/// `GET /modules/SLUG`
pub(crate) async fn show(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let overview = engine.module_overview(reader, &slug).await?;
    let workshops = match overview.quiz {
        QuizState::AtWorkshop if overview.counts => engine.own_workshops(reader).await?,
        _ => OwnWorkshops::default(),
    };
    Ok(visit.html(pages::module(&visit.frame(), &overview, &workshops, engine.now())))
}

/// `GET /modules/SLUG/PAGE`
pub(crate) async fn page(visit: Visit, Path((slug, page)): Path<(ModuleSlug, PageSlug)>) -> Result<Response, Fail> {
    let view = visit.state.engine.page(&visit.reader()?.person, &slug, &page).await?;
    Ok(visit.html(pages::module_page(&visit.frame(), &view)))
}

/// `POST /modules/SLUG/PAGE/read`: notes that it was read, and goes on.
pub(crate) async fn read(visit: Visit, Path((slug, page)): Path<(ModuleSlug, PageSlug)>) -> Result<Response, Fail> {
    let next = visit.state.engine.read_page(&visit.reader()?.person, &slug, &page).await?;
    let next = next.map_or_else(|| "quiz".to_owned(), |next| next.to_string());
    Ok(Redirect::to(&format!("/modules/{slug}/{next}")).into_response())
}
