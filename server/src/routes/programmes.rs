use app::pages;
use axum::response::Response;
use model::ProgrammeSlug;

use crate::door::{Fail, Path, Visit};

/// `GET /programmes`
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    let programmes = visit.state.engine.programmes(&visit.reader()?.person).await?;
    Ok(visit.html(pages::programmes(&visit.frame(), &programmes)))
}

/// `GET /programmes/SLUG`
pub(crate) async fn show(visit: Visit, Path(slug): Path<ProgrammeSlug>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let page = engine.programme(&visit.reader()?.person, &slug).await?;
    Ok(visit.html(pages::programme(&visit.frame(), &page, engine.now())))
}
