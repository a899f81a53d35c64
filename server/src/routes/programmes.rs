use app::pages;
use axum::response::Response;
use engine::{Hold, OwnWorkshops, ProgrammePart};
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
    let reader = &visit.reader()?.person;
    let page = engine.programme(reader, &slug).await?;
    let waits = |part: &ProgrammePart| part.stands.as_ref().is_some_and(|stands| stands.hold == Hold::Workshop);
    let workshops =
        if page.parts.iter().any(waits) { engine.own_workshops(reader).await? } else { OwnWorkshops::default() };
    Ok(visit.html(pages::programme(&visit.frame(), &page, &workshops, engine.now())))
}
