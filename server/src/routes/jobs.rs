use app::pages;
use axum::response::Response;

use crate::door::{Fail, Visit};

/// `GET /admin/jobs`: what this server does by itself, for administrators.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let jobs = visit.state.engine.jobs_for(&visit.reader()?.person).await?;
    Ok(visit.html(pages::jobs(&visit.frame(), &jobs)))
}
