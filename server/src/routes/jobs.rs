use app::pages;
use axum::response::Response;

use crate::door::{Fail, Visit};

/// `GET /admin/jobs`: what this server does by itself, for administrators.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let jobs = engine.jobs_for(reader).await?;
    let besides = engine.besides_for(reader, visit.state.settings.publishes_every()).await?;
    Ok(visit.html(pages::jobs(&visit.frame(), &jobs, &besides)))
}
