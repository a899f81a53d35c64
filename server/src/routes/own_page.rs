use app::pages::home;
use axum::response::Response;

use crate::door::{Fail, Visit};

/// `GET /`: the reader's own page.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let page = engine.own_page(&visit.reader()?.person).await?;
    Ok(visit.html(home(&visit.frame(), &page, engine.now())))
}
